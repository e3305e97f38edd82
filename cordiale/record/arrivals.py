"""Reports arrive in the record: each once, whatever was said twice; two that share a name are both kept.

What the input said beside the report (its text, its hash, what could not be read, unknown fields) is sealed under a key
of its own, because any of it may name somebody. Plain stay its length and, to know the line again, an HMAC of its hash.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from cordiale.belief.report import Report
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Instant
from cordiale.record.bodies import report_body
from cordiale.record.claims import mark_of, marked
from cordiale.record.erasure import node_key, sealed, sealed_of, unsealed
from cordiale.record.events import Body, Entry, Event, spelt
from cordiale.record.keys import keep_keys, text_key
from cordiale.record.log import events_about, find, insert, writing
from cordiale.record.schema import Record

_TELEPHONE = re.compile(r"\+?[\d\s().-]{6,24}")
_NOT_TOLD = ("origin", "sealed", "name_given")
_OF_THE_LINE = ("sha256", "digest_of", "line", "problems", "as_given")


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """A report with what came in with it.

    Parameters
    ----------
    report : Report
        What the feed made of it.
    text : str, optional
        The original text, as far as it is kept.
    origin : Mapping, optional
        JSON values: `sha256` (hex, of the whole input line), `length` (bytes), `problems`, fields nobody knows, ...
    """

    report: Report
    text: str | None = None
    origin: Mapping[str, Any] | None = None


def append_report(
    record: Record,
    report: Report,
    *,
    text: str | None = None,
    origin: Mapping[str, Any] | None = None,
    recorded_at: Instant,
    by: str,
) -> Event:
    """Write one report down; see `append_reports`."""
    arrival = Arrival(report=report, text=text, origin=origin)
    return append_reports(record, [arrival], recorded_at=recorded_at, by=by)[0]


def append_reports(record: Record, arrivals: Sequence[Arrival], *, recorded_at: Instant, by: str) -> tuple[Event, ...]:
    """Write reports down in one commit and give the event of each.

    The same report again (the same input line, or the same name, content and words) is the event already there; where
    it brings the words that were missing, these are kept too (`text.added`). Another report under a taken name is kept
    as `name~3fa2c1d8`, after its content, with the flag `name_taken` (`record.claims`). A report that claims to be
    received after `recorded_at` counts as received now; the claim stays in its body. A plain telephone number in
    `caller` never reaches the disk: it is hashed under the node's key and flagged `caller_hashed`.
    """
    keys: dict[str, bytes] = {}
    with writing(record):
        secret = node_key(record)
        events = tuple(_arrive(record, arrival, secret, keys, recorded_at, by) for arrival in arrivals)
        if keys:
            keep_keys(record, keys)  # before the commit, so that no committed text is without its key
    return events


def correct_report(record: Record, report: Report, *, recorded_at: Instant, by: str) -> Event:
    """Write down what the report of that name should have said. The first version stays; replays before now show it."""
    original = find(record, name=report.name)
    if original is None:
        raise CordialeError("record.no_report", name=report.name)
    corrected = _without_number(report, node_key(record))
    entry = Entry(
        type="report.corrected",
        body=report_body(corrected),
        at=corrected.event.earliest,
        received=recorded_at,
        by=by,
        because=(original.id,),
    )
    with writing(record):
        return insert(record, entry, recorded_at=recorded_at)


def _arrive(
    record: Record, arrival: Arrival, secret: bytes, keys: dict[str, bytes], recorded_at: Instant, by: str
) -> Event:
    origin = dict(arrival.origin or {})
    line = _keyed(secret, str(origin["sha256"])) if origin.get("sha256") else None
    if line is not None and (known := find(record, line=line)) is not None:
        return known
    told = _without_number(arrival.report, secret)
    closed = {**origin, **({} if arrival.text is None else {"text": arrival.text})}
    plain = {"line": line, "length": closed.pop("length", None)}
    report, mark = told, ""
    for number in count():
        if (known := find(record, name=report.name)) is None:
            break
        if _body(known) == report_body(report):
            kept = _words_of(record, known, keys)
            if kept is None or _told(closed) in ({}, _told(kept)):
                return known
            if not _told(kept):
                return _add_words(record, known, {**kept, **closed}, keys, recorded_at, by)
        mark = mark or mark_of(told)
        report = replace(told, name=marked(told.name, mark, number + 1), flags=(*told.flags, "name_taken"))
    body = report_body(report)
    if open_parts := {name: value for name, value in plain.items() if value is not None}:
        body["origin"] = open_parts
    if closed:
        body["sealed"], keys[spelt(report.name)] = sealed(record, report.name, closed)
    if report.name != told.name:
        body["name_given"] = told.name
    received = min(report.received, recorded_at)
    entry = Entry(type="report.received", body=body, at=report.event.earliest, received=received, by=by)
    return insert(record, entry, recorded_at=recorded_at)


def _body(known: Event) -> dict[str, Any]:
    return {name: value for name, value in known.body.items() if name not in _NOT_TOLD}


def _words_of(record: Record, known: Event, keys: Mapping[str, bytes]) -> dict[str, Any] | None:
    """All that came sealed with a report already there, nothing where it came without; None where that was erased."""
    name = str(known.subject)
    box = sealed_of(record, known)
    key = keys.get(spelt(name)) or _key_if_any(record, name)
    if any(event.type == "text.erased" for event in events_about(record, name)) or (box is not None and key is None):
        return None  # what was erased does not come back
    return {} if box is None or key is None else unsealed(box, name, key)


def _add_words(
    record: Record, known: Event, closed: Body, keys: dict[str, bytes], recorded_at: Instant, by: str
) -> Event:
    """The words of a report that had come without any; its event stays the one it was."""
    name = str(known.subject)
    box, keys[spelt(name)] = sealed(record, name, closed, keys.get(spelt(name)) or _key_if_any(record, name))
    body = {"report": name, "sealed": box}
    entry = Entry(type="text.added", body=body, at=known.at, received=recorded_at, by=by, because=(known.id,))
    insert(record, entry, recorded_at=recorded_at)
    return known


def _told(closed: Body) -> dict[str, Any]:
    """What was said beside the report, whatever the line was like and wherever it stood."""
    return {name: value for name, value in closed.items() if name not in _OF_THE_LINE}


def _key_if_any(record: Record, name: str) -> bytes | None:
    try:
        return text_key(record, spelt(name))
    except CordialeError:
        return None


def _without_number(report: Report, secret: bytes) -> Report:
    if report.caller is None or not _TELEPHONE.fullmatch(report.caller):
        return report
    digits = re.sub(r"[^\d+]", "", report.caller)
    return replace(report, caller=_keyed(secret, digits), flags=(*report.flags, "caller_hashed"))


def _keyed(secret: bytes, text: str) -> str:
    return hmac.new(secret, text.encode("utf-8", "backslashreplace"), hashlib.sha256).hexdigest()
