"""What a group of messages weighs as one boat, and what the number of boats weighs: the prior and the evidence.

The night is Poisson in its boats with a rate that the night itself makes known, each boat is heard of again with a
probability that the night makes known too, and a report may be of no boat at all (docs/association.md, equations 1-4).
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain
from typing import Final

import numpy as np

from cordiale.association.kernel import evidence
from cordiale.association.law import (
    BOATS_IN,
    BOATS_KNOWN,
    CLUTTER,
    CLUTTER_ELSE,
    CONTACTS,
    CONTACTS_WEIGH,
    GAPS,
    MEAN_GAP,
    MEAN_GAP_WEIGHS,
    ONCE,
    SEEN_GAP,
    SHARES_OF_GAPS,
    SILENT_SHARE,
)
from cordiale.association.message import Message
from cordiale.association.searched import alone_missed
from cordiale.association.tables import Tables, combined
from cordiale.belief.report import Report
from cordiale.earth.units import FloatArray, IntArray, LogLikelihood, Probability, Seconds, hours

Group = tuple[int, ...]
KEPT: Final = 400_000  # groups whose weight is kept, about 60 MB
LONGEST_GAP: Final[Seconds] = 6 * hours  # judgement: a longer silence says nothing of how often boats call
NEIGHBOURS: Final = 40  # messages through which a message may find its boat
SUREST: Final = 12  # of them, through which groups are first joined up
WITHIN: Final[Seconds] = 5 * hours  # judgement: further apart, only a caller or a chain of others joins two messages
AT_ONCE: Final = 400_000  # pairs weighed together


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Log weights of groups; what was once worked out is kept. `never` are messages that must not stand together."""

    tables: Tables
    names: tuple[int, ...]
    telling: tuple[Report, ...]
    callers: tuple[int, ...]
    ends: tuple[tuple[LogLikelihood, LogLikelihood], ...]
    clutter: FloatArray
    span: Seconds
    never: Mapping[int, frozenset[int]] = field(default_factory=dict)
    kept: dict[int, LogLikelihood] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Number of messages."""
        return len(self.names)

    def key(self, members: Sequence[int]) -> int:
        """A number for a set of messages: the same in any order, 128 bits."""
        key = 0
        for i in members:
            key ^= self.names[i]
        return key

    def worth(self, groups: Sequence[Group], keys: Sequence[int]) -> list[LogLikelihood]:
        """Log evidence of each group as one boat against a boat for each message."""
        kept = self.kept
        missing = [k for k, key in enumerate(keys) if key not in kept]
        if missing:
            if len(kept) > KEPT:
                kept.clear()
                missing = list(range(len(keys)))
            values = self.parts([groups[k] for k in missing]).sum(axis=1)
            for k, value in zip(missing, values, strict=True):
                kept[keys[k]] = float(value) + self.end(groups[k])
        return [kept[key] for key in keys]

    def parts(self, groups: Sequence[Group]) -> FloatArray:
        """The same in its parts, (groups, PARTS)."""
        starts = np.array(list(accumulate((len(g) for g in groups), initial=0)), dtype=np.int64)
        members = np.array(list(chain.from_iterable(groups)), dtype=np.int64)
        return np.asarray(evidence(self.tables, members, starts))

    def end(self, group: Group) -> LogLikelihood:
        """Log probability that nothing more was heard of a boat after these contacts."""
        return self.ends[group[-1]][len(group) > 1]

    def of_new(self, boats: int) -> LogLikelihood:
        """Log of how much one more boat weighs where there are so many others, in 1/h."""
        return math.log((BOATS_KNOWN + boats) / ((BOATS_IN + self.span) / hours))

    def alone(self, i: int, new: LogLikelihood) -> LogLikelihood:
        """What being nobody's adds to a message that stands alone."""
        return math.log1p(float(self.clutter[i]) / math.exp(new + self.ends[i][0]))


def forbidden(weights: Weights, block: Group, group: Group) -> bool:
    """Whether a person said that some message of one never stands with some message of the other."""
    never = weights.never
    return bool(never) and any(not never.get(i, frozenset()).isdisjoint(group) for i in block)


def real(weights: Weights, i: int, boats: int) -> Probability:
    """Probability that a message that stands alone is about a boat."""
    return math.exp(-weights.alone(i, weights.of_new(boats)))


def weights_of(messages: Sequence[Message], tables: Tables, never: Mapping[int, frozenset[int]]) -> Weights:
    """The weights of messages in order of event."""
    times = tables.time
    return Weights(
        tables=tables,
        names=tuple(_name(m) for m in messages),
        telling=tuple(combined(m) for m in messages),
        callers=tuple(tables.caller.tolist()),
        ends=_ends(tables, 1 / CONTACTS),
        clutter=np.array([CLUTTER.get(m.lead.kind, CLUTTER_ELSE) for m in messages]),
        span=float(times[-1] - times[0]) if times.size else 0.0,
        never=never,
    )


def _name(message: Message) -> int:
    return int.from_bytes(hashlib.blake2b(message.lead.name.encode(), digest_size=16).digest(), "little")


def told_by_the_night(weights: Weights, groups: Sequence[Group]) -> Weights:
    """The same weights with how often the boats of this night call, drawn towards the judgements as far as there are
    few: the mean time to the next contact and the share of last contacts.
    """
    time = weights.tables.time
    several = [g for g in groups if len(g) > 1]
    called = [[i for i in g if not weights.tables.seen[i]] for g in several]
    gaps = np.concatenate([np.diff(time[calls]) for calls in called] or [np.zeros(0)])
    gaps = gaps[gaps < LONGEST_GAP]
    mean = float((MEAN_GAP * MEAN_GAP_WEIGHS + gaps.sum()) / (MEAN_GAP_WEIGHS + gaps.size))
    last = (CONTACTS_WEIGH + len(several)) / (CONTACTS_WEIGH * CONTACTS + sum(len(g) for g in several))
    tables = weights.tables.with_gaps(mean)
    return replace(weights, tables=tables, ends=_ends(tables, last), kept={})


def _ends(tables: Tables, last: Probability) -> tuple[tuple[LogLikelihood, LogLikelihood], ...]:
    """Log probability that nothing more was heard by the end of the set after each message: alone, and after others.
    Alone, and were it a boat that nobody aboard spoke of, also that no search found her.
    """
    if not tables.time.size:
        return ()
    left = (tables.latest.max() - tables.time)[:, None]
    called = (SHARES_OF_GAPS * np.exp(-left / (GAPS * float(tables.scale[0])))).sum(axis=1)
    quiet = np.where(tables.seen, np.exp(-left[:, 0] / SEEN_GAP), called)
    once = np.where(tables.ends, SILENT_SHARE, last * ONCE)
    first = np.log(once + (1 - once) * quiet) + alone_missed(tables)
    later = np.log(last + (1 - last) * quiet)
    return tuple(zip(first.tolist(), later.tolist(), strict=True))


def neighbours(weights: Weights) -> tuple[list[list[int]], list[tuple[LogLikelihood, int, int]]]:
    """For every message those through which it may find its boat, surest first; and the surest pairs.

    Space and time are asked first, and only pairs that a boat could make are weighed.
    """
    first, second = _possible(weights.tables)
    value = np.empty(first.size)
    for k in range(0, first.size, AT_ONCE):
        part = slice(k, k + AT_ONCE)
        members = np.stack([first[part], second[part]], axis=1).ravel()
        value[part] = evidence(weights.tables, members, np.arange(0, members.size + 1, 2)).sum(axis=1)
    likely = value > _least(weights)
    first, second, value = first[likely], second[likely], value[likely]
    both, other, doubled = np.concatenate([first, second]), np.concatenate([second, first]), np.tile(value, 2)
    order = np.lexsort((other, -doubled, both))
    both, other, doubled = both[order], other[order], doubled[order]
    limits = np.searchsorted(both, np.arange(weights.count + 1))
    near = [other[a : min(b, a + NEIGHBOURS)].tolist() for a, b in zip(limits[:-1], limits[1:], strict=True)]
    surest = np.arange(both.size) - limits[both] < SUREST
    links = zip(doubled[surest].tolist(), both[surest].tolist(), other[surest].tolist(), strict=True)
    return near, sorted({(value, min(i, j), max(i, j)) for value, i, j in links})


def _least(weights: Weights) -> LogLikelihood:
    """Pairs that weigh less are no way for a message to find its boat."""
    return weights.of_new(max(weights.count // 10, 1)) - 9.0


def _possible(tables: Tables) -> tuple[IntArray, IntArray]:
    """Pairs of messages within hours that a boat could join; and those of one caller, however far apart."""
    count = tables.time.size
    firsts, seconds = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    placed = tables.first[1:] > tables.first[:-1]
    at = np.where(placed, tables.first[:-1], 0)
    east, north, radius = (
        x[at] if x.size else np.zeros(count) for x in (tables.told_east, tables.told_north, tables.reach)
    )
    several = np.diff(tables.first) > 1
    for i in range(count - 1):
        j = np.arange(i + 1, np.searchsorted(tables.time, tables.time[i] + WITHIN, side="right"))
        away = np.hypot(east[j] - east[i], north[j] - north[i]) - radius[j] - radius[i]
        within = away <= 4.5 * (tables.time[j] - tables.time[i]) + 3000.0  # judgement: 9 kn made good, and 3 km
        own = (tables.caller[i] >= 0) & (tables.caller[j] == tables.caller[i])
        j = j[~placed[j] | (not placed[i]) | within | several[j] | several[i] | own]
        later = np.flatnonzero(tables.caller[i + 1 :] == tables.caller[i]) + i + 1
        if tables.caller[i] >= 0 and later.size:
            j = np.union1d(j, later)
        firsts.append(np.full(j.size, i))
        seconds.append(j)
    return np.concatenate(firsts), np.concatenate(seconds)


__all__ = ["Group", "Weights", "neighbours", "told_by_the_night", "weights_of"]
