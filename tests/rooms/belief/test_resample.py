"""Systematic resampling."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.belief.resample import loosened, resample, systematic
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError

from .clouds import cloud


def test_every_particle_is_copied_by_its_weight_give_or_take_one():
    """Floor or ceiling of n times the weight, never anything else."""
    weight = np.random.default_rng(3).random(200) ** 4
    weight /= weight.sum()
    copies = np.bincount(systematic(weight, 1000, 0.37), minlength=200)
    assert copies.sum() == 1000
    assert np.all(np.abs(copies - 1000 * weight) < 1)


def test_copies_get_ids_of_their_own_and_equal_weights():
    """So that their later noise differs."""
    belief = cloud(count=100)
    belief.weight[:] = np.linspace(1, 5, 100)
    belief.weight[:] = belief.weight / belief.weight.sum()
    again = resample(belief, 300)
    assert len(set(again.ids.tolist())) == 300
    assert set(again.ids.tolist()).isdisjoint(belief.ids.tolist())
    assert again.weight == pytest.approx(np.full(300, 1 / 300))


def test_the_same_belief_is_resampled_alike_on_every_machine():
    """The comb comes from the belief's stream and time."""
    assert np.array_equal(resample(cloud(count=50)).lat, resample(cloud(count=50)).lat)


def test_no_particles_are_refused():
    """Zero particles would delete a boat."""
    with pytest.raises(CordialeError, match="is 0"):
        resample(cloud(count=10), 0)
    with pytest.raises(CordialeError, match="the comb"):
        systematic(np.ones(3), 3, 1.5)


def test_copies_of_few_ancestors_differ_again_in_their_lasting_errors():
    """Mean and covariance of the errors stay, while copies of five ancestors no longer share five errors."""
    chance = np.random.default_rng(4)
    five = chance.normal(size=(5, 2))[np.arange(4000) % 5]
    belief = cloud(count=4000)
    belief = replace(belief, current_error=five, downwind_residual=five[:, 0], crosswind_residual=five[:, 1])
    loose = loosened(belief, 5.0, Stream.of_seed(1))
    assert len(np.unique(np.round(loose.current_error, 6), axis=0)) > 3900
    # 4,000 draws: standard errors of mean and covariance are 0.016 and 0.02 of the spread; five of them
    assert np.allclose(loose.current_error.mean(axis=0), five.mean(axis=0), atol=0.08)
    assert np.allclose(np.cov(loose.current_error.T), np.cov(five.T), atol=0.15)
    assert np.array_equal(loose.lat, belief.lat)
