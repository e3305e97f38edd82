"""Append and read again."""

import math
import sqlite3
import threading
from dataclasses import replace

import pytest

from cordiale.earth.errors import CordialeError
from cordiale.record.arrivals import Arrival, append_report, append_reports
from cordiale.record.bodies import report_body, reports_of
from cordiale.record.events import BEFORE_THE_FIRST, Entry
from cordiale.record.log import append, append_many, events, events_about, find, head, open_record
from cordiale.record.witness import verify
from tests.rooms.record.examples import NOW, PLAIN, numbered


def entry_of(report, **changes):
    """A report as an entry."""
    body = report_body(report)
    fields = {"type": "report.received", "body": body, "at": report.event.earliest, "received": report.received}
    return Entry(**{**fields, "by": "feed", **changes})


def test_what_is_appended_is_read_again(record):
    """Each event has the next number and the hash of the one before."""
    first = append(record, entry_of(numbered(1)), recorded_at=NOW)
    second, third = append_many(record, [entry_of(numbered(2)), entry_of(numbered(3))], recorded_at=NOW)
    assert events(record) == (first, second, third)
    assert [event.seq for event in events(record)] == [1, 2, 3]
    assert [event.prev for event in events(record)] == [BEFORE_THE_FIRST, first.hash, second.hash]
    assert head(record) == (3, third.hash)


def test_the_record_is_there_after_it_was_closed(tmp_path):
    """Another program finds the same events and the same node."""
    with open_record(tmp_path / "night.db", node="gris-nez") as record:
        written = append(record, entry_of(PLAIN), recorded_at=NOW)
    with open_record(tmp_path / "night.db") as record:
        assert events(record) == (written,)
        assert record.node == "gris-nez"
        assert str(record).endswith("night.db (gris-nez)")


def test_a_record_has_one_node(tmp_path):
    """Opening it as another node's is refused with both names."""
    with open_record(tmp_path / "night.db", node="dover") as record:
        append(record, entry_of(PLAIN), recorded_at=NOW)
    with pytest.raises(CordialeError, match="'dover', not of 'gris-nez'"):
        open_record(tmp_path / "night.db", node="gris-nez")


def test_an_empty_record_has_a_head_and_is_whole(record):
    """Nothing has happened yet: number 0 and 64 zeros."""
    assert head(record) == (0, "0" * 64)
    assert events(record) == ()
    assert verify(record).is_whole


def test_replay_shows_what_was_received_by_then(record):
    """A report that came late is not in the picture of before, whatever the order of writing."""
    for number in (3, 1, 2):
        append_report(record, numbered(number), recorded_at=NOW, by="feed")
    names = [event.body["name"] for event in events(record, until_received=numbered(2).received)]
    assert names == ["r-0001", "r-0002"]
    assert events(record, until_received=numbered(1).received - 1e-6) == ()
    assert len(events(record, until_received=math.inf)) == 3


def test_a_live_view_asks_for_what_is_new(record):
    """After the last number it saw it gets the rest, once."""
    append_many(record, [entry_of(numbered(n)) for n in range(1, 6)], recorded_at=NOW)
    assert [event.seq for event in events(record, after_seq=3)] == [4, 5]
    assert events(record, after_seq=5) == ()


def test_another_opening_sees_what_was_acknowledged_at_once(record):
    """The console reads what the feed wrote, while both hold the record."""
    with open_record(record.path) as other:
        for number in (1, 2):
            written = append(record, entry_of(numbered(number)), recorded_at=NOW)
            assert head(other) == (number, written.hash)
        assert events(other) == events(record)


def test_a_batch_is_written_whole_or_not_at_all(record):
    """One bad entry among good ones leaves the record as it was."""
    append(record, entry_of(numbered(1)), recorded_at=NOW)
    with pytest.raises(CordialeError, match="NOT recorded"):
        append_many(record, [entry_of(numbered(2)), entry_of(numbered(1))], recorded_at=NOW)
    assert head(record)[0] == 1
    assert verify(record).is_whole


def test_reasons_are_events_that_are_there(record):
    """An event can only answer one that was written before it."""
    first = append(record, entry_of(numbered(1)), recorded_at=NOW)
    second = append(record, entry_of(numbered(2), because=(first.id, "gris-nez/70")), recorded_at=NOW)
    assert second.because == ("dover/1", "gris-nez/70")
    for wrong in ("dover/3", "dover/0", "dover", "7"):
        with pytest.raises(CordialeError, match=f"'{wrong}'"):
            append(record, entry_of(numbered(3), because=(wrong,)), recorded_at=NOW)


def test_update_delete_and_replace_are_refused_by_the_file_itself(record):
    """Another program with plain SQL cannot change, take away, replace or slip in an event."""
    append_many(record, [entry_of(numbered(n)) for n in (1, 2, 3)], recorded_at=NOW)
    before = events(record)
    columns = "hash, prev, type, received_us, subject, line, content"
    raw = sqlite3.connect(record.path)
    for statement in (
        "UPDATE event SET content = '{}' WHERE seq = 2",
        "DELETE FROM event",
        f"INSERT OR REPLACE INTO event (seq, {columns}) SELECT 2, {columns} FROM event WHERE seq = 3",
        f"INSERT OR REPLACE INTO event (seq, {columns}) SELECT 4, {columns} FROM event WHERE seq = 3",
        f"INSERT INTO event (seq, {columns}) SELECT 9, hash, hash, type, received_us, 'new', line, content "
        "FROM event WHERE seq = 3",
        f"INSERT OR REPLACE INTO event (seq, {columns}) SELECT 4, 'x', hash, type, received_us, subject, line, content "
        "FROM event WHERE seq = 3",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
        raw.rollback()
    raw.close()
    assert events(record) == before


def test_any_text_is_kept_as_it_came(record):
    """French, Kurdish, emoji, a null, half a surrogate pair: all come back, and the name finds the report."""
    name, text = "pêche-Ⅳ-\ud83d", "Nous coulons ⚠️ ئێمە نقوم دەبین \x00 \udcff «vite»"
    report = Arrival(report=replace(PLAIN, name=name, summary=text), text=text)
    append_reports(record, [report], recorded_at=NOW, by="feed")
    (event,) = events(record)
    assert reports_of([event])[0].summary == text
    assert find(record, name=name) == event
    assert events_about(record, name) == (event,)
    assert verify(record).is_whole


def test_ten_thousand_events_take_seconds(record):
    """A whole night of the heaviest load is written, read and verified."""
    entries = [entry_of(numbered(n)) for n in range(10_000)]
    for start in range(0, 10_000, 500):
        append_many(record, entries[start : start + 500], recorded_at=NOW + 1e6)
    assert len(events(record)) == 10_000
    verdict = verify(record)
    assert (verdict.events, verdict.is_whole) == (10_000, True)


def test_threads_share_a_record(record):
    """The console's threads write through one opening without mixing their commits."""
    problems = []

    def write(first):
        try:
            for number in range(first, first + 20):
                append_many(
                    record, [entry_of(numbered(number)), entry_of(numbered(1000 + number))], recorded_at=NOW * 2
                )
        except CordialeError as error:
            problems.append(error)

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    names = [event.body["name"] for event in events(record)]
    assert len(names) == 120
    for one, other in zip(names[::2], names[1::2], strict=True):
        assert int(other[2:]) == int(one[2:]) + 1000  # a pair stays side by side
    assert verify(record).is_whole


def test_the_clock_may_step_back(record):
    """The order is that of writing; an hour back on the clock loses nothing."""
    append(record, entry_of(numbered(1)), recorded_at=NOW)
    append(record, entry_of(numbered(2)), recorded_at=NOW - 3600)
    assert [event.seq for event in events(record)] == [1, 2]
    assert verify(record).is_whole
