"""The compiled kernel and its NumPy twin: the same paths; the same bits for any chunks, threads, subset and order."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from cordiale.belief.drift import SCHEMES, drift
from cordiale.belief.drift_compiled import CompiledPassage
from cordiale.boats.life import TOWED
from cordiale.boats.search_object import search_object
from cordiale.earth import draw
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import displacement, distance
from cordiale.earth.position import Position
from cordiale.earth.units import hours, km, minutes
from cordiale.sea.environment import the_strait
from cordiale.sea.wind import ConstantWind, GriddedWind

from .clouds import NIGHT, cloud

WIND = ConstantWind(eastward=4.0, northward=3.0)
MID = Position(lat=51.0, lon=1.5)


def grid_wind(until=48 * hours):
    """A wind that turns and grows over a grid of half a degree."""
    rng = np.random.default_rng(1)
    fields = rng.normal(5.0, 2.0, (2, 9, 9, 13))
    return GriddedWind(
        instants=NIGHT + np.linspace(-6 * hours, until, 9),
        lat=np.linspace(49.0, 53.0, 9),
        lon=np.linspace(-1.5, 4.5, 13),
        eastward=fields[0],
        northward=fields[1],
        source="test",
    )


def apart(one, other):
    """Metres between the same particles of two beliefs."""
    return distance(one.lat, one.lon, other.lat, other.lon)


@pytest.mark.parametrize("wind", [WIND, None, grid_wind()], ids=["constant", "calm", "grid"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_kernel_goes_the_paths_of_its_twin(scheme, wind):
    """After 24 h on the strait with errors, jibes and coast: median below 1 m, and the same sides and errors."""
    before = cloud(count=600, within=3 * km, position=MID, under_way=0.2)
    fast, slow = (
        drift(before, the_strait(wind), until=NIGHT + 24 * hours, scheme=scheme, engine=engine)
        for engine in ("compiled", "numpy")
    )
    assert np.median(apart(fast, slow)) < 1.0  # m
    assert np.percentile(apart(fast, slow), 90) < 1.0  # m; who only just meets the shore may go another way
    assert np.array_equal(fast.side, slow.side)
    assert np.abs(fast.current_error - slow.current_error).max() < 1e-12
    assert abs(fast.fraction_ashore - slow.fraction_ashore) <= 0.02


def test_the_wind_may_drive_the_water_and_the_waves():
    """Off by default; 2 % of the wind 20 degrees to the right and 1 % along it are added, by kernel and twin alike."""
    before = cloud(count=50, within=50.0, position=MID, what="drifter")
    sea = replace(the_strait(WIND, wind_std=0.0), coast=None)
    driven = replace(sea, wind_driven=0.02, wind_driven_angle=20.0, stokes=0.01)
    still, fast, slow = (
        drift(before, s, until=NIGHT + 30 * minutes, engine=engine)
        for s, engine in ((sea, "compiled"), (driven, "compiled"), (driven, "numpy"))
    )
    assert apart(fast, slow).max() < 0.01
    east, north = displacement(still.lat, still.lon, fast.lat, fast.lon)
    towards = np.degrees(np.arctan2(east, north)).mean()
    wind_towards = np.degrees(np.arctan2(4.0, 3.0))
    expected = np.hypot(0.02 * np.cos(np.radians(20)) + 0.01, 0.02 * np.sin(np.radians(20))) * 5.0 * 1800
    assert np.hypot(east, north).mean() == pytest.approx(expected, rel=0.01)
    assert 10 < towards - wind_towards < 17  # degrees: 20 of the one, 0 of the other


@pytest.mark.parametrize("engine", ["compiled", "numpy"])
def test_in_tow_there_is_no_leeway(engine):
    """A towed boat goes her way through the water; the wind does not move her."""
    before = cloud(count=20, within=50.0, position=MID)
    towed = replace(
        before,
        search_object=search_object("drifter"),
        leeway_class=np.zeros(20, dtype=np.int64),
        phase=np.full(20, TOWED),
        way_speed=np.full(20, 2.0),
        way_course=np.full(20, 90.0),
        engine_stops=np.full(20, np.inf),
    )
    storm, calm = (
        replace(the_strait(ConstantWind(eastward=w, northward=0.0), wind_std=0.0), coast=None) for w in (20.0, 0.0)
    )
    one, other = (drift(towed, sea, until=NIGHT + 2 * hours, engine=engine) for sea in (storm, calm))
    assert apart(one, other).max() < 0.01  # m


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_chunks_and_threads_change_no_bit(threads):
    """Two threads, seven chunks or one: the same latitude to the last bit."""
    before = cloud(count=3000, within=15 * km, position=Position(lat=50.95, lon=1.6), under_way=0.1)
    sea = the_strait(WIND)
    once = drift(before, sea, until=NIGHT + 6 * hours)
    with ThreadPoolExecutor(2) as pool:
        again = drift(before, sea, until=NIGHT + 6 * hours, threads=threads, executor=pool)
    for field in ("lat", "lon", "stranded", "side", "lies_at", "current_error", "phase"):
        assert np.array_equal(getattr(once, field), getattr(again, field), equal_nan=field == "lies_at"), field


@pytest.mark.parametrize("wind", [WIND, grid_wind()], ids=["constant", "grid"])
def test_a_subset_in_another_order_gets_the_same_bits(wind):
    """On the strait too, where few particles look at a smaller part of the atlas than many."""
    everyone = cloud(count=1000, within=12 * km, position=MID)
    some = np.random.default_rng(5).permutation(1000)[:37]
    together = drift(everyone, the_strait(wind), until=NIGHT + 8 * hours)
    alone = drift(everyone.only(some), the_strait(wind), until=NIGHT + 8 * hours)
    assert np.array_equal(alone.lat, together.lat[some])
    assert np.array_equal(alone.lon, together.lon[some])
    assert np.array_equal(alone.stranded, together.stranded[some])


def test_two_goes_are_one_when_the_break_falls_on_a_step():
    """Broken at 20 past the hour the kernel goes on to the same bits."""
    before = cloud(count=300, within=5 * km, position=MID)
    sea = the_strait(WIND)
    once = drift(before, sea, until=NIGHT + 5 * hours)
    broken = drift(drift(before, sea, until=NIGHT + 80 * minutes), sea, until=NIGHT + 5 * hours)
    assert np.array_equal(once.lat, broken.lat)
    assert np.array_equal(once.side, broken.side)


def test_watching_changes_nothing():
    """With an observer every half hour and one that may cancel the particles go the same way."""
    before = cloud(count=300, within=5 * km, position=MID)
    seen: list[float] = []
    sea = the_strait(WIND)
    once = drift(before, sea, until=NIGHT + 3 * hours)
    watched = drift(
        before,
        sea,
        until=NIGHT + 3 * hours,
        observe=lambda b: seen.append(b.at),
        every=1 * hours,
        cancel=lambda: False,
    )
    assert np.array_equal(once.lat, watched.lat)
    assert seen == [NIGHT, NIGHT + 1 * hours, NIGHT + 2 * hours, NIGHT + 3 * hours]


def test_at_the_edge_of_a_file_the_twin_takes_over():
    """A wind that ends 8 km from the cloud is no patch there: refused only when a particle really leaves it."""
    wind = grid_wind()
    narrow = replace(wind, lat=np.linspace(50.93, 51.07, 9), lon=np.linspace(1.4, 1.6, 13))
    before = cloud(count=50, within=100.0, position=MID, what="drifter")
    assert not CompiledPassage(before, the_strait(narrow), "midpoint", None, 1).ready(NIGHT + 10 * minutes)
    assert np.isfinite(drift(before, the_strait(narrow), until=NIGHT + 20 * minutes).lat).all()


def test_the_compiled_draw_is_that_of_the_stream():
    """Normal numbers within 1e-12 of the NumPy twin, for large ids and counters too."""
    stream = Stream.of_seed(11).child("test")
    ids = np.concatenate([np.arange(5000), 2**40 + np.arange(5000)])
    ours, theirs = draw.normals(stream, ids, 2**33 + 7), stream.normals(ids, 2**33 + 7)
    assert np.abs(ours.T - theirs).max() < 1e-12
    assert abs(ours.mean()) < 4 / np.sqrt(20_000)
