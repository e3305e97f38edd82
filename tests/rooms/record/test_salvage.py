"""A broken record is read as far as it goes, and what is wrong is named."""

import random

import pytest

from cordiale.belief.report import Report
from cordiale.record.arrivals import Arrival, append_reports
from cordiale.record.closing import withdrawal_entry
from cordiale.record.known import known_at
from cordiale.record.log import append, open_record
from cordiale.record.rulings import link_entry
from cordiale.record.salvage import read_aloud
from tests.rooms.record.examples import NOW, numbered

EVENTS = 30


@pytest.fixture
def path(tmp_path):
    """A closed record of thirty reports and two rulings, the second taken back."""
    with open_record(tmp_path / "night.db", node="dover") as record:
        arrivals = [Arrival(report=numbered(n)) for n in range(1, EVENTS + 1)]
        append_reports(record, arrivals, recorded_at=NOW, by="feed")
        for one, other in (("r-0001", "r-0002"), ("r-0003", "r-0004")):
            entry = link_entry(one, other, reason="one phone", at=NOW, by="watch_officer")
            append(record, entry, recorded_at=NOW)
        back = withdrawal_entry(f"dover/{EVENTS + 2}", reason="two phones", at=NOW, by="watch_officer")
        append(record, back, recorded_at=NOW)
    return tmp_path / "night.db"


def flipped(path, old, new):
    """The record with some of its bytes changed where they stand, once."""
    content = path.read_bytes()
    assert content.count(old) == 1 and len(old) == len(new)
    path.write_bytes(content.replace(old, new))


def read(path):
    with open_record(path, read_only=True) as record:
        return read_aloud(record)


def test_a_whole_record_has_no_flaws(path):
    """Everything is read; a witness that was left behind with a copy is no damage."""
    assert len(read(path).events) == EVENTS + 3 and read(path).flaws == ()
    path.with_name("night.db.witness").unlink()
    assert read(path).flaws == ()


def test_a_report_with_a_changed_byte_is_kept_and_named(path):
    """Somebody's r-0017 says another minute now: it is shown, with the number of its event."""
    old = b'"event_latest":"2021-11-24T02:17:00Z"'
    flipped(path, old, old.replace(b"02:17", b"02:57"))
    found = read(path)
    assert [(flaw.key, flaw.seq) for flaw in found.flaws] == [("hash", 17)]
    assert len(known_at(found.events).reports) == EVENTS


def test_a_report_that_cannot_be_read_takes_no_other_with_it(path):
    """A broken brace, or a position that is none: 29 reports are read, the thirtieth is named."""
    flipped(path, b'"name":"r-0009"', b'"name"!"r-0009"')
    found = read(path)
    assert [flaw.seq for flaw in found.flaws] == [9]
    assert {r.name for r in known_at(found.events).reports} == {f"r-{n:04d}" for n in range(1, EVENTS + 1)} - {"r-0009"}


def test_damage_decides_nothing(path):
    """A link whose bytes were changed does not hold; a changed withdrawal still takes its link back."""
    flipped(path, b'"other":"r-0002"', b'"other":"r-0005"')
    assert known_at(read(path).events).rulings == ()
    flipped(path, b"two phones", b"two ph0nes")
    found = read(path)
    assert known_at(found.events).rulings == ()
    assert [flaw.seq for flaw in found.flaws] == [EVENTS + 1, EVENTS + 3]


def test_bits_flipped_anywhere_are_announced_or_change_nothing(path, tmp_path):
    """Sixty flips at random places: each opens with every report as it was, or names a flaw, or is refused aloud."""
    chance, whole = random.Random(7), known_at(read(path).events)
    announced = 0
    for number in range(60):
        content = bytearray(path.read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        copy = tmp_path / f"copy{number}.db"
        copy.write_bytes(content)
        copy.with_name(f"{copy.name}.witness").write_bytes(path.with_name("night.db.witness").read_bytes())
        try:
            found = read(copy)
        except ValueError as refusal:
            assert "hint: " in str(refusal)
            announced += 1
            continue
        if found.flaws:
            announced += 1
            assert all(isinstance(report, Report) for report in known_at(found.events).reports)
        else:
            assert known_at(found.events) == whole
    assert announced >= 20
