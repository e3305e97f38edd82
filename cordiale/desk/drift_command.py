"""`cordiale drift`: where one object drifts, from a position or from a report of a feed."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.region import Region, containment_region, digest, probability_map
from cordiale.belief.report import Fix, RangeBearing, Report
from cordiale.belief.scenario import first_belief
from cordiale.boats.search_object import search_object, search_objects
from cordiale.desk.forecast_options import check_cloud, choose_wind, describe_cloud, describe_wind, write_file
from cordiale.desk.options import now, position_of, read_distance, read_duration, read_time
from cordiale.desk.place_density import PlaceDensity, density_at_place
from cordiale.earth.bearings import RangeBearingText
from cordiale.earth.chance import Stream
from cordiale.earth.chart import read_position
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import bearing, distance
from cordiale.earth.instants import Span, iso, zulu
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Instant, Metres, km
from cordiale.feeds.jsonl import read_feed
from cordiale.feeds.where import away_of_words
from cordiale.sea.environment import Environment, the_strait
from cordiale.sea.places import place_positions
from cordiale.words import Language, say

CONTAINMENTS = (0.5, 0.9)


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The arguments of `cordiale drift`."""
    add = parser.add_argument
    add("position", nargs="?", help=say("desk.drift.position", language))
    add("--report", metavar="FEED[:NAME]", help=say("desk.drift.report", language))
    add("--at", metavar="TIME", help=say("desk.drift.at", language))
    add("--within", default="50m", metavar="50m", help=say("desk.drift.within", language))
    add("--until", metavar="TIME", help=say("desk.drift.until", language))
    add("--for", dest="lasting", metavar="6h", help=say("desk.drift.lasting", language))
    add("--every", metavar="1h", help=say("desk.drift.every", language))
    add("--object", dest="search_for", default="inflatable", choices=list(search_objects()),
        help=say("desk.drift.object", language))  # fmt: skip
    add("--under-way", type=float, metavar="P", help=say("desk.drift.under_way", language))
    describe_wind(parser, language)
    add("--density-at", metavar="POSITION", help=say("desk.drift.density_at", language))
    add("--step", default="10m", metavar="10m", help=say("desk.drift.step", language))
    describe_cloud(parser, language)


def run(options: argparse.Namespace, language: Language) -> int:
    """Forecast and print."""
    check_cloud(options)
    if options.under_way is not None and not 0 <= options.under_way <= 1:
        raise CordialeError("desk.probability", what="--under-way", value=options.under_way)
    start, source, at = _start(options)
    moments = _moments(options, at.latest)
    environment = the_strait(choose_wind(options, at.earliest, moments[-1]))
    belief = first_belief(
        source,
        stream=Stream.of_seed(options.seed).child("drift"),
        search_for=search_object(options.search_for),
        count=options.particles,
        at=at,
        under_way=0.0 if options.under_way is None and not isinstance(source, Report) else options.under_way,
        coast=environment.coast,
    )
    step = read_duration(options.step)
    rows = []
    for moment in moments:
        belief = drift(belief, environment, until=moment, step=step)
        rows.append((belief, [containment_region(belief, p) for p in CONTAINMENTS]))
    document = _document(rows, start, environment, options)
    asked = _asked(rows, start, options)
    if asked is not None:
        document["place"] = _place_json(asked)
    if options.geojson:
        write_file(options.geojson, json.dumps(_geojson(rows)))
    if options.json:
        json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        _print(rows, start, environment, language)
        if asked is not None:
            print(_place_text(asked, rows[-1][0], language))
        print(say("desk.decision_aid", language))
    return 0


def _asked(
    rows: list[tuple[Belief, list[Region]]], start: Position, options: argparse.Namespace
) -> PlaceDensity | None:
    """What the end of the forecast says of the place of `--density-at`."""
    if options.density_at is None:
        return None
    belief, regions = rows[-1]
    return density_at_place(belief, regions[-1], start, position_of(options.density_at))


def _place_json(asked: PlaceDensity) -> dict[str, Any]:
    return {
        "lat": asked.place.lat,
        "lon": asked.place.lon,
        "on_chart": str(asked.place),
        "density_per_m2": asked.density,
        "within_90_percent": asked.within_region,
        "probability_within_2_nm": round(asked.near, 4),
        "undrifted_normal_per_m2": asked.undrifted_normal,
        "undrifted_even_per_m2": asked.undrifted_even,
    }


def _place_text(asked: PlaceDensity, belief: Belief, language: Language) -> str:
    return say(
        "desk.drift.place_inside" if asked.within_region else "desk.drift.place_outside",
        language,
        place=str(asked.place),
        time=zulu(belief.at),
        area_km2=asked.area / km**2,
        density_km2=asked.density * km**2,
        normal_km2=asked.undrifted_normal * km**2,
        even_km2=asked.undrifted_even * km**2,
        near=asked.near * 100,
    )


def _start(options: argparse.Namespace) -> tuple[Position, Fix | RangeBearing | Report, Span]:
    """Where the forecast starts: middle, what is known of it, and when."""
    if (options.position is None) == (options.report is None):
        raise CordialeError("desk.drift_start")
    if options.report is not None:
        report = _report(options.report)
        middle = first_belief(report, stream=Stream.of_seed(options.seed), count=500).centre
        return middle, report, report.event
    if options.at is None:
        raise CordialeError("desk.drift_at")
    at = read_time(options.at)
    reading = read_position(options.position, places=place_positions())[0]
    if isinstance(reading.place, RangeBearingText):
        away = away_of_words(reading.place)
        middle = first_belief(away, at=at, stream=Stream.of_seed(options.seed), count=500).centre
        return middle, away, Span(earliest=at, latest=at)
    fix = Fix(position=reading.place, within=read_distance(options.within))
    return reading.place, fix, Span(earliest=at, latest=at)


def _report(text: str) -> Report:
    """The report FEED:NAME, or the last one of the feed that has a position."""
    path, _, name = text.partition(":")
    reports = [line.report for line in read_feed(Path(path), now=now(), places=place_positions())]
    found = [r for r in reports if r.where and r.is_about_a_boat and (not name or r.name == name)]
    if not found:
        raise CordialeError("desk.drift_report", path=path, name=name or "*")
    return found[-1]


def _moments(options: argparse.Namespace, begin: Instant) -> list[Instant]:
    """The instants to print, the last one the end."""
    if options.until and options.lasting:
        raise CordialeError("desk.drift_end")
    if options.until:
        end = read_time(options.until, reference=begin)
    else:
        end = begin + read_duration(options.lasting or "6h")
    if end <= begin:
        raise CordialeError("desk.drift_order", at=iso(begin), until=iso(end))
    every = read_duration(options.every) if options.every else max((end - begin) / 6, 1.0)
    inner = [begin + k * every for k in range(1, int((end - begin) / every) + 1)]
    return [t for t in inner if t < end - 1] + [end]


def _far(start: Position, belief: Belief) -> tuple[Metres, float]:
    centre = belief.centre
    pair = (start.lat, start.lon, centre.lat, centre.lon)
    return float(distance(*pair)), float(bearing(*pair))


def _document(
    rows: list[tuple[Belief, list[Region]]], start: Position, environment: Environment, options: argparse.Namespace
) -> dict[str, Any]:
    """The forecast as documented in docs/drift-json.md."""
    return {
        "format": "cordiale.drift/1",
        "decision_aid": say("desk.decision_aid", "en"),
        "start": {"lat": start.lat, "lon": start.lon, "on_chart": str(start)},
        "object": options.search_for,
        "particles": options.particles,
        "seed": options.seed,
        "sources": {
            "current": environment.current.source,
            "current_std_m_s": environment.current_error.std,
            "residual_current_std_m_s": environment.residual_error.std,
            "wind": environment.wind.source,
            "wind_std_m_s": environment.wind_error.std,
            "coast": environment.coast.source if environment.coast else None,
        },
        "forecast": [_row(start, belief, regions) for belief, regions in rows],
    }


def _row(start: Position, belief: Belief, regions: list[Region]) -> dict[str, Any]:
    far, towards = _far(start, belief)
    centre = belief.centre
    return {
        "at": iso(belief.at),
        "sentence": str(belief),
        "centre": {"lat": centre.lat, "lon": centre.lon, "on_chart": str(centre)},
        "moved_m": round(far, 1),
        "moved_to_deg_true": round(towards, 1),
        "ashore": round(float(belief.fraction_ashore), 4),
        "digest": digest(probability_map(belief)),
        "areas": [
            {
                "containment": region.probability,
                "area_m2": round(float(region.area), 1),
                "densest": {"lat": region.densest.lat, "lon": region.densest.lon},
                "rings": [[[round(float(a), 6), round(float(b), 6)] for a, b in ring] for ring in region.rings],
            }
            for region in regions
        ],
    }


def _geojson(rows: list[tuple[Belief, list[Region]]]) -> dict[str, Any]:
    """Contours of every printed instant; GeoJSON has longitude first."""
    features = [
        {
            "type": "Feature",
            "properties": {"at": iso(cloud.at), "containment": r.probability, "area_m2": round(float(r.area), 1)},
            "geometry": {
                "type": "MultiLineString",
                "coordinates": [[[round(float(b), 6), round(float(a), 6)] for a, b in ring] for ring in r.rings],
            },
        }
        for cloud, regions in rows
        for r in regions
    ]
    return {"type": "FeatureCollection", "features": features}


def _print(
    rows: list[tuple[Belief, list[Region]]], start: Position, environment: Environment, language: Language
) -> None:
    print(say("desk.drift.head", language, start=str(start)))
    for belief, regions in rows:
        far, towards = _far(start, belief)
        print(
            say(
                "desk.drift.row",
                language,
                time=zulu(belief.at),
                centre=str(belief.centre),
                moved_nm=far / NM,
                towards=towards,
                half_km2=float(regions[0].area) / km**2,
                most_km2=float(regions[1].area) / km**2,
                most_nm2=float(regions[1].area) / NM**2,
                ashore=float(belief.fraction_ashore) * 100,
            )
        )
    print()
    print(rows[-1][0].sentence(language))
    print(say("desk.drift.sources", language, current=environment.current.source, wind=environment.wind.source,
              current_std=environment.current_error.std, wind_std=environment.wind_error.std))  # fmt: skip
