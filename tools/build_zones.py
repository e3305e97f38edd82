"""Make the packaged territorial waters of the strait and the lines that bound them.

    npm pack @geo-maps/countries-maritime-10m@0.6.0
    coast-env/bin/python tools/build_zones.py geo-maps-countries-maritime-10m-0.6.0.tgz

Takes ten seconds, after tools/build_coast.py. Writes cordiale/sea/data/zones.json. The lines typed by hand are in
cordiale/sea/data/zones_lines.csv.
"""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path

import numpy as np
import shapely
from coast_provenance import sha256_of, write_provenance
from coast_shapes import in_degrees, in_plane, only_polygons
from shapely.geometry import shape

DATA = Path(__file__).resolve().parent.parent / "cordiale" / "sea" / "data"
VERSION = "0.6.0"
COUNTRIES = {"GBR": "GB", "FRA": "FR", "BEL": "BE", "NLD": "NL"}
BOX = (-0.7, 49.7, 3.7, 52.3)  # west, south, east, north, as drawn by tools/build_coast.py
INLAND = 8_000.0  # metres; land further from the shore is left out
TOLERANCE = 40.0  # metres, on arcs and on land; the corners of agreed boundaries stay
SHARED = {("GB", "FR"): "median_gb_fr", ("FR", "BE"): "territorial_fr_be", ("BE", "NL"): "territorial_be_nl"}
ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0; extracted by geo-maps"


def main(package: Path) -> None:
    waters = cut_out(package)
    land = drawn_land()
    lines = shared_lines(waters, land) | outer_limits(waters, land)
    path = DATA / "zones.json"
    path.write_text(
        json.dumps(
            {
                "attribution": ATTRIBUTION,
                "waters": {name: [rings(polygon) for polygon in parts(area)] for name, area in waters.items()},
                "lines": {key: [rounded(line) for line in pieces] for key, pieces in sorted(lines.items())},
            },
            separators=(",", ":"),
            ensure_ascii=False,
        )
        + "\n",
        encoding="utf-8",
    )
    write_provenance(
        path,
        title="Territorial waters of the United Kingdom, France, Belgium and the Netherlands around the strait",
        licence="ODbL-1.0",
        attribution=ATTRIBUTION,
        sources=[
            {
                "package": "@geo-maps/countries-maritime-10m",
                "version": VERSION,
                "licence": "package MIT; data ODbL-1.0 (OpenStreetMap, November 2017)",
                "sha256": sha256_of(package),
            }
        ],
        command=f"python tools/build_zones.py {package.name}",
        made_by="tools/build_zones.py",
        notes=f"{BOX[1]}-{BOX[3]} N, {BOX[0]}-{BOX[2]} E; with the land up to {INLAND / 1000:.0f} km from the shore; "
        f"simplified by {TOLERANCE:.0f} m as one coverage, neighbours share one boundary; longitude first. "
        "Mapped boundaries, not a legal description: the UK-France line is defined in WGS 84 by the exchange of "
        "letters of 20 April 2011 (UK Treaty Series 19 of 2014, Cm 8931), with which it has not been compared.",
    )
    print(f"zones: {path.stat().st_size} bytes, lines {sorted(lines)}", file=sys.stderr)


def cut_out(package: Path) -> dict[str, shapely.Geometry]:
    """The four countries with their territorial sea, cut to the box and simplified together."""
    with tarfile.open(package) as archive:
        member = archive.extractfile("package/map.geo.json")
        if member is None:
            raise SystemExit(f"{package} holds no package/map.geo.json")
        features = json.load(member)["features"]
    shapes = {f["properties"]["A3"]: shape(f["geometry"]) for f in features if f["properties"]["A3"] in COUNTRIES}
    whole = [shapely.intersection(shapely.make_valid(shapes[code]), shapely.box(*BOX)) for code in COUNTRIES]
    largest = [max(parts(area), key=shapely.area) for area in whole]  # leaves out the enclaves of Baarle
    inland = shapely.simplify(shapely.buffer(in_plane(drawn_land()), -INLAND), INLAND / 10)
    near_shore = [shapely.difference(in_plane(area), inland) for area in largest]
    simple = in_degrees(shapely.coverage_simplify(np.array(near_shore), TOLERANCE))
    return dict(zip(COUNTRIES.values(), simple, strict=True))


def drawn_land() -> shapely.Geometry:
    features = json.loads((DATA / "coast.geojson").read_text(encoding="utf-8"))["features"]
    return shapely.union_all(shapely.make_valid(np.array([shape(feature["geometry"]) for feature in features])))


def shared_lines(waters: dict[str, shapely.Geometry], land: shapely.Geometry) -> dict[str, list[shapely.Geometry]]:
    """Where two territorial seas touch, at sea."""
    found = {}
    for (one, other), key in SHARED.items():
        common = shapely.intersection(waters[one].boundary, waters[other].boundary)
        found[key] = lines_in(shapely.difference(common, shapely.buffer(land, 0.0005)))
    return found


def outer_limits(waters: dict[str, shapely.Geometry], land: shapely.Geometry) -> dict[str, list[shapely.Geometry]]:
    """The seaward limit of each territorial sea where no neighbour begins."""
    edge = shapely.box(*BOX).boundary
    found = {}
    for name, area in waters.items():
        others = shapely.union_all([other for key, other in waters.items() if key != name])
        alone = shapely.difference(area.boundary, shapely.buffer(shapely.union_all([others, edge, land]), 0.0005))
        found[f"territorial_limit_{name.lower()}"] = lines_in(alone)
    return found


def lines_in(geometry: shapely.Geometry) -> list[shapely.Geometry]:
    pieces = shapely.get_parts(shapely.line_merge(geometry))
    return [piece for piece in pieces if shapely.length(piece) > 0.01]


def parts(area: shapely.Geometry) -> list[shapely.Geometry]:
    return list(only_polygons(np.array([area])))


def rings(polygon: shapely.Geometry) -> list[list[list[float]]]:
    return [rounded(ring) for ring in shapely.get_rings(polygon)]


def rounded(line: shapely.Geometry) -> list[list[float]]:
    return np.round(shapely.get_coordinates(line), 5).tolist()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
