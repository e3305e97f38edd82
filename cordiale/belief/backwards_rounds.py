"""Origins tried forwards, round after round where they have led to the finds: adaptive importance sampling.

The first round draws from the prior, each later one from normal kernels about the best origins so far, with a share of
the prior kept. Every origin of every round counts, weighted by prior x likelihood over the mean of all the densities
that origins were drawn from: so no weight can exceed (rounds) / (share of the first) times the likelihood.

Source: Cornuet, Marin, Mira and Robert, Adaptive multiple importance sampling, Scand. J. Stat. 39, 798-812 (2012);
defensive share: Hesterberg, Technometrics 37, 185-194 (1995).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cordiale.belief.backwards_find import (
    Arrival,
    Inquiry,
    Weighed,
    arrival,
    cloud_of,
    drawn_from,
    heard_all,
    log_prior,
    normalised,
)
from cordiale.belief.belief import Belief, joined
from cordiale.belief.plane import from_plane, to_plane
from cordiale.belief.resample import systematic
from cordiale.earth.units import FloatArray, Fraction

ROUNDS: Final = 4
_KEPT: Final[Fraction] = 0.2  # of every later round is drawn from the prior
_CENTRES: Final = 150
_WIDTH: Final[Fraction] = 0.45  # of the spread of the good origins: the kernels that new ones are drawn from
_LEAST: Final = (100.0, 100.0, 60.0)  # m, m, s: kernels are never narrower


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    """What one round drew from: a share of the prior, the rest of normal kernels about centres (x, y, start)."""

    kept: Fraction
    centres: FloatArray
    root: FloatArray
    used: int  # coordinates: 3, or 2 where the moment is known


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    cloud: Belief
    began: FloatArray  # (n, 3): x, y of the plane and start
    came: tuple[Arrival, ...]


def in_rounds(asked: Inquiry, count: int, wanted: Fraction, done: Callable[[Fraction], None]) -> Weighed:
    """`count` origins in all, tried in rounds."""
    sources: list[_Source] = []
    tried: list[_Tried] = []
    each = max(count // ROUNDS, 1)
    log_weight, bandwidth = np.zeros(0), 0.0
    for number in range(ROUNDS):
        source = _next_source(asked, tried, log_weight, number)
        tried.append(_try(asked, source, each, number))
        sources.append(source)
        began = np.concatenate([one.began for one in tried])
        prior = log_prior(asked, *from_plane(began[:, 0], began[:, 1]), began[:, 2])
        drawn = np.logaddexp.reduce([_log_density(s, began, prior) for s in sources], axis=0) - math.log(len(sources))
        came = tuple(_together([one.came[k] for one in tried]) for k in range(len(asked.finds)))
        before = np.where(np.isfinite(prior), prior - drawn, -np.inf)
        heard = heard_all(asked, came, before, wanted * len(tried) / ROUNDS)
        log_weight, bandwidth = heard.log_weight, heard.bandwidth
        done((number + 1) / ROUNDS)
        if asked.stopped():
            break
    weight, evidence, effective = normalised(log_weight)
    cloud = tried[0].cloud if len(tried) == 1 else joined(*(one.cloud for one in tried))
    return Weighed(cloud=replace(cloud, weight=weight), log_evidence=evidence, effective=effective, bandwidth=bandwidth)


def _next_source(asked: Inquiry, tried: list[_Tried], log_weight: FloatArray, number: int) -> _Source:
    """The prior at first and wherever nothing has come near; then kernels about the best origins."""
    used = 3 if asked.origin.when.length > 0 else 2
    weight, _, effective = normalised(log_weight) if tried else (np.zeros(0), 0.0, 0.0)
    if effective < 1:
        return _Source(1.0, np.zeros((0, 3)), np.eye(3), used)
    began = np.concatenate([one.began for one in tried])
    comb = asked.stream.child(f"round {number} comb").uniforms(np.zeros(1, dtype=np.int64), 0)[0, 0]
    centres = began[systematic(weight, _CENTRES, float(comb))]
    mean = weight @ began
    spread = (began - mean).T @ ((began - mean) * weight[:, np.newaxis]) * _WIDTH**2
    spread += np.diag(np.square(_LEAST))
    return _Source(_KEPT, centres, np.linalg.cholesky(spread), used)


def _try(asked: Inquiry, source: _Source, count: int, number: int) -> _Tried:
    """Origins drawn from a source and carried forward to every find."""
    first = number * count
    ids = np.arange(first, first + count, dtype=np.int64)
    chance = asked.stream.child(f"round {number}")
    coast = None if asked.origin.from_the_beach else asked.environment.coast
    lat, lon, start = drawn_from(asked.origin, coast, chance, ids)
    if source.kept < 1:
        uniform = chance.child("which").uniforms(ids, 0)
        normal = np.concatenate([chance.child("about").normals(ids, k) for k in range(2)], axis=1)[:, :3]
        place = source.centres[(uniform[:, 1] * len(source.centres)).astype(np.intp)] + normal @ source.root.T
        fresh = uniform[:, 0] >= source.kept
        there = from_plane(place[:, 0], place[:, 1])
        lat, lon = np.where(fresh, there[0], lat), np.where(fresh, there[1], lon)
        if source.used == 3:
            start = np.where(fresh, place[:, 2], start)
    began = np.stack([*to_plane(lat, lon), start], axis=1)
    when = asked.origin.when
    cloud = cloud_of(asked, lat, lon, np.clip(start, when.earliest, when.latest), first)
    return _Tried(cloud, began, tuple(arrival(asked, cloud, k) for k in range(len(asked.finds))))


def _log_density(source: _Source, began: FloatArray, prior: FloatArray) -> FloatArray:
    """Logarithm of the density that a round drew from, at origins."""
    if source.kept >= 1:
        return prior
    used = source.used
    root = source.root[:used, :used]
    middle = source.centres[:, :used].mean(axis=0)
    scaled = np.linalg.solve(root, (began[:, :used] - middle).T).T
    centres = np.linalg.solve(root, (source.centres[:, :used] - middle).T).T
    square = (scaled**2).sum(axis=1)[:, np.newaxis] - 2 * scaled @ centres.T + (centres**2).sum(axis=1)
    nearest = square.min(axis=1)
    kernels = np.log(np.exp(-(square - nearest[:, np.newaxis]) / 2).mean(axis=1)) - nearest / 2
    kernels -= used / 2 * math.log(2 * math.pi) + float(np.log(np.diag(root)).sum())
    return np.asarray(np.logaddexp(math.log(source.kept) + prior, math.log1p(-source.kept) + kernels))


def _together(parts: list[Arrival]) -> Arrival:
    return Arrival(
        np.concatenate([part.lat for part in parts]),
        np.concatenate([part.lon for part in parts]),
        np.concatenate([part.possible for part in parts]),
        parts[-1].strayed,
    )
