"""Which messages belong together: Gibbs sampling over partitions of the messages into boats.

Each message in turn leaves its boat and is given to one again, with the probabilities that its position, its time and what it said
give it beside the messages of each boat, before and after it, against a boat of its own. Sweep by sweep this visits the partitions
as often as they are probable; how often two messages stand together is the probability that they are about the same boat.
Every sweep costs the same number of moves, chance is a named stream, and the messages are in order of event: the same set gives the
same answer.

Source: Gibbs sampling, Geman and Geman (1984); for partitions, Neal, J. Comp. Graph. Stat. 9 (2000) 249-265, algorithm 3.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Final

import numpy as np

from cordiale.association.attributes import log_factors
from cordiale.association.disposition import Reason
from cordiale.association.kinematics import Transitions, kept_way
from cordiale.association.message import Message
from cordiale.belief.report import Report
from cordiale.belief.scenario import reported_under_way
from cordiale.earth.chance import Stream
from cordiale.earth.units import Fraction, FloatArray, Instant, IntArray, LogLikelihood, Probability, Seconds, hours, km, minutes

# Judgement: boats afloat that nobody has reported, against each of which a known boat weighs 1. About forty boats tried on 24
# November 2021 and half of them called (press, read second-hand); twenty silent ones, each four hours at sea of a night of thirteen.
UNREPORTED: Final = 6.0
# Judgement: the waters on which boats are met, between Dungeness, the North Foreland, Dunkirk and Boulogne.
WATERS: Final = 3000 * km**2
CONTACT_FADES: Final[Seconds] = 1 * hours  # judgement: how soon the next contact of a boat that calls is to be expected
LONG_SILENCE: Final[Fraction] = 0.1  # judgement: and how likely it comes at any later time
NOWHERE: Final = math.exp(-5.0) / WATERS  # a density (1/m2) that nothing but a shared phone makes up for
SHORTEST: Final[Seconds] = 5 * minutes  # positions closer in time say nothing of the way between them
WAY_DOUBT: Final[Probability] = 0.1  # judgement: an engine said to be stopped may run again, one running may have failed
LATE_DEPARTURE: Final[LogLikelihood] = math.log(0.02)  # judgement: boats do beach and leave again, seldom
HOPELESS: Final[LogLikelihood] = -14.0  # one in a million against a new boat: not worth asking what was said
UNLIKELY: Final[LogLikelihood] = -7.0  # the same where no phone is shared: the other words together seldom add more than 4
CHAINS, SETTLING, SWEEPS = 2, 4, 16  # streams of chance, sweeps before counting, sweeps counted


@dataclass(slots=True)
class Scores:
    """The log weight of any message beside any group of others, kept for the length of one association."""

    messages: Sequence[Message]
    transitions: Transitions
    said: dict[tuple[int, tuple[int, ...]], tuple[Reason, ...]] = field(default_factory=dict)
    adrift: list[list[float]] = field(default_factory=list)
    under_way: list[list[float]] = field(default_factory=list)
    parts: dict[tuple[int, ...], tuple[tuple[int, ...], tuple[int, ...]]] = field(default_factory=dict)
    best: list[list[float]] = field(default_factory=list)
    kept: dict[tuple[int, int, int], tuple[float, Probability]] = field(default_factory=dict)
    way: list[Probability] = field(default_factory=list)
    said_way: list[bool] = field(default_factory=list)
    phone: list[str | None] = field(default_factory=list)
    silent: list[bool] = field(default_factory=list)
    times: list[Instant] = field(default_factory=list)
    placed: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        leads = [m.lead for m in self.messages]
        self.said_way = [r.boat.engine is not None or r.boat.state is not None for r in leads]
        self.way = [min(max(reported_under_way(r), WAY_DOUBT), 1 - WAY_DOUBT) for r in leads]
        said = [combined(m) for m in self.messages]
        self.phone = [r.caller for r in said]
        self.silent = [_says_nothing(r) and r.kind != "departure" for r in said]
        self.adrift = self.transitions.adrift.tolist()
        self.best = np.maximum(self.transitions.adrift, self.transitions.under_way).tolist()
        self.under_way = self.transitions.under_way.tolist()
        self.times = [m.at for m in self.messages]
        self.placed = [m.placed is not None for m in self.messages]

    def beside(self, i: int, others: tuple[int, ...]) -> LogLikelihood:
        """Log of the odds of message i beside the others (in order, without i), against a boat nobody has reported."""
        shared = self._phone_shared(i, others)
        if not shared and self._far(i, others):
            return -math.inf
        total = self.position(i, others) + self.silence(i, others) - math.log(UNREPORTED)
        if self.silent[i] or total < (HOPELESS if shared else UNLIKELY):
            return total
        return total + sum(r.log_bayes_factor for r in self.words(i, others))

    def _far(self, i: int, others: tuple[int, ...]) -> bool:
        """Whether the position before or after it makes this one so unlikely that nothing said makes up for it."""
        if not self.placed[i]:
            return False
        placed, _ = self._known(others)
        k = bisect_left(placed, i)
        before = k > 0 and self.best[placed[k - 1]][i] < NOWHERE
        return before or (k < len(placed) and self.best[i][placed[k]] < NOWHERE)

    def _phone_shared(self, i: int, others: tuple[int, ...]) -> bool:
        phone = self.phone[i]
        return phone is not None and any(self.phone[j] == phone for j in others)

    def position(self, i: int, others: tuple[int, ...]) -> LogLikelihood:
        """Log of the density of its position beside the others over an even one on the waters; 0 without positions."""
        if not self.placed[i]:
            return 0.0
        placed, _ = self._known(others)
        k = bisect_left(placed, i)
        earlier, later = placed[max(k - 2, 0) : k], placed[k : k + 2]
        path, shorter = [*earlier, i, *later], [*earlier, *later]
        if len(path) == 1:
            return 0.0
        with_it, without = self._along(path, others), self._along(shorter, others)
        if with_it == -math.inf or without == -math.inf:
            return -math.inf
        return with_it - without + math.log(WATERS)

    def _along(self, path: list[int], group: tuple[int, ...]) -> LogLikelihood:
        """Log density of a path of positions, each given the two before it; the first is taken as given."""
        total = 0.0
        for k in range(1, len(path)):
            density = self._step(path[k - 2] if k > 1 else None, path[k - 1], path[k], group)
            if density <= 0:
                return -math.inf
            total += math.log(density)
        return total

    def _step(self, h: int | None, i: int, j: int, group: tuple[int, ...]) -> float:
        """Density of position j after position i (and h), keeping her way, or under way or adrift by what was last said."""
        way = self.way[i]
        if not self.said_way[i]:
            _, said = self._known(group)
            k = bisect_left(said, i)
            way = self.way[said[k - 1]] if k else way
        density = way * self.under_way[i][j] + (1 - way) * self.adrift[i][j]
        if h is None or density <= 0 or self.transitions.time[h, i] < SHORTEST:
            return density
        if (h, i, j) not in self.kept:
            self.kept[h, i, j] = kept_way(self.transitions, h, i, j)
        kept, share = self.kept[h, i, j]
        return share * kept + (1 - share) * density

    def _known(self, group: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Those of a group that have a position, and those that say whether she makes way."""
        if group not in self.parts:
            placed = tuple(j for j in group if self.placed[j])
            self.parts[group] = placed, tuple(j for j in group if self.said_way[j])
        return self.parts[group]

    def silence(self, i: int, others: tuple[int, ...]) -> LogLikelihood:
        """Log of how expected a contact is at that time, beside the contacts before and after it."""
        k = bisect_left(others, i)
        here = self.times[i]
        total = 0.0
        if k > 0:
            total += _log_expected(here - self.times[others[k - 1]])
        if k < len(others):
            total += _log_expected(self.times[others[k]] - here)
        if 0 < k < len(others):
            total -= _log_expected(self.times[others[k]] - self.times[others[k - 1]])
        return total

    def words(self, i: int, others: tuple[int, ...]) -> tuple[Reason, ...]:
        """The log Bayes factors of what was said."""
        key = (i, others)
        if key not in self.said:
            told = [r for j in others for r in self.messages[j].tellings]
            reasons = log_factors(combined(self.messages[i]), told)
            if self.messages[i].lead.kind == "departure" and others and others[0] < i:
                reasons += (Reason(key="departure_after", log_bayes_factor=LATE_DEPARTURE),)
            self.said[key] = reasons
        return self.said[key]

    def whole(self, members: tuple[int, ...]) -> LogLikelihood:
        """Log evidence of a boat with these messages, each beside those before it, against each on its own."""
        return sum(self.beside(i, members[:k]) for k, i in enumerate(members) if k)

    def gain(self, a: tuple[int, ...], worth_a: LogLikelihood, b: tuple[int, ...], worth_b: LogLikelihood) -> LogLikelihood:
        """Log odds that two groups of known evidence are one boat and not two."""
        if len(a) < len(b):
            a, worth_a, b, worth_b = b, worth_b, a, worth_a
        return self.added(a, b) - worth_b

    def added(self, group: tuple[int, ...], block: tuple[int, ...]) -> LogLikelihood:
        """Log evidence that a block of messages adds to a group, one after the other."""
        total = 0.0
        for i in block:
            odds = self.beside(i, group)
            if odds < HOPELESS:
                return -math.inf
            total += odds
            group = _with(group, i)
        return total


def combined(message: Message) -> Report:
    """The first telling that describes anything; a relay adds no second statement, but may hold the only one."""
    return next((r for r in message.tellings if r.persons or r.boat.colour or r.caller), message.lead)


def _says_nothing(report: Report) -> bool:
    boat = report.boat
    return not (report.persons or report.caller or boat.colour or boat.length_m or boat.engine)


def together(scores: Scores, stream: Stream) -> tuple[FloatArray, list[IntArray]]:
    """How often each two messages were about one boat, shape (n, n), and the partitions visited (labels of shape (n,))."""
    count = len(scores.messages)
    same = np.zeros((count, count))
    visited: list[IntArray] = []
    start = joined_up(scores, [(i,) for i in range(count)])
    for chain in range(CHAINS):
        chance = stream.child(f"chain {chain}")
        groups = start
        for sweep in range(SETTLING + SWEEPS):
            uniforms = chance.uniforms(np.arange(count), sweep)
            groups = swept(scores, groups, uniforms[:, 0])
            groups = phones_moved(scores, groups, uniforms[:, 1])
            if sweep < SETTLING:
                groups = joined_up(scores, groups)
            else:
                labels = labels_of(groups, count)
                visited.append(labels)
                same += labels[:, None] == labels[None, :]
    return same / (CHAINS * SWEEPS), visited


def phones_moved(scores: Scores, groups: list[tuple[int, ...]], uniforms: FloatArray) -> list[tuple[int, ...]]:
    """All messages of one phone that stand together leave as one and are given to a group again: single ones seldom do.

    The block that moves is the same before and after, so that this is a Gibbs step too.
    """
    blocks: dict[str, list[int]] = {}
    for i, phone in enumerate(scores.phone):
        if phone is not None:
            blocks.setdefault(phone, []).append(i)
    for members in blocks.values():
        block = tuple(members)
        home = next(k for k, g in enumerate(groups) if block[0] in g)
        if len(block) == 1 or not set(block) <= set(groups[home]):
            continue
        left = tuple(j for j in groups[home] if j not in block)
        groups = [g for k, g in enumerate(groups) if k != home] + ([left] if left else [])
        own = scores.whole(block)
        odds = [scores.added(g, block) - own for g in groups]
        pick = _drawn(odds, float(uniforms[block[0]]))
        if pick < 0:
            groups.append(block)
        else:
            groups[pick] = tuple(sorted((*groups[pick], *block)))
    return sorted(groups)


def _drawn(log_odds: Sequence[LogLikelihood], uniform: float) -> int:
    """The group drawn by the odds; -1 for a new one."""
    shares, new = chances(log_odds)
    steps = np.cumsum([new, *shares])
    return int(np.searchsorted(steps, uniform * steps[-1])) - 1


def joined_up(scores: Scores, given: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Groups joined two by two, the surest first, as long as that raises the evidence: a known phone before a likely position."""
    groups = dict(enumerate(sorted(given)))
    worth = {k: scores.whole(g) for k, g in groups.items()}
    queue = [
        (-gain, a, b)
        for a in groups
        for b in groups
        if a < b and (gain := scores.gain(groups[a], worth[a], groups[b], worth[b])) > 0
    ]
    heapify(queue)
    fresh = len(groups)
    while queue:
        gain, a, b = heappop(queue)
        if a not in groups or b not in groups:
            continue
        both = tuple(sorted((*groups[a], *groups[b])))
        value = worth[a] + worth[b] - gain
        del groups[a], groups[b]
        for other, members in groups.items():
            better = scores.gain(both, value, members, worth[other])
            if better > 0:
                heappush(queue, (-better, other, fresh))
        groups[fresh], worth[fresh] = both, value
        fresh += 1
    return sorted(groups.values())


def swept(scores: Scores, groups: list[tuple[int, ...]], uniforms: FloatArray) -> list[tuple[int, ...]]:
    """One sweep: every message leaves and is given to a group again by the odds."""
    for i, uniform in enumerate(uniforms):
        home = next(k for k, g in enumerate(groups) if i in g)
        left = tuple(j for j in groups[home] if j != i)
        groups = [g for k, g in enumerate(groups) if k != home] + ([left] if left else [])
        pick = _drawn([scores.beside(i, g) for g in groups], float(uniform))
        if pick < 0:
            groups.append((i,))
        else:
            groups[pick] = _with(groups[pick], i)
    return sorted(groups)


def chances(log_odds: Sequence[LogLikelihood]) -> tuple[list[float], float]:
    """Probabilities of each group and of a new one, from log odds against the new one."""
    top = max([0.0, *log_odds])
    weights = [math.exp(x - top) for x in log_odds]
    new = math.exp(-top)
    total = sum(weights) + new
    return [w / total for w in weights], new / total


def labels_of(groups: Sequence[tuple[int, ...]], count: int) -> IntArray:
    """The group of each message as a number; groups count from the one with the earliest message."""
    labels = np.empty(count, dtype=np.int64)
    for label, group in enumerate(sorted(groups)):
        labels[list(group)] = label
    return labels


def agreed(same: FloatArray, visited: Sequence[IntArray], least: float = 0.5) -> IntArray:
    """The partition that agrees best with the probabilities: pairs together above `least`, apart below it.

    Source: Binder, Biometrika 65 (1978) 31-38. The best of those visited, improved message by message.
    """
    gain = same - least
    np.fill_diagonal(gain, 0.0)
    values = [float((gain * (labels[:, None] == labels[None, :])).sum()) for labels in visited]
    labels = visited[int(np.argmax(values))].copy()
    for _ in range(20):
        before = labels.copy()
        for i in range(labels.size):
            totals = np.bincount(labels, gain[i], minlength=labels.size + 1)
            others = np.flatnonzero(np.bincount(np.delete(labels, i), minlength=labels.size + 1) > 0)
            best = others[int(np.argmax(totals[others]))] if others.size else -1
            labels[i] = best if best >= 0 and totals[best] > 0 else _free(labels, i)
        if (labels == before).all():
            break
    return labels


def votes(visited: Sequence[IntArray], labels: IntArray) -> FloatArray:
    """How often each message stood with each group of the agreed partition: shape (n, groups + 1), rows sum to 1.

    In every partition visited a message votes for the group that most of its companions come from; alone, for the last column.
    """
    count, groups = labels.size, int(labels.max()) + 1
    total = np.zeros((count, groups + 1))
    for sample in visited:
        companions = np.zeros((int(sample.max()) + 1, groups))
        np.add.at(companions, (sample, labels), 1.0)
        own = companions[sample]
        own[np.arange(count), labels] -= 1
        # on a tie the group it was given to, so that two pieces of one boat do not take turns
        own[np.arange(count), labels] += 0.5 * (own[np.arange(count), labels] > 0)
        winner = np.where(own.max(axis=1) > 0, own.argmax(axis=1), groups)
        total[np.arange(count), winner] += 1
    return total / len(visited)


def _free(labels: IntArray, i: int) -> int:
    used = set(np.delete(labels, i).tolist())
    return int(labels[i]) if int(labels[i]) not in used else next(k for k in range(labels.size + 1) if k not in used)


def _with(group: tuple[int, ...], i: int) -> tuple[int, ...]:
    k = bisect_left(group, i)
    return (*group[:k], i, *group[k:])


def _log_expected(gap: Seconds) -> LogLikelihood:
    return math.log(LONG_SILENCE + (1 - LONG_SILENCE) * math.exp(-gap / CONTACT_FADES))
