"""From an asset of the catalogue to a searcher: when, how fast, how long, how wide a strip it sees, how many it takes.

What it can do is the catalogue's, what is left of it its `Availability`, what it sees by night and in fog the room
`sensors`. How long it is on its way is passed in, for the tide. Every figure that was used and that nobody has
verified is named, so that a plan which rests on one can say so.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from cordiale.assets.availability import Availability
from cordiale.assets.craft import Craft, speed_in
from cordiale.earth.position import Position
from cordiale.earth.units import Fraction, Instant, Seconds, hours, minutes
from cordiale.search.manual import ON_SCENE
from cordiale.search.plan_sought import Searcher
from cordiale.search.sight import UNASKED, Sight, search_speed, sight_of
from cordiale.sensors.sensor import Conditions
from cordiale.sensors.tables import Tables
from cordiale.words import Language, say

LEAST_ON_SCENE: Final[Seconds] = 15 * minutes  # judgement: less is not worth the way
WATCH: Final[Seconds] = 12 * hours  # no plan is longer; ships would stay for weeks
_USED: Final = (
    "craft", "top_kn", "cruise_kn", "endurance_h", "crew_hours", "survivors", "sensors",
    "sea_limit_m", "wind_limit_kn", "visibility_limit_m",
)  # fmt: skip
_FROM_STATION: Final = ("day_min", "night_min", "station", "from")
Hindrance = Literal["sea", "wind", "visibility", "daylight", "blind", "no_way", "endurance"]
Way = Callable[[Availability, Position, Instant], Seconds]  # from where it is to a place, leaving at an instant


@dataclass(frozen=True, kw_only=True, eq=False)
class CraftForSearch:
    """An asset made ready for a search, and what that rests on.

    Parameters
    ----------
    availability : Availability
    conditions : Conditions
        What it has to see by.
    searcher : Searcher or None
        None where it cannot search: `hindrance` says why.
    hindrance : sea, wind, visibility, daylight, blind, no_way, endurance, or None
    sight : Sight or None
        What it sees, and with what; None where it does not leave harbour.
    unverified : columns of the catalogue that were used and that nobody has verified
    """

    availability: Availability
    conditions: Conditions
    searcher: Searcher | None
    hindrance: Hindrance | None = None
    sight: Sight | None = None
    unverified: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Of the asset."""
        return self.availability.asset.name

    @property
    def alike(self) -> Fraction | None:
        """How alike its looks are, as `Sight.alike`."""
        return None if self.sight is None else self.sight.alike

    def why_not(self, language: Language = "en") -> str:
        """Why it cannot search, as a coordinator would say it."""
        reason = say(f"search.craft.{self.hindrance}", language)
        return say("search.craft.cannot", language, name=self.name, why=reason)


def craft_for_search(
    availability: Availability,
    conditions: Conditions,
    *,
    places: Sequence[Position],
    at: Instant,
    way: Way,
    look_for: str = "channel_inflatable",
    instruments: Iterable[str] = UNASKED["plan"],
    tables: Tables | None = None,
) -> CraftForSearch:
    """An asset as a searcher for boats at some places, from an instant on.

    Parameters
    ----------
    places : positions of the boats
        Time on scene is 0.85 of what is left after the way out and back to its station, to the furthest place that
        leaves any.
    way : function of an availability, a position and the instant it leaves
        Time in s on the way there, for instance against the tide; infinite where there is none.
    look_for : key of a search object class
        Aircraft fly where they see this one best, and looks at it say how alike looks are.
    instruments : those that count besides eyes, of `sight.instruments_counted`
    """
    craft = availability.asset.craft
    barred = _barred(craft, conditions)
    if barred is not None:
        return CraftForSearch(availability=availability, conditions=conditions, searcher=None, hindrance=barred)
    sight = sight_of(craft, conditions, instruments=instruments, look_for=look_for, tables=tables)
    ready = max(availability.ready, at)
    on_scene, found_way = _on_scene(availability, places, ready, way)
    hindrance: Hindrance | None = None
    if sight.blind:
        hindrance = "blind"
    elif not found_way:
        hindrance = "no_way"
    elif on_scene < LEAST_ON_SCENE:
        hindrance = "endurance"
    searcher = None if hindrance is not None else Searcher(
        name=availability.asset.name,
        base=availability.where,
        ready=ready,
        speed=search_speed(craft, conditions.sea_height),
        on_scene=on_scene,
        widths=sight.widths,
        transit_speed=speed_in(craft, conditions.sea_height),
        transit=lambda place, leaving: way(availability, place, leaving),
        height=sight.height,
        heights=sight.heights,
        capacity=availability.room,
    )  # fmt: skip
    return CraftForSearch(
        availability=availability,
        conditions=conditions,
        searcher=searcher,
        hindrance=hindrance,
        sight=sight,
        unverified=_unverified(availability),
    )


def _barred(craft: Craft, conditions: Conditions) -> Hindrance | None:
    """What keeps a craft in harbour."""
    if conditions.sea_height > craft.sea_limit:
        return "sea"
    if conditions.wind > craft.wind_limit:
        return "wind"
    if conditions.visibility < craft.visibility_limit:
        return "visibility"
    if not craft.night and conditions.dark:
        return "daylight"
    return None


def _on_scene(availability: Availability, places: Sequence[Position], ready: Instant, way: Way) -> tuple[Seconds, bool]:
    """How long it can search, and whether it knows a way to any of the places."""
    home = replace(availability, where=availability.asset.station.berth, at_sea=False, ready=ready)
    left_at: list[Seconds] = []
    for place in places:
        out = way(availability, place, ready)
        if not math.isfinite(out):
            continue
        back = way(home, place, ready + out)
        left_at.append(ON_SCENE * (availability.endurance_left - out - (back if math.isfinite(back) else out)))
    enough = [left for left in left_at if left >= LEAST_ON_SCENE]
    best = min(enough) if enough else max(left_at, default=0.0)
    return min(best, WATCH), bool(left_at)


def _unverified(availability: Availability) -> tuple[str, ...]:
    """Columns of the catalogue that went into a searcher and that nobody has verified."""
    used = set(_USED) if availability.at_sea else {*_USED, *_FROM_STATION}
    return tuple(sorted(used & availability.asset.unverified))
