"""Twin experiments: how often regions hold the truth when the world errs exactly as assumed.

Run: python bench/drift_twins.py [cases] [particles] [first case]. One truth a case, drawn by the same law under another
seed; so this checks that drift, errors, density and regions agree with each other, everywhere, and no more.
"""

import sys

import numpy as np
from skill_cases import AFTER, SHARES, log_score, random_case, regions, share_with_error, true_path

from cordiale.belief.drift import drift
from cordiale.earth.units import hours, km


def one(number: int, particles: int) -> list[tuple[float, ...]]:
    """Rows of one case: hours, held by 50 and 90 %, areas (km2), score, share ashore, truth ashore, distance, way."""
    case = random_case(number)
    sea = case.sea()
    belief = case.belief(particles, sea)
    here = case.fix.position
    room = float(sea.coast.distance(np.array([here.lat]), np.array([here.lon]))[0])
    rows = []
    for later, truth in zip(AFTER, true_path(case.truth(sea), sea), strict=True):
        belief = drift(belief, sea, until=case.at + later)
        both = regions(belief)
        rows.append(
            (
                later / hours,
                *(float(region.holds(truth.lat, truth.lon)[0]) for region in both),
                *(region.area / km**2 for region in both),
                log_score(both[1], float(truth.lat[0]), float(truth.lon[0])),
                belief.fraction_ashore,
                float(truth.stranded[0]),
                room / km,
                case.under_way,
            )
        )
    return rows


def table(name: str, rows: np.ndarray) -> None:
    """One line a time: shares held with binomial error, median areas, mean score."""
    for later in AFTER:
        these = rows[rows[:, 0] == later / hours]
        if len(these):
            held = "  ".join(
                f"{100 * p:.0f} %: {share_with_error(these[:, 1 + k])}, {np.median(these[:, 3 + k]):6.1f} km2"
                for k, p in enumerate(SHARES)
            )
            print(
                f"{name:28s} {len(these):5d} cases {later / hours:3.0f} h  {held}  ln {these[:, 5].mean():6.2f}"
            )


def main(cases: int = 1000, particles: int = 3000, first: int = 0) -> None:
    """All cases, then the same rows split by what may go wrong: shore, way, clouds partly ashore."""
    rows = np.array([row for number in range(first, first + cases) for row in one(number, particles)])
    print(f"{cases} cases from {first}, {particles} particles, areas are medians")
    table("all", rows)
    table("fix within 5 km of land", rows[rows[:, 8] <= 5])
    table("adrift", rows[rows[:, 9] == 0])
    table("under way", rows[rows[:, 9] > 0])
    table("under 1 % ashore", rows[rows[:, 6] < 0.01])
    table("1 to 50 % ashore", rows[(rows[:, 6] >= 0.01) & (rows[:, 6] < 0.5)])
    table("over 50 % ashore", rows[rows[:, 6] >= 0.5])
    table("truth ashore", rows[rows[:, 7] == 1])


if __name__ == "__main__":
    main(*(int(text) for text in sys.argv[1:]))
