"""Twin experiments: how often regions hold the truth when the sea errs as we assume, and when it does not.

Run: python bench/drift_twins.py. About a minute. Truths are particles of another seed, so the first row checks that
drift, errors and regions agree with each other and no more; the second has current errors that do not turn.
"""

from dataclasses import replace

import numpy as np

from cordiale.belief.drift import drift
from cordiale.belief.region import containment_region
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.earth.chance import Stream
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import days, hours, km
from cordiale.sea.environment import Environment, the_strait

CASES, PARTICLES, TRUTHS = 24, 3000, 200
AFTER = (3 * hours, 6 * hours, 12 * hours)


def other_errors(sea: Environment) -> Environment:
    """Errors of the current that do not turn: 0.17 m/s for 6 h, and 0.05 m/s left out."""
    return replace(
        sea,
        current_error=replace(sea.current_error, std=0.17, period=None, time_scale=6 * hours),
        residual_error=replace(sea.residual_error, std=0.05),
    )


def main() -> None:
    """Coverage and area of the regions, mean over random fixes in mid-strait over three weeks of tides."""
    sea = the_strait()
    worlds = {"errs as assumed": sea, "errors that do not turn": other_errors(sea)}
    held: dict[tuple[str, float, float], list[tuple[float, float]]] = {}
    chance = np.random.default_rng(0)
    for case in range(CASES):
        at = utc("2021-11-20 00:00") + float(chance.uniform(0, 20 * days))
        place = Position(lat=float(chance.uniform(50.9, 51.2)), lon=float(chance.uniform(1.35, 1.8)))
        if sea.coast is not None and sea.coast.distance(np.array([place.lat]), np.array([place.lon]))[0] < 2 * km:
            continue
        fix = Fix(position=place, within=500.0)
        belief = first_belief(fix, at=at, stream=Stream.of_seed(case).child("belief"), count=PARTICLES)
        start = first_belief(fix, at=at, stream=Stream.of_seed(case).child("truth"), count=TRUTHS)
        truths = dict.fromkeys(worlds, start)
        for later in AFTER:
            belief = drift(belief, sea, until=at + later)
            truths = {name: drift(truths[name], world, until=at + later) for name, world in worlds.items()}
            for probability in (0.5, 0.9):
                region = containment_region(belief, probability)
                for name, truth in truths.items():
                    inside = float(region.holds(truth.lat, truth.lon).mean())
                    held.setdefault((name, later, probability), []).append((inside, region.area))
    for (name, later, probability), rows in held.items():
        inside, area = np.mean(rows, axis=0)
        share = f"{later / hours:4.0f} h {100 * probability:3.0f} %: holds {100 * inside:4.1f} %"
        print(f"{name:24s} {share}, {area / km**2:5.0f} km2")


if __name__ == "__main__":
    main()
