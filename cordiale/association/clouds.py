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
KEPT: Final = 400  # clouds; about 1 MB each with 5,000 particles


@dataclass(frozen=True, slots=True)
class Clouds:
    """Clouds kept between pictures. They change the time a picture takes and nothing else."""

    kept: dict[tuple[object, ...], Belief] = field(default_factory=dict)

    def keep(self, key: tuple[object, ...], cloud: Belief) -> Belief:
        """Keep a cloud and forget the oldest beyond `KEPT`."""
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
    last = _told(chain, environment, seed=seed, count=count, memory=memory)
    if at <= last.at:
        return last
    key = (chain, id(environment), seed, count)
    base = last
    whole = math.floor(at / LATTICE) * LATTICE
    missing = []
    while whole > last.at:
        if (*key, whole) in memory.kept:
            base = memory.kept[*key, whole]
            break
        missing.append(whole)
        whole -= LATTICE
    for instant in reversed(missing):
        base = memory.keep((*key, instant), drift(base, environment, until=instant))
    return drift(base, environment, until=at)


def _told(chain: tuple[Report, ...], environment: Environment, *, seed: int, count: int, memory: Clouds) -> Belief:
    """The belief just after the last report of the chain, from the longest beginning of it that is kept."""
    known = next((k for k in range(len(chain), 0, -1) if (chain[:k], id(environment), seed, count) in memory.kept), 0)
    if known:
        belief = memory.kept[chain[:known], id(environment), seed, count]
    else:
        first = chain[0]
        stream = Stream.of_seed(seed).child(f"boat {first.name}")
        belief = first_belief(first, stream=stream, count=count, coast=environment.coast, name=first.name)
        known = 1
        memory.keep((chain[:1], id(environment), seed, count), belief)
    for k in range(known, len(chain)):
        belief = update(belief, chain[k], environment)
        memory.keep((chain[: k + 1], id(environment), seed, count), belief)
    return belief
