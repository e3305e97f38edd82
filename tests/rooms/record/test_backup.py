"""A copy to put away, and the way back."""

import sqlite3
from dataclasses import replace

import pytest

from cordiale.earth.errors import CordialeError
from cordiale.record.arrivals import Arrival, append_report, append_reports
from cordiale.record.backup import backup, restore
from cordiale.record.erasure import erase_text, node_key, read_text
from cordiale.record.log import events, open_record
from cordiale.record.witness import verify
from tests.rooms.record.examples import NOW, PLAIN, numbered


@pytest.fixture
def full(record):
    """A record of ten reports with their texts."""
    arrivals = [Arrival(report=numbered(n), text=f"text {n}") for n in range(1, 11)]
    append_reports(record, arrivals, recorded_at=NOW, by="feed")
    return record


def lose(record):
    """The disk of the record is gone, with all that lay beside it."""
    record.close()
    for path in record.path.parent.glob(f"{record.path.name}*"):
        path.unlink()


def test_a_backup_is_one_file_with_its_own_witness(full, tmp_path):
    """It opens alone, is whole, and holds every event."""
    target = tmp_path / "away" / "copy.db"
    target.parent.mkdir()
    verdict = backup(full, target, with_keys=False)
    assert (verdict.events, verdict.is_whole) == (10, True)
    assert sorted(path.name for path in target.parent.iterdir()) == ["copy.db", "copy.db.witness"]
    with open_record(target, read_only=True) as copy:
        assert events(copy) == events(full)
        assert verify(copy).is_whole


def test_a_backup_goes_on_while_the_record_is_written(full, tmp_path):
    """What is written after the copy is in the record and not in the copy, and both are whole."""
    backup(full, tmp_path / "copy.db", with_keys=False)
    append_report(full, numbered(11), recorded_at=NOW, by="feed")
    with open_record(tmp_path / "copy.db", read_only=True) as copy:
        assert len(events(copy)) == 10
    assert verify(full).events == 11


def test_what_was_lost_comes_back(full, tmp_path):
    """After the disk is gone, backup and keys give back events, texts and the node's secret, and writing goes on."""
    before, secret = events(full), node_key(full)
    backup(full, tmp_path / "copy.db", with_keys=True)
    lose(full)
    assert restore(tmp_path / "copy.db", full.path).is_whole
    with open_record(full.path) as restored:
        assert events(restored) == before
        assert read_text(restored, "r-0003") == "text 3"
        assert node_key(restored) == secret
        assert restored.keys.stat().st_mode & 0o777 == 0o600
        assert restored.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        append_report(restored, numbered(11), recorded_at=NOW, by="feed")
        assert verify(restored).is_whole


def test_a_backup_without_keys_reads_no_text(full, tmp_path):
    """Whoever finds the copy finds the reports and none of the original words."""
    backup(full, tmp_path / "copy.db", with_keys=False)
    with open_record(tmp_path / "copy.db", read_only=True) as copy, pytest.raises(CordialeError, match="no key file"):
        read_text(copy, "r-0001")


def test_an_erased_text_does_not_come_back_from_a_backup(full, tmp_path):
    """Backups before the erasure, without and with keys, restored where the key file still stands: it stays erased."""
    backup(full, tmp_path / "bare.db", with_keys=False)
    backup(full, tmp_path / "keyed.db", with_keys=True)
    erase_text(full, "r-0003", by="watch_officer", reason="asked for", at=NOW)
    full.close()
    for copy in ("bare.db", "keyed.db"):
        for tail in ("", "-wal", "-shm"):
            full.path.with_name(full.path.name + tail).unlink(missing_ok=True)
        verdict = restore(tmp_path / copy, full.path)
        assert [flaw.key for flaw in verdict.flaws] == ["tail"]  # the erasure itself is younger than the backup
        with open_record(full.path) as restored:
            with pytest.raises(CordialeError, match="was erased"):
                read_text(restored, "r-0003")
            assert read_text(restored, "r-0004") == "text 4"


def test_an_erasure_before_the_backup_holds_in_it(full, tmp_path):
    """The keys in a backup are those that were still alive."""
    erase_text(full, "r-0003", by="watch_officer", reason="asked for", at=NOW)
    backup(full, tmp_path / "copy.db", with_keys=True)
    lose(full)
    restore(tmp_path / "copy.db", full.path)
    with open_record(full.path) as restored, pytest.raises(CordialeError, match="was erased"):
        read_text(restored, "r-0003")


def test_the_witness_tells_what_an_old_backup_lacks(full, tmp_path):
    """The record is lost, its witness is not: after the restore it says which events are missing."""
    backup(full, tmp_path / "copy.db", with_keys=False)
    append_reports(full, [Arrival(report=numbered(n)) for n in (11, 12)], recorded_at=NOW, by="feed")
    full.close()
    full.path.unlink()
    verdict = restore(tmp_path / "copy.db", full.path)
    assert "events 11 to 12 were written and are missing" in str(verdict)


def test_a_longer_record_is_not_overwritten(full, tmp_path):
    """The error gives both lengths, and every event is still there."""
    backup(full, tmp_path / "copy.db", with_keys=False)
    append_report(full, numbered(11), recorded_at=NOW, by="feed")
    with pytest.raises(CordialeError, match=r"holds 11 events and the backup .* only 10"):
        restore(tmp_path / "copy.db", full.path)
    assert verify(full).events == 11


def test_another_record_is_not_overwritten(full, tmp_path):
    """A backup of another night does not replace this one, however long it is."""
    with open_record(tmp_path / "other.db") as other:
        arrivals = [Arrival(report=replace(numbered(n), centre="Dover")) for n in range(20)]
        append_reports(other, arrivals, recorded_at=NOW, by="feed")
        backup(other, tmp_path / "copy.db", with_keys=False)
    with pytest.raises(CordialeError, match="differ at event 10"):
        restore(tmp_path / "copy.db", full.path)
    assert verify(full).events == 10


def test_a_shorter_record_gets_what_it_lacks(full, tmp_path):
    """A record whose last events were lost is completed from a backup, under whoever holds it open."""
    backup(full, tmp_path / "five.db", with_keys=False)
    append_reports(full, [Arrival(report=numbered(n)) for n in (11, 12)], recorded_at=NOW, by="feed")
    backup(full, tmp_path / "seven.db", with_keys=False)
    with open_record(tmp_path / "five.db") as short:
        assert restore(tmp_path / "seven.db", short.path).is_whole
        assert events(short) == events(full)


def test_a_damaged_backup_is_not_put_back(full, tmp_path):
    """It is verified first; what stands there stays."""
    backup(full, tmp_path / "copy.db", with_keys=False)
    raw = sqlite3.connect(tmp_path / "copy.db")
    raw.execute("DROP TRIGGER event_never_changes")
    raw.execute("UPDATE event SET content = replace(content, 'Gris-Nez', 'Dover') WHERE seq = 4")
    raw.commit()
    raw.close()
    with pytest.raises(CordialeError, match="not whole: event 4"):
        restore(tmp_path / "copy.db", tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_a_damaged_record_makes_no_backup(full, tmp_path):
    """A copy that is not whole is not left behind as if it were a backup."""
    full.connection.execute("DROP TRIGGER event_never_goes")
    with pytest.raises(CordialeError, match="not whole"):
        backup(full, tmp_path / "copy.db", with_keys=True)
    assert list(tmp_path.glob("copy*")) == []


def test_no_file_is_overwritten_by_a_backup_or_a_restore(full, tmp_path):
    """A file in the way, or a write-ahead log left from another record, is refused with its path."""
    (tmp_path / "copy.db").write_text("something else")
    with pytest.raises(CordialeError, match=r"copy\.db exists already"):
        backup(full, tmp_path / "copy.db", with_keys=False)
    assert (tmp_path / "copy.db").read_text() == "something else"
    backup(full, tmp_path / "good.db", with_keys=False)
    (tmp_path / "new.db-wal").write_bytes(b"left over")
    with pytest.raises(CordialeError, match=r"new\.db-wal exists already"):
        restore(tmp_path / "good.db", tmp_path / "new.db")
    with pytest.raises(CordialeError, match="no folder"):
        backup(full, tmp_path / "nowhere" / "copy.db", with_keys=False)
    with pytest.raises(CordialeError, match="cannot open"):
        restore(tmp_path / "absent.db", tmp_path / "new2.db")


def test_an_empty_record_is_backed_up_and_restored(record, tmp_path):
    """Nothing yet is a record too."""
    assert backup(record, tmp_path / "copy.db", with_keys=True).is_whole
    assert restore(tmp_path / "copy.db", tmp_path / "new.db").is_whole
    with open_record(tmp_path / "new.db") as new:
        assert append_report(new, PLAIN, recorded_at=NOW, by="feed").seq == 1
