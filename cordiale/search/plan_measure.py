"""What a finished plan is worth in every coin: POS by boat, persons alive, time to detection, the loss of any one."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from cordiale.earth.instants import zulu
from cordiale.earth.position import Position
from cordiale.earth.units import NM, FloatArray, Fraction, Metres, Quantity, SquareMetres, minutes
from cordiale.search.bound import Bound
from cordiale.search.deconflict import conflicts
from cordiale.search.hazard_kernel import BLOCK
from cordiale.search.plan_cloud import Cloud, SingleArray, blocked, drops, unblocked
from cordiale.search.plan_moves import Board, settle, worth_of
from cordiale.search.plan_result import SearchPlan, Sortie
from cordiale.search.plan_track import Track

INTERCEPTION: Final[Fraction] = 2.0  # judgement: coverage of the area of 90 % above which it is no search
BESIDE: Final[Fraction] = 0.1  # judgement: a boat that no pattern follows, and yet is so likely found, is not forgotten
_NINETY: Final[Fraction] = 2 * math.log(10)  # square radius, in variances, that holds 90 % of a circular normal law

Notice = tuple[str, dict[str, Quantity | str]]


def measured(
    board: Board, heights: Sequence[Metres], bounds: tuple[Bound, ...], *, moves: int, complete: bool
) -> SearchPlan:
    """The plan on a board with all its numbers."""
    cloud = board.cloud
    spans = cloud.times.size - 1
    clock = Board(cloud, board.searchers, "lives", board.alike, board.cap, columns=spans, executor=board.executor)
    settle(clock, board.placings)
    total = clock.others()
    coins = {"lives": clock.drop, "time": blocked(drops(cloud, "time")[1]), "pos": blocked(drops(cloud, "pos")[1])}
    worth = {name: _worth(clock, total, drop) for name, drop in coins.items()}
    pos_of, sorties = _pos_of(clock, total), []
    for number, track in enumerate(clock.tracks):
        hazard = clock.hazard[number]
        if track is None or hazard is None:
            continue
        without = total - hazard
        loss = {name: worth[name] - _worth(clock, without, coins[name]) for name in {"pos", board.objective}}
        sorties.append(_sortie(clock, number, track, heights[number], loss[board.objective], loss["pos"]))
    return SearchPlan(
        objective=board.objective,
        begin=cloud.begin,
        end=cloud.end,
        sorties=tuple(sorties),
        pos_of=pos_of,
        pos=worth["pos"] / cloud.boats,
        survivors=worth["lives"],
        mean_time=cloud.end - cloud.begin - worth["time"] / cloud.boats,
        value=worth[board.objective],
        bounds=bounds,
        conflicts=conflicts(clock.tracks, heights),
        notices=_notices(clock, sorties, heights, pos_of),
        moves=moves,
        complete=complete,
    )


def _worth(board: Board, total: SingleArray, drop: SingleArray) -> Quantity:
    """What hazards by span are worth; where there is one column of drops, all spans count together."""
    if drop.shape[1] < total.shape[1]:
        total = total.reshape(len(total), -1, BLOCK).sum(axis=1)
    return worth_of(total, drop, board.alike, board.executor)


def _pos_of(board: Board, total: SingleArray) -> dict[str, Quantity]:
    cloud = board.cloud
    summed = np.maximum(unblocked(total, cloud.weight.size).sum(axis=0).astype(np.float64), 0.0)
    kappa = board.alike
    missed = np.exp(-summed) if kappa is None else np.exp(-kappa * np.log1p(summed / kappa))
    found = np.bincount(cloud.boat, weights=cloud.weight * (1 - missed), minlength=len(cloud.names))
    held = np.bincount(cloud.boat, weights=cloud.weight, minlength=len(cloud.names))
    return dict(zip(cloud.names, (found / held).tolist(), strict=True))


def _sortie(board: Board, number: int, track: Track, height: Metres, loss: Quantity, loss_pos: Quantity) -> Sortie:
    cloud, ready, placing = board.cloud, board.searchers[number], board.placings[number]
    assert placing is not None  # a track has a placing
    lat, lon = cloud.position(track.xy[:, 0], track.xy[:, 1])
    middle = float(track.at[0] + track.at[-1]) / 2
    mean = [float(np.interp(middle, cloud.times, cloud.mean[placing.frame, :, i])) for i in range(2)]
    centre = cloud.position(mean[0] + placing.east, mean[1] + placing.north)
    way = math.hypot(*(track.xy[0] - np.array(ready.base)).tolist())
    return Sortie(
        searcher=ready.searcher,
        boat=cloud.names[placing.frame],
        code=track.code,
        placing=placing,
        leaves=max(float(track.at[0]) - way / ready.out[placing.frame], ready.searcher.ready),
        at=track.at[track.turns],
        lat=lat[track.turns],
        lon=lon[track.turns],
        track_at=track.at,
        track_lat=lat,
        track_lon=lon,
        centre=Position(lat=float(centre[0]), lon=float(centre[1])),
        centre_at=middle,
        length=track.length,
        width=track.width,
        coverage=ready.widest / (track.length / 4 if track.code == "VS" else placing.spacing),
        height=height,
        loss=max(loss, 0.0),
        loss_pos=max(loss_pos / cloud.boats, 0.0),
    )


def _notices(
    board: Board, sorties: Sequence[Sortie], heights: Sequence[Metres], pos_of: dict[str, Quantity]
) -> tuple[Notice, ...]:
    notices: list[Notice] = []
    for number, name in enumerate(board.cloud.names):
        mine = [s for s in sorties if s.boat == name]
        if not mine:
            found = pos_of[name]
            key = "search.plan.nobody" if found < BESIDE else "search.plan.beside"
            notices.append((key, {"name": name} if found < BESIDE else {"name": name, "pos_percent": 100 * found}))
            continue
        swept = sum(_swept(board, s, number) for s in mine)
        coverage = swept / max(_area(board.cloud, number), 1.0)
        if coverage > INTERCEPTION:
            first = min(mine, key=lambda s: s.arrives)
            begin = board.cloud.begin
            notices.append(
                (
                    "search.plan.interception",
                    {
                        "name": name,
                        "coverage": coverage,
                        "searcher": first.searcher.name,
                        "reach_min": (first.arrives - begin) / minutes,
                        "arrives": zulu(first.arrives),
                    },
                )
            )
    going = {s.searcher.name for s in sorties}
    idle = [r.searcher.name for r in board.searchers if r.searcher.name not in going]
    notices += [("search.plan.not_used", {"name": name}) for name in idle]
    for one in conflicts(board.tracks, heights):
        names = [board.searchers[n].searcher.name for n in (one.first, one.second)]
        notices.append(
            (
                "search.plan.conflict",
                {
                    "first": names[0],
                    "second": names[1],
                    "at": zulu(one.at),
                    "distance_nm": one.distance / NM,
                    "limit_nm": one.limit / NM,
                },
            )
        )
    return tuple(notices)


def _swept(board: Board, sortie: Sortie, boat: int) -> SquareMetres:
    """Sweep width, mean over what the boat may be half way through, times the way of a sortie."""
    cloud = board.cloud
    width2 = next(r.width2 for r in board.searchers if r.searcher is sortie.searcher)
    share = cloud.weight * (cloud.boat == boat)
    width = float(share @ np.sqrt(width2[cloud.phase[cloud.times.size // 2]])) / float(share.sum())
    return width * sortie.searcher.speed * (sortie.ends - sortie.arrives)


def _area(cloud: Cloud, boat: int) -> SquareMetres:
    """Area of the ellipse that would hold 90 % of a boat were it a normal law, half way through."""
    mine = cloud.boat == boat
    k = cloud.times.size // 2
    places: FloatArray = np.stack([cloud.x[k, mine], cloud.y[k, mine]]).astype(np.float64)
    spread = np.cov(places, aweights=cloud.weight[mine])
    return float(math.pi * _NINETY * math.sqrt(max(float(np.linalg.det(spread)), 0.0)))
