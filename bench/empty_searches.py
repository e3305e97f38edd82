"""What empty searches do to the association, on generated nights: is a plot or a sighting of a boat?

Run: `python -m bench.empty_searches` (three nights of 20 boats of each kind: five minutes), `--nights 1` for less,
`--delay 5 --width 4` for better searches. After every plot and sighting a craft makes a ladder search of 6 by 6 km
about it at 15 m/s. Whether it finds one of the boats that truly are there is drawn by the inverse-cube law on their
true tracks; those that found none are the empty ones. The association is run without and with them. The tests never
run this.
"""

import argparse

import numpy as np

from cordiale.association.associate import Batch, batch
from cordiale.association.searched import Searched
from cordiale.association.weights import real
from cordiale.earth.geodesy import destination, displacement
from cordiale.earth.position import Position
from cordiale.earth.units import minutes
from cordiale.sensors.leg import leg_hazard
from tests.worlds.generate import Night, TrueBoat, generate_night
from tests.worlds.generate_recipe import ELSEWHERE, STRAIT, sized
from tests.worlds.scores import b_cubed

SPEED, BOX, SPACING = 15.0, 6000.0, 1500.0
RIGHT = 0.95  # of the searches: in the others nobody looked
MAY_BE_NO_BOAT = ("sighting", "radar_plot")


def ladder(about: Position, begin: float, width: float) -> Searched:
    """Parallel legs about a place."""
    east = np.repeat(np.arange(-BOX / 2, BOX / 2 + 1, SPACING), 2)
    north = np.resize([-BOX / 2, BOX / 2, BOX / 2, -BOX / 2], east.size)
    lat, lon = destination(about.lat, about.lon, east, north)
    long = np.hypot(np.diff(east), np.diff(north))
    at = begin + np.concatenate([[0.0], np.cumsum(long / SPEED)])
    return Searched(at=tuple(at.tolist()), lat=tuple(lat.tolist()), lon=tuple(lon.tolist()), width=width)


def hazard(search: Searched, boat: TrueBoat) -> float:
    """Summed hazard of a search for a boat on her true track."""
    total = 0.0
    for i in range(len(search.at) - 1):
        begin, end = search.at[i], search.at[i + 1]
        if not (boat.track[0][0] <= begin and end <= boat.craft.last):
            continue
        first, last = (np.array(displacement(*boat.at(search.at[k]), search.lat[k], search.lon[k])) for k in (i, i + 1))
        way = last - first
        length = max(float(np.hypot(*way)), 1.0)
        across = np.array([(first[0] * way[1] - first[1] * way[0]) / length])
        ends = (np.array([first @ way / length]), np.array([last @ way / length]))
        total += float(leg_hazard(search.width, across, *ends, SPEED * (end - begin) / length)[0])
    return total


def empty(night: Night, delay: float, width: float) -> tuple[dict[str, Searched], int]:
    """The searches that found nothing, by the plot or sighting that they followed; and how many found a boat."""
    chance = np.random.default_rng(night.seed)
    kept: dict[str, Searched] = {}
    found = 0
    for report in night.about_boats:
        about = getattr(report.where[0].place, "position", None) if report.where else None
        if report.kind not in MAY_BE_NO_BOAT or about is None:
            continue
        search = ladder(about, report.event.middle + delay, width)
        if search.at[-1] > night.until:
            continue
        seen = sum(hazard(search, boat) for boat in night.truth.boats.values())
        if chance.random() < RIGHT * (1 - np.exp(-seen)):
            found += 1
        else:
            kept[report.name] = search
    return kept, found


def of_a_boat(found: Batch) -> dict[str, float]:
    """P(a plot or sighting is of a boat), over the groupings visited."""
    labels, stated = found.samples.labels[::8], {}
    for i, message in enumerate(found.news):
        if message.lead.kind in MAY_BE_NO_BOAT:
            alone = (labels == labels[:, [i]]).sum(axis=1) == 1
            chance = [real(found.samples.weights, i, int(n)) for n in labels[alone].max(axis=1)]
            stated[message.lead.name] = (float(np.sum(chance)) + float((~alone).sum())) / len(labels)
    return stated


def f1_of(night: Night, found: Batch) -> float:
    """B-cubed F1 of the grouping."""
    about = {r.name for r in night.about_boats}
    truth = {name: boat for name, boat in night.truth.boat_of().items() if name in about}
    given = {
        d.report: d.boat or f"alone/{d.report}" for d in found.association.dispositions if d.fate != "not_about_a_boat"
    }
    return b_cubed(truth, given).f1


def main() -> None:
    """Nights, without and with their empty searches."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=3, help="of each kind")
    parser.add_argument("--delay", type=float, default=20.0, help="min from plot to search")
    parser.add_argument("--width", type=float, default=2.0, help="sweep width, km")
    wanted = parser.parse_args()
    f1, rows = [], []
    for name, recipe in (("strait", STRAIT), ("elsewhere", ELSEWHERE)):
        for seed in range(1, wanted.nights + 1):
            night = generate_night(sized(recipe, boats=20, reports=None), seed)
            searches, found = empty(night, wanted.delay * minutes, 1000 * wanted.width)
            both = [batch(night.reports, night.sea(), seed=1, searches=s) for s in ((), searches.values())]
            f1.append([f1_of(night, one) for one in both])
            stated = [of_a_boat(one) for one in both]
            rows += [(bool(night.truth.about[n]), n in searches, *(p[n] for p in stated)) for n in stated[0]]
            told = f"{len(searches)} empty, {found} found a boat, F1 {f1[-1][0]:.3f} without, {f1[-1][1]:.3f} with them"
            print(f"{name} {seed}: {told}", flush=True)
    every = np.array(rows, dtype=np.float64)
    print(f"F1 {np.mean(f1, axis=0)[0]:.3f} without, {np.mean(f1, axis=0)[1]:.3f} with")
    for asked, title in ((1, "followed by an empty search"), (0, "not")):
        for so, kind in ((1, "of a boat"), (0, "of none")):
            of = every[(every[:, 1] == asked) & (every[:, 0] == so)]
            if of.size:
                p = of[:, 2:].mean(axis=0)
                print(f"{title}, {kind}: {len(of)}, P(of a boat) {p[0]:.3f} without, {p[1]:.3f} with")
        of = every[every[:, 1] == asked]
        brier = ((of[:, 2:] - of[:, :1]) ** 2).mean(axis=0)
        print(f"{title}: Brier {brier[0]:.4f} without, {brier[1]:.4f} with")


if __name__ == "__main__":
    main()
