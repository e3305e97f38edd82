"""Reports arrive in the record: each once, whatever was said twice; two that share a name are both kept.

What the input said beside the report (its text, its hash, what could not be read, unknown fields) is sealed under a key
of its own, because any of it may name somebody. Plain stay its length and, to know the line again, an HMAC of its hash.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cordiale.belief.report import Report
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Instant
from cordiale.record.bodies import report_body
from cordiale.record.erasure import node_key, sealed, unsealed
from cordiale.record.events import Body, Entry, Event, spelt
from cordiale.record.keys import keep_keys, text_key
from cordiale.record.log import find, insert, writing
from cordiale.record.schema import Record

_TELEPHONE = re.compile(r"\+?[\d\s().-]{6,24}")
_NOT_TOLD = ("origin", "sealed", "name_given")


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

    The same report again (the same input line, or the same name, content and text) is the event already there. Another
    report under a taken name is kept as `name~2` with the flag `name_taken`. A report that claims to be received after
    `recorded_at` counts as received now; the claim stays in its body. A plain telephone number in `caller` never
    reaches the disk: it is hashed under the node's key and flagged `caller_hashed`.
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
    plain = {"line": line, "length": origin.pop("length", None)}
    closed = {**origin, **({} if arrival.text is None else {"text": arrival.text})}
    report, number = told, 1
    while (known := find(record, name=report.name)) is not None:
        if _says_the_same(record, known, report, closed, keys):
            return known
        number += 1
        report = replace(told, name=f"{told.name}~{number}", flags=(*told.flags, "name_taken"))
    body = report_body(report)
    if kept := {name: value for name, value in plain.items() if value is not None}:
        body["origin"] = kept
    if closed:
        body["sealed"], keys[spelt(report.name)] = sealed(record, report.name, closed)
    if number > 1:
        body["name_given"] = told.name
    received = min(report.received, recorded_at)
    entry = Entry(type="report.received", body=body, at=report.event.earliest, received=received, by=by)
    return insert(record, entry, recorded_at=recorded_at)


def _says_the_same(
    record: Record, known: Event, report: Report, closed: Mapping[str, Any], keys: Mapping[str, bytes]
) -> bool:
    """Whether a report adds nothing to the one already there; a text that was erased does not come back."""
    if {name: value for name, value in known.body.items() if name not in _NOT_TOLD} != report_body(report):
        return False
    if _told(closed) == {}:
        return True
    if "sealed" not in known.body:
        return False
    key = keys.get(spelt(report.name)) or _key_if_any(record, report.name)
    return key is None or _told(unsealed(known.body["sealed"], report.name, key)) == _told(closed)


def _told(closed: Body) -> dict[str, Any]:
    return {name: value for name, value in closed.items() if name != "sha256"}


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
