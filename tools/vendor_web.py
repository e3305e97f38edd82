"""Fetch the third-party builds of the console, unmodified, and write their names, versions, licences and checksums.

    python tools/vendor_web.py          fetch with `npm pack` and rewrite cordiale/desk/web/vendor/
    python tools/vendor_web.py --check  compare the files in place with VENDOR.toml; fetch nothing

Needs `npm` only to fetch; nothing of it is needed to build, run or test. Files are copied byte for byte.
"""

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "cordiale" / "desk" / "web" / "vendor"

# npm package, version, licence, folder, files inside the package
PACKAGES = (
    (
        "maplibre-gl",
        "6.17.0",
        "BSD-3-Clause",
        "maplibre-gl",
        ("dist/maplibre-gl.mjs", "dist/maplibre-gl-worker.mjs", "dist/maplibre-gl.css", "LICENSE.txt"),
    ),
    (
        "@fontsource/b612",
        "5.3.0",
        "OFL-1.1",
        "b612",
        ("files/b612-latin-400-normal.woff2", "files/b612-latin-700-normal.woff2", "LICENSE"),
    ),
)


def sha256(path: Path) -> str:
    """Checksum of a file, hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(package: str, version: str, folder: str, files: tuple[str, ...], scratch: Path) -> list[Path]:
    """Pack one package with npm and copy the named files; return where they went."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", f"{package}@{version}"], cwd=scratch, check=True, capture_output=True, text=True
    )
    target = VENDOR / folder
    target.mkdir(parents=True, exist_ok=True)
    copied: list[Path] = []
    with tarfile.open(scratch / packed.stdout.strip().splitlines()[-1]) as archive:
        for name in files:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise FileNotFoundError(f"{package}@{version} holds no file {name}")
            copied.append(target / Path(name).name)
            copied[-1].write_bytes(member.read())
    return copied


def fetch_all() -> None:
    """Fetch every package and write VENDOR.toml."""
    lines = ["# Third-party builds from npm, copied unmodified by tools/vendor_web.py. Do not edit by hand.", ""]
    with tempfile.TemporaryDirectory() as scratch:
        for package, version, licence, folder, files in PACKAGES:
            copied = fetch(package, version, folder, files, Path(scratch))
            lines += ["[[package]]", f'name = "{package}"', f'version = "{version}"']
            lines += [f'licence = "{licence}"', "files = ["]
            lines += [f'  {{ path = "{p.relative_to(VENDOR).as_posix()}", sha256 = "{sha256(p)}" }},' for p in copied]
            lines += ["]", ""]
    (VENDOR / "VENDOR.toml").write_text("\n".join(lines), encoding="utf-8")


def differences() -> list[str]:
    """Files that are missing, changed or not listed; empty when all is as fetched."""
    packages = tomllib.loads((VENDOR / "VENDOR.toml").read_text(encoding="utf-8"))["package"]
    listed = {file["path"]: file["sha256"] for package in packages for file in package["files"]}
    present = {p.relative_to(VENDOR).as_posix() for p in VENDOR.rglob("*") if p.is_file()} - {"VENDOR.toml"}
    wrong = [f"{path}: not listed" for path in sorted(present - set(listed))]
    for path, checksum in listed.items():
        if path not in present:
            wrong.append(f"{path}: missing")
        elif sha256(VENDOR / path) != checksum:
            wrong.append(f"{path}: changed, {sha256(VENDOR / path)} instead of {checksum}")
    return wrong


def main() -> int:
    """Fetch, or check with --check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with VENDOR.toml and fetch nothing")
    if not parser.parse_args().check:
        fetch_all()
    wrong = differences()
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
