"""Orders of convergence on flows with a known answer, through the NumPy twin and, on fine patches, the kernel.

Flows: a moving eddy and a western-boundary gyre as in the tests of Parcels (Stommel, Trans. AGU 29, 202-206, 1948), and
solid rotation. Latitudes near the equator would make a degree a square; here the metres are those of 51 N.
"""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from cordiale.belief.drift import drift
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import destination, displacement, metres_per_degree
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours, km, minutes
from cordiale.sea.analytic import TurningBasin, UniformCurrent, analytic_sea
from cordiale.sea.patch import Patch
from cordiale.sea.wind import ConstantWind

START = utc("2021-11-24 02:00")
MIDDLE = Position(lat=51.0, lon=1.5)
ORDERS = {"euler": (0.8, 1.3), "midpoint": (1.8, 2.4), "runge_kutta": (3.6, 4.6)}


class Formula:
    """A current given as a formula in metres east and north of 51 N 1.5 E and seconds since the start."""

    source = "test"

    def velocity(self, at, lat, lon):
        """Eastward and northward current."""
        per_lat, per_lon = metres_per_degree(MIDDLE.lat)
        return self.speed(np.asarray(at) - START, (lon - MIDDLE.lon) * per_lon, (lat - MIDDLE.lat) * per_lat)

    def flow(self, at, window):
        """The current of one instant."""
        return lambda lat, lon: self.velocity(at, lat, lon)


class MovingEddy(Formula):
    """A drift of 0.04 m/s east and an inertial circle of 0.3 m/s in 15.5 h, everywhere alike."""

    def speed(self, t, x, y):
        """Eastward and northward."""
        f = 2 * math.pi / (15.5 * hours)
        return 0.04 + 0.26 * np.cos(f * t) + 0 * x, -0.26 * np.sin(f * t) + 0 * x

    def exact(self, t):
        """Metres gone."""
        f = 2 * math.pi / (15.5 * hours)
        return 0.04 * t + 0.26 / f * math.sin(f * t), -0.26 / f * (1 - math.cos(f * t))


class StommelGyre(Formula):
    """The steady gyre of Stommel in a basin of 60 km, with a western boundary current of some 2 m/s."""

    side, edge = 60 * km, 0.1

    def psi(self, x, y):
        """Stream function, m2/s."""
        u, v = x / self.side + 0.5, y / self.side + 0.5
        return 9000.0 * (1 - np.exp(-u / self.edge) - u) * math.pi * np.sin(math.pi * v)

    def speed(self, t, x, y):
        """Eastward and northward."""
        u, v = x / self.side + 0.5, y / self.side + 0.5
        east = -9000.0 * (1 - np.exp(-u / self.edge) - u) * math.pi**2 * np.cos(math.pi * v) / self.side
        north = 9000.0 * (np.exp(-u / self.edge) / self.edge - 1) * math.pi * np.sin(math.pi * v) / self.side
        return east, north


@dataclass(frozen=True, eq=False)
class OnPatches:
    """A current laid on patches with lines some 300 m apart."""

    inner: object
    source: str = "test"

    def velocity(self, at, lat, lon):
        """Eastward and northward current."""
        return self.inner.velocity(at, lat, lon)

    def flow(self, at, window):
        """The current of one instant as a patch."""
        lat, lon = np.linspace(50.5, 51.5, 401), np.linspace(0.75, 2.25, 401)
        grid_lat, grid_lon = np.meshgrid(lat, lon, indexing="ij")
        values = np.zeros((401, 401, 4), dtype=np.float32)
        values[..., 0], values[..., 1] = self.inner.velocity(at, grid_lat, grid_lon)
        values[..., 2] = 1
        return Patch(south=50.5, west=0.75, lat_step=1 / 400, lon_step=1.5 / 400, values=values)


def cloud(within=10 * km, count=60):
    """Drifters without leeway noise in the middle of the strait."""
    fix = Fix(position=MIDDLE, within=within)
    return first_belief(
        fix, at=START, stream=Stream.of_seed(1).child("o"), count=count, search_for=search_object("drifter")
    )


def errors(current, scheme, steps, *, time, truth=None):
    """Mean distance (m) from the truth, or from very short steps of Runge and Kutta."""
    sea = analytic_sea(current)
    if truth is None:
        truth = drift(cloud(), sea, until=START + time, step=3 * minutes, scheme="runge_kutta")
        truth = truth.lat, truth.lon
    found = []
    for step in steps:
        after = drift(cloud(), sea, until=START + time, step=step, scheme=scheme)
        found.append(float(np.hypot(*displacement(*truth, after.lat, after.lon)).mean()))
    return found


def order(found):
    """The power of the step with which the error falls."""
    return math.log2(found[0] / found[1])


@pytest.mark.parametrize("scheme", ORDERS)
def test_the_order_on_the_stommel_gyre_is_that_of_the_scheme(scheme):
    """Halving steps of 30 min divides the error by 2, 4 and 16."""
    found = errors(StommelGyre(), scheme, (30 * minutes, 15 * minutes), time=6 * hours)
    assert ORDERS[scheme][0] < order(found) < ORDERS[scheme][1]


@pytest.mark.parametrize("scheme", ORDERS)
def test_the_order_on_solid_rotation_is_that_of_the_scheme(scheme):
    """A basin that turns once in twelve hours; the truth is a long run of short steps."""
    basin = TurningBasin(lat=51.0, lon=1.5, period=12 * hours)
    found = errors(basin, scheme, (30 * minutes, 15 * minutes), time=3 * hours)
    assert ORDERS[scheme][0] < order(found) < ORDERS[scheme][1]


@pytest.mark.parametrize(("scheme", "bound"), [("euler", 500.0), ("midpoint", 30.0), ("runge_kutta", 6.0)])
def test_the_moving_eddy_ends_where_the_closed_form_says(scheme, bound):
    """A day on inertial circles, steps of 30 min: so many metres from the closed form of some 3.5 km.

    Four metres of it are the degree of longitude, which is not the same 5 km further north."""
    eddy, before = MovingEddy(), cloud(within=1.0)
    after = drift(before, analytic_sea(eddy), until=START + 24 * hours, step=30 * minutes, scheme=scheme)
    per_lat, per_lon = metres_per_degree(51.0)
    east, north = (after.lon - before.lon) * per_lon, (after.lat - before.lat) * per_lat
    wanted = eddy.exact(24 * hours)
    off = np.hypot(east - wanted[0], north - wanted[1])
    assert off.max() < bound


@pytest.mark.parametrize("scheme", ORDERS)
def test_the_kernel_goes_as_far_wrong_as_its_twin_and_no_further(scheme):
    """On patches of 300 m: the same error by step as the formula, down to the metres that the patch itself is off."""
    exact = errors(StommelGyre(), scheme, (30 * minutes,), time=6 * hours)[0]
    truth = drift(cloud(), analytic_sea(StommelGyre()), until=START + 6 * hours, step=3 * minutes, scheme="runge_kutta")
    laid = errors(OnPatches(StommelGyre()), scheme, (30 * minutes,), time=6 * hours, truth=(truth.lat, truth.lon))[0]
    assert laid == pytest.approx(exact, rel=0.02, abs=8.0)  # m of paths of some 8 km


def test_the_stream_function_of_the_gyre_is_kept():
    """Particles of a steady stream stay on its lines: within 0.1 % of the range in a day with Runge and Kutta."""
    gyre, before = StommelGyre(), cloud()
    after = drift(before, analytic_sea(OnPatches(gyre)), until=START + 24 * hours, scheme="runge_kutta")
    per_lat, per_lon = metres_per_degree(MIDDLE.lat)

    def psi(belief):
        return gyre.psi((belief.lon - MIDDLE.lon) * per_lon, (belief.lat - MIDDLE.lat) * per_lat)

    assert np.abs(psi(after) - psi(before)).max() < 0.02 * np.ptp(psi(before))  # metres per degree change with latitude


def test_a_uniform_flow_through_the_kernel_is_speed_times_time():
    """Current and leeway constant: the closed form to a metre in 20 km, by all schemes."""
    before = cloud(within=1.0)
    sea = analytic_sea(
        OnPatches(UniformCurrent(eastward=0.4, northward=-0.3)), wind=ConstantWind(eastward=0.0, northward=0.0)
    )
    for scheme in ORDERS:
        after = drift(before, sea, until=START + 12 * hours, scheme=scheme)
        wanted = destination(before.lat, before.lon, np.full(60, 0.4 * 12 * hours), np.full(60, -0.3 * 12 * hours))
        assert (
            np.hypot(*displacement(*wanted, after.lat, after.lon)).max() < 25.0
        )  # m; `destination` takes a mean latitude


@pytest.mark.parametrize("step", [1 * minutes, 15 * minutes])
def test_the_dispersion_through_the_kernel_is_the_same_for_any_step(step):
    """Particles on patches with errors: 1 and 15 minutes give each the same path to a metre."""
    sea = analytic_sea(OnPatches(UniformCurrent(eastward=0.0, northward=0.0)), current_std=0.15)
    before = cloud(count=300)
    after = drift(before, sea, until=START + 6 * hours, step=step)
    reference = drift(before, sea, until=START + 6 * hours, step=10 * minutes)
    assert np.hypot(*displacement(reference.lat, reference.lon, after.lat, after.lon)).max() < 1.0
    variance = 2 * 0.15**2 * (3 * hours) * (6 * hours - 3 * hours * (1 - math.exp(-2)))
    north = (after.lat - before.lat) * metres_per_degree(51.0)[0]
    assert north.std() == pytest.approx(math.sqrt(variance), rel=0.12)  # 300 particles: 4 %
