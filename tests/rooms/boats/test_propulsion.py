"""Way through the water: the priors as stated."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from cordiale.boats.propulsion import SMALL_BOAT, course_steered, speed_through_water, time_until_failure
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import hours, knots

EVEN = (np.arange(20_000) + 0.5) / 20_000
NORMAL = np.array([NormalDist().inv_cdf(u) for u in EVEN])


def test_half_the_boats_make_more_than_four_knots_and_nine_in_ten_two_to_nine():
    """The prior of needs 4.2: lognormal, median 4 kn, 90 % within 2 to 9 kn."""
    speed = speed_through_water(SMALL_BOAT, NORMAL) / knots
    assert np.median(speed) == pytest.approx(4, abs=0.01)  # kn
    assert ((speed > 2) & (speed < 9)).mean() == pytest.approx(0.90, abs=0.005)


def test_engines_last_as_long_as_in_the_two_investigated_cases():
    """Mean 3.75 h, and an exponential law has its standard deviation equal to its mean."""
    lasts = time_until_failure(SMALL_BOAT, EVEN) / hours
    assert lasts.mean() == pytest.approx(3.75, rel=0.01)
    assert lasts.std() == pytest.approx(3.75, rel=0.02)


def test_boats_from_calais_steer_for_kent():
    """From off Calais the middle course lies between west by north and north-west."""
    rng = np.random.default_rng(2)
    order = rng.permutation(EVEN.size)
    course = course_steered(SMALL_BOAT, np.full(EVEN.size, 51.0), np.full(EVEN.size, 1.85), EVEN, NORMAL[order])
    assert 285 < np.median(course) < 315  # degrees true: Dungeness bears 262, the North Foreland 326
    assert course.min() >= 0
    assert course.max() < 360


def test_an_engine_that_never_ran_is_not_a_propulsion():
    """A speed of zero is refused: adrift is said otherwise."""
    with pytest.raises(CordialeError, match="speed_median"):
        replace(SMALL_BOAT, speed_median=0.0)
