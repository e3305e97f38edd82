"""What became of every report: to which boat it was given, with what probability, and why. None ever vanishes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cordiale.belief.report import Between
from cordiale.earth.units import LogLikelihood, Probability
from cordiale.words import Language, say

Fate = Literal[
    "assigned",  # about a boat that other reports are about too
    "new",  # the first report in time about its boat
    "unassigned",  # it has clues, but no boat and no new boat is probable enough: a person should look
    "unplaced",  # it says nothing that tells boats apart: no position, no known caller
    "not_about_a_boat",  # an order, a request, a decision, a position of our own craft
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One piece of evidence for the boat a report was given to, against its being a boat nobody has reported.

    `log_bayes_factor` is positive when it speaks for the boat named in `values["boat"]`, or for the boat of the
    disposition.
    """

    key: str
    values: tuple[tuple[str, object], ...] = ()
    log_bayes_factor: LogLikelihood = 0.0

    def text(self, language: Language = "en") -> str:
        """The reason in words."""
        return self.said(f"association.reason.{self.key}", language)

    def said(self, key: str, language: Language = "en") -> str:
        """A text of the catalogue with the reason's values; `age_min` reads as a duration there, `{age}`."""
        values = dict(self.values)
        minutes = values.pop("age_min", None)
        if isinstance(minutes, int):
            values["age"] = duration(minutes, language)
        return say(key, language, **values)


def duration(minutes: int, language: Language = "en") -> str:
    """Minutes up to an hour and a half, then hours and minutes: 39 min, 9 h 39."""
    if minutes <= 90:
        return say("picture.minutes", language, minutes=minutes)
    return say("picture.hours", language, hours=minutes // 60, minutes=minutes % 60)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternative:
    """A boat a report could be about instead, with its probability; `boat` is None for a boat nobody else reported.

    `exclusive` is its share where each report is given to one boat of the picture only; None: the probability itself.
    """

    boat: str | None
    probability: Probability
    exclusive: Probability | None = None

    @property
    def share(self) -> Probability:
        """The share of the report that is this boat's: with that of the boat given, shares sum to 1."""
        return self.probability if self.exclusive is None else self.exclusive


@dataclass(frozen=True, kw_only=True, slots=True)
class Disposition:
    """What became of one report.

    Parameters
    ----------
    report : str
        Its name.
    fate : Fate
        Assigned, new, unassigned, unplaced or not about a boat.
    boat : str, optional
        The boat it was given to; None unless assigned or new.
    probability : Probability
        That it is about the boat that most other reports given to this one are about; of a report that stands alone,
        that it is about a boat nobody else reported, or of the best alternative.
    alternatives : tuple of Alternative
        The other explanations above 1 in 1,000, most probable first. Two boats of the picture may be one at sea, so the
        probabilities of a report may sum to more than 1; its shares do not.
    exclusive : Probability, optional
        The share of the boat given, where each report is given to one boat of the picture only.
    reasons : tuple of Reason
        Conflicts first, then by weight.
    """

    report: str
    fate: Fate
    boat: str | None
    probability: Probability
    alternatives: tuple[Alternative, ...] = ()
    reasons: tuple[Reason, ...] = ()
    exclusive: Probability | None = None

    @property
    def share(self) -> Probability:
        """The share of the report that is the given boat's."""
        return self.probability if self.exclusive is None else self.exclusive

    @property
    def elsewhere(self) -> Probability:
        """The share of the report that is that of other boats of the picture."""
        return sum(a.share for a in self.alternatives if a.boat is not None)

    def probability_of(self, boat: str) -> Probability:
        """Probability that the report is about a boat of this name; 0 when it is not among the explanations kept."""
        if boat == self.boat:
            return self.probability
        return sum(a.probability for a in self.alternatives if a.boat == boat)

    def share_of(self, boat: str) -> Probability:
        """The share of the report that is a boat's."""
        return self.share if boat == self.boat else sum(a.share for a in self.alternatives if a.boat == boat)


@dataclass(frozen=True, kw_only=True, slots=True)
class Boat:
    """A boat as the reports tell it: `reports` in order of event; `chain` those of them whose positions move its cloud.

    The name is that of `first_report` ("B-0012" for r-0012): the earliest received of its reports; on a picture the
    first contact of her people (`record.names`). `existence` is the probability that she is a boat of her own: neither
    a piece of another of the picture nor, where one report stands alone, of no boat at all. It counts boats; it ends
    nothing and lowers no distress. `somebody` is the probability that there is a boat at all, be it a piece of another:
    people may be there either way.
    """

    name: str
    first_report: str
    reports: tuple[str, ...]
    chain: tuple[str, ...]
    existence: Probability = 1.0
    somebody: Probability = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class BoatCount:
    """How many boats: `law[k]` is the probability of k boats that anybody told of, `afloat[k]` of k among them whose
    last report is no recovery, landing or return. Boats that nobody reported: `cordiale.record.unreported`.
    """

    law: tuple[Probability, ...] = (1.0,)
    afloat: tuple[Probability, ...] = (1.0,)
    within: Probability = 0.9

    @property
    def boats(self) -> Between:
        """The middle `within` of the number of boats that anybody told of."""
        return middle_of(self.law, self.within)

    @property
    def boats_afloat(self) -> Between:
        """The same of those not ended."""
        return middle_of(self.afloat, self.within)


def middle_of(law: Sequence[Probability], within: Probability) -> Between:
    """The middle part of a law of whole numbers, with at most half of the rest on either side."""
    tail, reached, least, most = (1 - within) / 2, 0.0, None, len(law) - 1
    for k, probability in enumerate(law):
        reached += probability
        if least is None and reached > tail - 1e-12:
            least = k
        if reached >= 1 - tail - 1e-12:
            most = k
            break
    return Between(least=least or 0, most=most)


@dataclass(frozen=True, kw_only=True, slots=True)
class Association:
    """Which report is about which boat: one disposition for every report, in order of event and name.

    `refused` are links that people made and that contradict a separation, which holds. `disagreement` is by how much
    two samplings of the groupings, begun apart, differ at most in the probability that two messages are about one boat.
    """

    dispositions: tuple[Disposition, ...]
    boats: tuple[Boat, ...]
    seed: int
    count: BoatCount = BoatCount()
    refused: tuple[tuple[str, str], ...] = ()
    disagreement: Probability = 0.0

    def of(self, report: str) -> Disposition:
        """The disposition of a report; raises KeyError for a name that was not in the set."""
        for disposition in self.dispositions:
            if disposition.report == report:
                return disposition
        raise KeyError(report)

    def boat(self, name: str) -> Boat:
        """The boat of this name; raises KeyError when there is none."""
        for boat in self.boats:
            if boat.name == name:
                return boat
        raise KeyError(name)


def boat_name(report: str) -> str:
    """The name of the boat first heard of in this report: `r-0012` gives `B-0012`."""
    return f"B-{report.removeprefix('r-')}"


def probability_about_any(association: Association, reports: tuple[str, ...], boat: str) -> Probability:
    """Probability that at least one of these reports is about the boat, their dispositions taken as independent."""
    none = 1.0
    for report in reports:
        none *= 1.0 - association.of(report).share_of(boat)
    return 1.0 - none
