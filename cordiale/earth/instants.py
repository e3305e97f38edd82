"""Time is UTC, passed in, and a float: seconds since 1970-01-01T00:00:00Z, exact to a microsecond in our century."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from cordiale.earth.errors import InvalidInstant
from cordiale.earth.units import Instant, Seconds


def utc(text: str) -> Instant:
    """The instant of an ISO 8601 text; without a zone it is UTC.

    >>> utc("2021-11-24 02:01") == utc("2021-11-24T02:01:00Z") == utc("2021-11-24T03:01+01:00")
    True
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInstant("earth.instant", text=text) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def iso(at: Instant) -> str:
    """ISO 8601 with Z, whole seconds unless there are fractions: `2021-11-24T02:01:00Z`.

    >>> iso(utc("2021-11-24 02:01"))
    '2021-11-24T02:01:00Z'
    """
    moment = datetime.fromtimestamp(round(at, 6), UTC)
    return moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds").replace("+00:00", "Z")


def zulu(at: Instant) -> str:
    """Hours and minutes as a watch says them: `02:01Z`; a half minute rounds down, as a clock shows it."""
    return datetime.fromtimestamp(at, UTC).strftime("%H:%MZ")


def date_and_zulu(at: Instant) -> str:
    """Date, hours and minutes: `2021-11-24 02:01Z`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%MZ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A stretch of time in which something happened; `earliest == latest` when the moment is known."""

    earliest: Instant
    latest: Instant

    def __post_init__(self) -> None:
        for name in ("earliest", "latest"):
            if not math.isfinite(getattr(self, name)):
                raise InvalidInstant("earth.not_finite", what=name, value=getattr(self, name))
        if self.latest < self.earliest:
            raise InvalidInstant("earth.span", earliest=iso(self.earliest), latest=iso(self.latest))

    @property
    def length(self) -> Seconds:
        """Seconds between the two ends; 0 when the moment is known."""
        return self.latest - self.earliest

    @property
    def middle(self) -> Instant:
        """The instant half way between the two ends."""
        return (self.earliest + self.latest) / 2

    def __str__(self) -> str:
        return zulu(self.earliest) if self.length < 60 else f"{zulu(self.earliest)}-{zulu(self.latest)}"
