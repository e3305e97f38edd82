"""The closure guard: a boat leaves the active list only on positive evidence that those taken off are its people.

On 24 November 2021 three boats were recovered and one of them was taken for a fourth. The guard therefore asks of every
closing: which recovery, which evidence of identity, what contradicts it, and how probable it is that those people are
of another boat. What it refuses two persons may override with a reason; that ends a task and nothing else.
"""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from cordiale.association.disposition import Reason
from cordiale.belief.report import ENDINGS, Report
from cordiale.boats.survival import survival_curve
from cordiale.boats.survival_count import Survivors, expected_survivors
from cordiale.boats.survival_horizon import Horizon, last_reasonable_time
from cordiale.boats.survival_table import Immersion, Place
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Fraction, Instant, Probability, Seconds, minutes
from cordiale.record.closing import Closing, Identity
from cordiale.record.conflicts import Conflict, callers_of, conflicts_of
from cordiale.record.ledger import Account, account_of
from cordiale.record.names import called
from cordiale.record.picture import BoatPicture, Picture
from cordiale.words import Language, say

MOST_FOR_ANOTHER: Final[Probability] = 0.1
# The association counts samples; what it never saw together may still be one boat, and evidence must be able to say so.
LEAST_ODDS: Final[Probability] = 1 / 64
# Judgement: one piece of evidence in fifty is another boat's (misread, hearsay, a likeness), whatever its kind.
MISTAKEN: Final[Probability] = 0.02
RING_TEST: Final = "ring_test"
NEVER_ANSWERED: Final = frozenset({"time", "missing"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Weight:
    """How probable a piece of evidence is of the same boat and of another, and which conflicts it answers."""

    kind: str
    if_same: Probability
    if_other: Probability
    answers: frozenset[str]
    source: str


@cache
def identity_evidence() -> dict[str, Weight]:
    """The packaged list of positive evidence, by its kind."""
    with (files("cordiale.record") / "data" / "identity_evidence.csv").open(encoding="utf-8") as file:
        return {
            row["kind"]: Weight(
                kind=row["kind"],
                if_same=float(row["if_same"]),
                if_other=float(row["if_other"]),
                answers=frozenset(row["answers"].split()),
                source=row["source"],
            )
            for row in csv.DictReader(file)
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the guard says of a closing: it passes when nothing in `blocks` is left.

    `account` is the boat's ledger with the endings cited; `probability_of_another` that those people are of another
    boat, after the evidence; `answered` are conflicts that the evidence resolves. `alive` is how many of those not
    accounted for may be alive, had they gone into the water at any moment since the last contact, and `horizon` for how
    long that cannot be ruled out; None where everybody is accounted for.
    """

    boat: str
    reports: tuple[str, ...]
    endings: tuple[str, ...]
    evidence: tuple[Identity, ...]
    account: Account
    probability_of_another: Probability
    blocks: tuple[Reason, ...]
    answered: tuple[Reason, ...]
    alive: Survivors | None
    horizon: Horizon | None

    @property
    def passes(self) -> bool:
        """Whether the boat may be closed without an override."""
        return not self.blocks

    def text(self, language: Language = "en") -> str:
        """The verdict for whoever decides: one line on top, then what stands against it, conflicts first."""
        head = say(
            "record.closure.passes" if self.passes else "record.closure.refused",
            language,
            boat=self.boat,
            endings=", ".join(self.endings) or "-",
            percent=100 * self.probability_of_another,
            unaccounted=str(self.account.unaccounted),
        )
        lines = [block.said(f"record.closure.{block.key}", language) for block in self.blocks]
        solved = [
            say("record.closure.answered", language, conflict=reason.said(f"record.closure.{reason.key}", language))
            for reason in self.answered
        ]
        living = [part.sentence(language) for part in (self.alive, self.horizon) if part is not None]
        return "\n".join([head, *(f"- {line}" for line in lines), *(f"+ {line}" for line in solved), *living])


def judge_closing(
    picture: Picture,
    boat: str,
    *,
    endings: Sequence[str],
    evidence: Sequence[Identity],
    table: Mapping[str, Weight] | None = None,
) -> Verdict:
    """What speaks for and against closing a boat of the picture on these recoveries, landings or returns.

    Parameters
    ----------
    endings : names of the reports of kind `recovery`, `landing` or `return` that are said to be about this boat
    evidence : each kind of evidence counts once; the report it stands in must be known

    Raises
    ------
    CordialeError
        No such boat, an unknown report, a report that ends nothing, an unknown kind of evidence.
    """
    weights = identity_evidence() if table is None else table
    by_name = {r.name: r for r in picture.reports}
    shown = boat_of(picture, boat)
    boat = shown.name
    cited = [_ending(by_name, name) for name in endings]
    for piece in evidence:
        if piece.kind not in weights:
            raise CordialeError("record.identity_kind", kind=piece.kind, known=", ".join(weights))
        if piece.report not in by_name:
            raise CordialeError("record.unknown_report", report=piece.report)
    own = [by_name[name] for name in shown.boat.reports if name not in endings]
    others = [r for r in picture.reports if r.name not in {*shown.boat.reports, *endings}]
    account = account_of(boat, [*own, *cited])
    elsewhere = callers_of([r for r in others if r.is_about_a_boat and picture.association.of(r.name).boat])
    odds = [_odds(weights[p.kind], by_name[p.report], callers_of(own), elsewhere) for p in _each_kind_once(evidence)]
    another = _of_another(picture, boat, cited, odds)
    answers = frozenset(answer for piece in evidence for answer in weights[piece.kind].answers)
    outweighed = bool(evidence) and another <= MOST_FOR_ANOTHER
    found = conflicts_of(boat, picture.association, own, others, cited, account)
    blocks = [c.reason for c in found if not _is_answered(c, answers, outweighed=outweighed)]
    answered = [c.reason for c in found if _is_answered(c, answers, outweighed=outweighed)]
    if not cited:
        blocks.insert(0, Reason(key="no_ending"))
    if not evidence:
        blocks.append(Reason(key="no_evidence", values=(("known", ", ".join(weights)),)))
    if another > MOST_FOR_ANOTHER:
        blocks.append(Reason(key="another", values=(("percent", 100 * another), ("most", 100 * MOST_FOR_ANOTHER))))
    alive, horizon = _who_may_live(account, shown, max(picture.at - shown.last_contact, 0.0))
    return Verdict(
        boat=boat,
        reports=tuple(sorted({*shown.boat.reports, *endings})),
        endings=tuple(endings),
        evidence=tuple(evidence),
        account=account,
        probability_of_another=another,
        blocks=tuple(blocks),
        answered=tuple(answered),
        alive=alive,
        horizon=horizon,
    )


def decide_closing(verdict: Verdict, *, at: Instant, by: str, second: str = "", reason: str = "") -> Closing:
    """The closing as decided; a refused one needs a second role and a reason, and then only ends the task.

    Raises
    ------
    CordialeError
        The guard refuses and there is no second role, the same role twice, or no reason.
    """
    override = not verdict.passes
    if override and (not second.strip() or second == by or not reason.strip()):
        raise CordialeError("record.closure_refused", boat=verdict.boat, why=verdict.text())
    return Closing(
        boat=verdict.boat,
        reports=verdict.reports,
        endings=verdict.endings,
        evidence=verdict.evidence,
        at=at,
        by=by,
        second=second,
        reason=reason,
        override=override,
        probability_of_another=verdict.probability_of_another,
        blocks=tuple(block.key for block in verdict.blocks),
    )


def _is_answered(conflict: Conflict, answers: frozenset[str], *, outweighed: bool) -> bool:
    """Whether the evidence resolves it: a contact afterwards and people missing are answered by nothing."""
    return conflict.about in answers - NEVER_ANSWERED or (conflict.outweighed and outweighed)


def _each_kind_once(evidence: Sequence[Identity]) -> list[Identity]:
    return list({piece.kind: piece for piece in reversed(evidence)}.values())


def _odds(weight: Weight, stands_in: Report, hers: frozenset[str], elsewhere: frozenset[str]) -> Fraction:
    """How much more probable a piece of evidence is of the same boat than of another.

    A phone that was heard on another boat too rings there as well; one never heard on this boat says nothing. Where the
    report of a ring test does not name the phone, it may be any of hers.
    """
    other = max(weight.if_other, MISTAKEN)
    if weight.kind == RING_TEST:
        named = callers_of([stands_in]) if stands_in.kind not in ENDINGS else frozenset()
        if named - hers:
            return 1.0
        rang = named or hers
        other = max(other, weight.if_same * len(rang & elsewhere) / max(len(rang), 1))
    return weight.if_same / other


def _of_another(picture: Picture, boat: str, cited: Sequence[Report], odds: Sequence[Fraction]) -> Probability:
    """That the worst of the cited endings is of another boat: the association's odds times those of the evidence."""
    worst = 0.0
    for report in cited:
        same = max(picture.association.of(report.name).share_of(boat), LEAST_ODDS)
        other = 1.0 - same
        same *= math.prod(odds)
        worst = max(worst, other / (same + other) if same + other > 0 else 1.0)
    return worst if cited else 1.0


def _who_may_live(account: Account, boat: BoatPicture, silence: Seconds) -> tuple[Survivors | None, Horizon | None]:
    """Those not accounted for, in the water for at most the time since the last contact."""
    most = math.ceil(account.unaccounted.most)
    if most == 0:
        return None, None
    place: Place | None = "in_water" if boat.state == "in_the_water" else None
    who = Immersion(place=place, persons=(max(math.floor(account.unaccounted.least), 1), most))
    curve = survival_curve(who)
    return expected_survivors(curve, (0.0, max(silence, 1 * minutes))), last_reasonable_time(curve)


def boat_of(picture: Picture, boat: str) -> BoatPicture:
    """The boat that goes by this name: her own, or that of any of her reports; an unknown one raises and lists all."""
    name = called(boat, picture.association.boats, picture.reports)
    if name is None:
        raise CordialeError("record.unknown_boat", boat=boat, known=", ".join(b.name for b in picture.boats))
    return picture.boat(name)


def _ending(by_name: Mapping[str, Report], name: str) -> Report:
    report = by_name.get(name)
    if report is None:
        raise CordialeError("record.unknown_report", report=name)
    if report.kind not in ENDINGS:
        raise CordialeError("record.no_ending", report=name, kind=report.kind, known=", ".join(ENDINGS))
    return report
