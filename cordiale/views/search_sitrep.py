"""SAR SITREP: the situation report of the manuals, fields A to H and J to N, in English or French, written and read.

The short form has A to F; the others are used as required. Every field is a list of lines; a line that is too long is
folded, what goes on stands two columns deeper, and `read_sitrep` gives back what was written, exactly. It also reads
reports that others wrote: text behind a title, unindented text, titles without accents, and the lettering A to M in
which the initial actions have the letter I (told by its titles). What stands before field A and is no known heading is
kept as `other`: nothing is lost. Source of letters and order: IMO standard format of SAR SITREPs, as told by MRCC
Bremen.
"""

import re
import textwrap
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.earth.units import Instant
from cordiale.views.search_brief import in_minutes
from cordiale.views.search_words import MONTHS, day_group
from cordiale.words import LANGUAGES, Language, say

Urgency = Literal["distress", "urgency", "safety", "routine"]
URGENCIES: Final[tuple[Urgency, ...]] = ("distress", "urgency", "safety", "routine")
LETTERS: Final = "ABCDEFGHJKLMN"
SHORT_FORM: Final = "ABCDEF"
COLUMNS: Final = 69  # of a telex line
_HEADS: Final = ("heading", "at", "priority", "sender", "addressees", "number")
_FIELD: Final = re.compile(r"([A-N])\s*[.:)]\s*(.*)|([A-N])\s+[-–]\s+(.*)")
_GROUP: Final = re.compile(r"(\d\d)(\d\d)(\d\d)Z\s+([A-Z]{3})\s+(\d{4})")
_NUMBER: Final = re.compile(r"(.*?)[\s-]*\b(\d+|[A-Z]+)\s*(\([^()]*\)|AND FINAL|ET FINAL)?")
_SPELT: Final = {w: n for words in ("ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN",
                                    "UN DEUX TROIS QUATRE CINQ SIX SEPT HUIT NEUF DIX")
                 for n, w in enumerate(words.split(), start=1)}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Sitrep:
    """One situation report.

    Parameters
    ----------
    case : str
        The number of the incident; `number` is that of this report on it, from 1.
    final : bool
        Nothing more will follow.
    at : Instant
        Kept to the minute, as messages tell it.
    priority, sender, addressees
    fields : lines by letter
        White space is made single; empty lines and fields are left out.
    other : lines that stood before field A and were no known heading
    """

    case: str
    number: int
    at: Instant
    priority: Urgency
    sender: str
    addressees: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    final: bool = False
    other: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.number < 1:
            raise CordialeError("views.sitrep_head", what="number", value=self.number)
        kept = {}
        for letter in LETTERS:
            lines = [" ".join(line.split()) for line in self.fields.get(letter, ())]
            if any(lines):
                kept[letter] = tuple(line for line in lines if line)
        for letter in self.fields:
            if len(letter) != 1 or letter not in LETTERS:
                raise CordialeError("views.sitrep_letter", letter=letter)
        object.__setattr__(self, "fields", kept)
        object.__setattr__(self, "at", in_minutes(self.at))
        object.__setattr__(self, "case", " ".join(self.case.split()).rstrip(" -"))
        object.__setattr__(self, "sender", " ".join(self.sender.split()))
        told = (" ".join(one.split()).replace(";", ",") for one in self.addressees)
        object.__setattr__(self, "addressees", tuple(one for one in told if one))


def sitrep_text(sitrep: Sitrep, language: Language = "en") -> str:
    """The report as plain text, at most 69 columns where words allow; capitals only in headings."""
    number = f"{sitrep.case} - {sitrep.number}".strip()
    if sitrep.final:
        number += f" ({say('views.sitrep.final', language)})"
    lines = [
        say("views.sitrep.heading", language),
        f"{say('views.sitrep.at', language)}: {day_group(sitrep.at)}",
        f"{say('views.sitrep.priority', language)}: {say(f'views.sitrep.urgency.{sitrep.priority}', language)}",
        f"{say('views.sitrep.sender', language)}: {sitrep.sender}",
        f"{say('views.sitrep.addressees', language)}: {'; '.join(sitrep.addressees)}",
        f"{say('views.sitrep.number', language)}: {number}",
        *sitrep.other,
    ]
    for letter, told in sitrep.fields.items():
        lines.append(f"{letter}. {say(f'views.sitrep.{letter}', language)}")
        lines += [row for line in told for row in _folded(line)]
    return "\n".join(lines) + "\n"


def _folded(line: str) -> list[str]:
    return textwrap.wrap(
        line, COLUMNS, initial_indent="   ", subsequent_indent="     ", break_long_words=False, break_on_hyphens=False
    )


def read_sitrep(text: str) -> Sitrep:
    """The report that a text holds, in either language.

    Raises
    ------
    CordialeError
        `views.sitrep_empty` where no field is found, `views.sitrep_head` where a heading that must be there cannot be
        read.
    """
    rows = re.split(r"\r\n|\n|\r", text)
    heads: dict[str, str] = {}
    fields: dict[str, list[str]] = {}
    other: list[str] = []
    letter = ""
    for row in rows:
        begun = _field_of(row, letter)
        if begun is not None:
            letter, rest = begun
            fields.setdefault(letter, [])
            if rest:
                fields[letter].append(rest)
        elif letter:
            _go_on(fields[letter], row)
        else:
            _head(row, heads, other)
    if not fields:
        raise CordialeError("views.sitrep_empty", length=len(text))
    case, number, final = _numbered(heads.get("number", ""))
    return Sitrep(
        case=case,
        number=number,
        final=final,
        at=_instant(heads.get("at", "")),
        priority=_urgency(heads.get("priority", "")),
        sender=heads.get("sender", ""),
        addressees=tuple(heads.get("addressees", "").split(";")),
        fields={key: tuple(lines) for key, lines in fields.items()},
        other=tuple(other),
    )


def _field_of(row: str, before: str) -> tuple[str, str] | None:
    """Letter and the text behind the title, where a row begins a field that may follow the one before."""
    match = _FIELD.fullmatch(row.strip()) if row[:1].strip() else None
    if match is None:
        return None
    letter, rest = (match[1], match[2]) if match[1] else (match[3], match[4])
    for title, meant in _titles():
        plain = _plain(rest)
        if plain == title or (plain.startswith(title) and not plain[len(title)].isalnum()):
            return meant, _behind(rest, title).lstrip(" :-–")
    if letter not in LETTERS or (before and letter <= before):
        return None
    return letter, rest


def _behind(rest: str, title: str) -> str:
    """What follows a title of which only letters without accents are known."""
    for cut in range(len(rest) + 1):
        if _plain(rest[:cut]) == title:
            return rest[cut:]
    return ""


def _go_on(lines: list[str], row: str) -> None:
    """A row that is indented by five or more goes on with the line before, every other one begins a line."""
    if not row.strip():
        return
    if lines and row.startswith("     "):
        lines[-1] += " " + row.strip()
    else:
        lines.append(row.strip())


def _head(row: str, heads: dict[str, str], other: list[str]) -> None:
    for key in _HEADS:
        for language in LANGUAGES:
            title = _plain(say(f"views.sitrep.{key}", language))
            name, colon, value = row.partition(":")
            if _plain(name.strip()) == title and (bool(colon) or key == "heading") and key not in heads:
                heads[key] = value.strip()
                return
    if row.strip():
        other.append(row.strip())


@cache
def _titles() -> tuple[tuple[str, str], ...]:
    """Titles in both languages without accents, the longest first, with their letter."""
    pairs = {(_plain(say(f"views.sitrep.{letter}", tongue)), letter) for letter in LETTERS for tongue in LANGUAGES}
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))


def _plain(text: str) -> str:
    """Capitals without accents or hyphens."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.upper().replace("CO-ORD", "COORD").replace("’", "'")


def _numbered(text: str) -> tuple[str, int, bool]:
    """Case, number and whether it is the last, of `GRIS-NEZ/2021/0849 - 2 (AND FINAL)`."""
    match = _NUMBER.fullmatch(text.strip())
    number = 0 if match is None else int(match[2]) if match[2].isdigit() else _SPELT.get(match[2], 0)
    if match is None or number < 1:
        raise CordialeError("views.sitrep_head", what=say("views.sitrep.number"), value=repr(text))
    return match[1], number, "FINAL" in (match[3] or "")


def _instant(text: str) -> Instant:
    match = _GROUP.search(_plain(text))
    if match is None or match[4] not in MONTHS:
        raise CordialeError("views.sitrep_head", what=say("views.sitrep.at"), value=repr(text))
    day, hour, minute, month, year = match.groups()
    return utc(f"{year}-{MONTHS.index(month) + 1:02d}-{day}T{hour}:{minute}Z")


def _urgency(text: str) -> Urgency:
    for urgency in URGENCIES:
        for language in LANGUAGES:
            if _plain(text) == _plain(say(f"views.sitrep.urgency.{urgency}", language)):
                return urgency
    raise CordialeError("views.sitrep_head", what=say("views.sitrep.priority"), value=repr(text))
