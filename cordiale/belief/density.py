"""Density of a cloud of particles, and the smallest region that holds a given share of it.

The density is a Gaussian kernel estimate on a grid. Its bandwidth is the one of a fixed ladder (20 m times powers of
the square root of 2) under which every particle is best foretold by the others (leave-one-out likelihood), so that two
separate clouds, a thin bent one and a round one are all smoothed by what they are and not by how far apart they lie.

The region of probability p holds the densest places, and its limit is the density above which a share p of the
particles themselves lies, read at the particles. Smoothing makes a cloud wider, but not this region: for a round cloud
it is the circle that holds the share p of the particles, whatever the bandwidth.

Source: Hyndman, Computing and graphing highest density regions, Am. Stat. 50, 120-126 (1996); Habbema et al. (1974) and
Duin (1976) for the leave-one-out likelihood.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.belief.plane import to_plane
from cordiale.earth.units import BoolArray, FloatArray, LogLikelihood, Metres, Probability, SquareMetres

LADDER: Final = tuple(20.0 * math.sqrt(2.0) ** k for k in range(20))  # 20 m to 14.5 km
_PER_BANDWIDTH: Final = 2.5  # cells per bandwidth
_REACH: Final = 4.0  # the kernel ends after so many bandwidths
_MOST_CELLS: Final = 700  # along one side
_BACKGROUND: Final = 0.01  # share of an even spread over the box, so that a lone particle does not rule the bandwidth


@dataclass(frozen=True, kw_only=True, eq=False)
class Density:
    """Probability per square metre at the nodes of a square grid of the plane (`cordiale.belief.plane`).

    `values[row, column]` is the density at x = west + column * cell, y = south + row * cell. `at_particles` is the
    density at each particle of the cloud it was made from, `weight` their weights.
    """

    west: Metres
    south: Metres
    cell: Metres
    bandwidth: Metres
    values: FloatArray
    at_particles: FloatArray
    weight: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class HighestDensity:
    """The nodes of a density's grid whose density is at least `limit` (1/m2), and the area they stand for."""

    limit: Probability
    area: SquareMetres
    inside: BoolArray


def density_of(lat: FloatArray, lon: FloatArray, weight: FloatArray) -> Density:
    """The density of a cloud of particles; positions of shape (n,), weights sum to 1."""
    x, y = to_plane(lat, lon)
    bandwidth = best_bandwidth(x, y, weight)
    return _smoothed(x, y, weight, bandwidth)


def best_bandwidth(x: FloatArray, y: FloatArray, weight: FloatArray) -> Metres:
    """The bandwidth of the ladder under which the particles foretell each other best, in metres.

    The search climbs from a rule of thumb (0.2 of the middle half's spread) to the nearest maximum.
    """
    spread = max(_middle_spread(x), _middle_spread(y), LADDER[0])
    start = int(np.argmin([abs(math.log(h / (0.2 * spread))) for h in LADDER]))
    scores: dict[int, float] = {}

    def score(k: int) -> LogLikelihood:
        if not 0 <= k < len(LADDER):
            return -math.inf
        if k not in scores:
            scores[k] = _leave_one_out(x, y, weight, LADDER[k])
        return scores[k]

    best = start
    for direction in (-1, 1):
        while score(best + direction) > score(best):
            best += direction
    return LADDER[best]


def density_at(density: Density, lat: FloatArray, lon: FloatArray) -> FloatArray:
    """Probability per square metre at positions of any shape; 0 beyond the grid."""
    x, y = to_plane(np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64))
    return _look_up(density.values, (x - density.west) / density.cell, (y - density.south) / density.cell)


def highest_density(density: Density, probability: Probability) -> HighestDensity:
    """The smallest region that holds `probability` of the particles."""
    order = np.argsort(-density.at_particles, kind="stable")
    held = np.cumsum(density.weight[order])
    last = min(int(np.searchsorted(held, probability * held[-1] - 1e-12)), order.size - 1)
    limit = float(density.at_particles[order[last]])
    inside = density.values >= limit
    return HighestDensity(limit=limit, area=float(inside.sum()) * density.cell**2, inside=inside)


def _smoothed(x: FloatArray, y: FloatArray, weight: FloatArray, bandwidth: Metres) -> Density:
    cell, west, south, mass = _binned(x, y, weight, bandwidth)
    values = _spread(mass, bandwidth / cell) / cell**2
    at_particles = _look_up(values, (x - west) / cell, (y - south) / cell)
    return Density(
        west=west,
        south=south,
        cell=cell,
        bandwidth=bandwidth,
        values=values,
        at_particles=at_particles,
        weight=weight,
    )


def _leave_one_out(x: FloatArray, y: FloatArray, weight: FloatArray, bandwidth: Metres) -> LogLikelihood:
    density = _smoothed(x, y, weight, bandwidth)
    own = weight / (
        2 * math.pi * (bandwidth**2 + density.cell**2 / 6)
    )  # linear binning adds cell^2 / 6 to the variance
    others = np.maximum(density.at_particles - own, 0.0) / np.maximum(1 - weight, 1e-12)
    box = density.values.size * density.cell**2
    return float(weight @ np.log((1 - _BACKGROUND) * others + _BACKGROUND / box))


def _binned(
    x: FloatArray, y: FloatArray, weight: FloatArray, bandwidth: Metres
) -> tuple[Metres, Metres, Metres, FloatArray]:
    """Mass shared among the four nodes around each particle, on a grid anchored at the origin of the plane."""
    margin = _REACH * bandwidth
    extent = max(float(np.ptp(x)), float(np.ptp(y))) + 2 * margin
    cell = max(bandwidth / _PER_BANDWIDTH, extent / _MOST_CELLS)
    west = math.floor((float(x.min()) - margin) / cell)
    south = math.floor((float(y.min()) - margin) / cell)
    columns = math.ceil((float(x.max()) + margin) / cell) - west + 2
    rows = math.ceil((float(y.max()) + margin) / cell) - south + 2
    right, up = x / cell - west, y / cell - south
    j, i = right.astype(np.intp), up.astype(np.intp)
    right, up = right - j, up - i
    node = i * columns + j
    mass = np.zeros(rows * columns)
    for step, share in (
        (0, (1 - up) * (1 - right)),
        (1, (1 - up) * right),
        (columns, up * (1 - right)),
        (columns + 1, up * right),
    ):
        mass += np.bincount(node + step, weight * share, minlength=mass.size)
    return cell, west * cell, south * cell, mass.reshape(rows, columns)


def _spread(mass: FloatArray, bandwidth_in_cells: float) -> FloatArray:
    """The mass convolved with a normal kernel by Fourier transforms; the margin of the grid keeps it from wrapping."""
    across, along = (
        np.exp(-2 * (math.pi * bandwidth_in_cells * k) ** 2)
        for k in (np.fft.fftfreq(mass.shape[0]), np.fft.rfftfreq(mass.shape[1]))
    )
    waves = np.fft.rfft2(mass) * across[:, np.newaxis] * along
    return np.maximum(np.fft.irfft2(waves, mass.shape), 0.0)


def _look_up(values: FloatArray, column: FloatArray, row: FloatArray) -> FloatArray:
    rows, columns = values.shape
    inside = (row >= 0) & (row < rows - 1) & (column >= 0) & (column < columns - 1)
    i = np.where(inside, row, 0).astype(np.intp)
    j = np.where(inside, column, 0).astype(np.intp)
    up, right = row - i, column - j
    low = values[i, j] * (1 - right) + values[i, j + 1] * right
    high = values[i + 1, j] * (1 - right) + values[i + 1, j + 1] * right
    return np.where(inside, low * (1 - up) + high * up, 0.0)


def _middle_spread(x: FloatArray) -> Metres:
    low, high = np.quantile(x, [0.25, 0.75])
    return float(high - low) / 1.349  # the interquartile range of a standard normal law
