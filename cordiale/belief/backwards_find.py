"""What was found, and where and when it may have begun: the two nouns of drift backwards, and the way between them.

A find is carried forward from an origin by the same `drift` as any forecast. Finds of one boat share their origin and
the errors of current and wind, which belong to the sea; class, side and residuals of the leeway are each its own.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.offing import put_off_the_beach
from cordiale.belief.reading import Spot, draw_place, log_likelihood_of_place, spot
from cordiale.belief.report import Place, Reading, Report
from cordiale.belief.scenario import first_belief
from cordiale.boats.life import UNDER_WAY
from cordiale.boats.propulsion import SMALL_BOAT, Propulsion, course_steered
from cordiale.boats.search_object import SearchObject, search_object
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import displacement
from cordiale.earth.instants import Span, iso
from cordiale.earth.units import (
    BoolArray,
    FloatArray,
    Fraction,
    Instant,
    IntArray,
    LogLikelihood,
    Metres,
    Probability,
    Seconds,
    km,
)
from cordiale.sea.environment import Environment, Shore

_SEA_DRAWS: Final = 2000
_AT_SEA: Final[Fraction] = 0.01  # judgement: of the error of a find afloat, that must lie at sea
_NARROWEST: Final[Metres] = 1.0
FRACTIONS: Final = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)  # of the straying: the kernels tried
Watch = Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class Find:
    """Something of the boat was found: an empty boat, debris, bodies.

    Parameters
    ----------
    where : Place or exclusive readings
        With its error, as of any report.
    at : Instant
        When it was found.
    search_for : SearchObject
        What drifted there: the mixture over leeway classes from the origin on.
    ashore : bool
        It lay on the shore; it came there at any time before `at`.
    not_before : Instant, optional
        For a find ashore: the last time the shore was seen without it.
    phases : tuple of int, optional
        What it had become when it was found, of `cordiale.boats.life.PHASES`, where `search_for` has a life: people in
        the water, say. Any unless given.
    """

    where: Place | tuple[Reading, ...]
    at: Instant
    search_for: SearchObject = field(default_factory=lambda: search_object("debris"))
    ashore: bool = False
    not_before: Instant | None = None
    phases: tuple[int, ...] = ()
    name: str = "find"

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings of the place, one at least."""
        return self.where if isinstance(self.where, tuple) else (Reading(place=self.where),)

    @property
    def spread(self) -> Metres:
        """Standard deviation of the stated place, one component, of its likeliest reading."""
        return math.sqrt((self.likeliest.east_variance + self.likeliest.north_variance) / 2)

    @property
    def likeliest(self) -> Spot:
        """Mean and covariance of its likeliest reading."""
        return spot(max(self.readings, key=lambda r: r.probability).place)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where and when it may have begun, before the finds are heard: all alike over a place and a span of time.

    Parameters
    ----------
    where : Place or exclusive readings
        An area of sea, a stretch of coast drawn as a narrow area, a fix with its error.
    when : Span
        Every instant of it alike.
    under_way : Probability
        That it began with the engine running; 0 is adrift from the first.
    from_the_beach : bool
        Places on land are put in open water off the nearest beach; else they are taken to be impossible.
    """

    where: Place | tuple[Reading, ...]
    when: Span
    under_way: Probability = 0.0
    from_the_beach: bool = False
    propulsion: Propulsion = SMALL_BOAT
    name: str = "origin"

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings of the place, one at least."""
        return self.where if isinstance(self.where, tuple) else (Reading(place=self.where),)


def find_of_report(report: Report, search_for: SearchObject | None = None) -> Find:
    """The find that a report tells of, at the middle of its span; one without a position raises."""
    if not report.where:
        raise CordialeError("belief.no_position", report=report.name)
    return Find(
        where=report.where,
        at=report.event.middle,
        search_for=search_for or search_object("debris"),
        ashore=report.boat.state == "beached",
        name=report.name,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Inquiry:
    """All that stays the same while origins are tried.

    `sea_share` is the part of the prior that is not on land: its density is taken as that much higher at sea.
    """

    finds: tuple[Find, ...]
    origin: Origin
    environment: Environment
    stream: Stream
    step: Seconds
    sea_share: Fraction
    stopped: Watch


def inquiry(
    finds: tuple[Find, ...],
    origin: Origin,
    environment: Environment,
    stream: Stream,
    step: Seconds,
    stopped: Watch,
) -> Inquiry:
    """The question, checked: a find at least, every one after the origin may have begun, and afloat only at sea."""
    if not finds:
        raise CordialeError("belief.no_finds")
    first = min(find.at for find in finds)
    if origin.when.earliest >= first:
        raise CordialeError("belief.find_too_early", found=iso(first), earliest=iso(origin.when.earliest))
    if origin.when.latest > first:
        origin = replace(origin, when=Span(earliest=origin.when.earliest, latest=first))
    share = 1.0
    if environment.coast is not None and not origin.from_the_beach:
        lat, lon = drawn_from(origin, None, stream.child("sea share"), np.arange(_SEA_DRAWS, dtype=np.int64))[:2]
        share = float(np.mean(~(environment.coast.distance(lat, lon) <= 0)))
        if share == 0:
            raise CordialeError("belief.origin_on_land")
    _require_afloat(finds, environment.coast, stream)
    return Inquiry(finds, origin, environment, stream, step, share, stopped)


def _require_afloat(finds: tuple[Find, ...], coast: Shore | None, stream: Stream) -> None:
    """Refuse a find afloat that lies on land with (nearly) all of its error."""
    if coast is None:
        return
    for find in finds:
        ids = np.arange(_SEA_DRAWS, dtype=np.int64)
        if find.ashore or np.mean(~(coast.distance(*draw_place(find.readings, stream, ids)) <= 0)) >= _AT_SEA:
            continue
        centre = find.likeliest.centre
        inland = -float(coast.distance(np.array([centre.lat]), np.array([centre.lon]))[0])
        raise CordialeError("belief.find_inland", find=find.name, inland_km=max(inland, 0.0) / km, position=str(centre))


def drawn_from(
    origin: Origin, coast: Shore | None, stream: Stream, ids: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(lat, lon, start) drawn from the prior, one for each id."""
    cloud = first_belief(
        origin.readings, at=origin.when, stream=stream, count=ids.size, first_id=int(ids[0]), coast=coast
    )
    return cloud.lat, cloud.lon, cloud.start


def log_prior(asked: Inquiry, lat: FloatArray, lon: FloatArray, start: FloatArray) -> FloatArray:
    """Logarithm of the prior density of origins, 1/(m2 s) (1/m2 where the moment is known), at sea; shape (n,)."""
    when = asked.origin.when
    place = log_likelihood_of_place(asked.origin.readings, lat, lon) - math.log(asked.sea_share)
    inside = (start >= when.earliest) & (start <= when.latest)
    return np.where(inside, place - math.log(max(when.length, 1.0)), -np.inf)


def cloud_of(asked: Inquiry, lat: FloatArray, lon: FloatArray, start: FloatArray, first_id: int) -> Belief:
    """A belief whose particles wait at given origins, each with its own chance of everything else."""
    origin, coast = asked.origin, asked.environment.coast
    if origin.from_the_beach and coast is not None:
        lat, lon = put_off_the_beach(coast, lat, lon)
    cloud = first_belief(
        origin.readings,
        at=origin.when,
        stream=asked.stream,
        count=lat.size,
        first_id=first_id,
        under_way=origin.under_way,
        propulsion=origin.propulsion,
        search_for=asked.finds[0].search_for,
        name=origin.name,
    )
    later = start - cloud.start
    course = course_from(asked, cloud.ids, lat, lon)
    return replace(
        cloud,
        lat=lat,
        lon=lon,
        start=start,
        way_course=course,
        engine_stops=cloud.engine_stops + later,
        phase_ends=cloud.phase_ends + later,
        stranded=np.zeros(lat.size, dtype=np.bool_)
        if coast is None or origin.from_the_beach
        else np.asarray(coast.distance(lat, lon) <= 0),
    )


def course_from(asked: Inquiry, ids: IntArray, lat: FloatArray, lon: FloatArray) -> FloatArray:
    """The course (degrees true) that each particle steers from an origin: it aims at its own point of the far shore."""
    chance = asked.stream.child("steered")
    return course_steered(
        asked.origin.propulsion, lat, lon, chance.uniforms(ids, 0)[:, 0], chance.normals(ids, 1)[:, 0]
    )


def as_found(cloud: Belief, find: Find, number: int) -> Belief:
    """The same origins and the same errors of the sea, drifting as find number so many does."""
    if number == 0:
        return cloud
    return drifting_as(cloud, find.search_for, cloud.stream.child(f"find {number}"))


def drifting_as(cloud: Belief, what: SearchObject, chance: Stream) -> Belief:
    """The cloud as another object from its instant on: class, side, residuals and first phase are those of `what`."""
    uniform, normal = chance.uniforms(cloud.ids, 0), chance.normals(cloud.ids, 1)
    phase = np.where(cloud.way_speed > 0, UNDER_WAY, what.first_phase).astype(np.int64)
    return replace(
        cloud,
        search_object=what,
        leeway_class=what.draw_class(uniform[:, 0], phase),
        side=np.where(uniform[:, 1] < 0.5, 1, -1).astype(np.int64),
        downwind_residual=normal[:, 0],
        crosswind_residual=normal[:, 1],
        phase=phase,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """Where particles are at the time of a find, and which of them may be it: afloat, or ashore in its time."""

    lat: FloatArray
    lon: FloatArray
    possible: BoolArray
    strayed: Metres


def arrival(asked: Inquiry, cloud: Belief, number: int) -> Arrival:
    """The cloud carried forward to find number so many."""
    find = asked.finds[number]
    moving = as_found(cloud, find, number)
    grounded = moving.stranded
    if find.ashore and find.not_before is not None:
        moving = drift(moving, asked.environment, until=max(find.not_before, moving.at), step=asked.step)
        grounded = moving.stranded
    moving = drift(moving, asked.environment, until=find.at, step=asked.step)
    possible = moving.stranded & ~grounded if find.ashore else ~moving.stranded
    if find.phases:
        possible = possible & np.isin(moving.phase, find.phases)
    return Arrival(moving.lat, moving.lon, np.asarray(possible), _strayed(cloud, moving, possible))


def _strayed(cloud: Belief, moving: Belief, possible: BoolArray) -> Metres:
    """Standard deviation, one component, of how far particles went apart on their way."""
    if possible.sum() < 3:
        return _NARROWEST
    east, north = displacement(cloud.lat, cloud.lon, moving.lat, moving.lon)
    return max(math.sqrt((float(east[possible].var()) + float(north[possible].var())) / 2), _NARROWEST)


def log_likelihood(find: Find, came: Arrival, bandwidth: Metres) -> FloatArray:
    """Logarithm of the density (1/m2) of the find for each particle, its place smoothed by a normal kernel."""
    if bandwidth <= 0:
        near = log_likelihood_of_place(find.readings, came.lat, came.lon)
    else:
        near = smoothed(find, came.lat, came.lon, bandwidth)
    return np.where(came.possible, near, -np.inf)


def smoothed(find: Find, lat: FloatArray, lon: FloatArray, bandwidth: Metres) -> FloatArray:
    """Each reading as the normal law of its mean and covariance, widened by the kernel."""
    parts = []
    for reading in find.readings:
        if reading.probability <= 0:
            continue
        where = spot(reading.place)
        a, b, c = where.east_variance + bandwidth**2, where.covariance, where.north_variance + bandwidth**2
        determinant = a * c - b * b
        east, north = displacement(where.centre.lat, where.centre.lon, lat, lon)
        square = (c * east**2 - 2 * b * east * north + a * north**2) / determinant
        parts.append(math.log(reading.probability) - square / 2 - math.log(2 * math.pi) - math.log(determinant) / 2)
    return np.asarray(np.logaddexp.reduce(parts, axis=0))


def normalised(log_weight: FloatArray) -> tuple[FloatArray, LogLikelihood, Fraction]:
    """Weights that sum to 1, logarithm of their mean, effective number; 0 and minus infinity where none is possible."""
    highest = float(log_weight.max())
    if not math.isfinite(highest):
        return np.zeros(log_weight.size), -math.inf, 0.0
    weight = np.exp(log_weight - highest)
    total = float(weight.sum())
    weight /= total
    return weight, highest + math.log(total / log_weight.size), float(1 / (weight @ weight))


@dataclass(frozen=True, kw_only=True, eq=False)
class Weighed:
    """Origins with their weights: what either method hands back.

    `bandwidth` is the widest kernel used (m), `unsolved` the share of particles whose origin was not found, `exact`
    that the first find needed no kernel, `turned` the share that only a coast turned aside: an engine keeps off it.
    """

    cloud: Belief
    log_evidence: LogLikelihood
    effective: Fraction
    bandwidth: Metres
    unsolved: Fraction = 0.0
    exact: bool = False
    turned: Fraction = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """Log weights after finds were heard, and the widest kernel that took (m)."""

    log_weight: FloatArray
    bandwidth: Metres


def heard_all(
    asked: Inquiry, came: Sequence[Arrival], log_weight: FloatArray, wanted: Fraction, first: int = 0
) -> Heard:
    """The weights times the likelihoods of the finds from number `first` on, under kernels as narrow as may be.

    The kernel of each find is a fraction of what the particles stray on their way to it, the same for all: the least
    of `FRACTIONS` that leaves `wanted` effective particles.
    """
    heard = Heard(log_weight, 0.0)
    if not came:
        return heard
    for fraction in FRACTIONS:
        widths = [fraction * each.strayed for each in came]
        total = log_weight.copy()
        for number, (each, width) in enumerate(zip(came, widths, strict=True), start=first):
            total = total + log_likelihood(asked.finds[number], each, width)
        heard = Heard(total, max(widths))
        if normalised(total)[2] >= wanted:
            break
    return heard
