"""A finished plan in a world that sees otherwise: what the same ways are worth with other sweep widths."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cordiale.earth.units import Fraction, Instant, Metres, Probability
from cordiale.search.hazard_kernel import BLOCK
from cordiale.search.looked import most_alike
from cordiale.search.plan import CAP
from cordiale.search.plan_cloud import Cloud, blocked, cloud_of_all, drops
from cordiale.search.plan_moves import Board, worth_of
from cordiale.search.plan_result import SearchPlan
from cordiale.search.plan_sought import Sought
from cordiale.search.plan_track import ready_on


def found_with(
    plan: SearchPlan,
    all_sought: Sequence[Sought],
    widths: Mapping[str, Mapping[str, Metres]],
    *,
    alike: Fraction | None,
    until: Instant | None = None,
) -> tuple[Probability, Fraction]:
    """POS, and persons found alive, of the ways of a plan where each searcher sees as wide as said by its name.

    Parameters
    ----------
    all_sought : what the plan was made for
    widths : sweep width in m by search object class, by name of the searcher
        Who is not named sees as wide as planned.
    alike, until : as for `plan_search`
    """
    alike = most_alike(alike, [one.looked for one in all_sought])
    cloud = cloud_of_all(all_sought, until, alike=alike)
    board = flown_over(plan, cloud, widths, alike)
    total = board.others()
    by_the_end = total.reshape(len(total), -1, BLOCK).sum(axis=1)
    found = worth_of(by_the_end, blocked(drops(cloud, "pos")[1]), alike)
    return found / cloud.boats, board.worth(total)


def flown_over(
    plan: SearchPlan, cloud: Cloud, widths: Mapping[str, Mapping[str, Metres]], alike: Fraction | None
) -> Board:
    """The ways of a plan over a cloud, with other sweep widths for the searchers named; a column of time a span."""
    planned = [ready_on(cloud, sortie.searcher) for sortie in plan.sorties]
    seeing = [
        ready_on(cloud, replace(sortie.searcher, widths=widths.get(sortie.searcher.name, sortie.searcher.widths)))
        for sortie in plan.sorties
    ]
    ways, board = (
        Board(cloud, ready, "lives", alike, CAP, columns=cloud.times.size - 1) for ready in (planned, seeing)
    )
    for number, sortie in enumerate(plan.sorties):
        track = ways.track(number, sortie.placing)
        if track is not None:
            board.hazard[number] = board.hazard_of(number, track)
    return board
