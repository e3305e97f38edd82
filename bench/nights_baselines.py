"""Simple ways to group the reports of a night, to compare with: the rule of a spreadsheet, and two trackers.

`nearest` is what a list with one row a boat does. `stone_soup` hands the positions to Stone Soup (MIT) in a process
of its own; name its Python with STONE_SOUP_PYTHON, else it is left out. All of them are told which report a relay
passes on where that was written down, as the engine is.
"""

import json
import math
import os
import subprocess
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cordiale.belief.reading import spot
from cordiale.belief.report import Report
from cordiale.earth.geodesy import displacement, distance
from cordiale.earth.units import Instant, Metres, MetresPerSecond, Seconds, hours, km, knots, minutes

CENTRE = (51.0, 1.6)  # of the plane that the trackers work in
# Of 48 settings (0.5 to 3 km, 1 to 6 kn, half an hour to 2 h) these did best on 16 nights of both generators.
NEAR: Metres = 3 * km  # of the last position on the row
FASTEST: MetresPerSecond = 4 * knots  # and so much more for the time since
LONGEST: Seconds = 1 * hours
JUST_NOW: Seconds = 15 * minutes


@dataclass(slots=True)
class Row:
    """One row of the spreadsheet."""

    label: str
    heard: Instant
    at: Instant | None = None
    place: tuple[float, float] | None = None
    phones: set[str] = field(default_factory=set)


def placed(report: Report) -> tuple[float, float, float] | None:
    """Latitude, longitude and variance (m2, each axis) of the first reading; None without one."""
    if not report.where:
        return None
    best = max(report.where, key=lambda r: r.probability)
    here = spot(best.place)
    return here.centre.lat, here.centre.lon, (here.east_variance + here.north_variance) / 2


def nearest(reports: Iterable[Report], *, phones: bool = True) -> dict[str, str]:
    """In order of receipt: the row of a known phone, else the nearest row that the boat could have come from, else a
    new one. A report with neither goes to the row heard of last, if that was just now.
    """
    rows: list[Row] = []
    given: dict[str, str] = {}
    by_label: dict[str, Row] = {}
    for report in sorted(reports, key=lambda r: (r.received, r.name)):
        before = by_label.get(given.get(report.relay_of or "", ""))
        row = before or _row_of(report, rows, phones=phones)
        if row is None:
            row = Row(report.name, report.event.middle)
            rows.append(row)
            by_label[row.label] = row
        given[report.name] = row.label
        row.heard = max(row.heard, report.event.middle)
        if report.caller:
            row.phones.add(report.caller)
        here = placed(report)
        if here is not None and (row.at is None or report.event.middle >= row.at):
            row.at, row.place = report.event.middle, here[:2]
    return given


def _row_of(report: Report, rows: list[Row], *, phones: bool) -> Row | None:
    if phones and report.caller:
        for row in rows:
            if report.caller in row.phones:
                return row
    here = placed(report)
    if here is None:
        recent = [r for r in rows if abs(report.event.middle - r.heard) < JUST_NOW]
        return max(recent, key=lambda r: r.heard) if recent else None
    best, least = None, math.inf
    for row in rows:
        if row.place is None or row.at is None or abs(report.event.middle - row.at) > LONGEST:
            continue
        away = float(distance(*row.place, *here[:2]))
        if away < NEAR + FASTEST * abs(report.event.middle - row.at) and away < least:
            best, least = row, away
    return best


def stone_soup(
    reports: Iterable[Report], method: Literal["gnn", "jpda"], *, timeout: Seconds = 300.0
) -> dict[str, str] | None:
    """Tracks of Stone Soup over the positions in order of event; other reports follow their phone.

    None without Stone Soup, empty where it took longer than `timeout` seconds.
    """
    python = os.environ.get("STONE_SOUP_PYTHON")
    if not python:
        return None
    listed = sorted(reports, key=lambda r: (r.event.middle, r.name))
    known = {r.name for r in listed}
    detections = []
    for report in listed:
        here = placed(report)
        if here is not None and report.relay_of not in known:
            east, north = displacement(*CENTRE, here[0], here[1])
            detections.append([report.name, report.event.middle, float(east), float(north), max(here[2], 100.0)])
    script = Path(__file__).with_name("nights_stone_soup.py")
    try:
        done = subprocess.run(
            [python, str(script), method], input=json.dumps(detections), capture_output=True, text=True,
            timeout=timeout, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {}
    tracks: dict[str, str] = json.loads(done.stdout)
    return _others_follow(listed, tracks)


def _others_follow(listed: list[Report], tracks: dict[str, str]) -> dict[str, str]:
    """Reports without a track go where their phone is heard most; relays where what they pass on went."""
    heard: dict[str, Counter] = {}
    for report in listed:
        if report.caller and report.name in tracks:
            heard.setdefault(report.caller, Counter())[tracks[report.name]] += 1
    given = dict(tracks)
    for report in listed:
        if report.name not in given and report.caller:
            most = heard.get(report.caller)
            given[report.name] = most.most_common(1)[0][0] if most else f"phone/{report.caller}"
    by_name = {r.name: r for r in listed}
    for report in listed:
        origin = report
        while origin.relay_of in by_name:
            origin = by_name[origin.relay_of]
        given.setdefault(origin.name, origin.name)
        given[report.name] = given[origin.name]
    return given
