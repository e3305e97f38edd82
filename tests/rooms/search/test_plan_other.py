"""A finished plan in a world that sees otherwise."""

import pytest

from cordiale.earth.chance import Stream
from cordiale.search.plan import QUICK, plan_search
from cordiale.search.plan_other import found_with
from tests.rooms.search.seas_to_search import WIDTHS, a_cloud, a_fleet

CLOUDS = [a_cloud(600), a_cloud(600, name="Delta", east=12000.0)]


def planned(wider=1.0):
    """The first feasible plan of four craft for two boats, with sweep widths so much wider."""
    fleet = [one.__class__(**{**vars(one), "widths": {k: w * wider for k, w in WIDTHS.items()}}) for one in a_fleet()]
    return plan_search(CLOUDS, fleet, chance=Stream.of_seed(3), objective="lives", alike=1.0, budget=QUICK)


def test_in_the_world_it_was_made_for_a_plan_is_worth_what_it_says():
    """POS and survivors to 1e-4 of themselves: the kernel adds in single precision."""
    plan = planned()
    pos, survivors = found_with(plan, CLOUDS, {}, alike=1.0)
    assert pos == pytest.approx(plan.pos, rel=1e-4)
    assert survivors == pytest.approx(plan.survivors, rel=1e-4)


def test_where_nothing_is_seen_nobody_is_found():
    """With widths of 0 the same ways are worth nothing; with one craft blind, less than with all."""
    plan = planned()
    blind = {key: 0.0 for key in WIDTHS}
    assert found_with(plan, CLOUDS, {s.searcher.name: blind for s in plan.sorties}, alike=1.0) == (0.0, 0.0)
    one = found_with(plan, CLOUDS, {plan.sorties[0].searcher.name: blind}, alike=1.0)[0]
    assert 0 < one < plan.pos


def test_a_plan_that_trusts_a_guess_leaves_more_unseen_than_one_that_does_not():
    """Why an instrument of which nothing is published does not count unasked: ways made for widths ten times too wide
    find less, where eyes see what they see, than ways that were made for eyes.
    """
    eyes = planned()
    trusting = planned(wider=10.0)
    as_eyes_see = {sortie.searcher.name: WIDTHS for sortie in trusting.sorties}
    found, _ = found_with(trusting, CLOUDS, as_eyes_see, alike=1.0)
    assert trusting.pos > eyes.pos > found + 0.05
