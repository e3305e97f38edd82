"""Moving clouds, intercepts in streams and winds, and the way round the land."""

import numpy as np
import pytest

from cordiale.assets.availability import at_sea, at_station
from cordiale.assets.catalogue import load_catalogue
from cordiale.belief.drift import drift
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import displacement, distance
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM, hours, knots, minutes
from cordiale.response.cloud import MovingCloud, cloud_around, cloud_of
from cordiale.response.passage import passage, round_the_land
from cordiale.response.transit import leg_time, meet
from cordiale.sea.analytic import Spit, UniformCurrent, analytic_sea
from cordiale.sea.environment import the_strait
from cordiale.sea.wind import ConstantWind

NOW = utc("2021-11-24 02:27")
HERE = Position(lat=51.1, lon=1.6)


def moving(eastward: float, northward: float, *, std: float = 0.0) -> MovingCloud:
    """A cloud that starts 10 NM east of HERE and goes with a stream (m/s)."""
    sea = analytic_sea(UniformCurrent(eastward=eastward, northward=northward))
    start = Position(lat=51.1, lon=1.6 + 10 * NM / 69_985)
    return cloud_around(start, std, at=NOW, environment=sea, until=NOW + 6 * hours)


def test_a_cloud_around_a_place_goes_with_the_stream_and_keeps_its_spread():
    """One metre a second to the north for an hour is 3,600 m; the stated spread is that of the particles."""
    cloud = moving(0.0, 1.0, std=500.0)
    first, later = cloud.mean(NOW), cloud.mean(NOW + 1 * hours)
    east, north = displacement(first.lat, first.lon, later.lat, later.lon)
    assert float(north) == pytest.approx(3600, abs=10) and abs(float(east)) < 5  # metres: the Earth is round
    assert cloud.spread(NOW) == pytest.approx(500, rel=0.03)  # 64 particles on rings
    assert cloud.spread(NOW + 3 * hours) == pytest.approx(500, rel=0.03)


def test_the_spread_grows_with_the_errors_of_the_sea():
    """The packaged strait errs, so an hour later she may be further off; and what was wide stays to be searched."""
    cloud = cloud_around(HERE, 100.0, at=NOW, environment=the_strait(), until=NOW + 6 * hours)
    assert cloud.spread(NOW + 3 * hours) > 3 * cloud.spread(NOW)
    assert np.all(np.diff(cloud.spreads) >= 0)


def test_a_cloud_of_beliefs_is_where_the_belief_is():
    """Thinned to 200 of 3,000 particles its mean is within a tenth of the spread of the whole."""
    sea = the_strait()
    belief = first_belief(
        Fix(position=HERE, within=500.0),
        at=NOW,
        stream=Stream.of_seed(3),
        search_for=search_object("inflatable"),
        count=3000,
    )
    later = drift(belief, sea, until=NOW + 2 * hours)
    cloud = cloud_of([belief, later])
    centre, mean = later.centre, cloud.mean(NOW + 2 * hours)
    spread = cloud.spread(NOW + 2 * hours)
    assert cloud.weight.size == 200
    assert float(distance(centre.lat, centre.lon, mean.lat, mean.lon)) < 0.15 * spread
    with pytest.raises(CordialeError, match="particles"):
        cloud_of([belief, later.only(np.arange(10))])


def test_times_of_a_cloud_rise():
    """A cloud whose times do not rise is refused."""
    with pytest.raises(CordialeError, match="rise"):
        MovingCloud(times=np.array([1.0, 1.0]), lat=np.zeros((2, 1)), lon=np.zeros((2, 1)), weight=np.ones(1))


def test_boat_and_craft_in_one_stream_meet_as_in_still_water():
    """Both are carried alike: 10 NM at 20 kn is 30 min, whatever the stream does."""
    for stream in ((0.0, 0.0), (0.0, 1.0), (-1.0, 0.5)):
        sea = analytic_sea(UniformCurrent(eastward=stream[0], northward=stream[1]))
        arrival = meet(sea, HERE, moving(*stream), NOW, 20 * knots, flies=False)
        assert (arrival.mean - NOW) / minutes == pytest.approx(30, abs=0.2)  # minutes: the shape of the Earth


def test_a_stream_helps_one_way_and_hinders_the_other():
    """To a place that stands still, 10 NM at 20 kn with and against 2 kn: 27.3 and 33.3 min; across 30.2."""
    there = Position(lat=51.1, lon=1.6 + 10 * NM / 69_985)
    for stream, expected in (((2, 0), 600 / 22), ((-2, 0), 600 / 18), ((0, 2), 600 / np.sqrt(400 - 4))):
        sea = analytic_sea(UniformCurrent(eastward=stream[0] * knots, northward=stream[1] * knots))
        time = leg_time(sea, HERE, there, NOW, 20 * knots, flies=False)
        assert time / minutes == pytest.approx(expected, abs=0.1)


def test_an_aircraft_feels_the_wind_and_not_the_stream():
    """145 kn against 45 kn of wind is 100 kn over the ground, and the boat goes on drifting."""
    wind = ConstantWind.blowing(45 * knots, from_direction=90.0)
    sea = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0), wind=wind)
    arrival = meet(sea, HERE, moving(0.0, 0.0), NOW, 145 * knots, flies=True)
    assert (arrival.mean - NOW) / minutes == pytest.approx(6.0, abs=0.1)


def test_a_craft_slower_than_the_stream_never_arrives():
    """3 kn against a stream of 4 kn to a place that stands still."""
    sea = analytic_sea(UniformCurrent(eastward=-4 * knots, northward=0.0))
    there = Position(lat=51.1, lon=1.7)
    assert np.isinf(leg_time(sea, HERE, there, NOW, 3 * knots, flies=False))


def test_the_spread_of_the_cloud_is_a_spread_of_arrivals():
    """A wide cloud is met earlier on its near side and later on its far side; an exact one at one time."""
    sea = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0))
    wide = meet(sea, HERE, moving(0.0, 0.0, std=2000.0), NOW, 20 * knots, flies=False)
    sharp = meet(sea, HERE, moving(0.0, 0.0), NOW, 20 * knots, flies=False)
    assert wide.early < sharp.early - 2 * minutes and wide.late > sharp.late + 2 * minutes
    assert wide.mean == pytest.approx(sharp.mean, abs=60)


def test_ramsgate_to_folkestone_goes_round_the_south_foreland():
    """Straight across Kent is shorter; the lifeboat has to take the sea."""
    coast = the_strait().coast
    ramsgate = load_catalogue().stations["ramsgate"].gate
    turns = round_the_land(ramsgate, Position(lat=51.04, lon=1.15), coast)
    assert turns
    assert round_the_land(HERE, Position(lat=51.0, lon=1.7), coast) == ()


def test_a_wall_without_a_way_round_is_no_way():
    """Land from pole to pole between them: it says so instead of going through."""
    wall = Spit(west=1.65, east=1.66)
    assert round_the_land(HERE, Position(lat=51.0, lon=1.9), wall) is None
    sea = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0), coast=wall)
    ship = at_sea(load_catalogue().named("flamant"), NOW, HERE)
    way = passage(ship, moving(0.0, 0.0), sea, 20 * knots)
    assert np.isinf(way.arrival.mean)
    helicopter = at_sea(load_catalogue().named("r163"), NOW, HERE)
    assert np.isfinite(passage(helicopter, moving(0.0, 0.0), sea, 100 * knots).arrival.mean)


def test_from_the_berth_a_ship_goes_to_the_gate_first():
    """Readiness, the harbour, then the sea: later than one that lies off the gate already."""
    sea = the_strait()
    boat = load_catalogue().named("RNLI Dover")
    cloud = cloud_around(HERE, 100.0, at=NOW, environment=sea, until=NOW + 3 * hours)
    inside = passage(at_station(boat, NOW, ready=NOW), cloud, sea, boat.craft.top)
    outside = passage(at_sea(boat, NOW, boat.station.gate), cloud, sea, boat.craft.top)
    assert inside.arrival.mean - outside.arrival.mean > 5 * minutes
    assert at_station(boat, NOW).ready == NOW + 15 * minutes
