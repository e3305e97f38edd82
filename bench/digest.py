"""Digests of the probability maps of standard forecasts: two machines, Pythons or numbers of threads must agree.

Run: python bench/digest.py. Open sea, inshore, and a boat that leaves a beach with her life cycle, each with one thread
and with two, and through NumPy instead of the compiled kernel. The same lines anywhere, or something is wrong.
"""

import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Final

from cordiale.belief.belief import Belief
from cordiale.belief.drift import Engine, drift
from cordiale.belief.region import digest, probability_map
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours
from cordiale.sea.environment import the_strait
from cordiale.sea.wind import ConstantWind

BEGIN: Final = utc("2026-03-01 03:00")
COUNT: Final = 2000
FORECASTS: Final = {  # latitude, longitude, within (m), search object, under way, hours
    "open sea": (51.0, 1.5, 500.0, "inflatable", 0.0, 12),
    "inshore": (51.02, 1.95, 1000.0, "person_in_water", 0.0, 12),
    "life cycle": (51.03, 2.02, 500.0, "small_boat_people", 1.0, 12),
}


def forecast(name: str, *, threads: int = 1, executor: Executor | None = None, engine: Engine = "compiled") -> Belief:
    """A standard forecast in a wind of 7 m/s from the north-west."""
    lat, lon, within, key, under_way, lasting = FORECASTS[name]
    sea = the_strait(ConstantWind.blowing(7.0, from_direction=315.0))
    belief = first_belief(
        Fix(position=Position(lat=lat, lon=lon), within=within),
        at=BEGIN,
        stream=Stream.of_seed(20260301).child(name),
        search_for=search_object(key),
        count=COUNT,
        under_way=under_way,
        coast=sea.coast,
        tide=sea.tide,
    )
    until = BEGIN + lasting * hours
    return drift(belief, sea, until=until, threads=threads, executor=executor, engine=engine)


def main() -> None:
    """One line a forecast."""
    print(f"Python {sys.version.split()[0]} on {sys.platform}")
    with ThreadPoolExecutor(2) as pool:
        for name in FORECASTS:
            single = forecast(name)
            digests = [digest(probability_map(single))]
            digests.append(digest(probability_map(forecast(name, threads=2, executor=pool))))
            digests.append(digest(probability_map(forecast(name, engine="numpy"))))
            exact = f"{single.lat.sum():.17g} {single.lon.sum():.17g}"
            ashore = f"{100 * single.fraction_ashore:.0f} % ashore"
            print(f"{name:12s} one thread {digests[0]}  two {digests[1]}  NumPy {digests[2]}  {ashore}  sums {exact}")


if __name__ == "__main__":
    main()
