"""The hazard of a way for particles that move, in NumPy: the readable twin of the compiled kernel.

A way is cut at the knots of the particles; in each piece both go straight, and the finite-leg hazard of
`cordiale.sensors.leg` holds in the frame of the particle; the strips of a sketch are a rougher law. Tests compare the
two.
"""

import numpy as np

from cordiale.earth.units import FloatArray, Metres, MetresPerSecond, Seconds
from cordiale.search.hazard_kernel import EVENS
from cordiale.search.plan_cloud import Cloud
from cordiale.search.plan_track import Track
from cordiale.sensors.leg import leg_hazard


def hazard_of_piece(
    start: FloatArray, end: FloatArray, width: Metres | FloatArray, speed: MetresPerSecond, duration: Seconds
) -> FloatArray:
    """Hazard of one straight piece, from where the searcher is relative to each particle: (n, 2) m before and after.

    `speed` (m/s) is that at which the sweep width holds, whatever the speed relative to a particle.
    """
    way = end - start
    length = np.maximum(np.hypot(*way.T), 1e-9)
    x = (start[:, 0] * way[:, 1] - start[:, 1] * way[:, 0]) / length
    s1, s2 = (start * way).sum(axis=1) / length, (end * way).sum(axis=1) / length
    return leg_hazard(width, x, s1, s2, speed * duration / length)


def hazard_of_track(cloud: Cloud, track: Track, width: FloatArray, speed: MetresPerSecond) -> FloatArray:
    """Hazard of a track for every particle, by span of time: (spans, particles); `width` (m) by phase."""
    out = np.zeros((cloud.times.size - 1, cloud.weight.size))
    for begin, end, first, last in zip(track.at, track.at[1:], track.xy, track.xy[1:], strict=False):
        k = int(np.searchsorted(cloud.times, (begin + end) / 2, side="right")) - 1
        span = cloud.times[k + 1] - cloud.times[k]
        relative = []
        for when, place in ((begin, first), (end, last)):
            part = (when - cloud.times[k]) / span
            x, y = (a[k] + part * (a[k + 1].astype(np.float64) - a[k]) for a in (cloud.x, cloud.y))
            relative.append(place - np.column_stack([x, y]))
        piece = hazard_of_piece(relative[0], relative[1], width[cloud.phase[k]], speed, float(end - begin))
        out[k] += cloud.fresh * piece
    return out


def hazard_of_strips(cloud: Cloud, track: Track, width: FloatArray, evens: FloatArray) -> FloatArray:
    """Hazard of the strips of a sketched ladder, by span of time: (spans, particles); `width` (m) by phase.

    The numbers of a strip are those of `plan_sketch.strips_of`, `evens` is `plan_sketch.evens_of`.
    """
    out = np.zeros((cloud.times.size - 1, cloud.weight.size))
    coverages = np.arange(evens.size) / EVENS
    for k, numbers in zip(track.knot, track.numbers.astype(np.float64), strict=True):
        part, x, y, east, north, half, edge, closer = numbers
        here = [a[k] + part * (a[k + 1].astype(np.float64) - a[k]) for a in (cloud.x, cloud.y)]
        dx, dy = here[0] - x, here[1] - y
        ends = np.clip(0.5 + (half - np.abs(dx * east + dy * north)) * edge, 0.0, 1.0)
        sides = np.maximum(1.0 - np.abs(dx * north - dy * east) * closer, 0.0)
        out[k] += cloud.fresh * ends * sides * np.interp(width[cloud.phase[k]] * closer, coverages, evens)
    return out
