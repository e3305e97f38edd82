"""Files with too little in them, or too little said: the message names what is really the matter."""

import netCDF4
import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span
from cordiale.earth.units import hours
from cordiale.sea.cf import open_current
from cordiale.sea.grid import ForcingUnknown
from tests.rooms.sea.cf_files import CURRENT, START, WINDOW, check, coordinate, east_of, north_of, time_axis, vectors
from tests.rooms.sea.cf_files import write_regular as regular


def refused(path, key, *parts, **arguments):
    """The refusal has the key, and its message all the parts."""
    with pytest.raises(CordialeError) as caught:
        open_current(path, window=WINDOW, **arguments)
    for part in (*parts, "hint:"):
        assert part in str(caught.value), f"{part!r} is not in: {caught.value}"
    assert caught.value.key == key


def test_a_series_of_one_instant_says_that_it_is_one(tmp_path):
    """When it is opened for a span, and when it is asked for another time; at its own it answers."""
    path = regular(tmp_path / "one.nc", hour=[0.0])
    span = Span(earliest=START, latest=START + 3 * hours)
    refused(path, "sea.cf_one_instant", f"u, v in {path} holds one instant only, 2021-11-24 00:00Z, and not 2021-11-24 "
            "00:00Z - 2021-11-24 03:00Z", "two instants at least: give the other hours", span=span)  # fmt: skip
    field = open_current(path, window=WINDOW)
    place = (np.array([51.0]), np.array([1.5]))
    assert field.velocity(START, *place)[0][0] == pytest.approx(east_of(0, 51.0, 1.5), abs=1e-6)
    with pytest.raises(ForcingUnknown, match=r"at one instant only, 2021-11-24 00:00Z \([\s\S]*two instants at least"):
        field.velocity(START + 1 * hours, *place)


def test_several_files_of_one_instant_make_a_series(tmp_path):
    """As the hint of the refusal says."""
    paths = [regular(tmp_path / f"{h}.nc", hour=[float(h)]) for h in range(5)]
    check(open_current(paths, window=WINDOW, span=Span(earliest=START, latest=START + 4 * hours)), 1e-6)


def test_a_file_without_an_instant_says_so(tmp_path):
    """A service that found nothing still sends a head."""
    path = regular(tmp_path / "none.nc", hour=[])
    refused(path, "sea.cf_no_instants", f"time in {path} holds no instant at all", "fetch it again")


@pytest.mark.parametrize(("axis", "values"), [("lat", "latitude"), ("lon", "longitude")])
def test_a_grid_of_one_line_says_that_it_is_one(tmp_path, axis, values):
    """A file cut to one latitude, or to one longitude."""
    path = regular(tmp_path / "line.nc", **{axis: np.array([51.0 if axis == "lat" else 1.5])})
    refused(path, "sea.cf_one_line", f"{values} in {path} has 1 of the 2 lines that a grid needs", "less narrowly")


def bare(path, names=("lat", "lon"), units=("degrees", "degrees"), rotated=False):
    """A file whose latitudes and longitudes have no standard names."""
    lat, lon = np.arange(50.0, 52.01, 0.1), np.arange(0.0, 3.01, 0.1)
    with netCDF4.Dataset(path, "w") as data:
        hour = time_axis(data)
        for name, values, unit in zip(names, (lat, lon), units, strict=True):
            data.createDimension(name, len(values))
            coordinate(data, name, (name,), values, "", unit)
        t, y, x = np.meshgrid(hour, lat, lon, indexing="ij")
        more = {"grid_mapping": "pole"} if rotated else {}
        vectors(data, ("time", *names), (east_of(t, y, x), north_of(t, y, x)), CURRENT, **more)
        if rotated:
            data.createVariable("pole", "i4").grid_mapping_name = "rotated_latitude_longitude"
    return path


@pytest.mark.parametrize("names", [("lat", "lon"), ("Latitude", "Longitude"), ("nav_lat", "nav_lon")])
@pytest.mark.parametrize("unit", ["degrees", "degree", "deg"])
def test_plain_degrees_are_read_where_the_name_says_of_what(tmp_path, names, unit):
    """Degrees alone could be of either axis; `lat` and `lon` leave no doubt."""
    check(open_current(bare(tmp_path / "d.nc", names, (unit, unit)), window=WINDOW), 1e-6)


@pytest.mark.parametrize("unit", ["", "1", "m"])
def test_a_named_coordinate_without_degrees_is_refused_with_what_to_write(tmp_path, unit):
    """The real reason, and not that dimensions are missing."""
    path = bare(tmp_path / "b.nc", units=("degrees_north", unit))
    said = f"lon in {path} is named as a coordinate of place but has the unit {unit!r} and no standard name"
    refused(path, "sea.cf_bare_coordinate", said, "ncatted -a units,lon,o,c,degrees_east FILE.nc")


def test_plain_degrees_under_other_names_or_in_a_turned_grid_are_not_guessed(tmp_path):
    """They may be anything: `a` and `b`, or latitudes of a grid whose pole was moved."""
    refused(bare(tmp_path / "a.nc", names=("a", "b")), "sea.cf_axes", "time 5, a 21, b 31")
    refused(bare(tmp_path / "r.nc", rotated=True), "sea.cf_axes", "time 5, lat 21, lon 31")
