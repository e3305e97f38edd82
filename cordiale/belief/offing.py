"""How a boat under way keeps off the land: put in the water, or along the shore for a step."""

import math
from collections.abc import Hashable
from functools import lru_cache
from typing import Final, cast

import numpy as np

from cordiale.earth.geodesy import destination, displacement, metres_per_degree
from cordiale.earth.units import BoolArray, Degrees, FloatArray, Metres
from cordiale.sea.environment import Shore, Vector

OFFING: Final[Metres] = 100.0  # judgement: metres off the beach at which a boat that leaves it is afloat and clear
_FEEL: Final[Metres] = 60.0  # the shore is felt so far to each side: half the spacing of the mapped distances
OPEN: Final[Metres] = 5000.0  # judgement: longer than any basin of the strait's ports
_STRIDES: Final = 30
_NODE_LAT: Final[Degrees] = 0.0025
_NODE_LON: Final[Degrees] = 0.004
_TILE: Final[Degrees] = 0.1
_CLEAR: Final[Metres] = 250.0  # of a node: more than a position between the nodes may lie off it
_NEAR_SHORE: Final[Metres] = 1500.0
_BEYOND_DOCKS: Final[Metres] = 1000.0  # who has so much sea around him is in no dock
_AT_HAND: Final[Metres] = 500.0  # an open node so near: the position is open too
_SEARCHED: Final[Metres] = 5000.0  # less than a tile, so that it never matters which others are searched
_COURSES: Final = 16
_FREE: Final = 4  # of them: a right angle of open sea; the mouth of a port shows less


def put_afloat(coast: Shore, lat: FloatArray, lon: FloatArray) -> Vector:
    """Positions (n,) on land, or less than `OFFING` off it, moved into the water off the nearest shore.

    They follow the distance to land outwards; where that leads nowhere the position stays as it is.
    """
    lat, lon = lat.copy(), lon.copy()
    for _ in range(_STRIDES):
        room = coast.distance(lat, lon)
        short = np.flatnonzero(room < OFFING)
        if short.size == 0:
            break
        east, north = _seaward(coast, lat[short], lon[short])
        length = OFFING + _FEEL / 4 - room[short]
        lat[short], lon[short] = destination(lat[short], lon[short], east * length, north * length)
    return lat, lon


def put_off_the_beach(coast: Shore, lat: FloatArray, lon: FloatArray) -> Vector:
    """Positions (n,) on land or in a dock moved into open water off the nearest shore; those at open sea stay.

    Open is a place from which four of sixteen straight lines of `OPEN` meet no land: a beach, not a basin behind moles.
    It is judged at nodes some 280 m apart, at least 250 m off; a position goes to the nearest within 5 km and
    keeps its place between the nodes. Where there is none, the nearest water.
    """
    lat, lon = lat.copy(), lon.copy()
    room = coast.distance(lat, lon)
    near = np.flatnonzero(room < _BEYOND_DOCKS)
    if near.size == 0:
        return lat, lon
    node_lat, node_lon = _open_nodes_around(coast, lat[near], lon[near])
    off, nearest = np.full(near.size, np.inf), np.zeros(near.size, dtype=np.intp)
    if node_lat.size:
        per_lat, per_lon = metres_per_degree(lat[near])
        north = (node_lat - lat[near, np.newaxis]) * per_lat[:, np.newaxis]
        east = (node_lon - lon[near, np.newaxis]) * per_lon[:, np.newaxis]
        square = north**2 + east**2
        nearest = square.argmin(axis=1)
        off = np.sqrt(square[np.arange(near.size), nearest])
    moves = (off <= _SEARCHED) & ((room[near] <= 0) | (off > _AT_HAND))
    lost = near[(off > _SEARCHED) & (room[near] <= 0)]
    lat[lost], lon[lost] = put_afloat(coast, lat[lost], lon[lost])
    moved, to = near[moves], nearest[moves]
    lat[moved] = node_lat[to] + lat[moved] - np.round(lat[moved] / _NODE_LAT) * _NODE_LAT
    lon[moved] = node_lon[to] + lon[moved] - np.round(lon[moved] / _NODE_LON) * _NODE_LON
    return lat, lon


def _open_nodes_around(coast: Shore, lat: FloatArray, lon: FloatArray) -> Vector:
    """The open nodes of the tiles that hold any of the positions, and of the eight around each."""
    row, column = np.floor(lat / _TILE).astype(np.int64), np.floor(lon / _TILE).astype(np.int64)
    tiles = {
        (i + up, j + right)
        for i, j in set(zip(row.tolist(), column.tolist(), strict=True))
        for up in (-1, 0, 1)
        for right in (-1, 0, 1)
    }
    found = [_open_nodes(cast(Hashable, coast), i, j) for i, j in sorted(tiles)]
    return np.concatenate([place[0] for place in found]), np.concatenate([place[1] for place in found])


@lru_cache(maxsize=256)
def _open_nodes(coast: Shore, row: int, column: int) -> Vector:
    """The nodes of one tile of a tenth of a degree that lie near the shore and open to the sea."""
    lat = np.arange(round(_TILE / _NODE_LAT)) * _NODE_LAT + row * _TILE
    lon = np.arange(round(_TILE / _NODE_LON)) * _NODE_LON + column * _TILE
    lat, lon = (grid.ravel() for grid in np.meshgrid(lat, lon, indexing="ij"))
    room = coast.distance(lat, lon)
    near = (room >= _CLEAR) & (room < _NEAR_SHORE)
    lat, lon = lat[near], lon[near]
    free = _open(coast, lat, lon)
    return lat[free], lon[free]


def kept_off(coast: Shore, start: Vector, end: Vector, room: FloatArray) -> Vector:
    """Where boats under way stand after a step whose straight path meets land; `room` is the distance to it at first.

    At sea they go the same step without its part towards the nearest shore, and out to `OFFING` where they are nearer.
    Where less than half of the step would be left, or that path meets land too, they stand straight out to sea for the
    step instead, and where even that is not clear they wait at their place. Who is on land is put in the water off it.
    """
    lat, lon = start[0].copy(), start[1].copy()
    east, north = displacement(lat, lon, *end)
    out_east, out_north = _seaward(coast, lat, lon)
    outward = east * out_east + north * out_north
    more = np.maximum(np.maximum(OFFING - room, 0.0) - outward, 0.0)
    length = np.hypot(east, north)
    along_east, along_north = east + more * out_east, north + more * out_north
    gains = np.hypot(along_east, along_north) >= length / 2
    ways = ((along_east, along_north, gains), (length * out_east, length * out_north, gains | True))
    waiting = room > 0
    for go_east, go_north, allowed in (*ways, (along_east, along_north, ~gains)):
        now = np.flatnonzero(waiting & allowed)
        from_lat, from_lon = start[0][now], start[1][now]
        there = destination(from_lat, from_lon, go_east[now], go_north[now])
        clear = ~(coast.distance(*there) <= 0) & ~np.isfinite(coast.landfall(from_lat, from_lon, *there))
        lat[now[clear]], lon[now[clear]] = there[0][clear], there[1][clear]
        waiting[now[clear]] = False
    ashore = room <= 0
    lat[ashore], lon[ashore] = put_afloat(coast, lat[ashore], lon[ashore])
    return lat, lon


def _open(coast: Shore, lat: FloatArray, lon: FloatArray) -> BoolArray:
    """True where at least four of sixteen straight lines of `OPEN` meet no land."""
    clear = np.where(coast.distance(lat, lon) < OPEN, 0, _FREE)  # so much sea around it, or unknown
    for course in range(_COURSES):
        left = np.flatnonzero(clear < _FREE)
        there = _along(lat[left], lon[left], course, OPEN)
        clear[left] += ~np.isfinite(coast.landfall(lat[left], lon[left], *there))
    return np.asarray(clear >= _FREE)


def _along(lat: FloatArray, lon: FloatArray, course: int, length: Metres) -> Vector:
    angle = 2 * math.pi * course / _COURSES
    east, north = np.full(lat.shape, length * math.sin(angle)), np.full(lat.shape, length * math.cos(angle))
    return destination(lat, lon, east, north)


def _seaward(coast: Shore, lat: FloatArray, lon: FloatArray) -> Vector:
    """East and north components of the unit vector along which the distance to land grows; 0 where it does not."""
    reach = np.full(lat.shape, _FEEL)
    none = np.zeros(lat.shape)
    east = coast.distance(*destination(lat, lon, reach, none)) - coast.distance(*destination(lat, lon, -reach, none))
    north = coast.distance(*destination(lat, lon, none, reach)) - coast.distance(*destination(lat, lon, none, -reach))
    east, north = np.nan_to_num(east), np.nan_to_num(north)
    length = np.hypot(east, north)
    return east / np.where(length > 0, length, 1.0), north / np.where(length > 0, length, 1.0)
