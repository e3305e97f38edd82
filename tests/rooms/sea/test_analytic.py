"""Seas with a known answer."""

import numpy as np
import pytest

from cordiale.earth.geodesy import destination, displacement
from cordiale.earth.units import hours
from cordiale.sea.analytic import M2_PERIOD, Spit, TidalEllipse, TurningBasin, UniformCurrent, analytic_sea
from cordiale.sea.tide import window_around

LAT, LON = np.array([51.0, 51.1]), np.array([1.5, 1.6])


def test_the_ellipse_runs_along_its_axis_when_strongest_and_across_it_a_quarter_later():
    """Axis 030: major to 030 at the strongest, minor to 300 a quarter of a period later, against 030 after half."""
    tide = TidalEllipse(major=1.0, minor=0.2, axis=30.0, strongest=0.0)
    east, north = tide.velocity(0.0, LAT, LON)
    assert (east[0], north[0]) == pytest.approx((0.5, 0.8660254))
    east, north = tide.velocity(M2_PERIOD / 4, LAT, LON)
    assert (east[0], north[0]) == pytest.approx((-0.2 * 0.8660254, 0.2 * 0.5))
    east, north = tide.flow(M2_PERIOD / 2, window_around(LAT, LON))(LAT, LON)
    assert (east[1], north[1]) == pytest.approx((-0.5, -0.8660254))


def test_the_basin_turns_anticlockwise():
    """East of its centre the water goes north, at the speed of the circle."""
    basin = TurningBasin(lat=51.0, lon=1.5, period=6 * hours)
    lat, lon = destination(51.0, 1.5, np.array([5000.0]), np.array([0.0]))
    east, north = basin.velocity(0.0, lat, lon)
    assert north[0] == pytest.approx(2 * np.pi * 5000 / (6 * hours), rel=1e-3)
    assert abs(east[0]) < 1e-3


def test_the_spit_knows_its_distance_and_where_a_path_meets_it():
    """Positive outside, negative inside, from either side; a path over it is stopped at the near shore."""
    spit = Spit(west=1.5, east=1.51)
    lat = np.full(3, 51.0)
    lon = np.array([1.4, 1.505, 1.6])
    expected, _ = displacement(51.0, 1.4, 51.0, 1.5)
    assert spit.distance(lat, lon)[0] == pytest.approx(float(expected))
    assert spit.distance(lat, lon)[1] < 0 < spit.distance(lat, lon)[2]
    part = spit.landfall(lat, np.array([1.4, 1.505, 1.6]), lat, np.array([1.6, 1.6, 1.55]))
    assert part[0] == pytest.approx(0.5)
    assert part[1] == 0
    assert part[2] == np.inf


def test_an_analytic_sea_is_calm_open_and_exact_unless_told_otherwise():
    """Its errors are zero and it has no shore."""
    sea = analytic_sea(UniformCurrent(eastward=1.0, northward=0.0))
    assert (sea.current_error.std, sea.wind_error.std, sea.coast) == (0.0, 0.0, None)
    assert sea.wind.velocity(0.0, LAT, LON)[0].tolist() == [0.0, 0.0]
