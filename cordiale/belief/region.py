"""Maps of a belief: probability on fixed cells, the smallest region that holds it, a digest to compare."""

import hashlib
from dataclasses import dataclass

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.contours import rings_at
from cordiale.belief.density import Density, density_at, density_of, highest_density
from cordiale.belief.plane import from_plane, to_plane
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import zulu
from cordiale.earth.position import Position
from cordiale.earth.units import (
    BoolArray,
    FloatArray,
    Instant,
    IntArray,
    Metres,
    Probability,
    SquareMetres,
    km,
    metres,
    percent,
)
from cordiale.words import say

Ring = FloatArray  # shape (n, 2): latitude and longitude in degrees, the last point equal to the first


@dataclass(frozen=True, kw_only=True, eq=False)
class ProbabilityMap:
    """Probability of containment (POC) on square cells of one plane, anchored at 51 N 1.5 E on every machine.

    `mass[i]` is the probability in the cell whose south-west corner is `column[i] * cell` metres east and
    `row[i] * cell` metres north of the anchor (`cordiale.belief.plane`); cells without any are left out.
    The masses sum to 1.
    """

    at: Instant
    cell: Metres
    row: IntArray
    column: IntArray
    mass: FloatArray

    def corners(self) -> tuple[FloatArray, FloatArray]:
        """Latitudes and longitudes of the corners of each cell, anticlockwise from the south-west: shape (n, 4)."""
        x = (self.column[:, np.newaxis] + np.array([0, 1, 1, 0])) * self.cell
        y = (self.row[:, np.newaxis] + np.array([0, 0, 1, 1])) * self.cell
        return from_plane(x, y)


@dataclass(frozen=True, kw_only=True, eq=False)
class Region:
    """The smallest region that holds the boat with `probability`, by the estimator of `cordiale.belief.density`.

    `rings` are closed lines of (lat, lon): outlines anticlockwise, holes clockwise; `limit` is their density (1/m2).
    """

    at: Instant
    probability: Probability
    area: SquareMetres
    limit: Probability
    centre: Position
    densest: Position
    rings: tuple[Ring, ...]
    density: Density

    def holds(self, lat: FloatArray, lon: FloatArray) -> BoolArray:
        """True for places inside the region; any shape."""
        return np.asarray(density_at(self.density, lat, lon) >= self.limit)

    def __str__(self) -> str:
        return say(
            "belief.region",
            time=zulu(self.at).replace(":", ""),
            percent=self.probability / percent,
            area_km2=self.area / (km * km),
            position=str(self.centre),
        )


def probability_map(belief: Belief, cell: Metres = 500 * metres) -> ProbabilityMap:
    """The probability in each cell that holds any: the weight of the particles in it."""
    if not cell > 0:
        raise CordialeError("belief.cell", cell=cell)
    x, y = to_plane(belief.lat, belief.lon)
    column, row = np.floor(x / cell).astype(np.int64), np.floor(y / cell).astype(np.int64)
    places, which = np.unique(np.stack([row, column]), axis=1, return_inverse=True)
    mass = np.asarray(np.bincount(which.ravel(), belief.weight, minlength=places.shape[1]), dtype=np.float64)
    return ProbabilityMap(at=belief.at, cell=cell, row=places[0], column=places[1], mass=mass)


def digest(chart: ProbabilityMap) -> str:
    """Sixteen digits of the SHA-256 of the map, its masses rounded to 1e-4 (half up): two machines compare them."""
    units = np.floor(chart.mass / 1e-4 + 0.5 + 1e-6).astype(np.int64)
    kept = units > 0
    table = np.stack([chart.row[kept], chart.column[kept], units[kept]], axis=1)
    ordered = table[np.lexsort((table[:, 1], table[:, 0]))]
    head = f"{round(chart.cell * 1000)} {round(chart.at * 1000)} ".encode()
    return hashlib.sha256(head + ordered.astype("<i8").tobytes()).hexdigest()[:16]


def containment_region(belief: Belief, probability: Probability = 0.9, *, density: Density | None = None) -> Region:
    """The smallest region that holds the boat with this probability.

    Pass the `density` of another region of the same belief to save the smoothing. The area of a round normal cloud of
    5,000 particles is right to 5 % (two standard errors), from 300 m to 8 km of standard deviation.
    """
    if not 0 < probability < 1:
        raise CordialeError("belief.containment", containment=probability)
    density = density or density_of(belief.lat, belief.lon, belief.weight)
    found = highest_density(density, probability)
    peak = np.unravel_index(int(np.argmax(density.values)), density.values.shape)
    densest_lat, densest_lon = _place(density, np.array([float(peak[1]), float(peak[0])]))
    return Region(
        at=belief.at,
        probability=probability,
        area=found.area,
        limit=found.limit,
        centre=belief.centre,
        densest=Position(lat=float(densest_lat), lon=float(densest_lon)),
        rings=tuple(np.stack(_place(density, ring.T), axis=1) for ring in rings_at(density.values, found.limit)),
        density=density,
    )


def _place(density: Density, column_row: FloatArray) -> tuple[FloatArray, FloatArray]:
    return from_plane(density.west + column_row[0] * density.cell, density.south + column_row[1] * density.cell)
