"""Lateral range curves: how likely a sensor detects an object that it passes at a distance x on a straight track.

The area under the curve, over both sides, is the sweep width W. Parallel tracks at spacing S give the POD at coverage
C = W / S by the mean of what all tracks together miss, looks taken as independent. Both are integrals here, whatever
the curve; the closed forms of `cordiale.sensors.pod` are checked against them.

Source: Koopman, Search and Screening (1946; 1980), chapters 2 and 3; the logistic curve is that of the US Coast Guard's
visual trials (Edwards and others, ADA112995, 1981).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, Fraction, Metres, Probability, Quantity

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_PANELS: Final = 64  # of 16 nodes each: integrals of the smooth curves to 1e-12
_TRACKS: Final = 400  # on each side; those beyond by the inverse square of their distance


@dataclass(frozen=True, slots=True)
class DefiniteRange:
    """Everything within half the sweep width is detected, nothing beyond."""

    width: Metres

    def __post_init__(self) -> None:
        _positive("width", self.width)

    def at(self, lateral_range: Metres | FloatArray) -> FloatArray:
        """Probability of detection by one pass at this lateral range (m, either side)."""
        return np.where(np.abs(lateral_range) <= self.width / 2, 1.0, 0.0)


@dataclass(frozen=True, slots=True)
class MBeta:
    """The same probability `beta` at all ranges up to `maximum`, nothing beyond."""

    maximum: Metres
    beta: Probability

    def __post_init__(self) -> None:
        _positive("maximum", self.maximum)
        _probability(self.beta)

    def at(self, lateral_range: Metres | FloatArray) -> FloatArray:
        """Probability of detection by one pass at this lateral range (m, either side)."""
        return np.where(np.abs(lateral_range) <= self.maximum, self.beta, 0.0)


@dataclass(frozen=True, slots=True)
class InverseCube:
    """Koopman's visual law, glimpses with the inverse cube of the range: 1 - exp(-W^2 / (4 pi x^2))."""

    width: Metres

    def __post_init__(self) -> None:
        _positive("width", self.width)

    def at(self, lateral_range: Metres | FloatArray) -> FloatArray:
        """Probability of detection by one pass at this lateral range (m, either side)."""
        x = np.abs(np.asarray(lateral_range, dtype=np.float64)) / self.width
        return np.asarray(-np.expm1(-1 / (4 * math.pi * np.maximum(x * x, 1e-300))))


@dataclass(frozen=True, slots=True)
class Logistic:
    """1 / (1 + exp(-(level - fall |x|))), the regression of the US Coast Guard's visual trials; `fall` in 1/m."""

    level: Quantity
    fall: Quantity

    def __post_init__(self) -> None:
        _positive("fall", self.fall)

    def at(self, lateral_range: Metres | FloatArray) -> FloatArray:
        """Probability of detection by one pass at this lateral range (m, either side)."""
        x = np.abs(np.asarray(lateral_range, dtype=np.float64))
        return np.asarray(0.5 * (1 + np.tanh((self.level - self.fall * x) / 2)))


@dataclass(frozen=True, slots=True)
class Tabulated:
    """Straight lines between measured points; ranges (m) rise from 0, nothing is detected beyond the last."""

    ranges: tuple[Metres, ...]
    probabilities: tuple[Probability, ...]

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.ranges, self.ranges[1:], strict=False))
        if len(self.ranges) < 2 or len(self.ranges) != len(self.probabilities) or self.ranges[0] != 0 or not rising:
            raise CordialeError("sensors.curve_table", ranges=self.ranges, probabilities=self.probabilities)
        for probability in self.probabilities:
            _probability(probability)

    def at(self, lateral_range: Metres | FloatArray) -> FloatArray:
        """Probability of detection by one pass at this lateral range (m, either side)."""
        return np.interp(np.abs(lateral_range), self.ranges, self.probabilities, right=0.0)


LateralRangeCurve = DefiniteRange | MBeta | InverseCube | Logistic | Tabulated


def two_figures(*, range_90: Metres, range_50: Metres) -> Logistic:
    """The logistic curve through 90 % and 50 % at the two ranges (m) that an operator states."""
    if not (math.isfinite(range_50) and 0 < range_90 < range_50):
        raise CordialeError("sensors.two_figures", range_90_m=range_90, range_50_m=range_50)
    fall = math.log(9) / (range_50 - range_90)
    return Logistic(level=fall * range_50, fall=fall)


def scaled(curve: LateralRangeCurve, factor: Fraction) -> LateralRangeCurve:
    """The same curve with all ranges, and so the sweep width, multiplied by `factor`."""
    _positive("factor", factor)
    match curve:
        case DefiniteRange() | InverseCube():
            return replace(curve, width=curve.width * factor)
        case MBeta():
            return replace(curve, maximum=curve.maximum * factor)
        case Logistic():
            return replace(curve, fall=curve.fall / factor)
        case Tabulated():
            return replace(curve, ranges=tuple(x * factor for x in curve.ranges))


def swept(curve: LateralRangeCurve) -> Metres:
    """The sweep width W (m): the area under the curve over both sides, by integration, exact to 1e-9 of itself."""
    breaks, scale = _breaks(curve)
    if len(breaks) > 1:
        return 2 * sum(_integral(curve.at, a, b, 1) for a, b in zip(breaks, breaks[1:], strict=False))

    def folded(t: FloatArray) -> FloatArray:
        return np.asarray(curve.at(scale * t / (1 - t)) * scale / (1 - t) ** 2)  # x = scale t / (1 - t), to infinity

    return 2 * _integral(folded, 0.0, 1.0, _PANELS)


def parallel_pod(curve: LateralRangeCurve, spacing: Metres) -> Probability:
    """POD of one sweep by endless parallel tracks at `spacing` (m), looks independent; coverage is W / spacing.

    Mean over the place of the object between two tracks of 1 - prod(1 - p(x - k S)).
    """
    _positive("spacing", spacing)
    if isinstance(curve, MBeta | DefiniteRange):
        reach, beta = (curve.maximum, curve.beta) if isinstance(curve, MBeta) else (curve.width / 2, 1.0)
        covers, more = divmod(2 * reach / spacing, 1.0)
        return 1 - (1 - more) * math.pow(1 - beta, covers) - more * math.pow(1 - beta, covers + 1)
    tracks = np.arange(-_TRACKS, _TRACKS + 1) * spacing
    last = (_TRACKS + 0.5) * spacing
    beyond = 2 * float(curve.at(last)) * last / spacing  # both sides, p falling with the square of the distance

    def seen(x: FloatArray) -> FloatArray:
        missed = np.log1p(-np.minimum(curve.at(x[:, np.newaxis] - tracks), 1 - 1e-16)).sum(axis=1)
        return np.asarray(-np.expm1(missed - beyond))

    return _integral(seen, 0.0, spacing / 2, 256 if isinstance(curve, Tabulated) else 16) * 2 / spacing


def _breaks(curve: LateralRangeCurve) -> tuple[tuple[Metres, ...], Metres]:
    """Points between which the curve is smooth, from 0 (only 0: to infinity), and its scale."""
    match curve:
        case DefiniteRange():
            return (0.0, curve.width / 2), curve.width
        case MBeta():
            return (0.0, curve.maximum), curve.maximum
        case Tabulated():
            return curve.ranges, curve.ranges[-1]
        case InverseCube():
            return (0.0,), curve.width
        case Logistic():
            return (0.0,), max(curve.level, 1.0) / curve.fall


def _integral(f: Callable[[FloatArray], FloatArray], start: Quantity, end: Quantity, panels: int) -> Quantity:
    """Gauss and Legendre over equal panels; the nodes never touch the ends."""
    edges = np.linspace(start, end, panels + 1)
    half = np.diff(edges)[:, np.newaxis] / 2
    nodes = (edges[:-1, np.newaxis] + half) + half * _NODES
    values = f(nodes.ravel()).reshape(nodes.shape)
    return float((half * _WEIGHTS * values).sum())


def _positive(name: str, value: Quantity) -> None:
    if not (math.isfinite(value) and value > 0):
        raise CordialeError("sensors.curve_number", name=name, value=value)


def _probability(value: Probability) -> None:
    if not 0 <= value <= 1:
        raise CordialeError("sensors.curve_probability", value=value)
