"""The repository speaks of the project alone, and every packaged data file says where it comes from."""

import hashlib
import re
import subprocess
import tomllib

import pytest

from tests.house.source import PACKAGE, ROOT, name_of

DATA_SUFFIXES = {".npz", ".npy", ".csv", ".json", ".geojson", ".nc", ".jsonl", ".bin"}
DATA = sorted(
    p for p in PACKAGE.rglob("*") if p.suffix in DATA_SUFFIXES and "vendor" not in p.parts and "web" not in p.parts
)


def tracked() -> list[str]:
    """What git tracks; in an unpacked source archive, what lies there."""
    result = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode == 0 and result.stdout:
        return [line for line in result.stdout.splitlines() if (ROOT / line).exists()]
    return [name_of(p) for p in ROOT.rglob("*") if p.is_file() and not {".venv", ".git"} & set(p.parts)]


@pytest.mark.parametrize("path", DATA, ids=name_of)
def test_a_data_file_states_its_source_licence_and_checksum(path):
    """Beside each packaged data file stands a provenance record, and its checksum is the file's."""
    record = path.with_name(path.name + ".provenance.toml")
    assert record.exists(), f"{name_of(path)} has no provenance record"
    provenance = tomllib.loads(record.read_text(encoding="utf-8"))
    for field in ("title", "licence", "attribution", "sources", "command", "made_by", "sha256", "notes"):
        assert field in provenance, f"{name_of(record)} lacks {field}"
    assert provenance["sources"], "a data file without a source"
    assert provenance["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_licence_of_the_data_is_named_in_the_notice():
    """NOTICE.md, which the wheel carries, names every packaged data file and its licence."""
    notice = (ROOT / "NOTICE.md").read_text(encoding="utf-8")
    for path in DATA:
        provenance = tomllib.loads(path.with_name(path.name + ".provenance.toml").read_text(encoding="utf-8"))
        assert path.name in notice, f"{path.name} is not in NOTICE.md"
        line = next(line for line in notice.splitlines() if f"`{path.name}`" in line or path.name in line)
        assert provenance["licence"] in line, f"NOTICE.md: licence of {path.name} is not {provenance['licence']}"


def test_vendored_builds_are_unmodified():
    """Every third-party file of the console has the checksum of its published package."""
    vendor = PACKAGE / "desk" / "web" / "vendor"
    listed = tomllib.loads((vendor / "VENDOR.toml").read_text(encoding="utf-8"))
    checksums = {f["path"]: f["sha256"] for package in listed["package"] for f in package["files"]}
    for package in listed["package"]:
        assert package["name"] and package["version"] and package["licence"]
    present = {str(p.relative_to(vendor)) for p in vendor.rglob("*") if p.is_file() and p.name != "VENDOR.toml"}
    assert present == set(checksums)
    for name, checksum in checksums.items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == checksum, name


def test_no_machine_paths_no_index_hosts_no_lock_files():
    """A clone needs nothing that only one machine has."""
    indexes = ("pythonhosted", "//py" r"pi\.", "registry" r"\.npm")
    folders = (rf"/{name}/" for name in ("work", "root", "home/[a-z]+", "tmp"))
    forbidden = re.compile("|".join([*folders, r'"resolved":\s*"http', *indexes]))
    for name in tracked():
        assert name not in {"uv.lock", "poetry.lock"}
        path = ROOT / name
        if path.suffix in {".png", ".npz", ".npy", ".woff2", ".bin", ".gz"} or "vendor" in path.parts:
            continue
        if path == ROOT / "tests" / "house" / "test_repository.py":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            assert not forbidden.search(line), f"{name}:{number}: {line.strip()[:100]}"


def test_constraints_are_names_and_versions_only():
    """`constraints.txt` pins every package by name==version and names no address."""
    lines = [s.strip() for s in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()]
    pins = [s for s in lines if s and not s.startswith("#")]
    assert len(pins) > 10
    for pin in pins:
        assert re.fullmatch(r"[A-Za-z0-9_.\-]+==[A-Za-z0-9_.+!]+( ?; ?python_version .+)?", pin), pin


def test_no_persons_in_the_record():
    """No field for a name of a person, a nationality or a plain phone number exists outside the intake form."""
    forbidden = re.compile(
        r"\b(nationality|surname|first_name|last_name|full_name|ethnic\w*|passport\w*|date_of_birth)\b"
    )
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        code = re.sub(r'""".*?"""', "", text, flags=re.S)
        code = re.sub(r"#.*", "", code)
        assert not forbidden.search(code), f"{name_of(path)}: {forbidden.search(code).group()}"
        if path.parent.name not in {"feeds", "desk"}:
            assert "phone" not in code.replace("phones", ""), f"{name_of(path)} speaks of a phone"


def test_every_room_is_inhabited():
    """Build no empty rooms: each folder of the package holds working code."""
    for room in (p for p in PACKAGE.iterdir() if p.is_dir() and (p / "__init__.py").exists()):
        code = sum(len(p.read_text(encoding="utf-8").splitlines()) for p in room.glob("**/*.py"))
        assert code > 40, f"{room.name} stands empty"


PAGE = re.compile(r"docs/[a-z0-9-]+(?:/[0-9]{3}-[a-z0-9-]+)?\.md")


def test_every_page_that_is_pointed_to_exists():
    """A page of docs/ named in the source, a test or another page is there to be read."""
    missing = set()
    for name in tracked():
        if name.endswith((".py", ".md", ".toml")):
            named = PAGE.findall((ROOT / name).read_text(encoding="utf-8"))
            missing |= {(name, page) for page in named if not (ROOT / page).exists()}
    assert not missing
