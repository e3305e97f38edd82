"""Whole nights with their truth, drawn from a recipe and a seed: `generate_night(STRAIT, seed=1)`.

The same recipe and seed give the same night, report for report. Reports are `cordiale.belief.report.Report` values as
a centre would hold them; what was really so stands in `Night.truth`, which only tests and benches may read. How to
write one's own recipe, and where every number comes from: docs/generated-nights.md.
"""

import hashlib
import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cordiale.belief.report import Description, Mark, Report
from cordiale.earth.geodesy import destination
from cordiale.earth.instants import Span
from cordiale.earth.units import Degrees, Instant, Metres, MetresPerSecond, hours
from cordiale.record.closing import Identity
from cordiale.sea.environment import Environment, the_strait
from cordiale.sea.wind import ConstantWind
from tests.worlds.generate_ais import ais_plots
from tests.worlds.generate_craft import Craft, Ended, crafts
from tests.worlds.generate_places import STATIONS, fix, radar_plot
from tests.worlds.generate_recipe import ELSEWHERE, STRAIT, Recipe, sized
from tests.worlds.generate_told import FRANCE, UK, Draft, Voice, contacts, endings, passed_on, poisson, watched
from tests.worlds.generate_way import STEP, Voyage, plan_launches, sail

EVIDENCE = ("ring_test", "hull_mark", "survivors_word", "photograph")
MADE = Mark(kind="SYNTHETIC", source="tests/worlds/generate.py", synthetic_parts=("all",))


@dataclass(frozen=True, kw_only=True)
class TrueBoat:
    """One boat as it really was.

    `track` holds (instant, lat, lon, phase) every five minutes while she was afloat or her people in the water; `ended`
    how many people left her, when and how; `left` how many ended nowhere. `fate` is how it ended for the last of them:
    recovered, landed, returned, lost (in the water or swamped), at_sea when the night was over.
    """

    name: str
    group: int
    taxi: bool
    track: tuple[tuple[Instant, Degrees, Degrees, str], ...]
    aboard: int
    ended: tuple[Ended, ...]
    left: int
    fate: str
    colour: str
    length: Metres
    phones: frozenset[str]
    craft: Craft = field(repr=False, compare=False)

    def at(self, moment: Instant) -> tuple[Degrees, Degrees]:
        """Where she was: latitude and longitude."""
        return self.craft.way.at(moment)

    def persons(self, moment: Instant) -> int:
        """How many were aboard."""
        return self.craft.persons(moment)


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What was really so.

    `about` gives for every report the boats it is about: one as a rule, none for clutter and orders, two where a ship
    saw two. `moment` is when what it tells of was so, `misread` the reports whose every position is wrong, `passes_on`
    what each relay repeats, also where nobody wrote it down. `identity` is the evidence that was really found, by the
    name of the recovery it is about. `closings` are the true closings: boat and all her endings.
    """

    boats: Mapping[str, TrueBoat]
    about: Mapping[str, tuple[str, ...]]
    moment: Mapping[str, Instant]
    misread: frozenset[str]
    passes_on: Mapping[str, str]
    identity: Mapping[str, tuple[Identity, ...]]

    def afloat(self, moment: Instant) -> tuple[str, ...]:
        """The boats at sea at an instant with people aboard or in the water beside them."""
        return tuple(
            name
            for name, boat in self.boats.items()
            if boat.track[0][0] <= moment <= boat.craft.last
            and boat.craft.way.phase_at(moment) != "beached"
            and boat.persons(moment)
        )

    def boat_of(self) -> dict[str, str]:
        """For scoring: the boat of each report about one boat; a report of no boat is alone in a group of its own."""
        return {n: boats[0] if boats else f"none/{n}" for n, boats in self.about.items() if len(boats) < 2}


@dataclass(frozen=True, kw_only=True)
class Night:
    """The reports in order of receipt, and what was so. `wind` is what the engine is told of it."""

    recipe: Recipe
    seed: int
    begins: Instant
    reports: tuple[Report, ...]
    truth: Truth
    wind: ConstantWind
    lost: str | None = None  # of a look-alike night: the boat that nobody reached
    near: tuple[str, ...] = ()  # and those recovered near her

    @property
    def about_boats(self) -> tuple[Report, ...]:
        """The reports that the association has to place."""
        return tuple(r for r in self.reports if r.is_about_a_boat)

    @property
    def until(self) -> Instant:
        """When the last report had come in."""
        return max((r.received for r in self.reports), default=self.begins)

    def sea(self) -> Environment:
        """The sea as the engine may know it: the packaged tide and coast, and the wind as forecast."""
        return the_strait(self.wind)


def generate_night(recipe: Recipe = STRAIT, seed: int = 1) -> Night:
    """One night: boats launched, sailed, told of and ended as the recipe says."""
    chance = random.Random(f"{recipe.name}/{seed}")
    begins = recipe.first_day + chance.randrange(recipe.days) * 24 * hours + recipe.begins
    weather = Weather.drawn(recipe, chance, begins)
    voyages = plan_launches(recipe, chance, begins)
    ways = sail(recipe, voyages, begins, weather.wind, weather.stream_error)
    return tell(recipe, seed, begins, weather, crafts(recipe, voyages, ways, chance), chance)


@dataclass(frozen=True)
class Weather:
    """The true wind, and by what the true stream differs from the packaged one: both the same all over the sea."""

    wind: Callable[[Instant], tuple[MetresPerSecond, MetresPerSecond]]
    stream_error: Callable[[Instant], tuple[MetresPerSecond, MetresPerSecond]]
    forecast: ConstantWind

    @classmethod
    def drawn(cls, recipe: Recipe, chance: random.Random, begins: Instant) -> "Weather":
        """A wind that turns slowly, and errors of the stream as an Ornstein-Uhlenbeck process."""
        speed, towards = chance.uniform(*recipe.wind), chance.uniform(0, 2 * math.pi)
        turn = chance.gauss(0, 0.5) / (10 * hours)
        middle = towards + turn * recipe.lasts / 2
        steps = int(recipe.lasts / STEP) + 2
        keeps = math.exp(-STEP / recipe.stream_error_time)
        east = north = 0.0
        errors = []
        for k in range(steps):
            spread = recipe.stream_error * (math.sqrt(1 - keeps**2) if k else 1.0)
            east, north = keeps * east + chance.gauss(0, spread), keeps * north + chance.gauss(0, spread)
            errors.append((east, north))

        def wind(at: Instant) -> tuple[float, float]:
            angle = towards + turn * (at - begins)
            return speed * math.sin(angle), speed * math.cos(angle)

        def stream_error(at: Instant) -> tuple[float, float]:
            return errors[min(int((at - begins) / STEP), steps - 1)]

        forecast = ConstantWind(
            eastward=speed * math.sin(middle) + chance.gauss(0, recipe.wind_error),
            northward=speed * math.cos(middle) + chance.gauss(0, recipe.wind_error),
            source="forecast of a generated night",
        )
        return cls(wind, stream_error, forecast)


def tell(
    recipe: Recipe, seed: int, begins: Instant, weather: Weather, made: list[Craft], chance: random.Random
) -> Night:
    """The night that such boats leave in the books of the centres."""
    drafts: list[Draft] = []
    for craft in made:
        voice = Voice(recipe, craft, random.Random(chance.getrandbits(64)))
        told = contacts(voice)
        drafts += [*told, *passed_on(voice, told), *watched(voice), *endings(voice)]
    drafts += [*_of_no_boat(recipe, begins, chance), *_pairs(recipe, made, chance), *_orders(drafts, chance)]
    _cut(recipe, drafts, chance)
    for draft in drafts:
        if draft.centre == FRANCE and chance.random() < recipe.late:
            draft.received += chance.uniform(*recipe.late_by)
    drafts += ais_plots(recipe, seed, begins, made)
    return _written(recipe, seed, begins, weather, made, drafts, chance)


def _cut(recipe: Recipe, drafts: list[Draft], chance: random.Random) -> None:
    """Too many reports: contacts and plots at random are left out, with all that passes them on; endings stay."""
    while len(drafts) > recipe.reports_most:
        plain = [d for d in drafts if d.kind in {"distress_call", "position_pin", "radar_plot", "sighting", "relay"}]
        gone = set(chance.sample(plain, min(len(drafts) - recipe.reports_most, len(plain))))
        while more := {d for d in drafts if d.passes_on in gone} - gone:
            gone |= more
        drafts[:] = [d for d in drafts if d not in gone]


def _of_no_boat(recipe: Recipe, begins: Instant, chance: random.Random) -> list[Draft]:
    """Radar clutter, and sightings of what is no small boat: fishing boats, buoys, other people's craft."""
    told: list[Draft] = []
    for _ in range(poisson(chance, recipe.clutter)):
        moment = begins + chance.uniform(0, 0.8) * recipe.lasts
        lat, lon = (float(x) for x in _somewhere(chance))
        where = radar_plot(chance, (lat, lon), math.inf)
        told.append(
            Draft("radar_plot", moment, (moment, moment), moment + 20, "radar", UK, (), where, summary="An echo.")
        )
    for _ in range(poisson(chance, recipe.other_craft)):
        moment = begins + chance.uniform(0.1, 0.8) * recipe.lasts
        where = fix(recipe, chance, _somewhere(chance), 800.0)
        told.append(
            Draft(
                "sighting",
                moment,
                (moment, moment),
                moment + chance.uniform(60, 900),
                "vhf",
                UK,
                (),
                where,
                boat=Description(engine="running"),
                asset="passing ship",
                summary="A ship reports a small craft.",
            )
        )
    return told


def _somewhere(chance: random.Random) -> tuple[float, float]:
    """A place in the strait, within reach of a radar."""
    station = chance.choice(STATIONS)
    away, towards = 1000 + 24_000 * math.sqrt(chance.random()), chance.uniform(0, 2 * math.pi)
    lat, lon = destination(*station, away * math.sin(towards), away * math.cos(towards))
    return float(lat), float(lon)


def _pairs(recipe: Recipe, made: list[Craft], chance: random.Random) -> list[Draft]:
    """Ships that see two boats together and report them as one line."""
    told: list[Draft] = []
    for craft in chance.sample(made, len(made)):
        if len(told) >= recipe.pairs:
            break
        moment = chance.uniform(craft.way.start, craft.last)
        here = craft.way.at(moment)
        for other in made:
            there = other.way.at(moment)
            near = abs(there[0] - here[0]) < 0.015 and abs(there[1] - here[1]) < 0.024
            if other is not craft and near and other.way.start < moment < other.last:
                middle = (here[0] + there[0]) / 2, (here[1] + there[1]) / 2
                where = fix(recipe, chance, middle, 1500.0)
                told.append(
                    Draft(
                        "sighting",
                        moment,
                        (moment, moment),
                        moment + chance.uniform(60, 900),
                        "vhf",
                        FRANCE,
                        (craft.name, other.name),
                        where,
                        asset="passing ship",
                        summary="A ship reports two boats.",
                    )
                )
                break
    return told


def _orders(drafts: list[Draft], chance: random.Random) -> list[Draft]:
    """A task before every third recovery: history, and evidence of nothing."""
    told = []
    for draft in drafts:
        if draft.kind == "recovery" and chance.random() < 0.3:
            at = draft.moment - chance.uniform(0.3, 1.2) * hours
            told.append(Draft("task", at, (at, at), at, "log", UK, (), asset=draft.asset, summary="Ordered to a boat."))
    return told


def _written(
    recipe: Recipe, seed: int, begins: Instant, weather: Weather, made: list[Craft], drafts: list[Draft],
    chance: random.Random,
) -> Night:  # fmt: skip
    """Names in order of receipt, hashes for phones, and the truth beside them."""
    order = sorted(range(len(drafts)), key=lambda k: (round(drafts[k].received), k))
    names = {id(drafts[k]): f"r-{number:04d}" for number, k in enumerate(order, start=1)}
    reports = tuple(_report(drafts[k], names, f"{recipe.name}/{seed}") for k in order)
    about = {names[id(d)]: d.about for d in drafts}
    identity = {
        names[id(d)]: (Identity(kind=chance.choice(EVIDENCE), report=names[id(d)]),)
        for d in drafts
        if d.kind == "recovery" and chance.random() < recipe.identity
    }
    truth = Truth(
        boats={c.name: _true_boat(c, f"{recipe.name}/{seed}") for c in made},
        about=dict(sorted(about.items())),
        moment={names[id(d)]: d.moment for d in drafts},
        misread=frozenset(names[id(d)] for d in drafts if d.misread),
        passes_on={names[id(d)]: names[id(d.passes_on)] for d in drafts if d.passes_on is not None},
        identity=identity,
    )
    return Night(recipe=recipe, seed=seed, begins=begins, reports=reports, truth=truth, wind=weather.forecast)


def _report(draft: Draft, names: Mapping[int, str], salt: str) -> Report:
    """The draft as the centre holds it, to whole seconds."""
    first, last = round(draft.event[0]), round(draft.event[1])
    return Report(
        name=names[id(draft)], kind=draft.kind, received=float(round(draft.received)),
        event=Span(earliest=float(first), latest=float(max(first, last))), channel=draft.channel, centre=draft.centre,
        where=draft.where, persons=draft.persons, boat=draft.boat, caller=_hashed(draft.phone, salt),
        relay_of=names[id(draft.relay_of)] if draft.relay_of is not None else None, relays=draft.relays,
        asset=draft.asset, summary=draft.summary, mark=MADE,
    )  # fmt: skip


def _hashed(phone: str | None, salt: str) -> str | None:
    return None if phone is None else hashlib.sha256(f"{salt}/{phone}".encode()).hexdigest()


def _true_boat(craft: Craft, salt: str) -> TrueBoat:
    way = craft.way
    track = tuple((way.start + STEP * k, way.lat[k], way.lon[k], way.phase[k]) for k in range(len(way.lat)))
    return TrueBoat(
        name=craft.name, group=craft.group, taxi=craft.taxi, track=track, aboard=craft.aboard,
        ended=tuple(craft.ended), left=craft.left, fate=craft.fate, colour=craft.colour, length=craft.length,
        phones=frozenset(h for p in craft.phones if (h := _hashed(p, salt))), craft=craft,
    )  # fmt: skip


__all__ = ["ELSEWHERE", "STRAIT", "Night", "Recipe", "TrueBoat", "Truth", "Voyage", "generate_night", "sized"]
