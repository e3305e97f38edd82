"""How far the compiled evidence of a group lies from a particle filter, by size of group, and how noisy that filter is.

Run: `python -m bench.evidence` (the packaged night at 06:00 and 12:50 and three generated nights of 20 boats of each
kind: about ten minutes), `--nights 1 --groups 60` for less. Groups are those of the groupings that the batch visited,
drawn as often as they were visited, of two positions or more. The tests never run this.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from cordiale.association.associate import batch
from cordiale.association.law import POSITION
from cordiale.association.particle_evidence import log_evidence
from cordiale.association.tables import Tables
from cordiale.association.weights import Group, Weights
from cordiale.belief.report import Report
from cordiale.earth.chance import Stream
from cordiale.earth.instants import utc
from cordiale.feeds.nights import open_night
from cordiale.sea.environment import Environment, the_strait
from tests.worlds.generate import generate_night
from tests.worlds.generate_recipe import ELSEWHERE, STRAIT, sized

SIZES = ((2, 2), (3, 3), (4, 5), (6, 8), (9, 12), (13, 20), (21, 99))  # positions in a group
MANY = 1024  # particles of the reference
ASKED = (32, 64, 128, 256)
REPEATS = 6


def nights(count: int) -> Iterable[tuple[str, Sequence[Report], Environment]]:
    """Name, reports and sea of every night."""
    sea = the_strait()
    told = [line.report for line in open_night("2021-11-24")]
    for clock in ("06:00", "12:50"):
        yield f"24 November, {clock}", [r for r in told if r.received <= utc(f"2021-11-24 {clock}")], sea
    for name, recipe in (("strait", STRAIT), ("elsewhere", ELSEWHERE)):
        for seed in range(1, count + 1):
            night = generate_night(sized(recipe, boats=20, reports=None), seed)
            yield f"{name} {seed}", night.reports, night.sea()


def placed(tables: Tables, group: Group) -> int:
    """How many messages of a group have a position."""
    return sum(int(tables.first[m + 1] > tables.first[m]) for m in group)


def visited(labels: np.ndarray, tables: Tables, count: int) -> list[Group]:
    """Distinct groups of two positions or more, so many at most, as often as they were visited."""
    seen: Counter[Group] = Counter()
    for row in labels:
        seen.update(tuple(np.flatnonzero(row == g).tolist()) for g in range(int(row.max()) + 1))
    groups = sorted(g for g in seen if placed(tables, g) > 1)
    share = np.array([seen[g] for g in groups], dtype=np.float64)
    drawn = np.random.default_rng(1).choice(len(groups), min(count, len(groups)), replace=False, p=share / share.sum())
    return [groups[k] for k in sorted(drawn.tolist())]


def drawn(weights: Weights, group: Group, seed: int, particles: int) -> float:
    """One run of the filter."""
    stream = Stream.of_seed(seed).child(f"{weights.key(group):x}")
    return float(log_evidence(weights.tables, group, stream, particles))


def line(name: str, away: np.ndarray) -> str:
    """A row: how many, mean, standard deviation, and how many are further than a half."""
    return f"| {name} | {away.size} | {away.mean():+.2f} | {away.std():.2f} | {100 * np.mean(abs(away) > 0.5):.0f} % |"


def main() -> None:
    """Weigh, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=3, help="generated nights of each kind")
    parser.add_argument("--groups", type=int, default=150, help="groups of a night")
    wanted = parser.parse_args()
    size, away = np.zeros(0, dtype=np.int64), np.zeros(0)
    noise: dict[int, list[tuple[int, float]]] = {n: [] for n in ASKED}
    spent = dict.fromkeys(ASKED, 0.0)
    print("| night | groups | surrogate less filter | standard deviation | beyond 0.5 |\n" + "| --- " * 5 + "|")
    for name, reports, sea in nights(wanted.nights):
        samples = batch(reports, sea, seed=1).samples
        weights = samples.weights
        groups = visited(samples.labels, weights.tables, wanted.groups)
        apart = weights.parts(groups)[:, POSITION] - [drawn(weights, g, 0, MANY) for g in groups]
        here = np.array([placed(weights.tables, g) for g in groups])
        print(line(name, apart), flush=True)
        size, away = np.concatenate([size, here]), np.concatenate([away, apart])
        for k in range(0, len(groups), 5):
            for n in ASKED:
                begin = time.perf_counter()
                runs = [drawn(weights, groups[k], 1 + r, n) for r in range(REPEATS)]
                spent[n] += (time.perf_counter() - begin) / REPEATS
                noise[n].append((int(here[k]), float(np.std(runs, ddof=1))))
    print("\n| positions | groups | surrogate less filter | standard deviation | beyond 0.5 |\n" + "| --- " * 5 + "|")
    for least, most in SIZES:
        of = (size >= least) & (size <= most)
        if of.any():
            print(line(f"{least}-{most}", away[of]))
    heads = " | ".join(f"{a}-{b}" for a, b in SIZES)
    print(f"\nStandard deviation of the filter itself, root mean square (largest)\n| particles | {heads} | ms |")
    for n, rows in noise.items():
        cells = []
        for least, most in SIZES:
            found = np.array([sd for positions, sd in rows if least <= positions <= most])
            cells.append(f"{np.sqrt(np.mean(found**2)):.2f} ({found.max():.2f})" if found.size else "")
        print(f"| {n} | " + " | ".join(cells) + f" | {1000 * spent[n] / max(len(rows), 1):.0f} |")


if __name__ == "__main__":
    main()
