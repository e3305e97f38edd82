"""Requests to craft and what becomes of them: accepted, refused, not answered in time.

A request is asked of one asset, directly or by a distress relay on the radio, which asks every craft that can hear it.
Each has its own clock. Silence is never taken for an answer, a refusal keeps its reason, and whoever asked still
answers for the boat.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from cordiale.assets.availability import Availability
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import distance
from cordiale.earth.instants import zulu
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Instant, Metres, Seconds, minutes
from cordiale.response.rescue import Rescue
from cordiale.words import Language, say

How = Literal["call", "relay"]
Answer = Literal["accepted", "refused"]
State = Literal["waiting", "accepted", "refused", "no_answer"]
CLOCK: Final[Seconds] = 10 * minutes  # judgement, as on the watch list: a craft or a centre must have answered by then
SHORE_AERIAL: Final[Metres] = 100.0  # judgement: of a coast station on a cliff of the strait
CRAFT_AERIAL: Final[Metres] = 4.0  # the ship's aerial of the A1 formula


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One asset asked to go to one boat.

    `id` is its name in the record: the report of the request, and the asset where a relay asked many.
    """

    id: str
    asset: str
    boat: str
    at: Instant
    by: str
    how: How = "call"
    clock: Seconds = CLOCK

    def __post_init__(self) -> None:
        if not (math.isfinite(self.clock) and self.clock > 0):
            raise CordialeError("response.clock", asset=self.asset, minutes=self.clock / minutes)

    @property
    def due(self) -> Instant:
        """By when an answer is expected."""
        return self.at + self.clock


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What was answered to a request, when, and why; a refusal must have a reason."""

    request: str
    answer: Answer
    at: Instant
    reason: str = ""

    def __post_init__(self) -> None:
        if self.answer not in get_args(Answer):
            raise CordialeError("response.answer", request=self.request, answer=self.answer)
        if self.answer == "refused" and not self.reason.strip():
            raise CordialeError("response.refused_why", request=self.request)


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """A request nobody has answered in time: the alarm of it.

    `place` is the asset's place in the list of time to rescue, 1 the first, None where it is not on it; `there` when it
    could have been with the boat.
    """

    request: Request
    since: Instant
    age: Seconds
    place: int | None = None
    of: int = 0
    there: Seconds | None = None

    @property
    def id(self) -> str:
        """Stays while nothing changes, so that nobody is told twice."""
        return f"no_answer {self.request.id}"

    def sentence(self, language: Language = "en") -> str:
        """What is wrong."""
        key = (
            "response.silence.ranked" if self.place is not None and self.there is not None else "response.silence.plain"
        )
        return say(
            f"{key}_{self.request.how}",
            language,
            asset=self.request.asset,
            boat=self.request.boat or say("response.no_boat", language),
            asked=zulu(self.request.at),
            age_min=self.age / minutes,
            place=self.place,
            of=self.of,
            there_min=(self.there or 0.0) / minutes,
        )

    def to_do(self, language: Language = "en") -> str:
        """What to do about it."""
        return say("response.silence.do", language, asset=self.request.asset, by=self.request.by)

    def __str__(self) -> str:
        return self.sentence("en")


def state_of(request: Request, replies: Iterable[Reply], at: Instant) -> State:
    """Where a request stands at an instant: its last answer by then, else waiting until its clock is over."""
    last = last_reply(request, replies, at)
    if last is not None:
        return last.answer
    return "waiting" if at < request.due else "no_answer"


def last_reply(request: Request, replies: Iterable[Reply], at: Instant) -> Reply | None:
    """What was answered last to a request by an instant; of two answers of one moment, the one written later."""
    given = [one for one in replies if one.request == request.id and one.at <= at]
    return max(enumerate(given), key=lambda one: (one[1].at, one[0]))[1] if given else None


def states(requests: Iterable[Request], replies: Sequence[Reply], at: Instant) -> Mapping[str, State]:
    """Where each request made by an instant stands then, by its id."""
    return {one.id: state_of(one, replies, at) for one in requests if one.at <= at}


def unanswered(
    requests: Iterable[Request], replies: Sequence[Reply], at: Instant, ranking: Sequence[Rescue] = ()
) -> tuple[Silence, ...]:
    """The alarms at an instant: requests whose clock is over without an answer, the one that would help most first.

    `ranking` is the list of time to rescue (`rescue.rank`) as it was made; assets that are not on it come last.
    """
    able = [one for one in ranking if one.hindrance is None]
    places = {(one.availability.asset.name, one.boat): (k + 1, one) for k, one in enumerate(able)}
    found = []
    for request in requests:
        if request.at > at or state_of(request, replies, at) != "no_answer":
            continue
        place, rescue = places.get((request.asset, request.boat), (None, None))
        found.append(
            Silence(
                request=request,
                since=request.due,
                age=at - request.at,
                place=place,
                of=len(able),
                there=None if rescue is None else rescue.arrives - rescue.at,
            )
        )
    return tuple(sorted(found, key=lambda s: (s.place is None, s.place or 0, s.request.at, s.request.id)))


def next_to_ask(
    ranking: Sequence[Rescue], requests: Iterable[Request], replies: Sequence[Reply], at: Instant
) -> Rescue | None:
    """The first of the list that can go and was not asked for this boat, or has accepted; None when all have been
    asked.

    Whoever has accepted comes first: nobody else need be asked before it is known to be too little.
    """
    asked = {(one.asset, one.boat): state_of(one, replies, at) for one in requests if one.at <= at}
    able = [one for one in ranking if one.hindrance is None]
    accepted = [one for one in able if asked.get((one.availability.asset.name, one.boat)) == "accepted"]
    open_ones = [one for one in able if (one.availability.asset.name, one.boat) not in asked]
    return next(iter([*accepted, *open_ones]), None)


def radio_range(shore: Metres = SHORE_AERIAL, craft: Metres = CRAFT_AERIAL) -> Metres:
    """Range of VHF between two aerials of these heights (m): 2.5 (sqrt H + sqrt h) NM.

    Source: IMO resolution A.801(19), annex 3, the formula for sea area A1 (from general knowledge). Over the horizon
    and behind a cliff it may be more or less.
    """
    if not (shore >= 0 and craft >= 0):
        raise CordialeError("response.aerial", shore_m=shore, craft_m=craft)
    return 2.5 * (math.sqrt(shore) + math.sqrt(craft)) * NM


def relay_requests(
    relay: str,
    boat: str,
    *,
    at: Instant,
    by: str,
    stations: Sequence[Position],
    availabilities: Iterable[Availability],
    reach: Metres | None = None,
    clock: Seconds = CLOCK,
) -> tuple[Request, ...]:
    """A distress relay by radio, as a request to every craft at sea that can hear it.

    Parameters
    ----------
    relay : str
        The report of it; the id of each request is this and the asset.
    stations : positions
        Where it was sent from: the aerials of the centre, or the craft that relayed it. None known: every craft at sea
        is taken to have heard it, for it is better to ask one too many.
    availabilities : craft at the instant; those in harbour keep no watch on the radio and are called otherwise
    reach : Metres
        Range; that of a coast station (`radio_range`) if nothing is said.
    """
    far = radio_range() if reach is None else reach
    heard = []
    for one in availabilities:
        if not one.at_sea:
            continue
        ranges = [float(distance(s.lat, s.lon, one.where.lat, one.where.lon)) for s in stations]
        if not ranges or min(ranges) <= far:
            heard.append(one.asset.name)
    return tuple(
        Request(id=relay_id(relay, name), asset=name, boat=boat, at=at, by=by, how="relay", clock=clock)
        for name in heard
    )


def relay_id(relay: str, asset: str) -> str:
    """The name of a relay's request to one asset, as the record keeps answers to it (`request.answered`)."""
    return f"{relay} {asset}"
