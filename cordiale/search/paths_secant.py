"""A tight bound for whole searchers on paths: their looks at a target are counted in whole numbers.

A target that goes a known way is missed by n looks with q^n. Between whole numbers this is replaced by its chord, which
lies above it and is still convex: divided searchers gain nothing from being divided. Minimising over flows of searchers
is a linear programme over the ways of the target, solved by an interior-point method whose Newton steps need one
matrix of the size of the places. Its prices bound every plan, and say what each place is worth.

Source: Royset and Sato, Naval Research Logistics 57 (2010), for the chords; Mehrotra, On the implementation of a
primal-dual interior point method, SIAM Journal on Optimization 2 (1992), for the steps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.earth.units import FloatArray, Fraction, IntArray, Probability
from cordiale.search.paths_layers import NEVER, Bound, Layers, PathSearch
from cordiale.search.paths_ways import DistinctWays

ROUNDS: Final = 60
MOST_CHORDS: Final = 16  # more looks than that at one target are counted as if they found a little more than they do
CENTRE: Final = 0.01  # of the first point, and its distance from the walls: they decide the speed alone
AWAY: Final = 0.02
INSIDE: Final = 0.995
STALLS: Final = 4  # rounds without a better bound


@dataclass(frozen=True, slots=True, eq=False)
class _Net:
    """Arcs of a searcher between places, and the balance of each place (the last row: all searchers begin)."""

    head: IntArray
    tail: IntArray
    balance: FloatArray
    supply: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Problem:
    """The linear programme: chord k of a way met n times is level[k] - fall[k] n.

    `pairs` numbers the two places of every two looks of every way.
    """

    ways: DistinctWays
    layers: Layers
    net: _Net
    searchers: int
    level: FloatArray
    fall: FloatArray
    pairs: IntArray

    def met(self, flow: FloatArray) -> FloatArray:
        """Looks at each way, from the flow on each arc."""
        there = np.bincount(self.net.head, weights=flow, minlength=self.ways.places)
        return np.asarray(np.append(there, 0.0)[self.ways.met].sum(axis=1))

    def passing(self, amount: FloatArray) -> FloatArray:
        """Amounts of ways, summed at each place they pass."""
        looks = self.ways.met.shape[1]
        summed = np.bincount(self.ways.met.ravel(), weights=np.repeat(amount, looks), minlength=self.ways.places + 1)
        return np.asarray(summed[:-1], dtype=np.float64)

    def chords(self, met: FloatArray) -> FloatArray:
        """Height of every chord at each way: shape (ways, chords)."""
        return self.level - self.fall * met[:, np.newaxis]


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    """Flow on arcs, miss of each way, prices of the chords, of the arcs and of the places."""

    flow: FloatArray
    miss: FloatArray
    chord: FloatArray
    arc: FloatArray
    place: FloatArray


def secant_bound(
    search: PathSearch,
    ways: DistinctWays,
    *,
    tolerance: Probability = 1e-6,
    rounds: int = ROUNDS,
    cancel: Callable[[], bool] | None = None,
) -> Bound:
    """The bound over whole numbers of looks; it holds whenever the rounds end.

    Ends when another round could raise it by no more than `tolerance`, or when rounding lets it rise no more.
    """
    problem = _problem(search, ways)
    point = _first(problem)
    best = Bound(-np.inf, np.where(ways.place < 0, NEVER, 0.0))
    stalls = 0
    for _ in range(rounds):
        bound = _bound(problem, point.chord)
        stalls = 0 if bound.bound > best.bound else stalls + 1
        best = max(best, bound, key=_height)
        chords = problem.chords(problem.met(point.flow))
        value = float(ways.probability @ chords.max(axis=1))
        if value - best.bound <= tolerance or stalls >= STALLS or (cancel is not None and cancel()):
            break
        try:
            point = _stepped(problem, point, chords)
        except np.linalg.LinAlgError:  # as close as rounding lets one come
            break
    return best


def _height(bound: Bound) -> Probability:
    return bound.bound


def _problem(search: PathSearch, ways: DistinctWays) -> _Problem:
    layers = search.layers
    looks = layers.looks
    most = min(search.searchers * looks, MOST_CHORDS)
    miss = layers.missed(np.arange(most + 1.0))
    fall = miss[:-1] - miss[1:]
    pairs = (ways.met[:, :, np.newaxis] * (ways.places + 1) + ways.met[:, np.newaxis, :]).ravel()
    level = miss[:-1] + fall * np.arange(most)
    return _Problem(ways, layers, _net(search, ways), search.searchers, level, fall, pairs)


def _net(search: PathSearch, ways: DistinctWays) -> _Net:
    """The arcs: one to each place of the first look, then every move."""
    place = ways.place
    heads, tails = [place[0][place[0] >= 0]], [np.full(int((place[0] >= 0).sum()), -1)]
    for look in range(1, len(place)):
        here, there = place[look - 1, search.origin], place[look, search.destination]
        goes = (here >= 0) & (there >= 0)
        tails.append(here[goes])
        heads.append(there[goes])
    head, tail = np.concatenate(heads), np.concatenate(tails)
    inner = int(place[-1][place[-1] >= 0].min()) if len(place) > 1 else 0
    arcs = np.arange(head.size)
    balance = np.zeros((inner + 1, head.size))
    balance[head[head < inner], arcs[head < inner]] = 1.0
    balance[tail[tail >= 0], arcs[tail >= 0]] -= 1.0
    balance[inner, arcs[tail < 0]] = 1.0
    supply = np.zeros(inner + 1)
    supply[inner] = search.searchers
    return _Net(head, tail, balance, supply)


def _first(problem: _Problem) -> _Point:
    """Searchers spread evenly, chords in balance with their prices, and prices of places that leave all arcs slack."""
    net, ways, p = problem.net, problem.ways, problem.ways.probability
    flow = np.zeros(net.head.size)
    begin = net.tail < 0
    flow[begin] = problem.searchers / begin.sum()
    degree = np.bincount(net.tail[~begin], minlength=ways.places)
    for places in ways.place[:-1]:
        on = np.isin(net.tail, places[places >= 0])
        there = np.bincount(net.head, weights=flow, minlength=ways.places)
        flow[on] = there[net.tail[on]] / degree[net.tail[on]]
    chords = problem.chords(problem.met(flow))
    low = chords.max(axis=1) + CENTRE / p
    high = low + len(problem.fall) * CENTRE / p
    for _ in range(40):
        middle = (low + high) / 2
        heavy = (CENTRE / (middle[:, np.newaxis] - chords)).sum(axis=1) > p
        low, high = np.where(heavy, middle, low), np.where(heavy, high, middle)
    price = CENTRE / (high[:, np.newaxis] - chords)
    price *= (p / price.sum(axis=1))[:, np.newaxis]
    worth = problem.passing(_along(price, problem.fall))
    to_go = np.zeros(ways.places)
    for places in ways.place[-2::-1]:
        on = np.isin(net.tail, places[places >= 0])
        best = np.full(ways.places, NEVER)
        np.maximum.at(best, net.tail[on], worth[net.head[on]] + to_go[net.head[on]])
        to_go[places[places >= 0]] = best[places[places >= 0]] + AWAY
    inner = len(net.supply) - 1
    place = np.append(-to_go[:inner], (worth + to_go)[net.head[begin]].max() + AWAY)
    return _Point(flow, high, price, net.balance.T @ place - worth[net.head], place)


def _bound(problem: _Problem, chord: FloatArray) -> Bound:
    """What prices of chords, made to sum to the probability of each way, say of every plan."""
    scaled = chord * (problem.ways.probability / chord.sum(axis=1))[:, np.newaxis]
    worth = np.append(problem.passing(_along(scaled, problem.fall)), 0.0)[problem.ways.place]
    worth[problem.ways.place < 0] = NEVER
    most, _ = problem.layers.longest(worth[np.newaxis])
    return Bound(float(_along(scaled, problem.level).sum()) - problem.searchers * float(most[0]), worth)


def _stepped(problem: _Problem, point: _Point, chords: FloatArray) -> _Point:
    """One step: first straight at the optimum, to see how far one gets; then with that much centring."""
    slack = point.miss[:, np.newaxis] - chords
    newton = _Newton(problem, point, slack)
    gap = float((slack * point.chord).sum() + point.flow @ point.arc)
    ahead = newton.direction(0.0, np.zeros(1), np.zeros(1))
    slack_ahead = newton.slack_change(ahead)
    primal = min(_room(point.flow, ahead.flow), _room(slack, slack_ahead))
    dual = min(_room(point.chord, ahead.chord), _room(point.arc, ahead.arc))
    reached = float(((slack + primal * slack_ahead) * (point.chord + dual * ahead.chord)).sum())
    reached += float((point.flow + primal * ahead.flow) @ (point.arc + dual * ahead.arc))
    aim = min(max(reached / gap, 0.0) ** 3, 0.5) * gap / (slack.size + point.flow.size)
    change = newton.direction(aim, slack_ahead * ahead.chord, ahead.flow * ahead.arc)
    primal = min(_room(point.flow, change.flow), _room(slack, newton.slack_change(change)))
    dual = min(_room(point.chord, change.chord), _room(point.arc, change.arc))
    return _Point(
        point.flow + primal * change.flow,
        point.miss + primal * change.miss,
        point.chord + dual * change.chord,
        point.arc + dual * change.arc,
        point.place + dual * change.place,
    )


def _along(values: FloatArray, chords: FloatArray) -> FloatArray:
    """Sums over the chords: few numbers many times, for which threads are too slow to start."""
    return np.asarray(np.einsum("ij,j->i", values, chords), dtype=np.float64)


def _room(values: FloatArray, change: FloatArray) -> Fraction:
    """How much of a step keeps every value above 0."""
    falls = change < 0
    return min(1.0, INSIDE * float((-values[falls] / change[falls]).min(initial=np.inf)))


class _Newton:
    """The equations of one step: ways and chords are eliminated one by one, arcs by the place they lead to.

    With theta = flow / price of an arc, the arcs to one place differ freely within theta; together they are held by the
    bend of the ways through it. Both parts are summed as squares, so that nothing cancels as theta spreads.
    """

    def __init__(self, problem: _Problem, point: _Point, slack: FloatArray) -> None:
        net, places = problem.net, problem.ways.places
        self._problem, self._point, self._slack = problem, point, slack
        self._stiff = point.chord / slack
        self._total, self._fall = self._stiff.sum(axis=1), _along(self._stiff, problem.fall)
        bend = np.maximum(_along(self._stiff, problem.fall**2) - self._fall**2 / self._total, 0.0)
        looks = problem.ways.met.shape[1]
        square = np.bincount(problem.pairs, weights=np.repeat(bend, looks * looks), minlength=(places + 1) ** 2)
        square = square.reshape(places + 1, places + 1)[:places, :places]
        self._scale = np.sqrt(point.flow / point.arc)
        size = np.sqrt(np.bincount(net.head, weights=self._scale**2, minlength=places))
        self._unit: FloatArray = np.asarray(self._scale / size[net.head], dtype=np.float64)
        self._bent: FloatArray = np.asarray(size[:, np.newaxis] * square * size, dtype=np.float64)
        self._held: FloatArray = np.asarray(np.linalg.inv(np.eye(places) + self._bent), dtype=np.float64)
        together = np.zeros((len(net.supply), places))
        rows, columns = np.nonzero(net.balance)
        amounts = net.balance[rows, columns] * (self._scale * self._unit)[columns]
        np.add.at(together, (rows, net.head[columns]), amounts)
        apart = net.balance * self._scale - together[:, net.head] * self._unit
        self._schur = apart @ apart.T + together @ self._held @ together.T

    def _relaxed(self, right: FloatArray) -> FloatArray:
        """Scaled flows that answer to scaled pushes, with what rounding left out at first."""
        flow = right + self._spread(self._held, right) - self._spread(None, right)
        left = right - flow - self._spread(self._bent, flow)
        return flow + left + self._spread(self._held, left) - self._spread(None, left)

    def _spread(self, matrix: FloatArray | None, right: FloatArray) -> FloatArray:
        """Together at each place, through a matrix, and back on the arcs."""
        head = self._problem.net.head
        together = np.bincount(head, weights=self._unit * right, minlength=len(self._held))
        return np.asarray(self._unit * (together if matrix is None else matrix @ together)[head], dtype=np.float64)

    def direction(self, aim: Probability, chord_aside: FloatArray, arc_aside: FloatArray) -> _Point:
        """Change towards slack x price = aim everywhere, the products of an earlier change set aside."""
        problem, point, net = self._problem, self._point, self._problem.net
        pull = (aim - chord_aside) / self._slack - point.chord
        excess = pull.sum(axis=1) - (problem.ways.probability - point.chord.sum(axis=1))
        lift = _along(pull, problem.fall) - self._fall * excess / self._total
        worth = problem.passing(_along(point.chord, problem.fall) + lift)
        push = (aim - arc_aside) / point.flow
        right = self._scale * (worth[net.head] - net.balance.T @ point.place + push)
        wanted = net.supply - net.balance @ point.flow
        free = net.balance @ (self._scale * self._relaxed(right))
        place = np.asarray(np.linalg.solve(self._schur, free - wanted), dtype=np.float64)
        flow = self._scale * self._relaxed(right - self._scale * (net.balance.T @ place))
        met = problem.met(flow)
        miss = (excess - self._fall * met) / self._total
        chord = pull - self._stiff * (miss[:, np.newaxis] + problem.fall * met[:, np.newaxis])
        arc = push - point.arc - point.arc / point.flow * flow
        return _Point(flow, miss, chord, arc, place)

    def slack_change(self, change: _Point) -> FloatArray:
        """Change of the slack of every chord."""
        met = self._problem.met(change.flow)
        return np.asarray(change.miss[:, np.newaxis] + self._problem.fall * met[:, np.newaxis])
