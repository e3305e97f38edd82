"""Errors shared in space by particles of one world: who is close together is wrong together."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.belief.drift import drift
from cordiale.belief.shared_errors import shared_normals, with_shared_errors
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import destination, distance
from cordiale.earth.position import Position
from cordiale.earth.units import hours, km
from cordiale.sea.analytic import UniformCurrent, analytic_sea
from cordiale.sea.environment import the_strait

from .clouds import NIGHT, cloud

CHANCE = Stream.of_seed(4).child("shared")
LENGTH = 10 * km
WORLDS = 6000


def in_pairs(apart):
    """The numbers of two places so far apart in each of many worlds: (2, worlds, 2)."""
    world = np.repeat(np.arange(WORLDS), 2)
    east = np.tile([0.0, apart], WORLDS)
    lat, lon = destination(np.full(2 * WORLDS, 51.0), np.full(2 * WORLDS, 1.3), east, np.zeros(2 * WORLDS))
    return shared_normals(CHANCE, world, 7, LENGTH, lat, lon).reshape(WORLDS, 2, 2).transpose(1, 0, 2)


@pytest.mark.parametrize("apart", [0.0, 2 * km, 10 * km, 20 * km, 40 * km])
def test_the_correlation_falls_with_the_distance_as_stated(apart):
    """exp(-d2 / 2 L2): 1 at one place, 0.61 at one length, none at four; each number stays standard normal."""
    here, there = in_pairs(apart)
    expected = np.exp(-((apart / LENGTH) ** 2) / 2)
    for component in range(2):
        assert (here[:, component] * there[:, component]).mean() == pytest.approx(expected, abs=0.05)  # 4 / sqrt(6000)
        assert there[:, component].std() == pytest.approx(1, abs=0.04)
        assert abs(there[:, component].mean()) < 0.05
    assert abs((here[:, 0] * here[:, 1]).mean()) < 0.05


@pytest.mark.parametrize("engine", ["compiled", "numpy"])
def test_two_people_of_one_boat_stay_together(engine):
    """A hundred worlds with two particles each, 100 m apart: after 6 h nearly as close, with own errors not."""
    one = cloud(count=100, within=50.0, what="drifter", position=Position(lat=51.0, lon=1.5))
    lat, lon = destination(one.lat, one.lon, np.full(100, 100.0), np.zeros(100))
    both = cloud(count=200, within=50.0, what="drifter")
    both = replace(
        both, lat=np.concatenate([one.lat, lat]), lon=np.concatenate([one.lon, lon]), world=np.tile(np.arange(100), 2)
    )
    gone = {}
    for length in (None, 20 * km):
        sea = replace(the_strait(current_length=length, wind_length=length, residual_length=length), coast=None)
        after = drift(with_shared_errors(both, sea), sea, until=NIGHT + 6 * hours, engine=engine)
        gone[length] = np.median(distance(after.lat[:100], after.lon[:100], after.lat[100:], after.lon[100:]))
    assert gone[20 * km] < 500.0  # m: one leeway residual and side for each of the two is theirs
    assert gone[None] > 1500.0


def test_the_spread_of_many_worlds_is_that_of_independent_errors():
    """Where every particle is a world of its own the length changes nothing but the numbers."""
    spreads = []
    for length in (None, 15 * km):
        sea = analytic_sea(
            UniformCurrent(eastward=0.0, northward=0.0), current_std=0.15, time_scale=3 * hours, length=length
        )
        before = with_shared_errors(cloud(count=3000, within=1.0, what="drifter"), sea)
        after = drift(before, sea, until=NIGHT + 6 * hours)
        spreads.append(float(np.std(after.lat)))
    assert spreads[1] == pytest.approx(spreads[0], rel=0.07)  # two samples of 3000: 1.3 % each
