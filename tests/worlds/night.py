"""The packaged night with its truth, for the tests that play it. Only tests read the truth."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from cordiale.belief.report import Report
from cordiale.earth.instants import utc
from cordiale.feeds.nights import open_night
from cordiale.record.picture import Picture, PictureMemory, picture
from cordiale.sea.environment import Environment, the_strait

NAME = "2021-11-24"
TRUTH = Path(__file__).parent / "data" / "night-2021-11-24-truth.json"


@cache
def reports() -> tuple[Report, ...]:
    """The reports of the night, in order of receipt."""
    return tuple(line.report for line in open_night(NAME))


@cache
def boat_of() -> Mapping[str, str]:
    """Which boat each report is really about."""
    truth: Mapping[str, str] = json.loads(TRUTH.read_text(encoding="utf-8"))["boat_of"]
    return truth


@cache
def sea() -> Environment:
    """The packaged strait."""
    return the_strait()


@cache
def _memory() -> PictureMemory:
    return PictureMemory()


@cache
def picture_at(clock: str, *, count: int = 1000) -> Picture:
    """The picture of the night at a time of 24 November, with fewer particles than a desk draws."""
    return picture(reports(), sea(), at=utc(f"{NAME} {clock}"), seed=1, count=count, memory=_memory())


def contacts_of_the_boat() -> tuple[str, ...]:
    """Calls, positions, relays and unanswered calls of the boat that was lost: everything from 00:48 to 03:22."""
    by_name = {r.name: r for r in reports()}
    first, last = utc(f"{NAME} 00:40"), utc(f"{NAME} 03:30")
    own = (n for n, boat in boat_of().items() if boat == "charlie")
    return tuple(n for n in own if first < by_name[n].event.middle < last)


def recoveries_of_the_three() -> tuple[str, ...]:
    """The recoveries of the three boats whose 98 people were taken aboard."""
    kinds = {r.name: r.kind for r in reports()}
    return tuple(n for n, boat in boat_of().items() if boat.startswith("abc") and kinds[n] == "recovery")


def b_cubed(truth: Mapping[str, str], given: Mapping[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of a grouping: for each report, how many of its companions are right, and how many of
    the right ones are its companions (Bagga and Baldwin 1998).
    """
    precision = recall = 0.0
    for name in truth:
        right = {n for n in truth if truth[n] == truth[name]}
        beside = {n for n in truth if given[n] == given[name]}
        precision += len(right & beside) / len(beside)
        recall += len(right & beside) / len(right)
    precision, recall = precision / len(truth), recall / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)
