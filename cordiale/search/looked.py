"""Looks that were had already: how much less is seen by the next one where what hides a boat hides it from every look.

Searches that found nothing looked at a particle with hazards n_k, each of them worth nothing with the probability e_k.
With what they say of the detectability d that all looks share (a gamma law of mean 1 and shape kappa), a further
hazard n is missed with

    M(n) = E_d prod_k [(1 - e_k) exp(-d n_k) + e_k] exp(-d n) / E_d prod_k [...].

Without doubt that is (1 + f n / kappa)^-kappa with f = kappa / (kappa + sum n_k): the law of a plan, of a hazard f
times as large. So a plan carries one number for each particle, f, never above 1. With doubt f is fitted at the hazard
at which likeness itself is fitted, 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, Probability, Quantity
from cordiale.search.result_update import SearchResult, likelihood_of_nothing

FITTED: Final[Quantity] = 2.0  # hazard at which looks that are alike are fitted


@dataclass(frozen=True, kw_only=True, eq=False)
class Looked:
    """How thoroughly searches that found nothing looked at each particle of a cloud.

    Parameters
    ----------
    hazards : shape (searches, particles)
    doubts : for each search the probability that it tells nothing
    alike : shape of the gamma law of looks that are alike, as the searches state it; None: they state none
    """

    hazards: FloatArray
    doubts: tuple[Probability, ...]
    alike: Quantity | None = None

    def __post_init__(self) -> None:
        if self.hazards.ndim != 2 or len(self.hazards) != len(self.doubts) or np.any(self.hazards < 0):
            raise CordialeError("search.looked", shape=self.hazards.shape, doubts=len(self.doubts))


def looked_by(result: SearchResult) -> Looked:
    """The looks of searches that were weighed."""
    return Looked(
        hazards=result.hazards,
        doubts=tuple(one.worthless for one in result.searches),
        alike=min((one.alike for one in result.searches if one.alike is not None), default=None),
    )


def most_alike(alike: Quantity | None, looks: Sequence[Looked | None]) -> Quantity | None:
    """Of what a plan and the searches before it state of likeness the most alike: it is the object that hides."""
    stated = [alike, *(one.alike for one in looks if one is not None)]
    return min((kappa for kappa in stated if kappa is not None), default=None)


def fresh(looked: Looked | None, particles: int, alike: Quantity | None) -> FloatArray:
    """The share f, 0 to 1, of its hazard that the next look has for each particle; 1 where looks are independent."""
    if looked is None or alike is None or not len(looked.doubts):
        return np.ones(particles)
    rows = np.vstack([looked.hazards, np.full(particles, FITTED)])
    missed = likelihood_of_nothing(rows, [*looked.doubts, 0.0], alike)
    # the gamma law is summed in pieces: what a first look would miss comes out of the same sum, so that f is 1 there
    first = likelihood_of_nothing(np.full((1, 1), FITTED), [0.0], alike)[-1, 0]
    exact = (1 + FITTED / alike) ** -alike
    ratio = np.clip(missed[-1] / missed[-2] * exact / first, 1e-300, 1.0)
    return np.asarray(np.clip(alike / FITTED * np.expm1(-np.log(ratio) / alike), 0.0, 1.0))
