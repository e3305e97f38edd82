"""The closure guard on generated nights: do true closings pass, and is every false one refused?

Run: `python -m bench.nights_closings --nights 10`. True closings are boats whose people were all taken off at once,
with the evidence that was noted, given to the boat of the picture that holds most of her contacts; where most of that
boat is not hers, the picture has no boat of hers to close, and the closing is counted apart. False ones are, on
look-alike nights, the lost boat on each of the three recoveries near her: without evidence as on that night, with one
wrong piece of every kind, and with the ring of a phone that was heard on both boats. Swallowed are boats that had not
ended and most of whose contacts a closing that passes covers.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cordiale.belief.report import ENDINGS
from cordiale.earth.units import minutes
from cordiale.record.closing import Identity
from cordiale.record.closure import Verdict, identity_evidence, judge_closing
from cordiale.record.picture import Picture, picture
from tests.worlds.generate import Night, generate_night
from tests.worlds.generate_look_alike import look_alike_night
from tests.worlds.generate_recipe import ELSEWHERE, STRAIT, sized

PARTICLES = 300
NO_EVIDENCE, PASSED_ON = "no evidence", "ring_test of a phone heard on both"
SAID_ABOARD = frozenset({"distress_call", "position_pin"})


@dataclass(frozen=True)
class Closed:
    """The guard's word on one closing of the boat `shown_as`; `hers`: that most of that boat's reports are hers."""

    boat: str
    shown_as: str
    hers: bool
    verdict: Verdict


def boat_of_most(night: Night, shown: Picture, boat: str) -> str | None:
    """The boat of the picture with most reports about a true one, endings not counted; None without any."""
    votes: Counter[str] = Counter()
    kinds = {r.name: r.kind for r in night.reports}
    for listed in shown.association.boats:
        contacts = [n for n in listed.reports if kinds[n] not in {"find", *ENDINGS}]
        votes[listed.name] = sum(night.truth.about.get(n) == (boat,) for n in contacts)
    name, most = votes.most_common(1)[0] if votes else ("", 0)
    return name if most else None


def seen(night: Night) -> Picture:
    """The picture when everything had come in."""
    return picture(night.reports, night.sea(), at=night.until + minutes, seed=1, count=PARTICLES)


def true_closings(night: Night, shown: Picture) -> Iterator[Closed]:
    """The guard's word on every boat whose people were all taken off at once and whose recovery carries evidence."""
    for name, evidence in night.truth.identity.items():
        (boat,) = night.truth.about[name]
        true = night.truth.boats[boat]
        own = boat_of_most(night, shown, boat)
        if len(true.ended) == 1 and true.left == 0 and own is not None:
            listed = shown.boat(own).boat.reports
            hers = 2 * sum(night.truth.about[n] == (boat,) for n in listed) > len(listed)
            yield Closed(boat, own, hers, judge_closing(shown, own, endings=[name], evidence=evidence))


def swallowed(night: Night, verdict: Verdict) -> list[str]:
    """Boats that had not ended and most of whose contacts a closing covers."""
    lost = []
    for name, boat in night.truth.boats.items():
        contacts = [n for n, about in night.truth.about.items() if about == (name,)]
        if boat.left and 2 * len(set(contacts) & set(verdict.reports)) > len(contacts):
            lost.append(name)
    return lost


def false_closings(night: Night, shown: Picture) -> Iterator[tuple[str, Verdict]]:
    """The guard's word on the lost boat, closed on each of the recoveries near her, with each piece of evidence."""
    own = boat_of_most(night, shown, night.lost or "")
    for name, _ in near_recoveries(night):
        if own is None:
            continue
        yield NO_EVIDENCE, judge_closing(shown, own, endings=[name], evidence=[])
        for kind in identity_evidence():
            evidence = [Identity(kind=kind, report=name)]
            yield kind, judge_closing(shown, own, endings=[name], evidence=evidence)


def near_recoveries(night: Night) -> list[tuple[str, str]]:
    """The recoveries of the boats near the lost one, each with its boat."""
    kinds = {r.name: r.kind for r in night.reports}
    return [(n, b[0]) for n, b in night.truth.about.items() if kinds[n] == "recovery" and b[0] in night.near]


def with_a_phone_passed_on(night: Night) -> Night | None:
    """The same night with the last call of the first boat near made with the lost boat's phone, which rings later.

    The ring is a line of the log, `ring`, that names the phone; None where neither was heard with a phone.
    """
    recovery, near = near_recoveries(night)[0]
    by_name = {r.name: r for r in night.reports}
    theirs = [n for n, b in night.truth.about.items() if b == (near,) and by_name[n].kind in SAID_ABOARD]
    phones = [by_name[n].caller for n, b in night.truth.about.items() if b == (night.lost,) and by_name[n].caller]
    if not (theirs and phones):
        return None
    ring = replace(by_name[recovery], name="ring", kind="decision", where=(), persons=None, caller=phones[0])
    lent = replace(by_name[theirs[-1]], caller=phones[0])
    return replace(night, reports=(*(lent if r.name == lent.name else r for r in night.reports), ring))


def passed_on_closing(night: Night) -> Verdict | None:
    """The guard's word on the lost boat when a phone of hers, heard on both, rings among the people of another."""
    changed = with_a_phone_passed_on(night)
    if changed is None:
        return None
    shown = seen(changed)
    own = boat_of_most(night, shown, night.lost or "")
    if own is None:
        return None
    (recovery, _), *_ = near_recoveries(night)
    return judge_closing(shown, own, endings=[recovery], evidence=[Identity(kind="ring_test", report="ring")])


def tell_true(name: str, closings: Iterable[tuple[Night, Closed]]) -> None:
    """One line of true closings."""
    listed = list(closings)
    own = [c.verdict for _, c in listed if c.hers]
    why = Counter(b.key for v in own for b in v.blocks)
    apart = [c.verdict for _, c in listed if not c.hers]
    lost = [boat for night, c in listed if c.verdict.passes for boat in swallowed(night, c.verdict)]
    print(
        f"{name}: {sum(v.passes for v in own)} of {len(own)} true closings pass, refused for {dict(why.most_common())};"
        f" of {len(apart)} more whose boat on the picture is mostly another's {sum(v.passes for v in apart)} pass;"
        f" boats swallowed: {len(lost)}"
    )


def tell_false(judged: Iterable[tuple[str, Verdict]]) -> None:
    """One line for each kind of false closing."""
    by_kind: dict[str, list[Verdict]] = {}
    for kind, verdict in judged:
        by_kind.setdefault(kind, []).append(verdict)
    for kind, verdicts in by_kind.items():
        why = Counter(b.key for v in verdicts for b in v.blocks)
        passed = sum(v.passes for v in verdicts)
        print(f"look-alike, {kind}: {passed} of {len(verdicts)} false ones pass; refused for {dict(why.most_common())}")


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=5)
    parser.add_argument("--boats", type=int, default=10)
    wanted = parser.parse_args()
    seeds = range(1, wanted.nights + 1)
    for recipe in (STRAIT, ELSEWHERE):
        nights = (generate_night(sized(recipe, boats=wanted.boats), seed) for seed in seeds)
        tell_true(recipe.name, ((night, c) for night in nights for c in true_closings(night, seen(night))))
    judged: list[tuple[str, Verdict]] = []
    for night in map(look_alike_night, seeds):
        judged += false_closings(night, seen(night))
        ring = passed_on_closing(night)
        judged += [(PASSED_ON, ring)] if ring else []
    tell_false(judged)


if __name__ == "__main__":
    main()
