"""What the air and the water of the Dover Strait are like when nobody says: a value given, else a season, else unknown.

The sea temperature has a season that can be stated as a band. Visibility and cloud base have none worth stating for one
night: without a value they are unknown, and the sentence says so.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Celsius, Instant, Metres, Quantity
from cordiale.words import Language, say

# Judgement: no open monthly series of the strait could be packaged. Coldest and warmest month after Saulquin and Gohin
# (2010, Int. J. Remote Sensing 31, 4069: February and August over 1986-2006 in the Channel); mean and swing are those
# commonly given for Dover, about 7 in late February and 18 in late August; the half width covers single years, single
# days, both coasts and shallow beaches.
_MEAN: Final[Celsius] = 12.3
_SWING: Final[Celsius] = 5.3
_HALF_WIDTH: Final[Celsius] = 2.5
_WARMEST_DAY: Final = 235  # of the year: late August
_YEAR: Final = 365.25  # days


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """A value with its band and its source; `low` and `high` are equal where one number was given, None if unknown."""

    name: str
    low: Quantity | None
    high: Quantity | None
    source: str

    @property
    def middle(self) -> Quantity | None:
        """The middle of the band; None where nothing is known."""
        return None if self.low is None or self.high is None else (self.low + self.high) / 2

    def sentence(self, language: Language = "en") -> str:
        """What a coordinator would say of it, its source included."""
        if self.low is None or self.high is None:
            return say(f"sea.stated.{self.name}_unknown", language)
        key = f"sea.stated.{self.name}" if self.low == self.high else f"sea.stated.{self.name}_band"
        return say(key, language, low=self.low, high=self.high, source=say(f"sea.stated.{self.source}", language))


def sea_temperature(at: Instant, given: Celsius | None = None) -> Stated:
    """The temperature of the sea surface (degrees Celsius): as given, else the seasonal band of the strait."""
    if given is not None:
        _check("sea_temperature", given, -2.0, 35.0)
        return Stated(name="sea_temperature", low=given, high=given, source="given")
    moment = datetime.fromtimestamp(at, UTC)
    day = moment.timetuple().tm_yday
    middle: Celsius = _MEAN + _SWING * math.cos(2 * math.pi * (day - _WARMEST_DAY) / _YEAR)
    return Stated(name="sea_temperature", low=middle - _HALF_WIDTH, high=middle + _HALF_WIDTH, source="season")


def visibility(given: Metres | None = None) -> Stated:
    """The visibility (m) as given, else unknown: fog or clear air is not a matter of the month."""
    return _given_or_unknown("visibility", given)


def cloud_base(given: Metres | None = None) -> Stated:
    """The height of the cloud base (m) as given, else unknown."""
    return _given_or_unknown("cloud_base", given)


def _given_or_unknown(name: str, given: Metres | None) -> Stated:
    if given is None:
        return Stated(name=name, low=None, high=None, source="unknown")
    _check(name, given, 0.0, 100_000.0)
    return Stated(name=name, low=given, high=given, source="given")


def _check(name: str, value: Quantity, least: Quantity, most: Quantity) -> None:
    if not (math.isfinite(value) and least <= value <= most):
        raise CordialeError("sea.stated", name=name, value=value, least=least, most=most)
