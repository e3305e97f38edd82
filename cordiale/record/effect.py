"""What a ruling would change, before anybody makes it: how many boats, which reports change boats, who is missing.

The lethal error is the false merge, so whoever links two reports sees first what the picture would be.
"""

from dataclasses import dataclass

from cordiale.belief.report import Between
from cordiale.record.picture import Picture
from cordiale.words import Language, say


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """Two pictures of the same instant compared: `moved` are reports with the boat they were given to before and after;
    None stands for no boat.
    """

    boats: tuple[int, int]
    unaccounted: tuple[Between, Between]
    moved: tuple[tuple[str, str | None, str | None], ...]
    digests: tuple[str, str]

    @property
    def is_none(self) -> bool:
        """Whether the picture would stay as it is, to the last digit of its digest."""
        return self.digests[0] == self.digests[1]

    def text(self, language: Language = "en") -> str:
        """The change in words: the sums on top, then every report that changes boats."""
        if self.is_none:
            return say("record.effect.none", language)
        head = say(
            "record.effect.sums",
            language,
            before=self.boats[0],
            after=self.boats[1],
            people_before=str(self.unaccounted[0]),
            people_after=str(self.unaccounted[1]),
        )
        nobody = say("record.effect.no_boat", language)
        lines = [
            say("record.effect.moved", language, report=report, before=before or nobody, after=after or nobody)
            for report, before, after in self.moved
        ]
        return "\n".join([head, *(f"  {line}" for line in lines)])


def effect_of(before: Picture, after: Picture) -> Effect:
    """What changes from one picture to another of the same reports."""
    given = {d.report: d.boat for d in before.association.dispositions}
    moved = [
        (d.report, given.get(d.report), d.boat) for d in after.association.dispositions if given.get(d.report) != d.boat
    ]
    return Effect(
        boats=(len(before.boats), len(after.boats)),
        unaccounted=(before.ledger.unaccounted, after.ledger.unaccounted),
        moved=tuple(moved),
        digests=(before.digest, after.digest),
    )
