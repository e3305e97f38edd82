"""Rulings of people on which report is about which boat: two are about one, two never are, a boat is divided, a
proposed link is confirmed.

Each is an event with its author, its reason and its time, and can be taken back like any decision. The association
honours what stands; the record keeps what was taken back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from cordiale.association.constraints import Constraints, Pair
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Instant
from cordiale.record.closing import not_withdrawn
from cordiale.record.events import Entry, Event

RulingKind = Literal["linked", "forbidden", "confirmed", "divided"]
LINKED, FORBIDDEN, CONFIRMED, DIVIDED = (
    "association.linked",
    "association.forbidden",
    "association.confirmed",
    "association.divided",
)
_KINDS: Final[Mapping[str, RulingKind]] = MappingProxyType(
    {LINKED: "linked", FORBIDDEN: "forbidden", CONFIRMED: "confirmed", DIVIDED: "divided"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling:
    """What somebody decided.

    `before` and `after` are names of reports: of a pair one each; of a division the reports of `boat` before a moment
    and those from it on. `event` is its id in the record.
    """

    kind: RulingKind
    before: tuple[str, ...]
    after: tuple[str, ...]
    reason: str
    at: Instant
    by: str
    boat: str | None = None
    event: str = ""

    @property
    def joins(self) -> bool:
        """Whether it holds reports together, and not apart."""
        return self.kind in {"linked", "confirmed"}


def link_entry(report: str, other: str, *, reason: str, at: Instant, by: str) -> Entry:
    """Two reports are about one boat."""
    return _pair(LINKED, report, other, reason, at, by)


def forbidding_entry(report: str, other: str, *, reason: str, at: Instant, by: str) -> Entry:
    """Two reports are about different boats, whatever else comes."""
    return _pair(FORBIDDEN, report, other, reason, at, by)


def confirming_entry(report: str, other: str, *, reason: str, at: Instant, by: str) -> Entry:
    """A person looked at a link that the association proposes, and agrees."""
    return _pair(CONFIRMED, report, other, reason, at, by)


def dividing_entry(
    boat: str, before: Iterable[str], after: Iterable[str], *, reason: str, at: Instant, by: str
) -> Entry:
    """The reports of a boat before a moment are about another boat than those from it on.

    Raises
    ------
    CordialeError
        One of the two parts is empty, or a report stands in both.
    """
    first, second = tuple(before), tuple(after)
    if not first or not second or set(first) & set(second):
        raise CordialeError("record.no_division", boat=boat, before=len(first), after=len(second))
    body = {"boat": boat, "before": list(first), "after": list(second), "reason": _reason(reason)}
    return Entry(type=DIVIDED, body=body, at=at, received=at, by=by)


def rulings_of(events: Iterable[Event]) -> tuple[Ruling, ...]:
    """The rulings that stand, in order of writing: those taken back are left out."""
    return tuple(ruling_of(event, event.id) for event in not_withdrawn(events) if event.type in _KINDS)


def ruling_of(line: Entry | Event, event: str = "") -> Ruling:
    """The ruling that a line of one of the four types makes; of one not yet written `event` is empty."""
    body: Any = line.body
    divided = line.type == DIVIDED
    return Ruling(
        kind=_KINDS[line.type],
        before=tuple(body["before"]) if divided else (body["report"],),
        after=tuple(body["after"]) if divided else (body["other"],),
        boat=body["boat"] if divided else None,
        reason=body["reason"],
        at=line.at,
        by=line.by,
        event=event,
    )


def constraints_of(events: Iterable[Event], *, at: Instant | None = None) -> Constraints:
    """The rulings that stood at an instant, as the association takes them; without one, those that stand now."""
    return constraints_from(rulings_of(e for e in events if at is None or e.received <= at))


def constraints_from(rulings: Iterable[Ruling]) -> Constraints:
    """These rulings as the association takes them. Sorted, so that the order of writing decides nothing."""
    standing = tuple(rulings)
    return Constraints(
        links=_pairs(standing, "linked"),
        never=_pairs(standing, "forbidden"),
        confirmed=_pairs(standing, "confirmed"),
        splits=tuple(sorted({(r.before, r.after) for r in standing if r.kind == "divided"})),
    )


def held_apart(rulings: Iterable[Ruling], report: str, other: str) -> Ruling | None:
    """The ruling that would be broken if these two reports were linked, what is linked with each included; or None."""
    standing = tuple(rulings)
    one, two = _linked_with(standing, report), _linked_with(standing, other)
    for ruling in standing:
        first, second = set(ruling.before), set(ruling.after)
        if not ruling.joins and ((one & first and two & second) or (one & second and two & first)):
            return ruling
    return None


def _linked_with(rulings: Iterable[Ruling], report: str) -> set[str]:
    found, pairs = {report}, [(*r.before, *r.after) for r in rulings if r.joins]
    while more := {name for pair in pairs if found & set(pair) for name in pair} - found:
        found |= more
    return found


def _pair(kind: str, report: str, other: str, reason: str, at: Instant, by: str) -> Entry:
    if report == other:
        raise CordialeError("record.same_report", report=report)
    body: dict[str, Any] = {"report": report, "other": other, "reason": _reason(reason)}
    return Entry(type=kind, body=body, at=at, received=at, by=by)


def _reason(text: str) -> str:
    if not text.strip():
        raise CordialeError("record.no_because")
    return text


def _pairs(rulings: Iterable[Ruling], kind: RulingKind) -> tuple[Pair, ...]:
    return tuple(sorted({_in_order(*r.before, *r.after) for r in rulings if r.kind == kind}))


def _in_order(one: str, other: str) -> Pair:
    return (one, other) if one <= other else (other, one)
