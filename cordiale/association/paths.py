"""Where the sea carries what lay at a position: the frame in which boats are followed from one report to the next.

Each position is carried by current and leeway from its instant on, on a lattice of ten minutes, by Heun's rule. A path
follows from its beginning alone, so that it is the same, to the last bit, in every set of reports; paths once found may
be kept and prolonged.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cordiale.association.law import CARRIED_FOR, LEEWAY, STEP
from cordiale.belief.report import Reading
from cordiale.earth.geodesy import metres_per_degree
from cordiale.earth.instants import Span
from cordiale.earth.units import Degrees, FloatArray, Instant, IntArray
from cordiale.sea.environment import Environment, Vector
from cordiale.sea.tide import Window

# The stream is cut out whole and not around the positions of one set, so that a path is the same in every set.
EVERYWHERE: Final = Window(south=-90.0, north=90.0, west=-180.0, east=180.0)
LONGEST: Final = int(CARRIED_FOR / STEP)
KEPT: Final = 20_000  # paths, about 45 MB
Begin = tuple[Instant, Degrees, Degrees]


class _Path:
    """Displacement (m) at lattice points from `begun` on, and where it stands now."""

    def __init__(self, begun: int, lat: Degrees, lon: Degrees) -> None:
        self.begun, self.lat, self.lon = begun, lat, lon
        self.east, self.north = [0.0], [0.0]


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Paths found under one environment, and positions carried to the middle of their events. They change the time an
    association takes and nothing else.
    """

    kept: dict[Begin, _Path] = field(default_factory=dict)
    readings: dict[tuple[Span, tuple[Reading, ...]], list[tuple[float, ...]]] = field(default_factory=dict)
    missed: dict[Hashable, FloatArray] = field(default_factory=dict)  # what searches left unseen: `searched`

    def carried(self, begins: Sequence[Begin], environment: Environment) -> tuple[IntArray, FloatArray]:
        """The lattice number at which each path begins, (n,), and displacements east and north, (n, steps, 2), in m.

        The table ends with the last instant, at most a day after each beginning; beyond it the last value stands.
        """
        if len(self.kept) > KEPT:
            self.kept.clear()
            self.readings.clear()
            self.missed.clear()
        if not begins:
            return np.zeros(0, dtype=np.int64), np.zeros((0, 2, 2))
        end = math.floor(max(at for at, _, _ in begins) / STEP) + 1
        for at, lat, lon in begins:
            if (at, lat, lon) not in self.kept:
                self.kept[at, lat, lon] = _Path(math.floor(at / STEP), lat, lon)
        wanted = {begin: self.kept[begin] for begin in begins}
        self._prolong(wanted, end, environment)
        steps = min(max(end - p.begun for p in wanted.values()), LONGEST) + 1
        table = np.zeros((len(begins), steps, 2))
        for row, begin in enumerate(begins):
            path = wanted[begin]
            for column, values in enumerate((path.east, path.north)):
                table[row, : len(values), column] = values[:steps]
                table[row, len(values) :, column] = values[-1]
        return np.array([wanted[b].begun for b in begins], dtype=np.int64), table

    def _prolong(self, wanted: dict[Begin, _Path], end: int, environment: Environment) -> None:
        """Carry on every path that ends before it should, all those of a lattice step together."""
        ahead: dict[int, list[tuple[Begin, _Path]]] = {}
        for begin, path in wanted.items():
            reached = path.begun + len(path.east) - 1
            if reached < min(end, path.begun + LONGEST):
                ahead.setdefault(reached, []).append((begin, path))
        here: tuple[int, _Flow] | None = None
        while ahead:
            k = min(ahead)
            going = ahead.pop(k)
            now = here[1] if here and here[0] == k else _Flow(environment, k)
            then = _Flow(environment, k + 1)
            _step(going, k, now, then)
            here = (k + 1, then)
            for begin, path in going:
                if k + 1 < min(end, path.begun + LONGEST):
                    ahead.setdefault(k + 1, []).append((begin, path))


class _Flow:
    """What moves a boat adrift at one lattice instant: the current and a little of the wind."""

    def __init__(self, environment: Environment, k: int) -> None:
        self.current = environment.current.flow(k * STEP, EVERYWHERE)
        self.wind, self.at = environment.wind, k * STEP

    def __call__(self, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward velocity in m/s."""
        east, north = self.current(lat, lon)
        blown = self.wind.velocity(self.at, lat, lon)
        return np.asarray(east + LEEWAY * blown[0]), np.asarray(north + LEEWAY * blown[1])


def _step(going: Sequence[tuple[Begin, _Path]], k: int, now: _Flow, then: _Flow) -> None:
    lat, lon = np.array([p.lat for _, p in going]), np.array([p.lon for _, p in going])
    begun = np.array([at for (at, _, _), _ in going])
    lasts = np.clip((k + 1) * STEP - begun, 0.0, STEP)  # the first step of a path is a part of one
    per_lat, per_lon = metres_per_degree(lat)
    east, north = now(lat, lon)
    more = then(lat + north * lasts / per_lat, lon + east * lasts / per_lon)
    run_east, run_north = (east + more[0]) / 2 * lasts, (north + more[1]) / 2 * lasts
    for (_, path), x, y, new_lat, new_lon in zip(
        going, run_east, run_north, lat + run_north / per_lat, lon + run_east / per_lon, strict=True
    ):
        path.lat, path.lon = float(new_lat), float(new_lon)
        path.east.append(path.east[-1] + float(x))
        path.north.append(path.north[-1] + float(y))
