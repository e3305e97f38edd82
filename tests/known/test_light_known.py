"""Sun and Moon against published numbers.

Worked examples of Meeus, Astronomical Algorithms, 2nd edition (1998); phases of the Moon and the eclipse of
2021-12-04 as published by NASA; sunrise at Dover on 2021-11-24 as given at the Cranston Inquiry (07:26 UTC).
"""

import pytest

from cordiale.earth.instants import utc
from cordiale.earth.units import hours, minutes
from cordiale.sea.light import (
    DYNAMICAL_MINUS_UTC,
    Sky,
    altitude_azimuth,
    moon,
    moon_illuminated,
    next_sunrise,
    next_sunset,
    sidereal_time,
    sun,
)

OCTOBER_1992 = utc("1992-10-13 00:00") - DYNAMICAL_MINUS_UTC  # the examples are in dynamical time
APRIL_1992 = utc("1992-04-12 00:00") - DYNAMICAL_MINUS_UTC
DOVER = {"lat": 51.13, "lon": 1.31}


def test_sun_of_example_25a():
    """1992 October 13.0 TD: right ascension 198.38083, declination -7.78507, radius vector 0.99766."""
    place = sun(OCTOBER_1992)
    assert place.longitude == pytest.approx(199.90895, abs=2e-4)  # degrees; the book rounds to 1e-5 on the way
    assert place.right_ascension == pytest.approx(198.38083, abs=2e-4)
    assert place.declination == pytest.approx(-7.78507, abs=2e-4)
    assert place.distance / 149_597_870_700 == pytest.approx(0.99766, abs=1e-5)


def test_moon_of_example_47a():
    """1992 April 12.0 TD: apparent right ascension 134.688470, declination 13.768368, distance 368,409.7 km."""
    place = moon(APRIL_1992)
    assert place.longitude == pytest.approx(133.167265, abs=0.015)  # degrees; our series stops at 0.004
    assert place.latitude == pytest.approx(-3.229127, abs=0.01)
    assert place.right_ascension == pytest.approx(134.688470, abs=0.015)
    assert place.declination == pytest.approx(13.768368, abs=0.015)
    assert place.distance / 1000 == pytest.approx(368_409.7, abs=60)  # km


def test_illuminated_fraction_of_example_48a():
    """1992 April 12.0 TD: 0.6786 of the disc is lit."""
    assert moon_illuminated(APRIL_1992) == pytest.approx(0.6786, abs=2e-4)


def test_sidereal_time_of_example_12b():
    """1987 April 10 at 19:21:00 UT: 128.7378734 degrees."""
    assert sidereal_time(utc("1987-04-10 19:21")) == pytest.approx(128.7378734, abs=1e-5)


def test_horizontal_coordinates_of_example_13b():
    """Venus over Washington on 1987 April 10: altitude 15.1249, azimuth 68.0337 from the south."""
    venus = Sky(347.3193375, -6.719892, 0.0, 0.0, 1.0)
    altitude, azimuth = altitude_azimuth(
        utc("1987-04-10 19:21"), 38 + 55 / 60 + 17 / 3600, -(77 + 3 / 60 + 56 / 3600), venus
    )
    assert altitude == pytest.approx(15.1249, abs=0.002)  # the book adds nutation to the sidereal time: 0.001 degree
    assert azimuth == pytest.approx(180 + 68.0337, abs=0.002)


def test_sunrise_at_dover_on_the_night():
    """2021-11-24: sunrise 07:26 UTC as the Inquiry heard; sunset 15:56 within two minutes."""
    midnight = utc("2021-11-24 00:00")
    assert abs(next_sunrise(midnight, **DOVER) - utc("2021-11-24 07:26")) < 2 * minutes
    assert abs(next_sunset(midnight, **DOVER) - utc("2021-11-24 15:56")) < 2 * minutes


@pytest.mark.parametrize(
    ("moment", "lit", "within"),
    [
        ("2021-11-19 08:57", 1.0, 0.001),  # full moon, partial lunar eclipse
        ("2021-11-27 12:28", 0.5, 0.005),  # last quarter: half lit in longitude, the latitude of the Moon aside
        ("2021-12-04 07:43", 0.0, 0.0005),  # new moon, total solar eclipse
    ],
)
def test_phases_of_the_moon_around_the_night(moment, lit, within):
    """The published instants of full moon, last quarter and new moon."""
    assert moon_illuminated(utc(moment)) == pytest.approx(lit, abs=within)


def test_the_equinox_of_2021():
    """The Sun's longitude passes 0 on 2021-03-20 at 09:37 UTC (published to the minute)."""
    before, after = sun(utc("2021-03-20 09:37") - hours / 4), sun(utc("2021-03-20 09:37") + hours / 4)
    assert before.longitude > 359.98
    assert after.longitude < 0.02
