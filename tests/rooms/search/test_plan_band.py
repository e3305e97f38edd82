"""Between which numbers the persons lie that a plan finds alive, tried on searches that were played out."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.earth.chance import Stream
from cordiale.search.plan import QUICK, plan_search
from cordiale.search.plan_band import found_alive, likely_alive
from cordiale.search.plan_cloud import cloud_of_all, unblocked
from cordiale.search.plan_other import flown_over
from cordiale.search.plan_sought import LEVELS, alive_by_level
from tests.rooms.search.seas_to_search import a_cloud, a_fleet

ALIKE = 1.0
PLAYED = 4000


def people_of(one, counts):
    """The same boat, with how many people she may have and how long they live at each level of knowledge."""
    levels = alive_by_level(one.ways.times, one.ways.phase, water=12.0)
    return replace(one, persons=sum(counts) / 2, counts=counts, by_level=levels)


@pytest.fixture(scope="module")
def scene():
    """Two boats, one of them perhaps not there at all, and the first feasible plan for them."""
    boats = [
        people_of(a_cloud(800, swamps=7200.0), (28, 36)),
        people_of(a_cloud(800, name="Delta", east=12000.0, swamps=3600.0, boats=0.7), (5, 20)),
    ]
    fleet = [replace(one, widths={k: 1.5 * w for k, w in one.widths.items()}) for one in a_fleet()]
    plan = plan_search(boats, fleet, chance=Stream.of_seed(3), objective="lives", alike=ALIKE, budget=QUICK)
    return boats, plan


def played_out(boats, plan, seed=9):
    """How many persons each of many searches finds alive: one level of knowledge for all, then boat by boat where she
    is, how well she is seen, when she is found, how many people she has and which of them live.
    """
    chance, cloud = np.random.default_rng(seed), cloud_of_all(boats)
    hazards = unblocked(flown_over(plan, cloud, {}, ALIKE).others(), cloud.weight.size).astype(float)
    totals = []
    for _ in range(PLAYED):
        level, total = chance.integers(LEVELS), 0
        for number, boat in enumerate(boats):
            persons = chance.integers(boat.counts[0], boat.counts[1] + 1)
            if chance.uniform() >= boat.ways.boats:
                continue
            particle = chance.integers(boat.ways.weight.size)  # all weigh the same
            seen = np.cumsum(hazards[:, cloud.boat == number][:, particle]) * chance.gamma(ALIKE) / ALIKE
            found = np.flatnonzero(seen > chance.exponential())
            if found.size:
                span = found[0]
                alive = (boat.by_level[level, span, particle] + boat.by_level[level, span + 1, particle]) / 2
                total += chance.binomial(persons, alive)
        totals.append(total)
    return np.array(totals)


def test_the_band_of_a_plan_holds_as_many_searches_as_it_says(scene):
    """Of 4,000 searches played out as many lie in the band as its whole numbers say, within 3 standard errors of a
    count, and their mean is the expected number within as much.
    """
    boats, plan = scene
    chances = found_alive(plan, boats, alike=ALIKE)
    low, high = likely_alive(chances)
    totals, mass = played_out(boats, plan), chances[low : high + 1].sum()
    inside = (totals >= low) & (totals <= high)
    assert 0.8 <= mass < 0.95
    assert abs(inside.mean() - mass) < 3 * np.sqrt(mass * (1 - mass) / PLAYED)
    assert abs(totals.mean() - chances @ np.arange(chances.size)) < 3 * totals.std() / np.sqrt(PLAYED)


def test_its_mean_is_what_the_plan_expects(scene):
    """Within 1 %: ten levels of knowledge in place of all that the mean curve holds."""
    boats, plan = scene
    chances = found_alive(plan, boats, alike=ALIKE)
    assert chances.sum() == pytest.approx(1, abs=1e-9)
    assert chances @ np.arange(chances.size) == pytest.approx(plan.survivors, rel=0.01)
    low, high = likely_alive(chances)
    assert low < plan.survivors < high <= 56


def test_boats_nobody_has_reported_may_be_none_or_several(scene):
    """2.5 of them are to be expected: the mean stays what the plan expects, and the band is wider than that of one."""
    fleet = a_fleet()
    one = people_of(a_cloud(600, boats=2.5), (10, 12))
    plan = plan_search([one], fleet, chance=Stream.of_seed(3), objective="lives", alike=ALIKE, budget=QUICK)
    chances = found_alive(plan, [one], alike=ALIKE)
    assert chances @ np.arange(chances.size) == pytest.approx(plan.survivors, rel=0.01)
    assert likely_alive(chances)[1] > 12 * 2


def test_without_the_number_of_people_there_is_no_band(scene):
    """A boat of which only a mean is told: none is said, rather than a wrong one."""
    boats, plan = scene
    assert found_alive(plan, [boats[0], replace(boats[1], counts=None)], alike=ALIKE) is None
