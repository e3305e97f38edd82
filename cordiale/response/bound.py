"""How many lives any plan at all could save: a bound by a price on each craft.

Let f_b(A) be the lives of boat b when the craft A go to it at once and with all their room. It grows with A and with an
earlier arrival, so a plan in which each craft goes to at most L boats saves no more than

    L sum_i p_i + sum_b max_A [f_b(A) - sum_{i in A} p_i]     for any prices p >= 0,

because a second boat is never reached sooner, nor with more room, than if it were the first. The prices are moved by a
subgradient while that lowers the bound. For each boat the craft T that do most alone are tried in every combination.
Where there are more, f_b is replaced by g_b >= f_b, for which she is found as soon as if all of them searched. g_b is
a sum of the best places among those of A, so it is submodular, and for the others O

    max_A [g_b(A) - p(A)] <= max over S in T, 0 <= x <= 1 of
        g_b(S) - p(S) + min(sum_O x_i (g_b(S + i) - g_b(S)), g_b(all) - g_b(S)) - sum_O x_i p_i,

which is filled in order of price by gain. Source: submodularity as in Nemhauser, Wolsey and Fisher, Math. Programming
14 (1978); the rest is Lagrangian relaxation.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.earth.units import FloatArray, Fraction
from cordiale.response.outcome import found_at, outcome
from cordiale.response.situation import Coming, Evaluation

WORK: Final = 320  # outcomes worked out for each boat
STEPS: Final = 600
PATIENCE: Final = 6  # steps without a lower bound before they are halved


@dataclass(frozen=True, kw_only=True, eq=False)
class _Table:
    """Of one boat: craft tried together, their combinations as rows of 0 and 1, lives of each, gains of the others."""

    together: list[int]
    others: list[int]
    rows: FloatArray
    lives: FloatArray
    gains: FloatArray  # (rows, others)
    all_of_them: Fraction  # lives when every craft goes there

    def best(self, prices: FloatArray) -> tuple[Fraction, FloatArray]:
        """The most that lives less prices can come to, and how much of each craft is used for it."""
        value = self.lives - self.rows @ prices[self.together]
        used = np.zeros(prices.size)
        if not self.others:
            place = int(np.argmax(value))
            used[self.together] = self.rows[place]
            return float(value[place]), used
        asked = prices[self.others]
        gains = np.where(self.gains > asked, self.gains, 0.0)
        cost = np.where(gains > 0, asked / np.maximum(gains, 1e-12), 2.0)
        order = cost.argsort(axis=1)
        lines = np.arange(order.shape[0])[:, None]
        cost, gain = cost[lines, order], gains[lines, order]
        filled = np.minimum(gain.cumsum(axis=1), (self.all_of_them - self.lives)[:, None])
        part = filled.copy()
        part[:, 1:] -= filled[:, :-1]
        value = value + (part * (1 - np.minimum(cost, 1.0))).sum(axis=1)
        place = int(np.argmax(value))
        used[self.together] = self.rows[place]
        share = part[place] / np.maximum(gain[place], 1e-12)
        used[np.array(self.others)[order[place]]] = np.where(gain[place] > 0, share, 0.0)
        return float(value[place]), used


def most_lives(
    weighed: Evaluation, lives: Fraction, legs: int, *, marginal: Sequence[Fraction] = (), steps: int = STEPS
) -> Fraction:
    """The bound on the lives saved; `lives` is what a plan saves, `marginal` what each craft adds: the first prices."""
    now = weighed.situation
    tables = [_table(weighed, boat) for boat in range(len(now.boats))]
    first = np.array(marginal) if len(marginal) == len(now.assets) else np.zeros(len(now.assets))
    prices = np.maximum(first, 0.0)
    best, kept, pace, failed = math.inf, prices, 1.0, 0
    for _ in range(steps):
        found = [table.best(prices) for table in tables]
        total = legs * float(prices.sum()) + sum(value for value, _ in found)
        slope = legs - np.sum([used for _, used in found], axis=0)  # what the bound gains for each unit of price
        if total < best - 1e-6:
            best, kept, failed = total, prices, 0
        else:
            failed += 1
            if failed >= PATIENCE:
                pace, prices, failed = pace / 2, kept, 0
                continue
        norm = float(slope @ slope)
        if norm == 0 or best - lives < 1e-9 or pace < 1e-3:
            break
        prices = np.maximum(prices - pace * max(total - lives, 1e-6) / norm * slope, 0.0)
    return max(best, lives)


def _table(weighed: Evaluation, boat: int) -> _Table:
    now = weighed.situation
    able = [asset for asset in range(len(now.assets)) if math.isfinite(now.arrives[asset, boat])]

    def calls(going: list[int]) -> tuple[Coming, ...]:
        return tuple((a, float(now.arrives[a, boat]), int(now.room[a, boat])) for a in sorted(going))

    able.sort(key=lambda asset: (-weighed.at_boat(boat, calls([asset])).lives, float(now.arrives[asset, boat])))
    size = _together(len(able))
    together, others = able[:size], able[size:]
    rows = np.array([[row >> k & 1 for k in range(size)] for row in range(1 << size)], dtype=np.float64)
    rows = rows.reshape(1 << size, size)
    sets = [[a for a, there in zip(together, row, strict=True) if there] for row in rows]
    if not others:
        lives = np.array([weighed.at_boat(boat, calls(chosen)).lives for chosen in sets])
        return _Table(
            together=together, others=[], rows=rows, lives=lives, gains=np.zeros((lives.size, 0)), all_of_them=0.0
        )
    soonest = found_at(now.boats[boat], weighed.made(boat, calls(able)))

    def at_most(going: list[int]) -> Fraction:
        return outcome(now.boats[boat], weighed.made(boat, calls(going)), found=soonest).lives

    lives = np.array([at_most(chosen) for chosen in sets])
    gains = np.array([[at_most([*chosen, one]) for one in others] for chosen in sets]) - lives[:, None]
    return _Table(together=together, others=others, rows=rows, lives=lives, gains=gains, all_of_them=at_most(able))


def _together(able: int) -> int:
    """How many craft to try in every combination, for so much work."""
    sizes = [size for size in range(able + 1) if (1 << size) * (1 + able - size) <= WORK]
    return max(sizes, default=0)
