"""The drift by the compiled kernel: a belief's particles laid out in blocks, moved step by step.

Belief -> blocks of numbers -> `cordiale.belief.kernel` -> belief. What is done once a step or for few particles
(fields, who lands, who floats off) is NumPy; all that is done for every particle is compiled. Chunks of blocks may run
on the threads of an executor: a particle's path does not depend on its neighbours, so neither on the chunks.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cordiale.belief import kernel
from cordiale.belief.ashore import floated_off, level_aground
from cordiale.belief.belief import KNOT, Belief
from cordiale.belief.blocks import FAR_OFF, Single, laid_out, lines_of, pairs_of, put, put_pairs, row_of
from cordiale.belief.half_hour import JIBE, error_law, knot_of, window_within_reach
from cordiale.belief.kernel import BLOCK
from cordiale.belief.offing import kept_off
from cordiale.belief.shared_errors import innovation
from cordiale.boats.life import BEACHED, POWERED
from cordiale.earth.units import FloatArray, Instant, IntArray
from cordiale.sea.environment import Environment, MappedShore, Vector
from cordiale.sea.patch import Patch

SCHEMES: Final = {"euler": 0, "midpoint": 1, "runge_kutta": 2}
ERRORS: Final = ("current", "wind", "residual")
_AT: Final = ((0, 1), (0, 1), (0, 1, 2))  # instants of the current that a scheme asks for: begin, middle, end
_NO_PATCH: Final = np.zeros((2, 2, 4), dtype=np.float32)
_NO_PATCH.flags.writeable = False
_CHUNK: Final = 32  # blocks that are moved through a half hour together: their numbers stay in the cache


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
        self._driven = np.array(environment.driven_by_wind, dtype=np.float32)
        self.replaced(belief)

    def _scales(self) -> tuple[Any, ...]:
        sea = self._environment
        return sea.current_error, sea.wind_error, sea.residual_error

    def replaced(self, belief: Belief) -> None:
        """Go on with another belief of the same particles."""
        self._origin = belief
        self._at = belief.at
        self._blocks = blocks = laid_out(belief)
        self._lines = lines_of(belief.search_object)
        count = len(blocks.tables)
        most = min(_CHUNK, -(-count // self._threads))
        self._chunks = tuple((first, min(first + most, count)) for first in range(0, count, most))
        self._begins: Instant | None = None
        self._drawn_for = False
        self._waiting = True
        self._mortal = bool(belief.search_object.life.transitions) or bool(np.isin(belief.phase, POWERED).any())
        self._over_chunks(lambda chunk: self._jibed(chunk, 0, 0.0, True))

    def _over_chunks(self, work: Callable[[tuple[int, int]], Any]) -> list[Any]:
        return list(self._map(work, self._chunks))

    def _jibed(self, chunk: tuple[int, int], knot: int, chance: float, everyone: bool) -> None:
        blocks = self._blocks
        kernel.jibed(
            *chunk, self._jibe_key, knot, chance, everyone, blocks.ids, blocks.side, blocks.kind, blocks.quantile,
            self._lines, blocks.tables,
        )  # fmt: skip

    def belief(self) -> Belief:
        """The belief as moved so far."""
        n, blocks = len(self._origin), self._blocks
        errors = {f"{name}_error": pairs_of(blocks.errors, number, n) for number, name in enumerate(ERRORS)}
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
        return self._mortal

    def ready(self, end: Instant) -> bool:
        """True where all fields of a step to an instant are patches."""
        self._look_around()
        return self._fields(self._at, end) is not None

    def steps(self, ends: tuple[Instant, ...]) -> int:
        """Steps to rising instants in the same half hour; how many were gone: fewer where a field is no `Patch`."""
        draws = not self._drawn_for
        if self._begins is None:
            self._look_around()
        begins = self._begins
        assert begins is not None
        plan = []
        for begin, end in zip((self._at, *ends), ends, strict=False):
            fields = self._fields(begin, end)
            if fields is None:
                break
            moments = [begin - begins, end - begins, *((t - begins) / KNOT for t in (begin, (begin + end) / 2, end))]
            plan.append((begin, end, *fields, np.array(moments, dtype=np.float32)))
        if plan:
            grounded = self._over_chunks(lambda chunk: self._passed(chunk, plan, draws))
            self._levelled(plan, grounded)
            self._at, self._drawn_for = ends[len(plan) - 1], True
        return len(plan)

    def _passed(self, chunk: tuple[int, int], plan: list[Any], draws: bool) -> list[tuple[int, IntArray, FloatArray]]:
        """All steps of a plan for one chunk, while its numbers are in the cache; who went aground in which."""
        blocks, sea = self._blocks, self._environment
        if draws:
            self._drawn(chunk)
        now, then = (blocks.lat, blocks.lon), (blocks.to_lat, blocks.to_lon)
        grounded = []
        for number, (_, end, currents, winds, grids, steady, times) in enumerate(plan):
            count = kernel.move(
                *chunk, *now, *then, blocks.room, blocks.tables, currents, winds, grids, steady, times,
                self._scheme, self._flags, self._driven, blocks.unsure,
            )  # fmt: skip
            if count and sea.coast is not None:
                met, part = self._landed(chunk[0] * BLOCK, count, now, then)
                if met.size:
                    grounded.append((number, *self._at_the_shore(met, part, end, now, then)))
            now, then = then, now
        if now[0] is not blocks.lat:
            span = slice(chunk[0] * BLOCK, chunk[1] * BLOCK)
            blocks.lat[span], blocks.lon[span] = now[0][span], now[1][span]
        return grounded

    def _levelled(self, plan: list[Any], grounded: list[list[tuple[int, IntArray, FloatArray]]]) -> None:
        """The level of the sea at which those lie who went aground in the steps of a plan."""
        blocks = self._blocks
        for number, (begin, end, *_) in enumerate(plan):
            mine = [aground[1:] for chunk in grounded for aground in chunk if aground[0] == number]
            if mine:
                lies, share = (np.concatenate(part) for part in zip(*mine, strict=True))
                place = blocks.lat[lies], blocks.lon[lies]
                blocks.lies_at[lies] = level_aground(self._environment.tide, (begin, end), share, *place)

    def turn(self) -> None:
        """At a round half hour: the errors' new state, jibes, and the tide that lifts who lies aground."""
        if self._begins is None:
            return
        if self._flags[1] or self._flags[2]:
            self._blocks = replace(self._blocks, errors=self._blocks.ahead, ahead=self._blocks.errors)
        blocks, self._begins, self._drawn_for = self._blocks, None, False
        knot = round(self._at / KNOT)
        self._over_chunks(lambda chunk: self._jibed(chunk, knot, JIBE, False))
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
        blocks.stranded[afloat], blocks.lies_at[afloat], blocks.room[afloat] = False, np.nan, FAR_OFF
        row_of(blocks.tables, kernel.MOBILE)[afloat // BLOCK, afloat % BLOCK] = 1.0

    def _look_around(self) -> None:
        """The window of sea that the cloud may reach in the half hour in which it stands, and what moves it there."""
        blocks, origin, sea = self._blocks, self._origin, self._environment
        n, knot = len(origin), knot_of(self._at)
        self._begins = knot * KNOT
        self._window = window_within_reach(blocks.lat[:n], blocks.lon[:n], float(np.max(origin.way_speed)))
        self._flags = np.array([
            not sea.wind.everywhere, sea.wind_error.std > 0, sea.current_error.std > 0 or sea.residual_error.std > 0,
            bool((origin.way_speed > 0).any()), sea.coast is not None,
        ])  # fmt: skip
        for number, (name, scale) in enumerate(zip(ERRORS, self._scales(), strict=True)):
            if scale.length is not None and scale.std > 0:
                here = replace(origin, lat=blocks.lat[:n], lon=blocks.lon[:n])
                put_pairs(blocks.ahead, number, innovation(here, scale, name, knot + 1))
        if self._waiting or self._flags[3]:
            for row, instants in ((kernel.STARTS, origin.start), (kernel.STOPS, origin.engine_stops)):
                put(row_of(blocks.tables, row), instants - self._begins)
            self._waiting = bool((origin.start > self._begins).any())

    def _drawn(self, chunk: tuple[int, int]) -> None:
        """Errors at the end of the half hour."""
        if self._flags[1] or self._flags[2]:
            blocks = self._blocks
            kernel.half_hour(
                *chunk, self._keys, knot_of(self._at), self._laws, blocks.ids, blocks.errors, blocks.ahead,
                blocks.tables,
            )  # fmt: skip

    def _fields(self, begin: Instant, end: Instant) -> tuple[Any, ...] | None:
        """Values of the currents, of the winds, their grids, and the steady winds; None where one is no patch."""
        sea = self._environment
        instants = (begin, (begin + end) / 2, end)
        grids = np.zeros((6, 7))
        currents, winds = [_NO_PATCH] * 3, [_NO_PATCH] * 3
        steady = np.zeros((3, 2), dtype=np.float32)
        for k in _AT[self._scheme]:
            flow = sea.current.flow(instants[k], self._window)
            if not isinstance(flow, Patch):
                return None
            currents[k] = _corners(flow, grids[k])
        for k in (0, 1, 2) if self._scheme == SCHEMES["runge_kutta"] else (1,):
            if sea.wind.everywhere:
                steady[k] = [x[0] for x in sea.wind.velocity(instants[k], self._blocks.lat[:1], self._blocks.lon[:1])]
                continue
            flow = sea.wind.flow(instants[k], self._window)
            if not isinstance(flow, Patch):
                return None
            winds[k] = _corners(flow, grids[3 + k])
        return tuple(currents), tuple(winds), grids, steady

    def _landed(self, first: int, count: int, start: Vector, goal: Vector) -> tuple[IntArray, FloatArray]:
        """Of `count` particles noted as unsure from a place on, who meets land, after which part of the step."""
        blocks, coast = self._blocks, self._environment.coast
        assert coast is not None
        if self._shore is not None:
            grid, counts = self._shore
            met = kernel.landfall(
                count, first, counts, grid, *start, *goal, blocks.room, blocks.unsure, blocks.part
            )  # fmt: skip
            return blocks.unsure[first : first + met], blocks.part[first : first + met]
        unsure = blocks.unsure[first : first + count]
        here, there = (start[0][unsure], start[1][unsure]), (goal[0][unsure], goal[1][unsure])
        part = np.where(coast.distance(*here) <= 0, 0.0, coast.landfall(*here, *there))
        blocks.room[unsure] = FAR_OFF  # a shore given as a formula is asked at every step
        lands = np.isfinite(part)
        return unsure[lands], part[lands]

    def _at_the_shore(
        self, met: IntArray, part: FloatArray, end: Instant, start: Vector, goal: Vector
    ) -> tuple[IntArray, FloatArray]:
        """Those whose path meets land after part of the step: stranded there, or kept off while the engine runs.

        Who went aground, and after which part of the step.
        """
        blocks, origin, coast = self._blocks, self._origin, self._environment.coast
        assert coast is not None
        sails = (origin.way_speed[met] > 0) & (origin.engine_stops[met] > end)
        lies, share, turned = met[~sails], part[~sails], met[sails]
        for begins, ends in zip(start, goal, strict=True):
            ends[lies] = begins[lies] + share * (ends[lies] - begins[lies])
        blocks.stranded[lies] = True
        row_of(blocks.tables, kernel.MOBILE)[lies // BLOCK, lies % BLOCK] = 0.0
        if turned.size:
            here = start[0][turned], start[1][turned]
            there = goal[0][turned], goal[1][turned]
            goal[0][turned], goal[1][turned] = kept_off(coast, here, there, coast.distance(*here))
            blocks.room[turned] = FAR_OFF  # she went another way than the step's
        return lies, share


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
    place = (patch.south, patch.west, 1 / patch.lat_step, 1 / patch.lon_step, patch.first_row, patch.first_column)
    grid[:] = (*place, patch.values[..., 2].min() >= 1)
    return _read_only(patch.values)
