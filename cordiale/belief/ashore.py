"""A boat aground: at what level of the sea she came to lie, and the tide that floats her again."""

from typing import Final

import numpy as np

from cordiale.belief.belief import KNOT
from cordiale.belief.offing import put_afloat
from cordiale.earth.chance import Stream
from cordiale.earth.units import FloatArray, Fraction, Instant, IntArray, Metres, Probability
from cordiale.sea.environment import Environment, Vector
from cordiale.sea.tide import TideAtlas, tidal_level

FLOATS_AT: Final[Metres] = 0.2  # judgement: water above the level at which she grounded that lifts a light boat
FLOATS_OFF: Final[Probability] = 0.5  # judgement: in each half hour of such water; sand, weed and people hold her


def level_aground(
    tide: TideAtlas | None, step: tuple[Instant, Instant], part: Fraction | FloatArray, lat: FloatArray, lon: FloatArray
) -> FloatArray:
    """Metres above mean sea level after part of a step, straight between its ends; NaN where no tide is known."""
    if tide is None or lat.size == 0:
        return np.full(lat.shape, np.nan)
    first, last = (tidal_level(tide, at, lat, lon) for at in step)
    return np.asarray(first + part * (last - first))


def floated_off(
    environment: Environment, at: Instant, stream: Stream, ids: IntArray, lies_at: FloatArray, where: Vector
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Which of some particles aground float again at a round half hour, and where: in the water off the nearest shore.

    The tide must stand `FLOATS_AT` above the level at which she came to lie; one whose level is not known stays.
    """
    known = np.flatnonzero(np.isfinite(lies_at))
    if environment.tide is None or not environment.refloat or known.size == 0:
        return known[:0], where[0][:0], where[1][:0]
    lat, lon = where[0][known], where[1][known]
    level = tidal_level(environment.tide, at, lat, lon)
    lifted = level > lies_at[known] + FLOATS_AT
    lifted &= stream.child("drift refloat").uniforms(ids[known], round(at / KNOT))[:, 0] < FLOATS_OFF
    lat, lon = lat[lifted], lon[lifted]
    if environment.coast is not None and lat.size:
        lat, lon = put_afloat(environment.coast, lat, lon)
    return known[lifted], lat, lon
