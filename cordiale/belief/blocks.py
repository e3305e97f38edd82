"""A belief as the compiled kernel wants it: rows of numbers in blocks of `BLOCK` particles."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cordiale.belief import kernel
from cordiale.belief.belief import Belief
from cordiale.belief.half_hour import has_leeway, moves
from cordiale.belief.kernel import BLOCK
from cordiale.boats.leeway import coefficients
from cordiale.boats.search_object import SearchObject
from cordiale.earth.geodesy import components
from cordiale.earth.units import BoolArray, CountArray, FloatArray, IntArray

Single = NDArray[np.float32]
FAR_OFF: Final = np.float32(-np.inf)  # nothing is known of the distance to land


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """The particles of a belief, row after row in blocks of `BLOCK`, the last one filled up with still particles."""

    ids: CountArray
    lat: FloatArray
    lon: FloatArray
    to_lat: FloatArray
    to_lon: FloatArray
    room: Single
    side: IntArray
    kind: IntArray
    quantile: Single
    tables: Single
    errors: FloatArray
    ahead: FloatArray
    unsure: IntArray
    part: FloatArray
    when: IntArray
    stranded: BoolArray
    lies_at: FloatArray


def arrays_of(blocks: Blocks) -> tuple[Any, ...]:
    """What `kernel.half_hour` reads and writes of the blocks, in its order."""
    return (
        blocks.ids, blocks.errors, blocks.ahead, blocks.tables, blocks.lat, blocks.lon, blocks.to_lat, blocks.to_lon,
        blocks.room, blocks.stranded, blocks.unsure, blocks.part, blocks.when,
    )  # fmt: skip


def lines_of(search_object: SearchObject) -> Single:
    """Leeway lines of every class on the right and on the left, and of a thing without leeway: (2, classes + 1, 7)."""
    classes = search_object.classes
    which = np.arange(len(classes))
    table = np.zeros((2, len(classes) + 1, 7), dtype=np.float32)
    for number, side in enumerate((1, -1)):
        lines = coefficients(classes, which, np.full(len(classes), side))
        table[number, :-1, kernel.SLOPE : kernel.SPREAD + 1] = lines.downwind.T
        table[number, :-1, kernel.SIDE_SLOPE : kernel.SIDE_SPREAD + 1] = lines.crosswind.T
    return table


def laid_out(belief: Belief) -> Blocks:
    """The particles of a belief in blocks; `jibed` and the draws of a half hour fill what depends on these."""
    n = len(belief)
    count = -(-n // BLOCK)
    size = count * BLOCK

    def filled(values: NDArray[Any], kind: Any) -> NDArray[Any]:
        whole = np.empty(size, dtype=kind)
        whole[:n], whole[n:] = values, values[-1]
        return whole

    tables = np.zeros((count, kernel.ROWS * BLOCK), dtype=np.float32)
    errors = np.zeros((count, 6 * BLOCK))
    for number, error in enumerate((belief.current_error, belief.wind_error, belief.residual_error)):
        put_pairs(errors, number, error)
    for row, way in zip(
        (kernel.WAY_EAST, kernel.WAY_NORTH), components(belief.way_speed, belief.way_course), strict=True
    ):
        put(row_of(tables, row), way)
    put(row_of(tables, kernel.MOBILE), moves(belief))
    quantile = np.zeros((2, size), dtype=np.float32)
    quantile[0, :n], quantile[1, :n] = belief.downwind_residual, belief.crosswind_residual
    without = len(belief.search_object.classes)
    return Blocks(
        ids=filled(belief.ids, np.int64),
        lat=filled(belief.lat, np.float64),
        lon=filled(belief.lon, np.float64),
        to_lat=np.empty(size),
        to_lon=np.empty(size),
        room=np.full(size, FAR_OFF),
        side=filled(belief.side, np.int64),
        kind=filled(np.where(has_leeway(belief), belief.leeway_class, without), np.int64),
        quantile=quantile,
        tables=tables,
        errors=errors,
        ahead=np.zeros_like(errors),
        unsure=np.empty(size, dtype=np.int64),
        part=np.empty(size),
        when=np.empty(size, dtype=np.int64),
        stranded=np.concatenate([belief.stranded, np.zeros(size - n, dtype=np.bool_)]),
        lies_at=filled(belief.lies_at, np.float64),
    )


def row_of(tables: NDArray[Any], row: int) -> NDArray[Any]:
    """One row of all tables, shape (blocks, BLOCK)."""
    return tables[:, row * BLOCK : (row + 1) * BLOCK]


def put(rows: NDArray[Any], values: NDArray[Any]) -> None:
    """Values (n,) into rows (blocks, BLOCK); the rest of the last row stays."""
    whole, rest = divmod(values.size, BLOCK)
    rows[:whole] = values[: whole * BLOCK].reshape(whole, BLOCK)
    if rest:
        rows[whole, :rest] = values[whole * BLOCK :]


def put_pairs(errors: FloatArray, number: int, pairs: FloatArray) -> None:
    """Pairs (n, 2) of error number 0 to 2 into the blocks of all errors."""
    for j in range(2):
        put(row_of(errors, 2 * number + j), pairs[:, j])


def pairs_of(errors: FloatArray, number: int, n: int) -> FloatArray:
    """The pairs (n, 2) of error number 0 to 2 out of the blocks of all errors."""
    return np.stack([row_of(errors, 2 * number + j).ravel()[:n] for j in range(2)], axis=1)
