"""Where Moon and Sun stand, and what that makes of each tidal constituent.

A constituent k of a tide with amplitude A and Greenwich phase lag g is  f A cos(V + u - g): V is its astronomical argument,
f and u are the slow nodal factor and angle that the 18.6-year turn of the Moon's orbit imposes.

Sources: mean longitudes: Meeus, Astronomical Algorithms (1998), chapters 22, 25, 47; arguments: Schureman, Manual of Harmonic
Analysis and Prediction of Tides, US Coast and Geodetic Survey SP 98 (1958), table 2; nodal series: Doodson and Warburg,
Admiralty Manual of Tides (1941), as tabulated by Pugh, Tides, Surges and Mean Sea-Level (1987), table 4.3. Shallow-water
constituents take the product of the factors and the sum of the angles of their parents.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Degrees, FloatArray, Instant, days, degrees, hours

ComplexArray = NDArray[np.complex128]

J2000: Instant = 946728000.0  # 2000-01-01T12:00Z; the 64 s between UTC and dynamical time move M2 by 0.01 degree


@dataclass(frozen=True, kw_only=True, slots=True)
class Constituent:
    """One line of the tide: multiples of (T, s, h, p, p1), a constant in degrees, and the parents whose nodal terms it takes.

    T is the mean solar hour angle from midnight, 15 degrees an hour of UTC; s, h, p, p1 the mean longitudes of Moon, Sun,
    lunar perigee and solar perigee. `nodal` counts the parents: (("M2", 2),) for M4; a negative count turns the angle only.
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


def _parent(name: str, node: FloatArray, perigee: FloatArray) -> ComplexArray:
    """f exp(iu) of one parent constituent; angles in radians. Source: Doodson and Warburg (1941)."""
    if name == "L2":
        terms = ((0.2505, 2 * perigee), (0.1102, 2 * perigee - node), (0.0156, 2 * perigee - 2 * node), (0.0370, node))
        real = 1.0 - sum(weight * np.cos(angle) for weight, angle in terms)
        imaginary = -sum(weight * np.sin(angle) for weight, angle in terms)
        return np.asarray(real + 1j * imaginary)
    factor, angle = _NODAL[name]
    f = sum(weight * np.cos(k * node) for k, weight in enumerate(factor))
    u = sum(weight * np.sin((k + 1) * node) for k, weight in enumerate(angle)) * degrees
    return np.asarray(f * np.exp(1j * u))


# Cosine series of f (from cos 0) and sine series of u in degrees (from sin N). Source: Pugh (1987), table 4.3.
_NODAL: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "M2": ((1.0004, -0.0373, 0.0002), (-2.14,)),
    "O1": ((1.0089, 0.1871, -0.0147, 0.0014), (10.80, -1.34, 0.19)),
    "K1": ((1.0060, 0.1150, -0.0088, 0.0006), (-8.86, 0.68, -0.07)),
    "K2": ((1.0241, 0.2863, 0.0083, -0.0015), (-17.74, 0.68, -0.04)),
}


def nodal_factors(names: tuple[str, ...], at: Instant | FloatArray) -> ComplexArray:
    """f exp(iu) of each constituent, shape (names, ...) for instants of shape (...).

    >>> round(float(abs(nodal_factors(("M2",), 1637712000.0)[0])), 3)
    0.983
    """
    _, _, _, perigee, _, node = np.radians(mean_longitudes(at))
    parents: dict[str, ComplexArray] = {}
    rows = []
    for name in names:
        product = np.ones(np.shape(node), dtype=np.complex128)
        for parent, count in _known(name).nodal:
            if parent not in parents:
                parents[parent] = _parent(parent, node, perigee)
            turn = parents[parent] if count > 0 else np.conj(parents[parent])
            product = product * turn ** abs(count)
        rows.append(product)
    return np.stack(rows)


def arguments(names: tuple[str, ...], at: Instant | FloatArray) -> FloatArray:
    """Astronomical arguments V in radians (not reduced), shape (names, ...) for instants of shape (...)."""
    longitudes = mean_longitudes(at)[:5]
    rows = []
    for name in names:
        line = _known(name)
        weights = np.array(line.multiples, dtype=np.float64)
        rows.append(np.tensordot(weights, longitudes, axes=1) + line.constant)
    return np.asarray(np.radians(np.stack(rows)))


def phasors(names: tuple[str, ...], at: Instant | FloatArray) -> ComplexArray:
    """f exp(i(V + u)) of each constituent, shape (names, ...): the tide is the real part of its product with A exp(-ig)."""
    return np.asarray(nodal_factors(names, at) * np.exp(1j * arguments(names, at)))


def speeds(names: tuple[str, ...]) -> FloatArray:
    """Angular speeds in degrees per hour at J2000. Source: the derivative of the mean longitudes above."""
    rates = np.array([15.0, 481267.88123421, 36000.76983, 4069.0137287, 1.71946])
    rates[1:] /= 36525.0 * 24.0
    return np.array([np.dot(_known(name).multiples, rates) for name in names])


def _known(name: str) -> Constituent:
    line = CONSTITUENTS.get(name)
    if line is None:
        raise CordialeError("sea.constituent", name=name, known=", ".join(CONSTITUENTS))
    return line
