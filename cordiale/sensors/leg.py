"""What one straight leg past a particle detects: the inverse-cube law on a leg that begins and ends.

In the frame of the particle the leg is a straight segment, covered at the relative velocity w = u - v of searcher and
particle. With x the distance of the particle from the line of the segment, and s1 < s2 the distances along it of its
ends from the foot point,

    n = (u / |w|) W^2 / (8 pi x^2) (s2 / sqrt(x^2 + s2^2) - s1 / sqrt(x^2 + s1^2)).

A plan misses with exp(-sum n) where looks are independent. An endless leg has W^2 / (4 pi x^2), which is the
lateral range curve.

Source: the integral of Koopman's glimpse rate k h / r^3 along the segment, derived here; the gamma mixture is the
Laplace transform of the gamma law.
"""

import math
from typing import Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, Fraction, Metres, Quantity

# exp(-40) is nothing; the cap keeps a leg right over the particle finite. It is no ceiling on a POD: that is the
# business of the update.
MOST: Final[Quantity] = 40.0


def leg_hazard(
    width: Metres | FloatArray,
    x: FloatArray,
    s1: FloatArray | Metres,
    s2: FloatArray | Metres,
    speed_ratio: Fraction | FloatArray = 1.0,
) -> FloatArray:
    """Hazard n of one leg: sweep width (m), distances (m, any shapes that broadcast; s1, s2 may be infinite).

    `speed_ratio` is searcher speed over relative speed, u / |w|: a particle that runs along is looked at longer.
    Capped at 40. A particle on the line but beyond its ends (x = 0) has W^2 u / (16 pi |w|) (1 / s1^2 - 1 / s2^2).
    """
    if not np.all(np.asarray(width) >= 0):
        raise CordialeError("sensors.curve_number", name="width", value=float(np.min(width)))
    x2, start, end = (np.asarray(a, dtype=np.float64) for a in (np.square(x), s1, s2))
    across = np.maximum(x2, 1e-12)  # a micrometre: only to divide by
    same = (start > 0) == (end > 0)  # the foot point lies beyond an end: differences of near-equal numbers
    part = np.where(same, _beyond(across, start, end), (_sine(across, end) - _sine(across, start)) / across)
    n = np.asarray(speed_ratio) * np.square(width) / (8 * math.pi) * part
    return np.asarray(np.minimum(np.nan_to_num(n, nan=MOST, posinf=MOST), MOST))


def miss(hazard: FloatArray, alike: Quantity | None = None) -> FloatArray:
    """Chance to be missed after a summed hazard: exp(-n), or with looks that are alike (1 + n / kappa)^-kappa.

    What makes one object hard to see makes it so for every look (no light, no wake): a gamma law of mean 1 and shape
    kappa over objects. kappa to infinity is independence; small kappa means that a second look adds little.
    """
    if alike is None:
        return np.asarray(np.exp(-hazard))
    if not alike > 0:
        raise CordialeError("sensors.curve_number", name="alike", value=alike)
    return np.asarray(np.exp(-alike * np.log1p(hazard / alike)))


def _sine(x2: FloatArray, s: FloatArray) -> FloatArray:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(np.isinf(s), np.sign(s), s / np.sqrt(x2 + s * s)))


def _beyond(x2: FloatArray, s1: FloatArray, s2: FloatArray) -> FloatArray:
    """(sin2 - sin1) / x^2 without cancellation where both ends lie on one side: by their cosines' difference."""
    near, far = np.minimum(np.abs(s1), np.abs(s2)), np.maximum(np.abs(s1), np.abs(s2))
    c_near, c_far = x2 / (x2 + near * near), np.where(np.isinf(far), 0.0, x2 / (x2 + far * far))
    return np.asarray((c_near - c_far) / (np.sqrt(1 - c_near) + np.sqrt(1 - c_far) + 1e-300) / x2)
