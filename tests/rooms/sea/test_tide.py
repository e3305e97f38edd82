"""The tidal atlas: the night of 24 November 2021, edges, coast, the fast path and the provenance record."""

import hashlib
import tomllib
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from cordiale.earth.instants import utc
from cordiale.earth.units import hours, knots, minutes
from cordiale.sea.tide import (
    OutsideTide,
    Window,
    load_tide,
    tidal_current,
    tidal_level,
    window_around,
)
from cordiale.sea.tide_patch import tidal_patch

ATLAS = load_tide()
NIGHT = utc("2021-11-24")
MID_STRAIT = (51.0, 1.5)
OFF_DOVER = (51.12, 1.42)
# Position of the last fix of the night's boat, 51 08.5 N 1 44.5 E.
LAST_FIX = (51 + 8.5 / 60, 1 + 44.5 / 60)


def _along(place, at):
    """Current towards north-east (50 degrees true), m/s."""
    east, north = tidal_current(ATLAS, at, *place)
    return east * np.sin(np.radians(50)) + north * np.cos(np.radians(50))


@pytest.mark.parametrize("place", [MID_STRAIT, OFF_DOVER, LAST_FIX])
def test_the_stream_of_the_night_turns_when_the_tables_say(place):
    """North-east from about 00:30 to 06:15, south-west from 06:30 to 12:40, tolerance 40 minutes at each end.

    The strait turns within some 30 minutes from the English to the French side; the times are those of the tidal stream
    tables for Dover that night as quoted in the project's brief.
    """
    at = NIGHT - 3 * hours + np.arange(0, 18 * 60, 5) * minutes
    along = _along(place, at)
    begins = at[1:][(along[:-1] < 0) & (along[1:] >= 0)]
    ends = at[1:][(along[:-1] >= 0) & (along[1:] < 0)]
    assert abs(begins[0] - (NIGHT + 0.5 * hours)) < 40 * minutes
    assert abs(ends[ends > begins[0]][0] - (NIGHT + 6.4 * hours)) < 40 * minutes
    assert abs(begins[1] - (NIGHT + 12.65 * hours)) < 60 * minutes


@pytest.mark.parametrize("place", [MID_STRAIT, OFF_DOVER, LAST_FIX])
def test_the_stream_of_the_night_peaks_near_two_knots(place):
    """Three days after a full moon's springs begin to fall off: 1.6 to 2.9 knots at the peak."""
    east, north = tidal_current(ATLAS, NIGHT + np.arange(0, 24 * 60, 10) * minutes, *place)
    assert 1.6 * knots < np.hypot(east, north).max() < 2.9 * knots


def test_prediction_is_continuous():
    """One minute changes the level by less than 6 cm and the current by less than 2 cm/s, over a year's sample."""
    lat, lon = np.meshgrid(np.linspace(50.2, 51.7, 8), np.linspace(0.3, 3.0, 9), indexing="ij")
    for day in range(0, 360, 60):
        at = NIGHT + day * 24 * hours
        level = [tidal_level(ATLAS, at + k * minutes, lat, lon) for k in (0, 1)]
        assert (
            np.nanmax(np.abs(level[1] - level[0])) < 0.06
        )  # m; 9 m in 6 h peak at 0.039 m a minute, the Somme rises faster
        for a, b in zip(tidal_current(ATLAS, at, lat, lon), tidal_current(ATLAS, at + minutes, lat, lon), strict=True):
            assert np.nanmax(np.abs(a - b)) < 0.02


def test_the_atlas_covers_the_strait_at_one_kilometre_or_finer():
    """50.2-51.7 N and 0.3-3.0 E, steps below 1 km, and the constituents of the issue."""
    assert ATLAS.south <= 50.2 and ATLAS.north >= 51.7
    assert ATLAS.west <= 0.3 and ATLAS.east >= 3.0
    assert ATLAS.lat_step * 111.2 <= 1.0 and ATLAS.lon_step * 111.2 * np.cos(np.radians(50.2)) <= 1.0
    assert {"M2", "S2", "N2", "K2", "O1", "K1", "M4", "MS4"} <= set(ATLAS.constituents)


def test_outside_a_single_position_raises_and_an_array_gives_nan():
    """Beyond the atlas and far inland a person gets an error with the position; particles get NaN and stay in order."""
    with pytest.raises(OutsideTide, match=r"49°30.0'N 001°30.0'E.*\n\nhint"):
        tidal_current(ATLAS, NIGHT, 49.5, 1.5)
    with pytest.raises(OutsideTide):
        tidal_level(ATLAS, NIGHT, 51.2, 0.7)  # Maidstone
    east, north = tidal_current(ATLAS, NIGHT, np.array([51.0, 49.5, 51.2]), np.array([1.5, 1.5, 0.7]))
    assert np.isfinite(east[0]) and np.isfinite(north[0])
    assert np.isnan(east[1:]).all() and np.isnan(north[1:]).all()


def test_a_nan_position_stays_nan():
    """A particle without a position has no current, and harms no other."""
    lat, lon = np.array([51.0, np.nan]), np.array([1.5, np.nan])
    east, _ = tidal_current(ATLAS, NIGHT, lat, lon)
    assert np.isfinite(east[0]) and np.isnan(east[1])
    looked, _ = tidal_patch(ATLAS, NIGHT)(lat, lon)
    assert np.isfinite(looked[0]) and np.isnan(looked[1])


@pytest.mark.parametrize(
    "beach",
    [(50.885, 1.665), (50.995, 1.985), (50.725, 1.58), (51.115, 1.32), (50.905, 0.975)],
    ids=["Wissant", "Gravelines road", "Boulogne", "Dover", "Dungeness"],
)
def test_the_beach_has_a_current(beach):
    """A boat that has just been pushed off has a stream; land does not blank the last kilometre of sea."""
    east, north = tidal_current(ATLAS, NIGHT + np.arange(0, 13) * hours, *beach)
    assert 0.02 < np.hypot(east, north).max() < 3.0


def test_land_does_not_slow_the_stream_along_the_coast():
    """With every constant equal to one, the lookup gives one wherever it gives anything, however little sea is near."""
    known = ATLAS.known.astype(np.float32)
    flat = replace(tidal_patch(ATLAS, NIGHT), values=np.stack([known, known, known, known * 0], axis=-1))
    rng = np.random.default_rng(1)
    looked, _ = flat(rng.uniform(50.2, 51.7, 4000), rng.uniform(0.3, 3.0, 4000))
    found = looked[looked != 0]
    assert 0.5 < len(found) / 4000 < 1.0
    assert np.abs(found - 1).max() < 1e-12


def test_the_snapshot_agrees_with_the_synthesis_at_each_position():
    """The fast path of a cloud and the direct synthesis differ by less than 0.1 mm/s, in a window and on all of it."""
    rng = np.random.default_rng(2)
    lat, lon = rng.normal(51.05, 0.1, 500), rng.normal(1.6, 0.15, 500)
    direct = tidal_current(ATLAS, NIGHT, lat, lon)
    for window in (None, window_around(lat, lon)):
        looked = tidal_patch(ATLAS, NIGHT, window)(lat, lon)
        for a, b in zip(direct, looked, strict=True):
            assert np.array_equal(np.isnan(a), b == 0)
            assert np.nanmax(np.abs(a - b)) < 1e-4


def test_a_window_beyond_the_atlas_gives_its_corner_not_an_error():
    """A patch always has cells; that a whole cloud has left the atlas is said by `require_covered`."""
    patch = tidal_patch(ATLAS, NIGHT, Window(south=40.0, north=40.1, west=10.0, east=10.1))
    assert np.isfinite(patch(np.array([40.05]), np.array([10.05]))[0]).all()


def test_one_instant_for_each_position_is_the_same_as_one_by_one():
    """Times of shape (n,) pair with positions of shape (n,)."""
    at = NIGHT + np.arange(4) * hours
    lat, lon = np.linspace(50.9, 51.1, 4), np.linspace(1.4, 1.6, 4)
    east, north = tidal_current(ATLAS, at, lat, lon)
    for k in range(4):
        one = tidal_current(ATLAS, float(at[k]), float(lat[k]), float(lon[k]))
        assert abs(one[0] - east[k]) < 1e-9 and abs(one[1] - north[k]) < 1e-9


def test_the_provenance_record_names_the_file_that_is_here():
    """The checksum matches, and the record says licence, attribution, command and gauges."""
    path = files("cordiale.sea") / "data" / "tide.npz"
    record = tomllib.loads((files("cordiale.sea") / "data" / "tide.npz.provenance.toml").read_text(encoding="utf-8"))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == record["sha256"]
    assert "CC BY 4.0" in record["attribution"]
    assert "dieppe" in record["notes"] and "Kept back" in record["notes"]
    assert {source["package"] for source in record["sources"]} == {"resourcecode", "@neaps/tide-database"}


def test_the_atlas_states_its_errors():
    """Level and current errors are there for the drift to use: between a centimetre and half a metre (a second)."""
    assert 0.01 < ATLAS.level_std < 0.5
    assert 0.05 < ATLAS.current_std < 0.5
