"""The search plan: feasible, honest in its numbers, repeatable, and able to be broken off."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from cordiale.boats.life import ADRIFT, DEBRIS, IN_THE_WATER
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import distance
from cordiale.earth.units import NM, hours, minutes
from cordiale.sea.analytic import UniformCurrent, analytic_sea
from cordiale.search.deconflict import conflicts
from cordiale.search.plan import AGAIN, QUICK, Budget, plan_search
from cordiale.search.plan_cloud import cloud_of_all
from cordiale.search.plan_moves import Board
from cordiale.search.plan_sought import alike_of, alive_along, persons_of, sought
from cordiale.search.plan_track import Placing, ready_on
from cordiale.sensors.sensor import Conditions, Lookout, stated_instrument
from cordiale.sensors.sweep_width import sweep_width
from cordiale.words import say
from tests.rooms.belief.clouds import cloud
from tests.rooms.search.seas_to_search import BEGIN, a_cloud, a_craft, a_fleet

STILL = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0))
CHANCE = Stream.of_seed(11)
SHORT = Budget(stages=((1500, 300), (100_000, 60)), rounds=10)


@pytest.fixture(scope="module")
def plan():
    """A plan of four craft for two boats."""
    return plan_search(
        [a_cloud(1500), a_cloud(1500, name="Delta", east=12000.0)], a_fleet(), chance=CHANCE, budget=SHORT, alike=2.0
    )


def test_a_plan_says_all_a_coordinator_asks(plan):
    """POS of each boat, survivors, bound, gap and the cost of every loss are there and consistent."""
    assert 0 < plan.pos < 1
    assert plan.pos == pytest.approx(np.mean(list(plan.pos_of.values())))
    assert 0 < plan.survivors <= 60 * plan.pos + 1e-6
    assert plan.value <= plan.bound
    assert 0 <= plan.gap < 1
    assert all(0 < s.loss_pos < plan.pos for s in plan.sorties)
    for language in ("en", "fr"):
        rows = plan.rows(language)
        assert len(rows) >= 3 + len(plan.sorties)
    assert str(plan).startswith("Search plan 02:00Z to 06:00Z: POS")


def test_no_sortie_outlasts_its_endurance_or_leaves_before_it_is_ready(plan):
    """Ready, on scene and off task are in order, within endurance and the deadline; ways begin at the base."""
    for sortie in plan.sorties:
        who = sortie.searcher
        assert sortie.leaves >= who.ready - 1
        assert sortie.arrives <= sortie.ends <= plan.end + 1
        assert sortie.ends - sortie.arrives <= who.on_scene + 1
        assert np.all(np.diff(sortie.at) > 0)


def test_tracks_are_no_closer_than_the_cap(plan):
    """Coverage is at most 1.5 in every sortie."""
    assert all(sortie.coverage <= 1.5 + 1e-6 for sortie in plan.sorties)


def test_the_same_seed_gives_the_same_plan():
    """Twice the same inputs and seed: the same placings to the last bit."""
    one, two = (plan_search([a_cloud(800)], a_fleet(), chance=CHANCE, budget=Budget(((800, 60),), 0)) for _ in range(2))
    assert [s.placing for s in one.sorties] == [s.placing for s in two.sorties]
    assert one.pos == two.pos


def test_a_plan_broken_off_is_the_best_so_far():
    """Cancelled at once or after a while it returns a plan that can be flown, and says it is not complete."""
    asked = itertools.count()
    some = plan_search([a_cloud(800)], a_fleet(), chance=CHANCE, budget=SHORT, cancel=lambda: next(asked) > 12)
    assert not some.complete
    assert some.pos > 0
    assert some.bound == float("inf")
    at_once = plan_search([a_cloud(800)], a_fleet(), chance=CHANCE, cancel=lambda: True)
    assert not at_once.complete
    assert len(at_once.sorties) == len(a_fleet())
    assert at_once.conflicts == ()


def test_more_moves_do_not_make_it_worse():
    """Apart from keeping clear, each stage only keeps what is better on its particles: one craft, all particles."""
    first = plan_search([a_cloud(1000)], [a_craft()], chance=CHANCE, budget=QUICK)
    later = plan_search([a_cloud(1000)], [a_craft()], chance=CHANCE, budget=Budget(((1000, 200),), 0))
    assert later.pos >= first.pos - 1e-9


def test_a_small_case_equals_exhaustive_search():
    """One craft: no placing of a fine grid of centres, bearings, spacings and legs is better by more than 0.003."""
    boat, craft = a_cloud(1200, still=True, shear=0.0), a_craft(on_scene=1 * hours)
    seas = cloud_of_all([boat])
    board = Board(seas, [ready_on(seas, craft)], "pos", 2.0, 1.5)
    nothing = board.others()
    best = 0.0
    for east, north in itertools.product((-1500.0, -500.0, 500.0, 1500.0), repeat=2):
        for bearing, spacing, legs in itertools.product(range(0, 180, 15), (750.0, 950.0, 1200.0), (4, 6, 9, 13)):
            track = board.track(0, Placing(0, east, north, float(bearing), spacing, legs))
            best = max(best, 0.0 if track is None else board.worth_with(nothing, 0, track))
    found = plan_search([boat], [craft], chance=CHANCE, alike=2.0, budget=Budget(((1200, 500), (1200, 300)), 0))
    assert found.pos >= best - 0.003


def test_nobody_comes_too_close():
    """The plan of a busy sea has no conflict in space, time and height, or names what is left."""
    fleet = [*a_fleet(), a_craft("second helicopter", lat=51.05, lon=1.25, heights=(300.0, 450.0, 600.0))]
    plan = plan_search([a_cloud(1500)], fleet, chance=CHANCE, budget=SHORT)
    assert plan.conflicts == ()
    heights = [s.height for s in plan.sorties if s.searcher.flies]
    assert all(s.height in (s.searcher.height, *s.searcher.heights) for s in plan.sorties)
    assert len(heights) == 3


def test_two_on_the_same_way_are_in_conflict():
    """The same placing twice at one height is found, with its distance of nothing; 300 m of height clear it."""
    seas = cloud_of_all([a_cloud(300)])
    ready = [ready_on(seas, a_craft(name)) for name in ("one", "two")]
    board = Board(seas, ready, "pos", None, 1.5)
    for number in range(2):
        board.put(number, Placing(0, 0.0, 0.0, 45.0, 900.0, 4))
    found = conflicts(board.tracks, [150.0, 150.0])
    assert [(c.first, c.second) for c in found] == [(0, 1)]
    assert found[0].distance == pytest.approx(0.0, abs=1.0)
    assert conflicts(board.tracks, [150.0, 450.0]) == ()


def test_a_small_sea_is_an_interception_and_says_so():
    """Where coverage is far above what a search needs, the plan says how soon somebody is there."""
    plan = plan_search([a_cloud(500, along=300.0, across=200.0, shear=0.01)], [a_craft()], chance=CHANCE, budget=QUICK)
    keys = [key for key, _ in plan.notices]
    assert "search.plan.interception" in keys
    key, values = plan.notices[keys.index("search.plan.interception")]
    text = say(key, **values)
    assert "interception, not a search" in text


def test_who_cannot_go_is_named():
    """A craft ready too late, and a boat that nobody can reach, are told and not passed over."""
    late = a_craft("late", ready=40 * hours)
    away = replace(a_craft("away"), transit=lambda place, at: float("inf"))
    plan = plan_search([a_cloud(300)], [late, away], chance=CHANCE, budget=QUICK)
    told = {(key, values["name"]) for key, values in plan.notices}
    assert told == {
        ("search.plan.nobody", "Charlie"),
        ("search.plan.not_used", "late"),
        ("search.plan.not_used", "away"),
    }


def test_a_transit_that_takes_longer_brings_it_later():
    """An hour to the mean of the boat, told by a function: the way out goes at that speed made good."""
    boat, craft = a_cloud(300), replace(a_craft(), transit=lambda place, at: 3600.0)
    sortie = plan_search([boat], [craft], chance=CHANCE, budget=QUICK).sorties[0]
    leaving = np.argmin(np.abs(boat.ways.times - craft.ready))
    to_mean, to_first = (
        float(distance(craft.base.lat, craft.base.lon, lat, lon))
        for lat, lon in ((boat.ways.lat[leaving].mean(), boat.ways.lon[leaving].mean()), (sortie.lat[0], sortie.lon[0]))
    )
    assert sortie.leaves == pytest.approx(craft.ready, abs=1.0)
    assert sortie.arrives - sortie.leaves == pytest.approx(3600 * to_first / to_mean, rel=0.05)


def test_again_after_an_event_starts_from_what_was_planned(plan):
    """One craft drops out: the others keep near their plan, and the new plan is worth at least the old without it."""
    boats = [a_cloud(1500), a_cloud(1500, name="Delta", east=12000.0)]
    again = plan_search(boats, a_fleet()[1:], chance=CHANCE, budget=AGAIN, start=plan.standing, alike=2.0)
    old = plan.sorties[0]
    assert old.searcher.name == "helicopter"
    assert again.pos >= plan.pos - old.loss_pos - 0.01


def test_lives_are_saved_by_going_to_those_who_die_sooner():
    """Two boats, one swamps soon: the plan for lives finds more of her people alive than the plan for POS."""
    boats = [
        a_cloud(1500, name="sinking", east=-9000.0, swamps=0.7 * hours, persons=60.0),
        a_cloud(1500, name="sound", east=9000.0, swamps=500 * hours, persons=2.0),
    ]
    craft = [a_craft(lon=1.5, lat=51.0, on_scene=3 * hours)]
    plans = {
        aim: plan_search(boats, craft, chance=CHANCE, objective=aim, budget=SHORT, alike=2.0)
        for aim in ("pos", "lives")
    }
    assert plans["lives"].survivors > plans["pos"].survivors
    assert plans["pos"].pos > plans["lives"].pos


def test_an_unknown_number_of_persons_is_never_nothing():
    """Nobody told: the prior of the survival room counts, and it is far from 0."""
    assert persons_of(None) > 10
    assert persons_of((20, 40)) == 30


@pytest.mark.parametrize("searchers, sought", [([], 1), (a_fleet(), 0)])
def test_nothing_to_plan_is_refused(searchers, sought):
    """No craft or no boat: an error that says what to give."""
    with pytest.raises(CordialeError, match="hint:"):
        plan_search([a_cloud(100)][:sought], searchers, chance=CHANCE)


def test_clouds_of_different_hours_are_refused_and_others_put_on_one_clock():
    """Without a common span it raises; with one, only that span is planned for."""
    early, late = a_cloud(100), a_cloud(100, name="late")
    apart = replace(late, ways=replace(late.ways, times=late.ways.times + 30 * hours))
    with pytest.raises(CordialeError, match="no time in common"):
        plan_search([early, apart], a_fleet(), chance=CHANCE)
    half = replace(late, ways=replace(late.ways, times=late.ways.times + 50 * minutes))
    seas = cloud_of_all([early, half])
    assert seas.begin == BEGIN + 50 * minutes
    assert seas.end == BEGIN + 4 * hours


def test_a_belief_becomes_what_is_sought():
    """Drifted for an hour: instants, phases and weights are taken over, and the number of boats is the one told."""
    boat = cloud(count=200)
    found = sought(boat, STILL, until=boat.at + 1 * hours, boats=0.4, persons=(20, 40))
    assert found.ways.times[[0, -1]] == pytest.approx([boat.at, boat.at + 1 * hours])
    assert np.diff(found.ways.times).max() <= 20 * minutes + 1
    assert found.ways.lat[0] == pytest.approx(boat.lat)
    assert found.ways.boats == pytest.approx(0.4)
    assert found.persons == 30


def test_people_in_cold_water_are_worth_less_with_time():
    """Alive falls from the knot at which the phase began, never rises, and debris saves nobody."""
    times = BEGIN + np.arange(5) * 3600.0
    phase = np.array([[ADRIFT, ADRIFT, DEBRIS]] * 2 + [[ADRIFT, IN_THE_WATER, DEBRIS]] * 3, dtype=np.int8)
    alive = alive_along(times, phase, water=10.0)
    assert np.all(alive[:, 0] == 1)
    assert alive[:3, 1] == pytest.approx(np.ones(3), abs=1e-9)
    assert np.all(np.diff(alive[2:, 1]) < 0)
    assert np.all(alive[:, 2] == 0)
    sooner = alive_along(times, phase[2:][[0, 0, 1, 1, 2]], water=10.0, in_water_since=BEGIN - 3600)
    assert sooner[0, 1] < 1


@pytest.mark.parametrize("light", ["day", "night"])
def test_looks_that_are_alike_miss_what_the_doubt_of_the_width_makes_them_miss(light):
    """The gamma law against the parts and spreads of the width itself: equal at hazard 2, beyond it never too good."""
    eyes, seeing = Lookout(platform="boat"), Conditions(visibility=5 * NM, wind=5.0, light=light)
    kappa = alike_of(eyes, "channel_inflatable", seeing)
    widths, weights = sweep_width(eyes, "channel_inflatable", seeing).nodes()
    square = weights @ widths**2
    hazards = np.array([0.5, 1.0, 2.0, 4.0, 8.0])
    missed = np.exp(-hazards[:, None] * widths**2 / square) @ weights
    law = (1 + hazards / kappa) ** -kappa
    assert law[2] == pytest.approx(missed[2], abs=1e-6)
    assert np.all(law[3:] > missed[3:])
    assert law == pytest.approx(missed, abs=0.06)  # 6 points of POS, at hazard 8


def test_a_width_without_doubt_leaves_looks_independent():
    """No spread, no likeness; and nothing seen at all has none either."""
    sharp = stated_instrument("radar", range_90=4000.0, range_50=5000.0, source="a trial")
    blind = Conditions(visibility=0.0, wind=5.0)
    assert alike_of(Lookout(platform="boat"), "piw", blind) is None
    assert alike_of(sharp, "channel_inflatable", Conditions(visibility=9000.0, wind=1.0)) > 1


def test_a_plan_of_lives_goes_early_and_tells_lives_alone():
    """Where nobody dies within the hours it still comes as soon as it can, and its value is persons alive."""
    boat = a_cloud(600, along=500.0, across=400.0, shear=0.02, swamps=1000 * hours)
    near, far = a_craft("near", lat=51.0, lon=1.6), a_craft("far", lat=50.6, lon=1.3, height=300.0)
    plan = plan_search([boat], [near, far], chance=CHANCE, objective="lives", alike=2.0, budget=SHORT)
    assert plan.value == pytest.approx(plan.survivors)
    assert plan.survivors <= 30
    assert all(sortie.leaves - sortie.searcher.ready < 1 * minutes for sortie in plan.sorties)
    assert plan.mean_time < 1.5 * hours
