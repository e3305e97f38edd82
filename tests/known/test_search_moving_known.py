"""Effort for a moving target on the grid of Royset and Sato, against miss probabilities computed independently.

9 x 9 cells; the target starts in the middle, stays with 0.6, else moves to one of its neighbours; a look with effort 1
misses with 0.4; effort 3 at every step. The value for three steps was confirmed with a general solver (SLSQP).
"""

import math

import numpy as np
import pytest

from cordiale.search.moving import forward_backward, myopic
from tests.rooms.search.grids import wandering_target

RATE = np.full(81, -math.log(0.4))
TABLE = [
    (1, 0.06400000, 0.0640000000, 0.0640000000),
    (2, 0.02642507, 0.0264250747, 0.0264250747),
    (3, 0.01780587, 0.0176205816, 0.0176205755),
    (5, 0.01126060, 0.0108731032, 0.0108730985),
    (7, 0.00850317, 0.0080933197, 0.0080932926),
    (10, 0.00644964, 0.0060378850, 0.0060378612),
    (15, 0.00472713, 0.0043383342, 0.0043383098),
]


@pytest.mark.parametrize(("steps", "short_sighted", "best", "bound"), TABLE)
def test_forward_and_backward_iteration_finds_the_known_optimum(steps, short_sighted, best, bound):
    """Miss probabilities within 1e-9 of those known, our bound no lower than the known one."""
    target, budgets = wandering_target(), np.full(steps, 3.0)
    plan = forward_backward(target, RATE, budgets)
    assert plan.miss == pytest.approx(best, abs=1e-9)
    assert bound - 5e-11 <= plan.bound <= plan.miss
    assert myopic(target, RATE, budgets).miss == pytest.approx(short_sighted, abs=5e-9)


def test_one_third_of_the_effort():
    """Effort 1 at every step: three steps, and ten with and without looking ahead; within the digits given."""
    target = wandering_target()
    assert forward_backward(target, RATE, np.ones(3)).miss == pytest.approx(0.2116172117, abs=1e-9)
    assert forward_backward(target, RATE, np.ones(10)).miss == pytest.approx(0.1304526503, abs=1e-9)
    assert myopic(target, RATE, np.ones(10)).miss == pytest.approx(0.13194065, abs=5e-9)
