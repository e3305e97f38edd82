"""What does not fit, where people taken off are said to be those of a boat: beyond what people get wrong at night.

Of a number, a colour or a position that was said some are always wrong, and the association has weighed them already.
A conflict here is what no ordinary error explains: a contact of the boat afterwards, people missing, positions that no
boat joins.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cordiale.association.attributes import PERSONS, Estimate, log_factors, persons_aboard
from cordiale.association.disposition import Association, Reason
from cordiale.association.gate import impossible
from cordiale.association.law import AFTER_ENDING, ASTRAY, CREW
from cordiale.association.message import Message, messages
from cordiale.belief.report import ENDINGS, Between, Report
from cordiale.earth.units import LogLikelihood, Probability, Quantity, Seconds, minutes
from cordiale.record.ledger import UNKNOWN_PERSONS, Account
from cordiale.record.names import CONTACTS

# A contact afterwards with a phone of the boat, given to no boat or to another, may be hers with so much probability.
MOST_FOR_HERS: Final[Probability] = 0.1
# Judgement: so probable may it be at most that some of the people were not taken off.
MOST_FOR_LEFT: Final[Probability] = 0.1
# Judgement: what is said of colour or length is named as a conflict from odds of 3 to 1 against.
CONFLICT: Final[LogLikelihood] = -1.1
STANDARD_ERRORS: Final = 3.0
# Judgement: so wide, as the boats of later years carry twice the people of November 2021, that the law of all boats
# draws what was said of a large one towards the mean by little.
BETWEEN_BOATS: Final[Quantity] = 40.0
HEADS: Final[Quantity] = 1.5  # judgement: standard error of heads counted at night as people are taken off
PARTIAL: Final[Probability] = math.exp(AFTER_ENDING)  # one evacuation in eight leaves people aboard
# Judgement: of a boat partly evacuated a fifth to seven tenths stay aboard (39 of 91 people on 12 August 2025).
LEFT: Final[tuple[Probability, ...]] = tuple(0.2 + 0.05 * k for k in range(11))
ASTRAY_BY_CHANCE: Final[Probability] = 0.05  # so many positions astray are less probable than this by chance alone
# Judgement: people are taken off one by one and call meanwhile; clocks differ by minutes.
TAKING_OFF: Final[Seconds] = 10 * minutes


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """What it is about, and in words; `outweighed` where strong evidence of identity may outweigh it."""

    about: str
    reason: Reason
    outweighed: bool = False


def conflicts_of(
    boat: str, association: Association, own: Sequence[Report], others: Sequence[Report], cited: Sequence[Report],
    account: Account,
) -> list[Conflict]:  # fmt: skip
    """Everything that does not fit those endings, gravest first.

    Parameters
    ----------
    own, others : the reports given to the boat, endings cited left out, and all other reports
    cited : the endings that are said to be hers
    account : her people, with the endings cited
    """
    return [
        *_heard_after(own, cited),
        *_callers_after(boat, association, own, others, cited),
        *_too_far(own, cited),
        *_people(own, cited, account),
        *_looks(own, cited),
    ]


def callers_of(reports: Sequence[Report]) -> frozenset[str]:
    """The phones these reports were made with, as keyed hashes."""
    return frozenset(r.caller for r in reports if r.caller and r.kind != "ais_plot")


def _heard_after(own: Sequence[Report], cited: Sequence[Report]) -> list[Conflict]:
    """Contacts of the boat after those people had been taken off."""
    return [
        Conflict(about="time", reason=Reason(key="time", values=_later(r, cited), log_bayes_factor=float("-inf")))
        for r in own
        if _is_after(r, cited)
    ]


def _callers_after(
    boat: str, association: Association, own: Sequence[Report], others: Sequence[Report], cited: Sequence[Report]
) -> list[Conflict]:
    """Contacts afterwards, with her phones, that were given to no boat or another and may all the same be hers.

    The association knows that one boat in eight goes on after some were taken off; how many were taken off tells more.
    """
    callers, found = callers_of(own), []
    prior, left = math.exp(AFTER_ENDING), _left(own, cited)
    goes_on = left * (1 - prior) / max(prior * (1 - left), 1e-9)
    for report in others:
        if report.caller not in callers or not _is_after(report, cited):
            continue
        hers = association.of(report.name).share_of(boat)
        hers = hers * goes_on / (hers * goes_on + 1 - hers)
        if hers > MOST_FOR_HERS:
            values = (*_later(report, cited), ("percent", 100 * hers))
            found.append(Conflict(about="time", reason=Reason(key="caller_after", values=values)))
    return found


def _is_after(report: Report, cited: Sequence[Report]) -> bool:
    """Whether somebody called, or was heard of, when all cited endings were over."""
    last = max((r.event.latest for r in cited), default=math.inf)
    return report.kind in CONTACTS and report.event.earliest > last + TAKING_OFF


def _later(report: Report, cited: Sequence[Report]) -> tuple[tuple[str, object], ...]:
    last = max(r.event.latest for r in cited)
    return (("report", report.name), ("later_min", round((report.event.earliest - last) / minutes)))


def _too_far(own: Sequence[Report], cited: Sequence[Report]) -> list[Conflict]:
    """Endings that no boat reaches from her contacts: from more of them than positions go astray by chance."""
    placed, found = [m for m in messages(own) if m.placed], []
    for ending in cited:
        far = [reason for m in placed if (reason := impossible(Message(ending), [m])) is not None]
        if far and _at_least(len(far), len(placed), ASTRAY) < ASTRAY_BY_CHANCE:
            worst = max(far, key=lambda reason: float(str(dict(reason.values)["speed_kn"])))
            found.append(Conflict(about="position", reason=worst))
    return found


def _at_least(some: int, of: int, chance: Probability) -> Probability:
    """Probability of at least so many of so many, each with the same chance."""
    return 1.0 - sum(math.comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(some))


def _people(own: Sequence[Report], cited: Sequence[Report], account: Account) -> list[Conflict]:
    """People who are probably still aboard, and more taken off than errors of counting explain."""
    ended = _ended(own, cited)
    if ended is None:
        return []
    told = _told(own, cited)
    said = (("aboard", str(account.aboard)), ("ended", str(account.ended)), ("missing", str(account.unaccounted)))
    if not told:  # nobody said a number: only what is few for any boat
        few = ended < UNKNOWN_PERSONS.least - 2 * HEADS
        return [Conflict(about="missing", reason=Reason(key="missing", values=said))] if few else []
    mean, error = _agreed(told)
    if ended - mean > STANDARD_ERRORS * math.hypot(error, HEADS):
        return [Conflict(about="persons", reason=Reason(key="overdrawn", values=said[:2]))]
    left = _left(own, cited)
    if left > MOST_FOR_LEFT and ended < mean:
        return [Conflict(about="missing", reason=Reason(key="missing", values=(*said, ("percent", 100 * left))))]
    return []


def _ended(own: Sequence[Report], cited: Sequence[Report]) -> Quantity | None:
    """How many were taken off, landed or returned; None where somebody did not say how many, or none did."""
    endings = [r.persons for r in (*own, *cited) if r.kind in ENDINGS]
    if not cited or not all(endings):
        return None
    return sum((p.least + p.most) / 2 for p in endings if p)


def _left(own: Sequence[Report], cited: Sequence[Report]) -> Probability:
    ended = _ended(own, cited)
    return math.exp(AFTER_ENDING) if ended is None else probability_left(people_aboard(own, cited), ended)


def people_aboard(own: Sequence[Report], cited: Sequence[Report]) -> Estimate:
    """How many ever were aboard: the law of all boats, and every statement about this one."""
    estimate = Estimate(PERSONS.mean, BETWEEN_BOATS**2)
    told = _told(own, cited)
    if not told:
        return estimate
    mean, error = _agreed(told)
    gain = estimate.variance / (estimate.variance + error**2)
    return Estimate(estimate.mean + gain * (mean - estimate.mean), estimate.variance * (1 - gain))


def _told(own: Sequence[Report], cited: Sequence[Report]) -> list[Between]:
    """Every number said that is no relay's, with those added who had been taken off before.

    So few that they may be the crew of a boat that loads later say nothing.
    """
    known, told = {r.name for r in own}, list[Between]()
    endings = [r for r in (*own, *cited) if r.kind in ENDINGS]
    for report in own:
        persons = persons_aboard(report)
        if persons is None or report.kind in ENDINGS or report.relay_of in known or persons.most < CREW:
            continue
        before = sum(
            (e.persons.least + e.persons.most) / 2
            for e in endings
            if e.persons and e.event.latest <= report.event.earliest
        )
        told.append(Between(least=persons.least + before, most=persons.most + before))
    return told


def _agreed(told: Sequence[Between]) -> tuple[Quantity, Quantity]:
    """Weighted mean of statements and its standard error, which grows where they scatter more than their errors.

    By the ratio of Birge, Physical Review 40 (1932) 207.
    """
    middles = [(t.least + t.most) / 2 for t in told]
    weights = [1 / (_error(t) ** 2 + (t.most - t.least) ** 2 / 12) for t in told]
    mean = sum(w * m for w, m in zip(weights, middles, strict=True)) / sum(weights)
    scatter = sum(w * (m - mean) ** 2 for w, m in zip(weights, middles, strict=True)) / max(len(told) - 1, 1)
    return mean, math.sqrt(max(scatter, 1.0) / sum(weights))


def _error(stated: Between) -> Quantity:
    """Standard error of a number said: in proportion, beyond the mean of all boats."""
    return PERSONS.said * max((stated.least + stated.most) / 2 / PERSONS.mean, 1.0)


def probability_left(aboard: Estimate, ended: Quantity) -> Probability:
    """That some were left when so many had been taken off: one evacuation in eight is partial (Bayes' rule)."""
    partial = PARTIAL
    everybody = _normal(ended - aboard.mean, aboard.variance + HEADS**2)
    some = sum(_normal(ended - (1 - f) * aboard.mean, (1 - f) ** 2 * aboard.variance + HEADS**2) for f in LEFT)
    of_some, of_all = partial * some / len(LEFT), (1 - partial) * everybody
    return of_some / (of_some + of_all) if of_some + of_all > 0 else partial


def _normal(x: Quantity, variance: Quantity) -> Quantity:
    return math.exp(-(x**2) / (2 * variance)) / math.sqrt(2 * math.pi * variance)


def _looks(own: Sequence[Report], cited: Sequence[Report]) -> list[Conflict]:
    """Number, colour and length as said before and where the people were taken off: evidence may outweigh them."""
    return [
        Conflict(about=about, reason=factor, outweighed=True)
        for about in ("persons", "colour", "length")
        for ending in cited
        for factor in log_factors(ending, own)
        if factor.key == f"{about}_against" and factor.log_bayes_factor <= CONFLICT
    ]
