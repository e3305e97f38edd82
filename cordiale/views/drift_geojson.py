"""A forecast as GeoJSON (RFC 7946: longitude first): the areas of every moment, the middle of the cloud, the start."""

from typing import Any

from cordiale.earth.instants import iso
from cordiale.earth.position import Position
from cordiale.earth.units import SquareMetres, km, knots
from cordiale.views.drift_forecast import DriftForecast, Moment, Outline
from cordiale.views.drift_words import moment_sentence
from cordiale.views.polygons import multi_polygon
from cordiale.words import say

Feature = dict[str, Any]


def drift_geojson(forecast: DriftForecast) -> dict[str, Any]:
    """A feature collection; every feature's `what` says which of start, area, centre or track it is.

    Areas and centres carry `time`, `sentence_en`, `sentence_fr` and `probability_ashore`; areas also `containment` and
    `area_km2`. Smaller areas come after larger ones, so that whoever draws in order sees them all.
    """
    features = [_feature(_point(forecast.start), what="start", time=iso(forecast.begin.latest), name=forecast.name)]
    for moment in forecast.moments:
        told = _told(moment)
        features += [_area(o, o.area, told) for o in reversed(moment.outlines) if o.area is not None]
        features.append(_feature(_point(moment.centre), what="centre", **told, **_motion(moment)))
    line = [forecast.start, *(moment.centre for moment in forecast.moments)]
    track = {"type": "LineString", "coordinates": [_pair(place) for place in line]}
    features.append(_feature(track, what="track", of="centre"))
    return {
        "type": "FeatureCollection",
        "decision_aid": say("desk.decision_aid", "en"),
        "ends_early": forecast.ends_early,
        "features": features,
    }


def _told(moment: Moment) -> Feature:
    return {
        "time": iso(moment.at),
        "sentence_en": moment_sentence(moment, "en"),
        "sentence_fr": moment_sentence(moment, "fr"),
        "probability_ashore": round(moment.ashore, 4),
    }


def _motion(moment: Moment) -> Feature:
    return {"speed_kn": round(moment.shift.speed / knots, 2), "towards_deg_true": round(moment.shift.towards, 1)}


def _area(outline: Outline, area: SquareMetres, told: Feature) -> Feature:
    return _feature(
        multi_polygon(outline.rings),
        what="area",
        containment=outline.probability,
        area_km2=round(area / km**2, 3),
        **told,
    )


def _point(place: Position) -> Feature:
    return {"type": "Point", "coordinates": _pair(place)}


def _pair(place: Position) -> list[float]:
    return [round(place.lon, 5), round(place.lat, 5)]


def _feature(geometry: Feature, **properties: Any) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
