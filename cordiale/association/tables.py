"""Messages as numbers: what the kernel needs to weigh any group of them.

Every reading of a position becomes a normal law at the middle of its event: a moment known to an interval is taken at
instants ten minutes apart, each carried by the sea to the middle and blurred by an unknown way.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from cordiale.association.attributes import COLOURS, LENGTH, PERSONS, RAREST, Scale, persons_aboard, statement
from cordiale.association.gate import reach
from cordiale.association.law import ACROSS_SPREAD, ANYHOW_SPREAD, CLUTTER, CREW, LEEWAY, STEP, UNKNOWN_WAY, WAY_DOUBT
from cordiale.association.message import Message
from cordiale.association.paths import EVERYWHERE, Paths
from cordiale.belief.reading import spot
from cordiale.belief.report import ENDINGS, Between, Kind, Report
from cordiale.belief.scenario import reported_under_way
from cordiale.boats.propulsion import SMALL_BOAT, course_steered
from cordiale.earth.geodesy import components, metres_per_degree
from cordiale.earth.instants import Span
from cordiale.earth.position import Position
from cordiale.earth.units import BoolArray, FloatArray, Instant, IntArray, Quantity, Seconds
from cordiale.sea.environment import Environment

ENGINES: Final = ("running", "stopped", "none")
Rows = list[tuple[Quantity, ...]]  # the readings of a message, as `_readings` has them
SEEN: Final = frozenset({"departure", "sighting", "radar_plot", "ais_plot", "find", *ENDINGS})
SAID_WEIGHS: Final = 20.0  # judgement: what was known before the night weighs as much as so many statements
# Judgement: standard errors of a number of persons seen from a ship or from land, and of those counted aboard.
FROM_OUTSIDE: Final[Quantity] = 8.0
COUNTED: Final[Quantity] = 1.5
PAIRS_WEIGH: Final = 10.0  # judgement: and as so many numbers said twice from one phone
LONGEST_MOMENT: Final = 13  # instants that stand for an event, at most


class Tables(NamedTuple):
    """Messages in order of event. Per message (n,): when, from when to when, first of its readings (n + 1), way, what
    was said (NaN or -1: nothing). Per reading (p,): share, place and variance at the middle of the event, and the place
    as told with the radius that holds 95 % of it. Metres east and north of a common origin. `missed` (readings, kinds,
    lattice instants from `begun` on): log probability that all searches since missed a boat from there; see `searched`.
    """

    time: FloatArray
    earliest: FloatArray
    latest: FloatArray
    first: IntArray
    share: FloatArray
    east: FloatArray
    north: FloatArray
    variance: FloatArray
    told_east: FloatArray
    told_north: FloatArray
    reach: FloatArray
    way: FloatArray
    says: BoolArray
    way_east: FloatArray
    way_north: FloatArray
    begun: IntArray
    carried: FloatArray
    spread: FloatArray
    persons: FloatArray
    persons_error: FloatArray
    length: FloatArray
    length_error: FloatArray
    of_persons: FloatArray
    of_length: FloatArray
    colour: IntArray
    colours: FloatArray
    engine: IntArray
    caller: IntArray
    asset: IntArray
    assets: FloatArray
    seen: BoolArray
    departs: BoolArray
    ends: BoolArray
    aboard: BoolArray
    missed: FloatArray
    most_readings: int
    scale: FloatArray

    def with_gaps(self, mean: Seconds) -> "Tables":
        """The same on a night whose boats are heard again after this time on average."""
        return self._replace(scale=np.array([mean]))


def tables_of(messages: Sequence[Message], environment: Environment, paths: Paths, mean_gap: Seconds) -> Tables:
    """The tables of messages in order of event."""
    said = [combined(m) for m in messages]
    colours = {c: k for k, c in enumerate(dict.fromkeys([*COLOURS, *(r.boat.colour for r in said if r.boat.colour)]))}
    callers = {c: k for k, c in enumerate(dict.fromkeys(r.caller for r in said if r.caller is not None))}
    seen_by = [m.lead.asset if m.lead.kind == "sighting" and m.lead.asset else None for m in messages]
    assets = {c: k for k, c in enumerate(dict.fromkeys(a for a in seen_by if a is not None))}
    shares = np.array([seen_by.count(a) + 1.0 for a in assets]) / (len([a for a in seen_by if a]) + 1.0)
    persons = np.array([statement(PERSONS, _more_than_a_crew(r)) for r in said]).reshape(-1, 2)
    length = np.array([statement(LENGTH, r.boat.length_m) for r in said]).reshape(-1, 2)
    persons[:, 1] += [_counted(m.lead.kind) for m in messages]
    for told in (persons, length):
        told[:, 1] += _worse_than_assumed(told, [r.caller for r in said], PERSONS if told is persons else LENGTH)
    leads = [m.lead for m in messages]
    errors = environment.current_error.std**2 + environment.residual_error.std**2
    spread = errors + (LEEWAY * environment.wind_error.std) ** 2
    return Tables(
        time=np.array([m.at for m in messages], dtype=np.float64),
        earliest=np.array([r.event.earliest for r in leads], dtype=np.float64),
        latest=np.array([r.event.latest for r in leads], dtype=np.float64),
        **_places(messages, environment, paths),
        way=np.array([min(max(reported_under_way(r), WAY_DOUBT), 1 - WAY_DOUBT) for r in leads], dtype=np.float64),
        says=np.array([r.boat.engine is not None or r.boat.state is not None for r in leads], dtype=np.bool_),
        spread=np.array([max(spread, 1e-4), ACROSS_SPREAD**2, ANYHOW_SPREAD**2]),
        persons=persons[:, 0].copy(), persons_error=persons[:, 1].copy(),
        length=length[:, 0].copy(), length_error=length[:, 1].copy(),
        of_persons=_of_the_night(PERSONS, persons),
        of_length=_of_the_night(LENGTH, length),
        colour=np.array([colours[r.boat.colour] if r.boat.colour else -1 for r in said], dtype=np.int64),
        colours=_shares(colours, said),
        engine=np.array([ENGINES.index(r.boat.engine) if r.boat.engine else -1 for r in said], dtype=np.int64),
        caller=np.array([-1 if r.caller is None else callers[r.caller] for r in said], dtype=np.int64),
        asset=np.array([-1 if a is None else assets[a] for a in seen_by], dtype=np.int64),
        assets=np.minimum(shares, 1.0),
        seen=np.array([r.kind in SEEN for r in leads], dtype=np.bool_),
        departs=np.array([r.kind == "departure" for r in leads], dtype=np.bool_),
        ends=np.array([r.kind in ENDINGS for r in leads], dtype=np.bool_),
        aboard=np.array([r.kind not in CLUTTER for r in leads], dtype=np.bool_),
        missed=np.zeros((0, 3, 1)),
        scale=np.array([mean_gap]),
    )  # fmt: skip


def _more_than_a_crew(report: Report) -> Between | None:
    """The persons it tells of, unless so few that they may be the crew of a boat that loads later."""
    said = persons_aboard(report)
    return None if said is None or said.most < CREW else said


def _counted(kind: Kind) -> Quantity:
    """What is added to the variance of a number of persons: those seen from outside, and those who were counted."""
    if kind in ENDINGS:
        return COUNTED**2 - PERSONS.said**2
    return FROM_OUTSIDE**2 - PERSONS.said**2 if kind in SEEN else 0.0


def _worse_than_assumed(told: FloatArray, callers: Sequence[str | None], scale: Scale) -> Quantity:
    """By how much the variance of an error exceeds the judgement: what the same phones said one after the other."""
    before: dict[str, float] = {}
    total, pairs = 0.0, 0
    for number, caller in zip(told[:, 0].tolist(), callers, strict=True):
        if caller is None or math.isnan(number):
            continue
        if caller in before:
            total, pairs = total + min((number - before[caller]) ** 2 / 2, scale.between_boats**2), pairs + 1
        before[caller] = number
    learnt = (PAIRS_WEIGH * scale.said**2 + total) / (PAIRS_WEIGH + pairs)
    return max(learnt - scale.said**2, 0.0)


def _of_the_night(scale: Scale, said: FloatArray) -> FloatArray:
    """Mean and variance of a number between the boats of this night: the judgement, and what was said of it."""
    numbers = said[~np.isnan(said[:, 0])]
    weight = SAID_WEIGHS / (SAID_WEIGHS + len(numbers))
    mean = weight * scale.mean + (1 - weight) * (float(numbers[:, 0].mean()) if numbers.size else 0.0)
    own = np.clip((numbers[:, 0] - mean) ** 2 - numbers[:, 1], 0.0, None)
    variance = weight * scale.between_boats**2 + (1 - weight) * (float(own.mean()) if numbers.size else 0.0)
    return np.array([mean, variance])


def _shares(colours: Mapping[str, int], said: Sequence[Report]) -> FloatArray:
    """The share of each colour among the boats of this night: the judgement, and how often it was said."""
    before = np.array([COLOURS.get(c, RAREST) for c in colours])
    heard = np.zeros(len(colours))
    for report in said:
        if report.boat.colour:
            heard[colours[report.boat.colour]] += 1
    return np.asarray((SAID_WEIGHS * before + heard) / (SAID_WEIGHS * before.sum() + heard.sum()))


def combined(message: Message) -> Report:
    """The first telling that describes anything; a relay adds no second statement, but may hold the only one."""
    return next((r for r in message.tellings if r.persons or r.boat.colour or r.caller), message.lead)


def _places(messages: Sequence[Message], environment: Environment, paths: Paths) -> dict[str, Any]:
    """All that follows from positions."""
    rows: list[tuple[float, ...]] = []
    first = [0]
    for m in messages:
        rows += readings_of(m, environment, paths)
        first.append(len(rows))
    table = np.array(rows, dtype=np.float64).reshape(-1, 8)
    lat0 = float(np.median(table[:, 1])) if rows else 0.0
    lon0 = float(np.median(table[:, 2])) if rows else 0.0
    per_lat, per_lon = (float(x) for x in metres_per_degree(lat0))
    begins = [(m.at, float(table[k, 1]), float(table[k, 2])) for m, k in zip(messages, first, strict=False) if m.placed]
    begun, carried = paths.carried(begins, environment)
    placed = np.array([m.placed is not None for m in messages], dtype=np.bool_)
    every_begun = np.zeros(len(messages), dtype=np.int64)
    every_begun[placed] = begun
    every = np.zeros((len(messages), carried.shape[1], 2))
    every[placed] = carried
    way = np.zeros((2, len(messages)))
    if begins:
        lat, lon = np.array([b[1] for b in begins]), np.array([b[2] for b in begins])
        course = course_steered(SMALL_BOAT, lat, lon, np.full(lat.size, 0.5), np.zeros(lat.size))
        way[:, placed] = components(SMALL_BOAT.speed_median, course)
    return {
        "first": np.array(first, dtype=np.int64), "share": table[:, 0].copy(),
        "east": (table[:, 2] - lon0) * per_lon, "north": (table[:, 1] - lat0) * per_lat,
        "variance": table[:, 3].copy(),
        "told_east": (table[:, 6] - lon0) * per_lon, "told_north": (table[:, 5] - lat0) * per_lat,
        "reach": table[:, 4].copy(), "begun": every_begun, "carried": every,
        "way_east": way[0].copy(), "way_north": way[1].copy(),
        "most_readings": int(max(np.diff(first), default=0)),
    }  # fmt: skip


def readings_of(message: Message, environment: Environment, paths: Paths) -> Rows:
    """The readings of a message carried to the middle of its event, as `_readings` has them; kept with the paths."""
    key = (message.lead.event, message.readings)
    if key not in paths.readings:
        paths.readings[key] = _readings(message, environment)
    return paths.readings[key]


def _readings(message: Message, environment: Environment) -> Rows:
    """(share, lat, lon, variance, reach, lat as told, lon as told, instant) of each reading at each instant."""
    rows: Rows = []
    event = message.lead.event
    instants = _instants(event) if message.placed else []
    for reading in message.readings:
        here = spot(reading.place)
        centre, radius = reach(reading.place)
        within = (UNKNOWN_WAY * event.length / len(instants)) ** 2 / 12
        variance = (here.east_variance + here.north_variance) / 2 + within
        for at in instants:
            lat, lon = _at_the_middle(here.centre, at, event.middle, environment)
            blurred = variance + (UNKNOWN_WAY * (event.middle - at)) ** 2
            rows.append((reading.probability / len(instants), lat, lon, blurred, radius, centre.lat, centre.lon, at))
    return rows


def _instants(event: Span) -> list[Instant]:
    """The instants that stand for an event, the middle one first: one, or an odd number about ten minutes apart."""
    count = min(2 * round(event.length / STEP / 2) + 1, LONGEST_MOMENT)
    middles = [event.earliest + event.length * (k + 0.5) / count for k in range(count)]
    return sorted(middles, key=lambda at: (abs(at - event.middle), at))


def _at_the_middle(place: Position, at: Instant, middle: Instant, environment: Environment) -> tuple[float, float]:
    """Where what lay there at one instant of an event lies at its middle, by the stream halfway between."""
    if at == middle:
        return place.lat, place.lon
    halfway = round((at + middle) / 2 / STEP) * STEP
    east, north = environment.current.flow(halfway, EVERYWHERE)(np.array([place.lat]), np.array([place.lon]))
    per_lat, per_lon = (float(x) for x in metres_per_degree(place.lat))
    lasts = middle - at
    return place.lat + float(north[0]) * lasts / per_lat, place.lon + float(east[0]) * lasts / per_lon
