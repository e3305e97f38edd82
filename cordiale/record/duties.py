"""Who answers for a boat, who is sent to it, and what was answered or seen: decisions of the watch as the record keeps
them.

Each names the boat by the reports it had then, so that it follows the boat when more reports come or the grouping
changes (`record.follow`); older lines name one report only, the anchor. Each can be taken back like any decision
(`closing.withdrawal_entry`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from cordiale.association.disposition import Boat
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Instant
from cordiale.record.closing import not_withdrawn
from cordiale.record.events import Entry, Event

TAKEN, OFFERED, TASKED, ENDED, ANSWERED, SEEN = (
    "boat.taken",
    "boat.offered",
    "task.given",
    "task.ended",
    "request.answered",
    "alarm.acknowledged",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class AboutBoat:
    """A decision about a boat: `boat` its name then, `reports` all that it had then, `anchor` one of them."""

    anchor: str
    boat: str = ""
    reports: tuple[str, ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        """The reports that it was taken about, as far as they were written down."""
        return self.reports or (self.anchor,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken(AboutBoat):
    """A centre answers for a boat: it owns it until another takes it."""

    owner: str
    at: Instant
    event: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered(AboutBoat):
    """A centre that answers for a boat offers it to another; until that one takes it, nothing has changed."""

    owner: str
    to: str
    at: Instant
    event: str = ""


class Answered(NamedTuple):
    """What was said to a request or an offer, and when; `request` is its name."""

    request: str
    answer: str
    at: Instant = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Task(AboutBoat):
    """A craft is sent to a boat; `ended` when that was over."""

    asset: str
    at: Instant
    ended: Instant | None = None
    event: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Duties:
    """Everything of this kind that stands, in order of writing; `seen` are alarms by their id."""

    taken: tuple[Taken, ...] = ()
    offers: tuple[Offered, ...] = ()
    tasks: tuple[Task, ...] = ()
    answers: tuple[Answered, ...] = ()
    seen: frozenset[str] = frozenset()


def taken_entry(boat: Boat | str, *, owner: str, at: Instant, by: str) -> Entry:
    """A centre takes a boat (of which one report may be all that is known); without a name of the centre: refused."""
    return _entry(TAKEN, {**_about(boat), "owner": _said(owner, "owner")}, at, by)


def offered_entry(boat: Boat | str, *, owner: str, to: str, at: Instant, by: str) -> Entry:
    """A centre offers a boat to another; `boat.taken` by that one accepts it, `request.answered` refuses it."""
    return _entry(OFFERED, {**_about(boat), "owner": _said(owner, "owner"), "to": _said(to, "to")}, at, by)


def task_entry(boat: Boat | str, *, asset: str, at: Instant, by: str) -> Entry:
    """A craft is sent to a boat."""
    return _entry(TASKED, {**_about(boat), "asset": _said(asset, "asset")}, at, by)


def task_ended_entry(task: str, *, reason: str, at: Instant, by: str) -> Entry:
    """A task is over, for a reason; the boat is not."""
    return _entry(ENDED, {"task": task, "reason": _said(reason, "reason")}, at, by, task)


def answer_entry(request: str, *, answer: str, at: Instant, by: str) -> Entry:
    """A request or an offer was answered: accepted, refused, and why."""
    return _entry(ANSWERED, {"request": request, "answer": _said(answer, "answer")}, at, by)


def seen_entry(alarm: str, *, at: Instant, by: str) -> Entry:
    """An alarm was seen; it is silent until it changes."""
    return _entry(SEEN, {"alarm": alarm}, at, by)


def duties_of(events: Iterable[Event]) -> Duties:
    """The duties that stand; what was taken back is left out."""
    standing = not_withdrawn(events)
    ended = {event.body["task"]: event.at for event in standing if event.type == ENDED}
    return Duties(
        taken=tuple(Taken(**_told(e), owner=e.body["owner"], at=e.at, event=e.id) for e in standing if e.type == TAKEN),
        offers=tuple(
            Offered(**_told(e), owner=e.body["owner"], to=e.body["to"], at=e.at, event=e.id)
            for e in standing
            if e.type == OFFERED
        ),
        tasks=tuple(
            Task(**_told(e), asset=e.body["asset"], at=e.at, ended=ended.get(e.id), event=e.id)
            for e in standing
            if e.type == TASKED
        ),
        answers=tuple(Answered(e.body["request"], e.body["answer"], e.at) for e in standing if e.type == ANSWERED),
        seen=frozenset(e.body["alarm"] for e in standing if e.type == SEEN),
    )


def _about(boat: Boat | str) -> dict[str, Any]:
    """The fields that name the boat; of a report alone, that."""
    if isinstance(boat, str):
        return {"report": boat}
    return {"report": boat.first_report, "boat": boat.name, "reports": list(boat.reports)}


def _told(event: Event) -> dict[str, Any]:
    body = event.body
    return {"anchor": body["report"], "boat": body.get("boat", ""), "reports": tuple(body.get("reports", ()))}


def _entry(kind: str, body: dict[str, Any], at: Instant, by: str, because: str | None = None) -> Entry:
    return Entry(type=kind, body=body, at=at, received=at, by=by, because=() if because is None else (because,))


def _said(text: str, what: str) -> str:
    if not text.strip():
        raise CordialeError("record.duty_unsaid", what=what)
    return text
