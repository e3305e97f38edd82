"""What no small boat can do: a message that would need an impossible speed is refused before anything else is
weighed.
"""

from collections.abc import Iterable
from typing import Final

from cordiale.association.disposition import Reason
from cordiale.association.message import Message
from cordiale.belief.report import Area, Fix, Place
from cordiale.earth.geodesy import distance
from cordiale.earth.position import Position
from cordiale.earth.units import Metres, MetresPerSecond, Seconds, km, knots, minutes

# Judgement. Loaded boats make 2 to 9 kn through the water (needs, 90 %; about 8 kn at best over a whole passage) and
# the stream of the strait adds up to 4 kn at springs; 20 kn over the ground leaves room for a lightly loaded one.
TOP_SPEED: Final[MetresPerSecond] = 20 * knots
SLACK: Final[Seconds] = 2 * minutes  # judgement: clocks of phones and log keepers differ by about this much


def impossible(message: Message, others: Iterable[Message]) -> Reason | None:
    """The worst case of a speed no small boat reaches, between this message and the others of a boat; None when there
    is none.

    The most generous reading counts: the closest of the exclusive readings, the far edges of both errors (95 %), the
    longest time that both events allow.
    """
    worst: tuple[MetresPerSecond, Message] | None = None
    for other in others:
        if not (other.placed and message.placed):
            continue
        speed = needed_speed(message, other)
        if speed > TOP_SPEED and (worst is None or speed > worst[0]):
            worst = (speed, other)
    if worst is None:
        return None
    values = (("speed_kn", worst[0] / knots), ("before", worst[1].lead.name), ("top_kn", TOP_SPEED / knots))
    return Reason(key="impossible_speed", values=values, log_bayes_factor=float("-inf"))


def needed_speed(one: Message, other: Message) -> MetresPerSecond:
    """The least speed over the ground that takes a boat from one message to the other, in m/s."""
    gap = min(_gap(a.place, b.place) for a in one.readings for b in other.readings)
    first, second = one.lead.event, other.lead.event
    time = max(abs(first.latest - second.earliest), abs(second.latest - first.earliest)) + SLACK
    return max(gap, 0.0) / time


def _gap(a: Place, b: Place) -> Metres:
    (at_a, radius_a), (at_b, radius_b) = reach(a), reach(b)
    return float(distance(at_a.lat, at_a.lon, at_b.lat, at_b.lon)) - radius_a - radius_b


def reach(place: Place) -> tuple[Position, Metres]:
    """A circle that holds a place with 95 % or more: centre and radius."""
    if isinstance(place, Fix):
        return place.position, 2.448 * place.position_std
    if isinstance(place, Area):
        lat = sum(p.lat for p in place.corners) / len(place.corners)
        lon = sum(p.lon for p in place.corners) / len(place.corners)
        return Position(lat=lat, lon=lon), max(float(distance(lat, lon, p.lat, p.lon)) for p in place.corners)
    return place.origin, place.range + 2 * place.range_std + 1 * km
