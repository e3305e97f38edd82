"""Legs along the coast: how a taxi boat gets from a river mouth to the beaches without crossing the land.

The shortest way over a grid of water cells, where a metre near the wanted offing is cheaper than one far out; then the
corners that a straight line can do without are left out. Pure: the same coast and ends give the same leg.

Source: Dijkstra, Numerische Mathematik 1, 269-271 (1959). The prices of distance from the shore are judgements.
"""

import heapq
import math
from typing import Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import bearing, displacement, distance
from cordiale.earth.position import Position
from cordiale.earth.units import FloatArray, IntArray, Metres, km
from cordiale.sea.environment import Shore

COAST_OFFING: Final[Metres] = 800.0  # judgement: near enough to see the beach, clear of the surf and of bathers' buoys
NEAREST: Final[Metres] = 250.0  # judgement: no nearer to land than this, but at the ends
_CELL: Final[Metres] = 500.0
_MARGIN: Final[Metres] = 15 * km
_FAR: Final[Metres] = 3 * km  # so much further out than wanted makes a metre twice as dear (judgement)
_MOST_CELLS: Final = 400_000
_REACH: Final = 60  # corners that one straight line may leave out
_MOVES: Final = tuple((i, j) for i in range(-2, 3) for j in range(-2, 3) if math.gcd(i, j) == 1)  # 16 courses
Polyline = tuple[FloatArray, FloatArray]


def coastwise_leg(
    start: Position, end: Position, coast: Shore, *, offing: Metres = COAST_OFFING
) -> tuple[Position, ...]:
    """Waypoints of a leg along the coast from `start` to `end`, both included; ends on land begin at the next water.

    No stretch of it meets land but for the runs to ends that lie on land or in a river. It keeps about `offing` off,
    hardly ever less than 200 m. About 0.2 s for 100 km. Where no water joins the two, or they are more than some
    250 km apart, it raises.
    """
    lat, lon = _grid(start, end)
    away = coast.distance(*(g.ravel() for g in np.meshgrid(lat, lon, indexing="ij"))).reshape(lat.size, lon.size)
    away = np.where(np.isnan(away), 20 * km, away)
    price = np.where(away >= NEAREST, 1 + np.maximum(away - offing, 0) / _FAR + np.maximum(offing - away, 0) / 500.0, 0)
    first, last = (_water_near(lat, lon, price > 0, place) for place in (start, end))
    way = _cheapest(price, first, last) if first >= 0 and last >= 0 else None
    if way is None:
        raise CordialeError("belief.no_leg", start=start, end=end)
    row, column = np.divmod(way, lon.size)
    kept = _straightened((lat[row], lon[column]), coast)
    middle = [Position(lat=float(lat[row[k]]), lon=float(lon[column[k]])) for k in kept]
    ends = (start, *middle, end)
    return tuple(p for k, p in enumerate(ends) if k == 0 or p != ends[k - 1])


def leg_length(leg: tuple[Position, ...]) -> Metres:
    """Metres from the first waypoint to the last along the leg."""
    lat, lon = _polyline(leg)
    return float(np.sum(distance(lat[:-1], lon[:-1], lat[1:], lon[1:])))


def places_along(leg: tuple[Position, ...], run: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Latitudes and longitudes of places `run` metres along the leg (n,); before its start or past its end: the end."""
    lat, lon = _polyline(leg)
    mark = np.concatenate([[0.0], np.cumsum(distance(lat[:-1], lon[:-1], lat[1:], lon[1:]))])
    return np.interp(run, mark, lat), np.interp(run, mark, lon)


def run_of(leg: tuple[Position, ...], lat: FloatArray, lon: FloatArray) -> FloatArray:
    """Metres along the leg of the point of it nearest to each position (n,)."""
    corner_lat, corner_lon = _polyline(leg)
    lengths = distance(corner_lat[:-1], corner_lon[:-1], corner_lat[1:], corner_lon[1:])
    mark = np.concatenate([[0.0], np.cumsum(lengths)])
    best, run = np.full(lat.shape, np.inf), np.zeros(lat.shape)
    for k in range(len(leg) - 1):
        ahead = displacement(corner_lat[k], corner_lon[k], corner_lat[k + 1], corner_lon[k + 1])
        here = displacement(corner_lat[k], corner_lon[k], lat, lon)
        square = max(float(ahead[0] ** 2 + ahead[1] ** 2), 1e-9)
        part = np.clip((here[0] * ahead[0] + here[1] * ahead[1]) / square, 0.0, 1.0)
        off = np.hypot(here[0] - part * ahead[0], here[1] - part * ahead[1])
        nearer = off < best
        best = np.where(nearer, off, best)
        run = np.where(nearer, mark[k] + part * lengths[k], run)
    return run


def course_along(leg: tuple[Position, ...], lat: FloatArray, lon: FloatArray, ahead: FloatArray) -> FloatArray:
    """Courses in degrees true towards the point of the leg `ahead` metres beyond the nearest one; (n,)."""
    return np.asarray(bearing(lat, lon, *places_along(leg, run_of(leg, lat, lon) + ahead)))


def _polyline(leg: tuple[Position, ...]) -> Polyline:
    return np.array([p.lat for p in leg]), np.array([p.lon for p in leg])


def _grid(start: Position, end: Position) -> Polyline:
    middle = math.radians((start.lat + end.lat) / 2)
    lat_step, lon_step = _CELL / 111_200.0, _CELL / (111_300.0 * math.cos(middle))
    lat_margin, lon_margin = _MARGIN / _CELL * lat_step, _MARGIN / _CELL * lon_step
    lat = np.arange(min(start.lat, end.lat) - lat_margin, max(start.lat, end.lat) + lat_margin, lat_step)
    lon = np.arange(min(start.lon, end.lon) - lon_margin, max(start.lon, end.lon) + lon_margin, lon_step)
    if lat.size * lon.size > _MOST_CELLS:
        raise CordialeError("belief.no_leg", start=start, end=end)
    return lat, lon


def _water_near(lat: FloatArray, lon: FloatArray, water: np.ndarray, place: Position) -> int:
    """Number of the water cell nearest to a place, within 10 km of it; -1 where there is none."""
    row, column = np.nonzero(water)
    if row.size == 0:
        return -1
    off = distance(lat[row], lon[column], place.lat, place.lon)
    nearest = int(np.argmin(off))
    return int(row[nearest] * lon.size + column[nearest]) if off[nearest] < 10 * km else -1


def _cheapest(price: FloatArray, first: int, last: int) -> IntArray | None:
    """Cells of the cheapest way from first to last; a move costs its length times the mean price of its ends."""
    rows, columns = price.shape
    flat: list[float] = price.ravel().tolist()
    moves = [(i, j, math.hypot(i, j), _passed(i, j)) for i, j in _MOVES]
    cost = {first: 0.0}
    before = {first: first}
    queue = [(0.0, first)]
    done: set[int] = set()
    while queue:
        paid, here = heapq.heappop(queue)
        if here == last:
            return _walked_back(before, first, last)
        if here in done:
            continue
        done.add(here)
        row, column = divmod(here, columns)
        for i, j, length, between in moves:
            r, c = row + i, column + j
            there = r * columns + c
            if not (0 <= r < rows and 0 <= c < columns) or flat[there] == 0:
                continue
            if any(flat[(row + a) * columns + column + b] == 0 for a, b in between):
                continue
            total = paid + length * (flat[here] + flat[there]) / 2
            if total < cost.get(there, math.inf):
                cost[there], before[there] = total, here
                heapq.heappush(queue, (total, there))
    return None


def _passed(i: int, j: int) -> tuple[tuple[int, int], ...]:
    """The cells that a move of (i, j) brushes on its way."""
    if max(abs(i), abs(j)) == 1:
        return ((i, 0), (0, j)) if i and j else ()
    step_i, step_j = (i > 0) - (i < 0), (j > 0) - (j < 0)
    return ((step_i, step_j), (step_i, 0) if abs(i) == 2 else (0, step_j))


def _walked_back(before: dict[int, int], first: int, last: int) -> IntArray:
    way = [last]
    while way[-1] != first:
        way.append(before[way[-1]])
    return np.array(way[::-1], dtype=np.int64)


def _straightened(way: Polyline, coast: Shore) -> list[int]:
    """Corners that are needed: from each the furthest one that a straight line reaches without leaving the way.

    The line may not meet land, nor pass more than a cell and a half from the cells it leaves out.
    """
    last = way[0].size - 1
    kept = [0]
    while kept[-1] < last:
        here = kept[-1]
        ends = range(min(here + _REACH, last), here, -1)
        kept.append(next((end for end in ends if _follows(way, here, end) and _clear(way, here, end, coast)), here + 1))
    return kept


def _clear(way: Polyline, here: int, there: int, coast: Shore) -> bool:
    """Whether every place of the straight line, 100 m apart, has most of the nearest offing around it."""
    lat, lon = way
    parts = np.linspace(0.0, 1.0, 2 + 10 * (there - here))
    away = coast.distance(lat[here] + parts * (lat[there] - lat[here]), lon[here] + parts * (lon[there] - lon[here]))
    return bool(np.all((away >= 0.8 * NEAREST) | np.isnan(away)))


def _follows(way: Polyline, here: int, there: int) -> bool:
    lat, lon = way
    ahead = displacement(lat[here], lon[here], lat[there], lon[there])
    length = max(float(np.hypot(*ahead)), 1e-9)
    east, north = displacement(lat[here], lon[here], lat[here : there + 1], lon[here : there + 1])
    return bool(np.all(np.abs(east * ahead[1] - north * ahead[0]) / length < 1.5 * _CELL))
