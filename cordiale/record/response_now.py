"""What the response looks like at the instant of a picture: who was asked, who answers for whom, who goes where.

Everything follows from the picture and the duties of the record. Whoever refused a boat, or has not answered in time,
is not counted on for her; what that costs is said.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cordiale.assets.availability import Availability
from cordiale.assets.catalogue import load_catalogue
from cordiale.earth.units import Fraction, Instant, Seconds, minutes
from cordiale.record.asked import offers_of, replies_to, requests_of, responsibilities
from cordiale.record.duties import Duties
from cordiale.record.in_distress import Means, PassedOver, distress_seen
from cordiale.record.picture import BoatPicture, Picture
from cordiale.record.who import on_duty
from cordiale.response.assignment import Plan, assign, carried_over, orders_that_stand, worth_of
from cordiale.response.distress import Distress
from cordiale.response.explain import change_sentences
from cordiale.response.from_reports import availabilities_in
from cordiale.response.handover import Offer, Responsibility
from cordiale.response.requests import Reply, Request, Silence, State, last_reply, state_of, unanswered
from cordiale.response.rescue import Rescue, in_order
from cordiale.response.situation import Situation, situation, without
from cordiale.response.steady import steady
from cordiale.words import Language, say

LOOK_BACK: Final[Seconds] = 360 * minutes  # judgement: what was asked so long ago is history, answered or not


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A request and where it stands; `reason` is what was said."""

    request: Request
    state: State
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotCountedOn:
    """A craft that the orders leave out for a boat, because it refused or has not answered, and what that costs."""

    asset: str
    boat: str
    state: State
    worth: Fraction


@dataclass(frozen=True, kw_only=True, slots=True)
class Calls:
    """What was asked and offered by the instant of a picture, and what was said to it."""

    at: Instant
    requests: tuple[Request, ...]
    replies: tuple[Reply, ...]
    offers: tuple[Offer, ...]
    responsibilities: tuple[Responsibility, ...]

    def asked(self) -> tuple[Asked, ...]:
        """Every request of the last six hours and where it stands, the oldest first."""
        listed = []
        for one in self.requests:
            if self.at - one.at <= LOOK_BACK:
                last = last_reply(one, self.replies, self.at)
                state = state_of(one, self.replies, self.at)
                listed.append(Asked(request=one, state=state, reason="" if last is None else last.reason))
        return tuple(listed)

    def silences(self, listed: Iterable[Rescue] = ()) -> tuple[Silence, ...]:
        """The requests nobody answered in time, the craft that would help most first."""
        recent = [one for one in self.requests if self.at - one.at <= LOOK_BACK]
        by_boat: dict[str, list[Rescue]] = {}
        for rescue in listed:
            by_boat.setdefault(rescue.boat, []).append(rescue)
        found: list[Silence] = []
        for boat in dict.fromkeys(one.boat for one in recent):
            own = [one for one in recent if one.boat == boat]
            found += unanswered(own, self.replies, self.at, by_boat.get(boat, ()))
        return tuple(sorted(found, key=lambda s: (s.place is None, s.place or 0, s.request.at, s.request.id)))


@dataclass(frozen=True, kw_only=True, eq=False)
class ResponseNow:
    """The whole.

    Parameters
    ----------
    picture : Picture
    calls : Calls
    passed_over : boats nobody is sent to by the orders, and why
    unread : boats for which the work was broken off before their list was made
    now : every craft and every boat in distress, or None where there is no boat or no craft
    standing : the orders given already, as a plan
    plan : the orders that lose the fewest lives, changed from `standing` only where that saves more
    left_out : craft that are not counted on
    complete : whether nothing was broken off
    """

    picture: Picture
    calls: Calls
    passed_over: tuple[PassedOver, ...] = ()
    unread: tuple[str, ...] = ()
    now: Situation | None = None
    standing: Plan | None = None
    plan: Plan | None = None
    left_out: tuple[NotCountedOn, ...] = ()
    complete: bool = True

    def boats(self) -> tuple[Distress, ...]:
        """The boats in distress, the gravest first."""
        return () if self.now is None else self.now.boats

    def ranking(self, boat: str) -> tuple[Rescue, ...]:
        """The list of time to rescue of one boat; empty where she is not in distress."""
        if self.now is None:
            return ()
        places = [k for k, one in enumerate(self.now.boats) if one.name == boat]
        return in_order([row[place] for row in self.now.rescues for place in places])

    def silences(self) -> tuple[Silence, ...]:
        """The requests nobody answered in time, with their place on the list."""
        listed = () if self.now is None else tuple(r for one in self.now.boats for r in self.ranking(one.name))
        return self.calls.silences(listed)

    def changes(self, language: Language = "en", *, before: Plan | None = None) -> tuple[str, ...]:
        """What the orders change: against an earlier plan, or against the orders that stand."""
        old = self.standing if before is None else before
        return () if old is None or self.plan is None else change_sentences(old, self.plan, language)


def calls_of(picture: Picture, duties: Duties) -> Calls:
    """What was asked, offered and answered by the instant of a picture."""
    requests = requests_of(picture)
    return Calls(
        at=picture.at,
        requests=requests,
        replies=replies_to(picture, duties, requests),
        offers=offers_of(picture, duties),
        responsibilities=responsibilities(picture, duties),
    )


def craft_of(picture: Picture, absent: Iterable[str] = ()) -> tuple[Availability, ...]:
    """Every craft of both flags at the instant of a picture; `absent` are names of those known not to be there."""
    catalogue = load_catalogue()
    keys = [asset.key for asset in map(catalogue.named, absent) if asset is not None]
    return availabilities_in(picture.reports, catalogue, picture.at, absent=keys)


def pairs_of(
    picture: Picture,
    boats: Sequence[BoatPicture],
    craft: Sequence[Availability],
    means: Means,
    *,
    heed: Callable[[Fraction], bool] | None = None,
) -> tuple[Situation | None, tuple[str, ...]]:
    """The list of every boat for every craft, and the boats that were not come to; None without boats or craft.

    `heed` is told the part done, and the work ends early when it says no.
    """
    seen: list[Distress] = []
    asked = heed or _go_on
    for boat in boats if craft else ():
        seen.append(distress_seen(picture, boat, [one.asset.craft for one in craft], means))
        if not asked(0.3 * len(seen) / len(boats)):
            break
    if not seen:
        return None, tuple(boat.name for boat in boats)
    now = situation(
        craft,
        seen,
        picture.environment,
        at=picture.at,
        weather=means.weather,
        heed=lambda part: asked(0.3 + 0.7 * part),
    )
    come_to = {one.name for one in now.boats}
    return now, tuple(boat.name for boat in boats if boat.name not in come_to)


def respond(
    picture: Picture,
    duties: Duties,
    now: Situation | None,
    *,
    legs: int = 2,
    before: Plan | None = None,
    heed: Callable[[], bool] | None = None,
) -> ResponseNow:
    """The orders that lose the fewest lives, from what was ordered, asked and answered.

    Parameters
    ----------
    now : Situation
        Of `pairs_of`.
    before : Plan, optional
        The plan of an earlier instant: for craft that have no order in the record it stands as well.
    """
    calls = calls_of(picture, duties)
    told = ResponseNow(picture=picture, calls=calls)
    if now is None:
        return told
    left = _left_out(calls, now)
    going = without(now, [(asset, boat) for asset, boat, _ in left])
    standing = orders_that_stand(going, _orders(picture, duties), legs=legs)
    stopped: list[bool] = []

    def heeded() -> bool:
        if heed is not None and not heed():
            stopped.append(True)
        return not stopped

    given = standing if before is None else _over(before, standing, legs)
    plan = steady(assign(going, legs=legs, before=given, heed=heeded), given, legs=legs)
    return replace(
        told,
        now=now,
        standing=standing,
        plan=plan,
        left_out=_worth(plan, now, left),
        complete=not stopped,
    )


def _over(before: Plan, standing: Plan, legs: int) -> Plan:
    """An earlier plan with the orders of the record in the place of its own."""
    earlier = carried_over(before, standing.situation, legs)
    routes = tuple(given or was for given, was in zip(standing.routes, earlier, strict=True))
    return replace(standing, routes=routes)


def _orders(picture: Picture, duties: Duties) -> list[tuple[str, str]]:
    """Tasks that go on at the instant of a picture, as keys of craft and names of boats, in order of time."""
    catalogue = load_catalogue()
    given = [(task.at, task.asset, boat) for boat, who in on_duty(picture, duties).of.items() for task in who.tasks]
    found = []
    for _, name, boat in sorted(given):
        asset = catalogue.named(name)
        if asset is not None:
            found.append((asset.key, boat))
    return found


def _left_out(calls: Calls, now: Situation) -> list[tuple[str, str, State]]:
    """Pairs of craft and boat that are not to be counted on, and why.

    Who refused a boat does not go to her. Who was asked and said nothing goes to nobody until it says something.
    """
    keys = {one.asset.name: one.asset.key for one in now.assets}
    last: dict[tuple[str, str], State] = {}
    heard: dict[str, Instant] = {}
    craft = {one.id: one.asset for one in calls.requests}
    for reply in calls.replies:
        if reply.request in craft and reply.at <= calls.at:
            heard[craft[reply.request]] = max(reply.at, heard.get(craft[reply.request], -math.inf))
    silent: dict[str, None] = {}
    for one in calls.asked():
        name = one.request.asset
        if name in keys:
            last[(keys[name], one.request.boat)] = one.state
            if one.state == "no_answer" and heard.get(name, -math.inf) < one.request.at:
                silent[keys[name]] = None
    refused = [(asset, boat, state) for (asset, boat), state in last.items() if state == "refused"]
    return [*refused, *((asset, boat.name, "no_answer") for asset in silent for boat in now.boats)]


def _worth(plan: Plan, now: Situation, left: Sequence[tuple[str, str, State]]) -> tuple[NotCountedOn, ...]:
    """For each craft that is left out, the boat where it would save most, and how many lives."""
    names = {one.asset.key: (place, one.asset.name) for place, one in enumerate(now.assets)}
    boats = [one.name for one in now.boats]
    best: dict[tuple[str, State], NotCountedOn] = {}
    for asset, boat, state in left:
        place, name = names[asset]
        if boat in boats and math.isfinite(now.arrives[place, boats.index(boat)]):
            one = NotCountedOn(asset=name, boat=boat, state=state, worth=worth_of(plan, now, asset, boat))
            known = best.get((asset, state))
            best[(asset, state)] = one if known is None else max(known, one, key=lambda each: each.worth)
    return tuple(sorted(best.values(), key=lambda one: -one.worth))


def _go_on(_: Fraction) -> bool:
    return True


def left_out_sentence(one: NotCountedOn, language: Language = "en") -> str:
    """Who is not counted on for whom, and what it would save if it came."""
    return say(f"response.left_out.{one.state}", language, asset=one.asset, boat=one.boat, worth=max(one.worth, 0.0))
