"""Effort for a moving target: the bound is one, particles and cells agree, and a broken-off search keeps its best."""

import itertools
import math

import numpy as np
import pytest

from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.search.moving import MarkovMotion, ParticleMotion, forward_backward, myopic, particle_motion
from tests.rooms.search.grids import wandering_target

RATE = np.full(9, 0.7)
SMALL = wandering_target(edge=3)


def _uniform(name, *shape):
    return Stream.of_seed(4).child(name).uniforms(np.arange(math.prod(shape)), 0)[:, 0].reshape(shape)


def _every_way(motion, steps):
    """Every way a Markov target can go, as particles."""
    chance = np.zeros((motion.cells, motion.cells))
    np.add.at(chance, (motion.origin, motion.destination), motion.chance)
    ways, weights = [], []
    for way in itertools.product(range(motion.cells), repeat=steps):
        weight = motion.start[way[0]] * math.prod(chance[a, b] for a, b in itertools.pairwise(way))
        if weight > 0:
            ways.append(way)
            weights.append(weight)
    return ParticleMotion(way=np.array(ways).T, weights=np.array(weights), cells=motion.cells)


def test_particles_and_cells_give_the_same_plan():
    """Every way of a Markov target taken as one particle each: miss and bound are the same to rounding."""
    budgets = np.array([0.5, 1.0, 2.0, 0.7])
    cells = forward_backward(SMALL, RATE, budgets)
    particles = forward_backward(_every_way(SMALL, 4), RATE, budgets)
    assert particles.miss == pytest.approx(cells.miss, abs=1e-12)
    assert particles.bound == pytest.approx(cells.bound, abs=1e-12)
    assert particles.effort == pytest.approx(cells.effort, abs=1e-6)


def test_no_plan_misses_less_than_the_bound():
    """Five hundred random plans of the same budgets, each judged by walking every way of the target."""
    budgets, rates = np.array([0.5, 1.0, 2.0]), 0.2 + _uniform("rates", 3, 9)
    ways = _every_way(SMALL, 3)
    plan = forward_backward(SMALL, rates, budgets)
    found = np.array([rates[t, ways.way[t]] * plan.effort[t, ways.way[t]] for t in range(3)]).sum(axis=0)
    assert plan.miss == pytest.approx(float(ways.weights @ np.exp(-found)), abs=1e-14)
    assert plan.effort.sum(axis=1) == pytest.approx(budgets)
    shares = _uniform("plans", 500, 3, 9) ** 6
    shares /= shares.sum(axis=2, keepdims=True)
    for share in shares:
        hazard = sum(rates[t, ways.way[t]] * budgets[t] * share[t, ways.way[t]] for t in range(3))
        assert float(ways.weights @ np.exp(-hazard)) >= plan.bound - 1e-14


def test_each_sweep_is_no_worse_and_the_bound_no_lower():
    """What is reported on the way only ever improves, and looking ahead beats the plan that does not."""
    seen = []
    target, budgets = wandering_target(), np.full(8, 2.0)
    plan = forward_backward(target, np.full(81, 0.9), budgets, progress=lambda *state: seen.append(state))
    misses, bounds = [s[1] for s in seen], [s[2] for s in seen]
    assert [s[0] for s in seen] == list(range(len(seen)))
    assert all(a >= b for a, b in itertools.pairwise(misses))
    assert all(a <= b for a, b in itertools.pairwise(bounds))
    assert plan.miss < myopic(target, np.full(81, 0.9), budgets).miss


def test_a_search_for_a_plan_that_is_broken_off_keeps_its_best_and_its_bound():
    """Cancelled at once it is the myopic plan, with a bound below the optimum; after three sweeps it is better."""
    target, rate, budgets = wandering_target(), np.full(81, 0.9), np.full(8, 2.0)
    best = forward_backward(target, rate, budgets)
    first = forward_backward(target, rate, budgets, cancel=lambda: True)
    assert first.sweeps == 0
    assert first.miss == myopic(target, rate, budgets).miss
    assert first.bound <= best.bound
    third = forward_backward(target, rate, budgets, sweeps=3)
    assert third.sweeps == 3
    assert first.bound < third.bound <= best.miss <= third.miss < first.miss


def test_what_no_effort_can_reach_is_never_found():
    """Particles outside every cell stay missed, and cells with rate 0 get no effort."""
    way = np.array([[0, 1, -1, -1], [0, 1, 1, -1]])
    motion = ParticleMotion(way=way, weights=np.full(4, 0.25), cells=2)
    plan = forward_backward(motion, np.array([1.0, 0.0]), np.array([50.0, 50.0]))
    assert plan.miss == pytest.approx(0.75, abs=1e-12)
    assert (plan.effort[:, 1] == 0).all()


def test_a_cloud_on_squares_keeps_its_particles():
    """Squares of 1 km on the ground: neighbours share one, and each step has every particle in a cell."""
    lat = 51 + np.array([[0.0, 0.001, 0.05], [0.0, 0.001, 0.05]])
    motion = particle_motion(lat, np.full((2, 3), 1.5), np.full(3, 1 / 3), edge=1000.0)
    assert motion.cells == 2
    assert motion.way[0, 0] == motion.way[0, 1] != motion.way[0, 2]
    assert (motion.way[0] == motion.way[1]).all()


def test_chances_and_shapes_that_cannot_be_are_refused():
    """A target that vanishes by its chances, and budgets for other steps than those known, are mistakes."""
    with pytest.raises(CordialeError, match=r"sum to 0\.9"):
        MarkovMotion(start=np.array([1.0]), origin=np.array([0]), destination=np.array([0]), chance=np.array([0.9]))
    cloud = ParticleMotion(way=np.zeros((2, 1), dtype=np.int64), weights=np.ones(1), cells=1)
    with pytest.raises(CordialeError, match="do not belong with"):
        forward_backward(cloud, np.ones(1), np.ones(3))
    with pytest.raises(CordialeError, match="budget of -1"):
        forward_backward(cloud, np.ones(1), np.array([1.0, -1.0]))
