"""Reports of an invented hour, for the tests of association, picture and views."""

from typing import Any

from cordiale.belief.report import Between, Description, Fix, Reading, Report
from cordiale.earth.geodesy import destination
from cordiale.earth.instants import Span, utc
from cordiale.earth.position import Position
from cordiale.earth.units import minutes
from cordiale.sea.analytic import UniformCurrent, analytic_sea
from cordiale.sea.environment import Environment

START = utc("2021-11-24 01:00Z")


def told(
    name: str, minute: float, *, east_km: float | None = None, north_km: float = 0.0, late: float = 1, **given: Any
) -> Report:
    """A report of `minute` past one, at a place east and north of 51 N 1.5 E, received `late` minutes later."""
    at = START + minute * minutes
    where: tuple[Reading, ...] = ()
    if east_km is not None:
        lat, lon = destination(51.0, 1.5, east_km * 1000, north_km * 1000)
        where = (
            Reading(place=Fix(position=Position(lat=float(lat), lon=float(lon)), within=given.pop("within", 100.0))),
        )
    given = {"kind": "position_pin" if where else "distress_call", "channel": "test", "centre": "test", **given}
    return Report(name=name, received=at + late * minutes, event=Span(earliest=at, latest=at), where=where, **given)


def persons(least: int, most: int | None = None) -> Between:
    """An interval of persons."""
    return Between(least=least, most=most or least)


def said(**given: Any) -> Description:
    """What was said of a boat."""
    return Description(**given)


def still_sea() -> Environment:
    """A sea without current and wind, with errors about as large as real ones."""
    return analytic_sea(UniformCurrent(eastward=0.0, northward=0.0), current_std=0.15, wind_std=2.0)


def two_boats() -> tuple[Report, ...]:
    """Two boats 20 km apart with three contacts each, a call from a known phone, a relay, an order and a recovery."""
    return (
        told("r-0001", 0, east_km=0.0, caller="a1", persons=persons(33)),
        told("r-0002", 5, east_km=20.0, caller="b1", persons=persons(20)),
        told("r-0003", 10, caller="a1", boat=said(state="taking_water")),
        told("r-0004", 20, east_km=0.3, caller="a1"),
        told("r-0005", 25, east_km=20.2, caller="b1", boat=said(colour="black")),
        told("r-0006", 20, east_km=0.3, late=9, kind="relay", relay_of="r-0004", persons=persons(40)),
        told("r-0007", 30, kind="task", asset="cutter"),
        told("r-0008", 40, east_km=20.1, kind="recovery", persons=persons(20), boat=said(colour="black")),
        told("r-0009", 41, kind="decision", summary="The boat of r-0001 is taken to be the one recovered."),
        told("r-0010", 45, kind="missed_call", caller="a1"),
        told("r-0011", 50, persons=persons(30)),
    )
