"""What the searches of a record did, boat by boat: what each craft, each area and each kind of object adds to the
cumulative POS, what is left, and who may still be alive. A search without a boat near it is told as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.report import Area
from cordiale.boats.life import PHASES
from cordiale.earth.geodesy import destination, displacement
from cordiale.earth.position import Position
from cordiale.earth.units import Celsius, FloatArray, Instant, Probability
from cordiale.record.picture import Picture, PictureMemory
from cordiale.record.searches import Suspension, picture_searched, searched
from cordiale.record.searches_stop import LOOKED_FOR, stop_test
from cordiale.search.result import Flown
from cordiale.search.result_update import AreaResult, SearchResult
from cordiale.search.stop import StopVerdict
from cordiale.sensors.tables import packaged_tables


@dataclass(frozen=True, kw_only=True, eq=False)
class ObjectResult:
    """What searches did to one kind of search object: how probable it was and is that this is what is sought."""

    before: Probability
    pos: Probability
    now: Probability


@dataclass(frozen=True, kw_only=True, eq=False)
class BoatSearched:
    """One boat after the searches: None where nobody looked for her since her last word.

    `areas` are those of the searches by their names, `objects` by class of search object.
    """

    boat: str
    result: SearchResult | None
    areas: Mapping[str, AreaResult]
    objects: Mapping[str, ObjectResult]
    verdict: StopVerdict | None

    @property
    def was_looked_for(self) -> bool:
        """Whether the searches would have found more than next to nothing of her."""
        return self.result is not None and self.result.pos >= LOOKED_FOR


@dataclass(frozen=True, kw_only=True, eq=False)
class SearchesTold:
    """The searches known by the instant of a picture, what they did to each boat, and decisions to end them."""

    searches: tuple[Flown, ...]
    boats: tuple[BoatSearched, ...]
    suspensions: tuple[Suspension, ...] = ()

    def of(self, boat: str) -> BoatSearched | None:
        """What they did to one boat; None where there was no search at all."""
        return next((one for one in self.boats if one.boat == boat), None) if self.searches else None


NO_SEARCHES = SearchesTold(searches=(), boats=())


def with_searches(
    picture: Picture,
    searches: Sequence[Flown],
    suspensions: Sequence[Suspension] = (),
    *,
    memory: PictureMemory | None = None,
) -> tuple[Picture, SearchesTold]:
    """The picture thinned by the searches known by its instant, and what is told of them; each is worked out once."""
    if not searches:
        return picture, SearchesTold(searches=(), boats=(), suspensions=tuple(suspensions))
    results = searched(picture, searches, memory=memory)
    boats = boats_searched(picture, searches, results=results)
    told = SearchesTold(searches=tuple(searches), boats=boats, suspensions=tuple(suspensions))
    return picture_searched(picture, searches, results=results), told


def boats_searched(
    picture: Picture,
    searches: Sequence[Flown],
    *,
    boats: Iterable[str] | None = None,
    water: Celsius | tuple[Celsius, Celsius] | None = None,
    memory: PictureMemory | None = None,
    results: Mapping[str, tuple[Belief, SearchResult]] | None = None,
) -> tuple[BoatSearched, ...]:
    """Every boat of a picture that is not closed, or those named, after the searches known by its instant.

    The verdict is that of the stop test on this boat alone, None where everybody is accounted for. `results` are those
    of `searches.searched`, where somebody has them already.
    """
    wanted = [b.name for b in picture.boats if b.standing != "closed"] if boats is None else list(boats)
    if results is None:
        results = searched(picture, searches, boats=wanted, memory=memory)
    told = []
    for name in wanted:
        found = results.get(name)
        result = None if found is None else found[1]
        told.append(
            BoatSearched(
                boat=name,
                result=result,
                areas={} if result is None else _areas(result),
                objects={} if result is None else _objects(result),
                verdict=_verdict(picture, name, 0.0 if result is None else result.pos, water),
            )
        )
    return tuple(told)


def area_of_search(search: Flown) -> Area:
    """The smallest area without inward corners round the fixes of a search between which somebody looked."""
    kept = np.append(search.looked, False) | np.insert(search.looked, 0, False)
    lat, lon = (search.lat[kept], search.lon[kept]) if kept.any() else (search.lat, search.lon)
    middle = float(lat.mean()), float(lon.mean())
    x, y = displacement(*middle, lat, lon)
    corners = _hull(np.column_stack([x, y]))
    if len(corners) < 3:  # a straight way: a strip of a hundred metres
        corners = _strip(np.column_stack([x, y]))
    lats, lons = destination(*middle, corners[:, 0], corners[:, 1])
    return Area(corners=tuple(Position(lat=float(a), lon=float(b)) for a, b in zip(lats, lons, strict=True)))


def next_search_name(searches: Iterable[Flown], used: Iterable[str] = ()) -> str:
    """The next free name: s-0001, s-0002, ..."""
    taken = {one.name for one in searches} | set(used)
    number = 1
    while f"s-{number:04d}" in taken:
        number += 1
    return f"s-{number:04d}"


def _verdict(
    picture: Picture, boat: str, pos: Probability, water: Celsius | tuple[Celsius, Celsius] | None
) -> StopVerdict | None:
    left = next((a.unaccounted.most for a in picture.ledger.accounts if a.boat == boat), 0)
    return None if left <= 0 else stop_test(picture, boats=[boat], water=water, pos={boat: pos})


def _areas(result: SearchResult) -> dict[str, AreaResult]:
    """Each search's area with the particles where they were half way through it."""
    found: dict[str, AreaResult] = {}
    for search in result.searches:
        middle: Instant = (search.begin + search.end) / 2
        found |= result.by_area({search.name: area_of_search(search)}, at=middle)
    return found


def _objects(result: SearchResult) -> dict[str, ObjectResult]:
    classes = packaged_tables().phases
    what = np.array([classes[phase] for phase in PHASES])[result.ways.phase[-1]]
    before = result.ways.weight / result.ways.weight.sum()
    after = result.after / result.after.sum()
    found = {}
    for name in sorted(set(what.tolist())):
        mine = what == name
        share = float(before[mine].sum())
        if share > 0:
            missed = float(before[mine] @ result.missed[-1][mine])
            found[name] = ObjectResult(before=share, pos=1 - missed / share, now=float(after[mine].sum()))
    return found


def _hull(xy: FloatArray) -> FloatArray:
    """Corners of the convex hull, anticlockwise (Andrew's monotone chain)."""
    points = sorted(set(map(tuple, np.round(xy, 1).tolist())))
    if len(points) < 3:
        return np.array(points, dtype=np.float64).reshape(-1, 2)

    def _chain(listed: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
        kept: list[tuple[float, ...]] = []
        for x, y in listed:
            while len(kept) > 1:
                (ax, ay), (bx, by) = kept[-2], kept[-1]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                kept.pop()
            kept.append((x, y))
        return kept[:-1]

    return np.array(_chain(points) + _chain(points[::-1]), dtype=np.float64).reshape(-1, 2)


def _strip(xy: FloatArray) -> FloatArray:
    first, last = xy[0], xy[int(np.argmax(np.hypot(*(xy - xy[0]).T)))]
    along = last - first
    length = float(np.hypot(*along))
    if length == 0:  # a craft that stayed where it was
        along, length = np.array([100.0, 0.0]), 100.0
        first, last = first - along / 2, first + along / 2
    side = np.array([-along[1], along[0]]) / length * 50.0
    return np.array([first - side, last - side, last + side, first + side])
