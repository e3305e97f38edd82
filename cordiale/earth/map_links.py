"""Positions inside the map links that phones and people paste: the pin where there is one, else the middle of the map.

The patterns are those of the public link formats of Google Maps, Apple Maps, OpenStreetMap, Bing, Waze, HERE, and of
the geo: scheme (RFC 5870, with the `q=` of Android). Nothing is fetched: a shortened link has to be opened first.
"""

import re
from dataclasses import replace

from cordiale.earth.coordinates import Coordinates, checked, plain, read_coordinates, shown
from cordiale.earth.errors import InvalidPosition
from cordiale.earth.pattern import Pattern

_D = r"([+-]?[0-9]{1,3}(?:\.[0-9]+)?)"
_LINK = Pattern(
    r"(?:https?://|geo:|www\.)[^\s<>\"]*(?:[\"'][^\s<>]*)*"
    r"|\b(?:maps?\.|maps\.app\.|goo\.gl/|w3w\.co/|what3words\.com/|///)[^\s<>]+",
    re.IGNORECASE,
)
_SHORTENED = Pattern(r"goo\.gl|maps\.app|bit\.ly|maps\.apple/p|osm\.org/go|tinyurl|t\.ly/", re.IGNORECASE)
_THREE_WORDS = Pattern(
    r"(?:///|w3w\.co/|what3words\.com/)?[^\W\d_]{2,}[.。][^\W\d_]{2,}[.。][^\W\d_]{2,}(?!\.?[\w/])|.*(?:w3w\.co|what3words)",
    re.IGNORECASE,
)
# The first that fits wins: pins stand before the middle of the map, because the map may have been moved.
_PINS = (
    Pattern(rf"!3d{_D}!4d{_D}"),
    Pattern(rf"[?&]mlat={_D}&mlon={_D}"),
    Pattern(rf"[?&]lat(?:itude)?={_D}&(?:lon|lng|long|longitude)={_D}"),
    Pattern(
        r"[?&](?:q|query|ll|sll|daddr|saddr|destination|origin|coordinate|markers|pin|viewpoint|loc|map|sp|to)="
        rf"(?:loc:|point\.|ll\.)?\s*{_D}\s*[,_~;+ ]\s*{_D}"
    ),
    Pattern(rf"/(?:place|search|dir|directions)/+(?:[^@]*?/)?{_D},\s*{_D}"),
    Pattern(rf"^geo:(?!0(?:\.0+)?,0(?:\.0+)?\b){_D},{_D}", re.IGNORECASE),
)
_MIDDLES = (
    Pattern(rf"@{_D},{_D}"),
    Pattern(rf"#map=[0-9.]+/{_D}/{_D}"),
    Pattern(rf"[?&](?:center|centre|cp|c)={_D}[,~]{_D}"),
)
_WRITTEN = Pattern(r"(?:[?&](?:q|query|ll|daddr|destination)=|/(?:place|search)/)([^&/@#]+)", re.IGNORECASE)
_UNCERTAINTY = Pattern(r"^geo:[^?]*;u=([0-9]{1,6}(?:\.[0-9]{1,3})?)", re.IGNORECASE)


def read_map_link(text: str) -> Coordinates | None:
    """The position of the first map link in a text; None when there is no link.

    `resolution` is one unit of the last digit in metres, or the uncertainty `u` of a geo: link. The flag `map_centre`
    says that the link gives the middle of a map and no pin. Raises `InvalidPosition` for a link without coordinates,
    a shortened link, a three-word address.
    """
    found = _LINK.search(text[:2000])
    if found is None:
        if _THREE_WORDS.fullmatch(text.strip()[:200]):
            raise InvalidPosition("earth.three_words", text=shown(text))
        return None
    link = plain(_decoded(found.group()))
    for patterns, flags in ((_PINS, ()), (_MIDDLES, ("map_centre",))):
        for pattern in patterns:
            match = pattern.search(link)
            if match:
                return _precise(match.group(1), match.group(2), link, flags)
        if not flags and (written := _written(link)):
            return written
    raise InvalidPosition(_why_unreadable(link), text=shown(link))


def _precise(lat: str, lon: str, link: str, flags: tuple[str, ...]) -> Coordinates:
    """What the digits of a link say: a machine wrote them, so they are decimal degrees and nothing else."""
    digits = min(len(part.partition(".")[2]) for part in (lat, lon))
    uncertainty = _UNCERTAINTY.match(link)
    resolution = max(111_120.0 * 10.0**-digits, float(uncertainty.group(1)) if uncertainty else 0.0)
    coordinates = Coordinates(lat=float(lat), lon=float(lon), resolution=resolution, form="map_link", flags=flags)
    return checked(coordinates, shown(link))


def _written(link: str) -> Coordinates | None:
    """A place written in chart notation inside a link."""
    for match in _WRITTEN.finditer(link):
        try:
            best = read_coordinates(match.group(1))[0]
        except InvalidPosition:
            continue
        return replace(best, form="map_link", probability=1.0)
    return None


def _why_unreadable(link: str) -> str:
    if re.search(r"w3w\.co|what3words|^///", link, re.IGNORECASE):
        return "earth.three_words"
    return "earth.short_link" if _SHORTENED.search(link) else "earth.link"


def _decoded(link: str) -> str:
    """Percent-encoding undone; a plus is a space, except before a digit, where it may be a sign."""
    octets = link.encode("utf-8", "replace")
    octets = re.sub(rb"%([0-9A-Fa-f]{2})", lambda m: bytes.fromhex(m.group(1).decode()), octets)
    return re.sub(r"\+(?![0-9])|(?<=[A-Z\"'])\+", " ", octets.decode("utf-8", "replace"))
