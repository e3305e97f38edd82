"""What the watch decides about boats and craft, as lines of the record: `cordiale task` and `cordiale watch` write the
same ones.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from cordiale.assets.catalogue import load_catalogue
from cordiale.belief.report import Report
from cordiale.desk.replays import is_record
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span
from cordiale.earth.units import Instant
from cordiale.record.arrivals import Arrival, append_reports
from cordiale.record.asked import offers_of, requests_of, responsibilities
from cordiale.record.closure import boat_of
from cordiale.record.duties import (
    Duties,
    answer_entry,
    offered_entry,
    seen_entry,
    taken_entry,
    task_ended_entry,
    task_entry,
)
from cordiale.record.events import Entry, Event
from cordiale.record.log import append_many, open_record
from cordiale.record.picture import BoatPicture, Picture
from cordiale.record.watch_list import asked
from cordiale.record.who import on_duty
from cordiale.response.handover import Offer
from cordiale.sea.places import load_places

Verb = Literal["take", "offer", "give", "end", "ask", "accept", "refuse", "answered", "seen"]
REQUEST: Final = "q-"  # names of requests written at the desk: q-0001


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyWish:
    """What somebody wants written down.

    `what` is a boat (or one of her reports), a request, an offer, a task or an alarm; `who` the craft or the centre;
    `saying` a reason or an answer.
    """

    verb: Verb
    what: str
    who: str = ""
    saying: str = ""
    by: str = "desk"
    at: Instant
    channel: str = "phone"


@dataclass(frozen=True, kw_only=True, slots=True)
class DutyLines:
    """The lines that say it: entries, or the report of a request."""

    entries: tuple[Entry, ...] = ()
    request: Report | None = None


def boat_meant(seen: Picture, name: str) -> BoatPicture:
    """The boat of this name, or the one that this report was given to."""
    return next((boat for boat in seen.boats if name in boat.boat.reports), None) or boat_of(seen, name)


def duty_lines(wish: DutyWish, seen: Picture, duties: Duties) -> DutyLines:
    """The lines of a wish.

    Raises
    ------
    CordialeError
        No such boat, request, offer or task; nothing said where something must be; a centre that offers to itself.
    """
    at, by, what, said = wish.at, wish.by, wish.what, wish.saying
    if wish.verb == "ask":
        return DutyLines(request=_request(wish, seen, duties))
    if wish.verb == "end":
        return DutyLines(entries=(_ended(wish, duties),))
    if wish.verb == "seen":
        return DutyLines(entries=(seen_entry(what, at=at, by=by),))
    if wish.verb in ("accept", "refuse", "answered"):
        if what not in asked(seen, duties):
            raise CordialeError("desk.task_asked", name=what, known=", ".join(sorted(asked(seen, duties))) or "-")
        if wish.verb == "answered":
            return DutyLines(entries=(answer_entry(what, answer=said, at=at, by=by),))
        return DutyLines(entries=_accepted(wish, seen, duties) if wish.verb == "accept" else (_refused(wish),))
    boat = boat_meant(seen, what)
    if wish.verb == "take":
        return DutyLines(entries=(taken_entry(boat.boat, owner=centre_meant(wish.who), at=at, by=by),))
    if wish.verb == "give":
        return DutyLines(entries=(task_entry(boat.boat, asset=craft_meant(wish.who), at=at, by=by),))
    return DutyLines(entries=(_offered(wish, boat, seen, duties),))


def keep_lines(path: Path, lines: DutyLines, *, recorded_at: Instant, by: str) -> tuple[Event, ...]:
    """Write them into a record, all or none; what is not a record is refused."""
    if not is_record(path):
        raise CordialeError("desk.close_replay", source=str(path))
    with open_record(path) as record:
        if lines.request is not None:
            return append_reports(record, [Arrival(report=lines.request)], recorded_at=recorded_at, by=by)
        return append_many(record, lines.entries, recorded_at=recorded_at)


def craft_meant(name: str) -> str:
    """A craft by its name in the catalogue; one that it does not know as it was said."""
    asset = load_catalogue().named(name)
    return name if asset is None else asset.name


def centre_meant(name: str) -> str:
    """A centre by its full name where one is spelt so, or is the only one that holds these words; else as said."""
    centres = [place.name for place in load_places() if place.kind == "centre"]
    plain = name.strip().casefold()
    like = [one for one in centres if plain and plain in one.casefold()]
    return next((one for one in centres if one.casefold() == plain), like[0] if len(like) == 1 else name.strip())


def _request(wish: DutyWish, seen: Picture, duties: Duties) -> Report:
    boat = boat_meant(seen, wish.what)
    asset = craft_meant(wish.who)
    if not asset.strip():
        raise CordialeError("record.duty_unsaid", what="asset")
    owner = next(one.owner for one in responsibilities(seen, duties) if one.boat == boat.name)
    number = 1 + sum(report.name.startswith(REQUEST) for report in seen.reports)
    return Report(
        name=f"{REQUEST}{number:04d}",
        kind="request",
        received=wish.at,
        event=Span(earliest=wish.at, latest=wish.at),
        channel=wish.channel,
        centre=owner,
        asset=asset,
        relay_of=boat.boat.first_report,
        summary=wish.saying,
    )


def _ended(wish: DutyWish, duties: Duties) -> Entry:
    open_tasks = [task.event for task in duties.tasks if task.ended is None]
    if wish.what not in open_tasks:
        raise CordialeError("desk.task_unknown", task=wish.what, known=", ".join(open_tasks) or "-")
    return task_ended_entry(wish.what, reason=wish.saying, at=wish.at, by=wish.by)


def _accepted(wish: DutyWish, seen: Picture, duties: Duties) -> tuple[Entry, ...]:
    """Of an offer the centre takes her; of a request the craft has accepted, and so it is sent."""
    offer = next((one for one in offers_of(seen, duties) if one.id == wish.what), None)
    if offer is not None:
        return (taken_entry(boat_of(seen, offer.boat).boat, owner=offer.to, at=wish.at, by=wish.by),)
    request = next(one for one in requests_of(seen) if one.id == wish.what)
    answer = f"accepted: {wish.saying}" if wish.saying.strip() else "accepted"
    entries = [answer_entry(request.id, answer=answer, at=wish.at, by=wish.by)]
    if request.boat:
        sent = [craft_meant(name) for name in on_duty(seen, duties).of[request.boat].assets]
        if request.asset not in sent:
            boat = boat_of(seen, request.boat).boat
            entries.append(task_entry(boat, asset=request.asset, at=wish.at, by=wish.by))
    return tuple(entries)


def _refused(wish: DutyWish) -> Entry:
    if not wish.saying.strip():
        raise CordialeError("response.refused_why", request=wish.what)
    return answer_entry(wish.what, answer=f"refused: {wish.saying.strip()}", at=wish.at, by=wish.by)


def _offered(wish: DutyWish, boat: BoatPicture, seen: Picture, duties: Duties) -> Entry:
    owner = next(one.owner for one in responsibilities(seen, duties) if one.boat == boat.name)
    to = centre_meant(wish.who)
    Offer(id="-", boat=boat.name, by=owner, to=to, at=wish.at)  # refuses a centre that offers to itself
    return offered_entry(boat.boat, owner=owner, to=to, at=wish.at, by=wish.by)
