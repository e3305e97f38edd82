"""The drift by the compiled kernel: a belief's particles laid out in blocks, moved step by step.

Belief -> blocks of numbers -> `cordiale.belief.kernel` -> belief. What is done once a step or for few particles
(fields, who lands, who floats off) is NumPy; all that is done for every particle is compiled. Chunks of blocks may run
on the threads of an executor: a particle's path does not depend on its neighbours, so neither on the chunks.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cordiale.belief import kernel
from cordiale.belief.ashore import floated_off, level_aground
from cordiale.belief.belief import KNOT, Belief
from cordiale.belief.half_hour import JIBE, error_law, has_leeway, knot_of, moves, window_within_reach
from cordiale.belief.kernel import BLOCK
from cordiale.belief.offing import kept_off
from cordiale.belief.shared_errors import innovation
from cordiale.boats.leeway import coefficients
from cordiale.boats.life import BEACHED, POWERED
from cordiale.boats.search_object import SearchObject
from cordiale.earth.geodesy import components
from cordiale.earth.units import BoolArray, CountArray, FloatArray, Instant, IntArray
from cordiale.sea.environment import Environment, MappedShore
from cordiale.sea.patch import Patch

Single = NDArray[np.float32]
SCHEMES: Final = {"euler": 0, "midpoint": 1, "runge_kutta": 2}
ERRORS: Final = ("current", "wind", "residual")
_AT: Final = ((0, 1), (0, 1), (0, 1, 2))  # instants of the current that a scheme asks for: begin, middle, end
_NO_PATCH: Final = np.zeros((2, 2, 4), dtype=np.float32)
_NO_PATCH.flags.writeable = False
_FAR_OFF: Final = np.float32(-np.inf)


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
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
    stranded: BoolArray
    lies_at: FloatArray


class CompiledPassage:
    """A belief on its way, step by step."""

    def __init__(
        self, belief: Belief, environment: Environment, scheme: str, executor: Executor | None, threads: int
    ) -> None:
        self._environment = environment
        self._scheme = SCHEMES[scheme]
        self._map: Callable[..., Any] = map if executor is None else executor.map
        self._threads = threads
        self._laws = np.zeros((3, 5))
        for row, scale in zip(self._laws, self._scales(), strict=True):
            row[0] = scale.std
            row[1:4] = error_law(scale)
            row[4] = scale.length is not None
        stream = belief.stream
        self._keys = np.array([stream.child(f"drift {name}").key for name in ERRORS], dtype=np.uint64)
        self._jibe_key = np.uint64(stream.child("drift jibe").key)
        self._shore = _shore(environment)
        self.replaced(belief)

    def _scales(self) -> tuple[Any, ...]:
        sea = self._environment
        return sea.current_error, sea.wind_error, sea.residual_error

    def replaced(self, belief: Belief) -> None:
        """Go on with another belief of the same particles."""
        self._origin = belief
        self._at = belief.at
        self._lines = _lines_of(belief.search_object)
        self._blocks = _laid_out(belief)
        count = len(self._blocks.tables)
        parts = min(self._threads, count)
        self._chunks = tuple((count * k // parts, count * (k + 1) // parts) for k in range(parts))
        self._begins: Instant | None = None

    def belief(self) -> Belief:
        """The belief as moved so far."""
        n, blocks = len(self._origin), self._blocks
        errors = {f"{name}_error": _pairs(blocks.errors, number, n) for number, name in enumerate(ERRORS)}
        return replace(
            self._origin,
            at=self._at,
            lat=blocks.lat[:n].copy(),
            lon=blocks.lon[:n].copy(),
            side=blocks.side[:n].copy(),
            stranded=blocks.stranded[:n].copy(),
            lies_at=blocks.lies_at[:n].copy(),
            current_error=errors["current_error"],
            wind_error=errors["wind_error"],
            residual_error=errors["residual_error"],
        )

    def mortal(self) -> bool:
        """True where a half hour may change what has become of a particle."""
        return bool(self._origin.search_object.life.transitions) or bool(np.isin(self._origin.phase, POWERED).any())

    def ready(self, end: Instant) -> bool:
        """True where all fields of a step to an instant are patches."""
        self._draw()
        return self._fields(end) is not None

    def step(self, end: Instant) -> bool:
        """One step, to an instant in the same half hour; false, and nothing done, where a field is no `Patch`."""
        if self._begins is None:
            self._draw()
        fields = self._fields(end)
        if fields is None:
            return False
        blocks, begin, begins = self._blocks, self._at, self._begins
        assert begins is not None
        middle = (begin + end) / 2
        times = np.array(
            [begin - begins, end - begins, *((t - begins) / KNOT for t in (begin, middle, end))], dtype=np.float32
        )
        coast = self._environment.coast

        def moved(chunk: tuple[int, int]) -> tuple[int, int]:
            count = kernel.move(
                *chunk, blocks.lat, blocks.lon, blocks.to_lat, blocks.to_lon, blocks.room, blocks.tables,
                *fields[:4], times, self._scheme, fields[4], self._driven(), coast is not None, blocks.unsure,
            )  # fmt: skip
            return self._landed(chunk[0] * BLOCK, count)

        found = list(self._map(moved, self._chunks))
        for first, met in found:
            if met:
                self._at_the_shore(blocks.unsure[first : first + met], blocks.part[first : first + met], end)
        self._blocks = replace(blocks, lat=blocks.to_lat, lon=blocks.to_lon, to_lat=blocks.lat, to_lon=blocks.lon)
        self._at = end
        return True

    def turn(self) -> None:
        """At a round half hour: the errors' new state, jibes, and the tide that lifts who lies aground."""
        if self._begins is None:
            return
        blocks = replace(self._blocks, errors=self._blocks.ahead, ahead=self._blocks.errors)
        self._blocks, self._begins = blocks, None
        knot = round(self._at / KNOT)
        list(self._map(lambda c: kernel.jibed(*c, self._jibe_key, knot, JIBE, blocks.ids, blocks.side), self._chunks))
        aground = np.flatnonzero(blocks.stranded)
        aground = aground[self._origin.phase[aground] != BEACHED]
        which, lat, lon = floated_off(
            self._environment,
            self._at,
            self._origin.stream,
            blocks.ids[aground],
            blocks.lies_at[aground],
            (blocks.lat[aground], blocks.lon[aground]),
        )
        afloat = aground[which]
        blocks.lat[afloat], blocks.lon[afloat] = lat, lon
        blocks.stranded[afloat], blocks.lies_at[afloat], blocks.room[afloat] = False, np.nan, _FAR_OFF
        _row(blocks.tables, kernel.MOBILE)[afloat // BLOCK, afloat % BLOCK] = 1.0

    def _draw(self) -> None:
        """Errors at the end of the half hour in which the cloud stands, its tables, and the window it may reach."""
        blocks, origin = self._blocks, self._origin
        n, knot = len(origin), knot_of(self._at)
        self._begins = knot * KNOT
        self._window = window_within_reach(blocks.lat[:n], blocks.lon[:n], float(np.max(origin.way_speed)))
        for number, (name, scale) in enumerate(zip(ERRORS, self._scales(), strict=True)):
            if scale.length is not None and scale.std > 0:
                here = replace(origin, lat=blocks.lat[:n], lon=blocks.lon[:n])
                _put_pairs(blocks.ahead, number, innovation(here, scale, name, knot + 1))
        for row, instants in ((kernel.STARTS, origin.start), (kernel.STOPS, origin.engine_stops)):
            _put(_row(blocks.tables, row), instants - self._begins)
        list(
            self._map(
                lambda chunk: kernel.half_hour(
                    *chunk, self._keys, knot, self._laws, blocks.ids, blocks.errors, blocks.ahead, blocks.tables,
                    self._lines, blocks.kind, blocks.side, blocks.quantile,
                ),
                self._chunks,
            )
        )  # fmt: skip

    def _fields(self, end: Instant) -> tuple[Any, ...] | None:
        """Values of the currents, of the winds, their grids, the steady winds, and whether the wind is gridded."""
        sea, begin = self._environment, self._at
        instants = (begin, (begin + end) / 2, end)
        grids = np.zeros((6, 6))
        currents, winds = [_NO_PATCH] * 3, [_NO_PATCH] * 3
        steady = np.zeros((3, 2), dtype=np.float32)
        needed = (0, 1, 2) if self._scheme == SCHEMES["runge_kutta"] else (1,)
        for k in _AT[self._scheme]:
            flow = sea.current.flow(instants[k], self._window)
            if not isinstance(flow, Patch):
                return None
            currents[k] = _corners(flow, grids[k])
        for k in needed:
            if sea.wind.everywhere:
                steady[k] = [x[0] for x in sea.wind.velocity(instants[k], self._blocks.lat[:1], self._blocks.lon[:1])]
                continue
            flow = sea.wind.flow(instants[k], self._window)
            if not isinstance(flow, Patch):
                return None
            winds[k] = _corners(flow, grids[3 + k])
        return tuple(currents), tuple(winds), grids, steady, not sea.wind.everywhere

    def _driven(self) -> Single:
        return np.array(self._environment.driven_by_wind, dtype=np.float32)

    def _landed(self, first: int, count: int) -> tuple[int, int]:
        """Of `count` particles noted as unsure from a place on, who meets land: to the front, with their parts."""
        blocks, coast = self._blocks, self._environment.coast
        if count == 0 or coast is None:
            return first, 0
        if self._shore is not None:
            grid, counts = self._shore
            met = kernel.landfall(
                count, first, counts, grid, blocks.lat, blocks.lon, blocks.to_lat, blocks.to_lon, blocks.room,
                blocks.unsure, blocks.part,
            )  # fmt: skip
            return first, int(met)
        unsure = blocks.unsure[first : first + count].copy()
        start, goal = (blocks.lat[unsure], blocks.lon[unsure]), (blocks.to_lat[unsure], blocks.to_lon[unsure])
        clear = coast.distance(*start)
        part = np.where(clear <= 0, 0.0, coast.landfall(*start, *goal))
        blocks.room[unsure] = _FAR_OFF
        lands = np.isfinite(part)
        met = int(lands.sum())
        blocks.unsure[first : first + met], blocks.part[first : first + met] = unsure[lands], part[lands]
        return first, met

    def _at_the_shore(self, met: IntArray, part: FloatArray, end: Instant) -> None:
        """Those whose path meets land after part of the step: stranded there, or kept off while the engine runs."""
        blocks, origin, coast = self._blocks, self._origin, self._environment.coast
        assert coast is not None
        sails = (origin.way_speed[met] > 0) & (origin.engine_stops[met] > end)
        lies, share, turned = met[~sails], part[~sails], met[sails]
        blocks.to_lat[lies] = blocks.lat[lies] + share * (blocks.to_lat[lies] - blocks.lat[lies])
        blocks.to_lon[lies] = blocks.lon[lies] + share * (blocks.to_lon[lies] - blocks.lon[lies])
        blocks.stranded[lies] = True
        blocks.lies_at[lies] = level_aground(
            self._environment.tide, (self._at, end), share, blocks.to_lat[lies], blocks.to_lon[lies]
        )
        _row(blocks.tables, kernel.MOBILE)[lies // BLOCK, lies % BLOCK] = 0.0
        if turned.size:
            start = blocks.lat[turned], blocks.lon[turned]
            goal = blocks.to_lat[turned], blocks.to_lon[turned]
            blocks.to_lat[turned], blocks.to_lon[turned] = kept_off(coast, start, goal, coast.distance(*start))
            blocks.room[turned] = _FAR_OFF  # she went another way than the step's


def _shore(environment: Environment) -> tuple[FloatArray, NDArray[np.int16]] | None:
    """Place of the mapped distances (south, west, steps, unit) and their counts; None for a shore of another kind."""
    if not isinstance(environment.coast, MappedShore):
        return None
    coast = environment.coast.coast
    grid = np.array([coast.south, coast.west, coast.step_lat, coast.step_lon, coast.unit])
    return grid, _read_only(coast.counts)


def _read_only(values: NDArray[Any]) -> NDArray[Any]:
    """A view that cannot be written, so that the kernel is compiled for one kind of array."""
    view = np.ascontiguousarray(values).view()
    view.flags.writeable = False
    return view


def _corners(patch: Patch, grid: FloatArray) -> Single:
    grid[:] = (patch.south, patch.west, 1 / patch.lat_step, 1 / patch.lon_step, patch.first_row, patch.first_column)
    return _read_only(patch.values)


def _lines_of(search_object: SearchObject) -> Single:
    """Leeway lines of every class on the right and on the left, and of a thing without leeway: (2, classes + 1, 7)."""
    classes = search_object.classes
    which = np.arange(len(classes))
    table = np.zeros((2, len(classes) + 1, 7), dtype=np.float32)
    for number, side in enumerate((1, -1)):
        lines = coefficients(classes, which, np.full(len(classes), side))
        table[number, :-1, kernel.SLOPE : kernel.SPREAD + 1] = lines.downwind.T
        table[number, :-1, kernel.SIDE_SLOPE : kernel.SIDE_SPREAD + 1] = lines.crosswind.T
    return table


def _laid_out(belief: Belief) -> _Blocks:
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
        _put_pairs(errors, number, error)
    for row, way in zip(
        (kernel.WAY_EAST, kernel.WAY_NORTH), components(belief.way_speed, belief.way_course), strict=True
    ):
        _put(_row(tables, row), way)
    _put(_row(tables, kernel.MOBILE), moves(belief))
    quantile = np.zeros((2, size), dtype=np.float32)
    quantile[0, :n], quantile[1, :n] = belief.downwind_residual, belief.crosswind_residual
    without = len(belief.search_object.classes)
    return _Blocks(
        ids=filled(belief.ids, np.int64),
        lat=filled(belief.lat, np.float64),
        lon=filled(belief.lon, np.float64),
        to_lat=np.empty(size),
        to_lon=np.empty(size),
        room=np.full(size, _FAR_OFF),
        side=filled(belief.side, np.int64),
        kind=filled(np.where(has_leeway(belief), belief.leeway_class, without), np.int64),
        quantile=quantile,
        tables=tables,
        errors=errors,
        ahead=np.zeros_like(errors),
        unsure=np.empty(size, dtype=np.int64),
        part=np.empty(size),
        stranded=np.concatenate([belief.stranded, np.zeros(size - n, dtype=np.bool_)]),
        lies_at=filled(belief.lies_at, np.float64),
    )


def _row(tables: NDArray[Any], row: int) -> NDArray[Any]:
    """One row of all tables, shape (blocks, BLOCK)."""
    return tables[:, row * BLOCK : (row + 1) * BLOCK]


def _put(rows: NDArray[Any], values: NDArray[Any]) -> None:
    """Values (n,) into rows (blocks, BLOCK); the rest of the last row stays."""
    whole, rest = divmod(values.size, BLOCK)
    rows[:whole] = values[: whole * BLOCK].reshape(whole, BLOCK)
    if rest:
        rows[whole, :rest] = values[whole * BLOCK :]


def _put_pairs(errors: FloatArray, number: int, pairs: FloatArray) -> None:
    for j in range(2):
        _put(_row(errors, 2 * number + j), pairs[:, j])


def _pairs(errors: FloatArray, number: int, n: int) -> FloatArray:
    return np.stack([_row(errors, 2 * number + j).ravel()[:n] for j in range(2)], axis=1)
