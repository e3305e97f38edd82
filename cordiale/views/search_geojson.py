"""A search action plan as GeoJSON (RFC 7946: longitude first, outlines anticlockwise, UTC with Z, units in names)."""

from typing import Any

from cordiale.earth.instants import iso
from cordiale.earth.position import Position
from cordiale.earth.units import NM, SquareMetres, km, knots
from cordiale.views.polygons import multi_polygon
from cordiale.views.search_brief import BoatSought, SearchBrief, SortieTold
from cordiale.views.search_words import boat_line, held_line, route_name, sortie_line, waypoint_name
from cordiale.words import say

Feature = dict[str, Any]


def search_geojson(brief: SearchBrief) -> Feature:
    """A feature collection; `what` says which of held, last_known, area, track or waypoint a feature is."""
    features = [feature for boat in brief.boats for feature in _boat(boat)]
    features += [feature for sortie in brief.sorties for feature in _sortie(sortie)]
    told = brief.figures
    return {
        "type": "FeatureCollection",
        "title": brief.title,
        "made_at": iso(brief.made_at),
        "begin": iso(brief.begin),
        "end": iso(brief.end),
        "synthetic": brief.synthetic,
        "decision_aid": say("desk.decision_aid", "en"),
        "notices_en": list(brief.told_notices("en")),
        "notices_fr": list(brief.told_notices("fr")),
        "assumptions_en": list(brief.told_assumptions("en")),
        "assumptions_fr": list(brief.told_assumptions("fr")),
        "objective": told and told.objective,
        "probability_of_success": told and round(told.pos, 4),
        "expected_survivors": told and round(told.survivors, 2),
        "gap_to_bound": None if told is None or told.gap is None else round(told.gap, 4),
        "features": features,
    }


def _boat(boat: BoatSought) -> list[Feature]:
    common: Feature = {
        "boat": boat.name,
        "persons_least": boat.persons.least,
        "persons_most": boat.persons.most,
        "sentence_en": boat_line(boat, "en"),
        "sentence_fr": boat_line(boat, "fr"),
    }
    at = boat.held_at
    features = [
        _feature(
            multi_polygon(held.rings),
            what="held",
            containment=held.probability,
            area_km2=_square_km(held.area),
            time=None if at is None else iso(at),
            name_en=held_line(boat, held, "en"),
            name_fr=held_line(boat, held, "fr"),
            **common,
        )
        for held in boat.held
    ]
    if boat.last_known is not None:
        since = boat.last_known_at
        time = None if since is None else iso(since)
        point = {"type": "Point", "coordinates": _pair(boat.last_known)}
        features.append(_feature(point, what="last_known", time=time, **common))
    return features


def _sortie(sortie: SortieTold) -> list[Feature]:
    common: Feature = {
        "asset": sortie.asset,
        "boat": sortie.boat,
        "pattern": sortie.pattern,
        "leaves": iso(round(sortie.leaves)),
        "arrives": iso(round(sortie.arrives)),
        "ends": iso(round(sortie.ends)),
        "track_spacing_nm": round(sortie.spacing / NM, 3),
        "speed_kn": round(sortie.speed / knots, 1),
        "height_m": round(sortie.height, 1),
        "coverage": None if sortie.coverage is None else round(sortie.coverage, 2),
        "sentence_en": sortie_line(sortie, "en"),
        "sentence_fr": sortie_line(sortie, "fr"),
    }
    features = []
    if sortie.corners:
        ring = [_pair(corner) for corner in (*sortie.corners, sortie.corners[0])]
        turn = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring[:-1], ring[1:], strict=True))
        polygon = {"type": "Polygon", "coordinates": [ring if turn > 0 else ring[::-1]]}
        at = sortie.corners_at
        features.append(_feature(polygon, what="area", time=None if at is None else iso(round(at)), **common))
    line = {"type": "LineString", "coordinates": [_pair(w.place) for w in sortie.waypoints]}
    times = [iso(round(w.at)) for w in sortie.waypoints]
    features.append(_feature(line, what="track", name=route_name(sortie), times=times, **common))
    for number, waypoint in enumerate(sortie.waypoints):
        point = {"type": "Point", "coordinates": _pair(waypoint.place)}
        name = waypoint_name(sortie, number)
        features.append(_feature(point, what="waypoint", asset=sortie.asset, name=name, time=times[number]))
    return features


def _square_km(area: SquareMetres) -> SquareMetres:
    return round(area / km**2, 3)


def _pair(place: Position) -> list[float]:
    return [round(place.lon, 6), round(place.lat, 6)]


def _feature(geometry: Feature, **properties: Any) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
