"""Where new messages may stand in the groupings that the batch visited: all their joint placements, weighed.

Under one grouping the new messages are taken in order of event; every one joins a boat, a boat that another new one
began, or begins one, by equation (1) of docs/association.md. Messages that are sure of their boat
whatever else arrived are placed first. Of the others those that may be about one boat are placed together, eight at
most, the strongest ties first: all their joint placements are summed, but for those a thousandth as likely as the best
and those beyond the `BEAM` likeliest. A scan of more than eight plots is weighed by belief propagation. A grouping that
foresees the new messages better counts for more.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cordiale.association.constraints import scans
from cordiale.association.law import SILENCE
from cordiale.association.live_night import LiveNight, groups_of
from cordiale.association.marginals import LARGEST, marginals
from cordiale.association.weights import WITHIN, Group, Weights, forbidden
from cordiale.earth.units import BoolArray, FloatArray, Fraction, IntArray, LogLikelihood, MetresPerSecond, Probability

BEAM: Final = 64  # placements carried along
REFUSED: Final[LogLikelihood] = -1e6  # a grouping that contradicts a person's word
DROPPED: Final[LogLikelihood] = math.log(1e-3)
UNLIKELY: Final[Probability] = 1e-3  # less likely boats are asked again only for those that a message is tied to
WHOLE: Final = -1  # stands for no unit: a group by itself
SURE: Final[Probability] = 0.99  # judgement: other new messages will not change it
TOUCHING: Final[Fraction] = 0.1  # judgement: at lower odds of being about one boat, two messages are placed apart
TELLING: Final[LogLikelihood] = 1.5  # judgement: with less to say of each other, two messages are placed apart
DRAWS: Final[LogLikelihood] = 4.0  # judgement: by so much one message may draw another to its boat
ONE_CALLER: Final[LogLikelihood] = 40.0  # the strongest tie
MADE_GOOD: Final[MetresPerSecond] = 4.5  # judgement: as in weights.py, 9 kn made good and 3 km
Taken = tuple[tuple[int, tuple[int, ...]], ...]  # groups by number with the units that joined them


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a unit stands under one grouping: the chances of the groups there, of a boat that another new message is
    about too, and of standing alone.
    """

    beside: dict[int, Probability]
    with_new: Probability
    alone: Probability


Asked = tuple[int, tuple[int, ...]]  # a group, and the units that joined it


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """One grouping to place things in: the label of each message and the groups by label. `weighed` is shared by
    all: units beside groups, as sets of messages.
    """

    night: LiveNight
    row: IntArray
    groups: dict[int, Group]
    weighed: dict[tuple[int, Group], LogLikelihood]
    odds: dict[tuple[int, Asked, int], LogLikelihood] = field(default_factory=dict)

    @property
    def weights(self) -> Weights:
        """The weights of the night."""
        return self.night.weights

    def members(self, group: int, joined: tuple[int, ...]) -> Group:
        """The messages of a group and of the units that joined it; groups begun by a unit are numbered below 0."""
        if not joined:
            return self.groups[group]
        every = [i for u in joined for i in self.night.units[u]]
        return tuple(sorted((*self.groups.get(group, ()), *every)))

    def beside(self, unit: int, asked: Sequence[Asked], boats: int) -> list[LogLikelihood]:
        """Log weight of a unit beside each of these groups, among so many boats."""
        missing = [a for a in asked if (unit, a, boats) not in self.odds]
        if missing:
            groups = [self.members(*a) for a in missing]
            weigh(self.night, self.weighed, unit, groups)
            new = self.weights.of_new(boats)
            for a, members in zip(missing, groups, strict=True):
                bonus = self.weights.alone(members[0], new) if len(members) == 1 else 0.0
                self.odds[unit, a, boats] = self.weighed[unit, members] - bonus
        return [self.odds[unit, a, boats] for a in asked]

    def own(self, unit: int, boats: int) -> LogLikelihood:
        """Log weight of a unit that begins a boat, or is of none."""
        new = self.weights.of_new(boats)
        members = self.night.units[unit]
        begun = new + self.weights.end(members)
        if len(members) == 1:
            return begun + self.weights.alone(members[0], new)
        return begun + float(self.weights.parts([members]).sum())


def weigh(
    night: LiveNight, weighed: dict[tuple[int, Group], LogLikelihood], unit: int, groups: Iterable[Group]
) -> None:
    """Weigh a unit beside groups that it was not weighed beside before; by itself a group is weighed once."""
    missing = [g for g in dict.fromkeys(groups) if (unit, g) not in weighed]
    if not missing:
        return
    weights, members = night.weights, night.units[unit]
    both = [tuple(sorted((*g, *members))) for g in missing]
    asked = [*both, *(g for g in missing if (WHOLE, g) not in weighed)]
    values = weights.parts(asked).sum(axis=1).tolist()
    weighed.update(
        ((WHOLE, g), v + weights.end(g)) for g, v in zip(asked[len(both) :], values[len(both) :], strict=True)
    )
    for g, whole, value in zip(missing, both, values, strict=False):
        apart = forbidden(weights, members, g)
        weighed[unit, g] = -math.inf if apart else value + weights.end(whole) - weighed[WHOLE, g]


def placements(night: LiveNight) -> tuple[list[list[Placement]], FloatArray]:
    """Where every unit stands under every grouping, and how much each grouping counts for each unit: (groupings,
    units), columns summing to 1.

    Units that are sure of their boat under every grouping are placed first; the others see them there.
    """
    weighed: dict[tuple[int, Group], LogLikelihood] = {}
    grounds = [Ground(night, row.copy(), {int(row[g[0]]): g for g in groups_of(row)}, weighed) for row in night.labels]
    count = len(night.units)
    placed = [[Placement({}, 0.0, 1.0)] * count for _ in grounds]
    evidence = np.zeros((len(grounds), count))
    large = [set(scan) for scan in scans(night.news) if len(scan) > LARGEST]
    first = _first(night, grounds, range(count))
    unsure = _settled(grounds, first, placed, evidence, large)
    first = _first(night, grounds, unsure)
    ties = _ties(grounds[0], first, unsure)
    for parcel in _parcels(night, ties, unsure, large):
        at_once = any(scan.issuperset(night.units[parcel[0]]) for scan in large)
        for s, ground in enumerate(grounds):
            likely = {u: {g for g, p in first[s][u].chances.items() if p > UNLIKELY and g >= 0} for u in unsure}
            open_to = {
                u: sorted(set().union(*(likely[v] for v in parcel if v == u or ties[u, v] > -math.inf))) for u in parcel
            }
            found, value = (_of_a_scan if at_once else _together)(ground, parcel, open_to)
            for u, placement in zip(parcel, found, strict=True):
                placed[s][u] = placement
                evidence[s, u] = value
    share = np.exp(evidence - evidence.max(axis=0, keepdims=True))
    return placed, share / share.sum(axis=0, keepdims=True)


def _settled(
    grounds: Sequence[Ground],
    first: Sequence[Mapping[int, "Alone"]],
    placed: Sequence[list[Placement]],
    evidence: FloatArray,
    large: Sequence[set[int]],
) -> list[int]:
    """Place what is sure of its boat by itself, under every grouping; the units that are left."""
    night = grounds[0].night
    left = []
    for u, unit in enumerate(night.units):
        best = [one[u].best for one in first]
        there = [ground.groups.get(g, ()) for ground, g in zip(grounds, best, strict=True)]
        linked = night.anchors[u] >= 0
        sure = min(best, default=-1) >= 0 and all(one[u].chances[g] >= SURE for one, g in zip(first, best, strict=True))
        apart = any(forbidden(night.weights, unit, g) for g in there) or any(s.issuperset(unit) for s in large)
        if not linked and (apart or not sure):
            left.append(u)
            continue
        for s, (ground, g) in enumerate(zip(grounds, best, strict=True)):
            chances = first[s][u].chances
            placed[s][u] = Placement({k: p for k, p in chances.items() if k >= 0}, 0.0, chances.get(-1, 0.0))
            evidence[s, u] = first[s][u].evidence
            ground.groups[g] = tuple(sorted((*ground.groups[g], *unit)))
            ground.row[list(unit)] = g
    for ground in grounds:
        ground.odds.clear()
    return left


def _within_reach(weights: Weights, unit: Group) -> BoolArray:
    """The messages through which a unit may find its boat: near enough in time and place, or of its phone."""
    tables = weights.tables
    placed = tables.first[1:] > tables.first[:-1]
    several = np.diff(tables.first) > 1
    at = np.where(placed, tables.first[:-1], 0)
    any_place = bool(placed.any())
    found = np.zeros(tables.time.size, dtype=np.bool_)
    for i in unit:
        since = np.abs(tables.time - tables.time[i])
        near = np.ones(found.size, dtype=np.bool_)
        if placed[i] and any_place:
            east, north = (
                tables.told_east[at] - tables.told_east[at[i]],
                tables.told_north[at] - tables.told_north[at[i]],
            )
            away = np.hypot(east, north) - tables.reach[at] - tables.reach[at[i]]
            near = ~placed | several | bool(several[i]) | (away <= MADE_GOOD * since + 3000.0)
        found |= (since <= WITHIN) & near
        if tables.caller[i] >= 0:
            found |= tables.caller == tables.caller[i]
    return found


@dataclass(frozen=True, slots=True)
class Alone:
    """The chances of one unit as if no other had arrived: by group, -1 for none of them; and the log of their sum."""

    chances: dict[int, Probability]
    evidence: LogLikelihood

    @property
    def best(self) -> int:
        """The likeliest."""
        return min(self.chances, key=lambda g: (-self.chances[g], g))


def _first(night: LiveNight, grounds: Sequence[Ground], units: Iterable[int]) -> list[dict[int, Alone]]:
    """Units by themselves under every grouping."""
    first: list[dict[int, Alone]] = [{} for _ in grounds]
    for u in units:
        anchor = night.anchors[u]
        if anchor >= 0:
            for one, ground in zip(first, grounds, strict=True):
                home = int(ground.row[anchor])
                value = ground.beside(u, [(home, ())], len(ground.groups))[0]
                one[u] = Alone({home: 1.0}, max(value, REFUSED))
            continue
        reach = _within_reach(night.weights, night.units[u])
        near = [[g for g in np.unique(ground.row[reach]).tolist() if g >= 0] for ground in grounds]
        every = [ground.groups[g] for ground, labels in zip(grounds, near, strict=True) for g in labels]
        weigh(night, grounds[0].weighed, u, every)
        for one, ground, labels in zip(first, grounds, near, strict=True):
            boats = len(ground.groups)
            values = [ground.own(u, boats), *ground.beside(u, [(g, ()) for g in labels], boats)]
            top = max(values)
            shares = [math.exp(v - top) for v in values]
            total = sum(shares)
            chances = {g: x / total for g, x in zip((-1, *labels), shares, strict=True)}
            one[u] = Alone(chances, top + math.log(total))
    return first


def _ties(ground: Ground, first: Sequence[Mapping[int, Alone]], units: Sequence[int]) -> FloatArray:
    """How much every two units may be about one boat, (units, units): log odds of one that the batch knew, or of one
    that they begin together; minus infinity where that is little, or where neither says anything of the other.
    """
    night = ground.night
    ties = np.full((len(night.units),) * 2, -math.inf)
    boats, chances = len(ground.groups), first[0]
    for k, u in enumerate(units):
        before = units[:k]
        pair = ground.beside(u, [(-1 - v, (v,)) for v in before], boats)
        said = _said_of_each_other(night, u, before)
        own = ground.own(u, boats)
        for v, value, weighs in zip(before, pair, said, strict=True):
            if abs(weighs) < TELLING:
                continue
            begun = chances[u].chances[-1] * chances[v].chances[-1] * math.exp(min(value - own, ONE_CALLER))
            known = max(_common(one[u].chances, one[v].chances) for one in first)
            odds = max(begun, known / max(1 - known, 1e-9) * math.exp(min(max(weighs, 0.0), DRAWS)))
            if _callers(night, u) & _callers(night, v):
                ties[u, v] = ties[v, u] = ONE_CALLER + math.log1p(odds)
            elif odds > TOUCHING:
                ties[u, v] = ties[v, u] = math.log(odds)
    return ties


def _said_of_each_other(night: LiveNight, unit: int, others: Sequence[int]) -> list[LogLikelihood]:
    """Log factors of places and words of two units as one boat, without the time between them."""
    if not others:
        return []
    parts = night.weights.parts([tuple(sorted((night.units[unit][0], night.units[v][0]))) for v in others])
    parts[:, SILENCE] = 0.0
    return [float(x) for x in parts.sum(axis=1)]


def _callers(night: LiveNight, unit: int) -> set[int]:
    return {night.weights.callers[i] for i in night.units[unit]} - {-1}


def _common(one: Mapping[int, Probability], other: Mapping[int, Probability]) -> Probability:
    """The chance that two units are about one known boat, taken as independent."""
    return sum(p * other.get(g, 0.0) for g, p in one.items() if g >= 0)


def _parcels(
    night: LiveNight, ties: FloatArray, units: Sequence[int], large: Sequence[set[int]]
) -> list[tuple[int, ...]]:
    """The units in parcels of `LARGEST` at most, the strongest ties first; a large scan is a parcel of its own."""
    parcel = {u: frozenset([u]) for u in units}
    alone: set[int] = set()
    for scan in large:
        members = frozenset(u for u in units if scan.issuperset(night.units[u]))
        parcel.update(dict.fromkeys(members, members))
        alone |= members
    pairs = [(-ties[u, v], v, u) for u in units for v in units if v < u and ties[u, v] > -math.inf]
    for _, v, u in sorted(pairs):
        both = parcel[u] | parcel[v]
        if len(both) <= LARGEST and not alone & both:
            parcel.update(dict.fromkeys(both, both))
    return sorted({tuple(sorted(members)) for members in parcel.values()})


def _together(
    ground: Ground, parcel: Sequence[int], open_to: Mapping[int, Sequence[int]]
) -> tuple[list[Placement], LogLikelihood]:
    """All joint placements of a parcel, and the log of their sum."""
    carried: list[tuple[LogLikelihood, Taken]] = [(0.0, ())]
    for u in parcel:
        grown = [child for value, taken in carried for child in _grown(ground, u, open_to[u], value, taken)]
        top = max(child[0] for child in grown)
        likely = [child for child in grown if child[0] >= top + DROPPED]
        likely = sorted(likely, key=lambda c: (-c[0], c[1], c[2]))[:BEAM]
        carried = [(value, _joined(taken, group, u)) for value, taken, group in likely]
    top = carried[0][0]
    shares = [math.exp(value - top) for value, _ in carried]
    total = sum(shares)
    found = [Placement({}, 0.0, 0.0) for _ in parcel]
    at = {u: k for k, u in enumerate(parcel)}
    for share, (_, taken) in zip(shares, carried, strict=True):
        for group, joined in taken:
            several = group < 0 and len(ground.members(group, joined)) > 1
            for u in joined:
                found[at[u]] = _more(found[at[u]], group, share / total, several=several)
    return found, top + math.log(total)


def _grown(
    ground: Ground, u: int, open_to: Sequence[int], value: LogLikelihood, taken: Taken
) -> list[tuple[LogLikelihood, Taken, int]]:
    """A placement and the group that one unit more joins: every one it may, or its own."""
    joined = dict(taken)
    begun = [g for g in joined if g < 0]
    boats = len(ground.groups) + len(begun)
    groups = [*open_to, *begun]
    values = ground.beside(u, [(g, joined.get(g, ())) for g in groups], boats)
    grown = [(value + v, taken, g) for g, v in zip(groups, values, strict=True) if v > -math.inf]
    return [*grown, (value + ground.own(u, boats), taken, -1 - u)]


def _joined(taken: Taken, group: int, unit: int) -> Taken:
    """A placement with a unit in one of its groups."""
    joined = dict(taken)
    joined[group] = (*joined.get(group, ()), unit)
    return tuple(sorted(joined.items()))


def _more(placement: Placement, group: int, share: Probability, *, several: bool) -> Placement:
    """A placement with a share more of one group."""
    known, new, alone = placement.beside, placement.with_new, placement.alone
    if group >= 0:
        return Placement({**known, group: known.get(group, 0.0) + share}, new, alone)
    return Placement(known, new + share, alone) if several else Placement(known, new, alone + share)


def _of_a_scan(
    ground: Ground, parcel: Sequence[int], open_to: Mapping[int, Sequence[int]]
) -> tuple[list[Placement], LogLikelihood]:
    """The plots of one scan, each boat making one at most; it says nothing of which grouping is the better one."""
    boats, groups = len(ground.groups), sorted(set().union(*open_to.values()))
    odds = np.zeros((len(groups), len(parcel)))
    for k, u in enumerate(parcel):
        own = ground.own(u, boats)
        odds[:, k] = [math.exp(min(v - own, 60.0)) for v in ground.beside(u, [(g, ()) for g in groups], boats)]
    found = marginals(odds)
    about, none = found.about.T.tolist(), found.none.tolist()
    return [Placement(dict(zip(groups, row, strict=True)), 0.0, p) for row, p in zip(about, none, strict=True)], 0.0
