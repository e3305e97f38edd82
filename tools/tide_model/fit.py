"""The levels on the open boundary, found from gauges: first by linear solves, then by correcting the nonlinear run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from . import basin as tidal_basin
from . import linear
from .basin import Basin
from .gauges import FITTED, Gauge
from .grid import sample
from .linear import Elements

SPEED = {  # degrees per hour, Schureman (1958), table 2
    "M2": 28.9841042,
    "S2": 30.0,
    "N2": 28.4397295,
    "O1": 13.9430356,
    "K1": 15.0410686,
    "MU2": 27.9682084,
    "L2": 29.5284789,
    "2SM2": 31.0158958,
    "M4": 57.9682084,
    "MS4": 58.9841042,
    "MN4": 57.4238337,
    "M6": 86.9523127,
    "2MS6": 87.9682084,
    "MSF": 1.0158958,
    "2MN6": 86.4079380,
}
FORCED = ("M2", "S2", "N2", "O1", "K1", "MU2", "L2", "2SM2", "M4", "MS4", "MN4", "M6", "2MS6")
ANALYSED = (*FORCED, "MSF", "2MN6")
# The run starts every argument at zero. L2 is 2 M2 - N2 there, half a turn from the astronomical L2.
TURNED = {"L2": -1.0}
OMEGA = {name: np.radians(speed) / 3600.0 for name, speed in SPEED.items()}


@dataclass(frozen=True)
class Boundary:
    """Level patterns on the open boundary (open nodes, k), smoothing rows, and weights of smoothness and of change."""

    patterns: np.ndarray
    roughness: np.ndarray
    smooth: float
    ridge: float


def boundary(parts: Elements, knots: int, smooth: float, ridge: float) -> Boundary:
    """Piecewise-linear patterns with equal knots on the western and on the northern open segment."""
    mesh = parts.mesh
    lon, lat = mesh.lon[mesh.open_nodes], mesh.lat[mesh.open_nodes]
    west = lon < lon.min() + 0.3
    patterns, rows = [], []
    for number, (members, along) in enumerate(((west, lat), (~west, lon))):
        place = (along - along[members].min()) / np.ptp(along[members]) * (knots - 1)
        patterns += [np.where(members, np.clip(1 - np.abs(place - k), 0, 1), 0.0) for k in range(knots)]
        for k in range(1, knots - 1):
            row = np.zeros(2 * knots)
            row[number * knots + k - 1 : number * knots + k + 2] = 1, -2, 1
            rows.append(row)
    return Boundary(np.array(patterns).T, np.array(rows), smooth, ridge)


def observed(gauges: dict[str, Gauge], names: tuple[str, ...], constituent: str) -> tuple[list[str], np.ndarray]:
    """Names of the gauges that know the constituent, and their constants in the arguments of the run."""
    known = [name for name in names if constituent in gauges[name].constants]
    turn = TURNED.get(constituent, 1.0)
    return known, np.array([gauges[name].constants[constituent] * turn for name in known])


def correct(edge: Boundary, response: np.ndarray, gap: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Change of the boundary unknowns that closes the gap at the gauges, smooth in sum and no larger than needed."""
    count = response.shape[1]
    matrix = np.vstack([response, edge.smooth * edge.roughness, edge.ridge * np.eye(count)])
    right = np.concatenate([gap, -edge.smooth * (edge.roughness @ now), np.zeros(count)])
    return np.linalg.lstsq(matrix, right, rcond=None)[0]


def leave_one_out(edge: Boundary, response: np.ndarray, gap: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Error at each gauge when the correction is found without it (m, complex)."""
    errors = np.empty(len(gap), complex)
    for k in range(len(gap)):
        others = np.arange(len(gap)) != k
        errors[k] = response[k] @ correct(edge, response[others], gap[others], now) - gap[k]
    return errors


@dataclass(frozen=True)
class FirstGuess:
    """Linear responses (nodes, k) and boundary unknowns of each constituent."""

    parts: Elements
    response: dict[str, np.ndarray]
    unknowns: dict[str, np.ndarray]

    def nodes(self, gauges: dict[str, Gauge], names: list[str]) -> list[int]:
        """Mesh nodes nearest to the gauges."""
        return [self.parts.mesh.nearest(gauges[n].lon, gauges[n].lat)[0] for n in names]


def first_guess(parts: Elements, edge: Boundary, gauges: dict[str, Gauge], drag: float, rounds: int = 6) -> FirstGuess:
    """Linear fit: friction of M2 linearised on its own current, the others feel 1.5 times as much (Jeffreys 1970)."""
    friction = np.full(len(parts.area), drag * 0.4)
    names, seen = observed(gauges, FITTED, "M2")
    response, unknowns = {}, {}
    for _ in range(rounds):
        level = linear.respond(parts, OMEGA["M2"], friction, edge.patterns)
        guess = FirstGuess(parts, {"M2": level}, {})
        unknowns["M2"] = correct(edge, level[guess.nodes(gauges, names)], seen, np.zeros(level.shape[1]))
        u, v = linear.currents(parts, OMEGA["M2"], friction, level @ unknowns["M2"])
        friction = (friction + 8 / (3 * np.pi) * drag * linear.semi_major(u, v) * 1.07) / 2
        response["M2"] = level
    for name in FORCED[1:]:
        response[name] = linear.respond(parts, OMEGA[name], 1.5 * friction, edge.patterns)
        at, seen = observed(gauges, FITTED, name)
        guess = FirstGuess(parts, response, unknowns)
        rows = response[name][guess.nodes(gauges, at)]
        unknowns[name] = correct(edge, rows, seen, np.zeros(rows.shape[1]))
    return FirstGuess(parts, response, unknowns)


def open_levels(guess: FirstGuess, where: Basin, unknowns: dict[str, np.ndarray]) -> np.ndarray:
    """Levels (constituents, open cells) that the boundary unknowns prescribe."""
    rows = []
    for name in FORCED:
        level = sample(guess.parts.mesh, where.grid, guess.response[name] @ unknowns[name])
        nearest = ndimage.distance_transform_edt(~np.isfinite(level), return_distances=False, return_indices=True)
        rows.append(level[tuple(nearest)][tuple(where.open_cells.T)])
    return np.array(rows)


def cell_of(where: Basin, gauge: Gauge) -> tuple[int, int]:
    """The sea cell nearest to a gauge."""
    cells = np.argwhere(where.sea)
    east = (where.grid.lon[cells[:, 1]] - gauge.lon) * np.cos(np.radians(gauge.lat))
    return tuple(cells[np.hypot(east, where.grid.lat[cells[:, 0]] - gauge.lat).argmin()])


def misfit(
    constants: np.ndarray, where: Basin, gauges: dict[str, Gauge], names: tuple[str, ...], constituent: str
) -> tuple[list[str], np.ndarray]:
    """Observed minus modelled level constants (m, complex) at the named gauges."""
    row = 1 + ANALYSED.index(constituent)
    known, seen = observed(gauges, names, constituent)
    return known, seen - np.array([constants[row, 0][cell_of(where, gauges[n])] for n in known])


def assimilate(
    guess: FirstGuess,
    edge: Boundary,
    where: Basin,
    gauges: dict[str, Gauge],
    drag: np.ndarray,
    viscosity: float,
    unknowns: dict[str, np.ndarray],
    rounds: int,
    days: tuple[float, float],
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Run, compare with the fitted gauges, correct the boundary, run again; constants and unknowns of the last run."""
    forced = np.array([OMEGA[name] for name in FORCED])
    analysed = np.array([OMEGA[name] for name in ANALYSED])
    for number in range(rounds):
        constants = tidal_basin.run(where, drag, viscosity, open_levels(guess, where, unknowns), forced, analysed, days)
        if number == rounds - 1:
            break
        changed = {}
        for name in FORCED:
            known, gap = misfit(constants, where, gauges, FITTED, name)
            rows = guess.response[name][guess.nodes(gauges, known)]
            changed[name] = unknowns[name] + correct(edge, rows, gap, unknowns[name])
        unknowns = changed
    return constants, unknowns
