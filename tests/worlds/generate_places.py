"""Positions as they are told in a generated night: with noise, rounded, misread, as a cell sector, as a radar sees."""

import math
import random
from typing import Final

from cordiale.belief.report import Area, Fix, RangeBearing, Reading
from cordiale.earth.geodesy import bearing, components, destination, distance
from cordiale.earth.position import Position
from cordiale.earth.units import Degrees, Metres
from tests.worlds.generate_recipe import Recipe

Place = tuple[Degrees, Degrees]
RAYLEIGH: Final = math.sqrt(-2 * math.log(0.05))  # 95 % of a circular normal law lie within this many deviations
STATIONS: Final[tuple[Place, ...]] = ((51.132, 1.343), (50.870, 1.583), (50.913, 0.975))  # of radars: judgement
MASTS: Final[tuple[Place, ...]] = ((51.05, 2.37), (50.99, 1.96), (50.93, 1.75), (50.72, 1.60), (51.12, 1.31))
RADAR_RANGE_STD: Final[Metres] = 80.0
RADAR_BEARING_STD: Final[Degrees] = 0.6
READ_OUT: Final[Metres] = 200.0  # of a position read out over the telephone in tenths of minutes


def noisy(recipe: Recipe, chance: random.Random, place: Place, within: Metres) -> Place:
    """A place with the error that its sender claims: normal, or Student's law with the recipe's tail."""
    std = within / RAYLEIGH
    if not math.isinf(recipe.tail):
        std *= math.sqrt(recipe.tail / (2 * chance.gammavariate(recipe.tail / 2, 1.0)))
    lat, lon = destination(*place, chance.gauss(0, std), chance.gauss(0, std))
    return float(lat), float(lon)


def fix(recipe: Recipe, chance: random.Random, place: Place, within: Metres) -> tuple[Reading, ...]:
    """One reading: a point with its error."""
    return (reading(noisy(recipe, chance, place, within), within),)


def reading(place: Place, within: Metres, probability: float = 1.0) -> Reading:
    """A point as a report holds it."""
    position = Position(lat=round(place[0], 6), lon=round(place[1], 6))
    return Reading(place=Fix(position=position, within=within), probability=probability)


def read_out(recipe: Recipe, chance: random.Random, place: Place) -> tuple[tuple[Reading, ...], bool]:
    """A position read out in degrees and minutes; sometimes misread, sometimes with both readings written down.

    The second value says that no reading is the right one.
    """
    said = tuple(round(x * 600) / 600 for x in noisy(recipe, chance, place, READ_OUT / 2))
    if chance.random() >= recipe.misread:
        return (reading(said, READ_OUT),), False
    wrong = misread(chance, said)
    if chance.random() < recipe.misread_seen:
        right = chance.choice((0.5, 0.6))
        return (reading(said, READ_OUT, right), reading(wrong, READ_OUT, 1 - right)), False
    return (reading(wrong, READ_OUT),), True


def misread(chance: random.Random, place: Place) -> Place:
    """The same degrees with the two digits of the minutes swapped, or one of them heard as another."""
    which = chance.randrange(2)
    degrees, minutes = divmod(round(place[which] * 600), 600)
    tens, rest = divmod(minutes, 100)
    ones, tenths = divmod(rest, 10)
    if ones <= 5 and ones != tens:
        tens, ones = ones, tens
    else:
        tens = (tens + chance.choice((1, 5))) % 6
    wrong = degrees + (100 * tens + 10 * ones + tenths) / 600
    return (wrong, place[1]) if which == 0 else (place[0], wrong)


def cell_sector(chance: random.Random, place: Place) -> tuple[Reading, ...]:
    """The part of a ring around the nearest mast that holds the place: a sector of 50 degrees."""
    mast = min(MASTS, key=lambda m: float(distance(*m, *place)))
    away, towards = float(distance(*mast, *place)), float(bearing(*mast, *place))
    middle = towards + chance.uniform(-20, 20)
    corners = []
    for part, angle in ((0.6, -25), (0.6, 25), (1.6, 25), (1.6, -25)):
        lat, lon = destination(*mast, *components(away * part, middle + angle))
        corners.append(Position(lat=round(float(lat), 5), lon=round(float(lon), 5)))
    return (Reading(place=Area(corners=tuple(corners))),)


def radar_plot(chance: random.Random, place: Place, most: Metres) -> tuple[Reading, ...]:
    """A range and bearing from the nearest station; none beyond its range."""
    station = min(STATIONS, key=lambda s: float(distance(*s, *place)))
    away = float(distance(*station, *place)) + chance.gauss(0, RADAR_RANGE_STD)
    towards = float(bearing(*station, *place)) + chance.gauss(0, RADAR_BEARING_STD)
    if not 1000.0 < away < most:
        return ()
    origin = Position(lat=station[0], lon=station[1])
    seen = RangeBearing(
        origin=origin,
        range=round(away),
        range_std=RADAR_RANGE_STD,
        bearing=round(towards % 360, 2),
        bearing_std=RADAR_BEARING_STD,
    )
    return (Reading(place=seen),)


def transcribed(chance: random.Random, where: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """A position as the next service writes it down: often the same, else in tenths of minutes with that error."""
    if not where or chance.random() < 0.5 or not all(isinstance(r.place, Fix) for r in where):
        return where
    copies = []
    for r in where:
        at = r.place.position
        rounded = round(at.lat * 600) / 600, round(at.lon * 600) / 600
        copies.append(reading(rounded, math.hypot(r.place.within, READ_OUT), r.probability))
    return tuple(copies)
