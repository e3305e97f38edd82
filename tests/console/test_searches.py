"""Searches of a record on the page: their tracks on the chart, what they did in the boat's panel, in both languages."""

import pytest
from playwright.sync_api import expect

from cordiale.desk.sources import record_source
from cordiale.earth.units import minutes
from cordiale.record.arrivals import Arrival, append_reports
from cordiale.record.log import append, open_record
from cordiale.record.searches import search_entry
from tests.console.conftest import WINDOW, seated, serving
from tests.rooms.record.test_searches import AT, BOAT, FAR, SEA, flown, reports

pytestmark = pytest.mark.console

THEN = f"?at=2021-11-24T03:00Z&boat={BOAT}"


@pytest.fixture(scope="module")
def searched_desk(tmp_path_factory):
    """The desk of a record with two boats, of which one was looked for by a helicopter that broke off."""
    path = tmp_path_factory.mktemp("record") / "night.db"
    with open_record(path, node="dover") as record:
        listed = [Arrival(report=report) for report in reports()]
        append_reports(record, listed, recorded_at=AT - 60 * minutes, by="feed")
        search = flown(searching=None, broken_off=True)
        append(record, search_entry(search, at=search.end, by="watch_officer", reason="fuel"), recorded_at=AT)
    with serving(record_source(path, SEA)) as base:
        yield base


def test_the_track_is_drawn_and_the_panel_says_what_it_did(browser, searched_desk, tmp_path):
    """One line on the chart named after the craft; POS, residual, survivors and the stop test in the panel."""
    with seated(browser, searched_desk, viewport=dict(WINDOW)) as seat:
        page = seat.open(f"{THEN}&lang=en")
        part = page.locator(".searched")
        expect(part.locator("h3")).to_contain_text("Searched for her")
        expect(part.locator("h3 .tag")).to_have_text("must not end")
        expect(part).to_contain_text("cumulative POS")
        expect(part).to_contain_text("survivors expected now")
        part.locator("summary").click()
        expect(part).to_contain_text("r163 from 02:00Z")
        drawn = page.evaluate(
            """() => cordiale.now.chart.map.querySourceFeatures("searches").map((one) => one.properties.label)"""
        )
        assert drawn and all("r163 02:00Z" in label for label in drawn)
        assert page.evaluate(
            """() => cordiale.now.chart.map.queryRenderedFeatures({layers: ["search-track"]}).length"""
        )
        page.screenshot(path=str(tmp_path / "searched.png"))
        assert seat.complaints == [] and seat.foreign == []


def test_it_is_said_in_french_and_of_a_boat_nobody_looked_for_too(browser, searched_desk):
    """The other boat, 40 km away, was not looked for, and the page says so."""
    with seated(browser, searched_desk, viewport=dict(WINDOW)) as seat:
        page = seat.open(f"{THEN}&lang=fr")
        expect(page.locator(".searched h3")).to_contain_text("Recherches la concernant")
        expect(page.locator(".searched h3 .tag")).to_have_text("ne doit pas prendre fin")
        expect(page.locator(".searched")).to_contain_text("POS cumulée")
        page.locator(f'[data-boat="{FAR}"]').click()
        expect(page.locator(".searched")).to_contain_text("Aucune recherche ne l'a cherchée")
        assert page.evaluate("cordiale.missing.size ?? 0") == 0
        assert seat.complaints == []


def test_the_cloud_sent_is_the_thinned_one(searched_desk, browser):
    """Before the search was known, and after: another 50 % area of the boat that was looked for, one digest."""
    with seated(browser, searched_desk) as seat:
        page = seat.open(f"{THEN}&lang=en")
        shown = page.evaluate(
            """async () => Promise.all(["01:59", "03:00"].map(async (at) =>
            (await fetch(`/api/picture?at=2021-11-24T${at}Z`)).json()))"""
        )
    assert [len(one["searches"]) for one in shown] == [0, 1]
    hers = [next(boat for boat in one["boats"] if boat["boat"] == BOAT) for one in shown]
    assert hers[0]["searched"] is None and hers[1]["searched"]["pos"] > 0.3
