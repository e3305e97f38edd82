"""What was said about a boat as evidence: persons, length, colour, engine, caller. Each gives a log Bayes factor.

A factor compares "about this boat" with "about some other boat of the night". None of them can forbid: every one has a
floor, so that a wrong number or a colour mistaken in the dark never separates a boat from its own calls for good. All
scales are judgements, with what they lean on beside them.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cordiale.association.disposition import Reason
from cordiale.belief.report import Between, Engine, Report
from cordiale.earth.units import Fraction, Instant, LogLikelihood, Probability, Quantity, Seconds, hours


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """How a number varies between boats, and how wrong people are about it."""

    mean: Quantity
    between_boats: Quantity
    said: Quantity


# Persons: 6,971 people in 209 boats in November 2021 (Home Office, read second-hand) is 33.4 a boat; the spread
# between boats is a judgement. The error of a statement is a judgement that leans on the 33 and 40 said of one boat on
# 24 November 2021.
PERSONS: Final = Scale(mean=33.4, between_boats=10.0, said=5.0)
# Length: 7.5 m mean in November 2021 (Cranston 3.25, read second-hand); the spreads are judgements.
LENGTH: Final = Scale(mean=7.5, between_boats=1.0, said=0.8)
OUTLIER: Final[Probability] = 0.05  # judgement: one number in twenty is simply wrong
# Judgement: shares of tube colours among the boats of one night; a colour not in the table counts as the rarest.
COLOURS: Final[Mapping[str, Probability]] = {"black": 0.4, "grey": 0.3, "white": 0.15, "blue": 0.15}
RAREST: Final[Probability] = min(COLOURS.values())
COLOUR_RIGHT: Final[Probability] = 0.8  # judgement: said at night, from the water
# Each phone calls as often as any other, so that a boat with more phones calls more often and none is split for having
# several. Judgement: one contact in fifty comes from a phone heard on another boat (passed on, or ashore and speaking
# for several), and then from one of about twenty phones of the boats that left with her.
CALLER_PASSED_ON: Final[Probability] = 0.02 / 20
CALLER_AGAIN: Final[Probability] = 0.65  # judgement: so many of the known phones of a boat were heard on her before
CALLER_KNOWN: Final[LogLikelihood] = math.log(CALLER_AGAIN / CALLER_PASSED_ON)
CALLER_NEW: Final[LogLikelihood] = math.log(1 - CALLER_AGAIN)
ENGINE_HOLDS: Final[Seconds] = 1 * hours  # judgement: within an hour an engine is as it was three times in four
ENGINE_SAME: Final[Probability] = 0.75
FLOOR: Final[LogLikelihood] = math.log(
    0.02
)  # judgement: no single attribute speaks stronger than 1 : 50 against a boat


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number as several statements leave it: normal, with mean and variance."""

    mean: Quantity
    variance: Quantity

    def with_statement(self, scale: Scale, stated: Between) -> "Estimate":
        """The same after one more statement."""
        gain = self.variance / (self.variance + _error(scale, stated))
        return Estimate(self.mean + gain * (_middle(stated) - self.mean), self.variance * (1 - gain))


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What the reports of a boat said so far, one after the other, as far as it weighs.

    `colours` are the odds of each colour of the table and of those that were said, `other_colour` those of any colour
    beside them; both None and the rarest share until somebody names one.
    """

    persons: Estimate | None = None
    length: Estimate | None = None
    colours: Mapping[str, Probability] | None = None
    other_colour: Probability = RAREST
    engines: tuple[tuple[Instant, str, Engine], ...] = ()
    phones: frozenset[str] = frozenset()

    def with_report(self, report: Report) -> "Heard":
        """The same with what one more report says."""
        boat = report.boat
        if not (report.persons or boat.length_m or boat.colour or boat.engine):
            if report.caller is None or report.caller in self.phones:
                return self
            return replace(self, phones=self.phones | {report.caller})
        colours, other = self.colours, self.other_colour
        if boat.colour:
            known = {c: COLOURS.get(c, RAREST) for c in COLOURS} if colours is None else dict(colours)
            known.setdefault(boat.colour, other)
            colours = {c: odds * _said_given(boat.colour, c) for c, odds in known.items()}
            other *= _said_given(boat.colour, "")
        engines = ((report.event.middle, report.name, boat.engine),) if boat.engine else ()
        return Heard(
            persons=_learnt(PERSONS, self.persons, persons_aboard(report)),
            length=_learnt(LENGTH, self.length, boat.length_m),
            colours=colours,
            other_colour=other,
            engines=(*self.engines, *engines),
            phones=self.phones | {report.caller} if report.caller else self.phones,
        )


def heard(reports: Iterable[Report]) -> Heard:
    """What these reports said, one after the other."""
    said = Heard()
    for report in reports:
        said = said.with_report(report)
    return said


def persons_aboard(report: Report) -> Between | None:
    """The persons on board that a report tells of; a find counts those who were found, which says nothing of it."""
    return None if report.kind == "find" else report.persons


def statement(scale: Scale, stated: Between | None) -> tuple[Quantity, Quantity]:
    """A number said as its middle and the variance of its error; NaN and 0 where nothing was said."""
    return (math.nan, 0.0) if stated is None else (_middle(stated), _error(scale, stated))


def log_factors(report: Report, others: Sequence[Report]) -> tuple[Reason, ...]:
    """The log Bayes factors of what `report` says against what the other reports of a boat said, each with its words,
    largest weight first.
    """
    said = heard(others)
    persons, length = persons_aboard(report), report.boat.length_m
    found = [
        _reason("persons", _number(PERSONS, persons, said.persons), persons, map(persons_aboard, others)),
        _reason("length", _number(LENGTH, length, said.length), length, (r.boat.length_m for r in others)),
        _reason("colour", _colour(report.boat.colour, said), report.boat.colour, (r.boat.colour for r in others)),
        _reason("engine", _engine(report, said), report.boat.engine, [_last_engine(report, said)]),
        _caller_reason(report, others, said),
    ]
    return tuple(sorted((r for r in found if r), key=lambda r: -abs(r.log_bayes_factor)))


def _reason(key: str, factor: LogLikelihood | None, said: object, before: Iterable[object]) -> Reason | None:
    if factor is None:
        return None
    values = (("said", str(said)), ("before", ", ".join(sorted({str(b) for b in before if b}))))
    return Reason(key=key if factor >= 0 else f"{key}_against", values=values, log_bayes_factor=factor)


def _learnt(scale: Scale, before: Estimate | None, stated: Between | None) -> Estimate | None:
    if stated is None:
        return before
    return (before or Estimate(scale.mean, scale.between_boats**2)).with_statement(scale, stated)


def _number(scale: Scale, stated: Between | None, before: Estimate | None) -> LogLikelihood | None:
    if stated is None or before is None:
        return None
    error = _error(scale, stated)
    same = _normal(_middle(stated), before.mean, before.variance + error)
    other = _normal(_middle(stated), scale.mean, scale.between_boats**2 + error)
    return max(math.log(((1 - OUTLIER) * same + OUTLIER * other) / other), FLOOR)


def _colour(said: str | None, before: Heard) -> LogLikelihood | None:
    if said is None or before.colours is None:
        return None
    odds = dict(before.colours)
    odds.setdefault(said, before.other_colour)
    same = sum(p * _said_given(said, c) for c, p in odds.items()) / sum(odds.values())
    return max(math.log(same / COLOURS.get(said, RAREST)), FLOOR)


def _said_given(said: str, true: str) -> Probability:
    """Probability of the word for a colour when the boat has another: wrong words fall on the others by their share."""
    share = COLOURS.get(said, RAREST)
    return COLOUR_RIGHT + (1 - COLOUR_RIGHT) * share if said == true else (1 - COLOUR_RIGHT) * share


def _last_engine(report: Report, said: Heard) -> Engine | None:
    """What was said of the engine nearest in time, within an hour."""
    at = report.event.middle
    near = [(abs(then - at), name, engine) for then, name, engine in said.engines if abs(then - at) <= ENGINE_HOLDS]
    return min(near)[2] if near else None


def _engine(report: Report, said: Heard) -> LogLikelihood | None:
    if report.boat.engine is None or (last := _last_engine(report, said)) is None:
        return None
    return math.log(2 * (ENGINE_SAME if report.boat.engine == last else 1 - ENGINE_SAME))


def _caller(report: Report, said: Heard) -> LogLikelihood | None:
    if report.caller is None or not said.phones:
        return None
    return CALLER_KNOWN if report.caller in said.phones else CALLER_NEW


def _caller_reason(report: Report, others: Sequence[Report], said: Heard) -> Reason | None:
    factor = _caller(report, said)
    if factor is None:
        return None
    if factor == CALLER_NEW:
        key = "caller_new" if report.kind != "ais_plot" else "caller_of_ais_new"
        return Reason(key=key, values=(("phones", len(said.phones)),), log_bayes_factor=factor)
    earlier = min((r for r in others if r.caller == report.caller), key=lambda r: (r.received, r.name))
    key = "caller" if report.kind != "ais_plot" else "caller_of_ais"
    return Reason(key=key, values=(("before", earlier.name),), log_bayes_factor=factor)


def _error(scale: Scale, stated: Between) -> Quantity:
    """Variance of a statement: people are wrong, and an interval is a range of equal chances (width squared over
    12).
    """
    return scale.said**2 + (stated.most - stated.least) ** 2 / 12


def _middle(stated: Between) -> Quantity:
    return (stated.least + stated.most) / 2


def _normal(x: Quantity, mean: Quantity, variance: Quantity) -> Fraction:
    return math.exp(-((x - mean) ** 2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)
