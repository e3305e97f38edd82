"""The search plan against the clock, its bounds, a longer search by another method, and worlds other than assumed.

Run: `python -m bench.search_plan` (a minute), `--long 10000` for the other method with so many moves (some minutes).
Ten craft, 100,000 particles that the packaged strait drifts for six hours. The craft and their widths are made up: they
only have the sizes of real ones. The tests never run this.
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM, hours, knots, minutes
from cordiale.sea.environment import the_strait
from cordiale.search.plan import AGAIN, FULL, QUICK, plan_search
from cordiale.search.plan_cloud import cloud_of_all, thinned
from cordiale.search.plan_moves import Board, improve, settle
from cordiale.search.plan_sought import Searcher, sought
from cordiale.search.plan_track import Placing, ready_on

NIGHT = utc("2021-11-24 02:00")
ALIKE = 2.0
WIDTHS = {"channel_inflatable": 0.5, "swamped_inflatable": 0.3, "piw": 0.08, "piw_lifejacket": 0.2, "debris": 0.2}
# name, lat, lon, knots searching, knots out, hours on scene, wider, ready in minutes, height in m
CRAFT = (
    ("helicopter 1", 50.95, 0.94, 80, 130, 2.0, 1.2, 15, 150),
    ("helicopter 2", 50.72, 1.60, 80, 130, 2.0, 1.2, 45, 150),
    ("aeroplane", 51.35, 1.35, 150, 200, 4.0, 1.4, 60, 300),
    ("drone", 50.95, 0.94, 60, 60, 3.0, 0.6, 30, 450),
    ("lifeboat 1", 51.12, 1.31, 18, 30, 4.0, 0.8, 10, 0),
    ("lifeboat 2", 50.91, 0.97, 18, 30, 4.0, 0.8, 10, 0),
    ("lifeboat 3", 51.33, 1.42, 18, 25, 4.0, 0.8, 20, 0),
    ("lifeboat 4", 50.97, 1.85, 18, 25, 4.0, 0.8, 20, 0),
    ("cutter", 51.00, 1.50, 14, 18, 6.0, 0.9, 0, 0),
    ("patrol vessel", 51.10, 1.90, 14, 18, 6.0, 0.9, 0, 0),
)


def fleet() -> list[Searcher]:
    """Ten craft."""
    return [
        Searcher(
            name=name,
            base=Position(lat=lat, lon=lon),
            ready=NIGHT + ready * minutes,
            speed=speed * knots,
            transit_speed=out * knots,
            on_scene=on_scene * hours,
            widths={key: wider * width * NM for key, width in WIDTHS.items()},
            height=float(height),
            heights=(height + 200.0, height + 400.0) if height else (),
        )
        for name, lat, lon, speed, out, on_scene, wider, ready, height in CRAFT
    ]


def boat(count: int):
    """One boat, known to 2 NM an hour ago, six hours of drift ahead."""
    belief = first_belief(
        Fix(position=Position(lat=51.02, lon=1.60), within=8 * NM),
        at=NIGHT,
        stream=Stream.of_seed(4),
        count=count,
        search_for=search_object("small_boat_people"),
        under_way=0.3,
    )
    return sought(belief, the_strait(), until=NIGHT + 6 * hours)


def timed(label: str, work):
    """The answer, with its wall and processor time printed."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    print(f"{label:<34} {time.perf_counter() - wall:6.2f} s wall  {time.process_time() - cpu:6.2f} s cpu", end="  ")
    return answer


def long_search(cloud, objective: str, moves: int, seed: int) -> float:
    """Another method: annealing on all particles, hot, from placings drawn at random; nobody is kept apart."""
    ready = [ready_on(cloud, one) for one in fleet()]
    chance = Stream.of_seed(seed).child("long")
    board = Board(cloud, ready, objective, ALIKE, 1.5)
    u = np.hstack([chance.uniforms(np.arange(len(ready)), c) for c in range(3)])
    start = [
        Placing(0, 8000 * (a - 0.5), 8000 * (b - 0.5), 180 * c, one.widest * (0.7 + d), 2 + int(8 * e))
        for one, (a, b, c, d, e, _) in zip(ready, u, strict=True)
    ]
    few = Board(thinned(cloud, 25_000), ready, objective, ALIKE, 1.5)
    settle(few, start)
    improve(few, moves, chance.child("hot"), warmth=4e-3)
    settle(board, few.placings)
    improve(board, moves // 8, chance.child("cold"), warmth=1e-4)
    return board.value


def other_worlds(cloud, plan) -> None:
    """POS of the same ways where the world is not as assumed."""
    ready = {r.searcher.name: r for r in (ready_on(cloud, one) for one in fleet())}
    hours_on = (cloud.times - cloud.begin)[:, None].astype(np.float32)
    piw = np.where(cloud.phase < 2, 2, cloud.phase).astype(np.int8)
    worlds = {
        "as assumed": (cloud, 1.0),
        "sweep width 0.7 of it": (cloud, 0.7),
        "sweep width 1.3 of it": (cloud, 1.3),
        "current 0.1 m/s more to the east": (replace(cloud, x=cloud.x + np.float32(0.1) * hours_on), 1.0),
        "current 0.3 m/s more to the east": (replace(cloud, x=cloud.x + np.float32(0.3) * hours_on), 1.0),
        "swamped from the beginning": (replace(cloud, phase=piw), 1.0),
    }
    tracks = Board(cloud, list(ready.values()), "pos", ALIKE, 1.5)
    for name, (world, wider) in worlds.items():
        craft = [
            replace(ready[s.searcher.name], width2=(ready[s.searcher.name].width2 * np.float32(wider**2)))
            for s in plan.sorties
        ]
        board = Board(world, craft, "pos", ALIKE, 1.5)
        total = np.zeros_like(board.drop)
        for number, sortie in enumerate(plan.sorties):
            old = list(ready).index(sortie.searcher.name)
            total += board.hazard_of(number, tracks.track(old, sortie.placing))
        print(f"  POS in a world with {name:<34} {board.worth(total):.4f}")


def main() -> None:
    """Print the scoreboard."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--particles", type=int, default=100_000)
    parser.add_argument("--long", type=int, default=0, help="moves of the other method")
    parser.add_argument("--objectives", nargs="+", default=["pos", "lives"])
    told = parser.parse_args()
    one = timed("the cloud drifted", lambda: boat(told.particles))
    print()
    cloud = cloud_of_all([one])
    with ThreadPoolExecutor(2) as executor:
        common = {"chance": Stream.of_seed(1), "alike": ALIKE, "executor": executor}
        plan_search([one], fleet(), budget=QUICK, **common)
        for objective in told.objectives:
            aim = {**common, "objective": objective}
            first = timed(
                f"{objective}: first feasible plan", lambda aim=aim: plan_search([one], fleet(), budget=QUICK, **aim)
            )
            print(f"{first.value:.4f}")
            plan = timed(f"{objective}: final plan", lambda aim=aim: plan_search([one], fleet(), budget=FULL, **aim))
            ratios = ", ".join(f"{b.law} {b.value:.4f} (plan {plan.value / b.value:.3f} of it)" for b in plan.bounds)
            print(f"{plan.value:.4f}; bounds: {ratios}; conflicts {len(plan.conflicts)}")
            again = timed(
                f"{objective}: again without the first",
                lambda aim=aim, plan=plan: plan_search([one], fleet()[1:], budget=AGAIN, start=plan.standing, **aim),
            )
            print(f"{again.value:.4f}")
            if objective == "pos":
                other_worlds(cloud, plan)
            if told.long:
                best = timed(f"{objective}: the other method", lambda o=objective: long_search(cloud, o, told.long, 7))
                print(f"{best:.4f}; plan {plan.value / best:.4f} of it")
        print(plan)


if __name__ == "__main__":
    main()
