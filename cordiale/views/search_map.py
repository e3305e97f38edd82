"""A chart of a search as SVG: coast, where the boats may be, areas and tracks; Mercator, north up, nothing but text.

Told apart without colour too: areas of containment are filled and solid (50 %) or dashed (90 %), tracks are thick
lines whose first point is a filled square, search areas are thin dashes, last known positions are crosses.
"""

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.earth.geodesy import metres_per_degree
from cordiale.earth.instants import date_and_zulu, zulu
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Degrees, FloatArray, Fraction
from cordiale.sea.coast import coast_polygons
from cordiale.sea.places import load_places
from cordiale.views.search_brief import SearchBrief, SortieTold
from cordiale.views.search_words import held_line
from cordiale.views.search_xml import clean, element
from cordiale.words import Language, say

Pixels = Fraction  # of the drawing, 1/96 inch
WIDE: Final[Pixels] = 720.0
MARGIN: Final[Fraction] = 0.10
SHAPES: Final[tuple[Fraction, Fraction]] = (0.62, 1.0)  # height over width, at least and at most
SMALLEST: Final = 6 * NM
INSET: Final[Pixels] = 150.0
STRAIT: Final[tuple[Degrees, Degrees, Degrees, Degrees]] = (0.75, 2.65, 50.65, 51.5)
FONT: Final = "Libertinus Serif, DejaVu Serif, serif"
SEA, LAND, SHORE, INK, NET = "#e4eff6", "#efe9db", "#8a8371", "#1b2733", "#9fb6c6"
HELD, FILL = "#5c1a00", {False: "#f5b45f", True: "#d8712c"}
TRACKS: Final = ("#004488", "#117733", "#882255", "#4b3f8f", "#00606b", "#7a5200")
_ROUND_MINUTES: Final = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600)
_ROUND_MILES: Final = (0.5, 1, 2, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the chart shows, and how degrees become its pixels."""

    west: Degrees
    east: Degrees
    south: Degrees
    north: Degrees
    wide: Pixels
    high: Pixels
    left: Pixels = 0.0
    top: Pixels = 0.0

    def at(self, lat: Degrees | FloatArray, lon: Degrees | FloatArray) -> tuple[FloatArray, FloatArray]:
        """Pixels to the right and downwards."""
        first, last = _stretched(self.north), _stretched(self.south)
        x = (np.asarray(lon) - self.west) / (self.east - self.west) * self.wide
        return self.left + x, self.top + (first - _stretched(lat)) / (first - last) * self.high

    def point(self, place: Position) -> tuple[Pixels, Pixels]:
        """Pixels of a position."""
        x, y = self.at(place.lat, place.lon)
        return float(x), float(y)


def search_map(brief: SearchBrief, language: Language = "en") -> str:
    """The chart of a whole plan; its own title says in words what is drawn."""
    frame = _framed(brief)
    root = ET.Element(
        "svg",
        {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDE:.0f} {frame.high:.0f}", "font-family": FONT,
         "width": f"{WIDE:.0f}", "height": f"{frame.high:.0f}", "role": "img"},
    )  # fmt: skip
    element(root, "title", map_words(brief, language))
    element(root, "rect", width=f"{WIDE:.0f}", height=f"{frame.high:.0f}", fill=SEA)
    _net(root, frame)
    _held(root, frame, brief)
    _land(root, frame)
    for number, sortie in enumerate(brief.sorties):
        _sortie(root, frame, sortie, TRACKS[number % len(TRACKS)])
    _scale(root, frame, language)
    _where(root, frame, brief)
    _last_known(root, frame, brief)
    _labels(root, frame, brief, language)
    edge = element(root, "rect", width=f"{WIDE:.0f}", height=f"{frame.high:.0f}", fill="none", stroke=INK)
    edge.set("stroke-width", "1.5")
    return ET.tostring(root, encoding="unicode")


def map_words(brief: SearchBrief, language: Language = "en") -> str:
    """What the chart shows, for whoever cannot see it."""
    sorties = "; ".join(f"{one.asset} {one.pattern} {zulu(one.arrives)}-{zulu(one.ends)}" for one in brief.sorties)
    areas = "; ".join(held_line(boat, held, language) for boat in brief.boats for held in boat.held)
    nothing = say("views.search.nothing", language)
    return say(
        "views.search.map.alt",
        language,
        begin=date_and_zulu(brief.begin),
        end=date_and_zulu(brief.end),
        assets=sorties or nothing,
        boats=areas or nothing,
    )


def map_shape(brief: SearchBrief) -> Fraction:
    """Height of the chart over its width."""
    return _framed(brief).high / WIDE


def _stretched(lat: Degrees | FloatArray) -> FloatArray:
    """Mercator's latitude, radians."""
    return np.asarray(np.arctanh(np.sin(np.radians(lat))))


def _framed(brief: SearchBrief) -> _Frame:
    """Around all that is drawn, with a margin, no narrower than 6 NM, of a shape that fits a page."""
    places = [(c.lat, c.lon) for sortie in brief.sorties for c in sortie.corners]
    places += [(w.place.lat, w.place.lon) for sortie in brief.sorties for w in sortie.waypoints]
    places += [(b.last_known.lat, b.last_known.lon) for b in brief.boats if b.last_known is not None]
    rings = [ring for boat in brief.boats for held in boat.held for ring in held.rings]
    shown = np.concatenate([np.array(places).reshape(-1, 2), *rings]) if places or rings else np.array([[51.0, 1.5]])
    south, west = shown.min(axis=0)
    north, east = shown.max(axis=0)
    middle_lat, middle_lon = (south + north) / 2, (west + east) / 2
    per_lat, per_lon = (float(m) for m in metres_per_degree(middle_lat))
    high = max((north - south) * per_lat * (1 + 2 * MARGIN), SMALLEST)
    wide = max((east - west) * per_lon * (1 + 2 * MARGIN), SMALLEST)
    high, wide = max(high, SHAPES[0] * wide), max(wide, high / SHAPES[1])
    half_lat, half_lon = high / per_lat / 2, wide / per_lon / 2
    return _Frame(
        west=float(middle_lon - half_lon),
        east=float(middle_lon + half_lon),
        south=float(middle_lat - half_lat),
        north=float(middle_lat + half_lat),
        wide=WIDE,
        high=WIDE * float(high / wide),
    )


def _path(frame: _Frame, lines: Iterable[FloatArray], *, closed: bool) -> str:
    """Lines of (lat, lon) as one path."""
    told = []
    for line in lines:
        x, y = frame.at(line[:, 0], line[:, 1])
        told.append("M" + " L".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True)) + ("Z" if closed else ""))
    return " ".join(told)


def _drawn(root: ET.Element, path: str, **style: str) -> None:
    shape = element(root, "path", d=path)
    for name, value in style.items():
        shape.set(name.replace("_", "-"), value)


def _written(root: ET.Element, x: Pixels, y: Pixels, text: str, **style: str) -> None:
    """A word with a halo, so that it can be read on every ground; kept inside the chart."""
    node = ET.SubElement(root, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "font-size": "16", "fill": INK})
    node.text = clean(text)
    for name, value in style.items():
        node.set(name.replace("_", "-"), value)
    halo = ET.Element("text", {**node.attrib, "stroke": "white", "stroke-width": "3", "stroke-opacity": "0.8"})
    halo.set("stroke-linejoin", "round")
    halo.text = node.text
    root.insert(len(root) - 1, halo)


def _net(root: ET.Element, frame: _Frame) -> None:
    """Meridians and parallels at round minutes, labelled at the edge."""
    for low, high, width, sides in ((frame.west, frame.east, 3, "EW"), (frame.south, frame.north, 2, "NS")):
        step = next((m for m in _ROUND_MINUTES if (high - low) * 60 / m <= 6), 1200)
        for minute in range(math.ceil(low * 60 / step), math.floor(high * 60 / step) + 1):
            whole, part = divmod(abs(minute * step), 60)
            label = f"{whole:0{width}d}°{part:02d}'{sides[minute < 0]}"
            value = minute * step / 60
            if sides == "EW":
                x = float(frame.at(frame.south, value)[0])
                _drawn(root, f"M{x:.1f},0V{frame.high:.1f}", stroke=NET, stroke_width="0.7")
                if x < WIDE - 70:
                    _written(root, x + 3, frame.high - 5, label, font_size="15")
            else:
                y = float(frame.at(value, frame.west)[1])
                _drawn(root, f"M0,{y:.1f}H{WIDE:.1f}", stroke=NET, stroke_width="0.7")
                if 18 < y < frame.high - 24:
                    _written(root, 4, y - 3, label, font_size="15")


def _held(root: ET.Element, frame: _Frame, brief: SearchBrief) -> None:
    areas = [held for boat in brief.boats for held in boat.held]
    for held in sorted(areas, key=lambda one: -one.probability):
        inner = held.probability <= 0.7
        dashes = {} if inner else {"stroke_dasharray": "7 4"}
        _drawn(
            root, _path(frame, held.rings, closed=True), fill=FILL[inner], fill_opacity="0.45", fill_rule="evenodd",
            stroke=HELD, stroke_width="1.8" if inner else "1.3", **dashes,
        )  # fmt: skip


def _land(root: ET.Element, frame: _Frame) -> None:
    for piece in coast_polygons():
        lon, lat = piece.outline.T
        if lon.min() < frame.east and lon.max() > frame.west and lat.min() < frame.north and lat.max() > frame.south:
            rings = [_clipped(ring[:, ::-1], frame) for ring in (piece.outline, *piece.holes)]
            path = _path(frame, [ring for ring in rings if len(ring) > 2], closed=True)
            if path:
                _drawn(root, path, fill=LAND, stroke=SHORE, stroke_width="0.9", fill_rule="evenodd")


def _clipped(ring: FloatArray, frame: _Frame) -> FloatArray:
    """A ring of (lat, lon) cut to a box twice as large as the chart (Sutherland and Hodgman)."""
    lat, lon = frame.north - frame.south, frame.east - frame.west
    sides = ((0, frame.south - lat, 1), (0, frame.north + lat, -1), (1, frame.west - lon, 1), (1, frame.east + lon, -1))
    for axis, limit, sign in sides:
        if not len(ring):
            break
        inside = sign * (ring[:, axis] - limit) >= 0
        after = np.roll(ring, -1, axis=0)
        crossing = inside != np.roll(inside, -1)
        span = after[:, axis] - ring[:, axis]
        share = np.where(crossing, (limit - ring[:, axis]) / np.where(span == 0, 1.0, span), 0.0)
        cut = ring + share[:, None] * (after - ring)
        both = np.stack([ring, cut], axis=1).reshape(-1, 2)
        ring = both[np.stack([inside, crossing], axis=1).ravel()]
    return ring


def _sortie(root: ET.Element, frame: _Frame, sortie: SortieTold, colour: str) -> None:
    """Area in thin dashes, track as a thick line with a square at its CSP, named where it begins."""
    if sortie.corners:
        ring = np.array([(corner.lat, corner.lon) for corner in sortie.corners])
        _drawn(
            root, _path(frame, [ring], closed=True), fill="none", stroke=colour, stroke_width="1.2",
            stroke_dasharray="3 3",
        )  # fmt: skip
    way = np.array([(w.place.lat, w.place.lon) for w in sortie.waypoints])
    _drawn(
        root, _path(frame, [way], closed=False), fill="none", stroke=colour, stroke_width="2.2", stroke_linejoin="round"
    )
    x, y = frame.point(sortie.waypoints[0].place)
    element(root, "rect", x=f"{x - 4:.1f}", y=f"{y - 4:.1f}", width="8", height="8", fill=colour, stroke="white")


def _last_known(root: ET.Element, frame: _Frame, brief: SearchBrief) -> None:
    for boat in brief.boats:
        if boat.last_known is None:
            continue
        x, y = frame.point(boat.last_known)
        for colour, width in (("white", "5"), (HELD, "2.6")):
            _drawn(root, f"M{x - 6:.1f},{y:.1f}h12 M{x:.1f},{y - 6:.1f}v12", stroke=colour, stroke_width=width)


def _labels(root: ET.Element, frame: _Frame, brief: SearchBrief, language: Language) -> None:
    """Names of sorties, boats and places, each where it covers no other; a place that finds no room is left out."""
    taken: list[tuple[Pixels, Pixels, Pixels, Pixels]] = []
    for number, sortie in enumerate(brief.sorties):
        label = f"{sortie.asset} {sortie.pattern} {zulu(sortie.arrives)}"
        _named(root, frame, sortie.waypoints[0].place, label, taken, colour=TRACKS[number % len(TRACKS)], must=True)
    for boat in brief.boats:
        if boat.last_known is not None:
            when = "" if boat.last_known_at is None else f" {zulu(boat.last_known_at)}"
            _named(root, frame, boat.last_known, boat.name + when, taken, colour=HELD, must=True)
    for place in load_places():
        x, y = frame.point(place.position)
        if 0 < x < WIDE and 0 < y < frame.high and place.kind in ("port", "cape", "town"):
            element(root, "circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="2.2", fill=INK)
            _named(root, frame, place.position, place.called(language), taken, colour=INK, must=False)


def _named(
    root: ET.Element,
    frame: _Frame,
    where: Position,
    label: str,
    taken: list[tuple[Pixels, Pixels, Pixels, Pixels]],
    *,
    colour: str,
    must: bool,
) -> None:
    """A label beside, above or below a point: the first of these where it stays on the chart and covers no other."""
    x, y = frame.point(where)
    size = 17.0 if must else 15.0
    long = 0.52 * size * len(label)  # of a serif: measured on place names, a little generous
    rows = [dy for k in range(5) for dy in ((-8 - 19 * k), (20 + 19 * k))]
    for dy in rows if must else rows[:2]:
        for left in (x + 7, x - 7 - long, x - long / 2):
            box = (left, y + dy - size, left + long, y + dy + 3)
            inside = box[0] > 2 and box[2] < WIDE - 2 and box[1] > 2 and box[3] < frame.high - 2
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                weight = "bold" if must else "normal"
                _written(root, left, y + dy, label, fill=colour, font_weight=weight, font_size=f"{size:g}")
                return
    if must:
        _written(root, min(max(x - long / 2, 2.0), WIDE - long), max(y - 6, size), label, fill=colour)


def _overlap(one: Sequence[Pixels], other: Sequence[Pixels]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _where(root: ET.Element, frame: _Frame, brief: SearchBrief) -> None:
    """A small chart of the strait in the emptiest corner with the frame of the large one; none on charts of it all."""
    if frame.east - frame.west > 0.6 * (STRAIT[1] - STRAIT[0]):
        return
    high = INSET * float((_stretched(STRAIT[3]) - _stretched(STRAIT[2])) / np.radians(STRAIT[1] - STRAIT[0]))
    ways = [frame.point(w.place) for sortie in brief.sorties for w in sortie.waypoints]
    corners = ((6.0, 6.0), (WIDE - INSET - 6, 6.0), (6.0, frame.high - high - 24))

    def covered(corner: tuple[Pixels, Pixels]) -> int:
        return sum(0 < x - corner[0] < INSET and 0 < y - corner[1] < high for x, y in ways)

    left, top = min(corners, key=covered)
    small = _Frame(*STRAIT, INSET, high, left, top)
    clip = element(element(root, "clipPath", id="strait"), "rect", x=f"{left:.1f}", y=f"{top:.1f}")
    clip.set("width", f"{INSET:.1f}")
    clip.set("height", f"{high:.1f}")
    group = ET.SubElement(root, "g", {"clip-path": "url(#strait)"})
    edges = {"x": f"{left:.1f}", "y": f"{top:.1f}", "width": f"{INSET:.1f}", "height": f"{high:.1f}"}
    element(group, "rect", fill=SEA, **edges)
    _land(group, small)
    (x0, y0), (x1, y1) = small.at(frame.north, frame.west), small.at(frame.south, frame.east)
    _drawn(group, f"M{x0:.1f},{y0:.1f}H{x1:.1f}V{y1:.1f}H{x0:.1f}Z", fill="none", stroke=HELD, stroke_width="1.8")
    element(root, "rect", fill="none", stroke=INK, **edges)


def _scale(root: ET.Element, frame: _Frame, language: Language) -> None:
    """A bar of a round number of nautical miles, right for the middle of the chart."""
    _, per_lon = metres_per_degree((frame.south + frame.north) / 2)
    mile = NM / float(per_lon) / (frame.east - frame.west) * WIDE
    miles = max((m for m in _ROUND_MILES if m * mile <= WIDE / 4), default=_ROUND_MILES[0])
    x, y = WIDE - 20 - miles * mile, frame.high - 26
    for part, colour in enumerate((INK, "white")):
        element(
            root, "rect", x=f"{x + part * miles * mile / 2:.1f}", y=f"{y:.1f}", width=f"{miles * mile / 2:.1f}",
            height="5", fill=colour, stroke=INK,
        )  # fmt: skip
    _written(root, x, y - 5, say("views.search.map.scale", language, miles=miles))


def legend(brief: SearchBrief, language: Language = "en") -> Sequence[tuple[str, str]]:
    """What the signs mean: which sign, in words."""
    shares = sorted({held.probability for boat in brief.boats for held in boat.held})
    rows = [
        ("half" if share <= 0.7 else "most", say("views.search.map.held", language, percent=100 * share))
        for share in shares
    ]
    if any(boat.last_known is not None for boat in brief.boats):
        rows.append(("cross", say("views.search.map.last_known", language)))
    rows.append(("track", say("views.search.map.track", language)))
    if any(sortie.corners for sortie in brief.sorties):
        rows.append(("area", say("views.search.map.area", language)))
    return tuple(rows)
