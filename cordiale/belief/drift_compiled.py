"""The drift by the compiled kernel: a belief's particles laid out in blocks, moved step by step.

Belief -> blocks of numbers -> `cordiale.belief.kernel` -> belief. What is done once a step or for few particles
(fields, who lands, who floats off) is NumPy; all that is done for every particle is compiled. Chunks of blocks may run
on the threads of an executor: a particle's path does not depend on its neighbours, so neither on the chunks.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cordiale.belief import kernel
from cordiale.belief.ashore import floated_off, level_aground
from cordiale.belief.belief import KNOT, Belief
from cordiale.belief.blocks import FAR_OFF, Single, arrays_of, laid_out, lines_of, pairs_of, put, put_pairs, row_of
from cordiale.belief.half_hour import JIBE, error_law, knot_of, window_within_reach
from cordiale.belief.kernel import BLOCK
from cordiale.belief.offing import kept_off
from cordiale.belief.shared_errors import innovation
from cordiale.boats.life import BEACHED, POWERED
from cordiale.earth.units import FloatArray, Instant, IntArray
from cordiale.sea.environment import Current, Environment, MappedShore, Vector, Wind
from cordiale.sea.patch import Patch
from cordiale.sea.tide import Window

SCHEMES: Final = {"euler": 0, "midpoint": 1, "runge_kutta": 2}
ERRORS: Final = ("current", "wind", "residual")
_AT: Final = ((0, 1), (0, 1), (0, 1, 2))  # instants of the current that a scheme asks for: begin, middle, end
_NO_PATCH: Final = np.zeros((1, 2, 2, 2), dtype=np.float32)
_NO_SHORE: Final = np.zeros((2, 2), dtype=np.int16), np.zeros(5)
_NO_SHORE[0].flags.writeable = False


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
        shore = _shore(environment)
        self._mapped, self._shore = shore is not None, shore or _NO_SHORE
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
        most = -(-count // self._threads)
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
        return self._plan((end,)) is not None

    def steps(self, ends: tuple[Instant, ...]) -> int:
        """Steps to rising instants in the same half hour; how many were gone: fewer where a field is no `Patch`."""
        if self._begins is None:
            self._look_around()
        gone = 0
        while gone < len(ends):
            plan = self._plan(ends[gone:])
            if plan is None:
                break
            grounded: list[tuple[int, IntArray, FloatArray]] = []
            for part in [plan] if self._flags[6] else plan.one_by_one():
                for chunk in self._over_chunks(partial(self._passed, plan=part)):
                    grounded += chunk
                self._drawn_for = True
            self._levelled(plan, grounded)
            gone += len(plan.ends)
            self._at = plan.ends[-1]
        return gone

    def _passed(self, chunk: tuple[int, int], plan: "_Plan") -> list[tuple[int, IntArray, FloatArray]]:
        """The steps of a plan for one chunk; who went aground in which step, and after which part of it."""
        blocks = self._blocks
        chance = self._keys, knot_of(plan.begin), self._laws, not self._drawn_for and bool(self._flags[1:3].any())
        count = kernel.half_hour(
            *chunk, chance, arrays_of(blocks), plan.fields, plan.times, self._scheme, self._flags, self._driven,
            self._shore,
        )  # fmt: skip
        first, span = chunk[0] * BLOCK, slice(chunk[0] * BLOCK, chunk[1] * BLOCK)
        met, part = blocks.unsure[first : first + count], blocks.part[first : first + count]
        if self._flags[6]:
            when = blocks.when[first : first + count]
            return [(step, met[when == step], part[when == step]) for step in np.unique(when).tolist()]
        grounded = []
        now, then = (blocks.lat, blocks.lon), (blocks.to_lat, blocks.to_lon)
        if count:
            met, part = (met, part) if self._flags[5] else self._landed(met, now, then)
            grounded.append((plan.number, *self._at_the_shore(met, part, plan.ends[0], now, then)))
        blocks.lat[span], blocks.lon[span] = blocks.to_lat[span], blocks.to_lon[span]
        return grounded

    def _levelled(self, plan: "_Plan", grounded: list[tuple[int, IntArray, FloatArray]]) -> None:
        """The level of the sea at which those lie who went aground in the steps of a plan."""
        blocks = self._blocks
        for number, step in enumerate(zip((plan.begin, *plan.ends), plan.ends, strict=False)):
            mine = [aground[1:] for aground in grounded if aground[0] == number]
            if mine:
                lies, share = (np.concatenate(part) for part in zip(*mine, strict=True))
                place = blocks.lat[lies], blocks.lon[lies]
                blocks.lies_at[lies] = level_aground(self._environment.tide, step, share, *place)

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
            bool((origin.way_speed > 0).any()), sea.coast is not None, self._mapped, False,
        ])  # fmt: skip
        self._flags[6] = not self._flags[4] or (self._mapped and not self._flags[3])
        for number, (name, scale) in enumerate(zip(ERRORS, self._scales(), strict=True)):
            if scale.length is not None and scale.std > 0:
                here = replace(origin, lat=blocks.lat[:n], lon=blocks.lon[:n])
                put_pairs(blocks.ahead, number, innovation(here, scale, name, knot + 1))
        if self._waiting or self._flags[3]:
            for row, instants in ((kernel.STARTS, origin.start), (kernel.STOPS, origin.engine_stops)):
                put(row_of(blocks.tables, row), instants - self._begins)
            self._waiting = bool((origin.start > self._begins).any())

    def _plan(self, ends: tuple[Instant, ...]) -> "_Plan | None":
        """What the steps to instants of one half hour need of the sea, as far as its fields are patches of one grid."""
        begins, sea = self._begins, self._environment
        assert begins is not None
        currents, winds = _Instants(sea.current, self._window), _Instants(sea.wind, self._window)
        which, steady, times, gone = [], [], [], []
        for begin, end in zip((self._at, *ends), ends, strict=False):
            instants = (begin, (begin + end) / 2, end)
            rest = (0, 1, 2) if self._scheme == SCHEMES["runge_kutta"] else (1,)
            wind_at = () if sea.wind.everywhere else rest
            if not (currents.hold(instants[k] for k in _AT[self._scheme]) and winds.hold(instants[k] for k in wind_at)):
                break
            which.append([[field.number(at) for at in instants] for field in (currents, winds)])
            steady.append(
                [self._steady(at) if k in rest and not wind_at else (0.0, 0.0) for k, at in enumerate(instants)]
            )
            times.append([begin - begins, end - begins, *((t - begins) / KNOT for t in instants)])
            gone.append(end)
        if not gone:
            return None
        (current, current_grid), (wind, wind_grid) = currents.stacked(), winds.stacked()
        fields = (
            current, wind, np.array([current_grid, wind_grid]), np.array(which, dtype=np.int64),
            np.array(steady, dtype=np.float32),
        )  # fmt: skip
        return _Plan(self._at, tuple(gone), fields, np.array(times, dtype=np.float32))

    def _steady(self, at: Instant) -> tuple[Any, ...]:
        blocks = self._blocks
        return tuple(x[0] for x in self._environment.wind.velocity(at, blocks.lat[:1], blocks.lon[:1]))

    def _landed(self, unsure: IntArray, start: Vector, goal: Vector) -> tuple[IntArray, FloatArray]:
        """Of particles that may have met a shore that is given as a formula, who does, after which part of the step."""
        coast = self._environment.coast
        assert coast is not None
        here, there = (start[0][unsure], start[1][unsure]), (goal[0][unsure], goal[1][unsure])
        part = np.where(coast.distance(*here) <= 0, 0.0, coast.landfall(*here, *there))
        self._blocks.room[unsure] = FAR_OFF  # it is asked at every step
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


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """Steps of one half hour from `begin` on, and what they need of the sea as `kernel.half_hour` takes it."""

    begin: Instant
    ends: tuple[Instant, ...]
    fields: tuple[Any, ...]
    times: Single
    number: int = 0

    def one_by_one(self) -> "Iterator[_Plan]":
        """Each step as a plan of its own."""
        *values, which, steady = self.fields
        for k, (begin, end) in enumerate(zip((self.begin, *self.ends), self.ends, strict=False)):
            one = slice(k, k + 1)
            yield _Plan(begin, (end,), (*values, which[one], steady[one]), self.times[one], k)


class _Instants:
    """A field at the instants of a half hour, as patches of one grid that are handed to the kernel together."""

    def __init__(self, field: Current | Wind, window: Window) -> None:
        self._field, self._window = field, window
        self._patches: dict[Instant, Patch] = {}
        self._place: tuple[Any, ...] | None = None

    def hold(self, instants: Iterable[Instant]) -> bool:
        """Look the field up at instants; False where it is no patch there, or one of another grid."""
        for at in instants:
            if at not in self._patches:
                flow = self._field.flow(at, self._window)
                if not isinstance(flow, Patch):
                    return False
                place = (flow.south, flow.west, 1 / flow.lat_step, 1 / flow.lon_step, flow.first_row, flow.first_column)
                if self._place is None:
                    self._place = (*place, flow.values.shape)
                elif self._place != (*place, flow.values.shape):
                    return False
                self._patches[at] = flow
        return True

    def number(self, at: Instant) -> int:
        """Which of the patches is that of an instant; 0 for one that was not looked up."""
        return list(self._patches).index(at) if at in self._patches else 0

    def stacked(self) -> tuple[Single, tuple[Any, ...]]:
        """The values of all, without `known` where all is known, and the place of their grid."""
        if self._place is None:
            return _NO_PATCH, (0.0,) * 6
        values = [patch.values for patch in self._patches.values()]
        width = 2 if all(one[..., 2].min() >= 1 for one in values) else 4
        return np.stack([one[..., :width] for one in values]), self._place[:6]


def _shore(environment: Environment) -> tuple[NDArray[np.int16], FloatArray] | None:
    """Counts of the mapped distances and their place (south, west, steps, unit); None for a shore of another kind."""
    if not isinstance(environment.coast, MappedShore):
        return None
    coast = environment.coast.coast
    grid = np.array([coast.south, coast.west, coast.step_lat, coast.step_lon, coast.unit])
    return _read_only(coast.counts), grid


def _read_only(values: NDArray[Any]) -> NDArray[Any]:
    """A view that cannot be written, so that the kernel is compiled for one kind of array."""
    view = np.ascontiguousarray(values).view()
    view.flags.writeable = False
    return view
