"""Daylight and moonlight."""

import math

import numpy as np
import pytest

from cordiale.earth.instants import utc
from cordiale.earth.units import hours
from cordiale.sea.light import (
    SUNRISE_ALTITUDE,
    TWILIGHTS,
    altitude_azimuth,
    light,
    moon,
    moon_altitude,
    next_sunrise,
    next_sunset,
    sun,
    sun_altitude,
    twilight,
)
from cordiale.words import say

STRAIT = {"lat": 51.0, "lon": 1.5}
NIGHT = utc("2021-11-24 02:01")


def test_the_night_was_dark_with_a_high_moon():
    """At 02:01Z on 2021-11-24 it was night, and a moon four fifths full stood high in the south-east."""
    seen = light(NIGHT, lat=51.14, lon=1.74)
    assert seen.twilight == "night"
    assert seen.moon_is_up
    assert seen.moon_altitude > 50
    assert 0.78 < seen.moon_illuminated < 0.84
    assert 90 < seen.moon_azimuth < 180


def test_morning_passes_through_every_twilight_in_order():
    """From night to day by astronomical, nautical and civil twilight, each begun when the Sun passes its limit."""
    names = twilight(np.linspace(utc("2021-11-24 05:00"), utc("2021-11-24 08:00"), 500), **STRAIT)
    seen = list(dict.fromkeys(names.tolist()))
    assert seen == list(TWILIGHTS)


def test_sunrise_is_where_the_sun_passes_its_altitude():
    """At the sunrise and the twilights found, the Sun stands at the altitude asked for."""
    for altitude in (SUNRISE_ALTITUDE, -6.0, -12.0, -18.0):
        for find in (next_sunrise, next_sunset):
            found = find(NIGHT, **STRAIT, altitude=altitude)
            assert 0 < found - NIGHT <= 24 * hours
            assert sun_altitude(found, **STRAIT) == pytest.approx(altitude, abs=0.001)


def test_the_sun_stands_in_the_south_at_noon_and_in_the_east_in_the_morning():
    """Azimuth is true and turns with the day; at local noon the altitude is 90 - latitude + declination."""
    noon = utc("2021-06-21 11:56")  # 12:00 less 6 minutes of longitude, plus 2 of the equation of time
    seen = light(noon, **STRAIT)
    assert seen.sun_azimuth == pytest.approx(180, abs=1.0)
    assert seen.sun_altitude == pytest.approx(90 - 51.0 + float(sun(noon).declination), abs=0.01)
    assert 80 < light(utc("2021-06-21 07:30"), **STRAIT).sun_azimuth < 110


def test_a_midsummer_night_has_no_astronomical_night_and_the_pole_no_sunrise():
    """At 51 N in June the Sun never sinks 18 degrees; at 80 N in December it never rises."""
    assert math.isnan(next_sunset(utc("2021-06-21 12:00"), **STRAIT, altitude=-18.0))
    assert math.isnan(next_sunrise(utc("2021-12-21 00:00"), lat=80.0, lon=0.0))


def test_arrays_and_single_instants_agree():
    """Many instants and places at once give what each gives alone."""
    at = NIGHT + np.arange(5) * 3 * hours
    lat, lon = np.linspace(50, 52, 5), np.linspace(0, 3, 5)
    for count in range(5):
        alone = light(float(at[count]), lat=float(lat[count]), lon=float(lon[count]))
        assert sun_altitude(at, lat, lon)[count] == pytest.approx(alone.sun_altitude, abs=1e-9)
        assert moon_altitude(at, lat, lon)[count] == pytest.approx(alone.moon_altitude, abs=1e-9)
        assert twilight(at, lat, lon)[count] == alone.twilight


def test_the_moon_is_seen_lower_from_the_sea_than_from_the_centre_of_the_earth():
    """Parallax lowers a moon on the horizon by 0.90 to 1.02 degrees, one overhead hardly at all."""
    times = NIGHT + np.linspace(0, 24 * hours, 2000)
    seen = moon_altitude(times, **STRAIT)
    geocentric, _ = altitude_azimuth(times, STRAIT["lat"], STRAIT["lon"], moon(times))
    lowered = geocentric - seen
    on_horizon = np.abs(seen) < 2
    assert lowered[on_horizon].min() > 0.89 and lowered[on_horizon].max() < 1.03
    assert lowered[np.argmax(seen)] < 0.6
    assert np.all(np.abs(np.diff(seen)) < 0.2)  # degrees in 43 s: it moves smoothly, 15 degrees an hour


def test_every_light_has_a_name_in_both_languages():
    """A view can say what light it is."""
    for name in TWILIGHTS:
        assert say(f"sea.light.{name}") != say(f"sea.light.{name}", "fr")
