"""The walk to the shore, compiled: the distance to land looked up, and a path followed until it meets it."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from numba import njit

from cordiale.earth.elementary import EXACT, degrees_per_metre32
from cordiale.sea.coast import SHORTEST_STEP

_F = np.float32


@njit(**EXACT)
def _distance(counts, grid, lat, lon):
    """Metres to land, negative on it, NaN outside the field: `cordiale.sea.coast.distance_to_land`."""
    rows, columns = counts.shape
    y, x = (lat - grid[0]) / grid[2], (lon - grid[1]) / grid[3]
    if not (y >= 0 and y <= rows - 1 and x >= 0 and x <= columns - 1):
        return np.nan
    row, column = min(int(y), rows - 2), min(int(x), columns - 2)
    along, up = x - column, y - row
    south_west, north_west = float(counts[row, column]), float(counts[row + 1, column])
    low = south_west + along * (counts[row, column + 1] - south_west)
    high = north_west + along * (counts[row + 1, column + 1] - north_west)
    return (low + up * (high - low)) * grid[4]


@njit(**EXACT)
def landfall(count, first, base, shore, lat, lon, to_lat, to_lon, room, unsure, part):
    """The `count` particles in `unsure` from place `first` on: distance looked up, the path walked by who is at risk.

    `lat, lon, to_lat, to_lon, room` are those of one block, whose first particle is number `base`.

    Those who meet land come to the front of `unsure`, with the part of the step after which they do in `part`; their
    number is returned, and `room` is right again. The walk is that of `cordiale.sea.coast.landfall`.
    """
    counts, grid = shore
    met = 0
    for j in range(count):
        i = unsure[first + j] - base
        lat_per_metre, lon_per_metre = degrees_per_metre32(0.5 * (lat[i] + to_lat[i]))
        north, east = (to_lat[i] - lat[i]) / lat_per_metre, (to_lon[i] - lon[i]) / lon_per_metre
        length = np.sqrt(north * north + east * east)
        clear = _distance(counts, grid, lat[i], lon[i])
        room[i] = _F(-np.inf) if np.isnan(clear) else _F((clear - length) * 0.9999 - 0.01)
        if not clear <= length:
            continue
        walked = 0.0
        while clear > 0 and walked < length:
            walked = min(walked + max(clear * 0.95, SHORTEST_STEP), length)
            at = walked / length
            clear = _distance(counts, grid, lat[i] + at * (to_lat[i] - lat[i]), lon[i] + at * (to_lon[i] - lon[i]))
            if np.isnan(clear):
                clear = SHORTEST_STEP
        if clear <= 0:
            unsure[first + met] = i + base
            part[first + met] = walked / max(length, 1e-9)
            met += 1
    return met
