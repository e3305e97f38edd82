"""Laws of drift that hold for any cloud: what a closed form, a symmetry or a split in time demands."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.boats.leeway import leeway_class
from cordiale.boats.search_object import SearchObject, search_object
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import destination, displacement
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours, minutes
from cordiale.sea.analytic import Spit, TidalEllipse, TurningBasin, UniformCurrent, analytic_sea
from cordiale.sea.environment import ErrorScale, displacement_variance
from cordiale.sea.wind import ConstantWind

START = utc("2021-11-24 02:00")
MID_STRAIT = Position(lat=51.0, lon=1.5)
STILL = UniformCurrent(eastward=0.0, northward=0.0)


def cloud(
    count: int = 400, *, what: SearchObject | None = None, within: float = 500.0, under_way: float = 0.0, seed: int = 3
) -> Belief:
    """A cloud in mid-strait at 02:00Z."""
    return first_belief(
        Fix(position=MID_STRAIT, within=within),
        at=START,
        stream=Stream.of_seed(seed).child("law"),
        count=count,
        search_for=what or search_object("drifter"),
        under_way=under_way,
    )


def one_class(key: str) -> SearchObject:
    """A search object of one leeway class."""
    return SearchObject(key=key, name=key, classes=(leeway_class(key),), weights=(1.0,), source="test")


def moved(before: Belief, after: Belief) -> tuple[np.ndarray, np.ndarray]:
    """Metres east and north each particle has gone."""
    return displacement(before.lat, before.lon, after.lat, after.lon)


@settings(max_examples=25, deadline=None)
@given(east=st.floats(-2.5, 2.5), north=st.floats(-2.5, 2.5), length=st.floats(1.0, 12.0))
def test_a_uniform_current_carries_every_particle_speed_times_time(east, north, length):
    """The closed form: displacement = velocity x time, for all particles alike."""
    before = cloud(50)
    after = drift(before, analytic_sea(UniformCurrent(eastward=east, northward=north)), until=START + length * hours)
    gone_east, gone_north = moved(before, after)
    distance = math.hypot(east, north) * length * hours
    assert np.abs(gone_east - east * length * hours).max() < 1 + 1e-3 * distance  # m; meridians converge over the way
    assert np.abs(gone_north - north * length * hours).max() < 1 + 1e-3 * distance


def test_a_tidal_ellipse_brings_the_cloud_back_after_one_period():
    """Over one period of the tide the displacement is zero, and half way it is major x period / pi."""
    tide = TidalEllipse(major=1.2, axis=45.0, strongest=START, minor=0.1)
    before = cloud(50)
    half = drift(before, analytic_sea(tide), until=START + tide.period / 4)
    east, north = moved(before, half)
    along = (east + north) / math.sqrt(2)
    assert (
        np.abs(along - 1.2 * tide.period / (2 * math.pi)).max() < 10
    )  # m of 8.5 km: midpoint rule with steps of 10 min
    back = drift(before, analytic_sea(tide), until=START + tide.period)
    assert np.hypot(*moved(before, back)).max() < 5  # m of a path of 34 km


def test_the_midpoint_rule_is_of_second_order():
    """On water that turns as one body, halving the step divides the error by about four."""
    basin = TurningBasin(lat=51.0, lon=1.5, period=6 * hours)
    before = cloud(100, within=8000.0)
    east, north = displacement(51.0, 1.5, before.lat, before.lon)
    turn = 2 * math.pi * (2 / 6)
    true_lat, true_lon = destination(
        51.0, 1.5, east * math.cos(turn) - north * math.sin(turn), east * math.sin(turn) + north * math.cos(turn)
    )
    errors = []
    for step in (30 * minutes, 15 * minutes, 7.5 * minutes):
        after = drift(before, analytic_sea(basin), until=START + 2 * hours, step=step)
        errors.append(np.hypot(*displacement(true_lat, true_lon, after.lat, after.lon)).mean())
    assert 3.3 < errors[0] / errors[1] < 4.8
    assert 3.3 < errors[1] / errors[2] < 5.5


@settings(max_examples=15, deadline=None)
@given(split=st.integers(1, 35))
def test_drifting_in_two_goes_equals_drifting_in_one(split):
    """A -> B -> C is A -> C, to the last bit of noise, when B falls on a step."""
    sea = analytic_sea(
        TidalEllipse(major=1.2, axis=40.0, strongest=START),
        wind=ConstantWind(eastward=3.0, northward=-5.0),
        current_std=0.15,
        wind_std=2.0,
    )
    before = cloud(60, what=search_object("inflatable"), under_way=0.5)
    once = drift(before, sea, until=START + 6 * hours)
    twice = drift(drift(before, sea, until=START + split * 10 * minutes), sea, until=START + 6 * hours)
    assert np.array_equal(once.lat, twice.lat)
    assert np.array_equal(once.lon, twice.lon)
    assert np.array_equal(once.side, twice.side)
    assert np.array_equal(once.current_error, twice.current_error)


@settings(max_examples=15, deadline=None)
@given(chosen=st.sets(st.integers(0, 199), min_size=1, max_size=40))
def test_any_subset_of_the_particles_drifts_as_it_does_among_the_others(chosen):
    """A particle's path depends on its own id and the time, never on who else is there or in what order."""
    sea = analytic_sea(
        UniformCurrent(eastward=0.4, northward=0.3),
        wind=ConstantWind(eastward=6.0, northward=0.0),
        coast=Spit(west=1.52, east=1.54),
        current_std=0.15,
        wind_std=2.0,
    )
    everyone = cloud(200, what=search_object("inflatable"), within=3000.0, under_way=0.4)
    some = np.array(sorted(chosen, reverse=True))
    together = drift(everyone, sea, until=START + 5 * hours)
    alone = drift(everyone.only(some), sea, until=START + 5 * hours)
    assert np.array_equal(alone.lat, together.lat[some])
    assert np.array_equal(alone.lon, together.lon[some])
    assert np.array_equal(alone.stranded, together.stranded[some])


@pytest.mark.parametrize("step", [1 * minutes, 15 * minutes])
def test_dispersion_is_that_of_the_ornstein_uhlenbeck_process_for_any_step(step):
    """Variance of the displacement = 2 s2 T (t - T (1 - exp(-t/T))), with steps of 1 and of 15 minutes alike."""
    std, scale, time = 0.15, 3 * hours, 12 * hours
    before = cloud(4000)
    after = drift(before, analytic_sea(STILL, current_std=std, time_scale=scale), until=START + time, step=step)
    variance = 2 * std**2 * scale * (time - scale * (1 - math.exp(-time / scale)))
    stated = ErrorScale(std=std, time_scale=scale, source="test")
    assert displacement_variance(stated, time) == pytest.approx(variance)
    for gone in moved(before, after):
        assert gone.std() == pytest.approx(math.sqrt(variance), rel=0.04)  # sampling error of 4,000: 1.1 %
        assert abs(gone.mean()) < 4 * math.sqrt(variance / 4000)


@pytest.mark.parametrize("length", [6.2, 12.42, 24.0])
def test_an_error_that_turns_with_the_tide_disperses_by_its_closed_form(length):
    """Variance = 2 s2 Re(t/k - (1 - exp(-k t))/k2), k = 1/T - 2 pi i / period: it all but cancels over a full tide."""
    std, scale, period, time = 0.15, 12.42 * hours, 12.42 * hours, length * hours
    sea = analytic_sea(STILL, current_std=std, time_scale=scale, period=period)
    before = cloud(4000)
    after = drift(before, sea, until=START + time)
    variance = float(displacement_variance(sea.current_error, time))
    for gone in moved(before, after):
        assert gone.std() == pytest.approx(
            math.sqrt(variance), rel=0.05
        )  # sampling 1.1 %; straight lines between knots


def test_what_the_atlas_leaves_out_adds_its_own_dispersion():
    """Independent errors add their variances."""
    before = cloud(4000)
    both = drift(before, analytic_sea(STILL, current_std=0.1, residual_std=0.1), until=START + 6 * hours)
    one = drift(before, analytic_sea(STILL, current_std=0.1), until=START + 6 * hours)
    assert moved(before, both)[0].std() == pytest.approx(math.sqrt(2) * moved(before, one)[0].std(), rel=0.05)


def test_steps_of_one_and_fifteen_minutes_give_every_particle_the_same_path():
    """The errors are a path in time, not numbers per step: only the curvature of the stream can tell steps apart."""
    sea = analytic_sea(STILL, current_std=0.15)
    before = cloud(300)
    fine = drift(before, sea, until=START + 12 * hours, step=1 * minutes)
    coarse = drift(before, sea, until=START + 12 * hours, step=15 * minutes)
    assert np.hypot(*displacement(fine.lat, fine.lon, coarse.lat, coarse.lon)).max() < 1  # m of some 4 km


def test_leeway_of_an_asymmetric_class_follows_its_lines_until_it_jibes():
    """In an hour of 10 m/s towards north the mean displacement is the published downwind and right-hand speed."""
    before = cloud(20_000, what=one_class("piw_survival_suit"))
    right = before.only(before.side > 0)
    after = drift(
        right, analytic_sea(STILL, wind=ConstantWind(eastward=0.0, northward=10.0)), until=START + 30 * minutes
    )
    east, north = moved(right, after)
    assert north.mean() == pytest.approx(0.1822 * 1800, abs=2)  # m; 10,000 draws of 0.04 m/s
    assert east.mean() == pytest.approx(0.103 * 1800, abs=2)
    assert north.std() == pytest.approx(0.0393 * 1800, rel=0.03)
    assert east.std() == pytest.approx(0.0171 * 1800, rel=0.03)


def test_jibing_mixes_both_sides_to_no_crosswind_drift():
    """Those who began on the right fall behind the mean of their side by the factor exp(-2 rate t)."""
    before = cloud(6000, what=one_class("refugee_raft"))
    right = before.only(before.side > 0)
    after = drift(right, analytic_sea(STILL, wind=ConstantWind(eastward=0.0, northward=10.0)), until=START + 24 * hours)
    still_right = (after.side > 0).mean() - (after.side < 0).mean()
    assert still_right == pytest.approx(math.exp(-2 * 0.040822 * 24), abs=0.06)  # three standard errors of 3,000


def test_a_calm_moves_nobody_and_an_uncertain_calm_moves_them_alike_in_all_directions():
    """Without wind no leeway; with an uncertain wind around nothing the cloud spreads but keeps its centre."""
    before = cloud(4000, what=one_class("piw_deceased"))
    still = drift(before, analytic_sea(STILL), until=START + 12 * hours)
    assert np.hypot(*moved(before, still)).max() == 0
    unsure = drift(before, analytic_sea(STILL, wind_std=2.0), until=START + 12 * hours)
    east, north = moved(before, unsure)
    standard_error = east.std() / math.sqrt(4000)
    assert abs(east.mean()) < 4 * standard_error
    assert abs(north.mean()) < 4 * standard_error
    assert east.std() == pytest.approx(north.std(), rel=0.06)


def test_no_particle_jumps_a_spit_between_two_steps():
    """A spit of 100 m and a stream that goes 1.2 km a step: every path is stopped at the near shore."""
    before = cloud(500, within=300.0)
    spit = Spit(west=1.55, east=1.5515)
    after = drift(
        before, analytic_sea(UniformCurrent(eastward=2.0, northward=0.0), coast=spit), until=START + 3 * hours
    )
    assert after.stranded.all()
    assert np.abs(after.lon - 1.55).max() < 1e-9  # degrees: on the shore itself


def test_probability_stays_one():
    """Whatever the sea does, the weights of a belief sum to 1."""
    sea = analytic_sea(UniformCurrent(eastward=1.0, northward=0.0), coast=Spit(west=1.55, east=1.56), current_std=0.2)
    after = drift(cloud(500), sea, until=START + 8 * hours)
    assert after.weight.sum() == pytest.approx(1, abs=1e-12)
    assert len(after) == 500
