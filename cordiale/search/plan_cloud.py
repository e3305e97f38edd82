"""All that is sought on one plane and one clock, laid out for the compiled kernel; what finding it early is worth.

The plane has metres east and north of the mean position; within 150 km of it lengths are right to 1 %. What finding
a particle at a time is worth never rises with time, so a plan is worth

    J = sum over particles and spans of time of  drop x (1 - missed by the end of the span),

`drop` being by how much the worth falls after the span, times the weight. POS has worth 1 until the deadline, the time
saved has deadline - t, lives have persons x alive(t).
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cordiale.boats.life import PHASES
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import destination, displacement
from cordiale.earth.position import Position
from cordiale.earth.units import FloatArray, Fraction, Instant, IntArray, Metres, PerSecond, Quantity
from cordiale.search.hazard_kernel import BLOCK
from cordiale.search.looked import fresh
from cordiale.search.plan_sought import Sought
from cordiale.sensors.tables import packaged_tables

Objective = Literal["pos", "time", "lives"]
SingleArray = NDArray[np.float32]
EARLY: Final[Fraction] = 0.6  # judgement: when craft arrive matters in the first hours, in which they do
QUARTER: Final = 4
_CLASSES: Final = 16  # room for the phases in a table of widths; the last row is never seen


@dataclass(frozen=True, kw_only=True, eq=False)
class Cloud:
    """The particles of all that is sought.

    `ways` (blocks, knots x 2 x 256), `phase` (blocks, knots x 256) for the kernel; `x`, `y` (knots, particles) metres
    in the plane, `weight`, `boat` (particles,), `alive` (knots, particles), `mean` (boats, knots, 2) the way of each
    boat's mean, which is the frame that drifts with it, `fresh` (particles,) the share of a hazard that is left where
    searches that found nothing have looked (`looked.fresh`). The first `comb` particles, whole blocks, are an even
    comb of all; 0 where they are not.
    """

    centre: Position
    names: tuple[str, ...]
    persons: FloatArray
    times: FloatArray
    x: SingleArray
    y: SingleArray
    phase: NDArray[np.int8]
    weight: FloatArray
    boat: IntArray
    alive: SingleArray
    mean: FloatArray
    fresh: SingleArray
    comb: int = 0

    @cached_property
    def blocks(self) -> tuple[SingleArray, NDArray[np.int8], SingleArray]:
        """Ways, phases and what is left of a hazard as the kernel wants them, padded with particles of weight 0."""
        ways = np.stack([_padded(self.x), _padded(self.y)], axis=1)
        knots, count = self.times.size, ways.shape[2] // BLOCK
        laid = ways.reshape(knots, 2, count, BLOCK).transpose(2, 0, 1, 3).reshape(count, -1)
        kinds = _padded(self.phase).reshape(knots, count, BLOCK).transpose(1, 0, 2).reshape(count, -1)
        left = _padded(self.fresh).reshape(count, BLOCK)
        return np.ascontiguousarray(laid), np.ascontiguousarray(kinds), np.ascontiguousarray(left)

    @cached_property
    def _order(self) -> IntArray:
        """The particles boat by boat, in Morton's order of their places half way through."""
        return np.lexsort((_winding(self), self.boat))

    @cached_property
    def phases(self) -> IntArray:
        """Phases that any particle is in at any time."""
        return np.flatnonzero(np.bincount(self.phase.ravel(), minlength=_CLASSES))

    @cached_property
    def _frames(self) -> tuple[list[Instant], list[tuple[list[Metres], list[Metres]]]]:
        """Times and mean ways as plain numbers, to look up one instant."""
        return self.times.tolist(), [(way[:, 0].tolist(), way[:, 1].tolist()) for way in self.mean]

    @property
    def begin(self) -> Instant:
        """First instant of the ways."""
        return float(self.times[0])

    @property
    def end(self) -> Instant:
        """Last instant of the ways."""
        return float(self.times[-1])

    @cached_property
    def boats(self) -> Fraction:
        """Number of boats to be expected."""
        return float(self.weight.sum())

    def mean_at(self, boat: int, when: Instant) -> tuple[Metres, Metres]:
        """Where the mean of a boat is at an instant; before and after its way, at the ends of it."""
        times, ways = self._frames
        k = min(max(bisect_right(times, when) - 1, 0), len(times) - 2)
        part = min(max((when - times[k]) / (times[k + 1] - times[k]), 0.0), 1.0)
        x, y = ways[boat]
        return x[k] + part * (x[k + 1] - x[k]), y[k] + part * (y[k + 1] - y[k])

    def position(self, x: Metres | FloatArray, y: Metres | FloatArray) -> tuple[FloatArray, FloatArray]:
        """Latitude and longitude of points of the plane."""
        return destination(self.centre.lat, self.centre.lon, x, y)

    def point(self, place: Position) -> tuple[Metres, Metres]:
        """Where a position lies in the plane."""
        east, north = displacement(self.centre.lat, self.centre.lon, place.lat, place.lon)
        return float(east), float(north)


def cloud_of_all(all_sought: Sequence[Sought], until: Instant | None = None, *, alike: Quantity | None = None) -> Cloud:
    """Several clouds on one plane and one clock: that of the first, within the span that all of them have.

    It ends at `until` where that comes first. `alike` is how alike looks are (`looked.most_alike`).
    """
    if not all_sought:
        raise CordialeError("search.plan_nothing")
    begin = max(float(one.ways.times[0]) for one in all_sought)
    end = min(float(one.ways.times[-1]) for one in all_sought)
    end = end if until is None else min(end, until)
    inside = all_sought[0].ways.times
    times = np.unique(np.concatenate([[begin], inside[(inside > begin) & (inside < end)], [end]]))
    if times.size < 2 or begin >= end:
        raise CordialeError("search.plan_span", names=", ".join(one.name for one in all_sought))
    on_time = [one.on(times) for one in all_sought]
    ways = [one.ways for one in on_time]
    weight = np.concatenate([one.weight for one in ways])
    lat, lon = (np.concatenate([getattr(one, name) for one in ways], axis=1) for name in ("lat", "lon"))
    share = weight / weight.sum()
    centre = Position(lat=float(lat[0] @ share), lon=float(lon[0] @ share))
    x, y = displacement(centre.lat, centre.lon, lat, lon)
    boat = np.repeat(np.arange(len(on_time)), [one.weight.size for one in ways])
    return Cloud(
        centre=centre,
        names=tuple(one.name for one in ways),
        persons=np.array([one.persons for one in on_time]),
        times=times,
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        phase=np.concatenate([one.phase for one in ways], axis=1),
        weight=weight,
        boat=boat,
        alive=np.concatenate([one.alive for one in on_time], axis=1).astype(np.float32),
        mean=_mean_ways(x, y, weight, boat, len(on_time)),
        fresh=np.concatenate([fresh(one.looked, one.ways.weight.size, alike) for one in on_time]).astype(np.float32),
    )


def thinned(cloud: Cloud, count: int, *, comb: bool = True) -> Cloud:
    """At most so many particles of it: an even comb over the weights, along a winding way through each boat's cloud.

    Neighbours on the way (Morton's order of places half way through) are neighbours in the sea, so the comb takes its
    share everywhere, and what a plan is worth comes out closer than with particles drawn at random. No chance is used.
    The first quarter is such a comb itself, unless that is not wanted.
    """
    if cloud.weight.size <= count:
        return cloud
    order, few = cloud._order, count // QUARTER // BLOCK * BLOCK if comb else 0
    first = np.arange(few) * count // max(few, 1)
    marks = (np.concatenate([first, np.setdiff1d(np.arange(count), first)]) + 0.5) / count * cloud.boats
    chosen = order[np.minimum(np.searchsorted(np.cumsum(cloud.weight[order]), marks), cloud.weight.size - 1)]
    return replace(
        cloud,
        x=cloud.x[:, chosen],
        y=cloud.y[:, chosen],
        phase=cloud.phase[:, chosen],
        weight=np.full(count, cloud.boats / count),
        boat=cloud.boat[chosen],
        alive=cloud.alive[:, chosen],
        fresh=cloud.fresh[chosen],
        comb=few,
    )


def drops(
    cloud: Cloud, objective: Objective, most: int = 1_000_000, *, hurry: PerSecond = 0.0
) -> tuple[IntArray, FloatArray]:
    """The column of each span between knots, and the drops by column, shape (columns, particles).

    POS needs one column, the others one a span, or at most `most`: spans are then taken together, with the mean of what
    they are worth. The end of the cloud is the deadline.
    """
    spans = cloud.times.size - 1
    if objective == "pos":
        return np.zeros(spans, dtype=np.int64), cloud.weight[None, :].copy()
    middle = (cloud.times[1:] + cloud.times[:-1]) / 2
    if objective == "time":
        worth = np.broadcast_to((cloud.end - middle)[:, None], (spans, cloud.weight.size))
    else:
        worth = (cloud.alive[1:] + cloud.alive[:-1]) / 2 * cloud.persons[cloud.boat]
        worth = worth * np.exp(-hurry * (middle - cloud.begin))[:, None]
    wanted = min(spans, most)
    finer = (np.arange(spans) / spans) ** (1.0 if wanted == spans else EARLY) * wanted
    column = np.unique((finer + 1e-9).astype(np.int64), return_inverse=True)[1]
    starts = np.searchsorted(column, np.arange(column[-1] + 1))
    mean = np.add.reduceat(worth, starts, axis=0) / np.bincount(column)[:, None]
    drop = mean - np.append(mean[1:], np.zeros((1, mean.shape[1])), axis=0)
    return column.astype(np.int64), np.asarray(drop * cloud.weight)


def blocked(drop: FloatArray) -> SingleArray:
    """Drops as the kernel wants them: (blocks, columns x 256), 0 for padding."""
    padded = _padded(drop.astype(np.float32), fill=0.0)
    columns, count = padded.shape[0], padded.shape[1] // BLOCK
    return np.ascontiguousarray(padded.reshape(columns, count, BLOCK).transpose(1, 0, 2).reshape(count, -1))


def unblocked(laid: SingleArray, particles: int) -> SingleArray:
    """Numbers of the kernel (blocks, columns x 256) by column and particle."""
    columns = laid.shape[1] // BLOCK
    return np.asarray(laid.reshape(len(laid), columns, BLOCK).transpose(1, 0, 2).reshape(columns, -1)[:, :particles])


def squares(widths: Mapping[str, Metres]) -> SingleArray:
    """Squares of the sweep widths by phase."""
    table = packaged_tables().phases
    square = np.zeros(_CLASSES, dtype=np.float32)
    square[: len(PHASES)] = [widths.get(table[name], 0.0) ** 2 for name in PHASES]
    return square


def _winding(cloud: Cloud) -> IntArray:
    """The place of each particle half way through, as a number along Morton's way."""
    code = np.zeros(cloud.weight.size, dtype=np.int64)
    k = cloud.times.size // 2
    for shift, values in enumerate((cloud.x[k], cloud.y[k])):
        low, high = float(values.min()), float(values.max())
        cell = ((values - low) / max(high - low, 1.0) * 1023).astype(np.int64)
        for bit in range(10):
            code |= ((cell >> bit) & 1) << (2 * bit + shift)
    return code


def _padded(values: NDArray[np.generic], fill: Fraction | None = None) -> NDArray[np.generic]:
    """The last axis filled up to whole blocks: with the last particle, or with a number."""
    more = -values.shape[-1] % BLOCK
    wide = ((0, 0),) * (values.ndim - 1) + ((0, more),)
    if fill is None:
        return np.pad(values, wide, mode="edge")
    return np.pad(values, wide, constant_values=fill)


def _mean_ways(x: FloatArray, y: FloatArray, weight: FloatArray, boat: IntArray, boats: int) -> FloatArray:
    """The way of the mean of each boat: (boats, knots, 2)."""
    ways = []
    for number in range(boats):
        mine = boat == number
        share = weight[mine] / weight[mine].sum()
        ways.append(np.column_stack([x[:, mine] @ share, y[:, mine] @ share]))
    return np.array(ways)
