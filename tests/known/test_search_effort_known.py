"""Stationary search effort against published allocations and closed forms.

Cases 1 to 10: test-bed of ctwardy/soral (MIT licence; C++/TestBed.cpp, matlab/testcases.m,
Tests/Testing-SORAL-in-AGM.txt), numbers typed by hand. The MATLAB copy of case 3 has 0.92980, a slip for 0.092980.
Case 9 is the example of Washburn, Journal of Optimization Theory and Applications 85 (1995).
"""

import numpy as np
import pytest

from cordiale.search.effort import allocate, search_circular
from cordiale.search.effort_several import allocate_several

PRINTED = 1e-4  # the digits published, in units of effort
ONE_RESOURCE = [
    ([4], [4], 0.05, [0.05], 0.725077),
    ([8, 4, 1, 2], [1, 4, 12, 8], 0.05, [0, 0.033333, 0, 0.0166667], 0.748960),
    ([4, 2, 8, 1], [4, 1, 1, 12], 0.10, [0.092980, 0, 0, 0.007020], 1.323152),
    ([2, 4, 2], [9, 3, 6], 0.20, [0.0732241007, 0.0845172662, 0.0422586331], 2.309043),
    ([1, 4, 20, 0], [8, 4, 0, 10], 0.50, [0.10890, 0.39110, 0, 0], 3.744697),
    ([2, 6, 4], [6, 2, 3], 0.50, [0.083333, 0.25, 0.166667], 4.721632),
    ([0, 7, 0, 5], [8, 0, 0, 0], 0.50, [0, 0, 0, 0], 0.0),
]
SEVERAL = [
    ([0.5, 0.5], [[0.1, 0.05], [0.02, 0.005]], [16.1, 13.9], [[10.30365, 13.9], [5.79635, 0]], 0.4656759),
    (
        [1 / 6, 1 / 6, 1 / 3, 1 / 3],  # 1000, 1000, 2000, 2000
        [[1, 3, 0], [2, 2, 1], [3, 2, 0], [4, 1, 1]],
        [3, 2, 1],
        [[0, 1.22976, 0], [0.37167, 0.77024, 1], [1.46081, 0, 0], [1.16753, 0, 0]],
        0.9822988,
    ),
]
# Effort over the square of the 50 % radius, and the success of the best effort: closed form, four decimals.
UNRESTRICTED = """0.5 0.0812 1 0.1435 2 0.2420 3 0.3194 4 0.3833 5 0.4373 6 0.4838 8 0.5602 10 0.6206 12 0.6694
15 0.7273 20 0.7964 25 0.8440 30 0.8780 40 0.9221 50 0.9480 60 0.9642"""


@pytest.mark.parametrize(("p", "w", "budget", "efforts", "success"), ONE_RESOURCE)
def test_one_resource_is_divided_as_published(p, w, budget, efforts, success):
    """Charnes and Cooper's allocation, cell by cell, and what it finds; 1e-6 is the last digit of the success."""
    answer = allocate(np.array(p, dtype=float), np.array(w, dtype=float), budget)
    assert answer.effort == pytest.approx(efforts, abs=PRINTED)
    assert answer.success == pytest.approx(success, abs=1e-6)
    assert answer.gap == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("p", "w", "budgets", "efforts", "success"), SEVERAL)
def test_several_resources_are_divided_as_published(p, w, budgets, efforts, success):
    """The exact allocations of two and of three resources; 1e-6: the third success was computed from rounded efforts.

    The bound closes on them to rounding: that is the proof.
    """
    answer = allocate_several(np.array(p), np.array(w, dtype=float), np.array(budgets, dtype=float))
    assert answer.effort == pytest.approx(np.array(efforts), abs=PRINTED)
    assert answer.success == pytest.approx(success, abs=1e-6)
    assert answer.gap == pytest.approx(0, abs=1e-12)


def test_four_areas_and_forty_hours_are_divided_as_published():
    """Sweep width 1 NM, 1 kn, 40 h over 28, 30, 14 and 12 NM2: hours, probabilities of detection and success."""
    area, p = np.array([28.0, 30, 14, 12]), np.array([0.1935, 0.2581, 0.2903, 0.2581])
    answer = allocate(p, 1 / area, 40.0)
    assert answer.effort == pytest.approx([1.4734, 8.1510, 16.1197, 14.2559], abs=PRINTED)
    assert -np.expm1(-answer.effort / area) == pytest.approx([0.0513, 0.2379, 0.6838, 0.6952], abs=5e-5)
    assert answer.success == pytest.approx(0.44926, abs=5e-6)


@pytest.mark.parametrize(("budget", "efforts", "success"), [(1, (1, 0), 0.50570), (2, (1.69315, 0.30685), 0.70570)])
def test_two_cells_follow_the_closed_form(budget, efforts, success):
    """Probabilities 0.8 and 0.2, equal rates: the second cell waits until the first has had ln 4."""
    answer = allocate(np.array([0.8, 0.2]), np.ones(2), budget)
    assert answer.effort == pytest.approx(efforts, abs=5e-6)
    assert answer.success == pytest.approx(success, abs=5e-6)


@pytest.mark.parametrize(("effort", "radius", "success"), [(2, 1.263238, 0.190448), (10, 1.888981, 0.532423)])
def test_the_circular_normal_is_searched_as_koopman_says(effort, radius, success):
    """Radius of the disc searched and success, sigma 1; printed to six decimals."""
    answer = search_circular(1.0, effort)
    assert answer.radius == pytest.approx(radius, abs=5e-7)
    assert answer.success == pytest.approx(success, abs=5e-7)


def test_the_circular_normal_agrees_with_the_column_of_unrestricted_success():
    """Seventeen efforts from 0.5 to 60 squares of the 50 % radius; printed to four decimals."""
    numbers = [float(x) for x in UNRESTRICTED.split()]
    for relative, success in zip(numbers[::2], numbers[1::2], strict=True):
        assert search_circular(1.0, relative * 1.17741**2).success == pytest.approx(success, abs=6e-5)


def test_cells_and_the_circular_normal_agree():
    """Effort over small squares of a circular normal finds what the closed form says; squares of 0.1 sigma: 1e-3."""
    edge = 0.1
    axis = np.arange(-5, 5, edge) + edge / 2
    density = np.exp(-(axis[:, np.newaxis] ** 2 + axis**2) / 2) / (2 * np.pi)
    p = density.ravel() * edge**2
    answer = allocate(p, np.full(p.size, 1 / edge**2), 10.0)
    assert answer.success == pytest.approx(0.532423, abs=1e-3)
    assert answer.effort.max() / edge**2 == pytest.approx(search_circular(1.0, 10.0).density_at_centre, rel=0.01)
