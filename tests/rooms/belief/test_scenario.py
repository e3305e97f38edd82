"""The first belief: what one report alone says."""

import numpy as np
import pytest

from cordiale.belief.report import Area, Fix, RangeBearing
from cordiale.belief.scenario import first_belief, reported_under_way
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import bearing, distance
from cordiale.earth.position import Position
from cordiale.earth.units import NM, hours
from cordiale.sea.analytic import Spit
from cordiale.sea.tide import load_tide, tidal_level

from .clouds import MID_STRAIT, NIGHT, cloud, fix, report

STREAM = Stream.of_seed(4).child("boat")


def test_ninety_five_in_a_hundred_particles_lie_within_the_stated_radius():
    """`within` and `containment` mean what they say."""
    belief = cloud(within=1 * NM, count=5000)
    inside = distance(51.0, 1.5, belief.lat, belief.lon) < NM
    assert inside.mean() == pytest.approx(0.95, abs=0.01)  # three standard errors of 5,000


def test_an_area_is_filled_evenly():
    """Inside the polygon, all of it alike: its four quarters hold a quarter each, whatever its shape."""
    corners = tuple(Position(lat=lat, lon=lon) for lat, lon in ((51.0, 1.4), (51.0, 1.6), (51.1, 1.6), (51.1, 1.4)))
    belief = first_belief(Area(corners=corners), at=NIGHT, stream=STREAM, count=4000)
    assert belief.lat.min() >= 51.0
    assert belief.lat.max() <= 51.1
    quarters = np.bincount((belief.lat > 51.05) * 2 + (belief.lon > 1.5), minlength=4) / 4000
    assert quarters == pytest.approx(np.full(4, 0.25), abs=0.03)


def test_range_and_bearing_lie_where_they_point():
    """10 NM 045 from Cap Gris-Nez: the mean range and bearing of the cloud are those."""
    gris_nez = Position(lat=50.869, lon=1.583)
    place = RangeBearing(origin=gris_nez, range=10 * NM, range_std=0.5 * NM, bearing=45.0, bearing_std=5.0)
    belief = first_belief(place, at=NIGHT, stream=STREAM, count=4000)
    reach = distance(gris_nez.lat, gris_nez.lon, belief.lat, belief.lon) / NM
    course = bearing(gris_nez.lat, gris_nez.lon, belief.lat, belief.lon)
    assert reach.mean() == pytest.approx(10, abs=0.05)
    assert reach.std() == pytest.approx(0.5, rel=0.05)
    assert course.mean() == pytest.approx(45, abs=0.3)
    assert course.std() == pytest.approx(5, rel=0.05)


def test_exclusive_readings_share_the_particles():
    """Two readings of one position: half of the cloud at each."""
    belief = first_belief(report(fix(51.0, 1.5), fix(51.0, 1.9)), stream=STREAM, count=4000)
    assert (belief.lon > 1.7).mean() == pytest.approx(0.5, abs=0.03)


def test_a_time_given_as_an_interval_is_drawn_from_it():
    """Particles start anywhere between the two ends; the belief stands at the first."""
    belief = first_belief(report(fix(51.0, 1.5), until=NIGHT + 1 * hours), stream=STREAM, count=2000)
    assert belief.at == NIGHT
    assert belief.start.min() >= NIGHT
    assert belief.start.max() <= NIGHT + 1 * hours
    assert belief.start.mean() == pytest.approx(NIGHT + 0.5 * hours, abs=90)  # s


def test_what_the_report_says_of_her_way_is_what_the_particles_do():
    """Adrift none, running all, a departure all, an unknown pin half."""
    assert reported_under_way(report(state="adrift")) == 0
    assert reported_under_way(report(engine="running", state="taking_water")) == 1
    assert reported_under_way(report(kind="departure")) == 1
    belief = first_belief(report(fix(51.0, 1.5)), stream=STREAM, count=2000)
    assert (belief.way_speed > 0).mean() == pytest.approx(0.5, abs=0.04)
    adrift = first_belief(report(fix(51.0, 1.5), state="adrift"), stream=STREAM, count=500)
    assert not adrift.way_speed.any()


def test_a_beached_boat_starts_ashore():
    """Reported beached: stranded from the first."""
    assert first_belief(report(fix(51.0, 1.5), state="beached"), stream=STREAM, count=50).fraction_ashore == 1


def test_a_fix_near_the_beach_puts_nobody_on_land():
    """A boat reports from the sea: places on land are drawn again."""
    spit = Spit(west=1.5, east=1.6)
    belief = first_belief(report(fix(51.0, 1.499, 300.0)), stream=STREAM, count=1000, coast=spit)
    assert (spit.distance(belief.lat, belief.lon) > 0).all()
    leaving = first_belief(report(fix(51.0, 1.55, 300.0), kind="departure"), stream=STREAM, count=100, coast=spit)
    assert (spit.distance(leaving.lat, leaving.lon) > 0).all()
    assert (spit.distance(leaving.lat, leaving.lon) < 800).all()  # m: off the nearest shore and no further
    beached = first_belief(report(fix(51.0, 1.55, 300.0), state="beached"), stream=STREAM, count=100, coast=spit)
    assert (spit.distance(beached.lat, beached.lon) < 0).all()


def test_the_same_report_and_seed_give_the_same_cloud_and_a_part_of_it():
    """A larger cloud begins with the same particles as a smaller one."""
    few = first_belief(report(fix(51.0, 1.5)), stream=STREAM, count=20)
    many = first_belief(report(fix(51.0, 1.5)), stream=STREAM, count=2000)
    assert np.array_equal(few.lat, many.lat[:20])
    assert np.array_equal(few.side, many.side[:20])
    assert np.array_equal(few.way_course, many.way_course[:20])


def test_classes_follow_the_weights_of_the_search_object():
    """The mixture is drawn, not averaged."""
    inflatable = search_object("inflatable")
    belief = first_belief(fix(51.0, 1.5), at=NIGHT, stream=STREAM, count=8000)
    shares = np.bincount(belief.leeway_class, minlength=len(inflatable.classes)) / 8000
    assert shares == pytest.approx(inflatable.weights, abs=0.02)


def test_a_polygon_without_breadth_still_gives_places():
    """Three corners on a line: the boat is on that line, and nothing hangs."""
    corners = tuple(Position(lat=51.0, lon=lon) for lon in (1.4, 1.5, 1.6))
    belief = first_belief(Area(corners=corners), at=NIGHT, stream=STREAM, count=20)
    assert belief.lat == pytest.approx(np.full(20, 51.0))


def test_a_report_without_a_position_cannot_start_a_cloud():
    """The message says which report and what to do."""
    with pytest.raises(CordialeError, match="r-1"):
        first_belief(report(), stream=STREAM)


def test_a_bare_place_needs_a_time_and_a_cloud_needs_particles():
    """Both are refused with a hint."""
    with pytest.raises(CordialeError, match="no time"):
        first_belief(Fix(position=MID_STRAIT, within=100.0), stream=STREAM)
    with pytest.raises(CordialeError, match="particles is 0"):
        first_belief(report(fix(51.0, 1.5)), stream=STREAM, count=0)


def test_a_boat_beached_at_an_unknown_time_lies_at_the_level_of_its_own_instant():
    """With a tide the level is that of each particle's time, metres apart; without one it is unknown."""
    tide = load_tide()
    beach = report(fix(50.99, 2.05), state="beached", until=NIGHT + 5 * hours)
    known = first_belief(beach, stream=STREAM, count=200, tide=tide)
    assert known.stranded.all()
    assert known.lies_at == pytest.approx(tidal_level(tide, known.start, known.lat, known.lon))
    assert np.ptp(known.lies_at) > 2  # m
    assert np.isnan(first_belief(beach, stream=STREAM, count=5).lies_at).all()
