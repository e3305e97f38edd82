"""The people of a boat in the water: a belief about persons, started from where the boat may have been when they fell.

The boat and her people share the sea: ids, chance and the state of the errors are the boat's, so a particle of the
people meets the current and the wind that its boat met. What they are in the water is drawn anew.
"""

import math
from dataclasses import replace
from typing import Final

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.boats.life import (
    IN_LIFEJACKETS,
    IN_THE_WATER,
    NO_LIFE,
    STANDARD_LIFE,
    effective_lifejackets,
)
from cordiale.boats.search_object import SearchObject, search_object
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, iso
from cordiale.earth.units import Instant, Probability, Seconds, minutes
from cordiale.sea.environment import Environment

_LEG: Final[Seconds] = 10 * minutes


def people_in_the_water(
    belief: Belief,
    *,
    at: Instant | Span | None = None,
    lifejackets: Probability | None = None,
    environment: Environment | None = None,
    name: str | None = None,
    search_for: SearchObject | None = None,
) -> Belief:
    """A belief whose particles are persons in the water, from the belief of their boat.

    Parameters
    ----------
    belief : Belief
        The boat, not later than they entered the water.
    at : Instant or Span, optional
        When they entered it; now unless given. Within a span each particle has an instant of its own, all alike.
    lifejackets : Probability, optional
        Share of them with a lifejacket that works; 0.25 unless given, as in the packaged life (judgement).
    environment : Environment, optional
        Carries the boat to the entry; needed where that is later than the belief, or a span.

    Returns
    -------
    Belief at the first instant of entry; those who enter later wait at the place where they will. No engine, no life
    of a boat: drift moves them by the leeway of persons. Particles on land when they should enter stay stranded there.
    """
    entry = _entry(belief, at)
    share = effective_lifejackets(STANDARD_LIFE) if lifejackets is None else lifejackets
    if not 0 <= share <= 1:
        raise CordialeError("belief.lifejackets", share=share)
    if entry.latest > belief.at and environment is None:
        raise CordialeError("belief.entry_span", earliest=iso(entry.earliest), latest=iso(entry.latest))
    chance = belief.stream.child("people in the water")
    boat = belief if environment is None else drift(belief, environment, until=entry.earliest)
    own = chance.child("entry").uniforms(boat.ids, 0)[:, 0]
    placed = boat if environment is None else _carried(boat, entry, own, environment)
    what = search_for or search_object("people_in_water")
    draws = chance.child("person").uniforms(boat.ids, 0)
    side = chance.child("side").uniforms(boat.ids, 0)[:, 0]
    residuals = chance.child("leeway residuals").normals(boat.ids, 0)
    phase = np.where(draws[:, 1] < share, IN_LIFEJACKETS, IN_THE_WATER).astype(np.int64)
    count = len(boat)
    return replace(
        boat,
        name=name or str(what),
        search_object=replace(what, life=NO_LIFE),
        lat=placed.lat,
        lon=placed.lon,
        stranded=placed.stranded,
        lies_at=placed.lies_at,
        leeway_class=what.draw_class(draws[:, 0], phase),
        side=np.where(side < 0.5, 1, -1).astype(np.int64),
        downwind_residual=residuals[:, 0],
        crosswind_residual=residuals[:, 1],
        start=np.maximum(entry.earliest + entry.length * own, boat.start),
        way_speed=np.zeros(count),
        engine_stops=np.full(count, entry.earliest),
        phase=phase,
        phase_ends=np.full(count, np.inf),
    )


def _entry(belief: Belief, at: Instant | Span | None) -> Span:
    if at is None:
        return Span(earliest=belief.at, latest=belief.at)
    entry = at if isinstance(at, Span) else Span(earliest=at, latest=at)
    if entry.earliest < belief.at:
        raise CordialeError("belief.entry_before", entry=iso(entry.earliest), at=iso(belief.at))
    return entry


def _carried(boat: Belief, entry: Span, own: np.ndarray, environment: Environment) -> Belief:
    """Each particle where its boat lies at its own instant within the span of entry."""
    legs = max(1, math.ceil(entry.length / _LEG)) if entry.length else 0
    placed = now = boat
    for leg in range(legs):
        moved = drift(now, environment, until=entry.earliest + entry.length * (leg + 1) / legs)
        part = np.clip(own * legs - leg, 0.0, 1.0)
        here = part > 0
        placed = replace(
            placed,
            lat=np.where(here, now.lat + part * (moved.lat - now.lat), placed.lat),
            lon=np.where(here, now.lon + part * (moved.lon - now.lon), placed.lon),
            stranded=np.where(here, moved.stranded, placed.stranded),
            lies_at=np.where(here, moved.lies_at, placed.lies_at),
        )
        now = moved
    return placed
