"""Search patterns of the manuals as waypoints, in metres of a frame that drifts with what is searched for.

A pattern is a way of straight legs: `ahead` along the first legs, `right` to the right of it, about its centre. Where
it lies and where it looks are given when it is laid out (`laid_out`): centre, bearing, side. In the drifting frame the
legs are as drawn here; over the ground they are bent by the drift, which `cordiale.search.plan` puts in.

PS and CS: n = width / S legs, the first S / 2 inside the edge, legs L - S long, track n (L - S) + (n - 1) S.
SS: legs S, S, 2 S, 2 S, 3 S, ...; 2 m legs are S m (m + 1) long; all turns 90 degrees to the same side.
VS: three legs through the datum: 9 segments of length R, all turns 120 degrees to starboard, 9 R; the second pass is
turned by 30 degrees. TS: up and down a line, offset by S / 2 where an even number of passes returns (TSR), along the
line itself for a single one that does not (TSN). BS: the crossover barrier, a bow tie over the ground whose legs lead
by asin(u / v), so that they cross the stream of targets at right angles.

Source: IAMSAR Manual volume II, chapter 5 (names and geometry); Koopman, Search and Screening (1946) for the barrier.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Degrees, FloatArray, Metres, MetresPerSecond, degrees

Code = Literal["PS", "CS", "SS", "VS", "TSR", "TSN", "BS"]


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A way of straight legs: `points` (n, 2), metres ahead and to the right of its centre; `spacing` between tracks.

    `length` and `width` are those of the area that it searches, half a spacing beyond the outermost tracks.
    """

    code: Code
    spacing: Metres
    points: FloatArray
    length: Metres
    width: Metres

    @property
    def track(self) -> Metres:
        """Length of the way."""
        return float(np.hypot(*np.diff(self.points, axis=0).T).sum())


def parallel(length: Metres, width: Metres, spacing: Metres) -> Pattern:
    """Parallel tracks over an area `length` (along the legs) by `width`: PS, or CS where the legs are the shorter side.

    The number of legs is width / spacing, which must be whole (to a thousandth); the legs must have a length.
    """
    _positive(length=length, width=width, spacing=spacing)
    count = round(width / spacing)
    if count < 1 or abs(count - width / spacing) > 1e-3:
        raise CordialeError("search.pattern_legs", width=width, spacing=spacing, legs=width / spacing)
    if length <= spacing:
        raise CordialeError("search.pattern_short", length=length, spacing=spacing)
    return ladder(length, count, spacing)


def ladder(length: Metres, legs: int, spacing: Metres) -> Pattern:
    """Parallel tracks by the number of their legs."""
    half = (length - spacing) / 2
    ahead = np.tile([-half, half, half, -half], (legs + 1) // 2)[: 2 * legs]
    right = np.repeat((np.arange(legs) - (legs - 1) / 2) * spacing, 2)
    width = legs * spacing
    return Pattern("PS" if length >= width else "CS", spacing, np.column_stack([ahead, right]), length, width)


def expanding_square(spacing: Metres, legs: int) -> Pattern:
    """Expanding square from the datum, `legs` of them; the first leg ahead, turns to starboard."""
    _positive(spacing=spacing, legs=legs)
    lengths = spacing * np.ceil(np.arange(1, legs + 1) / 2)
    turn = np.arange(legs) % 4
    ahead = lengths * np.array([1.0, 0.0, -1.0, 0.0])[turn]
    right = lengths * np.array([0.0, 1.0, 0.0, -1.0])[turn]
    points = np.vstack([np.zeros((1, 2)), np.column_stack([np.cumsum(ahead), np.cumsum(right)])])
    sides = np.ptp(points, axis=0) + spacing
    return Pattern("SS", spacing, points, float(sides[0]), float(sides[1]))


def sector(radius: Metres, passes: int = 1) -> Pattern:
    """Sector search about the datum: `passes` times 9 segments of length `radius`, each pass turned by 30 degrees.

    Its spacing is told as half the radius: the mean distance of neighbouring legs.
    """
    _positive(radius=radius, passes=passes)
    ways = [np.zeros((1, 2))]
    for done in range(passes):
        # out, across, in and on through the datum (a turn of 0) ...; all other turns are 120 degrees
        course = (np.array([0, 120, 240, 240, 360, 480, 480, 600, 720]) + 30 * done) * degrees
        steps = radius * np.column_stack([np.cos(course), np.sin(course)])
        ways.append(np.cumsum(steps, axis=0))
    return Pattern("VS", radius / 2, np.vstack(ways), 2 * radius, 2 * radius)


def track_line(line: Sequence[tuple[Metres, Metres]], spacing: Metres, passes: int = 2) -> Pattern:
    """Up and down a line of points (ahead, right), S apart and S / 2 to either side: TSR for an even number of passes.

    An odd number ends at the other end of the line (TSN); one pass goes along the line itself.
    """
    points = np.asarray(line, dtype=np.float64)
    _positive(spacing=spacing, passes=passes)
    if points.ndim != 2 or len(points) < 2 or not np.all(np.hypot(*np.diff(points, axis=0).T) > 0):
        raise CordialeError("search.pattern_line", points=len(points))
    ways = []
    for number in range(passes):
        aside = ((passes - 1) / 2 - number) * spacing
        way = _beside(points, aside)
        ways.append(way if number % 2 == 0 else way[::-1])
    legs = float(np.hypot(*np.diff(points, axis=0).T).sum())
    code: Code = "TSR" if passes % 2 == 0 else "TSN"
    return Pattern(code, spacing, np.vstack(ways), legs + spacing, passes * spacing)


def barrier(length: Metres, flow: MetresPerSecond, speed: MetresPerSecond, cycles: int = 1) -> Pattern:
    """Crossover barrier over the ground: the line lies ahead, what crosses it at `flow` goes to the right.

    Legs lead by asin(flow / speed); at each end the searcher goes back up the stream by as much. In the frame of what
    crosses, legs are `spacing` apart and at right angles to its way. `speed` must be more than `flow`.
    """
    _positive(length=length, speed=speed, cycles=cycles)
    if not 0 <= flow < speed:
        raise CordialeError("search.pattern_barrier", flow=flow, speed=speed)
    lead = length * flow / math.sqrt(speed * speed - flow * flow)
    one = np.array([[0, 0], [length, lead], [length, 0], [0, lead]])
    points = np.vstack([np.tile(one, (cycles, 1)), one[:1]]) - [length / 2, lead / 2]
    return Pattern("BS", lead * (1 + flow / speed), points, length, lead)


def laid_out(
    pattern: Pattern,
    *,
    east: Metres = 0.0,
    north: Metres = 0.0,
    bearing: Degrees,
    mirrored: bool = False,
    reversed_: bool = False,
) -> FloatArray:
    """Waypoints (n, 2), metres east and north in the frame: centre there, legs along the bearing (degrees true).

    `mirrored` creeps or turns to the left; `reversed_` begins at the other end.
    """
    ahead, right = pattern.points[:, 0], pattern.points[:, 1] * (-1.0 if mirrored else 1.0)
    s, c = math.sin(bearing * degrees), math.cos(bearing * degrees)
    way = np.column_stack([east + ahead * s + right * c, north + ahead * c - right * s])
    return way[::-1] if reversed_ else way


def _beside(points: FloatArray, aside: Metres) -> FloatArray:
    """The line moved to its right by so much; corners are mitred."""
    step = np.diff(points, axis=0)
    unit = step / np.hypot(*step.T)[:, None]
    normal = np.column_stack([-unit[:, 1], unit[:, 0]])  # right of ahead: (ahead 1, right 0) -> (0, 1)
    before, after = np.vstack([normal[:1], normal]), np.vstack([normal, normal[-1:]])
    middle = before + after
    scale = 2 / np.maximum((middle * middle).sum(axis=1), 0.1)
    return np.asarray(points + aside * middle * scale[:, None])


def _positive(**numbers: Metres) -> None:
    for name, value in numbers.items():
        if not (math.isfinite(value) and value > 0):
            raise CordialeError("search.pattern_number", name=name, value=value)
