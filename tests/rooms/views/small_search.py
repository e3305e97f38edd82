"""A small search for the tests of this room: two boats, a helicopter and a lifeboat off Calais; all invented."""

from datetime import UTC, datetime

import numpy as np

from cordiale.earth.geodesy import destination
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM, hours, km, knots, minutes
from cordiale.search.patterns import laid_out, parallel, sector
from cordiale.views.search_brief import BoatSought, Figures, Held, Persons, SearchBrief, SortieTold, Waypoint

BEGIN = utc("2021-11-24 04:00")
CENTRE = Position(lat=51.08, lon=1.62)


def place(east, north):
    """A position so many metres from the centre."""
    lat, lon = destination(CENTRE.lat, CENTRE.lon, east, north)
    return Position(lat=float(lat), lon=float(lon))


def ring(radius, *, east=0.0, north=0.0, turn=1):
    """A closed circle of (lat, lon); anticlockwise, or clockwise for a hole."""
    angle = turn * np.linspace(0, 2 * np.pi, 41)
    lat, lon = destination(CENTRE.lat, CENTRE.lon, east + radius * np.cos(angle), north + radius * np.sin(angle))
    closed = np.column_stack([lat, lon])
    closed[-1] = closed[0]
    return closed


def way(points, begin, speed):
    """Waypoints along points (n, 2), metres east and north."""
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    return tuple(Waypoint(at=begin + s / speed, place=place(*p)) for s, p in zip(steps, points, strict=True))


def brief(**changed):
    """The whole brief; fields can be changed."""
    ladder = laid_out(parallel(6 * NM, 4 * NM, 0.5 * NM), bearing=40.0)
    helicopter = SortieTold(
        asset="R163", boat="B-KL42", pattern="PS", leaves=BEGIN, waypoints=way(ladder, BEGIN + 0.5 * hours, 60 * knots),
        corners=tuple(place(*p) for p in ((-7000, -4000), (1000, -8000), (7000, 4000), (-1000, 8000))),
        corners_at=BEGIN + 1.5 * hours, spacing=0.5 * NM, speed=60 * knots, height=150.0, bearing=40.0, creep=130.0,
        coverage=0.82, loss=0.213,
    )  # fmt: skip
    spokes = laid_out(sector(2 * NM), east=3000.0, north=-2000.0, bearing=0.0)
    lifeboat = SortieTold(
        asset="Notre-Dame du Risban & <SNSM>", boat="B-KL42", pattern="VS", leaves=BEGIN + 10 * minutes,
        waypoints=way(spokes, BEGIN + 1 * hours, 18 * knots), spacing=1 * NM, speed=18 * knots,
    )  # fmt: skip
    holed = Held(probability=0.9, area=88 * km**2, rings=(ring(5500.0), ring(1000.0, east=3500.0, turn=-1)))
    half = Held(probability=0.5, area=22 * km**2, rings=(ring(2000.0, east=-3000), ring(1800.0, east=1500)))
    first = BoatSought(
        name="B-KL42", what="inflatable", persons=Persons(least=30, most=40), last_known=place(-4000, -3000),
        last_known_at=utc("2021-11-24 02:01:30"), held_at=BEGIN, held=(holed, half), pos=0.61,
    )  # fmt: skip
    second = BoatSought(name="B-QD17", persons=Persons(least=12))
    values = {
        "title": "GRIS-NEZ/2021/0849", "made_at": utc("2021-11-24 03:50"), "begin": BEGIN, "end": BEGIN + 3 * hours,
        "figures": Figures(objective="lives", pos=0.47, survivors=21.4, gap=0.12), "boats": (first, second),
        "sorties": (helicopter, lifeboat), "coordinator": "CROSS Gris-Nez", "weather": "NW 3, 1 m, 5 NM",
        "notices": (("B-QD17: nobody searches for it", "B-QD17 : aucun moyen ne le recherche"),), "synthetic": True,
    }  # fmt: skip
    return SearchBrief(**{**values, **changed})


def moment(at):
    """An instant as a date with its zone, for readers that give such."""
    return datetime.fromtimestamp(round(at), UTC)
