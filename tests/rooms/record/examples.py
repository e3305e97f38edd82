"""Plain reports to write down; any report there can be is drawn in `any_report`."""

from dataclasses import replace

from cordiale.belief.report import Between, Description, Fix, Reading, Report
from cordiale.earth.instants import Span, utc
from cordiale.earth.position import Position
from cordiale.earth.units import minutes

NIGHT = utc("2021-11-24 02:00")
NOW = utc("2021-11-24 12:00")
PLAIN = Report(
    name="r-0001",
    kind="distress_call",
    received=NIGHT + 1 * minutes,
    event=Span(earliest=NIGHT, latest=NIGHT + 1 * minutes),
    channel="telephone",
    centre="Gris-Nez",
    where=(Reading(place=Fix(position=Position(lat=51.1416667, lon=1.7416667), within=50.0)),),
    persons=Between(least=30.0, most=40.0),
    boat=Description(colour="grey", length_m=Between(least=8.0, most=10.0), engine="stopped", state="taking_water"),
    summary="Canot à la dérive, l'eau monte ⚠",
)


def numbered(number: int) -> Report:
    """The plain report under its own name, received `number` minutes after 02:00Z."""
    received = NIGHT + number * minutes
    event = Span(earliest=NIGHT, latest=received)
    return replace(PLAIN, name=f"r-{number:04d}", received=received, event=event)
