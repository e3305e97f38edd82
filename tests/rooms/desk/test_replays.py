"""What can be replayed, and that nothing of it is lost."""

import json
from dataclasses import replace

import pytest

from cordiale.belief.report import Between
from cordiale.desk.cli import main
from cordiale.desk.replays import is_record, reports_to_replay
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import iso, utc
from cordiale.earth.units import hours, minutes
from cordiale.record.arrivals import correct_report
from cordiale.record.closing import Identity, closing_entry, withdrawal_entry
from cordiale.record.closure import decide_closing, judge_closing
from cordiale.record.duties import taken_entry
from cordiale.record.log import append, open_record
from cordiale.record.picture import picture
from tests.rooms.association.small_night import START, still_sea
from tests.rooms.desk.test_close_command import record_path
from tests.rooms.record.test_closure import NORTH, OFF_NORTH, SOUTH, night

__all__ = ["record_path"]  # a fixture
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


def test_a_replay_shows_what_stood_then(record_path, capsys):
    """Closed at 02:01, withdrawn at 02:10, a report corrected at 02:20: at 02:05 closed and as first told."""
    at = {minute: START + minute * minutes for minute in (61, 65, 70, 75, 80, 85)}
    with open_record(record_path) as record:
        reports = tuple(r for r in night() if r.received <= at[61])
        seen = picture(reports, still_sea(), at=at[61], seed=1, count=300)
        verdict = judge_closing(
            seen, NORTH, endings=[OFF_NORTH], evidence=[Identity(kind="ring_test", report=OFF_NORTH)]
        )
        closing = decide_closing(verdict, at=at[61], by="watch_officer")
        closed = append(record, closing_entry(closing), recorded_at=at[61])
        taken = append(record, taken_entry("r-0001", owner="dover", at=at[61], by="desk"), recorded_at=at[61])
        for event in (closed, taken):
            back = withdrawal_entry(event.id, reason="another boat's people", at=at[70], by="watch_officer")
            append(record, back, recorded_at=at[70])
        corrected = replace(next(r for r in reports if r.name == "r-0001"), persons=Between(least=50, most=50))
        correct_report(record, corrected, recorded_at=at[80], by="watch_officer")

    def shown(minute):
        main(["replay", str(record_path), "--json", "--particles", "300", "--at", iso(at[minute])])
        document = json.loads(capsys.readouterr().out)
        boats = {boat["boat"]: boat for boat in document["boats"]}
        alarms = {alarm["id"] for alarm in document["watch_list"]}
        return boats[NORTH]["standing"], "no_owner r-0001" in alarms, boats[SOUTH]["persons"]["least"]

    assert [shown(minute) for minute in (65, 75, 85)] == [
        ("closed", False, 33),
        ("active", True, 33),
        ("active", True, 50),
    ]


def test_the_end_of_a_record_is_its_last_decision(record_path, capsys):
    """Taken five minutes after the last report, the boat has an owner in the list without --at; days later, not yet."""
    last = max(report.received for report in night())
    with open_record(record_path) as record:
        for anchor, later in (("r-0001", 5 * minutes), ("r-0002", 72 * 60 * minutes)):
            entry = taken_entry(anchor, owner="dover", at=last + later, by="desk")
            append(record, entry, recorded_at=last + later)
    main(["watch", str(record_path), "--json"])
    owners = {alarm["id"] for alarm in json.loads(capsys.readouterr().out) if alarm["cause"] == "no_owner"}
    assert owners == {"no_owner r-0002"}


def test_errors_of_the_command_line_are_said_in_the_language_asked_for(capsys):
    """The problem and the hint in French; exit code 2."""
    assert main(["replay", "rien", "--language", "fr"]) == 2
    assert "il n'y a ni nuit ni fichier" in capsys.readouterr().err


def test_a_record_is_in_use_for_two_days_whoever_asks(record_path):
    """One rule for plan, task and result: two days from its last line, and minutes before it where a clock is ahead."""
    replayed = reports_to_replay(str(record_path), "en", now=NOW)
    end = replayed.end
    for clock, used in ((end, True), (end + 47 * hours, True), (end + 49 * hours, False), (end - 4 * minutes, True)):
        assert replayed.in_use(clock) == used
        assert replayed.present(clock) == (iso(max(clock, end)) if used else None)
    assert not replayed.in_use(end - 6 * minutes)
    assert replace(replayed, written=()).present(end) is None
