"""`cordiale sea`: level, current, wind and light where and when one asks, with sources, to hold against any atlas."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cordiale.desk.forecast_options import choose_wind, describe_wind
from cordiale.desk.options import now, position_of, read_duration, read_time
from cordiale.earth.errors import CordialeError, InvalidPosition
from cordiale.earth.geodesy import direction_to
from cordiale.earth.instants import date_and_zulu, iso
from cordiale.earth.position import Position
from cordiale.earth.units import Degrees, Instant, MetresPerSecond, hours, knots
from cordiale.sea.environment import Conditions, Environment, conditions, the_strait
from cordiale.sea.light import light
from cordiale.sea.tide import OutsideTide
from cordiale.words import Language, say

MOST_ROWS = 1_000_000
Row = dict[str, Any]


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The arguments of `cordiale sea`."""
    add = parser.add_argument
    add("position", nargs="?", help=say("desk.sea.position", language))
    add("--positions", metavar="FILE.csv", help=say("desk.sea.positions", language))
    add("--from", dest="begin", metavar="TIME", help=say("desk.sea.begin", language))
    add("--to", dest="end", metavar="TIME", help=say("desk.sea.end", language))
    add("--step", default="1h", metavar="1h", help=say("desk.sea.step", language))
    describe_wind(parser, language)
    add("--json", action="store_true", help=say("desk.option.json", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Print one row for each position and instant; 1 when a position lay outside the atlas."""
    places = _places(options)
    moments = _moments(options)
    if len(places) * len(moments) > MOST_ROWS:
        raise CordialeError("desk.too_many_rows", rows=len(places) * len(moments), most=MOST_ROWS)
    environment = the_strait(choose_wind(options, moments[0], moments[-1]))
    rows = [_row(environment, name, position, at) for name, position in places for at in moments]
    if options.json:
        document = {
            "format": "cordiale.sea/1",
            "decision_aid": say("desk.decision_aid", "en"),
            "sources": _sources(environment),
            "rows": rows,
        }
        json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        _print(rows, environment, language)
    return 1 if any("problem" in row for row in rows) else 0


def _sources(environment: Environment) -> Row:
    return {
        "level": environment.current.source,
        "current": environment.current.source,
        "current_std_m_s": environment.current_error.std,
        "wind": environment.wind.source,
        "wind_std_m_s": environment.wind_error.std,
        "light": say("desk.sea.light_source", "en"),
    }


def _moments(options: argparse.Namespace) -> list[Instant]:
    begin = now() if options.begin is None else read_time(options.begin)
    end = begin + 12 * hours if options.end is None else read_time(options.end, reference=begin)
    step = read_duration(options.step)
    if end < begin:
        raise CordialeError("desk.sea_order", begin=iso(begin), end=iso(end))
    count = int((end - begin) / step + 1e-9) + 1
    if count > MOST_ROWS:
        raise CordialeError("desk.too_many_rows", rows=count, most=MOST_ROWS)
    return [begin + k * step for k in range(count)]


def _places(options: argparse.Namespace) -> list[tuple[str, Position]]:
    if (options.position is None) == (options.positions is None):
        raise CordialeError("desk.sea_where")
    if options.position is not None:
        return [("", position_of(options.position))]
    try:
        with Path(options.positions).open(encoding="utf-8-sig", newline="") as file:
            return list(_rows_of(csv.DictReader(file), options.positions))
    except (OSError, UnicodeDecodeError) as error:
        raise CordialeError("desk.cannot_read", path=options.positions, reason=str(error)) from error


def _rows_of(table: Iterable[Mapping[str, str]], path: str) -> Iterable[tuple[str, Position]]:
    """Name and position of each row: columns lat and lon in degrees, or position in any form; name if there is one."""
    number = 0
    for number, row in enumerate(table, 1):
        cells = {(k or "").strip().lower(): (v or "").strip() if isinstance(v, str) else "" for k, v in row.items()}
        text = cells.get("position") or f"{cells.get('lat', '')}, {cells.get('lon', '')}"
        try:
            yield cells.get("name") or str(number), position_of(text)
        except InvalidPosition as error:
            problem = error.problem()
            raise CordialeError("desk.positions_row", path=path, row=number + 1, text=text, problem=problem) from error
    if not number:
        raise CordialeError("desk.positions_empty", path=path)


def _row(environment: Environment, name: str, position: Position, at: Instant) -> Row:
    """One line of the answer; outside the atlas it holds the problem and the hint instead of the sea."""
    row: Row = {"name": name} if name else {}
    row |= {"lat": position.lat, "lon": position.lon, "on_chart": str(position), "at": iso(at)}
    day = light(at, lat=position.lat, lon=position.lon)
    row |= {"light": day.twilight, "sun_altitude_deg": round(day.sun_altitude, 2)}
    try:
        sea = conditions(environment, at, position)
    except OutsideTide as error:
        return row | {"problem": error.problem(), "hint": error.hint()}
    return row | _sea(sea)


def _sea(sea: Conditions) -> Row:
    current_speed, current_to = _polar(sea.current_east, sea.current_north)
    wind_speed, wind_to = _polar(sea.wind_east, sea.wind_north)
    return {
        "level_m": None if sea.level is None else round(sea.level, 3),
        "current_speed_m_s": round(current_speed, 4),
        "current_to_deg_true": round(current_to, 1),
        "current_east_m_s": round(sea.current_east, 4),
        "current_north_m_s": round(sea.current_north, 4),
        "wind_speed_m_s": round(wind_speed, 2),
        "wind_from_deg_true": round((wind_to + 180) % 360, 1) if wind_speed else None,
        "to_land_m": None if sea.to_land is None else round(sea.to_land),
    }


def _polar(east: MetresPerSecond, north: MetresPerSecond) -> tuple[MetresPerSecond, Degrees]:
    return (east * east + north * north) ** 0.5, float(direction_to(east, north))


def _print(rows: list[Row], environment: Environment, language: Language) -> None:
    place = None
    for row in rows:
        if place != (row.get("name"), row["on_chart"]):
            place = (row.get("name"), row["on_chart"])
            print(f"\n{row.get('name', '')} {row['on_chart']}".strip() if row.get("name") else row["on_chart"])
            print(say("desk.sea.head", language))
        at = date_and_zulu(read_time(row["at"]))
        if "problem" in row:
            print(f"{at}  {row['problem']} ({row['hint']})")
            continue
        wind_from = "  -" if row["wind_from_deg_true"] is None else f"{row['wind_from_deg_true']:03.0f}"
        print(
            say(
                "desk.sea.row",
                language,
                at=at,
                level=row["level_m"],
                current_kn=row["current_speed_m_s"] / knots,
                current_m_s=row["current_speed_m_s"],
                current_to=row["current_to_deg_true"],
                wind_kn=row["wind_speed_m_s"] / knots,
                wind_from=wind_from,
                light=say(f"sea.light.{row['light']}", language),
            )
        )
    sources = _sources(environment) | {"light": say("desk.sea.light_source", language)}
    print()
    print(say("desk.sea.sources", language, **sources))
    print(say("desk.decision_aid", language))
