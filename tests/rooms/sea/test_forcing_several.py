"""Several files and several sources: order of time, order of trust, members, caches, and what is told of gaps."""

import pickle

import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span
from cordiale.earth.units import hours
from cordiale.sea import cf
from cordiale.sea.cf import members, open_current, open_scalar, open_wind
from cordiale.sea.environment import TidalCurrent, the_strait
from cordiale.sea.grid import ForcingUnknown
from cordiale.sea.patch import Patch
from cordiale.sea.season import cloud_base, sea_temperature, visibility
from cordiale.sea.several import gaps, in_order, portions
from cordiale.sea.tide import Window, load_tide
from cordiale.sea.tile import BadTile, open_tile
from cordiale.sea.wind import ConstantWind
from tests.rooms.sea.cf_files import START, WINDOW, check, east_of, write_regular

SINGLE = 3e-7  # m/s: single precision of 1 m/s
AT = (np.array([51.0]), np.array([1.5]))


def east_at(field, hour, lat=51.0, lon=1.5):
    """The eastward velocity of a field at one place."""
    return float(field.velocity(START + hour * hours, np.array([lat]), np.array([lon]))[0][0])


def test_files_follow_each_other_in_time_whatever_their_order(tmp_path):
    """Two halves of a day given the wrong way round are one field."""
    later = write_regular(tmp_path / "a.nc", hour=np.arange(3.0, 6.0))
    earlier = write_regular(tmp_path / "b.nc", hour=np.arange(0.0, 3.0))
    field = open_current([later, earlier], window=WINDOW)
    assert len(field.instants) == 6
    check(field, SINGLE)


def test_where_files_overlap_the_later_forecast_holds(tmp_path):
    """From its first instant on; after its end the older one goes on."""
    old = write_regular(tmp_path / "old.nc", hour=np.arange(0.0, 7.0))
    new = write_regular(tmp_path / "new.nc", hour=np.arange(2.0, 5.0), add=1.0)
    field = open_current([old, new], window=WINDOW)
    assert [round(east_at(field, h) - east_of(h, 51.0, 1.5), 6) for h in (0, 1, 2, 4, 5, 6)] == [0, 0, 1, 1, 0, 0]


def test_a_cache_is_written_once_and_then_read_instead(tmp_path, monkeypatch):
    """The second opening needs no NetCDF and gives the same numbers from a memory map."""
    path, cache = write_regular(tmp_path / "c.nc"), tmp_path / "cache"
    first = open_current(path, window=WINDOW, cache=cache)
    monkeypatch.setattr(cf, "netCDF4", None)
    second = open_current(path, window=WINDOW, cache=cache)
    assert isinstance(second.tile, np.memmap)
    assert not second.tile.flags.writeable
    assert np.array_equal(first.tile, second.tile)
    assert (second.source, second.lattice) == (first.source, first.lattice)
    check(second, SINGLE)
    assert [p.suffix for p in cache.iterdir()] == [".tile"]


def test_another_file_window_or_span_makes_another_cache(tmp_path, monkeypatch):
    """What a cache was made from is in its name."""
    path, cache = write_regular(tmp_path / "c.nc"), tmp_path / "cache"
    open_current(path, window=WINDOW, cache=cache)
    open_current(path, window=Window(south=50.5, north=51.5, west=1, east=2), cache=cache)
    open_current(path, window=WINDOW, span=Span(earliest=START, latest=START + hours), cache=cache)
    assert len(list(cache.iterdir())) == 3
    write_regular(path, add=0.5)
    assert east_at(open_current(path, window=WINDOW, cache=cache), 0) == pytest.approx(0.8, abs=SINGLE)
    assert len(list(cache.iterdir())) == 4


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "header"])
def test_a_damaged_cache_is_noticed_and_made_again(tmp_path, damage):
    """One bit is enough."""
    path, cache = write_regular(tmp_path / "c.nc"), tmp_path / "cache"
    open_current(path, window=WINDOW, cache=cache)
    (tile,) = cache.iterdir()
    raw = bytearray(tile.read_bytes())
    if damage == "cut":
        raw = raw[: len(raw) // 2]
    elif damage == "empty":
        raw = bytearray()
    else:
        raw[len(raw) // 2 if damage == "flipped" else 40] ^= 1
    tile.unlink()
    tile.write_bytes(raw)
    with pytest.raises(BadTile, match="damaged"):
        open_tile(tile)
    check(open_current(path, window=WINDOW, cache=cache), SINGLE)
    check(open_tile(tile), SINGLE)


def test_a_cache_that_cannot_be_finished_leaves_nothing_behind(tmp_path):
    """A file with a bad hour is refused and its half-written tile is gone."""
    path = write_regular(tmp_path / "c.nc", land=lambda lat, lon: lat + 0 * lon > 0)
    with pytest.raises(CordialeError, match="no value"):
        open_current(path, window=WINDOW, cache=tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_field_travels_between_processes(tmp_path):
    """With a cache as its path, a few hundred bytes; without one with all it holds."""
    path = write_regular(tmp_path / "c.nc")
    kept = open_current(path, window=WINDOW, cache=tmp_path / "cache")
    assert len(pickle.dumps(kept)) < 1000
    for field in (kept, open_current(path, window=WINDOW)):
        check(pickle.loads(pickle.dumps(field)), SINGLE)


def test_members_of_an_ensemble_are_fields_of_their_own(tmp_path):
    """One file with a dimension of members, or one file a member; a single forecast is one member."""
    path = write_regular(tmp_path / "e.nc", members=3)
    found = members(open_current, path, window=WINDOW)
    assert [round(east_at(f, 0) - 0.3, 6) for f in found] == [0.0, 1.0, 2.0]
    paths = [write_regular(tmp_path / f"{k}.nc", add=float(k)) for k in range(2)]
    assert [round(east_at(f, 0) - 0.3, 6) for f in members(open_current, paths, window=WINDOW)] == [0.0, 1.0]
    assert len(members(open_current, paths[0], window=WINDOW)) == 1


def test_each_place_and_time_is_from_the_first_that_knows_it(tmp_path):
    """A small fine file over a large coarse one: inside its box and hours the first, else the second."""
    fine = open_current(
        write_regular(tmp_path / "fine.nc", lat=np.arange(50.8, 51.21, 0.05), lon=np.arange(1.3, 1.71, 0.05), add=1.0)
    )
    coarse = open_current(write_regular(tmp_path / "coarse.nc", hour=np.arange(0.0, 10.0)), window=WINDOW)
    both = in_order(fine, coarse)
    assert east_at(both, 1) == pytest.approx(east_of(1, 51.0, 1.5) + 1, abs=SINGLE)
    assert east_at(both, 1, lat=50.6) == pytest.approx(east_of(1, 50.6, 1.5), abs=SINGLE)
    assert east_at(both, 6) == pytest.approx(east_of(6, 51.0, 1.5), abs=SINGLE)
    flow = both.flow(START + hours, WINDOW)
    assert isinstance(flow, Patch)
    lat, lon = np.array([51.0, 50.6, 51.5]), np.array([1.5, 1.5, 2.3])
    assert flow(lat, lon)[0] == pytest.approx(both.velocity(START + hours, lat, lon)[0], abs=1e-6)
    with pytest.raises(ForcingUnknown, match="2021-11-24 11:00Z"):
        east_at(both, 11)


def test_the_tide_is_the_fallback_and_says_so(tmp_path):
    """Beyond the file's hours the packaged tide answers; its name stands as that of a fallback."""
    tide = TidalCurrent(atlas=load_tide())
    field = open_current(write_regular(tmp_path / "c.nc"), window=WINDOW)
    both = in_order(field, fallback=tide)
    assert "as a fallback: " + tide.source in both.source
    assert east_at(both, 2) == pytest.approx(east_of(2, 51.0, 1.5), abs=SINGLE)
    late = START + 30 * hours
    assert both.velocity(late, *AT)[0] == pytest.approx(tide.velocity(late, *AT)[0])
    assert both.flow(late, WINDOW)(*AT)[0] == pytest.approx(tide.flow(late, WINDOW)(*AT)[0])


def test_gaps_are_told_in_sentences_with_their_shares(tmp_path):
    """Four hours of a file over a third of the window, the tide elsewhere and afterwards."""
    tide = TidalCurrent(atlas=load_tide())
    field = open_current(write_regular(tmp_path / "c.nc", lon=np.arange(0.0, 1.21, 0.1)), window=WINDOW)
    span = Span(earliest=START, latest=START + 8 * hours)
    parts = portions(in_order(field, fallback=tide), span, WINDOW)
    assert [part.is_fallback for part in parts] == [False, True, True]
    assert parts[0].share == pytest.approx(1 / 3, abs=0.08)
    assert parts[2].share == 1.0
    assert parts[2].span.earliest == START + 4 * hours + 1  # a second after its last instant
    told = gaps(in_order(field, fallback=tide), span, WINDOW)
    assert "from the fallback" in told[2]
    assert "100 %" in told[2]
    assert "recours" in gaps(in_order(field, fallback=tide), span, WINDOW, "fr")[2]
    assert "not known to any source" in gaps(in_order(field), span, WINDOW)[-1]


def test_a_hole_in_time_is_not_bridged_but_left_to_the_fallback(tmp_path):
    """A missing day: refused whole, taken in part on request, and never a straight line across it."""
    path = write_regular(tmp_path / "c.nc", hour=np.array([0.0, 1.0, 2.0, 20.0, 21.0]))
    field = open_current(path, window=WINDOW, partial=True)
    with pytest.raises(ForcingUnknown, match="10:00Z"):
        east_at(field, 10)
    calm = ConstantWind(eastward=7.0, northward=0.0)
    assert east_at(in_order(field, fallback=calm), 10) == 7.0
    assert east_at(field, 20.5) == pytest.approx(east_of(20.5, 51.0, 1.5), abs=1e-6)


def test_the_drift_takes_a_field_as_its_current_and_its_wind(tmp_path):
    """The protocols of the environment are met."""
    wind = open_wind(write_regular(tmp_path / "w.nc", names=("eastward_wind", "northward_wind")), window=WINDOW)
    environment = the_strait(wind)
    assert "eastward_wind" in str(environment)
    assert not wind.everywhere


def test_scalars_are_read_in_our_units(tmp_path):
    """Kelvin and kilometres, found by standard name; outside the file they are unknown."""
    path = write_regular(tmp_path / "s.nc", names=("sea_surface_temperature", "visibility_in_air"), add=285.0)
    with cf.netCDF4.Dataset(path, "r+") as data:
        data["u"].units, data["v"].units = "K", "km"
        data["v"][:] = 12.0
    warm = open_scalar(path, "sea_surface_temperature", window=WINDOW)
    assert warm.value(START, *AT)[0] == pytest.approx(285.3 - 273.15, abs=1e-5)
    assert "sea_surface_temperature" in str(warm)
    assert open_scalar(path, "visibility_in_air", window=WINDOW).value(START, *AT)[0] == pytest.approx(12_000.0)
    with pytest.raises(ForcingUnknown, match="sea_surface_temperature"):
        warm.value(START + 9 * hours, *AT)
    with pytest.raises(CordialeError, match=r"u in[\s\S]*'K'[\s\S]*known units: m"):
        open_scalar(path, "sea_surface_wave_significant_height", variable="u")


def test_without_a_value_the_sea_temperature_is_a_labelled_band():
    """In late November some 7 to 12 degrees, and it says that it is a judgement; a given value is kept."""
    band = sea_temperature(START)
    assert (band.low, band.high) == (pytest.approx(9.8, abs=1.5), pytest.approx(14.8, abs=1.5))
    assert "judgement" in band.sentence()
    assert "appréciation" in band.sentence("fr")
    assert sea_temperature(START, 11.0).sentence() == "sea temperature 11.0 °C (as given)"
    with pytest.raises(CordialeError, match="285"):
        sea_temperature(START, 285.0)


def test_unknown_visibility_is_said_aloud():
    """No visibility is made up for a night nobody described."""
    assert visibility().middle is None
    assert "unknown" in visibility().sentence()
    assert visibility(4000.0).sentence() == "visibility 4000 m (as given)"
    assert "inconnue" in cloud_base().sentence("fr")
