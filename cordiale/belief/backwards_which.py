"""Which of the reported boats what was found may be from: each cloud carried to the find, and "none of these"."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cordiale.belief.backwards_find import Find, drifting_as, smoothed
from cordiale.belief.belief import Belief
from cordiale.belief.density import best_bandwidth
from cordiale.belief.drift import drift
from cordiale.belief.plane import to_plane
from cordiale.belief.update import CLOUD_WRONG, SEA_AREA
from cordiale.boats.search_object import SearchObject
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import iso, zulu
from cordiale.earth.units import Fraction, LogLikelihood, Metres, PerSquareMetre, Probability, Seconds, km, minutes
from cordiale.sea.environment import Environment
from cordiale.words import Language, say

NONE_OF_THESE: Final[Probability] = 0.3  # judgement: a boat nobody reported, or one whose cloud is wrong
SHORE_LENGTH: Final[Metres] = 250 * km  # judgement: both shores from Beachy Head and the Somme to the Belgian border
_FEWEST: Final = 30  # particles a cloud needs before its density is believed at the find


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One boat that the find may be from.

    `log_evidence` is the logarithm of the density (1/m2) of the find under her cloud, with the floor of a cloud that
    is wrong: no find can delete a boat.
    """

    name: str
    prior: Probability
    probability: Probability
    log_evidence: LogLikelihood


@dataclass(frozen=True, kw_only=True)
class WhichOrigin:
    """Probabilities of the boats a find may be from; with `none`, that it is from none of them, they sum to 1.

    `none_density` (1/m2) is what "none of these" says of the place of the find: as likely anywhere.
    """

    find: Find
    candidates: tuple[Candidate, ...]
    none: Probability
    none_prior: Probability
    none_density: PerSquareMetre

    @property
    def likeliest(self) -> Candidate | None:
        """The likeliest boat; None where "none of these" is likelier than each."""
        best = max(self.candidates, key=lambda c: c.probability, default=None)
        return best if best is not None and best.probability > self.none else None

    def log_bayes_factor(self, one: str, other: str) -> LogLikelihood:
        """How much the find speaks for one boat against another, whatever was held before: natural logarithm."""
        by_name = {c.name: c.log_evidence for c in self.candidates}
        for name in (one, other):
            if name not in by_name:
                raise CordialeError("belief.unknown_candidate", name=name, known=", ".join(by_name))
        return by_name[one] - by_name[other]

    def __str__(self) -> str:
        return self.sentence("en")

    def sentence(self, language: Language = "en") -> str:
        """The boats in order of probability, and none of these."""
        order = sorted(self.candidates, key=lambda c: -c.probability)
        return say(
            "belief.which",
            language,
            found=zulu(self.find.at),
            boats=", ".join(f"{c.name} {c.probability * 100:.0f} %" for c in order),
            none=self.none * 100,
        )


def which_origin(
    find: Find,
    beliefs: Mapping[str, Belief] | Sequence[Belief],
    environment: Environment,
    *,
    prior: Mapping[str, Probability] | None = None,
    none: Probability = NONE_OF_THESE,
    as_found: SearchObject | None = None,
    step: Seconds = 10 * minutes,
    progress: Callable[[Fraction], None] | None = None,
) -> WhichOrigin:
    """Which of several boats a find may be from, and that it may be from none of these.

    Parameters
    ----------
    beliefs : clouds by name, or clouds with different names
        Each as last known before the find; a later one raises.
    prior : by name, optional
        How likely each boat is beforehand, in proportion; all alike unless given. They share 1 - `none`.
    none : Probability
        That it is from none of these: a boat nobody reported, or one whose cloud is wrong. Judgement: 0.3. Its
        place is then as likely anywhere in `SEA_AREA`, or along `SHORE_LENGTH` for a find ashore.
    as_found : SearchObject, optional
        What drifted from then on, instead of what each belief says: bodies and debris of her. The time of the change
        is taken to be that of the belief.
    """
    clouds = dict(beliefs) if isinstance(beliefs, Mapping) else {belief.name: belief for belief in beliefs}
    if not clouds or len(clouds) != len(beliefs):
        raise CordialeError("belief.candidates", count=len(beliefs), names=len(clouds))
    if not 0 < none < 1:
        raise CordialeError("belief.none_of_these", none=none)
    shares = {name: 1.0 if prior is None else prior.get(name, 0.0) for name in clouds}
    total = sum(shares.values())
    if total <= 0 or min(shares.values()) < 0:
        raise CordialeError("belief.candidate_prior", total=total)
    evidence: dict[str, LogLikelihood] = {}
    for number, (name, cloud) in enumerate(clouds.items(), start=1):
        evidence[name] = _log_evidence(find, _as(cloud, as_found), environment, step)
        if progress is not None:
            progress(number / len(clouds))
    nowhere = _none_density(find)
    floor = math.log(CLOUD_WRONG * nowhere)
    evidence = {name: float(np.logaddexp(math.log1p(-CLOUD_WRONG) + told, floor)) for name, told in evidence.items()}
    scores = {name: math.log((1 - none) * shares[name] / total) + evidence[name] for name in clouds if shares[name] > 0}
    whole = float(np.logaddexp.reduce([*scores.values(), math.log(none * nowhere)]))
    return WhichOrigin(
        find=find,
        candidates=tuple(
            Candidate(
                name=name,
                prior=(1 - none) * shares[name] / total,
                probability=math.exp(scores[name] - whole) if name in scores else 0.0,
                log_evidence=evidence[name],
            )
            for name in clouds
        ),
        none=math.exp(math.log(none * nowhere) - whole),
        none_prior=none,
        none_density=nowhere,
    )


def _as(cloud: Belief, what: SearchObject | None) -> Belief:
    """The cloud as another object from now on, its engines stopped."""
    if what is None:
        return cloud
    return drifting_as(replace(cloud, way_speed=np.zeros(len(cloud))), what, cloud.stream.child(f"as {what.key}"))


def _log_evidence(find: Find, cloud: Belief, environment: Environment, step: Seconds) -> LogLikelihood:
    """Logarithm of the density (1/m2) of the find under the cloud: exact sum over kernels of the cloud's bandwidth."""
    if cloud.at > find.at:
        raise CordialeError("belief.find_before_belief", name=cloud.name, found=iso(find.at), at=iso(cloud.at))
    moving, already = cloud, cloud.stranded
    if find.ashore and find.not_before is not None:
        moving = drift(moving, environment, until=max(find.not_before, moving.at), step=step)
        already = moving.stranded
    moved = drift(moving, environment, until=find.at, step=step)
    seen = already if find.not_before is not None else np.zeros(len(cloud), dtype=np.bool_)
    possible = moved.stranded & ~seen if find.ashore else ~moved.stranded
    if find.phases:
        possible = possible & np.isin(moved.phase, find.phases)
    if possible.sum() < _FEWEST:
        return -math.inf
    weight = cloud.weight[possible]
    share = float(weight.sum())
    lat, lon = moved.lat[possible], moved.lon[possible]
    bandwidth = best_bandwidth(*to_plane(lat, lon), weight / share)
    near = smoothed(find, lat, lon, bandwidth)
    return float(np.logaddexp.reduce(near + np.log(np.maximum(weight, 1e-300))))


def _none_density(find: Find) -> PerSquareMetre:
    """1/m2 of the find if it is from no boat that was named: anywhere at sea, or anywhere along the shore."""
    if not find.ashore:
        return 1 / SEA_AREA
    return 1 / (SHORE_LENGTH * math.sqrt(2 * math.pi) * find.spread)
