"""What is doubtful about the grouping as a whole, and what to do about it: samplings that differ, rulings that clash,
names that two reports have.

The association answers always. Where two samplings begun apart disagree, or a link that a person ruled contradicts a
separation that stands, whoever relies on a boat has to know it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cordiale.belief.report import Report
from cordiale.earth.units import Probability
from cordiale.record.claims import shared_names
from cordiale.record.picture import Picture
from cordiale.record.rulings import Ruling, held_apart
from cordiale.words import Language, say

UNSETTLED: Final[Probability] = 0.5  # judgement: some pair nearly always differs by 0.2; above it boats are in doubt


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """One doubt about the grouping; `reports` are those concerned, where it is known."""

    key: Literal["unsettled", "refused", "shared_name"]
    reports: tuple[str, ...] = ()
    values: tuple[tuple[str, object], ...] = ()

    def text(self, language: Language = "en") -> str:
        """What is doubtful."""
        return say(f"record.doubt.{self.key}.is", language, **dict(self.values))

    def to_do(self, language: Language = "en") -> str:
        """What to do about it."""
        return say(f"record.doubt.{self.key}.do", language, **dict(self.values))


def doubts_about(picture: Picture, rulings: Iterable[Ruling] = ()) -> tuple[Doubt, ...]:
    """Links that could not be honoured, with the rulings that clash; that two samplings differ, above one half; then
    the names that several reports came with.
    """
    standing = tuple(rulings)
    found = [_refused(report, other, standing) for report, other in picture.association.refused]
    if picture.association.disagreement > UNSETTLED:
        found.append(Doubt(key="unsettled", values=(("percent", 100 * picture.association.disagreement),)))
    return (*found, *(_shared(name, group) for name, group in shared_names(picture.reports).items()))


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
