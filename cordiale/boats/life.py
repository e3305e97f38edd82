"""The life of a small boat at sea: the phases she may pass through, and how soon one follows another.

A life cycle is a table of transitions (`data/life.csv`): from, to, mean time, how the wind hastens it, how near to land
it must be, and a source or the word *judgement*. It belongs to a search object; `people` follows those aboard, `hull`
follows the boat. Swap rows with your own (`with_mean`), or use `NO_LIFE`: nothing changes but the engine.
"""

import csv
import math
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import FloatArray, Metres, MetresPerSecond, Probability, Seconds, hours

PHASES: Final = (
    "adrift",
    "under_way",
    "swamped",
    "in_the_water",  # without lifejackets that work
    "debris",
    "beached",
    "towed",
    "in_lifejackets",  # in the water, in lifejackets that work
    "coasting",  # under way along the coast, to pick people up
)
(
    ADRIFT,
    UNDER_WAY,
    SWAMPED,
    IN_THE_WATER,
    DEBRIS,
    BEACHED,
    TOWED,
    IN_LIFEJACKETS,
    COASTING,
) = range(len(PHASES))
POWERED: Final = (UNDER_WAY, COASTING, TOWED)  # these make way through the water
REFERENCE_WIND: Final[MetresPerSecond] = 5.0  # the mean times of the table hold in this wind
STRONGEST: Final[MetresPerSecond] = 25.0  # judgement: no rate grows beyond this wind


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """One way from a phase to another: an exponential time with a mean, which a stronger wind shortens.

    Parameters
    ----------
    before, after : index in `PHASES`
    mean : Seconds
        Mean time to it in a wind of 5 m/s, were it the only way out of the phase.
    doubles_per : MetresPerSecond, optional
        The rate doubles with each so much more wind, and halves with so much less; None: the wind does not matter.
    within : Metres, optional
        Only where land is so near.
    source : str
    """

    before: int
    after: int
    mean: Seconds
    source: str
    doubles_per: MetresPerSecond | None = None
    within: Metres | None = None

    def __post_init__(self) -> None:
        for name in ("mean", "doubles_per", "within"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value > 0):
                raise CordialeError("boats.life", what=name, value=value)
        if self.before in (self.after, DEBRIS):
            raise CordialeError("boats.life_order", before=PHASES[self.before], after=PHASES[self.after])


@dataclass(frozen=True, kw_only=True, slots=True)
class LifeCycle:
    """The transitions of one kind of life, and the leg along the coast that a taxi boat of it runs (may be empty)."""

    key: str
    transitions: tuple[Transition, ...]
    leg: tuple[Position, ...] = ()

    def out_of(self, phase: int) -> tuple[Transition, ...]:
        """The ways out of a phase that chance decides: the engine's failure is drawn with the engine instead."""
        return tuple(t for t in self.transitions if t.before == phase and t.after != ADRIFT)

    def mean(self, before: int, after: int) -> Seconds:
        """Mean time from one phase to another in the reference wind; infinity where there is no such way."""
        return next((t.mean for t in self.transitions if (t.before, t.after) == (before, after)), math.inf)


NO_LIFE: Final = LifeCycle(key="none", transitions=())


@cache
def life_cycles() -> dict[str, LifeCycle]:
    """The packaged life cycles: `people`, those aboard; `hull`, the boat; `taxi`, people picked up on the way."""
    with (files("cordiale.boats") / "data" / "life.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    keys = dict.fromkeys(key for row in rows for key in row["lives"].split())
    return {
        key: LifeCycle(key=key, transitions=tuple(_transition(row) for row in rows if key in row["lives"].split()))
        for key in keys
    }


def life_cycle(key: str) -> LifeCycle:
    """The life cycle of this key, or `none`; an unknown key raises and lists the known ones."""
    if key == NO_LIFE.key:
        return NO_LIFE
    if key not in life_cycles():
        raise CordialeError("boats.life_cycle", name=key, known=", ".join((NO_LIFE.key, *life_cycles())))
    return life_cycles()[key]


def with_mean(life: LifeCycle, before: int, after: int, mean: Seconds, source: str) -> LifeCycle:
    """The life cycle with the mean time of one of its transitions replaced by yours; `source` says whose it is."""
    if not math.isfinite(life.mean(before, after)):
        raise CordialeError("boats.life_order", before=PHASES[before], after=PHASES[after])
    changed = tuple(
        replace(t, mean=mean, source=source) if (t.before, t.after) == (before, after) else t for t in life.transitions
    )
    return replace(life, transitions=changed)


def without(life: LifeCycle, before: int, after: int) -> LifeCycle:
    """The life cycle without one of its transitions: a boat that has no engine does not start it again."""
    kept = tuple(t for t in life.transitions if (t.before, t.after) != (before, after))
    return replace(life, transitions=kept)


def rate(transition: Transition, wind_speed: MetresPerSecond | FloatArray) -> FloatArray:
    """Rates per second in winds (m/s at 10 m, shape (n,)): 2^((W - 5) / doubles_per) / mean, W at most 25 m/s."""
    if transition.doubles_per is None:
        return np.full(np.shape(wind_speed), 1 / transition.mean)
    more = np.minimum(wind_speed, STRONGEST) - REFERENCE_WIND
    return np.asarray(np.exp2(more / transition.doubles_per) / transition.mean)


def effective_lifejackets(life: LifeCycle) -> Probability:
    """Share of those who enter the water with a lifejacket that works, as the rates of the life say; 0 without any."""
    ways = {t.after: 1 / t.mean for t in life.out_of(SWAMPED)}
    total = ways.get(IN_THE_WATER, 0.0) + ways.get(IN_LIFEJACKETS, 0.0)
    return ways.get(IN_LIFEJACKETS, 0.0) / total if total else 0.0


def _transition(row: dict[str, str]) -> Transition:
    for name in ("from", "to"):
        if row[name] not in PHASES:
            raise CordialeError("boats.phase", name=row[name], known=", ".join(PHASES))
    return Transition(
        before=PHASES.index(row["from"]),
        after=PHASES.index(row["to"]),
        mean=float(row["mean_h"]) * hours,
        doubles_per=float(row["rate_doubles_per_m_s"]) if row["rate_doubles_per_m_s"] else None,
        within=float(row["within_m"]) if row["within_m"] else None,
        source=row["source"],
    )


STANDARD_LIFE: Final = life_cycle("people")
