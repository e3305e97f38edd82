"""Distance and direction on WGS 84 within one sea.

Positions a few hundred kilometres apart are joined by the ellipsoid's two radii of curvature at the mean latitude.
Within 300 km and below 60 degrees of latitude the distance is right to 0.05 %, the bearing (the mean one along the
line) to 0.1 degree; `tests/known/test_geodesy_known.py` compares with GeographicLib. No trigonometry of the
sphere, no iteration: drift calls these for every particle and step.

Source: WGS 84 ellipsoid a = 6 378 137 m, 1/f = 298.257223563 (NGA.STND.0036, 2014); radii of curvature M and N as in
any text on geodesy, for instance Rapp, Geometric Geodesy part I (1991), section 3.
"""

import numpy as np

from cordiale.earth.units import Degrees, FloatArray, Metres, Quantity, degrees

SEMI_MAJOR_AXIS: Metres = 6_378_137.0
FLATTENING = 1 / 298.257223563
_E2 = FLATTENING * (2 - FLATTENING)

Angle = Degrees | FloatArray


def metres_per_degree(lat: Angle) -> tuple[FloatArray, FloatArray]:
    """Length of one degree of latitude and of longitude at `lat`: (north, east) in m per degree, shape of `lat`."""
    sine = np.sin(np.asarray(lat, dtype=np.float64) * degrees)
    w2 = 1 - _E2 * sine * sine
    north = SEMI_MAJOR_AXIS * (1 - _E2) / (w2 * np.sqrt(w2)) * degrees
    east = SEMI_MAJOR_AXIS / np.sqrt(w2) * np.sqrt(1 - sine * sine) * degrees
    return north, east


def displacement(lat0: Angle, lon0: Angle, lat: Angle, lon: Angle) -> tuple[FloatArray, FloatArray]:
    """Metres east and north from (lat0, lon0) to (lat, lon); arrays broadcast."""
    lat0, lon0, lat, lon = (np.asarray(x, dtype=np.float64) for x in (lat0, lon0, lat, lon))
    north, east = metres_per_degree((lat0 + lat) / 2)
    return (np.mod(lon - lon0 + 180, 360) - 180) * east, (lat - lat0) * north


def destination(
    lat0: Angle, lon0: Angle, east: Metres | FloatArray, north: Metres | FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The (lat, lon) that lies `east` and `north` metres from (lat0, lon0); the inverse of `displacement`."""
    start = np.asarray(lat0, dtype=np.float64)
    first, _ = metres_per_degree(start)
    middle, _ = metres_per_degree(start + np.asarray(north) / first / 2)
    lat = start + np.asarray(north) / middle
    _, width = metres_per_degree((start + lat) / 2)
    return lat, np.asarray(lon0, dtype=np.float64) + np.asarray(east) / width


def distance(lat0: Angle, lon0: Angle, lat: Angle, lon: Angle) -> FloatArray:
    """Metres between two positions."""
    return np.hypot(*displacement(lat0, lon0, lat, lon))


def bearing(lat0: Angle, lon0: Angle, lat: Angle, lon: Angle) -> FloatArray:
    """Degrees true, 0 to 360, from the first position to the second (mean direction of the line)."""
    east, north = displacement(lat0, lon0, lat, lon)
    return direction_to(east, north)


def direction_to(east: FloatArray | Metres, north: FloatArray | Metres) -> FloatArray:
    """Degrees true towards which a vector points: (east 1, north 0) is 090."""
    return np.mod(np.arctan2(east, north) / degrees, 360.0)


def components(magnitude: FloatArray | Quantity, towards: FloatArray | Degrees) -> tuple[FloatArray, FloatArray]:
    """East and north components of a vector of given magnitude pointing `towards` degrees true."""
    angle = np.asarray(towards, dtype=np.float64) * degrees
    return np.asarray(magnitude * np.sin(angle)), np.asarray(magnitude * np.cos(angle))
