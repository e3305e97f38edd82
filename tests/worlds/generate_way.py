"""Where the boats of a generated night really go: launched in groups, along the coast or straight out, under way,
stopped, restarted, swamped, put back, relaunched; carried by the packaged tide, changed as the recipe says, and by the
wind.

Nothing of the engine's drift is used: it is moved here by plain steps of five minutes, so that a fault of the one is
not a fault of the other.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

import numpy as np

from cordiale.earth.geodesy import bearing, components, destination, distance
from cordiale.earth.units import Fraction, Instant, Metres, MetresPerSecond, Seconds, hours, minutes
from cordiale.sea.environment import Environment, the_strait
from cordiale.sea.tide import Window
from tests.worlds.generate_recipe import BEACHES, SHORE, Recipe

STEP: Final[Seconds] = 5 * minutes
ASHORE: Final[Metres] = 300.0
WATERS: Final = Window(south=50.2, north=51.5, west=0.7, east=2.8)
PHASES: Final = ("coasting", "loading", "under_way", "adrift", "swamped", "in_the_water", "beached", "ended")
AFLOAT: Final = frozenset({"coasting", "loading", "under_way", "adrift", "swamped", "in_the_water"})


@cache
def packaged_sea() -> Environment:
    """The packaged strait, read once."""
    return the_strait()


@dataclass(slots=True)
class Way:
    """Where one boat really was: places and phases every five minutes from `start` on."""

    start: Instant
    lat: list[float] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    phase: list[str] = field(default_factory=list)

    @property
    def end(self) -> Instant:
        """The last instant that is known."""
        return self.start + STEP * (len(self.lat) - 1)

    def at(self, moment: Instant) -> tuple[float, float]:
        """Latitude and longitude at an instant, by straight lines; beyond the ends, the ends."""
        x = min(max((moment - self.start) / STEP, 0.0), len(self.lat) - 1.0)
        i = min(int(x), max(len(self.lat) - 2, 0))
        j, part = min(i + 1, len(self.lat) - 1), x - i
        return (
            self.lat[i] + part * (self.lat[j] - self.lat[i]),
            self.lon[i] + part * (self.lon[j] - self.lon[i]),
        )

    def phase_at(self, moment: Instant) -> str:
        """What she was doing at an instant."""
        return self.phase[min(max(int((moment - self.start) / STEP), 0), len(self.phase) - 1)]

    def first(self, *phases: str) -> Instant | None:
        """When she was first in one of these phases."""
        found = next((k for k, p in enumerate(self.phase) if p in phases), None)
        return None if found is None else self.start + STEP * found

    def cut(self, end: Instant) -> "Way":
        """The same as far as an instant."""
        kept = max(int((end - self.start) / STEP) + 2, 2)
        return Way(self.start, self.lat[:kept], self.lon[:kept], self.phase[:kept])


@dataclass(slots=True)
class Voyage:
    """What is drawn of one boat before she leaves, and where she is while she sails."""

    chance: random.Random
    group: int
    depart: Instant
    lat: float
    lon: float
    route: list[tuple[float, float]]
    speed: MetresPerSecond
    coasting_speed: MetresPerSecond
    aim: tuple[float, float]
    off_course: float
    leeway: Fraction
    own: tuple[float, float]
    fails_after: Seconds
    turns_after: Seconds
    relaunches_after: Seconds
    loads: Seconds
    phase: str = "waiting"
    since: Instant = 0.0
    helm: float = 0.0
    left: Instant = 0.0
    changes: Instant = math.inf
    back: bool = False
    way: Way = field(default_factory=lambda: Way(0.0))


def plan_launches(recipe: Recipe, chance: random.Random, begins: Instant) -> list[Voyage]:
    """The boats of a night in groups that leave together; a group is all taxi boats or none."""
    voyages: list[Voyage] = []
    group = 0
    while len(voyages) < recipe.boats:
        size = 1
        while chance.random() > 1 / recipe.together:
            size += 1
        when = begins + chance.uniform(*recipe.launch)
        beach = chance.randrange(len(BEACHES))
        taxi = chance.random() < recipe.taxi
        route = _route(recipe, chance, beach) if taxi else []
        for _ in range(min(size, recipe.boats - len(voyages))):
            voyages.append(_voyage(recipe, chance, group, when, BEACHES[beach], route))
        group += 1
    return voyages


def _route(recipe: Recipe, chance: random.Random, beach: int) -> list[tuple[float, float]]:
    """Beaches passed along the coast until the leg is run, in one of the two directions."""
    leg, run = chance.choice(recipe.taxi_legs), 0.0
    step = chance.choice((-1, 1))
    if not 0 <= beach + step < len(BEACHES):
        step = -step
    route: list[tuple[float, float]] = []
    here = beach
    while run < leg and 0 <= here + step < len(BEACHES):
        run += float(distance(*BEACHES[here], *BEACHES[here + step]))
        here += step
        route.append(BEACHES[here])
    return route


def _voyage(
    recipe: Recipe, chance: random.Random, group: int, when: Instant, beach: tuple[float, float], route: list
) -> Voyage:
    spread = chance.gauss(0, recipe.together_place), chance.gauss(0, recipe.together_place)
    lat, lon = (float(x) for x in destination(*beach, *spread))
    if float(packaged_sea().coast.distance(np.array([lat]), np.array([lon]))[0]) < ASHORE:
        lat, lon = beach
    speed = recipe.speed_median * math.exp(recipe.speed_spread * chance.gauss(0, 1))
    share = chance.random()
    turns = chance.uniform(0.3, 2.0) * hours if chance.random() < recipe.turn_back else math.inf
    return Voyage(
        chance=random.Random(chance.getrandbits(64)), group=group, depart=when + chance.gauss(0, recipe.together_time),
        lat=lat, lon=lon, route=list(route), speed=min(max(speed, recipe.speed[0]), recipe.speed[1]),
        coasting_speed=recipe.taxi_speed * chance.uniform(0.8, 1.2),
        aim=(SHORE[0][0] + share * (SHORE[1][0] - SHORE[0][0]), SHORE[0][1] + share * (SHORE[1][1] - SHORE[0][1])),
        off_course=chance.gauss(0, recipe.heading_std), leeway=max(chance.gauss(*recipe.leeway), 0.0),
        own=(chance.gauss(0, recipe.stream_error_own), chance.gauss(0, recipe.stream_error_own)),
        fails_after=chance.expovariate(1 / recipe.engine_mean), turns_after=turns,
        relaunches_after=chance.uniform(*recipe.relaunch_after) if chance.random() < recipe.relaunch else math.inf,
        loads=chance.uniform(*recipe.loading),
    )  # fmt: skip


def sail(recipe: Recipe, voyages: list[Voyage], begins: Instant, wind: Callable, error: Callable) -> list[Way]:
    """Move all boats to the end of the night; `wind` and `error` of the stream give (east, north) at an instant."""
    sea = packaged_sea()
    stream = _Stream(recipe, begins)
    for k in range(int(recipe.lasts / STEP) + 1):
        at = begins + k * STEP
        for v in voyages:
            if v.phase == "waiting" and at >= v.depart:
                _leave(v, at)
        moving = [v for v in voyages if v.phase in PHASES[:-1]]
        if not moving:
            continue
        for v in moving:
            _change(recipe, v, at)
            v.way.lat.append(v.lat)
            v.way.lon.append(v.lon)
            v.way.phase.append(v.phase)
        lat, lon = np.array([v.lat for v in moving]), np.array([v.lon for v in moving])
        east, north = stream(k, lat, lon)
        through = np.array([_steered(recipe, v) for v in moving])
        blown, wrong = np.array(wind(at)), np.array(error(at))
        own = np.array([v.own for v in moving])
        leeway = np.array([v.leeway for v in moving])
        still = np.array([v.phase in {"loading", "beached"} for v in moving])
        speed = np.stack([east, north], axis=1) + through + leeway[:, None] * blown + wrong + own
        speed[still] = 0.0
        to_lat, to_lon = destination(lat, lon, speed[:, 0] * STEP, speed[:, 1] * STEP)
        to_land = sea.coast.distance(to_lat, to_lon)
        for v, new_lat, new_lon, left in zip(moving, to_lat, to_lon, to_land, strict=True):
            _moved(v, at, float(new_lat), float(new_lon), float(left))
    return [v.way for v in voyages]


@lru_cache(maxsize=128)  # a night at every ten minutes, some 50 MB
def _packaged_stream(at: Instant) -> Callable:
    return packaged_sea().current.flow(at, WATERS)


class _Stream:
    """The true stream: the packaged one of another moment, made larger or smaller; looked up every ten minutes."""

    def __init__(self, recipe: Recipe, begins: Instant) -> None:
        self.scale, self.begins = recipe.tide_scale, begins - recipe.tide_late

    def _patch(self, k: int) -> Callable:
        return _packaged_stream(round((self.begins + k * STEP) / STEP) * STEP)

    def __call__(self, k: int, lat: np.ndarray, lon: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Eastward and northward stream in step k of five minutes."""
        even = k - k % 2
        one = self._patch(even)(lat, lon)
        if k == even:
            return self.scale * one[0], self.scale * one[1]
        other = self._patch(even + 2)(lat, lon)
        return self.scale * (one[0] + other[0]) / 2, self.scale * (one[1] + other[1]) / 2


def _leave(v: Voyage, at: Instant) -> None:
    v.way = Way(at)
    v.phase, v.since, v.left = ("coasting", at, at) if v.route else ("under_way", at, at)


def _change(recipe: Recipe, v: Voyage, at: Instant) -> None:
    """One phase follows another when its time has come."""
    ran = at - v.left
    if v.phase == "loading" and at - v.since >= v.loads:
        v.phase, v.since, v.left = "under_way", at, at
    elif v.phase == "under_way" and ran >= v.fails_after:
        v.phase, v.since = "adrift", at
        restart = v.chance.expovariate(1 / recipe.restart_mean)
        swamp = v.chance.expovariate(1 / recipe.swamp_mean)
        v.changes = at + min(restart, swamp)
        v.fails_after = math.inf if swamp < restart else ran + restart + v.chance.expovariate(1 / recipe.engine_mean)
    elif v.phase == "under_way" and not v.back and ran >= v.turns_after:
        v.back, v.aim = True, min(BEACHES, key=lambda b: float(distance(v.lat, v.lon, *b)))
    elif at >= v.changes:
        v.changes = math.inf
        if v.phase == "adrift":
            v.phase, v.since = ("swamped" if math.isinf(v.fails_after) else "under_way"), at
            if v.phase == "swamped":
                v.changes = at + v.chance.expovariate(1 / recipe.water_mean)
        elif v.phase == "swamped":
            v.phase, v.since = "in_the_water", at
        elif v.phase == "beached":
            _relaunch(v, at)


def _relaunch(v: Voyage, at: Instant) -> None:
    share = v.chance.random()
    v.aim = SHORE[0][0] + share * (SHORE[1][0] - SHORE[0][0]), SHORE[0][1] + share * (SHORE[1][1] - SHORE[0][1])
    v.phase, v.since, v.left, v.back, v.turns_after = "under_way", at, at, False, math.inf


def _steered(recipe: Recipe, v: Voyage) -> tuple[float, float]:
    if v.phase == "coasting":
        while v.route and float(distance(v.lat, v.lon, *v.route[0])) < v.coasting_speed * STEP:
            v.route.pop(0)
        if not v.route:
            return 0.0, 0.0
        east, north = components(v.coasting_speed, float(bearing(v.lat, v.lon, *v.route[0])))
    elif v.phase == "under_way":
        v.helm = 0.8 * v.helm + 0.6 * v.chance.gauss(0, recipe.helm_std)
        east, north = components(v.speed, float(bearing(v.lat, v.lon, *v.aim)) + v.off_course + v.helm)
    else:
        return 0.0, 0.0
    return float(east), float(north)


def _moved(v: Voyage, at: Instant, lat: float, lon: float, to_land: Metres) -> None:
    """Take the step, meet the land, or keep off it."""
    if v.phase == "coasting" and not v.route:
        v.phase, v.since = "loading", at
        return
    if v.phase in {"loading", "beached"}:
        return
    across = lon < 1.46 and lat > 50.8
    if math.isnan(to_land):
        v.phase = "ended"
    elif to_land > ASHORE:
        v.lat, v.lon = lat, lon
    elif across or v.phase in {"adrift", "swamped", "in_the_water"} or v.back:
        v.lat, v.lon = lat, lon
        v.phase, v.since = "beached", at
        v.changes = at + v.relaunches_after if v.back and not across else math.inf
    else:
        v.lat, v.lon = _kept_off(v.lat, v.lon, lat, lon)


def _kept_off(lat: float, lon: float, to_lat: float, to_lon: float) -> tuple[float, float]:
    """The same step turned as little as keeps her off the land; where nothing does, she waits."""
    run, course = float(distance(lat, lon, to_lat, to_lon)), float(bearing(lat, lon, to_lat, to_lon))
    turns = np.array([30, -30, 60, -60, 90, -90, 120, -120, 150, -150], dtype=float)
    lats, lons = destination(np.full(10, lat), np.full(10, lon), *components(run, course + turns))
    clear = packaged_sea().coast.distance(lats, lons) > ASHORE
    k = int(np.argmax(clear))
    return (float(lats[k]), float(lons[k])) if clear[k] else (lat, lon)


def crossed(lat: float, lon: float) -> bool:
    """Whether a place lies in the half that is steered for: a line through the middle of the strait, judgement."""
    return lat + 0.6 * (1.75 - lon) > 51.06
