"""Make the packaged coast of the strait: polygons to draw and a signed distance-to-land field.

    python3 -m venv coast-env && coast-env/bin/pip install -r tools/requirements-coast.txt
    coast-env/bin/python tools/build_coast.py

Takes about three minutes and 2 GB. Writes cordiale/sea/data/coast.geojson and distance_to_land.npz.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import shapely
from coast_field import grid_over, land_mask, packed, signed_distance
from coast_provenance import write_provenance
from coast_shapes import (
    in_degrees,
    in_plane,
    only_polygons,
    openstreetmap_land,
    shore_points,
    with_thin_land_widened,
)

DATA = Path(__file__).resolve().parent.parent / "cordiale" / "sea" / "data"
DRAWN = (-0.7, 49.7, 3.7, 52.3)  # west, south, east, north: a little more than the console shows
DRAWN_TOLERANCE = 15.0  # metres; half a pixel of a 1,600 pixel map of 50 km
SMALLEST_ISLET = 2_000.0  # square metres
FIELD = (50.0, 0.0, 51.9, 3.4)  # south, west, north, east
STEP_LAT, STEP_LON = 0.0009, 0.00142  # 100.1 m; 101.8 m at 50 N, 99.6 m at 51 N, 97.6 m at 51.9 N
UNIT = 2.5  # metres for one count
DEEPEST_INLAND = 20_000.0
THIN, HALF_WIDTH, SHORE_SPACING = 50.0, 60.0, 10.0
ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"


def main() -> None:
    land = openstreetmap_land()
    say("land cut and joined")
    source = {
        "package": "roaring-landmask",
        "version": version("roaring-landmask"),
        "licence": "package MIT; its OpenStreetMap land polygons ODbL-1.0",
        "sha256": land.source_sha256,
        "sha256_of": "the bytes of Shapes.wkb(LandmaskProvider.Osm)",
    }
    plane = shapely.make_valid(in_plane(land.degrees))
    write_polygons(plane, source)
    write_field(plane, source)


def write_polygons(plane: shapely.Geometry, source: dict[str, str]) -> None:
    """Land to draw, simplified and rounded to 1e-5 degree (about 1 m)."""
    view = in_plane(shapely.segmentize(shapely.box(*DRAWN), 0.05))
    polygons = only_polygons(np.array([shapely.intersection(plane, view)]))
    polygons = polygons[shapely.area(polygons) > SMALLEST_ISLET]
    drawn = only_polygons(in_degrees(shapely.make_valid(shapely.simplify(polygons, DRAWN_TOLERANCE))))
    features = {
        "type": "FeatureCollection",
        "attribution": ATTRIBUTION,
        "features": [
            {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": rings(polygon)}}
            for polygon in sorted(drawn, key=shapely.area, reverse=True)
        ],
    }
    path = DATA / "coast.geojson"
    path.write_text(json.dumps(features, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
    count = int(shapely.get_num_coordinates(drawn).sum())
    write_provenance(
        path,
        title="Land of the Dover Strait, polygons for drawing",
        licence="ODbL-1.0",
        attribution=ATTRIBUTION,
        sources=[source],
        command="python tools/build_coast.py",
        made_by="tools/build_coast.py",
        notes=f"{DRAWN[1]}-{DRAWN[3]} N, {DRAWN[0]}-{DRAWN[2]} E; {len(drawn)} polygons, {count} vertices; "
        f"simplified by {DRAWN_TOLERANCE:.0f} m; the shore is the mean high water line as mapped in OpenStreetMap.",
    )
    say(f"polygons: {len(drawn)}, vertices {count}, {path.stat().st_size} bytes")


def rings(polygon: shapely.Polygon) -> list[list[list[float]]]:
    return [np.round(shapely.get_coordinates(ring), 5).tolist() for ring in shapely.get_rings(polygon)]


def write_field(plane: shapely.Geometry, source: dict[str, str]) -> None:
    """The signed distance of the land with its moles widened so that the grid holds them."""
    held = with_thin_land_widened(plane, thin=THIN, half_width=HALF_WIDTH)
    say("thin land widened")
    grid = grid_over(*FIELD, STEP_LAT, STEP_LON)
    mask = land_mask(in_degrees(held), grid)
    field = signed_distance(shore_points(held, spacing=SHORE_SPACING), mask, grid, deepest_inland=DEEPEST_INLAND)
    say("distances measured")
    first_column, differences = packed(field, unit=UNIT)
    path = DATA / "distance_to_land.npz"
    np.savez_compressed(
        path,
        first_column=first_column,
        differences=differences,
        grid=np.array([grid.lat0, grid.lon0, grid.step_lat, grid.step_lon]),
        unit_m=np.array(UNIT),
    )
    write_provenance(
        path,
        title="Signed distance to land in the Dover Strait, metres, positive at sea",
        licence="ODbL-1.0",
        attribution=ATTRIBUTION,
        sources=[source],
        command="python tools/build_coast.py",
        made_by="tools/build_coast.py",
        notes=f"{FIELD[0]}-{FIELD[2]} N, {FIELD[1]}-{FIELD[3]} E; {grid.rows} x {grid.columns} nodes, "
        f"{STEP_LAT} x {STEP_LON} degree (about 100 m); counts of {UNIT} m; not deeper inland than "
        f"{DEEPEST_INLAND / 1000:.0f} km; land narrower than {2 * THIN:.0f} m (moles) is widened by {HALF_WIDTH:.0f} m "
        "on each side; distances on WGS 84 by transverse Mercator on 1.7 E, scale within 0.02 %, to shore points "
        "every 10 m.",
    )
    say(f"field: {grid.rows} x {grid.columns}, {field.min():.0f} to {field.max():.0f} m, {path.stat().st_size} bytes")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
