"""Times in every form people send, read against a reference instant; the text and its zone are kept as given.

A clock time belongs to the day that puts it nearest the reference. Local times need a named zone (Europe/Paris,
Europe/London): when the clocks go back an hour happens twice and both instants are kept; when they go forward an hour
does not exist and the instants by either offset are kept. Source of the offsets: IANA time zone data (tzdata).
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from cordiale.earth.coordinates import plain, shown
from cordiale.earth.errors import InvalidInstant
from cordiale.earth.instants import Span
from cordiale.earth.pattern import Pattern
from cordiale.earth.units import Instant, Seconds, days, hours, minutes

ABOUT: Seconds = 10 * minutes  # "vers 3 h" means ten minutes either way: judgement
LATEST: Instant = 7e9  # the year 2191: what lies beyond is a slip
LONGEST = 120  # characters of a text that is a time

_MONTHS = {
    month: number
    for number, names in enumerate(
        ("jan janv", "feb fev fevr", "mar mars", "apr avr", "may mai", "jun juin", "jul juil", "aug aout", "sep sept",
         "oct", "nov", "dec"), start=1)
    for month in names.split()
}  # fmt: skip
_MONTH = r"(?P<month>jan|feb|fe?v|mar|ap?v?r|ma[iy]|jui?n|jui?l|ao?u[gt]?|sept?|oct|nov|dec)[a-z]*\.?"
_ZONES: tuple[tuple[str, tzinfo | str], ...] = (
    (r"z|utc|gmt|tu|zulu|temps universel|universal time|heure gmt", UTC),
    (r"bst|british summer time", timezone(timedelta(hours=1), "BST")),
    (r"cest|paris summer time", timezone(timedelta(hours=2), "CEST")),
    (r"cet", timezone(timedelta(hours=1), "CET")),
    (r"heure d'ete", "summer"),
    (r"heure d'hiver", "winter"),
    (r"\(?paris\)?|heure (?:de paris|francaise)|french (?:local )?time|france|paris time", "Europe/Paris"),
    (r"\(?london\)?|\(?londres\)?|\(?uk\)?(?: local)?(?: time)?|british (?:local )?time|heure (?:anglaise|britannique|"
     r"de londres)", "Europe/London"),
    (r"\(?(?:heure )?locale?\)?(?: time)?|lt|\(l\)|hl", "local"),
)  # fmt: skip
_ZONE_AT_END = tuple((Pattern(rf"(?<![a-z])(?:{words})\s*$"), zone) for words, zone in _ZONES)
_OFFSET = Pattern(  # a minus is an offset behind UTC or an ISO date and clock; else it is the dash of an interval
    r"(?:(?<=[0-9])\s*(?:utc|gmt)\s*(?P<sign>[+-])|(?<=[0-9h])\s*(?P<plus>[+])|(?<=t[0-9]{2}:[0-9]{2})-|(?<=t[0-9]{4})-"
    r"|(?<=t[0-9]{2}:[0-9]{2}:[0-9]{2})-)(?P<hours>[0-9]{1,2}):?(?P<minutes>[0-9]{2})?\s*$"
)
_MILITARY = {"a": 1, "b": 2}
_DATES = tuple(
    Pattern(pattern)
    for pattern in (
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})",
        r"(?P<year>20[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?=t[0-9])",
        r"(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4}|[0-9]{2})",
        r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})",
        rf"(?<![0-9:h])(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|er)?\s+{_MONTH}(?:\s+(?P<year>[0-9]{{4}}))?",
        rf"{_MONTH}\s+(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9:h]),?(?:\s+(?P<year>[0-9]{{4}}))?",
    )
)
_GROUP = Pattern(
    rf"(?P<day>[0-9]{{2}})(?P<hour>[0-9]{{2}})(?P<minute>[0-9]{{2}})\s*(?P<zone>[zab])"
    rf"(?:\s*{_MONTH}\s*(?P<year>[0-9]{{4}}|[0-9]{{2}})?)?"
)
_CLOCK = Pattern(
    r"(?:at|a|le|on|vers|t)?\s*(?P<hour>[0-9]{1,2})\s*"
    r"(?:(?:[:.h]|hrs?|heures?)\s*(?:(?P<minute>[0-9]{2})(?:\s*[:.m]\s*(?P<second>[0-9]{2})(?:[.,](?P<part>[0-9]+))?)?"
    r"\s*(?:m|mn|min|s)?)?|(?P<packed>[0-9]{2})(?:(?P<seconds>[0-9]{2}))?)?\s*(?:h|hrs?|hours|heures?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?"
)
_WEEKDAY = Pattern(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)\b,?\s*"
)
_ABOUT = Pattern(r"^(?:about|around|approx(?:imately)?\.?|circa|ca|environ|vers|~)\s*(?=[0-9])")
_AGO = Pattern(
    r"(?:il y a\s*)?(?P<number>[0-9]{1,3}|une?|an?)\s*(?P<unit>h|hours?|heures?|min|mins|mn|minutes?)\s*(?:ago)?"
)
_NOW = Pattern(r"(?:just )?now|maintenant|a l'instant|right now|en ce moment")
_BETWEEN = Pattern(r"\s*(?:-|/|\bto\b|\band\b|\buntil\b|\bet\b|\ba\b)\s*")
_OPENING = Pattern(r"^(?:between|entre|from|de)\s+")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockReading:
    """A time as it was given and what it can mean.

    `span` holds every instant it can mean; `instants` are the exclusive ones (two where a clock was changed, else the
    ends of the span); `as_given` and `zone` are what was said; `flags`: `zone_assumed`, `clock_fold`, `clock_gap`,
    `about`, `day_assumed`.
    """

    span: Span
    instants: tuple[Instant, ...]
    as_given: str
    zone: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    """What the words of a time say, before the reference decides the day."""

    day: tuple[int | None, int | None, int] | None  # year, month, day
    clock: time
    zone: tzinfo
    flags: tuple[str, ...]


def read_instant(text: str, *, reference: Instant, zone: str = "UTC") -> ClockReading:
    """The time that a text says; a clock time falls on the day nearest `reference`.

    `zone` (an IANA name) is that of local times and of times that name none. An interval ("02:20-03:10Z") and "about"
    give a span. Raises `InvalidInstant` with the problem and a hint.

    >>> from cordiale.earth.instants import utc, iso
    >>> at = utc("2021-11-24 02:30")
    >>> iso(read_instant("03h24 heure locale", reference=at, zone="Europe/Paris").span.earliest)
    '2021-11-24T02:24:00Z'
    """
    home = _zone(zone)
    words = _WEEKDAY.sub("", _lower(text))
    if len(text) > LONGEST or not words or not math.isfinite(reference) or not 0 <= reference < LATEST:
        raise InvalidInstant("earth.instant", text=shown(text))
    relative = _relative(words, text, reference)
    if relative:
        return relative
    single = _attempt(words, text, reference, home)
    if isinstance(single, ClockReading):
        return single
    opened = _OPENING.sub("", words)
    for match in _BETWEEN.finditer(opened):
        both = _interval(opened[: match.start()], opened[match.end() :], text, reference, home)
        if both:
            return both
    raise single


def _attempt(words: str, text: str, reference: Instant, home: tzinfo) -> ClockReading | InvalidInstant:
    try:
        return _resolved(_said(words, home, text), text, reference)
    except InvalidInstant as error:
        return error
    except (ValueError, OverflowError):  # 25:61, 31 February, the year 9999 plus a day
        return InvalidInstant("earth.clock", text=shown(text))


def _interval(first: str, last: str, text: str, reference: Instant, home: tzinfo) -> ClockReading | None:
    """From one time to another; a zone or a day said once holds for both."""
    tail = next((m.group() for pattern, _ in _ZONE_AT_END if (m := pattern.search(last))), "")
    if not any(pattern.search(first) for pattern, _ in _ZONE_AT_END):
        first = f"{first} {tail}"
    start = _attempt(first, text, reference, home)
    if not isinstance(start, ClockReading):
        return None
    open_start = "day_assumed" in start.flags
    end = _attempt(last, text, reference if open_start else start.span.earliest, home)
    if not isinstance(end, ClockReading):
        return None
    if open_start:
        start = _attempt(first, text, end.span.earliest, home)
        if not isinstance(start, ClockReading):
            return None
    earliest, latest = start.span.earliest, end.span.latest
    if earliest > latest and open_start:
        earliest -= 1 * days
    elif earliest > latest and "day_assumed" in end.flags:
        latest += 1 * days
    flags = tuple(dict.fromkeys(start.flags + end.flags))
    span = Span(earliest=earliest, latest=latest)
    return ClockReading(span=span, instants=(earliest, latest), as_given=text.strip(), zone=end.zone, flags=flags)


def _relative(words: str, text: str, reference: Instant) -> ClockReading | None:
    """Now, or so long before the reference."""
    ago = _AGO.fullmatch(words)
    if ago and ("ago" in words or "il y a" in words):
        count = int(ago.group("number")) if ago.group("number").isdigit() else 1
        back: Seconds = count * (hours if ago.group("unit").startswith("h") else minutes)
        spread = max(0.25 * back, 1 * minutes)  # people round such numbers: judgement
        span = Span(earliest=reference - back - spread, latest=min(reference, reference - back + spread))
        ends = (span.earliest, span.latest)
        return ClockReading(span=span, instants=ends, as_given=text.strip(), zone="UTC", flags=("about",))
    if _NOW.fullmatch(words):
        span = Span(earliest=reference, latest=reference)
        return ClockReading(span=span, instants=(reference,), as_given=text.strip(), zone="UTC")
    return None


def _said(words: str, home: tzinfo, text: str) -> _Said:
    """The parts of a time: date-time group, or zone, date and clock."""
    group = _GROUP.fullmatch(words)
    if group:
        letter = group["zone"]
        behind = UTC if letter == "z" else timezone(timedelta(hours=_MILITARY[letter]), letter.upper())
        return _Said(_day(group.groupdict()), time(int(group["hour"]), int(group["minute"])), behind, ())
    about = _ABOUT.search(words)
    rest = words[about.end() :] if about else words
    rest, day = _take_date(rest)
    rest, zone, zone_flags = _take_zone(rest.strip(" ,;"), home, text)
    match = _CLOCK.fullmatch(rest.strip(" ,;"))
    bare = match and not re.search(r"[:.h]|am|pm|heures?", rest) and not match["packed"]
    if match is None or bare:
        raise InvalidInstant("earth.instant", text=shown(text))
    return _Said(day, _clock(match), zone, (*(("about",) if about else ()), *zone_flags))


def _take_zone(words: str, home: tzinfo, text: str) -> tuple[str, tzinfo, tuple[str, ...]]:
    """The zone at the end of the words, and what stands before it."""
    offset = _OFFSET.search(words)
    if offset:
        size = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        return words[: offset.start()], timezone(size if "+" in offset.group() else -size), ()
    for pattern, zone in _ZONE_AT_END:
        match = pattern.search(words)
        if match:
            rest = words[: match.start()].rstrip(" ,(")
            return rest, _named(zone, home, text), ()
    return words, home, (() if home is UTC else ("zone_assumed",))


def _named(zone: tzinfo | str, home: tzinfo, text: str) -> tzinfo:
    if not isinstance(zone, str):
        return zone
    if "/" in zone:
        return _zone(zone)
    if home is UTC:
        raise InvalidInstant("earth.local_zone", text=shown(text))
    if zone == "local":
        return home
    probe = datetime(2021, 7 if zone == "summer" else 1, 1, tzinfo=home).utcoffset() or timedelta(0)
    return timezone(probe, f"{home} {zone}")


def _take_date(words: str) -> tuple[str, tuple[int | None, int | None, int] | None]:
    """The date in the words, if there is one, and the words without it."""
    for pattern in _DATES:
        match = pattern.search(words)
        if match:
            return f"{words[: match.start()]} {words[match.end() :]}", _day(match.groupdict())
    return words, None


def _day(groups: dict[str, str | None]) -> tuple[int | None, int | None, int]:
    year, month = groups.get("year"), groups.get("month")
    full = None if not year else int(year) + (2000 if len(year) == 2 else 0)
    number = None if not month else int(month) if month.isdigit() else _month(month)
    return full, number, int(groups["day"] or 0)


def _month(word: str) -> int:
    return next(n for name, n in _MONTHS.items() if word.startswith(name) or name.startswith(word))


def _clock(match: re.Match[str]) -> time:
    hour = int(match["hour"])
    half = (match["half"] or "")[:1]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("a half-day clock shows 1 to 12")
        hour = hour % 12 + (12 if half == "p" else 0)
    minute = int(match["minute"] or match["packed"] or 0)
    second = int(match["second"] or match["seconds"] or 0)
    return time(hour, minute, second, int((match["part"] or "0")[:6].ljust(6, "0")))


def _resolved(said: _Said, text: str, reference: Instant) -> ClockReading:
    """The instants that the parts can mean, on the day nearest the reference."""
    candidates = [datetime.combine(day, said.clock, said.zone) for day in _days(said, reference)]
    nearest = min(candidates, key=lambda moment: abs(moment.timestamp() - reference))
    early, late = nearest.replace(fold=0).timestamp(), nearest.replace(fold=1).timestamp()
    instants = tuple(sorted({early, late}))
    if not all(0 <= instant < LATEST for instant in instants):
        raise InvalidInstant("earth.clock", text=shown(text))
    flags = said.flags + (() if said.day else ("day_assumed",))
    if early < late:
        flags += ("clock_fold",)
    elif early > late:
        flags += ("clock_gap",)
    spread = ABOUT if "about" in said.flags else 0.0
    span = Span(earliest=instants[0] - spread, latest=instants[-1] + spread)
    ends = (span.earliest, span.latest) if spread else instants
    return ClockReading(span=span, instants=ends, as_given=text.strip(), zone=str(said.zone), flags=flags)


def _days(said: _Said, reference: Instant) -> Iterable[date]:
    """The days on which it can have been: the one given, or the day of the reference and its neighbours."""
    today = datetime.fromtimestamp(reference, said.zone).date()
    if said.day is None:
        return [today + timedelta(days=shift) for shift in (-1, 0, 1)]
    year, month, day = said.day
    if year is not None and month is not None:
        return [date(year, month, day)]
    if month is not None:
        return _real((y, month, day) for y in (today.year - 1, today.year, today.year + 1))
    first = today.replace(day=1)
    months = (first - timedelta(days=1), first, first + timedelta(days=32))
    return _real((m.year, m.month, day) for m in months)


def _real(days_of_calendar: Iterable[tuple[int, int, int]]) -> list[date]:
    """Those of the (year, month, day) that the calendar has; at least one, or ValueError."""
    found = []
    for year, month, day in days_of_calendar:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    if not found:
        raise ValueError("no such day")
    return found


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidInstant("earth.zone", zone=shown(name)) from None


def _lower(text: str) -> str:
    folded = unicodedata.normalize("NFKD", plain(text).lower())
    return "".join(c for c in folded if not unicodedata.combining(c)).strip(" .,;")
