"""Nights after the pattern of 24 November 2021: the contacts of one boat stop; three others of about as many people
are recovered near the place within two hours, and nobody reaches the first. `look_alike_night(seed)`.
"""

import math
import random
from dataclasses import dataclass, replace
from typing import Final

from cordiale.earth.geodesy import distance
from cordiale.earth.units import NM, Fraction, Instant, Metres, Seconds, hours, minutes
from tests.worlds.generate import Night, Weather, tell
from tests.worlds.generate_craft import Craft, Ended, craft_of, crafts, pass_phones_on
from tests.worlds.generate_recipe import STRAIT, Recipe, sized
from tests.worlds.generate_way import STEP, Way, plan_launches, sail

OTHERS: Final = 14
NEAR: Final[Metres] = 6 * NM
RECOVERED: Final[tuple[Seconds, ...]] = (0.5 * hours, 1.2 * hours, 1.8 * hours)  # after the last contact
SIMILAR: Final = 4  # persons more or less


@dataclass(frozen=True, slots=True)
class Stage:
    """A night with its sea, before anybody sails."""

    recipe: Recipe
    begins: Instant
    weather: Weather
    chance: random.Random

    def ways(self, recipe: Recipe) -> list[tuple[int, Way]]:
        """Group and way of as many boats as the recipe says."""
        voyages = plan_launches(recipe, self.chance, self.begins)
        ways = sail(recipe, voyages, self.begins, self.weather.wind, self.weather.stream_error)
        return [(v.group, w) for v, w in zip(voyages, ways, strict=True) if len(w.lat) > 3]


def look_alike_night(seed: int, recipe: Recipe = STRAIT, others: int = OTHERS, talks: Fraction = 2.6) -> Night:
    """A night in which `Night.lost` is not recovered and the three of `Night.near` are.

    `talks` is how often the lost boat calls against the mean of the recipe: 18 calls and 6 positions that night.
    """
    for attempt in range(20):
        chance = random.Random(f"look alike {recipe.name}/{seed}/{attempt}")
        begins = recipe.first_day + chance.randrange(recipe.days) * 24 * hours + recipe.begins
        stage = Stage(recipe, begins, Weather.drawn(recipe, chance, begins), chance)
        lost = _lost(stage)
        three = _three(stage, lost) if lost else []
        if lost and len(three) == len(RECOVERED):
            return _night(stage, seed, others, lost, three, talks)
    raise ValueError(f"no look-alike night found for seed {seed} and recipe {recipe.name}")


def _lost(stage: Stage) -> Way | None:
    """A way that ends in the water more than 5 km off, long before the night is over."""
    sinking = replace(
        stage.recipe, boats=24, taxi=0.0, turn_back=0.0, launch=(1 * hours, 4 * hours), engine_mean=4 * hours,
        restart_mean=1000 * hours, swamp_mean=1 * hours, water_mean=1.2 * hours,
    )  # fmt: skip
    for _, way in stage.ways(sinking):
        water = way.first("in_the_water")
        if water is None or not stage.begins + 6 * hours < water < stage.begins + 11 * hours:
            continue
        if water - way.start > 3 * hours and "beached" not in way.phase:
            return way
    return None


def _three(stage: Stage, lost: Way) -> list[Way]:
    """Three ways that are near where she was last heard at the times of the recoveries, cut there."""
    last = _last_contact(lost)
    place = lost.at(last)
    many = replace(stage.recipe, boats=160, turn_back=0.0, swamp_mean=1000 * hours, together=1.0)
    found: list[Way] = []
    ways = [way for _, way in stage.ways(many)]
    for after in RECOVERED:
        moment = last + after
        for way in ways:
            afloat = way.start + 1.5 * hours < moment < way.end and way.phase_at(moment) in {"under_way", "adrift"}
            if afloat and float(distance(*way.at(moment), *place)) < NEAR and all(way.start != f.start for f in found):
                found.append(way.cut(moment))
                break
    return found


def _last_contact(lost: Way) -> Instant:
    return (lost.first("in_the_water") or math.inf) + 10 * minutes


def _night(stage: Stage, seed: int, others: int, lost: Way, three: list[Way], talks: Fraction) -> Night:
    chance, recipe = stage.chance, stage.recipe
    sized_recipe = sized(recipe, boats=others)
    voyages = plan_launches(sized_recipe, chance, stage.begins)
    ways = sail(sized_recipe, voyages, stage.begins, stage.weather.wind, stage.weather.stream_error)
    made = crafts(sized_recipe, voyages, ways, chance)
    gone = craft_of(recipe, "lost", -1, lost, chance)
    gone.fate, gone.mute, gone.talks = "lost", False, talks
    near = [_recovered(stage, f"near-{k + 1}", way, gone.aboard) for k, way in enumerate(three)]
    pass_phones_on(recipe, [gone, *near], chance)
    night = tell(sized_recipe, seed, stage.begins, stage.weather, [*made, gone, *near], chance)
    return replace(night, lost=gone.name, near=tuple(c.name for c in near))


def _recovered(stage: Stage, name: str, way: Way, like: int) -> Craft:
    craft = craft_of(stage.recipe, name, -1, way, stage.chance)
    craft.mute, craft.taxi = False, False
    craft.aboard = max(like + stage.chance.randint(-SIMILAR, SIMILAR), 5)
    end = way.start + STEP * (len(way.lat) - 2)
    craft.ended.append(Ended(kind="recovery", at=end, persons=craft.aboard))
    craft.fate = "recovered"
    return craft
