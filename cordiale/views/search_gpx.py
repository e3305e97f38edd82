"""A search action plan as GPX 1.1: one route a sortie, a waypoint for every last known position.

For plotters of boats and hand-helds of crews. A route carries the time at each of its points, although most receivers
work out their own. Source of the order of elements: the GPX 1.1 schema, topografix.com/GPX/1/1.
"""

import xml.etree.ElementTree as ET
from typing import Final

from cordiale.earth.instants import date_and_zulu
from cordiale.earth.position import Position
from cordiale.earth.units import Instant
from cordiale.views.search_brief import SearchBrief, SortieTold
from cordiale.views.search_words import boat_line, route_name, sortie_line, waypoint_name
from cordiale.views.search_xml import angle, document, element, stamp
from cordiale.words import Language, say

GPX: Final = "http://www.topografix.com/GPX/1/1"


def search_gpx(brief: SearchBrief, language: Language = "en", *, asset: str | None = None) -> bytes:
    """The GPX file of all sorties, or of those of one asset."""
    root = ET.Element("gpx", {"xmlns": GPX, "version": "1.1", "creator": "cordiale"})
    about = element(root, "metadata")
    element(about, "name", brief.title)
    element(about, "desc", " ".join((say("desk.decision_aid", language), *brief.told_notices(language))))
    element(about, "time", stamp(brief.made_at))
    sorties = [sortie for sortie in brief.sorties if asset is None or sortie.asset == asset]
    for boat in brief.boats:
        if boat.last_known is not None:
            point = _point(root, "wpt", boat.last_known, boat.last_known_at)
            element(point, "name", boat.name)
            element(point, "desc", boat_line(boat, language))
            element(point, "type", "last known position")
    for sortie in sorties:
        _route(root, brief, sortie, language)
    return document(root)


def _route(root: ET.Element, brief: SearchBrief, sortie: SortieTold, language: Language) -> None:
    route = element(root, "rte")
    element(route, "name", route_name(sortie))
    element(route, "desc", sortie_line(sortie, language))
    element(route, "number", str(brief.sorties.index(sortie) + 1))
    element(route, "type", sortie.pattern)
    for number, waypoint in enumerate(sortie.waypoints):
        point = _point(route, "rtept", waypoint.place, waypoint.at)
        element(point, "name", waypoint_name(sortie, number))
        element(point, "desc", date_and_zulu(waypoint.at))


def _point(parent: ET.Element, tag: str, place: Position, at: Instant | None) -> ET.Element:
    point = element(parent, tag, lat=angle(place.lat), lon=angle(place.lon))
    if at is not None:
        element(point, "time", stamp(at))
    return point
