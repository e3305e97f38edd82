"""The boats of a picture whose people are to be rescued, as the response takes them, and why the others are not."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from cordiale.assets.craft import Craft
from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.life_cycle import phases_of
from cordiale.belief.resample import resample
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import Celsius, Metres, MetresPerSecond, Probability, Seconds, km, minutes
from cordiale.record.dormant import dormant_boats
from cordiale.record.duties import Duties
from cordiale.record.picture import GRAVITY, BoatPicture, Picture
from cordiale.response.alive import HORIZON, alive_curve, phases_of_state
from cordiale.response.cloud import FEW, cloud_of
from cordiale.response.distress import Distress, persons_of
from cordiale.response.rescue import Weather
from cordiale.response.seeing import search_of
from cordiale.sea.light import light
from cordiale.search.sight import UNASKED
from cordiale.sensors.sensor import Conditions
from cordiale.sensors.tables import packaged_tables

Why = Literal["closed", "accounted", "dormant", "no_position", "ashore"]
ASHORE: Final[Probability] = 0.9  # judgement: so surely on the beach that nobody is sent by sea without being told to
GRAVE: Final = ("in_the_water", "swamped", "taking_water")  # what was said of her counts, whatever the particles do
FAR: Final[Metres] = 10 * km  # judgement: as far as the tables need to see where nobody has said how far one sees
EVERY: Final[Seconds] = 30 * minutes  # steps too: an arrival is not known to better than minutes


@dataclass(frozen=True, kw_only=True, slots=True)
class Means:
    """What is known of sea, air and water: waves and visibility that keep craft in harbour, the clouds, the water.

    `instruments` are those that count besides eyes (`cordiale.search.sight`), `unsaid` what of `visibility`, `waves`
    and `water` nobody stated.
    """

    weather: Weather
    water: Celsius | tuple[Celsius, Celsius] | None = None
    cloud_base: Metres | None = None
    instruments: frozenset[str] = UNASKED["plan"]
    unsaid: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PassedOver:
    """A boat to which nobody is sent by the assignment, and why."""

    boat: str
    why: Why


def boats_in_distress(
    picture: Picture, duties: Duties | None, *, named: Iterable[str] = (), all_of_them: bool = False
) -> tuple[tuple[BoatPicture, ...], tuple[PassedOver, ...]]:
    """The boats to be rescued, the gravest first, and those that are passed over.

    Every boat at sea whose people are not accounted for is in distress, whatever was said of her. Passed over are boats
    that are closed, have nobody left, may be ashore unseen (`dormant`) or surely are, or have no position; `named` are
    taken where they have a position and people, `all_of_them` takes the dormant ones too.
    """
    dormant = {one.boat for one in dormant_boats(picture, duties)}
    people = {account.boat: account.unaccounted.most for account in picture.ledger.accounts}
    wanted = set(named)
    chosen, passed = [], []
    for boat in picture.boats:
        why: Why | None = None
        if people.get(boat.name, 1.0) <= 0:
            why = "accounted"
        elif boat.cloud is None:
            why = "no_position"
        elif boat.name in wanted:
            why = None
        elif boat.standing == "closed":
            why = "closed"
        elif boat.name in dormant and not all_of_them:
            why = "dormant"
        elif boat.probability_ashore >= ASHORE:
            why = "ashore"
        if why is None:
            chosen.append(boat)
        else:
            passed.append(PassedOver(boat=boat.name, why=why))
    return tuple(sorted(chosen, key=_pressing)), tuple(passed)


def distress_seen(picture: Picture, boat: BoatPicture, craft: Sequence[Craft], means: Means) -> Distress:
    """One boat of a picture as the response takes her: her cloud on its way, her people, how long they live.

    The cloud is drifted on for twelve hours by 200 of its particles. The people are those the ledger does not account
    for. Her phases are those of the particles, or what was said where that is grave. She is found by the sensors of
    each craft in the wind, the light and the visibility that there are.
    """
    cloud = boat.cloud
    if cloud is None:
        raise CordialeError("record.no_cloud", boat=boat.name)
    way = on_her_way(picture, cloud)
    middle = cloud.centre
    lat, lon = np.array([middle.lat]), np.array([middle.lon])
    east, north = picture.environment.wind.velocity(picture.at, lat, lon)
    wind = math.hypot(float(east[0]), float(north[0]))
    phases = phases_of_state(boat.state) if boat.state in GRAVE else phases_of(way[0])
    account = next(one for one in picture.ledger.accounts if one.boat == boat.name)
    counts, chances = persons_of(account.unaccounted)
    return Distress(
        name=boat.name,
        cloud=cloud_of(way),
        counts=counts,
        chances=chances,
        curve=alive_curve(
            phases,
            at=picture.at,
            water=means.water,
            wind=wind,
            in_water_for=max(picture.at - boat.last_contact, 0.0) if boat.state == "in_the_water" else 0.0,
        ),
        search=search_of(
            craft,
            _conditions(picture, middle, wind, means),
            packaged_tables().phases[max(phases, key=lambda phase: phases[phase])],
            instruments=means.instruments,
        ),
    )


def on_her_way(picture: Picture, cloud: Belief) -> list[Belief]:
    """Some particles of a cloud now and every half hour for as long as the response looks ahead."""
    seen: list[Belief] = []
    drift(
        resample(cloud, min(FEW, len(cloud))),
        picture.environment,
        until=picture.at + HORIZON,
        step=EVERY,
        observe=seen.append,
        every=EVERY,
    )
    return [one for one, last in zip(seen, [*(b.at for b in seen[1:]), math.inf], strict=True) if one.at < last]


def _conditions(picture: Picture, there: Position, wind: MetresPerSecond, means: Means) -> Conditions:
    return Conditions(
        visibility=min(means.weather.visibility, FAR),
        wind=wind,
        sea=means.weather.wave_height,
        light=light(picture.at, lat=there.lat, lon=there.lon).twilight,
        cloud_base=means.cloud_base,
    )


def _pressing(boat: BoatPicture) -> tuple[float, float, str]:
    """The gravest state first (one of which nothing is said before one under way), then the latest contact."""
    rank = GRAVITY.index("adrift") + 0.5 if boat.state == "unknown" else float(GRAVITY.index(boat.state))
    return rank, -boat.last_contact, boat.name
