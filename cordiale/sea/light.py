"""Daylight and moonlight: where Sun and Moon stand, when the Sun rises and sets, and which twilight it is.

Altitudes are of the centre of the disc and geometric: refraction is left out, but for the 50' (34' of refraction and
16' of radius) that sunrise and sunset allow by convention. Between 1990 and 2050, against 3,000 places of the
ephemeris library PyEphem: Sun within 0.013 degree, Moon within 0.04, illuminated part within 0.0004, sunrise and
sunset within 6 s; on the water refraction makes them uncertain by a minute. Hills and cliffs are not considered.

Sources: Meeus, Astronomical Algorithms, 2nd edition (1998): Sun chapter 25, Moon chapter 47 (the largest terms of
tables 47.A and 47.B), illuminated part chapter 48, sidereal time chapter 12, horizontal coordinates chapter 13.
Twilights: Explanatory Supplement to the Astronomical Almanac (1992), section 9.3.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cordiale.earth.units import (
    BoolArray,
    Degrees,
    FloatArray,
    Fraction,
    Instant,
    Metres,
    Seconds,
    degrees,
    km,
    minutes,
)

Angle = Degrees | FloatArray
Instants = Instant | FloatArray
Twilight = Literal["day", "civil", "nautical", "astronomical", "night"]

DYNAMICAL_MINUS_UTC: Final[Seconds] = 69.2  # 32.184 s + 37 leap seconds, since 2017; the Moon moves 0.01 degree in it
SUNRISE_ALTITUDE: Final[Degrees] = -50 / 60
LIMITS: Final[tuple[Degrees, ...]] = (-18.0, -12.0, -6.0, SUNRISE_ALTITUDE)
TWILIGHTS: Final[tuple[Twilight, ...]] = ("night", "astronomical", "nautical", "civil", "day")

_J2000: Final[Instant] = 946_728_000.0  # 2000-01-01T12:00Z
_DAY: Final[Seconds] = 86_400.0
_ASTRONOMICAL_UNIT: Final[Metres] = 149_597_870.7 * km
_EARTH_RADIUS: Final[Metres] = 6378.14 * km

# Meeus tables 47.A and 47.B, the terms above 0.004 degree: multiples of D, M, M', F; then the coefficients.
_LONGITUDE_AND_DISTANCE = np.array(
    [  # D, M, M', F, sine of longitude in 1e-6 degree, cosine of distance in m
        (0, 0, 1, 0, 6288774, -20905355),
        (2, 0, -1, 0, 1274027, -3699111),
        (2, 0, 0, 0, 658314, -2955968),
        (0, 0, 2, 0, 213618, -569925),
        (0, 1, 0, 0, -185116, 48888),
        (0, 0, 0, 2, -114332, -3149),
        (2, 0, -2, 0, 58793, 246158),
        (2, -1, -1, 0, 57066, -152138),
        (2, 0, 1, 0, 53322, -170733),
        (2, -1, 0, 0, 45758, -204586),
        (0, 1, -1, 0, -40923, -129620),
        (1, 0, 0, 0, -34720, 108743),
        (0, 1, 1, 0, -30383, 104755),
        (2, 0, 0, -2, 15327, 10321),
        (0, 0, 1, 2, -12528, 0),
        (0, 0, 1, -2, 10980, 79661),
        (4, 0, -1, 0, 10675, -34782),
        (0, 0, 3, 0, 10034, -23210),
        (4, 0, -2, 0, 8548, -21636),
        (2, 1, -1, 0, -7888, 24208),
        (2, 1, 0, 0, -6766, 30824),
        (1, 0, -1, 0, -5163, -8379),
        (1, 1, 0, 0, 4987, -16675),
        (2, -1, 1, 0, 4036, -12831),
    ],
    dtype=np.float64,
)
_LATITUDE = np.array(
    [  # D, M, M', F, sine in 1e-6 degree
        (0, 0, 0, 1, 5128122),
        (0, 0, 1, 1, 280602),
        (0, 0, 1, -1, 277693),
        (2, 0, 0, -1, 173237),
        (2, 0, -1, 1, 55413),
        (2, 0, -1, -1, 46271),
        (2, 0, 0, 1, 32573),
        (0, 0, 2, 1, 17198),
        (2, 0, 1, -1, 9266),
        (0, 0, 2, -1, 8822),
        (2, -1, 0, -1, 8216),
        (2, 0, -2, -1, 4324),
        (2, 0, 1, 1, 4200),
    ],
    dtype=np.float64,
)


@dataclass(frozen=True, slots=True)
class Sky:
    """Where a body stands among the stars: apparent right ascension, declination, ecliptic longitude, distance."""

    right_ascension: Angle
    declination: Angle
    longitude: Angle
    latitude: Angle
    distance: Metres | FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """The light at one place and time: what a lookout has to see by."""

    twilight: Twilight
    sun_altitude: Degrees
    sun_azimuth: Degrees
    moon_altitude: Degrees
    moon_azimuth: Degrees
    moon_illuminated: Fraction

    @property
    def name_key(self) -> str:
        """The entry of the word catalogues that names this light."""
        return f"sea.light.{self.twilight}"

    @property
    def moon_is_up(self) -> bool:
        """True while the centre of the Moon is above the geometric horizon."""
        return self.moon_altitude > 0


def sun(at: Instants) -> Sky:
    """The Sun's apparent place, within 0.01 degree (Meeus chapter 25, low accuracy)."""
    t = _centuries(at)
    mean_longitude = 280.46646 + t * (36000.76983 + 0.0003032 * t)
    anomaly = (357.52911 + t * (35999.05029 - 0.0001537 * t)) * degrees
    eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t)
    centre = (
        (1.914602 - t * (0.004817 + 0.000014 * t)) * np.sin(anomaly)
        + (0.019993 - 0.000101 * t) * np.sin(2 * anomaly)
        + 0.000289 * np.sin(3 * anomaly)
    )
    true_anomaly = anomaly + centre * degrees
    radius = 1.000001018 * (1 - eccentricity**2) / (1 + eccentricity * np.cos(true_anomaly))
    node = (125.04 - 1934.136 * t) * degrees
    longitude = np.mod(mean_longitude + centre - 0.00569 - 0.00478 * np.sin(node), 360.0)
    obliquity = _mean_obliquity(t) + 0.00256 * np.cos(node)
    return _equatorial(longitude, np.zeros_like(longitude), obliquity, radius * _ASTRONOMICAL_UNIT)


def moon(at: Instants) -> Sky:
    """The Moon's apparent place seen from the centre of the Earth, within 0.03 degree and 100 km (Meeus chapter 47)."""
    t = _centuries(at)
    mean_longitude = 218.3164477 + t * (481267.88123421 - 0.0015786 * t)
    elongation = 297.8501921 + t * (445267.1114034 - 0.0018819 * t)
    sun_anomaly = 357.5291092 + t * (35999.0502909 - 0.0001536 * t)
    anomaly = 134.9633964 + t * (477198.8675055 + 0.0087414 * t)
    from_node = 93.2720950 + t * (483202.0175233 - 0.0036539 * t)
    elements = np.stack([elongation, sun_anomaly, anomaly, from_node])
    shrink = 1 - t * (0.002516 + 0.0000074 * t)  # the Earth's orbit grows rounder

    def series(table: FloatArray, column: int, *, sine: bool) -> FloatArray:
        phase = np.tensordot(table[:, :4], elements, axes=1) * degrees
        weight = shrink ** np.abs(table[:, 1]).reshape((-1,) + (1,) * t.ndim)
        wave = weight * (np.sin(phase) if sine else np.cos(phase))
        return np.asarray(np.tensordot(table[:, column], wave, axes=1))

    nutation = -0.00478 * np.sin((125.04 - 1934.136 * t) * degrees)
    longitude = np.mod(mean_longitude + series(_LONGITUDE_AND_DISTANCE, 4, sine=True) * 1e-6 + nutation, 360.0)
    latitude = series(_LATITUDE, 4, sine=True) * 1e-6
    distance = 385_000.56 * km + series(_LONGITUDE_AND_DISTANCE, 5, sine=False)
    return _equatorial(longitude, latitude, _mean_obliquity(t), distance)


def altitude_azimuth(at: Instants, lat: Angle, lon: Angle, sky: Sky) -> tuple[FloatArray, FloatArray]:
    """Degrees above the horizon and degrees true, seen from the centre of the Earth (Meeus chapter 13)."""
    hour_angle = (sidereal_time(at) + np.asarray(lon) - sky.right_ascension) * degrees
    phi, delta = np.asarray(lat) * degrees, np.asarray(sky.declination) * degrees
    sine = np.sin(phi) * np.sin(delta) + np.cos(phi) * np.cos(delta) * np.cos(hour_angle)
    from_south = np.arctan2(np.sin(hour_angle), np.cos(hour_angle) * np.sin(phi) - np.tan(delta) * np.cos(phi))
    return np.asarray(np.arcsin(np.clip(sine, -1, 1)) / degrees), np.mod(from_south / degrees + 180.0, 360.0)


def sun_altitude(at: Instants, lat: Angle, lon: Angle) -> FloatArray:
    """Geometric altitude of the Sun's centre, degrees; arrays broadcast."""
    return altitude_azimuth(at, lat, lon, sun(at))[0]


def moon_altitude(at: Instants, lat: Angle, lon: Angle) -> FloatArray:
    """Geometric altitude of the Moon's centre seen from the sea surface (parallax taken off), degrees."""
    return _moon_altitude_azimuth(at, lat, lon)[0]


def moon_illuminated(at: Instants) -> FloatArray:
    """The part of the Moon's disc that is lit, 0 to 1 (Meeus chapter 48)."""
    moon_at, sun_at = moon(at), sun(at)
    apart = (np.asarray(moon_at.longitude) - sun_at.longitude) * degrees
    elongation = np.arccos(np.cos(np.asarray(moon_at.latitude) * degrees) * np.cos(apart))
    phase = np.arctan2(sun_at.distance * np.sin(elongation), moon_at.distance - sun_at.distance * np.cos(elongation))
    return np.asarray((1 + np.cos(phase)) / 2)


def twilight(at: Instants, lat: Angle, lon: Angle) -> NDArray[np.str_]:
    """`day`, `civil`, `nautical`, `astronomical` or `night`, by the Sun's altitude (-0.83, -6, -12, -18 degrees)."""
    return np.array(TWILIGHTS)[np.searchsorted(LIMITS, sun_altitude(at, lat, lon))]


def light(at: Instant, *, lat: Degrees, lon: Degrees) -> Light:
    """The light at one place and time."""
    altitude, azimuth = altitude_azimuth(at, lat, lon, sun(at))
    moon_up, moon_towards = _moon_altitude_azimuth(at, lat, lon)
    return Light(
        twilight=TWILIGHTS[int(np.searchsorted(LIMITS, altitude))],
        sun_altitude=float(altitude),
        sun_azimuth=float(azimuth),
        moon_altitude=float(moon_up),
        moon_azimuth=float(moon_towards),
        moon_illuminated=float(moon_illuminated(at)),
    )


def next_sunrise(after: Instant, *, lat: Degrees, lon: Degrees, altitude: Degrees = SUNRISE_ALTITUDE) -> Instant:
    """When the Sun next climbs through `altitude` within 24 h; NaN where it does not.

    With altitude -6, -12 or -18 it is the beginning of civil, nautical or astronomical twilight.
    """
    return _next_crossing(after, lat, lon, altitude, rising=True)


def next_sunset(after: Instant, *, lat: Degrees, lon: Degrees, altitude: Degrees = SUNRISE_ALTITUDE) -> Instant:
    """When the Sun next sinks through `altitude` within 24 h; NaN where it does not."""
    return _next_crossing(after, lat, lon, altitude, rising=False)


def sidereal_time(at: Instants) -> FloatArray:
    """Mean sidereal time at Greenwich, degrees, 0 to 360 (Meeus 12.4); UTC stands for UT1, less than 0.9 s apart."""
    day = (np.asarray(at, dtype=np.float64) - _J2000) / _DAY
    return np.mod(280.46061837 + 360.98564736629 * day + 0.000387933 * (day / 36525) ** 2, 360.0)


def _centuries(at: Instants) -> FloatArray:
    return np.asarray((np.asarray(at, dtype=np.float64) + DYNAMICAL_MINUS_UTC - _J2000) / (36525 * _DAY))


def _mean_obliquity(t: FloatArray) -> FloatArray:
    return np.asarray(23.4392911 - t * (0.0130042 + 1.64e-7 * t))


def _equatorial(longitude: FloatArray, latitude: FloatArray, obliquity: FloatArray, distance: FloatArray) -> Sky:
    lam, beta, eps = longitude * degrees, latitude * degrees, obliquity * degrees
    right_ascension = np.arctan2(np.sin(lam) * np.cos(eps) - np.tan(beta) * np.sin(eps), np.cos(lam))
    declination = np.arcsin(np.sin(beta) * np.cos(eps) + np.cos(beta) * np.sin(eps) * np.sin(lam))
    return Sky(np.mod(right_ascension / degrees, 360.0), declination / degrees, longitude, latitude, distance)


def _moon_altitude_azimuth(at: Instants, lat: Angle, lon: Angle) -> tuple[FloatArray, FloatArray]:
    place = moon(at)
    altitude, azimuth = altitude_azimuth(at, lat, lon, place)
    parallax = np.arcsin(np.cos(altitude * degrees) * _EARTH_RADIUS / place.distance)
    return altitude - parallax / degrees, azimuth


def _next_crossing(after: Instant, lat: Degrees, lon: Degrees, altitude: Degrees, *, rising: bool) -> Instant:
    """The first passage within 24 h, found on ten-minute steps and narrowed by halving to 0.1 s."""
    times = after + np.arange(0.0, _DAY + 1, 10 * minutes)
    above = _is_above(times, lat, lon, altitude)
    passes = np.flatnonzero(above[1:] & ~above[:-1] if rising else ~above[1:] & above[:-1])
    if passes.size == 0:
        return float("nan")
    early, late = times[passes[0]], times[passes[0] + 1]
    while late - early > 0.1:
        middle = (early + late) / 2
        if bool(_is_above(middle, lat, lon, altitude)) == rising:
            late = middle
        else:
            early = middle
    return float(late)


def _is_above(at: Instants, lat: Degrees, lon: Degrees, altitude: Degrees) -> BoolArray:
    return np.asarray(sun_altitude(at, lat, lon) > altitude)
