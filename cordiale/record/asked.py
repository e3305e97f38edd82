"""Who was asked what, and what was answered: requests to craft and offers of boats from one centre to another.

They come from the reports of a night (orders, requests and relays are history) and from the duties of the record. A
boat belongs to the first centre that heard of her until another accepts her; silence moves nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from cordiale.assets.catalogue import load_catalogue
from cordiale.belief.report import Report
from cordiale.earth.units import Instant
from cordiale.record.duties import Duties, Taken
from cordiale.record.picture import BoatPicture, Picture
from cordiale.response.from_reports import offers_in, relays_in, replies_of, requests_in, tasked_replies
from cordiale.response.handover import Offer, Responsibility, acceptances, responsible
from cordiale.response.requests import Reply, Request

NO_BOAT: Final = ""  # of a request that names no boat on the picture


def boat_by_report(picture: Picture) -> Mapping[str, str]:
    """The boat that each report was given to, by the report's name."""
    return {report: boat.name for boat in picture.boats for report in boat.boat.reports}


def requests_of(picture: Picture) -> tuple[Request, ...]:
    """The requests made by the instant of a picture, the oldest first: calls to one craft, and each craft that could
    hear a distress relay. Craft go by their names in the catalogue; a request about no boat on the picture has `boat`
    empty.
    """
    catalogue, given = load_catalogue(), boat_by_report(picture)
    found = [
        *requests_in(picture.reports, (), picture.at, boat_of=dict(given)),
        *relays_in(picture.reports, catalogue, picture.at, boat_of=dict(given)),
    ]
    names = {boat.name for boat in picture.boats}
    known = []
    for one in found:
        asset = catalogue.named(one.asset)
        boat = one.boat if one.boat in names else NO_BOAT
        known.append(replace(one, asset=one.asset if asset is None else asset.name, boat=boat))
    return tuple(sorted(known, key=lambda one: (one.at, one.id)))


def replies_to(picture: Picture, duties: Duties, requests: Sequence[Request]) -> tuple[Reply, ...]:
    """What was answered by the instant of a picture; craft that have been sent count as having accepted."""
    catalogue = load_catalogue()
    replies = [
        *replies_of(duties.answers),
        *tasked_replies(requests, picture.reports, catalogue, picture.at),
    ]
    for request in requests:
        asset = catalogue.named(request.asset)
        for task in duties.tasks:
            same = task.asset == request.asset if asset is None else asset.answers_to(task.asset)
            if same and task.at <= picture.at and (task.ended is None or task.ended > request.at):
                replies.append(
                    Reply(request=request.id, answer="accepted", at=max(task.at, request.at), reason=task.event)
                )
                break
    return tuple(replies)


def offers_of(picture: Picture, duties: Duties) -> tuple[Offer, ...]:
    """Boats that one centre has offered to another by the instant of a picture, the oldest first."""
    given = boat_by_report(picture)
    goes_with = picture.follower()
    written = [
        Offer(id=one.event, boat=boat, by=one.owner, to=one.to, at=one.at)
        for one in duties.offers
        if one.at <= picture.at and (boat := goes_with(one.about)) and one.owner != one.to
    ]
    told = offers_in(picture.reports, picture.at, boat_of=dict(given))
    return tuple(sorted((*told, *written), key=lambda one: (one.at, one.id)))


def responsibilities(picture: Picture, duties: Duties) -> tuple[Responsibility, ...]:
    """Who answers for each boat that is not closed, and how the last offer of her stands.

    The first centre that heard of her; then whoever took her, be it after an offer or by its own decision.
    """
    offers, answered = offers_of(picture, duties), replies_of(duties.answers)
    by_name, goes_with = {report.name: report for report in picture.reports}, picture.follower()
    taken: dict[str | None, list[Taken]] = {}
    for one in sorted(duties.taken, key=lambda one: one.at):
        if one.at <= picture.at:
            taken.setdefault(goes_with(one.about), []).append(one)
    return tuple(
        _of_boat(
            picture, boat, [by_name[name] for name in boat.boat.reports], offers, answered, taken.get(boat.name, [])
        )
        for boat in picture.boats
        if boat.standing != "closed"
    )


def _of_boat(
    picture: Picture,
    boat: BoatPicture,
    reports: Sequence[Report],
    offers: Sequence[Offer],
    answered: Sequence[Reply],
    hers: Sequence[Taken],
) -> Responsibility:
    own = [one for one in offers if one.boat == boat.name]
    owner, since = _first(reports, own)
    accepted: list[Taken] = []
    for taken in hers:
        if any(one.to == taken.owner and one.at <= taken.at for one in own):
            accepted.append(taken)
        else:  # nobody offered her: a centre took her by its own decision, and what was offered before is over
            owner, since, accepted = taken.owner, taken.at, []
            own = [one for one in own if one.at >= taken.at]
    replies = [*answered, *acceptances(own, [(boat.name, taken.owner, taken.at) for taken in accepted])]
    return responsible(boat.name, first=owner, since=since, offers=own, replies=replies, at=picture.at)


def _first(reports: Sequence[Report], offers: Sequence[Offer]) -> tuple[str, Instant]:
    """The centre that first heard of a boat; where that was a boat passed on by another centre, that one."""
    first = min(reports, key=lambda one: (one.received, one.name))
    passed_on = next((one.by for one in offers if one.id == first.name), None)
    return passed_on or first.centre, first.received
