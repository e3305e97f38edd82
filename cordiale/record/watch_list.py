"""The watch list: what is wrong on the board just now, the gravest first, each alarm with what to do.

A pure function of the picture and of the duties. An alarm has an id that stays while nothing changes, so that nobody is
told twice, and another one as soon as something does.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, Literal

from cordiale.assets.catalogue import load_catalogue
from cordiale.association.disposition import duration
from cordiale.belief.report import ENDINGS, Report
from cordiale.earth.geodesy import distance
from cordiale.earth.instants import zulu
from cordiale.earth.units import NM, Instant, Metres, Seconds, minutes
from cordiale.record.asked import offers_of, requests_of, responsibilities
from cordiale.record.closing import Closing
from cordiale.record.conflicts import TAKING_OFF
from cordiale.record.duties import Duties, Taken
from cordiale.record.ledger import Account
from cordiale.record.picture import OLD_FIX, BoatPicture, Picture
from cordiale.record.who import OnDuty, Who, on_duty
from cordiale.response.from_reports import relays_in, tasked_replies
from cordiale.words import Language, say

Cause = Literal[
    "contact_after_closing",  # a boat that was closed has been heard of again
    "open_again",  # she was closed as one boat with another, and stands by herself now
    "unanswered_call",  # a call nobody took, and nothing from that phone since
    "came_apart",  # who answers for her, or is sent, went with another boat that she was thought one with
    "task_astray",  # a craft looks for a boat that is not on the picture any more
    "no_owner",
    "no_task",
    "no_position",
    "old_fix",
    "not_closed",  # perhaps everybody was taken off, and nobody has closed her
    "overdrawn",  # more people were taken off than were ever aboard
    "request_unanswered",
    "handover_unanswered",  # she was offered to another centre, which has not taken her: the first still answers
    "two_close",  # two boats side by side, neither joined nor held apart by anybody
]
CAUSES: Final[tuple[Cause, ...]] = (
    "contact_after_closing", "open_again", "unanswered_call", "came_apart", "task_astray", "no_owner", "no_task",
    "no_position", "old_fix", "not_closed", "overdrawn", "request_unanswered", "handover_unanswered", "two_close",
)  # fmt: skip
CLOSE: Final[Metres] = 1 * NM  # judgement: two lights so near each other are taken for one at night
UNANSWERED: Final[Seconds] = 10 * minutes  # judgement: the clock of a request that a craft or the other side must meet
CALL_BACK: Final[Seconds] = 2 * minutes  # judgement: a caller who was missed calls again at once or not at all


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One thing that is wrong.

    `id` names cause, boat and what it is about. `since` is when it began; `age` how long ago that was.
    """

    id: str
    cause: Cause
    boat: str | None
    since: Instant
    age: Seconds
    values: tuple[tuple[str, object], ...] = ()

    def text(self, language: Language = "en") -> str:
        """What is wrong."""
        return self._said("is", language)

    def to_do(self, language: Language = "en") -> str:
        """What to do about it."""
        return self._said("do", language)

    def _said(self, part: str, language: Language) -> str:
        boat = self.boat or say("record.alarm.no_boat", language)
        values = {"boat": boat, "age": duration(round(self.age / minutes), language), **dict(self.values)}
        return say(f"record.alarm.{self.cause}.{part}", language, **values)


def watch_list(
    picture: Picture, duties: Duties | None = None, closings: Sequence[Closing] = (), *, all_of_them: bool = False
) -> tuple[Alarm, ...]:
    """The alarms of a picture, gravest cause first, then the oldest.

    Parameters
    ----------
    duties : Duties, optional
        Owners, tasks, answers and what was seen; only what stood by the time of the picture counts.
    closings : sequence of Closing
        To tell a boat that was closed and has been heard of since.
    all_of_them : bool
        Also those that somebody has seen.
    """
    known = duties or Duties()
    active = [boat for boat in picture.boats if boat.standing != "closed"]
    watch = on_duty(picture, known)
    found = [
        *(alarm for boat in active for alarm in _of_boat(picture, boat, watch.of[boat.name], closings)),
        *_astray(picture, watch),
        *_missed_calls(picture),
        *_requests(picture, known),
        *_handovers(picture, known),
        *_close_pairs(picture, active),
    ]
    kept = found if all_of_them else [alarm for alarm in found if alarm.id not in known.seen]
    return tuple(sorted(kept, key=lambda alarm: (CAUSES.index(alarm.cause), alarm.since, alarm.id)))


def asked(picture: Picture, duties: Duties | None = None) -> frozenset[str]:
    """The names under which an answer can be written: requests, each craft that could hear a distress relay, offers."""
    offers = {one.id for one in offers_of(picture, duties or Duties())}
    return frozenset({one.id for one in requests_of(picture)} | offers)


def _of_boat(picture: Picture, boat: BoatPicture, who: Who, closings: Sequence[Closing]) -> Iterator[Alarm]:
    first = min(r.received for r in picture.reports if r.name in boat.boat.reports)
    covered = [c for c in closings if c.at <= picture.at and not c.override and set(c.reports) & set(boat.boat.reports)]
    if covered and boat.standing == "active":
        new = sorted(set(boat.boat.reports) - set(covered[-1].reports))
        if new:
            yield _alarm(picture, "contact_after_closing", boat, boat.last_contact, new[-1], report=new[-1])
        else:
            now = picture.follower()(covered[-1].reports)
            about = covered[-1].event or now or ""
            yield _alarm(picture, "open_again", boat, covered[-1].at, about, values=(("now", now),))
    yield from _parted(picture, boat, who)
    if who.owner is None:
        yield _alarm(picture, "no_owner", boat, first, "")
    if not who.tasks:
        yield _alarm(picture, "no_task", boat, first, "")
    if boat.last_fix is None:
        yield _alarm(picture, "no_position", boat, first, "")
    elif boat.last_fix.age > OLD_FIX:
        yield _alarm(picture, "old_fix", boat, boat.last_fix.event.latest, boat.last_fix.report)
    account = next(a for a in picture.ledger.accounts if a.boat == boat.name)
    yield from _not_closed(picture, boat, account)
    if account.overdrawn:
        values = (("aboard", str(account.aboard)), ("ended", str(account.ended)))
        yield _alarm(picture, "overdrawn", boat, boat.last_contact, str(account.ended), values=values)


def _not_closed(picture: Picture, boat: BoatPicture, account: Account) -> Iterator[Alarm]:
    """A boat of which perhaps everybody was taken off, landed or returned, and that nobody has closed."""
    ended = [r.event.latest for r in picture.reports if r.name in boat.boat.reports and r.kind in ENDINGS]
    if ended and account.unaccounted.least <= 0 and boat.last_contact <= max(ended) + TAKING_OFF:
        values = (("ended", str(account.ended)), ("unaccounted", str(account.unaccounted)))
        yield _alarm(picture, "not_closed", boat, max(ended), str(account.ended), values=values)


def _parted(picture: Picture, boat: BoatPicture, who: Who) -> Iterator[Alarm]:
    """What was given to a boat and another she was thought one with, and goes with the other now."""
    if who.parted:
        duties = [one.duty for one in who.parted]
        values = (
            ("now", ", ".join(dict.fromkeys(one.now for one in who.parted))),
            ("who", ", ".join(dict.fromkeys(d.owner if isinstance(d, Taken) else d.asset for d in duties))),
        )
        about = " ".join(one.event for one in duties)
        yield _alarm(picture, "came_apart", boat, max(one.at for one in duties), about, values=values)


def _astray(picture: Picture, watch: OnDuty) -> Iterator[Alarm]:
    """Craft that look for a boat of which no report is about any boat on the picture now."""
    for task in watch.astray:
        yield Alarm(
            id=f"task_astray {task.event or task.anchor}",
            cause="task_astray",
            boat=None,
            since=task.at,
            age=picture.at - task.at,
            values=(("asset", task.asset), ("then", task.boat or task.anchor)),
        )


def _missed_calls(picture: Picture) -> Iterator[Alarm]:
    """The last call of each phone that nobody took, unless something came from that phone afterwards."""
    latest: dict[str, Report] = {}
    for report in picture.reports:
        who = report.caller or report.name
        before = latest.get(who)
        if report.is_about_a_boat and (before is None or report.event.latest >= before.event.latest):
            latest[who] = report
    for report in latest.values():
        since = report.event.latest
        if report.kind == "missed_call" and picture.at - since > CALL_BACK:
            given = picture.association.of(report.name).boat
            yield Alarm(
                id=f"unanswered_call {report.name}",
                cause="unanswered_call",
                boat=given,
                since=since,
                age=picture.at - since,
                values=(("report", report.name),),
            )


def _requests(picture: Picture, duties: Duties) -> Iterator[Alarm]:
    answered = {one[0] for one in duties.answers}
    boats = {one.id: one.boat or None for one in requests_of(picture)}
    for report in picture.log:
        since = report.event.latest
        if report.kind == "request" and report.name not in answered and picture.at - since > UNANSWERED:
            yield Alarm(
                id=f"request_unanswered {report.name}",
                cause="request_unanswered",
                boat=boats.get(report.name),
                since=since,
                age=picture.at - since,
                values=(("report", report.name), ("summary", report.summary or "-")),
            )
    yield from _relays(picture, duties, answered, boats)


def _relays(picture: Picture, duties: Duties, answered: set[str], boats: Mapping[str, str | None]) -> Iterator[Alarm]:
    """Craft that could hear a distress relay and have neither answered nor been sent, each by its name."""
    catalogue = load_catalogue()
    heard = relays_in(picture.reports, catalogue, picture.at)
    in_hand = {reply.request for reply in tasked_replies(heard, picture.reports, catalogue, picture.at)}
    sent = [task.asset for task in duties.tasks if task.at <= picture.at]
    said = {report.name: report.summary for report in picture.reports}
    for request in heard:
        craft = catalogue.named(request.asset)
        if request.id in answered | in_hand or picture.at < request.due:
            continue
        if craft is not None and any(craft.answers_to(name) for name in sent):
            continue
        relay = request.id.removesuffix(f" {request.asset}")
        yield Alarm(
            id=f"request_unanswered {request.id}",
            cause="request_unanswered",
            boat=boats.get(request.id),
            since=request.at,
            age=picture.at - request.at,
            values=(("report", request.id), ("summary", said.get(relay) or "-")),
        )


def _handovers(picture: Picture, duties: Duties) -> Iterator[Alarm]:
    """Boats offered to a centre that has refused them or not taken them in time: whoever offered still answers."""
    for one in responsibilities(picture, duties):
        if one.offer is not None and one.alarm:
            yield Alarm(
                id=f"handover_unanswered {picture.boat(one.boat).boat.first_report} {one.offer.id} {one.state}",
                cause="handover_unanswered",
                boat=one.boat,
                since=one.offer.at,
                age=picture.at - one.offer.at,
                values=(("owner", one.owner), ("to", one.offer.to), ("offered", zulu(one.offer.at))),
            )


def _close_pairs(picture: Picture, boats: Sequence[BoatPicture]) -> Iterator[Alarm]:
    """Pairs of boats seen within the hour whose clouds have their middles within a mile of each other.

    A pair that a person holds apart is told no more.
    """
    apart_by_ruling = set(picture.constraints.apart)
    fresh = [
        (b, b.cloud.centre, b.last_fix.event.latest)
        for b in boats
        if b.cloud is not None and b.last_fix is not None and b.last_fix.age <= OLD_FIX
    ]
    for number, (one, here, seen) in enumerate(fresh):
        for other, there, seen_too in fresh[number + 1 :]:
            apart = float(distance(here.lat, here.lon, there.lat, there.lon))
            if apart <= CLOSE and not _held_apart(one, other, apart_by_ruling):
                since = max(seen, seen_too)
                yield Alarm(
                    id=f"two_close {one.boat.first_report} {other.boat.first_report}",
                    cause="two_close",
                    boat=one.name,
                    since=since,
                    age=max(picture.at - since, 0.0),
                    values=(("other", other.name), ("apart_nm", apart / NM)),
                )


def _held_apart(one: BoatPicture, other: BoatPicture, pairs: Set[tuple[str, str]]) -> bool:
    return any((min(a, b), max(a, b)) in pairs for a in one.boat.reports for b in other.boat.reports)


def _alarm(
    picture: Picture,
    cause: Cause,
    boat: BoatPicture,
    since: Instant,
    about: str,
    *,
    report: str = "",
    values: tuple[tuple[str, object], ...] = (),
) -> Alarm:
    return Alarm(
        id=" ".join(part for part in (cause, boat.boat.first_report, about) if part),
        cause=cause,
        boat=boat.name,
        since=since,
        age=max(picture.at - since, 0.0),
        values=(*values, ("report", report)) if report else values,
    )
