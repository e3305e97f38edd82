"""Wind as stated, as a series and on a grid. Files are in test_cf."""

import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.earth.units import knots
from cordiale.sea.wind import ConstantWind, WindSeries, WindUnknown, wind_of_the_night, wind_to

HERE = (np.array([51.0]), np.array([1.5]))


def test_a_wind_from_the_south_west_blows_to_the_north_east():
    """From is a word of the border; inside it is a vector to."""
    wind = ConstantWind.blowing(10.0, from_direction=225.0)
    assert wind.eastward == pytest.approx(10 / 2**0.5)
    assert wind.northward == pytest.approx(10 / 2**0.5)
    assert wind_to(12 * knots, 0.0) == pytest.approx((0.0, -12 * knots), abs=1e-12)


@pytest.mark.parametrize(("speed", "direction"), [(-1.0, 0.0), (float("nan"), 0.0), (5.0, 361.0), (5.0, float("nan"))])
def test_an_impossible_wind_is_refused(speed, direction):
    """The message shows the value."""
    with pytest.raises(CordialeError):
        ConstantWind.blowing(speed, from_direction=direction)


def test_a_series_runs_in_straight_lines_between_its_rows():
    """Half way between two rows the components are half way."""
    series = WindSeries(
        instants=np.array([0.0, 3600.0]), eastward=np.array([2.0, 4.0]), northward=np.array([0.0, -8.0]), source="test"
    )
    east, north = series.velocity(1800.0, *HERE)
    assert (east[0], north[0]) == (3.0, -4.0)
    assert series.velocity(0.0, np.zeros(3), np.zeros(3))[0].shape == (3,)


def test_a_series_knows_nothing_outside_its_time():
    """The message names the first, the last and the time asked for."""
    with pytest.raises(WindUnknown, match=r"2021-11-26 00:00Z[\s\S]*2021-11-23 12:00Z"):
        wind_of_the_night().velocity(utc("2021-11-26 00:00"), *HERE)


def test_the_wind_of_the_night_is_light_and_calls_itself_a_judgement():
    """No measured wind is claimed: light and variable, so no mean vector."""
    series = wind_of_the_night()
    assert "judgement" in series.source
    assert np.hypot(series.eastward, series.northward).max() < 3.4  # m/s, top of Beaufort 2
    assert series.instants[0] <= utc("2021-11-23 18:00")
    assert series.instants[-1] >= utc("2021-11-24 18:00")
