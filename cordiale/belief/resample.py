"""Systematic resampling: as many particles as wanted, all of one weight, each copied in proportion to its weight."""

import math
from dataclasses import replace
from typing import Final

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, Fraction, IntArray, Probability

_GENERATION: Final = 2**32


def resample(belief: Belief, count: int | None = None) -> Belief:
    """A belief of `count` (as many as before unless given) equally weighted particles; copies get ids of their own.

    The comb's place comes from the belief's stream and time, so the same belief is resampled alike everywhere. Copies
    lie on each other until the errors of current and wind, which are drawn by id, move them apart.
    """
    wanted = len(belief) if count is None else count
    if wanted < 1:
        raise CordialeError("belief.count", count=wanted)
    comb = belief.stream.child("resample").uniforms(np.zeros(1, dtype=np.int64), int(belief.at))[0, 0]
    copies = belief.only(systematic(belief.weight, wanted, float(comb)))
    return renewed(replace(copies, weight=np.full(wanted, 1 / wanted)))


def systematic(weight: FloatArray, count: int, place: Probability) -> IntArray:
    """Indices of the particles that `count` evenly spaced teeth of a comb hit; `place`, 0 to 1, is where it starts.

    Particle i is hit floor(n w_i) or ceil(n w_i) times, so n times its weight on average. Source: Kitagawa, J. Comp.
    Graph. Stat. 5, 1-25 (1996).
    """
    if not 0 <= place < 1:
        raise CordialeError("belief.resample", place=place)
    held = np.cumsum(weight)
    teeth = (np.arange(count) + place) / count * held[-1]
    return np.asarray(np.minimum(np.searchsorted(held, teeth, side="right"), weight.size - 1), dtype=np.int64)


def renewed(belief: Belief) -> Belief:
    """The same particles under new ids of the next generation, so that copies go their own ways from now on."""
    generation = int(belief.ids.max()) // _GENERATION + 1
    return replace(belief, ids=generation * _GENERATION + np.arange(len(belief), dtype=np.int64))


def loosened(copies: Belief, ancestors: Fraction, chance: Stream) -> Belief:
    """Copies of few particles whose lasting errors differ again, mean and covariance kept.

    A sharp report leaves a handful of ancestors; their copies would share one error of current and wind for hours and
    lie in clumps far too tight. Each pair of error states is drawn towards its mean and given a normal kernel, as wide
    as Silverman's rule says for the effective number of `ancestors`.

    Source: Liu and West, in Sequential Monte Carlo Methods in Practice (2001), chapter 10.
    """
    width = min(max(ancestors, 1.0) ** (-1 / 6), 0.99)
    ids = np.arange(len(copies), dtype=np.int64)
    pairs = {
        "current_error": copies.current_error,
        "residual_error": copies.residual_error,
        "wind_error": copies.wind_error,
        "leeway": np.stack([copies.downwind_residual, copies.crosswind_residual], axis=1),
    }
    loose = {name: _kernel(pair, width, chance.child(name).normals(ids, 0)) for name, pair in pairs.items()}
    return replace(
        copies,
        current_error=loose["current_error"],
        residual_error=loose["residual_error"],
        wind_error=loose["wind_error"],
        downwind_residual=loose["leeway"][:, 0],
        crosswind_residual=loose["leeway"][:, 1],
    )


def _kernel(pair: FloatArray, width: Fraction, normal: FloatArray) -> FloatArray:
    """Pairs of numbers drawn towards their mean and spread by a kernel of `width` times their own covariance."""
    mean = pair.mean(axis=0)
    centred = pair - mean
    values, axes = np.linalg.eigh(centred.T @ centred / len(pair))
    spread = axes * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(mean + math.sqrt(1 - width**2) * centred + width * normal @ spread.T, dtype=np.float64)
