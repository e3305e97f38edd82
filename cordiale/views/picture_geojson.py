"""The picture as GeoJSON (RFC 7946: longitude first): areas, particles and last fixes of the boats, reports and
craft.
"""

from typing import Any

import numpy as np

from cordiale.belief.region import Region, Ring
from cordiale.record.picture import BoatPicture, Picture
from cordiale.views.picture_json import picture_json, sample_of
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
    outlines = [ring for ring in region.rings if _turn(ring) > 0]
    holes = [ring for ring in region.rings if _turn(ring) <= 0]
    polygons = [[_coordinates(outline)] for outline in outlines]
    for hole in holes:
        home = next((k for k, outline in enumerate(outlines) if _inside(hole[0], outline)), None)
        if home is not None:
            polygons[home].append(_coordinates(hole))
    return _feature(
        {"type": "MultiPolygon", "coordinates": polygons},
        what="area", boat=boat.name, containment=region.probability, area_m2=round(region.area), stale=boat.is_stale,
    )  # fmt: skip


def _coordinates(ring: Ring) -> list[list[float]]:
    places: list[list[float]] = np.round(ring[:, ::-1], _FINE).tolist()
    places[-1] = places[0]
    return places


def _turn(ring: Ring) -> float:
    """Twice the area in square degrees, positive for an outline (anticlockwise)."""
    lat, lon = ring[:, 0], ring[:, 1]
    return float(np.sum(lon[:-1] * lat[1:] - lon[1:] * lat[:-1]))


def _inside(place: Ring, ring: Ring) -> bool:
    lat, lon = ring[:, 0], ring[:, 1]
    spans = (lat[:-1] > place[0]) != (lat[1:] > place[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = lon[:-1] + (place[0] - lat[:-1]) / (lat[1:] - lat[:-1]) * (lon[1:] - lon[:-1])
    return bool(np.sum(spans & (place[1] < crossing)) % 2)


def _point(place: dict[str, Any], **properties: Any) -> Feature:
    return _feature({"type": "Point", "coordinates": [place["lon"], place["lat"]]}, **properties)


def _feature(geometry: dict[str, Any], **properties: Any) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
