"""Systematic resampling: as many particles as wanted, all of one weight, each copied in proportion to its weight."""

from dataclasses import replace
from typing import Final

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, IntArray, Probability

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
