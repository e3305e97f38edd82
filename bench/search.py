"""Search effort, moving targets and paths of several searchers: published figures and ours, with times and gaps.

Run: `OPENBLAS_NUM_THREADS=1 python -m bench.search` (two minutes on one core), `--seeds 20` for the medians of the
release table. Prints Markdown. The tests never run this; the same figures stand as tests in tests/known/.
"""

import argparse
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cordiale.earth.chance import Stream
from cordiale.search.effort import allocate
from cordiale.search.effort_several import allocate_several
from cordiale.search.moving import forward_backward, myopic, particle_motion
from cordiale.search.paths import PathPlan, plan_paths
from tests.known.test_search_effort_known import ONE_RESOURCE, SEVERAL
from tests.known.test_search_moving_known import RATE, TABLE
from tests.rooms.search.grids import royset_sato, wandering_target

SOLVER = "Gurobi 9.1.2, one thread"


@dataclass(frozen=True)
class Published:
    """What was published of one instance: best plan, bound, seconds, and whether its searchers are whole."""

    searchers: int
    looks: int
    best: float | None = None
    bound: float | None = None
    seconds: str = ""
    whole: bool = True


# wenbo5565/Route_Optimization_for_Multiple_Searchers: time_log_T8.txt, OA_grouping_time_log_T8_J3.txt, ..._J15.txt.
# Two times: the mixed-integer programme SP1-LM, and the cutting planes B-SCA.
PUBLISHED = (
    Published(1, 10, 0.6644545658, 0.6644509836, "0.3"),
    Published(1, 15),
    Published(2, 10, 0.5452492765, 0.5452194076, "1.3"),
    Published(3, 7, 0.8073245901, 0.8073245901, "0.1 / 5.3"),
    Published(3, 8, 0.6873697326, 0.6873697326, "0.3 / 37"),
    Published(3, 9, 0.5805670709, 0.5805670709, "0.8 / 64"),
    Published(3, 10, 0.5154666851, 0.5070414253, "5 / 907"),
    Published(3, 15, 0.3579322888, 0.3173024138, "- / 905", whole=False),
    Published(15, 7, 0.8001549614, 0.8000810792, "- / 8.4"),
    Published(15, 8, 0.6694569475, 0.6693967738, "- / 74"),
    Published(15, 9, 0.5650147974, 0.5647443215, "- / 909", whole=False),
    Published(15, 10, 0.4972941797, 0.4957066398, "- / 907", whole=False),
    Published(15, 15, 0.3374567714, 0.3234799022, "- / 902", whole=False),
)


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What some work gives, its seconds of CPU and on the clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    answer = work()
    return answer, time.process_time() - cpu, time.perf_counter() - clock


def table(*heads: str) -> None:
    """The head of a table."""
    print("\n| " + " | ".join(heads) + " |\n|" + " --- |" * len(heads))


def row(*cells: object) -> None:
    """One row of it."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def stationary() -> None:
    """The published allocations, and how long large ones take."""
    print("## Effort, nothing moves")
    table("case", "success, published", "ours", "largest difference of an effort", "gap", "ms")
    cases = [(*c[:2], np.array([c[2]]), *c[3:]) for c in ONE_RESOURCE] + list(SEVERAL)
    for number, (p, w, budgets, efforts, success) in enumerate(cases, 1):
        probability, rates = np.array(p, dtype=float), np.array(w, dtype=float)
        if rates.ndim == 1:
            answer, cpu, _ = timed(lambda p=probability, w=rates, t=float(budgets[0]): allocate(p, w, t))
        else:
            many = np.array(budgets, dtype=float)
            answer, cpu, _ = timed(lambda p=probability, w=rates, t=many: allocate_several(p, w, t))
        apart = float(np.abs(answer.effort - np.array(efforts)).max())
        row(number, success, f"{answer.success:.7f}", f"{apart:.0e}", f"{answer.gap:.0e}", f"{1000 * cpu:.1f}")
    for cells, resources in ((10_000, 10), (100_000, 10)):
        draw = Stream.of_seed(1)
        p = draw.child("p").uniforms(np.arange(cells), 0)[:, 0] ** 4
        rates = draw.child("w").uniforms(np.arange(cells * resources), 0)[:, 0].reshape(cells, resources)
        p, given = p / p.sum(), np.full(resources, cells / 50)
        answer, cpu, _ = timed(lambda p=p, w=rates, t=given: allocate_several(p, w, t))
        row(
            f"{cells} cells, {resources} resources",
            "",
            f"{answer.success:.7f}",
            "",
            f"{answer.gap:.0e}",
            f"{1000 * cpu:.0f}",
        )


def moving() -> None:
    """The known optima for a moving target, and a cloud of particles."""
    print("\n## Effort, the target moves")
    table("steps", "short-sighted", "best known", "ours", "bound known", "our bound", "sweeps", "ms")
    target = wandering_target()
    for steps, short, best, bound in TABLE:
        budgets = np.full(steps, 3.0)
        plan, cpu, _ = timed(lambda b=budgets: forward_backward(target, RATE, b))
        assert math.isclose(myopic(target, RATE, budgets).miss, short, abs_tol=5e-9)
        row(
            steps,
            f"{short:.8f}",
            f"{best:.10f}",
            f"{plan.miss:.10f}",
            f"{bound:.10f}",
            f"{plan.bound:.10f}",
            plan.sweeps,
            f"{1000 * cpu:.0f}",
        )
    table("particles", "steps", "cells", "miss", "bound", "short-sighted", "sweeps", "s")
    count, steps, edge = 100_000, 36, 1000.0
    noise = np.stack([Stream.of_seed(1).child("walk").normals(np.arange(count), k) for k in range(steps + 1)])
    walk = 3000 * noise[0] + 300 * np.cumsum(noise[1:], axis=0)
    cloud = particle_motion(51 + walk[..., 0] / 111e3, 1.5 + walk[..., 1] / 70e3, np.full(count, 1 / count), edge=edge)
    rate, budgets = np.full(cloud.cells, 1 / edge**2), np.full(steps, 1.5 * edge**2)
    plan, cpu, _ = timed(lambda: forward_backward(cloud, rate, budgets, tolerance=1e-3))
    row(
        count,
        steps,
        cloud.cells,
        f"{plan.miss:.5f}",
        f"{plan.bound:.5f}",
        f"{myopic(cloud, rate, budgets).miss:.5f}",
        plan.sweeps,
        f"{cpu:.2f}",
    )


def paths(seeds: int) -> None:
    """The instance of Royset and Sato: best and median over seeds."""
    print(f"\n## Paths of several searchers (published: {SOLVER}; f = searchers divided, not a plan of whole ones)")
    table(
        "searchers, looks",
        "best published",
        "bound",
        "s",
        "ours, best",
        "worst seed",
        "our bound",
        "gap",
        "proven",
        "CPU s, median",
        "most",
    )
    for known in PUBLISHED:
        answers: list[tuple[PathPlan, float, float]] = []
        for seed in range(seeds):
            search = royset_sato(known.searchers, known.looks)
            answers.append(timed(lambda s=search, k=seed: plan_paths(s, stream=Stream.of_seed(k))))
        plans = [answer[0] for answer in answers]
        best, bound = min(p.miss for p in plans), max(p.bound for p in plans)
        seconds = [answer[1] for answer in answers]
        row(
            f"{known.searchers}, {known.looks}",
            f"{known.best:.10f}{'' if known.whole else ' f'}" if known.best else "",
            f"{known.bound:.10f}" if known.bound else "",
            known.seconds,
            f"{best:.10f}",
            f"{max(p.miss for p in plans):.10f}",
            f"{bound:.10f}",
            f"{(best - bound) / bound:.1e}",
            f"{sum(p.proven for p in plans)} of {seeds}",
            f"{statistics.median(seconds):.2f}",
            f"{max(seconds):.2f}",
        )


def main() -> None:
    """All tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="runs of each instance of paths")
    options = parser.parse_args()
    stationary()
    moving()
    paths(options.seeds)


if __name__ == "__main__":
    main()
