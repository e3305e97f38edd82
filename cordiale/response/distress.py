"""A boat in distress as the response sees it: a moving cloud, so many people, how long they live, how she is found."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Final

import numpy as np

from cordiale.assets.craft import Craft
from cordiale.belief.belief import Belief
from cordiale.belief.life_cycle import phases_of
from cordiale.belief.report import Between
from cordiale.boats.survival import survival_curve
from cordiale.boats.survival_table import Immersion
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import NM, Celsius, FloatArray, Fraction, Metres, MetresPerSecond, Seconds, knots
from cordiale.response.alive import AliveCurve, alive_curve
from cordiale.response.cloud import MovingCloud, cloud_of

SHIPS_SEARCH_AT: Final[MetresPerSecond] = 15 * knots  # judgement: faster, and the lookouts see less
AIRCRAFT_SEARCH_AT: Final[MetresPerSecond] = 90 * knots  # judgement: low and slow, by night on instruments


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """How a craft finds the boat once it is there: sweep widths (m) by class or kind of craft, or a stated time (s).

    `widths` may have `any`; a craft that is missing finds nobody. With neither, the position is taken as exact.
    `looked_for` is the search object class of the widths, `judged` the instruments by class of craft with which a width
    was had whose figure is a judgement.
    """

    widths: Mapping[str, Metres] | None = None
    time: Seconds | None = None
    looked_for: str = ""
    judged: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        stated = [self.time] if self.time is not None else list((self.widths or {}).values())
        if (self.time is not None and self.widths) or not all(math.isfinite(v) and v >= 0 for v in stated):
            raise CordialeError("response.search", stated=", ".join(f"{v:g}" for v in stated))

    def rate(self, craft: Craft) -> Fraction:
        """Effort of a craft in m2 of sea swept a second: sweep width by search speed."""
        if self.widths is None:
            return 0.0
        width = self.widths.get(craft.key, self.widths.get(craft.kind, self.widths.get("any", 0.0)))
        return width * min(craft.top, AIRCRAFT_SEARCH_AT if craft.flies else SHIPS_SEARCH_AT)


@dataclass(frozen=True, kw_only=True, eq=False)
class Distress:
    """One boat whose people are to be rescued.

    Parameters
    ----------
    name : str
    cloud : MovingCloud
    counts, chances : shape (m,)
        Possible numbers of persons and their probabilities; never 0 persons.
    curve : AliveCurve
    search : Search
    depth : Metres, optional
        Of water where she lies; a craft that draws more, with a metre to spare, is not sent.
    """

    name: str
    cloud: MovingCloud
    counts: FloatArray
    chances: FloatArray
    curve: AliveCurve
    search: Search = Search(widths={"any": 1 * NM})
    depth: Metres | None = None

    def __post_init__(self) -> None:
        if self.counts.size == 0 or self.counts.min() < 1 or abs(float(self.chances.sum()) - 1) > 1e-6:
            raise CordialeError("response.persons", boat=self.name)

    @property
    def expected(self) -> Fraction:
        """Expected number of persons."""
        return float(self.counts @ self.chances)

    @cached_property
    def at_least(self) -> FloatArray:
        """Probability of at least 1, 2, 3 ... persons."""
        most = int(self.counts.max())
        chance = np.zeros(most + 1)
        np.add.at(chance, self.counts.astype(np.int64), self.chances)
        return np.asarray(chance[::-1].cumsum()[::-1][1:])


def distress_of(
    beliefs: Sequence[Belief],
    *,
    persons: Between | None,
    water: Celsius | tuple[Celsius, Celsius] | None,
    wind: MetresPerSecond,
    search: Search | None = None,
    name: str | None = None,
    in_water_for: Seconds = 0.0,
) -> Distress:
    """A boat in distress by her belief, drifted to several instants of which the first is now.

    Her phases are those of the particles now; from then on the life of the table goes on without them, so beliefs that
    carry a life of their own (`phase_ends`) are taken at their word for where she is and not for how long she floats.
    """
    counts, chances = persons_of(persons)
    return Distress(
        name=name or beliefs[0].name,
        cloud=cloud_of(beliefs),
        counts=counts,
        chances=chances,
        curve=alive_curve(phases_of(beliefs[0]), at=beliefs[0].at, water=water, wind=wind, in_water_for=in_water_for),
        search=search or Search(widths={"any": 1 * NM}),
    )


def persons_of(persons: Between | None) -> tuple[FloatArray, FloatArray]:
    """Numbers of persons and their probabilities: all alike between the bounds, else the prior of boats nobody counted.

    The prior is that of the survival table: median 60, `data/survival_estimator.csv`.
    """
    if persons is None:
        return _unknown()
    least, most = max(round(persons.least), 1), max(round(persons.most), 1)
    counts = np.arange(least, most + 1, dtype=np.float64)
    return counts, np.full(counts.size, 1 / counts.size)


@cache
def _unknown() -> tuple[FloatArray, FloatArray]:
    group = survival_curve(Immersion(place="in_water")).groups[0]
    return group.counts.astype(np.float64), group.chances
