"""Laws of the life of a small boat, for any wind, seed and part of the cloud."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordiale.belief.belief import PER_PARTICLE
from cordiale.belief.drift import drift
from cordiale.belief.life_cycle import phases_of
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.boats.life import DEBRIS, life_cycles
from cordiale.boats.search_object import loaded, mean_downwind, search_object
from cordiale.earth.chance import Stream
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours
from cordiale.sea.analytic import UniformCurrent, analytic_sea
from cordiale.sea.wind import ConstantWind

NIGHT = utc("2021-11-24 02:00")
KINDS = st.sampled_from(["small_boat", "small_boat_people", "taxi_boat"])


def boats(key, seed, count=60):
    """A small cloud, half of it under way."""
    fix = Fix(position=Position(lat=51.0, lon=1.5), within=500.0)
    stream = Stream.of_seed(seed).child("laws")
    return first_belief(fix, at=NIGHT, stream=stream, count=count, search_for=search_object(key), under_way=0.5)


def windy(speed):
    """A still sea under one wind with an error."""
    still = UniformCurrent(eastward=0.2, northward=0.1)
    return analytic_sea(still, wind=ConstantWind(eastward=speed, northward=0.0), wind_std=2.0)


@settings(max_examples=15, deadline=None)
@given(key=KINDS, seed=st.integers(0, 2**40), wind=st.floats(0, 25), first=st.integers(0, 30), step=st.integers(1, 7))
def test_any_part_of_a_cloud_has_the_lives_it_has_in_the_whole(key, seed, wind, first, step):
    """Drifted for three hours alone or with the others: every field alike, whoever else is there."""
    whole = boats(key, seed)
    which = np.arange(first, len(whole), step)
    part = drift(whole.only(which), windy(wind), until=NIGHT + 3 * hours)
    together = drift(whole, windy(wind), until=NIGHT + 3 * hours)
    for name in PER_PARTICLE:
        if name != "weight":
            here, there = getattr(part, name), getattr(together, name)[which]
            assert np.array_equal(here, there, equal_nan=here.dtype.kind == "f"), name


@settings(max_examples=15, deadline=None)
@given(key=KINDS, seed=st.integers(0, 2**40), wind=st.floats(0, 25))
def test_what_she_is_now_is_a_probability_and_debris_is_the_end(key, seed, wind):
    """Shares of the phases sum to 1 at any time, and the share of debris never falls."""
    belief, before = boats(key, seed), 0.0
    for hour in range(1, 5):
        belief = drift(belief, windy(wind), until=NIGHT + hour * hours)
        shares = phases_of(belief)
        assert sum(shares.values()) == pytest.approx(1, abs=1e-9)
        assert min(shares.values()) >= 0
        assert shares["debris"] >= before - 1e-12
        before = shares["debris"]


@given(persons=st.floats(1, 300), more=st.floats(0, 100), length=st.floats(5, 12))
def test_more_people_never_make_her_drift_faster(persons, more, length):
    """The leeway falls with the load, and the weights stay a mixture."""
    boat = search_object("small_boat")
    light = loaded(boat, persons, length)
    heavy = loaded(boat, min(persons + more, 300), length)
    assert mean_downwind(heavy) <= mean_downwind(light) + 1e-9  # m/s
    assert sum(heavy.weights) == pytest.approx(1, abs=1e-12)


def test_no_life_leads_out_of_debris():
    """For every packaged life, and none can be made that does."""
    for life in life_cycles().values():
        assert not [t for t in life.transitions if t.before == DEBRIS]
        assert replace(life, key="mine").transitions == life.transitions
