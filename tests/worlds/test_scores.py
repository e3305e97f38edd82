"""The scores against published numbers: a score that is wrong judges wrongly."""

import numpy as np
import pytest

from cordiale.belief.report import Between
from tests.worlds.gospa import assignment, gospa, probabilistic_gospa, t_gospa
from tests.worlds.scores import (
    b_cubed,
    calibration,
    calibration_error,
    coverage,
    exact_marginals,
    nearest_is_right,
    paired_gain,
    pairwise,
)  # fmt: skip

# Bagga and Baldwin 1998, their example: chains 1-5, 6-7 and 8-C; the answers join the second to the first or the third.
TRUTH = dict(zip("12345", "aaaaa", strict=True)) | dict.fromkeys("67", "b") | dict.fromkeys("89ABC", "c")
FIRST = {n: "c" if g == "b" else g for n, g in TRUTH.items()}
SECOND = {n: "c" if g == "a" else g for n, g in TRUTH.items()}
X = (
    (7.338606, -8.275309), (-2.671268, -2.616024), (3.700569, 1.958833), (5.787279, -2.646942), (-5.879443, -8.266669),
    (5.438678, -5.88651), (-2.234567, 1.035571), (-5.420935, 2.838812),
)  # fmt: skip
Y = (
    (-0.310393, -6.963089), (5.638639, -7.987874), (-4.118673, -5.25254), (0.617445, -8.170025), (-1.893692, -7.903075),
    (-7.754321, 5.688558), (-4.168594, 2.070669), (9.288453, -1.3503), (3.895044, 5.161986), (-1.347153, 3.109961),
)  # fmt: skip
N = None
EXAMPLES = {
    1: ([(1, 1, 1, 1, 1)], [(2, 2, 2, 2, 2)]),
    2: ([(1, 1, 1, 1, 1)], [(2, 2, 2, 2, N)]),
    3: ([(1, 1, 1, 1, 1)], [(1.1, 1.1, 1.1, N, N), (N, N, N, 1.1, 1.1)]),
    4: (
        [(1, 1, 1, 1, 1), (2.2, 2.2, 2.2, N, N), (N, N, N, 2.2, 2.2)],
        [(1.1, 1.1, 1.1, N, N), (N, N, N, 1.1, 1.1), (2.1, 2.1, 2.1, 2.1, 2.1)],
    ),
    5: ([(1, 1, 1, 1), (2.2, 2.2, 2.2, 2.2)], [(2, 2, 1.2, 1.2), (1.2, 1.2, 2, 2)]),
    6: ([(1, 1, 1, 1), (2.2, 2.2, 2.2, 2.2)], [(2, 2, 2, 2), (1.2, 1.2, N, N), (N, N, 1.2, 1.2)]),
}


def test_b_cubed_of_the_published_example():
    """Joining two links to five costs less than joining five to five: precision 0.76 and 0.58, recall 1."""
    assert b_cubed(TRUTH, FIRST).precision == pytest.approx(16 / 21, abs=1e-9)  # 76 %
    assert b_cubed(TRUTH, SECOND).precision == pytest.approx(7 / 12, abs=1e-9)  # 58 %
    assert b_cubed(TRUTH, FIRST).recall == b_cubed(TRUTH, SECOND).recall == 1.0
    assert b_cubed(TRUTH, FIRST).f1 == pytest.approx(2 * (16 / 21) / (1 + 16 / 21))


def test_pairwise_of_the_same_example():
    """21 links are right; the answers have 31 and 46 of them."""
    assert pairwise(TRUTH, FIRST).precision == pytest.approx(21 / 31)
    assert pairwise(TRUTH, SECOND).precision == pytest.approx(21 / 46)
    assert pairwise(TRUTH, FIRST).recall == 1.0
    assert pairwise(TRUTH, {}).recall == 0.0  # what is not grouped stands alone
    assert b_cubed(TRUTH, {}).precision == 1.0


@pytest.mark.parametrize(
    ("p", "total", "located", "false"),
    [(1, 32.736760, 24.736760, 8.0), (2, 12.328113, None, None), (3, 9.509719, None, None)],
)
def test_gospa_of_published_points(p, total, located, false):
    """Eight true and ten estimated points with a cut-off of 8: the values of two independent codes."""
    cost = gospa(X, Y, c=8.0, p=p)
    assert cost.total == pytest.approx(total, abs=2e-6)  # the points are printed to six digits
    assert cost.missed == pytest.approx(0.0, abs=1e-9)
    if located is not None:
        assert cost.located == pytest.approx(located, abs=2e-6)
        assert cost.false == pytest.approx(false, abs=1e-9)


@pytest.mark.parametrize(
    ("example", "first", "second", "parts"),
    [
        (1, 5.0, 2.236068, (5, 0, 0, 0)), (2, 6.5, 4.062019, (4, 2.5, 0, 0)), (3, 1.5, 1.024695, (0.5, 0, 0, 1)),
        (4, 3.0, 1.449138, (1, 0, 0, 2)), (5, 3.6, 1.523155, (1.6, 0, 0, 2)), (6, 2.6, 1.148913, (1.6, 0, 0, 1)),
    ],
)  # fmt: skip
def test_t_gospa_of_the_published_examples(example, first, second, parts):
    """Examples 1 to 6 of the paper of 2020, cut-off 5 and switching 1, for p = 1 with its parts and p = 2."""
    truth, given = EXAMPLES[example]
    cost = t_gospa(truth, given, c=5.0, gamma=1.0, p=1)
    assert cost.total == pytest.approx(first, abs=1e-9)
    assert (cost.located, cost.missed, cost.false, cost.switched) == pytest.approx(parts, abs=1e-9)
    assert t_gospa(truth, given, c=5.0, gamma=1.0, p=2).total == pytest.approx(second, abs=5e-7)


def test_the_q_metric_charges_the_missed_and_the_false_apart():
    """With rho 0.7 a missed boat costs 1.5 and not 2.5 (example 2); with 0.1 it costs nine times a false one."""
    truth, given = EXAMPLES[2]
    assert t_gospa(truth, given, c=5.0, gamma=1.0, p=1, rho=0.7).total == pytest.approx(5.5)
    assert gospa([(0.0, 0.0)], [], c=5.0, p=1, rho=0.1).total == pytest.approx(4.5)
    assert gospa([], [(0.0, 0.0)], c=5.0, p=1, rho=0.1).total == pytest.approx(0.5)


def test_a_boat_that_may_not_exist_costs_in_between():
    """An estimate on a true boat with probability r costs (1 - r) of a missed one; on none, r of a false one."""
    for r in (0.0, 0.3, 1.0):
        assert probabilistic_gospa([(0, 0)], [(0, 0)], [r], c=4.0, p=1).total == pytest.approx((1 - r) * 2)
        assert probabilistic_gospa([], [(0, 0)], [r], c=4.0, p=1).total == pytest.approx(r * 2)
    spread = probabilistic_gospa([(0, 0)], [(0, 0)], [1.0], c=4.0, p=2, deviation=[1.0])
    assert spread.total == pytest.approx(2**0.5)


def test_the_assignment_is_the_cheapest():
    """On random costs it equals the best of all permutations."""
    rng = np.random.default_rng(1)
    for _ in range(20):
        cost = rng.random((4, 4))
        best = min(sum(cost[i, j] for i, j in enumerate(s)) for s in _permutations(4))
        assert sum(cost[i, j] for i, j in enumerate(assignment(cost))) == pytest.approx(best)


def _permutations(n):
    return [[]] if n == 0 else [[*s[:k], n - 1, *s[k:]] for s in _permutations(n - 1) for k in range(n)]


def test_exact_marginals_of_the_published_case():
    """Three tracks and three measurements, by enumeration, to the six printed digits."""
    psi = [[2.022512, 1.646946, 5.673821], [1.294445, 6.787299, 4.042967], [0.885711, 1.523041, 2.321064]]
    exact = [
        [0.284278, 0.099342, 0.413190, 0.203190], [0.119223, 0.548831, 0.175644, 0.156302],
        [0.213041, 0.168335, 0.248337, 0.370288],
    ]  # fmt: skip
    assert np.abs(exact_marginals(np.array(psi)) - exact).max() < 1e-6


@pytest.mark.parametrize(
    ("density", "sigma", "right"),
    [(0.02, 1, 0.8884), (0.1, 1, 0.6141), (0.02, 3, 0.4693), (0.05, 0.1, 0.9969), (0.004, 5, 0.6141)],
)
def test_how_often_the_nearest_boat_is_the_right_one(density, sigma, right):
    """The closed form, and a Monte-Carlo of it: Gaussian errors in a field of other boats."""
    assert nearest_is_right(density, sigma) == pytest.approx(right, abs=5e-5)
    rng = np.random.default_rng(2)
    own = rng.rayleigh(sigma, 20_000)
    empty = np.exp(-density * np.pi * own**2)  # no other boat within the own one's distance
    assert empty.mean() == pytest.approx(right, abs=0.01)  # three standard errors


def test_calibration_and_coverage_count():
    """A stated 0.9 that is true nine times in ten is right; an interval that misses one of four covers 75 %."""
    links = [(0.9, k < 9) for k in range(10)] + [(0.1, k < 5) for k in range(10)]
    bins = calibration(links)
    assert [(round(b.stated, 3), b.true, b.count) for b in bins] == [(0.1, 0.5, 10), (0.9, 0.9, 10)]
    assert calibration_error(bins) == pytest.approx(0.2)
    share, error = coverage([(Between(least=1, most=3), n) for n in (1, 2, 3, 4)])
    assert share == 0.75 and error == pytest.approx(0.2165, abs=1e-4)


def test_a_paired_gain_has_its_interval():
    """Four nights, gains 0.1, 0.1, 0.2 and -0.02: mean 0.095, half width 3.182 standard errors, one night worse."""
    gain = paired_gain([0.9, 0.8, 0.9, 0.5], [0.8, 0.7, 0.7, 0.52])
    assert gain.mean == pytest.approx(0.095)
    assert gain.high - gain.mean == pytest.approx(3.182 * np.std([0.1, 0.1, 0.2, -0.02], ddof=1) / 2)
    assert gain.worse == 0.25
