"""Names of boats that can be said over the radio: B-KL42, "Kilo Lima four two".

A report typed at the desk is named after the hash of its line, and so was the boat first heard of in it: B-97f6e52a3983
is no name for three in the morning. Two letters and two digits of that hash are. Where they are taken, by a report
received earlier, another letter of the hash follows. So a name depends on the report and on those received before it,
never on the order in which they were written down, and no later report changes it. Boats of a feed that numbers its
reports keep their numbers (B-0012).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from cordiale.association.disposition import Alternative, Association, Disposition, Reason, boat_name
from cordiale.belief.report import Report

HASHED: Final = re.compile(r"r-[0-9a-f]{12}")
LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which are read as 1 and 0
# The radiotelephony spelling alphabet (ICAO Annex 10 Volume II, 5.2.1.3; also ITU Radio Regulations, App. 14).
SPELT: Final = (
    "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima", "Mike",
    "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey", "X-ray",
    "Yankee", "Zulu",
)  # fmt: skip
_WORD: Final = {word[0]: word for word in SPELT}


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


def renamed(association: Association, reports: Iterable[Report]) -> Association:
    """The association with its boats under names that can be said."""
    spoken = spoken_names(reports)
    names = {b.name: spoken[b.first_report] for b in association.boats if b.first_report in spoken}
    if not names:
        return association
    boats = (replace(boat, name=names.get(boat.name, boat.name)) for boat in association.boats)
    return replace(
        association,
        boats=tuple(sorted(boats, key=lambda boat: boat.name)),
        dispositions=tuple(_disposition(one, names) for one in association.dispositions),
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
