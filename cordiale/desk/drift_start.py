"""Where a forecast of the command line starts, and which instants it shows."""

import argparse
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.offing import put_off_the_beach
from cordiale.belief.report import Fix, RangeBearing, Report
from cordiale.belief.scenario import first_belief
from cordiale.boats.search_object import search_object
from cordiale.desk.options import is_without_a_date, now, read_distance, read_duration, read_time, read_time_after
from cordiale.earth.bearings import RangeBearingText
from cordiale.earth.chance import Stream
from cordiale.earth.chart import read_position
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import bearing, distance
from cordiale.earth.instants import Span, iso
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Fraction, Instant, Seconds
from cordiale.feeds.jsonl import read_feed
from cordiale.feeds.where import away_of_words
from cordiale.sea.environment import Environment, Shore
from cordiale.sea.places import place_positions

_MOST_LINES: Final = 2000
_FEW: Final[Fraction] = 0.005  # of the particles ashore at the start; fewer are an accident of the drawing


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """Where a forecast starts: its middle, what is known of it, and when (on a day that nobody named, or not)."""

    middle: Position
    source: Fix | RangeBearing | Report
    span: Span
    day_assumed: bool = False


def start_of(options: argparse.Namespace) -> Start:
    """The start that a position or a report gives."""
    if (options.position is None) == (options.report is None):
        raise CordialeError("desk.drift_start")
    if options.report is not None:
        report = _report(options.report)
        middle = first_belief(report, stream=Stream.of_seed(options.seed), count=500).centre
        return Start(middle=middle, source=report, span=report.event)
    if options.at is None:
        raise CordialeError("desk.drift_at")
    at, assumed = read_time(options.at), is_without_a_date(options.at)
    span = Span(earliest=at, latest=at)
    reading = read_position(options.position, places=place_positions())[0]
    if isinstance(reading.place, RangeBearingText):
        away = away_of_words(reading.place)
        middle = first_belief(away, at=at, stream=Stream.of_seed(options.seed), count=500).centre
        return Start(middle=middle, source=away, span=span, day_assumed=assumed)
    fix = Fix(position=reading.place, within=read_distance(options.within))
    return Start(middle=reading.place, source=fix, span=span, day_assumed=assumed)


def belief_of(start: Start, options: argparse.Namespace, environment: Environment) -> Belief:
    """The first cloud."""
    is_report = isinstance(start.source, Report)
    return first_belief(
        start.source,
        stream=Stream.of_seed(options.seed).child("drift"),
        search_for=search_object(options.search_for),
        count=options.particles,
        at=start.span,
        under_way=0.0 if options.under_way is None and not is_report else options.under_way,
        coast=environment.coast,
    )


def on_land(belief: Belief, start: Start, coast: Shore | None) -> list[CordialeError]:
    """A word about a start on land: how far inland, how many of the particles, and where the water is."""
    if coast is None or (isinstance(start.source, Report) and start.source.boat.state == "beached"):
        return []
    ashore = float(belief.weight @ (coast.distance(belief.lat, belief.lon) <= 0))
    lat, lon = np.array([start.middle.lat]), np.array([start.middle.lon])
    inland = -float(coast.distance(lat, lon)[0])
    if ashore < _FEW and (isinstance(start.source, Report) or not inland >= 0):
        return []
    water = [float(x[0]) for x in put_off_the_beach(coast, lat, lon)]
    values = {
        "inland_m": max(inland, 0.0),
        "water": str(Position(lat=water[0], lon=water[1])),
        "away_nm": float(distance(start.middle.lat, start.middle.lon, *water)) / NM,
        "towards": float(bearing(start.middle.lat, start.middle.lon, *water)),
    }
    if ashore < _FEW:
        return [CordialeError("desk.drift_start_inland", **values)]
    return [CordialeError("desk.drift_on_land", percent=100 * ashore, **values)]


def moments_of(options: argparse.Namespace, begin: Instant) -> list[Instant]:
    """The instants to tell, the last one the end."""
    if options.until and options.lasting:
        raise CordialeError("desk.drift_end")
    if options.until:
        end = read_time_after(options.until, begin)
    else:
        end = begin + read_duration(options.lasting or "6h")
    if end <= begin:
        raise CordialeError("desk.drift_order", at=iso(begin), until=iso(end))
    every = read_duration(options.every) if options.every else max((end - begin) / 6, 1.0)
    if (end - begin) / every > _MOST_LINES:
        raise CordialeError("desk.too_many_lines", lines=math.ceil((end - begin) / every), most=_MOST_LINES)
    return every_so_often(begin, end, every)


def every_so_often(begin: Instant, end: Instant, every: Seconds) -> list[Instant]:
    """`begin` + `every`, + 2 `every` ..., and `end`; at most 10,000 of them."""
    if (end - begin) / every > 10_000:
        raise CordialeError("desk.too_many_rows", rows=int((end - begin) / every), most=10_000)
    inner = [begin + k * every for k in range(1, int((end - begin) / every) + 1)]
    return [t for t in inner if t < end - 1] + [end]


def _report(text: str) -> Report:
    """The report FEED:NAME, or the last one of the feed that has a position."""
    path, _, name = text.partition(":")
    reports = [line.report for line in read_feed(Path(path), now=now(), places=place_positions())]
    found = [r for r in reports if r.where and r.is_about_a_boat and (not name or r.name == name)]
    if not found:
        raise CordialeError("desk.drift_report", path=path, name=name or "*")
    return found[-1]
