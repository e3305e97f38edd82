"""A forecast as it is shown: what each of its moments says, and nothing that grows with the number of particles.

A belief of 100,000 particles takes some 20 MB; a forecast of a day has 25 of them. So the moments keep areas, shares
and one coarse picture of the density, and the beliefs go.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cordiale.belief.belief import Belief
from cordiale.belief.density import Density, density_of
from cordiale.belief.life_cycle import phases_of
from cordiale.belief.plane import from_plane, to_plane
from cordiale.belief.region import Region, Ring, containment_region, digest, probability_map
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import bearing, direction_to, distance
from cordiale.earth.instants import Span
from cordiale.earth.position import Position
from cordiale.earth.units import (
    Degrees,
    FloatArray,
    Fraction,
    Instant,
    Metres,
    MetresPerSecond,
    PerSquareMetre,
    Probability,
    SquareMetres,
)
from cordiale.sea.environment import Environment
from cordiale.sea.places import Place, load_places

CONTAINMENTS: Final[tuple[Probability, ...]] = (0.5, 0.9, 0.95)
MOST_AGROUND: Final = 400  # places of particles ashore that a picture shows
FEWEST: Final = 200.0  # judgement: a 90 % area of so many is right to 25 % (two standard errors), of 5,000 to 5 %
SHADED: Final = 128  # nodes along one side of the coarse picture of the density
_COAST_KINDS: Final = ("port", "town", "cape", "beach")
_ONE_PLACE: Final[Metres] = 1.0
_FEW: Final[Probability] = 0.005  # a phase less likely than half a percent is not told
_TOLD: Final[Probability] = 0.01  # nor is a stretch of the coast less likely than one


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Outline:
    """The smallest area that holds the boat with a probability: rings of (lat, lon), its size, its densest place.

    Without a size (None) and rings where the cloud is none to measure (`has_area`).
    """

    probability: Probability
    area: SquareMetres | None
    limit: PerSquareMetre
    densest: Position
    rings: tuple[Ring, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Shade:
    """A coarse picture of a density at the nodes `lat`, `lon` (degrees), shape (rows, columns).

    `containment` is the probability of the smallest region that reaches the node: 0 at the peak, 1 far out.
    """

    lat: NDArray[np.float32]
    lon: NDArray[np.float32]
    containment: NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """How the middle of a cloud has gone from one place to another: metres, degrees true, and metres per second."""

    since: Instant
    metres: Metres
    towards: Degrees
    speed: MetresPerSecond


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Moment:
    """What a forecast says of one instant.

    Parameters
    ----------
    outlines : one for each of `CONTAINMENTS`
    aground : (lat, lon) of some of the particles ashore, shape (n, 2), evenly chosen
    shift : since the moment before
    from_start : since the start of the forecast
    ashore : probability that the boat lies ashore
    shores : places of the coast with the probability that she lies ashore nearest to each, most probable first
    phases : what has become of her with its probability, most probable first
    stream : the current at the middle of the cloud, m/s to the east and to the north
    digest : of the probability map, to compare two machines
    """

    at: Instant
    name: str
    centre: Position
    outlines: tuple[Outline, ...]
    shade: Shade
    aground: FloatArray
    shift: Shift
    from_start: Shift
    ashore: Probability
    shores: tuple[tuple[Place, Probability], ...]
    phases: tuple[tuple[str, Probability], ...]
    stream: tuple[MetresPerSecond, MetresPerSecond]
    digest: str

    def outline(self, probability: Probability) -> Outline:
        """The outline of one of the `CONTAINMENTS`."""
        return next(o for o in self.outlines if abs(o.probability - probability) < 1e-9)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DriftForecast:
    """A whole forecast: where and when it starts, its moments, and what it was reckoned from.

    `warnings` are problems that did not stop it. `ends_early` is true where it was interrupted: the last moment is then
    as far as it came.
    """

    start: Position
    begin: Span
    name: str
    particles: int
    seed: int
    environment: Environment
    moments: tuple[Moment, ...]
    warnings: tuple[CordialeError, ...] = ()
    ends_early: bool = False


def moment_of(
    belief: Belief, environment: Environment, start: Position, begin: Instant, before: Moment | None
) -> tuple[Moment, tuple[Region, ...]]:
    """What a belief says at its instant, with the regions it was read from (their density is that of the belief)."""
    density = density_of(belief.lat, belief.lon, belief.weight)
    regions = tuple(containment_region(belief, p, density=density) for p in CONTAINMENTS)
    measured = has_area(belief)
    centre = belief.centre
    at_centre = (np.array([centre.lat]), np.array([centre.lon]))
    east, north = environment.current.velocity(belief.at, *at_centre)
    from_start = _shift(start, begin, centre, belief.at)
    moment = Moment(
        at=belief.at,
        name=belief.name,
        centre=centre,
        outlines=tuple(
            Outline(
                probability=r.probability,
                area=r.area if measured else None,
                limit=r.limit,
                densest=r.densest,
                rings=r.rings if measured else (),
            )
            for r in regions
        ),
        shade=_shade(density),
        aground=_some_aground(belief),
        shift=_shift(before.centre, before.at, centre, belief.at) if before else from_start,
        from_start=from_start,
        ashore=belief.fraction_ashore,
        shores=_shores(belief),
        phases=_phases(belief),
        stream=(float(east[0]), float(north[0])),
        digest=digest(probability_map(belief)),
    )
    return moment, regions


def has_area(belief: Belief) -> bool:
    """Whether a cloud can be measured: `FEWEST` effective particles at least, and not all in one place."""
    if 1 / float(belief.weight @ belief.weight) < FEWEST - 0.5:
        return False
    x, y = to_plane(belief.lat, belief.lon)
    return max(float(np.ptp(x)), float(np.ptp(y))) >= _ONE_PLACE


def nearest_place(position: Position, *, coast_only: bool = False) -> tuple[Place, Metres, Degrees]:
    """The nearest named place, how far from it the position lies (m), and in which direction (degrees true)."""
    places = [p for p in load_places() if p.kind in _COAST_KINDS or (not coast_only and p.kind in ("bank", "light"))]
    away = _away(np.array([position.lat]), np.array([position.lon]), places)[0]
    nearest = int(np.argmin(away))
    here = places[nearest].position
    return places[nearest], float(away[nearest]), float(bearing(here.lat, here.lon, position.lat, position.lon))


def containment_of(density: Density, values: FloatArray) -> FloatArray:
    """For each density (1/m2) the weight of the particles that lie at least as dense.

    Read at the particles as `containment_region` does, for smoothing widens a cloud: so the line 0.9 of the map is the
    contour of the 90 % region.
    """
    order = np.argsort(density.at_particles, kind="stable")
    below = np.concatenate([[0.0], np.cumsum(density.weight[order])])
    return np.asarray(np.clip(1 - below[np.searchsorted(density.at_particles[order], values, side="left")], 0.0, 1.0))


def _away(lat: FloatArray, lon: FloatArray, places: Sequence[Place]) -> FloatArray:
    """Metres from each position (n,) to each place: shape (n, places)."""
    there = np.array([(p.position.lat, p.position.lon) for p in places])
    return np.asarray(distance(lat[:, np.newaxis], lon[:, np.newaxis], there[:, 0], there[:, 1]))


def _shift(start: Position, since: Instant, end: Position, at: Instant) -> Shift:
    pair = (start.lat, start.lon, end.lat, end.lon)
    gone = float(distance(*pair))
    return Shift(since=since, metres=gone, towards=float(bearing(*pair)), speed=gone / max(at - since, 1.0))


def _shores(belief: Belief) -> tuple[tuple[Place, Probability], ...]:
    """Where on the coast those ashore lie, by the nearest named place."""
    lie = np.flatnonzero(belief.stranded)
    if lie.size == 0:
        return ()
    places = [p for p in load_places() if p.kind in _COAST_KINDS]
    nearest = np.concatenate([_away(belief.lat[k], belief.lon[k], places).argmin(axis=1) for k in _chunks(lie)])
    share = np.bincount(nearest, belief.weight[lie], minlength=len(places))
    order = np.argsort(-share, kind="stable")
    return tuple((places[k], float(share[k])) for k in order if share[k] > 0)


def _some_aground(belief: Belief) -> FloatArray:
    """At most `MOST_AGROUND` places of particles ashore: every so many, in the order of the particles."""
    lie = np.flatnonzero(belief.stranded)
    some = lie[:: max(1, -(-lie.size // MOST_AGROUND))]
    return np.stack([belief.lat[some], belief.lon[some]], axis=1)


def _chunks(which: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    return [which[k : k + 10_000] for k in range(0, which.size, 10_000)]


def _phases(belief: Belief) -> tuple[tuple[str, Probability], ...]:
    told = [(name, share) for name, share in phases_of(belief).items() if share > _FEW]
    return tuple(sorted(told, key=lambda item: -item[1]))


def _shade(density: Density) -> Shade:
    """The density at every so many nodes, so that no side has more than `SHADED`, cut to where there is any."""
    values = density.values
    some = values > values.max() * 1e-4
    rows, columns = np.flatnonzero(some.any(axis=1)), np.flatnonzero(some.any(axis=0))
    i = _every(int(rows[0]), int(rows[-1]), values.shape[0])
    j = _every(int(columns[0]), int(columns[-1]), values.shape[1])
    x, y = density.west + j * density.cell, density.south + i * density.cell
    lat, lon = from_plane(np.broadcast_to(x, (i.size, j.size)), np.broadcast_to(y[:, np.newaxis], (i.size, j.size)))
    held = containment_of(density, values[np.ix_(i, j)])
    return Shade(lat=lat.astype(np.float32), lon=lon.astype(np.float32), containment=held.astype(np.float32))


def _every(first: int, last: int, size: int) -> NDArray[np.intp]:
    first, last = max(first - 1, 0), min(last + 1, size - 1)
    return np.arange(first, last + 1, max(1, -(-(last - first) // SHADED)), dtype=np.intp)


def stream_of(moment: Moment) -> tuple[MetresPerSecond, Degrees]:
    """Speed of the current at the middle of the cloud, and the direction it sets, degrees true."""
    east, north = moment.stream
    return float(np.hypot(east, north)), float(direction_to(np.float64(east), np.float64(north)))


def told_shores(moment: Moment, *, most: int = 3) -> tuple[tuple[Place, Fraction], ...]:
    """The stretches of the coast worth telling: at least one percent, and no more than a few."""
    return tuple((place, share) for place, share in moment.shores if share >= _TOLD)[:most]
