"""Latitude and longitude as people write, say and type them: every way to read the same digits, most plausible first.

Read are decimal degrees (with points or commas), degrees and decimal minutes, degrees, minutes and seconds, packed
digits (5108.5N), ISO 6709, with sides in English or French (O is west), before or behind the number, with typographic
primes and digits of any script. Digits without marks can mean two things: both are kept, as exclusive readings.

Probabilities of the readings are *judgement*: a decimal fraction of at least five digits comes from a machine; a
caller who reads out "51 08 30" means seconds about twice as often as hundredths of a minute.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from cordiale.earth.errors import InvalidPosition
from cordiale.earth.units import NM, Degrees, Metres, Probability

# Latitude 49 to 53 N, longitude 2 W to 5 E: where our reports come from (judgement). A pair outside it that lies
# inside when its numbers change places was written longitude first.
HOME_WATERS = (49.0, 53.0, -2.0, 5.0)
_UNIT: tuple[Metres, Metres, Metres] = (60 * NM, NM, NM / 60)  # one degree, minute, second of latitude

_CHARACTERS = str.maketrans(
    dict.fromkeys("ºª˚⁰∘", "°")
    | dict.fromkeys("′’‘‛`´ʹʼˈ′‵", "'")
    | dict.fromkeys("″“”„‟ʺ˝", '"')
    | dict.fromkeys("−–—‐‑‒﹣-", "-")
    | {"٫": ".", "·": ".", "，": ",", "、": ",", "﹐": ",", "\u200e": "", "\u200f": "", "\ufeff": "", "\u200b": ""}
)
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_WORDS = (
    (r"\b(?:DEGREES?|DEGR[EÉ]S?|DEG)\b\.?", "°"),
    (r"\b(?:MINUTES?|MIN|MN)\b\.?", "'"),
    (r"\b(?:SECONDES?|SECONDS?|SEC)\b\.?", '"'),
    (r"\b(?:DECIMALE?|POINT|VIRGULE)\b", "."),
    (r"\b(?:LATITUDE|LONGITUDE|LAT|LONG|LON|LNG)\b\.?", " "),
    (r"\b(?:POSITION|POS|GPS|LOCATION|COORDINATES|COORDONN[EÉ]ES|WGS ?84)\b\.?", " "),
    (r"\b(?:NORTH|NORD)\b", "N"),
    (r"\b(?:SOUTH|SUD)\b", "S"),
    (r"\b(?:EAST|EST)\b", "E"),
    (r"\b(?:WEST|OUEST)\b", "W"),
    (r"(?<![A-Z])O(?![A-Z])", "W"),
    (r"''", '"'),
    (r"([0-9]+)\s*(['\"])[.,]([0-9]+)", r"\1.\3\2"),  # 51°08'.5N, as printed on charts
    (r"([0-9])\s*\.\s+([0-9])", r"\1.\2"),
    (r"(?<![0-9.,])([0-9]{1,3})\.([0-9]{1,2})[.,]([0-9]+)'", r"\1 \2.\3'"),
    (r"(?<![0-9.,])([0-9]{1,3})\.([0-9]{1,2})[.,]([0-9]+)(?![0-9.])", r"\1 \2 \3"),  # 51.08.5 or 51.08.30
    (rf"(?<![0-9.,])([0-9]{{1,3}}):([0-9]{{1,2}}):({_NUMBER})", "\\1°\\2'\\3\""),
    (r"[:=()\[\]]", " "),
)
_PART = re.compile(rf"({_NUMBER})\s*([°'\"]?)")
_ALPHABET = re.compile(r"[0-9NSEW°'\".,;/|+\-\s]+")
_SEPARATORS = " \t\r\n,;/|"


@dataclass(frozen=True, kw_only=True, slots=True)
class Coordinates:
    """One reading of a pair of coordinates: degrees WGS 84, north and east positive.

    `resolution` is one unit of the last digit, in metres of latitude; `form` is how it was written; `flags` say what
    was odd: `side_assumed`, `far_away` (outside home waters), `map_centre`.
    """

    lat: Degrees
    lon: Degrees
    resolution: Metres
    form: str
    probability: Probability = 1.0
    flags: tuple[str, ...] = ()


class SwappedPosition(InvalidPosition):
    """Longitude stands where latitude belongs; `likely` is the pair in the other order."""

    def __init__(self, likely: Coordinates, *, text: str) -> None:
        super().__init__("earth.swapped", text=text, lat=likely.lat, lon=likely.lon)
        self.likely = likely


@dataclass(frozen=True, slots=True)
class _Angle:
    side: str
    negative: bool
    parts: tuple[tuple[str, str], ...]  # number as written and its mark


_Weighed = tuple[Probability, Coordinates | InvalidPosition]


def read_coordinates(text: str) -> tuple[Coordinates, ...]:
    """Every way to read a pair of coordinates, most plausible first; the probabilities sum to 1.

    Raises `InvalidPosition` (61 minutes, latitude 95, nothing readable) and `SwappedPosition`. Without a side, north
    and east are taken.

    >>> [round(r.lat, 4) for r in read_coordinates("51°08.5'N 001°44.5'E")]
    [51.1417]
    >>> [(r.form, r.probability) for r in read_coordinates("51 08 30 N 001 44 30 E")]
    [('degrees_minutes_seconds', 0.7), ('degrees_minutes', 0.3)]
    """
    problem = InvalidPosition("earth.position", text=shown(text))
    for candidate in _candidates(text):
        angles = _two_angles(candidate)
        if angles is None:
            continue
        try:
            return _settled(_readings(*angles), shown(text))
        except SwappedPosition:
            raise
        except InvalidPosition as error:
            problem = error
    raise problem


def in_home_waters(lat: Degrees, lon: Degrees) -> bool:
    """Whether a pair of degrees lies in the box our reports come from."""
    south, north, west, east = HOME_WATERS
    return south <= lat <= north and west <= lon <= east


def checked(coordinates: Coordinates, text: str) -> Coordinates:
    """The same coordinates if they can be meant: on Earth, and not written longitude first."""
    lat, lon = coordinates.lat, coordinates.lon
    if not in_home_waters(lat, lon) and in_home_waters(lon, lat):
        likely = Coordinates(lat=lon, lon=lat, resolution=coordinates.resolution, form=coordinates.form)
        raise SwappedPosition(likely, text=text)
    if not -90 <= lat <= 90:
        raise InvalidPosition("earth.latitude", lat=lat)
    if not -180 <= lon <= 180:
        raise InvalidPosition("earth.longitude", lon=lon)
    return coordinates


def shown(text: str) -> str:
    """A text as an error quotes it: at most 120 characters, no control characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:400]).split())
    return line if len(line) <= 120 else line[:119] + "…"


def plain(text: str) -> str:
    """The text with ASCII digits and marks for every script's digits and every printer's primes."""
    translated = text.translate(_CHARACTERS)
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in translated)
    return " ".join(digits.split())


def _candidates(text: str) -> Iterator[str]:
    """The text in the alphabet of coordinates: first with decimal commas, then with commas that separate."""
    if len(text) > 400:
        return
    canonical = plain(text).upper()
    for pattern, replacement in _WORDS:
        canonical = re.sub(pattern, replacement, canonical)
    canonical = canonical.strip(_SEPARATORS + ".")
    if not _ALPHABET.fullmatch(canonical):
        return
    if not re.search(r"[0-9]\.[0-9]", canonical):
        commas = re.sub(r"([0-9]+),([0-9]+)", r"\1.\2", canonical)
        if commas != canonical:
            yield commas
    if canonical[0] in "+-":  # ISO 6709: +51.1417+001.7417/
        canonical = re.sub(r"([+-])", r" \1", canonical).strip()
    yield canonical


def _two_angles(text: str) -> tuple[_Angle, _Angle] | None:
    """Latitude and longitude, in this order, as groups of digits; None when the text has no such shape."""
    chunks = _chunks(text)
    if chunks is None:
        return None
    first, second = (_angle(*chunk) for chunk in chunks)
    if first is None or second is None:
        return None
    if first.side in ("E", "W") or second.side in ("N", "S"):
        first, second = second, first
    if first.side in ("E", "W") or second.side in ("N", "S"):
        return None
    if len(first.parts) != len(second.parts) and not (first.side and second.side):
        return None
    if not (first.side and second.side) and not re.search("[,;/|]", text) and _half(first, second):
        return None
    return first, second


def _half(first: _Angle, second: _Angle) -> bool:
    """Whether two numbers may be one angle: "51 08" and "51 08.5 N" are half a position, no degree of longitude."""
    if len(first.parts) != 1 or len(second.parts) != 1:
        return False
    numbers = [first.parts[0], second.parts[0]]
    packed = all(len(number.partition(".")[0]) >= 4 for number, _ in numbers)
    return not (packed or all("." in number for number, _ in numbers) or all(mark for _, mark in numbers))


def _chunks(text: str) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """(side, digits) of both angles; a side stands before or behind its digits."""
    sides = [m.start() for m in re.finditer("[NSEW]", text)]
    if len(sides) > 2:
        return None
    if not sides:
        halves = _halves(text)
        return halves and (("", halves[0]), ("", halves[1]))
    start = sides[0]
    if len(sides) == 2:
        end = sides[1]
        if start == 0:
            return (text[0], text[1:end]), (text[end], text[end + 1 :])
        return ((text[start], text[:start]), (text[end], text[start + 1 : end])) if end == len(text) - 1 else None
    side = text[start]
    if 0 < start < len(text) - 1:
        before, after = text[:start], text[start + 1 :]
        return ((side, before), ("", after)) if side in "NS" else (("", before), (side, after))
    halves = _halves(text[1:] if start == 0 else text[:-1])
    if halves is None:
        return None
    return ((side, halves[0]), ("", halves[1])) if start == 0 else (("", halves[0]), (side, halves[1]))


def _halves(text: str) -> tuple[str, str] | None:
    """Digits without sides cut at their separator, or else into as many groups left as right."""
    pieces = [p for p in re.split(r"[,;/|]", text) if p.strip()]
    if len(pieces) == 2:
        return pieces[0], pieces[1]
    starts = [m.start() for m in re.finditer(rf"(?:(?<=\s)[+-])?{_NUMBER}", text)]
    if len(pieces) > 2 or len(starts) not in (2, 4, 6):
        return None
    middle = starts[len(starts) // 2]
    return text[:middle], text[middle:]


def _angle(side: str, text: str) -> _Angle | None:
    body = text.strip(_SEPARATORS)
    sign = body[:1] if body[:1] in ("+", "-") else ""
    body = body.removeprefix(sign)
    parts = tuple((number, mark) for number, mark in _PART.findall(body))
    if _PART.sub(" ", body).strip(" -") or not 1 <= len(parts) <= 3 or (side and sign == "-"):
        return None
    marks_fit = all(mark in ("", "°'\""[i]) for i, (_, mark) in enumerate(parts))
    if not marks_fit or any("." in number for number, _ in parts[:-1]) or any(len(n) > 20 for n, _ in parts):
        return None
    return _Angle(side, sign == "-", parts)


def _readings(lat: _Angle, lon: _Angle) -> Iterator[_Weighed]:
    """Weights and readings, or what forbids a reading."""
    lat, lon = _unpacked(lat, lon)
    flags = () if (lat.side and lon.side) or lat.negative or lon.negative else ("side_assumed",)
    for form, weight in _forms(lat, lon):
        try:
            (y, y_unit), (x, x_unit) = _value(lat, form), _value(lon, form)
        except InvalidPosition as error:
            yield weight, error
            continue
        yield weight, Coordinates(lat=y, lon=x, resolution=max(y_unit, x_unit), form=form, flags=flags)


def _settled(weighed: Iterator[_Weighed], text: str) -> tuple[Coordinates, ...]:
    """The readings that are possible, their probabilities summing to 1."""
    kept: list[tuple[Probability, Coordinates]] = []
    problem: InvalidPosition | None = None
    for weight, reading in weighed:
        try:
            if isinstance(reading, InvalidPosition):
                raise reading
            kept.append((weight, checked(reading, text)))
        except InvalidPosition as error:
            problem = problem or error
    if not kept:
        raise problem or InvalidPosition("earth.position", text=text)
    total = sum(weight for weight, _ in kept)
    return tuple(
        Coordinates(
            lat=r.lat,
            lon=r.lon,
            resolution=r.resolution,
            form=r.form,
            probability=weight / total,
            flags=r.flags + (() if in_home_waters(r.lat, r.lon) else ("far_away",)),
        )
        for weight, r in kept
    )


def _unpacked(lat: _Angle, lon: _Angle) -> tuple[_Angle, _Angle]:
    """5108.5 and 00144.5 as degrees and minutes, 510830 and 0014430 as degrees, minutes and third digits."""
    if len(lat.parts) != 1 or len(lon.parts) != 1 or lat.parts[0][1] or lon.parts[0][1]:
        return lat, lon
    width = len(lat.parts[0][0].partition(".")[0])
    if not 4 <= width <= 6 or len(lon.parts[0][0].partition(".")[0]) > width + 1:
        return lat, lon
    return _cut(lat, 2, width), _cut(lon, 3, width + 1)


def _cut(angle: _Angle, head: int, width: int) -> _Angle:
    digits, _, fraction = angle.parts[0][0].partition(".")
    digits = digits.zfill(width)
    groups = [digits[:head], digits[head : head + 2], digits[head + 2 :]]
    if not groups[2]:
        groups.pop()
    if fraction:
        groups[-1] += f".{fraction}"
    return _Angle(angle.side, angle.negative, tuple((g, "") for g in groups))


def _forms(lat: _Angle, lon: _Angle) -> tuple[tuple[str, Probability], ...]:
    """What the groups of digits may mean, with the judged probability of each."""
    if len(lat.parts) != len(lon.parts):
        return (("as_marked", 1.0),)
    last = [angle.parts[-1][0] for angle in (lat, lon)]
    if len(lat.parts) == 1:
        return _forms_of_decimals([n.partition(".")[2] for n in last], lat.parts[0][1] + lon.parts[0][1])
    if len(lat.parts) == 2:
        spoken = all(len(n) >= 3 and "." not in n for n in last) and not lat.parts[1][1]
        return (("spoken_decimal", 1.0),) if spoken else (("degrees_minutes", 1.0),)
    marks = {angle.parts[i][1] for angle in (lat, lon) for i in (1, 2)} - {""}
    if '"' in marks or any("." in n for n in last):
        return (("degrees_minutes_seconds", 1.0),)
    if any(len(n) > 2 or int(n) >= 60 for n in last):
        return (("degrees_minutes", 1.0),)
    seconds_first = 0.9 if "'" in marks else 0.7
    if any(len(n) == 1 for n in last):
        seconds_first = 0.4
    forms = (("degrees_minutes_seconds", seconds_first), ("degrees_minutes", round(1 - seconds_first, 9)))
    return tuple(sorted(forms, key=lambda pair: -pair[1]))


def _forms_of_decimals(fractions: list[str], marks: str) -> tuple[tuple[str, Probability], ...]:
    """Decimal degrees; or degrees and minutes with a point between them, where the digits allow it."""
    shortest = min(map(len, fractions))
    if marks or not 2 <= shortest <= 4 or any(int(f[:2]) >= 60 for f in fractions):
        return (("decimal", 1.0),)
    misread = 0.05 if shortest == 4 else 0.1
    return (("decimal", 1 - misread), ("degrees.minutes", misread))


def _value(angle: _Angle, form: str) -> tuple[Degrees, Metres]:
    """Degrees of one angle read in one form, and the size of its last digit in metres of latitude."""
    numbers = [number for number, _ in angle.parts]
    if form == "degrees.minutes":
        whole, _, fraction = numbers[0].partition(".")
        numbers = [whole, fraction[:2] + ("." + fraction[2:] if fraction[2:] else "")]
    elif form == "spoken_decimal":
        numbers = [f"{numbers[0]}.{numbers[1]}"]
    elif form == "degrees_minutes" and len(numbers) == 3:
        numbers = [numbers[0], f"{numbers[1]}.{numbers[2]}"]
    for name, number in zip(("minutes", "seconds"), numbers[1:], strict=False):
        if float(number) >= 60:
            raise InvalidPosition(f"earth.{name}", value=number)
    value = sum(float(number) / 60**i for i, number in enumerate(numbers))
    unit = _UNIT[len(numbers) - 1] * 10.0 ** -len(numbers[-1].partition(".")[2])
    return (-value if angle.negative or angle.side in ("S", "W") else value), unit
