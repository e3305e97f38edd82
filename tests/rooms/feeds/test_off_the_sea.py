"""A position far from the sea is kept, flagged and said, with what may have been meant."""

import json

import pytest

from cordiale.desk.cli import main
from cordiale.earth.instants import utc
from cordiale.feeds.intake import report_from_form
from cordiale.feeds.off_the_sea import FLAG, doubted

NOW = utc("2021-11-24 02:05Z")


def typed(position, kind="distress_call"):
    return doubted(report_from_form({"position": position, "kind": kind}, now=NOW, centre="dover", key=None))


@pytest.mark.parametrize("position", ["51 08.5N 001 44.5E", "51 05N 001 10E", "50 58N 001 51E", ""])
def test_a_position_at_sea_or_behind_the_beach_is_not_doubted(position):
    """The strait, Folkestone, Calais town, and no position at all."""
    line = typed(position)
    assert FLAG not in line.report.flags and not line.problems


def test_east_typed_as_west_is_doubted_with_what_was_meant():
    """51 08.5N 001 44.5W lies in Wiltshire; the position with E is in the strait."""
    line = typed("51 08.5N 001 44.5W")
    assert line.report.flags[-1] == FLAG
    assert line.report.where, "the position is kept as it was given"
    (problem,) = line.problems
    assert "51°08.5'N 001°44.5'W" in problem.problem("en") and "51°08.5'N 001°44.5'E" in problem.hint("en")
    assert "001°44.5'E" in problem.hint("fr")


@pytest.mark.parametrize("position", ["48 51N 002 21E", "51 08.5S 001 44.5E", "51 15N 000 30W"])
def test_a_position_far_inland_or_elsewhere_is_doubted_without_a_guess(position):
    """Paris, the southern Atlantic, the Surrey hills."""
    line = typed(position)
    assert FLAG in line.report.flags
    assert "far from the sea" in line.problems[-1].problem("en")


def test_our_own_craft_have_bases():
    """The position of a helicopter on an airfield is nobody's slip."""
    assert FLAG not in typed("48 51N 002 21E", kind="asset_position").report.flags


def test_report_add_says_so_and_keeps_it(tmp_path, capsys):
    """Exit code 1, the flag in the JSON, the report in the record; the same for a line of a feed."""
    record = str(tmp_path / "watch.db")
    assert main(["report", "add", record, "--position", "51 08.5N 001 44.5W"]) == 1
    said = capsys.readouterr().out
    assert "with a position" in said and "001°44.5'E" in said
    feed = tmp_path / "feed.jsonl"
    line = {
        "report": "r-1",
        "kind": "position_pin",
        "received": "2021-11-24T02:02Z",
        "where": {"lat": 51.14, "lon": -1.74},
    }
    feed.write_text(json.dumps(line), encoding="utf-8")
    assert main(["report", "read", str(feed), record, "--json"]) == 1
    assert FLAG in json.loads(capsys.readouterr().out)["flags"]
