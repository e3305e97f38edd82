"""The picture as JSON, GeoJSON and text."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cordiale.association.disposition import Reason
from cordiale.belief.report import Mark
from cordiale.earth.units import minutes
from cordiale.record.dormant import Dormant
from cordiale.record.picture import picture
from cordiale.record.rulings import Ruling
from cordiale.record.searches_told import with_searches
from cordiale.record.watch_lines import watch_lines
from cordiale.record.watch_list import watch_list
from cordiale.record.witness import Flaw
from cordiale.views.picture_geojson import picture_geojson
from cordiale.views.picture_json import picture_json, sample_of
from cordiale.views.picture_text import COLUMNS, picture_text
from tests.rooms.association.small_night import START, still_sea, told, two_boats
from tests.rooms.record.test_searches import flown

DOCUMENT = Path(__file__).parents[3] / "docs" / "picture-json.md"
DORMANT = Dormant(boat="B-0001", because=(Reason(key="no_call"),))
FLAW = Flaw(key="hash", seq=17)
MARK = Mark(kind="REAL", source="a page", synthetic_parts=("position",))


@pytest.fixture(scope="module")
def hour():
    """Two boats, a craft, an order, a decision and a call that nobody can place."""
    craft = told("r-0012", 30, east_km=5.0, kind="asset_position", asset="cutter", mark=MARK)
    return picture([*two_boats(), craft], still_sea(), at=START + 60 * minutes, seed=1, count=500)


def keys(value, path=""):
    """Dotted paths of all leaves and lists, as the document writes them."""
    found = set()
    if isinstance(value, dict):
        for name, entry in value.items():
            here = f"{path}.{name}" if path else name
            found |= {here} | keys(entry, here)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for entry in value:
            found |= keys(entry, f"{path}[]")
    return found


def test_every_key_is_documented_and_every_documented_key_is_there(hour):
    """docs/picture-json.md and the program name the same keys; a containing object needs no row of its own."""
    ruling = Ruling(kind="linked", before=("r-0001",), after=("r-0004",), reason="one phone", at=hour.at, by="desk")
    alarms = watch_list(hour)
    doubted = replace(hour, association=replace(hour.association, disagreement=0.7))
    shown = picture_json(
        doubted,
        night="a night",
        notice="a notice",
        alarms=alarms,
        lines=watch_lines(hour, alarms),
        rulings=[ruling],
        flaws=[FLAW],
        dormant=[DORMANT],
        searches=with_searches(hour, [flown(begin=52)])[1],
    )
    written = keys(shown)
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    documented = {key for row in rows for key in re.findall(r"`([^`]+)`", row.split("|")[1])}
    assert documented - written == set()
    parents = {
        key for key in written if any(other.startswith(f"{key}.") or other.startswith(f"{key}[]") for other in written)
    }
    assert written - documented - parents == set()


def test_it_is_json_without_nan(hour):
    """A refused link has a null factor; nothing needs a lenient reader."""
    text = json.dumps(picture_json(hour), allow_nan=False)
    assert json.loads(text)["format"] == "cordiale.picture/1"


def test_each_report_names_its_boat_with_a_probability(hour):
    """What the association said stands beside every report."""
    for entry in picture_json(hour)["reports"]:
        disposition = hour.association.of(entry["report"])
        assert (entry["boat"], entry["disposition"]) == (disposition.boat, disposition.fate)
        assert 0 <= entry["probability"] <= 1


def test_texts_are_in_the_language_asked_for(hour):
    """Reasons, staleness and the decision aid read in French; summaries stay as they were given."""
    english, french = picture_json(hour), picture_json(hour, language="fr")
    assert english["decision_aid"] != french["decision_aid"]
    pairs = zip(english["reports"], french["reports"], strict=True)
    assert any(a["reasons"] and a["reasons"][0]["text"] != b["reasons"][0]["text"] for a, b in pairs)
    assert [r["summary"] for r in english["reports"]] == [r["summary"] for r in french["reports"]]


def test_the_sample_is_drawn_by_weight(hour):
    """Two hundred particles stand for the cloud: their mean lies within 3 standard errors of the cloud's centre."""
    cloud = hour.boat("B-0001").cloud
    places = sample_of(cloud)
    assert places.shape == (200, 2)
    for values, middle in zip(places.T, (cloud.centre.lat, cloud.centre.lon), strict=True):
        assert abs(values.mean() - middle) < 3 * np.std(values) / np.sqrt(200)


def test_geojson_has_longitude_first_and_closed_rings(hour):
    """RFC 7946: the point east of Greenwich and north of 50 has 1.x first; every ring ends where it began."""
    features = picture_geojson(hour)["features"]
    assert {f["properties"]["what"] for f in features} == {"area", "sample", "last_fix", "report", "asset"}
    for feature in features:
        if feature["geometry"]["type"] == "Point":
            lon, lat = feature["geometry"]["coordinates"]
            assert 1 < lon < 2 and 50.5 < lat < 51.5
        if feature["properties"]["what"] == "area":
            assert feature["properties"]["area_m2"] > 0 and feature["geometry"]["coordinates"]
            for polygon in feature["geometry"]["coordinates"]:
                assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in polygon)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_text_fits_a_terminal(hour, language):
    """No line is wider than 100 columns, whatever the language."""
    lines = picture_text(hour, language, notice="People died. " * 30).splitlines()
    assert max(map(len, lines)) <= COLUMNS


def test_the_text_shows_the_notice_first_and_every_boat(hour):
    """Notice, time, decision aid; then one line a boat, and what was invented."""
    text = picture_text(hour, notice="People died on this night.")
    assert text.startswith("People died on this night.")
    assert "A decision aid, not approved for operations." in text
    assert all(any(line.startswith(b.name) for line in text.splitlines()) for b in hour.boats)
    assert "never used as evidence" in text and "cutter" in text


def test_a_real_line_says_what_was_invented_of_it():
    """A real order with an invented time reads REAL, and SYNTHETIC for its time."""
    order = told(
        "r-0001",
        0,
        kind="task",
        summary="Cutter tasked.",
        mark=Mark(kind="REAL", source="s", synthetic_parts=("event",)),
    )
    text = picture_text(picture([order], still_sea(), at=START + 5 * minutes, seed=1))
    assert "[REAL; SYNTHETIC: time]" in " ".join(text.split())


def test_the_position_of_a_craft_says_that_it_was_invented(hour):
    """The craft's line says so in both languages, and so does the JSON."""
    assert "[REAL; SYNTHETIC: position]" in picture_text(hour)
    assert "[RÉEL ; SYNTHÉTIQUE : position]" in picture_text(hour, "fr")
    assert picture_json(hour)["assets"][0]["mark"]["synthetic_parts"] == ["position"]


def test_a_boat_of_reports_real_in_part_shows_both_marks():
    """One real report with an invented position makes R+S, in the table and in the JSON."""
    shown = picture([told("r-0001", 0, east_km=0.0, mark=MARK)], still_sea(), at=START + 5 * minutes, seed=1, count=100)
    assert picture_json(shown)["boats"][0]["marks"] == ["REAL", "SYNTHETIC"]
    assert any(line.startswith("B-0001") and " R+S " in line for line in picture_text(shown).splitlines())


def test_long_silences_read_in_hours_and_minutes():
    """After 9 h 39 nobody wants to divide by sixty; an hour and a half is still said in minutes."""
    reports = [told("r-0001", 0, east_km=0.0)]
    for minute, words in ((579, "9 h 39"), (90, "90 min")):
        shown = picture(reports, still_sea(), at=START + minute * minutes, seed=1, count=100)
        for language in ("en", "fr"):
            assert words in " ".join(picture_json(shown, language=language)["boats"][0]["stale_because"])
