"""Docs that cannot rot: every Python block runs, every command shown works, every link leads somewhere."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cordiale.desk.cli import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "LISEZMOI.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.M | re.S)


def name_of(path):
    """The page as a reader knows it."""
    return str(path.relative_to(ROOT))


def blocks(language):
    """Page, number and text of every block of one language."""
    found = []
    for page in PAGES:
        for number, (kind, text) in enumerate(BLOCK.findall(page.read_text(encoding="utf-8"))):
            if kind == language:
                found.append(pytest.param(text, id=f"{name_of(page)}-{number}"))
    return found


@pytest.mark.parametrize("text", blocks("python"))
def test_every_python_block_runs(text, tmp_path, monkeypatch):
    """What a page shows can be typed as it stands."""
    monkeypatch.chdir(tmp_path)
    exec(compile(text, "page", "exec"), {"__name__": "page"})


def commands():
    """Every `$ cordiale ...` line of every console block that ends by itself, once."""
    lines = {}
    for parameter in blocks("console"):
        for line in parameter.values[0].splitlines():
            if line.startswith("$ cordiale") and not line.startswith("$ cordiale serve"):
                lines.setdefault(line.removeprefix("$ "), parameter.id)
    return [pytest.param(line, id=line[:60]) for line in lines]


@pytest.mark.parametrize("line", commands())
def test_every_command_shown_works(line, tmp_path):
    """A reader who types the line gets an answer and no error."""
    command = Path(sys.executable).with_name("cordiale")
    result = subprocess.run(
        [str(command), *shlex.split(line)[1:]], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_inside_the_repository_leads_somewhere(page):
    """No page points to a file that is not there."""
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_readme_shows_code_early():
    """The first code of the README stands by line 15."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("```") for line in lines[:15])


def test_every_command_is_documented():
    """The page of the command line has a section for every command."""
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"## cordiale {command}" in page
