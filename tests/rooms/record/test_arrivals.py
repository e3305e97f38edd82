"""Reports arrive: each once, none lost."""

import hashlib
from dataclasses import replace

import pytest

from cordiale.belief.report import Between
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import hours
from cordiale.record.arrivals import Arrival, append_report, append_reports
from cordiale.record.bodies import report_of
from cordiale.record.claims import mark_of
from cordiale.record.erasure import erase_text, read_origin, read_text
from cordiale.record.log import events, head
from cordiale.record.witness import verify
from tests.rooms.record.examples import NOW, PLAIN, numbered


def line_of(text):
    """What a feed says of its input line."""
    return {"sha256": hashlib.sha256(text.encode()).hexdigest(), "length": len(text)}


def test_a_report_comes_out_as_it_went_in(record):
    """The body of the event is the report, whatever came with it."""
    origin = {**line_of("x"), "problems": ["unknown field"], "weather": "calm"}
    event = append_report(record, PLAIN, text="le texte", origin=origin, recorded_at=NOW, by="feed")
    assert report_of(event.body) == PLAIN
    assert (event.at, event.received, event.recorded_at) == (PLAIN.event.earliest, PLAIN.received, NOW)
    assert read_text(record, "r-0001") == "le texte"
    kept = read_origin(record, "r-0001")
    assert kept == {"text": "le texte", "sha256": origin["sha256"], "problems": ["unknown field"], "weather": "calm"}
    assert event.body["origin"]["length"] == 1


def test_nothing_that_may_name_somebody_lies_open(record):
    """Text, unknown fields, problems and the hash of the line are not in the file in the clear."""
    secret = "0612345678 Jean"
    origin = {**line_of(secret), "problems": [f"caller {secret}"], "caller_name": secret}
    append_report(record, PLAIN, text=f"call {secret}", origin=origin, recorded_at=NOW, by="feed")
    record.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for file in (record.path, record.keys, record.witness):
        assert secret.encode() not in file.read_bytes()
        assert origin["sha256"].encode() not in file.read_bytes()


def test_the_same_report_twice_is_one_report(record):
    """By its input line, or by its name, content and text: the event already there is given back."""
    first = append_report(record, PLAIN, text="a", origin=line_of("one"), recorded_at=NOW, by="feed")
    again = append_report(record, PLAIN, text="a", origin=line_of("one"), recorded_at=NOW + 1, by="feed")
    by_line = append_report(record, numbered(7), text="a", origin=line_of("one"), recorded_at=NOW + 2, by="feed")
    by_name = append_report(record, PLAIN, text="a", origin=line_of("one "), recorded_at=NOW + 3, by="feed")
    bare = append_report(record, PLAIN, recorded_at=NOW + 4, by="intake")
    assert first == again == by_line == by_name == bare
    assert head(record)[0] == 1


def test_another_report_under_a_taken_name_is_kept_and_flagged(record):
    """Two different reports called r-0001 are two reports; sent again, each is still only there once."""
    other = replace(PLAIN, persons=Between(least=3, most=3))
    third = replace(PLAIN, persons=Between(least=4, most=4))
    for _ in range(2):
        kept = append_reports(record, [Arrival(report=r) for r in (PLAIN, other, third)], recorded_at=NOW, by="feed")
    names = ["r-0001", *(f"r-0001~{mark_of(r)}" for r in (other, third))]
    assert [event.body["name"] for event in kept] == names
    assert report_of(kept[1].body) == replace(other, name=names[1], flags=("name_taken",))
    assert [event.body.get("name_given") for event in kept] == [None, "r-0001", "r-0001"]
    assert head(record)[0] == 3
    assert verify(record).is_whole


def test_the_same_report_with_another_text_is_kept_too(record):
    """What was said counts: another text under the same name is not thrown away."""
    append_report(record, PLAIN, text="we are sinking", recorded_at=NOW, by="feed")
    event = append_report(record, PLAIN, text="we are in English waters", recorded_at=NOW, by="feed")
    name = f"r-0001~{mark_of(PLAIN)}"
    assert event.body["name"] == name
    assert read_text(record, name) == "we are in English waters"
    assert read_text(record, "r-0001") == "we are sinking"


def test_words_that_come_later_are_added_to_the_report(record):
    """The same report without its words, with them, and without again is one report, and one erasure takes them."""
    first = append_report(record, PLAIN, origin=line_of("bare"), recorded_at=NOW, by="feed")
    for text, line in (("we are sinking", "with"), (None, "bare again"), ("we are sinking", "with again")):
        again = append_report(record, PLAIN, text=text, origin=line_of(line), recorded_at=NOW, by="feed")
        assert again == first
    assert [event.type for event in events(record)] == ["report.received", "text.added"]
    assert read_text(record, "r-0001") == "we are sinking"
    assert read_origin(record, "r-0001")["sha256"] == line_of("with")["sha256"]
    erase_text(record, "r-0001", by="watch_officer", reason="asked for", at=NOW)
    with pytest.raises(CordialeError, match="was erased"):
        read_text(record, "r-0001")
    assert append_report(record, PLAIN, text="we are sinking", recorded_at=NOW, by="feed") == first
    assert len(events(record)) == 3 and verify(record).is_whole


def test_the_same_line_twice_in_one_batch_is_one_report(record):
    """A feed that repeats itself within a commit is understood."""
    arrival = Arrival(report=PLAIN, text="a", origin=line_of("a"))
    unnumbered = Arrival(report=PLAIN, text="a")
    kept = append_reports(record, [arrival, arrival, unnumbered], recorded_at=NOW, by="feed")
    assert kept[0] == kept[1] == kept[2]
    assert head(record)[0] == 1


def test_a_report_from_the_future_is_seen_now(record):
    """A wrong clock hides nothing: received in three hours counts as received now, and the claim is kept."""
    ahead = replace(PLAIN, received=NOW + 3 * hours, flags=("received_in_future",))
    event = append_report(record, ahead, recorded_at=NOW, by="feed")
    assert event.received == NOW
    assert report_of(events(record, until_received=NOW)[0].body) == ahead


def test_a_plain_telephone_number_never_reaches_the_disk(record):
    """It is hashed under the node's key, the same number to the same hash, and flagged."""
    one = append_report(record, replace(numbered(1), caller="+33 6 12 34 56 78"), recorded_at=NOW, by="feed")
    two = append_report(record, replace(numbered(2), caller="+33612345678"), recorded_at=NOW, by="feed")
    other = append_report(record, replace(numbered(3), caller="+33612345679"), recorded_at=NOW, by="feed")
    assert one.body["caller"] == two.body["caller"] != other.body["caller"]
    assert len(one.body["caller"]) == 64
    assert one.body["flags"] == ["caller_hashed"]
    keyed = append_report(record, replace(numbered(4), caller="ab" * 32), recorded_at=NOW, by="feed")
    assert (keyed.body["caller"], keyed.body.get("flags")) == ("ab" * 32, None)
