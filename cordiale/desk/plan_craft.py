"""Who can search, and in what conditions: the craft of both flags as searchers, their way against the tide."""

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from cordiale.assets.availability import Availability
from cordiale.assets.catalogue import load_catalogue
from cordiale.assets.craft import speed_in
from cordiale.boats.life import PHASES
from cordiale.desk.options import read_distance, read_range
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import zulu
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Celsius, Fraction, Instant, Metres, Seconds, knots
from cordiale.record.picture import Picture
from cordiale.response.cloud import MovingCloud
from cordiale.response.from_reports import availabilities_in
from cordiale.response.passage import passage
from cordiale.sea.environment import Environment
from cordiale.sea.light import light
from cordiale.search.craft import CraftForSearch, craft_for_search
from cordiale.search.plan_sought import Sought
from cordiale.sensors.sensor import Conditions
from cordiale.sensors.tables import packaged_tables
from cordiale.words import Language, say

FAR: Final[Metres] = 5 * NM  # judgement: a clear night of the strait, as far as one dares to count on unasked
Told = list[tuple[str, dict[str, Any]]]


def describe_craft(parser: argparse.ArgumentParser, language: Language) -> None:
    """The options that name craft, and what they have to see by."""
    add = parser.add_argument
    add("--asset", action="append", default=[], metavar="CRAFT", help=say("desk.plan.asset", language))
    add("--without", action="append", default=[], metavar="CRAFT", help=say("desk.plan.without", language))
    add("--radar", action="store_true", help=say("desk.plan.radar", language))
    add("--visibility", metavar="5NM", help=say("desk.plan.visibility", language))
    add("--cloud-base", metavar="300m", help=say("desk.plan.cloud_base", language))
    add("--waves", metavar="0.5m", help=say("desk.plan.waves", language))
    add("--water", metavar="12-14", help=say("desk.plan.water", language))


@dataclass(frozen=True, kw_only=True)
class Seeing:
    """What was stated of the visibility, the clouds, the waves and the water; None where nobody said."""

    visibility: Metres | None
    cloud_base: Metres | None
    waves: Metres | None
    water: tuple[Celsius, Celsius] | None


def check_craft(options: argparse.Namespace) -> Seeing:
    """The conditions that were stated; refuses an unknown craft and what cannot be read, before any work is done."""
    catalogue = load_catalogue()
    for name in (*options.asset, *options.without):
        if catalogue.named(name) is None:
            raise CordialeError("desk.plan_asset", name=name, known=", ".join(one.key for one in catalogue.assets))
    read = {
        what: None if getattr(options, what) is None else read_distance(getattr(options, what))
        for what in ("visibility", "cloud_base", "waves")
    }
    return Seeing(**read, water=None if options.water is None else read_range(options.water))


def craft_available(seen: Picture, options: argparse.Namespace) -> tuple[Availability, ...]:
    """The craft of both flags in service at the picture: those named, or all but those left out."""
    catalogue = load_catalogue()
    keys = [{one.key for one in map(catalogue.named, names) if one} for names in (options.asset, options.without)]
    there = availabilities_in(seen.reports, catalogue, seen.at, absent=keys[1])
    absent = keys[0] - {one.asset.key for one in there}
    if absent:
        raise CordialeError("desk.plan_not_there", names=", ".join(sorted(absent)), at=zulu(seen.at))
    return tuple(one for one in there if not keys[0] or one.asset.key in keys[0])


def conditions_at(environment: Environment, at: Instant, where: Position, stated: Seeing) -> Conditions:
    """What there is to see by at an instant and a place."""
    east, north = environment.wind.velocity(at, np.array([where.lat]), np.array([where.lon]))
    return Conditions(
        visibility=FAR if stated.visibility is None else stated.visibility,
        wind=math.hypot(float(east[0]), float(north[0])),
        sea=stated.waves,
        light=light(at, lat=where.lat, lon=where.lon).twilight,
        cloud_base=stated.cloud_base,
    )


def likeliest_object(clouds: Sequence[Sought]) -> str:
    """The search object class that most boats sought are likely to be of, half way through."""
    known = packaged_tables().phases
    share: dict[str, Fraction] = {}
    for one in clouds:
        phase = one.ways.phase[one.ways.times.size // 2]
        held = np.bincount(phase, weights=one.ways.weight, minlength=len(PHASES))
        for name, weight in zip(PHASES, held.tolist(), strict=True):
            share[known[name]] = share.get(known[name], 0.0) + weight
    return max(share, key=lambda what: (share[what], what))


def craft_ready(
    seen: Picture,
    there: Sequence[Availability],
    clouds: Sequence[Sought],
    stated: Seeing,
    until: Instant,
    *,
    radar: bool,
) -> list[CraftForSearch]:
    """Every craft as a searcher for these boats, or why it cannot search.

    Each sees by the light half way through its own time on scene.
    """
    places = [_mean_place(one) for one in clouds]
    look_for = likeliest_object(clouds)
    way = AgainstTheTide(seen.environment, conditions_at(seen.environment, seen.at, places[0], stated).sea_height)

    def made(one: Availability, when: Instant) -> CraftForSearch:
        return craft_for_search(
            one,
            conditions_at(seen.environment, when, places[0], stated),
            places=places,
            at=seen.at,
            way=way.time,
            look_for=look_for,
            without=() if radar else ("radar",),
        )

    found = []
    for one in there:
        first = made(one, (seen.at + until) / 2)
        if first.searcher is not None:
            arrives = first.searcher.ready + min(way.time(one, place, first.searcher.ready) for place in places)
            first = made(one, (min(arrives, until) + min(arrives + first.searcher.on_scene, until)) / 2)
        found.append(first)
    return found


class AgainstTheTide:
    """How long a craft is on its way through a sea, asked for the same way again and again."""

    def __init__(self, environment: Environment, waves: Metres) -> None:
        self._environment, self._waves = environment, waves
        self._known: dict[tuple[object, ...], Seconds] = {}

    def time(self, availability: Availability, place: Position, leaving: Instant) -> Seconds:
        """Seconds from where it is to a place when it leaves at an instant; infinite where no way is known."""
        here = availability.where
        key = (availability.asset.key, availability.at_sea, here.lat, here.lon, place.lat, place.lon, leaving)
        if key not in self._known:
            still = MovingCloud(
                times=np.array([leaving]),
                lat=np.array([[place.lat]]),
                lon=np.array([[place.lon]]),
                weight=np.ones(1),
            )
            speed = speed_in(availability.asset.craft, self._waves)
            went = passage(replace(availability, ready=leaving), still, self._environment, speed)
            self._known[key] = went.arrival.mean - leaving
        return self._known[key]


def assumptions(stated: Seeing, craft: Sequence[CraftForSearch], *, radar: bool) -> Told:
    """What the plan rests on and nobody has confirmed: keys and values of the sentences."""
    told: Told = []
    for light_then in dict.fromkeys(one.conditions.light for one in craft):
        names = ", ".join(one.name for one in craft if one.conditions.light == light_then)
        told.append(("desk.plan.seen_by", {"light": f"desk.plan.light.{light_then}", "names": names}))
    if stated.visibility is None:
        told.append(("desk.plan.visibility_assumed", {"visibility_nm": FAR / NM}))
    if stated.cloud_base is None and any(one.searcher and one.searcher.flies for one in craft):
        told.append(("desk.plan.no_cloud_base", {}))
    if not radar:
        told.append(("desk.plan.no_radar", {}))
    for name in sorted({name for one in craft for name in one.guessed}):
        names = ", ".join(one.name for one in craft if name in one.guessed)
        told.append(("desk.plan.guessed", {"sensor": f"sensors.sensor.{name}", "names": names}))
    told += [
        ("desk.plan.unverified", {"name": one.name, "columns": ", ".join(one.unverified)})
        for one in craft
        if one.unverified
    ]
    return told


def weather_told(conditions: Conditions, at: Instant, stated: Seeing) -> tuple[str, dict[str, Any]]:
    """The weather that was reckoned with: key and values of a sentence."""
    return (
        "desk.plan.weather_assumed" if stated.visibility is None else "desk.plan.weather",
        {
            "at": zulu(at),
            "visibility_nm": conditions.visibility / NM,
            "wind_kn": conditions.wind / knots,
            "waves_m": conditions.sea_height,
        },
    )


def _mean_place(one: Sought) -> Position:
    share = one.ways.weight / one.ways.weight.sum()
    return Position(lat=float(one.ways.lat[0] @ share), lon=float(one.ways.lon[0] @ share))
