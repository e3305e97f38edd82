"""The moment that the times of a file count from, with its zone: `hours since 2021-11-23 18:00:00 -6:00`.

It is read here, and not by cftime, which drops a zone that it does not know and takes the clock as UTC.
Source: CF Metadata Conventions 1.11, section 4.4, and UDUNITS: a zone of one or two digits is hours, of three or four
hours and minutes, east of Greenwich positive.
"""

import re
from dataclasses import dataclass
from typing import Final

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Seconds, hours, minutes

_SINCE: Final = re.compile(
    r"(?P<unit>\w+)\s+since\s+(?P<date>[+-]?\d{1,4}(?:-\d{1,2}){0,2})(?![\d/-])"
    r"(?:(?:\s*T\s*|\s+)(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2}(?:\.\d*)?))?)?(?![\d:.]))?"
    r"\s*(?P<zone>.*)",
    re.IGNORECASE,
)
_ZONE: Final = re.compile(r"(?P<sign>[+-])(?:(?P<hour>\d{1,2})(?::?(?P<minute>\d{2}))?)")
_GREENWICH: Final = re.compile(r"|Z|UTC|GMT|0{1,2}(:?00)?", re.IGNORECASE)
_FURTHEST: Final[Seconds] = 14 * hours  # from Greenwich: Kiritimati


@dataclass(frozen=True, kw_only=True, slots=True)
class Since:
    """What times count in and from: units with a date alone, and what the clock and the zone add to it."""

    units: str
    shift: Seconds


def since(units: str, calendar: str, path: str) -> Since:
    """The units of a time, read; refused where there is no date, or a word beside it that is not understood.

    A zone is `Z`, `UTC`, `GMT`, or a difference with its sign: `-6`, `-06`, `-6:00`, `-0600`. `PM`, `CET` and
    `Europe/Paris` are refused: they could be any of several, or change with the season. A difference after a date
    without a clock is refused as well: UDUNITS takes it as the clock, others as the zone.
    """
    found = _SINCE.fullmatch(units.strip())
    if found is None:
        raise CordialeError("sea.cf_time", path=path, units=units, calendar=calendar, reason="no date after 'since'")
    clock = [float(found[part] or 0) for part in ("hour", "minute", "second")]
    if clock[0] >= 24 or clock[1] >= 60 or clock[2] >= 60:
        raise CordialeError("sea.cf_time", path=path, units=units, calendar=calendar, reason="no such time of day")
    ahead = _ahead(found["zone"].strip())
    if ahead is None or (found["hour"] is None and found["zone"].strip()[:1] in ("+", "-")):
        raise CordialeError("sea.cf_time_zone", path=path, units=units, text=found["zone"].strip())
    return Since(
        units=f"{found['unit']} since {found['date']}", shift=clock[0] * hours + clock[1] * minutes + clock[2] - ahead
    )


def _ahead(zone: str) -> Seconds | None:
    """How far the clocks of a zone are ahead of UTC; None where that is not understood."""
    if _GREENWICH.fullmatch(zone):
        return 0.0
    found = _ZONE.fullmatch(zone)
    if found is None or int(found["minute"] or 0) >= 60:
        return None
    ahead = int(found["hour"]) * hours + int(found["minute"] or 0) * minutes
    return None if ahead > _FURTHEST else (-ahead if found["sign"] == "-" else ahead)
