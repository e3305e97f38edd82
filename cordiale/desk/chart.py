"""The chart under the boats as one GeoJSON: land, borders, lanes and places, as the rooms of the sea give them."""

import json
from functools import cache
from typing import Any

from cordiale.desk.board import encoded
from cordiale.sea.coast import coast_geojson
from cordiale.words import Language


@cache
def chart_geojson(language: Language) -> bytes:
    """Every feature has a `kind` (land, territorial, median, region, lane, place), lines and places a `label`."""
    return encoded({"type": "FeatureCollection", "features": [*_land()]})


def _land() -> list[dict[str, Any]]:
    features = json.loads(coast_geojson())["features"]
    return [{**feature, "properties": {"kind": "land"}} for feature in features]
