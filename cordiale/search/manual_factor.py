"""The optimal search factor: how far beyond the probable error to search with the effort there is.

The manuals read it off a figure. Here it is the factor fs that maximises POC x POD where the object lies about its
datum by a circular normal law whose 50 % radius is the total probable error E, a square of half side R = fs E about it
is searched with one coverage, and POD is the ideal or the normal curve. Not read off the figure of the manual and not
compared with a licensed copy of it; the first factor of NatSAR, 1.1, is ours at a relative effort of 5, ideal curve.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Fraction, Metres, Probability
from cordiale.sensors.pod import Curve, pod

Datum = Literal["point", "line"]
PER_SIGMA: Final = math.sqrt(2 * math.log(2))  # 1.17741: the 50 % radius of a circular normal law over its sigma
_GOLDEN: Final = (math.sqrt(5) - 1) / 2
_LEAST, _MOST = 1e-3, 20.0  # of the search factor: efforts of 1e-9 to 2,000 times E^2 lie between


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchFactor:
    """A search factor and what it gives: R = factor x E, coverage, POC, POD and POS = POC x POD."""

    factor: Fraction
    coverage: Fraction
    poc: Probability
    pod: Probability

    @property
    def pos(self) -> Probability:
        """Probability of success."""
        return self.poc * self.pod


def optimal_search_factor(relative_effort: Fraction, curve: Curve, datum: Datum = "point") -> SearchFactor:
    """The factor with the greatest POS for a relative effort: Zr = Z / E^2 (point), Z / (E L) (line, ends left aside).

    By golden section in the logarithm, to 1e-9. Zr from 1e-4 to 1,000; else it raises.
    """
    if not 1e-4 <= relative_effort <= 1000:
        raise CordialeError("search.relative_effort", value=relative_effort)
    low, high = math.log(_LEAST), math.log(_MOST)
    while high - low > 1e-9:
        first, second = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if search_factor(math.exp(first), relative_effort, curve, datum).pos < (
            search_factor(math.exp(second), relative_effort, curve, datum).pos
        ):
            low = first
        else:
            high = second
    return search_factor(math.exp((low + high) / 2), relative_effort, curve, datum)


def search_factor(factor: Fraction, relative_effort: Fraction, curve: Curve, datum: Datum = "point") -> SearchFactor:
    """What a factor of one's own gives: A is 4 R^2 about a point, 2 R L along a line; C = Z / A."""
    half = within(factor)
    coverage = relative_effort / (4 * factor * factor if datum == "point" else 2 * factor)
    return SearchFactor(
        factor=factor,
        coverage=coverage,
        poc=half * half if datum == "point" else half,
        pod=float(pod(coverage, curve)),
    )


def within(distance_over_error: Fraction) -> Probability:
    """Probability to lie within so many E on either side of a line through the datum."""
    return math.erf(distance_over_error * PER_SIGMA / math.sqrt(2))


def contained_by_divergence(radius: Metres, error: Metres, apart: Metres) -> Probability:
    """POC of the rectangle 2 R by (DD + 2 R) round two datums, each as likely, each with its circular normal law."""
    return within(radius / error) * (within(radius / error) + within((apart + radius) / error)) / 2


def contained_by_line(radius: Metres, error: Metres, length: Metres) -> Probability:
    """POC of the strip 2 R wide and L = DD + 2 E long along a line of length DD, every point of it as likely."""
    apart = length - 2 * error
    if apart <= 0:
        return within(radius / error) * within(1.0)
    count = 200  # midpoints along the line: to 1e-5
    along = [
        (within((apart - x + error) / error) + within((x + error) / error)) / 2
        for x in ((i + 0.5) * apart / count for i in range(count))
    ]
    return within(radius / error) * sum(along) / count
