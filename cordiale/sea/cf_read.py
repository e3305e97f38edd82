"""From open files to a field: which variables, which times of which file, and the values step by step.

Units are checked, axes turned to east and north, and what cannot be is refused by variable, place and time.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, date_and_zulu
from cordiale.earth.units import FloatArray, Quantity, Seconds
from cordiale.sea.cf_axes import Axes, axes_of, times_of
from cordiale.sea.cf_grid import SourceGrid, grid_of
from cordiale.sea.cf_names import ANGLES, SCALARS, SPEEDS, Kind, Turn
from cordiale.sea.cf_values import Stretch, check_tile, forward, numbers
from cordiale.sea.grid import TileArray
from cordiale.sea.store import Index, Store, Variable
from cordiale.sea.tide import Window
from cordiale.sea.tile import Plan

_BRIDGED: Final = 3.0  # judgement: a step up to three times the usual one is coarser forecasting, a longer one a hole
_AT_ONCE: Final = 2_000_000  # values read at once: 16 MB as float64
_POLAR: Final = 45.0  # judgement, m/s: northward parts never negative, as large and beside small ones are directions


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What is wanted of a file: a `kind` of vector or a `scalar` by standard name; `names` overrides both."""

    kind: Kind | None
    scalar: str
    window: Window
    span: Span | None
    names: tuple[str, str, Turn] | None
    member: int | None
    partial: bool
    refine: int


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Source:
    """One open file with the wanted variables found: its times and its grid."""

    store: Store
    variables: tuple[Variable, ...]
    turn: Turn
    axes: Axes
    instants: FloatArray
    grid: SourceGrid


def source_of(store: Store, request: Request) -> Source:
    """Find the wanted variables of a file, with their axes, times and grid."""
    variables, turn = _vector(store, request) if request.kind else _scalar(store, request)
    windward = request.kind is not None and not request.kind.coastal
    axes = axes_of(store, variables[0], windward=windward)
    if len(variables) == 2 and variables[1].dimensions != variables[0].dimensions:
        first, second = (f"{v.name} ({', '.join(v.dimensions)})" for v in variables)
        raise CordialeError("sea.cf_staggered", path=store.path, first=first, second=second)
    if axes.members > 1 and (request.member is None or not 0 <= request.member < axes.members):
        raise CordialeError(
            "sea.cf_members", variable=variables[0].name, path=store.path, count=axes.members, member=request.member
        )
    return Source(
        store=store,
        variables=variables,
        turn=turn,
        axes=axes,
        instants=times_of(axes.time),
        grid=grid_of(store, variables[0], axes, request.window, request.refine),
    )


def _vector(store: Store, request: Request) -> tuple[tuple[Variable, ...], Turn]:
    kind = request.kind
    assert kind is not None
    if request.names:
        first, second, turn = request.names
        return (_called(store, first), _called(store, second)), turn
    for pair in kind.pairs:
        first_of, second_of = store.named(pair.first), store.named(pair.second)
        if first_of and second_of:
            return (_one(store, first_of, pair.first), _one(store, second_of, pair.second)), pair.turn
    raise CordialeError(
        "sea.cf_no_vector",
        path=store.path,
        wanted=" or ".join(sorted({f"{p.first} with {p.second}" for p in kind.pairs[:2]})),
        names=_standard_names(store),
        unnamed=_unnamed(store),
    )


def _scalar(store: Store, request: Request) -> tuple[tuple[Variable, ...], Turn]:
    if request.names:
        return (_called(store, request.names[0]),), "east_north"
    found = store.named(request.scalar)
    if not found:
        raise CordialeError(
            "sea.cf_no_vector",
            path=store.path,
            wanted=request.scalar,
            names=_standard_names(store),
            unnamed=_unnamed(store),
        )
    return (_one(store, found, request.scalar),), "east_north"


def _standard_names(store: Store) -> str:
    return ", ".join(sorted({v.text("standard_name") for v in store.variables.values()} - {""})) or "none"


def _unnamed(store: Store) -> str:
    """Variables of two dimensions or more without a standard name: what somebody forgot to label."""
    found = [v.name for v in store.variables.values() if len(v.dimensions) > 1 and not v.text("standard_name")]
    return ", ".join(sorted(found)) or "none"


def _called(store: Store, name: str) -> Variable:
    if name not in store.variables:
        raise CordialeError("sea.cf_no_variable", path=store.path, name=name, names=", ".join(sorted(store.variables)))
    return store.variables[name]


def _one(store: Store, found: list[Variable], name: str) -> Variable:
    """The one variable of a standard name; of several the one that says 10 m or surface in its name."""
    if len(found) > 1:
        marked = [v for v in found if "10m" in v.name or "10_m" in v.name or "surf" in v.name]
        if len(marked) != 1:
            names = ", ".join(v.name for v in found)
            raise CordialeError("sea.cf_several", path=store.path, standard=name, names=names)
        found = marked
    return found[0]


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Piece:
    """Consecutive instants of one file."""

    source: Source
    first: int
    last: int


def in_time_order(sources: list[Source], request: Request) -> tuple[FloatArray, list[Piece]]:
    """Which instants come from which file: the file that starts later takes over from its first instant on."""
    holders: dict[float, tuple[Source, int]] = {}
    for source in sorted(sources, key=lambda s: float(s.instants[0])):
        if source.grid.lattice != sources[0].grid.lattice:
            raise CordialeError(
                "sea.cf_other_grid",
                path=source.store.path,
                has=_describe(source),
                first=sources[0].store.path,
                wanted=_describe(sources[0]),
            )
        holders.update({float(t): (source, k) for k, t in enumerate(source.instants)})
    instants = np.array(sorted(holders))
    part = _wanted(instants, request, sources[0])
    pieces: list[Piece] = []
    for at in instants[part]:
        source, k = holders[float(at)]
        if pieces and pieces[-1].source is source and pieces[-1].last == k:
            pieces[-1] = Piece(source=source, first=pieces[-1].first, last=k + 1)
        else:
            pieces.append(Piece(source=source, first=k, last=k + 1))
    return instants[part], pieces


def _describe(source: Source) -> str:
    box = source.grid.lattice
    return f"{box}, {box.rows} x {box.columns}"


def _wanted(instants: FloatArray, request: Request, source: Source) -> slice:
    span, path = request.span, source.store.path
    if span is None:
        return slice(0, instants.size)
    beside = span.latest < instants[0] or span.earliest > instants[-1]
    short = span.earliest < instants[0] - 1 or span.latest > instants[-1] + 1
    if instants.size == 1 and (beside or (short and not request.partial)):
        raise CordialeError(
            "sea.cf_one_instant",
            path=path,
            variable=", ".join(v.name for v in source.variables),
            at=date_and_zulu(float(instants[0])),
            wanted=f"{date_and_zulu(span.earliest)} - {date_and_zulu(span.latest)}",
        )
    if beside or (short and not request.partial):
        window = request.window
        raise CordialeError(
            "sea.cf_span",
            path=path,
            variable=", ".join(v.name for v in source.variables),
            place=f"{window.south:.2f}-{window.north:.2f} N, {window.west:.2f}-{window.east:.2f} E",
            first=date_and_zulu(float(instants[0])),
            last=date_and_zulu(float(instants[-1])),
            wanted=f"{date_and_zulu(span.earliest)} - {date_and_zulu(span.latest)}",
        )
    first = max(int(np.searchsorted(instants, span.earliest, side="right")) - 1, 0)
    last = min(int(np.searchsorted(instants, span.latest, side="left")), instants.size - 1)
    return slice(first, last + 1)


def plan_of(instants: FloatArray, pieces: list[Piece], request: Request, source_text: str) -> Plan:
    """The field to be, before its values are read."""
    source = pieces[0].source
    longest = _longest_step(instants, request, source)
    scalar = SCALARS.get(request.scalar)
    coastal = request.kind.coastal if request.kind else bool(scalar and scalar.coastal)
    covered = np.logical_and.reduce([piece.source.grid.covered for piece in pieces])
    return Plan(
        quantity=", ".join(v.text("standard_name") or v.name for v in source.variables),
        lattice=source.grid.lattice,
        instants=instants,
        covered=covered,
        coastal=coastal,
        longest_step=longest,
        source=source_text,
    )


def _longest_step(instants: FloatArray, request: Request, source: Source) -> Seconds:
    steps = np.diff(instants)
    if steps.size == 0:
        return 0.0
    longest = _BRIDGED * float(np.median(steps))
    holes = np.flatnonzero(steps > longest)
    if holes.size and not request.partial:
        before, after = (date_and_zulu(float(t)) for t in instants[holes[0] : holes[0] + 2])
        raise CordialeError(
            "sea.cf_time_hole", path=source.store.path, variable=source.variables[0].name, before=before, after=after
        )
    return longest


def slabs_of(pieces: list[Piece], request: Request) -> Iterator[TileArray]:
    """The values of the pieces as tiles (times, rows, columns, 4), a stretch of time at a time."""
    for piece in pieces:
        lattice = piece.source.grid.lattice
        size = max(_points_read(piece.source), lattice.rows * lattice.columns)
        stride = max(_AT_ONCE // size, 1)
        for first in range(piece.first, piece.last, stride):
            yield _slab(piece.source, slice(first, min(first + stride, piece.last)), request)


def _points_read(source: Source) -> int:
    return math.prod(sum(run.stop - run.start for run, _ in runs) for runs in source.grid.runs)


def _slab(source: Source, steps: slice, request: Request) -> TileArray:
    stretch = Stretch(path=source.store.path, grid=source.grid, instants=source.instants[steps])
    parts = [
        numbers(stretch, variable, _block(source, variable, steps, request.member or 0))
        for variable in source.variables
    ]
    if request.kind is None:
        factor, offset = _affine(source.variables[0], request.scalar, source.store.path)
        parts = [parts[0] * factor + offset, np.zeros_like(parts[0])]
    else:
        parts = list(_components(source, parts, stretch, request.kind, request.names is not None))
    grid = source.grid
    count = steps.stop - steps.start
    tile = np.zeros((count, grid.lattice.rows, grid.lattice.columns, 4), dtype=np.float32)
    both = np.isfinite(parts[0] + parts[1])
    for k, values in enumerate(parts):
        flat = np.where(both, values, np.nan).reshape(count, -1)
        if grid.weights is None:
            total, share = np.nan_to_num(flat), np.isfinite(flat)
        else:
            total, share = grid.weights.apply(flat)
        tile[..., k] = total.reshape(tile.shape[:3])
        tile[..., 2] = share.reshape(tile.shape[:3])
    scalar = SCALARS.get(request.scalar)
    most = request.kind.most if request.kind else (scalar.most if scalar else math.inf)
    least = -most if request.kind else (scalar.least if scalar else -math.inf)
    check_tile(stretch, source.variables, tile, least, most)
    return tile


def _block(source: Source, variable: Variable, steps: slice, member: int) -> FloatArray:
    """Part of a variable as (times, y, x) or (times, points), NaN where missing; only the runs needed are read."""
    axes, grid = source.axes, source.grid
    fixed: dict[str, Index] = {"level": axes.level, "member": member if axes.members > 1 else 0}
    left = [role for role in axes.roles if role in ("time", "place")]

    def part(runs: tuple[slice, ...]) -> FloatArray:
        follow = iter(runs)
        index = tuple(steps if r == "time" else next(follow) if r == "place" else fixed[r] for r in axes.roles)
        return np.moveaxis(variable.read(index), left.index("time"), 0)

    if len(grid.runs) == 1:
        return part((grid.runs[0][0][0],))
    rows = []
    for run, back in grid.runs[0]:
        across = [_turned(part((run, other)), back, other_back) for other, other_back in grid.runs[1]]
        rows.append(np.concatenate(across, axis=2))
    whole = np.concatenate(rows, axis=1)
    return whole.transpose(0, 2, 1) if grid.swapped else whole


def _turned(block: FloatArray, down: bool, across: bool) -> FloatArray:
    return block[:, :: -1 if down else 1, :: -1 if across else 1]


def _components(
    source: Source, parts: list[FloatArray], stretch: Stretch, kind: Kind, said: bool
) -> tuple[FloatArray, FloatArray]:
    """Eastward and northward components in m/s of what a file gives; `said`: the user named the variables."""
    path, (first, second) = source.store.path, source.variables
    a = parts[0] * scale(first, SPEEDS, path)
    if source.turn in ("from", "to"):
        a = forward(stretch, first, a, kind.most)
        angle = parts[1] * scale(second, ANGLES, path) + (math.pi if source.turn == "from" else 0.0)
        return a * np.sin(angle), a * np.cos(angle)
    b = parts[1] * scale(second, SPEEDS, path)
    if not said and _polar(a, b):
        raise CordialeError("sea.cf_polar", path=path, first=first.name, second=second.name, most=float(np.nanmax(b)))
    directions = source.grid.directions
    if source.turn == "east_north" or directions is None:
        return a, b
    east_x, north_x, east_y, north_y = directions
    return a * east_x + b * east_y, a * north_x + b * north_y


def _polar(a: FloatArray, b: FloatArray) -> bool:
    """Neither is ever negative and the second is larger than any wind of that kind: a speed and a direction."""
    if not a.size or np.nanmin(a, initial=0) < 0 or np.nanmin(b, initial=0) < 0:
        return False
    return bool(np.nanmax(b, initial=0) > max(_POLAR, np.nanmax(a, initial=0)))


def scale(variable: Variable, known: dict[str, Quantity], path: str) -> Quantity:
    """The factor of a variable's unit to ours; an unknown unit is refused by name."""
    units = variable.text("units")
    if units not in known:
        raise CordialeError("sea.cf_units", variable=variable.name, path=path, units=units, known=", ".join(known))
    return known[units]


def _affine(variable: Variable, name: str, path: str) -> tuple[Quantity, Quantity]:
    units, known = variable.text("units"), SCALARS[name].units
    if units not in known:
        raise CordialeError("sea.cf_units", variable=variable.name, path=path, units=units, known=", ".join(known))
    return known[units]
