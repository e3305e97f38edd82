"""Empty searches as evidence: what a search that found nothing says of where a boat was, and of what may be no boat.

From every reading of a position boats of each kind are let go and meet the searches: `missed` is the log probability
that they were missed, up to each instant of the lattice. The kernel lets it weigh one reading, and one kind of way,
against another; and a group as a whole as far as plots and sightings, which may be of no boat, put her where somebody
looked, and what was stated of her does not. So a search lowers no distress statement.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from cordiale.association.law import ACROSS, ANYHOW, RESTARTS, SHARE_ANYHOW, STEP, STOPS, TURNS, WAY_LASTS
from cordiale.association.message import Message
from cordiale.association.paths import Paths
from cordiale.association.tables import Rows, Tables, readings_of
from cordiale.belief.report import ENDINGS
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import metres_per_degree
from cordiale.earth.units import (
    Degrees,
    FloatArray,
    Instant,
    IntArray,
    Metres,
    MetresPerSecond,
    Probability,
    Seconds,
    hours,
)
from cordiale.sea.environment import Environment
from cordiale.sensors.leg import leg_hazard

WORTHLESS: Final[Probability] = 0.05  # as in `cordiale.search.result`: the floor under what is left
# Judgement: so long on average until a boat came ashore, or was taken up, and nobody told.
GONE_AFTER: Final[Seconds] = 6 * hours
LOOKED_FOR: Final[Seconds] = 12 * hours  # judgement: a later search says nothing of where a contact was
BOATS: Final = 32  # let go from every reading in every kind of way
KINDS: Final = 3
EVERY: Final = np.arange(BOATS * KINDS)
CHANCE: Final = Stream.of_seed(0).child("searched")  # of the boats let go: whatever the seed of the sampling


@dataclass(frozen=True, kw_only=True, slots=True)
class Searched:
    """A search that found nothing: a craft went straight from fix to fix and looked out for boats such as these.

    Parameters
    ----------
    at : tuple of Instant, rising
    lat, lon : tuple of Degrees
    width : Metres
        Sweep width for a boat with people aboard, in the conditions that there were.
    looked : tuple of bool, optional
        In which pieces between fixes somebody looked; in all of them unless given.
    doubt : Probability
        That the search tells nothing; never taken below 0.05.
    """

    at: tuple[Instant, ...]
    lat: tuple[Degrees, ...]
    lon: tuple[Degrees, ...]
    width: Metres
    looked: tuple[bool, ...] = ()
    doubt: Probability = WORTHLESS

    def __post_init__(self) -> None:
        fixes = len(self.at)
        alike = len(self.lat) == len(self.lon) == fixes and len(self.looked) in (0, fixes - 1)
        finite = all(math.isfinite(x) for x in (*self.at, *self.lat, *self.lon, self.width, self.doubt))
        rising = all(a < b for a, b in zip(self.at, self.at[1:], strict=False))
        if fixes < 2 or not (alike and finite and rising and self.width >= 0 and 0 <= self.doubt <= 1):
            raise CordialeError("association.searched", fixes=fixes, width_m=self.width, doubt=self.doubt)


class Piece(NamedTuple):
    """A part of a search within one step of the lattice: from when to when, where (2,), and at which speed."""

    search: Searched
    begin: Instant
    end: Instant
    lat: FloatArray
    lon: FloatArray
    speed: MetresPerSecond


class Boats(NamedTuple):
    """Boats on their way: numbers of chance; message (row of those asked), reading and kind from which each began; kind
    now, place and velocity in m from the first reading of the message.
    """

    ids: IntArray
    message: IntArray
    cell: IntArray
    kind: IntArray
    place: FloatArray
    velocity: FloatArray


class Contacts(NamedTuple):
    """Messages that are asked: when, first of their readings, origin of each plane (n, 2) and m in a degree (n, 2),
    mean velocity of boats across (n, 2), spread of velocities of each kind, and where the sea carries (n, steps, 2).
    """

    since: FloatArray
    first: IntArray
    origin: FloatArray
    scale: FloatArray
    way: FloatArray
    spread: FloatArray
    begun: IntArray
    carried: FloatArray


def with_searches(
    tables: Tables, messages: Sequence[Message], searches: Iterable[Searched], environment: Environment, paths: Paths
) -> Tables:
    """The tables with what empty searches left unseen: `missed` (readings, kinds, lattice instants after the message).

    A pure function of each message and of the set of searches, kept with the paths; without searches the tables as
    they were.
    """
    known = sorted(set(searches), key=lambda s: (s.at, s.lat, s.lon, s.width, s.looked, s.doubt))
    asked = [m for m in range(len(messages)) if _concerned(messages[m], known)]
    if not asked:
        return tables
    keys = {m: (messages[m].lead, messages[m].readings, tuple(known)) for m in asked}
    kept = {m: paths.missed[keys[m]] for m in asked if keys[m] in paths.missed}
    new = [m for m in asked if m not in kept]
    if new:
        rows = [readings_of(messages[m], environment, paths) for m in new]
        contacts = _contacts(tables, [messages[m] for m in new], new, rows, environment, paths, known)
        kept |= zip(new, _missed(contacts, known, _let_go(contacts, rows)), strict=True)
        paths.missed.update((keys[m], kept[m]) for m in new)
    missed = np.zeros((tables.share.size, KINDS, max(own.shape[2] for own in kept.values())))
    for m, own in kept.items():
        own_rows = slice(int(tables.first[m]), int(tables.first[m + 1]))
        missed[own_rows, :, : own.shape[2]] = own
        missed[own_rows, :, own.shape[2] :] = own[:, :, -1:]
    return tables._replace(missed=missed)


def _concerned(message: Message, searches: Sequence[Searched]) -> bool:
    """Whether a boat that was there may have been looked for after it: she had a place, and did not end there."""
    going = message.placed is not None and message.lead.kind not in (*ENDINGS, "find")
    return going and any(0 < s.at[-1] - message.at < LOOKED_FOR for s in searches)


def _contacts(
    tables: Tables,
    messages: Sequence[Message],
    numbers: Sequence[int],
    rows: Sequence[Rows],
    environment: Environment,
    paths: Paths,
    searches: Sequence[Searched],
) -> Contacts:
    origin = np.array([row[0][1:3] for row in rows])
    begins = [(m.at, row[0][1], row[0][2]) for m, row in zip(messages, rows, strict=True)]
    last = max(s.at[-1] for s in searches)
    begun, carried = paths.carried([*begins, (last, *begins[0][1:])], environment)
    return Contacts(
        since=np.array([m.at for m in messages]),
        first=np.cumsum([0, *(len(row) for row in rows)]),
        origin=origin,
        scale=np.stack(metres_per_degree(origin[:, 0]), axis=1),
        way=np.stack([tables.way_east[numbers], tables.way_north[numbers]], axis=1),
        spread=tables.spread,
        begun=begun[:-1],
        carried=carried[:-1],
    )


def _pieces(searches: Sequence[Searched]) -> list[Piece]:
    """The searches cut at their fixes and at the instants of the lattice, in order of time."""
    found = []
    for search in searches:
        at, lat, lon = np.array(search.at), np.array(search.lat), np.array(search.lon)
        looked = np.array(search.looked or (True,) * (at.size - 1))
        per_lat, per_lon = metres_per_degree(float(lat.mean()))
        way = float(np.hypot(np.diff(lon) * per_lon, np.diff(lat) * per_lat)[looked].sum())
        speed = way / max(float(np.diff(at)[looked].sum()), 1e-9)
        lattice = np.arange(math.ceil(at[0] / STEP), math.floor(at[-1] / STEP) + 1) * STEP
        cuts = np.unique(np.concatenate([at, lattice]))
        for a, b in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
            if looked[np.searchsorted(at, (a + b) / 2) - 1]:
                found.append(Piece(search, a, b, np.interp([a, b], at, lat), np.interp([a, b], at, lon), speed))
    return sorted(found, key=lambda p: p.begin)


def _missed(contacts: Contacts, searches: Sequence[Searched], boats: Boats) -> list[FloatArray]:
    """Boats from every reading meet the searches, step by step of the lattice: (readings, kinds, instants) of each."""
    pieces = _pieces(searches)
    since = contacts.since[boats.message]
    cells, last = int(contacts.first[-1]) * KINDS, math.floor(pieces[-1].begin / STEP) if pieces else -1
    hazards: dict[Searched, FloatArray] = {}
    left, seen, before = np.ones(since.size), np.ones(since.size), np.ones(since.size)
    shares = [np.zeros((cells, 1))]
    begin = int(contacts.begun.min())
    for k in range(begin, last + 1):
        place = boats.place
        boats = _onward(contacts, boats, np.clip((k + 1) * STEP - since, 0.0, STEP), k)
        for piece in (p for p in pieces if k * STEP <= p.begin < (k + 1) * STEP):
            hazard = hazards.setdefault(piece.search, np.zeros(since.size))
            met = np.flatnonzero((since <= piece.begin) & (piece.begin - since < LOOKED_FOR))
            hazard[met] += _hazard(piece, contacts, boats.message[met], place[met], boats.place[met], k)
        now = before.copy()
        for search, hazard in list(hazards.items()):
            factor = _told(search, hazard)
            now *= factor
            if search.at[-1] <= (k + 1) * STEP:
                before *= factor
                del hazards[search]
        now = np.maximum(now, WORTHLESS)
        left -= (seen - now) * np.exp(-np.maximum((k + 1) * STEP - since, 0.0) / GONE_AFTER)
        seen = now
        shares.append(np.log(np.bincount(boats.cell, weights=left, minlength=cells) / BOATS)[:, None])
    steps = np.concatenate(shares, axis=1).reshape(-1, KINDS, len(shares))
    own = zip(contacts.begun.tolist(), contacts.first[:-1].tolist(), contacts.first[1:].tolist(), strict=True)
    return [steps[a:b, :, min(begun - begin, len(shares) - 1) :] for begun, a, b in own]


def _told(search: Searched, hazard: FloatArray) -> FloatArray:
    """The likelihood of nothing found by one search: it may have told nothing at all."""
    doubt = max(search.doubt, WORTHLESS)
    return (1 - doubt) * np.exp(-hazard) + doubt


def _let_go(contacts: Contacts, readings: Sequence[Rows]) -> Boats:
    """Boats of every kind from every reading of these messages; from each by the same chance."""
    each = BOATS * KINDS
    rows = [np.array(row) for row in readings]
    message = np.repeat(np.arange(len(rows)), [row.shape[0] * each for row in rows])
    count = int(contacts.first[-1])
    reading, ids = np.repeat(np.arange(count), each), np.tile(np.arange(each), count)
    kind = ids // BOATS
    told = np.concatenate(rows)[reading]
    place = (told[:, [2, 1]] - contacts.origin[message][:, ::-1]) * contacts.scale[message][:, ::-1]
    place += np.sqrt(told[:, 3])[:, None] * CHANCE.normals(EVERY, 0)[ids]
    velocity = _ways(contacts, message, kind) + np.sqrt(contacts.spread[kind])[:, None] * CHANCE.normals(EVERY, 1)[ids]
    return Boats(ids, message, reading * KINDS + kind, kind, place, velocity)


def _ways(contacts: Contacts, message: IntArray, kind: IntArray) -> FloatArray:
    """The mean velocity of each kind where a message told of."""
    return np.where((kind == ACROSS)[:, None], contacts.way[message], 0.0)


def _onward(contacts: Contacts, boats: Boats, lasts: FloatArray, k: int) -> Boats:
    """A step of the lattice: the sea carries, velocities return to their means, engines stop, start and turn."""
    stream, ids, message = CHANCE.child(f"{k}"), boats.ids, boats.message
    at = np.clip(k - contacts.begun[message], 0, contacts.carried.shape[1] - 2)
    drift = (contacts.carried[message, at + 1] - contacts.carried[message, at]) * (lasts > 0)[:, None]
    mean, spread = _ways(contacts, message, boats.kind), np.sqrt(contacts.spread[boats.kind])[:, None]
    a = np.exp(-lasts / WAY_LASTS[boats.kind])[:, None]
    velocity = mean + a * (boats.velocity - mean) + spread * np.sqrt(1 - a * a) * stream.normals(EVERY, 0)[ids]
    place = boats.place + drift + lasts[:, None] * (boats.velocity + velocity) / 2
    kind = _changed(boats.kind, stream.uniforms(EVERY, 1)[ids, 0], lasts)
    new = np.flatnonzero(kind != boats.kind)
    fresh = np.sqrt(contacts.spread[kind[new]])[:, None] * stream.normals(EVERY, 2)[ids[new]]
    velocity[new] = _ways(contacts, message[new], kind[new]) + fresh
    return boats._replace(kind=kind, place=place, velocity=velocity)


def _changed(kind: IntArray, drawn: FloatArray, lasts: FloatArray) -> IntArray:
    """The kinds after a step: at most one change in ten minutes."""
    fails, starts, turns = lasts / STOPS, lasts / RESTARTS, lasts / TURNS
    adrift = np.where(drawn < starts, ACROSS, kind)
    across = np.where(drawn < fails, 0, np.where(drawn < fails + turns, ANYHOW, kind))
    anyhow = np.where(drawn < fails, 0, kind)
    return np.asarray(np.choose(kind, [adrift, across, anyhow]))


def _hazard(
    piece: Piece, contacts: Contacts, message: IntArray, before: FloatArray, after: FloatArray, k: int
) -> FloatArray:
    """Hazard of one piece for boats that go straight within a step: Koopman's law on a leg, as the boat sees it."""
    relative = []
    for i, when in enumerate((piece.begin, piece.end)):
        here = (np.array([piece.lat[i], piece.lon[i]]) - contacts.origin) * contacts.scale
        relative.append(here[message][:, ::-1] - before - (when / STEP - k) * (after - before))
    way = relative[1] - relative[0]
    length = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1.0)  # one that stays beside her passes a metre on
    across = (relative[0][:, 0] * way[:, 1] - relative[0][:, 1] * way[:, 0]) / length
    ends = [(there * way).sum(axis=1) / length for there in relative]
    ratio = piece.speed * (piece.end - piece.begin) / length
    return np.asarray(leg_hazard(piece.search.width, across, ends[0], ends[1], ratio))


def alone_missed(tables: Tables) -> FloatArray:
    """Log probability that nothing was found of the boat of each message, were it her only one; 0 where somebody aboard
    spoke.
    """
    found = np.zeros(tables.time.size)
    if tables.missed.shape[2] < 2:
        return found
    for m in np.flatnonzero(~tables.aboard & (tables.first[1:] > tables.first[:-1])).tolist():
        rows, way = slice(int(tables.first[m]), int(tables.first[m + 1])), float(tables.way[m])
        kinds = np.array([1 - way, way * (1 - SHARE_ANYHOW), way * SHARE_ANYHOW])
        found[m] = math.log(float(tables.share[rows] @ np.exp(tables.missed[rows, :, -1]) @ kinds))
    return found
