"""What was said about a boat as evidence: persons, length, colour, engine, caller. Each gives a log Bayes factor.

A factor compares "about this boat" with "about some other boat of the night". None of them can forbid: every one has a
floor, so that a wrong number or a colour mistaken in the dark never separates a boat from its own calls for good. All
scales are judgements, with what they lean on beside them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cordiale.association.disposition import Reason
from cordiale.belief.report import Between, Report
from cordiale.earth.units import Fraction, LogLikelihood, Probability, Quantity, Seconds, hours


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """How a number varies between boats, and how wrong people are about it."""

    mean: Quantity
    between_boats: Quantity
    said: Quantity


# Persons: 6,971 people in 209 boats in November 2021 (Home Office, read second-hand) is 33.4 a boat; the spread
# between boats is a judgement. The error of a statement is a judgement that leans on the 33 and 40 said of one boat on
# 24 November 2021.
PERSONS: Final = Scale(mean=33.4, between_boats=10.0, said=4.0)
# Length: 7.5 m mean in November 2021 (Cranston 3.25, read second-hand); the spreads are judgements.
LENGTH: Final = Scale(mean=7.5, between_boats=1.0, said=0.8)
OUTLIER: Final[Probability] = 0.05  # judgement: one number in twenty is simply wrong
# Judgement: shares of tube colours among the boats of one night; a colour not in the table counts as the rarest.
COLOURS: Final[Mapping[str, Probability]] = {"black": 0.4, "grey": 0.3, "white": 0.15, "blue": 0.15}
COLOUR_RIGHT: Final[Probability] = 0.8  # judgement: said at night, from the water
# Each phone calls as often as any other, so that a boat with more phones calls more often and none is split for having
# several. Judgement: one contact in fifty comes from a phone heard on another boat (passed on, or ashore and speaking
# for several), and then from any of about a hundred phones of the night.
CALLER_PASSED_ON: Final[Probability] = 0.02 / 100
CALLER_AGAIN: Final[Probability] = 0.5  # judgement: half of the contacts of a boat come from a phone already heard
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

    @classmethod
    def from_statements(cls, scale: Scale, statements: Sequence[Between]) -> "Estimate":
        """The prior of the night, updated by each statement."""
        mean, variance = scale.mean, scale.between_boats**2
        for stated in statements:
            error = _error(scale, stated)
            gain = variance / (variance + error)
            mean += gain * (_middle(stated) - mean)
            variance *= 1 - gain
        return cls(mean, variance)


def log_factors(report: Report, others: Sequence[Report]) -> tuple[Reason, ...]:
    """The log Bayes factors of what `report` says against what the other reports of a boat said, largest weight
    first.
    """
    found = [
        _number("persons", PERSONS, report.persons, [r.persons for r in others if r.persons]),
        _number("length", LENGTH, report.boat.length_m, [r.boat.length_m for r in others if r.boat.length_m]),
        _colour(report, others),
        _engine(report, others),
        _caller(report, others),
    ]
    return tuple(sorted((r for r in found if r), key=lambda r: -abs(r.log_bayes_factor)))


def _number(key: str, scale: Scale, stated: Between | None, before: Sequence[Between]) -> Reason | None:
    if stated is None or not before:
        return None
    boat = Estimate.from_statements(scale, before)
    error = _error(scale, stated)
    same = _normal(_middle(stated), boat.mean, boat.variance + error)
    other = _normal(_middle(stated), scale.mean, scale.between_boats**2 + error)
    factor = max(math.log(((1 - OUTLIER) * same + OUTLIER * other) / other), FLOOR)
    values = (("said", str(stated)), ("before", ", ".join(sorted({str(b) for b in before}))))
    return Reason(key=key if factor >= 0 else f"{key}_against", values=values, log_bayes_factor=factor)


def _colour(report: Report, others: Sequence[Report]) -> Reason | None:
    said = report.boat.colour
    before = sorted(r.boat.colour for r in others if r.boat.colour)
    if said is None or not before:
        return None
    rarest = min(COLOURS.values())
    share = COLOURS.get(said, rarest)
    posterior = {c: COLOURS.get(c, rarest) for c in {*COLOURS, *before, said}}
    for colour in before:
        posterior = {c: p * _said_given(colour, c) for c, p in posterior.items()}
    total = sum(posterior.values())
    same = sum(p / total * _said_given(said, c) for c, p in posterior.items())
    factor = max(math.log(same / share), FLOOR)
    values = (("said", said), ("before", ", ".join(sorted(set(before)))))
    return Reason(key="colour" if factor >= 0 else "colour_against", values=values, log_bayes_factor=factor)


def _said_given(said: str, true: str) -> Probability:
    """Probability of the word for a colour when the boat has another: wrong words fall on the others by their share."""
    share = COLOURS.get(said, min(COLOURS.values()))
    return COLOUR_RIGHT + (1 - COLOUR_RIGHT) * share if said == true else (1 - COLOUR_RIGHT) * share


def _engine(report: Report, others: Sequence[Report]) -> Reason | None:
    said = report.boat.engine
    near = [r for r in others if r.boat.engine and abs(r.event.middle - report.event.middle) <= ENGINE_HOLDS]
    if said is None or not near:
        return None
    last = min(near, key=lambda r: (abs(r.event.middle - report.event.middle), r.name))
    same = said == last.boat.engine
    factor = math.log(2 * (ENGINE_SAME if same else 1 - ENGINE_SAME))
    values = (("said", said), ("before", last.boat.engine))
    return Reason(key="engine" if same else "engine_against", values=values, log_bayes_factor=factor)


def _caller(report: Report, others: Sequence[Report]) -> Reason | None:
    known = {r.caller for r in others if r.caller}
    if report.caller is None or not known:
        return None
    if report.caller in known:
        factor = math.log(CALLER_AGAIN / CALLER_PASSED_ON)
        earlier = min((r for r in others if r.caller == report.caller), key=lambda r: (r.received, r.name))
        return Reason(key="caller", values=(("before", earlier.name),), log_bayes_factor=factor)
    return Reason(key="caller_new", values=(("phones", len(known)),), log_bayes_factor=math.log(1 - CALLER_AGAIN))


def _error(scale: Scale, stated: Between) -> Quantity:
    """Variance of a statement: people are wrong, and an interval is a range of equal chances (width squared over
    12).
    """
    return scale.said**2 + (stated.most - stated.least) ** 2 / 12


def _middle(stated: Between) -> Quantity:
    return (stated.least + stated.most) / 2


def _normal(x: Quantity, mean: Quantity, variance: Quantity) -> Fraction:
    return math.exp(-((x - mean) ** 2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)
