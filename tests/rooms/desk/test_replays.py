"""What can be replayed, and that nothing of it is lost."""

import json

import pytest

from cordiale.desk.cli import main
from cordiale.desk.replays import is_record, reports_to_replay
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc

NOW = utc("2026-01-01")
GOOD = {
    "report": "r1",
    "kind": "position_pin",
    "received": "2021-11-24T02:02Z",
    "event": "2021-11-24T02:01Z",
    "channel": "whatsapp",
    "centre": "dover",
    "where": {"lat": 51.1417, "lon": 1.7417, "within_m": 50},
}


def feed(folder, *lines):
    """A feed file of these lines."""
    path = folder / "feed.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return str(path)


def test_a_report_from_the_future_and_a_broken_line_count_with_the_line_before(tmp_path):
    """Both show in a picture of the past, flagged; believed, no picture of the past would show them."""
    name = feed(tmp_path, GOOD, {**GOOD, "report": "r2", "received": "2099-01-01T00:00Z"}, '{"report": "r3", "rec')
    replayed = reports_to_replay(name, "en", now=NOW)
    assert [r.received for r in replayed.reports] == [utc("2021-11-24 02:02")] * 3
    assert "in_future" in replayed.reports[1].flags
    assert "unreadable_line" in replayed.reports[2].flags
    assert [number for number, _ in replayed.problems] == [2, 3]


def test_what_is_no_night_and_no_file_is_refused_with_the_nights_there_are(tmp_path):
    """The error names what was typed and the packaged nights."""
    with pytest.raises(CordialeError, match="2021-11-24"):
        reports_to_replay(str(tmp_path / "nothing"), "en", now=NOW)


def test_every_report_of_a_feed_is_in_the_json_picture_with_its_fate(tmp_path, capsys):
    """Assigned, unassigned, unplaced and not about a boat together are all that was received."""
    name = feed(
        tmp_path,
        GOOD,
        {**GOOD, "report": "r2", "kind": "distress_call", "where": None, "event": "2021-11-24T02:03Z"},
        {**GOOD, "report": "r3", "where": {"text": "51 61N 001 44E"}},
        {**GOOD, "report": "r4", "kind": "task", "where": None, "asset": "cutter"},
        "not json at all",
    )
    assert main(["replay", name, "--at", "2021-11-24T02:30Z", "--json", "--particles", "500"]) == 1
    said = capsys.readouterr()
    document = json.loads(said.out)
    assert document["format"] == "cordiale.picture/1"
    assert len(document["reports"]) == 5
    assert {r["report"] for r in document["reports"]} >= {"r1", "r2", "r3", "r4"}
    assert all(r["disposition"] for r in document["reports"])
    assert "61 minutes" in said.err


def test_a_record_replays_what_was_received_by_then(tmp_path, capsys, monkeypatch):
    """A report added by form is in the picture of the present, and a record is told from a feed by its content."""
    record = tmp_path / "watch.db"
    assert main(["report", "add", str(record), "--position", "51 08.5N 001 44.5E", "--persons", "33"]) == 0
    assert is_record(record)
    capsys.readouterr()
    assert main(["replay", str(record), "--json", "--particles", "500"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["boats"][0]["persons"] == {"least": 33, "most": 33}


def test_errors_of_the_command_line_are_said_in_the_language_asked_for(capsys):
    """The problem and the hint in French; exit code 2."""
    assert main(["replay", "rien", "--language", "fr"]) == 2
    assert "il n'y a ni nuit ni fichier" in capsys.readouterr().err
