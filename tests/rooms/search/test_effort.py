"""Effort over cells: one resource, several, and what must hold for every allocation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.search.effort import allocate, search_circular
from cordiale.search.effort_several import allocate_several


def _case(seed, cells, resources):
    """Probabilities, rates (a fifth of them 0) and budgets."""
    stream = Stream.of_seed(seed)
    p = stream.child("p").uniforms(np.arange(cells), 0)[:, 0] ** 3
    u = stream.child("w").uniforms(np.arange(cells * resources), 0)
    w = np.where(u[:, 1] < 0.2, 0.0, 3 * u[:, 0]).reshape(cells, resources)
    return p / p.sum(), w, 2 * stream.child("T").uniforms(np.arange(resources), 0)[:, 0]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40), st.floats(0, 50))
def test_no_other_division_of_one_budget_finds_more(seed, cells, budget):
    """The bound closes on every allocation, the whole budget is spent, and random divisions find no more."""
    p, w, _ = _case(seed, cells, 1)
    answer = allocate(p, w[:, 0], budget)
    assert answer.effort.min() >= 0
    assert answer.gap < 1e-12
    if (p * w[:, 0]).max() > 0:
        assert answer.effort.sum() == pytest.approx(budget, rel=1e-12)
    share = Stream.of_seed(seed).child("other").uniforms(np.arange(cells), 0)[:, 0]
    other = budget * share / share.sum()
    assert p @ -np.expm1(-w[:, 0] * other) <= answer.success + 1e-12


def test_more_effort_never_takes_any_away():
    """The plan is best at every effort at once: each cell only ever gains."""
    p, w, _ = _case(5, 200, 1)
    before = np.zeros(200)
    for budget in np.geomspace(0.01, 300, 30):
        effort = allocate(p, w[:, 0], budget).effort
        assert (effort >= before - 1e-12).all()
        before = effort


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 30), st.integers(1, 6))
def test_several_resources_reach_their_bound(seed, cells, resources):
    """The gap closes, budgets are kept, and at most cells + resources - 1 efforts are positive."""
    p, w, budgets = _case(seed, cells, resources)
    answer = allocate_several(p, w, budgets)
    assert answer.effort.min() >= 0
    assert (answer.effort.sum(axis=0) <= budgets * (1 + 1e-9)).all()
    assert answer.gap < 1e-9
    assert (answer.effort > 1e-9).sum() <= cells + resources - 1
    assert (answer.effort[w == 0] == 0).all()


def test_several_resources_of_one_kind_are_one_resource():
    """Four aircraft of the same kind find what one with the sum of their hours finds; 1e-8 of all."""
    p, w, budgets = _case(3, 300, 4)
    alike = np.repeat(w[:, :1], 4, axis=1)
    assert allocate_several(p, alike, budgets).success == pytest.approx(
        allocate(p, w[:, 0], budgets.sum()).success, abs=1e-8
    )


def test_the_price_is_what_a_little_more_effort_finds():
    """A hundred-thousandth more of a budget adds its price, to one part in a thousand."""
    p, w, budgets = _case(9, 25, 3)
    answer = allocate_several(p, w, budgets)
    for j in range(3):
        more = budgets.copy()
        more[j] += 1e-5
        assert allocate_several(p, w, more).success - answer.success == pytest.approx(1e-5 * answer.price[j], rel=1e-3)


def test_a_resource_that_can_do_nothing_stays_at_home():
    """No rate, no budget or no probability: nothing is spent and nothing found there."""
    answer = allocate_several(np.array([0.5, 0.0]), np.array([[1.0, 0.0, 2.0], [1.0, 1.0, 1.0]]), np.array([1.0, 5, 0]))
    assert answer.effort.tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    nothing = allocate_several(np.zeros(2), np.ones((2, 2)), np.ones(2))
    assert (nothing.success, nothing.bound) == (0.0, 0.0)


@pytest.mark.parametrize("value", [-0.1, np.nan, np.inf])
def test_impossible_numbers_are_refused_by_name(value):
    """A probability below 0, or none at all, is said and not computed with."""
    with pytest.raises(CordialeError, match="probability of"):
        allocate(np.array([0.5, value]), np.ones(2), 1.0)
    with pytest.raises(CordialeError, match="budget of"):
        allocate(np.array([0.5]), np.ones(1), value)
    with pytest.raises(CordialeError, match="sigma of"):
        search_circular(value, 1.0)


def test_shapes_that_do_not_belong_together_are_refused():
    """Three rates for two cells are a mistake, not something to stretch."""
    with pytest.raises(CordialeError, match="do not belong together"):
        allocate(np.ones(2), np.ones(3), 1.0)
    with pytest.raises(CordialeError, match="do not belong together"):
        allocate_several(np.ones(2), np.ones((2, 3)), np.ones(2))
