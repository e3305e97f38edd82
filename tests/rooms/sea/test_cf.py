"""Reading wind from CF NetCDF files: what files really look like, and what is refused."""

import netCDF4
import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, utc
from cordiale.earth.units import hours, knots
from cordiale.sea import cf
from cordiale.sea.cf import open_wind
from cordiale.sea.grid import ForcingUnknown
from cordiale.sea.tide import Window

START = utc("2021-11-24 00:00")
LAT = np.arange(49.0, 53.01, 0.25)
LON = np.arange(-2.0, 5.01, 0.25)


def east_of(t, lat, lon):
    """A wind that is linear in space and time, so that interpolation is exact."""
    return 3 + 0.5 * t + 2 * (lat - 51) - 1 * (lon - 1.5)


def north_of(t, lat, lon):
    """The other component."""
    return -4 + 0.25 * t - 1 * (lat - 51) + 3 * (lon - 1.5)


def write(
    path,
    *,
    lat=LAT,
    lon=LON,
    dims=("time", "latitude", "longitude"),
    units="m s-1",
    factor=1.0,
    names=("eastward_wind", "northward_wind"),
    time_units="hours since 2021-11-24 00:00:00",
    calendar="standard",
    dtype="f8",
    packed=False,
    height=False,
    hole=None,
    polar=False,
    steps=13,
):
    """A CF file with the linear wind on a grid, hourly from midnight."""
    with netCDF4.Dataset(path, "w") as data:
        data.title = "test wind"
        coordinates = {
            "time": (np.arange(steps, dtype=float), time_units, "time"),
            "latitude": (lat, "degrees_north", "latitude"),
            "longitude": (lon, "degrees_east", "longitude"),
        }
        for name, (values, unit, standard) in coordinates.items():
            data.createDimension(name, len(values))
            variable = data.createVariable(name, "f8", (name,))
            variable[:] = values
            variable.units, variable.standard_name = unit, standard
        data["time"].calendar = calendar
        if height:
            data.createDimension("height", 1)
            data.createVariable("height", "f8", ("height",))[:] = [10.0]
            dims = ("height", *dims)
        sizes = {"time": np.arange(steps), "latitude": lat, "longitude": np.mod(lon + 180, 360) - 180, "height": [0]}
        grids = dict(zip(dims, np.meshgrid(*(sizes[d] for d in dims), indexing="ij"), strict=True))
        east, north = (f(grids["time"], grids["latitude"], grids["longitude"]) for f in (east_of, north_of))
        fields = (np.hypot(east, north), np.degrees(np.arctan2(-east, -north)) % 360) if polar else (east, north)
        for k, (name, field) in enumerate(zip(names, fields, strict=True)):
            variable = data.createVariable(
                f"v{k}", "i2" if packed else dtype, dims, fill_value=-32767 if packed else None
            )
            variable.standard_name = name
            variable.units = "degree" if "direction" in name else units
            if packed:
                variable.scale_factor, variable.add_offset = 0.001, 0.0
            values = np.ma.array(field / (1.0 if "direction" in name else factor))
            if hole is not None:
                values[hole] = np.ma.masked
            variable[:] = values
    return path


def check(wind, tolerance=5e-6):  # m/s: single precision of 30 m/s
    """The wind read is the linear one, at grid lines and between them."""
    t = np.array([0.0, 3.7, 6.25])
    lat, lon = np.array([50.3, 51.11, 51.9]), np.array([0.13, 1.77, 3.9])
    east, north = wind.velocity(START + t * hours, lat, lon)
    assert east == pytest.approx(east_of(t, lat, lon), abs=tolerance)
    assert north == pytest.approx(north_of(t, lat, lon), abs=tolerance)


VARIANTS = {
    "as usual": {},
    "latitudes falling": {"lat": LAT[::-1]},
    "longitudes 0 to 360 across Greenwich": {"lon": np.arange(0.0, 360.0, 0.25)},
    "dimensions in another order": {"dims": ("longitude", "time", "latitude")},
    "a height of length one": {"height": True},
    "in knots": {"units": "knots", "factor": knots},
    "in km h-1": {"units": "km h-1", "factor": 1 / 3.6},
    "seconds since 1970": {"time_units": "hours since 2021-11-24 00:00:00 UTC"},
    "a zone in the time units": {"time_units": "hours since 2021-11-24 01:00:00 +01:00"},
    "proleptic calendar": {"calendar": "proleptic_gregorian"},
}


@pytest.mark.parametrize("name", list(VARIANTS))
def test_the_same_wind_is_read_from_files_of_many_habits(tmp_path, name):
    """Order, direction, units, zones and calendars of real files all give the same vectors."""
    check(open_wind(write(tmp_path / "wind.nc", **VARIANTS[name])))


def test_packed_integers_are_unpacked(tmp_path):
    """Scale factor and offset, to the step of the packing."""
    check(open_wind(write(tmp_path / "wind.nc", packed=True)), tolerance=1.1e-3)  # m/s: the packing's step


def test_wind_from_a_direction_blows_the_other_way(tmp_path):
    """Speed and wind_from_direction become components at the grid lines; from exists only at the border."""
    path = write(tmp_path / "wind.nc", names=("wind_speed", "wind_from_direction"), polar=True)
    east, north = open_wind(path).velocity(START + 2 * hours, np.array([51.0]), np.array([1.5]))
    assert east[0] == pytest.approx(4.0, abs=1e-6)
    assert north[0] == pytest.approx(-3.5, abs=1e-6)


def test_only_the_window_and_the_span_are_read(tmp_path):
    """A strait and two hours of a world file: a few lines around them and no more."""
    path = write(tmp_path / "wind.nc", lon=np.arange(0.0, 360.0, 0.25))
    wind = open_wind(
        path,
        window=Window(south=50.5, north=51.5, west=-0.6, east=2.0),
        span=Span(earliest=START + 1.5 * hours, latest=START + 3 * hours),
    )
    assert wind.tile.shape == (3, 5, 12, 4)
    assert wind.lattice.west == pytest.approx(-0.75)


def test_a_file_too_large_for_memory_is_refused_before_it_is_read(tmp_path, monkeypatch):
    """The count stands in the message, and the hint asks for a span."""
    monkeypatch.setattr(cf, "MOST_VALUES", 1000)
    with pytest.raises(CordialeError, match=r"more than 1000[\s\S]*span"):
        open_wind(write(tmp_path / "wind.nc"))


def test_a_missing_value_is_refused_where_it_is_needed_and_only_there(tmp_path):
    """Elsewhere the file serves; at the hole the message names place and time."""
    path = write(tmp_path / "wind.nc", hole=(slice(None), 8, 14))  # 51.0 N 1.5 E
    wind = open_wind(path)
    assert np.isfinite(wind.velocity(START, np.array([50.5]), np.array([3.0]))[0]).all()
    with pytest.raises(ForcingUnknown, match=r"51.1000° N 1.6000° E"):
        wind.velocity(START, np.array([50.5, 51.1]), np.array([3.0, 1.6]))


def test_a_place_or_a_time_outside_the_file_is_refused(tmp_path):
    """No wind is made up beyond the grid or after the last hour."""
    wind = open_wind(write(tmp_path / "wind.nc"))
    for at, lat in ((START, 55.0), (START + 13 * hours, 51.0), (START - 1 * hours, 51.0)):
        with pytest.raises(ForcingUnknown):
            wind.velocity(at, np.array([lat]), np.array([1.5]))


def test_an_hour_with_nothing_in_it_is_refused_by_name_and_time(tmp_path):
    """A damaged time step is found when the file is opened."""
    with pytest.raises(CordialeError, match=r"v0[\s\S]*03:00Z"):
        open_wind(write(tmp_path / "wind.nc", hole=(3,)))


REFUSED = {
    "units": ({"units": "furlongs"}, "furlongs"),
    "no wind": ({"names": ("sea_water_temperature", "sea_water_salinity")}, "sea_water_temperature"),
    "calendar": ({"calendar": "360_day"}, "360_day"),
    "elsewhere": ({"lat": LAT - 40}, "does not cover"),
    "unsteady": ({"lat": np.concatenate([LAT[:5], LAT[:5]])}, "latitude"),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_cannot_be_a_wind_of_the_strait_is_refused_by_name(tmp_path, name):
    """The message shows the file and what is wrong with it."""
    settings, word = REFUSED[name]
    with pytest.raises(CordialeError, match=word) as caught:
        open_wind(write(tmp_path / "wind.nc", **settings))
    assert "wind.nc" in str(caught.value)


def test_a_span_outside_the_file_is_refused_with_both_ends(tmp_path):
    """What the file holds and what was asked for."""
    span = Span(earliest=START, latest=START + 30 * hours)
    with pytest.raises(CordialeError, match=r"2021-11-24 12:00Z[\s\S]*2021-11-25 06:00Z"):
        open_wind(write(tmp_path / "wind.nc"), span=span)


def test_what_is_not_netcdf_is_refused(tmp_path):
    """Neither a text nor a missing file."""
    text = tmp_path / "notes.nc"
    text.write_text("wind: none to speak of", encoding="utf-8")
    for path in (text, tmp_path / "absent.nc"):
        with pytest.raises(CordialeError, match="cannot be opened"):
            open_wind(path)


def test_without_netcdf4_the_error_names_the_extra(tmp_path, monkeypatch):
    """The message says what to install."""
    monkeypatch.setattr(cf, "netCDF4", None)
    with pytest.raises(CordialeError, match=r"cordiale\[cf\]"):
        open_wind(tmp_path / "wind.nc")
