"""The boats of a generated night with their people: who is aboard when, who comes, who is taken off, who lands.

People are conserved: everybody who boarded has ended somewhere (taken off, landed, returned) or is left.
"""

import math
import random
from dataclasses import dataclass, field
from typing import Final, Literal

from cordiale.earth.units import Fraction, Instant, Metres, hours, minutes
from tests.worlds.generate_recipe import Recipe
from tests.worlds.generate_way import AFLOAT, STEP, Voyage, Way, crossed

Fate = Literal["recovered", "landed", "returned", "lost", "at_sea"]
SURVIVES: Final = 6 * hours  # judgement: mean time in the water of those whom nobody reaches


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """People who are no longer aboard: so many, when, and how."""

    kind: Literal["recovery", "landing", "return"]
    at: Instant
    persons: int


@dataclass(slots=True)
class Craft:
    """One boat of the truth. `aboard` are all who ever boarded, `left` those who ended nowhere."""

    name: str
    group: int
    taxi: bool
    way: Way
    aboard: int
    crew: int
    colour: str
    length: Metres
    phones: list[str]
    mute: bool
    ended: list[Ended] = field(default_factory=list)
    escort: tuple[Instant, Instant] | None = None
    fate: Fate = "at_sea"
    talks: Fraction = 1.0  # how many contacts she leaves against the recipe's mean

    @property
    def left(self) -> int:
        """People who ended nowhere."""
        return self.aboard - sum(e.persons for e in self.ended)

    def persons(self, moment: Instant) -> int:
        """People aboard, or in the water beside her, at an instant."""
        if self.taxi and self.way.phase_at(moment) in {"coasting", "loading"}:
            return self.crew
        return self.aboard - sum(e.persons for e in self.ended if e.at < moment)

    @property
    def last(self) -> Instant:
        """The last instant at which she was afloat with anybody of hers."""
        for k in range(len(self.way.phase) - 1, -1, -1):
            if self.way.phase[k] in AFLOAT:
                return min(self.way.start + STEP * k, self.way.end)
        return self.way.end

    @property
    def floats_until(self) -> Instant:
        """The last instant at which there was a boat to see."""
        return min(self.last, self.way.first("in_the_water") or self.last)


def crafts(recipe: Recipe, voyages: list[Voyage], ways: list[Way], chance: random.Random) -> list[Craft]:
    """Boats with people for ways that were sailed; those that never left are none."""
    made: list[Craft] = []
    for voyage, way in zip(voyages, ways, strict=True):
        if len(way.lat) < 3:
            continue
        own = random.Random(chance.getrandbits(64))
        made.append(craft_of(recipe, f"boat-{len(made) + 1:02d}", voyage.group, way, own))
        live(recipe, made[-1], own)
    pass_phones_on(recipe, made, chance)
    return made


def craft_of(recipe: Recipe, name: str, group: int, way: Way, chance: random.Random) -> Craft:
    """A boat on a way, with her people and phones; nobody has left her yet."""
    drawn = round(chance.gauss(*recipe.persons))
    names, shares = zip(*recipe.colours, strict=True)
    return Craft(
        name=name, group=group, taxi=way.phase[0] == "coasting", way=way,
        aboard=min(max(drawn, recipe.persons_within[0]), recipe.persons_within[1]),
        crew=chance.randint(*recipe.taxi_crew), colour=chance.choices(names, shares)[0],
        length=round(max(chance.gauss(*recipe.length), 4.0), 1),
        phones=[f"{name}/{k}" for k in range(chance.randint(*recipe.phones))], mute=chance.random() < recipe.mute,
    )  # fmt: skip


def pass_phones_on(recipe: Recipe, made: list[Craft], chance: random.Random) -> None:
    """Some phones are heard on one boat more: handed over, or ashore and speaking for both."""
    before = [list(c.phones) for c in made]
    for craft, phones in zip(made, before, strict=True):
        for phone in phones:
            if len(made) > 1 and chance.random() < recipe.passed_on:
                chance.choice([c for c in made if c is not craft]).phones.append(phone)


def live(recipe: Recipe, craft: Craft, chance: random.Random) -> None:
    """Who comes, who lands, who goes back: people leave the boat until nobody is left, or the night is over."""
    way = craft.way
    if "under_way" not in way.phase:  # the people never came: the crew is all there is
        craft.aboard = craft.crew if craft.taxi else craft.aboard
    _put_back(craft, chance)
    moment = None if chance.random() < recipe.unattended else _attended(recipe, way, chance)
    if moment is not None and chance.random() < recipe.partial and craft.persons(moment) >= 4:
        some = max(1, round(craft.persons(moment) * chance.uniform(0.3, 0.7)))
        craft.ended.append(Ended(kind="recovery", at=moment, persons=some))
        moment += chance.uniform(0.7, 2.5) * hours
        if moment > _afloat_until(way):
            moment = None
    if moment is not None:
        _take_off(craft, moment, chance)
    else:
        _ends_by_itself(craft)
    if chance.random() < recipe.escort:
        begin = way.start + chance.uniform(0.3, 1.5) * hours
        end = min(begin + chance.uniform(*recipe.escort_lasts), way.first("swamped") or craft.last, craft.last)
        craft.escort = (begin, end) if end > begin else None


def _afloat_until(way: Way) -> Instant:
    """When she came ashore for good, or the end of the night."""
    k = len(way.phase)
    while k > 0 and way.phase[k - 1] == "beached":
        k -= 1
    return way.start + STEP * (k - 1) if k < len(way.phase) else way.end


def _attended(recipe: Recipe, way: Way, chance: random.Random) -> Instant | None:
    """When a craft comes, if one does before she lands."""
    times = []
    k = next((k for k, p in enumerate(way.phase) if p == "under_way" and crossed(way.lat[k], way.lon[k])), None)
    if k is not None:
        times.append(way.start + STEP * k + 15 * minutes + chance.expovariate(1 / recipe.attended_across))
    adrift = way.first("adrift")
    if adrift is not None:
        times.append(adrift + 20 * minutes + chance.expovariate(1 / recipe.attended_adrift))
    times = [t for t in times if t < _afloat_until(way) - STEP]
    return min(times) if times else None


def _put_back(craft: Craft, chance: random.Random) -> None:
    """Of a boat that was beached and left again some people stay ashore."""
    way = craft.way
    for k in range(1, len(way.phase)):
        if way.phase[k - 1] == "beached" and way.phase[k] == "under_way":
            at = way.start + STEP * k
            stay = int(craft.persons(at) * chance.uniform(0.0, 0.3))
            if stay:
                craft.ended.append(Ended(kind="return", at=at, persons=stay))


def _take_off(craft: Craft, moment: Instant, chance: random.Random) -> None:
    """All aboard are taken off; of people in the water those who still live."""
    craft.ended = [e for e in craft.ended if e.at < moment]
    people = craft.persons(moment)
    water = craft.way.first("in_the_water")
    if water is not None and water < moment:
        alive = math.exp(-(moment - water) / SURVIVES)
        people = sum(chance.random() < alive for _ in range(people))
    if people:
        craft.ended.append(Ended(kind="recovery", at=moment, persons=people))
        craft.fate = "recovered"
    else:
        craft.fate = "lost"
    craft.way = craft.way.cut(moment)


def _ends_by_itself(craft: Craft) -> None:
    way = craft.way
    if way.phase[-1] == "beached":
        until = _afloat_until(way) + STEP
        craft.ended = [e for e in craft.ended if e.at < until]
        landed = crossed(way.lat[-1], way.lon[-1])
        people = craft.persons(until)
        if people and "in_the_water" not in way.phase:
            craft.ended.append(Ended(kind="landing" if landed else "return", at=until, persons=people))
            craft.fate = "landed" if landed else "returned"
        else:
            craft.fate = "lost"
        craft.way = way.cut(until)
    else:
        craft.fate = "lost" if way.phase[-1] in {"swamped", "in_the_water"} else "at_sea"
