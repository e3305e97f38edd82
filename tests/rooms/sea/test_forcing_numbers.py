"""Values that are no values, and files too short or too sparsely labelled: refused by what is really the matter."""

import netCDF4
import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import hours
from cordiale.sea.cf import open_current, open_scalar, open_wind
from cordiale.sea.store import unpacked
from tests.rooms.sea.cf_files import START, WINDOW, check, write_regular, write_triangles

WIND = ("eastward_wind", "northward_wind")
POLAR = ("wind_speed", "wind_from_direction")


def refused(open_field, path, *parts, **arguments):
    """The message of the refusal holds the path and all the parts, and a hint."""
    with pytest.raises(CordialeError) as caught:
        open_field(path, window=WINDOW, **arguments)
    text = str(caught.value)
    for part in (path.name, *parts, "hint:"):
        assert part in text, f"{part!r} is not in: {text}"
    return caught.value


def altered(path, variable, index, value, **arguments):
    """A regular file with one value altered."""
    write_regular(path, **arguments)
    with netCDF4.Dataset(path, "r+") as data:
        data[variable][index] = value
    return path


@pytest.mark.parametrize("value", [np.inf, -np.inf])
@pytest.mark.parametrize(("open_field", "names"), [(open_current, None), (open_wind, WIND)])
def test_an_infinite_value_is_not_land_and_not_a_hole(tmp_path, value, open_field, names):
    """By variable, place and time: a stream beside it would have come out as that of the other corners."""
    arguments = {} if names is None else {"names": names}
    path = altered(tmp_path / "i.nc", "v", (2, 10, 15), value, **arguments)
    error = refused(open_field, path, f"v in {path} is {value} at 51.0000° N 1.5000° E, 2021-11-24 02:00Z",
                    "neither a value nor a missing one", "declare it as _FillValue or write NaN")  # fmt: skip
    assert error.key == "sea.cf_infinite"


def test_an_infinite_value_beside_land_is_refused_too(tmp_path):
    """Though the other component is missing there."""
    path = altered(tmp_path / "i.nc", "u", (slice(None), 10, 15), np.nan)
    with netCDF4.Dataset(path, "r+") as data:
        data["v"][1, 10, 15] = np.inf
    refused(open_current, path, "v in", "is inf at 51.0000° N 1.5000° E, 2021-11-24 01:00Z")


def test_an_infinite_value_that_the_window_does_not_touch_is_no_matter(tmp_path):
    """Only what is read can be refused."""
    path = altered(tmp_path / "i.nc", "u", (2, 0, 0), np.inf)
    check(open_current(path, window=WINDOW), 1e-6)


def test_an_infinite_value_on_lines_that_are_uneven_and_on_a_mesh_is_refused(tmp_path):
    """Where values are laid on a lattice, the place is the first that draws on it."""
    lat = np.r_[np.arange(50.0, 51.0, 0.1), np.arange(51.0, 52.01, 0.2)]
    refused(
        open_current, altered(tmp_path / "a.nc", "u", (2, 10, 15), np.inf, lat=lat), "u in", "is inf at 5", "02:00Z"
    )
    path = write_triangles(tmp_path / "m.nc")
    with netCDF4.Dataset(path, "r+") as data:
        near = np.hypot(data["node_lat"][:] - 51, data["node_lon"][:] - 1.5).argmin()
        data["u"][3, near] = -np.inf
    refused(open_current, path, "u in", "is -inf at 5", "2021-11-24 03:00Z")


def test_an_infinite_direction_or_scalar_is_refused(tmp_path):
    """Whatever the quantity, it is named."""
    path = altered(tmp_path / "d.nc", "v", (0, 10, 15), np.inf, names=POLAR, add=5.0)
    with netCDF4.Dataset(path, "r+") as data:
        data["v"].units = "degree"
    refused(open_wind, path, "v in", "is inf at 51.0000° N 1.5000° E, 2021-11-24 00:00Z")
    path = altered(tmp_path / "s.nc", "u", (0, 10, 15), np.inf, names=("visibility_in_air", ""), add=5000.0)
    with netCDF4.Dataset(path, "r+") as data:
        data["u"].units = "m"
    with pytest.raises(CordialeError, match=r"u in .*s\.nc is inf at 51\.0000° N 1\.5000° E, 2021-11-24 00:00Z"):
        open_scalar(path, "visibility_in_air", window=WINDOW)


def test_infinity_declared_as_the_missing_value_is_missing(tmp_path):
    """As the hint says; and the values of Zarr stores are unpacked by the same rule."""
    path = altered(tmp_path / "f.nc", "u", (slice(None), 10, 15), np.inf)
    with netCDF4.Dataset(path, "r+") as data:
        data["u"].missing_value = np.inf
    field = open_current(path, window=WINDOW)
    assert (field.tile[..., 2] == 0).any(axis=(1, 2)).all()
    values = unpacked(np.array([1.0, np.inf, -np.inf, np.nan]), {"missing_value": -np.inf})
    assert np.array_equal(values, [1.0, np.inf, np.nan, np.nan], equal_nan=True)


def test_a_negative_speed_is_refused(tmp_path):
    """It would blow from the other side; half a step of a packed 0 is a 0."""
    path = altered(tmp_path / "n.nc", "u", (2, 10, 15), -4.0, names=POLAR, add=5.0)
    with netCDF4.Dataset(path, "r+") as data:
        data["v"].units = "degree"
    error = refused(open_wind, path, f"u in {path} is -4.0 at 51.0000° N 1.5000° E, 2021-11-24 02:00Z",
                    "between 0 and 100 can be")  # fmt: skip
    assert error.key == "sea.cf_range"
    with netCDF4.Dataset(path, "r+") as data:
        data["u"][2, 10, 15] = -0.05
    east, north = open_wind(path, window=WINDOW).velocity(START + 2 * hours, np.array([51.0]), np.array([1.5]))
    assert (east[0], north[0]) == pytest.approx((0.0, 0.0), abs=1e-9)  # m/s: rounding of the place


def test_an_infinite_latitude_is_refused(tmp_path):
    """As a latitude that is missing."""
    path = altered(tmp_path / "l.nc", "latitude", (20,), np.inf)
    refused(open_current, path, "latitude in", "does not rise or fall steadily, or holds missing values")
