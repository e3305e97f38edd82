"""Density of a cloud of particles, and the smallest region that holds a given share of it.

The density is an adaptive Gaussian kernel estimate on a grid: each particle is smoothed over as much sea as holds some
3 % of the cloud (nearest neighbours in the sense of Breiman et al., but counted as a share of the probability, so that
the copies of a resampled particle do not pass for a crowd). In two dimensions such a bandwidth goes with the inverse
square root of the density, which is Abramson's law. So a tight core keeps its shape and its thin outskirts come
out as one calm outline and not as islands. Bandwidths are rounded to 20 m times powers of 2; the particles of each are
smoothed together by Fourier transforms.

The region of probability p holds the densest places, and its limit is the density above which a share p of the
particles themselves lies, read at the particles. Smoothing makes a cloud wider, but not this region: for a round cloud
it is the circle that holds the share p of the particles, whatever the bandwidth.

`Density.bandwidth` is another matter: the one bandwidth under which every particle is best foretold by the others
(leave-one-out likelihood), for updates that want all kernels alike.

Source: Breiman, Meisel and Purcell, Variable kernel estimates of multivariate densities, Technometrics 19, 135-144
(1977); Abramson, On bandwidth variation in kernel estimates, Ann. Stat. 10, 1217-1223 (1982); Silverman, Density
estimation (1986), section 5.3; Hyndman, Computing and graphing highest density regions, Am. Stat. 50, 120-126 (1996);
Habbema et al. (1974) and Duin (1976) for the leave-one-out likelihood.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cordiale.belief.plane import to_plane
from cordiale.earth.units import BoolArray, FloatArray, Fraction, LogLikelihood, Metres, Probability, SquareMetres

LADDER: Final = tuple(20.0 * math.sqrt(2.0) ** k for k in range(20))  # 20 m to 14.5 km
NEIGHBOURS: Final[Fraction] = 0.03  # judgement: of the probability, under each kernel; docs/belief.md has the tests
_FINEST: Final[Metres] = 20.0
_PER_BANDWIDTH: Final = 2.5  # cells per bandwidth
_PER_COUNT: Final = 1.25  # the same where neighbours are only counted
_REACH: Final = 4.0  # the kernel ends after so many bandwidths
_SHORT_REACH: Final = 3.0  # the same for the adaptive kernels, of which only the outermost come near the rim
_MOST_CELLS: Final = 448  # along one side
_ROUND: Final = 16  # sides of the grid are multiples of it: quick to transform
_LONELY: Final[Fraction] = 1e-3  # of the probability, the thinnest, may lie beyond the grid
_SQUARES: Final = 64  # along one side, to find the thinnest
_BACKGROUND: Final = 0.01  # share of an even spread over the box, so that a lone particle does not rule the bandwidth


@dataclass(frozen=True, slots=True)
class _Grid:
    """Nodes of the plane at multiples of the cell: the first one, in cells from the anchor, and their numbers."""

    cell: Metres
    west: int
    south: int
    columns: int
    rows: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Density:
    """Probability per square metre at the nodes of a square grid of the plane (`cordiale.belief.plane`).

    `values[row, column]` is the density at x = west + column * cell, y = south + row * cell. `at_particles` is the
    density at each particle of the cloud it was made from, `x`, `y` their places and `weight` their weights.
    """

    west: Metres
    south: Metres
    cell: Metres
    values: FloatArray
    x: FloatArray
    y: FloatArray
    at_particles: FloatArray
    weight: FloatArray

    @cached_property
    def bandwidth(self) -> Metres:
        """The one bandwidth that suits the cloud best where all kernels are to be alike."""
        return best_bandwidth(self.x, self.y, self.weight)


@dataclass(frozen=True, kw_only=True, eq=False)
class HighestDensity:
    """The nodes of a density's grid whose density is at least `limit` (1/m2), and the area they stand for."""

    limit: Probability
    area: SquareMetres
    inside: BoolArray


def density_of(lat: FloatArray, lon: FloatArray, weight: FloatArray) -> Density:
    """The density of a cloud of particles; positions of shape (n,), weights sum to 1.

    The grid holds all probability but the thousandth that lies thinnest; beyond it the density is 0.
    """
    x, y = to_plane(lat, lon)
    crowd = _crowd(x, y, weight)
    own = own_bandwidths(x, y, weight, crowd)
    grid = _grid(x[crowd], y[crowd], _SHORT_REACH * own[crowd], float(own[crowd].min()) / _PER_BANDWIDTH)
    waves = np.zeros((grid.rows, grid.columns // 2 + 1), dtype=np.complex128)
    for bandwidth in np.unique(own):
        these = own == bandwidth
        waves += _waves(_binned(x[these], y[these], weight[these], grid), float(bandwidth) / grid.cell)
    values = np.maximum(np.fft.irfft2(waves, (grid.rows, grid.columns)), 0.0) / grid.cell**2
    return Density(
        west=grid.west * grid.cell,
        south=grid.south * grid.cell,
        cell=grid.cell,
        values=values,
        x=x,
        y=y,
        at_particles=_look_up(values, x / grid.cell - grid.west, y / grid.cell - grid.south),
        weight=weight,
    )


def own_bandwidths(x: FloatArray, y: FloatArray, weight: FloatArray, crowd: BoolArray) -> FloatArray:
    """A bandwidth for each particle (m): the narrowest, 20 m times a power of 2, with enough neighbours under it.

    Neighbours under a kernel: probability weighted by exp(-d2 / 2 h2), at least `NEIGHBOURS`. From a quarter of the
    extent of the crowd downwards, as long as each narrower kernel still has enough.
    """
    extent = max(float(np.ptp(x[crowd])), float(np.ptp(y[crowd])), _FINEST)
    rung = max(0, math.ceil(math.log2(extent / 4 / _FINEST)))
    own = np.full(x.size, _FINEST * 2.0**rung)
    going = np.ones(x.size, dtype=np.bool_)
    while rung > 0 and going.any():
        rung -= 1
        bandwidth = _FINEST * 2.0**rung
        grid = _grid(x[crowd], y[crowd], np.full(1, _SHORT_REACH * bandwidth), bandwidth / _PER_COUNT)
        smooth = _spread(_binned(x, y, weight, grid), bandwidth / grid.cell)
        near = _look_up(smooth, x / grid.cell - grid.west, y / grid.cell - grid.south)
        near *= 2 * math.pi * (bandwidth / grid.cell) ** 2
        going &= near >= NEIGHBOURS
        own[going] = bandwidth
    return own


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


def _leave_one_out(x: FloatArray, y: FloatArray, weight: FloatArray, bandwidth: Metres) -> LogLikelihood:
    grid = _grid(x, y, np.full(1, _REACH * bandwidth), bandwidth / _PER_BANDWIDTH)
    values = _spread(_binned(x, y, weight, grid), bandwidth / grid.cell) / grid.cell**2
    at_particles = _look_up(values, x / grid.cell - grid.west, y / grid.cell - grid.south)
    own = weight / (2 * math.pi * (bandwidth**2 + grid.cell**2 / 6))  # linear binning adds cell^2 / 6 to the variance
    others = np.maximum(at_particles - own, 0.0) / np.maximum(1 - weight, 1e-12)
    box = values.size * grid.cell**2
    return float(weight @ np.log((1 - _BACKGROUND) * others + _BACKGROUND / box))


def _crowd(x: FloatArray, y: FloatArray, weight: FloatArray) -> BoolArray:
    """All particles but those that lie thinnest, a thousandth of the probability: they shall not stretch the grid."""
    kept = np.arange(x.size)
    spare = _LONELY
    for _ in range(3):
        side = max(float(np.ptp(x[kept])), float(np.ptp(y[kept])), _FINEST) / _SQUARES
        column = ((x[kept] - x[kept].min()) / side).astype(np.intp)
        row = ((y[kept] - y[kept].min()) / side).astype(np.intp)
        square = row * (_SQUARES + 1) + column
        mass = np.bincount(square, weight[kept], minlength=(_SQUARES + 1) ** 2)
        thinnest = np.argsort(mass, kind="stable")
        thin = np.zeros(mass.size, dtype=np.bool_)
        thin[thinnest[np.cumsum(mass[thinnest]) <= spare]] = True
        spare -= float(mass[thin].sum())
        kept = kept[~thin[square]]
    crowd = np.zeros(x.size, dtype=np.bool_)
    crowd[kept] = True
    return crowd


def _grid(x: FloatArray, y: FloatArray, margin: FloatArray, finest: Metres) -> _Grid:
    """A grid around particles and the margin of each, its cell at least `finest`, anchored at the plane's origin."""
    west, east = float((x - margin).min()), float((x + margin).max())
    south, north = float((y - margin).min()), float((y + margin).max())
    cell = max(finest, max(east - west, north - south) / _MOST_CELLS)
    first_column, first_row = math.floor(west / cell), math.floor(south / cell)
    columns, rows = math.ceil(east / cell) - first_column + 2, math.ceil(north / cell) - first_row + 2
    return _Grid(cell, first_column, first_row, -(-columns // _ROUND) * _ROUND, -(-rows // _ROUND) * _ROUND)


def _binned(x: FloatArray, y: FloatArray, weight: FloatArray, grid: _Grid) -> FloatArray:
    """Mass shared among the four nodes around each particle; particles beyond the grid are left out."""
    right, up = x / grid.cell - grid.west, y / grid.cell - grid.south
    held = (right >= 0) & (right < grid.columns - 1) & (up >= 0) & (up < grid.rows - 1)
    right, up, weight = right[held], up[held], weight[held]
    j, i = right.astype(np.intp), up.astype(np.intp)
    right, up = right - j, up - i
    node = i * grid.columns + j
    mass = np.zeros(grid.rows * grid.columns)
    for step, share in (
        (0, (1 - up) * (1 - right)),
        (1, (1 - up) * right),
        (grid.columns, up * (1 - right)),
        (grid.columns + 1, up * right),
    ):
        mass += np.bincount(node + step, weight * share, minlength=mass.size)
    return mass.reshape(grid.rows, grid.columns)


def _waves(mass: FloatArray, bandwidth_in_cells: Fraction) -> NDArray[np.complex128]:
    """Fourier transform of the mass convolved with a normal kernel; the margin of the grid keeps it from wrapping."""
    across, along = (
        np.exp(-2 * (math.pi * bandwidth_in_cells * k) ** 2)
        for k in (np.fft.fftfreq(mass.shape[0]), np.fft.rfftfreq(mass.shape[1]))
    )
    return np.asarray(np.fft.rfft2(mass) * across[:, np.newaxis] * along)


def _spread(mass: FloatArray, bandwidth_in_cells: Fraction) -> FloatArray:
    """The mass convolved with a normal kernel."""
    return np.maximum(np.fft.irfft2(_waves(mass, bandwidth_in_cells), mass.shape), 0.0)


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
