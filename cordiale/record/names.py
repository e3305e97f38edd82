"""Names of boats that stick, and that can be said over the radio: B-KL42, "Kilo Lima four two".

A boat is named after the first report that came from the people aboard or about their call, of those phones that were
heard on her at least a third as often as the one heard most; without any, after the first that came at all. Callers
hold a group together, while a departure, a sighting or a single position may be given to another boat by the next
picture and must not take the name along. Every report of a boat names her too: whoever looks for B-0007 finds
the boat that r-0007 is about now. All this follows from the reports and the grouping, never from what was shown before.

A report typed at the desk is named after the hash of its line: B-97f6e52a3983 is no name for three in the morning. Two
letters and two digits of that hash are. Where they are taken, by a report received earlier, another letter of the hash
follows. So a name depends on the report and on those received before it, never on the order in which they were written
down, and no later report changes it. Reports of a feed that numbers them keep their numbers (B-0012).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Final

from cordiale.association.disposition import Alternative, Association, Boat, Disposition, Reason, boat_name
from cordiale.belief.report import Kind, Report

CONTACTS: Final[frozenset[Kind]] = frozenset({"distress_call", "position_pin", "missed_call", "relay"})
RARELY: Final = 3  # judgement: a phone heard on a boat less than a third as often as another may be of another boat
HASHED: Final = re.compile(r"r-[0-9a-f]{12}|.+~[0-9a-f]{8}(#\d+)?", re.DOTALL)  # the second: `record.claims`
LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which are read as 1 and 0
# The radiotelephony spelling alphabet (ICAO Annex 10 Volume II, 5.2.1.3; also ITU Radio Regulations, App. 14).
SPELT: Final = (
    "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima", "Mike",
    "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "X-ray",
    "Yankee", "Zulu",
)  # fmt: skip
_WORD: Final = {word[0]: word for word in SPELT}


def contacts_in(reports: Iterable[Report]) -> frozenset[str]:
    """Names of the reports that came from people aboard or about their call; a relay counts as what it passes on."""
    by_name = {r.name: r for r in reports}
    origins = ((r.name, by_name.get(r.relay_of or "", r)) for r in by_name.values() if r.kind in CONTACTS)
    return frozenset(name for name, origin in origins if origin.kind in CONTACTS)


def spoken_names(reports: Iterable[Report]) -> dict[str, str]:
    """The name of the boat first heard of in each report whose own name is a hash, by the name of the report."""
    told = sorted(reports, key=lambda r: (r.received, r.name))
    taken = {boat_name(r.name) for r in told if not HASHED.fullmatch(r.name)}
    names: dict[str, str] = {}
    for report in told:
        if HASHED.fullmatch(report.name):
            names[report.name] = next(name for name in _candidates(report.name) if name not in taken)
            taken.add(names[report.name])
    return names


def names_of(reports: Iterable[Report]) -> dict[str, str]:
    """The name of the boat that would be named after each report, by the name of the report."""
    told = tuple(reports)
    return {r.name: boat_name(r.name) for r in told} | spoken_names(told)


def called(name: str, boats: Iterable[Boat], reports: Iterable[Report]) -> str | None:
    """The boat that goes by this name now: its own, or that of any of its reports, or the report itself; else None.

    A name of its own goes before one of another boat's report.
    """
    known = tuple(boats)
    if any(boat.name == name for boat in known):
        return name
    also = {name, *(report for report, other in names_of(reports).items() if other == name)}
    return next((boat.name for boat in known if not also.isdisjoint(boat.reports)), None)


def renamed(association: Association, reports: Iterable[Report]) -> Association:
    """The association with each boat under the name that sticks, `first_report` being the report it is named after."""
    by_name = {r.name: r for r in reports}
    spoken, contacts = names_of(by_name.values()), contacts_in(by_name.values())
    first = {boat.name: _named_after([by_name[n] for n in boat.reports], contacts).name for boat in association.boats}
    names = {boat: spoken[report] for boat, report in first.items()}
    boats = (replace(boat, name=names[boat.name], first_report=first[boat.name]) for boat in association.boats)
    return replace(
        association,
        boats=tuple(sorted(boats, key=lambda boat: boat.name)),
        dispositions=tuple(_disposition(one, names) for one in association.dispositions),
    )


def _named_after(reports: Sequence[Report], contacts: Set[str]) -> Report:
    """The report that names a boat; a phone that was not said is one by itself."""
    heard = Counter(r.caller or r.name for r in reports if r.name in contacts)
    often = max(heard.values(), default=0)
    return min(
        reports,
        key=lambda r: (
            r.name not in contacts,
            heard[r.caller or r.name] * RARELY < often,
            r.received,
            r.name,
        ),
    )


def aloud(name: str) -> str:
    """A name of a boat as it is said on the radio, digit by digit.

    >>> aloud("B-KL42")
    'Kilo Lima 4 2'
    """
    return " ".join(_WORD.get(letter, letter) for letter in name.removeprefix("B-"))


def _candidates(report: str) -> Iterable[str]:
    number = int.from_bytes(hashlib.sha256(report.encode()).digest(), "big")
    letters, digits = "", 0
    number, digits = divmod(number, 100)
    while number:
        number, letter = divmod(number, len(LETTERS))
        letters += LETTERS[letter]
        if len(letters) > 1:
            yield f"B-{letters}{digits:02d}"
    yield boat_name(report)


def _disposition(one: Disposition, names: Mapping[str, str]) -> Disposition:
    return replace(
        one,
        boat=None if one.boat is None else names.get(one.boat, one.boat),
        alternatives=tuple(_alternative(other, names) for other in one.alternatives),
        reasons=tuple(_reason(reason, names) for reason in one.reasons),
    )


def _alternative(one: Alternative, names: Mapping[str, str]) -> Alternative:
    return one if one.boat is None else replace(one, boat=names.get(one.boat, one.boat))


def _reason(reason: Reason, names: Mapping[str, str]) -> Reason:
    values = tuple((key, names.get(value, value) if isinstance(value, str) else value) for key, value in reason.values)
    return replace(reason, values=values)
