"""The search for the plan: one searcher after the other is placed, then moved; only what moves is worked out anew.

The hazards of all searchers for all particles are kept, so that a move costs one track and not all. Moves: shift,
turn, spacing, number of legs, corner, a new place where much probability is left, two searchers change places, another
pattern. Worse plans are taken now and then in the beginning (annealing), never on the full cloud. Chance comes from a
stream, the budget is a number of moves.
"""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Final

import numpy as np

from cordiale.earth.chance import Stream
from cordiale.earth.units import FloatArray, Fraction, PerSecond, Quantity, SquareMetres
from cordiale.search.hazard_kernel import BLOCK, hazards, value_of, value_with
from cordiale.search.plan_cloud import Cloud, Objective, SingleArray, blocked, drops, unblocked
from cordiale.search.plan_track import Placing, Ready, Shape, Track, track_of, turned

CENTRES: Final = 14
MANY: Final = 24  # blocks, 6,000 particles, from which two threads are faster than one
DOUBT: Final[Fraction] = 5e-4  # of what could be had at most; measured: by so much (sd) a comb of a quarter errs
ABOUT_DATUM: Final[tuple[tuple[Shape, int], ...]] = (("square", 2), ("sector", 1), ("sector", 3), ("sector", 8))
COLUMNS: Final = 8  # of time, while a plan is made; it is measured with one for every span
VISIT: Final = 8  # moves of one searcher before the next has its turn
WARMTH: Final[Fraction] = 2e-3  # of what could be had at most; the temperature of the annealing in the beginning
MOVES: Final = ("shift", "turn", "spacing", "legs", "corner", "afresh", "exchange", "shape")
SHARES: Final = np.cumsum([0.30, 0.15, 0.15, 0.14, 0.08, 0.08, 0.06, 0.04])

Best = dict[Shape, tuple[Quantity, Placing]]


class Board:
    """A plan in the making on one cloud: placings, tracks and the hazards of each, changed move by move.

    Blocks of particles are shared out over the threads of an executor where there are many; the answer is the same.
    """

    def __init__(
        self,
        cloud: Cloud,
        searchers: Sequence[Ready],
        objective: Objective,
        alike: Fraction | None,
        cap: Fraction,
        columns: int = COLUMNS,
        executor: Executor | None = None,
        hurry: PerSecond = 0.0,
    ) -> None:
        self.cloud, self.searchers, self.objective, self.alike, self.cap = cloud, searchers, objective, alike, cap
        self.executor, self.hurry = executor, hurry
        self.column, drop = drops(cloud, objective, columns, hurry=hurry)
        self.most = float(drop.sum())
        self.drop = blocked(drop)
        self.ways, self.phase, self.fresh = cloud.blocks
        self.kappa = np.float32(alike or 0.0)
        self.placings: list[Placing | None] = [None] * len(searchers)
        self.tracks: list[Track | None] = [None] * len(searchers)
        self.hazard: list[SingleArray | None] = [None] * len(searchers)
        self.tried = np.zeros_like(self.drop)
        self.value = 0.0

    def track(self, number: int, placing: Placing) -> Track | None:
        """The way of a searcher with a placing."""
        return track_of(self.cloud, self.searchers[number], placing, self.column)

    def others(self, *but: int) -> SingleArray:
        """Hazards of all searchers but some."""
        total = np.zeros_like(self.drop)
        for number, hazard in enumerate(self.hazard):
            if hazard is not None and number not in but:
                total += hazard
        return total

    def worth(self, total: SingleArray) -> Quantity:
        """What summed hazards are worth."""
        return worth_of(total, self.drop, self.alike, self.executor)

    def worth_with(self, rest: SingleArray, number: int, track: Track, least: Quantity = -math.inf) -> Quantity:
        """What the plan is worth with one more track, whose hazards are left in `self.tried`.

        A track that seems to be worth less than `least` on a comb of the particles, by more than such a comb commonly
        errs, is not worked out on the rest: it is worth -inf.
        """
        worth = np.empty(len(rest))
        few, now = self.cloud.comb // BLOCK if least > self.value - self.most else 0, self.hazard[number]
        if few > 0 and now is not None:
            self.fill_worth(0, few, number, track, rest, worth)
            gain = float(worth[:few].sum()) - worth_of(rest[:few] + now[:few], self.drop[:few], float(self.kappa))
            if self.value + gain * len(rest) / few < least - DOUBT * self.most:
                return -math.inf
        else:
            few = 0
        over_blocks(
            lambda first, last: self.fill_worth(few + first, few + last, number, track, rest, worth),
            len(rest) - few,
            self.executor,
        )
        return float(worth.sum())

    def hazard_of(self, number: int, track: Track) -> SingleArray:
        """Hazards of one track for every particle, by column of time."""
        out = np.zeros_like(self.drop)
        over_blocks(
            lambda first, last: self.fill_hazards(first, last, number, track, out), len(out), self.executor
        )
        return out

    def fill_hazards(self, first: int, last: int, number: int, track: Track, out: SingleArray) -> None:
        """The hazards of a track for the particles of some blocks."""
        width2 = self.searchers[number].width2
        hazards(
            first, last, self.ways, self.phase, self.fresh, width2, track.knot, track.numbers, track.column, out
        )  # fmt: skip

    def fill_worth(
        self, first: int, last: int, number: int, track: Track, rest: SingleArray, worth: FloatArray
    ) -> None:
        """What some blocks are worth with one more track, whose hazards are left in `self.tried`."""
        value_with(
            first, last, self.ways, self.phase, self.fresh, self.searchers[number].width2, track.knot, track.numbers,
            track.column, rest, self.drop, self.kappa, self.tried, worth,
        )  # fmt: skip

    def put(self, number: int, placing: Placing | None, value: Quantity | None = None) -> None:
        """Place a searcher, or take it off the board."""
        track = None if placing is None else self.track(number, placing)
        self.placings[number] = None if track is None else placing
        self.tracks[number] = track
        self.hazard[number] = None if track is None else self.hazard_of(number, track)
        self.value = self.worth(self.others()) if value is None else value


def left_of(board: Board, rest: SingleArray) -> FloatArray:
    """What is left to be found of each particle after hazards."""
    count, kappa = board.cloud.weight.size, float(board.kappa)
    summed = unblocked(rest, count).sum(axis=0).astype(np.float64)
    missed = np.exp(-summed) if kappa == 0 else np.exp(-kappa * np.log1p(np.maximum(summed, 0) / kappa))
    return np.asarray(unblocked(board.drop, count).sum(axis=0) * missed)


def over_blocks(work: Callable[[int, int], None], count: int, executor: Executor | None) -> None:
    """Work on ranges of blocks: two at once over an executor where there are many."""
    if executor is None or count < MANY:
        work(0, count)
        return
    half = count // 2
    list(executor.map(lambda ends: work(*ends), ((0, half), (half, count))))


def worth_of(
    total: SingleArray, drop: SingleArray, alike: Fraction | None, executor: Executor | None = None
) -> Quantity:
    """What summed hazards are worth by drops, both laid out for the kernel."""
    worth, kappa = np.empty(len(total)), np.float32(alike or 0.0)
    over_blocks(lambda first, last: value_of(first, last, total, drop, kappa, worth), len(total), executor)
    return float(worth.sum())


def settle(board: Board, placings: Sequence[Placing | None]) -> None:
    """Put all searchers where they are to be."""
    for number, placing in enumerate(placings):
        board.put(number, placing, value=0.0)
    board.value = board.worth(board.others())


def insert(board: Board, numbers: Sequence[int]) -> int:
    """Place searchers one after the other where each adds most; those with most swept area first. Returns moves."""
    order = sorted(numbers, key=lambda n: (-_swept(board, n), n))
    moves = 0
    for number in order:
        rest = board.others(number)
        best: dict[Shape, tuple[Quantity, Placing]] = {}
        for wave in (_centres, _around):
            for placing in wave(board, number, rest, best):
                track = board.track(number, placing)
                moves += 1
                if track is None:
                    continue
                now = board.worth_with(rest, number, track)
                if placing.shape not in best or now > best[placing.shape][0]:
                    best[placing.shape] = now, placing
        value, chosen = max(best.values(), key=lambda pair: pair[0], default=(-math.inf, None))
        nothing = board.worth(rest)
        board.put(number, chosen if value > nothing else None, max(value, nothing))
    return moves


def improve(
    board: Board,
    moves: int,
    chance: Stream,
    *,
    warmth: Fraction = WARMTH,
    clear: Callable[[int, Track], bool] | None = None,
    progress: Callable[[int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> int:
    """Make so many moves and leave the best plan found on the board; returns the moves made.

    With `clear`, no searcher takes a way for which that is false.
    """
    numbers = [n for n in range(len(board.searchers)) if any(board.searchers[n].out)]
    if not numbers or moves <= 0:
        return 0
    draws = np.hstack([chance.uniforms(np.arange(moves), c) for c in range(3)])
    normals = np.hstack([chance.normals(np.arange(moves), c) for c in range(3, 5)])
    best, best_value = list(board.placings), board.value
    made, rest, number = 0, board.others(), numbers[0]
    for made in range(moves):
        if made % VISIT == 0:
            if cancel is not None and cancel():
                break
            if progress is not None:
                progress(made)
            number = numbers[(made // VISIT) % len(numbers)]
            rest = board.others(number)
        warm = warmth * board.most * (1 - made / moves) ** 2
        kind = MOVES[int(np.searchsorted(SHARES, draws[made, 0] * SHARES[-1]))]
        allowed = board.value + warm * math.log(draws[made, 1])
        if kind == "exchange":
            other = numbers[int(draws[made, 2] * len(numbers))]
            if clear is None and _exchange(board, number, other, allowed):
                rest = board.others(number)
        else:
            placing = _moved(board, number, rest, kind, draws[made], normals[made])
            _try(board, number, placing, rest, allowed, clear)
        if board.value > best_value:
            best, best_value = list(board.placings), board.value
    if best_value > board.value:
        settle(board, best)
    return made + 1


def _try(
    board: Board,
    number: int,
    placing: Placing | None,
    rest: SingleArray,
    allowed: Quantity,
    clear: Callable[[int, Track], bool] | None,
) -> None:
    track = None if placing is None else board.track(number, placing)
    if track is None:
        return
    value = board.worth_with(rest, number, track, allowed)
    if value < allowed or placing == board.placings[number] or not (clear is None or clear(number, track)):
        return
    board.placings[number], board.tracks[number], board.value = placing, track, value
    board.hazard[number], board.tried = board.tried, np.zeros_like(board.drop)


def _exchange(board: Board, one: int, other: int, allowed: Quantity) -> bool:
    """Two searchers change places; each keeps its spacing and the number of its legs."""
    a, b = board.placings[one], board.placings[other]
    if a is None or b is None or one == other:
        return False
    new_a = replace(a, frame=b.frame, east=b.east, north=b.north, bearing=b.bearing)
    new_b = replace(b, frame=a.frame, east=a.east, north=a.north, bearing=a.bearing)
    track_a, track_b = board.track(one, new_a), board.track(other, new_b)
    if track_a is None or track_b is None:
        return False
    hazard_b = board.hazard_of(other, track_b)
    value = board.worth_with(board.others(one, other) + hazard_b, one, track_a)
    if value < allowed:
        return False
    board.placings[one], board.tracks[one], board.hazard[one] = new_a, track_a, board.tried
    board.tried = np.zeros_like(board.drop)
    board.placings[other], board.tracks[other], board.hazard[other] = new_b, track_b, hazard_b
    board.value = value
    return True


def _moved(
    board: Board, number: int, rest: SingleArray, kind: str, draw: FloatArray, normal: FloatArray
) -> Placing | None:
    """The placing of a searcher after a move of some kind."""
    now = board.placings[number]
    if now is None or kind == "afresh":
        return _afresh(board, number, rest, draw, now)
    track = board.tracks[number]
    size = 0.25 if draw[3] < 0.5 else 0.06
    if kind == "shift" and track is not None:
        ahead, right = turned(now) * np.array([[track.length], [track.width]]) * size
        east, north = np.array([now.east, now.north]) + normal[0] * ahead + normal[1] * right
        return replace(now, east=float(east), north=float(north))
    if kind == "turn":
        if draw[3] < 0.15:
            return _across(board, now, track)
        return replace(now, bearing=float((now.bearing + 60 * size * normal[0]) % 360))
    if kind == "spacing":
        return replace(now, spacing=_capped(board, number, now.spacing * math.exp(size * float(normal[0]))))
    if kind == "legs":
        change = (1 if draw[4] < 0.5 else -1) * (1 if draw[3] < 0.7 else 2)
        return replace(now, legs=max(now.legs + change, 1))
    if kind == "corner":
        return replace(now, mirrored=bool(draw[3] < 0.5), reversed_=bool(draw[4] < 0.5))
    shapes: tuple[Shape, ...] = ("ladder", "square", "sector")
    shape = shapes[int(draw[3] * 3)]
    return replace(now, shape=shape, legs=1 + int(3 * draw[4]) if shape == "sector" else max(now.legs, 2))


def _across(board: Board, now: Placing, track: Track | None) -> Placing:
    """The same area with the legs across."""
    if track is None:
        return now
    return replace(now, bearing=(now.bearing + 90) % 360, legs=max(round(track.length / now.spacing), 1))


def _afresh(board: Board, number: int, rest: SingleArray, draw: FloatArray, now: Placing | None) -> Placing | None:
    """A new place, about a particle drawn from what the others leave."""
    left = np.cumsum(left_of(board, rest))
    if left[-1] <= 0:
        return None
    particle = int(np.searchsorted(left, draw[3] * left[-1]))
    frame = int(board.cloud.boat[particle])
    if board.searchers[number].out[frame] <= 0:
        return None
    east, north = _in_frame(board.cloud, particle, frame)
    if now is not None:
        return replace(now, frame=frame, east=east, north=north)
    width = board.searchers[number].widest
    spacing = _capped(board, number, width * (0.7 + draw[4]))
    return Placing(frame, east, north, float(360 * draw[5]), spacing, 2 + int(6 * draw[2]))


def _in_frame(cloud: Cloud, particle: int, frame: int) -> tuple[Quantity, Quantity]:
    """Where a particle is in the frame of a boat half way through."""
    k = cloud.times.size // 2
    mean = cloud.mean[frame, k]
    return float(cloud.x[k, particle] - mean[0]), float(cloud.y[k, particle] - mean[1])


def _swept(board: Board, number: int) -> SquareMetres:
    ready = board.searchers[number]
    return ready.widest * ready.searcher.speed * ready.searcher.on_scene


def _capped(board: Board, number: int, spacing: Quantity) -> Quantity:
    """No closer than the highest coverage allows."""
    return max(spacing, board.searchers[number].widest / board.cap, 1.0)


def _centres(board: Board, number: int, rest: SingleArray, _best: Best) -> list[Placing]:
    """Ladders about particles of what is left and about its middle for each boat; squares and sectors about that."""
    cloud, ready = board.cloud, board.searchers[number]
    if ready.widest <= 0:
        return []
    left = left_of(board, rest)
    total = np.cumsum(left)
    if total[-1] <= 0:
        return []
    found = [int(i) for i in np.searchsorted(total, (np.arange(CENTRES) + 0.5) / CENTRES * total[-1])]
    places = [(int(cloud.boat[i]), *_in_frame(cloud, i, int(cloud.boat[i]))) for i in found]
    datums = []
    k = cloud.times.size // 2
    for boat in range(len(cloud.names)):
        mine = left * (cloud.boat == boat)
        if mine.sum() > 0:
            share = mine / mine.sum()
            middle = np.array([cloud.x[k] @ share, cloud.y[k] @ share]) - cloud.mean[boat, k]
            datums.append((boat, float(middle[0]), float(middle[1])))
    spacing = _capped(board, number, ready.widest)
    track = ready.searcher.speed * ready.searcher.on_scene
    legs = max(round(math.sqrt(track / spacing)), 1)
    bearing = _long_axis(cloud, left)
    ladders = [Placing(*place, bearing, spacing, legs) for place in (*places, *datums)]
    about = [Placing(*datum, bearing, spacing, n, shape) for datum in datums for shape, n in ABOUT_DATUM]
    return [placing for placing in (*ladders, *about) if ready.out[placing.frame] > 0]


def _around(board: Board, number: int, _rest: SingleArray, best: Best) -> list[Placing]:
    """Other spacings, legs and bearings about the best place of each shape."""
    options = []
    for shape, (_, found) in best.items():
        for closer in (0.75, 1.0, 1.4):
            spacing = _capped(board, number, found.spacing * closer)
            for longer in (0.5, 0.75, 1.0) if shape == "ladder" else (1.0,):
                legs = max(round(found.legs * longer / math.sqrt(closer)), 1)
                turns = (0, 45, 90) if shape == "ladder" else (0,)
                options += [replace(found, spacing=spacing, legs=legs, bearing=found.bearing + turn) for turn in turns]
    return options


def _long_axis(cloud: Cloud, left: FloatArray) -> Quantity:
    """Bearing along which what is left lies widest, half way through."""
    k = cloud.times.size // 2
    share = left / left.sum()
    x, y = cloud.x[k] - cloud.x[k] @ share, cloud.y[k] - cloud.y[k] @ share
    angle = 0.5 * math.atan2(2 * float(share @ (x * y)), float(share @ (y * y - x * x)))
    return math.degrees(angle) % 180
