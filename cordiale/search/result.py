"""A search as it was: the real track of a craft, and how thoroughly it looked at every particle of a cloud.

The track is taken as flown or steamed, finished or broken off, and the cloud at the times of its legs: a particle is
looked at where it drifted to by then. Between two fixes of the track, and between two instants of the cloud, both go
straight; in the frame of the particle each piece is a leg that ends (`cordiale.sensors.leg`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.boats.life import PHASES
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import displacement
from cordiale.earth.units import (
    BoolArray,
    FloatArray,
    Instant,
    Metres,
    MetresPerSecond,
    Probability,
    Quantity,
    Seconds,
    minutes,
)
from cordiale.search.ways import Ways
from cordiale.sensors.leg import MOST, leg_hazard
from cordiale.sensors.tables import packaged_tables

WORTHLESS: Final[Probability] = 0.05  # judgement: the track is wrong, nobody looked, or she was seen and not known
GAP: Final[Seconds] = 10 * minutes  # judgement: between fixes further apart the straight line is a guess
_STILL: Final[Metres] = 1.0  # a searcher that moves less relative to a particle stays where it is


@dataclass(frozen=True, kw_only=True, eq=False)
class Flown:
    """One search by one craft, as it was done.

    Parameters
    ----------
    name, asset : str
    at : Instant, shape (fixes,), rising
    lat, lon : degrees, shape (fixes,)
        Where the craft was; straight in between.
    widths : sweep width in m by search object class
        In the conditions that there were. A class that is not named was not to be seen.
    searching : shape (fixes - 1,), optional
        In which pieces between fixes somebody looked; in all of them unless given.
    speed : MetresPerSecond, optional
        At which the sweep widths hold; the mean over the ground while searching unless given.
    alike : Quantity, optional
        Shape kappa of the gamma law for looks that are alike; None: they are independent.
    doubt : Probability
        That the search tells nothing: never below 0.05 in the update. Raise it where something was seen that may have
        been what was looked for: a search is empty only as far as that was another.
    broken_off : bool
        Whether it ended before its time. The track says where.
    instruments : tuple of str
        Those said to have been manned and watched, besides eyes: for the record; the widths hold what they saw.
    """

    name: str
    asset: str
    at: FloatArray
    lat: FloatArray
    lon: FloatArray
    widths: Mapping[str, Metres]
    searching: BoolArray | None = None
    speed: MetresPerSecond | None = None
    alike: Quantity | None = None
    doubt: Probability = WORTHLESS
    broken_off: bool = False
    instruments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        fixes = self.at.size
        same = self.lat.shape == self.lon.shape == self.at.shape == (fixes,)
        looked = self.searching is None or self.searching.shape == (fixes - 1,)
        finite = all(bool(np.isfinite(a).all()) for a in (self.at, self.lat, self.lon))
        if fixes < 2 or not same or not looked or not finite or np.any(np.diff(self.at) <= 0):
            raise CordialeError("search.result_track", name=self.name, fixes=fixes)
        for what, value in (*((f"widths[{key}]", w) for key, w in self.widths.items()), ("doubt", self.doubt)):
            if not (math.isfinite(value) and value >= 0 and (what != "doubt" or value <= 1)):
                raise CordialeError("search.result_number", name=self.name, what=what, value=value)
        for what, given in (("speed", self.speed), ("alike", self.alike)):
            if given is not None and not (math.isfinite(given) and given > 0):
                raise CordialeError("search.result_number", name=self.name, what=what, value=given)

    @property
    def begin(self) -> Instant:
        """First fix."""
        return float(self.at[0])

    @property
    def end(self) -> Instant:
        """Last fix."""
        return float(self.at[-1])

    @property
    def worthless(self) -> Probability:
        """Probability, as the update takes it, that the search tells nothing: so no POD is above 1 less this."""
        return max(self.doubt, WORTHLESS)

    @property
    def longest_gap(self) -> Seconds:
        """Longest time between two fixes while searching."""
        return float(np.max(np.diff(self.at), initial=0.0, where=self.looked))

    @property
    def looked(self) -> BoolArray:
        """In which pieces between fixes somebody looked."""
        return np.ones(self.at.size - 1, dtype=np.bool_) if self.searching is None else self.searching


def hazard_of_search(ways: Ways, search: Flown) -> FloatArray:
    """Summed hazard n of a search for every particle, shape (n,): what it leaves unseen is exp(-n).

    Pieces of the track before the first or after the last instant of the cloud count for nothing (`time_outside`). The
    sweep width is that of the phase a particle had at the instant of the cloud before.
    """
    middle = float(ways.lat[0].mean()), float(ways.lon[0].mean())
    x, y = displacement(*middle, ways.lat, ways.lon)
    track = np.column_stack(displacement(*middle, search.lat, search.lon))
    known = packaged_tables().phases
    widths = np.array([search.widths.get(known[phase], 0.0) for phase in PHASES])
    speed = _speed(search, track)
    total = np.zeros(ways.weight.size)
    for begin, end, piece, k in _pieces(ways, search):
        span = ways.times[k + 1] - ways.times[k]
        relative = []
        for when in (begin, end):
            part = (when - ways.times[k]) / span
            place = [np.interp(when, search.at[piece : piece + 2], track[piece : piece + 2, i]) for i in range(2)]
            relative.append([place[i] - (a[k] + part * (a[k + 1] - a[k])) for i, a in enumerate((x, y))])
        total += _hazard(np.array(relative), widths[ways.phase[k]], speed, end - begin)
    return total


def time_outside(ways: Ways, search: Flown) -> Seconds:
    """How much of the time that somebody looked lies outside the instants of the cloud, and so counted for nothing."""
    inside = sum(end - begin for begin, end, _, _ in _pieces(ways, search))
    return max(float(np.diff(search.at)[search.looked].sum()) - inside, 0.0)


def _pieces(ways: Ways, search: Flown) -> list[tuple[Instant, Instant, int, int]]:
    """(begin, end, piece of the track, knot of the cloud) of everything in which both go straight and one looks."""
    begin, end = max(search.begin, float(ways.times[0])), min(search.end, float(ways.times[-1]))
    if begin >= end:
        return []
    cuts = np.unique(np.concatenate([search.at, ways.times, [begin, end]]))
    cuts = cuts[(cuts >= begin) & (cuts <= end)]
    middle = (cuts[1:] + cuts[:-1]) / 2
    piece = np.searchsorted(search.at, middle, side="right") - 1
    knot = np.searchsorted(ways.times, middle, side="right") - 1
    rows = zip(cuts[:-1].tolist(), cuts[1:].tolist(), piece.tolist(), knot.tolist(), strict=True)
    return [row for row in rows if search.looked[row[2]]]


def _hazard(relative: FloatArray, width: FloatArray, speed: MetresPerSecond, duration: Seconds) -> FloatArray:
    """Of one piece: where the searcher is relative to the particles, before and after, (2, 2, n) m.

    Looks go on with time: the hazard of a second is V W^2 / (8 pi r^3), whatever the speed relative to the particle.
    """
    (x0, y0), (x1, y1) = relative
    east, north = x1 - x0, y1 - y0
    length = np.hypot(east, north)
    moves = np.maximum(length, _STILL)
    across = (x0 * north - y0 * east) / moves
    s1, s2 = (x0 * east + y0 * north) / moves, (x1 * east + y1 * north) / moves
    passing = leg_hazard(width, across, s1, s2, speed * duration / moves)
    near = np.maximum(np.hypot((x0 + x1) / 2, (y0 + y1) / 2), 1e-3)
    staying = np.minimum(speed * duration * width**2 / (8 * math.pi * near**3), MOST)
    return np.asarray(np.where(length < _STILL, staying, passing))


def _speed(search: Flown, track: FloatArray) -> MetresPerSecond:
    if search.speed is not None:
        return search.speed
    way, time = np.hypot(*np.diff(track, axis=0).T), np.diff(search.at)
    return float(way[search.looked].sum() / max(time[search.looked].sum(), 1e-9))
