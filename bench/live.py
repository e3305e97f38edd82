"""A new report at once: how long its ranked boats take, and how far they lie from the batch that follows.

Run: `python -m bench.live` (60 boats, 2,000 reports: a few minutes), `--boats 20 --reports 400 --nights 4` for less.
Per night one batch up to a moment of the night, then every new report by itself, and several at once; then the batch
with the first of them. Times are those of a warm process: one call before, and the paths kept. The tests never run it.
"""

import argparse
import resource
import statistics
import time
from collections.abc import Sequence

import numpy as np

from cordiale.association.associate import Batch, Memory, batch
from cordiale.association.disposition import Association
from cordiale.association.live import Live, Rank, Ranking, differences, live
from cordiale.association.paths import Paths
from cordiale.belief.report import Report
from tests.worlds.generate import Night, generate_night
from tests.worlds.generate_recipe import ELSEWHERE, STRAIT, sized
from tests.worlds.generate_way import WATERS

RECIPES = {"strait": STRAIT, "elsewhere": ELSEWHERE}
AT_ONCE = (1, 5, 20)


def timed(last: Batch, new: Sequence[Report], sea: object, paths: Paths, at_once: int) -> list[float]:
    """Seconds of each call with so many new reports."""
    seconds = []
    for k in range(0, len(new) - at_once + 1, at_once):
        begin = time.perf_counter()
        live(last, new[k : k + at_once], sea, paths=paths)
        seconds.append(time.perf_counter() - begin)
    return seconds


def agreement(found: Live, after: Association, truth: dict[str, str]) -> tuple[int, int, int, int, int]:
    """Reports about boats, those within 0.1 of the batch, those given to a boat by the live layer, of them those given
    to the boat that most of its reports are truly about, and of them those that the batch gives a boat too.
    """
    away = {d.report for d in differences(found, after)}
    about = [r for r in found.rankings if r.fate != "not_about_a_boat" and r.report in truth]
    known = dict(found.known)
    given = [r for r in about if r.boat is not None]
    right = [r for r in given if truth[r.report] == statistics.mode(truth.get(n, "") for n in known[r.boat])]
    also = [r for r in given if after.of(r.report).boat is not None]
    return len(about), sum(r.report not in away for r in about), len(given), len(right), len(also)


def told_as_live(found: Live, other: Association) -> Live:
    """What another batch says of the same reports, as a live answer, so that the two batches can be compared."""
    rankings = []
    for ranking in found.rankings:
        d = other.of(ranking.report)
        explained = [(d.boat, d.probability), *((a.boat, a.probability) for a in d.alternatives)]
        ranks = tuple(Rank(boat=b, probability=p, on_board=True) for b, p in explained if b is not None)
        rankings.append(Ranking(report=d.report, ranks=ranks, new_boat=0.0, no_boat=0.0, fate=d.fate, boat=d.boat))
    known = tuple((b.name, b.reports) for b in other.boats)
    return Live(rankings=tuple(rankings), before=found.before, known=known)


def one_night(
    night: Night, share: float, count: int
) -> tuple[dict[int, list[float]], tuple[int, ...], tuple[float, ...]]:
    """Times by number of new reports, agreement, and the seconds of both batches."""
    sea = night.sea()
    sea.current.flow(night.begins, WATERS)
    reports = sorted(night.reports, key=lambda r: (r.received, r.name))
    cut = int(share * len(reports))
    memory, paths = Memory(), Paths()
    begin = time.perf_counter()
    last = batch(reports[:cut], sea, seed=1, memory=memory)
    first = time.perf_counter() - begin
    new = reports[cut : cut + max(count, 60)]
    live(last, new, sea, paths=paths)
    times = {k: timed(last, new, sea, paths, k) for k in AT_ONCE}
    found = live(last, new[:count], sea, paths=paths)
    begin = time.perf_counter()
    after = batch(reports[: cut + count], sea, seed=1, memory=memory).association
    second = time.perf_counter() - begin
    again = batch(reports[: cut + count], sea, seed=2, memory=memory).association
    truth = dict(night.truth.boat_of())
    about = [r for r in found.rankings if r.fate != "not_about_a_boat" and r.report in truth]
    yardstick = len(about) - len(differences(told_as_live(found, again), after))
    return times, (*agreement(found, after, truth), yardstick), [first, second]


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boats", type=int, default=60)
    parser.add_argument("--reports", type=int, default=2000)
    parser.add_argument("--nights", type=int, default=1)
    parser.add_argument("--first", type=int, default=1, help="first seed")
    parser.add_argument("--share", type=float, default=0.95, help="of the reports that the batch knows")
    parser.add_argument("--count", type=int, default=20, help="new reports of which the answer is compared")
    parser.add_argument("--recipe", choices=list(RECIPES), default="strait")
    wanted = parser.parse_args()
    every: dict[int, list[float]] = {k: [] for k in AT_ONCE}
    total, batches = np.zeros(6, dtype=np.int64), []
    for seed in range(wanted.first, wanted.first + wanted.nights):
        night = generate_night(sized(RECIPES[wanted.recipe], boats=wanted.boats, reports=wanted.reports), seed)
        times, counted, seconds = one_night(night, wanted.share, wanted.count)
        for k, values in times.items():
            every[k] += values
        total += np.array(counted)
        batches += seconds
    print(f"\n{wanted.recipe}, {wanted.boats} boats, {wanted.reports} reports, {wanted.nights} nights\n")
    print("| new reports at once | calls | p50, s | p95, s | worst, s |\n| --- | --- | --- | --- | --- |")
    for k, values in every.items():
        row = np.quantile(values, [0.5, 0.95, 1.0]) if values else np.full(3, np.nan)
        print(f"| {k} | {len(values)} | " + " | ".join(f"{x:.3f}" for x in row) + " |")
    about, within, given, right, also, yardstick = total.tolist()
    print(f"\nOf {about} new reports about boats {within} ({within / max(about, 1):.0%}) lie within 0.1 of the batch.")
    print(
        f"Of the same, {yardstick} ({yardstick / max(about, 1):.0%}) of a batch with another seed lie within 0.1 of it."
    )
    print(f"{given} were given to a boat, {right} of them ({right / max(given, 1):.0%}) to the right one;")
    print(f"the batch gave {also} of them to a boat too. Batches: " + ", ".join(f"{x:.1f} s" for x in batches))
    print(f"Memory at its peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.")


if __name__ == "__main__":
    main()
