"""What is doubtful about the grouping as a whole, and what to do about it: samplings that differ, rulings that clash,
names that two reports have.

The association answers always. Where two samplings begun apart disagree, or a link that a person ruled contradicts a
separation that stands, whoever relies on a boat has to know it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cordiale.association.disposition import Association
from cordiale.belief.report import Report
from cordiale.earth.units import Probability, Quantity
from cordiale.record.claims import shared_names
from cordiale.record.picture import Picture
from cordiale.record.rulings import Ruling, held_apart
from cordiale.words import Language, say

UNSETTLED: Final[Probability] = 0.5  # judgement: some pair nearly always differs by 0.2; above it boats are in doubt
IN_DOUBT: Final[Quantity] = 0.5  # judgement: reports expected to be astray, from which a boat is named
NAMED: Final = 4  # judgement: more names are read by nobody


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """One doubt about the grouping; `reports` and `boats` are those concerned, where it is known."""

    key: Literal["unsettled", "refused", "shared_name"]
    reports: tuple[str, ...] = ()
    values: tuple[tuple[str, object], ...] = ()
    boats: tuple[str, ...] = ()

    def text(self, language: Language = "en") -> str:
        """What is doubtful."""
        return self._said("is", language)

    def to_do(self, language: Language = "en") -> str:
        """What to do about it."""
        return self._said("do", language)

    def _said(self, part: str, language: Language) -> str:
        key = f"{self.key}_boats" if self.boats else self.key
        return say(f"record.doubt.{key}.{part}", language, **dict(self.values))


def doubts_about(picture: Picture, rulings: Iterable[Ruling] = ()) -> tuple[Doubt, ...]:
    """Links that could not be honoured, with the rulings that clash; that two samplings differ, above one half; then
    the names that several reports came with.
    """
    standing = tuple(rulings)
    found = [_refused(report, other, standing) for report, other in picture.association.refused]
    if picture.association.disagreement > UNSETTLED:
        found.append(_unsettled(picture.association))
    return (*found, *(_shared(name, group) for name, group in shared_names(picture.reports).items()))


def least_settled(association: Association) -> tuple[tuple[str, Quantity], ...]:
    """The boats whose reports are least surely hers, with how many reports may be wrongly hers or hers among those of
    others, as expected; the least settled first, those with `IN_DOUBT` and more.
    """
    astray: dict[str, Quantity] = {boat.name: 0.0 for boat in association.boats}
    for one in association.dispositions:
        if one.boat is not None:
            astray[one.boat] += 1.0 - one.share
        for other in one.alternatives:
            if other.boat is not None and other.boat != one.boat:
                astray[other.boat] += other.share
    worst = sorted(astray.items(), key=lambda boat: (-round(boat[1], 6), boat[0]))
    return tuple((name, number) for name, number in worst if number >= IN_DOUBT)


def _unsettled(association: Association) -> Doubt:
    """That two samplings differ, with the boats about which they can differ most."""
    boats = least_settled(association)[:NAMED]
    said = ", ".join(f"{name} ({number:.1f})" for name, number in boats)
    values = (("percent", 100 * association.disagreement), ("boats", said))
    return Doubt(key="unsettled", values=values, boats=tuple(name for name, _ in boats))


def _shared(name: str, group: Sequence[Report]) -> Doubt:
    own = tuple(report.name for report in group)
    return Doubt(key="shared_name", reports=own, values=(("name", name), ("reports", ", ".join(own))))


def _refused(report: str, other: str, rulings: tuple[Ruling, ...]) -> Doubt:
    """A link that gives way, by its event and that of the separation that holds, as far as they are known."""
    pair = {report, other}
    link = next((r for r in rulings if r.joins and {*r.before, *r.after} == pair), None)
    apart = held_apart([r for r in rulings if r is not link], report, other)
    values = (
        ("report", report),
        ("other", other),
        ("link", (link and link.event) or "-"),
        ("apart", (apart and apart.event) or "-"),
    )
    return Doubt(key="refused", reports=(report, other), values=values)
