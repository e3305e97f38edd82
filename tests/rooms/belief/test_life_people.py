"""People in the water, from the belief of their boat."""

import numpy as np
import pytest

from cordiale.belief.drift import drift
from cordiale.belief.life_cycle import phases_of
from cordiale.belief.life_people import people_in_the_water
from cordiale.boats.life import IN_LIFEJACKETS
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import distance
from cordiale.earth.instants import Span
from cordiale.earth.units import hours, minutes
from cordiale.sea.analytic import UniformCurrent, analytic_sea
from cordiale.sea.wind import ConstantWind

from .clouds import NIGHT, cloud

STREAMING = analytic_sea(UniformCurrent(eastward=1.0, northward=0.0))


def test_they_start_where_their_boat_is_and_share_its_world():
    """Same places, ids, worlds and errors; another class, no way."""
    boat = cloud(what="inflatable", under_way=0.5, count=800)
    people = people_in_the_water(boat)
    for name in ("ids", "lat", "lon", "world", "current_error", "wind_error", "residual_error", "weight"):
        assert np.array_equal(getattr(people, name), getattr(boat, name)), name
    assert not people.way_speed.any()
    assert people.stream == boat.stream
    assert str(people.search_object) == "people in water"


def test_a_quarter_have_lifejackets_that_work_unless_said_otherwise():
    """The judged share, and the stated one; the class is that of the phase."""
    boat = cloud(what="inflatable", count=4000)
    assert phases_of(people_in_the_water(boat))["in_lifejackets"] == pytest.approx(0.25, abs=0.02)
    everybody = people_in_the_water(boat, lifejackets=1.0)
    assert (everybody.phase == IN_LIFEJACKETS).all()
    keys = [everybody.search_object.classes[k].key for k in np.unique(everybody.leeway_class)]
    assert set(keys) == {"piw_sitting", "piw_unknown"}


def test_who_falls_in_later_falls_in_where_the_boat_will_be():
    """Entry within an hour on a stream of 1 m/s: spread along 3.6 km, each with his own time, and then all move on."""
    boat = cloud(what="drifter", within=10.0, count=1000)
    entry = Span(earliest=NIGHT + 1 * hours, latest=NIGHT + 2 * hours)
    people = people_in_the_water(boat, at=entry, environment=STREAMING)
    assert people.at == entry.earliest
    run = distance(boat.lat, boat.lon, people.lat, people.lon)
    assert run == pytest.approx(people.start - NIGHT, abs=10)  # m: 1 m/s
    assert run.min() < 3700
    assert run.max() > 7100
    later = drift(people, STREAMING, until=NIGHT + 3 * hours)
    gone = distance(boat.lat, boat.lon, later.lat, later.lon)
    assert gone == pytest.approx(np.full(1000, 10800.0), abs=20)  # m: nobody lost a minute


def test_boat_and_people_meet_the_same_errors_of_the_sea():
    """Without wind the particle of the people goes where its boat goes, errors of the current included."""
    sea = analytic_sea(UniformCurrent(eastward=0.3, northward=0.1), current_std=0.2, residual_std=0.1)
    boat = cloud(what="inflatable", count=300)
    people = people_in_the_water(boat)
    until = NIGHT + 6 * hours
    one, other = drift(boat, sea, until=until), drift(people, sea, until=until)
    assert distance(one.lat, one.lon, other.lat, other.lon).max() < 0.01  # m


def test_in_a_wind_people_stay_behind_their_boat():
    """Persons have less leeway than the boat that they left."""
    windy = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0), wind=ConstantWind(eastward=8.0, northward=0.0))
    boat = cloud(what="small_boat", count=1000)
    people = people_in_the_water(boat)
    until = NIGHT + 25 * minutes  # before the first half hour of the boat's life
    moved = [drift(b, windy, until=until).lon.mean() - boat.lon.mean() for b in (boat, people)]
    assert 0.15 < moved[1] / moved[0] < 0.6


def test_an_entry_before_the_belief_and_a_foolish_share_are_refused():
    """The messages show the times, or the share."""
    boat = cloud(count=10)
    with pytest.raises(CordialeError, match="2021-11-24T01:00:00Z"):
        people_in_the_water(boat, at=NIGHT - 1 * hours)
    with pytest.raises(CordialeError, match=r"1\.5"):
        people_in_the_water(boat, lifejackets=1.5)
    with pytest.raises(CordialeError, match="no sea"):
        people_in_the_water(boat, at=NIGHT + 1 * hours)
