"""Where a searcher goes: a pattern placed in the drifting frame of a boat, cut to the time that it has.

The whole time on scene is used: of a ladder of n legs the length follows from the spacing, L = (V T + S) / n. The way
ends when the time on scene or the horizon does. Over the ground it is bent by the drift of the frame.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cordiale.earth.units import Degrees, FloatArray, Instant, IntArray, Metres, MetresPerSecond, Seconds, degrees
from cordiale.search.patterns import Code, expanding_square, ladder, laid_out, sector
from cordiale.search.plan_cloud import Cloud, SingleArray, squares
from cordiale.search.plan_sought import Searcher

Shape = Literal["ladder", "square", "sector"]
SHORTEST: Final = 1.5  # spacings: a leg that is no longer turns into its neighbour
ROUNDS: Final = 2
MEETING: Final = 8  # steps to where a drifting point will be


@dataclass(frozen=True, slots=True)
class Placing:
    """Where and how one searcher searches: centre (m) in the frame of a boat, bearing of the legs, spacing, legs."""

    frame: int
    east: Metres
    north: Metres
    bearing: Degrees
    spacing: Metres
    legs: int = 4
    shape: Shape = "ladder"
    mirrored: bool = False
    reversed_: bool = False
    delay: Seconds = 0.0


@dataclass(frozen=True, eq=False)
class Track:
    """A way over the ground: `at` (n,) instants, `xy` (n, 2) metres in the plane; in pieces for the kernel.

    `turns` tells which of the points are waypoints; the others lie at knots of the drift.
    """

    code: Code
    length: Metres
    width: Metres
    at: FloatArray
    xy: FloatArray
    turns: NDArray[np.bool_]
    knot: IntArray
    numbers: SingleArray
    column: IntArray


@dataclass(frozen=True, eq=False)
class Ready:
    """A searcher on the plane of a cloud, with what does not change from one placing to the next."""

    searcher: Searcher
    base: tuple[Metres, Metres]
    width2: SingleArray
    widest: Metres
    out: tuple[MetresPerSecond, ...]  # speed made good to each boat; 0: cannot go there


def ready_on(cloud: Cloud, searcher: Searcher) -> Ready:
    """A searcher with its speeds made good to each boat of a cloud."""
    width2 = squares(searcher.widths)
    return Ready(
        searcher,
        cloud.point(searcher.base),
        width2,
        float(np.sqrt(width2[cloud.phases].max())),
        tuple(_made_good(cloud, searcher, boat) for boat in range(len(cloud.names))),
    )


def track_of(cloud: Cloud, ready: Ready, placing: Placing, column: IntArray) -> Track | None:
    """The way of a placing; None where it cannot be reached in time, or its legs would be too short.

    `column` is the column of each span of the cloud, see `drops`.
    """
    who = ready.searcher
    if ready.out[placing.frame] <= 0:
        return None
    first = (placing.east, placing.north)
    pattern: tuple[FloatArray, Code, Metres, Metres] | None = None
    begin = _arrival(cloud, ready, placing.frame, first) + placing.delay
    lasted: Seconds = 0.0
    for _ in range(ROUNDS):
        time = min(who.on_scene, cloud.end - begin)
        if time <= 0:
            return None
        if time == lasted:
            break
        pattern, lasted = _shaped(placing, who.speed * time), time
        if pattern is None:
            return None
        first = (float(pattern[0][0, 0]), float(pattern[0][0, 1]))
        begin = _arrival(cloud, ready, placing.frame, first) + placing.delay
    end = min(begin + who.on_scene, cloud.end)
    if pattern is None or end <= begin:
        return None
    return _cut(cloud, who.speed, pattern, cloud.mean[placing.frame], begin, end, column)


def ladder_flown(cloud: Cloud, ready: Ready, placing: Placing) -> tuple[Instant, Seconds, Metres] | None:
    """When a ladder begins, how long it is flown, and how long its area is along the legs; None as in `track_of`."""
    who, (ahead, right) = ready.searcher, turned(placing)
    if ready.out[placing.frame] <= 0:
        return None
    side = (placing.legs - 1) / 2 * placing.spacing * (-1 if placing.mirrored == placing.reversed_ else 1)
    first = (placing.east, placing.north)
    begin = _arrival(cloud, ready, placing.frame, first) + placing.delay
    time = length = 0.0
    for _ in range(ROUNDS):
        time = min(who.on_scene, cloud.end - begin)
        length = (who.speed * time + placing.spacing) / placing.legs
        if time <= 0 or length < SHORTEST * placing.spacing:
            return None
        back = (placing.spacing - length) / 2 * (-1 if placing.reversed_ and placing.legs % 2 == 1 else 1)
        first = (placing.east + back * ahead[0] + side * right[0], placing.north + back * ahead[1] + side * right[1])
        begin = _arrival(cloud, ready, placing.frame, first) + placing.delay
    return begin, min(time, cloud.end - begin), length


def _made_good(cloud: Cloud, searcher: Searcher, boat: int) -> MetresPerSecond:
    if searcher.transit is None:
        return searcher.out
    now = max(searcher.ready, cloud.begin)
    x, y = cloud.mean_at(boat, now)
    lat, lon = cloud.position(x, y)
    place = type(searcher.base)(lat=float(lat), lon=float(lon))
    time = searcher.transit(place, now)
    here = cloud.point(searcher.base)
    way = math.hypot(x - here[0], y - here[1])
    if not math.isfinite(time):
        return 0.0
    return way / time if time > 0 and way > 1 else searcher.out


def _arrival(cloud: Cloud, ready: Ready, frame: int, first: tuple[Metres, Metres]) -> Instant:
    """When the searcher is at a point of the drifting frame, leaving as soon as it can."""
    leaves, speed = ready.searcher.ready, ready.out[frame]
    at = max(leaves, cloud.begin)
    for _ in range(MEETING):
        x, y = cloud.mean_at(frame, at)
        way = math.hypot(x + first[0] - ready.base[0], y + first[1] - ready.base[1])
        before, at = at, max(leaves + way / speed, cloud.begin)
        if abs(at - before) < 0.2:
            break
    return at


def _shaped(placing: Placing, track: Metres) -> tuple[FloatArray, Code, Metres, Metres] | None:
    """Waypoints in the frame of the pattern that fills a length of track."""
    if placing.shape == "ladder":
        length = (track + placing.spacing) / placing.legs
        if length < SHORTEST * placing.spacing:
            return None
        return _ladder(placing, length)
    if placing.shape == "square":
        half = math.sqrt(track / placing.spacing + 0.25) - 0.5
        pattern = expanding_square(placing.spacing, 2 * math.ceil(half) or 1)
    else:
        pattern = sector(track / (9 * placing.legs), placing.legs)
    way = laid_out(pattern, east=placing.east, north=placing.north, bearing=placing.bearing, mirrored=placing.mirrored)
    return way, pattern.code, pattern.length, pattern.width


def _ladder(placing: Placing, length: Metres) -> tuple[FloatArray, Code, Metres, Metres]:
    pattern = ladder(length, placing.legs, placing.spacing)
    way = laid_out(
        pattern,
        east=placing.east,
        north=placing.north,
        bearing=placing.bearing,
        mirrored=placing.mirrored,
        reversed_=placing.reversed_,
    )
    return way, pattern.code, pattern.length, pattern.width


def _cut(
    cloud: Cloud,
    speed: MetresPerSecond,
    pattern: tuple[FloatArray, Code, Metres, Metres],
    frame: FloatArray,
    begin: Instant,
    end: Instant,
    column: IntArray,
) -> Track:
    """The way over the ground until its end, cut at its waypoints and at the knots of the drift."""
    way, code, length, width = pattern
    legs = np.hypot(*np.diff(way, axis=0).T)
    at = begin + np.concatenate([[0.0], np.cumsum(legs)]) / speed
    knots = cloud.times
    end = min(end, float(at[-1]))
    inner = knots[(knots > begin) & (knots < end)]
    turns = at[at < end - 1e-3]
    when = np.concatenate([turns, [end], inner])
    order = np.argsort(when, kind="stable")
    when = when[order]
    xy = np.column_stack(
        [np.interp(when, at, way[:, i]) + np.interp(when, knots, frame[:, i]) for i in range(2)],
    )
    middle = (when[1:] + when[:-1]) / 2
    knot = np.clip(np.searchsorted(knots, middle, side="right") - 1, 0, knots.size - 2)
    span = knots[knot + 1] - knots[knot]
    numbers = np.empty((knot.size, 7), dtype=np.float32)
    numbers[:, 0] = (when[:-1] - knots[knot]) / span
    numbers[:, 1] = (when[1:] - knots[knot]) / span
    numbers[:, 2:4] = xy[:-1]
    numbers[:, 4:6] = xy[1:]
    numbers[:, 6] = speed * np.diff(when) / (8 * math.pi)
    return Track(code, length, width, when, xy, order <= turns.size, knot, numbers, column[knot])


def turned(placing: Placing) -> FloatArray:
    """Unit vectors of a placing: ahead and to the right, shape (2, 2), east and north."""
    s, c = math.sin(placing.bearing * degrees), math.cos(placing.bearing * degrees)
    return np.array([[s, c], [c, -s]])
