"""Places as densities: what is drawn is what is looked up."""

import math

import numpy as np
import pytest

from cordiale.belief.reading import area_of, draw_place, log_likelihood_of_place, spot
from cordiale.belief.report import Area, RangeBearing, Reading
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import destination, displacement
from cordiale.earth.position import Position
from cordiale.earth.units import km

from .clouds import MID_STRAIT, fix

L_SHAPE = Area(
    corners=tuple(
        Position(lat=lat, lon=lon)
        for lat, lon in ((51.0, 1.5), (51.0, 1.6), (51.02, 1.6), (51.02, 1.52), (51.08, 1.52), (51.08, 1.5))
    )
)
PLACES = {
    "fix": fix(51.0, 1.5, 800.0),
    "area": L_SHAPE,
    "range": RangeBearing(origin=MID_STRAIT, range=8000.0, range_std=600.0, bearing=220.0, bearing_std=8.0),
}


@pytest.mark.parametrize("name", list(PLACES))
def test_the_density_of_a_place_integrates_to_one(name):
    """Summed over a fine grid of the sea, the density of each kind of place is 1."""
    step = 25.0
    side = np.arange(-12 * km, 12 * km, step)
    east, north = np.meshgrid(side, side)
    lat, lon = destination(51.0, 1.5, east.ravel(), north.ravel())
    density = np.exp(log_likelihood_of_place((Reading(place=PLACES[name]),), lat, lon))
    assert density.sum() * step**2 == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("name", list(PLACES))
def test_draws_have_the_mean_and_spread_that_the_spot_states(name):
    """Moments of 20,000 draws against the closed form."""
    where = spot(PLACES[name])
    lat, lon = draw_place((Reading(place=PLACES[name]),), Stream.of_seed(2), np.arange(20_000))
    east, north = displacement(where.centre.lat, where.centre.lon, lat, lon)
    size = math.sqrt(where.east_variance + where.north_variance)
    bend = 0.06 if name == "range" else 0.01  # an arc is not quite a normal law
    assert abs(east.mean()) < (bend + 0.02) * size
    assert abs(north.mean()) < (bend + 0.02) * size
    assert east.var() == pytest.approx(where.east_variance, rel=0.06)
    assert north.var() == pytest.approx(where.north_variance, rel=0.06)
    assert np.mean(east * north) == pytest.approx(where.covariance, abs=0.04 * size**2)


def test_readings_share_their_density_by_probability():
    """At the first of two distant readings, the density is its own times its probability."""
    here, there = fix(51.0, 1.5, 500.0), fix(51.2, 1.9, 500.0)
    both = (Reading(place=here, probability=0.3), Reading(place=there, probability=0.7))
    at = (np.array([51.0]), np.array([1.5]))
    alone = log_likelihood_of_place((Reading(place=here),), *at)[0]
    assert log_likelihood_of_place(both, *at)[0] == pytest.approx(alone + math.log(0.3))


def test_outside_an_area_nothing_is_possible_inside_all_is_alike():
    """The notch of an L-shaped polygon is outside."""
    value = log_likelihood_of_place((Reading(place=L_SHAPE),), np.array([51.01, 51.06]), np.array([1.58, 1.58]))
    assert value[0] == pytest.approx(-math.log(area_of(L_SHAPE)))
    assert value[1] == -math.inf


def test_the_area_of_a_polygon_does_not_depend_on_its_direction():
    """Clockwise or not, the L is 5.5 cells of 2 km2 or so, the same both ways."""
    turned = Area(corners=tuple(reversed(L_SHAPE.corners)))
    assert area_of(turned) == pytest.approx(area_of(L_SHAPE))
    degree_lat, degree_lon = 111.25 * km, 70.16 * km
    exact = (0.1 * 0.02 + 0.06 * 0.02) * degree_lat * degree_lon
    assert area_of(L_SHAPE) == pytest.approx(exact, rel=0.005)
    assert spot(turned).east_variance == pytest.approx(spot(L_SHAPE).east_variance)
