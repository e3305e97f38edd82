"""The stream of a few hours on a coarse lattice, asked a thousand times: for many passages at once.

A tidal atlas sums its constituents anew at each call; here they are summed once for a box of 0.05 degrees and half
hours and looked up trilinearly between. Against the atlas itself arrivals differ by seconds (a test); drift never uses
it.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from cordiale.earth.units import Degrees, FloatArray, Instant, Seconds, hours, minutes
from cordiale.sea.environment import Environment, Flow, Vector
from cordiale.sea.tide import Window

SPACING: Final[Degrees] = 0.05
INTERVAL: Final[Seconds] = 30 * minutes
AHEAD: Final[Seconds] = 6 * hours  # longer passages are asked at the last instant: nobody is sent for so long


@dataclass(frozen=True, kw_only=True, eq=False)
class CoarseCurrent:
    """A current on a lattice: `east`, `north` (m/s) of shape (time, lat, lon); held at its edges."""

    times: FloatArray
    lats: FloatArray
    lons: FloatArray
    east: FloatArray
    north: FloatArray
    source: str

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward current in m/s, of the shape of `lat`."""
        t, i, tp = _place(self.times, np.broadcast_to(np.asarray(at, dtype=np.float64), np.shape(lat)))
        y, j, yp = _place(self.lats, np.asarray(lat))
        x, k, xp = _place(self.lons, np.asarray(lon))
        total_east, total_north = np.zeros(np.shape(lat)), np.zeros(np.shape(lat))
        for a, share_t in ((t, 1 - tp), (i, tp)):
            for b, share_y in ((y, 1 - yp), (j, yp)):
                for c, share_x in ((x, 1 - xp), (k, xp)):
                    share = share_t * share_y * share_x
                    total_east += share * self.east[a, b, c]
                    total_north += share * self.north[a, b, c]
        return total_east, total_north

    def flow(self, at: Instant, window: Window) -> Flow:
        """The current of one instant, to be looked up at many positions."""
        return partial(self.velocity, at)


def coarse(environment: Environment, window: Window, at: Instant) -> Environment:
    """The environment with its current on a lattice over a window, for six hours from an instant."""
    times = at + np.arange(0.0, AHEAD + INTERVAL, INTERVAL)
    lats = np.arange(window.south, window.north + 2 * SPACING, SPACING)
    lons = np.arange(window.west, window.east + 2 * SPACING, SPACING)
    grid = np.meshgrid(times, lats, lons, indexing="ij")
    east, north = environment.current.velocity(*(axis.ravel() for axis in grid))
    shape = grid[0].shape
    field = CoarseCurrent(
        times=times,
        lats=lats,
        lons=lons,
        east=np.nan_to_num(np.asarray(east, dtype=np.float64)).reshape(shape),
        north=np.nan_to_num(np.asarray(north, dtype=np.float64)).reshape(shape),
        source=environment.current.source,
    )
    return replace(environment, current=field)


def _place(axis: FloatArray, value: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Index of the line before and after, and the part of the way between them."""
    place = np.clip((value - axis[0]) / (axis[1] - axis[0]), 0.0, axis.size - 1.0)
    before = np.minimum(place.astype(np.int64), axis.size - 2)
    return before, before + 1, place - before
