"""The tidal stream of one instant on a window of the atlas: one sum over the constituents serves a whole cloud."""

from functools import lru_cache
from typing import Final

import numpy as np

from cordiale.earth.units import FloatArray, Instant, Seconds, hours, minutes
from cordiale.sea.patch import Patch
from cordiale.sea.tide import TideAtlas, Window, tidal_phasors

_FIVE_MINUTES: Final[Seconds] = 5 * minutes
_SIX_HOURS: Final[Seconds] = 6 * hours
_BLOCK: Final = 16  # grid lines; windows are rounded to such blocks so that a drifting cloud seldom needs a new cut
_FINEST: Final = 2.0**20  # whole parts of a m/s: the last bits of the sum differ from one machine to the next
_KEPT: Final = 300  # patches: a day of steps of 10 minutes with their middles, for the next boat of the night
_SMALL: Final = 4096  # cells: larger patches are not kept


def tidal_patch(atlas: TideAtlas, at: Instant, window: Window | None = None) -> Patch:
    """The tidal stream of an instant on whole blocks of the grid that cover the window (all of it without one)."""
    size = atlas.known.shape
    if window is None:
        return _sum_of_constituents(atlas, at, 0, size[0], 0, size[1])
    first_row, rows = _blocks(window.south, window.north, atlas.south, atlas.lat_step, size[0])
    first_column, columns = _blocks(window.west, window.east, atlas.west, atlas.lon_step, size[1])
    make = _kept_sum if rows * columns <= _SMALL else _sum_of_constituents
    return make(atlas, at, first_row, rows, first_column, columns)


def _sum_of_constituents(
    atlas: TideAtlas, at: Instant, first_row: int, rows: int, first_column: int, columns: int
) -> Patch:
    constants, known = _cut(atlas, first_row, rows, first_column, columns)
    values = np.zeros((rows, columns, 4), dtype=np.float32)
    # einsum: one thread, one order of sums
    field = np.einsum("j,ji->i", _phasors_at(atlas, at), constants).reshape(2, rows, columns)
    values[..., 0], values[..., 1] = np.rint(field * _FINEST) / _FINEST
    values[..., 2] = known
    values.flags.writeable = False
    return Patch(
        south=atlas.south,
        west=atlas.west,
        lat_step=atlas.lat_step,
        lon_step=atlas.lon_step,
        values=values,
        first_row=first_row,
        first_column=first_column,
    )


_kept_sum = lru_cache(maxsize=_KEPT)(_sum_of_constituents)


def _blocks(low: float, high: float, start: float, step: float, size: int) -> tuple[int, int]:
    """First grid line and number of lines of whole blocks that cover low to high, as far as the atlas reaches."""
    first = min(max(int((low - start) / step) // _BLOCK * _BLOCK, 0), size - 2)
    last = min(max((int((high - start) / step) // _BLOCK + 1) * _BLOCK, first + 1), size - 1)
    return first, last - first + 1


def _phasors_at(atlas: TideAtlas, at: Instant) -> FloatArray:
    """Real and minus imaginary parts of the constituents' phasors; round five minutes are made six hours at a time."""
    block, rest = divmod(at, _SIX_HOURS)
    number, odd = divmod(rest, _FIVE_MINUTES)
    if odd:
        turned = tidal_phasors(atlas.constituents, atlas.minor, at)
        return np.concatenate([turned.real, -turned.imag])
    return np.asarray(_six_hours_of_phasors(atlas, block * _SIX_HOURS)[:, int(number)])


@lru_cache(maxsize=64)
def _six_hours_of_phasors(atlas: TideAtlas, begin: Instant) -> FloatArray:
    turned = tidal_phasors(atlas.constituents, atlas.minor, begin + np.arange(0.0, _SIX_HOURS, _FIVE_MINUTES))
    return np.concatenate([turned.real, -turned.imag])


@lru_cache(maxsize=2)  # some MB each; a cloud on its way needs one at a time
def _cut(atlas: TideAtlas, first_row: int, rows: int, first_column: int, columns: int) -> tuple[FloatArray, FloatArray]:
    """Constants of a part of the atlas as a matrix (2 x constituents, 2 x cells), and 1 where known."""
    rows_of, columns_of = slice(first_row, first_row + rows), slice(first_column, first_column + columns)
    part = np.moveaxis(atlas.constants[1:, :, rows_of, columns_of], 1, 0)
    count = part.shape[0]
    cells = np.empty((2 * count, part[0].size))
    cells[:count].reshape(part.shape)[:] = part.real
    cells[count:].reshape(part.shape)[:] = part.imag
    known = atlas.known[rows_of, columns_of].astype(np.float64)
    return cells, known
