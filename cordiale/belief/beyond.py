"""Particles that leave the forcing: the few are held at its edge and told of, the many refuse the forecast.

A current or a wind from a file ends somewhere. Beyond it nothing is known; what is there at the edge is held for those
who leave it, as the tidal stream is at the edge of its atlas, so that one particle in a thousand does not cost the
coordinator the forecast. Where so much of the probability has left that the map would be made up, it is refused.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import date_and_zulu
from cordiale.earth.position import Position
from cordiale.earth.units import BoolArray, Probability
from cordiale.sea.environment import Environment
from cordiale.sea.grid import ForcingUnknown, GriddedField
from cordiale.sea.several import InOrder
from cordiale.sea.tide import Window, window_around

MOST_BEYOND: Final[Probability] = 0.1  # judgement: a 90 % region of which no more than a tenth is held at an edge


@dataclass(frozen=True, kw_only=True, slots=True)
class Beyond:
    """How much of the probability stands where a field from a file is not known, and where one of them stands."""

    variable: str
    source: str
    share: Probability
    where: Position


def beyond_forcing(belief: Belief, environment: Environment) -> tuple[Beyond, ...]:
    """What of a belief has left the file of its current or of its wind; nothing for fields that answer everywhere."""
    found = []
    for field in (environment.current, environment.wind):
        if not isinstance(field, GriddedField | InOrder) or _holds(field, belief):
            continue
        gone = ~field.covers(belief.at, belief.lat, belief.lon)
        if gone.any():
            furthest = _furthest(belief, gone)
            found.append(
                Beyond(
                    variable=(field if isinstance(field, GriddedField) else field.fields[0]).quantity,
                    source=field.source,
                    share=float(belief.weight @ gone),
                    where=Position(lat=float(belief.lat[furthest]), lon=float(belief.lon[furthest])),
                )
            )
    return tuple(found)


def require_within(belief: Belief, environment: Environment) -> None:
    """Raise ForcingUnknown, by variable, source and place, where more than a tenth has left a file."""
    for beyond in beyond_forcing(belief, environment):
        if beyond.share > MOST_BEYOND:
            raise ForcingUnknown(
                "belief.beyond_forcing",
                variable=beyond.variable,
                source=beyond.source,
                percent=100 * beyond.share,
                most=100 * MOST_BEYOND,
                where=str(beyond.where),
                at=date_and_zulu(belief.at),
            )


def beyond_told(belief: Belief, environment: Environment, least: Probability) -> list[CordialeError]:
    """A warning for each file that at least so much of the probability has left."""
    return [
        CordialeError(
            "belief.held_at_edge",
            variable=beyond.variable,
            source=beyond.source,
            percent=100 * beyond.share,
            where=str(beyond.where),
        )
        for beyond in beyond_forcing(belief, environment)
        if beyond.share >= least
    ]


def _holds(field: Any, belief: Belief) -> bool:
    """True where the whole box of a cloud is known: then nobody needs to be asked one by one."""
    if isinstance(field, InOrder):
        return field.fallback is not None or any(_holds(one, belief) for one in field.fields)
    window: Window = window_around(belief.lat, belief.lon, 0.0)
    return bool(field.knows(belief.at, window))


def _furthest(belief: Belief, gone: BoolArray) -> int:
    """Of those beyond, the one furthest from the middle of the cloud."""
    off = np.hypot(belief.lat - np.median(belief.lat), belief.lon - np.median(belief.lon))
    return int(np.argmax(np.where(gone, off, -1.0)))
