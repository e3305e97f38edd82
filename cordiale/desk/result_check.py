"""Whether a track can be what a craft did: its times rise, it lies in the sea that is known, at a speed it makes, now.

What cannot be is refused with the value and what to do. What is only unlikely may be kept with `--sure`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.assets.catalogue import Asset
from cordiale.desk.replays import AHEAD
from cordiale.desk.result_track import Fix
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import distance
from cordiale.earth.instants import date_and_zulu
from cordiale.earth.units import NM, Fraction, Instant, Metres, Seconds, hours, km, knots, minutes
from cordiale.sea.environment import Environment, TidalCurrent
from cordiale.search.result import GAP

OLD: Final[Seconds] = 12 * hours  # judgement: a track so old is of another night, or of another time zone
FASTER: Final[Fraction] = 1.3  # judgement: with the stream and a following sea; more is a wrong fix or another craft
JITTER: Final[Metres] = 300.0  # judgement: between fixes of a receiver that was jammed or started cold
INLAND: Final[Metres] = 1 * km  # judgement: the packaged shore is generalised, and harbours lie behind it


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A track that can be kept, and what is odd about it."""

    fixes: tuple[Fix, ...]
    warnings: tuple[CordialeError, ...]


def check_track(
    fixes: Sequence[Fix], asset: Asset | None, name: str, environment: Environment, *, at: Instant, sure: bool
) -> Checked:
    """The track without fixes that say the same twice, or why it cannot be that of this craft by the instant `at`.

    Raises
    ------
    CordialeError
        Fewer than two fixes, times that do not rise, a fix outside the sea that is known, an end in the future; and,
        unless `sure`, an end long ago, a ship inland, a speed that the craft does not make.
    """
    kept = _rising(fixes)
    _inside(kept, environment)
    end = kept[-1].at
    if end > at + AHEAD:
        raise CordialeError("desk.result_future", end=date_and_zulu(end), at=date_and_zulu(at))
    odd: list[CordialeError] = []
    if at - end > OLD:
        odd.append(
            CordialeError("desk.result_old", end=date_and_zulu(end), at=date_and_zulu(at), hours=(at - end) / hours)
        )
    odd += _too_fast(kept, asset)
    if asset is None or not asset.craft.flies:
        odd += _inland(kept, name, environment)
    if odd and not sure:
        raise odd[0]
    gap = max((b.at - a.at for a, b in zip(kept, kept[1:], strict=False) if a.looking), default=0.0)
    if gap > GAP:
        odd.append(CordialeError("desk.result_gap", gap_min=gap / minutes, most_min=GAP / minutes))
    return Checked(fixes=kept, warnings=tuple(odd))


def _rising(fixes: Sequence[Fix]) -> tuple[Fix, ...]:
    kept: list[Fix] = []
    for fix in fixes:
        last = kept[-1] if kept else None
        if last is not None and fix.at <= last.at:
            if fix.at == last.at and fix.position == last.position:
                kept[-1] = fix
                continue
            raise CordialeError(
                "desk.result_times", line=fix.line, time=date_and_zulu(fix.at), before=date_and_zulu(last.at)
            )
        kept.append(fix)
    if len(kept) < 2:
        raise CordialeError("desk.result_few", fixes=len(kept))
    return tuple(kept)


def _inside(fixes: Sequence[Fix], environment: Environment) -> None:
    current = environment.current
    if not isinstance(current, TidalCurrent):
        return
    lat, lon = np.array([f.position.lat for f in fixes]), np.array([f.position.lon for f in fixes])
    covered = current.covers(lat, lon)
    if not covered.all():
        fix = fixes[int(np.argmin(covered))]
        raise CordialeError("desk.result_outside", line=fix.line, position=str(fix.position))


def _too_fast(fixes: Sequence[Fix], asset: Asset | None) -> list[CordialeError]:
    if asset is None:
        return []
    most = asset.craft.top * FASTER
    for one, other in zip(fixes, fixes[1:], strict=False):
        a, b = one.position, other.position
        way = float(distance(a.lat, a.lon, b.lat, b.lon))
        speed = way / (other.at - one.at)
        if speed > most and way > JITTER:
            values = {"line": other.line, "time": date_and_zulu(other.at), "way_nm": way / NM}
            top = asset.craft.top / knots
            return [CordialeError("desk.result_fast", **values, speed_kn=speed / knots, asset=asset.name, top_kn=top)]
    return []


def _inland(fixes: Sequence[Fix], name: str, environment: Environment) -> list[CordialeError]:
    if environment.coast is None:
        return []
    lat, lon = np.array([f.position.lat for f in fixes]), np.array([f.position.lon for f in fixes])
    apart = environment.coast.distance(lat, lon)
    worst = int(np.argmin(np.where(np.isfinite(apart), apart, np.inf)))
    if apart[worst] < -INLAND:
        fix, deep = fixes[worst], -float(apart[worst])
        return [
            CordialeError("desk.result_inland", line=fix.line, position=str(fix.position), inland_m=deep, asset=name)
        ]
    return []
