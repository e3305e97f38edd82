"""What becomes of a boat while the sea moves her: phases of life, drawn at the round half hours.

`live` is called by the drift at every round half hour. It draws who changes (rates of the search object's life, in the
wind that each particle meets), and gives those who do a leeway class of the new phase, their way or the end of it, and
a place ashore or off the beach. Everything drawn depends on the particle's id and the half hour alone.
"""

import math
from dataclasses import replace
from typing import Final

import numpy as np

from cordiale.belief.belief import KNOT, Belief
from cordiale.belief.coastwise import course_along, leg_length, run_of
from cordiale.belief.offing import put_off_the_beach
from cordiale.belief.report import Report, State
from cordiale.boats.life import (
    ADRIFT,
    BEACHED,
    COASTING,
    IN_LIFEJACKETS,
    IN_THE_WATER,
    PHASES,
    POWERED,
    STANDARD_LIFE,
    SWAMPED,
    TOWED,
    UNDER_WAY,
    effective_lifejackets,
    rate,
    without,
)
from cordiale.boats.propulsion import SMALL_BOAT, course_steered, speed_through_water
from cordiale.boats.search_object import SearchObject
from cordiale.earth.chance import Stream
from cordiale.earth.draw import uniforms
from cordiale.earth.geodesy import destination
from cordiale.earth.instants import zulu
from cordiale.earth.units import (
    BoolArray,
    Degrees,
    FloatArray,
    Fraction,
    IntArray,
    Metres,
    MetresPerSecond,
    Probability,
    Seconds,
)
from cordiale.sea.environment import Environment, Shore
from cordiale.sea.tide import tidal_level, window_around
from cordiale.words import Language, say

PEOPLE_ASHORE: Final[Probability] = 0.9  # judgement: of boats on the beach, those whose people have left them
RUNS_YET: Final[Probability] = 0.05  # judgement: she was swamped or worse, and yet is said to make way
SAID: Final[Fraction] = 0.01  # a phase less likely than this is not said
_SHORE_SEARCHED: Final = 16  # courses on which a boat looks for the beach
_BOATS: Final = (ADRIFT, UNDER_WAY, SWAMPED, BEACHED, TOWED, COASTING)
_LEG_ENDS: Final[Metres] = 500.0  # so near its end the leg along the coast is done


def live(belief: Belief, environment: Environment) -> Belief:
    """The belief after the half hour that ends at `belief.at`, a round half hour: who has changed the phase of life.

    Without a life (`NO_LIFE`) only a stopped engine is noted. Particles whose own time has not come do not age, nor
    do those stranded unless they are beached. About 10 ms for 100,000 particles.
    """
    belief = _engine_noted(belief)
    life = belief.search_object.life
    if not life.transitions:
        return belief
    exposed = np.clip(belief.at - belief.start, 0.0, KNOT)
    ages = (exposed > 0) & (~belief.stranded | (belief.phase == BEACHED))
    after = belief.phase.copy()
    knot = round(belief.at / KNOT)
    chance = uniforms(belief.stream.child("life"), belief.ids, knot)
    wind = _wind_met(belief, environment)
    ways_out = [life.out_of(phase) for phase in range(len(PHASES))]
    most = np.array([sum(rate(way, wind.max()) for way in ways) * KNOT for ways in ways_out])
    may = np.flatnonzero((chance[0] < -np.expm1(-most)[belief.phase]) & ages)  # nobody else can change this half hour
    for phase, ways in enumerate(ways_out):
        mine = may[belief.phase[may] == phase]
        if not ways or mine.size == 0:
            continue
        sums = np.cumsum([rate(way, wind[mine]) for way in ways], axis=0)
        changes = -np.expm1(-sums[-1] * exposed[mine])
        hit = np.flatnonzero(chance[0, mine] < changes)
        pick = chance[0, mine[hit]] / changes[hit] * sums[-1, hit]
        which = np.minimum((sums[:, hit] <= pick).sum(axis=0), len(ways) - 1)
        reach = np.array([math.inf if way.within is None else way.within for way in ways])[which]
        allowed = _near_enough(belief, environment.coast, mine[hit], reach)
        after[mine[hit[allowed]]] = np.array([way.after for way in ways])[which[allowed]]
    lived = changed(belief, after, environment, belief.stream.child("life change"), knot, chance[1])
    return _steered_along(lived)


def changed(
    belief: Belief, after: IntArray, environment: Environment | None, chance: Stream, counter: int, uniform: FloatArray
) -> Belief:
    """The belief with the phases `after` (n,): class, way, place of those that changed are those of the new phase.

    `uniform` (n,) draws the class; the rest is drawn from `chance` by id and counter.
    """
    new = np.flatnonzero(after != belief.phase)
    if new.size == 0:
        return belief
    what = belief.search_object
    before, now = belief.phase[new], after[new]
    aground, leaves = now == BEACHED, before == BEACHED
    starts = new[(now == UNDER_WAY) | (now == COASTING)]
    names = ["leeway_class", "engine_stops"]
    names += ["lat", "lon", "stranded", "lies_at"] if (aground | leaves).any() else []
    names += ["way_course", "way_speed"] if starts.size else []
    fields = {name: getattr(belief, name).copy() for name in names}
    own = np.array([what.weights_in(k) for k in range(len(PHASES))])
    other = (own[before] != own[now]).any(axis=1)
    fields["leeway_class"][new[other]] = what.draw_class(uniform[new[other]], now[other])
    stops = new[~np.isin(now, POWERED)]
    fields["engine_stops"][stops] = np.minimum(fields["engine_stops"][stops], belief.at)
    _ashore(belief, environment, new[aground], fields)
    _afloat(None if environment is None else environment.coast, new[leaves], fields)
    if starts.size:
        draws = chance.uniforms(belief.ids[starts], counter)
        normal = chance.child("way").normals(belief.ids[starts], counter)
        lat, lon = (fields.get(name, getattr(belief, name))[starts] for name in ("lat", "lon"))
        fields["way_course"][starts] = course_steered(SMALL_BOAT, lat, lon, draws[:, 0], normal[:, 0])
        speed = fields["way_speed"][starts]
        fields["way_speed"][starts] = np.where(speed > 0, speed, speed_through_water(SMALL_BOAT, normal[:, 1]))
        lasts: Seconds = min(what.life.mean(UNDER_WAY, ADRIFT), 1e12)
        again = starts[fields["engine_stops"][starts] <= belief.at]
        fields["engine_stops"][again] = belief.at - lasts * np.log(draws[np.isin(starts, again), 1])
    return replace(belief, phase=after, **fields)


def told(belief: Belief, report: Report, environment: Environment | None = None) -> Belief:
    """The belief after what a report says of her state or her engine; only for a search object with a life.

    Swamped, in the water and beached change the phase; who is already further on stays so: who is in the water is not
    swamped again by a late report. An engine that runs, or way, speaks against what cannot make way: one part in 20
    of its weight is left (judgement). Without an engine none is started again.
    """
    state = report.boat.state
    if not belief.search_object.life.transitions:
        return belief
    if report.boat.engine == "running" or state == "under_way":
        sails = np.isin(belief.phase, (ADRIFT, *POWERED, BEACHED))
        weight = belief.weight * np.where(sails, 1.0, RUNS_YET)
        return replace(belief, weight=weight / weight.sum())
    if report.boat.engine == "none":
        what = replace(belief.search_object, life=without(belief.search_object.life, ADRIFT, UNDER_WAY))
        belief = replace(belief, search_object=what)
    if state is None:
        return belief
    chance = belief.stream.child(f"told {report.name}")
    draws = chance.uniforms(belief.ids, 0)
    after = phases_told(belief.search_object, state, belief.phase, draws[:, 0])
    return changed(belief, after, environment, chance.child("change"), 0, draws[:, 1])


def boats_afloat(belief: Belief) -> BoolArray:
    """Particles that may make way: all of an object without a life; else boats that are neither swamped nor ashore."""
    if not belief.search_object.life.transitions:
        return np.ones(len(belief), dtype=np.bool_)
    return np.isin(belief.phase, (ADRIFT, *POWERED))


def phases_told(what: SearchObject, state: State, phase: IntArray, uniform: FloatArray) -> IntArray:
    """Phases (n,) after a report of the state of a boat that was in `phase`; drawn where the state leaves it open."""
    if state == "swamped" and what.has(SWAMPED):
        return np.where(np.isin(phase, (ADRIFT, UNDER_WAY, COASTING, TOWED)), SWAMPED, phase)
    if state == "in_the_water" and what.has(IN_THE_WATER):
        jackets = what.has(IN_LIFEJACKETS) & (
            uniform < (effective_lifejackets(what.life) or effective_lifejackets(STANDARD_LIFE))
        )
        return np.where(np.isin(phase, _BOATS), np.where(jackets, IN_LIFEJACKETS, IN_THE_WATER), phase)
    if state == "in_the_water" and what.has(SWAMPED):
        return np.where(np.isin(phase, (ADRIFT, UNDER_WAY, COASTING, TOWED)), SWAMPED, phase)
    if state == "beached" and what.has(BEACHED):
        return np.where(np.isin(phase, (ADRIFT, UNDER_WAY, COASTING, SWAMPED)), BEACHED, phase)
    return phase


def taken_in_tow(belief: Belief, *, course: Degrees, speed: MetresPerSecond) -> Belief:
    """The belief once a report says that she is towed: what is still a boat afloat makes that way through the water."""
    held = np.isin(belief.phase, (ADRIFT, UNDER_WAY, SWAMPED, COASTING)) & ~belief.stranded
    return replace(
        belief,
        phase=np.where(held, TOWED, belief.phase),
        way_course=np.where(held, course, belief.way_course),
        way_speed=np.where(held, speed, belief.way_speed),
        engine_stops=np.where(held, np.inf, belief.engine_stops),
    )


def cast_off(belief: Belief) -> Belief:
    """The belief once a report says that the tow has ended: she is adrift."""
    towed = belief.phase == TOWED
    return replace(
        belief,
        phase=np.where(towed, ADRIFT, belief.phase),
        way_speed=np.where(towed, 0.0, belief.way_speed),
        engine_stops=np.where(towed, belief.at, belief.engine_stops),
    )


def phases_of(belief: Belief) -> dict[str, Probability]:
    """What is she now? The probability of every phase of life, 1 in all. A boat that lies ashore counts as beached."""
    phase = np.where(belief.stranded & np.isin(belief.phase, _BOATS), BEACHED, _phase_now(belief))
    held = np.bincount(phase, weights=belief.weight, minlength=len(PHASES))
    return {name: float(share) for name, share in zip(PHASES, held / held.sum(), strict=True)}


def people_ashore(belief: Belief) -> Probability:
    """Probability that her people have left her on a beach: nine in ten of the boats that lie on one (judgement)."""
    return PEOPLE_ASHORE * phases_of(belief)["beached"]


def phases_sentence(belief: Belief, language: Language = "en") -> str:
    """What a coordinator would say: `0600Z small boat: adrift 61 %, swamped 30 %, debris 9 %`."""
    likely = sorted(((p, name) for name, p in phases_of(belief).items() if p >= SAID), key=lambda item: -item[0])
    shares = [
        say("belief.share", language, phase=say(f"belief.phase.{name}", language), percent=100 * p)
        for p, name in likely
    ]
    return say(
        "belief.phases", language, time=zulu(belief.at).replace(":", ""), name=belief.name, shares=", ".join(shares)
    )


def _phase_now(belief: Belief) -> IntArray:
    """The phases with the engines as they stand: under way exactly while one runs."""
    phase = belief.phase
    runs = (belief.way_speed > 0) & (belief.engine_stops > belief.at)
    wrong = ((phase == ADRIFT) & runs) | (((phase == UNDER_WAY) | (phase == COASTING)) & ~runs)
    wrong |= (phase == BEACHED) & ~belief.stranded
    return np.where(wrong, np.where(runs, UNDER_WAY, ADRIFT), phase) if wrong.any() else phase


def _engine_noted(belief: Belief) -> Belief:
    phase = _phase_now(belief)
    return belief if phase is belief.phase else replace(belief, phase=phase)


def _wind_met(belief: Belief, environment: Environment) -> FloatArray:
    """Wind speed in m/s that each particle meets: the field and the particle's own error of it."""
    wind, std = environment.wind, environment.wind_error.std
    if wind.everywhere:
        east, north = wind.velocity(belief.at, belief.lat[:1], belief.lon[:1])
    else:
        east, north = wind.flow(belief.at, window_around(belief.lat, belief.lon))(belief.lat, belief.lon)
    east, north = east + std * belief.wind_error[:, 0], north + std * belief.wind_error[:, 1]
    return np.asarray(np.sqrt(east * east + north * north))


def _near_enough(belief: Belief, coast: Shore | None, which: IntArray, reach: FloatArray) -> BoolArray:
    """Whether the land is as near as the way out asks for; where it is not, nothing happens."""
    allowed = np.isinf(reach)
    asks = np.flatnonzero(~allowed)
    if coast is not None and asks.size:
        allowed[asks] = coast.distance(belief.lat[which[asks]], belief.lon[which[asks]]) <= reach[asks]
    return allowed


def _ashore(belief: Belief, environment: Environment | None, which: IntArray, fields: dict[str, FloatArray]) -> None:
    """Boats put on the nearest beach found within half a mile; one that finds none lies where she is."""
    if which.size == 0:
        return
    lat, lon = belief.lat[which], belief.lon[which]
    if environment is not None and environment.coast is not None:
        lat, lon = _on_the_beach(environment.coast, lat, lon)
    fields["lat"][which], fields["lon"][which] = lat, lon
    fields["stranded"][which] = True
    if environment is not None and environment.tide is not None:
        fields["lies_at"][which] = tidal_level(environment.tide, belief.at, lat, lon)


def _on_the_beach(coast: Shore, lat: FloatArray, lon: FloatArray) -> tuple[FloatArray, FloatArray]:
    reach: Metres = 1000.0
    best, best_lat, best_lon = np.full(lat.shape, np.inf), lat.copy(), lon.copy()
    for k in range(_SHORE_SEARCHED):
        angle = 2 * math.pi * k / _SHORE_SEARCHED
        way = (np.full(lat.shape, reach * math.sin(angle)), np.full(lat.shape, reach * math.cos(angle)))
        to_lat, to_lon = destination(lat, lon, *way)
        part = coast.landfall(lat, lon, to_lat, to_lon)
        part = np.where(np.isfinite(part), part, 2.0)
        nearer = part < np.minimum(best, 1.0)
        best[nearer] = part[nearer]
        best_lat[nearer] = (lat + part * (to_lat - lat))[nearer]
        best_lon[nearer] = (lon + part * (to_lon - lon))[nearer]
    return best_lat, best_lon


def _afloat(coast: Shore | None, which: IntArray, fields: dict[str, FloatArray]) -> None:
    """Boats that leave the beach again, in open water off it."""
    if which.size == 0:
        return
    if coast is not None:
        fields["lat"][which], fields["lon"][which] = put_off_the_beach(
            coast, fields["lat"][which], fields["lon"][which]
        )
    fields["stranded"][which] = False
    fields["lies_at"][which] = np.nan


def _steered_along(belief: Belief) -> Belief:
    """Those under way along the coast steer for the next half hour's point of the leg; at its end they cross."""
    leg = belief.search_object.life.leg
    coasting = np.flatnonzero(belief.phase == COASTING)
    if not leg or coasting.size == 0:
        return belief
    lat, lon = belief.lat[coasting], belief.lon[coasting]
    done = run_of(leg, lat, lon) >= leg_length(leg) - _LEG_ENDS
    ahead = np.maximum(belief.way_speed[coasting] * KNOT, _LEG_ENDS)
    course, phase = belief.way_course.copy(), belief.phase.copy()
    course[coasting] = course_along(leg, lat, lon, ahead)
    across = coasting[done]
    if across.size:
        knot = round(belief.at / KNOT)
        draws = belief.stream.child("life across").uniforms(belief.ids[across], knot)[:, 0]
        normal = belief.stream.child("life across").normals(belief.ids[across], knot)[:, 0]
        course[across] = course_steered(SMALL_BOAT, lat[done], lon[done], draws, normal)
        phase[across] = UNDER_WAY
    return replace(belief, way_course=course, phase=phase)
