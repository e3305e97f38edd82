"""The compiled heart of the bound: coverage along the way of every particle, tangents of what it is worth, gradients.

`cover` (spans, classes, cells) is coverage put into each cell in each span; a particle gathers it on its way. At the
nearest node of a table of a concave law each particle has a line that lies above the law: an offset and a slope. The
sums of both over the particles bound what any coverage is worth.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from numba import njit

from cordiale.earth.elementary import EXACT


@njit(**EXACT)
def tangents(cell, kind, excess, drop, cover, per_node, law, offset, slope, gradient, hastened):
    """Worth by the law, the sum of the offsets; fills the gradients by cover, and by cover times excess speed.

    `drop` (columns, particles): one column counts at the end of the last span, else there is one a span.
    """
    spans, count = cell.shape
    columns = drop.shape[0]
    last = offset.size - 1
    gathered = np.empty(spans)
    worth, above = 0.0, 0.0
    gradient[:, :, :] = 0.0
    hastened[:, :, :] = 0.0
    for i in range(count):
        cum = 0.0
        for t in range(spans):
            cum += cover[t, kind[t, i], cell[t, i]]
            gathered[t] = cum
        steep = 0.0
        for back in range(spans):
            t = spans - 1 - back
            if columns > 1 or back == 0:
                lost = drop[t if columns > 1 else 0, i]
                node = min(int(gathered[t] * per_node + 0.5), last)
                worth += lost * law[node]
                above += lost * offset[node]
                steep += lost * slope[node]
            gradient[t, kind[t, i], cell[t, i]] += steep
            hastened[t, kind[t, i], cell[t, i]] += steep * excess[t, i]
    return worth, above
