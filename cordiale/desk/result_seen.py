"""What a craft could see while it searched: sweep widths stated by whoever was there, else by its sensors and the
conditions that there were.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from cordiale.assets.catalogue import Asset
from cordiale.boats.life import PHASES
from cordiale.desk.options import read_distance, read_speed
from cordiale.desk.result_track import Fix
from cordiale.desk.seeing import FAR, Seeing, Told, describe_seeing, judged_told, weather_told
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import distance
from cordiale.earth.units import NM, Metres, MetresPerSecond, Quantity, knots
from cordiale.sea.environment import Environment
from cordiale.search.sight import sight_of
from cordiale.sensors.tables import packaged_tables
from cordiale.words import Language, say

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
    describe_seeing(parser, language, "result")
    add("--height", metavar="100m", help=say("desk.result.height", language))
    add("--speed", metavar="70kn", help=say("desk.result.speed", language))
    add("--alike", type=float, metavar="KAPPA", help=say("desk.result.alike", language))
    add("--doubt", type=float, metavar="P", help=say("desk.result.doubt", language))


def seen_by(
    asset: Asset | None,
    fixes: Sequence[Fix],
    environment: Environment,
    options: argparse.Namespace,
    stated: Seeing,
) -> Seen:
    """The sweep widths of a search along a track: those stated, else by eye and by the instruments that were named.

    Raises
    ------
    CordialeError
        A class nobody knows, a craft that the catalogue does not have and no width stated.
    """
    widths = _stated(options.width)
    if widths:
        return Seen(widths=widths, alike=options.alike, told=())
    if asset is None:
        raise CordialeError("desk.result_no_width", asset=options.asset, known=", ".join(classes()))
    middle = fixes[len(fixes) // 2]
    conditions = stated.conditions_at(environment, middle.at, middle.position)
    sight = sight_of(
        asset.craft,
        conditions,
        instruments=stated.instruments,
        height=None if options.height is None else read_distance(options.height),
        speed=min(_speed(fixes) if options.speed is None else read_speed(options.speed), FASTEST_LOOK),
    )
    weather = weather_told(conditions, middle.at, stated)[1] | {"light": f"desk.result.light.{conditions.light}"}
    said: Told = [("desk.result.seen_by", weather)]
    if stated.visibility is None:
        said.append(("desk.seeing.visibility_assumed", {"visibility_nm": FAR / NM}))
    if sight.not_counted and not stated.named:
        names = ",".join(sight.not_counted)
        said.append(("desk.result.eyes_only", {"asset": asset.name, "instruments": names}))
    said += judged_told({asset.name: sight})
    if sight.blind:
        said.append(("desk.result.blind", {"asset": asset.name}))
    alike = options.alike if options.alike is not None else sight.alike
    return Seen(widths=dict(sight.widths), alike=alike, told=tuple(said))


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


def _speed(fixes: Sequence[Fix]) -> MetresPerSecond:
    """Mean speed over the ground while somebody looked."""
    way = time = 0.0
    for one, other in zip(fixes, fixes[1:], strict=False):
        if one.looking:
            a, b = one.position, other.position
            way += float(distance(a.lat, a.lon, b.lat, b.lon))
            time += other.at - one.at
    return max(way / time if time > 0 else 0.0, 1 * knots)
