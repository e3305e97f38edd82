"""The smoothed density of a cloud."""

import numpy as np
import pytest

from cordiale.belief.density import LADDER, density_at, density_of, highest_density

from .clouds import cloud


def test_the_density_sums_to_one_over_its_grid():
    """All probability lies on the grid but the thinnest thousandth."""
    belief = cloud(within=3000.0)
    density = density_of(belief.lat, belief.lon, belief.weight)
    assert density.values.sum() * density.cell**2 == pytest.approx(1, abs=1.2e-3)
    assert density.values.min() >= 0


def test_the_bandwidth_follows_the_size_of_the_cloud():
    """Ten times the cloud, about ten times the bandwidth; always one of the ladder."""
    small = cloud(within=500.0)
    large = cloud(within=5000.0)
    h = [density_of(b.lat, b.lon, b.weight).bandwidth for b in (small, large)]
    assert 5 < h[1] / h[0] < 20
    assert all(x in LADDER for x in h)


def test_a_single_particle_and_copies_of_it_still_have_a_region():
    """A degenerate cloud gives the smallest kernel, not an error."""
    belief = cloud(count=1)
    found = highest_density(density_of(belief.lat, belief.lon, belief.weight), 0.9)
    assert found.area > 0
    many = belief.only(np.zeros(50, dtype=np.int64))
    assert highest_density(density_of(many.lat, many.lon, many.weight), 0.9).area > 0


def test_places_far_from_the_cloud_have_no_density():
    """Beyond the grid the density is zero."""
    belief = cloud()
    density = density_of(belief.lat, belief.lon, belief.weight)
    assert density_at(density, np.array([40.0, 51.0]), np.array([1.5, 9.0])).tolist() == [0.0, 0.0]
