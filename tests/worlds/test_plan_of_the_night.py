"""The night of 24 November 2021 as the search plan would have shown it: for whom, by whom, how soon.

People died that night. Positions of craft are those of the packaged feed, partly invented. Nobody is judged here: the
test asks whether a plan made then would have been for the right boat and would have sent the nearest craft at once.
"""

import argparse
from functools import cache

import pytest

from cordiale.desk.plan_boats import boats_chosen, clouds_until
from cordiale.desk.plan_craft import craft_available, craft_ready
from cordiale.desk.seeing import Seeing
from cordiale.earth.chance import Stream
from cordiale.earth.units import hours, minutes
from cordiale.record.duties import Duties
from cordiale.search.plan import Budget, plan_search
from cordiale.search.plan_choose import worth_sending
from tests.worlds import night

UNTOLD = Seeing(water=(12.0, 14.0))


@cache
def planned(clock):
    """The picture at a time, the boats chosen, their clouds for six hours, the craft sent and the plan."""
    seen = night.picture_at(clock)
    chosen = boats_chosen(seen, Duties(), named=(), all_of_them=False)
    until = seen.at + 6 * hours
    clouds = clouds_until(
        seen, chosen.boats, until, water=UNTOLD.water, searches=(), unreported=None, progress=lambda _: None
    )
    there = craft_available(seen, argparse.Namespace(asset=[], without=["pluvier", "cormoran"]))
    craft = craft_ready(seen, there, clouds, UNTOLD, until)
    alike = min(one.alike for one in craft if one.searcher and one.alike)
    able = [one.searcher for one in craft if one.searcher]
    sent = worth_sending(clouds, able, objective="lives", alike=alike).sent
    plan = plan_search(
        clouds, sent, chance=Stream.of_seed(1), objective="lives", alike=alike, budget=Budget(((1000, 100),) * 2, 10)
    )
    return seen, chosen, clouds, plan


@pytest.mark.parametrize("clock", ["03:25Z", "05:55Z"])
def test_the_plan_is_for_the_boat_that_was_lost(clock):
    """Unasked it searches for the boat of the Mayday relay: her last contacts are hers and no other's."""
    _, chosen, _, _ = planned(clock)
    (boat,) = chosen.boats
    of_charlie = set(night.contacts_of_the_boat())
    assert chosen.why == "grave" and boat.state == "swamped"
    assert len(of_charlie & set(boat.boat.reports)) > len(boat.boat.reports) / 2


def test_the_ships_that_are_near_go_at_once():
    """At 03:25Z Valiant and Flamant are minutes away; neither waits to be kept clear of the other."""
    seen, _, _, plan = planned("03:25Z")
    arrives = {sortie.searcher.name: sortie.arrives - seen.at for sortie in plan.sorties}
    leaves = {sortie.searcher.name: sortie.leaves - seen.at for sortie in plan.sorties}
    assert arrives["HMC Valiant"] < 15 * minutes and arrives["FS Flamant"] < 25 * minutes
    assert max(leaves["HMC Valiant"], leaves["FS Flamant"]) < 1 * minutes
    assert "search.plan.interception" in {key for key, _ in plan.notices}
    assert plan.conflicts == ()


def test_with_the_hours_people_are_in_the_water_and_fewer_can_be_saved():
    """At 05:55Z most particles are people in the water, alive is what the survival law leaves of them."""
    before, after = planned("03:25Z"), planned("05:55Z")
    assert before[2][0].alive[0].mean() > 0.9
    assert 0.4 < after[2][0].alive[0].mean() < 0.9
    assert 5 < after[3].survivors < before[3].survivors - 3


def test_no_plan_is_better_than_its_bound_and_the_helicopter_is_missed_most():
    """Value under the bound; without R163 and its imager, at either time, most people are lost."""
    for clock in ("03:25Z", "05:55Z"):
        plan = planned(clock)[3]
        assert plan.value <= plan.bound
        losses = {sortie.searcher.name: sortie.loss for sortie in plan.sorties}
        assert max(losses, key=losses.get) == "helicopter R163"
