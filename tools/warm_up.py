"""Compile the drift kernel once, so that the first forecast does not wait for it. Run: python tools/warm_up.py

The compiled code is kept in __pycache__ beside the kernel (or in the user's cache where that cannot be written) until
the kernel or the processor changes. A second call takes under a second.
"""

import time
from dataclasses import replace

import numpy as np

from cordiale.belief import kernel
from cordiale.belief.drift import drift
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.draw import normals
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours
from cordiale.sea.environment import the_strait


def main() -> None:
    began = time.perf_counter()
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
    kernels = (kernel.half_hour, kernel.jibed)
    ready = sum(len(k.signatures) for k in kernels)
    print(f"drift kernel ready: {ready} compiled functions, {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
