"""Speed of the drift: the kernel and its NumPy twin, by scheme, noise, particles and threads; memory; process to file.

Run: python bench/drift_speed.py [quick]. Medians of several runs after a warm-up. Particle-steps are those a second of
CPU of one core (all threads' CPU together), and how many times those of the NumPy twin in the same run. The kernel
alone is timed too, as that is what a core does without Python around it. No gate. The load of the machine is printed.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from cordiale.belief import kernel
from cordiale.belief.belief import Belief
from cordiale.belief.blocks import arrays_of
from cordiale.belief.drift import drift, step_instants
from cordiale.belief.drift_compiled import CompiledPassage
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours, km, minutes
from cordiale.sea.environment import NO_ERROR, Environment, the_strait
from cordiale.sea.wind import ConstantWind

BEGIN = utc("2021-11-24 02:00")
WIND = ConstantWind(eastward=4.0, northward=3.0)
NOISY = the_strait(WIND)
QUIET = replace(NOISY, current_error=NO_ERROR, wind_error=NO_ERROR, residual_error=NO_ERROR)
STEPS = len(step_instants(BEGIN, BEGIN + 24 * hours, 10 * minutes)) - 1
FRESH = """
import resource, time
import numpy as np
from bench.drift_speed import BEGIN, NOISY, cloud, drift, hours
after = drift(cloud({count}), NOISY, until=BEGIN + 24 * hours)
with open("{path}", "wb") as file:
    np.savez(file, lat=after.lat, lon=after.lon)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def cloud(count: int) -> Belief:
    """Drifters (one leeway class, no life) in mid-strait."""
    fix = Fix(position=Position(lat=51.0, lon=1.5), within=5 * km)
    stream = Stream.of_seed(1).child("speed")
    return first_belief(fix, at=BEGIN, stream=stream, count=count, search_for=search_object("drifter"))


def timed(work: Callable[[], object], runs: int) -> tuple[float, float, float]:
    """Least and median wall seconds, and median CPU seconds, of several runs after one that is not counted."""
    work()
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return min(walls), statistics.median(walls), statistics.median(cpus)


def whole_drifts(runs: int) -> None:
    """A day of 10-minute steps with coast and jibes."""
    title = "24 h, steps of 10 min, coast and jibes"
    print(f"{title:58s} {'best s':>8s} {'median s':>9s} {'CPU s':>7s} {'M steps/s':>10s} {'x twin':>7s}")
    twin = timed(lambda: drift(cloud(10_000), NOISY, until=BEGIN + 24 * hours, engine="numpy"), 2)
    peer = 10_000 * STEPS / twin[2]
    line("NumPy twin, midpoint, all errors, 10,000", twin, 10_000, peer)
    for count in (1_000, 10_000, 100_000):
        belief = cloud(count)
        for name, sea in (("no errors", QUIET), ("all errors", NOISY)):
            for scheme in ("euler", "midpoint", "runge_kutta"):
                if count != 100_000 and scheme != "midpoint":
                    continue
                work = lambda b=belief, s=sea, c=scheme: drift(b, s, until=BEGIN + 24 * hours, scheme=c)  # noqa: E731
                found = timed(work, runs)
                line(f"kernel, {scheme}, {name}, {count:,}", found, count, peer)
    with ThreadPoolExecutor(2) as pool:
        belief = cloud(100_000)
        both = timed(lambda: drift(belief, NOISY, until=BEGIN + 24 * hours, threads=2, executor=pool), runs)
        line("kernel, midpoint, all errors, 100,000, two threads", both, 100_000, peer)


def line(name: str, found: tuple[float, float, float], count: int, peer: float) -> None:
    """One row of the table."""
    speed = count * STEPS / found[2]
    print(f"{name:58s} {found[0]:8.3f} {found[1]:9.3f} {found[2]:7.3f} {speed / 1e6:10.1f} {speed / peer:7.1f}")


def kernels_alone(runs: int) -> None:
    """Nanoseconds of each kernel a particle, for a cloud in the cache and one that is not."""
    for count in (2_560, 100_096):
        for name, sea in (("no errors", QUIET), ("all errors", NOISY)):
            print(f"{count:,} particles, {name}: {alone(count, sea, runs)}")


def alone(count: int, sea: Environment, runs: int) -> str:
    """One step, a third of the draws and of the jibes: nanoseconds and particle-steps a second."""
    belief = cloud(count)
    passage = CompiledPassage(belief, sea, "midpoint", None, 1)
    passage.ready(BEGIN + 10 * minutes)
    blocks, whole = passage._blocks, (0, len(passage._blocks.tables))
    plan = passage._plan(tuple(BEGIN + k * 10 * minutes for k in (1, 2, 3)))
    assert plan is not None

    def half_hour(draws: bool) -> None:
        blocks.room[:] = 1e9
        chance = passage._keys, 5, passage._laws, draws
        kernel.half_hour(
            *whole, chance, arrays_of(blocks), plan.fields, plan.times, 1, passage._flags, passage._driven,
            passage._shore,
        )  # fmt: skip

    moved, drawn, jibed = (
        1e9 * timed(work, runs)[2] / count / 3
        for work in (lambda: half_hour(False), lambda: half_hour(True), lambda: passage._jibed(whole, 5, 0.02, False))
    )
    together = (drawn if passage._flags[1] else moved) + jibed
    return f"step {moved:.1f} ns, with draws {drawn:.1f} ns, jibes {jibed:.1f} ns: {1e3 / together:.1f} M steps/s"


def fresh_processes(runs: int) -> None:
    """From the start of a process to positions in a file, with warm caches, and its greatest memory."""
    for count in (10_000, 100_000):
        walls, peak = [], 0.0
        for _ in range(runs):
            began = time.perf_counter()
            code = FRESH.format(count=count, path=os.devnull)
            out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
            walls.append(time.perf_counter() - began)
            peak = max(peak, float(out.split()[-1]))
        middle = statistics.median(walls)
        print(f"process to file, {count:,}: best {min(walls):.2f} s, median {middle:.2f} s, {peak:.0f} MB")


if __name__ == "__main__":
    few = sys.argv[1:] == ["quick"]
    print(f"load of the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    whole_drifts(3 if few else 7)
    kernels_alone(50 if few else 300)
    fresh_processes(2 if few else 5)
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
