"""Phases of life drawn at the half hours."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordiale.belief.belief import KNOT, PER_PARTICLE, Belief
from cordiale.belief.drift import drift
from cordiale.belief.life_cycle import (
    cast_off,
    live,
    people_ashore,
    phases_of,
    phases_sentence,
    taken_in_tow,
    told,
)
from cordiale.belief.scenario import first_belief
from cordiale.belief.update import update
from cordiale.boats.life import (
    ADRIFT,
    BEACHED,
    COASTING,
    DEBRIS,
    IN_LIFEJACKETS,
    IN_THE_WATER,
    NO_LIFE,
    PHASES,
    SWAMPED,
    TOWED,
    UNDER_WAY,
    LifeCycle,
    Transition,
    rate,
)
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.position import Position
from cordiale.earth.units import hours, knots
from cordiale.sea.analytic import Spit, UniformCurrent, analytic_sea
from cordiale.sea.environment import NO_ERROR, Environment
from cordiale.sea.wind import ConstantWind

from .clouds import NIGHT, cloud, fix, report


def lived(belief: Belief, environment: Environment, half_hours: int) -> Belief:
    """A belief that lives and does not move."""
    for _ in range(half_hours):
        belief = live(replace(belief, at=belief.at + KNOT), environment)
    return belief


def breeze(speed: float = 5.0, coast: Spit | None = None) -> Environment:
    """A still sea under a wind without error."""
    still = UniformCurrent(eastward=0.0, northward=0.0)
    return analytic_sea(still, wind=ConstantWind(eastward=speed, northward=0.0), coast=coast)


@pytest.mark.parametrize("wind", [2.0, 5.0, 10.0])
def test_phases_are_those_of_a_chain_with_the_stated_rates(wind):
    """Shares after six hours meet the exact solution of the Markov chain, half hour by half hour."""
    what = search_object("small_boat")
    boat = cloud(what="small_boat", count=20_000)
    life = replace(what.life, transitions=tuple(t for t in what.life.transitions if t.after != UNDER_WAY))
    boat = replace(boat, search_object=replace(what, life=life))
    step = np.eye(len(PHASES))
    for phase in range(len(PHASES)):
        ways = life.out_of(phase)
        rates = np.array([rate(way, np.array([wind]))[0] for way in ways])
        if rates.sum() > 0:
            step[phase, phase] = np.exp(-rates.sum() * KNOT)
            for way, one in zip(ways, rates, strict=True):
                step[phase, way.after] += (1 - step[phase, phase]) * one / rates.sum()
    expected = np.linalg.matrix_power(step, 12)[ADRIFT]
    shares = np.array(list(phases_of(lived(boat, breeze(wind), 12)).values()))
    assert shares == pytest.approx(expected, abs=0.012)  # three and a half standard errors of 20,000


def test_without_a_life_nothing_but_the_engine_changes():
    """The default inflatable: a stopped engine is noted, and that is all."""
    boat = cloud(what="inflatable", under_way=1.0, count=500)
    later = lived(boat, breeze(20.0), 8)
    for name in PER_PARTICLE:
        if name != "phase":
            assert np.array_equal(getattr(later, name), getattr(boat, name), equal_nan=name == "lies_at"), name
    out = later.engine_stops <= later.at
    assert out.any()
    assert np.array_equal(later.phase, np.where(out, ADRIFT, UNDER_WAY))
    assert search_object("inflatable").life is NO_LIFE


def test_any_part_of_a_belief_lives_as_the_whole_does():
    """Chance is keyed by particle and half hour: a subset in another order has the same lives."""
    boat = cloud(what="small_boat_people", under_way=0.5, count=400)
    few = boat.only(np.arange(399, 0, -7))
    whole, part = lived(boat, breeze(9.0), 10), lived(few, breeze(9.0), 10)
    for name in PER_PARTICLE:
        if name != "weight":
            there = getattr(whole, name)[np.arange(399, 0, -7)]
            assert np.array_equal(getattr(part, name), there, equal_nan=there.dtype.kind == "f"), name


@settings(max_examples=25, deadline=None)
@given(wind=st.floats(0, 30), seed=st.integers(0, 2**32), key=st.sampled_from(["small_boat", "small_boat_people"]))
def test_phases_are_a_probability_and_debris_stays_debris(wind, seed, key):
    """Whatever the wind: shares sum to 1, nobody comes back from debris, nor from the water into the boat."""
    belief = cloud(what=key, under_way=0.4, count=60, seed=seed)
    for _ in range(6):
        later = live(replace(belief, at=belief.at + KNOT), breeze(wind))
        assert sum(phases_of(later).values()) == pytest.approx(1, abs=1e-9)
        assert (later.phase[belief.phase == DEBRIS] == DEBRIS).all()
        swimming = np.isin(belief.phase, (IN_THE_WATER, IN_LIFEJACKETS))
        assert np.isin(later.phase[swimming], (IN_THE_WATER, IN_LIFEJACKETS)).all()
        belief = later


def test_every_particle_has_a_class_of_its_phase():
    """Who is in the water drifts as a person, not as the boat."""
    people = lived(cloud(what="small_boat_people", count=3000), breeze(10.0), 12)
    weights = np.array([people.search_object.weights_in(k) for k in range(len(PHASES))])
    assert (weights[people.phase, people.leeway_class] > 0).all()
    swimming = people.phase == IN_THE_WATER
    shares = np.bincount(people.leeway_class[swimming], minlength=weights.shape[1]) / swimming.sum()
    assert shares == pytest.approx(weights[IN_THE_WATER], abs=0.05)


def test_a_swamped_boat_makes_no_way_and_a_restarted_one_does():
    """The engine stops with the flood; who starts again has a speed, a course and an engine that will fail."""
    boats = lived(cloud(what="small_boat", count=4000), breeze(5.0), 6)
    flooded = np.isin(boats.phase, (SWAMPED, DEBRIS))
    assert (boats.engine_stops[flooded] <= boats.at).all()
    again = boats.phase == UNDER_WAY
    assert again.mean() == pytest.approx(0.3, abs=0.1)  # three hours of 1 in 6 h, less those who fail again
    assert (boats.way_speed[again] > 0).all()
    assert (boats.engine_stops[again] > boats.at).all()


def test_particles_whose_time_has_not_come_do_not_age():
    """A fix with an uncertain time: who starts in two hours is still as reported."""
    boats = cloud(what="small_boat", count=2000)
    late = replace(boats, start=np.where(boats.ids % 2 == 0, NIGHT + 10 * hours, NIGHT))
    later = lived(late, breeze(12.0), 6)
    assert (later.phase[late.ids % 2 == 0] == ADRIFT).all()
    assert (later.phase[late.ids % 2 == 1] != ADRIFT).any()


def test_boats_near_the_beach_go_ashore_and_leave_again():
    """Under way within half a mile of land some beach: on land, people off; later they leave from open water."""
    coast = Spit(west=1.5, east=1.6)
    near = cloud(what="small_boat", under_way=1.0, count=3000, within=100.0, position=Position(lat=51.0, lon=1.497))
    near = replace(near, engine_stops=np.full(len(near), np.inf))
    later = lived(near, breeze(2.0, coast), 4)
    ashore = later.phase == BEACHED
    assert 0.1 < ashore.mean() < 0.4  # two hours of 1 in 6 h
    assert later.stranded[ashore].all()
    assert (coast.distance(later.lat[ashore], later.lon[ashore]) <= 1).all()  # m
    assert people_ashore(later) == pytest.approx(0.9 * ashore.mean())
    again = lived(later, breeze(2.0, coast), 8)
    left = ashore & (again.phase == UNDER_WAY)
    assert left.any()
    assert not again.stranded[left].any()
    assert (coast.distance(again.lat[left], again.lon[left]) > 0).all()
    offshore = cloud(what="small_boat", under_way=1.0, count=500, position=Position(lat=51.0, lon=1.2))
    far = lived(offshore, breeze(2.0, coast), 4)
    assert not (far.phase == BEACHED).any()


def test_a_tow_begins_and_ends_by_a_report_alone():
    """In tow nothing else befalls her; cast off she is adrift."""
    boat = cloud(what="small_boat", count=300)
    towed = taken_in_tow(boat, course=300.0, speed=5 * knots)
    later = lived(towed, breeze(20.0), 6)
    assert (later.phase == TOWED).all()
    assert (later.way_speed == 5 * knots).all()
    assert (cast_off(later).phase == ADRIFT).all()
    assert not cast_off(later).way_speed.any()


def test_a_report_of_her_state_changes_the_phase_and_the_class():
    """Swamped is swamped; in the water a quarter have a lifejacket that works; nobody is swamped again."""
    people = cloud(what="small_boat_people", count=4000)
    swamped = told(people, report(state="swamped"), breeze())
    assert (swamped.phase == SWAMPED).all()
    swimming = told(swamped, report(state="in_the_water", name="r-2"), breeze())
    assert (swimming.phase == IN_LIFEJACKETS).mean() == pytest.approx(0.25, abs=0.03)
    assert np.isin(swimming.phase, (IN_THE_WATER, IN_LIFEJACKETS)).all()
    assert np.array_equal(told(swimming, report(state="swamped", name="r-3"), breeze()).phase, swimming.phase)


def test_the_first_belief_samples_the_state_that_the_report_leaves_open():
    """Reported in the water: the people with and without lifejackets, the classes of each, no way."""
    where = fix(51.0, 1.5)
    stream = Stream.of_seed(3)
    what = search_object("small_boat_people")
    first = first_belief(report(where, state="in_the_water"), stream=stream, search_for=what, count=4000)
    assert phases_of(first)["in_lifejackets"] == pytest.approx(0.25, abs=0.03)
    assert phases_of(first)["in_the_water"] == pytest.approx(0.75, abs=0.03)
    assert not first.way_speed.any()
    hull = first_belief(report(where, state="in_the_water"), stream=stream, search_for=search_object("small_boat"))
    assert phases_of(hull)["swamped"] == pytest.approx(1, abs=1e-9)
    debris = first_belief(report(where), stream=stream, search_for=search_object("debris"), count=50)
    assert phases_of(debris)["debris"] == pytest.approx(1, abs=1e-9)
    assert not debris.way_speed.any()


def test_a_taxi_boat_runs_along_her_leg_and_crosses_at_its_end():
    """Departing she is coasting, and at the end of the leg she steers for the other shore."""
    leg = (Position(lat=51.0, lon=1.5), Position(lat=51.0, lon=1.6))
    taxi = search_object("taxi_boat")
    taxi = replace(taxi, life=LifeCycle(key="mine", transitions=taxi.life.transitions[:1], leg=leg))
    leaves = report(fix(51.0, 1.5), kind="departure")
    boat = first_belief(leaves, stream=Stream.of_seed(1), search_for=taxi, count=200)
    assert (boat.phase == COASTING).all()
    assert boat.way_course == pytest.approx(np.full(200, 90.0), abs=5)  # degrees
    there = replace(boat, at=boat.at + KNOT, lon=np.full(200, 1.6), engine_stops=np.full(200, np.inf))
    crossed = live(there, breeze())
    assert (crossed.phase == UNDER_WAY).all()
    assert ((crossed.way_course > 180) & (crossed.way_course < 360)).mean() > 0.9


def test_what_she_is_now_is_said_in_both_languages():
    """The likeliest phase first, those under one in a hundred left out."""
    boat = cloud(what="small_boat", count=1000)
    boat = replace(boat, phase=np.where(boat.ids < 250, SWAMPED, ADRIFT))
    assert phases_sentence(boat) == "0200Z small boat: adrift 75 %, swamped 25 %"
    assert phases_sentence(boat, "fr") == "0200Z small boat : à la dérive 75 %, pleine d'eau 25 %"


def test_an_own_life_is_lived():
    """A user's transition: swamped within minutes."""
    quick = LifeCycle(key="mine", transitions=(Transition(before=ADRIFT, after=SWAMPED, mean=60.0, source="test"),))
    boat = cloud(what="small_boat", count=50)
    boat = replace(boat, search_object=replace(boat.search_object, life=quick))
    assert (lived(boat, breeze(), 1).phase == SWAMPED).all()


def test_the_wind_that_ages_a_boat_holds_its_own_error():
    """With an error of the wind the particles meet different winds, and age at different rates."""
    boat = cloud(what="small_boat", count=4000)
    windy = replace(boat, wind_error=np.where(boat.ids[:, np.newaxis] % 2 == 0, 2.0, 0.0) * np.array([1.0, 0.0]))
    rough = replace(breeze(5.0), wind_error=replace(NO_ERROR, std=3.0))
    later = lived(windy, rough, 4)
    wet = np.isin(later.phase, (SWAMPED, DEBRIS))
    assert wet[boat.ids % 2 == 0].mean() > 2 * wet[boat.ids % 2 == 1].mean()


def test_drift_lives_through_the_half_hours():
    """The drift asks for the lives itself: after six hours in a breeze some boats have swamped, alike in two goes."""
    boat = cloud(what="small_boat", count=2000)
    once = drift(boat, breeze(8.0), until=NIGHT + 6 * hours)
    twice = drift(drift(boat, breeze(8.0), until=NIGHT + 2.5 * hours), breeze(8.0), until=NIGHT + 6 * hours)
    assert np.isin(once.phase, (SWAMPED, DEBRIS)).mean() > 0.3
    assert np.array_equal(once.phase, twice.phase)
    assert np.array_equal(once.leeway_class, twice.leeway_class)


def test_an_update_tells_the_phase_and_an_engine_that_runs_speaks_against_the_flood():
    """Swamped by report is swamped; engine running leaves little of the swamped and starts nobody in the water."""
    people = cloud(what="small_boat_people", count=2000)
    wet = update(people, report(state="swamped"))
    assert (wet.phase == SWAMPED).all()
    mixed = replace(people, phase=np.where(people.ids % 2 == 0, IN_THE_WATER, ADRIFT))
    runs = update(mixed, report(engine="running"))
    assert phases_of(runs)["in_the_water"] == pytest.approx(0.05 / 1.05, abs=0.01)
    assert not runs.way_speed[runs.phase == IN_THE_WATER].any()


def test_a_boat_without_an_engine_never_starts_it_again():
    """Reported at first or later: nobody is under way after ten hours, though others of her kind would be."""
    stream, what = Stream.of_seed(2), search_object("small_boat")
    bare = first_belief(report(fix(51.0, 1.5), engine="none"), stream=stream, search_for=what, count=500)
    assert not (lived(bare, breeze(), 20).phase == UNDER_WAY).any()
    learnt = update(cloud(what="small_boat", count=500), report(engine="none"))
    assert not (lived(learnt, breeze(), 20).phase == UNDER_WAY).any()
    assert (lived(cloud(what="small_boat", count=500), breeze(), 20).phase == UNDER_WAY).any()
