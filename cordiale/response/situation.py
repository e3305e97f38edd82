"""Every asset and every boat of one instant, with the time of each to each: what an assignment is made on."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from cordiale.assets.availability import Availability
from cordiale.assets.craft import speed_in
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import distance
from cordiale.earth.units import FloatArray, Fraction, Instant, IntArray
from cordiale.response.coarse import coarse
from cordiale.response.distress import Distress
from cordiale.response.outcome import Call, Outcome, outcome
from cordiale.response.rescue import Rescue, Weather, rescue_by
from cordiale.sea.environment import Environment
from cordiale.sea.tide import Window

MANY = 12  # pairs from which the stream is looked up on a lattice
Route = tuple[int, ...]  # the boats one asset goes to, in order
Routes = tuple[Route, ...]  # of each asset
Coming = tuple[int, Instant, int]  # an asset, when it is there, how many it may take


@dataclass(frozen=True, kw_only=True, eq=False)
class Situation:
    """Assets (rows) and boats (columns) of an instant: when each could be there, and how many it could take.

    `arrives` is infinite where an asset cannot go; `until` is when it must leave for home, None where nobody said;
    `rescues` holds the whole account of each pair.
    """

    at: Instant
    assets: tuple[Availability, ...]
    boats: tuple[Distress, ...]
    arrives: FloatArray
    room: IntArray
    speeds: FloatArray
    until: FloatArray | None = None
    rescues: tuple[tuple[Rescue, ...], ...] = ()

    @cached_property
    def expected(self) -> Fraction:
        """Expected number of persons of all boats."""
        return sum(boat.expected for boat in self.boats)

    def can_go(self, asset: int) -> tuple[int, ...]:
        """The boats an asset can go to."""
        return tuple(int(b) for b in np.flatnonzero(np.isfinite(self.arrives[asset])))


def situation(
    assets: Sequence[Availability],
    boats: Sequence[Distress],
    environment: Environment,
    *,
    at: Instant,
    weather: Weather | None = None,
    heed: Callable[[Fraction], bool] | None = None,
) -> Situation:
    """Works out every pair of an asset and a boat, boat by boat. Two boats of one name raise.

    `heed` is told the part done after each boat; when it says no, the boats so far are all there are.
    """
    names = [boat.name for boat in boats]
    if len(set(names)) < len(names):
        raise CordialeError("response.same_boat", names=", ".join(names))
    if len(assets) * len(boats) >= MANY:
        environment = coarse(environment, _window(assets, boats), at)
    columns = []
    for boat in boats:
        columns.append([rescue_by(one, boat, environment, at=at, weather=weather) for one in assets])
        if heed is not None and not heed(len(columns) / len(boats)):
            break
    boats = boats[: len(columns)]
    pairs = tuple(tuple(column[asset] for column in columns) for asset in range(len(assets)))
    height = (weather or Weather()).wave_height
    shape = (len(assets), len(boats))
    return Situation(
        at=at,
        assets=tuple(assets),
        boats=tuple(boats),
        arrives=np.array([[p.arrives for p in row] for row in pairs], dtype=np.float64).reshape(shape),
        room=np.array([[p.room for p in row] for row in pairs], dtype=np.int64).reshape(shape),
        speeds=np.array([speed_in(one.asset.craft, height) for one in assets]),
        until=np.array([[p.until for p in row] for row in pairs], dtype=np.float64).reshape(shape),
        rescues=pairs,
    )


def without(now: Situation, pairs: Iterable[tuple[str, str]]) -> Situation:
    """The situation in which these craft (keys of the catalogue) do not go to these boats (names): for orders only,
    `rescues` stays as it was.
    """
    keys = [one.asset.key for one in now.assets]
    names = [boat.name for boat in now.boats]
    arrives, room = now.arrives.copy(), now.room.copy()
    for asset, boat in pairs:
        if asset in keys and boat in names:
            arrives[keys.index(asset), names.index(boat)] = math.inf
            room[keys.index(asset), names.index(boat)] = 0
    return replace(now, arrives=arrives, room=room)


def _window(assets: Sequence[Availability], boats: Sequence[Distress]) -> Window:
    """A box around every ship, every gate and every boat for as long as she is known."""
    places = [one.where for one in assets if not one.asset.craft.flies]
    places += [one.asset.station.gate for one in assets if not one.asset.craft.flies]
    for boat in boats:
        places += [boat.cloud.mean(float(when)) for when in boat.cloud.times]
    return Window(
        south=min(p.lat for p in places),
        north=max(p.lat for p in places),
        west=min(p.lon for p in places),
        east=max(p.lon for p in places),
    )


class Evaluation:
    """Lives saved by routes, with what was worked out before kept: at most two boats for each asset.

    The first boats come first. A craft leaves its first boat with its share of the people and goes on to its second
    with the room that is left, in a straight line relative to the water, never sooner than it could have been there at
    once. Those still aboard the second boat are shared with whoever is there. That help is not counted when the first
    leave, so the figure is never above what the same orders achieve. Whoever must go home takes and finds nobody after.
    """

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.asked = 0
        self._arrives: list[list[Instant]] = situation.arrives.tolist()
        self._room: list[list[int]] = situation.room.tolist()
        never = np.full(situation.arrives.shape, math.inf)
        self._until: list[list[Instant]] = (never if situation.until is None else situation.until).tolist()
        self._known: dict[tuple[int, tuple[Coming, ...]], Outcome] = {}
        self._onward: dict[tuple[int, Route, tuple[Coming, ...]], Coming | None] = {}

    def lives(self, routes: Routes) -> Fraction:
        """Lives of all boats, in expectation."""
        self.asked += 1
        return sum(one.lives for one in self.outcomes(routes))

    def outcomes(self, routes: Routes) -> tuple[Outcome, ...]:
        """What comes of each boat."""
        return tuple(self.at_boat(boat, calls) for boat, calls in enumerate(self.calls(routes)))

    def calls(self, routes: Routes) -> list[tuple[Coming, ...]]:
        """For each boat, the calls at it: asset, arrival, room."""
        now = self.situation
        first: list[list[Coming]] = [[] for _ in now.boats]
        for asset, route in enumerate(routes):
            if route:
                boat = route[0]
                first[boat].append((asset, self._arrives[asset][boat], self._room[asset][boat]))
        both = [list(calls) for calls in first]
        for asset, route in enumerate(routes):
            if len(route) > 1:
                key = (asset, route, tuple(first[route[0]]))
                if key not in self._onward:
                    self._onward[key] = self._second(*key)
                call = self._onward[key]
                if call is not None:
                    both[route[1]].append(call)
        return [tuple(sorted(calls)) for calls in both]

    def at_boat(self, boat: int, calls: tuple[Coming, ...]) -> Outcome:
        """What comes of these calls at one boat."""
        key = (boat, calls)
        if key not in self._known:
            self._known[key] = outcome(self.situation.boats[boat], self.made(boat, calls))
        return self._known[key]

    def made(self, boat: int, calls: Iterable[Coming]) -> list[Call]:
        """The calls at a boat with their craft."""
        craft = self.situation.assets
        return [
            Call(craft=craft[asset].asset.craft, arrives=arrives, room=room, until=self._until[asset][boat])
            for asset, arrives, room in calls
        ]

    def _second(self, asset: int, route: Route, calls: tuple[Coming, ...]) -> Coming | None:
        now = self.situation
        here, there = route[0], route[1]
        came = self.at_boat(here, calls)
        mine = [one[0] for one in calls].index(asset)
        free = came.free[mine]
        room = min(now.assets[asset].room - math.ceil(came.taken[mine] - 1e-9), int(now.room[asset, there]))
        if not math.isfinite(free) or free >= min(now.boats[there].curve.until, self._until[asset][there]):
            return None
        if room <= 0 and now.assets[asset].asset.craft.survivors:
            return None
        a, b = now.boats[here].cloud.mean(free), now.boats[there].cloud.mean(free)
        arrives = free + float(distance(a.lat, a.lon, b.lat, b.lon)) / float(now.speeds[asset])
        arrives = max(arrives, float(now.arrives[asset, there]))
        return (
            (asset, arrives, room) if arrives < min(now.boats[there].curve.until, self._until[asset][there]) else None
        )
