"""Known values of the response: the time of an intercept, and the best search of a circular normal cloud."""

import math

import numpy as np
import pytest

from cordiale.earth.units import NM, hours, knots
from cordiale.response.outcome import LEVELS, efforts_of_levels, pos_of_effort
from cordiale.response.transit import intercept_time


def test_intercept_of_a_boat_that_crosses_ahead():
    """30 kn from the origin to a boat at (10, 0) NM that makes 5 kn north: 10 / sqrt(875) h, at (10, 1.690309) NM.

    Source: elementary kinematics.
    """
    time = float(intercept_time(10 * NM, 0.0, 0.0, 5 * knots, 30 * knots))
    assert time / hours == pytest.approx(10 / math.sqrt(875), abs=1e-9)
    assert 5 * knots * time / NM == pytest.approx(1.690309, abs=1e-6)


@pytest.mark.parametrize(
    ("u", "speed", "expected"),
    [
        ((-5, 0), 30, 10 / 35),  # she comes towards us
        ((5, 0), 30, 10 / 25),  # she runs away
        ((30, 0), 30, math.inf),  # as fast as we are, and away
        ((-30, 0), 30, 10 / 60),  # as fast, and towards
        ((40, 0), 30, math.inf),
        ((-40, 0), 30, 10 / 70),  # faster than we are, but she comes to us
    ],
)
def test_intercept_along_the_line(u, speed, expected):
    """On one line the time is the distance by the closing speed, or never."""
    time = float(intercept_time(10 * NM, 0.0, u[0] * knots, u[1] * knots, speed * knots)) / hours
    assert time == pytest.approx(expected, abs=1e-9)


def test_intercept_solves_its_equation_for_any_case():
    """Wherever a time is given, the craft can be there then; 1 m in 10 NM is rounding."""
    chance = np.random.default_rng(1)
    d = chance.normal(0, 10 * NM, (2, 500))
    u = chance.normal(0, 10 * knots, (2, 500))
    time = intercept_time(d[0], d[1], u[0], u[1], 12 * knots)
    met = np.isfinite(time)
    assert 300 < met.sum() < 500
    apart = np.hypot(d[0] + u[0] * np.where(met, time, 0), d[1] + u[1] * np.where(met, time, 0))
    assert np.abs(apart - 12 * knots * time)[met].max() < 1.0
    assert (time >= 0).all()


@pytest.mark.parametrize(("effort", "pos"), [(2.0, 0.190448), (10.0, 0.532423)])
def test_best_search_of_a_circular_normal_cloud(effort, pos):
    """Sigma 1, effort 2 and 10: POS 0.190448 and 0.532423. Source: Koopman 1946; Stone 1975."""
    assert float(pos_of_effort(effort, 1.0)) == pytest.approx(pos, abs=1e-6)


def test_the_levels_of_the_search_are_those_of_the_formula():
    """The effort at each level brings just that probability, and the mean effort is near 6 pi sigma^2."""
    for level, effort in zip(LEVELS, efforts_of_levels(), strict=True):
        assert float(pos_of_effort(math.pi * effort, 1.0)) == pytest.approx(level, abs=1e-9)
    assert np.mean(efforts_of_levels()) == pytest.approx(6, rel=0.2)  # five levels leave the long tail out: 5.1
