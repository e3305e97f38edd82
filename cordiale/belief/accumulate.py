"""Probability summed up while a belief drifts, so that no path need be kept: maps on a fixed grid, and what is ashore.

tally = Tally.over(Window(south=50.6, north=51.4, west=1.0, east=2.4), cell=1 * km)
drift(belief, sea, until=later, observe=tally.observe, every=1 * hours)
tally.regions(0.9)[-1].area
"""

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import metres_per_degree
from cordiale.earth.units import Degrees, FloatArray, Instant, IntArray, Metres, Probability, SquareMetres
from cordiale.sea.tide import Window


@dataclass(frozen=True, slots=True, eq=False)
class CellRegion:
    """The fewest cells that hold a share of the probability at one instant: their flat numbers, area and content."""

    at: Instant
    cells: IntArray
    area: SquareMetres
    holds: Probability


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Hourly maps of a drifting belief on one grid; `observe` is given to `drift`.

    Parameters
    ----------
    south, west, lat_step, lon_step, rows, columns : degrees and counts of the cells
    instants, maps, outside, ashore : lists that grow with each instant seen
        Maps (rows, columns) of the probability in each cell, the probability beyond the grid, and that ashore.
    """

    south: Degrees
    west: Degrees
    lat_step: Degrees
    lon_step: Degrees
    rows: int
    columns: int
    instants: list[Instant] = field(default_factory=list)
    maps: list[FloatArray] = field(default_factory=list)
    outside: list[Probability] = field(default_factory=list)
    ashore: list[Probability] = field(default_factory=list)

    @classmethod
    def over(cls, window: Window, *, cell: Metres = 500.0) -> Self:
        """A grid of cells of a size (m) over a window."""
        if not (np.isfinite(cell) and cell > 0):
            raise CordialeError("belief.tally_cell", cell=cell)
        per_lat, per_lon = metres_per_degree((window.south + window.north) / 2)
        lat_step, lon_step = cell / float(per_lat), cell / float(per_lon)
        return cls(
            south=window.south,
            west=window.west,
            lat_step=lat_step,
            lon_step=lon_step,
            rows=max(1, int(np.ceil((window.north - window.south) / lat_step))),
            columns=max(1, int(np.ceil((window.east - window.west) / lon_step))),
        )

    def observe(self, belief: Belief) -> None:
        """One more instant of the belief."""
        row = np.floor((belief.lat - self.south) / self.lat_step).astype(np.int64)
        column = np.floor((belief.lon - self.west) / self.lon_step).astype(np.int64)
        inside = (row >= 0) & (row < self.rows) & (column >= 0) & (column < self.columns)
        cells = row[inside] * self.columns + column[inside]
        held = np.bincount(cells, weights=belief.weight[inside], minlength=self.rows * self.columns)
        self.instants.append(belief.at)
        self.maps.append(np.asarray(held, dtype=np.float64).reshape(self.rows, self.columns))
        self.outside.append(float(max(0.0, 1.0 - held.sum())))
        self.ashore.append(belief.fraction_ashore)

    def region(self, number: int, share: Probability) -> CellRegion:
        """The fewest cells that hold `share` of the belief at the instant of a number; or all there are."""
        held = self.maps[number].ravel()
        order = np.argsort(-held, kind="stable")
        sums = np.cumsum(held[order])
        count = min(int(np.searchsorted(sums, share)) + 1, int((held > 0).sum()))
        cells = order[:count]
        middle = self.south + (cells // self.columns + 0.5) * self.lat_step
        per_lat, per_lon = metres_per_degree(np.asarray(middle, dtype=np.float64))
        area = float((per_lat * self.lat_step * per_lon * self.lon_step).sum())
        return CellRegion(self.instants[number], cells, area, float(sums[count - 1]) if count else 0.0)

    def regions(self, share: Probability) -> list[CellRegion]:
        """`region` of every instant seen."""
        return [self.region(number, share) for number in range(len(self.instants))]
