"""Which report is about which boat, on generated nights: the engine beside a spreadsheet's rule, Stone Soup and
oracles that know the tracks and the noise, or all of the truth.

Run: `python -m bench.association` (a few minutes), `--nights 50 --boats 20` for more. Stone Soup takes part where
STONE_SOUP_PYTHON names a Python that has it. Each night of the engine runs in a process of its own, within `--limit`
seconds; a night it does not finish scores as if every report stood alone. The tests never run this.
"""

import argparse
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty

from bench.nights_baselines import nearest, stone_soup
from bench.nights_gospa import mean_gospa
from bench.nights_oracle import oracle, track_oracle
from cordiale.association.associate import associate
from tests.worlds.generate import Night, generate_night
from tests.worlds.generate_look_alike import look_alike_night
from tests.worlds.generate_recipe import ELSEWHERE, STRAIT, Recipe, sized
from tests.worlds.generate_way import WATERS
from tests.worlds.scores import (
    Agreement,
    Gain,
    b_cubed,
    calibration,
    calibration_error,
    coverage,
    paired_gain,
    pairwise,
)

RECIPES = {"strait": STRAIT, "elsewhere": ELSEWHERE}
HEADS = (
    "method", "B-cubed P", "R", "F1", "pairwise F1", "GOSPA, km", "of the tracks'", "of the truth's",
    "gain of cordiale (95 %)", "worse", "s", "MB",
)  # fmt: skip
REPORTS = {5: None, 20: None, 60: 2000}


@dataclass(frozen=True)
class Answer:
    """What one method said of one night; `links` are (stated probability, whether it is so), `boats` an interval."""

    groups: dict[str, str]
    seconds: float
    links: tuple[tuple[float, bool], ...] = ()
    boats: tuple[object, int] | None = None
    megabytes: float = 0.0
    finished: bool = True


@dataclass
class Column:
    """One method over the nights of a stratum."""

    cubed: list[Agreement] = field(default_factory=list)
    pairs: list[Agreement] = field(default_factory=list)
    gospa: list[float] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def truth_of(night: Night) -> dict[str, str]:
    """The grouping to be found: reports about boats, those of no boat alone."""
    about = {r.name for r in night.about_boats}
    return {name: boat for name, boat in night.truth.boat_of().items() if name in about}


def engine(night: Night) -> Answer:
    """The engine of the house, on the sea and the wind it is told."""
    sea = night.sea()
    sea.current.flow(night.begins, WATERS)  # a warm process: the atlas is read
    begin = time.perf_counter()
    found = associate(night.reports, sea, seed=1)
    seconds = time.perf_counter() - begin
    groups = {d.report: d.boat or f"alone/{d.report}" for d in found.dispositions if d.fate != "not_about_a_boat"}
    truth = truth_of(night)
    whose = {b.name: statistics.mode(truth.get(n, "") for n in b.reports) for b in found.boats}
    links = tuple(
        (p, truth[d.report] == whose[boat])
        for d in found.dispositions
        if d.report in truth
        for boat, p in [(d.boat, d.probability), *((a.boat, a.probability) for a in d.alternatives)]
        if boat is not None
    )
    boats = len({b for names in night.truth.about.values() for b in names})
    interval = found.count.boats
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Answer(groups, seconds, links, (interval, boats), peak)


def _into(queue: multiprocessing.Queue, night: Night) -> None:
    try:
        queue.put(engine(night))
    except Exception as problem:  # the other process must hear of it, whatever it is
        queue.put(f"{type(problem).__name__}: {problem}")
        raise


def engine_within(night: Night, limit: float) -> Answer:
    """The engine in a process of its own; without an answer in time every report stands alone."""
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue = context.Queue()
    process = context.Process(target=_into, args=(queue, night), daemon=True)
    process.start()
    try:
        answer: Answer | str = queue.get(timeout=limit)
        if isinstance(answer, str):
            print(f"  the engine failed: {answer}", file=sys.stderr)
            return Answer({}, limit, finished=False)
        return answer
    except Empty:
        return Answer({}, limit, finished=False)
    finally:
        process.kill()
        process.join()


def timed(method: Callable[[Night], dict[str, str] | None], night: Night) -> Answer | None:
    """A grouping and how long it took; None where the method is not there."""
    begin = time.perf_counter()
    groups = method(night)
    return None if groups is None else Answer(groups, time.perf_counter() - begin, finished=bool(groups))


def methods(limit: float) -> dict[str, Callable[[Night], Answer | None]]:
    """Everything that is compared; the engine first."""
    return {
        "cordiale": lambda night: engine_within(night, limit),
        "track oracle": lambda night: timed(track_oracle, night),
        "full oracle": lambda night: timed(oracle, night),
        "nearest": lambda night: timed(lambda n: nearest(n.about_boats, phones=False), night),
        "nearest + phones": lambda night: timed(lambda n: nearest(n.about_boats), night),
        "Stone Soup GNN": lambda night: timed(lambda n: stone_soup(n.about_boats, "gnn", timeout=4 * limit), night),
        "Stone Soup JPDA": lambda night: timed(lambda n: stone_soup(n.about_boats, "jpda", timeout=4 * limit), night),
    }


def run(recipe: Recipe, seeds: range, limit: float, only: set[str]) -> dict[str, Column]:
    """All methods on the nights of one stratum; a recipe of no boats stands for look-alike nights."""
    columns: dict[str, Column] = {}
    for seed in seeds:
        night = generate_night(recipe, seed) if recipe.boats else look_alike_night(seed)
        truth = truth_of(night)
        for name, method in methods(limit).items():
            answer = method(night) if not only or name in only else None
            if answer is None:
                continue
            column = columns.setdefault(name, Column())
            column.cubed.append(b_cubed(truth, answer.groups))
            column.pairs.append(pairwise(truth, answer.groups))
            column.gospa.append(mean_gospa(night, answer.groups))
            column.answers.append(answer)
            print(f"  seed {seed}, {len(truth)} reports, {name}: {column.cubed[-1].f1:.3f}", file=sys.stderr)
    return columns


def table(title: str, columns: dict[str, Column]) -> None:
    """One stratum: scores of every method, and the engine's paired gain over it."""
    print(f"\n## {title}\n")
    print("| " + " | ".join(HEADS) + " |\n" + "| --- " * len(HEADS) + "|")
    ours = [a.f1 for a in columns["cordiale"].cubed] if "cordiale" in columns else []
    best = {
        name: statistics.mean(a.f1 for a in columns[name].cubed) if name in columns else float("nan")
        for name in ("track oracle", "full oracle")
    }
    for name, column in columns.items():
        f1 = [a.f1 for a in column.cubed]
        gain = paired_gain(ours, f1) if ours and name not in {"cordiale", *best} else None
        cells = (
            name,
            f"{statistics.mean(a.precision for a in column.cubed):.3f}",
            f"{statistics.mean(a.recall for a in column.cubed):.3f}",
            f"{statistics.mean(f1):.3f}",
            f"{statistics.mean(a.f1 for a in column.pairs):.3f}",
            f"{statistics.mean(column.gospa):.1f}",
            *(f"{statistics.mean(f1) / ceiling:.3f}" for ceiling in best.values()),
            _gain_cell(gain),
            f"{100 * gain.worse:.0f} %" if gain else "",
            f"{statistics.mean(a.seconds for a in column.answers):.1f}",
            f"{max(a.megabytes for a in column.answers):.0f}" if column.answers[0].megabytes else "",
        )
        print("| " + " | ".join(cells) + " |")
    for name, column in columns.items():
        late = sum(not a.finished for a in column.answers)
        if late:
            print(f"\n{name}: {late} of {len(column.answers)} nights not finished in time: there all stand alone.")
    if "cordiale" in columns:
        _of_the_engine(columns["cordiale"].answers)


def _gain_cell(gain: Gain | None) -> str:
    return f"{gain.mean:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})" if gain else ""


def _of_the_engine(answers: list[Answer]) -> None:
    """Calibration of its links, and coverage of its interval of the number of boats."""
    bins = calibration(link for a in answers for link in a.links)
    if bins:
        said = ", ".join(f"{b.stated:.2f}: {b.true:.2f} (n {b.count})" for b in bins)
        print(f"\nP(about this boat), stated: true. {said}. Mean distance {calibration_error(bins):.3f}.")
    counted = [a.boats for a in answers if a.boats]
    if counted:
        share, error = coverage(counted)
        wide = statistics.mean(i.most - i.least for i, _ in counted)
        listed = ", ".join(f"{i.least:.0f}-{i.most:.0f} of {n}" for i, n in counted[:5])
        held = f"{100 * share:.0f} % +- {100 * error:.0f} %"
        print(f"Number of boats: {held} of the intervals hold it, mean width {wide:.1f} ({listed}).")


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=3, help="nights a stratum")
    parser.add_argument("--boats", type=int, nargs="*", default=[5, 20, 60], help="0: look-alike nights")
    parser.add_argument("--recipes", nargs="*", default=list(RECIPES), choices=list(RECIPES))
    parser.add_argument("--first", type=int, default=1, help="first seed")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for the engine, a night")
    parser.add_argument("--only", nargs="*", default=[], help="names of methods")
    wanted = parser.parse_args()
    seeds = range(wanted.first, wanted.first + wanted.nights)
    for boats in wanted.boats:
        for name in wanted.recipes:
            recipe = sized(RECIPES[name], boats=boats, reports=REPORTS.get(boats))
            title = f"{name}, {boats} boats" if boats else "look-alike nights"
            table(f"{title}, {wanted.nights} nights", run(recipe, seeds, wanted.limit, set(wanted.only)))
            if not boats:
                break


if __name__ == "__main__":
    main()
