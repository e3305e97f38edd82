"""Where the land is: a signed distance field for reckoning, polygons for drawing.

The shore is the mean high water line as OpenStreetMap maps it: sands that dry at low water count as sea. The field
covers 50.0-51.9 N, 0.0-3.4 E in steps of about 100 m; outside it distances are NaN and nothing is called land.
Moles narrower than 100 m are widened by 60 m on each side so that a drifting boat cannot slip through them; channels
narrower than about 250 m may therefore be closed. Between nodes the distance is bilinear: within 8 m (95 %) of the
exact distance to that land, and within 60 m (95 %) of the distance to the shore as mapped; see docs/sea-coast.md.

Source: OpenStreetMap land polygons, ODbL 1.0, cut by tools/build_coast.py; distances on WGS 84.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cordiale.earth.geodesy import destination, displacement, distance, metres_per_degree
from cordiale.earth.units import BoolArray, Degrees, FloatArray, Fraction, Metres
from cordiale.sea.tables import DATA

Angle = Degrees | FloatArray

SHORTEST_STEP: Final[Metres] = 40.0  # along a path, well below the spacing of the nodes


@dataclass(frozen=True, slots=True, eq=False)
class Coast:
    """Distance to land at the nodes of a grid of latitude and longitude, in counts of `unit`, positive at sea."""

    south: Degrees
    west: Degrees
    step_lat: Degrees
    step_lon: Degrees
    unit: Metres
    counts: NDArray[np.int16]

    @property
    def north(self) -> Degrees:
        """Latitude of the last row of nodes."""
        return self.south + self.step_lat * (len(self.counts) - 1)

    @property
    def east(self) -> Degrees:
        """Longitude of the last column of nodes."""
        return self.west + self.step_lon * (len(self.counts[0]) - 1)

    def __reduce_ex__(self, protocol: Any) -> Any:
        """The packaged coast travels to another process as its name: each process reads its own once."""
        return (load_coast, ()) if self is load_coast() else object.__reduce_ex__(self, protocol)

    def covers(self, lat: Angle, lon: Angle) -> BoolArray:
        """True inside the field; NaN is outside."""
        lat, lon = np.asarray(lat), np.asarray(lon)
        return np.asarray((lat >= self.south) & (lat <= self.north) & (lon >= self.west) & (lon <= self.east))


@dataclass(frozen=True, slots=True, eq=False)
class LandPolygon:
    """One piece of land to draw: closed rings of (lon, lat) in degrees, shape (n, 2)."""

    outline: FloatArray
    holes: tuple[FloatArray, ...]


@cache
def load_coast() -> Coast:
    """The packaged coast of the Dover Strait; read once."""
    with (DATA / "distance_to_land.npz").open("rb") as file, np.load(file) as packed:
        counts = np.cumsum(packed["differences"], axis=1, dtype=np.int16)
        counts += packed["first_column"][:, np.newaxis]
        south, west, step_lat, step_lon = (float(number) for number in packed["grid"])
        unit = float(packed["unit_m"])
    counts.flags.writeable = False
    return Coast(south, west, step_lat, step_lon, unit, counts)


def distance_to_land(coast: Coast, lat: Angle, lon: Angle) -> FloatArray:
    """Metres to the nearest shore: positive at sea, negative on land, NaN outside the field.

    Parameters
    ----------
    lat, lon : Degrees, any shape
        Positions; a NaN gives NaN.

    Returns
    -------
    Metres, shape of `lat`. At sea to 71 km; inland never below -20 km.
    """
    corners, along, up, inside = _cell(coast, lat, lon)
    south_west, south_east, north_west, north_east = corners
    low = south_west + along * (south_east - south_west)
    high = north_west + along * (north_east - north_west)
    return np.where(inside, (low + up * (high - low)) * coast.unit, np.nan)


def is_land(coast: Coast, lat: Angle, lon: Angle) -> BoolArray:
    """True on land; False at sea and outside the field."""
    return np.asarray(distance_to_land(coast, lat, lon) <= 0)


def nearest_land_direction(coast: Coast, lat: Angle, lon: Angle) -> tuple[FloatArray, FloatArray]:
    """East and north components of the unit vector towards the nearest shore.

    From land it points away from the sea, so that `-vector` always leads to deeper water. Where two shores are
    equally near the direction is not defined and the components are zero; NaN outside the field.
    """
    corners, along, up, inside = _cell(coast, lat, lon)
    south_west, south_east, north_west, north_east = corners
    north_metres, east_metres = metres_per_degree(lat)
    east = (south_east - south_west) + up * ((north_east - north_west) - (south_east - south_west))
    north = (north_west - south_west) + along * ((north_east - south_east) - (north_west - south_west))
    east, north = east / (coast.step_lon * east_metres), north / (coast.step_lat * north_metres)
    length = np.hypot(east, north)
    scale = np.where(inside, -1 / np.where(length > 0, length, 1), np.nan)
    return east * scale, north * scale


def landfall(coast: Coast, lat0: Angle, lon0: Angle, lat1: Angle, lon1: Angle) -> FloatArray:
    """The part of each straight step, from 0 to 1, after which it first meets land; infinity where it meets none.

    The path is walked by the distance field itself: from a point with d metres of sea around it the next d metres
    are clear, and near the shore the walk goes in steps of 40 m; a corner of land cut by less than that may be missed.
    Steps or parts of steps outside the field meet no land. Shape of the broadcast arguments.
    """
    lat0, lon0, lat1, lon1 = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (lat0, lon0, lat1, lon1)))
    shape = lat0.shape
    start_lat, start_lon, end_lat, end_lon = (x.ravel() for x in (lat0, lon0, lat1, lon1))
    length = np.atleast_1d(distance(start_lat, start_lon, end_lat, end_lon))
    walked = np.zeros(length.size)
    met = np.full(length.size, np.inf)
    going = np.flatnonzero(np.isfinite(length))
    while going.size:
        part = walked[going] / np.maximum(length[going], 1e-9)
        clear = distance_to_land(
            coast,
            start_lat[going] + part * (end_lat - start_lat)[going],
            start_lon[going] + part * (end_lon - start_lon)[going],
        )
        ashore = clear <= 0
        met[going[ashore]] = part[ashore]
        done = ashore | (walked[going] >= length[going])
        stride = np.where(np.isnan(clear), SHORTEST_STEP, np.maximum(clear * 0.95, SHORTEST_STEP))
        walked[going] = np.minimum(walked[going] + stride, length[going])
        going = going[~done]
    return met.reshape(shape)


def crosses_land(coast: Coast, lat0: Angle, lon0: Angle, lat1: Angle, lon1: Angle) -> BoolArray:
    """True where the straight step from (lat0, lon0) to (lat1, lon1) touches land anywhere on its way."""
    return np.asarray(np.isfinite(landfall(coast, lat0, lon0, lat1, lon1)))


def on_step(
    lat0: Angle, lon0: Angle, lat1: Angle, lon1: Angle, part: Fraction | FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The (lat, lon) after `part` of the straight step; with `landfall` this is where a boat strands."""
    east, north = displacement(lat0, lon0, lat1, lon1)
    return destination(lat0, lon0, east * part, north * part)


@cache
def coast_geojson() -> str:
    """The land polygons as the packaged GeoJSON text, for views that draw it unchanged."""
    return (DATA / "coast.geojson").read_text(encoding="utf-8")


@cache
def coast_polygons() -> tuple[LandPolygon, ...]:
    """The land polygons to draw, 49.7-52.3 N and 0.7 W-3.7 E, largest first; simplified by 15 m."""
    polygons = []
    for feature in json.loads(coast_geojson())["features"]:
        outline, *holes = (np.array(ring, dtype=np.float64) for ring in feature["geometry"]["coordinates"])
        polygons.append(LandPolygon(outline, tuple(holes)))
    return tuple(polygons)


def _cell(
    coast: Coast, lat: Angle, lon: Angle
) -> tuple[tuple[FloatArray, FloatArray, FloatArray, FloatArray], FloatArray, FloatArray, BoolArray]:
    """Counts at the corners around each point (SW, SE, NW, NE), its place between them, and whether it is inside."""
    rows, columns = coast.counts.shape
    y = (np.asarray(lat, dtype=np.float64) - coast.south) / coast.step_lat
    x = (np.asarray(lon, dtype=np.float64) - coast.west) / coast.step_lon
    inside = (y >= 0) & (y <= rows - 1) & (x >= 0) & (x <= columns - 1)
    y, x = np.where(inside, y, 0.0), np.where(inside, x, 0.0)
    row = np.minimum(y.astype(np.intp), rows - 2)
    column = np.minimum(x.astype(np.intp), columns - 2)
    flat = coast.counts.ravel()
    node = row * columns + column
    corners = tuple(flat[node + step].astype(np.float64) for step in (0, 1, columns, columns + 1))
    return (corners[0], corners[1], corners[2], corners[3]), x - column, y - row, np.asarray(inside)
