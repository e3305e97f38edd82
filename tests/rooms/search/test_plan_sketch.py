"""The sketch of a plan: its compiled law agrees with its twin, and is near enough to the true one to set out from."""

import math
from dataclasses import replace

import numpy as np
import pytest

from cordiale.earth.chance import Stream
from cordiale.earth.units import hours
from cordiale.search.hazard import hazard_of_strips
from cordiale.search.hazard_kernel import EVENS
from cordiale.search.plan import Budget, plan_search
from cordiale.search.plan_cloud import cloud_of_all, unblocked
from cordiale.search.plan_moves import Board, insert, settle
from cordiale.search.plan_sketch import Sketch, evens_of, sketched, strips_of
from cordiale.search.plan_track import Placing, ladder_flown, ready_on, track_of
from tests.rooms.search.seas_to_search import a_cloud, a_craft, a_fleet

LADDERS = [
    Placing(0, 500.0, -800.0, 37.0, 900.0, 5),
    Placing(0, 0.0, 0.0, 120.0, 1500.0, 3, mirrored=True, reversed_=True),
    Placing(0, -700.0, 400.0, 75.0, 1100.0, 4, mirrored=True),
    Placing(0, 300.0, 0.0, 200.0, 1300.0, 3, reversed_=True),
]


def sketch_of(count: int, kappa: float | None = 2.0, objective: str = "pos") -> Sketch:
    """A sketch of one cloud and one craft."""
    cloud = cloud_of_all([a_cloud(count)])
    return Sketch(cloud, [ready_on(cloud, a_craft())], objective, kappa, 1.5)


@pytest.mark.parametrize("placing", LADDERS, ids=range(len(LADDERS)))
def test_the_strips_agree_with_their_twin(placing):
    """The same hazards for every particle and span of time, to single precision."""
    cloud = cloud_of_all([a_cloud(700)])
    cloud = replace(cloud, fresh=np.linspace(0.1, 1.0, 700, dtype=np.float32))
    board = Sketch(cloud, [ready_on(cloud, a_craft())], "lives", 2.0, 1.5, columns=cloud.times.size - 1)
    track = board.track(0, placing)
    kernel = unblocked(board.hazard_of(0, track), cloud.weight.size)
    width = np.sqrt(board.searchers[0].width2.astype(float))
    twin = hazard_of_strips(cloud, track, width, evens_of(2.0).astype(float))
    assert kernel == pytest.approx(twin, rel=1e-3, abs=1e-4)
    assert twin.max() > 0.3
    assert board.worth_with(board.others(), 0, track) > 0


@pytest.mark.parametrize("placing", LADDERS, ids=range(len(LADDERS)))
def test_a_sketched_ladder_is_flown_when_the_true_one_is(placing):
    """The same beginning and length as the true way, and each strip at the place of its leg half way through it."""
    board = sketch_of(300)
    true, strips = (f(board.cloud, board.searchers[0], placing, board.column) for f in (track_of, strips_of))
    begin, _, length = ladder_flown(board.cloud, board.searchers[0], placing)
    assert begin == pytest.approx(true.at[0], abs=1.0)
    assert (strips.length, strips.width) == pytest.approx((true.length, true.width))
    assert length == strips.length
    on_the_way = np.column_stack([np.interp(strips.at, true.at, true.xy[:, i]) for i in range(2)])
    assert np.hypot(*(on_the_way - strips.xy).T).max() < 0.8 * placing.spacing


def test_a_sketch_is_worth_about_what_the_true_way_is():
    """One ladder alone, of even coverages from 0.5 to 1.2: within a tenth."""
    sketch = sketch_of(4000)
    true = Board(sketch.cloud, sketch.searchers, "pos", 2.0, 1.5)
    width = sketch.searchers[0].widest
    for coverage in (0.5, 0.8, 1.2):
        placing = Placing(0, 0.0, 0.0, 30.0, width / coverage, 6)
        rough, exact = (b.worth_with(b.others(), 0, b.track(0, placing)) for b in (sketch, true))
        assert rough == pytest.approx(exact, rel=0.1)


@pytest.mark.parametrize("kappa", [0.0, 1.0, 2.0, 5.0])
def test_even_coverage_is_the_mean_over_tracks(kappa):
    """Independent looks: erf(C sqrt(pi) / 2), Koopman's law of parallel tracks. Alike ones find less; none, nothing."""
    evens = evens_of(kappa).astype(float)
    assert evens[0] == 0
    assert np.all(np.diff(evens) > 0)
    coverage = np.arange(evens.size) / EVENS
    missed = np.exp(-evens) if kappa == 0 else (1 + evens / kappa) ** -kappa
    koopman = np.array([math.erf(c * math.sqrt(math.pi) / 2) for c in coverage])
    assert np.all(1 - missed <= koopman + 1e-3)
    if kappa == 0:
        assert 1 - missed == pytest.approx(koopman, abs=1e-3)


def test_only_ladders_are_sketched():
    """Squares and sectors have no strips; a ladder that cannot be begun in time has none either."""
    sketch = sketch_of(300)
    assert sketch.track(0, Placing(0, 0.0, 0.0, 0.0, 1000.0, shape="square")) is None
    assert sketch.track(0, Placing(0, 0.0, 0.0, 0.0, 1000.0, 400)) is None
    late = replace(sketch.searchers[0], searcher=replace(sketch.searchers[0].searcher, ready=sketch.cloud.end + 1))
    assert ladder_flown(sketch.cloud, late, LADDERS[0]) is None


@pytest.mark.parametrize("objective", ["pos", "time", "lives"])
def test_a_sketch_never_makes_the_plan_worse(objective):
    """What it finds is taken where it is worth more by the true law; otherwise the plan stays as it was."""
    cloud = cloud_of_all([a_cloud(2500), a_cloud(2500, name="Delta", east=12000.0)])
    board = Board(cloud, [ready_on(cloud, one) for one in a_fleet()], objective, 2.0, 1.5)
    insert(board, range(len(board.searchers)))
    placed, before = list(board.placings), board.value
    assert sketched(board, cloud, 1500, Stream.of_seed(3)) == 1500
    assert board.value >= before
    settle(board, placed)
    assert sketched(board, cloud, 8, Stream.of_seed(3), cancel=lambda: True) == 0
    assert (board.placings, board.value) == (placed, pytest.approx(before))


def test_a_plan_with_a_sketch_is_repeatable_and_told():
    """The same seed, the same plan; progress rises to the end, moves are counted."""
    told, budget = [], Budget(stages=((1500, 60),), rounds=0, sketch=400)
    one, two = (
        plan_search(
            [a_cloud(1500)], a_fleet(), chance=Stream.of_seed(2), alike=2.0, budget=budget,
            progress=lambda part, _: told.append(part),
        ) for _ in range(2)
    )  # fmt: skip
    assert [s.placing for s in one.sorties] == [s.placing for s in two.sorties]
    assert one.moves > 460
    assert sorted(told[: len(told) // 2]) == told[: len(told) // 2]
    assert told[0] < 0.02
    assert told[-1] > 0.95


def test_a_sketch_finds_what_a_few_true_moves_do_not():
    """Four craft and two boats: with the same moves on true tracks it is better, on the average of three seeds."""
    boats = [a_cloud(2500), a_cloud(2500, name="Delta", east=12000.0)]
    ours = dict(alike=2.0, until=boats[0].ways.times[0] + 4 * hours)
    plain, drawn = (
        [plan_search(boats, a_fleet(), chance=Stream.of_seed(s), budget=b, **ours).pos for s in (1, 2, 3)]
        for b in (Budget(((5000, 150),), 0), Budget(((5000, 150),), 0, sketch=3000))
    )
    assert np.mean(drawn) > np.mean(plain)
