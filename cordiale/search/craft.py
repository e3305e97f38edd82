"""From an asset of the catalogue to a searcher: when, how fast, how long, how wide a strip it sees, how many it takes.

What it can do is the catalogue's, what is left of it its `Availability`, what it sees by night and in fog the room
`sensors`. How long it is on its way is passed in, for the tide. Every figure that was used and that nobody has
verified is named, so that a plan which rests on one can say so.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from cordiale.assets.availability import Availability
from cordiale.assets.craft import Craft, Kind, speed_in
from cordiale.boats.life import PHASES
from cordiale.earth.position import Position
from cordiale.earth.units import Fraction, Instant, Metres, MetresPerSecond, Seconds, hours, knots, minutes
from cordiale.search.manual import ON_SCENE
from cordiale.search.plan_sought import Searcher, alike_of
from cordiale.sensors.sensor import Conditions, Lookout, Platform, Sensor, packaged_instrument
from cordiale.sensors.sweep_width import best_height, sweep_width
from cordiale.sensors.tables import FEET, ObjectClass, Tables, packaged_tables
from cordiale.words import Language, say

LOW: Final[Metres] = 300 * FEET  # the lowest tabulated height of an aircraft
# Judgement: the tables hold their widths at 60 to 90 kn for helicopters and 150 kn and more for aeroplanes; a boat or
# ship that looks for people low in the water goes slower than it can.
SEARCH_SPEED: Final[Mapping[Kind, MetresPerSecond]] = {
    "helicopter": 70 * knots,
    "aeroplane": 150 * knots,
    "drone": 60 * knots,
    "lifeboat": 15 * knots,
    "ship": 14 * knots,
}
LEAST_ON_SCENE: Final[Seconds] = 15 * minutes  # judgement: less is not worth the way
WATCH: Final[Seconds] = 12 * hours  # no plan is longer; ships would stay for weeks
AS_WIDE: Final[Fraction] = 0.95  # judgement: other heights of an aircraft at which a width still holds
PLATFORMS: Final[Mapping[Kind, Platform]] = {
    "ship": "bridge",
    "lifeboat": "boat",
    "helicopter": "helicopter",
    "aeroplane": "fixed_wing",
    "drone": "fixed_wing",
}
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
    looks_with : sensor by search object class
        With which of its sensors the sweep width was reckoned: `eyes`, `radar`, `infrared` or `camera`.
    unverified : columns of the catalogue that were used and that nobody has verified
    guessed : sensors that were used and whose packaged figures are judgements
    alike : shape kappa of the gamma law for looks at the object that was asked for; None: no doubt about the width
    """

    availability: Availability
    conditions: Conditions
    searcher: Searcher | None
    hindrance: Hindrance | None = None
    looks_with: Mapping[str, str]
    unverified: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    alike: Fraction | None = None

    @property
    def name(self) -> str:
        """Of the asset."""
        return self.availability.asset.name

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
    without: Iterable[str] = (),
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
    without : sensors of the catalogue that do not count
        `radar`, for instance, where nobody trusts the packaged figures.
    """
    known = tables or packaged_tables()
    craft = availability.asset.craft
    barred = _barred(craft, conditions)
    if barred is not None:
        return CraftForSearch(
            availability=availability, conditions=conditions, searcher=None, hindrance=barred, looks_with={}
        )
    speed = min(SEARCH_SPEED[craft.kind], craft.cruise, speed_in(craft, conditions.sea_height))
    eyes = _Eyes(craft, speed, conditions, known, frozenset(without))
    height, others = eyes.heights(look_for)
    widths, looks_with, guessed = eyes.widths(height)
    ready = max(availability.ready, at)
    on_scene, found_way = _on_scene(availability, places, ready, way)
    hindrance: Hindrance | None = None
    if not any(widths.values()):
        hindrance = "blind"
    elif not found_way:
        hindrance = "no_way"
    elif on_scene < LEAST_ON_SCENE:
        hindrance = "endurance"
    searcher = None if hindrance is not None else Searcher(
        name=availability.asset.name,
        base=availability.where,
        ready=ready,
        speed=speed,
        on_scene=on_scene,
        widths=widths,
        transit_speed=speed_in(craft, conditions.sea_height),
        transit=lambda place, leaving: way(availability, place, leaving),
        height=height,
        heights=others,
        capacity=availability.room,
    )  # fmt: skip
    best = max(eyes.sensors(look_for, height), key=lambda one: eyes.width(one, look_for), default=None)
    return CraftForSearch(
        availability=availability,
        conditions=conditions,
        searcher=searcher,
        hindrance=hindrance,
        looks_with=looks_with,
        unverified=_unverified(availability),
        guessed=guessed,
        alike=None if best is None else alike_of(best, look_for, conditions),
    )


def sensors_of(
    craft: Craft,
    conditions: Conditions,
    what: ObjectClass,
    tables: Tables,
    *,
    height: Metres | None = None,
    speed: MetresPerSecond | None = None,
) -> tuple[Sensor, ...]:
    """The sensors of a craft that the tables hold: eyes, radar, and infrared or a camera of aircraft.

    Aircraft fly at `height`, or at their best tabulated one below the clouds for what they look for. What the tables do
    not hold (night glasses, searchlight, a ship's infrared) adds nothing.
    """
    platform = PLATFORMS[craft.kind]
    aloft = None
    eyes = Lookout(platform=platform, height=LOW, speed=speed) if craft.flies else Lookout(platform=platform)
    if craft.flies:
        aloft = height or best_height(eyes, what, conditions, tables) or LOW
        eyes = replace(eyes, height=aloft)
    listed: list[Sensor] = []
    for key in craft.sensors:
        if key == "eye" and craft.kind == "drone":
            listed.append(packaged_instrument("airborne_camera", height=aloft, tables=tables))
        elif key == "eye":
            listed.append(eyes)
        elif key == "infrared" and craft.flies:
            listed.append(packaged_instrument("airborne_infrared", height=aloft, tables=tables))
        elif key == "radar":
            by = "airborne_radar" if craft.flies else "small_craft_radar" if craft.kind == "lifeboat" else "ship_radar"
            listed.append(packaged_instrument(by, height=aloft, tables=tables))
    return tuple(listed)


@dataclass(frozen=True, slots=True)
class _Eyes:
    """What one craft sees with, in some conditions."""

    craft: Craft
    speed: MetresPerSecond
    conditions: Conditions
    tables: Tables
    without: frozenset[str]

    def sensors(self, what: str, height: Metres) -> tuple[Sensor, ...]:
        """Its sensors that count, at a height."""
        found = sensors_of(
            self.craft, self.conditions, self.tables.object_class(what), self.tables, height=height or None,
            speed=self.speed,
        )  # fmt: skip
        return tuple(one for one in found if one.name not in self.without)

    def width(self, sensor: Sensor, what: str) -> Metres:
        """Mean sweep width of one sensor."""
        return sweep_width(sensor, what, self.conditions, self.tables).mean

    def widest(self, what: str, height: Metres) -> Metres:
        """Of its sensors the widest: they look at once, but nobody has measured how much they add to each other."""
        return max((self.width(one, what) for one in self.sensors(what, height)), default=0.0)

    def heights(self, what: str) -> tuple[Metres, tuple[Metres, ...]]:
        """The tabulated height below the clouds from which it sees the object best, and others nearly as good."""
        if not self.craft.flies:
            return 0.0, ()
        rows = self.tables.object_class(what).rows
        listed = [float(h) for h in self.tables.widths[rows[0][0], PLATFORMS[self.craft.kind]].heights]
        base = self.conditions.cloud_base
        below = [h for h in listed if base is None or h < base] or [LOW]
        seen = {h: self.widest(what, h) for h in below}
        best = max(below, key=lambda h: (seen[h], -h))
        return best, tuple(h for h in below if h != best and seen[h] >= AS_WIDE * seen[best])

    def widths(self, height: Metres) -> tuple[dict[str, Metres], dict[str, str], tuple[str, ...]]:
        """Sweep widths for all that a small boat may have become, with what it sees each, and what of it is guessed."""
        widths, with_what, guessed = {}, {}, set()
        for what in sorted({self.tables.phases[phase] for phase in PHASES}):
            seen = [(self.width(one, what), one) for one in self.sensors(what, height)]
            width, sensor = max(seen, key=lambda pair: pair[0], default=(0.0, None))
            widths[what] = width
            if sensor is not None and width > 0:
                with_what[what] = "eyes" if isinstance(sensor, Lookout) else sensor.name
                if not isinstance(sensor, Lookout):
                    guessed.add(sensor.name)
        return widths, with_what, tuple(sorted(guessed))


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
