"""Write NOTICE.md: every packaged data file and vendored build with its licence, from their provenance records.

python tools/build_notice.py
"""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEAD = """# Notice

cordiale is licensed under the EUPL-1.2 (see LICENSE). It is a decision aid and is not approved for operations.
It carries data and unmodified third-party builds under licences of their own. This page is
written by `tools/build_notice.py` from the provenance record beside each file; the wheel carries it.

| file | licence | attribution |
| --- | --- | --- |
"""


def data_rows() -> list[str]:
    """One row for each packaged data file."""
    rows = []
    for record in sorted((ROOT / "cordiale").rglob("*.provenance.toml")):
        provenance = tomllib.loads(record.read_text(encoding="utf-8"))
        name = record.name.removesuffix(".provenance.toml")
        rows.append(f"| `{name}` | {provenance['licence']} | {provenance['attribution']} |")
    return rows


def vendor_rows() -> list[str]:
    """One row for each third-party build of the console."""
    listed = ROOT / "cordiale" / "desk" / "web" / "vendor" / "VENDOR.toml"
    packages = tomllib.loads(listed.read_text(encoding="utf-8"))["package"]
    return [
        f"| console: {p['name']} {p['version']} | {p['licence']} | {p.get('attribution', p['name'])} |"
        for p in packages
    ]


def main() -> None:
    """Write the page."""
    (ROOT / "NOTICE.md").write_text(HEAD + "\n".join([*data_rows(), *vendor_rows()]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
