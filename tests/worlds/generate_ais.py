"""AIS in a generated night: other craft that send it and are passed on as unknown, and the few small boats that do.

Off unless a recipe asks for it, and drawn from a chance of its own, so that a recipe without it keeps its nights.
"""

import math
import random

from cordiale.earth.geodesy import destination
from cordiale.earth.units import Instant, Metres, MetresPerSecond, Seconds, knots, minutes
from tests.worlds.generate_craft import Craft
from tests.worlds.generate_places import STATIONS, fix
from tests.worlds.generate_recipe import Recipe
from tests.worlds.generate_told import UK, Draft, poisson

WITHIN: Metres = 50.0
SPEED: tuple[MetresPerSecond, MetresPerSecond] = (2 * knots, 9 * knots)  # fishing boats and yachts: judgement
EVERY: tuple[Seconds, Seconds] = (8 * minutes, 40 * minutes)  # that somebody passes a plot on: judgement


def ais_plots(recipe: Recipe, seed: int, begins: Instant, made: list[Craft]) -> list[Draft]:
    """The AIS plots of a night: of other craft, each on a straight way, and of the small boats that carry it."""
    if not (recipe.ais_craft or recipe.ais_carried):
        return []
    chance = random.Random(f"ais/{recipe.name}/{seed}")
    told: list[Draft] = []
    for number in range(poisson(chance, recipe.ais_craft)):
        station = chance.choice(STATIONS)
        away, towards = 1000 + 24_000 * math.sqrt(chance.random()), chance.uniform(0, 2 * math.pi)
        start = destination(*station, away * math.sin(towards), away * math.cos(towards))
        speed, course = chance.uniform(*SPEED), chance.uniform(0, 2 * math.pi)
        first = moment = begins + chance.uniform(0.1, 0.7) * recipe.lasts
        for _ in range(1 + poisson(chance, recipe.ais_each - 1)):
            gone = speed * (moment - first)
            lat, lon = destination(*start, gone * math.sin(course), gone * math.cos(course))
            told.append(_plot(recipe, chance, moment, (float(lat), float(lon)), f"ais {number}", ()))
            moment += chance.uniform(*EVERY)
    for craft in made:
        if chance.random() >= recipe.ais_carried:
            continue
        moment = craft.way.start + chance.uniform(*EVERY)
        for _ in range(1 + poisson(chance, recipe.ais_each - 1)):
            if moment < craft.floats_until:
                told.append(_plot(recipe, chance, moment, craft.way.at(moment), f"ais {craft.name}", (craft.name,)))
            moment += chance.uniform(*EVERY)
    return told


def _plot(
    recipe: Recipe, chance: random.Random, moment: Instant, place: tuple[float, float], identity: str,
    about: tuple[str, ...],
) -> Draft:  # fmt: skip
    where = fix(recipe, chance, place, WITHIN)
    received = moment + chance.uniform(10, 200)
    return Draft(
        "ais_plot", moment, (moment, moment), received, "ais", UK, about, where, phone=identity,
        summary="An AIS plot of an unknown craft.",
    )  # fmt: skip
