"""The stop test: whether a search may end, by what is left unseen and by who may still be alive.

For a boat that was out there with the probability p before the searches, of which they would have found the share POS,

    residual = p (1 - POS),        still out there = residual / (1 - p + residual),
    expected survivors = still out there x E[alive].

A boat that certainly was there certainly still is: 1 - POS multiplies nobody's life. The test refuses while the
residual or the expected survivors are above stated thresholds. What it refuses two persons may override with a reason;
that ends tasks, and no belief.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from cordiale.boats.survival import SurvivalCurve
from cordiale.boats.survival_count import (
    Survivors,
    alive_by_level,
    all_together,
    expected_survivors,
    quantile_of,
)
from cordiale.boats.survival_horizon import last_reasonable_time
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import zulu
from cordiale.earth.position import Position
from cordiale.earth.units import FloatArray, Fraction, Instant, Probability, Quantity, Seconds, hours
from cordiale.sea.light import light, next_sunrise, next_sunset
from cordiale.words import Language, say

MOST_SURVIVORS: Final[Fraction] = 0.1  # judgement: one chance in ten that one person is left to be saved
MOST_RESIDUAL: Final[Probability] = 0.05  # judgement: a boat missed by all that was done, once in twenty


@dataclass(frozen=True, kw_only=True, slots=True)
class Thresholds:
    """Above which a search may not end: expected survivors of all that is sought, and residual probability of each."""

    survivors: Fraction = MOST_SURVIVORS
    residual: Probability = MOST_RESIDUAL

    def __post_init__(self) -> None:
        for what, value in (("survivors", self.survivors), ("residual", self.residual)):
            if not (math.isfinite(value) and value >= 0):
                raise CordialeError("search.stop_number", what=what, value=value)


@dataclass(frozen=True, kw_only=True, eq=False)
class StillOut:
    """What may still be out there.

    Parameters
    ----------
    name : str
    residual : Fraction
        Probability that she was there and was missed by every search; of boats nobody has reported their number.
    exists : Fraction
        Probability that she is still out there, after the empty searches; of boats nobody has reported their number.
    curve : SurvivalCurve
        Of her people: it knows how many they may be, and never of nobody.
    entered : Instant
        The earliest moment at which they may have come into the water.
    entered_by : Instant, optional
        The latest; None: it may still lie ahead.
    searched : bool
        Whether any search looked for her.
    unreported : bool
        They are the boats nobody has reported: their number may be 0, 1, 2 ... (Poisson); `exists` is its mean.
    """

    name: str
    residual: Fraction
    exists: Fraction
    curve: SurvivalCurve = field(repr=False)
    entered: Instant
    entered_by: Instant | None = None
    searched: bool = True
    unreported: bool = False

    def __post_init__(self) -> None:
        for what, value in (("residual", self.residual), ("exists", self.exists)):
            if not (math.isfinite(value) and value >= 0):
                raise CordialeError("search.stop_number", what=f"{what} ({self.name})", value=value)
        if self.entered_by is not None and self.entered_by < self.entered:
            raise CordialeError(
                "search.stop_entry", name=self.name, earliest=zulu(self.entered), latest=zulu(self.entered_by)
            )

    def alive(self, at: Instant) -> Survivors:
        """How many of her people may be alive at an instant, if she is out there."""
        return expected_survivors(self.curve, self._since(at))

    def expected(self, at: Instant) -> Fraction:
        """Expected number of survivors still to be found at an instant."""
        return self.exists * self.alive(at).expected

    def to_be_found(self, at: Instant) -> FloatArray:
        """Probability of 0, 1, 2 ... survivors still to be found at an instant, for each level of knowledge."""
        alive = alive_by_level(self.curve, self._since(at))
        if self.unreported:
            return _of_several(alive, self.exists)
        out = min(self.exists, 1.0) * alive
        out[:, 0] += 1 - min(self.exists, 1.0)
        return np.asarray(out)

    def likely(self, at: Instant) -> tuple[int, int]:
        """Between which numbers the survivors still to be found lie in 8 of 10 cases."""
        return _likely([self], at)

    def _since(self, at: Instant) -> tuple[Seconds, Seconds]:
        """The shortest and the longest they can have been in the water."""
        longest = max(at - self.entered, 0.0)
        shortest = 0.0 if self.entered_by is None else min(max(at - self.entered_by, 0.0), longest)
        return shortest, longest

    @cached_property
    def last_time(self) -> Instant:
        """Until when a survivor cannot be ruled out, by the latest entry; infinite where that lies ahead."""
        return math.inf if self.entered_by is None else self.entered_by + last_reasonable_time(self.curve).time


@dataclass(frozen=True, kw_only=True, slots=True)
class NextCraft:
    """A craft that could still search, and from when it could be there."""

    name: str
    on_scene: Instant


@dataclass(frozen=True, kw_only=True, eq=False)
class StopVerdict:
    """What the test says: it passes when `blocks` (entries under `search.stop.block`, with values) is empty.

    `sunrise` and `sunset` are the next ones (NaN where there is none within a day), `expected` the survivors of all
    boats now and `expected_dawn` at that sunrise; `likely` and `likely_dawn` the numbers between which these lie in 8
    of 10 cases (0.1 and 0.9 points of the whole distribution).
    """

    at: Instant
    boats: tuple[StillOut, ...]
    craft: tuple[NextCraft, ...]
    thresholds: Thresholds
    expected: Fraction
    expected_dawn: Fraction
    likely: tuple[int, int]
    likely_dawn: tuple[int, int]
    daylight: bool
    sunrise: Instant
    sunset: Instant
    blocks: tuple[tuple[str, tuple[tuple[str, Quantity | str], ...]], ...]

    @property
    def passes(self) -> bool:
        """Whether the search may end without an override."""
        return not self.blocks

    def text(self, language: Language = "en") -> str:
        """The verdict for whoever decides: a line on top, what stands against it, each boat, light and craft."""
        key = "passes" if self.passes else "refused"
        head = say(
            f"search.stop.{key}",
            language,
            at=zulu(self.at),
            survivors=self.thresholds.survivors,
            residual_percent=100 * self.thresholds.residual,
        )
        against = [f"- {say(f'search.stop.block.{key}', language, **dict(values))}" for key, values in self.blocks]
        boats = [self._boat(one, language) for one in self.boats]
        return "\n".join([head, *against, *boats, self._light(language), self._next(language)])

    def __str__(self) -> str:
        return self.text("en")

    def _boat(self, one: StillOut, language: Language) -> str:
        low, high = one.likely(self.at)
        said = say(
            "search.stop.boat",
            language,
            name=one.name,
            residual_percent=100 * one.residual,
            exists_percent=100 * one.exists,
            expected=one.expected(self.at),
            low=low,
            high=high,
        )
        more = []
        if math.isfinite(self.sunrise):
            low, high = one.likely(self.sunrise)
            values = {"expected": one.expected(self.sunrise), "low": low, "high": high}
            more.append(say("search.stop.at_dawn", language, sunrise=zulu(self.sunrise), **values))
        if math.isfinite(one.last_time):
            more.append(say("search.stop.last_time", language, hours=(one.last_time - self.at) / hours))
        return "\n  ".join([said, *more])

    def _light(self, language: Language) -> str:
        if self.daylight:
            until = zulu(self.sunset) if math.isfinite(self.sunset) else "-"
            return say("search.stop.daylight", language, sunset=until)
        if not math.isfinite(self.sunrise):
            return say("search.stop.no_daylight", language)
        return say("search.stop.dark", language, sunrise=zulu(self.sunrise), wait_h=(self.sunrise - self.at) / hours)

    def _next(self, language: Language) -> str:
        if not self.craft:
            return say("search.stop.no_craft", language)
        listed = ", ".join(f"{one.name} {zulu(one.on_scene)}" for one in self.craft)
        return say("search.stop.craft", language, craft=listed)


def judge_stop(
    boats: Sequence[StillOut],
    *,
    at: Instant,
    where: Position,
    craft: Sequence[NextCraft] = (),
    thresholds: Thresholds | None = None,
) -> StopVerdict:
    """Whether the search for these boats may end at an instant.

    Parameters
    ----------
    boats : what may still be out there, boats nobody has reported among them
    where : Position
        For daylight.
    craft : which craft could still be there, and when; shown in that order of time

    Raises
    ------
    CordialeError
        There is no boat to judge: a search for nothing has no end.
    """
    if not boats:
        raise CordialeError("search.stop_nothing", at=zulu(at))
    limits = thresholds or Thresholds()
    sunrise = next_sunrise(at, lat=where.lat, lon=where.lon)
    now = sum(one.expected(at) for one in boats)
    dawn = sum(one.expected(sunrise) for one in boats) if math.isfinite(sunrise) else now
    likely = _likely(boats, at)
    likely_dawn = _likely(boats, sunrise) if math.isfinite(sunrise) else likely
    return StopVerdict(
        at=at,
        boats=tuple(boats),
        craft=tuple(sorted(craft, key=lambda one: (one.on_scene, one.name))),
        thresholds=limits,
        expected=now,
        expected_dawn=dawn,
        likely=likely,
        likely_dawn=likely_dawn,
        daylight=light(at, lat=where.lat, lon=where.lon).twilight == "day",
        sunrise=sunrise,
        sunset=next_sunset(at, lat=where.lat, lon=where.lon),
        blocks=_blocks(boats, limits, (now, *likely), (dawn, *likely_dawn), sunrise),
    )


def still_out(
    name: str,
    *,
    curve: SurvivalCurve,
    entered: Instant,
    entered_by: Instant | None = None,
    pos: Probability = 0.0,
    was_there: Probability = 1.0,
    searched: bool = True,
) -> StillOut:
    """One boat that was out there with a probability, of which empty searches would have found the share `pos`."""
    if not (0 <= pos <= 1 and 0 <= was_there <= 1):
        raise CordialeError("search.stop_number", what=f"pos, was_there ({name})", value=f"{pos}, {was_there}")
    residual = was_there * (1 - pos)
    nowhere = 1 - was_there + residual
    return StillOut(
        name=name,
        residual=residual,
        exists=residual / nowhere if nowhere > 0 else was_there,
        curve=curve,
        entered=entered,
        entered_by=entered_by,
        searched=searched,
    )


def _likely(boats: Sequence[StillOut], at: Instant) -> tuple[int, int]:
    """Between which numbers the survivors of all these boats lie in 8 of 10 cases."""
    chances = all_together([one.to_be_found(at) for one in boats])
    return quantile_of(chances, 0.1), quantile_of(chances, 0.9)


def _of_several(alive: FloatArray, boats: Fraction) -> FloatArray:
    """The sum over a Poisson number of boats, of the mean `boats`: its transform is exp(boats (that of one - 1))."""
    most = boats + 8 * math.sqrt(boats) + 8
    size = int(2 ** math.ceil(math.log2(most * alive.shape[1])))
    summed = np.fft.irfft(np.exp(boats * (np.fft.rfft(alive, size, axis=1) - 1)), size, axis=1)
    return np.asarray(np.maximum(summed, 0.0) / np.maximum(summed, 0.0).sum(axis=1, keepdims=True))


def _blocks(
    boats: Sequence[StillOut],
    thresholds: Thresholds,
    now: tuple[Fraction, int, int],
    dawn: tuple[Fraction, int, int],
    sunrise: Instant,
) -> tuple[tuple[str, tuple[tuple[str, Quantity | str], ...]], ...]:
    found: list[tuple[str, tuple[tuple[str, Quantity | str], ...]]] = []
    most = thresholds.survivors
    for key, (expected, low, high), more in (
        ("survivors", now, ()),
        ("survivors_dawn", dawn, (("sunrise", zulu(sunrise) if math.isfinite(sunrise) else "-"),)),
    ):
        if expected > most and (key == "survivors" or math.isfinite(sunrise)):
            found.append((key, (("expected", expected), ("low", low), ("high", high), *more, ("most", most))))
    for one in boats:
        if one.residual > thresholds.residual:
            percents = (("percent", 100 * one.residual), ("most", 100 * thresholds.residual))
            found.append(("residual", (("name", one.name), *percents)))
        if not one.searched:
            found.append(("not_searched", (("name", one.name),)))
    return tuple(found)
