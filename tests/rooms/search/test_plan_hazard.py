"""The hazard of a way: the compiled kernel and its NumPy twin agree, and both are the glimpses added up."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.search.hazard import hazard_of_piece, hazard_of_track
from cordiale.search.plan_cloud import blocked, cloud_of_all, drops, thinned, unblocked
from cordiale.search.plan_moves import Board
from cordiale.search.plan_track import Placing, ready_on, track_of
from tests.rooms.search.seas_to_search import a_cloud, a_craft

PLACINGS = [
    Placing(0, 500.0, -800.0, 37.0, 900.0, 5),
    Placing(0, 0.0, 0.0, 120.0, 1500.0, 3, mirrored=True, reversed_=True),
    Placing(0, -2000.0, 1000.0, 10.0, 1200.0, shape="square"),
    Placing(0, 0.0, 300.0, 250.0, 1000.0, 2, shape="sector"),
]


@pytest.mark.parametrize("placing", PLACINGS, ids=lambda p: f"{p.shape} {p.legs}")
def test_the_kernel_agrees_with_its_twin(placing):
    """The same hazards for every particle and span of time, to 0.1 % of each or 1e-5: single precision."""
    cloud = cloud_of_all([a_cloud(700)])
    cloud = replace(cloud, fresh=np.linspace(0.1, 1.0, 700, dtype=np.float32))
    craft = a_craft()
    board = Board(cloud, [ready_on(cloud, craft)], "lives", None, 1.5, columns=cloud.times.size - 1)
    track = board.track(0, placing)
    kernel = unblocked(board.hazard_of(0, track), cloud.weight.size)
    twin = hazard_of_track(cloud, track, np.sqrt(board.searchers[0].width2.astype(float)), craft.speed)
    assert kernel == pytest.approx(twin, rel=1e-3, abs=1e-5)
    assert twin.max() > 1


def test_a_piece_is_its_glimpses_added_up():
    """The finite-leg hazard is the integral of the rate W^2 V / (8 pi r^3) over time, for a particle that moves."""
    start, end = np.array([[-3000.0, 400.0]]), np.array([[2500.0, -900.0]])
    width, speed, duration = 1100.0, 9.0, 650.0
    part = (np.arange(200_000) + 0.5) / 200_000
    place = start + part[:, None] * (end - start)
    glimpses = width**2 * speed / (8 * np.pi) / np.hypot(*place.T) ** 3
    assert hazard_of_piece(start, end, width, speed, duration)[0] == pytest.approx(glimpses.mean() * duration, rel=1e-6)


def test_a_plan_is_worth_the_same_added_up_or_at_once():
    """The worth with one more track is the worth of all hazards together, whatever the order, to single precision."""
    cloud = cloud_of_all([a_cloud(1000)])
    ready = [ready_on(cloud, a_craft("one")), ready_on(cloud, a_craft("two", lat=51.2))]
    for objective in ("pos", "time", "lives"):
        board = Board(cloud, ready, objective, 2.0, 1.5)
        board.put(0, PLACINGS[0])
        added = board.worth_with(board.others(1), 1, board.track(1, PLACINGS[2]))
        board.put(1, PLACINGS[2])
        assert added == pytest.approx(board.value, rel=1e-6)
        assert board.value > 0


def test_what_finding_early_is_worth_never_rises_with_time():
    """Drops are not negative, and add up to what a detection at the very beginning would be worth."""
    cloud = cloud_of_all([a_cloud(500), a_cloud(500, name="unreported", boats=0.4, east=9000.0)])
    for objective in ("pos", "time", "lives"):
        column, drop = drops(cloud, objective, 6)
        assert drop.min() >= 0
        assert column.max() == len(drop) - 1
    assert drops(cloud, "pos")[1].sum() == pytest.approx(1.4)
    first = (cloud.alive[0] + cloud.alive[1]) / 2 * cloud.persons[cloud.boat] * cloud.weight
    assert drops(cloud, "lives")[1].sum() == pytest.approx(first.sum(), rel=1e-6)


def test_blocks_keep_every_number():
    """Laid out for the kernel and back, nothing is lost and padding weighs nothing."""
    drop = np.arange(3 * 600, dtype=float).reshape(3, 600)
    laid = blocked(drop)
    assert laid.shape == (3, 3 * 256)
    assert unblocked(laid, 600) == pytest.approx(drop)
    assert laid.sum() == pytest.approx(drop.sum(), rel=1e-6)


def test_a_thinned_cloud_stands_for_the_whole():
    """Its mean is within 100 m of the whole one's, its weights sum to the same number of boats."""
    cloud = cloud_of_all([a_cloud(20_000, boats=0.7)])
    few = thinned(cloud, 1000)
    assert few.weight.sum() == pytest.approx(0.7)
    k = 6
    for whole, part in ((cloud.x, few.x), (cloud.y, few.y)):
        assert part[k].mean() == pytest.approx(whole[k].mean(), abs=100)


def test_the_first_quarter_of_a_thinned_cloud_stands_for_it():
    """Whole blocks of it, with a mean within 150 m of all; a cloud that is not thinned says that it has none."""
    cloud = cloud_of_all([a_cloud(20_000, boats=0.7)])
    few = thinned(cloud, 5000)
    assert few.comb == 4 * 256
    assert cloud.comb == 0
    for whole in (few.x, few.y):
        assert whole[6, : few.comb].mean() == pytest.approx(whole[6].mean(), abs=150)


def test_a_track_is_given_up_early_only_where_it_is_worth_less():
    """What a comb calls hopeless is so on all particles, but for its error; what is worked out whole has one worth."""
    cloud = thinned(cloud_of_all([a_cloud(20_000)]), 8192)
    board = Board(cloud, [ready_on(cloud, a_craft("one")), ready_on(cloud, a_craft("two", lat=51.2))], "pos", 2.0, 1.5)
    board.put(0, PLACINGS[0])
    board.put(1, PLACINGS[2])
    rest, given_up = board.others(1), 0
    for east in range(-8000, 8001, 500):
        track = board.track(1, replace(PLACINGS[2], east=float(east)))
        whole = board.worth_with(rest, 1, track)
        early = board.worth_with(rest, 1, track, board.value)
        given_up += early == -np.inf
        assert early == whole or (early == -np.inf and whole < board.value + 3e-3)  # the error of 2,048 particles
    assert 5 < given_up < 33


def test_a_way_keeps_its_shape_in_the_drifting_frame():
    """Less the drift of the cloud's mean, the waypoints over the ground are the pattern, to a metre."""
    cloud = cloud_of_all([a_cloud(300)])
    ready = ready_on(cloud, a_craft())
    track = track_of(cloud, ready, PLACINGS[0], np.zeros(cloud.times.size - 1, dtype=np.int64))
    mean = np.column_stack([np.interp(track.at, cloud.times, cloud.mean[0, :, i]) for i in range(2)])
    frame = (track.xy - mean)[track.turns]
    legs = np.hypot(*np.diff(frame, axis=0).T)
    assert legs[1:-1:2] == pytest.approx(np.full(legs[1:-1:2].size, 900.0), abs=1.0)
    assert legs[0] == pytest.approx(track.length - 900.0, abs=1.0)
    assert track.at[-1] - track.at[0] <= 1.5 * 3600 + 1e-6
