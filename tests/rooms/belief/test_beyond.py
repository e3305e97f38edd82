"""Forcing from files: parts of a cloud are the whole to the last bit, and the edge of a file costs no forecast."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from cordiale.belief.beyond import MOST_BEYOND, beyond_forcing, beyond_told
from cordiale.belief.drift import drift
from cordiale.belief.drift_compiled import CompiledPassage
from cordiale.earth.position import Position
from cordiale.earth.units import hours, km, minutes
from cordiale.sea.environment import NO_ERROR, TidalCurrent, the_strait
from cordiale.sea.grid import ForcingUnknown, GriddedField, Lattice
from cordiale.sea.several import in_order
from cordiale.sea.tide import Window, load_tide
from cordiale.sea.wind import ConstantWind
from cordiale.sea.wind_driven import with_wind

from .clouds import NIGHT, cloud

MID = Position(lat=51.0, lon=1.5)


def field(south=50.2, north=51.8, west=0.3, east=2.9, step=0.037, coastal=True, seed=3, holes=0.0):
    """A current or a wind of random values on a lattice, hourly, with some nodes unknown."""
    rows, columns = (int(np.floor(length / step)) + 1 for length in (north - south, east - west))
    rng = np.random.default_rng(seed)
    tile = np.zeros((14, rows, columns, 4), dtype=np.float32)
    tile[..., :2] = rng.normal(0.3, 0.4, (14, rows, columns, 2))
    tile[..., 2] = rng.random((rows, columns)) >= holes
    tile[..., :2] *= tile[..., 2:3]
    return GriddedField(
        quantity="sea_water_velocity",
        lattice=Lattice(south=south, west=west, lat_step=step, lon_step=step, rows=rows, columns=columns),
        instants=NIGHT + np.arange(14) * hours,
        tile=tile,
        covered=np.ones((rows, columns), dtype=np.bool_),
        coastal=coastal,
        longest_step=3 * hours,
        source="made for the test",
    )


def to_the_east(metres_per_second, **box):
    """A file of one eastward current."""
    one = field(**box)
    one.tile[..., 0], one.tile[..., 1], one.tile[..., 2] = metres_per_second, 0.0, 1.0
    return one


SEAS = {
    "file": lambda: the_strait(field(coastal=False, seed=5)),
    "both": lambda: replace(the_strait(field(coastal=False, seed=5, step=0.21)), current=field(holes=0.1)),
    "in order": lambda: replace(
        the_strait(), current=in_order(field(holes=0.2, east=1.6), field(seed=8, step=0.11, south=50.9))
    ),
    "fallback": lambda: replace(
        the_strait(), current=in_order(field(east=1.6, seed=9), fallback=TidalCurrent(atlas=load_tide()))
    ),
    "driven": lambda: replace(
        the_strait(), current=with_wind(TidalCurrent(atlas=load_tide()), field(coastal=False, seed=5, step=0.21))
    ),
}


@pytest.mark.parametrize("sea", SEAS)
def test_parts_of_a_belief_over_files_are_the_whole_to_the_last_bit(sea):
    """Each part looks at another window of the file; one thread or two."""
    environment = SEAS[sea]()
    everyone = cloud(count=1500, within=14 * km, position=MID)
    until = NIGHT + 7 * hours
    whole = drift(everyone, environment, until=until)
    rng = np.random.default_rng(5)
    for part in (rng.permutation(1500)[:41], np.array([7]), np.flatnonzero(everyone.lat > 51.05)):
        alone = drift(everyone.only(part), environment, until=until)
        for name in ("lat", "lon", "stranded"):
            assert np.array_equal(getattr(alone, name), getattr(whole, name)[part]), name
    with ThreadPoolExecutor(2) as pool:
        both = drift(everyone, environment, until=until, threads=2, executor=pool)
    assert np.array_equal(both.lat, whole.lat)
    assert np.array_equal(both.lon, whole.lon)


def _still(current):
    """A sea without coast, wind or errors."""
    sea = the_strait(ConstantWind(eastward=0.0, northward=0.0), wind_std=0.0)
    return replace(sea, current=current, coast=None, tide=None, current_error=NO_ERROR, residual_error=NO_ERROR)


def test_the_compiled_path_goes_on_at_the_edge_of_a_file():
    """One kilometre from the edge the fields are patches still."""
    sea = _still(to_the_east(0.1, east=1.53))
    near = cloud(count=50, within=100.0, position=MID, what="drifter")
    assert CompiledPassage(near, sea, "midpoint", None, 1).ready(NIGHT + 10 * minutes)


def test_the_few_who_leave_a_file_meet_its_edge_and_are_told_of():
    """Of 400 particles 20 start 1 km from the edge: they go on with its current; share and place are said."""
    file = to_the_east(1.0)
    sea = _still(file)
    calm = cloud(count=400, within=1 * km, position=MID, what="drifter")
    lon = calm.lon.copy()
    lon[:20] = file.lattice.east - 0.014
    before = replace(calm, lon=lon)
    after = drift(before, sea, until=NIGHT + 2 * hours)
    gone = np.cos(np.radians(before.lat)) * 111_320 * (after.lon - before.lon)
    assert gone == pytest.approx(7200, rel=0.01)  # m, those beyond the edge too; a degree is 111,320 m within 1 %
    (beyond,) = beyond_forcing(after, sea)
    assert beyond.share == pytest.approx(0.05)
    (warning,) = beyond_told(after, sea, 0.005)
    assert "5.0 %" in str(warning)
    assert str(beyond.where) in str(warning)
    assert beyond_told(before, sea, 0.0) == []


def test_where_many_leave_a_file_the_forecast_is_refused_by_name():
    """More than a tenth beyond the edge: variable, place, time, source. So is a start outside the file."""
    file = to_the_east(2.0, east=1.6)
    before = cloud(count=100, within=1 * km, position=MID, what="drifter")
    with pytest.raises(ForcingUnknown, match=r"(?s)sea_water_velocity.*made for the test") as caught:
        drift(before, _still(file), until=NIGHT + 6 * hours)
    assert caught.value.key == "belief.beyond_forcing"
    assert f"{100 * MOST_BEYOND:.0f} %" in str(caught.value)
    with pytest.raises(ForcingUnknown, match="100 %"):
        drift(cloud(count=9, position=Position(lat=51.0, lon=2.0)), _still(file), until=NIGHT + 1 * hours)


def test_with_a_fallback_nobody_leaves():
    """Beyond the file the tide answers, and nothing is warned of."""
    sea = replace(the_strait(), current=in_order(to_the_east(2.0, east=1.6), fallback=TidalCurrent(atlas=load_tide())))
    before = cloud(count=50, within=1 * km, position=MID, what="drifter")
    assert beyond_told(drift(before, sea, until=NIGHT + 6 * hours), sea, 0.0) == []


def test_what_is_held_beyond_a_curved_edge_is_its_neighbour_for_20_km():
    """Inside the box of the lattice but outside the file's own grid the nearest known values are held, then nothing."""
    file = to_the_east(0.5)
    covered = np.ones_like(file.covered)
    covered[:, 30:] = False
    file.tile[:, :, 30:] = 0.0
    part = replace(file, covered=covered)
    edge = file.lattice.lon[29]
    box = Window(south=50.9, north=51.1, west=edge - 0.1, east=edge + 1.0)
    lat, lon = np.full(3, 51.0), edge + np.array([0.0, 0.2, 0.9])
    assert part.flow(NIGHT, box)(lat, lon)[0] == pytest.approx([0.5, 0.5, 0.0], abs=1e-6)
    assert list(part.covers(NIGHT, lat, lon)) == [True, False, False]
