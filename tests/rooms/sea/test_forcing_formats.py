"""Zarr and GRIB give the same fields as NetCDF; a file of many gigabytes is not loaded whole."""

import subprocess
import sys
from pathlib import Path

import netCDF4
import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.sea import grib, zarr_store
from cordiale.sea.cf import members, open_current, open_scalar, open_wind
from tests.rooms.sea.cf_files import START, WINDOW, check, east_of, north_of, write_regular

eccodes, zarr = grib.eccodes, zarr_store.zarr  # through the modules that know in which order to load them
SINGLE = 3e-7  # m/s: single precision of 1 m/s
LAT, LON = np.arange(50.0, 52.01, 0.1), np.arange(0.0, 3.01, 0.1)


def write_zarr(path, version, packed=False):
    """A Zarr store as xarray writes it: dimensions as attributes (2) or in the metadata (3)."""
    group = zarr.open_group(str(path), mode="w", zarr_format=version)
    t, y, x = np.meshgrid(np.arange(5.0), LAT, LON, indexing="ij")
    land = y > 51.55
    arrays = {
        "time": (("time",), np.arange(5.0), {"units": "hours since 2021-11-24", "standard_name": "time"}),
        "lat": (("lat",), LAT, {"units": "degrees_north", "standard_name": "latitude"}),
        "lon": (("lon",), LON, {"units": "degrees_east", "standard_name": "longitude"}),
    }
    for name, word, field in (("u", "eastward", east_of(t, y, x)), ("v", "northward", north_of(t, y, x))):
        attributes = {"units": "m s-1", "standard_name": f"{word}_sea_water_velocity"}
        if packed:
            values = np.where(land, -32767, np.round(field / 0.001)).astype("i2")
            attributes |= {"scale_factor": 0.001, "add_offset": 0.0, "_FillValue": -32767}
        else:
            values = np.where(land, np.nan, field)
        arrays[name] = (("time", "lat", "lon"), values, attributes)
    for name, (dimensions, values, attributes) in arrays.items():
        extra = {"dimension_names": dimensions} if version == 3 else {}
        array = group.create_array(name, shape=values.shape, dtype=values.dtype, chunks=values.shape, **extra)
        array[...] = values
        array.attrs.update(attributes | ({"_ARRAY_DIMENSIONS": list(dimensions)} if version == 2 else {}))
    return path


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("packed", [False, True])
def test_a_zarr_store_is_read_as_a_netcdf_file_is(tmp_path, version, packed):
    """Both versions, plain and packed, with land missing."""
    field = open_current(write_zarr(tmp_path / "c.zarr", version, packed), window=WINDOW, cache=tmp_path / "cache")
    places = np.array([50.63, 51.11, 51.4]), np.array([0.83, 1.77, 2.2])
    check(field, 5.1e-4 if packed else SINGLE, places)  # m/s: half the step of the packing
    assert field.velocity(START, np.array([51.58]), np.array([1.5]))[0][0] != 0
    assert (field.tile[..., 2] == 0).any()


def test_what_is_no_zarr_store_is_refused(tmp_path, monkeypatch):
    """An empty folder, and the missing extra."""
    (tmp_path / "empty.zarr").mkdir()
    with pytest.raises(CordialeError, match="cannot be opened"):
        open_current(tmp_path / "empty.zarr")
    monkeypatch.setattr(zarr_store, "zarr", None)
    with pytest.raises(CordialeError, match=r"cordiale\[zarr\]"):
        open_current(tmp_path / "empty.zarr")


def write_grib(path, parameters=(165, 166), member_count=1, kind="regular_ll", holes=False):
    """Hourly messages of a linear wind on lines of latitude, north to south as GRIB has them."""
    t = np.arange(5)
    lat, lon = np.meshgrid(LAT[::-1], LON, indexing="ij")
    with path.open("wb") as file:
        for hour in t:
            for parameter, f in zip(parameters, (east_of, north_of), strict=True):
                for member in range(member_count):
                    handle = eccodes.codes_grib_new_from_samples(f"{kind}_sfc_grib2")
                    keys = {
                        "dataDate": 20211124, "dataTime": 0, "stepUnits": 1, "step": int(hour), "Ni": LON.size,
                        "Nj": LAT.size, "latitudeOfFirstGridPointInDegrees": LAT[-1],
                        "latitudeOfLastGridPointInDegrees": LAT[0], "longitudeOfFirstGridPointInDegrees": LON[0],
                        "longitudeOfLastGridPointInDegrees": LON[-1], "iDirectionIncrementInDegrees": 0.1,
                        "jDirectionIncrementInDegrees": 0.1, "bitsPerValue": 24,
                    }  # fmt: skip
                    if member_count > 1:
                        keys = {"productDefinitionTemplateNumber": 1, "number": member} | keys
                    for key, value in ({"paramId": parameter} | keys).items():
                        eccodes.codes_set(handle, key, value)
                    values = f(float(hour), lat, lon) + member
                    if holes:
                        eccodes.codes_set(handle, "bitmapPresent", 1)
                        eccodes.codes_set(handle, "missingValue", 1e36)
                        values = np.where(lat > 51.65, 1e36, values)
                    eccodes.codes_set_values(handle, values.ravel())
                    eccodes.codes_write(handle, file)
                    eccodes.codes_release(handle)
    return path


def test_a_grib_file_is_read_as_a_netcdf_file_is(tmp_path):
    """10 m wind by parameter number, lines from north to south, times from the messages."""
    check(open_wind(write_grib(tmp_path / "w.grib2"), window=WINDOW), 1e-6)  # m/s: packing of 24 bits


def test_members_of_a_grib_file_are_told_apart(tmp_path):
    """The number of a perturbed forecast is its member."""
    found = members(open_wind, write_grib(tmp_path / "e.grib2", member_count=3), window=WINDOW)
    assert [round(float(f.tile[0, 3, 3, 0] - found[0].tile[0, 3, 3, 0]), 4) for f in found] == [0.0, 1.0, 2.0]


def test_missing_values_of_a_grib_file_are_missing(tmp_path):
    """Currents of the sea with land left out by the bitmap."""
    field = open_current(write_grib(tmp_path / "c.grib2", (262140, 262139), holes=True))
    assert (field.tile[..., 2] == 0).any()
    check(field, 1e-6)  # m/s: packing of 24 bits


def test_a_broken_grib_file_is_refused(tmp_path, monkeypatch):
    """Cut short inside a message; and the missing extra."""
    path = write_grib(tmp_path / "w.grib2")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(CordialeError, match=r"w\.grib2 cannot be opened"):
        open_wind(path, window=WINDOW)
    monkeypatch.setattr(grib, "eccodes", None)
    with pytest.raises(CordialeError, match=r"cordiale\[grib\]"):
        open_wind(path, window=WINDOW)


def test_era5_names_are_known_without_standard_names(tmp_path):
    """A converter that left `unknown` as the standard name but kept the number of the parameter."""
    path = write_regular(tmp_path / "era5.nc", names=("unknown", "unknown"))
    with netCDF4.Dataset(path, "r+") as data:
        data["u"].GRIB_paramId, data["v"].GRIB_paramId = 165, 166
    check(open_wind(path, window=WINDOW), SINGLE)
    with netCDF4.Dataset(path, "r+") as data:
        data["u"].GRIB_paramId = 34
        data["u"].units = "K"
        data["u"][:] = 284.0
    warm = open_scalar(path, "sea_surface_temperature", window=WINDOW)
    assert warm.value(START, np.array([51.0]), np.array([1.5]))[0] == pytest.approx(10.85, abs=1e-5)


HUGE = """
import resource, sys
import numpy as np
from cordiale.earth.instants import Span, utc
from cordiale.sea.cf import open_current
from cordiale.sea.tide import Window
begin = utc("2021-11-24 00:00")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
field = open_current(sys.argv[1], window=Window(south=50.5, north=51.5, west=1.0, east=2.0),
                     span=Span(earliest=begin + 36000, latest=begin + 50000))
print(field.tile.shape, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_grid_of_ten_gigabytes_is_not_loaded_whole(tmp_path):
    """A window and a span of two variables of 5 GB each cost less than 100 MB; only their chunks there are written."""
    path = tmp_path / "huge.nc"
    lines = {
        "time": (np.arange(100.0), "hours since 2021-11-24"),
        "latitude": (30 + 0.01 * np.arange(3000), "degrees_north"),
        "longitude": (-20 + 0.01 * np.arange(4200), "degrees_east"),
    }
    with netCDF4.Dataset(path, "w") as data:
        for name, (values, units) in lines.items():
            data.createDimension(name, len(values))
            data.createVariable(name, "f8", (name,))[:] = values
            data[name].units = units
        for name, word in (("u", "eastward"), ("v", "northward")):
            variable = data.createVariable(name, "f4", tuple(lines), chunksizes=(1, 100, 100))
            variable.units, variable.standard_name = "m s-1", f"{word}_sea_water_velocity"
            variable[9:16, 2000:2200, 2000:2300] = 0.5
        assert data["u"].size * 8 > 10e9
    result = subprocess.run(
        [sys.executable, "-c", HUGE, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    shape, kilobytes = result.stdout.rsplit(" ", 1)
    assert shape == "(5, 101, 101, 4)"
    assert int(kilobytes) < 100_000
