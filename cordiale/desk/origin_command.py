"""`cordiale origin`: from what was found back to where and when it began."""

import argparse
import json
import math
import sys
from typing import Any, Final

from cordiale.belief.backwards import Find, Origin, OriginBelief, origin_of, origin_region
from cordiale.belief.region import Region
from cordiale.belief.report import Area, Fix
from cordiale.boats.search_object import search_object, search_objects
from cordiale.desk.forecast_options import check_cloud, choose_wind, describe_cloud, describe_wind, write_file
from cordiale.desk.options import position_of, read_distance, read_duration, read_time
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import destination
from cordiale.earth.instants import Span, iso
from cordiale.earth.position import Position
from cordiale.earth.units import Instant, Metres, hours, km
from cordiale.sea.environment import Environment, the_strait
from cordiale.views.polygons import multi_polygon
from cordiale.words import Language, say

_CONTAINMENTS: Final = (0.5, 0.9)
_CORNERS: Final = 32


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The arguments of `cordiale origin`."""
    add = parser.add_argument
    add("finds", nargs="+", metavar="'POSITION @ TIME [@ OBJECT]'", help=say("desk.origin.finds", language))
    add("--within", default="500m", metavar="500m", help=say("desk.origin.within", language))
    add("--object", dest="search_for", default="debris", choices=list(search_objects()),
        help=say("desk.origin.object", language))  # fmt: skip
    add("--ashore", action="store_true", help=say("desk.origin.ashore", language))
    add("--from", dest="begin", metavar="TIME", help=say("desk.origin.begin", language))
    add("--to", dest="end", metavar="TIME", help=say("desk.origin.end", language))
    add("--near", metavar="POSITION", help=say("desk.origin.near", language))
    add("--radius", default="30NM", metavar="30NM", help=say("desk.origin.radius", language))
    add("--under-way", type=float, default=0.0, metavar="P", help=say("desk.origin.under_way", language))
    describe_wind(parser, language)
    add("--step", default="10m", metavar="10m", help=say("desk.drift.step", language))
    describe_cloud(parser, language)


def run(options: argparse.Namespace, language: Language) -> int:
    """Look back and print."""
    check_cloud(options)
    if not 0 <= options.under_way <= 1:
        raise CordialeError("desk.probability", what="--under-way", value=options.under_way)
    finds = tuple(_find(text, options, number) for number, text in enumerate(options.finds, start=1))
    first, last = min(f.at for f in finds), max(f.at for f in finds)
    begin = read_time(options.begin, reference=first) if options.begin else first - 24 * hours
    end = read_time(options.end, reference=first) if options.end else first
    if end < begin:
        raise CordialeError("desk.drift_order", at=iso(begin), until=iso(end))
    environment = the_strait(choose_wind(options, begin, last))
    origin = Origin(
        where=_around(_middle(options, finds), read_distance(options.radius)),
        when=Span(earliest=begin, latest=end),
        under_way=options.under_way,
    )
    answer = origin_of(
        finds,
        origin,
        environment,
        stream=Stream.of_seed(options.seed).child("origin"),
        count=options.particles,
        step=read_duration(options.step),
    )
    regions = [origin_region(answer, p) for p in _CONTAINMENTS]
    if options.geojson:
        write_file(options.geojson, json.dumps(_geojson(answer, regions)))
    if options.json:
        json.dump(_document(answer, regions, environment, options), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        _print(answer, regions, environment, language)
    return 0


def _find(text: str, options: argparse.Namespace, number: int) -> Find:
    """`POSITION @ TIME` or `POSITION @ TIME @ OBJECT`, with blanks around the @."""
    parts = [part.strip() for part in text.split(" @ ")]
    if not 2 <= len(parts) <= 3:
        raise CordialeError("desk.origin_find", text=text)
    return Find(
        where=Fix(position=position_of(parts[0]), within=read_distance(options.within)),
        at=read_time(parts[1]),
        search_for=search_object(parts[2] if len(parts) == 3 else options.search_for),
        ashore=options.ashore,
        name=f"find {number}",
    )


def _middle(options: argparse.Namespace, finds: tuple[Find, ...]) -> Position:
    if options.near is not None:
        return position_of(options.near)
    places = [reading.place.position for find in finds for reading in find.readings if isinstance(reading.place, Fix)]
    return Position(lat=sum(p.lat for p in places) / len(places), lon=sum(p.lon for p in places) / len(places))


def _around(middle: Position, radius: Metres) -> Area:
    """A circle of sea as a polygon."""
    corners = []
    for k in range(_CORNERS):
        angle = 2 * math.pi * k / _CORNERS
        lat, lon = destination(middle.lat, middle.lon, radius * math.sin(angle), radius * math.cos(angle))
        corners.append(Position(lat=float(lat), lon=float(lon)))
    return Area(corners=tuple(corners))


def _document(
    answer: OriginBelief, regions: list[Region], environment: Environment, options: argparse.Namespace
) -> dict[str, Any]:
    """The answer as documented in docs/backwards.md."""
    return {
        "format": "cordiale.origin/1",
        "decision_aid": say("desk.decision_aid", "en"),
        "finds": [
            {
                "name": find.name,
                "at": iso(find.at),
                "object": find.search_for.key,
                "ashore": find.ashore,
            }
            for find in answer.finds
        ],
        "asked": {"from": iso(answer.prior.when.earliest), "until": iso(answer.prior.when.latest)},
        "sentence": str(answer),
        "centre": {"lat": answer.centre.lat, "lon": answer.centre.lon, "on_chart": str(answer.centre)},
        "began": {f"{q:.2f}": iso(t) for q, t in _quantiles(answer)},
        "areas": [
            {
                "containment": region.probability,
                "area_m2": round(float(region.area), 1),
                "densest": {"lat": region.densest.lat, "lon": region.densest.lon},
                "rings": [[[round(float(a), 6), round(float(b), 6)] for a, b in ring] for ring in region.rings],
            }
            for region in regions
        ],
        "effective_particles": round(answer.effective, 1),
        "particles": options.particles,
        "seed": options.seed,
        "exact": answer.exact,
        "kernel_m": round(answer.bandwidth, 1),
        "log_evidence": round(answer.log_evidence, 3),
        "sources": {
            "current": environment.current.source,
            "current_std_m_s": environment.current_error.std,
            "wind": environment.wind.source,
            "wind_std_m_s": environment.wind_error.std,
        },
    }


def _quantiles(answer: OriginBelief) -> list[tuple[float, Instant]]:
    asked = (0.05, 0.25, 0.5, 0.75, 0.95)
    return list(zip(asked, answer.quantiles(asked), strict=True))


def _geojson(answer: OriginBelief, regions: list[Region]) -> dict[str, Any]:
    """Areas of the origin, the larger first; GeoJSON has longitude first."""
    return {
        "type": "FeatureCollection",
        "decision_aid": say("desk.decision_aid", "en"),
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "what": "origin",
                    "containment": region.probability,
                    "area_km2": round(float(region.area) / km**2, 3),
                    "sentence_en": answer.sentence("en"),
                    "sentence_fr": answer.sentence("fr"),
                },
                "geometry": multi_polygon(region.rings),
            }
            for region in reversed(regions)
        ],
    }


def _print(answer: OriginBelief, regions: list[Region], environment: Environment, language: Language) -> None:
    print(answer.sentence(language))
    for region in regions:
        span = answer.times(region.probability)
        print(
            say(
                "desk.origin.row",
                language,
                percent=region.probability * 100,
                area_km2=region.area / km**2,
                densest=str(region.densest),
                earliest=answer.told(span.earliest),
                latest=answer.told(span.latest),
            )
        )
    print(
        say(
            "desk.origin.exact" if answer.exact else "desk.origin.tried",
            language,
            effective=answer.effective,
            kernel_m=answer.bandwidth,
        )
    )
    print(say("desk.drift.sources", language, current=environment.current.source, wind=environment.wind.source,
              current_std=environment.current_error.std, wind_std=environment.wind_error.std))  # fmt: skip
    print(say("desk.decision_aid", language))
