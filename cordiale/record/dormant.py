"""Boats that may have come back or landed unseen: a group for the display, which closes nobody.

A boat is dormant when nobody aboard ever asked for help, nothing graver than under way was said of it, nothing has been
heard of it for long, it was last seen near a shore or is probably ashore by now, and no craft is with it. It keeps its
place on the picture, its cloud, its people among those not accounted for, and its alarms; one more report wakes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.association.disposition import Reason
from cordiale.belief.report import ENDINGS, Kind
from cordiale.earth.units import NM, Metres, Probability, Seconds, hours, minutes
from cordiale.record.duties import Duties
from cordiale.record.picture import BoatPicture, BoatState, Picture
from cordiale.record.who import Who, on_duty
from cordiale.words import Language

LONG: Final[Seconds] = 6 * hours  # judgement: the strait is crossed in four to six hours at 4 to 6 kn
NEAR: Final[Metres] = 3 * NM  # judgement: half an hour under way from the beach
ASHORE: Final[Probability] = 0.5
# Who called, was not answered or sent a position asked for help; what others saw of a boat did not.
SEEN_BY_OTHERS: Final[frozenset[Kind]] = frozenset({"departure", "sighting", "radar_plot", "ais_plot", *ENDINGS})
NOT_GRAVE: Final[frozenset[BoatState]] = frozenset({"under_way", "refusing_help", "beached", "unknown"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Dormant:
    """A boat of the group and why it is in it."""

    boat: str
    because: tuple[Reason, ...]

    def text(self, language: Language = "en") -> str:
        """Why, in words."""
        return "; ".join(reason.said(f"record.dormant.{reason.key}", language) for reason in self.because)


def dormant_boats(picture: Picture, duties: Duties | None = None) -> tuple[Dormant, ...]:
    """The dormant boats of a picture, in order of their names."""
    watch = on_duty(picture, duties)
    found = (_dormant(picture, boat, watch.of[boat.name]) for boat in picture.boats if boat.standing == "active")
    return tuple(one for one in found if one is not None)


def _dormant(picture: Picture, boat: BoatPicture, who: Who) -> Dormant | None:
    kinds = {report.kind for report in picture.reports if report.name in boat.boat.reports}
    silence = picture.at - boat.last_contact
    if not kinds <= SEEN_BY_OTHERS or boat.state not in NOT_GRAVE or silence < LONG:
        return None
    if who.tasks:
        return None
    where = _by_the_shore(picture, boat)
    if not where:
        return None
    return Dormant(boat=boat.name, because=(Reason(key="silent", values=_age(silence)), *where, Reason(key="no_call")))


def _by_the_shore(picture: Picture, boat: BoatPicture) -> Sequence[Reason]:
    """That it was last seen near a shore, or that its cloud lies ashore by now."""
    reasons = []
    if boat.last_fix is not None and picture.environment.coast is not None:
        place = boat.last_fix.position
        (apart,) = picture.environment.coast.distance(np.array([place.lat]), np.array([place.lon]))
        if apart <= NEAR:  # unknown is NaN, and not near
            reasons.append(Reason(key="near", values=(("apart_nm", max(float(apart), 0.0) / NM),)))
    if boat.probability_ashore >= ASHORE:
        reasons.append(Reason(key="ashore", values=(("percent", 100 * boat.probability_ashore),)))
    return reasons


def _age(silence: Seconds) -> tuple[tuple[str, object], ...]:
    return (("age_min", round(silence / minutes)),)
