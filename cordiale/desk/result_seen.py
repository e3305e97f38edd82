"""What a craft could see while it searched: sweep widths stated by whoever was there, else by its sensors and the
conditions that there were.
"""

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from cordiale.assets.catalogue import Asset
from cordiale.boats.life import PHASES
from cordiale.desk.options import read_distance, read_speed
from cordiale.desk.result_track import Fix
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import distance
from cordiale.earth.units import NM, Metres, MetresPerSecond, Quantity, knots
from cordiale.sea.environment import Environment
from cordiale.sea.light import light
from cordiale.search.craft import sensors_of
from cordiale.search.plan_sought import alike_of
from cordiale.sensors.sensor import Conditions, Lookout
from cordiale.sensors.sweep_width import sweep_width
from cordiale.sensors.tables import packaged_tables
from cordiale.words import Language, say

FAR: Final[Metres] = 5 * NM  # judgement: a clear night of the strait, as far as one dares to count on unasked
FASTEST_LOOK: Final[MetresPerSecond] = 300 * knots
ANY: Final = "any"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Sweep widths by search object class, how alike looks were, and what that rests on: keys and values of words."""

    widths: dict[str, Metres]
    alike: Quantity | None
    told: tuple[tuple[str, dict[str, Any]], ...]


def describe_seen(parser: argparse.ArgumentParser, language: Language) -> None:
    """The options that say how a search was done."""
    add = parser.add_argument
    add("--width", action="append", default=[], metavar="CLASS=300m", help=say("desk.result.width", language))
    add("--visibility", metavar="1NM", help=say("desk.result.visibility", language))
    add("--waves", metavar="0.5m", help=say("desk.task.waves", language))
    add("--cloud-base", metavar="300m", help=say("desk.result.cloud_base", language))
    add("--height", metavar="100m", help=say("desk.result.height", language))
    add("--speed", metavar="70kn", help=say("desk.result.speed", language))
    add("--instruments", action="store_true", help=say("desk.result.instruments", language))
    add("--alike", type=float, metavar="KAPPA", help=say("desk.result.alike", language))
    add("--doubt", type=float, metavar="P", help=say("desk.result.doubt", language))


def seen_by(asset: Asset | None, fixes: Sequence[Fix], environment: Environment, options: argparse.Namespace) -> Seen:
    """The sweep widths of a search along a track: those stated, else by eye.

    The packaged figures of instruments are judgements. A plan may hope for them; that a boat was not where nobody could
    really see her must not rest on them, so they count on demand only.

    Raises
    ------
    CordialeError
        A class nobody knows, a craft that the catalogue does not have and no width stated.
    """
    stated = _stated(options.width)
    if stated:
        return Seen(widths=stated, alike=options.alike, told=())
    if asset is None:
        raise CordialeError("desk.result_no_width", asset=options.asset, known=", ".join(classes()))
    conditions = _conditions(fixes, environment, options)
    height = None if options.height is None else read_distance(options.height)
    speed = min(_speed(fixes) if options.speed is None else read_speed(options.speed), FASTEST_LOOK)
    tables = packaged_tables()
    widths: dict[str, Metres] = {}
    guessed: set[str] = set()
    best = None
    for what in classes():
        sensors = sensors_of(asset.craft, conditions, tables.object_class(what), tables, height=height, speed=speed)
        counted = [one for one in sensors if options.instruments or isinstance(one, Lookout)]
        listed = [(sweep_width(one, what, conditions, tables).mean, one) for one in counted]
        width, sensor = max(listed, key=lambda pair: pair[0], default=(0.0, None))
        widths[what] = width
        if sensor is not None and width > 0:
            best = sensor if what == "channel_inflatable" else best
            if not isinstance(sensor, Lookout):
                guessed.add(sensor.name)
    alike = options.alike
    if alike is None and best is not None:
        alike = alike_of(best, "channel_inflatable", conditions)
    told: list[tuple[str, dict[str, Any]]] = [("desk.result.seen_by", _weather(conditions))]
    if options.visibility is None:
        told.append(("desk.result.visibility_assumed", {"visibility_nm": FAR / NM}))
    if not options.instruments and any(one != "eye" for one in asset.craft.sensors):
        told.append(("desk.result.eyes_only", {"asset": asset.name}))
    told += [("desk.result.guessed", {"sensor": f"sensors.sensor.{name}"}) for name in sorted(guessed)]
    if not any(widths.values()):
        told.append(("desk.result.blind", {"asset": asset.name}))
    return Seen(widths=widths, alike=alike, told=tuple(told))


def classes() -> tuple[str, ...]:
    """The classes of search object that a small boat and her people may be of."""
    known = packaged_tables().phases
    return tuple(sorted({known[phase] for phase in PHASES}))


def _stated(texts: Sequence[str]) -> dict[str, Metres]:
    widths: dict[str, Metres] = {}
    for text in texts:
        what, _, width = text.partition("=")
        if what not in (*classes(), ANY) or not width:
            raise CordialeError("desk.result_width", text=text, known=", ".join((*classes(), ANY)))
        for name in classes() if what == ANY else (what,):
            if what != ANY or name not in widths:
                widths[name] = read_distance(width)
    return widths


def _conditions(fixes: Sequence[Fix], environment: Environment, options: argparse.Namespace) -> Conditions:
    middle = fixes[len(fixes) // 2]
    lat, lon = np.array([middle.position.lat]), np.array([middle.position.lon])
    east, north = environment.wind.velocity(middle.at, lat, lon)
    return Conditions(
        visibility=FAR if options.visibility is None else read_distance(options.visibility),
        wind=math.hypot(float(east[0]), float(north[0])),
        sea=None if options.waves is None else read_distance(options.waves),
        light=light(middle.at, lat=middle.position.lat, lon=middle.position.lon).twilight,
        cloud_base=None if options.cloud_base is None else read_distance(options.cloud_base),
    )


def _speed(fixes: Sequence[Fix]) -> MetresPerSecond:
    """Mean speed over the ground while somebody looked."""
    way = time = 0.0
    for one, other in zip(fixes, fixes[1:], strict=False):
        if one.looking:
            a, b = one.position, other.position
            way += float(distance(a.lat, a.lon, b.lat, b.lon))
            time += other.at - one.at
    return max(way / time if time > 0 else 0.0, 1 * knots)


def _weather(conditions: Conditions) -> dict[str, Any]:
    return {
        "visibility_nm": conditions.visibility / NM,
        "wind_kn": conditions.wind / knots,
        "waves_m": conditions.sea_height,
        "light": f"desk.result.light.{conditions.light}",
    }
