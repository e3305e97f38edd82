"""Services that want more than an address: the jobs of the climate store, the toolbox of Copernicus Marine."""

import json
import sys

import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import minutes
from cordiale.feeds.climate_store import fetch_from_store
from cordiale.feeds.copernicus import fetch_with_toolbox
from cordiale.feeds.met_ocean import copernicus_current, era5_wind
from cordiale.feeds.order import Order
from cordiale.feeds.service_keys import Secret
from cordiale.feeds.web import Patience, Question, document_of
from tests.rooms.feeds import answers
from tests.rooms.feeds.answers import SPAN, WINDOW, server

KEY = "s3cr3t+key/of-somebody="


def patient(**changed):
    """A patience whose pauses take no time, and the list of them."""
    pauses = []
    return Patience(timeout=5.0, pause=pauses.append, **changed), pauses


def store_order(url):
    """The order for a day of ERA5, at the server of the test."""
    (order,) = era5_wind(WINDOW, SPAN)
    address = f"{url}/api/retrieve/v1/processes/reanalysis-era5-single-levels/execution"
    return Order(
        service=order.service, method="POST", address=address, parameters=order.parameters, suffix=order.suffix
    )


def store(tmp_path, states, *, size=None, result=None):
    """The answers of a climate store to one order whose job goes through `states`."""
    file = tmp_path / "made.nc"
    answers.era5(file, era5_wind(WINDOW, SPAN)[0].arguments)
    content, left = file.read_bytes(), list(states)
    file.unlink()

    def answer(asked):
        if asked.path.endswith("/made.nc"):
            return 200, {}, content
        if asked.path.endswith("/results"):
            value = {"href": "/object/made.nc", "file:size": len(content) if size is None else size, "type": "x"}
            told = (200, {"asset": {"value": value}}) if result is None else result
            return told[0], {}, json.dumps(told[1]).encode()
        return 201, {}, json.dumps({"jobID": "0a1b-2c", "type": "process", "status": left.pop(0)}).encode()

    return answer


def test_a_job_of_the_store_is_handed_in_waited_for_and_fetched(tmp_path):
    """The order as a document, then its state until it is done, then the file from elsewhere, without the key."""
    patience, pauses = patient()
    path = tmp_path / "era5.nc"
    with server(store(tmp_path, ["accepted", "running", "running", "successful"])) as (url, asked):
        fetch_from_store(store_order(url), path, Secret(KEY), patience)
    assert path.read_bytes().startswith(b"\x89HDF")
    assert [(a.method, a.path.removeprefix("/api/retrieve/v1")) for a in asked] == [
        ("POST", "/processes/reanalysis-era5-single-levels/execution"),
        *[("GET", "/jobs/0a1b-2c")] * 3,
        ("GET", "/jobs/0a1b-2c/results"),
        ("GET", "/object/made.nc"),
    ]
    assert asked[0].body["inputs"]["day"] == ["24"]
    assert [a.headers.get("private-token") for a in asked] == [KEY] * 5 + [None]
    assert pauses == [1.0, 1.5, 2.25]


def test_a_job_that_fails_is_refused_with_the_reason_of_the_store(tmp_path):
    """Its result is an error, or a document; the key in it is taken out."""
    told = {"title": "The job has failed", "traceback": f"no data for {KEY}"}
    for status in (400, 200):
        with (
            server(store(tmp_path, ["failed"], result=(status, told))) as (url, _),
            pytest.raises(CordialeError, match=r"failed: [\s\S]*The job has failed") as caught,
        ):
            fetch_from_store(store_order(url), tmp_path / "a.nc", Secret(KEY), patient()[0])
        assert caught.value.key == "feeds.service_job"
        assert KEY not in str(caught.value)


def test_a_job_in_a_long_queue_is_left_there(tmp_path):
    """After the stated time of waiting, by the sum of the pauses."""
    patience, pauses = patient(job=10 * minutes)
    with (
        server(store(tmp_path, ["accepted"] * 100)) as (url, _),
        pytest.raises(CordialeError, match="0a1b-2c of era5 is not done after"),
    ):
        fetch_from_store(store_order(url), tmp_path / "a.nc", Secret(KEY), patience)
    assert sum(pauses) <= 600
    assert max(pauses) <= 60


def test_a_store_that_answers_otherwise_is_refused(tmp_path):
    """No job, a name of a job that would be an address, no file, a file of another size."""
    for text in (b"{}", b'{"jobID": "../other", "status": "successful"}'):
        with server((200, {}, text)) as (url, _), pytest.raises(CordialeError, match="no jobID"):
            fetch_from_store(store_order(url), tmp_path / "a.nc", Secret(KEY), patient()[0])
    with (
        server(store(tmp_path, ["successful"], result=(200, {"other": 1}))) as (url, _),
        pytest.raises(CordialeError, match="no file in the answer"),
    ):
        fetch_from_store(store_order(url), tmp_path / "a.nc", Secret(KEY), patient()[0])
    with (
        server(store(tmp_path, ["successful"], size=7)) as (url, _),
        pytest.raises(CordialeError, match="7 bytes should have come"),
    ):
        fetch_from_store(store_order(url), tmp_path / "a.nc", Secret(KEY), patient()[0])
    with server((200, {}, b"[1]")) as (url, _), pytest.raises(CordialeError, match="JSON was asked for"):
        document_of(Question(service="era5", url=url), patient()[0])
    assert list(tmp_path.iterdir()) == []


class Toolbox:
    """Stands in for the package copernicusmarine: writes a subset, or fails with what it was given."""

    def __init__(self, error=None):
        self.error, self.arguments = error, None

    def subset(self, *, output_directory, output_filename, **arguments):
        self.arguments = arguments
        answers.copernicus(f"{output_directory}/{output_filename}")
        if self.error:
            raise self.error


def test_the_toolbox_is_given_the_order_and_the_account(tmp_path):
    """The arguments as printed, the account beside them; the file takes its name when it is whole."""
    order, toolbox = copernicus_current(WINDOW, SPAN), Toolbox()
    fetch_with_toolbox(order, tmp_path / "c.nc", (Secret("anna"), Secret(KEY)), toolbox)
    assert toolbox.arguments["username"] == "anna"
    assert toolbox.arguments["password"] == KEY
    assert order.arguments.items() <= toolbox.arguments.items()
    assert [p.name for p in tmp_path.iterdir()] == ["c.nc"]


def test_what_the_toolbox_raises_is_said_without_the_account(tmp_path):
    """Kind and words of its error, no secret, and no file that is not whole."""
    toolbox = Toolbox(RuntimeError(f"login of anna with {KEY} failed"))
    with pytest.raises(CordialeError, match="RuntimeError: login of") as caught:
        fetch_with_toolbox(copernicus_current(WINDOW, SPAN), tmp_path / "c.nc", (Secret("anna"), Secret(KEY)), toolbox)
    assert KEY not in str(caught.value)
    assert caught.value.__suppress_context__
    assert list(tmp_path.iterdir()) == []


def test_without_the_toolbox_the_message_says_which_extra_to_install(tmp_path, monkeypatch):
    """The package is not there."""
    monkeypatch.setitem(sys.modules, "copernicusmarine", None)
    with pytest.raises(CordialeError, match=r"cordiale\[services\]"):
        fetch_with_toolbox(copernicus_current(WINDOW, SPAN), tmp_path / "c.nc", (Secret("anna"), Secret(KEY)))
