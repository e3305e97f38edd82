"""How likely one of the people of a boat is alive at every instant of the next hours, if nobody comes.

She floats, swamps, and lets her people into the water, at the rates of her life (`cordiale.boats.life`) in the wind
that blows; from then on the survival curve counts (`cordiale.boats.survival`). With f(s) the density of swamping at s,
g(r) = m exp(-m r) that of leaving the swamped boat r later, and F and W the curves of people in a flooded boat and in
the water,

    alive(t) = P(afloat at t) + int f(s) [exp(-m (t-s)) F(t-s) + int g(r) F(r) W(t-s-r) dr] ds  (+ capsizing, likewise).

Worked out on a grid of minutes. The cold of the flooded boat is not carried into the water but by F(r): a judgement
that helps nobody. Everything in it is as uncertain as those two tables; it ranks and never ends a search.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from cordiale.boats.life import (
    ADRIFT,
    IN_LIFEJACKETS,
    IN_THE_WATER,
    PHASES,
    STANDARD_LIFE,
    SWAMPED,
    UNDER_WAY,
    LifeCycle,
    rate,
)
from cordiale.boats.survival import SurvivalCurve, alive_probability, survival_curve
from cordiale.boats.survival_table import Immersion, Place
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import (
    Celsius,
    FloatArray,
    Instant,
    MetresPerSecond,
    PerSecond,
    Probability,
    Seconds,
    hours,
    minutes,
)

STEP: Final[Seconds] = 1 * minutes
SAFE: Final = ("beached", "towed", "coasting")  # judgement: nobody of these is waiting for a rescue from the water
HORIZON: Final[Seconds] = 12 * hours
# What a report's word for the state of a boat says of her phase: judgement. Who says that she takes water is half way.
PHASES_BY_STATE: Final[Mapping[str | None, Mapping[str, Probability]]] = {
    "under_way": {"under_way": 1.0},
    "adrift": {"adrift": 1.0},
    "taking_water": {"adrift": 0.5, "swamped": 0.5},
    "swamped": {"swamped": 1.0},
    "in_the_water": {"in_the_water": 0.7, "swamped": 0.3},
    "refusing_help": {"under_way": 1.0},
    "beached": {"beached": 1.0},
    None: {"under_way": 0.5, "adrift": 0.5},
}


@dataclass(frozen=True, kw_only=True, eq=False)
class AliveCurve:
    """Probability of being alive, and of being in the water, at `at` + 0, 1, 2 ... minutes; constant beyond the end."""

    at: Instant
    alive: FloatArray
    in_water: FloatArray

    @property
    def until(self) -> Instant:
        """The last instant of the grid."""
        return self.at + STEP * (self.alive.size - 1)

    def probability(self, when: Instant | FloatArray) -> FloatArray:
        """Alive at these instants; never rising."""
        return _on_grid(self.alive, (np.asarray(when) - self.at) / STEP)

    @property
    def unaided(self) -> Probability:
        """Alive at the end of the grid, where nobody came."""
        return float(self.alive[-1])

    def share_at(self, when: Instant) -> Probability:
        """`share_in_water` at one instant."""
        place = min(max((when - self.at) / STEP, 0.0), self.in_water.size - 1.0)
        below = min(int(place), self.in_water.size - 2)
        part = place - below
        return float(self.in_water[below]) * (1 - part) + float(self.in_water[below + 1]) * part

    def share_in_water(self, when: Instant | FloatArray) -> FloatArray:
        """Probability of being in the water then."""
        return _on_grid(self.in_water, (np.asarray(when) - self.at) / STEP)


def phases_of_state(state: str | None) -> Mapping[str, Probability]:
    """The phases a report's word for the state stands for; nothing said is under way or adrift, one as likely."""
    return PHASES_BY_STATE.get(state, PHASES_BY_STATE[None])


def alive_curve(
    phases: Mapping[str, Probability],
    *,
    at: Instant,
    water: Celsius | tuple[Celsius, Celsius] | None,
    wind: MetresPerSecond,
    in_water_for: Seconds = 0.0,
    life: LifeCycle = STANDARD_LIFE,
    who: Immersion | None = None,
    horizon: Seconds = HORIZON,
) -> AliveCurve:
    """The curve of a boat in these phases at an instant.

    Parameters
    ----------
    phases : mapping of phase to probability, sum 1
        Of `cordiale.boats.life.PHASES`; those on the beach or in tow are taken as safe, debris as in the water.
    water : Celsius, band or None
        None: nobody knows (the season's band).
    wind : MetresPerSecond at 10 m
    in_water_for : Seconds
        For those in the water or in a flooded boat now: since when.
    who : Immersion
        What is known of the people; their place is set by the phase.
    """
    if abs(sum(phases.values()) - 1) > 1e-6 or set(phases) - set(PHASES):
        raise CordialeError("response.phases", phases=", ".join(f"{k} {v:g}" for k, v in phases.items()))
    if not (math.isfinite(horizon) and horizon >= STEP and in_water_for >= 0):
        raise CordialeError("response.horizon", hours=horizon / hours)
    times = np.arange(0.0, horizon + STEP / 2, STEP)
    rates = _rates(life, wind)
    wet, flooded = (_curve_of(who or Immersion(), place, water) for place in ("in_water", "flooded_boat"))
    w, f = alive_probability(wet, times), alive_probability(flooded, times)
    alive, in_water = np.zeros(times.size), np.zeros(times.size)
    for phase, chance in phases.items():
        index = PHASES.index(phase)
        if index in (ADRIFT, UNDER_WAY):
            living, entered = _afloat(rates, index, f, w, times)
        elif index == SWAMPED:
            living, left = _two_stages(_since(flooded, in_water_for, times), w, rates.leaving, times)
            entered = 1 - left
        elif phase in SAFE:
            living, entered = np.ones(times.size), np.zeros(times.size)
        else:
            living, entered = _since(wet, in_water_for, times), np.ones(times.size)
        alive += chance * living
        in_water += chance * entered
    return AliveCurve(at=at, alive=np.minimum.accumulate(np.minimum(alive, 1.0)), in_water=np.clip(in_water, 0, 1))


def _curve_of(who: Immersion, place: Place, water: Celsius | tuple[Celsius, Celsius] | None) -> SurvivalCurve:
    return survival_curve(replace(who, place=place), water)


def _since(curve: SurvivalCurve, already: Seconds, times: FloatArray) -> FloatArray:
    """Alive after times, of those who are alive after `already` s."""
    now = float(alive_probability(curve, np.array([already]))[0])
    return alive_probability(curve, times + already) / max(now, 1e-9)


def _afloat(
    rates: "_Rates", phase: int, flooded: FloatArray, wet: FloatArray, times: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Alive, and in the water, of those in a boat that floats now."""
    hazard = rates.swamping[phase] + rates.capsizing[phase]
    share = rates.swamping[phase] / hazard if hazard else 0.0
    floats = np.exp(-hazard * times)
    enters = -np.diff(floats, prepend=1.0)
    in_flooded, left = _two_stages(flooded, wet, rates.leaving, times)
    living = floats + np.convolve(enters, share * in_flooded + (1 - share) * wet)[: times.size]
    return living, np.convolve(enters, share * (1 - left) + (1 - share))[: times.size]


@dataclass(frozen=True, slots=True)
class _Rates:
    swamping: Mapping[int, PerSecond]
    capsizing: Mapping[int, PerSecond]
    leaving: PerSecond


def _rates(life: LifeCycle, wind: MetresPerSecond) -> _Rates:
    speed = np.array([max(wind, 0.0)])

    def total(before: int, *after: int) -> PerSecond:
        return float(sum(rate(t, speed)[0] for t in life.out_of(before) if t.after in after))

    return _Rates(
        swamping={index: total(index, SWAMPED) for index in (ADRIFT, UNDER_WAY)},
        capsizing={index: total(index, IN_THE_WATER, IN_LIFEJACKETS) for index in (ADRIFT, UNDER_WAY)},
        leaving=total(SWAMPED, IN_THE_WATER, IN_LIFEJACKETS),
    )


def _two_stages(
    flooded: FloatArray, wet: FloatArray, leaving: PerSecond, times: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Alive after so long in a flooded boat that is left at a rate, and the probability of still being in it."""
    stays = np.exp(-leaving * times)
    leaves = -np.diff(stays, prepend=1.0) * flooded
    return stays * flooded + np.convolve(leaves, wet)[: times.size], stays


def _on_grid(values: FloatArray, place: FloatArray) -> FloatArray:
    """Straight lines between the values at 0, 1, 2 ...; beyond both ends as there."""
    return np.interp(place, _minutes(values.size), values)


@cache
def _minutes(count: int) -> FloatArray:
    return np.arange(count, dtype=np.float64)
