"""Every way a disk can say no is said aloud, and leaves the record whole."""

import os
import sqlite3

import pytest

from cordiale.earth.errors import CordialeError
from cordiale.record.arrivals import append_report
from cordiale.record.log import events, head, open_record
from cordiale.record.witness import WitnessBehind, verify
from tests.rooms.record.examples import NOW, numbered


def test_a_commit_waits_for_the_disk(record):
    """The file is in write-ahead mode and every commit is forced to the disk."""
    assert record.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert record.connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_a_full_disk_refuses_the_report_aloud(record):
    """Nothing half-written: what was acknowledged is there, the refused one is not, and there is room again later."""
    append_report(record, numbered(1), recorded_at=NOW, by="feed")
    (pages,) = record.connection.execute("PRAGMA page_count").fetchone()
    record.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(CordialeError, match=r"NOT recorded: the disk of .* is full") as refused:
        for number in range(2, 50):
            append_report(record, numbered(number), recorded_at=NOW, by="feed")
            kept = number
    assert "send it again" in refused.value.hint()
    assert [event.seq for event in events(record)] == list(range(1, kept + 1))
    assert verify(record).is_whole
    record.connection.execute("PRAGMA max_page_count = 1000000")
    assert append_report(record, numbered(kept + 1), recorded_at=NOW, by="feed").seq == kept + 1


def test_a_record_opened_to_read_refuses_to_write(record):
    """A reader cannot append, and is told why."""
    append_report(record, numbered(1), recorded_at=NOW, by="feed")
    with open_record(record.path, read_only=True) as reader:
        assert len(events(reader)) == 1
        with pytest.raises(CordialeError, match="cannot be written"):
            append_report(reader, numbered(2), recorded_at=NOW, by="feed")


def test_another_writer_that_does_not_let_go_is_named(record):
    """After its patience the record says that another process holds the file, and nothing was written."""
    raw = sqlite3.connect(record.path, isolation_level=None)
    raw.execute("BEGIN IMMEDIATE")
    with pytest.raises(CordialeError, match=r"another process held .* for more than 0\.1 s"):
        append_report(record, numbered(1), recorded_at=NOW, by="feed")
    raw.execute("ROLLBACK")
    raw.close()
    assert append_report(record, numbered(1), recorded_at=NOW, by="feed").seq == 1


def test_a_witness_that_cannot_be_told_does_not_lose_the_report(tmp_path):
    """The error says that the event IS recorded; it is, and the next head told covers it."""
    witness = tmp_path / "elsewhere" / "witness"
    with open_record(tmp_path / "night.db", witness_path=witness) as record:
        with pytest.raises(WitnessBehind, match="event 1 IS recorded"):
            append_report(record, numbered(1), recorded_at=NOW, by="feed")
        assert head(record)[0] == 1
        assert [flaw.key for flaw in verify(record).flaws] == ["no_witness"]
        witness.parent.mkdir()
        append_report(record, numbered(2), recorded_at=NOW, by="feed")
        assert verify(record).is_whole


def test_what_is_not_a_record_is_not_touched(tmp_path):
    """A text, another program's database and a missing folder are refused with their path."""
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but a text that is long enough to look at" * 20)
    with pytest.raises(CordialeError, match=r"notes\.txt is not a record"):
        open_record(text)
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE photo (name TEXT)")
    other.commit()
    other.close()
    before = (tmp_path / "other.db").read_bytes()
    with pytest.raises(CordialeError, match=r"other\.db is not a record"):
        open_record(tmp_path / "other.db")
    assert (tmp_path / "other.db").read_bytes() == before
    with pytest.raises(CordialeError, match="no folder"):
        open_record(tmp_path / "nowhere" / "night.db")
    with pytest.raises(CordialeError, match="cannot open"):
        open_record(tmp_path / "absent.db", read_only=True)
    assert not (tmp_path / "absent.db").exists()


def test_a_record_of_a_newer_format_is_not_guessed_at(record):
    """An older program leaves a newer record alone."""
    record.connection.execute("PRAGMA user_version = 7")
    with pytest.raises(CordialeError, match="format 7"):
        open_record(record.path)


def test_an_empty_file_becomes_a_record(tmp_path):
    """A file made by `touch` is a place to write, not a foreign database."""
    os.close(os.open(tmp_path / "night.db", os.O_CREAT))
    with open_record(tmp_path / "night.db") as record:
        assert append_report(record, numbered(1), recorded_at=NOW, by="feed").seq == 1
