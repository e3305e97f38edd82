"""Named random streams."""

import numpy as np
import pytest

from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError

IDS = np.arange(200_000)


def test_a_particle_keeps_its_numbers_in_any_subset_and_order():
    """Subsets, order and chunking cannot change what one particle draws."""
    stream = Stream.of_seed(7).child("drift")
    everyone = stream.normals(IDS, 3)
    some = np.array([150_000, 3, 77])
    assert np.array_equal(stream.normals(some, 3), everyone[some])


def test_streams_counters_and_seeds_do_not_repeat_each_other():
    """Another seed, another name or another counter gives uncorrelated numbers."""
    stream = Stream.of_seed(7)
    one = stream.child("wind").normals(IDS, 0)[:, 0]
    others = [
        stream.child("wind").normals(IDS, 1)[:, 0],
        stream.child("current").normals(IDS, 0)[:, 0],
        Stream.of_seed(8).child("wind").normals(IDS, 0)[:, 0],
        stream.child("wind").normals(IDS, 0)[:, 1],
    ]
    for other in others:
        # standard error of a correlation of 200,000 pairs is 0.0022; five of them
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.011


def test_normals_are_standard_normal():
    """Mean 0, standard deviation 1, the tails of the normal law."""
    numbers = Stream.of_seed(1).child("x").normals(IDS, 0).ravel()
    assert abs(numbers.mean()) < 5 / np.sqrt(numbers.size)
    assert abs(numbers.std() - 1) < 5 / np.sqrt(2 * numbers.size)
    # P(|z| > 1.96) = 0.05 with binomial standard error 0.00034; five of them
    assert abs((np.abs(numbers) > 1.959964).mean() - 0.05) < 0.0018


def test_uniforms_never_reach_the_ends():
    """Zero and one never occur, so a logarithm of a draw is always finite."""
    numbers = Stream.of_seed(2).uniforms(IDS, 5)
    assert 0 < numbers.min() < 1e-4
    assert 1 - 1e-4 < numbers.max() < 1


def test_a_seed_outside_its_range_is_refused_with_its_value():
    """A negative seed is an error that says the value and the range."""
    with pytest.raises(CordialeError, match="-1"):
        Stream.of_seed(-1)
