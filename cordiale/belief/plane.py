"""One plane for all maps of probability: equal-area, anchored at 51 N 1.5 E, the same on every machine.

The sinusoidal projection of the ellipsoid: y is the distance along the meridian from 51 N, x the distance along the
parallel from 1.5 E. Cells of one size have one area (to 1e-4 within 2 degrees of the anchor); meridians lean by at
most 1.4 % for each degree of longitude.
"""

from typing import Final

from cordiale.earth.geodesy import metres_per_degree
from cordiale.earth.units import Degrees, FloatArray

ANCHOR_LAT: Final[Degrees] = 51.0
ANCHOR_LON: Final[Degrees] = 1.5


def to_plane(lat: FloatArray, lon: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(x, y) in metres east and north of the anchor; any shape."""
    per_lat, _ = metres_per_degree((lat + ANCHOR_LAT) / 2)
    _, per_lon = metres_per_degree(lat)
    return (lon - ANCHOR_LON) * per_lon, (lat - ANCHOR_LAT) * per_lat


def from_plane(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(lat, lon) in degrees of a point of the plane; the inverse of `to_plane` to a millimetre."""
    per_lat, _ = metres_per_degree(ANCHOR_LAT)
    lat = ANCHOR_LAT + y / per_lat
    for _ in range(2):
        per_lat, _unused = metres_per_degree((lat + ANCHOR_LAT) / 2)
        lat = ANCHOR_LAT + y / per_lat
    _, per_lon = metres_per_degree(lat)
    return lat, ANCHOR_LON + x / per_lon
