"""Which boats of a picture a search plan is for, and where each of them is through the hours of the plan."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from cordiale.association.disposition import Boat
from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Celsius, Instant, Probability
from cordiale.record.closure import boat_of
from cordiale.record.duties import Duties
from cordiale.record.in_distress import GRAVE, boats_in_distress
from cordiale.record.ledger import UNKNOWN_PERSONS
from cordiale.record.lived import living
from cordiale.record.picture import BoatPicture, Picture
from cordiale.record.searches import last_word
from cordiale.record.unreported import unreported_of
from cordiale.search.looked import looked_by
from cordiale.search.plan_sought import EVERY, Sought, alive_along, alive_by_level, persons_of, sought
from cordiale.search.result import Flown
from cordiale.search.result_update import found_nothing
from cordiale.search.ways import ways_of

UNREPORTED_PARTICLES: Final = 2000
Water = Celsius | tuple[Celsius, Celsius] | None
Why = Literal["named", "grave", "all"]


@dataclass(frozen=True, kw_only=True)
class BoatsChosen:
    """The boats the plan is for and why these, and those in distress that it leaves to the response."""

    boats: tuple[BoatPicture, ...]
    why: Why
    others: tuple[BoatPicture, ...]


def boats_chosen(seen: Picture, duties: Duties, *, named: Sequence[str], all_of_them: bool) -> BoatsChosen:
    """The boats named; or those in distress of which the gravest was said; where there are none, all in distress.

    A coordinator searches first for people who are in the water or soon will be. Boats under way whose place is known
    are met, not searched for: `cordiale task` says by whom.

    Raises
    ------
    CordialeError
        An unknown boat; one named that has no position or whose people are all accounted for; nobody in distress.
    """
    wanted = [boat_of(seen, name) for name in dict.fromkeys(named)]
    distressed, passed = boats_in_distress(seen, duties, named=[b.name for b in wanted], all_of_them=all_of_them)
    reasons = {one.boat: one.why for one in passed}
    for boat in wanted:
        if boat.cloud is None:
            raise CordialeError("record.no_cloud", boat=boat.name)
        if boat.name in reasons:
            raise CordialeError("desk.plan_boat", boat=boat.name, known=", ".join(b.name for b in distressed) or "-")
    if wanted:
        names = {boat.name for boat in wanted}
        return BoatsChosen(boats=tuple(wanted), why="named", others=tuple(b for b in distressed if b.name not in names))
    if not distressed:
        raise CordialeError("desk.plan_nobody", boats=", ".join(f"{one.boat}" for one in passed) or "-")
    grave = tuple(boat for boat in distressed if boat.state in GRAVE)
    if all_of_them or not grave:
        return BoatsChosen(boats=distressed, why="all", others=())
    return BoatsChosen(boats=grave, why="grave", others=tuple(b for b in distressed if b.state not in GRAVE))


def sought_as(boat: Boat) -> Probability:
    """As how much of a boat she is sought: by the probability that she is one of her own, and half as far as she may be
    a piece of another, which was met here, or is where its own cloud is.
    """
    return max((boat.existence + boat.somebody) / 2, 1e-3)


def boat_sought_until(
    seen: Picture, boat: BoatPicture, until: Instant, *, water: Water, searches: Sequence[Flown] = ()
) -> Sought:
    """A boat of a picture on her way until an instant, thinned by the searches since her last word.

    From her last word on she lives the life of a small boat and her people: she may swamp, and let them into the water.
    What was said of her then is where that life begins. So it is told, particle by particle, what is to be seen of them
    and for how long they have been in the water. She counts as `sought_as` says.
    """
    if boat.cloud is None:
        raise CordialeError("record.no_cloud", boat=boat.name)
    last = last_word(seen, boat, len(boat.cloud))
    if last is None or last.at > seen.at:  # it cannot be told: the cloud of the picture
        last = boat.cloud
    before: list[Belief] = []
    now = living(last, boat.state, seen.environment)
    if now.at < seen.at:
        now = drift(now, seen.environment, until=seen.at, observe=before.append, every=EVERY)
    ahead: list[Belief] = []
    drift(now, seen.environment, until=until, observe=ahead.append, every=EVERY)
    all_along = ways_of([*before, *ahead], boats=sought_as(boat.boat))
    since = [one for one in searches if one.end > last.at and one.begin < seen.at]
    result = found_nothing(all_along, since) if since else None
    coming = all_along.times >= seen.at - 1
    ways = replace(
        all_along,
        name=boat.name,
        times=all_along.times[coming],
        lat=all_along.lat[coming],
        lon=all_along.lon[coming],
        phase=all_along.phase[coming],
        weight=all_along.weight if result is None else result.after,
    )
    people = _unaccounted(seen, boat)
    return Sought(
        ways=ways,
        persons=persons_of(people),
        alive=alive_along(all_along.times, all_along.phase, water=water)[coming],
        looked=None if result is None else looked_by(result),
        counts=people,
        by_level=alive_by_level(all_along.times, all_along.phase, water=water)[:, coming],
    )


def unreported_sought(seen: Picture, until: Instant, name: str, water: Water) -> Sought | None:
    """The boats nobody has reported, on their way; None where none is to be expected."""
    found = unreported_of(seen, count=UNREPORTED_PARTICLES)
    if found is None or found.cloud is None or found.expected <= 0:
        return None
    people = (math.floor(UNKNOWN_PERSONS.least), math.ceil(UNKNOWN_PERSONS.most))
    one = sought(
        replace(found.cloud, name=name),
        seen.environment,
        until=until,
        boats=found.expected,
        unreported=True,
        persons=people,
        water=water,
    )
    return replace(one, counts=people, by_level=alive_by_level(one.ways.times, one.ways.phase, water=water))


def clouds_until(
    seen: Picture,
    boats: Sequence[BoatPicture],
    until: Instant,
    *,
    water: Water,
    searches: Sequence[Flown],
    unreported: str | None,
    progress: Callable[[int], None],
) -> list[Sought]:
    """Every boat on her way, and the boats nobody has reported under the name given, if any."""
    found = []
    for number, boat in enumerate(boats):
        progress(number)
        found.append(boat_sought_until(seen, boat, until, water=water, searches=searches))
    more = None if unreported is None else unreported_sought(seen, until, unreported, water)
    return found if more is None else [*found, more]


def _unaccounted(seen: Picture, boat: BoatPicture) -> tuple[int, int]:
    """The people the ledger does not account for."""
    left = next(account.unaccounted for account in seen.ledger.accounts if account.boat == boat.name)
    return math.floor(left.least), math.ceil(left.most)
