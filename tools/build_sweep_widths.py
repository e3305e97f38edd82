"""Make the packaged tables of visual sweep widths and of their corrections for the speed of an aircraft.

    npm pack @canterbury-air-patrol/marine-sweep-width-data@0.2.0
    python tools/build_sweep_widths.py canterbury-air-patrol-marine-sweep-width-data-0.2.0.tgz

Takes a second and nothing but Python. Writes cordiale/sensors/data/sweep_widths.csv and speed.csv. The package leaves
out a value that repeats the one before it; the tables written here are filled up. All others in that folder are typed
by hand.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import tarfile
from pathlib import Path

from coast_provenance import sha256_of, write_provenance

DATA = Path(__file__).resolve().parent.parent / "cordiale" / "sensors" / "data"
VERSION = "0.2.0"
VISIBILITIES = (1, 3, 5, 10, 15, 20, 30)  # nm
PLATFORMS = {"Aircraft": "fixed_wing", "Helicopter": "helicopter", "Boat": "boat"}
KEYS = {"Person in Water": "piw", "Raft": "raft", "Power Boat": "power", "Sail Boat": "sail", "Ship": "ship"}
SOURCE = "US Coast Guard Addendum COMDTINST M16130.2F, as in marine-sweep-width-data " + VERSION
ATTRIBUTION = "US Coast Guard, COMDTINST M16130.2F; extracted by Canterbury Air Patrol"


def main(package: Path) -> None:
    published = read_package(package)
    header = ["object", "platform", "height_ft", *(f"at_{v}_nm" for v in VISIBILITIES), "source"]
    write("sweep_widths.csv", header, width_rows(published))
    write("speed.csv", ["object", "platform", "speed_kn", "factor", "source"], speed_rows(published))
    for name, title, notes in (
        ("sweep_widths.csv", "Visual sweep widths without corrections",
         "Widths in NM, by object, platform, height (aircraft) or eye height (boat) in ft and visibility in NM. A"
         " printed 0 means less than 0.05 NM. 300 of the values also stand in table 4-7 of SAR Denmark."),
        ("speed.csv", "Correction of visual sweep widths for the speed of an aircraft",
         "Beyond the last speed of a row its factor holds: the package leaves out what repeats."),
    ):  # fmt: skip
        write_provenance(
            DATA / name,
            title=title,
            licence="PDDL-1.0",
            attribution=ATTRIBUTION,
            sources=[
                {
                    "package": "@canterbury-air-patrol/marine-sweep-width-data (npm)",
                    "version": VERSION,
                    "licence": "PDDL-1.0; the manual is a work of the US Government",
                    "sha256": sha256_of(package),
                }
            ],
            command=f"python tools/build_sweep_widths.py {package.name}",
            made_by="tools/build_sweep_widths.py",
            notes=notes,
        )


def read_package(package: Path) -> dict[str, dict]:
    """The widths of the package: it is JSON but for the name in front."""
    with tarfile.open(package) as tar:
        member = tar.extractfile("package/dist/marine-sweep-width-data.mjs")
        assert member is not None
        text = member.read().decode("utf-8")
    found = re.search(r"var marine_sweep_widths = (\{.*?\n\});", text, re.DOTALL)
    assert found is not None
    return json.loads(found.group(1))


def key_of(name: str) -> str:
    """raft4 for "Raft 4 person", power33 for "Power Boat 33ft"."""
    number = re.search(r"\d+", name)
    stem = next(key for start, key in KEYS.items() if name.startswith(start))
    return stem + (number.group() if number else "")


def width_rows(published: dict[str, dict]) -> list[list[object]]:
    rows: list[list[object]] = []
    for name, entry in published.items():
        for platform, key in PLATFORMS.items():
            for height in sorted(entry[platform], key=lambda text: int(text.removesuffix("ft"))):
                given = {point["vis"]: point["sw"] for point in entry[platform][height]}
                assert set(given) <= set(VISIBILITIES)
                widths, last = [], given[VISIBILITIES[0]]
                for visibility in VISIBILITIES:
                    last = given.get(visibility, last)
                    widths.append(last)
                rows.append([key_of(name), key, height.removesuffix("ft"), *widths, SOURCE])
    return rows


def speed_rows(published: dict[str, dict]) -> list[list[object]]:
    return [
        [key_of(name), PLATFORMS[platform], point["speed"], point["correction"], SOURCE]
        for name, entry in published.items()
        for platform in ("Aircraft", "Helicopter")
        for point in entry["speed_corrections"][platform]
    ]


def write(name: str, header: list[str], rows: list[list[object]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
