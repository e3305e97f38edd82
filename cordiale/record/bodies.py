"""A report as the record writes it, and back again. Wire fields end in their unit; what is unknown is left out."""

from collections.abc import Iterable, Mapping
from typing import Any

from cordiale.belief.report import Area, Between, Description, Fix, Mark, Place, RangeBearing, Reading, Report
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, utc
from cordiale.earth.position import Position
from cordiale.record.events import Body, Event, written

_WORDS = ("caller", "relay_of", "asset", "summary")
_LISTS = ("relays", "flags")
_SAID_OF_BOAT = ("colour", "engine", "state", "tubes")


def report_body(report: Report) -> dict[str, Any]:
    """The body of `report.received` for a report; `report_of` gives the same report back.

    Times are kept to the microsecond and numbers to the last bit.
    """
    body: dict[str, Any] = {
        "name": report.name,
        "kind": report.kind,
        "received": written(report.received, "received"),
        "event_earliest": written(report.event.earliest, "event_earliest"),
        "event_latest": written(report.event.latest, "event_latest"),
        "channel": report.channel,
        "centre": report.centre,
        "mark": _mark_body(report.mark),
    }
    if report.where:
        body["where"] = [{"probability": float(r.probability), **_place_body(r.place)} for r in report.where]
    if report.persons is not None:
        body["persons"] = _between_body(report.persons)
    if boat := _description_body(report.boat):
        body["boat"] = boat
    body.update({name: value for name in _WORDS if (value := getattr(report, name)) not in (None, "")})
    body.update({name: list(value) for name in _LISTS if (value := getattr(report, name))})
    # An empty word that is not the same as an unknown one.
    body.update({name: "" for name in ("caller", "relay_of", "asset") if getattr(report, name) == ""})
    return body


def report_of(body: Body) -> Report:
    """The report of a body of the current version (`events` lifts older ones); fields it does not know are passed by.

    Raises
    ------
    CordialeError
        The body is no report, with the field that is missing or wrong.
    """
    try:
        return Report(
            name=body["name"],
            kind=body["kind"],
            received=utc(body["received"]),
            event=Span(earliest=utc(body["event_earliest"]), latest=utc(body["event_latest"])),
            channel=body["channel"],
            centre=body["centre"],
            where=tuple(Reading(place=_place_of(r), probability=r["probability"]) for r in body.get("where", ())),
            persons=_between_of(body.get("persons")),
            boat=_description_of(body.get("boat", {})),
            caller=body.get("caller"),
            relay_of=body.get("relay_of"),
            relays=tuple(body.get("relays", ())),
            asset=body.get("asset"),
            summary=body.get("summary", ""),
            flags=tuple(body.get("flags", ())),
            mark=_mark_of(body["mark"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        name = body.get("name", "?") if isinstance(body, Mapping) else "?"
        raise CordialeError("record.no_report_body", name=name, reason=f"{type(error).__name__}: {error}") from error


def reports_of(events: Iterable[Event]) -> tuple[Report, ...]:
    """The reports as they stand after these events: in order of arrival, each as last corrected."""
    standing: dict[str, Report] = {}
    for event in events:
        if event.type in {"report.received", "report.corrected"}:
            standing[event.body["name"]] = report_of(event.body)
    return tuple(standing.values())


def _place_body(place: Place) -> dict[str, Any]:
    if isinstance(place, Fix):
        within = {"within_m": float(place.within), "containment": float(place.containment)}
        return {**_position_body(place.position), **within}
    if isinstance(place, Area):
        return {"corners": [_position_body(corner) for corner in place.corners]}
    return {
        "from": _position_body(place.origin),
        "range_m": float(place.range),
        "range_std_m": float(place.range_std),
        "bearing_deg_true": float(place.bearing),
        "bearing_std_deg": float(place.bearing_std),
    }


def _place_of(wire: Body) -> Place:
    if "corners" in wire:
        return Area(corners=tuple(_position_of(corner) for corner in wire["corners"]))
    if "range_m" in wire:
        return RangeBearing(
            origin=_position_of(wire["from"]),
            range=wire["range_m"],
            range_std=wire["range_std_m"],
            bearing=wire["bearing_deg_true"],
            bearing_std=wire["bearing_std_deg"],
        )
    return Fix(position=_position_of(wire), within=wire["within_m"], containment=wire["containment"])


def _position_body(position: Position) -> dict[str, Any]:
    return {"lat": float(position.lat), "lon": float(position.lon)}


def _position_of(wire: Body) -> Position:
    return Position(lat=wire["lat"], lon=wire["lon"])


def _between_body(between: Between) -> dict[str, Any]:
    return {"least": float(between.least), "most": float(between.most)}


def _between_of(wire: Body | None) -> Between | None:
    return None if wire is None else Between(least=wire["least"], most=wire["most"])


def _description_body(boat: Description) -> dict[str, Any]:
    said = {name: value for name in _SAID_OF_BOAT if (value := getattr(boat, name)) is not None}
    return said if boat.length_m is None else {**said, "length_m": _between_body(boat.length_m)}


def _description_of(wire: Body) -> Description:
    said = {name: wire.get(name) for name in _SAID_OF_BOAT}
    return Description(length_m=_between_of(wire.get("length_m")), **said)


def _mark_body(mark: Mark) -> dict[str, Any]:
    return {"kind": mark.kind, "source": mark.source, "synthetic_parts": list(mark.synthetic_parts)}


def _mark_of(wire: Body) -> Mark:
    return Mark(kind=wire["kind"], source=wire["source"], synthetic_parts=tuple(wire["synthetic_parts"]))
