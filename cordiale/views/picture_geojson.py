"""The picture as GeoJSON (RFC 7946: longitude first): areas, particles and last fixes of the boats, reports and
craft.
"""

from typing import Any

import numpy as np

from cordiale.belief.region import Region
from cordiale.record.picture import BoatPicture, Picture
from cordiale.views.picture_json import picture_json, sample_of
from cordiale.views.polygons import multi_polygon
from cordiale.words import Language

Feature = dict[str, Any]
_FINE = 5


def picture_geojson(picture: Picture, *, language: Language = "en") -> dict[str, Any]:
    """A feature collection; every feature's `what` says which of area, sample, last_fix, report or asset it is."""
    body = picture_json(picture, language=language)
    features: list[Feature] = []
    for boat in picture.boats:
        features += [_area(boat, region) for region in boat.regions]
        if boat.cloud is not None:
            places = np.round(sample_of(boat.cloud)[:, ::-1], _FINE).tolist()
            features.append(_feature({"type": "MultiPoint", "coordinates": places}, what="sample", boat=boat.name))
    for entry in body["boats"]:
        if entry["last_fix"]:
            fix = entry["last_fix"]
            features.append(_point(fix, what="last_fix", boat=entry["boat"], report=fix["report"], age_s=fix["age_s"]))
    for entry in body["reports"]:
        if "lat" in entry:
            kept = {key: entry[key] for key in ("report", "kind", "boat", "disposition", "probability")}
            features.append(_point(entry, what="report", mark=entry["mark"]["kind"], **kept))
    features += [_point(a, what="asset", asset=a["asset"], at=a["at"], mark=a["mark"]["kind"]) for a in body["assets"]]
    return {"type": "FeatureCollection", "features": features}


def _area(boat: BoatPicture, region: Region) -> Feature:
    """The outlines of an area as one MultiPolygon, each hole with the outline that holds it."""
    return _feature(
        multi_polygon(region.rings),
        what="area", boat=boat.name, containment=region.probability, area_m2=round(region.area), stale=boat.is_stale,
    )  # fmt: skip


def _point(place: dict[str, Any], **properties: Any) -> Feature:
    return _feature({"type": "Point", "coordinates": [place["lon"], place["lat"]]}, **properties)


def _feature(geometry: dict[str, Any], **properties: Any) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
