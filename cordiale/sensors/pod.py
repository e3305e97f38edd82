"""Probability of detection by coverage C = W / S = W V T / A, as published. No floor and no ceiling acts here.

The two curves of the manuals are the inverse-cube law for parallel tracks, kept exactly ("ideal"), and the exponential
law of a random search ("normal"). Field trials on land fell between them by day and by night (Koester, abstract at
rescue.is 2018), so a band of both is what to tell. IAMSAR takes the ideal curve where no correction factor is below 1.

Source: Koopman, Search and Screening (1946); the Danish fit stands in the planner of the Danish Maritime Authority.
"""

import math
from typing import Literal

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, Fraction, Probability

Curve = Literal["ideal", "normal"]


def pod_definite(coverage: Fraction | FloatArray) -> FloatArray:
    """POD of definite range: min(1, C)."""
    return np.minimum(_coverage(coverage), 1.0)


def pod_inverse_cube(coverage: Fraction | FloatArray) -> FloatArray:
    """POD of the inverse-cube law on parallel tracks, the ideal curve: erf(C sqrt(pi) / 2)."""
    c = _coverage(coverage)
    return np.asarray(np.vectorize(math.erf, otypes=[np.float64])(c * (math.sqrt(math.pi) / 2)))


def pod_random(coverage: Fraction | FloatArray) -> FloatArray:
    """POD of a random search, the normal curve: 1 - exp(-C)."""
    return np.asarray(-np.expm1(-_coverage(coverage)))


def pod_danish(coverage: Fraction | FloatArray) -> FloatArray:
    """POD as fitted in the Danish planner: 1 - exp(-1.6 C^1.4)."""
    return np.asarray(-np.expm1(-1.6 * _coverage(coverage) ** 1.4))


def pod(coverage: Fraction | FloatArray, curve: Curve) -> FloatArray:
    """POD on one of the two curves of the manuals."""
    return pod_inverse_cube(coverage) if curve == "ideal" else pod_random(coverage)


def pod_band(coverage: Fraction) -> tuple[Probability, Probability]:
    """Least and most POD to tell: normal and ideal curve."""
    return float(pod_random(coverage)), float(pod_inverse_cube(coverage))


def coverage_for(wanted: Probability, curve: Curve) -> Fraction:
    """The coverage that gives a POD (0 to below 1), by bisection; 0.79 ideal and 0.63 normal are C = 1."""
    if not 0 <= wanted < 1:
        raise CordialeError("sensors.wanted_pod", value=wanted)
    low, high = 0.0, 40.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if float(pod(middle, curve)) < wanted else (low, middle)
    return high


def _coverage(coverage: Fraction | FloatArray) -> FloatArray:
    c = np.asarray(coverage, dtype=np.float64)
    if not np.all((c >= 0) & np.isfinite(c)):
        raise CordialeError("sensors.coverage", value=float(np.min(c)) if np.all(np.isfinite(c)) else "nan")
    return c
