"""A report changes a belief: Bayes, with a floor under the likelihood so that no single report can delete the truth.

Both sides may be wrong. With probability `CLOUD_WRONG` the cloud does not hold the boat, who may then be anywhere in a
sea of `SEA_AREA`; with probability `REPORT_WRONG` the report's position says nothing. So the new belief is a mixture of
the cloud as the report changes it, of places drawn from the report alone, and of the cloud as it was, each with the
share that Bayes gives it. docs/belief.md tells the rest.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cordiale.belief.belief import Belief, joined
from cordiale.belief.density import Density, density_at, density_of
from cordiale.belief.drift import drift
from cordiale.belief.life_cycle import boats_afloat, told
from cordiale.belief.reading import Spot, draw_place, log_likelihood_of_place, spot
from cordiale.belief.report import Area, Fix, Reading, Report
from cordiale.belief.resample import loosened, renewed, systematic
from cordiale.belief.scenario import first_belief, reported_under_way
from cordiale.boats.life import ADRIFT, BEACHED
from cordiale.boats.propulsion import SMALL_BOAT, course_steered, speed_through_water, time_until_failure
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import destination, displacement
from cordiale.earth.units import FloatArray, Fraction, LogLikelihood, Probability, Seconds, SquareMetres, km, minutes
from cordiale.sea.environment import Environment

SEA_AREA: Final[SquareMetres] = (100 * km) ** 2  # judgement: the strait from Beachy Head to the Belgian border
CLOUD_WRONG: Final[Probability] = 0.01  # judgement
REPORT_WRONG: Final[Probability] = 0.01  # judgement: a wrong pin, a slip of the pen, an old position
WAY_WRONG: Final[Probability] = 0.05  # judgement: the engine that was reported running does not run
_FEWEST: Final[Fraction] = 0.02  # of the particles, for each part of the mixture
_COVERED: Final[Fraction] = 0.1  # effective share of the particles above which they are only weighted
_COVERED_WELL: Final = 10.0  # times as likely under the cloud as anywhere in the sea: both floors are below 0.2 %
_DRAWS: Final = 4000
_WIDER: Final = 1.5  # of the variance of a normal law that stands in for a polygon while drawing
_OWN_TIMES: Final[Seconds] = 10 * minutes


@dataclass(frozen=True, slots=True, eq=False)
class _AtEvent:
    """The belief at the end of a report's span, and where each particle was at its own instant within the span."""

    belief: Belief
    lat: FloatArray
    lon: FloatArray


def log_evidence(belief: Belief, report: Report, environment: Environment | None = None) -> LogLikelihood:
    """Natural logarithm of the density (1/m2) of the report's position under the cloud, with both floors.

    The density is the integral of the cloud's density times the density of the true position given the report: for a
    fix the two clouds' overlap, for an area the mean density in it, for exclusive readings the mean by their
    probabilities. Against a boat anywhere in an area R, the Bayes factor is this density times R.

    The belief is taken as it stands; with an environment it is first moved to the report's event, each particle to an
    instant of its own where that is a span. A report without a position gives 0: it says nothing about the place.
    """
    if not report.where:
        return 0.0
    event = _at_event(belief, report, environment)
    density = density_of(event.lat, event.lon, belief.weight)
    return math.log(_floored(_overlap(event, density, report)))


def update(belief: Belief, report: Report, environment: Environment | None = None) -> Belief:
    """The belief after a report about this boat; a report without a position changes at most whether she makes way.

    The belief is taken as it stands, or moved to the report's event first where an environment is given. Where the
    cloud covers the report well (ten times as likely as anywhere in the sea, effective number of particles after
    weighting at least a tenth) the particles stay and are weighted by the floored likelihood. Else each particle stands
    for a normal kernel of the cloud's bandwidth, is moved into the report by Bayes for normal laws, and the three parts
    of the mixture get at least 2 % of the particles each, with the weights that Bayes gives them. Returns as many
    particles as before. A belief later than the event is taken as it stands: give reports in the order of their events.
    """
    event = _at_event(belief, report, environment)
    if not report.where:
        return _told_way(told(event.belief, report, environment), report)
    likelihood = np.exp(log_likelihood_of_place(report.where, event.lat, event.lon))
    weight = belief.weight * ((1 - REPORT_WRONG) * likelihood + REPORT_WRONG / SEA_AREA)
    weight /= weight.sum()
    if float(belief.weight @ likelihood) * SEA_AREA >= _COVERED_WELL and 1 / (weight @ weight) >= _COVERED * len(
        belief
    ):
        return _told_way(told(replace(event.belief, weight=weight), report, environment), report)
    return _mixture(event, report, environment)


def _mixture(event: _AtEvent, report: Report, environment: Environment | None) -> Belief:
    """The cloud as the report changes it, places from the report alone, and the cloud as it was."""
    belief = event.belief
    density = density_of(event.lat, event.lon, belief.weight)
    overlap = _overlap(event, density, report)
    masses = np.array(
        [
            (1 - CLOUD_WRONG) * (1 - REPORT_WRONG) * overlap,
            CLOUD_WRONG * (1 - REPORT_WRONG) / SEA_AREA,
            (1 - CLOUD_WRONG) * REPORT_WRONG / SEA_AREA,
        ]
    )
    masses /= masses.sum()
    counts = _shared_out(masses, len(belief))
    chance = belief.stream.child(f"update {report.name}")
    changed = _changed(event, report, density.bandwidth, int(counts[0]), chance)
    changed = _told_way(told(changed, report, environment), report)
    fresh = first_belief(
        report,
        stream=chance.child("fresh"),
        search_for=belief.search_object,
        count=int(counts[1]),
        coast=None if environment is None else environment.coast,
    )
    if environment is not None and fresh.at < belief.at:
        fresh = drift(fresh, environment, until=belief.at)
    fresh = replace(fresh, at=belief.at, stream=belief.stream)
    kept = belief.only(systematic(belief.weight, int(counts[2]), _comb(chance, 2)))
    parts = [
        replace(part, weight=part.weight / part.weight.sum() * mass)
        for part, mass in zip((changed, fresh, replace(kept, weight=np.full(len(kept), 1.0))), masses, strict=True)
    ]
    return renewed(joined(*parts))


def _changed(event: _AtEvent, report: Report, bandwidth: float, count: int, chance: Stream) -> Belief:
    """The kernels of the cloud moved into the report: a reading for each, its normal law, then its own shape."""
    spots = [_stand_in(reading) for reading in report.where]
    scores = np.stack(
        [
            np.log(max(reading.probability, 1e-300)) + _log_normal(where, bandwidth**2, event.lat, event.lon)
            for reading, where in zip(report.where, spots, strict=True)
        ]
    )
    weight = event.belief.weight * np.exp(np.logaddexp.reduce(scores, axis=0) - scores.max())
    if weight.sum() <= 0:  # too far for any number: the nearest particle stands for the cloud
        weight = (scores.max(axis=0) == scores.max()).astype(np.float64)
    chosen = systematic(weight / weight.sum(), count, _comb(chance, 0))
    ids = np.arange(count, dtype=np.int64)
    pick = chance.child("reading").uniforms(ids, 0)[:, 0]
    share = np.exp(scores[:, chosen] - np.logaddexp.reduce(scores[:, chosen], axis=0))
    which = np.minimum((np.cumsum(share, axis=0) < pick).sum(axis=0), len(spots) - 1)
    normal = chance.child("kernel").normals(ids, 0)
    moved_east, moved_north = np.zeros(count), np.zeros(count)
    correction = np.zeros(count)
    for index, (reading, where) in enumerate(zip(report.where, spots, strict=True)):
        mine = which == index
        lat, lon = event.lat[chosen[mine]], event.lon[chosen[mine]]
        east, north = _posterior_move(where, bandwidth**2, lat, lon, normal[mine])
        moved_east[mine], moved_north[mine] = east, north
        if not isinstance(reading.place, Fix):
            to_lat, to_lon = destination(lat, lon, east, north)
            correction[mine] = log_likelihood_of_place((replace(reading, probability=1.0),), to_lat, to_lon)
            correction[mine] -= _log_normal(where, 0.0, to_lat, to_lon)
    ancestors = float(weight.sum() ** 2 / (weight @ weight))
    copies = loosened(event.belief.only(chosen), ancestors, chance.child("loosened"))
    lat, lon = destination(copies.lat, copies.lon, moved_east, moved_north)
    finite = np.isfinite(correction)
    shape = np.exp(correction - correction[finite].max()) if finite.any() else np.ones(count)
    phase = np.where(copies.phase == BEACHED, ADRIFT, copies.phase)  # a report from the sea: she lies there no more
    weight = shape / shape.sum()
    return replace(copies, lat=lat, lon=lon, weight=weight, phase=phase, stranded=np.zeros(count, dtype=np.bool_))


def _posterior_move(
    where: Spot, kernel_variance: SquareMetres, lat: FloatArray, lon: FloatArray, normal: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Metres east and north from each particle to a draw from (its kernel) x (the normal law of the spot)."""
    cov = np.array([[where.east_variance, where.covariance], [where.covariance, where.north_variance]])
    gain = kernel_variance * np.linalg.inv(cov + kernel_variance * np.eye(2))
    root = np.linalg.cholesky((np.eye(2) - gain) * kernel_variance + 1e-9 * np.eye(2))
    east, north = displacement(lat, lon, where.centre.lat, where.centre.lon)
    moved = gain @ np.stack([east, north]) + root @ normal.T
    return moved[0], moved[1]


def _log_normal(where: Spot, added: SquareMetres, lat: FloatArray, lon: FloatArray) -> FloatArray:
    """Logarithm of the spot's normal density (1/m2), its covariance widened by `added` both ways, at places (n,)."""
    a, b, c = where.east_variance + added, where.covariance, where.north_variance + added
    determinant = max(a * c - b * b, 1e-6)
    east, north = displacement(where.centre.lat, where.centre.lon, lat, lon)
    square = (c * east**2 - 2 * b * east * north + a * north**2) / determinant
    return np.asarray(-square / 2 - math.log(2 * math.pi) - math.log(determinant) / 2)


def _stand_in(reading: Reading) -> Spot:
    exact = spot(reading.place)
    if not isinstance(reading.place, Area):
        return exact
    return replace(
        exact,
        east_variance=exact.east_variance * _WIDER,
        north_variance=exact.north_variance * _WIDER,
        covariance=exact.covariance * _WIDER,
    )


def _overlap(event: _AtEvent, density: Density, report: Report) -> float:
    """Integral (1/m2) of the cloud's smoothed density times the density of the place given the report.

    A fix is summed exactly over the kernels. Any other reading is sampled from whichever of the two is narrower.
    """
    weight = event.belief.weight
    total = 0.0
    for index, reading in enumerate(report.where):
        where = spot(reading.place)
        if isinstance(reading.place, Fix):
            value = float(weight @ np.exp(_log_normal(where, density.bandwidth**2, event.lat, event.lon)))
        elif where.east_variance + where.north_variance < _variance(event, weight):
            chance = Stream.of_seed(0).child(f"overlap {index}")
            alone = (replace(reading, probability=1.0),)
            value = float(density_at(density, *draw_place(alone, chance, np.arange(_DRAWS, dtype=np.int64))).mean())
        else:
            alone = (replace(reading, probability=1.0),)
            value = float(weight @ np.exp(log_likelihood_of_place(alone, event.lat, event.lon)))
        total += reading.probability * value
    return total


def _floored(overlap: float) -> float:
    covered = (1 - CLOUD_WRONG) * overlap + CLOUD_WRONG / SEA_AREA
    return (1 - REPORT_WRONG) * covered + REPORT_WRONG / SEA_AREA


def _variance(event: _AtEvent, weight: FloatArray) -> SquareMetres:
    east, north = displacement(float(weight @ event.lat), float(weight @ event.lon), event.lat, event.lon)
    return float(weight @ (east**2 + north**2))


def _shared_out(masses: FloatArray, count: int) -> np.ndarray:
    """Numbers of particles by mass, at least 2 % each, `count` in all."""
    least = max(1, round(_FEWEST * count))
    counts = np.maximum(np.floor(masses * count).astype(np.int64), least)
    counts[int(np.argmax(counts))] += count - counts.sum()
    return np.maximum(counts, 1)


def _comb(chance: Stream, purpose: int) -> Probability:
    return float(chance.child("comb").uniforms(np.zeros(1, dtype=np.int64), purpose)[0, 0])


def _at_event(belief: Belief, report: Report, environment: Environment | None) -> _AtEvent:
    """The belief moved to the report's span; where that has a length each particle has an instant of its own."""
    if environment is None:
        return _AtEvent(belief, belief.lat, belief.lon)
    begin = max(belief.at, report.event.earliest)
    belief = drift(belief, environment, until=begin)
    length = report.event.latest - begin
    if length <= 0:
        return _AtEvent(belief, belief.lat, belief.lon)
    own = belief.stream.child(f"event {report.name}").uniforms(belief.ids, 0)[:, 0]
    legs = max(1, math.ceil(length / _OWN_TIMES))
    lat, lon = belief.lat, belief.lon
    for leg in range(legs):
        moved = drift(belief, environment, until=begin + length * (leg + 1) / legs)
        part = np.clip(own * legs - leg, 0.0, 1.0)
        lat = np.where(part > 0, belief.lat + part * (moved.lat - belief.lat), lat)
        lon = np.where(part > 0, belief.lon + part * (moved.lon - belief.lon), lon)
        belief = moved
    return _AtEvent(belief, lat, lon)


def _told_way(belief: Belief, report: Report) -> Belief:
    """What the report says of the engine: adrift stops every engine; way starts those adrift, with 5 % doubt."""
    if report.boat.engine is None and report.boat.state is None:
        return belief
    share = reported_under_way(report)
    if share == 0:
        return replace(belief, engine_stops=np.minimum(belief.engine_stops, belief.at))
    if share < 1:
        return belief
    chance = belief.stream.child(f"way {report.name}")
    first, second = chance.uniforms(belief.ids, 0), chance.uniforms(belief.ids, 1)
    normal = chance.normals(belief.ids, 2)
    adrift = ((belief.way_speed <= 0) | (belief.engine_stops <= belief.at)) & boats_afloat(belief)
    starts = adrift & (first[:, 0] >= WAY_WRONG)
    course = course_steered(SMALL_BOAT, belief.lat, belief.lon, first[:, 1], normal[:, 0])
    return replace(
        belief,
        way_course=np.where(starts, course, belief.way_course),
        way_speed=np.where(starts, speed_through_water(SMALL_BOAT, normal[:, 1]), belief.way_speed),
        engine_stops=np.where(starts, belief.at + time_until_failure(SMALL_BOAT, second[:, 0]), belief.engine_stops),
    )
