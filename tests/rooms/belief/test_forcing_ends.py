"""Forcing that ends too early, and clouds that start on land: a clear answer each."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.belief.drift import drift
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import hours, minutes
from cordiale.sea.environment import the_strait
from cordiale.sea.wind import WindSeries, WindUnknown

from .clouds import NIGHT, cloud
from .test_kernel import grid_wind


def test_a_wind_that_ends_before_the_drift_is_refused_at_once_with_its_time():
    """A series of six hours for a drift of nine: refused before the first step, both times named."""
    series = WindSeries(
        instants=NIGHT + np.array([0.0, 6 * hours]), eastward=np.zeros(2), northward=np.zeros(2), source="six hours"
    )
    told: list[float] = []
    with pytest.raises(WindUnknown, match="six hours"):
        drift(cloud(count=5), the_strait(series), until=NIGHT + 9 * hours, progress=told.append)
    assert told == []
    with pytest.raises(WindUnknown, match="test"):
        drift(cloud(count=5), the_strait(grid_wind(until=5 * hours)), until=NIGHT + 9 * hours)


def test_a_cloud_that_starts_on_land_lies_there_and_says_so():
    """Ten minutes after the start all of it is ashore, at the level of the sea of that time if there is one."""
    inland = cloud(count=50, within=100.0, position=Position(lat=50.90, lon=1.80), what="drifter")
    after = drift(inland, the_strait(), until=NIGHT + 10 * minutes)
    assert after.fraction_ashore == pytest.approx(1)
    assert np.array_equal(after.lat, inland.lat)


def test_a_foolish_scheme_and_no_threads_are_refused():
    """The message names what there is."""
    with pytest.raises(CordialeError, match="midpoint"):
        drift(cloud(count=5), the_strait(), until=NIGHT + 1, scheme="leapfrog")
    with pytest.raises(CordialeError, match="0"):
        drift(cloud(count=5), the_strait(), until=NIGHT + 1, threads=0)
    with pytest.raises(CordialeError, match="0"):
        replace(the_strait().current_error, length=0.0)
