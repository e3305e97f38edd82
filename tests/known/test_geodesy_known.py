"""Distances and bearings against GeographicLib (C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87, 2013)."""

import numpy as np
from geographiclib.geodesic import Geodesic

from cordiale.earth.geodesy import bearing, destination, displacement, distance

rng = np.random.default_rng(5)
LAT = rng.uniform(49, 53, 200)
LON = rng.uniform(-2, 4, 200)


def test_distances_and_bearings_agree_with_geographiclib():
    """Across the strait and the eastern Channel: 0.05 % of the distance, 0.1 degree of the mean bearing."""
    for i in range(0, 200, 2):
        truth = Geodesic.WGS84.Inverse(LAT[i], LON[i], LAT[i + 1], LON[i + 1])
        if truth["s12"] > 300_000:
            continue
        assert abs(distance(LAT[i], LON[i], LAT[i + 1], LON[i + 1]) / truth["s12"] - 1) < 5e-4
        mean_azimuth = truth["azi1"] + ((truth["azi2"] - truth["azi1"] + 180) % 360 - 180) / 2
        gap = (bearing(LAT[i], LON[i], LAT[i + 1], LON[i + 1]) - mean_azimuth + 180) % 360 - 180
        assert abs(gap) < 0.1


def test_destination_undoes_displacement():
    """Going east and north and measuring back gives the same metres within a millimetre per kilometre."""
    east, north = displacement(LAT[:-1], LON[:-1], LAT[1:], LON[1:])
    lat, lon = destination(LAT[:-1], LON[:-1], east, north)
    assert np.max(distance(lat, lon, LAT[1:], LON[1:])) < 0.3  # metres, over up to 500 km


def test_the_length_of_a_minute_of_latitude_at_51_degrees():
    """At 51 N a minute of latitude measures 1854 m (tables of meridional parts, WGS 84)."""
    assert abs(distance(51.0, 1.5, 51 + 1 / 60, 1.5) - 1854.2) < 0.5
