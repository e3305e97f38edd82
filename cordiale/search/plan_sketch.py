"""A rough plan by many cheap moves, from which the search for the plan sets out.

What a plan is worth hangs most on who searches which part of the sea, and that takes tens of thousands of moves to
settle. On a sketch each leg of a ladder is a strip of even coverage, passed at one instant, half a leg's time after its
beginning: a law smooth enough for a few thousand particles, where true tracks would be fitted to the particles that
happen to lie beside them. The plan of the sketch is worked out by the true law, and taken where it is worth more.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from typing import Final

import numpy as np

from cordiale.earth.chance import Stream
from cordiale.earth.units import FloatArray, Fraction, IntArray, Quantity
from cordiale.search.hazard_kernel import BLOCK, EVENS, strip_hazards, strip_value_with
from cordiale.search.plan_cloud import Cloud, SingleArray, thinned
from cordiale.search.plan_moves import Board, improve, settle
from cordiale.search.plan_track import Placing, Ready, Track, ladder_flown, turned

ROUGH: Final = 4096  # particles of a sketch
SKETCHES: Final = 2  # of different chance, as one alone ends now in a better basin, now in a worse
WARMTH: Final[Fraction] = 8e-3  # of what could be had at most: hot, as the sketch only has to find the right basin
MOST: Final = 2.0  # coverage at which the table of even coverage ends
OFFSETS: Final = 400
HIGHEST: Final = 40.0  # as in sensors.leg


class Sketch(Board):
    """A board whose ladders are strips of even coverage; other patterns cannot be placed on it."""

    def track(self, number: int, placing: Placing) -> Track | None:
        """The strips of a searcher with a placing."""
        return strips_of(self.cloud, self.searchers[number], placing, self.column)

    def fill_hazards(self, first: int, last: int, number: int, track: Track, out: SingleArray) -> None:
        """The hazards of strips for the particles of some blocks."""
        strip_hazards(
            first, last, self.ways, self.phase, self.fresh, self._boxes, self.searchers[number].width2, track.knot,
            track.numbers, track.column, self._evens, out,
        )  # fmt: skip

    def fill_worth(
        self, first: int, last: int, number: int, track: Track, rest: SingleArray, worth: FloatArray
    ) -> None:
        """What some blocks are worth with one more ladder of strips."""
        strip_value_with(
            first, last, self.ways, self.phase, self.fresh, self._boxes, self.searchers[number].width2, track.knot,
            track.numbers, track.column, self._evens, rest, self.drop, self.kappa, self.tried, worth,
        )  # fmt: skip

    @cached_property
    def _evens(self) -> SingleArray:
        return evens_of(float(self.kappa))

    @cached_property
    def _boxes(self) -> SingleArray:
        """Middle and half the sides of where the particles of each block are, by span of time: (blocks, spans, 4)."""
        knots = self.ways.reshape(len(self.ways), -1, 2, BLOCK)
        low, high = knots.min(axis=3), knots.max(axis=3)
        low, high = np.minimum(low[:, :-1], low[:, 1:]), np.maximum(high[:, :-1], high[:, 1:])
        return np.ascontiguousarray(np.concatenate([(low + high) / 2, (high - low) / 2], axis=2))


def sketched(
    board: Board,
    cloud: Cloud,
    moves: int,
    chance: Stream,
    *,
    progress: Callable[[int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> int:
    """Moves the plan on the board to the best of some sketches of the cloud, where it is worth more; returns the moves.

    Each sketch has its share of the moves, and chance of its own.
    """
    sketch = Sketch(
        thinned(cloud, ROUGH, comb=False), board.searchers, board.objective, board.alike, board.cap, hurry=board.hurry
    )
    begun = [_as_ladder(board, n) for n in range(len(board.searchers))]
    made = 0
    for number in range(SKETCHES):
        if cancel is not None and cancel():
            break
        settle(sketch, begun)
        tell = None if progress is None else partial(_further, progress, made)
        many = moves // SKETCHES
        made += improve(sketch, many, chance.child(f"{number}"), warmth=WARMTH, progress=tell, cancel=cancel)
        before, value = list(board.placings), board.value
        settle(board, [new or old for new, old in zip(sketch.placings, before, strict=True)])
        if board.value < value:
            settle(board, before)
    return made


def _further(progress: Callable[[int], None], made: int, more: int) -> None:
    progress(made + more)


def _as_ladder(board: Board, number: int) -> Placing | None:
    """The placing of a searcher with as much track laid out as a ladder."""
    now, track = board.placings[number], board.tracks[number]
    if now is None or track is None or now.shape == "ladder":
        return now
    return replace(now, shape="ladder", legs=max(round(math.sqrt(track.length * track.width) / now.spacing), 1))


def strips_of(cloud: Cloud, ready: Ready, placing: Placing, column: IntArray) -> Track | None:
    """The legs of a ladder as strips, each at the instant half way along it; None where there is no such ladder.

    Rows of `numbers`: part of the way to the next knot, east and north of the middle of the leg, its direction east and
    north, half its length, and the inverse of the sweep width, over which its ends fade, and of the spacing, over which
    its sides do.
    """
    flown = None if placing.shape != "ladder" else ladder_flown(cloud, ready, placing)
    if flown is None:
        return None
    begin, time, length = flown
    legs, knots = np.arange(placing.legs), cloud.times
    at = begin + time * (legs + 0.5) / placing.legs
    aside = (legs - (placing.legs - 1) / 2) * placing.spacing * (-1 if placing.mirrored != placing.reversed_ else 1)
    knot = np.minimum(np.searchsorted(knots, at, side="right") - 1, knots.size - 2)
    ahead, right = turned(placing)
    numbers = np.empty((placing.legs, 8), dtype=np.float32)
    numbers[:, 0] = (at - knots[knot]) / (knots[knot + 1] - knots[knot])
    mean = cloud.mean[placing.frame]
    for i, centre in enumerate((placing.east, placing.north)):
        numbers[:, 1 + i] = np.interp(at, knots, mean[:, i]) + centre + aside * right[i]
    numbers[:, 3:] = (*ahead, length / 2, 1 / ready.widest, 1 / placing.spacing)
    width, turns = placing.legs * placing.spacing, np.ones(at.size, dtype=np.bool_)
    return Track("PS", length, width, at, numbers[:, 1:3].astype(np.float64), turns, knot, numbers, column[knot])


def evens_of(kappa: Quantity) -> SingleArray:
    """The hazard of even coverage, by coverage from 0 in steps of 1 / `EVENS`: what misses as many as tracks do.

    Over evenly spaced tracks of the inverse-cube law the hazard is (pi C^2 / 4) / sin^2(pi y / S) a part y / S of the
    way from one to the next (the sum of W^2 / (4 pi d^2) over all of them); missed is the mean of exp(-n) or of
    (1 + n / kappa)^-kappa over y.
    """
    part = np.sin(np.pi * (np.arange(OFFSETS) + 0.5) / OFFSETS)
    coverage = np.arange(round(MOST * EVENS) + 1)[:, None] / EVENS
    hazard = np.minimum(math.pi / 4 * (coverage / part) ** 2, HIGHEST)
    if kappa == 0:
        return np.asarray(-np.log(np.exp(-hazard).mean(axis=1)), dtype=np.float32)
    missed = np.exp(-kappa * np.log1p(hazard / kappa)).mean(axis=1)
    return np.asarray(kappa * np.expm1(-np.log(missed) / kappa), dtype=np.float32)
