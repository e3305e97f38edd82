"""Laws of survival in the water that hold whoever is in it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cordiale.boats.survival import HIGH, KNOTS, LOW, MEDIAN, survival_curve
from cordiale.boats.survival_count import number_alive
from cordiale.boats.survival_horizon import last_reasonable_time
from cordiale.boats.survival_table import Immersion, survival_table
from cordiale.earth.units import hours

# Answers are known here, or at most one is open: everything open at once is slow and is tried in tests/rooms.
KNOWN = st.builds(
    Immersion,
    place=st.sampled_from(["in_water", "holding_on", "flooded_boat", "out_of_water"]),
    lifejacket=st.sampled_from(["none", "effective", "ineffective"]),
    panic=st.booleans(),
    sudden=st.booleans(),
    clothing=st.sampled_from(["normal", "light", "thermal"]),
    injured=st.booleans(),
    children=st.sampled_from([0.0, 0.25, 1.0]),
    persons=st.sampled_from([(1, 1), (5, 9), (33, 33)]),
)
FACTS = ("place", "lifejacket", "panic", "sudden", "clothing", "injured")
WATER = st.floats(-2, 34)
few = settings(max_examples=30, deadline=None)


@few
@given(who=KNOWN, water=WATER, planning=st.booleans())
def test_the_dead_stay_dead(who, water, planning):
    """Every level and the mean of S fall with time, from 1 at entry; none leaves 0 to 1."""
    curve = survival_curve(who, water, planning=planning)
    for values in (*curve.levels, curve.mean):
        assert values[0] == pytest.approx(1, abs=1e-12)
        assert np.all(np.diff(values) <= 1e-12)
        assert values.min() >= 0


@few
@given(who=KNOWN, water=WATER, warmer=st.floats(0, 15), open_fact=st.sampled_from([None, *FACTS]))
def test_warmer_water_is_never_worse(who, water, warmer, open_fact):
    """At every level and time S rises with the temperature, in and outside the range of the estimator."""
    who = replace(who, **{open_fact: None}) if open_fact else who
    cold, warm = survival_curve(who, water), survival_curve(who, min(water + warmer, 35.0))
    assert np.all(warm.levels >= cold.levels - 1e-9)
    assert np.all(warm.mean >= cold.mean - 1e-9)


@few
@given(who=KNOWN, water=WATER)
def test_a_lifejacket_is_never_worse_and_a_useless_one_is_none(who, water):
    """Effective is at least none at every level; ineffective is the same as none."""
    none, useless, worn = (
        survival_curve(replace(who, lifejacket=kind), water) for kind in ("none", "ineffective", "effective")
    )
    assert np.array_equal(none.levels, useless.levels)
    assert np.all(worn.levels >= none.levels - 1e-9)


@few
@given(who=KNOWN, water=WATER)
def test_children_injuries_and_panic_are_never_better(who, water):
    """A larger share of children, an injury or a panic never raises S."""
    for better, worse in (
        (replace(who, children=0.0), replace(who, children=0.5)),
        (replace(who, children=0.5), replace(who, children=1.0)),
        (replace(who, injured=False), replace(who, injured=True)),
        (replace(who, panic=False), replace(who, panic=True)),
        (replace(who, sudden=False), replace(who, sudden=True)),
    ):
        assert np.all(survival_curve(better, water).levels >= survival_curve(worse, water).levels - 1e-9)


@few
@given(who=KNOWN, water=WATER, open_fact=st.sampled_from(FACTS))
def test_the_band_holds_the_median(who, water, open_fact):
    """The 10 % point is below the median and the 90 % point above, at any time."""
    curve = survival_curve(replace(who, **{open_fact: None}), water)
    assert np.all(curve.levels[LOW] <= curve.levels[MEDIAN])
    assert np.all(curve.levels[MEDIAN] <= curve.levels[HIGH])


@few
@given(who=KNOWN, other=KNOWN, water=WATER)
def test_two_groups_lie_between_each_other(who, other, water):
    """S of a random person of two groups lies between the S of the groups, at every level."""
    both, one, two = (survival_curve(group, water) for group in ((who, other), who, other))
    assert np.all(both.levels >= np.minimum(one.levels, two.levels) - 1e-9)
    assert np.all(both.levels <= np.maximum(one.levels, two.levels) + 1e-9)


@few
@given(who=KNOWN, water=WATER)
def test_an_unanswered_question_lies_between_its_answers(who, water):
    """With the lifejacket unknown every level lies between those of none and effective, and the mean is the mixture."""
    none, worn, unknown = (survival_curve(replace(who, lifejacket=kind), water) for kind in ("none", "effective", None))
    assert np.all(unknown.levels >= none.levels - 1e-9)
    assert np.all(unknown.levels <= worn.levels + 1e-9)
    weight = dict(survival_table().unknown["lifejacket"])["effective"]
    assert unknown.mean == pytest.approx(weight * worn.mean + (1 - weight) * none.mean, abs=1e-9)


@few
@given(who=KNOWN, water=WATER, open_fact=st.sampled_from([*FACTS, "children"]))
def test_a_horizon_is_never_shorter_for_knowing_less(who, water, open_fact):
    """Leaving a question open, or the water in a band, never brings the last reasonable time nearer.

    Thermal clothing is left out: it counts only when somebody says so (`survival_unknown.csv` gives it no weight).
    """
    assume(open_fact != "clothing" or who.clothing != "thermal")
    known = last_reasonable_time(survival_curve(who, water)).time
    assert last_reasonable_time(survival_curve(replace(who, **{open_fact: None}), water)).time >= known
    band = (max(water - 3, -2.0), min(water + 3, 35.0))
    assert last_reasonable_time(survival_curve(who, band)).time >= known


@few
@given(who=KNOWN, water=WATER, more=st.floats(0, 1))
def test_a_horizon_is_never_shorter_for_trusting_a_factor_less(who, water, more):
    """A larger spread of a factor never brings the last reasonable time nearer."""
    table = survival_table()
    row = table.factors["clothing", who.clothing]
    vague = table.with_factor(
        "clothing", who.clothing, multiplier=row.multiplier, spread=row.spread + more, source="judgement"
    )
    sure, unsure = (last_reasonable_time(survival_curve(who, water, table=t)).time for t in (table, vague))
    assert unsure >= sure


@few
@given(who=KNOWN, water=WATER, first=st.floats(0, 40), later=st.floats(0, 40))
def test_fewer_are_alive_later(who, water, first, later):
    """The chance of at least k alive never rises with time."""
    curve = survival_curve(who, water)
    before, after = (np.cumsum(number_alive(curve, t * hours)) for t in (first, first + later))
    assert np.all(after >= before - 1e-9)
    assert KNOTS[-1] > 80 * hours
