"""The tables of the room, as packaged or from files of one's own with the same columns.

Widths are given by object, platform, height and visibility; speeds, weather and other factors correct them; classes say
which rows stand for a search object; instruments have a range at 90 % and one at 50 %. Every row has a source, and
every answer names it. `read_tables(weather=path)` puts one's own file in the place of the packaged one.
"""

import csv
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

import numpy as np

from cordiale.boats.life import PHASES
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import NM, FloatArray, Fraction, Metres, MetresPerSecond, Probability, Quantity, km, knots
from cordiale.sensors.lateral_range import LateralRangeCurve, two_figures

FEET: Final[Metres] = 0.3048
_AT = re.compile(r"at_([0-9.]+)_(nm|km)")
_UNIT: Final = {"nm": NM, "km": km}
Kind = Literal["radar", "camera", "infrared"]


@dataclass(frozen=True, eq=False, slots=True)
class WidthTable:
    """Uncorrected sweep widths (m) of one object from one platform: shape (heights, visibilities)."""

    heights: FloatArray  # m, rising; one entry where the height is not stated
    visibilities: FloatArray  # m, rising
    widths: FloatArray
    source: str

    def at(self, height: Metres, visibility: Metres) -> Metres:
        """Straight lines between the rows and columns; beyond them the last one holds.

        Below the least visibility the width goes to 0 with the visibility (judgement: no table tells of fog), and
        never is it more than twice the visibility, which lies on both sides.
        """
        by_height = [np.interp(visibility, self.visibilities, row) for row in self.widths]
        width = float(np.interp(height, self.heights, by_height))
        return min(width * min(visibility / float(self.visibilities[0]), 1.0), 2 * visibility)


@dataclass(frozen=True, kw_only=True, slots=True)
class WeatherBand:
    """The factor of a weather class up to a wind (m/s) and a sea (m)."""

    wind_up_to: MetresPerSecond
    sea_up_to: Metres
    factor: Fraction
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """A factor with the spread of its logarithm and where both come from."""

    value: Fraction
    spread_ln: Quantity
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectClass:
    """Which rows stand for a search object: those of the tables with a scale, and weather classes with a weight.

    Several rows are a bracket: the least and the most of them are taken as 10 and 90 %. The weights sum to 1.
    """

    key: str
    rows: tuple[tuple[str, Fraction], ...]
    bridge: tuple[tuple[str, Fraction], ...]
    weather: tuple[tuple[str, Probability], ...]
    sources: tuple[str, ...]
    flotation: bool = False

    def __post_init__(self) -> None:
        total = sum(weight for _, weight in self.weather)
        if not self.rows or abs(total - 1) > 1e-9 or min(weight for _, weight in self.weather) < 0:
            raise CordialeError("sensors.class_weights", name=self.key, total=total)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """What an operator states of an instrument: its lateral range curve for an object, up to a sea (m)."""

    curve: LateralRangeCurve
    source: str
    object_class: str = "any"
    sea_up_to: Metres = math.inf
    spread_ln: Quantity = 0.3  # judgement: operators' figures are round and rest on few trials


@dataclass(frozen=True, kw_only=True)
class Tables:
    """All tables of the room."""

    widths: dict[tuple[str, str], WidthTable]
    speeds: dict[tuple[str, str], tuple[tuple[MetresPerSecond, Fraction], ...]]
    speed_source: str
    weather: dict[str, tuple[WeatherBand, ...]]
    factors: dict[str, Correction]
    classes: dict[str, ObjectClass]
    phases: dict[str, str]
    instruments: dict[str, tuple[Kind, tuple[Figures, ...]]]

    def object_class(self, key: str) -> ObjectClass:
        """The class of this key; an unknown one raises and lists those known."""
        if key not in self.classes:
            raise CordialeError("sensors.object_class", name=key, known=", ".join(self.classes))
        return self.classes[key]

    def class_in_phase(self, phase: int) -> ObjectClass:
        """The class of a small boat, or what is left of her, in a phase of her life (an index of PHASES)."""
        return self.object_class(self.phases[PHASES[phase]])


def read_tables(
    *,
    widths: Path | None = None,
    bridge: Path | None = None,
    speed: Path | None = None,
    weather: Path | None = None,
    factors: Path | None = None,
    classes: Path | None = None,
    phases: Path | None = None,
    instruments: Path | None = None,
) -> Tables:
    """The tables, each packaged unless a file of one's own with the same columns is named; a bad row raises."""
    speeds = _rows(speed, "speed.csv", ("object", "platform", "speed_kn", "factor", "source"))
    weathers = _rows(weather, "weather.csv", ("class", "wind_up_to_kn", "sea_up_to_ft", "factor", "source"))
    corrections = _rows(factors, "factors.csv", ("name", "value", "spread_ln", "source"))
    found = Tables(
        widths=_widths(_rows(widths, "sweep_widths.csv", ("object", "platform", "height_ft", "source")))
        | _widths(_rows(bridge, "sweep_widths_bridge.csv", ("object", "platform", "height_ft", "source"))),
        speeds={
            (what, platform): tuple(sorted((_number(r, "speed_kn") * knots, _number(r, "factor")) for r in rows))
            for (what, platform, *_), rows in _grouped(speeds, "object", "platform")
        },
        speed_source=speeds[0]["source"],
        weather={key: tuple(_band(r) for r in rows) for (key, *_), rows in _grouped(weathers, "class")},
        factors={
            r["name"]: Correction(
                value=_number(r, "value"), spread_ln=_number(r, "spread_ln", least=0.0), source=r["source"]
            )
            for r in corrections
        },
        classes=_classes(_rows(classes, "object_classes.csv", ("key", "part", "name", "number", "source"))),
        phases={r["phase"]: r["class"] for r in _rows(phases, "phases.csv", ("phase", "class", "source"))},
        instruments=_instruments(
            _rows(
                instruments,
                "instruments.csv",
                ("key", "kind", "object", "sea_up_to_ft", "range_90_nm", "range_50_nm", "spread_ln", "source"),
            )
        ),
    )
    _check(found)
    return found


@cache
def packaged_tables() -> Tables:
    """The tables as packaged."""
    return read_tables()


def _rows(path: Path | None, name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a file, each with its place in it under `place`, the columns of the table all there."""
    where: Path | Traversable = path or files("cordiale.sensors") / "data" / name
    try:
        with where.open(encoding="utf-8") as file:
            reader = csv.DictReader(file)
            rows = [{key: value or "" for key, value in row.items() if key} for row in reader]
            missing = [c for c in columns if c not in (reader.fieldnames or ())]
    except (OSError, UnicodeDecodeError) as error:
        raise CordialeError("sensors.table_file", path=str(where), reason=str(error)) from error
    if missing or not rows:
        raise CordialeError("sensors.table_columns", path=str(where), missing=", ".join(missing or columns))
    for number, row in enumerate(rows, start=2):
        row["place"] = f"{where.name}:{number}"
        if not row["source"].strip():
            raise CordialeError("sensors.table_source", place=row["place"])
    return rows


def _number(row: dict[str, str], column: str, least: Quantity = 1e-9) -> Quantity:
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if math.isnan(value) or value < least:
        raise CordialeError("sensors.table_number", place=row["place"], column=column, value=row[column])
    return value


def _grouped(rows: Iterable[dict[str, str]], *columns: str) -> list[tuple[tuple[str, ...], list[dict[str, str]]]]:
    ordered = sorted(rows, key=lambda r: tuple(r[c] for c in columns))
    return [(key, list(group)) for key, group in groupby(ordered, key=lambda r: tuple(r[c] for c in columns))]


def _widths(rows: list[dict[str, str]]) -> dict[tuple[str, str], WidthTable]:
    at = {c: float(m[1]) * _UNIT[m[2]] for c in rows[0] if (m := _AT.fullmatch(c))}
    if not at:
        raise CordialeError("sensors.table_columns", path=rows[0]["place"], missing="at_1_nm")
    columns = sorted(at, key=lambda c: at[c])
    tables = {}
    for (what, platform, *_), group in _grouped(rows, "object", "platform"):
        by_height = sorted((_number(r, "height_ft") if r["height_ft"] else 0.0, n) for n, r in enumerate(group))
        tables[what, platform] = WidthTable(
            heights=np.array([height for height, _ in by_height]) * FEET,
            visibilities=np.array([at[c] for c in columns]),
            widths=np.array([[_number(group[n], c, least=0.0) for c in columns] for _, n in by_height]) * NM,
            source=group[0]["source"],
        )
    return tables


def _band(row: dict[str, str]) -> WeatherBand:
    return WeatherBand(
        wind_up_to=_number(row, "wind_up_to_kn") * knots,
        sea_up_to=_number(row, "sea_up_to_ft") * FEET,
        factor=_number(row, "factor"),
        source=row["source"],
    )


def _classes(rows: list[dict[str, str]]) -> dict[str, ObjectClass]:
    classes = {}
    for key in dict.fromkeys(row["key"] for row in rows):
        mine = [row for row in rows if row["key"] == key]

        def part(name: str, mine: list[dict[str, str]] = mine) -> tuple[tuple[str, Quantity], ...]:
            return tuple((r["name"], _number(r, "number", least=0.0)) for r in mine if r["part"] == name)

        classes[key] = ObjectClass(
            key=key,
            rows=part("row"),
            bridge=part("bridge"),
            weather=part("weather"),
            sources=tuple(dict.fromkeys(r["source"] for r in mine)),
            flotation=bool(part("flotation")),
        )
    return classes


def _instruments(rows: list[dict[str, str]]) -> dict[str, tuple[Kind, tuple[Figures, ...]]]:
    kinds: dict[str, Kind] = {"radar": "radar", "camera": "camera", "infrared": "infrared"}
    found: dict[str, tuple[Kind, tuple[Figures, ...]]] = {}
    for row in rows:
        if row["kind"] not in kinds:
            raise CordialeError("sensors.kind", value=row["kind"], known=", ".join(kinds))
        figures = Figures(
            curve=two_figures(range_90=_number(row, "range_90_nm") * NM, range_50=_number(row, "range_50_nm") * NM),
            source=row["source"],
            object_class=row["object"],
            sea_up_to=_number(row, "sea_up_to_ft") * FEET,
            spread_ln=_number(row, "spread_ln", least=0.0),
        )
        found[row["key"]] = (kinds[row["kind"]], (*found.get(row["key"], (kinds[row["kind"]], ()))[1], figures))
    return found


def _check(tables: Tables) -> None:
    """Every row that a class or a phase names exists."""
    for item in tables.classes.values():
        for name, _ in item.rows:
            if (name, "boat") not in tables.widths:
                raise CordialeError("sensors.class_row", name=item.key, row=name)
        for name, _ in item.bridge:
            if (name, "bridge") not in tables.widths:
                raise CordialeError("sensors.class_row", name=item.key, row=name)
        for name, _ in item.weather:
            if name not in tables.weather:
                raise CordialeError("sensors.class_row", name=item.key, row=name)
    for phase, key in tables.phases.items():
        if phase not in PHASES or key not in tables.classes:
            raise CordialeError("sensors.class_row", name=phase, row=key)
