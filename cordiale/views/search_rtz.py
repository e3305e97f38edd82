"""One sortie as an RTZ route for an ECDIS, version 1.0 or 1.2 (IEC 61174).

RTZ has straight legs without what a pattern means, and lets no one route carry several ships: one file a sortie. The
bridge must check the route against the depth before it is sailed. In the schema of 1.0 the element of a schedule is
spelt `sheduleElement`, in 1.1 and 1.2 `scheduleElement`; receivers that check want it so. Lengths in NM, speeds in kn.
"""

import re
import xml.etree.ElementTree as ET
from typing import Final, Literal

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import knots
from cordiale.views.search_brief import SearchBrief, SortieTold
from cordiale.views.search_words import route_name, sortie_line, waypoint_name
from cordiale.views.search_xml import angle, document, element, stamp
from cordiale.words import Language, say

Version = Literal["1.0", "1.2"]
LARGEST: Final = 400_000  # bytes that a receiver must take (IEC 61174)
_SCHEDULED: Final[dict[Version, str]] = {"1.0": "sheduleElement", "1.2": "scheduleElement"}


def search_rtz(brief: SearchBrief, sortie: SortieTold, language: Language = "en", *, version: Version = "1.2") -> bytes:
    """The RTZ file of one sortie; `rtz_name` is what it must be called, as the name of the route is that of the file.

    Aircraft have no ECDIS: an RTZ of a sortie that flies is refused.
    """
    if sortie.flies:
        raise CordialeError("views.rtz_flies", asset=sortie.asset, height=sortie.height)
    namespace = f"http://www.cirm.org/RTZ/{version.replace('.', '/')}"
    root = ET.Element("route", {"xmlns": namespace, "version": version})
    element(
        root,
        "routeInfo",
        routeName=rtz_name(sortie),
        routeAuthor=" ".join((brief.coordinator, "cordiale")).strip(),
        routeStatus=" ".join((say("desk.decision_aid", language), *brief.told_notices(language))),
        validityPeriodStart=stamp(sortie.leaves),
        validityPeriodStop=stamp(max(sortie.ends, sortie.leaves)),
        vesselName=sortie.asset,
    )
    speed = f"{sortie.speed / knots:.2f}"
    waypoints = element(root, "waypoints")
    for number, waypoint in enumerate(sortie.waypoints):
        point = element(waypoints, "waypoint", id=str(number + 1), revision="0", name=waypoint_name(sortie, number))
        element(point, "position", lat=angle(waypoint.place.lat), lon=angle(waypoint.place.lon))
        if number:  # a leg belongs to the waypoint that it leads to
            element(point, "leg", geometryType="Loxodrome", speedMax=speed)
    schedule = element(element(root, "schedules"), "schedule", id="1", name=sortie_line(sortie, language))
    told = element(schedule, "manual")
    last = len(sortie.waypoints) - 1
    for number, waypoint in enumerate(sortie.waypoints):
        times = {} if number == last else {"etd": stamp(waypoint.at)}
        times |= {"eta": stamp(waypoint.at), "speed": speed} if number else {}
        element(told, _SCHEDULED[version], waypointId=str(number + 1), **times)
    content = document(root)
    if len(content) > LARGEST:
        raise CordialeError("views.rtz_large", asset=sortie.asset, bytes=len(content), limit=LARGEST)
    return content


def rtz_name(sortie: SortieTold) -> str:
    """Name of the route and, with `.rtz`, of its file: letters, digits, dots, - and _ alone."""
    return re.sub(r"[^\w.-]+", "_", route_name(sortie), flags=re.ASCII).strip("_.") or "route"
