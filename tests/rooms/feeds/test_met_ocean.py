"""Orders to met-ocean services and their answers; answers are made by hand after the documentation, not recorded."""

import json

import netCDF4
import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, utc
from cordiale.earth.units import hours
from cordiale.feeds.met_ocean import (
    NORTH_WEST_SHELF,
    arome_wind,
    copernicus_current,
    current_from,
    era5_wind,
    fetched,
    open_meteo_wind,
    wind_from,
)
from cordiale.sea import grib
from cordiale.sea.tide import Window

START = utc("2021-11-24 00:00")
SPAN = Span(earliest=START + 0.5 * hours, latest=START + 2.2 * hours)
WINDOW = Window(south=50.5, north=51.5, west=1.0, east=2.0)
AT = (np.array([51.0]), np.array([1.5]))


def test_an_order_prints_what_would_be_asked():
    """A dry run: the address with its parameters, or the data set with its arguments."""
    text = str(open_meteo_wind(WINDOW, SPAN, step=0.5))
    assert text.startswith("GET https://api.open-meteo.com/v1/forecast?latitude=50.5000,")
    assert "wind_speed_unit=ms" in text
    assert "start_date=2021-11-24" in text
    order = copernicus_current(WINDOW, SPAN)
    assert order.arguments["dataset_id"] == NORTH_WEST_SHELF
    assert order.arguments["start_datetime"] == "2021-11-24T00:00:00"
    assert order.arguments["end_datetime"] == "2021-11-24T03:00:00"
    assert "minimum_longitude" in str(order)


def test_era5_is_asked_day_by_day():
    """A span over midnight makes two orders with the hours of each day."""
    span = Span(earliest=START - 1.5 * hours, latest=START + 0.5 * hours)
    first, second = era5_wind(WINDOW, span)
    assert (first.arguments["day"], first.arguments["time"]) == (["23"], ["22:00", "23:00"])
    assert (second.arguments["day"], second.arguments["time"]) == (["24"], ["00:00", "01:00"])
    assert first.arguments["area"] == [51.5, 1.0, 50.5, 2.0]


def test_a_copernicus_answer_is_a_current(tmp_path):
    """NetCDF with `uo` and `vo` and their standard names, a depth of one level, as `subset` writes it."""

    def fetch(order, path):
        with netCDF4.Dataset(path, "w") as data:
            lines = {
                "time": (np.arange(4.0), "hours since 2021-11-24"),
                "depth": (np.zeros(1), "m"),
                "latitude": (np.arange(50.4, 51.7, 0.1), "degrees_north"),
                "longitude": (np.arange(0.9, 2.2, 0.1), "degrees_east"),
            }
            for name, (values, units) in lines.items():
                data.createDimension(name, len(values))
                data.createVariable(name, "f8", (name,))[:] = values
                data[name].units = units
            for name, word, speed in (("uo", "eastward", 0.5), ("vo", "northward", -0.25)):
                variable = data.createVariable(name, "f4", tuple(lines))
                variable.standard_name, variable.units = f"{word}_sea_water_velocity", "m s-1"
                variable[:] = speed

    field = current_from(copernicus_current(WINDOW, SPAN), fetch, tmp_path, window=WINDOW, span=SPAN)
    east, north = field.velocity(START + hours, *AT)
    assert (east[0], north[0]) == (0.5, -0.25)


def test_an_era5_answer_is_a_wind(tmp_path):
    """`u10` and `v10` along `valid_time`, without standard names but with the numbers of the parameters."""

    def fetch(order, path):
        with netCDF4.Dataset(path, "w") as data:
            day = f"{order.arguments['year'][0]}-{order.arguments['month'][0]}-{order.arguments['day'][0]}"
            clock = [utc(f"{day} {time}") for time in order.arguments["time"]]
            lines = {
                "valid_time": (clock, "seconds since 1970-01-01"),
                "latitude": (np.arange(51.5, 50.4, -0.25), "degrees_north"),
                "longitude": (np.arange(1.0, 2.1, 0.25), "degrees_east"),
            }
            for name, (values, units) in lines.items():
                data.createDimension(name, len(values))
                data.createVariable(name, "f8", (name,))[:] = values
                data[name].units = units
            for name, number, speed in (("u10", 165, 6.0), ("v10", 166, 2.0)):
                variable = data.createVariable(name, "f4", tuple(lines))
                variable.units, variable.standard_name, variable.GRIB_paramId = "m s**-1", "unknown", number
                variable[:] = speed

    span = Span(earliest=START - 1.5 * hours, latest=START + 0.5 * hours)
    field = wind_from(era5_wind(WINDOW, span), fetch, tmp_path, window=WINDOW, span=span)
    assert field.instants.size == 4
    assert (field.velocity(START, *AT)[0][0], field.velocity(START, *AT)[1][0]) == (6.0, 2.0)


def test_arome_answers_are_joined_into_one_wind(tmp_path):
    """One GRIB message an hour and component; the orders name run, time, height and box."""
    orders = arome_wind(WINDOW, SPAN, run=START)
    assert len(orders) == 8
    assert "coverageid=U_COMPONENT_OF_WIND__SPECIFIC_HEIGHT_LEVEL_ABOVE_GROUND___2021-11-24T00.00.00Z" in orders[0].url
    assert "subset=time(2021-11-24T01:00:00Z)" in orders[2].url
    assert "subset=height(10)" in orders[0].url

    def fetch(order, path):
        coverage, hour = dict(order.parameters[:4])["coverageid"], int(order.parameters[3][1][16:18])
        handle = grib.eccodes.codes_grib_new_from_samples("regular_ll_sfc_grib2")
        settings = {
            "paramId": 165 if coverage.startswith("U") else 166, "dataDate": 20211124, "dataTime": 0, "stepUnits": 1,
            "step": hour, "Ni": 5, "Nj": 5, "latitudeOfFirstGridPointInDegrees": 51.5,
            "latitudeOfLastGridPointInDegrees": 50.5, "longitudeOfFirstGridPointInDegrees": 1.0,
            "longitudeOfLastGridPointInDegrees": 2.0, "iDirectionIncrementInDegrees": 0.25,
            "jDirectionIncrementInDegrees": 0.25,
        }  # fmt: skip
        for key, value in settings.items():
            grib.eccodes.codes_set(handle, key, value)
        grib.eccodes.codes_set_values(handle, np.full(25, float(hour) if coverage.startswith("U") else -3.0))
        with path.open("wb") as file:
            grib.eccodes.codes_write(handle, file)
        grib.eccodes.codes_release(handle)

    field = wind_from(orders, fetch, tmp_path, window=WINDOW, span=SPAN)
    east, north = field.velocity(START + 1.5 * hours, *AT)
    assert (east[0], north[0]) == (pytest.approx(1.5, abs=1e-4), pytest.approx(-3.0, abs=1e-4))


def places(order, change=None):
    """An answer of Open-Meteo: 10 m/s from the west at every place asked, or something altered in it."""
    lat, lon = (order.arguments[key].split(",") for key in ("latitude", "longitude"))
    times = [int(START + k * hours) for k in range(24)]
    answer = [
        {
            "latitude": float(a) + 0.01,
            "longitude": float(b) - 0.01,
            "hourly_units": {"time": "unixtime", "wind_speed_10m": "m/s", "wind_direction_10m": "°"},
            "hourly": {"time": times, "wind_speed_10m": [10.0] * 24, "wind_direction_10m": [270] * 24},
        }
        for a, b in zip(lat, lon, strict=True)
    ]
    if change:
        change(answer)
    return answer


def ask(tmp_path, change=None):
    """The wind of such an answer."""
    order = open_meteo_wind(WINDOW, SPAN, step=0.25)
    return wind_from(order, lambda o, path: path.write_text(json.dumps(places(o, change))), tmp_path)


def test_an_open_meteo_answer_is_a_wind(tmp_path):
    """Speed and direction at a lattice of places become components; a west wind blows east."""
    field = ask(tmp_path)
    east, north = field.velocity(START + 1.5 * hours, *AT)
    assert (east[0], north[0]) == (pytest.approx(10.0, abs=1e-5), pytest.approx(0.0, abs=1e-5))
    assert field.tile.shape == (24, 5, 5, 4)
    assert "CC BY 4.0" in field.source


REFUSED = {
    "other units": (lambda a: a[3]["hourly_units"].update(wind_speed_10m="km/h"), "km/h"),
    "a place missing": (lambda a: a.pop(), "24 places for 25 asked"),
    "a place far away": (lambda a: a[0].update(latitude=48.0), "answered from 48.00 N"),
    "a gap": (lambda a: a[2]["hourly"]["wind_speed_10m"].__setitem__(5, None), "values missing"),
    "another form": (lambda a: a[0].pop("hourly"), "not as documented"),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_an_answer_that_is_not_what_was_asked_is_refused(tmp_path, name):
    """The reason and the order stand in the message."""
    change, part = REFUSED[name]
    with pytest.raises(CordialeError) as caught:
        ask(tmp_path, change)
    assert part in str(caught.value)
    assert "api.open-meteo.com" in str(caught.value)


def test_an_error_of_the_service_is_passed_on(tmp_path):
    """Its own reason, or what is no JSON at all."""
    order = open_meteo_wind(WINDOW, SPAN)
    for text, part in (('{"error": true, "reason": "out of range"}', "out of range"), ("<html>", "cannot be used")):
        with pytest.raises(CordialeError, match=part):
            wind_from(order, lambda o, path, text=text: path.write_text(text), tmp_path)


def test_too_many_places_and_empty_answers_are_refused(tmp_path):
    """The count of places; the order and the path of an answer that never came."""
    with pytest.raises(CordialeError, match="441 places"):
        open_meteo_wind(WINDOW, SPAN, step=0.05)
    with pytest.raises(CordialeError, match=r"nothing was written[\s\S]*copernicus-marine"):
        fetched(copernicus_current(WINDOW, SPAN), lambda order, path: None, tmp_path)
