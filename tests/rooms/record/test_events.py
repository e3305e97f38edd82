"""One line of the record, and the page of event types."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from cordiale.earth.errors import CordialeError
from cordiale.record.bodies import report_body
from cordiale.record.events import EVENT_TYPES, Entry, canonical, chained, content_of, event_of
from tests.rooms.record.examples import NIGHT, NOW, PLAIN

PAGE = Path(__file__).parents[3] / "docs" / "events.md"


def an_entry(**changes):
    """A report as an entry, with some of it changed."""
    entry = {"type": "report.received", "body": report_body(PLAIN), "at": NIGHT, "received": NIGHT + 60, "by": "feed"}
    return Entry(**{**entry, **changes})


def test_the_page_of_events_says_what_the_code_does():
    """docs/events.md names every event type, its version, and exactly the fields of its body."""
    text = PAGE.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `([a-z.]+)` version (\d+)$", text, re.MULTILINE))
    assert sections == {name: str(kind.version) for name, kind in EVENT_TYPES.items()}
    for name, kind in EVENT_TYPES.items():
        section = text.split(f"## `{name}`")[1].split("\n## ")[0]
        fields = dict(re.findall(r"^\| `([a-z_]+)` \| (yes|no) \|", section, re.MULTILINE))
        assert fields == {**dict.fromkeys(kind.required, "yes"), **dict.fromkeys(kind.optional, "no")}, name


def test_every_event_type_is_a_noun_and_a_past_participle():
    """`report.received`: a noun, a full stop, and what was done to it."""
    for name in EVENT_TYPES:
        assert re.fullmatch(r"[a-z]+\.[a-z]+(ed|en)", name)


def test_canonical_json_has_one_form():
    """Keys are sorted, nothing is padded, letters are themselves and half a surrogate pair stays readable JSON."""
    assert canonical({"b": [1, 2.5], "a": "é"}) == '{"a":"é","b":[1,2.5]}'.encode()
    assert json.loads(canonical({"a": "\ud800"})) == {"a": "\ud800"}


def test_a_body_that_is_no_json_is_refused():
    """NaN and foreign objects never reach the record."""
    for value in (float("nan"), float("inf"), object(), b"bytes"):
        with pytest.raises(CordialeError, match="JSON"):
            canonical({"a": value})


def test_the_hash_is_that_of_the_hash_before_and_the_content():
    """Anybody can check the chain with sha256 and nothing else."""
    content = content_of(an_entry(), node="dover", seq=1, prev="0" * 64, recorded_at=NOW)
    own = hashlib.sha256(b"0" * 64 + content).hexdigest()
    assert chained("0" * 64, content) == own
    event = event_of(content, own)
    assert (event.id, event.prev, event.by, event.subject) == ("dover/1", "0" * 64, "feed", "r-0001")
    assert (event.at, event.received, event.recorded_at) == (NIGHT, NIGHT + 60, NOW)
    assert str(event) == "02:01Z dover/1 report.received r-0001 (feed)"


def test_an_entry_is_checked_before_it_is_written():
    """A type, field or role that the page does not know is refused with its name."""
    body = report_body(PLAIN)
    with pytest.raises(CordialeError, match=r"boat\.sunk"):
        an_entry(type="boat.sunk")
    with pytest.raises(CordialeError, match="nationality"):
        an_entry(body={**body, "nationality": "x"})
    with pytest.raises(CordialeError, match="event_latest"):
        an_entry(body={name: value for name, value in body.items() if name != "event_latest"})
    for name in ("Jean Dupont", "", "Jean"):
        with pytest.raises(CordialeError, match="role"):
            an_entry(by=name)


def test_a_time_that_is_no_time_is_refused():
    """NaN, and milliseconds taken for seconds, are refused with their value."""
    for wrong in (float("nan"), NIGHT * 1000):
        with pytest.raises(CordialeError, match="received is"):
            content_of(an_entry(received=wrong), node="dover", seq=1, prev="0" * 64, recorded_at=NOW)
