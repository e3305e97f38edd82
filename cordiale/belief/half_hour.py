"""What changes at the round half hours of a drift: the errors' new state, jibes, and the window of sea looked at."""

import math
from typing import Final

import numpy as np

from cordiale.belief.belief import KNOT, Belief
from cordiale.boats.leeway import JIBES
from cordiale.boats.life import BEACHED, TOWED
from cordiale.earth.chance import Stream
from cordiale.earth.units import BoolArray, FloatArray, Fraction, Instant, IntArray, MetresPerSecond, Probability
from cordiale.sea.environment import ErrorScale
from cordiale.sea.tide import Window

JIBE: Final[Probability] = (1 - math.exp(-2 * JIBES * KNOT)) / 2  # odd number of jibes in a half hour
SWIFTEST: Final[MetresPerSecond] = 6.0  # judgement: no stream of these seas with leeway and errors is faster
_METRES_PER_DEGREE: Final = 111_000.0


def knot_of(at: Instant) -> int:
    """Number of the half hour in which an instant lies; an instant just before a round half hour counts as on it."""
    return math.floor((at + 1e-6) / KNOT)


def error_law(scale: ErrorScale) -> tuple[Fraction, Fraction, Fraction]:
    """Cosine and sine part of what a half hour leaves of an error, and the share of what is new.

    x' = a R x + sqrt(1 - a2) n with a = exp(-KNOT / time scale), and R turning by KNOT: exact for any length of a knot.
    """
    kept = math.exp(-KNOT / scale.time_scale)
    turn = 0.0 if scale.period is None else 2 * math.pi * KNOT / scale.period
    return kept * math.cos(turn), kept * math.sin(turn), math.sqrt(1 - kept * kept)


def next_error(now: FloatArray, scale: ErrorScale, innovation: FloatArray) -> FloatArray:
    """State of an error at the next half hour from that at the last and a standard normal innovation, all (n, 2)."""
    cosine, sine, new = error_law(scale)
    turned = np.stack([cosine * now[:, 0] - sine * now[:, 1], sine * now[:, 0] + cosine * now[:, 1]], axis=1)
    return np.asarray(turned + new * innovation)


def jibed(side: IntArray, stream: Stream, ids: IntArray, knot: int) -> IntArray:
    """The sides of downwind after the half hour that ends at a knot: an odd number of jibes changes them."""
    jibes = stream.child("drift jibe").uniforms(ids, knot)[:, 0] < JIBE
    return np.where(jibes, -side, side)


def moves(belief: Belief) -> BoolArray:
    """Which particles the sea moves: those that neither lie aground nor have been landed."""
    return np.asarray(~belief.stranded & (belief.phase != BEACHED))


def has_leeway(belief: Belief) -> BoolArray:
    """Which particles drift with the wind: one in tow does not."""
    return np.asarray(belief.phase != TOWED)


def window_of_half_hour(belief: Belief) -> Window:
    """The box that no particle leaves within half an hour."""
    return window_within_reach(belief.lat, belief.lon, float(np.max(belief.way_speed, initial=0.0)))


def window_within_reach(lat: FloatArray, lon: FloatArray, way: MetresPerSecond) -> Window:
    """The box that no particle leaves within half an hour, at a greatest way through the water."""
    south, north = float(np.nanmin(lat)), float(np.nanmax(lat))
    reach = (way + SWIFTEST) * KNOT / _METRES_PER_DEGREE
    wide = reach / max(math.cos(math.radians(max(abs(south), abs(north)))), 0.05)
    return Window(
        south=south - reach, north=north + reach, west=float(np.nanmin(lon)) - wide, east=float(np.nanmax(lon)) + wide
    )
