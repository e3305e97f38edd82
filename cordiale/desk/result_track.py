"""A track as a craft sends it: GPX with times, CSV or JSON of time, position and whether somebody looked.

Read whole or refused with the line, the value and what to do. Nothing is guessed: a fix without a time is no fix.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from cordiale.desk.options import position_of, read_time
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import Instant

LARGEST: Final = 20_000_000  # bytes: a fix a second for a day is a tenth of it
TIMES: Final = ("time", "at", "datetime", "utc", "timestamp", "heure")
LATS: Final = ("lat", "latitude")
LONS: Final = ("lon", "lng", "long", "longitude")
PLACES: Final = ("position", "place", "where")
LOOKING: Final = ("looking", "searching", "lookout", "veille")
YES: Final = frozenset({"", "1", "true", "yes", "y", "oui", "o", "x"})
NO: Final = frozenset({"0", "false", "no", "n", "non", "-"})


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a craft was; `looking` on the way from here to the next fix. `line` of the file, for a person."""

    at: Instant
    position: Position
    looking: bool = True
    line: int = 0


def read_track(path: Path, *, reference: Instant) -> tuple[Fix, ...]:
    """The fixes of a file, in its order; times without a date fall on the day nearest `reference`.

    Raises
    ------
    CordialeError
        The file cannot be read, is none of the three, or a fix of it has no time or no position.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise CordialeError("desk.result_large", path=str(path), most_mb=LARGEST / 1e6)
        data = path.read_bytes()
    except OSError as error:
        raise CordialeError("desk.result_unread", path=str(path), reason=error.strerror or "?") from error
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"<":
        return _gpx(path, data)
    text = data.decode("utf-8-sig", "replace")
    if start in (b"[", b"{"):
        found = tuple(_fixes(path, _json(path, text), reference))
    else:
        found = tuple(_fixes(path, _csv(path, text), reference))
    if not found:
        raise CordialeError("desk.result_few", fixes=0)
    return found


def _gpx(path: Path, data: bytes) -> tuple[Fix, ...]:
    """Track points with their times; between two segments nobody looked. Routes have no times and are refused."""
    found: list[Fix] = []
    here: dict[str, Any] = {}
    parser = expat.ParserCreate(namespace_separator=" ")

    def opened(name: str, attributes: Mapping[str, str]) -> None:
        tag = name.rsplit(" ", 1)[-1]
        here["text"] = ""
        if tag == "trkpt":
            here.update(point=dict(attributes), time=None, line=parser.CurrentLineNumber)

    def closed(name: str) -> None:
        tag = name.rsplit(" ", 1)[-1]
        if tag == "time" and "point" in here:
            here["time"] = here["text"].strip()
        elif tag == "trkpt":
            found.append(_point(path, here))
            del here["point"]
        elif tag == "trkseg" and found:
            found[-1] = Fix(found[-1].at, found[-1].position, looking=False, line=found[-1].line)

    def said(text: str) -> None:
        here["text"] = here.get("text", "") + text

    def refused(*_: object) -> None:
        raise CordialeError("desk.result_doctype", path=str(path))

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = said, refused
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise CordialeError("desk.result_format", path=str(path), reason=str(error)) from error
    if not found:
        raise CordialeError("desk.result_no_track", path=str(path))
    return tuple(found)


def _point(path: Path, here: Mapping[str, Any]) -> Fix:
    line, point = here["line"], here["point"]
    if not here["time"]:
        raise CordialeError("desk.result_no_time", path=str(path), line=line)
    return Fix(_time(path, line, here["time"], None), _place(path, line, point.get("lat"), point.get("lon")), line=line)


def _csv(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    lines = text.splitlines()
    head = lines[0] if lines else ""
    separator = max(";\t,", key=head.count)
    reader = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=separator)
    for row in reader:
        yield reader.line_num, {str(k).strip().lower(): v for k, v in row.items() if k is not None}


def _json(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise CordialeError("desk.result_format", path=str(path), reason=str(error)) from error
    rows = document.get("track", document.get("fixes")) if isinstance(document, dict) else document
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CordialeError("desk.result_format", path=str(path), reason="no list of fixes")
    for number, row in enumerate(rows, 1):
        yield number, {str(k).strip().lower(): v for k, v in row.items()}


def _fixes(path: Path, rows: Iterable[tuple[int, Mapping[str, Any]]], reference: Instant) -> Iterator[Fix]:
    for line, row in rows:
        if not any(str(value or "").strip() for value in row.values()):
            continue
        time = _first(row, TIMES)
        if time is None:
            raise CordialeError("desk.result_no_time", path=str(path), line=line)
        said = _first(row, PLACES)
        if said is not None:
            try:
                place = position_of(str(said))
            except CordialeError as error:
                raise CordialeError("desk.result_place", path=str(path), line=line, text=str(said)) from error
        else:
            place = _place(path, line, _first(row, LATS), _first(row, LONS))
        yield Fix(_time(path, line, time, reference), place, _looking(path, line, _first(row, LOOKING)), line)


def _first(row: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)


def _place(path: Path, line: int, lat: object, lon: object) -> Position:
    try:
        return Position(lat=float(str(lat).replace(",", ".")), lon=float(str(lon).replace(",", ".")))
    except ValueError as error:
        text = f"{lat}, {lon}"
        raise CordialeError("desk.result_place", path=str(path), line=line, text=text) from error


def _time(path: Path, line: int, text: object, reference: Instant | None) -> Instant:
    said = str(text).strip()
    try:
        return utc(said)
    except ValueError:
        pass_on = said
    try:
        if reference is None:
            raise CordialeError("desk.result_time", path=str(path), line=line, text=pass_on)
        return read_time(pass_on, reference=reference)
    except CordialeError as error:
        raise CordialeError("desk.result_time", path=str(path), line=line, text=said) from error


def _looking(path: Path, line: int, value: object) -> bool:
    said = "" if value is None else str(value).strip().lower()
    if said in YES:
        return True
    if said in NO:
        return False
    raise CordialeError("desk.result_looking", path=str(path), line=line, text=str(value))
