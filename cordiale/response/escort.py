"""Escort: one craft after another stays with a boat that goes on, and none leaves before the next is there.

A watch is the time for which a craft can be with the boat: from when it can meet her until its endurance sends it
home. `escort_relay` chains the fewest watches that cover a time without a gap; where they cannot, it says when the
boat would be alone. `alone` is the alarm on the escorts as they are.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cordiale.assets.availability import Availability
from cordiale.assets.craft import speed_in
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import distance
from cordiale.earth.instants import zulu
from cordiale.earth.units import Instant, Seconds, minutes
from cordiale.response.cloud import MovingCloud
from cordiale.response.passage import passage
from cordiale.response.rescue import Weather
from cordiale.sea.environment import Environment
from cordiale.words import Language, say

OVERLAP: Final[Seconds] = 5 * minutes  # judgement: both are in sight of her before the first leaves


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """A craft with a boat, or able to be, between two instants."""

    asset: str
    begins: Instant
    ends: Instant

    def __post_init__(self) -> None:
        if not self.ends >= self.begins:
            raise CordialeError("response.watch", asset=self.asset, minutes=(self.ends - self.begins) / minutes)


@dataclass(frozen=True, kw_only=True)
class EscortRelay:
    """Watches in order, each beginning before the one before it ends, and the times at which she is alone."""

    boat: str
    watches: tuple[Watch, ...]
    gaps: tuple[tuple[Instant, Instant], ...]

    def sentences(self, language: Language = "en") -> tuple[str, ...]:
        """One for each watch, one for each gap."""
        lines = [
            say(
                "response.escort.watch",
                language,
                asset=w.asset,
                boat=self.boat,
                begins=zulu(w.begins),
                ends=zulu(w.ends),
            )
            for w in self.watches
        ]
        lines += [
            say(
                "response.escort.gap", language, boat=self.boat, begins=zulu(a), ends=zulu(b), gap_min=(b - a) / minutes
            )
            for a, b in self.gaps
        ]
        return tuple(lines)


def possible_watch(
    availability: Availability, cloud: MovingCloud, environment: Environment, *, weather: Weather | None = None
) -> Watch | None:
    """When a craft could be with a boat and how long its endurance lets it stay; None where it cannot get there."""
    craft = availability.asset.craft
    speed = speed_in(craft, (weather or Weather()).wave_height)
    if speed <= 0:
        return None
    arrives = passage(availability, cloud, environment, speed).arrival.late
    if not math.isfinite(arrives):
        return None
    home = availability.asset.station.berth
    ends = availability.ready + availability.endurance_left
    there = cloud.mean(ends)
    ends -= float(distance(there.lat, there.lon, home.lat, home.lon)) / speed
    return Watch(asset=availability.asset.name, begins=arrives, ends=ends) if ends > arrives else None


def escort_relay(
    boat: str, possible: Iterable[Watch], *, begins: Instant, ends: Instant, overlap: Seconds = OVERLAP
) -> EscortRelay:
    """The fewest watches that cover a time, each relieved by one that came `overlap` before; where none can, the gaps.

    Of all craft that can be there in time the one that can stay longest takes the next watch, which needs no more
    watches than any other order (covering an interval).
    """
    left = sorted(possible, key=lambda watch: watch.begins)
    chosen: list[Watch] = []
    gaps: list[tuple[Instant, Instant]] = []
    now = begins
    while now < ends:
        by = now if not chosen or (gaps and gaps[-1][1] == now) else now - overlap
        there = [w for w in left if w.begins <= by and w.ends > now]
        if there:
            best = max(there, key=lambda watch: watch.ends)
            chosen.append(
                Watch(asset=best.asset, begins=max(best.begins, by if chosen else begins), ends=min(best.ends, ends))
            )
            left.remove(best)
            now = best.ends
            continue
        later = min((w.begins for w in left if w.ends > now), default=math.inf)
        back = min(max(later, now), ends)
        if back > now:
            gaps.append((now, back))
        elif not gaps or gaps[-1][1] != now:
            gaps.append((now, now))  # the relief comes, but too late for both to be in sight of her
        now = back
    return EscortRelay(boat=boat, watches=tuple(chosen), gaps=tuple(gaps))


def alone(watches: Sequence[Watch], at: Instant, *, notice: Seconds) -> Instant | None:
    """When a boat under escort will be alone within `notice` s of an instant, if nothing changes; None if she will not.

    An escort that is away already gives the instant itself: the invariant is that no live boat is without one.
    """
    now = at
    while True:
        ends = [w.ends for w in watches if w.begins <= now < w.ends]
        if not ends:
            return now if now <= at + notice else None
        now = max(ends)
