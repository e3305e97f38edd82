"""The blocks that the groupings of a night are made of, as the sampler finds them while it settles.

Messages that stand together most often are joined first, then what they became with others, as often as they stand
together on average (average linkage, Sokal and Michener, 1958). Every two blocks joined that are neither sure to stand
together nor sure to stand apart are worth a move of their own: the one is given to a boat again, and the other.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cordiale.association.weights import Group
from cordiale.earth.units import FloatArray, IntArray, Probability

SELDOM: Final[Probability] = 0.003  # two blocks less often together are left to other moves
SURE: Final[Probability] = 0.998  # more often: they are one


def library_of(share: FloatArray, units: Sequence[Group]) -> list[tuple[Group, Group]]:
    """Pairs of blocks, from how often two messages stood together, (n, n), symmetric."""
    lead = np.array([unit[0] for unit in units], dtype=np.int64)
    links = share[np.ix_(lead, lead)].astype(np.float64)
    np.fill_diagonal(links, -1.0)
    blocks = [list(unit) for unit in units]
    best = links.argmax(axis=1)
    height = links[np.arange(lead.size), best]
    found = []
    while lead.size > 1:
        a = int(np.argmax(height))
        b, often = int(best[a]), float(height[a])
        if often < SELDOM:
            break
        if often < SURE:
            found.append((tuple(sorted(blocks[a])), tuple(sorted(blocks[b]))))
        _join(links, blocks, a, b)
        _renew(links, best, height, a, b)
    return found


def _join(links: FloatArray, blocks: list[list[int]], a: int, b: int) -> None:
    """Block b becomes part of block a."""
    m, n = len(blocks[a]), len(blocks[b])
    row = (m * links[a] + n * links[b]) / (m + n)
    gone = (links[a] < 0) | (links[b] < 0)
    row[gone] = -1.0
    links[a], links[:, a] = row, row
    links[b], links[:, b] = -1.0, -1.0
    blocks[a] += blocks[b]


def _renew(links: FloatArray, best: IntArray, height: FloatArray, a: int, b: int) -> None:
    """The nearest block of each, after b became part of a."""
    for k in np.union1d([a, b], np.flatnonzero((best == a) | (best == b) | (links[:, a] > height))).tolist():
        best[k] = int(np.argmax(links[k]))
        height[k] = links[k, best[k]]


def swaps_of(share: FloatArray, library: Sequence[tuple[Group, Group]], doubt: Probability) -> IntArray:
    """Numbers of blocks, (swaps, 2), that may take each other's place: apart, and beside the same messages at times."""
    blocks = [block for two in library for block in two]
    if not blocks:
        return np.zeros((0, 2), dtype=np.int64)
    beside = np.array([share[list(block)].mean(axis=0) for block in blocks])
    for row, block in zip(beside, blocks, strict=True):
        row[list(block)] = 0.0
    close = (beside > doubt).astype(np.float32)
    apart = np.array([row[[b[0] for b in blocks]] < 1 - doubt for row in beside])
    disjoint = np.array([[not set(one) & set(other) for other in blocks] for one in blocks])
    first, second = np.nonzero(np.triu((close @ close.T > 0) & apart & disjoint, 1))
    return np.stack([first, second], axis=1).astype(np.int64)
