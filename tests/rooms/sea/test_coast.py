"""Where the land is."""

import numpy as np
import pytest

from cordiale.earth.geodesy import destination, distance, metres_per_degree
from cordiale.earth.units import NM
from cordiale.sea.coast import (
    coast_geojson,
    coast_polygons,
    crosses_land,
    distance_to_land,
    is_land,
    landfall,
    load_coast,
    nearest_land_direction,
    on_step,
)

COAST = load_coast()
AT_SEA = {
    "last fix of the night": (51.1417, 1.7417),
    "the find": (51.0930, 1.7235),
    "Varne": (51.02, 1.40),
    "Dover outer harbour": (51.1175, 1.3300),
    "Calais outer harbour": (50.9775, 1.8600),
    "Goodwin Sands, which dry": (51.25, 1.52),
}
ON_LAND = {
    "Dover castle": (51.1297, 1.3213),
    "Calais town": (50.9520, 1.8560),
    "Dungeness lighthouse": (50.9134, 0.9758),
    "Cap Gris-Nez lighthouse": (50.8690, 1.5840),
    "Dunkerque town": (51.0340, 2.3770),
    "Isle of Sheppey": (51.40, 0.83),
}


def test_the_field_covers_the_strait():
    """Every corner of the area the issue asks for is inside the field."""
    for lat in (50.2, 51.7):
        for lon in (0.3, 3.0):
            assert COAST.covers(lat, lon)


@pytest.mark.parametrize("place", AT_SEA)
def test_known_waters_are_sea(place):
    """Places where boats float are sea."""
    assert not is_land(COAST, *AT_SEA[place])


@pytest.mark.parametrize("place", ON_LAND)
def test_known_ground_is_land(place):
    """Lighthouses, castles and town halls stand on land."""
    assert is_land(COAST, *ON_LAND[place])


def test_the_narrows_are_as_wide_as_published():
    """From South Foreland to Cap Gris-Nez the sea is 18 nautical miles (33.3 km) wide, as every handbook says."""
    parts = np.linspace(0, 1, 4001)
    lat, lon = 51.1405 + parts * (50.8696 - 51.1405), 1.3715 + parts * (1.5839 - 1.3715)  # from light to light
    sea = np.flatnonzero(~is_land(COAST, lat, lon))
    assert np.all(np.diff(sea) == 1)
    width = distance(lat[sea[0]], lon[sea[0]], lat[sea[-1]], lon[sea[-1]])
    assert width == pytest.approx(18 * NM, abs=0.25 * NM)  # published to half a mile


def test_distance_is_in_metres_in_every_direction():
    """Walking 500 m straight away from a straight shore adds 500 m, north-south and east-west alike."""
    for lat, lon, east, north in ((50.70, 0.95, 0, -500), (50.60, 1.50, -500, 0)):
        there = destination(lat, lon, east, north)
        gained = distance_to_land(COAST, *there) - distance_to_land(COAST, lat, lon)
        size = np.hypot(*(component * 500 for component in nearest_land_direction(COAST, lat, lon)))
        assert size == pytest.approx(500)
        towards = nearest_land_direction(COAST, lat, lon)
        away = -(east * towards[0] + north * towards[1])
        assert gained == pytest.approx(away, abs=15)  # m: 2.5 m counts, the shore bends a little over 500 m


def test_the_direction_to_land_leads_ashore():
    """From points off both coasts, the distance to land in its direction ends at the shore."""
    lat, lon = np.array([51.20, 50.95, 50.75, 51.10]), np.array([1.50, 1.60, 1.50, 2.30])
    towards_east, towards_north = nearest_land_direction(COAST, lat, lon)
    reach = distance_to_land(COAST, lat, lon)
    ashore = distance_to_land(COAST, *destination(lat, lon, towards_east * reach, towards_north * reach))
    assert np.all(np.abs(ashore) < 60)  # m: the direction is right to 0.3 degree at 10 km


def test_outside_the_field_is_unknown_and_never_land():
    """Outside the field, and for a position that is not a number, the distance is NaN and nothing is land."""
    lat, lon = np.array([48.0, 51.0, np.nan]), np.array([1.5, 5.0, 1.5])
    assert np.all(np.isnan(distance_to_land(COAST, lat, lon)))
    assert not is_land(COAST, lat, lon).any()
    assert np.all(np.isnan(nearest_land_direction(COAST, lat, lon)[0]))
    assert not crosses_land(COAST, 48.0, 1.5, 48.1, 1.5)


def test_the_edges_of_the_field_can_be_read():
    """The last row and column of nodes belong to the field."""
    assert np.isfinite(distance_to_land(COAST, COAST.north, COAST.east))
    assert np.isfinite(distance_to_land(COAST, COAST.south, COAST.west))


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("Dover's detached breakwater", (51.1120, 1.3420), (51.1200, 1.3330)),
        ("Calais' outer mole", (50.9900, 1.8600), (50.9790, 1.8600)),
        ("Dungeness", (50.900, 0.930), (50.940, 1.000)),
        ("Kent from the Thames to the Channel", (51.40, 1.00), (50.95, 1.10)),
    ],
)
def test_a_step_over_land_is_noticed_though_both_ends_are_at_sea(name, start, end):
    """Moles, points and whole counties cannot be jumped over."""
    assert not is_land(COAST, *start)
    assert not is_land(COAST, *end)
    assert crosses_land(COAST, *start, *end), name


def test_a_step_through_open_water_is_free():
    """From the 02:01 fix to the find nothing is in the way; nor through the western entrance of Dover."""
    assert not crosses_land(COAST, 51.1417, 1.7417, 51.0930, 1.7235)
    assert not crosses_land(COAST, 51.1100, 1.3300, 51.1145, 1.3264)


def test_a_boat_strands_where_its_step_first_meets_the_shore():
    """The landing point lies on the shore, and the step before it is clear."""
    part = landfall(COAST, 50.90, 1.40, 50.90, 1.90)
    lat, lon = on_step(50.90, 1.40, 50.90, 1.90, part)
    assert abs(distance_to_land(COAST, lat, lon)) < 45  # m: steps of 40 m near the shore
    assert not crosses_land(COAST, 50.90, 1.40, *on_step(50.90, 1.40, 50.90, 1.90, 0.98 * part))
    assert landfall(COAST, 50.95, 1.85, 50.95, 1.86) == 0
    assert landfall(COAST, 51.0, 1.5, 51.0, 1.5) == np.inf


def test_walking_by_distance_finds_what_small_steps_find():
    """Sphere marching agrees with looking every 10 m, on 400 random steps near both coasts."""
    random = np.random.default_rng(20211124)
    lat0, lon0 = random.uniform(50.7, 51.3, 400), random.uniform(1.2, 1.9, 400)
    lat1, lon1 = lat0 + random.normal(0, 0.02, 400), lon0 + random.normal(0, 0.03, 400)
    parts = np.linspace(0, 1, 1000)[:, np.newaxis]
    every = is_land(COAST, lat0 + parts * (lat1 - lat0), lon0 + parts * (lon1 - lon0)).any(axis=0)
    found = crosses_land(COAST, lat0, lon0, lat1, lon1)
    assert every.sum() > 100
    assert not (found & ~every).any()
    assert (every & ~found).sum() <= 2  # corners of land cut by less than 40 m of path may be missed


def test_the_distance_never_changes_faster_than_one_metre_a_metre():
    """A distance is 1-Lipschitz; over 300 m at random places it changes by at most 300 m."""
    random = np.random.default_rng(7)
    lat, lon = random.uniform(50.1, 51.8, 20_000), random.uniform(0.1, 3.3, 20_000)
    angle = random.uniform(0, 2 * np.pi, 20_000)
    there = destination(lat, lon, 300 * np.cos(angle), 300 * np.sin(angle))
    change = np.abs(distance_to_land(COAST, *there) - distance_to_land(COAST, lat, lon))
    assert change.max() < 300 + 15  # m: counts of 2.5 m and the bilinear corners


def test_polygons_and_field_tell_the_same_shore():
    """Vertices of the drawn shore lie within a cell of the zero of the field, between Dungeness and Ostend."""
    vertices = np.concatenate([polygon.outline for polygon in coast_polygons()])
    lon, lat = vertices.T
    strait = (lon > 0.9) & (lon < 2.8) & (lat > 50.3) & (lat < 51.3)
    away = np.abs(distance_to_land(COAST, lat[strait], lon[strait]))
    assert strait.sum() > 500
    assert np.median(away) < 25  # m: simplified by 15 m, measured 14 m
    assert np.quantile(away, 0.95) < 90  # m: vertices on moles lie 60 m inside the widened land


def test_the_drawn_land_is_small_and_credits_its_mappers():
    """Closed rings, under 600 kB, with the attribution its licence asks for."""
    assert len(coast_geojson()) < 600_000
    assert "OpenStreetMap contributors" in coast_geojson()
    for polygon in coast_polygons():
        for ring in (polygon.outline, *polygon.holes):
            assert np.array_equal(ring[0], ring[-1])
            assert len(ring) >= 4


def test_the_nodes_are_about_100_metres_apart():
    """The grid is as fine as the issue asks."""
    north, east = metres_per_degree(51.0)
    assert COAST.step_lat * north == pytest.approx(100, abs=2)  # m
    assert COAST.step_lon * east == pytest.approx(100, abs=2)  # m
    assert distance(COAST.south, COAST.west, COAST.north, COAST.east) > 300_000
