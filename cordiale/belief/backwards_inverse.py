"""Each possible sea run backwards exactly: the origin from which one particle's own chance leads to the find.

A particle's chance is fixed by its id, so its way over an open sea is a smooth map from origin to end that can be
inverted: the origin is sought (Broyden's rule, forward runs alone) from which it ends at a place drawn from the find.
The density of such origins is that of the place times |det d(end)/d(origin)|, so each is weighted by the prior over
that determinant, and no kernel widens the answer. With the coast back in the way, who does not arrive counts nothing.

Source: change of variables; Broyden, A class of methods for solving nonlinear simultaneous equations, Math. Comp. 19,
577-593 (1965).
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cordiale.belief.backwards_find import (
    Inquiry,
    Weighed,
    arrival,
    cloud_of,
    course_from,
    drawn_from,
    heard_all,
    log_prior,
    normalised,
)
from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.reading import draw_place
from cordiale.earth.geodesy import destination, displacement
from cordiale.earth.units import FloatArray, Fraction, Instant, IntArray, Metres, Seconds
from cordiale.sea.environment import Environment, Vector

_TRIES: Final = 16
_CLOSE: Final[Metres] = 20.0
_LONGEST: Final[Metres] = 15_000.0  # of one stride of the search
_ASIDE: Final[Metres] = 150.0  # to feel how the end moves with the origin
_GIVEN_UP: Final[Metres] = 400_000.0  # beyond any sea that is asked about


def inverted(asked: Inquiry, count: int, wanted: Fraction) -> Weighed:
    """Origins of `count` particles that end exactly in the first find, weighted by the prior and by the other finds.

    The first find must be one afloat, and nothing may begin on a beach.
    """
    ids = np.arange(count, dtype=np.int64)
    find = asked.finds[0]
    lat, lon, start = drawn_from(asked.origin, None, asked.stream.child("began"), ids)
    ends = draw_place(find.readings, asked.stream.child("found"), ids)
    way = _Way(asked, replace(asked.environment, coast=None), find.at, asked.step, ends)
    solved = _origins(cloud_of(asked, lat, lon, start, 0), way)
    cloud = cloud_of(asked, solved.lat, solved.lon, start, 0)
    came = arrival(asked, cloud, 0)
    near = np.hypot(*displacement(*ends, came.lat, came.lon)) <= 2 * _CLOSE
    solvable = came.possible & (solved.missed <= _CLOSE)
    reached = solvable & near
    place = log_prior(asked, solved.lat, solved.lon, start) + np.log(max(asked.origin.when.length, 1.0))
    held_possible = solvable & np.isfinite(place)
    log_weight = np.where(reached, place - solved.log_stretch, -np.inf)
    heard = heard_all(asked, [arrival(asked, cloud, k) for k in range(1, len(asked.finds))], log_weight, wanted, 1)
    weight, evidence, effective = normalised(heard.log_weight)
    return Weighed(
        cloud=replace(cloud, weight=weight),
        log_evidence=evidence,
        effective=effective,
        bandwidth=heard.bandwidth,
        unsolved=float(np.mean(solved.missed > _CLOSE)),
        exact=True,
        turned=float(np.sum(held_possible & ~near) / max(np.sum(held_possible), 1)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """From an origin to the find: an open sea, until when, in which steps, and where each particle is to end."""

    asked: Inquiry
    sea: Environment
    until: Instant
    step: Seconds
    ends: Vector

    def missed(self, cloud: Belief, which: IntArray, lat: FloatArray, lon: FloatArray) -> FloatArray:
        """Metres east and north from the wanted ends to where the particles `which` come from (lat, lon)."""
        course = course_from(self.asked, cloud.ids[which], lat, lon)
        afloat = np.zeros(lat.size, dtype=np.bool_)
        going = replace(cloud.only(which), lat=lat, lon=lon, way_course=course, stranded=afloat)
        came = drift(going, self.sea, until=self.until, step=self.step)
        return np.stack(displacement(self.ends[0][which], self.ends[1][which], came.lat, came.lon), axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """Origins, the logarithm of |det d(end)/d(origin)|, and by how many metres each end is missed."""

    lat: FloatArray
    lon: FloatArray
    log_stretch: FloatArray
    missed: FloatArray


def _origins(cloud: Belief, way: _Way) -> _Solved:
    """The origin of each particle: from its end as a first guess, until all come within 20 m or tries run out."""
    lat, lon = way.ends[0].copy(), way.ends[1].copy()
    count = lat.size
    everyone = np.arange(count)
    slope = np.tile(np.eye(2), (count, 1, 1))
    miss = way.missed(cloud, everyone, lat, lon)
    for _ in range(_TRIES):
        far = np.hypot(miss[:, 0], miss[:, 1])
        open_ones = np.flatnonzero((far > _CLOSE / 4) & (far < _GIVEN_UP))
        if open_ones.size == 0:
            break
        stride = _strides(slope[open_ones], miss[open_ones])
        there = destination(lat[open_ones], lon[open_ones], stride[:, 0], stride[:, 1])
        now = way.missed(cloud, open_ones, *there)
        gain = now - miss[open_ones]
        square = np.maximum((stride**2).sum(axis=1), 1e-6)
        wrong = gain - np.einsum("nij,nj->ni", slope[open_ones], stride)
        slope[open_ones] += wrong[:, :, np.newaxis] * stride[:, np.newaxis, :] / square[:, np.newaxis, np.newaxis]
        better = np.hypot(now[:, 0], now[:, 1]) < np.maximum(far[open_ones], _CLOSE)
        taken = open_ones[better]
        lat[taken], lon[taken], miss[taken] = there[0][better], there[1][better], now[better]
    return _Solved(lat, lon, _log_stretch(cloud, way, lat, lon, miss), np.hypot(miss[:, 0], miss[:, 1]))


def _strides(slope: FloatArray, miss: FloatArray) -> FloatArray:
    """Where to go next (m east, north): against the miss, by the slope as known so far; the miss itself where flat."""
    a, b, c, d = slope[:, 0, 0], slope[:, 0, 1], slope[:, 1, 0], slope[:, 1, 1]
    flat = np.abs(a * d - b * c) < 0.02
    determinant = np.where(flat, 1.0, a * d - b * c)
    east = np.where(flat, miss[:, 0], (d * miss[:, 0] - b * miss[:, 1]) / determinant)
    north = np.where(flat, miss[:, 1], (a * miss[:, 1] - c * miss[:, 0]) / determinant)
    shorten = np.minimum(1.0, _LONGEST / np.maximum(np.hypot(east, north), 1.0))
    return -np.stack([east * shorten, north * shorten], axis=1)


def _log_stretch(cloud: Belief, way: _Way, lat: FloatArray, lon: FloatArray, miss: FloatArray) -> FloatArray:
    """How much larger a small patch of sea has become on its way, as a logarithm: from two runs set a little aside."""
    everyone = np.arange(lat.size)
    none, aside = np.zeros(lat.size), np.full(lat.size, _ASIDE)
    columns = []
    for east, north in ((aside, none), (none, aside)):
        columns.append((way.missed(cloud, everyone, *destination(lat, lon, east, north)) - miss) / _ASIDE)
    first, second = columns
    return np.asarray(np.log(np.maximum(np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]), 1e-6)))
