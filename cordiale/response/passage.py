"""The way a craft goes: straight where there is sea all the way, else by the points off the capes.

Aircraft go straight. The land is that of the environment; without one every way is clear.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cordiale.assets.availability import Availability
from cordiale.assets.catalogue import turning_points
from cordiale.earth.geodesy import distance
from cordiale.earth.position import Position
from cordiale.earth.units import Instant, Metres, MetresPerSecond
from cordiale.response.cloud import MovingCloud
from cordiale.response.transit import HARBOUR, Arrival, leg_time, meet
from cordiale.sea.environment import Environment, Shore


@dataclass(frozen=True, kw_only=True)
class Passage:
    """The way of an asset to a boat: places where it turns, when it is ready, and when it meets the cloud."""

    turns: tuple[Position, ...]
    leaves: Instant
    arrival: Arrival


def passage(
    availability: Availability, cloud: MovingCloud, environment: Environment, speed: MetresPerSecond
) -> Passage:
    """The passage of an asset at a speed (m/s) to a moving cloud, from when it is ready.

    From a berth it goes at harbour speed to the gate of its station first. Infinite arrival where no way is known.
    """
    asset, now = availability.asset, availability.ready
    if asset.craft.flies:
        arrival = meet(environment, availability.where, cloud, now, speed, flies=True)
        return Passage(turns=(), leaves=now, arrival=arrival)
    here, begun = availability.where, now
    if not availability.at_sea:
        gate = asset.station.gate
        now += float(distance(here.lat, here.lon, gate.lat, gate.lon)) / min(HARBOUR, speed)
        here = gate
    turns = round_the_land(here, cloud.mean(now), environment.coast)
    if turns is None:
        return Passage(turns=(), leaves=begun, arrival=Arrival(mean=np.inf, early=np.inf, late=np.inf, distance=np.inf))
    way = 0.0
    for turn in turns:
        now += leg_time(environment, here, turn, now, speed, flies=False)
        way += float(distance(here.lat, here.lon, turn.lat, turn.lon))
        here = turn
    arrival = meet(environment, here, cloud, now, speed, flies=False)
    whole = Arrival(mean=arrival.mean, early=arrival.early, late=arrival.late, distance=arrival.distance + way)
    return Passage(turns=turns, leaves=begun, arrival=whole)


def round_the_land(start: Position, end: Position, coast: Shore | None) -> tuple[Position, ...] | None:
    """The turning points of the shortest way by sea; none of them where it is clear, None where none is known.

    A boat off the beach, or in a place the map calls land, is reached as far as the sea goes: the last leg may end
    ashore.
    """
    if coast is None or _clear(coast, [(start, end)], ends_ashore=True)[0]:
        return ()
    points = [place for _, place in turning_points()]
    from_start = _clear(coast, [(start, p) for p in points], ends_ashore=False)
    to_end = _clear(coast, [(p, end) for p in points], ends_ashore=True)
    between = _between(coast)  # type: ignore[arg-type]  # every shore here is hashable
    best: list[tuple[Metres, int, tuple[int, ...]]] = []
    for index, open_sea in enumerate(from_start):
        if open_sea:
            heapq.heappush(best, (_length(start, points[index]), index, (index,)))
    done: set[int] = set()
    finished: tuple[Metres, tuple[int, ...]] | None = None
    while best:
        way, index, path = heapq.heappop(best)
        if index in done or (finished is not None and way >= finished[0]):
            continue
        done.add(index)
        if to_end[index]:
            whole = way + _length(points[index], end)
            if finished is None or whole < finished[0]:
                finished = (whole, path)
        for other in range(len(points)):
            if other not in done and between[index][other]:
                heapq.heappush(best, (way + _length(points[index], points[other]), other, (*path, other)))
    return None if finished is None else tuple(points[index] for index in finished[1])


@lru_cache(maxsize=4)
def _between(coast: Shore) -> tuple[tuple[bool, ...], ...]:
    """Which turning points see each other."""
    points = [place for _, place in turning_points()]
    seen = _clear(coast, [(a, b) for a in points for b in points], ends_ashore=False)
    size = len(points)
    return tuple(tuple(seen[row * size : (row + 1) * size]) for row in range(size))


def _clear(coast: Shore, legs: Sequence[tuple[Position, Position]], *, ends_ashore: bool) -> list[bool]:
    """Whether each leg is clear of land; one that may end ashore is clear when it meets land on its last mile only."""
    lat0, lon0, lat1, lon1 = (
        np.array(side) for side in zip(*((a.lat, a.lon, b.lat, b.lon) for a, b in legs), strict=True)
    )
    met = coast.landfall(lat0, lon0, lat1, lon1)
    clear = np.isinf(met)
    if ends_ashore:
        length = distance(lat0, lon0, lat1, lon1)
        clear |= (1 - np.where(np.isinf(met), 1.0, met)) * length < 1852.0
    return [bool(one) for one in clear]


def _length(start: Position, end: Position) -> Metres:
    return float(distance(start.lat, start.lon, end.lat, end.lon))
