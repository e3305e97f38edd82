"""The position of a report, in every form the format allows, as exclusive readings with an error each.

What a sender does not say about his error is *judgement*, by the way the position came in; `docs/reports.md` shows
the table. No position is better than half a unit of the last digit it was written with.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cordiale.belief.report import Area, Fix, Place, RangeBearing, Reading
from cordiale.earth.chart import ChartReading, RangeBearingText, read_position
from cordiale.earth.coordinates import Coordinates, SwappedPosition, checked, in_home_waters, shown
from cordiale.earth.errors import CordialeError, InvalidPosition
from cordiale.earth.position import Position
from cordiale.earth.units import Degrees, Fraction, Metres, Probability
from cordiale.feeds.counts import number
from cordiale.feeds.line import MAP_CENTRE_WITHIN, Findings

# Radius that holds the position nineteen times in twenty, by the channel it came through: judgement.
WITHIN_BY_CHANNEL: tuple[tuple[str, Metres], ...] = (
    ("whatsapp|pin|sms|aml|signal|telegram", 50.0),
    ("ais", 50.0),  # a receiver is within 13 m (IMO resolution MSC.112(73)), the rest is the age of the fix
    ("radar", 300.0),
    ("drone|aircraft|helicopter|uav|plane", 300.0),
    ("e.?mail|web|form", 200.0),
)
WITHIN_BY_VOICE: Metres = 500.0  # read out over telephone or radio, and everything else
RANGE_STD: Fraction = 0.2  # of the range: judgement
BEARING_STD: Degrees = 10.0  # judgement
CONTAINMENT: Probability = 0.95
MOST_READINGS = 50
_POINT_FIELDS = frozenset({"lat", "lon", "within_m", "containment", "probability"})
_TEXT_FIELDS = frozenset({"text", "within_m", "containment", "probability"})
_AWAY_FIELDS = frozenset(
    {"from", "range_m", "range_std_m", "bearing_deg_true", "bearing_std_deg", "probability"}
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """How a position came in: the default radius of its channel, and the places that can be named."""

    within: Metres
    places: Mapping[str, Position]


def default_within(channel: str, kind: str) -> Metres:
    """The radius in m that holds a position nineteen times in twenty when its sender gives none (judgement).

    >>> default_within("whatsapp", "position_pin"), default_within("phone_999", "distress_call")
    (50.0, 500.0)
    """
    words = f"{channel} {kind}".lower() if kind in ("radar_plot", "ais_plot") else channel.lower()
    return next((r for pattern, r in WITHIN_BY_CHANNEL if re.search(pattern, words)), WITHIN_BY_VOICE)


def readings_of(value: object, setting: Setting, findings: Findings) -> tuple[Reading, ...]:
    """Exclusive readings of a position field, probabilities summing to 1.

    Raises `CordialeError` when nothing in it can be read; what can be read in part is kept, with flags.
    """
    if isinstance(value, Mapping) and isinstance(value.get("readings"), list):
        value = value["readings"]
    if not isinstance(value, list) or _is_pair(value):
        return _settled(_weighed(value, setting, findings), findings)
    if len(value) > MOST_READINGS:
        raise CordialeError("feeds.readings", count=len(value), most=MOST_READINGS)
    weighed: list[tuple[Probability, Place]] = []
    problem: CordialeError | None = None
    for item in value:
        share = findings.attempt("probability_unreadable", lambda i=item: _share(i, len(value)))  # type: ignore[misc]
        try:
            within = _weighed(item, setting, findings)
        except CordialeError as error:
            problem = error
            findings.note("position_unreadable", error)
            continue
        weighed += [(w * (share if share is not None else 1 / len(value)), place) for w, place in within]
    if not weighed and problem is None:
        raise CordialeError("feeds.position", value="[]")
    return _settled(weighed, findings)


def _settled(weighed: list[tuple[Probability, Place]], findings: Findings) -> tuple[Reading, ...]:
    total = sum(weight for weight, _ in weighed)
    if total <= 0:
        return ()
    if abs(total - 1) > 1e-6:
        findings.note("probabilities_rescaled")
    if len(weighed) > 1:
        findings.note("position_ambiguous")
    ordered = sorted(weighed, key=lambda pair: -pair[0])
    return tuple(Reading(place=place, probability=weight / total) for weight, place in ordered if weight > 0)


def _share(item: object, among: int) -> Probability:
    if not isinstance(item, Mapping) or item.get("probability") is None:
        return 1 / among
    share = number(item["probability"], "probability")
    if not 0 <= share <= 1:
        raise CordialeError("feeds.number", what="probability", value=share)
    return share


def _weighed(value: object, setting: Setting, findings: Findings) -> list[tuple[Probability, Place]]:
    """One item of a position field: text, a pair, or an object with the fields of one form."""
    if isinstance(value, str):
        return _of_text(value, {}, setting, findings)
    if isinstance(value, list) and len(value) == 2:
        value = {"lat": value[0], "lon": value[1]}
    if not isinstance(value, Mapping):
        raise CordialeError("feeds.position", value=shown(str(value)[:200]))
    if value.get("polygon") is not None:
        findings.unknown_fields(value, frozenset({"polygon", "probability"}), "position.")
        return [(1.0, _polygon(value["polygon"], findings))]
    if value.get("from") is not None:
        findings.unknown_fields(value, _AWAY_FIELDS, "position.")
        return [(1.0, _away(value, setting, findings))]
    if value.get("text") is not None:
        findings.unknown_fields(value, _TEXT_FIELDS, "position.")
        return _of_text(str(value["text"]), value, setting, findings)
    findings.unknown_fields(value, _POINT_FIELDS, "position.")
    return _of_pair(value, setting, findings)


def _of_pair(value: Mapping[str, object], setting: Setting, findings: Findings) -> list[tuple[Probability, Place]]:
    """Latitude and longitude as numbers, or each in chart notation."""
    lat, lon = value.get("lat"), value.get("lon")
    if lat is None or lon is None:
        raise CordialeError("feeds.position", value=shown(f"lat {lat}, lon {lon}"))
    try:
        degrees_north, degrees_east = number(lat, "lat"), number(lon, "lon")
    except CordialeError:
        if isinstance(lat, str) and isinstance(lon, str) and re.search("[0-9]", lat):
            return _of_text(f"{lat} {lon}", value, setting, findings)
        raise
    position = _position(degrees_north, degrees_east, findings)
    return [(1.0, _fix(position, value, setting.within, findings))]


def _of_text(
    text: str, value: Mapping[str, object], setting: Setting, findings: Findings
) -> list[tuple[Probability, Place]]:
    findings.as_given["position"] = text[:400]
    try:
        readings: Iterable[ChartReading] = read_position(text, places=setting.places)
    except SwappedPosition as swapped:
        findings.note("position_swapped", swapped)
        likely = Position(lat=swapped.likely.lat, lon=swapped.likely.lon)
        readings = (ChartReading(place=likely, resolution=swapped.likely.resolution, form="swapped"),)
    weighed: list[tuple[Probability, Place]] = []
    for reading in readings:
        for flag in reading.flags:
            if flag != "side_assumed":
                findings.note(flag)
        if isinstance(reading.place, RangeBearingText):
            weighed.append((reading.probability, away_of_words(reading.place)))
            continue
        least = reading.resolution if "place_only" in reading.flags else 0.5 * reading.resolution
        least = max(least, MAP_CENTRE_WITHIN if "map_centre" in reading.flags else 0.0)
        fix = _fix(reading.place, value, max(setting.within, reading.resolution, least), findings)
        weighed.append((reading.probability, replace(fix, within=max(fix.within, least))))
    return weighed


def _fix(position: Position, value: Mapping[str, object], within: Metres, findings: Findings) -> Fix:
    """A point with the error its sender gave, or the default where that is missing or impossible."""
    default = Fix(position=position, within=within, containment=CONTAINMENT)
    if value.get("within_m") is None:
        return default

    def given() -> Fix:
        containment = value.get("containment")
        share = CONTAINMENT if containment is None else number(containment, "containment")
        return Fix(position=position, within=number(value["within_m"], "within_m"), containment=share)

    return findings.attempt("within_unreadable", given) or default


def _position(lat: Degrees, lon: Degrees, findings: Findings) -> Position:
    """A position from two numbers; swapped ones are put in order, with a flag and the problem, never silently."""
    try:
        pair = checked(Coordinates(lat=lat, lon=lon, resolution=1.0, form="decimal"), f"{lat:g}, {lon:g}")
    except SwappedPosition as swapped:
        findings.note("position_swapped", swapped)
        pair = swapped.likely
    if not in_home_waters(pair.lat, pair.lon):
        findings.note("far_away")
    return Position(lat=pair.lat, lon=pair.lon)


def _polygon(value: object, findings: Findings) -> Area:
    if not isinstance(value, list):
        raise CordialeError("feeds.position", value=shown(str(value)[:200]))
    corners = [_corner(corner, findings) for corner in value]
    if len(corners) > 3 and corners[0] == corners[-1]:
        corners.pop()  # a ring that is closed by repeating its first corner
    return Area(corners=tuple(corners))


def _corner(value: object, findings: Findings) -> Position:
    if isinstance(value, Mapping):
        value = [value.get("lat"), value.get("lon")]
    if isinstance(value, str):
        return Position.parse(value)
    if not isinstance(value, list) or len(value) < 2:
        raise CordialeError("feeds.position", value=shown(str(value)[:200]))
    return _position(number(value[0], "lat"), number(value[1], "lon"), findings)


def _away(value: Mapping[str, object], setting: Setting, findings: Findings) -> RangeBearing:
    """Range and bearing from a named place or a position, with default errors where none are given."""
    origin = value["from"]
    if isinstance(origin, str):
        place = read_position(origin, places=setting.places)[0].place
        if not isinstance(place, Position):
            raise InvalidPosition("earth.unknown_place", place=shown(origin), known="-")
    else:
        place = _corner(origin, findings)
    away = number(value.get("range_m"), "range_m")
    given_range_std, given_bearing_std = value.get("range_std_m"), value.get("bearing_std_deg")
    return RangeBearing(
        origin=place,
        range=away,
        range_std=RANGE_STD * away if given_range_std is None else number(given_range_std, "range_std_m"),
        bearing=number(value.get("bearing_deg_true"), "bearing_deg_true"),
        bearing_std=BEARING_STD if given_bearing_std is None else number(given_bearing_std, "bearing_std_deg"),
    )


def away_of_words(said: RangeBearingText) -> RangeBearing:
    """The range and bearing of a text with the errors a person makes (judgement: 20 % of the range)."""
    return RangeBearing(
        origin=said.origin,
        range=said.range,
        range_std=RANGE_STD * said.range,
        bearing=said.bearing,
        bearing_std=said.bearing_std,
    )


def _is_pair(value: list[object]) -> bool:
    return len(value) == 2 and not any(isinstance(item, Mapping | list) for item in value)
