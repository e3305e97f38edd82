"""Values as they come from a file: no number, no speed or beyond nature is refused by variable, place and time."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import date_and_zulu
from cordiale.earth.units import BoolArray, Degrees, FloatArray, MetresPerSecond, Quantity
from cordiale.sea.cf_grid import SourceGrid
from cordiale.sea.grid import TileArray
from cordiale.sea.store import Variable

_ROUNDING: Final[MetresPerSecond] = 0.1  # judgement: a packed speed of 0 may come out as half a step below it


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Stretch:
    """Consecutive instants of one file on its grid, and its path: what a refusal names."""

    path: str
    grid: SourceGrid
    instants: FloatArray

    def first(self, wrong: BoolArray) -> tuple[int, Degrees, Degrees] | None:
        """Step, latitude and longitude of the first node of the lattice that draws on something wrong in a block."""
        grid, flat = self.grid, wrong.reshape(len(wrong), -1)
        touched = flat if grid.weights is None else grid.weights.apply(flat.astype(np.float64))[0] > 0
        found = np.argwhere(touched.reshape(len(wrong), grid.lattice.rows, grid.lattice.columns))
        if not len(found):
            return None
        t, row, column = (int(k) for k in found[0])
        return t, float(grid.lattice.lat[row]), float(grid.lattice.lon[column])


def numbers(stretch: Stretch, variable: Variable, block: FloatArray) -> FloatArray:
    """A block as read, refused where it is infinite: that is neither a value nor a missing one."""
    endless = np.isinf(block)
    if not endless.any():
        return block
    where = stretch.first(endless)
    if where is not None:
        t, lat, lon = where
        raise CordialeError(
            "sea.cf_infinite",
            variable=variable.name,
            path=stretch.path,
            value=float(block[t][endless[t]][0]),
            at=date_and_zulu(float(stretch.instants[t])),
            lat=lat,
            lon=lon,
        )
    return np.where(endless, np.nan, block)


def forward(stretch: Stretch, variable: Variable, speed: FloatArray, most: MetresPerSecond) -> FloatArray:
    """Speeds in m/s, refused below 0 but for the rounding of packed values, which becomes 0."""
    backward = speed < -_ROUNDING
    where = stretch.first(backward) if backward.any() else None
    if where is not None:
        value = float(speed[where[0]][backward[where[0]]][0])
        raise _beyond(stretch, variable, value, (0.0, most), where)
    return np.maximum(speed, 0.0)


def check_tile(
    stretch: Stretch, variables: tuple[Variable, ...], tile: TileArray, least: Quantity, most: Quantity
) -> None:
    """Refuse a step with nothing in it and values below `least` or above `most`."""
    empty = np.flatnonzero(~(tile[..., 2] > 0).any(axis=(1, 2)))
    if empty.size:
        at = date_and_zulu(float(stretch.instants[empty[0]]))
        raise CordialeError("sea.cf_missing", variable=", ".join(v.name for v in variables), path=stretch.path, at=at)
    known = np.where(tile[..., 2] > 0, tile[..., 2], np.inf)
    for k, variable in enumerate(variables):
        values = tile[..., k] / known
        wrong = ((values < least) | (values > most)) & (tile[..., 2] > 0)
        if wrong.any():
            t, row, column = (int(i[0]) for i in np.nonzero(wrong))
            box = stretch.grid.lattice
            where = t, float(box.lat[row]), float(box.lon[column])
            raise _beyond(stretch, variable, float(values[t, row, column]), (least, most), where)


def _beyond(
    stretch: Stretch,
    variable: Variable,
    value: Quantity,
    limits: tuple[Quantity, Quantity],
    where: tuple[int, Degrees, Degrees],
) -> CordialeError:
    t, lat, lon = where
    return CordialeError(
        "sea.cf_range",
        variable=variable.name,
        path=stretch.path,
        value=value,
        least=limits[0],
        most=limits[1],
        at=date_and_zulu(float(stretch.instants[t])),
        lat=lat,
        lon=lon,
    )
