"""A sweep width with its doubt, and the reckoning behind it: factors with their sources, parts with their weights."""

import math
from dataclasses import dataclass

import numpy as np

from cordiale.earth.units import NM, FloatArray, Fraction, Metres, Probability, Quantity
from cordiale.sensors.lateral_range import LateralRangeCurve
from cordiale.words import Language, catalogue, say

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)


@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """One step of the reckoning: what it is (an entry under `sensors.factor`), its value, its figures, its source."""

    name: str
    value: Fraction
    source: str
    detail: str = ""

    def text(self, language: Language = "en") -> str:
        """What a coordinator would say of it, with its source."""
        said = say(f"sensors.factor.{self.name}", language, detail=self.detail)
        key = "sensors.factor_line" if self.source else "sensors.factor_line_plain"
        return say(key, language, value=self.value, what=said, source=self.source)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One of the widths it may be: a weight, and a lognormal law by its mean (m) and the spread of its logarithm."""

    weight: Probability
    mean: Metres
    spread_ln: Quantity


@dataclass(frozen=True, kw_only=True, slots=True)
class SweepWidth:
    """A sweep width with its doubt, and the rows it was reckoned from (m, not corrected).

    The weights of its parts sum to 1; `curve` has the mean width, None if that is 0.
    """

    sensor: str
    object_class: str
    uncorrected: Metres
    rows: tuple[tuple[str, Metres], ...]
    parts: tuple[Part, ...]
    factors: tuple[Factor, ...]
    sources: tuple[str, ...]
    curve: LateralRangeCurve | None

    @property
    def mean(self) -> Metres:
        """The mean sweep width (m): the uncorrected one times all factors."""
        return sum(part.weight * part.mean for part in self.parts)

    @property
    def low(self) -> Metres:
        """The width (m) that it exceeds in 9 of 10 cases."""
        return self.quantile(0.1)

    @property
    def high(self) -> Metres:
        """The width (m) that it exceeds in 1 of 10 cases."""
        return self.quantile(0.9)

    @property
    def ideal(self) -> bool:
        """Whether the manuals allow the ideal POD curve: no factor is below 1."""
        return self.mean > 0 and all(factor.value >= 1 for factor in self.factors)

    def quantile(self, probability: Probability) -> Metres:
        """The width (m) below which it lies with this probability, from 0 to 1 without the ends."""
        seen = [p for p in self.parts if p.mean > 0 and p.weight > 0]
        if not seen or probability <= sum(p.weight for p in self.parts if p not in seen):
            return 0.0
        medians = [math.log(p.mean) - p.spread_ln**2 / 2 for p in seen]
        reach = [8 * p.spread_ln + 1e-9 for p in seen]
        low = min(m - r for m, r in zip(medians, reach, strict=True))
        high = max(m + r for m, r in zip(medians, reach, strict=True))
        none = sum(p.weight for p in self.parts if p not in seen)
        for _ in range(80):
            middle = (low + high) / 2
            below = none + sum(p.weight * _below(middle, m, p.spread_ln) for p, m in zip(seen, medians, strict=True))
            low, high = (middle, high) if below < probability else (low, middle)
        return math.exp(high)

    def nodes(self) -> tuple[FloatArray, FloatArray]:
        """Widths (m) and their weights that stand for all it may be, by Gauss and Hermite: 9 for each part."""
        widths = [p.mean * np.exp(p.spread_ln * _NODES - p.spread_ln**2 / 2) for p in self.parts]
        weights = [p.weight * _WEIGHTS / _WEIGHTS.sum() for p in self.parts]
        return np.concatenate(widths), np.concatenate(weights)

    def why(self, language: Language = "en") -> str:
        """The whole reckoning, line by line, each with its source."""
        named = f"sensors.object.{self.object_class}"
        head = say(
            "sensors.uncorrected",
            language,
            object=say(named, language) if named in catalogue(language) else self.object_class,
            sensor=say(f"sensors.sensor.{self.sensor}", language),
            width_nm=self.uncorrected / NM,
            rows=", ".join(f"{name} {width / NM:.2f}" for name, width in self.rows),
            source="; ".join(self.sources),
        )
        tail = say("sensors.total", language, mean_nm=self.mean / NM, low_nm=self.low / NM, high_nm=self.high / NM)
        return "\n".join([*([head] if self.sources else []), *(factor.text(language) for factor in self.factors), tail])

    def __str__(self) -> str:
        return say("sensors.total", "en", mean_nm=self.mean / NM, low_nm=self.low / NM, high_nm=self.high / NM)


def _below(logarithm: Quantity, median: Quantity, spread: Quantity) -> Probability:
    if spread <= 0:
        return 1.0 if logarithm >= median else 0.0
    return 0.5 * (1 + math.erf((logarithm - median) / (spread * math.sqrt(2))))
