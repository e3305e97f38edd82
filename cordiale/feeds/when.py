"""The times of a report: when it happened, as an interval, and when it was received."""

import re
from collections.abc import Callable, Mapping

from cordiale.earth.clock import ClockReading, read_instant
from cordiale.earth.coordinates import shown
from cordiale.earth.errors import CordialeError, InvalidInstant
from cordiale.earth.instants import Span, iso
from cordiale.earth.units import Instant
from cordiale.feeds.line import UNKNOWN_EVENT, Findings

_FRENCH = re.compile(r"cross|gris.?nez|jobourg|calais|boulogne|dunkerque|dunkirk|cherbourg|corsen|premar|france", re.I)
_BRITISH = re.compile(r"dover|hmcg|coastguard|london|humber|solent|fareham|ramsgate|kent|uk\b", re.I)
_PLAIN_UTC = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z")


def zone_of(centre: str, given: object, findings: Findings) -> str:
    """The zone of local times: the one a line names, else that of its centre, else UTC."""
    if given is not None:
        named = findings.attempt("zone_unreadable", lambda: _checked_zone(given))
        if named:
            return named
    if _FRENCH.search(centre):
        return "Europe/Paris"
    return "Europe/London" if _BRITISH.search(centre) else "UTC"


def received_at(given: object, now: Instant, zone: str, findings: Findings) -> Instant:
    """When a centre received it; now, with a flag, when the line does not say or cannot be read."""
    if given is None:
        findings.note("received_missing")
        return now
    reading = findings.attempt("received_unreadable", lambda: _read(given, "received", now, zone, findings))
    if reading is None:
        return now
    at = reading.span.latest
    if at > now:
        findings.note("in_future", CordialeError("feeds.in_future", what="received", at=iso(at), now=iso(now)))
    return at


def event_span(fields: Mapping[str, object], received: Instant, now: Instant, zone: str, findings: Findings) -> Span:
    """When it happened; the three hours before receipt, with a flag, when nothing says so."""
    given = fields.get("event")
    ends = given if isinstance(given, Mapping) else {}
    if isinstance(given, Mapping):
        findings.unknown_fields(given, frozenset({"from", "until"}), "event.")
        given = None
    first, last = ends.get("from", fields.get("event_from")), ends.get("until", fields.get("event_until"))

    def read(value: object, what: str) -> Callable[[], ClockReading]:
        return lambda: _read(value, what, received, zone, findings)

    if given is not None:
        whole = findings.attempt("event_unreadable", read(given, "event"))
        span = whole.span if whole else None
    else:
        start = None if first is None else findings.attempt("event_unreadable", read(first, "event_from"))
        end = None if last is None else findings.attempt("event_unreadable", read(last, "event_until"))
        if first is None and last is None:
            findings.note("event_missing")
        span = _joined(start, end, received, findings)
    span = span or Span(earliest=received - UNKNOWN_EVENT, latest=received)
    if span.latest > now:
        problem = CordialeError("feeds.in_future", what="event", at=iso(span.latest), now=iso(now))
        findings.note("in_future", problem)
    if span.earliest > received:
        findings.note("event_after_receipt")
    return span


def _joined(start: ClockReading | None, end: ClockReading | None, received: Instant, findings: Findings) -> Span | None:
    """From the one to the other; an open end reaches to receipt, an open beginning as far back as an unknown event."""
    if start is None and end is None:
        return None
    earliest = start.span.earliest if start else (end.span.latest if end else received) - UNKNOWN_EVENT
    latest = end.span.latest if end else max(received, earliest)
    if earliest > latest:
        findings.note("event_reversed", InvalidInstant("earth.span", earliest=iso(earliest), latest=iso(latest)))
        earliest, latest = latest, earliest
    return Span(earliest=earliest, latest=latest)


def _read(value: object, what: str, reference: Instant, zone: str, findings: Findings) -> ClockReading:
    """A time in any form; a number is seconds (or milliseconds) since 1970."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        at = float(value) / 1000 if 1e11 <= value < 4e12 else float(value) if value < 4e12 else -1.0
        if not 1e9 <= at < 4e9:
            raise InvalidInstant("earth.instant", text=shown(str(value)[:60]))
        return ClockReading(span=Span(earliest=at, latest=at), instants=(at,), as_given=str(value)[:60], zone="UTC")
    if not isinstance(value, str):
        raise InvalidInstant("earth.instant", text=shown(str(value)[:60]))
    reading = read_instant(value, reference=reference, zone=zone)
    if not _PLAIN_UTC.fullmatch(reading.as_given):
        findings.as_given[what] = reading.as_given
        findings.as_given[f"{what}_zone"] = reading.zone
    for flag in reading.flags:
        if flag in ("clock_fold", "clock_gap"):
            findings.note(flag)
    return reading


def _checked_zone(given: object) -> str:
    name = str(given)[:60]
    read_instant("12:00", reference=0.0, zone=name)
    return name
