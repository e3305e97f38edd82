"""The brief of a search plan: what the plan knows goes in by itself, what only people can tell is given."""

import math
from collections.abc import Sequence
from dataclasses import replace

from cordiale.earth.geodesy import destination
from cordiale.earth.position import Position
from cordiale.earth.units import Degrees, Instant, degrees
from cordiale.search.plan_result import SearchPlan, Sortie
from cordiale.views.search_brief import BoatSought, Figures, SearchBrief, SortieTold, Waypoint
from cordiale.words import say


def brief_of(
    plan: SearchPlan,
    *,
    title: str,
    made_at: Instant,
    boats: Sequence[BoatSought] = (),
    coordinator: str = "",
    situation: str = "",
    weather: str = "",
    communications: str = "",
    notices: Sequence[tuple[str, str]] = (),
    assumptions: Sequence[tuple[str, str]] = (),
    synthetic: bool = False,
) -> SearchBrief:
    """A search plan as it is told.

    `boats` are told by name (`boat_sought`), their POS comes from the plan; a boat of the plan that nobody told stands
    with its name, its persons unknown. The gap is left out where no bound was worked out. `notices` stand before those
    of the plan.
    """
    known = {boat.name: boat for boat in boats}
    sought = [replace(known.pop(name, BoatSought(name=name)), pos=pos) for name, pos in plan.pos_of.items()]
    gap = plan.gap if math.isfinite(plan.bound) else None
    told = [*notices, *((say(key, "en", **values), say(key, "fr", **values)) for key, values in plan.notices)]
    if not plan.complete:
        told.insert(0, (say("views.search.broken_off", "en"), say("views.search.broken_off", "fr")))
    return SearchBrief(
        title=title,
        made_at=made_at,
        begin=plan.begin,
        end=plan.end,
        figures=Figures(objective=plan.objective, pos=plan.pos, survivors=plan.survivors, gap=gap),
        boats=(*sought, *known.values()),
        sorties=tuple(sortie_told(sortie) for sortie in sorted(plan.sorties, key=lambda one: one.arrives)),
        coordinator=coordinator,
        situation=situation,
        weather=weather,
        communications=communications,
        notices=tuple(told),
        assumptions=tuple(assumptions),
        synthetic=synthetic,
    )


def sortie_told(sortie: Sortie) -> SortieTold:
    """One sortie of a plan with the corners of its area where it is half way through, as it drifts."""
    track_line = sortie.code in ("TSR", "TSN", "BS")
    return SortieTold(
        asset=sortie.searcher.name,
        boat=sortie.boat,
        pattern=sortie.code,
        leaves=sortie.leaves,
        waypoints=tuple(
            Waypoint(at=float(at), place=Position(lat=float(lat), lon=float(lon)))
            for at, lat, lon in zip(sortie.at, sortie.lat, sortie.lon, strict=True)
        ),
        corners=() if track_line else _corners(sortie),
        corners_at=None if track_line else sortie.centre_at,
        spacing=sortie.spacing,
        speed=sortie.searcher.speed,
        height=sortie.height,
        bearing=_first_leg(sortie),
        creep=_creep(sortie),
        coverage=sortie.coverage,
        loss=sortie.loss_pos,
    )


def _corners(sortie: Sortie) -> tuple[Position, ...]:
    """Corners of the rectangle, anticlockwise seen from above, from the one behind and to the left."""
    s, c = math.sin(sortie.bearing * degrees), math.cos(sortie.bearing * degrees)
    found = []
    for ahead, right in ((-1, -1), (-1, 1), (1, 1), (1, -1)):
        along, across = ahead * sortie.length / 2, right * sortie.width / 2
        lat, lon = destination(sortie.centre.lat, sortie.centre.lon, along * s + across * c, along * c - across * s)
        found.append(Position(lat=float(lat), lon=float(lon)))
    return tuple(found)


def _first_leg(sortie: Sortie) -> Degrees:
    """Where the first leg leads in the drifting frame: a ladder flown from its other end begins with its last leg."""
    placing = sortie.placing
    if placing.shape == "ladder" and placing.reversed_:
        return (sortie.bearing + 180 * (placing.legs % 2)) % 360
    return sortie.bearing


def _creep(sortie: Sortie) -> Degrees | None:
    """Where a ladder creeps: to the right of its bearing, to the left if mirrored, back if flown from its other end."""
    placing = sortie.placing
    if placing.shape != "ladder":
        return None
    return (sortie.bearing + 90 + 180 * (placing.mirrored != placing.reversed_)) % 360
