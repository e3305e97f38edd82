"""The stop test for boats of a picture, and the decision that follows it: it ends tasks, and no belief.

On 24 November 2021 the search ended shortly before 06:00, in the dark, with people alive in the water. The test asks
what that decision did not ask: what was not seen, who may be alive now and at sunrise, and who could still come.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from cordiale.boats.survival import survival_curve
from cordiale.boats.survival_table import Immersion, Place
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import Celsius, Instant, Probability
from cordiale.record.closure import boat_of
from cordiale.record.duties import Duties, task_ended_entry
from cordiale.record.events import Entry
from cordiale.record.picture import BoatPicture, Picture, PictureMemory
from cordiale.record.searches import Suspension, searched, suspension_entry
from cordiale.search.result import Flown
from cordiale.search.stop import NextCraft, StillOut, StopVerdict, Thresholds, judge_stop, still_out

LOOKED_FOR: Final[Probability] = 0.01  # judgement: searches that would have found less of a boat did not look for it


def stop_test(
    picture: Picture,
    *,
    boats: Iterable[str] | None = None,
    searches: Sequence[Flown] = (),
    craft: Sequence[NextCraft] = (),
    water: Celsius | tuple[Celsius, Celsius] | None = None,
    was_there: Mapping[str, Probability] | None = None,
    unreported: Sequence[StillOut] = (),
    thresholds: Thresholds | None = None,
    memory: PictureMemory | None = None,
    pos: Mapping[str, Probability] | None = None,
) -> StopVerdict:
    """Whether the search for boats of a picture may end at its instant.

    Parameters
    ----------
    boats : names, optional
        All that are not closed and have people not accounted for, unless given.
    searches : every search known by then (`searches.searches_of`)
    water : Celsius, a band, or None where nobody knows
    was_there : mapping of name to probability, optional
        That the boat is still out there: 1 unless given. That her people may be those of another boat lowers nothing by
        itself: for that there is the closing, which asks for evidence of identity.
    unreported : boats nobody has reported, as they are to be judged along with these
    pos : mapping of name to probability, optional
        The cumulative POS of each boat where it was worked out already; `searches` are not weighed again then.

    Returns
    -------
    StopVerdict. The people of a boat are those the ledger does not account for; they may have come into the water at
    any moment since the last contact, or had by then where that was said.

    Raises
    ------
    CordialeError
        An unknown name, or nobody to look for.
    """
    named = [boat_of(picture, name) for name in boats] if boats is not None else _open(picture)
    known = was_there or {}
    if pos is None:
        results = searched(picture, searches, boats=[b.name for b in named], was_there=known, memory=memory)
        pos = {name: result.pos for name, (_, result) in results.items()}
    out = [_still_out(picture, boat, pos.get(boat.name, 0.0), known.get(boat.name, 1.0), water) for boat in named]
    where = next((b.cloud.centre for b in named if b.cloud is not None), Position(lat=51.0, lon=1.5))
    found = [*(one for one in out if one is not None), *unreported]
    return judge_stop(found, at=picture.at, where=where, craft=craft, thresholds=thresholds)


def decide_stop(
    verdict: StopVerdict, picture: Picture, duties: Duties, *, at: Instant, by: str, second: str, reason: str
) -> tuple[Entry, ...]:
    """The lines that end the search for the boats of a verdict: the decisions, then the ends of their tasks.

    Two different roles and a reason are always needed. Where the test refuses it is an override, and says so. Nothing
    here closes a boat, lowers a number or touches a cloud.

    Raises
    ------
    CordialeError
        There is no second role, the same role twice, or no reason.
    """
    if not second.strip() or second == by or not reason.strip():
        names = ", ".join(one.name for one in verdict.boats)
        raise CordialeError("record.stop_refused", boats=names, why=verdict.text())
    goes_with, tasked = picture.follower(), [task for task in duties.tasks if task.ended is None]
    entries: list[Entry] = []
    ends: list[Entry] = []
    for one in verdict.boats:
        shown = next((b for b in picture.boats if b.name == one.name), None)
        if shown is None:
            continue
        own = shown.boat.reports
        tasks = tuple(task.event for task in tasked if goes_with(task.about) == one.name)
        decision = Suspension(
            boat=one.name,
            reports=own,
            second=second,
            reason=reason,
            override=not verdict.passes,
            survivors=one.expected(verdict.at),
            residual=one.residual,
            at=at,
            by=by,
            blocks=tuple(dict.fromkeys(key for key, _ in verdict.blocks)),
            tasks=tasks,
        )
        entries.append(suspension_entry(decision))
        ends += [task_ended_entry(task, reason=reason, at=at, by=by) for task in tasks]
    return (*entries, *ends)


def _open(picture: Picture) -> list[BoatPicture]:
    """The boats whose people are not all accounted for and that nobody closed; an ended task closes nobody."""
    people = {a.boat: a.unaccounted.most for a in picture.ledger.accounts}
    return [b for b in picture.boats if b.standing != "closed" and people.get(b.name, 1) > 0]


def _still_out(
    picture: Picture,
    boat: BoatPicture,
    pos: Probability,
    was_there: Probability,
    water: Celsius | tuple[Celsius, Celsius] | None,
) -> StillOut | None:
    left = next(a.unaccounted for a in picture.ledger.accounts if a.boat == boat.name)
    most = math.ceil(left.most)
    if most == 0:
        return None
    in_water = boat.state == "in_the_water"
    place: Place | None = "in_water" if in_water else None
    who = Immersion(place=place, persons=(max(math.floor(left.least), 1), most))
    return still_out(
        boat.name,
        curve=survival_curve(who, water),
        entered=boat.last_contact,
        entered_by=boat.last_contact if in_water else None,
        pos=pos,
        was_there=was_there,
        searched=pos >= LOOKED_FOR,
    )
