"""Compile the kernels of drift, association and plan, so that nobody waits for them. Run: python tools/warm_up.py

The compiled code is kept in __pycache__ beside the kernel (or in the user's cache where that cannot be written) until
the kernel or the processor changes. A second call takes under a second. Numba does not see that a constant or a called
function in another file has changed: what is older than any source of these rooms is dropped first.
"""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from cordiale.association.associate import associate
from cordiale.belief.drift import drift
from cordiale.belief.report import Between, Fix, Reading, Report
from cordiale.belief.scenario import first_belief
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.draw import normals
from cordiale.earth.instants import Span, utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Instant, hours, knots
from cordiale.sea.environment import the_strait
from cordiale.search.plan import Budget, plan_search
from cordiale.search.plan_sought import Searcher, sought

# The rooms with kernels, and the rooms whose constants and functions are compiled into them.
LEANS_ON = {
    "earth": ("earth",),
    "belief": ("earth", "boats", "belief"),
    "association": ("earth", "boats", "association"),
    "search": ("earth", "sensors", "search"),
}


def drop_stale(package: Path) -> int:
    """Remove compiled code that is older than a source it may lean on; how many files went."""
    gone = 0
    for room, others in LEANS_ON.items():
        newest = max(f.stat().st_mtime for other in others for f in (package / other).glob("*.py"))
        stale = [f for f in (package / room / "__pycache__").glob("*.nb?") if f.stat().st_mtime < newest]
        for file in stale:
            file.unlink(missing_ok=True)
        gone += len(stale)
    return gone


def _told(number: int, at: Instant) -> Report:
    """A call with a position."""
    place = Reading(place=Fix(position=Position(lat=51.0, lon=1.6 + 0.01 * number), within=500.0))
    event = Span(earliest=at + 300 * number, latest=at + 300 * number)
    return Report(
        name=f"r-{number}", kind="distress_call", received=event.latest, event=event, where=(place,),
        channel="telephone", centre="none", caller="a", persons=Between(least=30, most=30),
    )  # fmt: skip


def main() -> None:
    began = time.perf_counter()
    drop_stale(Path(__file__).parents[1] / "cordiale")
    at = utc("2021-11-24 02:00")
    boat = first_belief(
        Fix(position=Position(lat=50.97, lon=1.80), within=2000.0),
        at=at,
        stream=Stream.of_seed(1),
        count=300,
        search_for=search_object("drifter"),
    )
    drift(boat, the_strait(), until=at + 2 * hours)
    drift(replace(boat, ids=boat.ids + 1), the_strait(current_length=1e4), until=at + 1 * hours)
    normals(Stream.of_seed(1), np.arange(3), 0)
    associate([_told(number, at) for number in range(3)], the_strait(), seed=1)
    craft = Searcher(
        name="a", base=Position(lat=50.97, lon=1.85), ready=at, speed=40 * knots, on_scene=hours,
        widths={"channel_inflatable": 0.5 * NM},
    )  # fmt: skip
    ways = sought(boat, the_strait(), until=at + 2 * hours)
    plan_search([ways], [craft], chance=Stream.of_seed(1), alike=2.0, budget=Budget(((300, 2),), 1, 16))
    print(f"kernels of drift, association and search plan ready: {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
