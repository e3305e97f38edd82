"""The gallery: numbered scripts, one idea each, ending with one picture."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

GALLERY = Path(__file__).parents[2] / "gallery"
SCRIPTS = sorted(GALLERY.glob("[0-9][0-9]_*.py"))


def test_the_gallery_is_numbered_without_a_gap():
    """From 01 upwards, and each script begins with what it shows."""
    assert [path.name[:2] for path in SCRIPTS] == [f"{n:02d}" for n in range(1, len(SCRIPTS) + 1)]
    assert all(re.match(r'"""[A-Z].+[.?]"""\n', path.read_text(encoding="utf-8")) for path in SCRIPTS)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_ends_with_one_picture(script, tmp_path):
    """It runs by itself, says something, and leaves a PNG."""
    picture = tmp_path / "picture.png"
    result = subprocess.run(
        [sys.executable, script.name, str(picture)],
        cwd=GALLERY,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 10_000
