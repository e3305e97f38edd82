"""The strait as one environment."""

import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours, minutes
from cordiale.sea.environment import ErrorScale, TidalCurrent, conditions, require_covered, the_strait
from cordiale.sea.tide import OutsideTide, load_tide, window_around
from cordiale.sea.wind import ConstantWind, wind_of_the_night

NIGHT = utc("2021-11-24 03:25")
RNG = np.random.default_rng(6)
LAT, LON = 51.0 + 0.3 * RNG.standard_normal(2000), 1.6 + 0.5 * RNG.standard_normal(2000)


@pytest.mark.parametrize("at", [NIGHT, NIGHT + 123.4])
def test_the_snapshot_of_a_step_is_the_tide_itself(at):
    """Summing constituents on the grid and interpolating is the same as interpolating constants and summing."""
    current = TidalCurrent(atlas=load_tide())
    quick = current.flow(at, window_around(LAT, LON))(LAT, LON)
    exact = current.velocity(at, LAT, LON)
    for a, b in zip(quick, exact, strict=True):
        assert np.abs(a - b).max() < 1e-6  # m/s: a patch holds whole millionths


def test_the_snapshot_does_not_depend_on_the_window():
    """A single particle sees the stream it sees among two thousand."""
    current = TidalCurrent(atlas=load_tide())
    together = current.flow(NIGHT, window_around(LAT, LON))(LAT, LON)
    alone = current.flow(NIGHT, window_around(LAT[:1], LON[:1]))(LAT[:1], LON[:1])
    assert together[0][0] == pytest.approx(alone[0][0], abs=1e-12)


def test_beyond_the_atlas_the_stream_of_its_edge_is_used():
    """A particle that leaves the box keeps the edge's current; a whole cloud outside is refused."""
    strait = the_strait()
    atlas = load_tide()
    inside = strait.current.velocity(NIGHT, np.array([atlas.north]), np.array([2.5]))
    beyond = strait.current.velocity(NIGHT, np.array([atlas.north + 0.5]), np.array([2.5]))
    assert beyond[0][0] == inside[0][0]
    with pytest.raises(OutsideTide):
        require_covered(strait, np.array([55.0]), np.array([3.0]))


def test_every_part_of_the_strait_names_its_source():
    """Printing the environment says where each field comes from and how wrong it may be."""
    text = str(the_strait(wind_of_the_night()))
    assert load_tide().source in text
    assert "judgement" in text
    assert "OpenStreetMap" in text


def test_the_error_of_the_current_is_the_measured_one():
    """The scale comes from the atlas, not from a guess."""
    assert the_strait().current_error.std == load_tide().current_std
    assert 0.05 < the_strait().current_error.std < 0.3  # m/s per component


def test_an_unknown_wind_is_less_certain_than_a_stated_one():
    """No wind given: calm with a wider error; a user may state his own."""
    assert the_strait().wind_error.std > the_strait(ConstantWind(eastward=1.0, northward=0.0)).wind_error.std
    assert the_strait(wind_std=0.5).wind_error.std == 0.5


def test_conditions_are_those_of_the_tide_and_the_wind():
    """Off the South Falls at 03:25 the stream runs north-east at one to two and a half knots."""
    there = conditions(the_strait(wind_of_the_night()), NIGHT, Position(lat=51.15, lon=1.75))
    assert 0.5 < np.hypot(there.current_east, there.current_north) < 1.3  # m/s
    assert there.current_east > 0
    assert there.current_north > 0
    assert there.level is not None
    assert abs(there.level) < 4
    assert there.to_land is not None
    assert there.to_land > 10_000
    assert len(there.sources) == 2
    assert there.light.twilight == "night"


def test_conditions_inland_are_refused():
    """In Paris there is no tide."""
    with pytest.raises(OutsideTide):
        conditions(the_strait(), NIGHT, Position(lat=48.85, lon=2.35))


def test_an_error_scale_is_a_number_of_at_least_zero_over_some_time():
    """Negative, missing and timeless errors are refused."""
    for std, time_scale in ((-0.1, 1 * hours), (float("nan"), 1 * hours), (0.1, 0.0)):
        with pytest.raises(CordialeError):
            ErrorScale(std=std, time_scale=time_scale, source="test")


def test_an_error_quicker_than_its_draws_is_refused():
    """Three minutes would spread a cloud 4.8 times too wide in variance; half an hour is the least."""
    with pytest.raises(CordialeError, match="180 s is too quick"):
        ErrorScale(std=0.2, time_scale=3 * minutes, source="stated")
    assert ErrorScale(std=0.0, time_scale=3 * minutes, source="none").std == 0
    assert ErrorScale(std=0.2, time_scale=30 * minutes, source="stated").time_scale == 30 * minutes
