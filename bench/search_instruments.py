"""What it costs to count an instrument that sees nothing, and to leave one out that sees: the table of docs/why/013.

Run: `python -m bench.search_instruments 03:25Z` (a minute for each boat), `--boat B-0012` for a boat of one's own.
"""

import argparse
import time

from cordiale.desk.plan_boats import boats_chosen, clouds_until
from cordiale.desk.plan_craft import craft_available, craft_ready
from cordiale.desk.replays import picture_at, reports_to_replay
from cordiale.desk.seeing import Seeing
from cordiale.earth.chance import Stream
from cordiale.earth.units import hours
from cordiale.record.duties import Duties
from cordiale.search.plan import Budget, plan_search
from cordiale.search.plan_choose import worth_sending
from cordiale.search.plan_other import found_with
from cordiale.search.sight import INSTRUMENTS, UNASKED

NIGHT = "2021-11-24"
COUNTED = {"everything": frozenset(INSTRUMENTS), "all but radar": UNASKED["plan"], "eyes": frozenset()}
BUDGET = Budget(stages=((1000, 300), (6000, 100)), rounds=0)


def main() -> None:
    """Print, for each rule, what its plan is worth in the world of every rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("at", nargs="?", default="03:25Z")
    parser.add_argument("--boat", action="append", default=[])
    parser.add_argument("--seed", type=int, default=1, help="of the plans")
    asked = parser.parse_args()
    replayed = reports_to_replay(NIGHT, "en", now=time.time())
    told = argparse.Namespace(at=asked.at, seed=1, wind=None, wind_file=None)
    seen, known = picture_at(replayed, told, count=2000)
    chosen = boats_chosen(seen, Duties() if asked.boat else known.duties, named=asked.boat, all_of_them=False)
    until = seen.at + 6 * hours
    clouds = clouds_until(
        seen, chosen.boats, until, water=(12.0, 14.0), searches=(), unreported=None, progress=lambda _: None
    )
    there = craft_available(seen, argparse.Namespace(asset=[], without=[]))
    worlds = {
        name: craft_ready(seen, there, clouds, Seeing(water=(12.0, 14.0), instruments=counted), until)
        for name, counted in COUNTED.items()
    }
    print(f"{', '.join(b.name for b in chosen.boats)} at {asked.at}: persons found alive, POS; rows: the plan counts")
    print(f"{'':>16}" + "".join(f"{name:>22}" for name in worlds))
    for name, craft in worlds.items():
        alike = min(one.alike for one in craft if one.searcher and one.alike)
        able = [one.searcher for one in craft if one.searcher]
        sent = worth_sending(clouds, able, objective="lives", alike=alike).sent
        plan = plan_search(
            clouds, sent, chance=Stream.of_seed(asked.seed), objective="lives", alike=alike, budget=BUDGET
        )
        row = []
        for other in worlds.values():
            widths = {one.name: one.searcher.widths if one.searcher else {} for one in other}
            pos, alive = found_with(plan, clouds, widths, alike=alike)
            row.append(f"{alive:>15.1f} {pos:>6.3f}")
        print(f"{name:>16}" + "".join(row) + f"   {len(plan.sorties)} craft")


if __name__ == "__main__":
    main()
