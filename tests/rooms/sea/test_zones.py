"""Whose waters, and the lines on the sea."""

import numpy as np
import pytest

from cordiale.earth.geodesy import distance
from cordiale.earth.units import NM
from cordiale.sea.coast import distance_to_land, load_coast
from cordiale.sea.tables import chart_angle
from cordiale.sea.zones import inside, lines, search_region, waters
from cordiale.words import say

LAST_FIX_0201 = (51 + 8.5 / 60, 1 + 44.5 / 60)
LAST_REPORTED = (51 + 9.045 / 60, 1 + 45.568 / 60)
FIND = (51 + 5.58 / 60, 1 + 43.41 / 60)


@pytest.mark.parametrize(
    ("place", "position", "country"),
    [
        ("Varne", (51.02, 1.40), "GB"),
        ("2 NM off Gris-Nez", (50.88, 1.53), "FR"),
        ("mid-Channel off Dieppe", (50.30, 0.50), "none"),
        ("off Ostend", (51.30, 2.80), "BE"),
        ("off Dunkerque", (51.10, 2.40), "FR"),
        ("Goodwin Sands", (51.25, 1.52), "GB"),
        ("Dover castle", (51.1297, 1.3213), "GB"),
        ("Sangatte", (50.94, 1.75), "FR"),
        ("not a number", (np.nan, 1.5), "none"),
    ],
)
def test_waters_of_known_places(place, position, country):
    """Places whose territorial waters are not in doubt."""
    assert waters(lat=position[0], lon=position[1]) == country


@pytest.mark.parametrize(
    ("name", "position", "country", "region"),
    [
        ("the 02:01 fix", LAST_FIX_0201, "GB", "UK"),
        ("the last reported position", LAST_REPORTED, "GB", "UK"),
        ("the find at 12:49", FIND, "FR", "FR"),
    ],
)
def test_the_positions_of_the_night_lie_on_the_sides_the_sources_say(name, position, country, region):
    """MAIB 7/2023 puts the reported positions in the UK region; Le Monde and Premar put the find in French waters."""
    assert waters(lat=position[0], lon=position[1]) == country
    assert search_region(lat=position[0], lon=position[1]) == region


def test_search_regions_fill_the_strait_without_gaps():
    """Every position between 50 and 51.9 N belongs to one region, as regions under the SAR convention should."""
    lat, lon = np.meshgrid(np.linspace(50.0, 51.9, 80), np.linspace(0.0, 3.4, 80))
    regions = search_region(lat=lat, lon=lon)
    assert regions.shape == lat.shape
    assert set(regions.ravel()) == {"UK", "FR", "BE", "NL"}
    assert search_region(lat=48.0, lon=1.0) == "none"


def test_arrays_and_single_positions_agree():
    """Asking for many at once gives what asking one by one gives."""
    random = np.random.default_rng(3)
    lat, lon = random.uniform(50.0, 51.9, 60), random.uniform(0.0, 3.4, 60)
    assert list(waters(lat=lat, lon=lon)) == [waters(lat=float(a), lon=float(o)) for a, o in zip(lat, lon, strict=True)]


def test_the_outer_limit_is_12_miles_or_more_from_land():
    """The territorial sea reaches 12 nautical miles beyond the baseline, which lies at or outside the drawn shore."""
    coast = load_coast()
    checked = 0
    for line in lines():
        if line.key in ("territorial_limit_gb", "territorial_limit_fr"):
            away = distance_to_land(coast, line.lat, line.lon)
            away = away[np.isfinite(away)]
            checked += away.size
            assert away.min() > 11.9 * NM  # 40 m of simplification and mapping
            assert np.quantile(away, 0.25) < 13 * NM  # drying banks off the Thames push it further out
    assert checked > 100


def test_crossing_the_median_line_changes_the_waters():
    """The line runs 30 NM or more, British waters a kilometre to its north-west and French ones to its south-east."""
    (median,) = [line for line in lines() if line.key == "median_gb_fr"]
    assert distance(median.lat[0], median.lon[0], median.lat[-1], median.lon[-1]) > 30 * NM
    for step in (-0.01, 0.01):  # degrees of latitude, about 1.1 km either side
        sides = waters(lat=median.lat[1:-1] + step, lon=median.lon[1:-1] - step)
        assert set(sides) == ({"FR"} if step < 0 else {"GB"})


def test_search_region_boundary_follows_the_median_line_in_the_narrows():
    """The two independently read lines agree to 0.3 NM where both run between South Foreland and Calais."""
    (median,) = [line for line in lines() if line.key == "median_gb_fr"]
    (region,) = [line for line in lines() if line.key == "search_region_gb_fr"]
    lons = np.linspace(1.37, 1.88, 52)
    apart = np.interp(lons, median.lon[::-1], median.lat[::-1]) - np.interp(lons, region.lon, region.lat)
    assert np.abs(apart).max() * 60 < 0.3  # nautical miles


def test_lanes_lie_inside_the_separation_scheme_and_keep_right():
    """Both lane centres lie within the outer limit, and the north-east-bound one on the French side."""
    line = {line.key: line for line in lines()}
    outer = np.column_stack([line["traffic_separation"].lon, line["traffic_separation"].lat])
    for key in ("lane_north_east", "lane_south_west"):
        parts = np.linspace(0, 1, 200) * (len(line[key].lat) - 1)
        number = np.arange(len(line[key].lat))
        lat, lon = np.interp(parts, number, line[key].lat), np.interp(parts, number, line[key].lon)
        assert inside(outer, lat=lat, lon=lon).mean() > 0.98  # they were read from different publications
    lats = np.linspace(50.6, 51.3, 30)
    up = np.interp(lats, line["lane_north_east"].lat, line["lane_north_east"].lon)
    down = np.interp(lats, line["lane_south_west"].lat[::-1], line["lane_south_west"].lon[::-1])
    assert np.all(up > down)


def test_every_line_has_a_name_a_source_and_admits_that_nobody_verified_it():
    """A view can name each line in both languages and must be able to mark it unverified."""
    for line in lines():
        assert len(line.source) > 20
        assert not line.verified
        assert say(line.name_key) != say(line.name_key, "fr")
        assert np.all(np.isfinite(line.coordinates))
        assert line.lat.shape == line.lon.shape


def test_inside_knows_a_square_with_a_notch():
    """Even-odd: a point in the notch is outside, the rest of the square inside."""
    ring = np.array([(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 1.0), (0.0, 4.0)])
    assert inside(ring, lat=np.array([0.5, 3.0, 3.0, 5.0]), lon=np.array([2.0, 2.0, 3.9, 2.0])).tolist() == [
        True,
        False,
        True,
        False,
    ]


def test_chart_angles_read_as_on_the_chart():
    """Degrees and decimal minutes, west and south negative."""
    assert chart_angle("51 07.5 N") == pytest.approx(51.125, abs=1e-12)
    assert chart_angle("000 03.0 W") == pytest.approx(-0.05, abs=1e-12)
