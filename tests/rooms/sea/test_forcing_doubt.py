"""A speed and a direction labelled as components: refused where nature has no such wind, else kept and said aloud."""

import argparse
import pickle

import netCDF4
import numpy as np
import pytest

from cordiale.desk.drift_sea import cautions, describe_sea, environment_of
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span
from cordiale.earth.position import Position
from cordiale.earth.units import hours
from cordiale.sea.cf import open_current, open_wind
from cordiale.sea.cf_doubt import MARK, doubt_of
from tests.rooms.sea.cf_files import CURRENT, START, WINDOW, write_regular

WIND = ("eastward_wind", "northward_wind")


def filled(path, first, second, names=WIND):
    """A file whose two variables go evenly through ranges, each in its own order."""
    write_regular(path, names=names)
    with netCDF4.Dataset(path, "r+") as data:
        shape = data["u"].shape
        data["u"][:] = np.linspace(*first, np.prod(shape)).reshape(shape)
        data["v"][:] = np.linspace(*second[::-1], np.prod(shape)).reshape(shape)
    return path


def test_a_light_wind_given_as_speed_and_direction_in_components_is_said(tmp_path):
    """3 to 6 m/s from 20 to 30 degrees, read as 20 to 30 m/s from the south: the field and its source say so."""
    field = open_wind(filled(tmp_path / "w.nc", (3, 6), (20, 30)), window=WINDOW)
    assert field.source.endswith(f"w.nc: eastward_wind, northward_wind); {MARK}")
    doubt = doubt_of(field)
    assert doubt is not None
    for part in (
        "eastward_wind, northward_wind may be a speed and a direction labelled as components",
        "none is negative from 2021-11-24 00:00Z to 2021-11-24 04:00Z",
        "correct the standard names: wind_speed, wind_from_direction",
    ):
        assert part in str(doubt)
    assert (doubt.values["east"], doubt.values["north"]) == pytest.approx(
        (6.0, 30.0), abs=0.4
    )  # m/s: the ends of the ranges lie outside the window
    assert MARK not in str(doubt)


REAL = {
    "a breeze from the north-east": ((-6, -3), (-6, -3)),
    "a breeze from the south-west": ((3, 6), (3, 6)),
    "a gale from the south-west": ((10, 18), (8, 17)),
    "a storm from the west-south-west": ((15, 30), (5, 22)),
    "a storm from the south that veers from south-south-east": ((-2, 9), (18, 28)),
    "a storm from the north": ((0, 5), (-30, -20)),
    "calm": ((0, 0), (0, 0)),
}


@pytest.mark.parametrize("name", list(REAL))
def test_real_winds_pass_without_a_word(tmp_path, name):
    """Light winds of every quarter, and all but one kind of storm."""
    field = open_wind(filled(tmp_path / "w.nc", *REAL[name]), window=WINDOW)
    assert doubt_of(field) is None
    assert MARK not in field.source


def test_beyond_what_a_wind_can_be_it_is_refused_unless_the_user_says_so(tmp_path):
    """3 to 6 m/s from 40 to 60 degrees; a true wind of that kind is read when somebody vouches for it."""
    path = filled(tmp_path / "w.nc", (3, 6), (40, 60))
    with pytest.raises(
        CordialeError, match=r"look like a speed and a direction: none is negative and v reaches [56]"
    ) as e:
        open_wind(path, window=WINDOW)
    assert e.value.key == "sea.cf_polar"
    assert "or 'east_north' if they are components after all" in str(e.value)
    field = open_wind(path, window=WINDOW, names=("u", "v", "east_north"))
    assert field.tile[..., 1].max() > 45
    assert MARK not in field.source


def test_a_current_is_doubted_above_three_metres_a_second(tmp_path):
    """Half a knot towards 4 to 9 degrees is no stream of 9 m/s; one of 2 m/s is nothing strange."""
    assert MARK in open_current(filled(tmp_path / "a.nc", (0.2, 0.4), (4, 9), CURRENT), window=WINDOW).source
    assert MARK not in open_current(filled(tmp_path / "b.nc", (0.2, 0.4), (1, 2), CURRENT), window=WINDOW).source


def test_the_doubt_outlives_a_cache_and_a_journey_to_another_process(tmp_path):
    """It is found anew in the tile."""
    path = filled(tmp_path / "w.nc", (3, 6), (20, 30))
    for _ in range(2):
        field = open_wind(path, window=WINDOW, cache=tmp_path / "kept")
        assert field.source.count(MARK) == 1
    assert pickle.loads(pickle.dumps(field)).source == field.source


def test_a_drift_says_it_before_it_runs(tmp_path):
    """The caution is among those of the command line."""
    parser = argparse.ArgumentParser()
    describe_sea(parser, "en")
    span = Span(earliest=START, latest=START + 4 * hours)
    start = Position(lat=51.0, lon=1.5)
    for second, keys in (((20, 30), ["sea.cf_doubt"]), ((2, 3), [])):
        path = filled(tmp_path / f"w{second[0]}.nc", (3, 6), second)
        environment = environment_of(parser.parse_args(["--wind-file", str(path)]), start, span)
        assert [c.key for c in cautions(environment, start, span.earliest, span.latest)] == keys
