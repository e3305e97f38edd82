"""A plan after an empty search: where somebody looked in vain, the next look finds less than a first one would."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.search.looked import Looked, fresh, looked_by, most_alike
from cordiale.search.plan import QUICK, plan_search
from cordiale.search.plan_cloud import cloud_of_all, thinned
from cordiale.search.plan_other import found_with
from cordiale.search.result import Flown
from cordiale.search.result_update import found_nothing, likelihood_of_nothing
from tests.rooms.search.seas_to_search import a_cloud, a_fleet

PAST = np.array([[0.0, 0.3, 1.0, 3.0, 10.0], [0.0, 0.0, 1.0, 2.0, 5.0]])
ALIKE = 0.95


def looked(doubts=(0.0, 0.0), alike=ALIKE):
    """Two searches over five particles."""
    return Looked(hazards=PAST, doubts=doubts, alike=alike)


def test_without_doubt_what_is_left_of_a_hazard_is_kappa_over_kappa_and_what_was_looked():
    """The gamma law gives it in closed form; where nobody looked, all is left: to 1e-4, as the sum over it allows."""
    expected = ALIKE / (ALIKE + PAST.sum(axis=0))
    assert fresh(looked(), 5, ALIKE) == pytest.approx(expected, abs=1e-4)


def test_a_search_that_may_have_been_worthless_takes_away_less():
    """The more it is doubted, the fresher the next look; a search surely worthless leaves all."""
    sure, doubted, worthless = (fresh(looked((e, e)), 5, ALIKE) for e in (0.05, 0.3, 1.0))
    assert np.all(sure <= doubted + 1e-9) and np.all(doubted <= worthless + 1e-9)
    assert worthless == pytest.approx(np.ones(5), abs=1e-4)
    assert sure[-1] < 0.2 < doubted[-1]


@pytest.mark.parametrize("hazard", [0.2, 1.0, 2.0, 5.0])
def test_a_further_look_is_missed_as_often_as_the_whole_law_says(hazard):
    """With the doubt of every update, 0.05, the fitted share gives the chance of a miss within 0.03 of the integral."""
    missed = likelihood_of_nothing(np.vstack([PAST, np.full(5, hazard)]), [0.05, 0.05, 0.0], ALIKE)
    exact = missed[-1] / missed[-2]
    share = fresh(looked((0.05, 0.05)), 5, ALIKE)
    assert (1 + share * hazard / ALIKE) ** -ALIKE == pytest.approx(exact, abs=0.03)


def test_looks_that_are_not_alike_leave_all():
    """Independent looks know nothing of each other; and a boat nobody looked for is as fresh as ever."""
    assert fresh(looked(), 5, None).tolist() == [1.0] * 5
    assert fresh(None, 5, ALIKE).tolist() == [1.0] * 5


def test_the_most_alike_counts_for_plan_and_searches():
    """It is the object that hides: the smallest kappa anybody states."""
    assert most_alike(2.0, [looked(alike=0.9), None]) == 0.9
    assert most_alike(None, [looked(alike=0.9)]) == 0.9
    assert most_alike(2.0, [looked(alike=None)]) == 2.0
    assert most_alike(None, [None]) is None


def flown(plan, again=""):
    """The sorties of a plan, flown as planned."""
    return [
        Flown(
            name=f"s-{number}{again}", asset=one.searcher.name, at=one.track_at, lat=one.track_lat, lon=one.track_lon,
            widths=one.searcher.widths, speed=one.searcher.speed, alike=ALIKE,
        )
        for number, one in enumerate(plan.sorties)
    ]  # fmt: skip


def planned(cloud):
    """The first feasible plan of four craft for a cloud."""
    return plan_search([cloud], a_fleet(), chance=Stream.of_seed(4), alike=ALIKE, budget=QUICK)


@pytest.fixture(scope="module")
def twice():
    """A cloud, what is left of it after a plan was flown and found nothing, and the same with the looks in mind."""
    cloud = a_cloud(1500, swamps=1e9)
    result = found_nothing(cloud.ways, flown(planned(cloud)))
    after = replace(cloud, ways=replace(cloud.ways, weight=result.after))
    return cloud, result, after, replace(after, looked=looked_by(result))


def test_a_plan_after_an_empty_search_is_worth_what_the_update_says(twice):
    """Of a boat missed by the first plan the sorties of the second find as many as the law of the update says, doubts
    and all, within 0.03; taken as independent of the first looks they would be said to find 0.1 more.
    """
    cloud, result, after, knowing = twice
    plan = planned(knowing)
    second = found_nothing(cloud.ways, flown(plan))
    rows = np.vstack([result.hazards, second.hazards])
    doubts = [*(one.worthless for one in result.searches), *([0.0] * len(second.searches))]
    missed = likelihood_of_nothing(rows, doubts, ALIKE)
    exact = float(result.after @ (1 - missed[-1] / missed[len(result.searches)]))
    assert plan.pos == pytest.approx(exact, abs=0.03)
    assert found_with(plan, [after], {}, alike=ALIKE)[0] > exact + 0.1


def test_a_plan_that_forgets_what_was_searched_says_too_much(twice):
    """It states what it would find of a boat nobody looked for, and finds no more than one with the looks in mind."""
    _, _, after, knowing = twice
    forgetful, mindful = planned(after), planned(knowing)
    found = [found_with(plan, [knowing], {}, alike=ALIKE)[0] for plan in (forgetful, mindful)]
    assert mindful.pos == pytest.approx(found[1], abs=1e-4)
    assert forgetful.pos > found[0] + 0.1
    assert found[1] > found[0] - 0.02


def test_what_is_left_follows_its_particle(twice):
    """From the cloud of one boat to that of all and to fewer of its particles; another boat is as fresh as ever."""
    *_, knowing = twice
    both = cloud_of_all([knowing, a_cloud(500, name="Delta", east=9000.0)], alike=ALIKE)
    assert both.fresh[1500:].tolist() == [1.0] * 500 and both.fresh[:1500].min() < 0.5
    few = thinned(both, 400)
    places = {(float(x), float(y)): float(f) for x, y, f in zip(both.x[3], both.y[3], both.fresh, strict=True)}
    assert all(places[float(x), float(y)] == f for x, y, f in zip(few.x[3], few.y[3], few.fresh, strict=True))


def test_looks_that_fit_no_cloud_are_refused():
    """A doubt for each search, hazards from 0."""
    for wrong in ({"hazards": PAST[0]}, {"doubts": (0.05,)}, {"hazards": -PAST}):
        with pytest.raises(CordialeError, match="hint:"):
            Looked(**({"hazards": PAST, "doubts": (0.05, 0.05)} | wrong))
