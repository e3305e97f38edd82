"""Who can search, and in what conditions: the craft of both flags as searchers, their way against the tide."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cordiale.assets.availability import Availability
from cordiale.assets.catalogue import load_catalogue
from cordiale.assets.craft import speed_in
from cordiale.boats.life import PHASES
from cordiale.desk.seeing import FAR, Seeing, Told, describe_seeing, judged_told, not_counted_told, seeing_stated
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import zulu
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Fraction, Instant, Metres, Probability, Seconds
from cordiale.record.picture import Picture
from cordiale.response.cloud import MovingCloud
from cordiale.response.from_reports import availabilities_in
from cordiale.response.passage import passage
from cordiale.sea.environment import Environment
from cordiale.search.craft import CraftForSearch, craft_for_search
from cordiale.search.plan_other import found_with
from cordiale.search.plan_result import SearchPlan
from cordiale.search.plan_sought import Sought
from cordiale.sensors.tables import packaged_tables
from cordiale.words import Language, say


def describe_craft(parser: argparse.ArgumentParser, language: Language) -> None:
    """The options that name craft, and what they have to see by."""
    add = parser.add_argument
    add("--asset", action="append", default=[], metavar="CRAFT", help=say("desk.plan.asset", language))
    add("--without", action="append", default=[], metavar="CRAFT", help=say("desk.plan.without", language))
    describe_seeing(parser, language, "plan")


def check_craft(options: argparse.Namespace) -> Seeing:
    """The conditions that were stated; refuses an unknown craft and what cannot be read, before any work is done."""
    catalogue = load_catalogue()
    for name in (*options.asset, *options.without):
        if catalogue.named(name) is None:
            raise CordialeError("desk.plan_asset", name=name, known=", ".join(one.key for one in catalogue.assets))
    return seeing_stated(options, "plan")


def craft_available(seen: Picture, options: argparse.Namespace) -> tuple[Availability, ...]:
    """The craft of both flags in service at the picture: those named, or all but those left out."""
    catalogue = load_catalogue()
    keys = [{one.key for one in map(catalogue.named, names) if one} for names in (options.asset, options.without)]
    there = availabilities_in(seen.reports, catalogue, seen.at, absent=keys[1])
    absent = keys[0] - {one.asset.key for one in there}
    if absent:
        raise CordialeError("desk.plan_not_there", names=", ".join(sorted(absent)), at=zulu(seen.at))
    return tuple(one for one in there if not keys[0] or one.asset.key in keys[0])


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
) -> list[CraftForSearch]:
    """Every craft as a searcher for these boats, or why it cannot search.

    Each sees by the light half way through its own time on scene.
    """
    places = [_mean_place(one) for one in clouds]
    look_for = likeliest_object(clouds)
    way = AgainstTheTide(seen.environment, stated.conditions_at(seen.environment, seen.at, places[0]).sea_height)

    def made(one: Availability, when: Instant) -> CraftForSearch:
        return craft_for_search(
            one,
            stated.conditions_at(seen.environment, when, places[0]),
            places=places,
            at=seen.at,
            way=way.time,
            look_for=look_for,
            instruments=stated.instruments,
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


def assumptions(stated: Seeing, craft: Sequence[CraftForSearch]) -> Told:
    """What the plan rests on and nobody has confirmed: keys and values of the sentences."""
    told: Told = []
    for light_then in dict.fromkeys(one.conditions.light for one in craft):
        names = ", ".join(one.name for one in craft if one.conditions.light == light_then)
        told.append(("desk.plan.seen_by", {"light": f"desk.plan.light.{light_then}", "names": names}))
    if stated.visibility is None:
        told.append(("desk.seeing.visibility_assumed", {"visibility_nm": FAR / NM}))
    if stated.cloud_base is None and any(one.searcher and one.searcher.flies for one in craft):
        told.append(("desk.plan.no_cloud_base", {}))
    sights = {one.name: one.sight for one in craft if one.searcher is not None and one.sight is not None}
    told += [*not_counted_told(sights), *judged_told(sights)]
    told += [
        ("desk.plan.unverified", {"name": one.name, "columns": tuple(f"assets.column.{c}" for c in one.unverified)})
        for one in craft
        if one.unverified
    ]
    return told


def by_eye_alone(
    plan: SearchPlan, clouds: Sequence[Sought], craft: Sequence[CraftForSearch], alike: Fraction | None
) -> tuple[Probability, Fraction] | None:
    """POS, and persons found alive, were judged instruments to see nothing; None where the plan rests on none."""
    sights = {one.name: one.sight for one in craft if one.sight is not None}
    if not any(sight.judged for sight in sights.values()):
        return None
    return found_with(plan, clouds, {name: sight.by_eye for name, sight in sights.items()}, alike=alike)


def _mean_place(one: Sought) -> Position:
    share = one.ways.weight / one.ways.weight.sum()
    return Position(lat=float(one.ways.lat[0] @ share), lon=float(one.ways.lon[0] @ share))
