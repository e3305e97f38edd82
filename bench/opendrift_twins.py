"""A perturbed world over OpenDrift's own test data: how often whose region holds the truth, beside its defaults.

Run: python bench/opendrift_twins.py PYTHON DATA [WORK], arguments as of bench/opendrift.py. About three minutes.
"""

import math
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from opendrift import AT, Peer, cloud, forcing, one_class

from cordiale.belief.belief import Belief
from cordiale.belief.density import density_at, density_of
from cordiale.belief.drift import drift
from cordiale.belief.region import containment_region
from cordiale.earth.position import Position
from cordiale.earth.units import hours, km
from cordiale.sea.analytic import analytic_sea


def twins(peer: Peer) -> None:
    """A perturbed world: 120 fixes, the truth of another class in currents and winds that err as neither assumes."""
    truths, last = 120, 12 * hours
    count = 400
    current, wind = forcing(peer.forcing)
    rng = np.random.default_rng(9)
    engine = analytic_sea(current, wind=wind, current_std=0.12, wind_std=2.0, residual_std=0.08, time_scale=6 * hours)
    world = analytic_sea(current, wind=wind, current_std=0.17, wind_std=2.5, time_scale=4 * hours)
    others = ("raft_no_ballast_canopy", "raft_no_ballast_open_drogue", "skiff_runabout", "raft_no_ballast")
    places = [Position(lat=rng.uniform(59.9, 60.3), lon=rng.uniform(3.4, 4.0)) for _ in range(truths)]
    ours, ends = [], []
    for number, place in enumerate(places):
        begin = cloud(one_class("raft_no_ballast"), count, place=place, within=1 * km, seed=1000 + number)
        ours.append((begin, drift(begin, engine, until=AT + last)))
        truth = cloud(one_class(others[number % 4]), 1, place=place, within=1 * km, seed=5000 + number)
        ends.append(drift(truth, world, until=AT + last))
    seeds = {name: np.concatenate([getattr(b, name) for b, _ in ours]) for name in ("lon", "lat")}
    case = {"at": AT, "lasts": last, "step": 600, "object": 26, "forcing": str(peer.forcing)}
    noise = {"drift:current_uncertainty": 0.12, "drift:wind_uncertainty": 2.0}
    plain, told = peer.run([{**case, "places": dict(seeds)}, {**case, "config": noise, "places": dict(seeds)}])[0]
    named = {"ours": [b for _, b in ours]}
    for name, their in (("OpenDrift, defaults", plain), ("OpenDrift, told of the errors", told)):
        lat, lon = (their[axis][:, -1].reshape(truths, count) for axis in ("lat", "lon"))
        named[name] = [replace(b, lat=lat[n], lon=lon[n]) for n, (_, b) in enumerate(ours)]
    print(f"twins: {truths} fixes, {count} objects each, {last / hours:.0f} h, perturbed world")
    for name, beliefs in named.items():
        print(f"  {name:30s} {scored(beliefs, ends)}")


def scored(beliefs: list[Belief], truths: list[Belief]) -> str:
    """How often the regions hold the truth, their areas, and the mean logarithm of the density there."""
    words = []
    for probability in (0.5, 0.9):
        held, areas = [], []
        for belief, truth in zip(beliefs, truths, strict=True):
            region = containment_region(belief, probability)
            held.append(bool(region.holds(truth.lat, truth.lon)[0]))
            areas.append(region.area / km**2)
        words.append(
            f"{100 * probability:.0f} % holds {100 * np.mean(held):3.0f} %, median {np.median(areas):6.1f} km2"
        )
    logs = []
    for belief, truth in zip(beliefs, truths, strict=True):
        density = float(density_at(density_of(belief.lat, belief.lon, belief.weight), truth.lat, truth.lon)[0]) * km**2
        logs.append(math.log(max(density, 1e-6)))
    return "; ".join(words) + f"; log score {np.mean(logs):6.2f} (floor {math.log(1e-6):.1f})"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        python, data, *folder = sys.argv[1:]
        twins(Peer(python, Path(data), Path(folder[0] if folder else scratch)))
