"""Situations small enough to try every plan, and seas with a known answer, for the tests of the response."""

import itertools
from collections.abc import Iterable

import numpy as np

from cordiale.assets.availability import Availability, at_sea
from cordiale.assets.catalogue import load_catalogue
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours, minutes
from cordiale.response.alive import AliveCurve
from cordiale.response.cloud import MovingCloud
from cordiale.response.distress import Distress, Search
from cordiale.response.situation import Evaluation, Routes, Situation

NOW = utc("2021-11-24 02:27")
CRAFT = ("patrol_54", "cutter_42", "lifeboat_severn", "inshore_atlantic_85", "helicopter_aw189", "drone_ar5")


def still_cloud(lat: float = 51.1, lon: float = 1.6, *, std_m: float = 0.0, count: int = 64) -> MovingCloud:
    """A cloud that does not move, circular normal about a place."""
    number = np.arange(count)
    radius = np.sqrt(-2 * np.log(1 - (number + 0.5) / count)) * std_m
    angle = number * 2.399963
    return MovingCloud(
        times=np.array([NOW, NOW + 12 * hours]),
        lat=np.tile(lat + radius * np.cos(angle) / 111_200, (2, 1)),
        lon=np.tile(lon + radius * np.sin(angle) / 69_900, (2, 1)),
        weight=np.full(count, 1 / count),
    )


def falling(halves_in_h: float, *, horizon_h: float = 6.0) -> AliveCurve:
    """A curve of the living that halves every so many hours, nobody in the water."""
    times = np.arange(0, horizon_h * 60 + 1) * minutes
    alive = 0.5 ** (times / (halves_in_h * hours))
    return AliveCurve(at=NOW, alive=alive, in_water=np.zeros(times.size))


def boat(name: str, persons: int, halves_in_h: float, **more: object) -> Distress:
    """A boat with a known number of people at a known place, unless told otherwise."""
    given: dict[str, object] = {
        "name": name,
        "cloud": still_cloud(),
        "counts": np.array([float(persons)]),
        "chances": np.array([1.0]),
        "curve": falling(halves_in_h),
        "search": Search(),
    }
    return Distress(**(given | more))  # type: ignore[arg-type]


def craft(index: int, kind: str) -> Availability:
    """An asset at sea of a class of the catalogue, with a name of its own."""
    catalogue = load_catalogue()
    model = next(asset for asset in catalogue.assets if asset.craft.key == kind)
    asset = type(model)(
        key=f"a{index}", name=f"craft {index}", flag=model.flag, operator=model.operator, centre=model.centre,
        craft=model.craft, station=model.station, day=0.0, night=0.0, source="invented",
    )  # fmt: skip
    return at_sea(asset, NOW, Position(lat=51.1, lon=1.6))


def random_situation(seed: int, assets: int, boats: int) -> Situation:
    """Craft and boats at random: 10 min to 4 h to each, some out of reach, 1 to 60 people, uncertain or not."""
    chance = np.random.default_rng(seed)
    listed = [craft(k, str(chance.choice(CRAFT))) for k in range(assets)]
    arrives = NOW + chance.uniform(10, 240, (assets, boats)) * minutes
    arrives[chance.uniform(size=(assets, boats)) < 0.1] = np.inf
    made = []
    for k in range(boats):
        least = int(chance.integers(1, 60))
        counts = np.arange(least, least + int(chance.integers(1, 12)), dtype=np.float64)
        cloud = still_cloud(
            51.0 + 0.2 * chance.uniform(), 1.4 + 0.5 * chance.uniform(), std_m=float(chance.uniform(0, 2500))
        )
        search = Search(widths={"any": 900.0}) if chance.uniform() < 0.7 else Search(time=10 * minutes)
        made.append(
            boat(f"b{k}", 1, float(chance.uniform(0.5, 8)), counts=counts,
                 chances=np.full(counts.size, 1 / counts.size), cloud=cloud, search=search)
        )  # fmt: skip
    room = np.array([[one.room] * boats for one in listed]).reshape(assets, boats)
    return Situation(
        at=NOW,
        assets=tuple(listed),
        boats=tuple(made),
        arrives=arrives,
        room=np.where(np.isfinite(arrives), room, 0),
        speeds=np.array([one.asset.craft.top for one in listed]),
    )


def every_plan(now: Situation, legs: int) -> Iterable[Routes]:
    """All routes of all craft, written again from scratch."""
    ways = []
    for asset in range(len(now.assets)):
        reach = [b for b in range(len(now.boats)) if np.isfinite(now.arrives[asset, b])]
        way: list[tuple[int, ...]] = [()]
        for length in range(1, legs + 1):
            way += list(itertools.permutations(reach, length))
        ways.append(way)
    return itertools.product(*ways)


def best_by_force(now: Situation, legs: int) -> tuple[float, Routes]:
    """The most lives any plan saves, by trying them all."""
    weighed = Evaluation(now)
    return max(((weighed.lives(routes), routes) for routes in every_plan(now, legs)), key=lambda pair: pair[0])
