"""The closure guard on generated nights: do true closings pass, and is every false one refused?

Run: `python -m bench.nights_closings --nights 10`. True closings are boats whose people were all taken off at once,
with the evidence that was noted, given to the boat of the picture that holds most of her contacts. False ones are, on
look-alike nights, the lost boat on each of the three recoveries near her: without evidence as on that night, and with
one wrong piece.
"""

import argparse
from collections import Counter
from collections.abc import Iterator

from cordiale.earth.units import minutes
from cordiale.record.closing import Identity
from cordiale.record.closure import Verdict, judge_closing
from cordiale.record.picture import Picture, picture
from tests.worlds.generate import Night, generate_night
from tests.worlds.generate_look_alike import look_alike_night
from tests.worlds.generate_recipe import ELSEWHERE, STRAIT, sized

PARTICLES = 300
WRONG: tuple[tuple[str, ...], ...] = ((), ("survivors_word",), ("ring_test",))


def boat_of_most(night: Night, shown: Picture, boat: str) -> str | None:
    """The boat of the picture with most reports about a true one, endings not counted; None without any."""
    votes: Counter[str] = Counter()
    for listed in shown.association.boats:
        votes[listed.name] = sum(night.truth.about.get(n) == (boat,) and _contact(night, n) for n in listed.reports)
    name, most = votes.most_common(1)[0] if votes else ("", 0)
    return name if most else None


def _contact(night: Night, name: str) -> bool:
    return next(r.kind for r in night.reports if r.name == name) not in {"recovery", "landing", "return", "find"}


def seen(night: Night) -> Picture:
    """The picture when everything had come in."""
    return picture(night.reports, night.sea(), at=night.until + minutes, seed=1, count=PARTICLES)


def true_closings(night: Night) -> Iterator[tuple[str, Verdict]]:
    """The guard's word on every boat whose people were all taken off at once and whose recovery carries evidence."""
    shown = seen(night)
    for name, evidence in night.truth.identity.items():
        (boat,) = night.truth.about[name]
        true = night.truth.boats[boat]
        own = boat_of_most(night, shown, boat)
        if len(true.ended) == 1 and true.left == 0 and own is not None:
            yield boat, judge_closing(shown, own, endings=[name], evidence=evidence)


def false_closings(night: Night) -> Iterator[tuple[tuple[str, ...], Verdict]]:
    """The guard's word on the lost boat, closed on each of the recoveries near her, with each set of evidence."""
    shown = seen(night)
    own = boat_of_most(night, shown, night.lost or "")
    kind_of = {r.name: r.kind for r in night.reports}
    for name, boats in night.truth.about.items():
        if kind_of[name] != "recovery" or boats[0] not in night.near or own is None:
            continue
        for kinds in WRONG:
            evidence = [Identity(kind=kind, report=name) for kind in kinds]
            yield kinds, judge_closing(shown, own, endings=[name], evidence=evidence)


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=5)
    parser.add_argument("--boats", type=int, default=10)
    wanted = parser.parse_args()
    for recipe in (STRAIT, ELSEWHERE):
        nights = [generate_night(sized(recipe, boats=wanted.boats), s) for s in range(1, wanted.nights + 1)]
        verdicts = [v for n in nights for _, v in true_closings(n)]
        why = Counter(b.key for v in verdicts if not v.passes for b in v.blocks)
        passed = sum(v.passes for v in verdicts)
        print(f"{recipe.name}: {passed} of {len(verdicts)} true closings pass; refused for {dict(why.most_common())}")
    nights = [look_alike_night(s) for s in range(1, wanted.nights + 1)]
    judged = [found for night in nights for found in false_closings(night)]
    for kinds in WRONG:
        verdicts = [v for given, v in judged if given == kinds]
        why = Counter(b.key for v in verdicts for b in v.blocks)
        told = ", ".join(kinds) or "no evidence"
        passed = sum(v.passes for v in verdicts)
        print(f"look-alike, {told}: {passed} of {len(verdicts)} false ones pass; refused for {dict(why.most_common())}")


if __name__ == "__main__":
    main()
