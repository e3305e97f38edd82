"""Effort over the cells of a map for something that does not move: one resource in closed form, the circular normal.

A cell holds the search object with some probability. Effort t in it (hours, metres of track) finds what is there with
probability 1 - exp(-w t): the exponential law, w being sweep width times speed over the area of the cell. Several
resources at once: `cordiale.search.effort_several`.

Source: Koopman, The theory of search III, Operations Research 5 (1957); Charnes and Cooper, The theory of search:
optimum distribution of search effort, Management Science 5 (1958); Stone, Theory of Optimal Search (1975), which shows
that the allocation is best at every effort at once. Check values: tests/known/test_search_effort_known.py.
"""

import math
from dataclasses import dataclass

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, Metres, Probability, Quantity, SquareMetres


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """How effort is divided over the cells, what it finds, and what no division could exceed.

    Attributes
    ----------
    effort : array
        Shape (cells,), or (cells, resources), in the unit of the budget.
    success : Probability
        Probability of success: the sum over the cells of p (1 - exp(-w t)), in the unit of the probabilities given.
    bound : Probability
        No allocation of the same budgets finds more than this.
    price : array
        Success gained by one more unit of each budget: shape (resources,), one number for one resource.
    """

    effort: FloatArray
    success: Probability
    bound: Probability
    price: FloatArray

    @property
    def gap(self) -> Probability:
        """How much better another allocation could be at most."""
        return max(self.bound - self.success, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularEffort:
    """Effort over a circular normal: a disc searched most in the middle; see `search_circular`.

    `density_at_centre` is effort (swept area) per area; at distance r it is that times 1 - r^2 / radius^2.
    """

    radius: Metres
    density_at_centre: Quantity
    success: Probability


def checked(name: str, values: FloatArray, *, positive: bool = False) -> FloatArray:
    """Finite numbers, none below 0 (or none at or below 0).

    Raises
    ------
    CordialeError
        If one is not: its name and value are said.
    """
    array = np.asarray(values, dtype=np.float64)
    bad = ~np.isfinite(array) | (array < 0) | (positive & (array == 0))
    if bad.any():
        raise CordialeError("search.effort_number", name=name, value=float(array[bad].flat[0]))
    return array


def allocate(probability: FloatArray, rate: FloatArray, budget: Quantity) -> Allocation:
    """The best effort of one resource over the cells, exactly, by sorting.

    Parameters
    ----------
    probability : array
        Probability that each cell holds the object, shape (cells,); any unit (it need not sum to 1).
    rate : array
        Detections per unit of effort if the object is there, shape (cells,): sweep width x speed / area for hours.
    budget : Quantity
        All effort there is. Nothing is spent where it could find nothing.

    Raises
    ------
    CordialeError
        If a number is negative or not finite, or the shapes differ.

    Notes
    -----
    t = max(0, ln(p w / price) / w). Exact to rounding for up to 10^6 cells (0.2 s). The exponential law must hold: for
    tracks laid side by side by one searcher it is cautious.
    """
    p, w = checked("probability", probability), checked("rate", rate)
    if p.shape != w.shape or p.ndim != 1:
        raise CordialeError("search.effort_shape", probability=p.shape, rate=w.shape)
    total = float(checked("budget", np.array([budget]))[0])
    effort, price = fill(p, w, total)
    found = float(p @ -np.expm1(-w * effort))
    gradient = p * w * np.exp(-w * effort)
    slack = total * float(gradient.max(initial=0.0)) - float(gradient @ effort)
    return Allocation(effort, found, min(found + max(slack, 0.0), float(p.sum())), np.array([price]))


def fill(p: FloatArray, w: FloatArray, budget: Quantity) -> tuple[FloatArray, Quantity]:
    """Effort of each cell and the price of one more unit; see `allocate`. Numbers are not checked."""
    effort = np.zeros_like(p)
    gain = p * w
    worth = np.flatnonzero(gain > 0)
    if not worth.size:
        return effort, 0.0
    worth = worth[np.argsort(-gain[worth], kind="stable")]
    log_gain, inverse = np.log(gain[worth]), 1.0 / w[worth]
    depth, weighted = np.cumsum(inverse), np.cumsum(inverse * log_gain)
    searched = int(np.searchsorted(weighted - log_gain * depth, budget, side="right"))  # cells worth the price
    searched = max(searched, 1)
    log_price = (weighted[searched - 1] - budget) / depth[searched - 1]
    cells = worth[:searched]
    effort[cells] = np.maximum(log_gain[:searched] - log_price, 0.0) * inverse[:searched]
    spent = effort[cells].sum()
    if spent > 0:
        effort[cells] *= budget / spent  # the last rounding
    return effort, math.exp(log_price)


def search_circular(sigma: Metres, effort: SquareMetres) -> CircularEffort:
    """The best effort over a circular normal, when effort can be spread as finely as one likes.

    Parameters
    ----------
    sigma : Metres
        Standard deviation on each axis; the radius that holds one half divided by 1.17741.
    effort : SquareMetres
        Area swept: sweep width x speed x time.

    Notes
    -----
    With H = sqrt(Z / (pi sigma^2)): radius sigma sqrt(2 H), success 1 - (1 + H) exp(-H) (Koopman 1957).
    """
    scale = float(checked("sigma", np.array([sigma]), positive=True)[0])
    swept = float(checked("effort", np.array([effort]))[0])
    h = math.sqrt(swept / (math.pi * scale * scale))
    return CircularEffort(
        radius=scale * math.sqrt(2.0 * h), density_at_centre=h, success=-math.expm1(-h) - h * math.exp(-h)
    )
