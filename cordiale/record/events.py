"""An event is one line of the record: what happened, when, and when we learnt it. It is never changed, only answered.

Every event type stands on this page; `docs/events.md` says the same in prose and a test compares the two.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cordiale.earth.errors import CordialeError, InvalidInstant
from cordiale.earth.instants import iso, utc, zulu
from cordiale.earth.units import Instant
from cordiale.words import say

BEFORE_THE_FIRST = "0" * 64
Body = Mapping[str, Any]
_ROLE = re.compile(r"[a-z][a-z0-9_.:-]{0,59}")


@dataclass(frozen=True, kw_only=True, slots=True)
class EventType:
    """A kind of line: its name (`noun.past_participle`), its current version and the fields of its body."""

    name: str
    version: int
    subject: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


_REPORT_REQUIRED = ("name", "kind", "received", "event_earliest", "event_latest", "channel", "centre", "mark")
_REPORT_OPTIONAL = (
    *("where", "persons", "boat", "caller", "relay_of", "relays"),
    *("asset", "summary", "flags", "origin", "sealed", "name_given"),
)
_PAIR = ("report", "other", "reason")
_BOAT = ("boat", "reports")
_SEARCH = ("search", "asset", "track", "widths_m")
_SEARCH_MORE = ("speed_mps", "alike", "doubt", "task", "reason", "instruments")

EVENT_TYPES: Mapping[str, EventType] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            # Somebody told us something; orders, requests and decisions of a night are reports of that kind.
            EventType(
                name="report.received",
                version=2,
                subject="name",
                required=_REPORT_REQUIRED,
                optional=_REPORT_OPTIONAL,
            ),
            # What a report should have said: the whole report again, under its own name. The first one stays.
            EventType(
                name="report.corrected",
                version=1,
                subject="name",
                required=_REPORT_REQUIRED,
                optional=tuple(name for name in _REPORT_OPTIONAL if name not in {"origin", "sealed", "name_given"}),
            ),
            # A boat was closed on evidence of identity, or, as an override, its task was ended.
            EventType(
                name="boat.closed",
                version=1,
                subject="boat",
                required=("boat", "reports", "endings", "evidence", "probability_of_another", "override"),
                optional=("second", "reason", "blocks"),
            ),
            # A person ruled which reports are about one boat, which are not, and where a boat is really two.
            EventType(name="association.linked", version=1, subject="report", required=_PAIR),
            EventType(name="association.forbidden", version=1, subject="report", required=_PAIR),
            EventType(name="association.confirmed", version=1, subject="report", required=_PAIR),
            EventType(
                name="association.divided", version=1, subject="boat", required=("boat", "before", "after", "reason")
            ),
            # A centre answers for a boat, named by the reports it had then, and offers it to another; a craft is sent
            # to it, and that is over.
            EventType(name="boat.taken", version=1, subject="report", required=("report", "owner"), optional=_BOAT),
            EventType(
                name="boat.offered", version=1, subject="report", required=("report", "owner", "to"), optional=_BOAT
            ),
            EventType(name="task.given", version=1, subject="report", required=("report", "asset"), optional=_BOAT),
            EventType(name="task.ended", version=1, subject="task", required=("task", "reason")),
            # A request was answered, an alarm was seen.
            EventType(name="request.answered", version=1, subject="request", required=("request", "answer")),
            EventType(name="alarm.acknowledged", version=1, subject="alarm", required=("alarm",)),
            # A craft has searched, to the end or not, along this track, and found nothing of what it looked for.
            EventType(name="search.completed", version=1, subject="search", required=_SEARCH, optional=_SEARCH_MORE),
            EventType(
                name="search.interrupted",
                version=1,
                subject="search",
                required=(*_SEARCH, "reason"),
                optional=tuple(name for name in _SEARCH_MORE if name != "reason"),
            ),
            # The search for a boat was ended; where the stop test had refused, by two roles and for a reason.
            EventType(
                name="search.suspended",
                version=1,
                subject="boat",
                required=("boat", "reports", "second", "reason", "override", "survivors", "residual"),
                optional=("blocks", "tasks"),
            ),
            # A decision was taken back.
            EventType(name="decision.retracted", version=1, subject="decision", required=("decision", "reason")),
            # A report that had come without its original words came again with them.
            EventType(name="text.added", version=1, subject="report", required=("report", "sealed")),
            # The key of a report's original text was destroyed; the report itself stays.
            EventType(name="text.erased", version=1, subject="report", required=("report", "reason")),
        )
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What is to be written down; the record adds its number, its place in the chain and the time of writing.

    Parameters
    ----------
    type : str
        One of `EVENT_TYPES`.
    body : Mapping
        JSON values under the field names of that type.
    at, received : Instant
        When it happened (the earliest moment of a stretch), and when we learnt it.
    by : str
        The role that wrote it (`watch_officer`, `feed`), never a person's name.
    because : tuple of str
        Ids of the events it answers.
    """

    type: str
    body: Body
    at: Instant
    received: Instant
    by: str
    because: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        kind = EVENT_TYPES.get(self.type)
        if kind is None:
            raise CordialeError("record.event_type", type=self.type, known=", ".join(EVENT_TYPES))
        missing = [name for name in kind.required if name not in self.body]
        strange = [name for name in self.body if name not in kind.required + kind.optional]
        if missing or strange:
            raise CordialeError(
                "record.body", type=self.type, missing=", ".join(missing) or "-", strange=", ".join(strange) or "-"
            )
        if not _ROLE.fullmatch(self.by):
            raise CordialeError("record.role", by=self.by)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One line of the record.

    Parameters
    ----------
    node, seq : str, int
        Who wrote it and its number there, from 1 without a gap; together its `id`.
    type, version : str, int
        What kind of line it is, and the version of its body's layout.
    at, received, recorded_at : Instant
        When it happened, when we learnt it, when it was written down.
    by : str
        The role that wrote it.
    because : tuple of str
        Ids of the events it answers.
    body : Mapping
        What it says, JSON values only.
    prev, hash : str
        SHA-256 (hex) of the line before and of this one: `sha256(prev + content)`.
    """

    node: str
    seq: int
    type: str
    version: int
    at: Instant
    received: Instant
    recorded_at: Instant
    by: str
    because: tuple[str, ...]
    body: Body
    prev: str
    hash: str

    @property
    def id(self) -> str:
        """Its name everywhere: node and number, `dover/12`."""
        return f"{self.node}/{self.seq}"

    @property
    def subject(self) -> str | None:
        """The name of the report it is about."""
        kind = EVENT_TYPES.get(self.type)
        return None if kind is None else self.body.get(kind.subject)

    def __str__(self) -> str:
        return say(
            "record.event",
            id=self.id,
            received=zulu(self.received),
            type=self.type,
            subject=self.subject or "-",
            by=self.by,
        )


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one way to write a JSON value: keys sorted, no spaces, no NaN, UTF-8; half a surrogate pair stays escaped.

    >>> canonical({"b": "é", "a": 1.0})
    b'{"a":1.0,"b":"\\xc3\\xa9"}'
    """
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise CordialeError("record.not_json", reason=str(error)) from error
    return text.encode("utf-8", "backslashreplace")


def chained(prev: str, content: bytes) -> str:
    """The hash of a line: SHA-256 of the hash before it (64 hex digits, ASCII) followed by its own bytes."""
    return hashlib.sha256(prev.encode("ascii") + content).hexdigest()


def content_of(entry: Entry, *, node: str, seq: int, prev: str, recorded_at: Instant) -> bytes:
    """The bytes of a new line, everything but its hash, in canonical JSON."""
    times = {"at": entry.at, "received": entry.received, "recorded_at": recorded_at}
    return canonical(
        {
            "node": node,
            "seq": seq,
            "type": entry.type,
            "version": EVENT_TYPES[entry.type].version,
            **{name: written(time, name) for name, time in times.items()},
            "by": entry.by,
            "because": list(entry.because),
            "body": dict(entry.body),
            "prev": prev,
        }
    )


def event_of(content: bytes | str, own_hash: str) -> Event:
    """The event of stored bytes, exactly as they were written (see `upcast.lifted` for older layouts)."""
    line = json.loads(content)
    return Event(
        node=line["node"],
        seq=line["seq"],
        type=line["type"],
        version=line["version"],
        at=utc(line["at"]),
        received=utc(line["received"]),
        recorded_at=utc(line["recorded_at"]),
        by=line["by"],
        because=tuple(line["because"]),
        body=MappingProxyType(line["body"]),
        prev=line["prev"],
        hash=own_hash,
    )


def written(time: Instant, what: str) -> str:
    """A time as the record writes it, ISO 8601 with Z to the microsecond; an impossible one is refused."""
    if not math.isfinite(time):
        raise InvalidInstant("earth.not_finite", what=what, value=time)
    try:
        return iso(time)
    except (ValueError, OverflowError, OSError):
        raise InvalidInstant("record.instant", what=what, value=time) from None


def search_columns(event: Event) -> tuple[str, str, int, str | None, str | None]:
    """What the table repeats of an event for search: prev, type, time received (microseconds), subject, line."""
    line = event.body["origin"].get("line") if event.type == "report.received" and "origin" in event.body else None
    subject = None if event.subject is None else spelt(event.subject)
    return event.prev, event.type, round(event.received * 1e6), subject, line


def spelt(subject: str) -> str:
    """A name as the search column spells it: ASCII, so that any text at all is found again.

    >>> spelt("pêche-1")
    'p\\u00eache-1'
    """
    return json.dumps(subject)[1:-1]
