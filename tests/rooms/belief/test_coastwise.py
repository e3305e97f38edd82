"""Legs along the coast."""

import numpy as np
import pytest

from cordiale.belief.coastwise import coastwise_leg, course_along, leg_length, places_along, run_of
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import distance
from cordiale.earth.position import Position
from cordiale.earth.units import km
from cordiale.sea.environment import the_strait

COAST = the_strait().coast
CANCHE = Position(lat=50.53, lon=1.59)
GRAVELINES = Position(lat=51.0, lon=2.10)


@pytest.fixture(scope="module")
def leg():
    """From the mouth of the Canche past Boulogne, Cap Gris-Nez and Calais to the beaches of Gravelines."""
    return coastwise_leg(CANCHE, GRAVELINES, COAST)


def test_the_leg_runs_along_the_coast_and_not_over_it(leg):
    """Clear of land all the way, seldom far out, and longer than the crow flies over the land."""
    lat, lon = places_along(leg, np.arange(1500.0, leg_length(leg) - 1500, 50))
    off = COAST.distance(lat, lon)
    assert off.min() > 150  # m
    assert off.max() < 3 * km
    assert np.median(off) == pytest.approx(900, abs=300)
    straight = float(distance(CANCHE.lat, CANCHE.lon, GRAVELINES.lat, GRAVELINES.lon))
    assert 1.2 * straight < leg_length(leg) < 1.5 * straight


def test_the_leg_begins_and_ends_where_it_was_asked_for(leg):
    """Both ends are kept, and no stretch between waypoints meets land but near the ends."""
    assert leg[0] == CANCHE
    assert leg[-1] == GRAVELINES
    lat, lon = np.array([p.lat for p in leg]), np.array([p.lon for p in leg])
    assert not np.isfinite(COAST.landfall(lat[1:-2], lon[1:-2], lat[2:-1], lon[2:-1])).any()


def test_there_and_back_are_as_long(leg):
    """The way back costs the same."""
    assert leg_length(coastwise_leg(GRAVELINES, CANCHE, COAST)) == pytest.approx(leg_length(leg), rel=0.02)


def test_a_wider_offing_is_kept():
    """Two miles off where asked."""
    far = coastwise_leg(CANCHE, GRAVELINES, COAST, offing=4 * km)
    lat, lon = places_along(far, np.arange(15_000.0, leg_length(far) - 15_000, 100))
    assert np.median(COAST.distance(lat, lon)) > 2.5 * km


def test_the_run_of_a_place_on_the_leg_is_its_distance_along_it(leg):
    """Places and runs are each other's inverse; a course points along the leg."""
    run = np.linspace(0, leg_length(leg), 40)
    lat, lon = places_along(leg, run)
    assert run_of(leg, lat, lon) == pytest.approx(run, abs=30)  # m: straight lines in degrees against geodesics
    course = course_along(leg, np.array([50.60]), np.array([1.56]), np.array([2000.0]))
    assert abs((course[0] + 180) % 360 - 180) < 30  # north along the coast of Picardy


def test_where_no_water_leads_there_is_no_leg():
    """Paris has no beach; the message shows both ends."""
    with pytest.raises(CordialeError, match="no leg by water"):
        coastwise_leg(CANCHE, Position(lat=50.3, lon=2.8), COAST)
    with pytest.raises(CordialeError, match="no leg by water"):
        coastwise_leg(CANCHE, Position(lat=58.0, lon=-6.0), COAST)
