"""Reports as JSON Lines, format `cordiale.report/1` (docs/reports.md): one object a line, and no line is lost.

A line that cannot be read becomes a report without a place, flagged, with its first 64 kB; a huge line is kept by
hash, length and beginning. Memory stays bounded whatever the file.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from cordiale.belief.report import Kind, Report
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span
from cordiale.earth.position import Position
from cordiale.earth.units import Instant
from cordiale.feeds.chunks import RawLine, raw_lines
from cordiale.feeds.fields import UNKNOWN_KIND, report_of_fields, word
from cordiale.feeds.json_text import decode, load_object
from cordiale.feeds.line import KEPT_OF_A_HUGE_LINE, UNKNOWN_EVENT, DigestOf, FeedLine, Findings, Reception
from cordiale.feeds.phones import ALLOWED, line_digest
from cordiale.feeds.vocabulary import kind_of
from cordiale.feeds.when import received_at
from cordiale.record.claims import mark_of, marked
from cordiale.sea.places import place_positions

_STRING_FIELD = re.compile(r'"(kind|received|channel|centre|caller)"\s*:\s*"((?:[^"\\]){1,100})"')
_HOLDS_A_NUMBER = re.compile(rf'"(?:{"|".join(sorted(ALLOWED))})"')


def read_feed(
    source: str | Path | Iterable[str | bytes],
    *,
    now: Instant,
    key: bytes | None = None,
    places: Mapping[str, Position] | None = None,
    centre: str = "unknown",
) -> Iterator[FeedLine]:
    """Every report of a feed, in its order; `source` is a path, or lines.

    Parameters
    ----------
    now : Instant
        The time of reading: what lies after it is kept and flagged `in_future`.
    key : bytes, optional
        The node's secret key: plain caller numbers become keyed hashes with it, and are dropped without it.
    places : mapping, optional
        Names and positions for "10 NM 045 from Cap Gris-Nez"; the packaged places unless given.
    centre : str
        The receiving centre of lines that name none.

    Raises `CordialeError` when there is no such file, when it is empty or UTF-16; no line of it raises anything.
    """
    known = place_positions() if places is None else places
    reception = Reception(now=now, key=key, places=known, centre=centre)
    names: set[str] = set()
    first_of: dict[str, str] = {}  # digest of the bytes -> name of the first report with them
    seen: Counter[str] = Counter()
    for raw in raw_lines(source):
        line = read_line(raw, reception)
        seen[raw.sha256] += 1
        if raw.sha256 in first_of:
            line = _repeated(line, first_of[raw.sha256], seen[raw.sha256])
        elif line.report.name in names:
            line = _renamed(line, names)
        first_of.setdefault(raw.sha256, line.report.name)
        names.add(line.report.name)
        yield line


def read_line(raw: RawLine, reception: Reception) -> FeedLine:
    """The report in one line; a line that is none becomes a report without a place."""
    findings = Findings()
    if not raw.whole:
        problem = CordialeError("feeds.huge", length=raw.length, kept=KEPT_OF_A_HUGE_LINE)
        findings.note("unreadable_line", problem)
        findings.note("huge_line")
        return _unreadable(raw, raw.beginning.decode("utf-8", "replace"), reception, findings)
    text = decode(raw.beginning, findings)
    try:
        fields = load_object(text, findings)
    except CordialeError as problem:
        findings.note("unreadable_line", problem)
        return _unreadable(raw, text, reception, findings)
    return line_of_fields(fields, raw, reception, findings)


def line_of_fields(fields: Mapping[str, Any], raw: RawLine, reception: Reception, findings: Findings) -> FeedLine:
    """The report that the fields of a line tell of, with its digest and the original words."""
    digest, digest_of = line_digest(raw.sha256, fields, reception.key)
    report = report_of_fields(fields, digest, reception, findings)
    words = fields.get("text")
    return _line(raw, report, digest, digest_of, findings, None if words is None else str(words))


def _line(
    raw: RawLine, report: Report, digest: str, digest_of: DigestOf, findings: Findings, text: str | None
) -> FeedLine:
    return FeedLine(
        report=replace(report, flags=tuple(findings.flags)),
        sha256=digest,
        digest_of=digest_of,
        number=raw.number,
        length=raw.length,
        problems=tuple(findings.problems),
        text=text,
        as_given=dict(findings.as_given),
        extra=dict(findings.extra),
    )


def _unreadable(raw: RawLine, text: str, reception: Reception, findings: Findings) -> FeedLine:
    """A report without a place: what its beginning says of kind, receipt and centre still holds."""
    beginning = text[:KEPT_OF_A_HUGE_LINE]
    numbers = {"phone": "?", "line": raw.number} if _HOLDS_A_NUMBER.search(beginning) else {}
    digest, digest_of = line_digest(raw.sha256, numbers, reception.key)
    said: dict[str, str] = {}
    for name, value in _STRING_FIELD.findall(beginning):
        said.setdefault(name, value)
    kind: Kind = UNKNOWN_KIND
    if "kind" in said:
        try:
            kind = kind_of(said["kind"])
        except CordialeError:
            kind = UNKNOWN_KIND
    received = received_at(said.get("received"), reception.now, "UTC", findings)
    report = Report(
        name=f"r-{digest[:12]}",
        kind=kind,
        received=received,
        event=Span(earliest=received - UNKNOWN_EVENT, latest=received),
        channel=word(said.get("channel")) or "unknown",
        centre=word(said.get("centre")) or reception.centre,
        flags=tuple(findings.flags),
    )
    return _line(raw, report, digest, digest_of, findings, beginning)


def _repeated(line: FeedLine, first: str, time: int) -> FeedLine:
    """The same bytes again: kept under its own name, as a relay of the first, so that it counts once."""
    report = replace(
        line.report,
        name=marked(f"{line.report.name}/again-{time}", mark_of(line.report)),
        relay_of=first,
        flags=(*line.report.flags, "duplicate_line"),
    )
    return replace(line, report=report)


def _renamed(line: FeedLine, names: Set[str]) -> FeedLine:
    """Another report under a name that is taken: both are kept, the second under a name of its content."""
    name, mark = line.report.name, mark_of(line.report)
    fresh = next(own for own in (marked(name, mark, number) for number in count(1)) if own not in names)
    problem = CordialeError("feeds.duplicate_name", name=name, used=fresh)
    report = replace(line.report, name=fresh, flags=(*line.report.flags, "duplicate_name"))
    return replace(line, report=report, problems=(*line.problems, problem), name_given=name)
