"""What is looked for: a weighted mixture of leeway classes for each phase of its life, and that life.

No published class is an overloaded inflatable, so she is a mixture; what she is when swamped, or her people in the
water, is another mixture of the same object. docs/life.md tells how the weights came about.
"""

import csv
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Final

import numpy as np

from cordiale.boats.leeway import PUBLISHED_AT, LeewayClass, leeway_class
from cordiale.boats.life import (
    ADRIFT,
    BEACHED,
    COASTING,
    NO_LIFE,
    PHASES,
    TOWED,
    UNDER_WAY,
    LifeCycle,
    life_cycle,
)
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, IntArray, Metres, MetresPerSecond, Probability, Quantity, percent

Weights = tuple[Probability, ...]
LIKE_ADRIFT: Final = (UNDER_WAY, BEACHED, TOWED, COASTING)  # the same boat with the same people in her
# Brushett et al. 2014: a 5.8 m panga with 13 persons has 4.40 % of wind. Beyond, log-linear to our mixture (judgement)
# as it is judged for 45 persons in 8 m; never beyond the classes that the mixture has.
LIGHT_LOAD: Final = 13 / 5.8
FULL_LOAD: Final = 45 / 8.0
LIGHT_LEEWAY: Final[MetresPerSecond] = 4.40 * percent * PUBLISHED_AT
_WITHIN: Final[MetresPerSecond] = 0.005  # of the slowest and the fastest class: a tilt that still has an end


@dataclass(frozen=True, kw_only=True)
class SearchObject:
    """A search object as a mixture over published leeway classes; the weights sum to 1 and have a source.

    Parameters
    ----------
    classes : tuple of LeewayClass
        Every class that any of its phases may have.
    weights : tuple of Probability
        The mixture adrift, or in the first phase the object has.
    by_phase : tuple of (phase, weights)
        The mixtures of the phases that have one of their own; empty: one mixture whatever becomes of it.
    life : LifeCycle
        What becomes of it; `NO_LIFE` unless said.
    """

    key: str
    name: str
    classes: tuple[LeewayClass, ...]
    weights: Weights
    source: str
    by_phase: tuple[tuple[int, Weights], ...] = ()
    life: LifeCycle = NO_LIFE

    def __post_init__(self) -> None:
        for weights in (self.weights, *(w for _, w in self.by_phase)):
            if len(self.classes) != len(weights) or abs(sum(weights) - 1) > 1e-9 or min(weights) < 0:
                raise CordialeError("boats.weights", name=self.key, total=sum(weights))

    def __str__(self) -> str:
        return self.key.replace("_", " ")

    @property
    def first_phase(self) -> int:
        """The phase in which it is when nothing else is known: adrift, unless it is never a boat afloat."""
        own = [phase for phase, _ in self.by_phase]
        return ADRIFT if not own or ADRIFT in own else own[0]

    def has(self, phase: int) -> bool:
        """Whether it can be in a phase: as its mixtures say; with one for all, in every phase."""
        own = [k for k, _ in self.by_phase]
        return not own or phase in own or (ADRIFT in own and phase in LIKE_ADRIFT)

    def weights_in(self, phase: int) -> Weights:
        """The mixture in a phase; under way, towed and beached as adrift."""
        return dict(self.by_phase).get(phase, self.weights)

    def draw_class(self, uniform: FloatArray, phase: IntArray | None = None) -> IntArray:
        """Index of a class for each number in (0, 1), by the weights of its phase; of the first phase unless given."""
        if phase is None or not self.by_phase:
            return _drawn(self.weights, uniform)
        which = np.zeros(uniform.shape, dtype=np.int64)
        for one in np.unique(phase):
            mine = phase == one
            which[mine] = _drawn(self.weights_in(int(one)), uniform[mine])
        return which


@cache
def search_objects() -> dict[str, SearchObject]:
    """The packaged search objects by key; the first, `inflatable`, is the default of the strait."""
    with (files("cordiale.boats") / "data" / "search_objects.csv").open(encoding="utf-8") as file:
        table = [list(rows) for _, rows in groupby(csv.DictReader(file), key=lambda row: row["key"])]
    return {rows[0]["key"]: _search_object(rows) for rows in table}


def search_object(key: str) -> SearchObject:
    """The search object of this key; an unknown key raises and lists the known ones."""
    if key not in search_objects():
        raise CordialeError("boats.search_object", name=key, known=", ".join(search_objects()))
    return search_objects()[key]


def mean_downwind(what: SearchObject, phase: int = ADRIFT) -> MetresPerSecond:
    """Mean downwind leeway of its mixture in a wind of 10 m/s at 10 m."""
    return sum(w * _downwind(c) for w, c in zip(what.weights_in(phase), what.classes, strict=True))


def loaded(what: SearchObject, persons: Quantity, length: Metres) -> SearchObject:
    """The same boat with so many people in so many metres: heavier boats drift slower through the water.

    The mixture adrift is tilted (w exp(k m), m the downwind leeway of a class) until its mean is what the load says:
    4.40 % of wind at 2.2 persons a metre and fewer, as published for a panga with 13; beyond that a straight line in
    the logarithm through the mixture as it is at 5.6 persons a metre, as far as its classes reach (judgement). No
    coefficient is changed. 1 to 300 persons, 2 to 30 m; else it raises.
    """
    if not (1 <= persons <= 300 and 2 <= length <= 30):
        raise CordialeError("boats.load", persons=persons, length_m=length)
    m = np.array([_downwind(c) for c in what.classes])
    weights = np.array(what.weights)
    held = m[weights > 0]
    part = (max(persons / length, LIGHT_LOAD) - LIGHT_LOAD) / (FULL_LOAD - LIGHT_LOAD)
    if held.max() - held.min() <= 2 * _WITHIN:
        return what
    target = LIGHT_LEEWAY ** (1 - part) * mean_downwind(what, what.first_phase) ** part
    target = min(max(target, held.min() + _WITHIN), held.max() - _WITHIN)
    low, high = -2000.0, 2000.0  # per m/s: far beyond any tilt that a load asks for
    for _ in range(80):
        middle = (low + high) / 2
        tilted = _tilted(weights, m, middle)
        low, high = (middle, high) if tilted @ m < target else (low, middle)
    tilted = _tilted(weights, m, (low + high) / 2)
    mixture = tuple(float(w) for w in tilted / tilted.sum())
    mixtures = tuple((k, mixture if k == what.first_phase else w) for k, w in what.by_phase)
    return replace(what, weights=mixture, by_phase=mixtures)


def _tilted(weights: FloatArray, m: FloatArray, k: Quantity) -> FloatArray:
    exponent = k * (m - float(weights @ m))
    tilted = np.where(weights > 0, weights * np.exp(exponent - exponent[weights > 0].max()), 0.0)
    return np.asarray(tilted / tilted.sum())


def _downwind(item: LeewayClass) -> MetresPerSecond:
    return max(item.downwind.slope * PUBLISHED_AT + item.downwind.offset, 0.0)


def _drawn(weights: Weights, uniform: FloatArray) -> IntArray:
    limits = np.cumsum(weights)
    last = int(np.flatnonzero(weights)[-1])
    return np.minimum(np.searchsorted(limits, uniform, side="right"), last).astype(np.int64)


def _search_object(rows: list[dict[str, str]]) -> SearchObject:
    first = rows[0]
    keys = tuple(dict.fromkeys(row["leeway_class"] for row in rows))
    phases = tuple(dict.fromkeys(row["phase"] for row in rows))
    unknown = [phase for phase in phases if phase and phase not in PHASES]
    if unknown:
        raise CordialeError("boats.phase", name=unknown[0], known=", ".join(PHASES))
    mixtures = {phase: _weights(rows, phase, keys) for phase in phases}
    by_phase = tuple((PHASES.index(phase), weights) for phase, weights in mixtures.items() if phase)
    return SearchObject(
        key=first["key"],
        name=first["name"],
        classes=tuple(leeway_class(key) for key in keys),
        weights=mixtures[phases[0]],
        source="; ".join(dict.fromkeys(row["source"] for row in rows)),
        by_phase=by_phase,
        life=life_cycle(first["life"]),
    )


def _weights(rows: list[dict[str, str]], phase: str, keys: tuple[str, ...]) -> Weights:
    here = {row["leeway_class"]: float(row["weight"]) for row in rows if row["phase"] == phase}
    return tuple(here.get(key, 0.0) for key in keys)
