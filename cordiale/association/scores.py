"""What a message weighs beside a group of others, by position, time and words, against a boat nobody reported.

All logarithms are natural. The judgements on this page are the knobs of the association: docs/association.md.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cordiale.association.attributes import Heard, log_factors, log_weight
from cordiale.association.disposition import Reason
from cordiale.association.kinematics import Transitions, kept_way
from cordiale.association.message import Message
from cordiale.belief.report import Report
from cordiale.belief.scenario import reported_under_way
from cordiale.earth.units import (
    Fraction,
    Instant,
    LogLikelihood,
    Probability,
    Seconds,
    hours,
    km,
    minutes,
)

# Judgement: boats afloat that nobody has reported, against each of which a known boat weighs 1. About forty boats
# tried on 24 November 2021 and half of them called (press, read second-hand); twenty silent ones, each four hours at
# sea of a night of thirteen.
UNREPORTED: Final = 6.0
# Judgement: the waters on which boats are met, between Dungeness, the North Foreland, Dunkirk and Boulogne.
WATERS: Final = 3000 * km**2
LOG_UNREPORTED: Final = math.log(UNREPORTED)
LOG_WATERS: Final = math.log(WATERS)
CONTACT_FADES: Final[Seconds] = 1 * hours  # judgement: how soon the next contact of a boat that calls is to be expected
LONG_SILENCE: Final[Fraction] = 0.1  # judgement: and how likely it comes at any later time
NOWHERE: Final = math.exp(-5.0) / WATERS  # a density (1/m2) that nothing but a shared phone makes up for
SHORTEST: Final[Seconds] = 5 * minutes  # positions closer in time say nothing of the way between them
# Judgement: an engine said to be stopped may run again, one running may have failed.
WAY_DOUBT: Final[Probability] = 0.1
LATE_DEPARTURE: Final[LogLikelihood] = math.log(0.02)  # judgement: boats do beach and leave again, seldom
HOPELESS: Final[LogLikelihood] = -14.0  # one in a million against a new boat: not worth asking what was said
# The same where no caller is shared: the other words together seldom add more than 4.
UNLIKELY: Final[LogLikelihood] = -7.0
LONGEST: Final = 600_000  # entries of a ledger, about 200 MB


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """What messages were found to weigh beside others, kept between sets of messages under one environment.

    A weight follows from the messages it is about and from nothing else, so that it holds in every set they are in.
    Messages are numbered as they are first met; `odds` are keyed by the number of one and those of the others
    in order of event. A ledger changes the time an association takes and nothing else.
    """

    numbers: dict[Message, int] = field(default_factory=dict)
    odds: dict[tuple[int, ...], LogLikelihood] = field(default_factory=dict)

    def numbered(self, messages: Sequence[Message]) -> list[int]:
        """The number of each message; a ledger that has grown too long is first begun anew."""
        if len(self.odds) > LONGEST:
            self.numbers.clear()
            self.odds.clear()
        return [self.numbers.setdefault(m, len(self.numbers)) for m in messages]


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Scores:
    """The log weight of any message beside any group of others; what was once worked out is kept as long as it lives.

    Lists are by message: when, whether it has a position and says whether she makes way, how likely she does, the
    telling that describes most, its caller, whether it says nothing that compares; `adrift`, `under_way` and `best` are
    the transition densities as lists of lists.
    """

    messages: Sequence[Message]
    transitions: Transitions
    times: list[Instant]
    placed: list[bool]
    said_way: list[bool]
    way: list[Probability]
    telling: list[Report]
    caller: list[str | None]
    silent: list[bool]
    adrift: list[list[float]]
    under_way: list[list[float]]
    best: list[list[float]]
    ledger: "Ledger"
    ids: list[int]
    odds: dict[tuple[int, tuple[int, ...]], LogLikelihood] = field(default_factory=dict)
    heard: dict[tuple[int, ...], Heard] = field(default_factory=dict)
    parts: dict[tuple[int, ...], tuple[tuple[int, ...], tuple[int, ...]]] = field(default_factory=dict)
    kept: dict[tuple[int, int, int], tuple[Probability, Probability]] = field(default_factory=dict)

    def beside(self, i: int, others: tuple[int, ...]) -> LogLikelihood:
        """Log of the odds of message i beside the others (in order, without i), against a boat nobody has reported.

        What was once worked out is looked up: first under the numbers of this set, then under those of the ledger.
        """
        key = (i, others)
        known = self.odds.get(key)
        if known is None:
            lasting = self._lasting(i, others)
            known = self.ledger.odds.get(lasting)
            if known is None:
                known = self.ledger.odds[lasting] = self._weighed(i, others)
            self.odds[key] = known
        return known

    def _lasting(self, i: int, others: tuple[int, ...]) -> tuple[int, ...]:
        """The ledger's numbers of a message and of those it stands beside."""
        ids = self.ids
        return (ids[i], *[ids[j] for j in others])

    def _weighed(self, i: int, others: tuple[int, ...]) -> LogLikelihood:
        shared = self._caller_shared(i, others)
        if not shared and self._far(i, others):
            return -math.inf
        total = self.position(i, others) + self.silence(i, others) - LOG_UNREPORTED
        if self.silent[i] or total < (HOPELESS if shared else UNLIKELY):
            return total
        total += log_weight(self.telling[i], self._heard(others))
        return total + LATE_DEPARTURE if self._departs_late(i, others) else total

    def _far(self, i: int, others: tuple[int, ...]) -> bool:
        """Whether the position before or after it makes this one so unlikely that nothing said makes up for it."""
        if not self.placed[i]:
            return False
        placed, _ = self._known(others)
        k = bisect_left(placed, i)
        before = k > 0 and self.best[placed[k - 1]][i] < NOWHERE
        return before or (k < len(placed) and self.best[i][placed[k]] < NOWHERE)

    def _caller_shared(self, i: int, others: tuple[int, ...]) -> bool:
        caller = self.caller[i]
        return caller is not None and caller in [self.caller[j] for j in others]

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
        return with_it - without + LOG_WATERS

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
        """Density of position j after position i (and h), keeping her way, or under way or adrift by what was last
        said.
        """
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
        """The log Bayes factors of what was said, each with its words."""
        reasons = log_factors(self.telling[i], [r for j in others for r in self.messages[j].tellings])
        if self._departs_late(i, others):
            reasons += (Reason(key="departure_after", log_bayes_factor=LATE_DEPARTURE),)
        return reasons

    def _departs_late(self, i: int, others: tuple[int, ...]) -> bool:
        return bool(others) and others[0] < i and self.messages[i].lead.kind == "departure"

    def _heard(self, group: tuple[int, ...]) -> Heard:
        """What the messages of a group said, from the longest beginning of it that is kept."""
        if not group:
            return Heard()
        if group not in self.heard:
            said = self._heard(group[:-1])
            for report in self.messages[group[-1]].tellings:
                said = said.with_report(report)
            self.heard[group] = said
        return self.heard[group]

    def whole(self, members: tuple[int, ...]) -> LogLikelihood:
        """Log evidence of a boat with these messages, each beside those before it, against each on its own."""
        return sum(self.beside(i, members[:k]) for k, i in enumerate(members) if k)

    def gain(
        self, a: tuple[int, ...], worth_a: LogLikelihood, b: tuple[int, ...], worth_b: LogLikelihood
    ) -> LogLikelihood:
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
            group = with_one(group, i)
        return total


def scores_of(messages: Sequence[Message], transitions: Transitions, ledger: Ledger | None = None) -> Scores:
    """The scores of a set of messages in order of event; a ledger of the same environment saves working them out."""
    kept = ledger if ledger is not None else Ledger()
    leads = [m.lead for m in messages]
    said = [combined(m) for m in messages]
    return Scores(
        messages=messages,
        transitions=transitions,
        ledger=kept,
        ids=kept.numbered(messages),
        times=[m.at for m in messages],
        placed=[m.placed is not None for m in messages],
        said_way=[r.boat.engine is not None or r.boat.state is not None for r in leads],
        way=[min(max(reported_under_way(r), WAY_DOUBT), 1 - WAY_DOUBT) for r in leads],
        telling=said,
        caller=[r.caller for r in said],
        silent=[_says_nothing(r) and r.kind != "departure" for r in said],
        adrift=transitions.adrift.tolist(),
        under_way=transitions.under_way.tolist(),
        best=np.maximum(transitions.adrift, transitions.under_way).tolist(),
    )


def combined(message: Message) -> Report:
    """The first telling that describes anything; a relay adds no second statement, but may hold the only one."""
    return next((r for r in message.tellings if r.persons or r.boat.colour or r.caller), message.lead)


def _says_nothing(report: Report) -> bool:
    boat = report.boat
    return not (report.persons or report.caller or boat.colour or boat.length_m or boat.engine)


def with_one(group: tuple[int, ...], i: int) -> tuple[int, ...]:
    """A group with one more message, in order."""
    k = bisect_left(group, i)
    return (*group[:k], i, *group[k:])


def _log_expected(gap: Seconds) -> LogLikelihood:
    return math.log(LONG_SILENCE + (1 - LONG_SILENCE) * math.exp(-gap / CONTACT_FADES))
