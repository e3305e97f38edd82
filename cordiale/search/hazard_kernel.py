"""The compiled heart of a search plan: the hazard of every leg for every particle, and what a plan is worth.

Particles lie in blocks of 256 whose numbers stand row after row, so that each loop becomes vector instructions, in
single precision: hazards are right to 1e-4 of their value, which tests compare with the NumPy twin in
`cordiale.search.hazard`. A leg is cut at the knots of the particles' ways, so that searcher and particle both go
straight in each piece. With a and b the places of the searcher relative to the particle at its ends, dt its duration,

    n = W^2 V dt / (8 pi) (|a| + |b|) / (|a| |b| (|a| |b| + a.b)),

which is the finite-leg hazard of `cordiale.sensors.leg` without its cancellations (the integral of Biot and Savart).
`strips` is a rougher law for `cordiale.search.plan_sketch`: each leg of a ladder is a strip of even coverage.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

from typing import Final

import numpy as np
from numba import njit

from cordiale.earth.elementary import EXACT, exp32, log1p32

BLOCK: Final = 256
EVENS: Final = 64  # steps of the table of even coverage, for a coverage of 1
_F: Final = np.float32
MOST = _F(40.0)  # as in sensors.leg: exp(-40) is nothing
_ZERO, _HALF, _ONE, _TINY, _NEVER = _F(0.0), _F(0.5), _F(1.0), _F(1e-6), _F(1e-12)
# Rows of the workspace: place relative to the particle and its distance at the end of the last piece, width squared,
# where the particle is at a knot and at the next, hazard of a piece, so far, worth, what is lost by then; the hazards
# by column of time follow. Loops run over rows known at compile time: only then do they become vector instructions.
_AX, _AY, _RA, _WIDTH2, _PX, _PY, _QX, _QY, _N, _SUM, _WORTH, _DROP = range(12)
_COLUMNS: Final = 12


@njit(**EXACT)
def _from(f, x, y, work):
    """Where a searcher at (x, y) is from each particle, a part f of the way from knot k to the next."""
    for i in range(BLOCK):
        px, py = work[_PX * BLOCK + i], work[_PY * BLOCK + i]
        dx = x - (px + f * (work[_QX * BLOCK + i] - px))
        dy = y - (py + f * (work[_QY * BLOCK + i] - py))
        work[_AX * BLOCK + i], work[_AY * BLOCK + i] = dx, dy
        work[_RA * BLOCK + i] = np.sqrt(dx * dx + dy * dy) + _TINY


@njit(**EXACT)
def _piece(f, x, y, strength, work):
    """The hazard of one straight piece that ends at (x, y)."""
    for i in range(BLOCK):
        px, py = work[_PX * BLOCK + i], work[_PY * BLOCK + i]
        bx = x - (px + f * (work[_QX * BLOCK + i] - px))
        by = y - (py + f * (work[_QY * BLOCK + i] - py))
        ax, ay, ra = work[_AX * BLOCK + i], work[_AY * BLOCK + i], work[_RA * BLOCK + i]
        rb = np.sqrt(bx * bx + by * by) + _TINY
        dot = ax * bx + ay * by
        cross = ax * by - ay * bx
        both = ra * rb
        beside = cross * cross / (both - min(dot, _ZERO))
        under = both * (both + dot if dot > _ZERO else beside) + _NEVER
        work[_N * BLOCK + i] = min(strength * work[_WIDTH2 * BLOCK + i] * (ra + rb) / under, MOST)
        work[_AX * BLOCK + i], work[_AY * BLOCK + i], work[_RA * BLOCK + i] = bx, by, rb


@njit(**EXACT)
def _track(way, kind, fresh, width2, knot, numbers, column, work):
    """Adds the hazards of all pieces of a track; `numbers` (pieces, 7): part 0 and 1, x0, y0, x1, y1, V dt / 8 pi.

    `fresh` is the share of its hazard that is left for each particle.
    """
    seen = -1
    for s in range(knot.size):
        k = knot[s]
        if k != seen:
            for i in range(BLOCK):
                work[_WIDTH2 * BLOCK + i] = width2[kind[k * BLOCK + i]]
            work[_PX * BLOCK : (_QY + 1) * BLOCK] = way[k * 2 * BLOCK : (k + 2) * 2 * BLOCK]
            seen = k
        if s == 0 or numbers[s, 2] != numbers[s - 1, 4] or numbers[s, 3] != numbers[s - 1, 5]:
            _from(numbers[s, 0], numbers[s, 2], numbers[s, 3], work)
        _piece(numbers[s, 1], numbers[s, 4], numbers[s, 5], numbers[s, 6], work)
        row = work[(_COLUMNS + column[s]) * BLOCK : (_COLUMNS + column[s] + 1) * BLOCK]
        for i in range(BLOCK):
            row[i] += work[_N * BLOCK + i] * fresh[i]


@njit(**EXACT)
def _strips(way, kind, fresh, box, width2, knot, numbers, column, evens, work):
    """Adds the hazards of all strips of a ladder; the columns of `numbers` are those of `plan_sketch.strips_of`.

    `evens` is the hazard of even coverage by coverage, from 0 in steps of 1 / `EVENS`; `box` (spans, 4) the middle and
    half the sides of where the particles of the block are within a span of time: strips beside it are passed over.
    """
    by_phase = np.empty(width2.size, np.float32)
    for j in range(width2.size):
        by_phase[j] = _read(evens, np.sqrt(width2[j]) * numbers[0, 7])
    for s in range(knot.size):
        k, f, x, y, east, north = knot[s], numbers[s, 0], numbers[s, 1], numbers[s, 2], numbers[s, 3], numbers[s, 4]
        half, edge, closer = numbers[s, 5], numbers[s, 6], numbers[s, 7]
        dx, dy, wide, high = box[k, 0] - x, box[k, 1] - y, box[k, 2], box[k, 3]
        if abs(dx * east + dy * north) > half + _HALF / edge + wide * abs(east) + high * abs(north):
            continue
        if abs(dx * north - dy * east) > _ONE / closer + wide * abs(north) + high * abs(east):
            continue
        work[_PX * BLOCK : (_QY + 1) * BLOCK] = way[k * 2 * BLOCK : (k + 2) * 2 * BLOCK]
        for i in range(BLOCK):
            work[_WIDTH2 * BLOCK + i] = by_phase[kind[k * BLOCK + i]] * fresh[i]
        row = work[(_COLUMNS + column[s]) * BLOCK : (_COLUMNS + column[s] + 1) * BLOCK]
        for i in range(BLOCK):
            px, py = work[_PX * BLOCK + i], work[_PY * BLOCK + i]
            dx = px + f * (work[_QX * BLOCK + i] - px) - x
            dy = py + f * (work[_QY * BLOCK + i] - py) - y
            along, beside = abs(dx * east + dy * north), abs(dx * north - dy * east)
            inside = min(max(_HALF + (half - along) * edge, _ZERO), _ONE) * max(_ONE - beside * closer, _ZERO)
            row[i] += work[_WIDTH2 * BLOCK + i] * inside


@njit(**EXACT)
def _read(evens, coverage):
    """The hazard of even coverage at a coverage."""
    place = min(coverage * _F(EVENS), _F(evens.size - 1.001))
    i = int(place)
    return evens[i] + (place - _F(i)) * (evens[i + 1] - evens[i])


@njit(**EXACT)
def _added(kappa, work):
    """Worth of what is found so far, on top of what it was."""
    if kappa > _ZERO:
        for i in range(BLOCK):
            found = _ONE - exp32(-kappa * log1p32(work[_SUM * BLOCK + i] / kappa))
            work[_WORTH * BLOCK + i] += work[_DROP * BLOCK + i] * found
    else:
        for i in range(BLOCK):
            work[_WORTH * BLOCK + i] += work[_DROP * BLOCK + i] * (_ONE - exp32(-work[_SUM * BLOCK + i]))


@njit(**EXACT)
def _worth(drop, columns, kappa, work):
    """Sum of drop x (1 - missed so far) over the columns of time and the particles of a block."""
    work[_SUM * BLOCK : (_WORTH + 1) * BLOCK] = _ZERO
    so_far = work[_SUM * BLOCK : (_SUM + 1) * BLOCK]
    for c in range(columns):
        so_far += work[(_COLUMNS + c) * BLOCK : (_COLUMNS + c + 1) * BLOCK]
        work[_DROP * BLOCK : (_DROP + 1) * BLOCK] = drop[c * BLOCK : (c + 1) * BLOCK]
        _added(kappa, work)
    total = 0.0
    for i in range(BLOCK):
        total += work[_WORTH * BLOCK + i]
    return total


@njit(**EXACT)
def hazards(first, last, ways, kinds, fresh, width2, knot, numbers, column, out):
    """Hazards of one track for the particles of some blocks, by column of time: fills `out` (blocks, columns x 256)."""
    columns = out.shape[1] // BLOCK
    work = np.zeros((_COLUMNS + columns) * BLOCK, np.float32)
    for b in range(first, last):
        work[_COLUMNS * BLOCK :] = _ZERO
        _track(ways[b], kinds[b], fresh[b], width2, knot, numbers, column, work)
        out[b] = work[_COLUMNS * BLOCK :]


@njit(**EXACT)
def value_with(first, last, ways, kinds, fresh, width2, knot, numbers, column, rest, drop, kappa, out, worth):
    """What each of some blocks is worth with one more track: the hazards of all others are `rest`.

    All are laid out as (blocks, columns x 256). The hazards of the track itself are left in `out`, what the blocks are
    worth in `worth` (blocks,): to be added up in one order, however the blocks were shared out.
    """
    columns = rest.shape[1] // BLOCK
    work = np.zeros((_COLUMNS + columns) * BLOCK, np.float32)
    for b in range(first, last):
        work[_COLUMNS * BLOCK :] = _ZERO
        _track(ways[b], kinds[b], fresh[b], width2, knot, numbers, column, work)
        out[b] = work[_COLUMNS * BLOCK :]
        work[_COLUMNS * BLOCK :] += rest[b]
        worth[b] = _worth(drop[b], columns, kappa, work)


@njit(**EXACT)
def value_of(first, last, summed, drop, kappa, worth):
    """What hazards by column of time are worth in each of some blocks: drop x (1 - missed by then) added up."""
    columns = summed.shape[1] // BLOCK
    work = np.zeros((_COLUMNS + columns) * BLOCK, np.float32)
    for b in range(first, last):
        work[_COLUMNS * BLOCK :] = summed[b]
        worth[b] = _worth(drop[b], columns, kappa, work)


@njit(**EXACT)
def strip_hazards(first, last, ways, kinds, fresh, boxes, width2, knot, numbers, column, evens, out):
    """As `hazards`, by the rougher law of strips."""
    columns = out.shape[1] // BLOCK
    work = np.zeros((_COLUMNS + columns) * BLOCK, np.float32)
    for b in range(first, last):
        work[_COLUMNS * BLOCK :] = _ZERO
        _strips(ways[b], kinds[b], fresh[b], boxes[b], width2, knot, numbers, column, evens, work)
        out[b] = work[_COLUMNS * BLOCK :]


@njit(**EXACT)
def strip_value_with(
    first, last, ways, kinds, fresh, boxes, width2, knot, numbers, column, evens, rest, drop, kappa, out, worth
):  # fmt: skip
    """As `value_with`, by the rougher law of strips."""
    columns = rest.shape[1] // BLOCK
    strip_hazards(first, last, ways, kinds, fresh, boxes, width2, knot, numbers, column, evens, out)
    work = np.zeros((_COLUMNS + columns) * BLOCK, np.float32)
    for b in range(first, last):
        work[_COLUMNS * BLOCK :] = out[b] + rest[b]
        worth[b] = _worth(drop[b], columns, kappa, work)
