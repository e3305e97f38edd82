"""What arrived since the last picture, at once: the boats each new report may be about, before the picture is there.

All of it is provisional. The picture that counts is the one the whole night is associated for; where it overruled what
was shown before it, `parted` says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from cordiale.association.associate import Batch
from cordiale.association.constraints import NO_CONSTRAINTS, Constraints
from cordiale.association.disposition import boat_name
from cordiale.association.live import Difference, Live, Rank, differences, live, nearest
from cordiale.association.message import Message
from cordiale.association.paths import Paths
from cordiale.belief.report import Report
from cordiale.earth.units import Instant, Seconds, hours
from cordiale.record.claims import association_under, reckoned_names, report_under, with_relays
from cordiale.record.names import renamed, spoken_names
from cordiale.record.picture import PictureMemory, movable
from cordiale.sea.environment import Environment

SHOWN_FOR: Final[Seconds] = 1 * hours  # judgement: for so long it is said that a picture overruled what was shown


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveLinks:
    """The reports about boats that the last association did not know, in order of receipt, and what they may be about;
    `parted` where the last association overruled what was shown before it.
    """

    at: Instant
    reports: tuple[Report, ...] = ()
    links: Live = field(default_factory=lambda: Live(rankings=()))
    parted: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveMemory:
    """What successive live answers share: paths, and what was shown of reports that no association knew. For one thread
    at a time.
    """

    paths: Paths = field(default_factory=Paths)
    shown: dict[str, Live] = field(default_factory=dict)


def live_links(
    reports: Iterable[Report],
    environment: Environment,
    *,
    at: Instant,
    constraints: Constraints = NO_CONSTRAINTS,
    pictures: PictureMemory,
    memory: LiveMemory,
) -> LiveLinks:
    """What the reports since the last association may be about.

    Parameters
    ----------
    reports : iterable of Report
        In any order; those received after `at` are left out.
    environment : Environment
        As for the pictures.
    at : Instant
    constraints : Constraints, optional
        What people ruled by then.
    pictures : PictureMemory
        What the pictures share: the association to start from is in it. Without one nothing can be said yet.
    memory : LiveMemory
        Kept by the caller between calls under one environment.
    """
    known = with_relays(sorted((r for r in reports if r.received <= at), key=lambda r: (r.received, r.name)))
    told_as = {reckoned_as: name for name, reckoned_as in reckoned_names(known).items()}
    kept = [_told_as(batch, told_as) for batch in list(pictures.associations.kept.values())]
    last = nearest(kept, {r.name for r in known})
    if last is None:
        return LiveLinks(at=at)
    last = replace(last, association=renamed(last.association, known))
    before = {d.report for d in last.association.dispositions}
    new = tuple(r for r in known if r.name not in before)
    moved = (movable(r, environment, at) for r in new)
    found = live(last, moved, environment, constraints=constraints, paths=memory.paths)
    found = _spoken(found, {boat_name(n): name for n, name in spoken_names(known).items()})
    lately = {r.name for r in known if r.received > at - SHOWN_FOR}
    parted = _parted(memory, last)
    for name in set(memory.shown) - lately:
        del memory.shown[name]
    memory.shown.update((ranking.report, found) for ranking in found.rankings)
    return LiveLinks(
        at=at,
        reports=tuple(r for r in new if r.is_about_a_boat),
        links=found,
        parted=tuple(d for d in parted if d.report in lately),
    )


def _told_as(batch: Batch, names: Mapping[str, str]) -> Batch:
    """The association under the names that are shown; the same where no two reports share one."""
    if not names:
        return batch
    news = (Message(report_under(m.lead, names), tuple(report_under(r, names) for r in m.relays)) for m in batch.news)
    return replace(batch, news=tuple(news), association=association_under(batch.association, names))


def _parted(memory: LiveMemory, last: Batch) -> list[Difference]:
    """Where the association overruled what was last shown of a report."""
    each = {id(shown): shown for shown in memory.shown.values()}.values()
    found = ((shown, d) for shown in each for d in differences(shown, last.association))
    return [d for shown, d in found if shown is memory.shown.get(d.report)]


def _spoken(found: Live, names: dict[str, str]) -> Live:
    """The same with names that can be said, also of boats that a report would found."""

    def said(rank: Rank) -> Rank:
        return rank if rank.on_board else replace(rank, boat=names.get(rank.boat, rank.boat))

    rankings = tuple(
        replace(
            one,
            ranks=tuple(said(rank) for rank in one.ranks),
            boat=None if one.boat is None else names.get(one.boat, one.boat),
        )
        for one in found.rankings
    )
    known = tuple((names.get(boat, boat), reports) for boat, reports in found.known)
    return replace(found, rankings=rankings, known=known)
