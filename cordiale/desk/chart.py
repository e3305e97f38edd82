"""The chart under the boats as one GeoJSON: land, borders, lanes and places, as the rooms of the sea give them."""

import json
from functools import cache
from typing import Any

from cordiale.desk.board import encoded
from cordiale.sea.coast import coast_geojson
from cordiale.sea.places import load_places
from cordiale.sea.zones import lines
from cordiale.words import Language, say

_RANKS = {
    "port": 1,
    "cape": 1,
    "light": 2,
    "bank": 2,
    "centre": 3,
    "town": 3,
    "beach": 4,
}  # shown first when space is short
_KINDS = {"median": "median", "territorial": "territorial", "search": "region", "traffic": "lane", "lane": "lane"}


@cache
def chart_geojson(language: Language) -> bytes:
    """Every feature has a `kind` (land, territorial, median, region, lane, place), lines and places a `label`."""
    return encoded({"type": "FeatureCollection", "features": [*_land(), *_lines(language), *_places(language)]})


def _land() -> list[dict[str, Any]]:
    features = json.loads(coast_geojson())["features"]
    return [{**feature, "properties": {"kind": "land"}} for feature in features]


def _lines(language: Language) -> list[dict[str, Any]]:
    return [
        _feature(
            {"type": "LineString", "coordinates": line.coordinates},
            kind=_KINDS[line.key.partition("_")[0]],
            label=say(f"console.line.{line.key}", language),
            verified=line.verified,
            source=line.source,
        )
        for line in lines()
    ]


def _places(language: Language) -> list[dict[str, Any]]:
    return [
        _feature(
            {"type": "Point", "coordinates": [place.position.lon, place.position.lat]},
            kind="place",
            label=place.called(language),
            rank=_RANKS[place.kind],
            place=place.kind,
        )
        for place in load_places()
    ]


def _feature(geometry: dict[str, Any], **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}
