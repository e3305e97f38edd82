"""Searchers on paths: everything small is compared with trying all plans."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.search.moving import MarkovMotion
from cordiale.search.paths import miss_probability, plan_paths
from cordiale.search.paths_flow import flow_bound
from cordiale.search.paths_improve import improve
from cordiale.search.paths_layers import PathSearch, counts_of
from cordiale.search.paths_secant import secant_bound
from cordiale.search.paths_settle import settle
from cordiale.search.paths_single import single_best
from cordiale.search.paths_ways import distinct_ways
from tests.rooms.search.grids import grid_moves, royset_sato

EDGE = 3


def _small(seed, searchers, steps):
    """A target that moves at random on nine cells, from anywhere, and searchers from one of them."""
    draw = Stream.of_seed(seed)
    origin, destination = grid_moves(EDGE)
    weight = draw.child("moves").uniforms(np.arange(origin.size), 0)[:, 0] ** 2
    chance = weight / np.bincount(origin, weights=weight)[origin]
    start = draw.child("start").uniforms(np.arange(EDGE**2), 0)[:, 0] ** 4
    return PathSearch(
        target=MarkovMotion(start=start / start.sum(), origin=origin, destination=destination, chance=chance),
        origin=origin,
        destination=destination,
        start=seed % EDGE**2,
        searchers=searchers,
        steps=steps,
        rate=0.3 + 1.2 * float(draw.child("rate").uniforms(np.arange(1), 0)[0, 0]),
    )


def _all_paths(search):
    """Every path a searcher can take."""
    paths = [(search.start,)]
    for _ in range(search.steps):
        paths = [(*p, int(c)) for p in paths for c in search.destination[search.origin == p[-1]]]
    return np.array(paths)[:, 1:]


def _all_plans(search):
    """The miss probability of every plan, the target walked through it; not the code under test."""
    paths, move = _all_paths(search), np.zeros((EDGE**2, EDGE**2))
    np.add.at(move, (search.target.origin, search.target.destination), search.target.chance)
    plans = np.array(list(itertools.combinations_with_replacement(range(len(paths)), search.searchers)))
    state = np.repeat(search.target.start[np.newaxis], len(plans), axis=0)
    for step in range(search.steps):
        state = state if step == 0 else state @ move
        for j in range(search.searchers):
            state[np.arange(len(plans)), paths[plans[:, j], step]] *= np.exp(-search.rate)
    return paths, plans, state.sum(axis=1)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([(1, 1), (1, 4), (2, 3), (3, 2), (2, 2), (3, 1)]))
def test_the_plan_is_the_best_of_all_plans(seed, size):
    """On nine cells every plan is tried: the one given is the best, and said to be; 1e-12 is rounding."""
    search = _small(seed, *size)
    _, _, miss = _all_plans(search)
    plan = plan_paths(search, stream=Stream.of_seed(seed), plans=4, rounds=1)
    assert plan.proven
    assert plan.miss == pytest.approx(miss.min(), abs=1e-12)
    assert miss_probability(search, plan.paths) == plan.miss


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([(2, 3), (3, 2), (4, 2)]))
@example(391, (2, 3))  # the first rounds of the tight bound are below 0
def test_bounds_and_their_shortfalls_hold_for_every_plan(seed, size):
    """No plan goes below bound plus the shortfalls of its paths, for the fluid bound and for the tight one."""
    search = _small(seed, *size)
    paths, plans, miss = _all_plans(search)
    layers = search.layers
    ways = distinct_ways(search.target, layers, most=10_000)
    looks = np.arange(layers.looks)
    for bound in (flow_bound(layers, search.searchers, paths[plans[0]]), secant_bound(search, ways)):
        collected = bound.worth[looks, paths[:, layers.first :]].sum(axis=1)
        shortfall = collected.max() - collected
        assert (miss >= bound.bound + shortfall[plans].sum(axis=1) - 1e-12).all()
        slack = bound.slack(layers)[looks, paths[:, layers.first :]]
        assert (slack <= shortfall[:, np.newaxis] + 1e-12).all()
        for look, cell in itertools.product(looks, range(EDGE**2)):
            through = paths[:, layers.first + look] == cell
            if through.any():
                assert slack[through, look] == pytest.approx(shortfall[through].min(), abs=1e-12)
    assert secant_bound(search, ways).bound >= flow_bound(layers, search.searchers, paths[plans[0]]).bound - 1e-5


def test_the_ways_of_the_target_are_all_its_ways():
    """Their probabilities sum to 1, and judging a plan by them is judging it by walking the target."""
    search = _small(11, 2, 4)
    layers = search.layers
    ways = distinct_ways(search.target, layers, most=10_000)
    assert ways.probability.sum() == pytest.approx(1, abs=1e-12)
    paths = _all_paths(search)[[0, 17]]
    place = ways.place[np.arange(layers.looks), paths[:, layers.first :]]
    met = (ways.met[:, np.newaxis] == place).sum(axis=(1, 2))
    assert ways.probability @ np.exp(-search.rate * met) == pytest.approx(miss_probability(search, paths), abs=1e-12)
    assert distinct_ways(search.target, layers, most=5) is None


def test_the_same_stream_gives_the_same_plan():
    """Chance is passed in: one seed, one plan, whatever else was planned before."""
    search = royset_sato(3, 10)
    plans = [plan_paths(search, stream=Stream.of_seed(7), rounds=1, ways=0, responses=20) for _ in range(2)]
    assert (plans[0].paths == plans[1].paths).all()
    assert plans[0].miss == plans[1].miss


def test_a_plan_that_is_broken_off_is_the_best_so_far_with_a_bound():
    """Cancelled at each stage in turn: always a plan that can be flown, never below its bound."""
    search = royset_sato(3, 8)
    best = plan_paths(search, stream=Stream.of_seed(1))
    for after in (0, 3, 60):
        asked = itertools.count()
        plan = plan_paths(search, stream=Stream.of_seed(1), cancel=lambda a=asked, n=after: next(a) >= n)
        assert plan.bound <= best.miss <= plan.miss + 1e-12  # rounding
        assert plan.miss == miss_probability(search, plan.paths)


def test_progress_names_the_stages_in_their_order():
    """Paths, fluid bound, ways, counting; the miss never rises, the bound never falls."""
    told = []
    plan_paths(royset_sato(3, 8), stream=Stream.of_seed(1), progress=lambda *state: told.append(state))
    stages = [stage for stage, _ in itertools.groupby(state[0] for state in told)]
    assert stages == ["paths", "flow", "ways", "count"]
    assert all(a[1] >= b[1] and a[2] <= b[2] for a, b in itertools.pairwise(told))


def test_a_single_searcher_with_too_many_beginnings_still_has_a_bound():
    """With ten beginnings kept at each look the path may not be the best, but the bound is below the best."""
    search = royset_sato(1, 11)
    layers = search.layers
    start = np.zeros(layers.looks, dtype=np.int64)
    best = single_best(layers, start, 1.0)[1]
    path, miss, bound = single_best(layers, start, 1.0, most=10)
    assert bound < best <= miss
    assert layers.miss(layers.missed(counts_of(layers, path[np.newaxis, np.newaxis])))[0] == pytest.approx(
        miss, abs=1e-12
    )


def test_best_responses_lead_on_where_linear_worths_end():
    """Three searchers and eleven looks: turns on linear worths stop at 0.4745, best responses go below 0.4735."""
    layers = royset_sato(3, 11).layers
    paths, miss = improve(layers, 3, Stream.of_seed(1), rounds=4)
    better, least = settle(layers, paths, miss, Stream.of_seed(1), responses=150)
    assert least < 0.4735 < miss
    assert layers.miss(layers.missed(counts_of(layers, better[np.newaxis])))[0] == pytest.approx(least, abs=1e-12)
    assert settle(layers, paths, miss, Stream.of_seed(1), cancel=lambda: True)[1] == miss


def test_a_best_response_is_the_best_of_all_paths():
    """One searcher beside one whose path is fixed: every path is tried, and none is better; 1e-12 is rounding."""
    for seed in range(5):
        search = _small(seed, 2, 4)
        layers, paths = search.layers, _all_paths(search)[:, search.layers.first :]
        fixed = paths[seed]
        pairs = np.stack([np.broadcast_to(fixed, paths.shape), paths], axis=1)
        miss = layers.miss(layers.missed(counts_of(layers, pairs)))
        others = layers.missed(counts_of(layers, fixed[np.newaxis, np.newaxis])[0])
        _, least, bound = single_best(layers, paths[-1], 1.0, others=others)
        assert least == bound == pytest.approx(miss.min(), abs=1e-12)


def test_a_target_out_of_reach_is_missed_for_certain():
    """Two looks do not get from the corner to the middle: any paths, nothing found, and that is proven."""
    plan = plan_paths(royset_sato(2, 2), stream=Stream.of_seed(1))
    assert plan.proven
    assert plan.miss == pytest.approx(1.0, abs=1e-12)


def test_impossible_searches_and_leaping_paths_are_refused():
    """No searchers, a start outside the moves, no rate, a path that leaps."""
    target = royset_sato(1, 7).target
    moves = {"target": target, "origin": target.origin, "destination": target.destination}
    with pytest.raises(CordialeError, match="0 searchers"):
        PathSearch(**moves, start=0, searchers=0, steps=3, rate=1.0)
    with pytest.raises(CordialeError, match="cell 81"):
        PathSearch(**moves, start=81, searchers=1, steps=3, rate=1.0)
    with pytest.raises(CordialeError, match="cell 5, and none leads on"):
        PathSearch(
            target=target, origin=np.array([0]), destination=np.array([5]), start=0, searchers=1, steps=1, rate=1.0
        )
    with pytest.raises(CordialeError, match="rate of 0"):
        PathSearch(**moves, start=0, searchers=1, steps=3, rate=0.0)
    with pytest.raises(CordialeError, match="from cell 1 to cell 3"):
        miss_probability(royset_sato(1, 2), np.array([[1, 3]]))
