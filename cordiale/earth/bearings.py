"""Range and bearing from a named place, as people say it in English and French: `10 NM 045 from Cap Gris-Nez`."""

import difflib
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from cordiale.earth.coordinates import plain, shown
from cordiale.earth.errors import InvalidPosition
from cordiale.earth.pattern import Pattern
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Degrees, Metres, km, metres

NUMERIC_BEARING_STD: Degrees = 10.0  # a direction somebody estimates: judgement

_POINTS = ("n", "nne", "ne", "ene", "e", "ese", "se", "sse", "s", "ssw", "sw", "wsw", "w", "wnw", "nw", "nnw")
_ROSE = {point: 22.5 * i for i, point in enumerate(_POINTS)}
_WORDS_OF_THE_ROSE = (("north", "n"), ("nord", "n"), ("south", "s"), ("sud", "s"), ("east", "e"), ("ouest", "w"),
                      ("west", "w"), ("est", "e"), ("ern", ""), ("-", ""), (" ", ""), ("o", "w"))  # fmt: skip
_UNITS: tuple[tuple[str, Metres], ...] = (
    # at sea a mile is a nautical mile, in both languages
    (r"nautical miles?|nautiques?|milles?(?: marins?| nautiques?)?|miles?|nm|nq|mn|n\.m\.|nmi", NM),
    (r"kilomet(?:re|er)s?|kms?", km),
    (r"met(?:re|er)s?|m", metres),
)
_NUMBER = r"[0-9]{1,4}(?:[.,][0-9]{1,3})?"
_RANGE = (
    r"(?:about |environ |approximately |approx |a peu pres |~ ?)?"
    rf"(?P<range>{_NUMBER}) ?(?P<unit>{'|'.join(pattern for pattern, _ in _UNITS)})(?![a-z])\.?"
)
_MILES = rf"(?:{_RANGE}|(?P<miles>[0-9]{{1,3}}(?:[.,][0-9])?))"
_DEGREES_TRUE = r"[0-9]{1,3}(?:[.,][0-9])? ?(?:°|deg(?:rees|res?)?\b)? ?(?:t(?:rue)?\b|v(?:rais?)?\b)?"
_POINT = (
    r"(?:north|south|nord|sud)(?:[ -]?(?:north|south|nord|sud))?[ -]?(?:east|west|est|ouest)(?:ern)?"
    r"|(?:east|west|est|ouest)[ -](?:north|south|nord|sud)[ -]?(?:east|west|est|ouest)"
    r"|(?:north|south|east|west)(?:ern)?|nord|sud|est|ouest|[ns]{1,2}[ewo]|[ewo][ns][ewo]|[nsewo]"
)
_TOWARDS = r"(?:bearing |relevement |azimut |au |a la |dans le? ?|dans l'|in the |to the |a l'|vers l[e'] ?)*"
_BEARING = rf"{_TOWARDS}(?P<bearing>{_DEGREES_TRUE}|(?:{_POINT})(?![a-z]))"
_OF = (
    r"(?:from the|from|off the|off|of the|of|depuis|de la |de l'|du|des|de|d'|au large de|par rapport a)"
    r"(?:(?<=')|(?![a-z]) ?)"
)
_PLACE = r"(?P<place>[a-z][a-z0-9 '().-]{1,60}?)"
_AT = r"(?:a |at |distance |range )?"
_START = r"(?:we are |i am |nous sommes |on est |je suis |position |situee? |a |at |is )*"
_SHAPES = tuple(
    Pattern(rf"{_START}{shape}\.?")
    for shape in (
        rf"{_RANGE},? {_BEARING} ?{_OF}{_PLACE}",  # 10 NM 045 from Cap Gris-Nez; 5 milles au nord de Sangatte
        rf"(?P<bearing>{_DEGREES_TRUE}) ?/ ?{_MILES} ?(?:{_OF})?{_PLACE}",  # 045/10 Gris-Nez
        rf"{_PLACE},? (?P<bearing>{_DEGREES_TRUE}) ?/ ?{_MILES}",  # Gris-Nez 045/10
        rf"{_BEARING} ?{_OF}{_PLACE},? ?{_AT}{_RANGE}",  # relèvement 045 du Cap Gris-Nez à 10 milles
        rf"(?:{_OF})?{_PLACE},? {_BEARING},? ?{_AT}{_RANGE}",  # Gris-Nez 045 10 NM
        rf"{_RANGE},? {_BEARING} {_PLACE}",  # 10 km nord-ouest Calais
        rf"{_RANGE} ?{_OF}{_PLACE},? {_BEARING}",  # 5 NM off Cap Gris-Nez bearing 300
        rf"{_BEARING},? {_RANGE} ?{_OF}{_PLACE}",  # 045 5 NM from Dover
    )
)
_RANGE_ALONE = Pattern(rf"{_START}{_RANGE} ?{_OF}{_PLACE}\.?")
_NEAR = Pattern(rf"{_START}(?:near|off|close to|pres de|au large de|au large du|devant|vers)? ?{_PLACE}\.?")


@dataclass(frozen=True, kw_only=True, slots=True)
class RangeBearingText:
    """So far from a named place in a direction: metres, and degrees true from the place towards the boat.

    `bearing_std` in degrees: 10 for a number (judgement); for a word the sector of its point of the rose as a uniform
    law (45 degrees / sqrt 12 = 13), and never below 10.
    """

    origin: Position
    place: str
    range: Metres
    bearing: Degrees
    bearing_std: Degrees = NUMERIC_BEARING_STD


def place_key(name: str) -> str:
    """A place name without accents, case, hyphens and articles: `Cap Gris-Nez` and `le cap gris nez` are one."""
    words = re.split(r"[^a-z0-9]+", _lower(name))
    return " ".join(w for w in words if w not in ("", "le", "la", "les", "l", "the", "cap", "cape", "of", "de", "du"))


def read_range_and_bearing(text: str, places: Mapping[str, Position]) -> RangeBearingText | None:
    """Range and bearing from one of the places; None when the text has no such shape.

    Raises `InvalidPosition`: a place that is not known, a direction beyond 360 degrees, a range without a direction.
    """
    line = _lower(text[:300]).strip(" .,;!")
    shapes = [match for match in (shape.fullmatch(line) for shape in _SHAPES) if match]
    known = {place_key(name): (name, position) for name, position in places.items()}
    for match in shapes:
        if place_key(match.group("place")) in known:
            return _range_and_bearing(match, *known[place_key(match.group("place"))])
    if shapes:
        near = difflib.get_close_matches(place_key(shapes[0].group("place")), list(known), n=3, cutoff=0.5)
        examples = ", ".join(known[key][0] for key in (near or sorted(known)[:3])) or "-"
        raise InvalidPosition("earth.unknown_place", place=shown(shapes[0].group("place")), known=examples)
    if _RANGE_ALONE.fullmatch(line):
        raise InvalidPosition("earth.no_bearing", text=shown(text))
    return None


def read_place(text: str, places: Mapping[str, Position]) -> Position | None:
    """The position of a place that is named alone or after a word like `near`; None when it is none of the places."""
    near = _NEAR.fullmatch(_lower(text[:200]).strip(" .,;!"))
    key = place_key(near.group("place")) if near else ""
    return next((position for name, position in places.items() if key and place_key(name) == key), None)


def _range_and_bearing(match: re.Match[str], name: str, origin: Position) -> RangeBearingText:
    groups = match.groupdict()
    miles = groups.get("miles")
    away: Metres = _number(miles) * NM if miles else _number(groups["range"]) * _unit(groups["unit"])
    if away <= 0:
        raise InvalidPosition("earth.range", value=away)
    bearing, std = _bearing(groups["bearing"])
    return RangeBearingText(origin=origin, place=name, range=away, bearing=bearing, bearing_std=std)


def _bearing(text: str) -> tuple[Degrees, Degrees]:
    """Degrees true and their standard deviation."""
    number = re.match(r"[0-9]{1,3}(?:[.,][0-9])?", text)
    if number:
        value = _number(number.group())
        if value > 360:
            raise InvalidPosition("earth.bearing", value=value)
        return value % 360, NUMERIC_BEARING_STD
    point = text
    for word, letter in _WORDS_OF_THE_ROSE:
        point = point.replace(word, letter)
    if point not in _ROSE:
        raise InvalidPosition("earth.bearing", value=shown(text))
    return _ROSE[point], max((45.0 if len(point) < 3 else 22.5) / math.sqrt(12), NUMERIC_BEARING_STD)


def _unit(text: str) -> Metres:
    return next(size for pattern, size in _UNITS if re.fullmatch(pattern, text))


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _lower(text: str) -> str:
    """Lower case, without accents, single spaces; a ligature is two letters, a dash a hyphen."""
    folded = unicodedata.normalize("NFKD", plain(text).lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in folded if not unicodedata.combining(c))
