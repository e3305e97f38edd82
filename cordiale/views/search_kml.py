"""A search action plan as KML 2.2: areas and tracks by asset, areas and last known position by boat, with their times.

Aircraft fly at their height above the sea. Source of the order of elements: OGC 07-147r2, KML 2.2.
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Any, Final

from cordiale.earth.units import Instant
from cordiale.views.polygons import multi_polygon
from cordiale.views.search_brief import BoatSought, SearchBrief, SortieTold
from cordiale.views.search_words import boat_line, held_line, pattern_name, route_name, sortie_line
from cordiale.views.search_xml import angle, document, element, stamp
from cordiale.words import Language, say

KML: Final = "http://www.opengis.net/kml/2.2"
# aabbggrr; orange to brown for where a boat may be, blues for who searches, told apart also by width
_STYLES: Final = {"held90": ("ff001a5c", "1.5", "402cb4f5"), "held50": ("ff001a5c", "2.5", "592c71d8"),
                  "area": ("ff884400", "1.5", "1f884400"), "track": ("ff884400", "2.5", None)}  # fmt: skip


def search_kml(brief: SearchBrief, language: Language = "en") -> bytes:
    """The KML file of the whole plan."""
    root = ET.Element("kml", {"xmlns": KML})
    whole = element(root, "Document")
    element(whole, "name", brief.title)
    element(whole, "description", "\n".join((say("desk.decision_aid", language), *brief.told_notices(language))))
    _during(whole, brief.begin, brief.end)
    for key, (line, width, fill) in _STYLES.items():
        style = element(whole, "Style", id=key)
        stroke = element(style, "LineStyle")
        element(stroke, "color", line)
        element(stroke, "width", width)
        if fill:
            element(element(style, "PolyStyle"), "color", fill)
    for boat in brief.boats:
        _boat(whole, boat, language)
    for sortie in brief.sorties:
        _sortie(whole, sortie, language)
    return document(root)


def _boat(whole: ET.Element, boat: BoatSought, language: Language) -> None:
    folder = element(whole, "Folder")
    element(folder, "name", boat.name)
    element(folder, "description", boat_line(boat, language))
    for held in boat.held:
        mark = _placemark(folder, held_line(boat, held, language), boat_line(boat, language))
        if boat.held_at is not None:
            element(element(mark, "TimeStamp"), "when", stamp(boat.held_at))
        element(mark, "styleUrl", "#held90" if held.probability > 0.7 else "#held50")
        several = element(mark, "MultiGeometry")
        for rings in multi_polygon(held.rings)["coordinates"]:
            _polygon(several, rings)
    if boat.last_known is not None:
        mark = _placemark(folder, say("views.search.last_known", language, boat=boat.name), boat_line(boat, language))
        if boat.last_known_at is not None:
            element(element(mark, "TimeStamp"), "when", stamp(boat.last_known_at))
        point = element(mark, "Point")
        element(point, "coordinates", f"{angle(boat.last_known.lon)},{angle(boat.last_known.lat)}")


def _sortie(whole: ET.Element, sortie: SortieTold, language: Language) -> None:
    folder = element(whole, "Folder")
    element(folder, "name", route_name(sortie))
    element(folder, "description", sortie_line(sortie, language))
    if sortie.corners:
        name = say("views.search.area", language, asset=sortie.asset)
        mark = _placemark(folder, name, sortie_line(sortie, language))
        _during(mark, sortie.arrives, sortie.ends)
        element(mark, "styleUrl", "#area")
        ring = [[corner.lon, corner.lat] for corner in (*sortie.corners, sortie.corners[0])]
        _polygon(mark, [ring])
    track = say("views.search.track", language, asset=sortie.asset, pattern=pattern_name(sortie.pattern, language))
    mark = _placemark(folder, track, sortie_line(sortie, language))
    _during(mark, sortie.arrives, sortie.ends)
    element(mark, "styleUrl", "#track")
    line = element(mark, "LineString")
    if sortie.flies:
        element(line, "altitudeMode", "absolute")
    else:
        element(line, "tessellate", "1")
    where = (w.place for w in sortie.waypoints)
    element(line, "coordinates", " ".join(f"{angle(p.lon)},{angle(p.lat)},{sortie.height:.0f}" for p in where))


def _placemark(folder: ET.Element, name: str, description: str) -> ET.Element:
    mark = element(folder, "Placemark")
    element(mark, "name", name)
    element(mark, "description", description)
    return mark


def _during(mark: ET.Element, begin: Instant, end: Instant) -> None:
    span = element(mark, "TimeSpan")
    element(span, "begin", stamp(begin))
    element(span, "end", stamp(end))


def _polygon(parent: ET.Element, rings: Sequence[Any]) -> None:
    """A polygon: its outline, then its holes."""
    polygon = element(parent, "Polygon")
    for number, ring in enumerate(rings):
        edge = element(polygon, "innerBoundaryIs" if number else "outerBoundaryIs")
        told = " ".join(f"{angle(lon)},{angle(lat)}" for lon, lat in ring)
        element(element(edge, "LinearRing"), "coordinates", told)
