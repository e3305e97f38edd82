"""The walk along the chain names what is broken."""

import random
import shutil
import sqlite3

import pytest

from cordiale.earth.errors import CordialeError
from cordiale.record.arrivals import Arrival, append_reports
from cordiale.record.events import BEFORE_THE_FIRST, chained
from cordiale.record.log import events, open_record
from cordiale.record.witness import tell, verify, witnessed
from tests.rooms.record.examples import NOW, numbered

EVENTS = 40


@pytest.fixture
def path(tmp_path):
    """A closed record of 40 events, written in commits of four."""
    with open_record(tmp_path / "night.db", node="dover") as record:
        for start in range(1, EVENTS + 1, 4):
            arrivals = [Arrival(report=numbered(n), text=f"text {n}") for n in range(start, start + 4)]
            append_reports(record, arrivals, recorded_at=NOW, by="feed")
    return tmp_path / "night.db"


def tampered(path, *statements):
    """What `verify` says after somebody edited the file with its triggers out of the way, and put them back."""
    raw = sqlite3.connect(path)
    triggers = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        raw.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        raw.execute(statement)
    for _, sql in triggers:
        raw.execute(sql)
    raw.commit()
    raw.close()
    with open_record(path) as record:
        return verify(record)


def test_a_whole_record_is_whole(path):
    """The verdict counts the events and says so in both languages."""
    with open_record(path) as record:
        verdict = verify(record)
    assert (verdict.events, verdict.first_bad, verdict.is_whole) == (EVENTS, None, True)
    assert str(verdict).startswith("40 events, the chain is whole and the witness agrees")
    assert verdict.text("fr").startswith("40 événements, la chaîne est intacte")


def test_a_changed_word_is_found_and_named(path):
    """Somebody makes 30 persons 3 in event 17: the hash of event 17 is no longer true."""
    verdict = tampered(path, "UPDATE event SET content = replace(content, '30.0', '3.0') WHERE seq = 17")
    assert [(flaw.key, flaw.seq) for flaw in verdict.flaws] == [("hash", 17)]
    assert "event 17: its content is not what was hashed" in str(verdict)


def test_a_changed_search_column_is_found_and_named(path):
    """Moving an event in time in the columns that are searched, and not in its content, shows."""
    verdict = tampered(path, "UPDATE event SET received_us = 0 WHERE seq = 5")
    assert [(flaw.key, flaw.seq) for flaw in verdict.flaws] == [("columns", 5)]


def test_a_removed_event_is_found_and_named(path):
    """A hole in the middle is a gap in the numbers."""
    verdict = tampered(path, "DELETE FROM event WHERE seq = 23")
    assert verdict.first_bad == 23
    assert "event 23 is missing; the next one there is 24" in str(verdict)


def test_a_removed_event_shows_though_the_rest_is_renumbered(path):
    """Closing the gap in the numbers does not close it in the chain."""
    verdict = tampered(path, "DELETE FROM event WHERE seq = 23", "UPDATE event SET seq = seq - 1 WHERE seq > 23")
    assert verdict.first_bad == 23


def test_a_chain_hashed_anew_contradicts_the_witness(path):
    """Who changes an event and computes every later hash again meets the heads that the witness was told."""
    raw = sqlite3.connect(path)
    rows = raw.execute("SELECT seq, prev, content FROM event WHERE seq >= 30 ORDER BY seq").fetchall()
    raw.close()
    statements, prev = [], rows[0][1]
    for seq, old_prev, content in rows:
        new = content.replace(old_prev, prev).replace("30.0", "3.0")
        own = chained(prev, new.encode())
        quoted = new.replace("'", "''")
        statements.append(f"UPDATE event SET content = '{quoted}', prev = '{prev}', hash = '{own}' WHERE seq = {seq}")
        prev = own
    verdict = tampered(path, *statements)
    # commits ended at 32, 36 and 40: those are the heads the witness knows
    assert [(flaw.key, flaw.seq) for flaw in verdict.flaws] == [("fork", 32), ("fork", 36), ("fork", 40)]


def test_a_cut_tail_is_shown_by_the_witness(path):
    """The last seven events go: what is left is a good chain, and the witness knows better."""
    verdict = tampered(path, "DELETE FROM event WHERE seq > 33")
    assert verdict.events == 33
    assert [(flaw.key, flaw.seq) for flaw in verdict.flaws] == [("tail", 34)]
    assert "events 34 to 40 were written and are missing" in str(verdict)


def test_an_emptied_record_is_shown_by_the_witness(path):
    """Nothing is left in the table; forty events are missing."""
    verdict = tampered(path, "DELETE FROM event")
    assert [(flaw.key, flaw.seq, flaw.reason) for flaw in verdict.flaws] == [("tail", 1, "40")]


def test_a_missing_trigger_is_named(path):
    """A file that can be edited is not whole, even if nobody has edited it yet."""
    raw = sqlite3.connect(path)
    raw.execute("DROP TRIGGER event_never_goes")
    raw.commit()
    raw.close()
    with open_record(path) as record:
        verdict = verify(record)
    assert [(flaw.key, flaw.reason) for flaw in verdict.flaws] == [("schema", "event_never_goes")]


def test_a_missing_witness_is_said(path):
    """Without the witness a cut tail would not show, so its absence does."""
    path.with_name("night.db.witness").unlink()
    with open_record(path) as record:
        assert [flaw.key for flaw in verify(record).flaws] == ["no_witness"]


def test_a_torn_witness_line_does_no_harm(path):
    """A crash in the middle of telling the witness leaves half a line; the next head starts a new one."""
    witness = path.with_name("night.db.witness")
    with witness.open("ab") as file:
        file.write(b"41 abcd")
    with open_record(path) as record:
        assert verify(record).is_whole
        append_reports(record, [Arrival(report=numbered(41))], recorded_at=NOW, by="feed")
        assert verify(record).is_whole
        assert max(witnessed(witness)) == 41


def test_a_commit_that_the_witness_missed_is_no_flaw(path):
    """A crash between the commit and the witness leaves the witness behind, which is no loss."""
    witness = path.with_name("night.db.witness")
    lines = witness.read_bytes().splitlines(keepends=True)
    witness.write_bytes(b"".join(lines[:-1]))
    with open_record(path) as record:
        assert verify(record).is_whole


def test_heads_told_out_of_order_are_all_heard(tmp_path):
    """Two processes may tell the witness in another order than they committed."""
    for seq in (2, 1):
        tell(tmp_path / "witness", seq, f"{seq}" * 64)
    assert witnessed(tmp_path / "witness") == {1: "1" * 64, 2: "2" * 64}


def test_a_flipped_bit_in_an_event_names_that_event(path):
    """One bit of the content of event k flips: event k is the first bad one."""
    chance = random.Random(9)
    image = path.read_bytes()
    with open_record(path) as record:
        hashes = [BEFORE_THE_FIRST, *(event.hash for event in events(record))]
    for seq in chance.sample(range(1, EVENTS + 1), 12):
        row = image.index((hashes[seq - 1] + hashes[seq]).encode())
        place = image.index(b'{"at":', row) + chance.randrange(600)
        verdict = _verdict_after_flip(path, image, place, chance.randrange(8))
        assert verdict.first_bad == seq, f"bit at {place}"


def test_a_flipped_bit_anywhere_is_found_or_harmless(path):
    """Whatever bit of the file flips: the record is refused, or not whole, or every event reads as before."""
    chance = random.Random(4)
    image = path.read_bytes()
    with open_record(path) as record:
        before = events(record)
    found = 0
    for _ in range(80):
        place = chance.randrange(len(image))
        try:
            verdict = _verdict_after_flip(path, image, place, chance.randrange(8))
        except CordialeError:
            found += 1
            continue
        if verdict.is_whole:
            with open_record(path.with_name("flipped.db"), read_only=True) as record:
                assert events(record) == before, f"bit at {place}"
        found += not verdict.is_whole
    assert found >= 30  # most of the file is events; free space and spare header bytes are not


def _verdict_after_flip(path, image, place, bit):
    """`verify` of a copy in which one bit is flipped; the witness is the original's."""
    flipped = path.with_name("flipped.db")
    for old in path.parent.glob("flipped.db*"):
        old.unlink()
    damaged = bytearray(image)
    damaged[place] ^= 1 << bit
    flipped.write_bytes(damaged)
    shutil.copy(path.with_name("night.db.witness"), path.with_name("flipped.db.witness"))
    with open_record(flipped) as record:
        return verify(record)
