"""Old lines in today's layout."""

import pytest

from cordiale.belief.report import Between
from cordiale.earth.errors import CordialeError
from cordiale.record.bodies import report_of
from cordiale.record.events import BEFORE_THE_FIRST, chained, event_of
from cordiale.record.log import events
from cordiale.record.upcast import lifted
from cordiale.record.witness import tell, verify

# A line as version 1 wrote it: persons was one number. These bytes must stay readable for ever.
VERSION_1 = (
    b'{"at":"2021-11-24T02:00:00Z","because":[],"body":{"centre":"Gris-Nez","channel":"telephone",'
    b'"event_earliest":"2021-11-24T02:00:00Z","event_latest":"2021-11-24T02:01:00Z","kind":"distress_call",'
    b'"mark":{"kind":"LIVE","source":"","synthetic_parts":[]},"name":"r-0001","persons":33,'
    b'"received":"2021-11-24T02:01:00Z"},"by":"feed","node":"dover","prev":"' + BEFORE_THE_FIRST.encode() + b'",'
    b'"received":"2021-11-24T02:01:00Z","recorded_at":"2021-11-24T02:01:00Z","seq":1,"type":"report.received",'
    b'"version":1}'
)
OWN_HASH = chained(BEFORE_THE_FIRST, VERSION_1)


def test_a_line_of_version_1_reads_in_todays_layout(record):
    """33 persons become the interval 33 to 33; the stored bytes and the chain do not change."""
    received_us = 1_637_719_260_000_000
    row = (1, BEFORE_THE_FIRST, OWN_HASH, "report.received", received_us, "r-0001", None, VERSION_1.decode())
    record.connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    tell(record.witness, 1, OWN_HASH)
    (event,) = events(record)
    assert (event.version, event.hash) == (2, OWN_HASH)
    assert report_of(event.body).persons == Between(least=33, most=33)
    (stored,) = record.connection.execute("SELECT content FROM event").fetchone()
    assert stored.encode() == VERSION_1
    assert verify(record).is_whole


def test_a_line_without_persons_lifts_too():
    """What was unknown in version 1 is unknown today."""
    old = event_of(VERSION_1.replace(b'"persons":33,', b""), OWN_HASH)
    assert report_of(lifted(old).body).persons is None


def test_a_line_from_the_future_is_not_guessed_at():
    """A newer version than this program knows is refused aloud; it is not half read."""
    newer = event_of(VERSION_1.replace(b'"version":1', b'"version":99'), OWN_HASH)
    with pytest.raises(CordialeError, match="version 99"):
        lifted(newer)


def test_an_unknown_type_is_kept_as_it_is():
    """A type of a newer program is passed on unread: it is in the record, and no report."""
    foreign = event_of(VERSION_1.replace(b"report.received", b"boat.linked"), OWN_HASH)
    assert lifted(foreign) == foreign
