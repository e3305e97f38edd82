"""Drift in figures: speed as medians, and the night of 24 November 2021. Run: python bench/drift.py

Medians of several runs after a warm-up, one process, wall and CPU seconds. No gate: figures for docs/drift.md.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.density import density_at
from cordiale.belief.drift import drift
from cordiale.belief.region import containment_region, digest, probability_map
from cordiale.belief.report import Fix, Reading, Report
from cordiale.belief.scenario import first_belief
from cordiale.belief.undrifted import undrifted
from cordiale.belief.update import log_evidence, update
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import bearing, distance
from cordiale.earth.instants import Span, utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM, hours, km
from cordiale.sea.environment import Environment, the_strait
from cordiale.sea.wind import wind_of_the_night

LAST_FIX = Position(lat=51 + 8.5 / 60, lon=1 + 44.5 / 60)
FOUND = Position(lat=51 + 5.58 / 60, lon=1 + 43.41 / 60)
BEGIN = utc("2021-11-24 02:01")
RUNS = 5


def cloud(count: int) -> Belief:
    """The inflatable adrift from 02:01Z."""
    fix = Fix(position=LAST_FIX, within=50.0)
    return first_belief(fix, at=BEGIN, stream=Stream.of_seed(1).child("drift of the night"), count=count)


def timed(name: str, work: Callable[[], object]) -> None:
    """One line: median wall and CPU milliseconds of several runs after one that is not counted."""
    work()
    walls, cpus = [], []
    for _ in range(RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    print(f"{name:52s} {1000 * statistics.median(walls):8.0f} ms wall {1000 * statistics.median(cpus):8.0f} ms CPU")


def speed(sea: Environment) -> None:
    """What the rooms upstairs do most."""
    for count in (1_000, 5_000, 50_000):
        belief = cloud(count)
        timed(
            f"drift {count} particles x 24 h x 10 min",
            lambda belief=belief: drift(belief, sea, until=BEGIN + 24 * hours),
        )
    belief = drift(cloud(5_000), sea, until=BEGIN + 6 * hours)
    place = Fix(position=belief.centre, within=200.0)
    at = Span(earliest=belief.at, latest=belief.at)
    report = Report(
        name="bench",
        kind="position_pin",
        received=belief.at,
        event=at,
        channel="phone",
        centre="bench",
        where=(Reading(place=place),),
    )
    timed("first belief, 5000 particles", lambda: cloud(5_000))
    timed("90 % region with contours, 5000 particles", lambda: containment_region(belief, 0.9))
    timed("evidence of a fix, 5000 particles", lambda: log_evidence(belief, report))
    timed("update by a sharp fix, 5000 particles", lambda: update(belief, report))


def night(sea: Environment) -> None:
    """Where the cloud of the 02:01Z position goes, and how it stands to the find at 12:49Z; nothing is tuned to it."""
    belief = cloud(5_000)
    for clock in ("03:25", "06:00", "12:49"):
        belief = drift(belief, sea, until=utc(f"2021-11-24 {clock}"))
        centre = belief.centre
        off = float(distance(LAST_FIX.lat, LAST_FIX.lon, centre.lat, centre.lon)) / NM
        towards = float(bearing(LAST_FIX.lat, LAST_FIX.lon, centre.lat, centre.lon))
        half, most = containment_region(belief, 0.5), containment_region(belief, 0.9)
        areas = f"50 % {half.area / km**2:.1f} km2, 90 % {most.area / km**2:.1f} km2"
        print(f"{belief}; {off:.2f} NM {towards:03.0f} from the fix; {areas}")
    still = undrifted(most, start=LAST_FIX, place=FOUND)
    density = float(density_at(most.density, np.array(FOUND.lat), np.array(FOUND.lon)))
    near = distance(FOUND.lat, FOUND.lon, belief.lat, belief.lon) < 2 * NM
    inside = bool(most.holds(np.array(FOUND.lat), np.array(FOUND.lon)))
    print(
        f"find at 12:49Z: inside the 90 % region: {inside}; density {density * km**2:.5f}/km2; undrifted cloud of the "
        f"same 90 % area: even {still.even * km**2:.5f}, normal {still.normal * km**2:.5f}/km2; within 2 NM "
        f"{belief.weight @ near:.2f}; digest {digest(probability_map(belief))}"
    )


if __name__ == "__main__":
    strait = the_strait(wind_of_the_night())
    print(strait)
    night(strait)
    speed(strait)
