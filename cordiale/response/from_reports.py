"""What the reports of a night say of craft and requests: where each asset was last, how many it carries, who was asked.

A pure function of the reports received by an instant. Orders and requests are history, never evidence about a boat.
"""

import re
from collections.abc import Iterable, Sequence

from cordiale.assets.availability import Availability, at_sea, at_station
from cordiale.assets.catalogue import Catalogue
from cordiale.belief.report import Fix, RangeBearing, Report
from cordiale.earth.position import Position
from cordiale.earth.units import Instant, Metres, Seconds, hours
from cordiale.response.handover import Offer
from cordiale.response.requests import CLOCK, Answer, Reply, Request, relay_requests
from cordiale.sea.places import load_places, place_positions

_SAID_NO = re.compile(r"(refused?|refusée?)\s*:\s*", re.IGNORECASE)
UNDER_ORDERS: Seconds = 6 * hours
OLD: Seconds = 3 * hours  # judgement: an asset that reported at sea so long ago is at sea no more, as far as we know


def availabilities_in(
    reports: Iterable[Report], catalogue: Catalogue, at: Instant, *, absent: Iterable[str] = ()
) -> tuple[Availability, ...]:
    """Every asset in service at an instant: at sea where it last said so, else at its station.

    Survivors aboard are those of its recoveries since it last landed people. `absent` are keys of assets that are known
    not to be there. Craft that no row names are left out.
    """
    received = [one for one in reports if one.received <= at and one.asset]
    left_out = set(absent)
    listed = []
    for asset in catalogue.at(at):
        if asset.key in left_out:
            continue
        own = [one for one in received if asset.answers_to(one.asset or "")]
        placed = [one for one in own if one.kind in ("asset_position", "recovery") and _place(one) is not None]
        last = max(placed, key=lambda one: (one.event.latest, one.received), default=None)
        where = _place(last) if last is not None else None
        if last is None or where is None or at - last.event.latest > OLD:
            listed.append(at_station(asset, at))
            continue
        aboard = 0
        for one in sorted(own, key=lambda report: report.event.latest):
            if one.kind == "recovery" and one.persons is not None:
                aboard += round(one.persons.most)
            elif one.kind == "landing":
                aboard = 0
        out_since = min(one.event.latest for one in placed if at - one.event.latest <= OLD)
        listed.append(at_sea(asset, at, where, aboard=aboard, out_for=at - out_since))
    return tuple(listed)


def requests_in(
    reports: Iterable[Report],
    availabilities: Sequence[Availability],
    at: Instant,
    *,
    boat_of: dict[str, str] | None = None,
    reach: Metres | None = None,
    clock: Seconds = CLOCK,
) -> tuple[Request, ...]:
    """The requests made by an instant: reports of kind `request`, and each distress relay on VHF to all that hear it.

    A relay that a centre sends out names that centre in its `relays`; one that a ship passes on to the centre asks
    nobody. `availabilities` are those of the moment of the relay. `boat_of` names the boat a report is about; without
    it she is called by the report.
    """
    names = boat_of or {}
    found: list[Request] = []
    for one in reports:
        if one.received > at:
            continue
        about = one.relay_of or one.name
        boat = names.get(one.name, names.get(about, about))
        if one.kind == "request":
            asset = one.asset or one.centre
            found.append(Request(id=one.name, asset=asset, boat=boat, at=one.received, by=one.centre, clock=clock))
        elif is_distress_relay(one):
            found += relay_requests(
                one.name,
                boat,
                at=one.received,
                by=one.centre,
                stations=_stations(one),
                availabilities=availabilities,
                reach=reach,
                clock=clock,
            )
    return tuple(found)


def is_distress_relay(report: Report) -> bool:
    """Whether a centre sent it out by radio to all ships."""
    return report.kind == "relay" and report.channel.startswith("vhf") and report.centre in report.relays


def relays_in(
    reports: Sequence[Report], catalogue: Catalogue, at: Instant, *, boat_of: dict[str, str] | None = None
) -> tuple[Request, ...]:
    """The requests of every distress relay sent by an instant, to the craft at sea as they were then."""
    found: list[Request] = []
    for relay in reports:
        if relay.received <= at and is_distress_relay(relay):
            placed = availabilities_in(reports, catalogue, relay.received)
            found += requests_in([relay], [one for one in placed if one.at_sea], at, boat_of=boat_of)
    return tuple(found)


def tasked_replies(
    requests: Iterable[Request], reports: Sequence[Report], catalogue: Catalogue, at: Instant
) -> tuple[Reply, ...]:
    """Craft that the centre which asks has under orders already count as having accepted: they are in its hands.

    An order is a report of kind `task` of that centre, received by the instant and not more than six hours before the
    request (judgement).
    """
    replies = []
    for request in requests:
        asset = catalogue.named(request.asset)
        for one in reports:
            if one.kind != "task" or one.centre != request.by or one.received > at:
                continue
            if asset is not None and asset.answers_to(one.asset or "") and request.at - one.received <= UNDER_ORDERS:
                moment = max(one.received, request.at)
                replies.append(Reply(request=request.id, answer="accepted", at=moment, reason=one.name))
                break
    return tuple(replies)


def offers_in(reports: Iterable[Report], at: Instant, *, boat_of: dict[str, str] | None = None) -> tuple[Offer, ...]:
    """Boats that one centre passed on to another by an instant: relays whose last hand is a centre, and not that one.

    Passing on is an offer and no more; only an answer of the other centre moves her.
    """
    centres = {place.name for place in load_places() if place.kind == "centre"}
    names = boat_of or {}
    offers = []
    for one in reports:
        if one.kind != "relay" or one.received > at or not one.relays:
            continue
        by = one.relays[-1]
        if by in centres and by != one.centre:
            about = one.relay_of or one.name
            boat = names.get(one.name, names.get(about, about))
            offers.append(Offer(id=one.name, boat=boat, by=by, to=one.centre, at=one.received))
    return tuple(offers)


def replies_of(answers: Iterable[tuple[str, str, Instant]]) -> tuple[Reply, ...]:
    """Answers as the record keeps them, (request, text, when), as replies.

    A text that begins with a form of accept is an acceptance; every other is a refusal with the text as its reason: an
    answer that does not say yes is not one to count on.
    """
    replies = []
    for request, text, at in answers:
        said = text.strip().casefold()
        answer: Answer = "accepted" if said.startswith(("accept", "accepté", "oui", "yes")) else "refused"
        why = _SAID_NO.sub("", text.strip()) if answer == "refused" else text.strip()
        replies.append(Reply(request=request, answer=answer, at=at, reason=why or text.strip() or "-"))
    return tuple(replies)


def _place(report: Report) -> Position | None:
    if not report.where:
        return None
    place = max(report.where, key=lambda reading: reading.probability).place
    if isinstance(place, Fix):
        return place.position
    return place.origin if isinstance(place, RangeBearing) else place.corners[0]


def _stations(report: Report) -> list[Position]:
    """Where a relay was sent from: its centre, else the position it speaks of."""
    known = place_positions().get(report.centre)
    if known is not None:
        return [known]
    spoken = _place(report)
    return [] if spoken is None else [spoken]
