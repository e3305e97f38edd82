"""The night of 24 November 2021 as it comes out: the fix of 02:01Z against the find of 12:49Z; nothing is tuned to it.

Run: python bench/skill_night.py. People died. Figures are means over eight seeds of 5,000 particles, and their standard
errors between seeds; the density is counted within 1 km of the find, without smoothing.
"""

import math
from typing import Final

import numpy as np

from cordiale.belief.drift import drift
from cordiale.belief.region import containment_region
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.belief.undrifted import undrifted
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import bearing, distance
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM, km
from cordiale.sea.environment import the_strait
from cordiale.sea.wind import wind_of_the_night

LAST_FIX: Final = Position(lat=51 + 8.5 / 60, lon=1 + 44.5 / 60)
FOUND: Final = Position(lat=51 + 5.58 / 60, lon=1 + 43.41 / 60)
CLOCKS: Final = ("03:25", "06:15", "12:49")
SEEDS, COUNT = 8, 5000


def night(key: str, seed: int) -> list[float]:
    """Of one cloud: range and bearing of the centre at each time, then of the find."""
    sea = the_strait(wind_of_the_night())
    belief = first_belief(
        Fix(position=LAST_FIX, within=50.0),
        at=utc("2021-11-24 02:01"),
        stream=Stream.of_seed(seed).child("the night"),
        search_for=search_object(key),
        count=COUNT,
        coast=sea.coast,
        tide=sea.tide,
    )
    row: list[float] = []
    for clock in CLOCKS:
        belief = drift(belief, sea, until=utc(f"2021-11-24 {clock}"))
        centre = belief.centre
        row.append(float(distance(LAST_FIX.lat, LAST_FIX.lon, centre.lat, centre.lon)) / NM)
        row.append(float(bearing(LAST_FIX.lat, LAST_FIX.lon, centre.lat, centre.lon)))
    away = distance(FOUND.lat, FOUND.lon, belief.lat, belief.lon)
    most = containment_region(belief, 0.9)
    still = undrifted(most, start=LAST_FIX, place=FOUND)
    near = float(belief.weight @ (away < 1 * km)) / math.pi
    inside = float(most.holds(np.array(FOUND.lat), np.array(FOUND.lon)))
    within = float(belief.weight @ (away < 2 * NM))
    return [*row, within, near, still.normal * km**2, still.even * km**2, inside, most.area / km**2]


def main() -> None:
    """One line for each search object."""
    for key in ("inflatable", "small_boat", "small_boat_people"):
        rows = np.array([night(key, seed) for seed in range(SEEDS)])
        mean, error = rows.mean(axis=0), rows.std(axis=0, ddof=1) / math.sqrt(SEEDS)
        for k, clock in enumerate(CLOCKS):
            print(f"{key:18s} {clock}Z centre {mean[2 * k]:.1f} NM {mean[2 * k + 1]:03.0f} from the fix")
        print(
            f"{key:18s} find within 2 NM {mean[6]:.3f} +- {error[6]:.3f}; density {mean[7]:.5f} +- {error[7]:.5f}/km2;"
            f" undrifted of the same area: normal {mean[8]:.5f}, even {mean[9]:.5f};"
            f" inside 90 %: {mean[10]:.2f} of seeds, {mean[11]:.0f} km2"
        )


if __name__ == "__main__":
    main()
