"""Time to rescue: for every asset of both flags, when the people of a boat would be aboard if it went alone.

Readiness, passage against wind and stream, search, setting up, each person coming aboard, and the room that is left.
An asset that cannot go says why. The list is in order of the time a person waits on average, those for whom there is
no room waiting until the horizon of the curve of the living.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from cordiale.assets.availability import Availability
from cordiale.assets.craft import speed_in
from cordiale.earth.geodesy import distance
from cordiale.earth.instants import zulu
from cordiale.earth.units import NM, Fraction, Instant, Metres, MetresPerSecond, Seconds, minutes
from cordiale.response.distress import Distress
from cordiale.response.outcome import Call, outcome, pace
from cordiale.response.passage import passage
from cordiale.sea.environment import Environment
from cordiale.sea.light import SUNRISE_ALTITUDE, sun_altitude
from cordiale.words import Language, say

Hindrance = Literal[
    "full",
    "rescues_nobody",
    "sea",
    "wind",
    "visibility",
    "daylight",
    "draught",
    "endurance",
    "no_way",
    "too_late",
    "unfound",
]
Order = Literal["everyone", "first", "lost"]
TAKES_NOBODY: Final[Fraction] = 0.05  # of a person, in expectation
UNDER_THE_KEEL: Final[Metres] = 1.0  # judgement


@dataclass(frozen=True, kw_only=True, slots=True)
class Weather:
    """What keeps craft in harbour besides wind and stream: significant wave height and visibility, in m."""

    wave_height: Metres = 0.5
    visibility: Metres = math.inf


@dataclass(frozen=True, kw_only=True)
class Rescue:
    """One asset alone to one boat.

    Parameters
    ----------
    availability : Availability
    boat : str
    at : Instant
        When the list was made.
    hindrance : why it cannot go, or None
    leaves, arrives, early, late : Instant
        Ready; with the cloud, mean and 10 and 90 % points.
    found, first, last : Instant
        She is found; first person aboard; the last person it takes, in expectation. Infinite where it takes nobody.
    distance : Metres
    room : int
        Places that it can fill.
    until : Instant
        When it must leave for home; what it has not found or taken by then it does not.
    taken, expected : Fraction
        Persons it takes and persons there are, in expectation.
    waits : Seconds
        From `at`, the mean over the persons; those it has no place for wait until the horizon.
    lost : Fraction
        Lives lost in expectation if it went alone.
    """

    availability: Availability
    boat: str
    at: Instant
    hindrance: Hindrance | None
    leaves: Instant
    arrives: Instant
    early: Instant
    late: Instant
    found: Instant
    first: Instant
    last: Instant
    distance: Metres
    room: int
    until: Instant
    taken: Fraction
    expected: Fraction
    waits: Seconds
    lost: Fraction

    @property
    def takes_all(self) -> bool:
        """Room for all it may have to take, to within a tenth of a person."""
        return self.expected - self.taken < 0.1

    def sentence(self, language: Language = "en") -> str:
        """One line of the list, as a coordinator would say it."""
        asset = self.availability.asset
        if self.hindrance is not None:
            why = say(f"response.hindrance.{self.hindrance}", language)
            return say("response.cannot", language, asset=asset.name, boat=self.boat, why=why)
        key = "response.rescue_all" if self.takes_all else "response.rescue_some"
        return say(key, language, asset=asset.name, boat=self.boat, **self._values())

    def __str__(self) -> str:
        return self.sentence("en")

    def _values(self) -> dict[str, Any]:
        return {
            "ready_min": (self.leaves - self.at) / minutes,
            "passage_min": (self.arrives - self.leaves) / minutes,
            "search_min": max(self.found - self.arrives, 0.0) / minutes,
            "aboard_min": (self.last - max(self.found, self.arrives)) / minutes,
            "there": zulu(self.arrives),
            "done": zulu(self.last),
            "distance_nm": self.distance / NM,
            "taken": self.taken,
            "expected": self.expected,
            "unverified": self.availability.asset.name,
        }


def rescue_by(
    availability: Availability,
    distress: Distress,
    environment: Environment,
    *,
    at: Instant,
    weather: Weather | None = None,
) -> Rescue:
    """What one asset alone achieves at one boat when it is sent at an instant."""
    sea = weather or Weather()
    craft = availability.asset.craft
    speed = speed_in(craft, sea.wave_height)
    hindrance = _kept(availability, distress, environment, sea, at)
    expected, horizon = distress.expected, distress.curve.until
    if hindrance is None:
        way = passage(availability, distress.cloud, environment, speed)
        arrives = way.arrival.mean
        if not math.isfinite(arrives):
            hindrance = "no_way"
        elif arrives >= horizon:
            hindrance = "too_late"
        else:
            until = _must_leave(availability, distress, arrives, speed)
            room = _room_in_time(availability, distress, arrives, until)
            if until <= arrives or (room == 0 and craft.survivors):
                hindrance = "endurance"
    if hindrance is not None:
        return _cannot(availability, distress, hindrance, at)
    call = Call(craft=craft, arrives=arrives, room=room, until=until)
    came = outcome(distress, [call])
    taken = came.taken[0]
    if not craft.survivors:
        hindrance = "rescues_nobody"
    elif taken < TAKES_NOBODY:
        hindrance = "unfound"
    begins = max(came.found, arrives) + craft.setup
    last = came.free[0] if taken > 0 else math.inf
    first = begins + pace(distress, call) if taken > 0 else math.inf
    waiting = taken * ((first + last) / 2 - at) if taken > 0 else 0.0
    return Rescue(
        availability=availability,
        boat=distress.name,
        at=at,
        hindrance=hindrance,
        leaves=way.leaves,
        arrives=arrives,
        early=way.arrival.early,
        late=way.arrival.late,
        found=came.found,
        first=first,
        last=last,
        distance=way.arrival.distance,
        room=room,
        until=until,
        taken=taken,
        expected=expected,
        waits=(waiting + (expected - taken) * (horizon - at)) / expected,
        lost=expected - came.lives,
    )


def _cannot(availability: Availability, distress: Distress, hindrance: Hindrance, at: Instant) -> Rescue:
    """An asset that does not go: everybody waits until the horizon."""
    expected, horizon = distress.expected, distress.curve.until
    return Rescue(
        availability=availability, boat=distress.name, at=at, hindrance=hindrance, leaves=availability.ready,
        arrives=math.inf, early=math.inf, late=math.inf, found=math.inf, first=math.inf, last=math.inf,
        distance=math.inf, room=0, until=math.inf, taken=0.0, expected=expected, waits=horizon - at,
        lost=expected - outcome(distress, ()).lives,
    )  # fmt: skip


def rank(
    availabilities: Iterable[Availability],
    distress: Distress,
    environment: Environment,
    *,
    at: Instant,
    weather: Weather | None = None,
    by: Order = "everyone",
) -> tuple[Rescue, ...]:
    """Every asset in order of its time to rescue; those that cannot go stand last, with the reason.

    `by`: "everyone", the mean time a person waits; "first", the first person aboard; "lost", lives lost in expectation.
    """
    return in_order([rescue_by(one, distress, environment, at=at, weather=weather) for one in availabilities], by=by)


def in_order(listed: Iterable[Rescue], *, by: Order = "everyone") -> tuple[Rescue, ...]:
    """The rescues of one boat as `rank` lists them."""

    def place(one: Rescue) -> tuple[bool, Seconds, Instant, str]:
        value = {"everyone": one.waits, "first": one.first - one.at, "lost": one.lost}[by]
        return one.hindrance is not None, value, one.arrives, one.availability.asset.key

    return tuple(sorted(listed, key=place))


def _kept(
    availability: Availability, distress: Distress, environment: Environment, sea: Weather, at: Instant
) -> Hindrance | None:
    """What keeps an asset from going, before any passage is worked out."""
    craft, there = availability.asset.craft, distress.cloud.mean(at)
    if craft.survivors and not availability.room:
        return "full"
    if sea.wave_height > craft.sea_limit:
        return "sea"
    if sea.visibility < craft.visibility_limit:
        return "visibility"
    if not craft.night and float(sun_altitude(availability.ready, there.lat, there.lon)) <= SUNRISE_ALTITUDE:
        return "daylight"
    lat, lon = distress.cloud.at(at)
    east, north = environment.wind.velocity(at, lat[:1], lon[:1])
    if math.hypot(float(east[0]), float(north[0])) > craft.wind_limit:
        return "wind"
    if distress.depth is not None and craft.draught is not None and craft.draught + UNDER_THE_KEEL > distress.depth:
        return "draught"
    return None


def _must_leave(availability: Availability, distress: Distress, arrives: Instant, speed: MetresPerSecond) -> Instant:
    """When it must turn back to its station from where she is when it gets there."""
    berth = availability.asset.station.berth
    there = distress.cloud.mean(arrives)
    home = float(distance(there.lat, there.lon, berth.lat, berth.lon)) / speed
    return availability.ready + availability.endurance_left - home


def _room_in_time(availability: Availability, distress: Distress, arrives: Instant, until: Instant) -> int:
    """Places it can fill before it must turn back if she is found at once, one person after another."""
    craft = availability.asset.craft
    if not craft.survivors:
        return 0
    call = Call(craft=craft, arrives=arrives, room=availability.room)
    left = until - arrives - craft.setup
    return min(availability.room, int(left / pace(distress, call))) if left > 0 else 0
