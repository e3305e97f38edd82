"""Where the reports of one boat put it: its belief, started by the first position and carried through every later
report.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.report import Report
from cordiale.belief.scenario import first_belief
from cordiale.belief.update import update
from cordiale.earth.chance import Stream
from cordiale.earth.units import Instant, Seconds, minutes
from cordiale.sea.environment import Environment

LATTICE: Final[Seconds] = (
    30 * minutes
)  # clouds are kept at round half hours; drifting in two goes equals drifting in one
KEPT: Final = 1200  # clouds; 0.4 MB each with 5,000 particles, what does not change being shared


@dataclass(frozen=True, slots=True)
class Clouds:
    """Clouds kept between pictures. They change the time a picture takes and nothing else."""

    kept: dict[tuple[object, ...], Belief] = field(default_factory=dict)

    def known(self, key: tuple[object, ...]) -> Belief | None:
        """A kept cloud; it is then the last to be forgotten."""
        cloud = self.kept.pop(key, None)
        if cloud is not None:
            self.kept[key] = cloud
        return cloud

    def keep(self, key: tuple[object, ...], cloud: Belief) -> Belief:
        """Keep a cloud and forget those not asked for longest beyond `KEPT`."""
        while len(self.kept) >= KEPT:
            self.kept.pop(next(iter(self.kept)))
        self.kept[key] = cloud
        return cloud


def telling(reports: Sequence[Report]) -> tuple[Report, ...]:
    """The reports of a boat that change its cloud, in the order in which they do, from the first position on.

    Relays change nothing: they are not second observations. A position whose moment is known to an interval is taken
    when the interval begins, so that the cloud itself says when in it the boat was there, and what was only said within
    it follows. Where another position lies in the interval it is taken at its end, and only the rest of it counts.
    """
    names = {r.name for r in reports}
    own = [r for r in reports if r.relay_of not in names]
    ordered = sorted(own, key=lambda r: (_turn(r, own), r.event.latest, r.name))
    first = next((k for k, r in enumerate(ordered) if r.where), len(ordered))
    return tuple(r for r in ordered[first:] if r.where or r.boat.engine or r.boat.state)


def _turn(report: Report, own: Sequence[Report]) -> Instant:
    """When a report has its turn."""
    event = report.event
    others = (r.event for r in own if r.where and r is not report)
    overlapped = any(e.latest > event.earliest and e.earliest < event.latest for e in others)
    return event.latest if overlapped else event.earliest


def cloud_of(
    reports: Sequence[Report],
    environment: Environment,
    *,
    at: Instant,
    seed: int,
    count: int = 5000,
    clouds: Clouds | None = None,
) -> Belief | None:
    """The belief of one boat at an instant; None when no report of it has a position.

    An instant before the end of the last event gives the belief there: a cloud is never moved back.
    """
    chain = telling(reports)
    if not chain:
        return None
    memory = clouds if clouds is not None else Clouds()
    kept = _Kept(memory, (id(environment), seed, count), environment)
    last = _told(chain, kept, seed=seed, count=count)
    return last if at <= last.at else drift(_carried(last, chain, kept, at), environment, until=at)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The clouds kept under one environment, seed and count."""

    memory: Clouds
    under: tuple[object, ...]
    environment: Environment

    def key(self, chain: tuple[Report, ...], instant: Instant | None = None) -> tuple[object, ...]:
        """What a cloud is kept under: its reports, and the round half hour it was carried to."""
        return (chain, *self.under, instant)


def _carried(last: Belief, chain: tuple[Report, ...], kept: _Kept, at: Instant) -> Belief:
    """The belief at the last round half hour by `at`, from the last one before it that is kept."""
    base = last
    whole = math.floor(at / LATTICE) * LATTICE
    missing = []
    while whole > last.at:
        if (known := kept.memory.known(kept.key(chain, whole))) is not None:
            base = known
            break
        missing.append(whole)
        whole -= LATTICE
    for instant in reversed(missing):
        base = kept.memory.keep(kept.key(chain, instant), drift(base, kept.environment, until=instant))
    return base


def _told(chain: tuple[Report, ...], kept: _Kept, *, seed: int, count: int) -> Belief:
    """The belief just after the last report of the chain, from the longest beginning of it that is kept."""
    belief = None
    told = len(chain)
    while told and (belief := kept.memory.known(kept.key(chain[:told]))) is None:
        told -= 1
    if belief is None:
        first, told = chain[0], 1
        stream = Stream.of_seed(seed).child(f"boat {first.name}")
        belief = first_belief(first, stream=stream, count=count, coast=kept.environment.coast, name=first.name)
        kept.memory.keep(kept.key(chain[:1]), belief)
    for k in range(told, len(chain)):
        belief = _carried(belief, chain[:k], kept, chain[k].event.earliest)
        belief = kept.memory.keep(kept.key(chain[: k + 1]), update(belief, chain[k], kept.environment))
    return belief
