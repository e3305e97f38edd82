"""Contour lines."""

import numpy as np
import pytest

from cordiale.belief.contours import rings_at


def enclosed(ring: np.ndarray) -> float:
    """Signed area of a closed ring, positive when it runs anticlockwise."""
    x, y = ring[:, 0], ring[:, 1]
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def cone(rows: int, columns: int, centre: tuple[float, float]) -> np.ndarray:
    """Minus the distance to a centre."""
    j, i = np.meshgrid(np.arange(columns), np.arange(rows))
    return -np.hypot(j - centre[0], i - centre[1])


def test_a_circle_is_one_closed_anticlockwise_ring_of_the_right_area():
    """A cone cut at radius 10 encloses pi x 100 cells."""
    (ring,) = rings_at(cone(40, 50, (22.3, 19.1)), -10.0)
    assert np.array_equal(ring[0], ring[-1])
    assert enclosed(ring) == pytest.approx(np.pi * 100, rel=0.01)
    assert np.hypot(ring[:, 0] - 22.3, ring[:, 1] - 19.1) == pytest.approx(10, abs=0.1)


def test_a_ring_of_land_has_an_outline_and_a_hole():
    """A hole runs clockwise."""
    field = -np.abs(cone(60, 60, (30.0, 30.0)) + 15)
    rings = rings_at(field, -5.0)
    assert [np.sign(enclosed(ring)) for ring in rings] == [1, -1]


def test_a_field_that_touches_the_rim_is_still_closed():
    """Beyond the rim the field is low."""
    (ring,) = rings_at(np.ones((3, 4)), 0.5)
    assert np.array_equal(ring[0], ring[-1])
    assert enclosed(ring) == pytest.approx(3 * 2, rel=0.6)


def test_two_hills_that_meet_at_a_saddle_keep_all_lines_closed():
    """Ambiguous squares are resolved one way and never leave a loose end."""
    field = np.array([[0.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]])
    rings = rings_at(field, 0.5)
    assert len(rings) == 2
    assert all(np.array_equal(ring[0], ring[-1]) for ring in rings)


def test_random_fields_give_closed_rings_around_all_high_nodes():
    """For any field, the signed area is positive and every ring closes."""
    for seed in range(20):
        field = np.random.default_rng(seed).random((15, 17))
        rings = rings_at(field, 0.6)
        assert all(np.array_equal(ring[0], ring[-1]) for ring in rings)
        assert sum(enclosed(ring) for ring in rings) > 0


def test_no_high_ground_no_rings():
    """A level above everything has no line."""
    assert rings_at(np.zeros((4, 4)), 1.0) == []
