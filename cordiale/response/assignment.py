"""Who goes where: the orders that lose the fewest lives, over all boats at once.

The loss is expected: numbers of persons by their prior, each alive by the curve of its boat at the moment it comes
aboard. Small cases are solved exactly, by trying every plan; one boat for each craft also up to ten craft, by
dynamic programming over sets of craft. Larger ones take the best next order again and again and then change orders one
by one and two by two while that helps. Every plan carries a bound (`bound.py`): no plan at all can lose less.
"""

import heapq
import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Fraction
from cordiale.response.bound import most_lives
from cordiale.response.outcome import Outcome
from cordiale.response.situation import Evaluation, Route, Routes, Situation

PLANS: Final = 4000  # so many plans are tried one by one
CRAFT: Final = 10  # so many craft are dealt with exactly when each goes to one boat
GAIN: Final[Fraction] = 1e-6  # of a life: less is no reason for an order
NEAR: Final = 6  # judgement: a craft is tried at so many boats, those where it alone does most
KEEP: Final[Fraction] = 0.05  # judgement: an order that stands is changed for no smaller gain in lives
Method = Literal["every_plan", "sets", "search"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Orders for every asset of a situation.

    Parameters
    ----------
    situation : Situation
    routes : for each asset the boats it goes to, in order; empty: it stays
    outcomes : for each boat
    lost, least : Fraction
        Lives lost in expectation, and the fewest that any plan could lose.
    marginal : for each asset, how many more lives are lost without it
    method, tried : how it was found, and how many plans were weighed
    """

    situation: Situation
    routes: Routes
    outcomes: tuple[Outcome, ...]
    lost: Fraction
    least: Fraction
    marginal: tuple[Fraction, ...]
    method: Method
    tried: int

    @property
    def exact(self) -> bool:
        """Whether it is proved best, among plans of as many boats a craft."""
        return self.method != "search" or self.gap < GAIN

    @property
    def gap(self) -> Fraction:
        """Lives by which the best of all plans may be better; 0 where it is proved."""
        return 0.0 if self.method != "search" else max(self.lost - self.least, 0.0)

    def route_of(self, asset: str) -> tuple[str, ...]:
        """The boats an asset is sent to, by their names; `asset` is a key of the catalogue."""
        for one, route in zip(self.situation.assets, self.routes, strict=True):
            if one.asset.key == asset:
                return tuple(self.situation.boats[boat].name for boat in route)
        raise CordialeError("response.no_asset", asset=asset)


def assign(
    situation: Situation,
    *,
    legs: int = 2,
    moves: int = 20_000,
    before: Plan | None = None,
    heed: Callable[[], bool] | None = None,
) -> Plan:
    """The best orders for a situation.

    Parameters
    ----------
    legs : 1 or 2
        How many boats a craft may be sent to, one after the other.
    moves : int
        Plans the search may weigh; it may stop before.
    before : Plan, optional
        The orders that stand. They are kept unless the new ones save 0.05 more lives (judgement): a craft under way is
        not called back for nothing.
    heed : function, optional
        Asked before each plan that the search weighs: when it says no, the best orders so far are the answer.
    """
    if legs not in (1, 2):
        raise CordialeError("response.legs", legs=legs)
    weighed = Evaluation(situation)
    options = [_options(situation, asset, legs) for asset in range(len(situation.assets))]
    standing = None if before is None else carried_over(before, situation, legs)
    method: Method
    if math.prod(len(one) for one in options) <= PLANS:
        method, routes = "every_plan", _try_every_plan(weighed, options)
    elif legs == 1 and sum(len(one) > 1 for one in options) <= CRAFT:
        method, routes = "sets", _by_sets(weighed)
    else:
        method, routes = "search", _search(weighed, legs, moves, standing, heed or _always)
    if standing is not None and weighed.lives(routes) - weighed.lives(standing) < KEEP:
        routes, method = standing, "search" if standing != routes else method
    return _plan(weighed, routes, method, legs)


def orders_that_stand(now: Situation, orders: Iterable[tuple[str, str]], *, legs: int = 2) -> Plan:
    """The plan of orders given already, (key of the asset, name of the boat) in order of time.

    What cannot be in it is left out: a craft or a boat that is not there, a craft that cannot go, a third boat.
    """
    names = {boat.name: index for index, boat in enumerate(now.boats)}
    routes: list[Route] = []
    for asset, one in enumerate(now.assets):
        own = dict.fromkeys(names[boat] for key, boat in orders if key == one.asset.key and boat in names)
        routes.append(tuple(boat for boat in own if boat in now.can_go(asset))[:legs])
    return _plan(Evaluation(now), tuple(routes), "search", legs, bounded=False)


def worth_of(plan: Plan, now: Situation, asset: str, boat: str) -> Fraction:
    """How many lives more the orders of a plan would save if one craft more (its key) went to a boat (her name).

    `now` is a situation of the same craft and boats in which it can.
    """
    place = [one.asset.key for one in now.assets].index(asset)
    there = [one.name for one in now.boats].index(boat)
    weighed = Evaluation(now)
    return weighed.lives(_changed(plan.routes, {place: (there,)})) - weighed.lives(plan.routes)


def _plan(weighed: Evaluation, routes: Routes, method: Method, legs: int, *, bounded: bool = True) -> Plan:
    now = weighed.situation
    lives = weighed.lives(routes)
    marginal = tuple(lives - weighed.lives(_changed(routes, {asset: ()})) for asset in range(len(routes)))
    bound = lives
    if method == "search":  # without a bound, everybody might be saved
        bound = most_lives(weighed, lives, legs, marginal=marginal) if bounded else now.expected
    return Plan(
        situation=now,
        routes=routes,
        outcomes=weighed.outcomes(routes),
        lost=now.expected - lives,
        least=now.expected - bound,
        marginal=marginal,
        method=method,
        tried=weighed.asked,
    )


def _options(situation: Situation, asset: int, legs: int) -> list[Route]:
    boats = situation.can_go(asset)
    routes: list[Route] = [(), *((boat,) for boat in boats)]
    return routes + (list(itertools.permutations(boats, 2)) if legs == 2 else [])


def _try_every_plan(weighed: Evaluation, options: list[list[Route]]) -> Routes:
    best: Routes = tuple(() for _ in options)
    lives = weighed.lives(best)
    for routes in itertools.product(*options):
        value = weighed.lives(routes)
        if value > lives + GAIN:
            best, lives = routes, value
    return best


def _by_sets(weighed: Evaluation) -> Routes:
    """The best partition of the craft among the boats: for each set of craft, what the first boats do best with it."""
    now = weighed.situation
    useful = [asset for asset in range(len(now.assets)) if now.can_go(asset)]
    full = 1 << len(useful)

    def alone(boat: int, chosen: int) -> Fraction:
        going = [
            useful[k] for k in range(len(useful)) if chosen >> k & 1 and math.isfinite(now.arrives[useful[k], boat])
        ]
        calls = tuple((a, float(now.arrives[a, boat]), int(now.room[a, boat])) for a in going)
        return weighed.at_boat(boat, calls).lives

    best = [0.0] * full
    steps: list[list[int]] = []
    for boat in range(len(now.boats)):
        value = [alone(boat, chosen) for chosen in range(full)]
        weighed.asked += full
        better, step = [-math.inf] * full, [0] * full
        for pool in range(full):
            chosen = pool
            while True:
                total = best[pool ^ chosen] + value[chosen]
                if total > better[pool] + GAIN:
                    better[pool], step[pool] = total, chosen
                if chosen == 0:
                    break
                chosen = (chosen - 1) & pool
        best = better
        steps.append(step)
    routes: list[Route] = [()] * len(now.assets)
    pool = full - 1
    for boat in reversed(range(len(now.boats))):
        chosen = steps[boat][pool]
        for k, asset in enumerate(useful):
            if chosen >> k & 1 and math.isfinite(now.arrives[asset, boat]):
                routes[asset] = (boat,)
        pool ^= chosen
    return tuple(routes)


def _always() -> bool:
    return True


def _search(weighed: Evaluation, legs: int, moves: int, standing: Routes | None, heed: Callable[[], bool]) -> Routes:
    """The best next order again and again, then single orders and pairs of orders changed while that helps.

    It begins with the orders that stand where they are better.
    """
    now = weighed.situation
    routes, lives = _greedy(weighed, legs)
    if standing is not None and weighed.lives(standing) > lives:
        routes, lives = standing, weighed.lives(standing)
    near = [_near(weighed, asset) for asset in range(len(now.assets))]
    improved = True
    while improved and weighed.asked < moves:
        improved = False
        for changes in itertools.chain(_single(near, legs), _pairs(routes, now), _two(routes, near)):
            if weighed.asked >= moves or not heed():
                return routes
            tried = _changed(routes, changes)
            value = weighed.lives(tried)
            if value > lives + GAIN:
                routes, lives, improved = tried, value, True
                break
    return routes


def _greedy(weighed: Evaluation, legs: int) -> tuple[Routes, Fraction]:
    """The order that saves most, then the next; a gain worked out earlier stands in until it comes to the top."""
    now = weighed.situation
    routes: Routes = tuple(() for _ in now.assets)
    lives = weighed.lives(routes)
    heap: list[tuple[Fraction, int, int, int]] = []
    for asset in range(len(now.assets)):
        for boat in now.can_go(asset):
            gain = weighed.lives(_changed(routes, {asset: (boat,)})) - lives
            heapq.heappush(heap, (-gain, asset, boat, 0))
    given = 0
    while heap:
        _, asset, boat, when = heapq.heappop(heap)
        if len(routes[asset]) >= legs or boat in routes[asset]:
            continue
        tried = _changed(routes, {asset: (*routes[asset], boat)})
        gain = weighed.lives(tried) - lives
        if when < given and heap and gain < -heap[0][0]:
            heapq.heappush(heap, (-gain, asset, boat, given))
        elif gain > GAIN:
            routes, lives, given = tried, lives + gain, given + 1
            for other in now.can_go(asset) if legs > len(routes[asset]) else ():
                heapq.heappush(heap, (-math.inf, asset, other, -1))
    return routes, lives


def _near(weighed: Evaluation, asset: int) -> list[int]:
    now = weighed.situation
    none: Routes = tuple(() for _ in now.assets)
    gains = [(weighed.lives(_changed(none, {asset: (boat,)})), boat) for boat in now.can_go(asset)]
    return [boat for _, boat in sorted(gains, reverse=True)[:NEAR]]


def _single(near: list[list[int]], legs: int) -> Iterable[dict[int, Route]]:
    for asset, boats in enumerate(near):
        yield {asset: ()}
        for boat in boats:
            yield {asset: (boat,)}
            if legs == 2:
                for other in boats:
                    if other != boat:
                        yield {asset: (boat, other)}


def _pairs(routes: Routes, now: Situation) -> Iterable[dict[int, Route]]:
    for one, other in itertools.combinations(range(len(routes)), 2):
        if routes[one] == routes[other] or not (
            set(routes[one]) <= set(now.can_go(other)) and set(routes[other]) <= set(now.can_go(one))
        ):
            continue
        yield {one: routes[other], other: routes[one]}


def _two(routes: Routes, near: list[list[int]]) -> Iterable[dict[int, Route]]:
    """Two craft sent anew, each to one of its boats: what the one finds the other takes."""
    for one, other in itertools.combinations(range(len(routes)), 2):
        for boat, second in itertools.product(near[one], near[other]):
            if (boat,) != routes[one] and (second,) != routes[other]:
                yield {one: (boat,), other: (second,)}


def _changed(routes: Routes, changes: dict[int, Route]) -> Routes:
    return tuple(changes.get(asset, route) for asset, route in enumerate(routes))


def carried_over(before: Plan, now: Situation, legs: int) -> Routes:
    """The standing orders in terms of the new situation: what is gone is left out."""
    boats = {boat.name: index for index, boat in enumerate(now.boats)}
    standing: list[Route] = []
    old = {one.asset.key: route for one, route in zip(before.situation.assets, before.routes, strict=True)}
    for asset, one in enumerate(now.assets):
        names = [before.situation.boats[boat].name for boat in old.get(one.asset.key, ())]
        kept = [boats[name] for name in names if name in boats and boats[name] in now.can_go(asset)]
        standing.append(tuple(kept[:legs]))
    return tuple(standing)
