"""Orders to met-ocean services and their answers; answers are made by hand after the documentation, not recorded."""

import json

import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span
from cordiale.earth.units import hours
from cordiale.feeds.met_ocean import (
    NORTH_WEST_SHELF,
    arome_wind,
    copernicus_current,
    current_from,
    era5_wind,
    fetched,
    open_meteo_current,
    open_meteo_wind,
    wind_from,
)
from cordiale.feeds.open_meteo import read_open_meteo
from cordiale.sea.tide import Window
from tests.rooms.feeds import answers
from tests.rooms.feeds.answers import AT, SPAN, START, WINDOW


def test_an_order_prints_what_would_be_asked():
    """A dry run: the address with its parameters, the document of a POST, or the call of the toolbox."""
    (order,) = open_meteo_wind(WINDOW, SPAN, step=0.5)
    assert str(order).startswith("GET https://api.open-meteo.com/v1/forecast?latitude=50.5000,")
    assert "wind_speed_unit=ms" in str(order)
    assert "start_date=2021-11-24" in str(order)
    order = copernicus_current(WINDOW, SPAN)
    assert order.arguments["dataset_id"] == NORTH_WEST_SHELF
    assert order.arguments["start_datetime"] == "2021-11-24T00:00:00"
    assert order.arguments["end_datetime"] == "2021-11-24T03:00:00"
    assert str(order).startswith("copernicusmarine.subset(dataset_id='cmems_mod_nws")
    assert "minimum_longitude=1.0, maximum_longitude=2.0" in str(order)
    (order,) = era5_wind(WINDOW, SPAN)
    assert str(order).startswith("POST https://cds.climate.copernicus.eu/api/retrieve/v1/processes/reanalysis-era5")
    assert '"inputs": {"product_type": ["reanalysis"]' in str(order)


def test_era5_is_asked_day_by_day():
    """A span over midnight makes two orders with the hours of each day."""
    span = Span(earliest=START - 1.5 * hours, latest=START + 0.5 * hours)
    first, second = era5_wind(WINDOW, span)
    assert (first.arguments["day"], first.arguments["time"]) == (["23"], ["22:00", "23:00"])
    assert (second.arguments["day"], second.arguments["time"]) == (["24"], ["00:00", "01:00"])
    assert first.arguments["area"] == [51.5, 1.0, 50.5, 2.0]


def test_the_box_asked_for_ends_on_lines_of_the_grid_around_the_window():
    """A window between the lines of a grid is asked for with the lines around it."""
    window = Window(south=50.6, north=51.3, west=-0.1, east=2.013)
    assert era5_wind(window, SPAN)[0].arguments["area"] == [51.5, -0.25, 50.5, 2.25]
    assert "subset=lat(50.6,51.3)&subset=long(-0.1,2.02)" in arome_wind(window, SPAN, run=START)[0].url


def test_a_copernicus_answer_is_a_current(tmp_path):
    """NetCDF with `uo` and `vo` and their standard names, land by its fill value."""
    order = copernicus_current(WINDOW, SPAN)
    field = current_from(order, lambda order, path: answers.copernicus(path), tmp_path, window=WINDOW, span=SPAN)
    east, north = field.velocity(START + hours, *AT)
    assert (east[0], north[0]) == (0.5, -0.25)


def test_an_era5_answer_is_a_wind(tmp_path):
    """`u10` and `v10` along `valid_time`, without standard names but with the numbers of the parameters."""
    span = Span(earliest=START - 1.5 * hours, latest=START + 0.5 * hours)
    orders = era5_wind(WINDOW, span)
    field = wind_from(orders, lambda o, path: answers.era5(path, o.arguments), tmp_path, window=WINDOW, span=span)
    assert field.instants.size == 4
    east, north = field.velocity(START + 0.5 * hours, *AT)
    assert (east[0], north[0]) == (6.5, 2.5)


def test_arome_answers_are_joined_into_one_wind(tmp_path):
    """One GRIB message an hour and component; the orders name run, time, height and box."""
    orders = arome_wind(WINDOW, SPAN, run=START)
    assert len(orders) == 8
    assert "coverageid=U_COMPONENT_OF_WIND__SPECIFIC_HEIGHT_LEVEL_ABOVE_GROUND___2021-11-24T00.00.00Z" in orders[0].url
    assert "subset=time(2021-11-24T01:00:00Z)" in orders[2].url
    assert "subset=height(10)" in orders[0].url

    def fetch(order, path):
        coverage, hour = dict(order.parameters[:4])["coverageid"], int(order.parameters[3][1][16:18])
        path.write_bytes(answers.arome(coverage, hour))

    field = wind_from(orders, fetch, tmp_path, window=WINDOW, span=SPAN)
    east, north = field.velocity(START + 1.5 * hours, *AT)
    assert (east[0], north[0]) == (pytest.approx(1.5, abs=1e-4), pytest.approx(-3.0, abs=1e-4))


@pytest.mark.parametrize("run", [START + 3 * hours, START - 51 * hours, START - 1 * hours])
def test_a_run_of_arome_that_cannot_give_the_hours_is_refused(run):
    """One after the beginning, one that ends too early, one that never was."""
    with pytest.raises(CordialeError, match="the run of 2021"):
        arome_wind(WINDOW, SPAN, run=run)


def ask(tmp_path, change=None):
    """The wind of an answer of Open-Meteo with something altered in it."""
    orders = open_meteo_wind(WINDOW, SPAN, step=0.25)

    def fetch(order, path):
        path.write_text(json.dumps(answers.open_meteo(order, change)))

    return wind_from(orders, fetch, tmp_path, window=WINDOW, span=SPAN)


def test_an_open_meteo_answer_is_a_wind(tmp_path):
    """Speed and direction at a lattice of places become components; a west wind blows east; only the hours wanted."""
    field = ask(tmp_path)
    east, north = field.velocity(START + 1.5 * hours, *AT)
    assert (east[0], north[0]) == (pytest.approx(11.5, abs=1e-5), pytest.approx(0.0, abs=1e-5))
    assert field.tile.shape == (4, 5, 5, 4)
    assert "CC BY 4.0" in field.source


def test_a_calm_needs_no_direction(tmp_path):
    """Speed 0 and no direction is a wind of nothing, not a gap."""

    def calm(answer):
        for place in answer:
            place["hourly"].update(wind_speed_10m=[0.0] * 24, wind_direction_10m=[None] * 24)

    east, north = ask(tmp_path, calm).velocity(START + hours, *AT)
    assert (east[0], north[0]) == (0.0, 0.0)


def test_a_large_lattice_is_asked_in_bands_and_put_together_again():
    """The whole strait is 299 places in four requests; each row comes out where it was asked."""
    strait = Window(south=49.5, north=52.5, west=-1.0, east=4.5)
    orders = open_meteo_wind(strait, SPAN)
    assert [len(order.arguments["latitude"].split(",")) for order in orders] == [92, 92, 92, 23]
    assert all(len(order.url) < 2000 for order in orders)

    def by_latitude(answer):
        for place in answer:
            place["hourly"]["wind_speed_10m"] = [round(place["latitude"] - 0.01, 4) - 49.5] * 24

    texts = [json.dumps(answers.open_meteo(order, by_latitude)) for order in orders]
    field = read_open_meteo(orders, texts, span=SPAN)
    lat = np.array([49.5, 50.6, 52.5])
    east, _ = field.velocity(START + hours, lat, np.array([-1.0, 2.0, 4.5]))
    assert east == pytest.approx(lat - 49.5, abs=1e-5)  # m/s; float32


def test_a_current_of_open_meteo_goes_where_it_says_and_ends_at_land():
    """The direction is where it goes, km/h become m/s, a place of nulls is land beside the stream of the sea."""
    orders = open_meteo_current(WINDOW, SPAN, step=0.25)
    texts = [json.dumps(answers.open_meteo_sea(order, land=(0, 24))) for order in orders]
    field = read_open_meteo(orders, texts, span=SPAN)
    east, north = field.velocity(START + hours, np.array([51.0, 50.5, 50.55]), np.array([1.5, 1.0, 1.05]))
    assert east == pytest.approx([0.5, 0.0, 0.5], abs=1e-6)
    assert north == pytest.approx([0.0, 0.0, 0.0], abs=1e-6)


def test_a_current_without_a_step_takes_the_finest_that_is_not_too_much():
    """The strait is asked in steps of 0.24, a small window in those of the model, 0.08."""
    strait = Window(south=49.5, north=52.5, west=-1.0, east=4.5)
    for window, step in ((strait, 0.24), (WINDOW, 0.08)):
        order = open_meteo_current(window, SPAN)[0]
        lat = np.unique([float(v) for v in order.arguments["latitude"].split(",")])
        assert np.diff(lat).min() == pytest.approx(step)


REFUSED = {
    "other units": (lambda a: a[3]["hourly_units"].update(wind_speed_10m="km/h"), "km/h"),
    "a place missing": (lambda a: a.pop(), "24 places for 25 asked"),
    "a place far away": (lambda a: a[0].update(latitude=48.0), "answered from 48.00 N"),
    "a gap": (lambda a: a[2]["hourly"]["wind_speed_10m"].__setitem__(2, None), "values missing at 50.50 N 1.50 E"),
    "another form": (lambda a: a[0].pop("hourly"), "not as documented"),
    "a text for a number": (lambda a: a[1].update(latitude="north"), "not as documented"),
    "other hours": (lambda a: a[4]["hourly"]["time"].__setitem__(0, 7), "hours differ"),
    "another day": (lambda a: [p["hourly"].update(time=[t - 86400 for t in p["hourly"]["time"]]) for p in a], "wanted"),
    "a storm beyond nature": (lambda a: a[0]["hourly"]["wind_speed_10m"].__setitem__(1, 300.0), "beyond nature"),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_an_answer_that_is_not_what_was_asked_is_refused(tmp_path, name):
    """The reason and the order stand in the message."""
    change, part = REFUSED[name]
    with pytest.raises(CordialeError) as caught:
        ask(tmp_path, change)
    assert part in str(caught.value)
    assert "api.open-meteo.com" in str(caught.value)


def test_a_current_with_holes_in_time_is_refused_by_place_and_time():
    """A place that has some hours is no land."""
    orders = open_meteo_current(WINDOW, SPAN, step=0.25)

    def hole(answer):
        answer[7]["hourly"]["ocean_current_velocity"][1] = None

    texts = [json.dumps(answers.open_meteo_sea(order, change=hole)) for order in orders]
    with pytest.raises(CordialeError, match=r"values missing at 50\.75 N 1\.50 E, 2021-11-24 01:00Z"):
        read_open_meteo(orders, texts, span=SPAN)


def test_an_error_of_the_service_is_passed_on(tmp_path):
    """Its own reason, or what is no JSON at all."""
    orders = open_meteo_wind(WINDOW, SPAN)
    for text, part in (('{"error": true, "reason": "out of range"}', "out of range"), ("<html>", "cannot be used")):
        with pytest.raises(CordialeError, match=part):
            wind_from(orders, lambda o, path, text=text: path.write_text(text), tmp_path)


def test_too_many_places_and_empty_answers_are_refused(tmp_path):
    """The count of places; a step that is none; the order and the path of an answer that never came."""
    with pytest.raises(CordialeError, match="2601 places"):
        open_meteo_wind(WINDOW, SPAN, step=0.02)
    with pytest.raises(CordialeError, match="0°"):
        open_meteo_wind(WINDOW, SPAN, step=0.0)
    with pytest.raises(CordialeError, match=r"nothing was written[\s\S]*copernicusmarine"):
        fetched(copernicus_current(WINDOW, SPAN), lambda order, path: None, tmp_path)
