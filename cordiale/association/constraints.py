"""What a person decided about which report is about which boat: the association honours it exactly, or says why not."""

from dataclasses import dataclass

Pair = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Constraints:
    """Decisions of people, by names of reports.

    `links` are two reports about one boat, `confirmed` the same (a person looked at a proposed link and agrees),
    `never` two reports about different boats, `splits` the reports of a boat before a moment and those from it on:
    none of the first is about the boat of any of the second. Names that are not in the set say nothing. Where a link
    contradicts a separation the separation holds, for the false merge is the lethal error.
    """

    links: tuple[Pair, ...] = ()
    never: tuple[Pair, ...] = ()
    splits: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    confirmed: tuple[Pair, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.links or self.never or self.splits or self.confirmed)

    @property
    def together(self) -> tuple[Pair, ...]:
        """All pairs that are about one boat, in order."""
        return tuple(sorted({_ordered(p) for p in (*self.links, *self.confirmed)}))

    @property
    def apart(self) -> tuple[Pair, ...]:
        """All pairs that are about different boats, in order."""
        split = {_ordered((a, b)) for before, after in self.splits for a in before for b in after if a != b}
        return tuple(sorted({_ordered(p) for p in self.never} | split))


NO_CONSTRAINTS = Constraints()


def _ordered(pair: Pair) -> Pair:
    return (pair[0], pair[1]) if pair[0] <= pair[1] else (pair[1], pair[0])
