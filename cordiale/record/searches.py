"""Searches as the record keeps them: a craft went along this track, to the end or not, and found nothing it looked for.

Each is evidence about every boat. It can be taken back like any decision (`closing.withdrawal_entry`), and then counts
for nothing. Ending the search for a boat is a decision: it ends tasks, and no belief.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cordiale.association.clouds import Clouds, cloud_of
from cordiale.belief.belief import Belief
from cordiale.belief.density import density_of
from cordiale.belief.region import containment_region
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.earth.units import Fraction, Instant, Probability
from cordiale.record.closing import not_withdrawn
from cordiale.record.events import Entry, Event, written
from cordiale.record.lived import living
from cordiale.record.picture import CONTAINMENTS, BoatPicture, Picture, PictureMemory, movable
from cordiale.search.result import WORTHLESS, Flown
from cordiale.search.result_update import SearchResult, after_searches

COMPLETED, INTERRUPTED, SUSPENDED = "search.completed", "search.interrupted", "search.suspended"


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspension:
    """The search for a boat was ended, by two roles; `override` where the stop test had refused."""

    boat: str
    reports: tuple[str, ...]
    second: str
    reason: str
    override: bool
    survivors: Fraction
    residual: Fraction
    at: Instant
    by: str
    blocks: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    event: str = ""


def search_entry(search: Flown, *, at: Instant, by: str, reason: str = "", task: str | None = None) -> Entry:
    """A search as a line of the record: what is not said in it is left out of its body.

    Parameters
    ----------
    search : Flown
        With its real track, as far as it went.
    at : Instant
        When the centre learnt it, not before its end.
    reason : str
        Why it was broken off, required then; no names.
    task : str, optional
        Id of the event that gave the task.
    """
    if search.broken_off and not reason.strip():
        raise CordialeError("record.search_reason", search=search.name, asset=search.asset)
    rows = zip(
        search.at.tolist(), search.lat.tolist(), search.lon.tolist(), [*search.looked.tolist(), True], strict=True
    )
    body: dict[str, Any] = {
        "search": search.name,
        "asset": search.asset,
        "track": [
            {"at": written(when, "at"), "lat": lat, "lon": lon, **({} if looking else {"looking": False})}
            for when, lat, lon, looking in rows
        ],
        "widths_m": {key: float(width) for key, width in search.widths.items()},
    }
    said: dict[str, Any] = {
        "speed_mps": search.speed,
        "alike": search.alike,
        "doubt": search.doubt,
        "task": task,
        "reason": reason,
        "instruments": list(search.instruments) or None,
    }
    body |= {key: value for key, value in said.items() if value not in (None, "")}
    because = () if task is None else (task,)
    kind = INTERRUPTED if search.broken_off else COMPLETED
    return Entry(type=kind, body=body, at=search.begin, received=at, by=by, because=because)


def searches_of(events: Iterable[Event], *, at: Instant | None = None) -> tuple[Flown, ...]:
    """The searches known at an instant, those taken back by then left out; in order of writing."""
    known = [e for e in events if at is None or e.received <= at]
    return tuple(search_of(e) for e in not_withdrawn(known) if e.type in {COMPLETED, INTERRUPTED})


def search_of(line: Entry | Event) -> Flown:
    """The search that a line tells of."""
    body: Any = line.body
    track = body["track"]
    if len(track) < 2:
        raise CordialeError("record.search_track", search=body["search"], asset=body["asset"], fixes=len(track))
    return Flown(
        name=body["search"],
        asset=body["asset"],
        at=np.array([utc(fix["at"]) for fix in track]),
        lat=np.array([fix["lat"] for fix in track], dtype=np.float64),
        lon=np.array([fix["lon"] for fix in track], dtype=np.float64),
        searching=np.array([fix.get("looking", True) for fix in track[:-1]], dtype=np.bool_),
        widths=dict(body["widths_m"]),
        speed=body.get("speed_mps"),
        alike=body.get("alike"),
        doubt=body.get("doubt", WORTHLESS),
        broken_off=line.type == INTERRUPTED,
        instruments=tuple(body.get("instruments", ())),
    )


def searched(
    picture: Picture,
    searches: Sequence[Flown],
    *,
    boats: Iterable[str] | None = None,
    was_there: Mapping[str, Probability] | None = None,
    memory: PictureMemory | None = None,
) -> dict[str, tuple[Belief, SearchResult]]:
    """The thinned cloud of each boat of a picture, and what the searches did: of the boats named, or of all.

    The cloud of a boat is taken as its last word left it and drifted through the searches since then; what was searched
    before that is not counted against it. Particles are those of the picture, with other weights; what was to be seen
    of each is what the life of a small boat and her people has made of it by then (`record.lived`). A boat without a
    cloud, or that nothing was searched for since, is left out. `was_there`: the probability, by name, that the boat is
    still out there, where that is not certain.
    """
    shared = memory if memory is not None else PictureMemory()
    found = {}
    for boat in picture.boats:
        if boat.cloud is not None and (boats is None or boat.name in set(boats)):
            known = (was_there or {}).get(boat.name, 1.0)
            result = _searched(picture, boat, len(boat.cloud), searches, known, shared)
            if result is not None:
                found[boat.name] = result
    return found


def picture_searched(
    picture: Picture,
    searches: Sequence[Flown],
    *,
    memory: PictureMemory | None = None,
    results: Mapping[str, tuple[Belief, SearchResult]] | None = None,
) -> Picture:
    """The picture with its clouds and regions thinned by the searches; its digest stays that of the reports.

    `results` are those of `searched`, where somebody has them already.
    """
    thinned = searched(picture, searches, memory=memory) if results is None else results
    boats = []
    for boat in picture.boats:
        if boat.name not in thinned:
            boats.append(boat)
            continue
        cloud = thinned[boat.name][0]
        density = density_of(cloud.lat, cloud.lon, cloud.weight)
        regions = tuple(containment_region(cloud, p, density=density) for p in CONTAINMENTS)
        boats.append(replace(boat, cloud=cloud, regions=regions))
    return replace(picture, boats=tuple(boats))


def last_word(picture: Picture, boat: BoatPicture, count: int, *, clouds: Clouds | None = None) -> Belief | None:
    """The cloud of a boat as the last report that moved it left it, thinned by nothing; None without a position."""
    own = set(boat.boat.reports)
    reports = [movable(r, picture.environment, picture.at) for r in picture.reports if r.name in own]
    return cloud_of(reports, picture.environment, at=-math.inf, seed=picture.seed, count=count, clouds=clouds)


def _searched(
    picture: Picture,
    boat: BoatPicture,
    count: int,
    searches: Sequence[Flown],
    was_there: Probability,
    memory: PictureMemory,
) -> tuple[Belief, SearchResult] | None:
    last = last_word(picture, boat, count, clouds=memory.clouds)
    if last is None or last.at >= picture.at:
        return None
    since = [s for s in searches if s.end > last.at and s.begin < picture.at]
    if not since:
        return None
    named = replace(last, name=boat.name)
    seen_as = living(named, boat.state, picture.environment)
    belief, result = after_searches(
        named, picture.environment, since, until=picture.at, boats=was_there, seen_as=seen_as
    )
    return replace(belief, name=last.name), result


def suspensions_of(events: Iterable[Event]) -> tuple[Suspension, ...]:
    """The decisions to end the search for a boat that stand, in order of writing."""
    return tuple(_suspension(e) for e in not_withdrawn(events) if e.type == SUSPENDED)


def suspension_of(picture: Picture, boat: str, suspensions: Iterable[Suspension]) -> Suspension | None:
    """The last decision that goes with a boat and covers all her reports; one more contact, and there is none.

    Where the boat comes apart, the search for the other pieces is not ended (`record.follow`).
    """
    mine, goes_with = set(picture.boat(boat).boat.reports), picture.follower()
    covering = [one for one in suspensions if mine <= set(one.reports) and goes_with(one.reports) == boat]
    return covering[-1] if covering else None


def suspension_entry(suspension: Suspension) -> Entry:
    """The decision as a line of the record.

    Raises
    ------
    CordialeError
        It has not two different roles and a reason.
    """
    two = bool(suspension.second.strip()) and suspension.second != suspension.by
    if not (two and suspension.reason.strip()):
        why = ", ".join(suspension.blocks) or "-"
        raise CordialeError("record.stop_refused", boats=suspension.boat, why=why)
    names = ("boat", "second", "reason", "override")
    body = {name: getattr(suspension, name) for name in names} | {
        name: list(getattr(suspension, name)) for name in ("reports", "blocks", "tasks")
    }
    numbers = {name: round(float(getattr(suspension, name)), 6) for name in ("survivors", "residual")}
    return Entry(
        type=SUSPENDED,
        body=body | numbers,
        at=suspension.at,
        received=suspension.at,
        by=suspension.by,
        because=suspension.tasks,
    )


def _suspension(event: Event) -> Suspension:
    body: Any = event.body
    return Suspension(
        boat=body["boat"],
        reports=tuple(body["reports"]),
        second=body["second"],
        reason=body["reason"],
        override=body["override"],
        survivors=body["survivors"],
        residual=body["residual"],
        at=event.at,
        by=event.by,
        blocks=tuple(body.get("blocks", ())),
        tasks=tuple(body.get("tasks", ())),
        event=event.id,
    )
