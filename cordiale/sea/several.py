"""Several sources of one field in order of trust: each place and time from the first that knows it.

The last may be a fallback, such as the packaged tide; it is named as one wherever sources are named, and `gaps` says in
sentences which part of a window and of a span of time comes from which source.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, date_and_zulu
from cordiale.earth.units import BoolArray, Degrees, FloatArray, Fraction, Instant, Seconds, hours
from cordiale.sea.grid import HELD, GriddedField, held
from cordiale.sea.patch import Patch
from cordiale.sea.tide import Window
from cordiale.words import Language, say

Vector = tuple[FloatArray, FloatArray]
_MOST_POINTS: Final = 4_000_000  # of a patch put together from several sources; 64 MB


class AnyField(Protocol):
    """What can stand behind a gridded field: another one, a tidal current, a stated wind."""

    @property
    def source(self) -> str:
        """Where it comes from, in words."""
        ...

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward velocity in m/s."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class InOrder:
    """Gridded fields in order of trust, and a fallback that answers where none of them does; see `in_order`."""

    fields: tuple[GriddedField, ...]
    fallback: AnyField | None

    @property
    def everywhere(self) -> bool:
        """The field differs from place to place."""
        return False

    @property
    def source(self) -> str:
        """All sources in their order; the fallback is called so."""
        named = "; then ".join(field.source for field in self.fields)
        return (
            named
            if self.fallback is None
            else f"{named}; where these know nothing, as a fallback: {self.fallback.source}"
        )

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward velocity in m/s; without a fallback a place that no field knows raises."""
        moment, where_lat, where_lon = np.broadcast_arrays(
            np.asarray(at, dtype=np.float64), np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
        )
        east, north, known, land = _first_known(self.fields, moment, where_lat, where_lon)
        left = known <= 0 if self.fallback is not None else (known <= 0) & ~land
        if left.any():
            last = self.fallback or self.fields[-1]
            east[left], north[left] = last.velocity(moment[left], where_lat[left], where_lon[left])
        return east, north

    def flow(self, at: Instant, window: Window) -> Callable[[FloatArray, FloatArray], Vector]:
        """The field of one instant on a window as a `Patch`, on the finest of the lattices that hold the instant."""
        holding = [f for f in self.fields if _in_time(f, at)]
        if not holding:
            if self.fallback is None:
                return self.fields[-1].flow(at, window)
            flow: Callable[[], Callable[..., Vector]] | None = getattr(self.fallback, "flow", None)
            if flow is not None:
                return flow(at, window)  # type: ignore[call-arg]
            return lambda lat, lon: self.velocity(at, lat, lon)
        finest = min(holding, key=lambda f: f.lattice.lat_step).lattice
        rounds = 0 if self.fallback is not None else finest.cells_within(HELD)
        first_row, rows = _lines(window.south, window.north, finest.south, finest.lat_step, rounds)
        first_column, columns = _lines(window.west, window.east, finest.west, finest.lon_step, rounds)
        if rows * columns > _MOST_POINTS:
            return lambda lat, lon: self.velocity(at, lat, lon)
        lat = np.repeat(finest.south + finest.lat_step * (first_row + np.arange(rows)), columns)
        lon = np.tile(finest.west + finest.lon_step * (first_column + np.arange(columns)), rows)
        east, north, known, land = _first_known(tuple(holding), np.full(lat.shape, at), lat, lon)
        left = known <= 0
        if self.fallback is not None and left.any():
            east[left], north[left] = self.fallback.velocity(at, lat[left], lon[left])
            known[left] = 1.0
        values = np.stack([east * known, north * known, known, np.zeros_like(known)], axis=-1)
        values = values.reshape(rows, columns, 4).astype(np.float32)
        if self.fallback is None and bool((left & ~land).any()):
            values = held(values, (left & ~land).reshape(rows, columns), rounds)
        return Patch(
            south=finest.south,
            west=finest.west,
            lat_step=finest.lat_step,
            lon_step=finest.lon_step,
            values=values,
            first_row=first_row,
            first_column=first_column,
        )

    def covers(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> BoolArray:
        """True where `velocity` has an answer: everywhere with a fallback, else where one of the fields has one."""
        if self.fallback is not None:
            return np.ones(np.broadcast_shapes(np.shape(at), np.shape(lat), np.shape(lon)), dtype=np.bool_)
        return np.asarray(np.logical_or.reduce([field.covers(at, lat, lon) for field in self.fields]), dtype=np.bool_)

    def __str__(self) -> str:
        return self.source


def in_order(*fields: GriddedField, fallback: AnyField | None = None) -> InOrder:
    """Fields in order of trust, the first the most trusted: each place and time is taken from the first that knows it.

    A place is known where at least one corner of its cell has a value. `fallback` answers where no field does: the
    packaged tide (`TidalCurrent`), a stated wind. Without one such a place raises ForcingUnknown, but land does not.
    """
    if not fields:
        raise CordialeError("sea.cf_no_files")
    return InOrder(fields=fields, fallback=fallback)


def _first_known(
    fields: tuple[GriddedField, ...], at: FloatArray, lat: FloatArray, lon: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
    """Velocity, `known` (0 or 1) and whether a place that is not known is land of a coastal field."""
    east, north, known = np.zeros(lat.shape), np.zeros(lat.shape), np.zeros(lat.shape)
    land = np.zeros(lat.shape, dtype=bool)
    for field in fields:
        left = known <= 0
        if not left.any():
            break
        a, b, share, covered = field._found(at[left], lat[left], lon[left])
        usable = covered & (share > (1e-6 if field.coastal else 1 - 1e-5))
        scale = np.where(usable, 1.0 / np.maximum(share, 1e-12), 0.0)
        east[left], north[left], known[left] = a * scale, b * scale, usable.astype(np.float64)
        land[left] |= covered & ~usable & field.coastal
    return east, north, known, land


def _in_time(field: GriddedField, at: Instant) -> bool:
    return bool(np.isfinite(field._moment(np.asarray(at))[1]))


def _lines(low: Degrees, high: Degrees, start: Degrees, step: Degrees, more: int) -> tuple[int, int]:
    """First line and number of lines of a lattice that goes on as far as low to high reach, and `more` lines."""
    first = int(np.floor((low - start) / step))
    last = max(int(np.ceil((high - start) / step)), first + 1)
    return first - more, last - first + 1 + 2 * more


@dataclass(frozen=True, kw_only=True, slots=True)
class Portion:
    """What part of a window one source gives during a stretch of time; `source` None: nobody knows."""

    span: Span
    source: str | None
    is_fallback: bool
    share: Fraction


def portions(field: InOrder, span: Span, window: Window, *, step: Seconds = 1 * hours) -> tuple[Portion, ...]:
    """Which source gives which part of the window, stretch by stretch of time.

    Looked at every `step` seconds and where a field begins and ends.
    Shares are of the points of the finest lattice inside the window, land of the most trusted field left out.
    """
    finest = min(field.fields, key=lambda f: f.lattice.lat_step).lattice
    rows = np.linspace(window.south, window.north, int(min((window.north - window.south) / finest.lat_step + 2, 200)))
    columns = np.linspace(window.west, window.east, int(min((window.east - window.west) / finest.lon_step + 2, 200)))
    lat, lon = np.repeat(rows, columns.size), np.tile(columns, rows.size)
    moments = _moments(field, span, step)
    shares = np.array([_shares(field, float(at), lat, lon) for at in moments])
    names: list[str | None] = [f.source for f in field.fields]
    names.append(field.fallback.source if field.fallback is not None else None)
    found: list[Portion] = []
    edges = [0, *(np.flatnonzero((np.abs(np.diff(shares, axis=0)) > 0.02).any(axis=1)) + 1), len(moments)]
    for first, after in zip(edges[:-1], edges[1:], strict=True):
        stretch = Span(earliest=float(moments[first]), latest=float(moments[min(after, len(moments) - 1)]))
        for k, share in enumerate(shares[first:after].mean(axis=0)):
            if share > 0:
                last = k == len(field.fields)
                is_fallback = last and field.fallback is not None
                found.append(Portion(span=stretch, source=names[k], is_fallback=is_fallback, share=float(share)))
    return tuple(found)


def _moments(field: InOrder, span: Span, step: Seconds) -> FloatArray:
    """Every `step` of a span, and a second before and after each field begins and ends."""
    ends = [float(f.instants[k]) + off for f in field.fields for k in (0, -1) for off in (-1.0, 0.0, 1.0)]
    inside = [at for at in ends if span.earliest < at < span.latest]
    return np.unique([*np.arange(span.earliest, span.latest, step), *inside, span.latest])


def _shares(field: InOrder, at: Instant, lat: FloatArray, lon: FloatArray) -> FloatArray:
    """Part of the sea of the window from each field and, last, from the fallback or from nobody."""
    left, counts = np.ones(lat.shape, dtype=bool), []
    land = np.zeros(lat.shape, dtype=bool)
    for one in field.fields:
        _, _, share, covered = one._found(np.full(lat.shape, at), lat, lon)
        usable = covered & (share > (1e-6 if one.coastal else 1 - 1e-5))
        counts.append(int((left & usable).sum()))
        left &= ~usable
        land |= covered & ~usable & one.coastal
    counts.append(int((left & ~land).sum()))
    total = max(sum(counts), 1)
    return np.array(counts) / total


def gaps(field: InOrder, span: Span, window: Window, language: Language = "en") -> tuple[str, ...]:
    """Sentences that say which part of the window and of the time comes from which source, and what nobody knows."""
    sentences = []
    for part in portions(field, span, window):
        key = "unknown" if part.source is None else "fallback" if part.is_fallback else "source"
        sentences.append(
            say(
                f"sea.forcing.{key}",
                language,
                begin=date_and_zulu(part.span.earliest),
                end=date_and_zulu(part.span.latest),
                percent=100 * part.share,
                source=part.source or "",
            )
        )
    return tuple(sentences)
