"""A vector field of one instant on a small regular grid: what currents and winds hand to the drift to look up."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cordiale.earth.units import Degrees, FloatArray

Vector = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Patch:
    """Eastward and northward velocity of one instant on a regular grid of latitude and longitude.

    Parameters
    ----------
    south, west : degrees of the first row and column of the whole grid
    lat_step, lon_step : degrees between rows and columns, > 0
    values : float32, shape (rows, columns, 4), contiguous, at least 2 x 2
        Eastward and northward velocity (m/s) times `known`, then `known` (0 unknown, as on land, to 1), then unused 0.
        Interleaved, so that one corner is one load.
    first_row, first_column : int
        Which row and column of the whole grid `values` begin with. A place then has the same bits between the same
        corners whatever part of a grid is cut out.

    Called with positions of shape (n,) it gives (eastward, northward) in m/s: bilinear over the known corners only, so
    that land does not slow the stream along the coast; 0 where no corner is known; beyond the edges what is there.
    """

    south: Degrees
    west: Degrees
    lat_step: Degrees
    lon_step: Degrees
    values: NDArray[np.float32]
    first_row: int = 0
    first_column: int = 0

    def __call__(self, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward velocity (m/s) at positions (n,)."""
        rows, columns, _ = self.values.shape
        y = np.clip(np.nan_to_num((lat - self.south) / self.lat_step - self.first_row), 0.0, rows - 1.000001)
        x = np.clip(np.nan_to_num((lon - self.west) / self.lon_step - self.first_column), 0.0, columns - 1.000001)
        row, column = y.astype(np.intp), x.astype(np.intp)
        up, right = (y - row)[:, np.newaxis], (x - column)[:, np.newaxis]
        flat = self.values.reshape(-1, 4)
        first = row * columns + column
        south = flat[first] + right * (flat[first + 1] - flat[first])
        north = flat[first + columns] + right * (flat[first + columns + 1] - flat[first + columns])
        found = south + up * (north - south)
        scale = np.where(found[:, 2] > 0, 1.0 / np.maximum(found[:, 2], 1e-12), 0.0)
        nowhere = 0.0 * (lat + lon)  # NaN where the position is
        return np.asarray(found[:, 0] * scale + nowhere), np.asarray(found[:, 1] * scale + nowhere)
