"""What the stated position of a report says about the true one: a density over places, drawn from and looked up.

A position of a report has an error and never NaN. Its density is that of the true position, given the report alone
and an even prior; for a fix the two are symmetrical, so it is also the likelihood of the report given the place.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cordiale.belief.plane import from_plane, to_plane
from cordiale.belief.report import Area, Fix, Place, Reading
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import destination, displacement
from cordiale.earth.position import Position
from cordiale.earth.units import BoolArray, FloatArray, IntArray, Metres, SquareMetres, degrees

_TRIES = 400  # draws of a point in a polygon before one on its rim is taken


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Mean and covariance of a place: `east_variance`, `north_variance`, `covariance` in m2 about `centre`."""

    centre: Position
    east_variance: SquareMetres
    north_variance: SquareMetres
    covariance: SquareMetres


def draw_place(where: Sequence[Reading], stream: Stream, ids: IntArray) -> tuple[FloatArray, FloatArray]:
    """(lat, lon) of a true position for each particle id, by the report alone: first a reading, then a place in it."""
    limits = np.cumsum([reading.probability for reading in where])[:-1]
    chosen = np.searchsorted(limits, stream.child("reading").uniforms(ids, 0)[:, 0], side="right")
    lat, lon = np.empty(ids.size), np.empty(ids.size)
    for index, reading in enumerate(where):
        mine = chosen == index
        if mine.any():
            lat[mine], lon[mine] = _draw(reading.place, stream.child("place"), ids[mine])
    return lat, lon


def log_likelihood_of_place(where: Sequence[Reading], lat: FloatArray, lon: FloatArray) -> FloatArray:
    """Natural logarithm of the density (1/m2) of the true position at places (n,); minus infinity outside an area."""
    with np.errstate(divide="ignore"):
        parts = [
            _log_density(reading.place, lat, lon) + math.log(reading.probability)
            for reading in where
            if reading.probability > 0
        ]
        return np.asarray(np.logaddexp.reduce(parts, axis=0))


def spot(place: Place) -> Spot:
    """Mean and covariance of the true position given one reading."""
    if isinstance(place, Fix):
        variance = place.position_std**2
        return Spot(centre=place.position, east_variance=variance, north_variance=variance, covariance=0.0)
    if isinstance(place, Area):
        return _spot_of_area(place)
    along, across = place.range_std**2, (place.range * place.bearing_std * degrees) ** 2
    sine, cosine = math.sin(place.bearing * degrees), math.cos(place.bearing * degrees)
    lat, lon = destination(place.origin.lat, place.origin.lon, place.range * sine, place.range * cosine)
    return Spot(
        centre=Position(lat=float(lat), lon=float(lon)),
        east_variance=along * sine**2 + across * cosine**2,
        north_variance=along * cosine**2 + across * sine**2,
        covariance=(along - across) * sine * cosine,
    )


def inside_area(area: Area, lat: FloatArray, lon: FloatArray) -> BoolArray:
    """True for places inside the polygon (even-odd rule, straight sides in latitude and longitude)."""
    inside = np.zeros(np.shape(lat), dtype=np.bool_)
    for a, b in _sides(area):
        if a.lat != b.lat:
            spans = (a.lat > lat) != (b.lat > lat)
            inside ^= spans & (lon < a.lon + (lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon))
    return inside


def area_of(area: Area) -> SquareMetres:
    """Square metres of the polygon; at least 1, so that a polygon without breadth still has a density."""
    x, y = _corners(area)
    return max(abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2, 1.0)


def _draw(place: Place, stream: Stream, ids: IntArray) -> tuple[FloatArray, FloatArray]:
    if isinstance(place, Area):
        return _draw_in_area(place, stream, ids)
    normal = stream.normals(ids, 0)
    if isinstance(place, Fix):
        offset = place.position_std * normal
        return destination(place.position.lat, place.position.lon, offset[:, 0], offset[:, 1])
    distance = np.abs(place.range + place.range_std * normal[:, 0])
    bearing = (place.bearing + place.bearing_std * normal[:, 1]) * degrees
    return destination(place.origin.lat, place.origin.lon, distance * np.sin(bearing), distance * np.cos(bearing))


def _draw_in_area(area: Area, stream: Stream, ids: IntArray) -> tuple[FloatArray, FloatArray]:
    """Throw points at the box of the polygon until each particle has one inside; what never hits lies on the rim."""
    lats = np.array([corner.lat for corner in area.corners])
    lons = np.array([corner.lon for corner in area.corners])
    lat, lon = np.empty(ids.size), np.empty(ids.size)
    waiting = np.arange(ids.size)
    for attempt in range(_TRIES):
        throw = stream.uniforms(ids[waiting], attempt)
        lat[waiting] = lats.min() + throw[:, 0] * np.ptp(lats)
        lon[waiting] = lons.min() + throw[:, 1] * np.ptp(lons)
        waiting = waiting[~inside_area(area, lat[waiting], lon[waiting])]
        if waiting.size == 0:
            return lat, lon
    throw = stream.uniforms(ids[waiting], _TRIES)
    side = (throw[:, 0] * lats.size).astype(np.intp)
    lat[waiting] = lats[side] + throw[:, 1] * (np.roll(lats, -1) - lats)[side]
    lon[waiting] = lons[side] + throw[:, 1] * (np.roll(lons, -1) - lons)[side]
    return lat, lon


def _log_density(place: Place, lat: FloatArray, lon: FloatArray) -> FloatArray:
    if isinstance(place, Area):
        return np.where(inside_area(place, lat, lon), -math.log(area_of(place)), -np.inf)
    if isinstance(place, Fix):
        std = place.position_std
        east, north = displacement(place.position.lat, place.position.lon, lat, lon)
        return np.asarray(-(east**2 + north**2) / (2 * std**2) - math.log(2 * math.pi * std**2))
    east, north = displacement(place.origin.lat, place.origin.lon, lat, lon)
    distance = np.maximum(np.hypot(east, north), 1.0)
    turn = np.mod(np.arctan2(east, north) / degrees - place.bearing + 180, 360) - 180
    spread: Metres = place.bearing_std * degrees
    return np.asarray(
        -((distance - place.range) ** 2) / (2 * place.range_std**2)
        - turn**2 / (2 * place.bearing_std**2)
        - math.log(2 * math.pi * place.range_std * spread)
        - np.log(distance)
    )


def _spot_of_area(area: Area) -> Spot:
    """Moments of an even spread over the polygon, by the formulas of Green's theorem."""
    x, y = _corners(area)
    next_x, next_y = np.roll(x, -1), np.roll(y, -1)
    cross = x * next_y - next_x * y
    total = float(cross.sum())
    if abs(total) < 2.0:  # a polygon without breadth: the spread of its corners
        total, mean_x, mean_y = 0.0, float(x.mean()), float(y.mean())
        xx, yy, xy = float(x.var()), float(y.var()), float(np.mean((x - mean_x) * (y - mean_y)))
    else:
        mean_x = float(((x + next_x) * cross).sum()) / (3 * total)
        mean_y = float(((y + next_y) * cross).sum()) / (3 * total)
        xx = float(((x * x + x * next_x + next_x**2) * cross).sum()) / (6 * total) - mean_x**2
        yy = float(((y * y + y * next_y + next_y**2) * cross).sum()) / (6 * total) - mean_y**2
        mixed = x * next_y + 2 * x * y + 2 * next_x * next_y + next_x * y
        xy = float((mixed * cross).sum()) / (12 * total) - mean_x * mean_y
    first_x, first_y = to_plane(np.asarray(area.corners[0].lat), np.asarray(area.corners[0].lon))
    lat, lon = from_plane(first_x + mean_x, first_y + mean_y)
    return Spot(
        centre=Position(lat=float(lat), lon=float(lon)),
        east_variance=max(xx, 1.0),
        north_variance=max(yy, 1.0),
        covariance=xy,
    )


def _corners(area: Area) -> tuple[FloatArray, FloatArray]:
    """Metres east and north of the first corner, in the equal-area plane."""
    x, y = to_plane(np.array([c.lat for c in area.corners]), np.array([c.lon for c in area.corners]))
    return x - x[0], y - y[0]


def _sides(area: Area) -> list[tuple[Position, Position]]:
    return list(zip(area.corners, (*area.corners[1:], area.corners[0]), strict=True))
