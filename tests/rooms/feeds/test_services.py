"""Services end to end: orders, answers made by hand from a server on this machine, one file with its slip."""

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, utc
from cordiale.earth.units import hours
from cordiale.feeds import forcing_file, met_ocean, open_meteo
from cordiale.feeds.forcing_file import read_slip, slip_fits, slip_of
from cordiale.feeds.service_keys import Secret
from cordiale.feeds.services import SERVICES, fetch_over_network, orders_for, retrieve, service_of
from cordiale.feeds.web import Patience
from cordiale.sea.cf import open_current, open_wind
from cordiale.sea.tide import Window
from tests.rooms.feeds import answers
from tests.rooms.feeds.answers import AT, SPAN, START, WINDOW, server

KEY = "s3cr3t+key/of-somebody="
NOW = utc("2021-11-24 08:00")
PATIENT = Patience(timeout=5.0, pause=lambda seconds: None)


def numbers(asked, name):
    """The text after `name=` in the address that was asked."""
    return asked.path.partition(f"{name}=")[2].partition("&")[0]


def of_open_meteo(make):
    """An answer of Open-Meteo for whatever places are asked."""

    def answer(asked):
        order = open_meteo.open_meteo_wind(WINDOW, SPAN)[0]
        places = {"latitude": numbers(asked, "latitude"), "longitude": numbers(asked, "longitude")}
        changed = tuple((key, places.get(key, value)) for key, value in order.parameters)
        order = type(order)(service="x", method="GET", address="", parameters=changed, suffix=".json")
        return 200, {"Content-Type": "application/json"}, json.dumps(make(order)).encode()

    return answer


def of_arome(asked):
    """A GRIB message for the component and the hour that are asked."""
    hour = int(asked.path.partition("subset=time(")[2][11:13])
    return 200, {"Content-Type": "application/wmo-grib"}, answers.arome(numbers(asked, "coverageid"), hour)


def of_store(folder):
    """A store whose jobs are done at once."""
    made = []

    def answer(asked):
        if asked.method == "POST":
            answers.era5(folder / "made", asked.body["inputs"])
            made.append((folder / "made").read_bytes())
            return 201, {}, b'{"jobID": "0a1b", "status": "successful"}'
        if asked.path.endswith("/results"):
            value = {"href": f"/made/{len(made)}", "file:size": len(made[-1])}
            return 200, {}, json.dumps({"asset": {"value": value}}).encode()
        return 200, {}, made[-1]

    return answer


class Toolbox:
    """Stands in for the package copernicusmarine."""

    def subset(self, *, output_directory, output_filename, **arguments):
        answers.copernicus(f"{output_directory}/{output_filename}")


def fetch_all(name, tmp_path, monkeypatch, path):
    """Ask one service, moved to a server on this machine, for a file; what it was asked, and the slip."""
    making = tmp_path / "making"
    making.mkdir(exist_ok=True)
    answer = of_open_meteo(answers.open_meteo if name.endswith("wind") else answers.open_meteo_sea)
    answer = of_arome if name == "arome-wind" else of_store(making) if name == "era5-wind" else answer
    monkeypatch.setitem(sys.modules, "copernicusmarine", Toolbox())
    service = service_of(name)
    with server(answer) as (url, asked):
        for module, address in (
            (open_meteo, "FORECAST"),
            (open_meteo, "ARCHIVE"),
            (open_meteo, "MARINE"),
            (met_ocean, "AROME"),
            (met_ocean, "CLIMATE_STORE"),
        ):
            monkeypatch.setattr(module, address, f"{url}/{address.lower()}")
        orders = orders_for(service, WINDOW, SPAN, now=NOW)
        secrets = tuple(Secret(KEY) for _ in service.names)
        fetch = fetch_over_network(service, secrets, PATIENT)
        slip = retrieve(service, orders, WINDOW, SPAN, path, fetch=fetch, now=NOW, answers=tmp_path / "kept")
    return asked, slip


EXPECTED = {
    "open-meteo-wind": (11.5, 0.0),
    "open-meteo-past-wind": (11.5, 0.0),
    "open-meteo-current": (0.625, 0.0),
    "copernicus-current": (0.5, -0.25),
    "copernicus-past-current": (0.5, -0.25),
    "era5-wind": (7.5, 3.5),
    "arome-wind": (1.5, -3.0),
}


def test_every_service_has_its_case():
    """None is added without a test that fetches from it."""
    assert set(EXPECTED) == set(SERVICES)


@pytest.mark.parametrize("name", list(EXPECTED))
def test_a_service_becomes_a_file_that_the_readers_read(name, tmp_path, monkeypatch):
    """Its values at half past one, its slip without any key, its answers kept; the key only in the requests."""
    path = tmp_path / f"{name}.nc"
    asked, slip = fetch_all(name, tmp_path, monkeypatch, path)
    field = (open_wind if SERVICES[name].quantity == "wind" else open_current)(path, window=WINDOW, span=SPAN)
    east, north = field.velocity(START + 1.5 * hours, *AT)
    assert (east[0], north[0]) == (
        pytest.approx(EXPECTED[name][0], abs=1e-4),
        pytest.approx(EXPECTED[name][1], abs=1e-4),
    )
    assert read_slip(path) == slip
    assert slip_fits(path, slip)
    assert (slip["service"], slip["retrieved"]) == (name, "2021-11-24T08:00:00Z")
    assert slip["licence"]
    assert slip["attribution"]
    assert slip["asked"]
    assert len(list((tmp_path / "kept").iterdir())) >= len(slip["answers"]) >= 1
    for written in tmp_path.rglob("*"):
        if written.is_file():
            assert KEY.encode() not in written.read_bytes(), written
    header = {"arome-wind": "apikey", "era5-wind": "private-token"}.get(name)
    assert header is None or asked[0].headers[header] == KEY


def test_land_stays_land_in_the_file(tmp_path, monkeypatch):
    """The missing corner of the shelf is missing in the file too, and the stream beside it is that of the sea."""
    path = tmp_path / "c.nc"
    fetch_all("copernicus-current", tmp_path, monkeypatch, path)
    field = open_current(path, window=WINDOW)
    east, _ = field.velocity(START + hours, np.array([50.5, 50.65]), np.array([1.0, 1.15]))
    assert east == pytest.approx([0.0, 0.5], abs=1e-6)


def test_a_fetch_that_fails_leaves_the_file_of_before(tmp_path, monkeypatch):
    """An answer that cannot be used: file and slip stay as they were, and nothing else lies beside them."""
    path = tmp_path / "c.nc"
    fetch_all("copernicus-current", tmp_path, monkeypatch, path)
    before = path.read_bytes(), slip_of(path).read_bytes()
    orders = orders_for(service_of("copernicus-current"), WINDOW, SPAN, now=NOW)
    with pytest.raises(CordialeError, match="no value"):
        retrieve(
            service_of("copernicus-current"), orders, WINDOW, SPAN, path,
            fetch=lambda order, place: answers.copernicus(place, missing=True), now=NOW,
        )  # fmt: skip
    assert (path.read_bytes(), slip_of(path).read_bytes()) == before
    assert {p.name for p in tmp_path.iterdir()} == {"c.nc", "c.nc.source.json", "kept", "making"}


def test_a_file_that_does_not_read_back_as_it_was_fetched_gets_no_name(tmp_path, monkeypatch):
    """A writer that is wrong by one part in a thousand is found out, and nothing is left of its file."""
    write = forcing_file._write

    def wrong(field, *rest):
        tile = field.tile * np.array([1.001, 1, 1, 1], dtype=np.float32)
        write(replace(field, tile=tile), *rest)

    monkeypatch.setattr(forcing_file, "_write", wrong)
    with pytest.raises(CordialeError, match="does not read back"):
        fetch_all("copernicus-current", tmp_path, monkeypatch, tmp_path / "c.nc")
    assert {p.name for p in tmp_path.iterdir()} == {"kept", "making"}


def test_a_file_that_no_fetch_made_is_not_replaced(tmp_path, monkeypatch):
    """Somebody's own file stays; that of an earlier fetch is replaced."""
    path = tmp_path / "mine.nc"
    path.write_bytes(b"mine")
    with pytest.raises(CordialeError, match="was not written by a fetch"):
        fetch_all("copernicus-current", tmp_path, monkeypatch, path)
    assert path.read_bytes() == b"mine"
    path.unlink()
    for _ in range(2):
        fetch_all("copernicus-current", tmp_path, monkeypatch, path)
    assert slip_fits(path, read_slip(path))


def test_a_folder_that_is_not_there_is_said(tmp_path):
    """The path and the reason, after the answers came and before anything is written."""
    service = service_of("copernicus-current")
    orders = orders_for(service, WINDOW, SPAN, now=NOW)
    with pytest.raises(CordialeError, match="cannot be written"):
        retrieve(
            service, orders, WINDOW, SPAN, tmp_path / "none" / "c.nc",
            fetch=lambda order, place: answers.copernicus(place), now=NOW,
        )  # fmt: skip


def test_the_run_of_arome_is_the_last_that_can_be_had():
    """Before the beginning of the span, and five hours before the present."""
    service = service_of("arome-wind")
    for begin, now, run in (
        ("2021-11-24 04:00", "2021-11-25 12:00", "2021-11-24T03.00.00Z"),
        ("2021-11-24 09:00", "2021-11-24 07:59", "2021-11-24T00.00.00Z"),
        ("2021-11-24 09:00", "2021-11-24 08:00", "2021-11-24T03.00.00Z"),
    ):
        span = Span(earliest=utc(begin), latest=utc(begin) + 2 * hours)
        assert run in str(orders_for(service, WINDOW, span, now=utc(now))[0])


@pytest.mark.parametrize("box", [(52.0, 51.0, 1.0, 2.0), (50.0, 91.0, 1.0, 2.0), (50.0, 51.0, 2.0, 1.0)])
def test_a_window_that_is_none_is_refused(box):
    """Turned over, beyond the pole, east of west; before anything is asked."""
    window = Window(**dict(zip(("south", "north", "west", "east"), box, strict=True)))
    with pytest.raises(CordialeError, match="window"):
        orders_for(service_of("era5-wind"), window, SPAN, now=NOW)


def test_an_unknown_service_is_told_the_known_ones():
    """All names stand in the hint."""
    with pytest.raises(CordialeError, match="arome-wind"):
        service_of("tides-of-atlantis")


def test_no_order_has_room_for_a_key():
    """Whatever is asked, keys are not among its parameters, and the services' documents name none."""
    for service in SERVICES.values():
        for order in orders_for(service, WINDOW, SPAN, now=NOW):
            words = {str(key).lower() for key in order.arguments}
            assert not words & {"apikey", "key", "token", "username", "password"}
            assert "(secret)" not in str(order)


def test_loading_the_services_loads_no_toolbox():
    """xarray, dask and the toolbox come when Copernicus Marine is asked, and not before."""
    code = "import sys, cordiale.feeds.services; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "cordiale.feeds.copernicus" in loaded
    assert not {"copernicusmarine", "xarray", "dask", "requests", "eccodes", "zarr"} & set(loaded)
