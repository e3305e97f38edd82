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
def tangents(where, excess, drop, cover, per_node, law, offset, slope, gradient):
    """Worth by the law, and the sum of the offsets.

    `where` (particles, spans) is the index into `cover`, flattened; `gradient` (cover.size, 2) is filled with the
    gradients by cover, and by cover times the excess speed of what lies there. `drop` (particles, columns): one column
    counts at the end of the last span, else there is one a span.
    """
    count, spans = where.shape
    columns = drop.shape[1]
    last = offset.size - 1
    nodes = np.empty(spans, np.int64)
    worth, above = 0.0, 0.0
    gradient[:, :] = 0.0
    for i in range(count):
        cum = 0.0
        for t in range(spans):
            cum += cover[where[i, t]]
            nodes[t] = min(int(cum * per_node + 0.5), last)
        steep = 0.0
        for back in range(spans):
            t = spans - 1 - back
            if columns > 1 or back == 0:
                lost = drop[i, t if columns > 1 else 0]
                worth += lost * law[nodes[t]]
                above += lost * offset[nodes[t]]
                steep += lost * slope[nodes[t]]
            gradient[where[i, t], 0] += steep
            gradient[where[i, t], 1] += steep * excess[i, t]
    return worth, above
