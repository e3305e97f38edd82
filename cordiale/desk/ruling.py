"""A ruling asked for at the desk, at the command line or in the console, as a line of the record; unknown names are
refused with those that are like them.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Instant
from cordiale.record.closing import CLOSED, WITHDRAWN, not_withdrawn, withdrawal_entry
from cordiale.record.duties import ANSWERED, ENDED, OFFERED, SEEN, TAKEN, TASKED
from cordiale.record.events import Entry, Event
from cordiale.record.known import Known
from cordiale.record.names import HASHED
from cordiale.record.rulings import (
    CONFIRMED,
    DIVIDED,
    FORBIDDEN,
    LINKED,
    confirming_entry,
    dividing_entry,
    forbidding_entry,
    held_apart,
    link_entry,
)
from cordiale.record.searches import COMPLETED, INTERRUPTED, SUSPENDED

DECISIONS: Final = frozenset(
    {CLOSED, TAKEN, OFFERED, TASKED, ENDED, ANSWERED, SEEN, LINKED, FORBIDDEN, CONFIRMED, DIVIDED}
    | {COMPLETED, INTERRUPTED, SUSPENDED}
)  # what can be taken back
_BEGINNING: Final = len("r-97f6")
RulingAsked = Literal["link", "never", "confirm", "split", "withdraw"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RulingForm:
    """A ruling as it is asked for: a pair of reports, the two parts of a boat, or the decision to take back.

    `because` says why, without a name: it stays for ever. `by` is the role that decides.
    """

    kind: RulingAsked
    report: str = ""
    other: str = ""
    boat: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    event: str = ""
    because: str = ""
    by: str = "desk"

    def __post_init__(self) -> None:
        if self.kind not in get_args(RulingAsked):
            raise CordialeError("desk.ruling_kind", kind=self.kind, known=", ".join(get_args(RulingAsked)))


def ruling_entry(form: RulingForm, known: Known, written: Iterable[Event], *, at: Instant) -> Entry:
    """The line that a ruling makes.

    Parameters
    ----------
    known : Known
        What stands now: the names there are, and the rulings a link must not break.
    written : iterable of Event
        All events, to find the decision that is taken back.

    Raises
    ------
    CordialeError
        An unknown report, no reason, a link against a standing separation, nothing to take back.
    """
    if form.kind == "withdraw":
        return _withdrawal(form, tuple(written), at)
    names = tuple(report.name for report in known.reports)
    if form.kind == "split":
        before, after = ([found(name, names) for name in part] for part in (form.before, form.after))
        return dividing_entry(form.boat, before, after, reason=form.because, at=at, by=form.by)
    report, other = found(form.report, names), found(form.other, names)
    if form.kind == "never":
        return forbidding_entry(report, other, reason=form.because, at=at, by=form.by)
    broken = held_apart(known.rulings, report, other)
    if broken is not None:
        raise CordialeError("desk.held_apart", report=report, other=other, event=broken.event, reason=broken.reason)
    entry = link_entry if form.kind == "link" else confirming_entry
    return entry(report, other, reason=form.because, at=at, by=form.by)


def unknown_name(name: str, names: Iterable[str]) -> CordialeError:
    """That there is no report or boat of this name, with those spelt like it."""
    known = tuple(names)
    like = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or known[-3:]
    return CordialeError("desk.no_such_name", name=name, like=", ".join(like) or "-")


def found(name: str, names: Sequence[str]) -> str:
    """The report of this name; the beginning of a hash will do, where no other begins so."""
    if name in names:
        return name
    begun = [one for one in names if HASHED.fullmatch(one) and one.startswith(name)]
    if len(name) < _BEGINNING or len(begun) != 1:
        raise unknown_name(name, begun or names)
    return begun[0]


def _withdrawal(form: RulingForm, written: tuple[Event, ...], at: Instant) -> Entry:
    standing = [event.id for event in not_withdrawn(written) if event.type in DECISIONS]
    if form.event not in standing:
        taken_back = any(e.type == WITHDRAWN and e.body["decision"] == form.event for e in written)
        key = "desk.withdrawn_before" if taken_back else "desk.no_decision"
        raise CordialeError(key, event=form.event or "-", known=", ".join(standing[-5:]) or "-")
    return withdrawal_entry(form.event, reason=form.because, at=at, by=form.by)
