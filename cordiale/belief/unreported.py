"""Boats nobody has reported: a Poisson intensity, as a cloud whose weights sum to the expected number of them.

Launches are what a prior says: places and times with their spread and how many boats leave. Each particle is a boat
that may have left; the sea and her engine move her, she leaves the intensity once she lies ashore, and she counts by
the chance that nobody would have reported her yet. An empty search thins it where one looked. docs/unreported.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.offing import put_off_the_beach
from cordiale.belief.region import ProbabilityMap, probability_map
from cordiale.belief.report import Between, Fix
from cordiale.belief.resample import systematic
from cordiale.belief.scenario import first_belief
from cordiale.boats.propulsion import SMALL_BOAT, Propulsion, course_steered
from cordiale.boats.search_object import SearchObject
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import destination, distance
from cordiale.earth.instants import Span
from cordiale.earth.position import Position
from cordiale.earth.units import (
    BoolArray,
    FloatArray,
    Fraction,
    Instant,
    IntArray,
    Metres,
    Probability,
    Quantity,
    Seconds,
    hours,
    km,
    metres,
    minutes,
)
from cordiale.sea.environment import Environment

LANDS: Final[Metres] = 500 * metres  # judgement: under way so near a shore she did not leave from, she lands
ELSEWHERE: Final[Metres] = 10 * km  # judgement: so far from where she left it is another shore
POD_MOST: Final[Probability] = 0.99  # judgement, the rule of the house: no one search deletes the truth
# Variance over mean of the number: 1 + (2 m - 2) S of boats in groups of m = 2.5 of which S = 0.5 are not reported yet.
CLUSTERED: Final[Fraction] = 2.5
# The boat that somebody reports has an engine that fails; of one that nobody reported we know no more than of any.
ANY_BOAT: Final = replace(
    SMALL_BOAT,
    time_to_failure=45 * hours,
    source=SMALL_BOAT.source + "; engine of any boat: of 49,966 people at sea in 2025 the French side rescued 6,177"
    " (Prefecture maritime, read second-hand), 45 h at 6 h a passage: judgement",
)
_CANDIDATES: Final = 4  # so many launches are drawn for each that is kept


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstReport:
    """How long after her launch somebody first reports a boat: exponential times of those that call and the others.

    `silent` never call and are first seen by others, on the mean after `seen`; those that call are heard of, or seen,
    after `heard`. Half of the boats of 24 November 2021 called (press, second-hand); both times are judgements, and
    generated nights (docs/unreported.md) have the same first reports: half of the boats after an hour.
    """

    silent: Probability = 0.5
    heard: Seconds = 0.9 * hours
    seen: Seconds = 2.5 * hours

    def __post_init__(self) -> None:
        if not (0 <= self.silent <= 1 and self.heard > 0 and self.seen > 0):
            raise CordialeError("belief.first_report", silent=self.silent, heard=self.heard, seen=self.seen)

    def not_yet(self, age: FloatArray) -> FloatArray:
        """Probability that nobody has reported a boat so many seconds after her launch; before it, 1. Any shape."""
        since = np.maximum(age, 0.0)
        return np.asarray((1 - self.silent) * np.exp(-since / self.heard) + self.silent * np.exp(-since / self.seen))


FIRST_REPORT: Final = FirstReport()


@dataclass(frozen=True, kw_only=True, slots=True)
class Launch:
    """Where and when boats leave, and how many: evenly within `at`, with normal errors beside.

    Parameters
    ----------
    place, place_std : Position, Metres
        Middle, and standard deviation east and north; places on land are put off the beach.
    at, at_std : Span, Seconds
    boats : Quantity
        Expected number that leave, reported or not.
    """

    place: Position
    at: Span
    boats: Quantity
    place_std: Metres = 400 * metres
    at_std: Seconds = 12 * minutes

    def __post_init__(self) -> None:
        for name in ("boats", "place_std", "at_std"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise CordialeError("belief.launch", what=name, value=value)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Unreported:
    """The boats that nobody has reported by `at`: `expected` of them afloat, where `cloud` is.

    The weights of `cloud` sum to 1, as those of every belief, so that every map and search plan takes it; `weights` sum
    to the expected number. `cloud` is None where no boat is left.
    """

    at: Instant
    expected: Quantity
    cloud: Belief | None

    @property
    def weights(self) -> FloatArray:
        """Expected number of boats that each particle stands for, shape (n,)."""
        return np.zeros(0) if self.cloud is None else self.expected * self.cloud.weight

    @property
    def chance_of_any(self) -> Probability:
        """That there is at least one, by Poisson's law; boats that leave together make it less."""
        return -math.expm1(-self.expected)

    def number(self, within: Probability = 0.9) -> Between:
        """The middle `within` of their number; see `number_of`."""
        return number_of(self.expected, within)


def unreported(
    launches: Sequence[Launch],
    environment: Environment,
    at: Instant,
    *,
    seed: int,
    count: int = 2000,
    expected: Quantity | None = None,
    first_report: FirstReport = FIRST_REPORT,
    search_for: SearchObject | None = None,
    propulsion: Propulsion = ANY_BOAT,
) -> Unreported:
    """Where the boats may be that nobody has reported.

    Parameters
    ----------
    launches : sequence of Launch
        The prior; what would leave after `at` is not afloat and not counted.
    at : Instant
    seed : int
        The same launches, sea, seed and count give the same cloud.
    count : int
        Particles, equally likely before an empty search.
    expected : Quantity, optional
        The number that the weights are made to sum to; else what the launches, their reports and the shore leave.
    first_report : FirstReport, optional
    search_for, propulsion : SearchObject, Propulsion, optional
        The small overloaded inflatable that steers for the other shore, her engine that of any boat, unless given.

    Returns
    -------
    Unreported. Raises as `drift` where the sea is not known.
    """
    total = sum(launch.boats for launch in launches)
    if not launches or total <= 0:
        raise CordialeError("belief.no_launches", count=len(launches))
    if expected is not None and not (math.isfinite(expected) and expected >= 0):
        raise CordialeError("belief.launch", what="expected", value=expected)
    if count < 1:
        raise CordialeError("belief.count", count=count)
    stream = Stream.of_seed(seed).child("unreported")
    left, share = _drawn(launches, environment, at, stream.child("launch"), count, first_report)
    if left is None:
        return Unreported(at=at, expected=0.0, cloud=None)
    now, landed = _sailed(_belief(left, stream, search_for, propulsion), environment, at)
    here = total * share * float(np.mean(~landed))
    if here <= 0 or expected == 0:
        return Unreported(at=at, expected=0.0, cloud=None)
    return Unreported(at=at, expected=here if expected is None else expected, cloud=now.only(~landed))


def after_empty_search(before: Unreported, pod_per_particle: FloatArray) -> Unreported:
    """The intensity after a search that found no boat that was not reported: thinned where one looked.

    `pod_per_particle` (n,) is the probability of detection of a boat that were that particle; at most `POD_MOST` is
    believed. A Poisson intensity is not made to sum to what it was: the expected number falls by what was searched,
    and no weight rises anywhere.
    """
    if before.cloud is None:
        return before
    pod = np.asarray(pod_per_particle, dtype=np.float64)
    if pod.shape != before.cloud.weight.shape:
        raise CordialeError("belief.pod_shape", shape=pod.shape, count=len(before.cloud))
    if not (np.isfinite(pod).all() and (pod >= 0).all() and (pod <= 1).all()):
        raise CordialeError("belief.pod", least=float(pod.min()), most=float(pod.max()))
    left = before.cloud.weight * (1 - np.minimum(pod, POD_MOST))
    share = float(left.sum())
    return replace(before, expected=before.expected * share, cloud=replace(before.cloud, weight=left / share))


def expected_map(boats: Unreported, cell: Metres = 500 * metres) -> ProbabilityMap | None:
    """Expected number of boats in each cell that holds any: as `probability_map`, but the masses sum to `expected`."""
    if boats.cloud is None:
        return None
    chart = probability_map(boats.cloud, cell)
    return replace(chart, mass=boats.expected * chart.mass)


def number_of(expected: Quantity, within: Probability = 0.9, clustered: Fraction = CLUSTERED) -> Between:
    """The middle `within` of a negative binomial law of this mean and `clustered` times that variance.

    Poisson's law is narrower: boats leave together, and how many leave in an hour is itself not known.
    """
    if expected <= 0:
        return Between(least=0, most=0)
    size, tail = expected / (clustered - 1), (1 - within) / 2
    chance = clustered**-size
    reached, k, least = chance, 0, 0
    while reached < 1 - tail and k < 100_000:
        least = k + 1 if reached <= tail else least
        chance *= (size + k) / (k + 1) * (1 - 1 / clustered)
        k += 1
        reached += chance
    return Between(least=least, most=k)


@dataclass(frozen=True, slots=True, eq=False)
class _Left:
    """Where and when boats left that nobody has reported, equally likely: arrays (n,)."""

    lat: FloatArray
    lon: FloatArray
    start: FloatArray


def _drawn(
    launches: Sequence[Launch],
    environment: Environment,
    at: Instant,
    chance: Stream,
    count: int,
    first_report: FirstReport,
) -> tuple[_Left | None, Probability]:
    """Boats drawn from the launches by the chance that they have left and nobody has reported them; and its mean."""
    ids: IntArray = np.arange(_CANDIDATES * count, dtype=np.int64)
    boats = np.array([launch.boats for launch in launches])
    even = (ids + chance.child("which").uniforms(ids, 0)[:, 0]) / ids.size
    which = np.searchsorted(np.cumsum(boats / boats.sum())[:-1], even, side="right")
    uniform, normal = chance.child("time").uniforms(ids, 0), chance.child("time error").normals(ids, 0)
    begin, length, spread, std, lat, lon = np.array(
        [[o.at.earliest, o.at.length, o.at_std, o.place_std, o.place.lat, o.place.lon] for o in launches]
    )[which].T
    start = begin + length * uniform[:, 0] + spread * normal[:, 0]
    silent = np.where(start <= at, first_report.not_yet(at - start), 0.0)
    if silent.sum() <= 0:
        return None, 0.0
    comb = float(chance.child("comb").uniforms(ids[:1], 0)[0, 0])
    chosen = systematic(silent / silent.sum(), count, comb)
    off = chance.child("place").normals(ids, 0)[chosen]
    lat, lon = destination(lat[chosen], lon[chosen], std[chosen] * off[:, 0], std[chosen] * off[:, 1])
    if environment.coast is not None:
        lat, lon = put_off_the_beach(environment.coast, lat, lon)
    return _Left(lat, lon, start[chosen]), float(silent.mean())


def _belief(left: _Left, stream: Stream, search_for: SearchObject | None, propulsion: Propulsion) -> Belief:
    """All of them at the first launch, under way from their own; who leaves later waits."""
    first = Position(lat=float(left.lat[0]), lon=float(left.lon[0]))
    made = first_belief(
        Fix(position=first, within=1 * km),
        stream=stream,
        search_for=search_for,
        count=left.start.size,
        at=float(left.start.min()),
        under_way=1.0,
        propulsion=propulsion,
        name="unreported",
    )
    uniform, normal = stream.child("heading").uniforms(made.ids, 0), stream.child("heading error").normals(made.ids, 0)
    return replace(
        made,
        lat=left.lat,
        lon=left.lon,
        start=left.start,
        way_course=course_steered(propulsion, left.lat, left.lon, uniform[:, 0], normal[:, 0]),
        engine_stops=made.engine_stops - made.start + left.start,
    )


def _sailed(left: Belief, environment: Environment, at: Instant) -> tuple[Belief, BoolArray]:
    """The cloud at `at`, and which of it has landed: lies ashore, or came under way to a shore she did not leave."""
    landed: BoolArray = np.zeros(len(left), dtype=np.bool_)
    coast = environment.coast

    def seen(belief: Belief) -> None:
        if coast is None:
            return
        far = np.flatnonzero(~landed & (distance(left.lat, left.lon, belief.lat, belief.lon) > ELSEWHERE))
        landed[far] = coast.distance(belief.lat[far], belief.lon[far]) < LANDS

    now = drift(left, environment, until=at, observe=seen, every=30 * minutes)
    return now, np.asarray(landed | now.stranded)
