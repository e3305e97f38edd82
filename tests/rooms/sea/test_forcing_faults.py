"""Files that are wrong: refused by file, variable, place and time, with what to do."""

import netCDF4
import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span
from cordiale.earth.units import hours
from cordiale.sea import cf
from cordiale.sea.cf import open_current, open_scalar, open_wind
from cordiale.sea.grid import ForcingUnknown
from cordiale.sea.tide import Window
from tests.rooms.sea.cf_files import START, WINDOW, time_axis, vectors, write_regular

WIND = ("eastward_wind", "northward_wind")


def changed(path, change):
    """A regular file with something altered in it."""
    write_regular(path)
    with netCDF4.Dataset(path, "r+") as data:
        change(data)
    return path


def refused(open_field, path, *parts, **arguments):
    """The message of the refusal holds the path and all the parts, and a hint."""
    with pytest.raises(CordialeError) as caught:
        open_field(path, window=WINDOW, **arguments)
    text = str(caught.value)
    for part in (path.name, *parts):
        assert part in text, f"{part!r} is not in: {text}"
    assert "hint:" in text
    return caught.value


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_truncated_file_is_refused(tmp_path, share):
    """Cut off in the header or in the values: never a field of zeros."""
    path = write_regular(tmp_path / "cut.nc", lat=np.arange(50, 52, 0.01), lon=np.arange(0, 3, 0.01))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    refused(open_current, path, "cannot be")


def test_a_truncated_classic_file_is_refused(tmp_path):
    """NetCDF-3 keeps no checksums: the missing end is noticed all the same."""
    path = tmp_path / "classic.nc"
    with netCDF4.Dataset(path, "w", format="NETCDF3_64BIT_OFFSET") as data:
        time_axis(data)
        for name, values, unit in (
            ("latitude", np.arange(50, 52, 0.05), "degrees_north"),
            ("longitude", np.arange(0, 3, 0.05), "degrees_east"),
        ):
            data.createDimension(name, len(values))
            data.createVariable(name, "f8", (name,))[:] = values
            data[name].units = unit
        ones = np.ones((5, 40, 60))
        vectors(data, ("time", "latitude", "longitude"), (ones, ones))
    assert open_current(path, window=WINDOW).tile.max() == 1.0
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    refused(open_current, path, "cannot be")


def test_wrong_units_are_refused_by_variable(tmp_path):
    """The unit found and the units known."""
    path = changed(tmp_path / "u.nc", lambda d: d["v"].setncattr("units", "furlong fortnight-1"))
    refused(open_current, path, "v in", "furlong fortnight-1", "m s-1")


def test_no_unit_is_a_wrong_unit(tmp_path):
    """A speed without a unit could be knots."""
    path = changed(tmp_path / "u.nc", lambda d: d["u"].delncattr("units"))
    refused(open_current, path, "u in", "''")


def test_speed_and_direction_without_standard_names_are_refused(tmp_path):
    """Variables merely called so are listed, and the hint says how to say it."""
    path = tmp_path / "w.nc"
    write_regular(path, names=("", ""))
    with netCDF4.Dataset(path, "r+") as data:
        data.renameVariable("u", "wind_speed")
        data.renameVariable("v", "wind_dir")
    refused(open_wind, path, "eastward_wind with northward_wind", "wind_dir, wind_speed", "names=")


def test_speed_and_direction_labelled_as_components_are_refused(tmp_path):
    """No component is never negative and yet reaches 350."""
    path = write_regular(tmp_path / "w.nc", names=WIND)
    with netCDF4.Dataset(path, "r+") as data:
        data["u"][:] = 8.0
        data["v"][:] = np.linspace(0, 350, data["v"][:].size).reshape(data["v"].shape)
    error = refused(open_wind, path, "u and v in", "look like a speed and a direction", "reaches 3")
    assert error.key == "sea.cf_polar"


def test_a_direction_labelled_as_a_component_is_refused_by_its_unit(tmp_path):
    """Degrees are no speed."""
    path = write_regular(tmp_path / "w.nc", names=WIND)
    with netCDF4.Dataset(path, "r+") as data:
        data["v"].units = "degree"
    refused(open_wind, path, "v in", "'degree'")


def test_the_user_may_say_what_is_what(tmp_path):
    """With `names` a file without labels is read, as components or as speed and direction."""
    path = write_regular(tmp_path / "w.nc", names=("", ""))
    field = open_wind(path, window=WINDOW, names=("u", "v", "east_north"))
    assert field.velocity(START, np.array([51.0]), np.array([1.5]))[0][0] == pytest.approx(0.3, abs=1e-6)
    with netCDF4.Dataset(path, "r+") as data:
        data["u"][:], data["v"][:] = 10.0, 90.0
        data["v"].units = "degree"
    east, north = open_wind(path, window=WINDOW, names=("u", "v", "from")).velocity(
        START, np.array([51.0]), np.array([1.5])
    )
    assert (east[0], north[0]) == pytest.approx((-10.0, 0.0), abs=1e-6)
    with pytest.raises(CordialeError, match=r"no variable 'speed'[\s\S]*spelling"):
        open_wind(path, window=WINDOW, names=("speed", "v", "from"))


def test_an_empty_current_is_refused_by_variable_and_time(tmp_path):
    """All values missing, in the whole file or in one hour of it."""

    def empty(data):
        data["u"][:] = np.nan

    refused(open_current, changed(tmp_path / "a.nc", empty), "u, v in", "no value", "2021-11-24 00:00Z")

    def one_hour(data):
        data["v"][3] = np.ma.masked

    refused(open_current, changed(tmp_path / "b.nc", one_hour), "u, v in", "no value", "2021-11-24 03:00Z")


def test_a_forcing_that_ends_too_early_is_refused(tmp_path):
    """By variable, place and both times, when it is opened for a span and when it is asked."""
    path = write_regular(tmp_path / "short.nc")
    span = Span(earliest=START, latest=START + 9 * hours)
    parts = ("u, v", "50.40-51.60 N, 0.60-2.40 E", "2021-11-24 04:00Z", "2021-11-24 09:00Z", "partial=True")
    refused(open_current, path, *parts, span=span)
    field = open_current(path, window=WINDOW)
    for ask in (field.velocity, lambda at, lat, lon: field.flow(at, WINDOW)(lat, lon)):
        with pytest.raises(ForcingUnknown) as caught:
            ask(START + 5 * hours, np.array([51.0]), np.array([1.5]))
        for part in (
            "eastward_sea_water_velocity",
            "51.0000° N 1.5000° E",
            "2021-11-24 05:00Z",
            "short.nc",
            "fallback",
        ):
            assert part in str(caught.value)


def test_a_place_outside_the_file_is_refused(tmp_path):
    """One place that is asked for is refused; for a cloud the edge is held, and the drift counts who is beyond it."""
    field = open_current(write_regular(tmp_path / "c.nc"))
    wide = Window(south=50.5, north=53.0, west=1.0, east=2.0)
    inside, outside = np.array([51.0]), np.array([51.0, 52.7])
    assert np.isfinite(field.flow(START, wide)(inside, np.array([1.5]))[0]).all()
    with pytest.raises(ForcingUnknown, match=r"52\.7000° N 1\.6000° E"):
        field.velocity(START, outside, np.array([1.5, 1.6]))
    assert list(field.covers(START, outside, np.array([1.5, 1.6]))) == [True, False]
    at_the_edge = field.velocity(START, np.array([field.lattice.north - 1e-6]), np.array([1.6]))[0]
    assert field.flow(START, wide)(outside, np.array([1.5, 1.6]))[0][1] == pytest.approx(at_the_edge[0], abs=1e-5)


def test_a_grid_of_unknown_places_is_refused(tmp_path):
    """Dimensions without latitude and longitude, and points along one line without a mesh."""
    path = tmp_path / "g.nc"
    with netCDF4.Dataset(path, "w") as data:
        time_axis(data)
        for name, size in (("j", 4), ("i", 5), ("point", 6)):
            data.createDimension(name, size)
        vectors(data, ("time", "j", "i"), (np.ones((5, 4, 5)), np.ones((5, 4, 5))))
    refused(open_current, path, "u in", "time 5, j 4, i 5")
    with netCDF4.Dataset(tmp_path / "m.nc", "w") as data:
        time_axis(data)
        data.createDimension("point", 6)
        vectors(data, ("time", "point"), (np.ones((5, 6)), np.ones((5, 6))))
    refused(open_current, tmp_path / "m.nc", "along point", "face_node_connectivity")


def test_components_on_different_grids_are_refused(tmp_path):
    """A staggered grid is not read as if it were not."""
    path = tmp_path / "s.nc"
    write_regular(path)
    with netCDF4.Dataset(path, "r+") as data:
        data.renameVariable("v", "old")
        data["old"].delncattr("standard_name")
        data.createDimension("lat_v", 20)
        other = data.createVariable("v", "f8", ("time", "lat_v", "longitude"))
        other.standard_name, other.units = "northward_sea_water_velocity", "m s-1"
    refused(open_current, path, "u (time, latitude, longitude)", "v (time, lat_v, longitude)")


def test_a_file_without_time_is_refused(tmp_path):
    """One field of no known time is no forcing."""
    path = tmp_path / "t.nc"
    write_regular(path)
    with netCDF4.Dataset(path, "r+") as data:
        data["time"].units = "1"
        data["time"].delncattr("standard_name")
    refused(open_current, path, "u in", "no time", "time 5, latitude 21, longitude 31")


TIMES = {
    "twice": ([0, 1, 1, 2], "holds 2021-11-24 01:00Z twice (index 2)"),
    "back": ([0, 2, 1, 3], "goes back from 2021-11-24 02:00Z to 2021-11-24 01:00Z (index 2)"),
    "hole": ([0, 1, 2, 3, 12, 13], "nothing between 2021-11-24 03:00Z and 2021-11-24 12:00Z"),
    "missing": ([0, np.nan, 2], "missing values"),
}


@pytest.mark.parametrize("name", list(TIMES))
def test_times_that_do_not_rise_steadily_are_refused(tmp_path, name):
    """Which time, and where in the file."""
    values, part = TIMES[name]
    path = write_regular(tmp_path / "t.nc", hour=np.arange(len(values), dtype=float))
    with netCDF4.Dataset(path, "r+") as data:
        data["time"][:] = values
    refused(open_current, path, part)


@pytest.mark.parametrize("calendar", ["noleap", "360_day", "julian"])
def test_a_calendar_of_other_days_is_refused(tmp_path, calendar):
    """Its name stands in the message, and the hint names calendars of real days."""
    refused(open_current, write_regular(tmp_path / "t.nc", calendar=calendar), calendar, "real days")


def test_currents_and_winds_beyond_nature_are_refused_with_place_and_time(tmp_path):
    """A fill value that nobody declared, or centimetres called metres."""

    def spike(data):
        data["u"][2, 10, 15] = 9999.0

    path = changed(tmp_path / "c.nc", spike)
    refused(open_current, path, "u in", "9999.0", "51.0000° N 1.5000° E", "2021-11-24 02:00Z", "-10 and 10")
    path = write_regular(tmp_path / "w.nc", names=WIND, factor=0.002, units="m s-1")
    refused(open_wind, path, "-100 and 100")


def test_an_ensemble_is_not_read_as_one_forecast(tmp_path):
    """The number of members stands in the message."""
    path = write_regular(tmp_path / "e.nc", members=3)
    refused(open_current, path, "ensemble of 3 members", "members(")
    refused(open_current, path, "member 7", member=7)


def test_two_variables_of_one_name_are_not_chosen_between(tmp_path):
    """Unless one says that it is at 10 m or at the surface."""
    path = tmp_path / "two.nc"
    write_regular(path)
    with netCDF4.Dataset(path, "r+") as data:
        for name in ("u_bottom",):
            twin = data.createVariable(name, "f8", ("time", "latitude", "longitude"))
            twin.standard_name, twin.units = "eastward_sea_water_velocity", "m s-1"
    refused(open_current, path, "u, u_bottom")


def test_a_wind_at_another_height_is_refused(tmp_path):
    """Of several heights 10 m must be one."""
    path = write_regular(tmp_path / "w.nc", names=WIND, depth=[50.0, 100.0])
    refused(open_wind, path, "u in", "50 m, 100 m", "10 m")


def test_a_scalar_nobody_knows_is_refused(tmp_path):
    """The known ones are listed."""
    with pytest.raises(CordialeError, match=r"'mood_of_the_sea'[\s\S]*visibility_in_air"):
        open_scalar(write_regular(tmp_path / "c.nc"), "mood_of_the_sea")


def test_files_of_other_grids_do_not_follow_each_other(tmp_path):
    """Both are described; the hint puts them in order of trust."""
    first = write_regular(tmp_path / "a.nc")
    second = write_regular(tmp_path / "b.nc", lat=np.arange(50.0, 52.01, 0.2), hour=np.arange(5.0, 9.0))
    with pytest.raises(CordialeError, match=r"b\.nc is on another grid[\s\S]*a\.nc[\s\S]*in_order"):
        open_current([first, second], window=WINDOW)


def test_no_file_at_all_is_refused():
    """An empty list of paths, as an empty glob gives it."""
    with pytest.raises(CordialeError, match="no file"):
        open_current([])


def test_a_field_too_large_for_memory_is_refused_before_it_is_read(tmp_path, monkeypatch):
    """The hint asks for a span, and a cache takes more."""
    path = write_regular(tmp_path / "c.nc")
    monkeypatch.setattr(cf, "MOST_VALUES", 100)
    refused(open_current, path, "more than 100", "span")
    assert open_current(path, window=WINDOW, cache=tmp_path / "cache").tile.size > 400
