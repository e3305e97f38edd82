"""The bound of a search plan: its laws, and that it bounds."""

import math

import numpy as np
import pytest

from cordiale.earth.chance import Stream
from cordiale.search.bound import ENDS, PER_NODE, bound_of, pod_by_coverage
from cordiale.search.hazard import hazard_of_piece
from cordiale.search.plan_cloud import cloud_of_all
from cordiale.search.plan_moves import Board, improve, insert
from cordiale.search.plan_track import ready_on
from tests.rooms.search.seas_to_search import a_cloud, a_craft, a_fleet


@pytest.mark.parametrize("alike", [None, 0.5, 2.0, 20.0])
def test_the_law_of_the_bound_is_that_of_parallel_tracks(alike):
    """At coverage C it is the mean over the lateral range of what tracks at spacing W / C find, to 1e-4."""
    pod, _ = pod_by_coverage("same", alike)
    for coverage in (0.3, 1.0, 1.7):
        u = (np.arange(20_000) + 0.5) / 20_000
        n = math.pi / 4 * coverage**2 / np.sin(math.pi * u) ** 2
        missed = np.exp(-n) if alike is None else (1 + n / alike) ** -alike
        assert pod[round(coverage * PER_NODE)] == pytest.approx(1 - missed.mean(), abs=1e-4)


@pytest.mark.parametrize("law", ["same", "rigorous"])
@pytest.mark.parametrize("alike", [None, 0.5, 2.0])
def test_tangents_lie_above_the_law(law, alike):
    """At every node the line with the slope there is nowhere below the law, to 1e-5: any division bounds."""
    pod, slope = pod_by_coverage(law, alike)
    c = np.arange(pod.size) / PER_NODE
    for node in range(0, pod.size, 37):
        assert np.all(pod[node] + slope[node] * (c - c[node]) >= pod - 1e-5)


def test_the_two_ends_of_a_leg_find_at_most_what_the_bound_allows():
    """A straight leg finds over the plane W L and at most 0.30 W^2 more, whatever its length."""
    x = np.concatenate([np.linspace(0.002, 0.5, 150), np.geomspace(0.51, 200, 350)])
    for length in (0.3, 1.0, 5.0, 20.0):
        y = np.concatenate([np.linspace(0, length / 2 + 1, 400), length / 2 + 1 + np.geomspace(0.01, 200, 300)])
        places = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
        start, end = np.array([0.0, -length / 2]) - places, np.array([0.0, length / 2]) - places
        pod = 1 - np.exp(-hazard_of_piece(start, end, 1.0, 1.0, length)).reshape(x.size, y.size)
        area = 4 * np.trapezoid(np.trapezoid(pod, y, axis=1), x) + 4 * 0.002 * length / 2
        assert area - length <= ENDS


@pytest.mark.parametrize("objective", ["pos", "time", "lives"])
def test_an_optimised_plan_stays_below_both_bounds_and_near_one(objective):
    """One cloud, four craft, 600 moves: below both laws, and above half of the one it was made under."""
    cloud = cloud_of_all([a_cloud(3000)])
    ready = [ready_on(cloud, one) for one in a_fleet()]
    board = Board(cloud, ready, objective, 2.0, 1.5, columns=cloud.times.size - 1)
    insert(board, range(len(ready)))
    improve(board, 200, Stream.of_seed(3))
    same = bound_of(cloud, ready, objective, "same", alike=2.0, rounds=40)
    rigorous = bound_of(cloud, ready, objective, "rigorous", alike=2.0, rounds=40)
    assert board.value <= same.value
    assert board.value <= rigorous.value
    assert board.value >= 0.5 * same.value


def test_more_rounds_never_loosen_the_bound_much_and_none_at_all_still_bound():
    """After one round it bounds already; after 60 it is tighter."""
    cloud = cloud_of_all([a_cloud(2000)])
    ready = [ready_on(cloud, a_craft())]
    loose = bound_of(cloud, ready, "pos", "same", rounds=1)
    tight = bound_of(cloud, ready, "pos", "same", rounds=60)
    assert tight.reached <= tight.value <= loose.value


def test_who_cannot_come_in_time_adds_nothing_to_the_bound():
    """A craft that is ready after the deadline leaves the bound at zero."""
    cloud = cloud_of_all([a_cloud(500)])
    late = ready_on(cloud, a_craft(ready=50 * 3600.0))
    assert bound_of(cloud, [late], "pos", "same", rounds=3).value == pytest.approx(0.0, abs=1e-9)
