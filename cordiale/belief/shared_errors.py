"""Errors of current and wind that particles of one world share where they are close together.

A particle is a world of its own unless told otherwise: one of the ways in which the boat and the sea may be. Two people
of one boat, or two boats in one night, belong to one world, and meet the same errors where they are close together.
"""

import math
from dataclasses import replace
from typing import Final

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.earth.chance import Stream
from cordiale.earth.draw import normals
from cordiale.earth.geodesy import displacement
from cordiale.earth.units import Degrees, FloatArray, IntArray, Metres
from cordiale.sea.environment import Environment, ErrorScale

MODES: Final = 16  # plane waves whose sum makes the field of one world; judgement: enough that no wave is seen
_ORIGIN: Final[tuple[Degrees, Degrees]] = (51.0, 1.5)  # where waves are counted from; any place does


def innovation(belief: Belief, scale: ErrorScale, name: str, knot: int) -> FloatArray:
    """The new, standard normal part of an error ("current", "wind", "residual") at a half hour, shape (n, 2).

    By particle, unless the error has a length: then by world and place, as the particles stand.
    """
    stream = belief.stream.child(f"drift {name}")
    if scale.length is None:
        return stream.normals(belief.ids, knot)
    return shared_normals(stream, belief.world, knot, scale.length, belief.lat, belief.lon)


def with_shared_errors(belief: Belief, environment: Environment) -> Belief:
    """A first belief whose errors are shared in space where those of the environment have a length.

    Each number stays standard normal; without any length the belief is returned as it is. Beliefs of one boat's people,
    or of several boats, share errors when they have the same stream and, particle by particle, the same `world`.
    """
    changes = {}
    for name in ("current", "wind", "residual"):
        scale: ErrorScale = getattr(environment, f"{name}_error")
        if scale.length is not None and scale.std > 0:
            changes[f"{name}_error"] = innovation(belief, scale, name, 0)
    return replace(belief, **changes) if changes else belief  # type: ignore[arg-type]


def shared_normals(
    stream: Stream, world: IntArray, counter: int, length: Metres, lat: FloatArray, lon: FloatArray
) -> FloatArray:
    """Two independent standard normal numbers at each place, the same for places close together in one world: (n, 2).

    In each world a sum of `MODES` plane waves with normal random wave vectors and amplitudes: over the worlds each
    number is exactly standard normal, and two places d apart have the correlation exp(-d2 / 2 length2).

    Source: spectral method of random fields, Kraichnan, Phys. Fluids 13, 22-31 (1970), with as many waves as stated.
    """
    worlds, of_world = np.unique(world, return_inverse=True)
    east, north = displacement(*_ORIGIN, lat, lon)
    total = np.zeros((2, lat.size))
    for mode in range(MODES):
        waves, first, second = (
            normals(stream.child(f"{kind} {mode}"), worlds, count)
            for kind, count in (("wave", 0), ("cosine", counter), ("sine", counter))
        )
        along_east, along_north = waves[:, of_world] / length
        phase = along_east * east + along_north * north
        total += first[:, of_world] * np.cos(phase) + second[:, of_world] * np.sin(phase)
    return np.asarray(total.T / math.sqrt(MODES))
