"""Two different reports that came under one name: both are kept, and no reckoning depends on which of them came first.

The report that came first has the name already: people said it, decisions cite it, and a name never passes from one
report to another. The other is called after the mark of its own content: `r-0001~3fa2c1d8`. So the names that are shown
depend on the order of arrival there, and only there. Whatever is reckoned (which report is about which boat, clouds,
digest) is reckoned under names in which each of the two carries its mark, and is the same for any order of arrival
(docs/why/012-two-reports-of-one-name.md).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from cordiale.association.constraints import Constraints
from cordiale.association.disposition import Association, Boat, Disposition, Reason
from cordiale.belief.report import Report
from cordiale.record.bodies import report_body
from cordiale.record.events import canonical

TAKEN: Final = frozenset({"name_taken", "duplicate_name"})  # set by the record; by a feed read without one
EXACT: Final = "duplicate_line"  # set by a feed on a repeated line: which report it repeats is certain
_MARKED: Final = re.compile(r"(?P<claimed>.+)~[0-9a-f]{8}(?:#\d+)?", re.DOTALL)
Names = Mapping[str, str]


def mark_of(report: Report) -> str:
    """Eight hexadecimal digits of what the report says, whatever it is called and whichever of a name it passes on."""
    own_flags = tuple(flag for flag in report.flags if flag not in TAKEN)
    passed_on = _MARKED.fullmatch(report.relay_of or "")
    before = report.relay_of if passed_on is None else passed_on["claimed"]
    body: dict[str, Any] = {**report_body(replace(report, flags=own_flags, relay_of=before)), "name": ""}
    return hashlib.sha256(canonical(body)).hexdigest()[:8]


def marked(claimed: str, mark: str, number: int = 1) -> str:
    """The name of a report whose claimed name is taken; `number` counts those that say the very same."""
    return f"{claimed}~{mark}" if number == 1 else f"{claimed}~{mark}#{number}"


def claimed_name(report: Report) -> str:
    """The name a report came with."""
    found = _MARKED.fullmatch(report.name) if TAKEN.intersection(report.flags) else None
    return report.name if found is None else found["claimed"]


def shared_names(reports: Iterable[Report]) -> dict[str, tuple[Report, ...]]:
    """The names that several reports came with, each with these reports, in order of receipt and then of content."""
    told = tuple(reports)
    suspects = {claimed_name(r) for r in told if TAKEN.intersection(r.flags)}
    groups: dict[str, list[Report]] = {}
    for report in told if suspects else ():
        if (claimed := claimed_name(report)) in suspects:
            groups.setdefault(claimed, []).append(report)
    return {
        claimed: tuple(sorted(group, key=lambda r: (r.received, mark_of(r), r.name)))
        for claimed, group in sorted(groups.items())
        if len(group) > 1
    }


def with_relays(reports: Sequence[Report]) -> tuple[Report, ...]:
    """The reports; one that passes on a shared name passes on the report of that name that was received first."""
    shared = shared_names(reports)
    if not shared:
        return tuple(reports)

    def resolved(report: Report) -> Report:
        if EXACT in report.flags:
            return report
        meant = [r.name for r in shared.get(report.relay_of or "", ()) if r.name != report.name]
        return replace(report, relay_of=meant[0]) if meant else report

    return tuple(resolved(report) for report in reports)


def reckoned_names(reports: Iterable[Report]) -> dict[str, str]:
    """The names to reckon under, for the reports that share a claimed one: each with its mark. None else."""
    names: dict[str, str] = {}
    for claimed, group in shared_names(reports).items():
        counted: dict[str, int] = {}
        for report in group:
            mark = mark_of(report)
            counted[mark] = counted.get(mark, 0) + 1
            names[report.name] = marked(claimed, mark, counted[mark])
    return names


def report_under(report: Report, names: Names) -> Report:
    """The report under another name, and what it passes on too."""
    before = report.relay_of
    return replace(
        report,
        name=names.get(report.name, report.name),
        relay_of=None if before is None else names.get(before, before),
    )


def constraints_under(constraints: Constraints, names: Names) -> Constraints:
    """Rulings on reports under other names."""

    def each(given: Iterable[str]) -> tuple[str, ...]:
        return tuple(names.get(name, name) for name in given)

    def pairs(given: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((names.get(a, a), names.get(b, b)) for a, b in given)

    return Constraints(
        links=pairs(constraints.links),
        never=pairs(constraints.never),
        splits=tuple((each(before), each(after)) for before, after in constraints.splits),
        confirmed=pairs(constraints.confirmed),
    )


def association_under(association: Association, names: Names) -> Association:
    """An association of reports under other names; its boats keep theirs."""

    def each(given: Iterable[str]) -> tuple[str, ...]:
        return tuple(names.get(name, name) for name in given)

    def reason(one: Reason) -> Reason:
        return replace(one, values=tuple((k, names.get(v, v) if isinstance(v, str) else v) for k, v in one.values))

    def disposition(one: Disposition) -> Disposition:
        report = names.get(one.report, one.report)
        return replace(one, report=report, reasons=tuple(reason(r) for r in one.reasons))

    def boat(one: Boat) -> Boat:
        first = names.get(one.first_report, one.first_report)
        return replace(one, first_report=first, reports=each(one.reports), chain=each(one.chain))

    return replace(
        association,
        dispositions=tuple(disposition(one) for one in association.dispositions),
        boats=tuple(boat(one) for one in association.boats),
        refused=tuple((names.get(a, a), names.get(b, b)) for a, b in association.refused),
    )
