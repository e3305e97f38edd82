"""The land of the strait as one shapely geometry, cut from the OpenStreetMap land polygons of a package."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from roaring_landmask import LandmaskProvider, Shapes

SOURCE_BOX = (-1.6, 49.2, 4.6, 52.8)  # west, south, east, north: 75 km or more beyond the field on every side
CENTRE_LAT, CENTRE_LON = 51.0, 1.7

# Transverse Mercator with unit scale on 1.7 E: the scale error is (x/R)^2/2, below 0.02 % at 120 km.
TO_PLANE = pyproj.Transformer.from_crs(
    "EPSG:4326", f"+proj=tmerc +lat_0={CENTRE_LAT} +lon_0={CENTRE_LON} +k=1 +ellps=WGS84 +units=m", always_xy=True
)


@dataclass(frozen=True)
class Land:
    """Land inside SOURCE_BOX, in degrees, and the checksum of the world file it was cut from."""

    degrees: shapely.Geometry
    source_sha256: str


def openstreetmap_land() -> Land:
    """Cut the land out of the world's OpenStreetMap land polygons and join the tiles they come in."""
    world = bytes(Shapes.wkb(LandmaskProvider.Osm))
    polygons = shapely.get_parts(shapely.from_wkb(world))
    west, south, east, north = SOURCE_BOX
    bounds = shapely.bounds(polygons)
    near = (bounds[:, 0] < east) & (bounds[:, 2] > west) & (bounds[:, 1] < north) & (bounds[:, 3] > south)
    cut = shapely.intersection(shapely.make_valid(polygons[near]), shapely.box(*SOURCE_BOX))
    return Land(shapely.union_all(only_polygons(cut)), hashlib.sha256(world).hexdigest())


def only_polygons(geometries: np.ndarray) -> np.ndarray:
    """The polygons among the parts of the geometries: cutting can leave points and lines behind."""
    parts = shapely.get_parts(shapely.get_parts(geometries))
    return parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]


def in_plane(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape given in degrees, in metres on the transverse Mercator plane."""
    return shapely.transform(shape, lambda xy: np.column_stack(TO_PLANE.transform(xy[:, 0], xy[:, 1])))


def in_degrees(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape of the plane, back in degrees."""
    return shapely.transform(
        shape, lambda xy: np.column_stack(TO_PLANE.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))
    )


def with_thin_land_widened(land: shapely.Geometry, *, thin: float, half_width: float) -> shapely.Geometry:
    """Widen moles and breakwaters, so that a grid cannot lose them between its nodes.

    Thin land is what disappears when the land is shrunk by `thin` metres and grown again. The corners of ordinary
    headlands that disappear with it are left alone: a piece counts when it reaches more than `thin` metres away from
    the land that stays.
    """
    stays = shapely.buffer(shapely.buffer(land, -thin), thin)
    pieces = only_polygons(np.array([shapely.difference(land, shapely.buffer(stays, 5.0))]))
    moles = pieces[_reach(pieces, stays) > thin]
    return shapely.union_all([land, shapely.buffer(shapely.union_all(moles), half_width)])


def _reach(pieces: np.ndarray, stays: shapely.Geometry) -> np.ndarray:
    """How far the furthest vertex of each piece lies from the land that stays, metres."""
    tree = shapely.STRtree(only_polygons(np.array([stays])))
    coordinates, owner = shapely.get_coordinates(pieces, return_index=True)
    _, distances = tree.query_nearest(shapely.points(coordinates), return_distance=True, all_matches=False)
    reach = np.zeros(len(pieces))
    np.maximum.at(reach, owner, distances)
    return reach


def shore_points(land: shapely.Geometry, *, spacing: float) -> np.ndarray:
    """Points every `spacing` metres or closer along the shore, without the straight edges of the cut; shape (n, 2)."""
    west, south, east, north = SOURCE_BOX
    margin = 0.02
    inside = shapely.box(west + margin, south + margin, east - margin, north - margin)
    shore = shapely.intersection(land.boundary, in_plane(shapely.segmentize(inside, 0.05)))
    return shapely.get_coordinates(shapely.segmentize(shore, spacing))
