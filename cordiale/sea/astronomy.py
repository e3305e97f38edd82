"""Where Moon and Sun stand, and what that makes of each tidal constituent.

A constituent with amplitude A and Greenwich phase lag g is  f A cos(V + u - g): V is its astronomical argument, f and u
are the slow nodal factor and angle that the 18.6-year turn of the Moon's orbit imposes.

Sources: mean longitudes: Meeus, Astronomical Algorithms (1998), chapters 22, 25, 47; arguments: Schureman, Manual of
Harmonic Analysis and Prediction of Tides, US Coast and Geodetic Survey SP 98 (1958), table 2; nodal series: Doodson and
Warburg, Admiralty Manual of Tides (1941), as tabulated by Pugh, Tides, Surges and Mean Sea-Level (1987), table 4.3.
Shallow-water constituents take the product of the factors and the sum of the angles of their parents.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Degrees, FloatArray, Instant, days, degrees, hours

ComplexArray = NDArray[np.complex128]

J2000: Instant = 946728000.0  # 2000-01-01T12:00Z; the 64 s between UTC and dynamical time move M2 by 0.01 degree


@dataclass(frozen=True, kw_only=True, slots=True)
class Constituent:
    """One line of the tide: multiples of (T, s, h, p, p1), a constant in degrees, the parents of its nodal terms.

    T is the mean solar hour angle from midnight, 15 degrees an hour of UTC; s, h, p, p1 the mean longitudes of Moon,
    Sun, lunar perigee and solar perigee. `nodal` counts the parents: (("M2", 2),) for M4; a negative count turns the
    angle back.
    """

    name: str
    multiples: tuple[int, int, int, int, int]
    constant: Degrees = 0.0
    nodal: tuple[tuple[str, int], ...] = ()


def _line(name: str, multiples: tuple[int, int, int, int, int], constant: Degrees = 0.0, **nodal: int) -> Constituent:
    return Constituent(name=name, multiples=multiples, constant=constant, nodal=tuple(nodal.items()))


# Schureman (1958), table 2, with T counted from midnight (his hour angle plus 180 degrees).
CONSTITUENTS: dict[str, Constituent] = {
    line.name: line
    for line in (
        _line("Z0", (0, 0, 0, 0, 0)),
        _line("MSF", (0, 2, -2, 0, 0), M2=-1),
        _line("Q1", (1, -3, 1, 1, 0), 270.0, O1=1),
        _line("O1", (1, -2, 1, 0, 0), 270.0, O1=1),
        _line("P1", (1, 0, -1, 0, 0), 270.0),
        _line("K1", (1, 0, 1, 0, 0), 90.0, K1=1),
        _line("2N2", (2, -4, 2, 2, 0), M2=1),
        _line("MU2", (2, -4, 4, 0, 0), M2=1),
        _line("N2", (2, -3, 2, 1, 0), M2=1),
        _line("NU2", (2, -3, 4, -1, 0), M2=1),
        _line("M2", (2, -2, 2, 0, 0), M2=1),
        _line("LAMBDA2", (2, -1, 0, 1, 0), 180.0, M2=1),
        _line("L2", (2, -1, 2, -1, 0), 180.0, L2=1),
        _line("T2", (2, 0, -1, 0, 1)),
        _line("S2", (2, 0, 0, 0, 0)),
        _line("K2", (2, 0, 2, 0, 0), K2=1),
        _line("2SM2", (2, 2, -2, 0, 0), M2=-1),
        _line("MN4", (4, -5, 4, 1, 0), M2=2),
        _line("M4", (4, -4, 4, 0, 0), M2=2),
        _line("MS4", (4, -2, 2, 0, 0), M2=1),
        _line("M6", (6, -6, 6, 0, 0), M2=3),
        _line("2MS6", (6, -4, 4, 0, 0), M2=2),
    )
}


def mean_longitudes(at: Instant | FloatArray) -> FloatArray:
    """T, s, h, p, p1 and N (degrees, not reduced), shape (6, ...) for instants of shape (...).

    N is the longitude of the Moon's ascending node. Good to 0.01 degree from 1900 to 2100. Source: Meeus (1998).
    """
    moment = np.asarray(at, dtype=np.float64)
    century = (moment - J2000) / (36525.0 * days)
    hour_angle = 15.0 * (np.mod(moment, days) / hours)
    moon = 218.3164477 + 481267.88123421 * century - 0.0015786 * century**2
    sun = 280.46646 + 36000.76983 * century + 0.0003032 * century**2
    perigee = 83.3532465 + 4069.0137287 * century - 0.0103200 * century**2
    solar_perigee = 282.93735 + 1.71946 * century + 0.00046 * century**2
    node = 125.0445479 - 1934.1362891 * century + 0.0020754 * century**2
    return np.stack([hour_angle, moon, sun, perigee, solar_perigee, node])


# Cosine series of f (from cos 0) and sine series of u in degrees (from sin N). Source: Pugh (1987), table 4.3.
_SERIES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "M2": ((1.0004, -0.0373, 0.0002, 0.0), (-2.14, 0.0, 0.0)),
    "O1": ((1.0089, 0.1871, -0.0147, 0.0014), (10.80, -1.34, 0.19)),
    "K1": ((1.0060, 0.1150, -0.0088, 0.0006), (-8.86, 0.68, -0.07)),
    "K2": ((1.0241, 0.2863, 0.0083, -0.0015), (-17.74, 0.68, -0.04)),
}
_PARENTS = (*_SERIES, "L2")
_COSINES = np.array([cosines for cosines, _ in _SERIES.values()])
_SINES = np.array([sines for _, sines in _SERIES.values()])
# L2 hangs on the perigee too: f exp(iu) = 1 - sum of weight exp(i(a p + b N)). Source: Doodson and Warburg (1941).
_L2 = ((0.2505, 2, 0), (0.1102, 2, -1), (0.0156, 2, -2), (0.0370, 0, 1))


def _parents(at: Instant | FloatArray) -> tuple[FloatArray, FloatArray]:
    """Factors f and angles u (radians) of the parents, shape (parents, ...)."""
    _, _, _, perigee, _, node = np.radians(mean_longitudes(at))
    cosines = np.stack([np.ones_like(node), np.cos(node), np.cos(2 * node), np.cos(3 * node)])
    sines = np.stack([np.sin(node), np.sin(2 * node), np.sin(3 * node)])
    l2 = 1 - sum(weight * np.exp(1j * (a * perigee + b * node)) for weight, a, b in _L2)
    factor = np.concatenate([np.tensordot(_COSINES, cosines, axes=1), np.abs(l2)[None]])
    angle = np.concatenate([np.tensordot(_SINES, sines, axes=1) * degrees, np.angle(l2)[None]])
    return factor, angle


@cache
def _counts(names: tuple[str, ...]) -> FloatArray:
    """How often each constituent takes each parent, shape (names, parents)."""
    table = np.zeros((len(names), len(_PARENTS)))
    for row, name in enumerate(names):
        for parent, count in _known(name).nodal:
            table[row, _PARENTS.index(parent)] = count
    return table


def nodal_factors(names: tuple[str, ...], at: Instant | FloatArray) -> ComplexArray:
    """f exp(iu) of each constituent, shape (names, ...) for instants of shape (...).

    >>> round(float(abs(nodal_factors(("M2",), 1637712000.0)[0])), 3)
    0.983
    """
    counts = _counts(names)
    factor, angle = _parents(at)
    exponent = np.tensordot(np.abs(counts), np.log(factor), axes=1) + 1j * np.tensordot(counts, angle, axes=1)
    return np.asarray(np.exp(exponent))


def arguments(names: tuple[str, ...], at: Instant | FloatArray) -> FloatArray:
    """Astronomical arguments V in radians (not reduced), shape (names, ...) for instants of shape (...)."""
    longitudes = mean_longitudes(at)[:5]
    multiples, constant = _lines(names)
    return np.asarray(np.radians(np.tensordot(multiples, longitudes, axes=1).T + constant).T)


def phasors(names: tuple[str, ...], at: Instant | FloatArray) -> ComplexArray:
    """f exp(i(V + u)) of each constituent, shape (names, ...); the tide is the real part of it times A exp(-ig)."""
    return np.asarray(nodal_factors(names, at) * np.exp(1j * arguments(names, at)))


def speeds(names: tuple[str, ...]) -> FloatArray:
    """Angular speeds in degrees per hour at J2000. Source: the derivative of the mean longitudes above."""
    rates = np.array([15.0, 481267.88123421, 36000.76983, 4069.0137287, 1.71946])
    rates[1:] /= 36525.0 * 24.0
    return np.asarray(_lines(names)[0] @ rates)


@cache
def _lines(names: tuple[str, ...]) -> tuple[FloatArray, FloatArray]:
    """Multiples (names, 5) and constants (names) of the arguments."""
    lines = [_known(name) for name in names]
    return np.array([line.multiples for line in lines], dtype=np.float64), np.array([line.constant for line in lines])


def _known(name: str) -> Constituent:
    line = CONSTITUENTS.get(name)
    if line is None:
        raise CordialeError("sea.constituent", name=name, known=", ".join(CONSTITUENTS))
    return line
