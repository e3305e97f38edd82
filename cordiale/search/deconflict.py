"""Two searchers must not meet: in space, in time and in height.

Aircraft are clear of one another by height, or by distance where they fly at one height; ships by distance; a ship and
an aircraft always. Distances are those of the planned ways at the same instants, exact for straight pieces, not of the
areas: two ladders may share a sea if they are never close there. On the way out and back nobody is kept apart.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np

from cordiale.earth.units import NM, FloatArray, Instant, Metres, minutes
from cordiale.search.plan_moves import Board
from cordiale.search.plan_track import Placing, Track, turned

APART_IN_HEIGHT: Final[Metres] = 150.0  # judgement: 500 ft between aircraft over the sea
APART_IN_AIR: Final[Metres] = 2 * NM  # judgement, at one height
APART_AT_SEA: Final[Metres] = 0.5 * NM  # judgement
DELAYS: Final = (10 * minutes, 20 * minutes, 30 * minutes)
PASSES: Final = 3


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two searchers (by number) that come closer than they should: when, how close, and what is asked for."""

    first: int
    second: int
    at: Instant
    distance: Metres
    limit: Metres


def conflicts(tracks: Sequence[Track | None], heights: Sequence[Metres]) -> tuple[Conflict, ...]:
    """All pairs that come too close at the same time and height."""
    found = (_conflict(a, b, tracks, heights) for a, b in combinations(range(len(tracks)), 2) if _share(a, b, heights))
    return tuple(one for one in found if one is not None)


def closest(one: Track, other: Track) -> tuple[Metres, Instant] | None:
    """The least distance of two ways at the same instant, and when; None where they are never out together."""
    begin, end = max(one.at[0], other.at[0]), min(one.at[-1], other.at[-1])
    if begin >= end:
        return None
    times = np.concatenate([one.at, other.at, [begin, end]])
    times = np.unique(times[(times >= begin) & (times <= end)])
    apart = _places(other, times) - _places(one, times)
    step = np.diff(apart, axis=0)
    length2 = np.maximum((step * step).sum(axis=1), 1e-12)
    part = np.clip(-(apart[:-1] * step).sum(axis=1) / length2, 0.0, 1.0)
    near = np.hypot(*(apart[:-1] + part[:, None] * step).T)
    k = int(np.argmin(near))
    return float(near[k]), float(times[k] + part[k] * (times[k + 1] - times[k]))


def choose_heights(board: Board) -> list[Metres]:
    """A height for each searcher out of those it may fly at, in turn, so that as few as possible meet."""
    heights = [ready.searcher.height for ready in board.searchers]
    for number, ready in enumerate(board.searchers):
        if not ready.searcher.flies or board.tracks[number] is None:
            continue
        options = (ready.searcher.height, *ready.searcher.heights)
        heights[number] = min(
            options, key=lambda h: meetings(board.tracks, [*heights[:number], h, *heights[number + 1 :]], number)
        )
    return heights


def deconflicted(board: Board) -> list[Metres]:
    """Heights first; then corners, delays and small shifts of one of each pair, at the least cost. Returns heights.

    What is still in conflict after three passes stays, and `conflicts` names it.
    """
    heights = choose_heights(board)
    for _ in range(PASSES):
        left = conflicts(board.tracks, heights)
        if not left:
            break
        for one in left:
            _part(board, one, heights)
        heights = choose_heights(board)
    return heights


def _part(board: Board, conflict: Conflict, heights: Sequence[Metres]) -> None:
    """Change one of two searchers so that it meets fewer others, the way that costs least; late only if need be."""
    now = {n: meetings(board.tracks, heights, n) for n in (conflict.first, conflict.second)}
    best: tuple[tuple[int, bool, float], int, Placing] | None = None
    for number, met in now.items():
        rest = board.others(number)
        for placing in _variants(board, number, conflict.limit):
            track = board.track(number, placing)
            if track is None:
                continue
            tracks = [*board.tracks[:number], track, *board.tracks[number + 1 :]]
            fewer = met - meetings(tracks, heights, number)
            if fewer <= 0:
                continue
            key = (-fewer, placing.delay > 0, -board.worth_with(rest, number, track))
            if best is None or key < best[0]:
                best = key, number, placing
    if best is not None:
        board.put(best[1], best[2], -best[0][2])


def _variants(board: Board, number: int, limit: Metres) -> list[Placing]:
    now = board.placings[number]
    if now is None:
        return []
    corners = [replace(now, mirrored=m, reversed_=r) for m in (False, True) for r in (False, True)]
    late = [replace(one, delay=now.delay + delay) for one in corners for delay in DELAYS]
    ways = turned(now) * limit
    aside = [
        replace(now, east=now.east + float(k * way[0]), north=now.north + float(k * way[1]))
        for way in ways
        for k in (-4, -2, -1, 1, 2, 4)
    ]
    across = [replace(now, bearing=now.bearing + turn) for turn in (-60.0, -30.0, 30.0, 60.0, 90.0)]
    track = board.tracks[number]
    if now.shape != "ladder" and track is not None:
        swept = board.searchers[number].searcher.speed * float(track.at[-1] - track.at[0])
        legs = math.sqrt(swept / now.spacing)  # of a square area
        compact = [max(round(part * legs), 2) for part in (0.7, 1.0, 1.4)]
        across += [replace(one, shape="ladder", legs=many) for one in (now, *across, *aside) for many in compact]
    return [*corners, *aside, *across, *late]


def meetings(tracks: Sequence[Track | None], heights: Sequence[Metres], number: int) -> int:
    """How many others a searcher comes too close to."""
    return sum(
        _conflict(number, other, tracks, heights) is not None
        for other in range(len(tracks))
        if other != number and _share(number, other, heights)
    )


def _share(a: int, b: int, heights: Sequence[Metres]) -> bool:
    """Whether two could meet by their heights."""
    if (heights[a] > 0) != (heights[b] > 0):
        return False
    return abs(heights[a] - heights[b]) < APART_IN_HEIGHT - 1.0


def _conflict(a: int, b: int, tracks: Sequence[Track | None], heights: Sequence[Metres]) -> Conflict | None:
    one, other = tracks[a], tracks[b]
    if one is None or other is None:
        return None
    limit = APART_IN_AIR if heights[a] > 0 else APART_AT_SEA
    if np.any(one.xy.min(axis=0) - limit > other.xy.max(axis=0)):
        return None
    if np.any(other.xy.min(axis=0) - limit > one.xy.max(axis=0)):
        return None
    near = closest(one, other)
    return None if near is None or near[0] >= limit else Conflict(a, b, near[1], near[0], limit)


def _places(track: Track, times: FloatArray) -> FloatArray:
    return np.column_stack([np.interp(times, track.at, track.xy[:, i]) for i in range(2)])
