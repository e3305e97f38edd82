"""Drift: way, waiting particles, the coast, and what is refused. The laws stand in tests/laws/test_drift_laws.py."""

import math
from dataclasses import replace

import numpy as np
import pytest

from cordiale.belief.belief import under_way
from cordiale.belief.drift import drift, step_instants
from cordiale.belief.scenario import first_belief
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import displacement, distance
from cordiale.earth.position import Position
from cordiale.earth.units import NM, hours, minutes
from cordiale.sea.analytic import Spit, UniformCurrent, analytic_sea
from cordiale.sea.environment import the_strait
from cordiale.sea.tide import OutsideTide
from cordiale.sea.wind import GriddedWind

from .clouds import NIGHT, cloud, fix, report

STILL = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0))
EASTGOING = analytic_sea(UniformCurrent(eastward=1.0, northward=0.0))


def test_a_boat_under_way_goes_her_speed_until_the_engine_stops():
    """Displacement through still water = speed x time with the engine, to the second and not to the step."""
    before = cloud(count=300, under_way=1.0)
    after = drift(before, STILL, until=NIGHT + 3 * hours)
    ran = np.minimum(before.engine_stops - NIGHT, 3 * hours)
    gone = distance(before.lat, before.lon, after.lat, after.lon)
    assert gone == pytest.approx(before.way_speed * ran, rel=2e-3, abs=1.0)  # m


def test_the_current_sets_a_boat_under_way():
    """Way is through the water: in a uniform stream it comes on top."""
    before = cloud(count=100, under_way=1.0)
    still, set_east = (drift(before, sea, until=NIGHT + 1 * hours) for sea in (STILL, EASTGOING))
    east, north = displacement(still.lat, still.lon, set_east.lat, set_east.lon)
    assert east == pytest.approx(np.full(100, 3600.0), abs=10.0)  # m; northern degrees are shorter
    assert np.abs(north).max() < 5.0


def test_particles_wait_for_their_own_time():
    """A fix between 02:00 and 03:00: by 03:00 each has drifted since its own instant."""
    before = first_belief(
        report(fix(51.0, 1.5), until=NIGHT + 1 * hours, state="adrift"), stream=Stream.of_seed(1), count=300
    )
    after = drift(before, EASTGOING, until=NIGHT + 1 * hours)
    east, _ = displacement(before.lat, before.lon, after.lat, after.lon)
    assert east == pytest.approx(NIGHT + 1 * hours - before.start, abs=5.0)  # m at 1 m/s


def test_stranding_sticks():
    """Who lies ashore stays there when the stream turns."""
    sea = analytic_sea(UniformCurrent(eastward=1.0, northward=0.0), coast=Spit(west=1.55, east=1.6))
    ashore = drift(cloud(count=50, within=200.0), sea, until=NIGHT + 2 * hours)
    assert ashore.fraction_ashore == pytest.approx(1)
    back = analytic_sea(UniformCurrent(eastward=-1.0, northward=0.0), coast=Spit(west=1.55, east=1.6))
    later = drift(ashore, back, until=NIGHT + 6 * hours)
    assert np.array_equal(later.lon, ashore.lon)


def test_a_boat_leaves_the_beach_under_way_and_stays_on_it_adrift():
    """Starting on land: with an engine she is put in the water and kept off, without she lies there."""
    spit = Spit(west=1.5, east=1.502)
    sea = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0), coast=spit)
    start = Position(lat=51.0, lon=1.501)
    leaving = drift(cloud(count=200, within=10.0, position=start, under_way=1.0), sea, until=NIGHT + 1 * hours)
    afloat = under_way(leaving)
    assert (spit.distance(leaving.lat, leaving.lon)[afloat] > 0).all()
    assert leaving.fraction_ashore < 0.3  # engines stop after 3.75 h on average: 23 % in the hour
    lying = drift(cloud(count=50, within=10.0, position=start), sea, until=NIGHT + 1 * hours)
    assert lying.fraction_ashore == pytest.approx(1)


def test_a_boat_under_way_set_on_a_shore_goes_along_it():
    """A stream of 2 m/s towards the land: no engine, stranded; engine running, still at sea, most moved on."""
    spit = Spit(west=1.55, east=1.6)
    sea = analytic_sea(UniformCurrent(eastward=2.0, northward=1.0), coast=spit)
    before = replace(cloud(count=100, within=500.0, under_way=1.0), engine_stops=np.full(100, NIGHT + 10 * hours))
    after = drift(before, sea, until=NIGHT + 4 * hours)
    assert after.fraction_ashore == 0
    assert (spit.distance(after.lat, after.lon) > 0).all()
    assert (after.lat > before.lat).mean() > 0.8
    assert drift(cloud(count=100, within=500.0), sea, until=NIGHT + 4 * hours).fraction_ashore == pytest.approx(1)


@pytest.mark.parametrize("place", [(51.02, 2.20), (50.998358, 1.925736), (50.63575, 1.566352)])
def test_a_departure_does_not_end_on_the_beach_it_left(place):
    """Loon-Plage, Gravelines, Camiers: after 3 h nobody under way is on land and under 15 % lie ashore.

    Those who do lost their engines near the beach: 55 % of all engines stop within 3 h.
    """
    sea = the_strait()
    leaving = report(fix(*place, 1200.0), kind="departure", at=NIGHT)
    before = first_belief(leaving, stream=Stream.of_seed(3), count=1000, coast=sea.coast)
    after = drift(before, sea, until=NIGHT + 3 * hours)
    room = sea.coast.distance(after.lat, after.lon)
    assert not (room[under_way(after)] <= 0).any()
    assert after.fraction_ashore < 0.15


def test_a_wind_that_grows_along_the_way_carries_exponentially():
    """Downwind speed a x wind, wind g x distance: x0 exp(a g t); the wind is taken where the boat is."""
    lon = np.array([1.0, 3.0])
    lat = np.array([50.5, 51.5])
    growing = np.broadcast_to(5.0 + 10.0 * (lon - 1.0), (2, 2, 2))  # m/s: 10 to 15 over a degree from 1.5 E
    wind = GriddedWind(
        instants=np.array([NIGHT, NIGHT + 1e6]),
        lat=lat,
        lon=lon,
        eastward=growing,
        northward=np.zeros((2, 2, 2)),
        source="test",
    )
    skiff = replace(
        cloud(count=3, within=1.0, what="rigid_boat"),
        leeway_class=np.zeros(3, dtype=np.int64),
        downwind_residual=np.zeros(3),
        crosswind_residual=np.zeros(3),
    )
    line = skiff.search_object.classes[0].downwind
    after = drift(skiff, analytic_sea(UniformCurrent(eastward=0.0, northward=0.0), wind=wind), until=NIGHT + 12 * hours)
    per_degree = 70_197.0  # m of a degree of longitude at 51 N
    rate = line.slope * 10.0 / per_degree
    expected = 10.0 * line.slope / rate * (math.exp(rate * 12 * hours) - 1)
    spread = line.residual_std / (line.slope * 10.0)
    middle = 1 / math.sqrt(1 + spread**2)  # the median of the lognormal law lies below its mean
    east, _ = displacement(skiff.lat, skiff.lon, after.lat, after.lon)
    assert east == pytest.approx(np.full(3, expected * middle), rel=0.01)  # the spread shrinks a little with the wind


def test_steps_fall_on_round_instants():
    """Every round ten minutes and half hour between the two ends, whatever these are."""
    steps = step_instants(NIGHT + 61, NIGHT + 40 * minutes, 10 * minutes)
    assert [round(t - NIGHT) for t in steps] == [61, 600, 1200, 1800, 2400]
    assert step_instants(NIGHT, NIGHT, 10 * minutes) == (NIGHT,)


def test_drifting_no_time_changes_nothing():
    """Until the same instant the belief is the same."""
    belief = cloud(count=10)
    assert drift(belief, STILL, until=NIGHT) is belief


def test_progress_is_told_and_a_cancelled_drift_says_how_far_it_came():
    """Budgets may stop early; the belief's own time is the count."""
    told: list[float] = []
    drift(cloud(count=5), STILL, until=NIGHT + 1 * hours, progress=told.append)
    assert told[-1] == 1
    assert told == sorted(told)
    stopped = drift(cloud(count=5), STILL, until=NIGHT + 1 * hours, cancel=lambda: True)
    assert stopped.at == NIGHT + 10 * minutes


def test_the_past_a_foolish_step_and_no_time_at_all_are_refused():
    """Backwards is another question; the messages name the values."""
    belief = cloud(count=5)
    with pytest.raises(CordialeError, match="cannot drift"):
        drift(belief, STILL, until=NIGHT - 1)
    with pytest.raises(CordialeError, match="cannot drift"):
        drift(belief, STILL, until=float("nan"))
    with pytest.raises(CordialeError, match="0 s"):
        drift(belief, STILL, until=NIGHT + 1, step=0)


def test_a_cloud_that_lies_wholly_outside_the_atlas_is_refused():
    """Off Brittany the strait's atlas knows nothing; a cloud with one foot in it drifts on."""
    with pytest.raises(OutsideTide):
        drift(cloud(count=5, position=Position(lat=48.0, lon=-5.0)), the_strait(), until=NIGHT + 1 * hours)
    edge = cloud(count=200, position=Position(lat=51.8, lon=2.5), within=2 * NM)
    moved = drift(edge, the_strait(), until=NIGHT + 1 * hours)
    assert np.isfinite(moved.lat).all()
    assert distance(edge.lat, edge.lon, moved.lat, moved.lon).min() > 0
