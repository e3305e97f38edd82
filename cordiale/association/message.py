"""A message is a report with everything that only passes it on: a relayed call is not a second call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from cordiale.belief.report import Kind, Reading, Report
from cordiale.earth.units import Instant

# What founds no boat, alone or with its like: debris and the dead are of some boat, perhaps of one on the board, and
# what sends AIS is nearly always another craft. A person should look at it.
FOUNDS_NONE: Final[frozenset[Kind]] = frozenset({"find", "ais_plot"})


@dataclass(frozen=True, slots=True)
class Message:
    """One independent piece of news: `lead` is the first telling, `relays` those who passed it on, in order of
    receipt.
    """

    lead: Report
    relays: tuple[Report, ...] = ()

    @property
    def at(self) -> Instant:
        """The middle of the event: where the message stands in time, whenever it arrived."""
        return self.lead.event.middle

    @property
    def tellings(self) -> tuple[Report, ...]:
        """The lead and its relays."""
        return (self.lead, *self.relays)

    @property
    def placed(self) -> Report | None:
        """The first telling that has a position; None when nobody gave one."""
        return next((r for r in self.tellings if r.where), None)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings of its position; empty when there is none."""
        return self.placed.where if self.placed else ()


def messages(reports: Iterable[Report]) -> tuple[Message, ...]:
    """The messages about boats, in order of event and name: the same for every order of arrival.

    A relay whose original is not in the set stands for itself until the original arrives.
    """
    about = {r.name: r for r in reports if r.is_about_a_boat}
    passed_on: dict[str, list[Report]] = {}
    for report in about.values():
        passed_on.setdefault(_origin(report, about), []).append(report)
    gathered = []
    for name, tellings in passed_on.items():
        relays = sorted((r for r in tellings if r.name != name), key=lambda r: (r.received, r.name))
        gathered.append(Message(about[name], tuple(relays)))
    return tuple(sorted(gathered, key=lambda m: (m.at, m.lead.name)))


def _origin(report: Report, about: Mapping[str, Report]) -> str:
    """Follow `relay_of` as far as the set knows; a ring of relays ends at its first name in the alphabet."""
    seen = [report.name]
    while (before := about[seen[-1]].relay_of) is not None and before in about:
        if before in seen:
            return min(seen[seen.index(before) :])
        seen.append(before)
    return seen[-1]
