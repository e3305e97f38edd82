"""What a person decided about which report is about which boat: the association honours it exactly, or says why not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cordiale.association.message import Message
from cordiale.association.weights import Group

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


@dataclass(frozen=True, slots=True)
class Bound:
    """Constraints on a set of messages: `units` that move as one, `never` those that may not meet, and `refused`: the
    links that contradict a separation.
    """

    units: tuple[Group, ...]
    never: dict[int, frozenset[int]]
    refused: tuple[Pair, ...]


def bound(messages: Sequence[Message], constraints: Constraints) -> Bound:
    """The constraints as they bind these messages."""
    of = {r.name: i for i, m in enumerate(messages) for r in m.tellings}
    apart = {(of[a], of[b]) for a, b in constraints.apart if a in of and b in of and of[a] != of[b]}
    never: dict[int, set[int]] = {}
    for i, j in apart:
        never.setdefault(i, set()).add(j)
        never.setdefault(j, set()).add(i)
    unit = {i: frozenset([i]) for i in range(len(messages))}
    refused = []
    for a, b in constraints.together:
        if a not in of or b not in of:
            continue
        one, other = unit[of[a]], unit[of[b]]
        if one is not other and _meet(one, other, never):
            refused.append((a, b))
            continue
        both = one | other
        unit.update(dict.fromkeys(both, both))
    return Bound(
        units=tuple(sorted({tuple(sorted(u)) for u in unit.values()})),
        never={i: frozenset(js) for i, js in never.items()},
        refused=tuple(refused),
    )


def _meet(one: Iterable[int], other: Iterable[int], never: dict[int, set[int]]) -> bool:
    others = set(other)
    return any(never.get(i, set()) & others for i in one)


def scans(news: Sequence[Message]) -> tuple[Group, ...]:
    """The plots of one radar at one instant: a boat makes one of them at most. Only those of several plots."""
    found: dict[tuple[object, ...], list[int]] = {}
    for i, message in enumerate(news):
        lead = message.lead
        if lead.kind == "radar_plot":
            found.setdefault((lead.centre, lead.channel, lead.asset, lead.event), []).append(i)
    return tuple(tuple(members) for members in found.values() if len(members) > 1)


def other_craft(news: Sequence[Message]) -> dict[int, frozenset[int]]:
    """For each AIS plot of a known identity those of other identities: a craft has one."""
    own: dict[str, set[int]] = {}
    for i, message in enumerate(news):
        if message.lead.kind == "ais_plot" and message.lead.caller:
            own.setdefault(message.lead.caller, set()).add(i)
    each = frozenset(i for plots in own.values() for i in plots)
    return {i: each - plots for plots in own.values() for i in plots if len(own) > 1}


def kept_apart(news: Sequence[Message], tied: Bound) -> dict[int, frozenset[int]]:
    """What must not meet: by a person's word, because one scan shows a boat once, and because a craft has one AIS
    identity. A person may say otherwise.
    """
    unit = {i: frozenset(members) for members in tied.units for i in members}
    never = dict(tied.never)
    apart = [(i, frozenset(scan)) for scan in scans(news) for i in scan]
    for i, others in (*apart, *other_craft(news).items()):
        never[i] = never.get(i, frozenset()) | (others - unit.get(i, frozenset([i])))
    return never
