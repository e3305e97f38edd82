"""Orders for many boats at once: loss, bound and times, on invented boats in the packaged strait.

Run: `python -m bench.response` (half a minute), `--seed 7` for other boats. The tests never run this.
"""

import argparse
import time

import numpy as np

from cordiale.assets.availability import Availability, at_sea, at_station
from cordiale.assets.catalogue import load_catalogue
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Instant, hours
from cordiale.response.alive import alive_curve, phases_of_state
from cordiale.response.assignment import assign
from cordiale.response.cloud import cloud_around
from cordiale.response.distress import Distress, Search
from cordiale.response.outcome import outcome
from cordiale.response.rescue import Weather
from cordiale.response.situation import situation
from cordiale.sea.environment import Environment, the_strait
from cordiale.sea.wind import wind_of_the_night

NOW: Instant = utc("2021-11-24 02:27")
AT_SEA = {"valiant": Position(lat=51.1233, lon=1.5167), "flamant": Position(lat=51.0833, lon=1.8417)}
STATES = ("taking_water", "adrift", "in_the_water", "under_way")
CASES = ((6, 10), (10, 10), (8, 22), (20, 22))


def craft(count: int) -> list[Availability]:
    """The first so many assets of the night, the two ships at sea among them."""
    listed = [a for a in load_catalogue().at(NOW) if a.key not in ("pluvier", "cormoran")]
    listed.sort(key=lambda asset: asset.key not in AT_SEA)
    placed = [at_sea(a, NOW, AT_SEA[a.key]) if a.key in AT_SEA else at_station(a, NOW) for a in listed]
    return placed[:count]


def boats(count: int, seed: int, sea: Environment) -> list[Distress]:
    """Boats at random between Calais and Dover: 25 to 68 people, adrift, under way, swamping or in the water."""
    chance = np.random.default_rng(seed)
    made = []
    for number in range(count):
        place = Position(lat=float(chance.uniform(50.95, 51.2)), lon=float(chance.uniform(1.45, 1.95)))
        counts = np.arange(chance.integers(25, 60), 69, dtype=np.float64)[:9]
        made.append(
            Distress(
                name=f"boat {number}",
                cloud=cloud_around(
                    place, float(chance.uniform(100, 800)), at=NOW - 1800, environment=sea, until=NOW + 12 * hours
                ),
                counts=counts,
                chances=np.full(counts.size, 1 / counts.size),
                curve=alive_curve(phases_of_state(str(chance.choice(STATES))), at=NOW, water=(11.0, 14.0), wind=3.0),
                search=Search(widths={"any": 0.5 * NM}),
            )
        )
    return made


def main() -> None:
    """Print one line a case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=3)
    seed = parser.parse_args().seed
    sea = the_strait(wind_of_the_night())
    print("boats craft legs   people  nobody sent    lost   bound  method      list s  plan s  again s")
    for number, assets in CASES:
        afloat = boats(number, seed, sea)
        began = time.process_time()
        now = situation(craft(assets), afloat, sea, at=NOW, weather=Weather(wave_height=0.5, visibility=1500.0))
        listed = time.process_time() - began
        nobody = now.expected - sum(outcome(boat, ()).lives for boat in afloat)
        for legs in (1, 2):
            began = time.process_time()
            plan = assign(now, legs=legs)
            first = time.process_time() - began
            began = time.process_time()
            assign(now, legs=legs, before=plan, moves=3000)
            again = time.process_time() - began
            least = plan.lost if plan.method != "search" else plan.least
            print(
                f"{number:5d} {assets:5d} {legs:4d} {now.expected:8.0f} {nobody:12.1f} {plan.lost:7.1f} {least:7.1f}"
                f"  {plan.method:10s} {listed:7.1f} {first:7.1f} {again:8.1f}"
            )


if __name__ == "__main__":
    main()
