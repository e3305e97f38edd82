"""Flows with a known answer, the ones Parcels is tested with, and the orders at which our schemes close in on it.

Run: python bench/skill_flows.py. The flows are plane; here they live in degrees about 51 N 1.5 E: the velocity is that
of the plane times the length of a degree at the place over that at 51 N, so the answer is exact on the ellipsoid too.

Source of flows, times, steps and tolerances: Parcels 4, tests/test_advection.py; the eddies after Fabbroni (2009),
the peninsula after North, Gallego and Petitgas (2009), ICES Cooperative Research Report 295. The gyre is that of
Parcels made a hundred times smaller, 100 km a side, with velocities a hundred times slower.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.drift import SCHEMES, Scheme, drift
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import metres_per_degree
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import FloatArray, days, hours, minutes
from cordiale.sea.analytic import analytic_sea
from cordiale.sea.environment import Flow, Vector
from cordiale.sea.tide import Window

BEGIN: Final = utc("2026-01-01 00:00")
MIDDLE: Final = Position(lat=51.0, lon=1.5)
NORTH, EAST = (float(part) for part in metres_per_degree(np.array(MIDDLE.lat)))
F, U0, UG = 1e-4, 0.3, 0.04  # 1/s, m/s, m/s: of both eddies
GAMMA, GAMMA_G = 1 / (2.89 * days), 1 / (28.9 * days)
DAY_TURN = 2 * math.pi / (24 * hours)
GYRE, EPSILON = 100e3, 1 / (11.6 * 86400) / (2e-11 * 1e7)
PENINSULA, RADIUS = 50e3, 16e3  # place and radius, m


@dataclass(frozen=True, kw_only=True)
class PlaneFlow:
    """A current from a velocity in a plane: u, v (m/s) of seconds since BEGIN and metres east and north of MIDDLE."""

    plane: Callable[[float, FloatArray, FloatArray], Vector]
    source: str = "analytic: a plane flow"

    def velocity(self, at: float | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward current in m/s."""
        north, east = metres_per_degree(lat)
        u, v = self.plane(np.asarray(at) - BEGIN, (lon - MIDDLE.lon) * EAST, (lat - MIDDLE.lat) * NORTH)
        return u * east / EAST, v * north / NORTH

    def flow(self, at: float, window: Window) -> Flow:
        """The current of one instant."""
        return partial(self.velocity, at)


def moving_eddy(t: float, x: FloatArray, y: FloatArray) -> Vector:
    """An inertial oscillation on a steady stream: no change in space."""
    return UG + (U0 - UG) * np.cos(F * t) + 0 * x, -(U0 - UG) * np.sin(F * t) + 0 * y


def moving_eddy_path(t: float, x: FloatArray, y: FloatArray) -> Vector:
    """Where the moving eddy takes a particle in a time."""
    return x + UG * t + (U0 - UG) / F * np.sin(F * t), y - (U0 - UG) / F * (1 - np.cos(F * t))


def decaying_eddy(t: float, x: FloatArray, y: FloatArray) -> Vector:
    """The same, both parts dying away."""
    dying = (U0 - UG) * np.exp(-GAMMA * t)
    return UG * np.exp(-GAMMA_G * t) + dying * np.cos(F * t) + 0 * x, -dying * np.sin(F * t) + 0 * y


def decaying_eddy_path(t: float, x: FloatArray, y: FloatArray) -> Vector:
    """Where the decaying eddy takes a particle: the integral of exp((-gamma - i f) t)."""
    turned = (U0 - UG) * (1 - np.exp(-(GAMMA + 1j * F) * t)) / (GAMMA + 1j * F)
    return x + UG / GAMMA_G * (1 - np.exp(-GAMMA_G * t)) + turned.real, y + turned.imag


def rotation(t: float, x: FloatArray, y: FloatArray) -> Vector:
    """Solid rotation, clockwise, once a day."""
    return DAY_TURN * y, -DAY_TURN * x


def rotation_path(t: float, x: FloatArray, y: FloatArray) -> Vector:
    """Circles."""
    cosine, sine = math.cos(DAY_TURN * t), math.sin(DAY_TURN * t)
    return x * cosine + y * sine, y * cosine - x * sine


def gyre(t: float, x: FloatArray, y: FloatArray) -> Vector:
    """Stommel's gyre with its strong western boundary current; x and y from its south-west corner."""
    xi, eta, scale = x / GYRE, y / GYRE, 0.05 / 100
    u = -(1 - np.exp(-xi / EPSILON) - xi) * math.pi**2 * np.cos(math.pi * eta) * scale
    return u, (np.exp(-xi / EPSILON) / EPSILON - 1) * math.pi * np.sin(math.pi * eta) * scale


def gyre_stream(x: FloatArray, y: FloatArray) -> FloatArray:
    """The stream function of the gyre, kept by every particle."""
    return (1 - np.exp(-x / GYRE / EPSILON) - x / GYRE) * math.pi * np.sin(math.pi * y / GYRE) * 0.05


def peninsula(t: float, x: FloatArray, y: FloatArray) -> Vector:
    """1 m/s past a half disc of land: x from the western edge, y from the shore."""
    off, square = x - PENINSULA, (x - PENINSULA) ** 2 + y**2
    return 1 - RADIUS**2 * (off**2 - y**2) / square**2, -2 * RADIUS**2 * off * y / square**2


def peninsula_stream(x: FloatArray, y: FloatArray) -> FloatArray:
    """The stream function of the peninsula, kept by every particle."""
    return RADIUS**2 * y / ((x - PENINSULA) ** 2 + y**2) - y


def carried(flow: Callable, x: FloatArray, y: FloatArray, *, lasting: float, step: float, scheme: Scheme) -> Vector:
    """Where a scheme takes particles from x, y (m)."""
    sea = analytic_sea(PlaneFlow(plane=flow))
    fix = Fix(position=MIDDLE, within=100.0)
    some = first_belief(fix, at=BEGIN, stream=Stream.of_seed(1).child("flows"), count=x.size)
    belief: Belief = replace(some, lat=MIDDLE.lat + y / NORTH, lon=MIDDLE.lon + x / EAST)
    moved = drift(belief, sea, until=BEGIN + lasting, step=step, scheme=scheme)
    return (moved.lon - MIDDLE.lon) * EAST, (moved.lat - MIDDLE.lat) * NORTH


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One flow, its start, its time, and its error: from the known path, relative as Parcels takes it."""

    name: str
    flow: Callable
    x: tuple[float, ...]
    y: tuple[float, ...]
    lasting: float
    published_step: float
    tolerances: dict[Scheme, float]
    path: Callable | None = None
    kept: Callable | None = None
    absolute: bool = False

    def error(self, scheme: Scheme, step: float) -> float:
        """Largest error over particles: of the position over the position, or of the stream function over itself."""
        x, y = np.array(self.x), np.array(self.y)
        there = carried(self.flow, x, y, lasting=self.lasting, step=step, scheme=scheme)
        if self.kept is not None:
            return float(np.abs(self.kept(*there) / self.kept(x, y) - 1).max())
        assert self.path is not None
        known = self.path(self.lasting, x, y)
        scale = (1.0, 1.0) if self.absolute else known
        return float(max(np.abs((there[k] - known[k]) / scale[k]).max() for k in (0, 1)))

    def order(self, scheme: Scheme) -> float:
        """Order of convergence between steps of 15 and 7.5 minutes."""
        return math.log2(self.error(scheme, 15 * minutes) / self.error(scheme, 7.5 * minutes))


TRIALS: Final = (
    Trial(
        name="moving eddy, 1 h, step 30 min",
        flow=moving_eddy,
        path=moving_eddy_path,
        x=(12000.0,),
        y=(12500.0,),
        lasting=1 * hours,
        published_step=30 * minutes,
        tolerances={"euler": 1e-2, "midpoint": 1e-4, "runge_kutta": 1e-5},
    ),
    Trial(
        name="decaying eddy, 23 h, step 60 min",
        flow=decaying_eddy,
        path=decaying_eddy_path,
        x=(10000.0,),
        y=(10000.0,),
        lasting=23 * hours,
        published_step=60 * minutes,
        tolerances={"euler": 1e-1, "midpoint": 3e-3, "runge_kutta": 1e-5},
    ),
    Trial(
        name="radial rotation, 10 min, step 30 s",
        flow=rotation,
        path=rotation_path,
        x=tuple(np.linspace(2.0, 20.0, 10)),
        y=(0.0,) * 10,
        lasting=10 * minutes,
        published_step=30.0,
        tolerances={"runge_kutta": 5e-2},
        absolute=True,
    ),
    Trial(
        name="radial rotation at 2-20 km, 24 h, step 10 min",
        flow=rotation,
        path=rotation_path,
        x=tuple(np.linspace(2e3, 20e3, 10)),
        y=(0.0,) * 10,
        lasting=24 * hours,
        published_step=10 * minutes,
        tolerances={},
        absolute=True,
    ),
    Trial(
        name="Stommel gyre, 1 day, step 30 min",
        flow=gyre,
        kept=gyre_stream,
        x=(100.0, 1000.0),
        y=(50e3, 50e3),
        lasting=24 * hours,
        published_step=30 * minutes,
        tolerances={"midpoint": 0.1, "runge_kutta": 0.1},
    ),
    Trial(
        name="peninsula, 23 h, step 30 min",
        flow=peninsula,
        kept=peninsula_stream,
        x=(3e3, 3e3),
        y=(3e3, 47e3),
        lasting=23 * hours,
        published_step=30 * minutes,
        tolerances={"midpoint": 2e-2, "runge_kutta": 5e-3},
    ),
)


def main() -> None:
    """A table: error at the published step, tolerance, order, for each scheme."""
    for trial in TRIALS:
        print(trial.name + (" (m)" if trial.absolute else " (relative)"))
        for scheme in SCHEMES:
            error = trial.error(scheme, trial.published_step)
            tolerance = trial.tolerances.get(scheme)
            allowed = f"allowed {tolerance:g}" if tolerance else "no published tolerance"
            order = f"order {trial.order(scheme):4.2f}" if trial.lasting >= 1 * hours else ""
            print(f"  {scheme:12s} {error:9.2e}  {allowed:24s} {order}")


if __name__ == "__main__":
    main()
