"""The optimal search factor, its coverage and POS against the printed table, and the bounds it must respect."""

import math
from statistics import NormalDist

import pytest

from cordiale.search.effort import search_circular
from cordiale.search.manual_factor import PER_SIGMA, optimal_search_factor, search_factor

# Zr; fs, POS and C on the ideal curve; the same on the normal curve; POS of unrestricted effort (Koopman). Derived for
# a circular normal law of 50 % radius E and a square of half side fs E searched with one coverage; three and four
# decimals. Not read off the figure of the manual.
FACTORS = """
0.5 0.511 0.0925 0.480 0.608 0.0794 0.338 0.0812
1 0.643 0.1674 0.604 0.724 0.1393 0.477 0.1435
2 0.810 0.2875 0.761 0.862 0.2331 0.672 0.2420
3 0.928 0.3815 0.871 0.955 0.3063 0.822 0.3194
4 1.021 0.4578 0.959 1.028 0.3664 0.947 0.3833
5 1.100 0.5210 1.033 1.087 0.4172 1.057 0.4373
6 1.169 0.5743 1.098 1.139 0.4609 1.156 0.4838
8 1.286 0.6588 1.209 1.225 0.5329 1.332 0.5602
10 1.386 0.7223 1.302 1.297 0.5901 1.486 0.6206
12 1.473 0.7712 1.383 1.359 0.6366 1.624 0.6694
15 1.586 0.8258 1.490 1.439 0.6924 1.812 0.7273
20 1.746 0.8853 1.640 1.549 0.7602 2.084 0.7964
25 1.881 0.9217 1.767 1.640 0.8082 2.323 0.8440
30 1.999 0.9452 1.878 1.719 0.8435 2.539 0.8780
40 2.200 0.9715 2.067 1.851 0.8914 2.919 0.9221
50 2.370 0.9843 2.226 1.961 0.9214 3.251 0.9480
60 2.518 0.9909 2.366 2.055 0.9414 3.551 0.9642
"""
ROWS = [[float(word) for word in line.split()] for line in FACTORS.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"Zr {row[0]:g}")
def test_the_optimal_search_factor_has_the_printed_digits(row):
    """Factor, POS and coverage on both curves, and Koopman's unrestricted POS: 17 efforts, every digit."""
    effort, *printed = row
    ideal, normal = (optimal_search_factor(effort, curve) for curve in ("ideal", "normal"))
    found = [round(x, n) for best in (ideal, normal) for x, n in ((best.factor, 3), (best.pos, 4), (best.coverage, 3))]
    koopman = search_circular(1 / PER_SIGMA, effort).success
    assert [*found, round(koopman, 4)] == printed
    assert normal.pos <= koopman  # no square of one coverage is better than the best random search


def test_the_radius_that_holds_half_is_1_17741_sigma():
    """sqrt(2 ln 2), so that a circle of radius E holds 50 %; the square about it holds a little more."""
    assert pytest.approx(1.17741, abs=5e-6) == PER_SIGMA
    assert 1 - math.exp(-(PER_SIGMA**2) / 2) == pytest.approx(0.5)
    inside = 2 * NormalDist().cdf(PER_SIGMA) - 1
    assert search_factor(1.0, 1.0, "ideal").poc == pytest.approx(inside**2)
    assert 0.5 < inside**2 < 0.6


def test_the_first_factor_of_the_australian_manual_is_ours_at_five():
    """NatSAR expands first to 1.1 E: ideal factor at Zr = 5, coverage 1.03."""
    best = optimal_search_factor(5.0, "ideal")
    assert round(best.factor, 1) == 1.1
    assert round(best.coverage, 2) == 1.03


@pytest.mark.parametrize("curve", ["ideal", "normal"])
@pytest.mark.parametrize("datum", ["point", "line"])
@pytest.mark.parametrize("effort", [0.01, 0.7, 6.0, 80.0, 900.0])
def test_no_other_factor_has_a_greater_pos(curve, datum, effort):
    """A grid of 400 factors finds nothing better, at any effort, for a point and for a line."""
    best = optimal_search_factor(effort, curve, datum)
    for n in range(400):
        assert search_factor(math.exp(-5 + n / 50), effort, curve, datum).pos <= best.pos * (1 + 1e-12)
