"""A closing decision: who closes which boat, on which recovery, citing which evidence of identity; as the record keeps
it.

A closing covers the reports that stood behind the boat when it was decided, and no others: one more contact, and the
boat is active again. It can be withdrawn, like every decision.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Instant, Probability
from cordiale.record.events import Entry, Event

CLOSED, WITHDRAWN = "boat.closed", "decision.retracted"
Standing = Literal["active", "task_ended", "closed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """One piece of positive evidence that the people taken off are those of the boat; `report` is where it stands."""

    kind: str
    report: str

    @classmethod
    def parse(cls, text: str) -> "Identity":
        """`ring_test:r-0123`."""
        kind, _, report = text.partition(":")
        if not (kind and report):
            raise CordialeError("record.identity", text=text)
        return cls(kind=kind, report=report)


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """A decision that closes a boat, or, as an override, ends the task and leaves boat and people on the picture.

    Parameters
    ----------
    boat : str
        Its name when it was decided.
    reports : tuple of str
        All reports given to the boat then, and the endings cited: what the closing covers.
    endings : tuple of str
        The recoveries, landings or returns cited.
    evidence : tuple of Identity
    at : Instant
        When it was decided.
    by, second : str
        The roles that decided; a second one signs an override.
    reason : str
        In words, required of an override; no names.
    override : bool
        Whether the guard had refused.
    probability_of_another : Probability
        That the people taken off are of another boat, as it stood then.
    event : str
        Id of the event, empty before it is written down.
    """

    boat: str
    reports: tuple[str, ...]
    endings: tuple[str, ...]
    evidence: tuple[Identity, ...]
    at: Instant
    by: str
    second: str = ""
    reason: str = ""
    override: bool = False
    probability_of_another: Probability
    blocks: tuple[str, ...] = ()
    event: str = ""


def closing_entry(closing: Closing) -> Entry:
    """The closing as a line of the record.

    Raises
    ------
    CordialeError
        It is no override and cites no ending or no evidence of identity.
    """
    if not _cites(closing):
        raise CordialeError("record.bare_closing", boat=closing.boat)
    return Entry(
        type=CLOSED,
        body={
            "boat": closing.boat,
            "reports": list(closing.reports),
            "endings": list(closing.endings),
            "evidence": [{"kind": e.kind, "report": e.report} for e in closing.evidence],
            "second": closing.second,
            "reason": closing.reason,
            "override": closing.override,
            "probability_of_another": round(float(closing.probability_of_another), 6),
            "blocks": list(closing.blocks),
        },
        at=closing.at,
        received=closing.at,
        by=closing.by,
    )


def withdrawal_entry(event: str, *, reason: str, at: Instant, by: str) -> Entry:
    """A decision taken back: from now on it is as if it had not been taken; both stay in the record."""
    if not reason.strip():
        raise CordialeError("record.no_why", event=event)
    return Entry(
        type=WITHDRAWN, body={"decision": event, "reason": reason}, at=at, received=at, by=by, because=(event,)
    )


def closings_of(events: Iterable[Event]) -> tuple[Closing, ...]:
    """The closings that stand, in order of writing: those withdrawn are left out, and any that cites no evidence."""
    return tuple(closing for event in not_withdrawn(events) if event.type == CLOSED and _cites(closing := _of(event)))


def not_withdrawn(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events in order, without those that were taken back."""
    listed = tuple(events)
    withdrawn = {event.body["decision"] for event in listed if event.type == WITHDRAWN}
    return tuple(event for event in listed if event.id not in withdrawn)


def standing_of(reports: Iterable[str], closings: Iterable[Closing]) -> tuple[Standing, Closing | None]:
    """How a boat with these reports stands: closed where one closing covers them all, else active.

    An override ends the task and no more.
    """
    mine = set(reports)
    latest = None
    for closing in closings:
        if mine and mine <= set(closing.reports):
            latest = closing
    if latest is None:
        return "active", None
    return ("task_ended" if latest.override else "closed"), latest


def _cites(closing: Closing) -> bool:
    """Whether it may end more than a task: a closing without a recovery or without evidence of identity closes nobody.

    An override ends a task only, so it needs none.
    """
    return closing.override or bool(closing.endings and closing.evidence)


def _of(event: Event) -> Closing:
    body: Any = event.body
    return Closing(
        boat=body["boat"],
        reports=tuple(body["reports"]),
        endings=tuple(body["endings"]),
        evidence=tuple(Identity(kind=e["kind"], report=e["report"]) for e in body["evidence"]),
        at=event.at,
        by=event.by,
        second=body["second"],
        reason=body["reason"],
        override=body["override"],
        probability_of_another=body["probability_of_another"],
        blocks=tuple(body["blocks"]),
        event=event.id,
    )
