"""The hazard of one leg, and looks that are alike."""

import math

import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.sensors.lateral_range import InverseCube
from cordiale.sensors.leg import MOST, leg_hazard, miss

WIDTH = 1000.0


def by_hand(x: float, s1: float, s2: float) -> float:
    """The glimpse rate W^2 / (8 pi r^3) summed along the leg, by Simpson's rule in the angle."""
    first, last = math.atan2(s1, x), math.atan2(s2, x)
    angle = np.linspace(first, last, 2001)
    weights = np.ones(2001)
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    integral = float(weights @ np.cos(angle)) * (last - first) / 2000 / 3  # ds / r^3 = cos(angle) d angle / x^2
    return WIDTH**2 / (8 * math.pi * x * x) * integral


def test_an_endless_leg_is_the_lateral_range_curve():
    """W^2 / (4 pi x^2), and 1 - exp of it the inverse-cube curve."""
    x = np.array([60.0, 200.0, 1000.0, 9000.0])
    n = leg_hazard(WIDTH, x, -np.inf, np.inf)
    assert n == pytest.approx(WIDTH**2 / (4 * math.pi * x * x))
    assert 1 - miss(n) == pytest.approx(InverseCube(WIDTH).at(x))


@pytest.mark.parametrize(
    ("x", "s1", "s2"), [(700, -2000, 3000), (50, 500, 3000), (50, -3000, -500), (80, 0, 1000), (80, -1000, 0)]
)
def test_a_leg_with_ends_is_the_sum_of_its_glimpses(x, s1, s2):
    """Passed, not yet reached, already passed, beginning or ending abeam."""
    assert float(leg_hazard(WIDTH, np.array(x), s1, s2)) == pytest.approx(by_hand(x, s1, s2), rel=1e-9)


def test_a_particle_in_line_with_a_leg_has_a_finite_hazard_and_one_under_it_the_cap():
    """x = 0 beyond the end: W^2 / (16 pi) (1 / s1^2 - 1 / s2^2); between the ends the cap, never infinity or nan."""
    ahead = float(leg_hazard(WIDTH, np.array(0.0), 500.0, 3000.0))
    assert ahead == pytest.approx(WIDTH**2 / (16 * math.pi) * (1 / 500**2 - 1 / 3000**2), rel=1e-9)
    near = float(leg_hazard(WIDTH, np.array(1e-3), 500.0, 3000.0))
    assert near == pytest.approx(ahead, rel=1e-9)
    assert float(leg_hazard(WIDTH, np.array(0.0), -500.0, 3000.0)) == MOST
    assert float(leg_hazard(WIDTH, np.array(0.0), 0.0, 3000.0)) == MOST


def test_legs_end_to_end_add_up_and_a_slow_pass_counts_more():
    """Two halves are the whole; half the relative speed is twice the hazard; no width, no hazard."""
    x = np.array([90.0, 400.0, 2500.0])
    whole = leg_hazard(WIDTH, x, -1500.0, 2500.0)
    assert leg_hazard(WIDTH, x, -1500.0, 300.0) + leg_hazard(WIDTH, x, 300.0, 2500.0) == pytest.approx(whole)
    assert leg_hazard(WIDTH, x, -1500.0, 2500.0, 2.0) == pytest.approx(2 * whole)
    assert np.all(leg_hazard(0.0, x, -1500.0, 2500.0) == 0)


def test_looks_that_are_alike_find_less_the_second_time():
    """Gamma mixture: the mean over hard and easy objects is drawn, and independence is its limit."""
    n = np.array([0.3, 1.0, 4.0])
    detectability = np.random.default_rng(2).gamma(2.0, 1 / 2.0, 400_000)
    drawn = np.exp(-n[:, np.newaxis] * detectability).mean(axis=1)
    assert miss(n, alike=2.0) == pytest.approx(drawn, abs=4 * 0.5 / math.sqrt(400_000))  # four standard errors
    assert miss(n, alike=1e9) == pytest.approx(miss(n))
    assert np.all(miss(n, alike=1.0) > miss(n))


@pytest.mark.parametrize("make", [lambda: leg_hazard(-1.0, np.ones(2), 0.0, 1.0), lambda: miss(np.ones(2), alike=0.0)])
def test_impossible_input_is_refused(make):
    """A negative width, a shape of nothing."""
    with pytest.raises(CordialeError, match="hint: "):
        make()
