"""How many boats nobody has reported, and where: from the launches of the night's own boats and the known beaches.

Boats leave in groups. Of a group that somebody has reported others may be at sea unreported; other groups may be so
altogether. Both numbers are of closed form, from how soon a boat is reported first; nothing is computed until asked
for. docs/unreported.md has the equations and what they were measured to be worth.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Final

import numpy as np

from cordiale.association.law import BOATS_IN, BOATS_KNOWN
from cordiale.belief.reading import spot
from cordiale.belief.report import Report
from cordiale.belief.unreported import FIRST_REPORT, FirstReport, Launch, Unreported, unreported
from cordiale.boats.propulsion import SMALL_BOAT
from cordiale.earth.geodesy import distance
from cordiale.earth.instants import Span
from cordiale.earth.position import Position
from cordiale.earth.units import (
    NM,
    FloatArray,
    Fraction,
    Instant,
    Metres,
    Probability,
    Quantity,
    Seconds,
    hours,
    km,
    metres,
    minutes,
)
from cordiale.record.picture import BoatPicture, Picture
from cordiale.sea.places import load_places

# Judgement: boats are seen to leave together, from one beach within minutes; no source counts them.
TOGETHER: Final[Quantity] = 2.5
TOGETHER_TIME: Final[Seconds] = 12 * minutes
TOGETHER_PLACE: Final[Metres] = 400 * metres
FORGETS: Final[Seconds] = 2 * hours  # judgement: as many boats leave now as of late; launches end in an hour or two
LOOKS_BACK: Final[Seconds] = 10 * hours  # judgement: by then a boat has landed or somebody has seen her
CROSSING: Final[Metres] = 25 * NM  # judgement: Calais to Dover 22 NM, Dunkirk to Kent some 30 NM
NEAR_A_BEACH: Final[Metres] = 10 * km  # judgement: how far from a first position the beach is looked for
SOONEST: Final[Seconds] = 15 * minutes  # judgement: a boat is off the beach before anybody aboard calls
UNPLACED: Final[Seconds] = 1.2 * hours  # judgement: age of a boat at a first call without a place
ONE_GROUP: Final[Seconds] = 45 * minutes  # judgement: launches inferred to be so near, off beaches so near, are one
_BIN: Final[Seconds] = 15 * minutes
# The beaches from Fort-Mahon to the Belgian border and De Panne: departures are known from Dunkirk to the Authie and,
# since 2026, from Belgium (needs of the services, second-hand). Which of them are used in a night is not foreseen.
_WEST, _EAST, _SOUTH = 1.5, 2.6, 50.3


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Boats of the picture that left together: how many, weighted by their existence, and when and where they left.

    `any_real` is the probability that one of them is a boat of its own. `places` are beaches with their probabilities.
    """

    at: Instant
    at_std: Seconds
    boats: Quantity
    any_real: Probability
    places: tuple[tuple[Position, Probability], ...]


@dataclass(frozen=True, slots=True)
class _Left:
    """One boat of the picture as it is thought to have left."""

    at: Instant
    at_std: Seconds
    real: Probability
    places: tuple[tuple[Position, Probability], ...]


def unreported_of(
    picture: Picture, *, count: int = 2000, first_report: FirstReport = FIRST_REPORT, seed: int | None = None
) -> Unreported | None:
    """Where the boats are that nobody has reported by the picture; None where it has no boat to judge from.

    The seed is the picture's unless given. It takes the time of one drift of `count` particles over ten hours.
    """
    expected = expected_unreported(picture, first_report)
    if expected is None:
        return None
    return unreported(
        launch_prior(picture, first_report),
        picture.environment,
        picture.at,
        seed=picture.seed if seed is None else seed,
        count=count,
        expected=expected,
        first_report=first_report,
    )


def expected_unreported(picture: Picture, first_report: FirstReport = FIRST_REPORT) -> Quantity | None:
    """Expected number of boats afloat that nobody has reported; None where the picture has no boat to judge from.

    Of closed form, no drift: microseconds a boat. A night without a report says nothing of whether anybody sails.
    """
    groups = launch_groups(picture)
    if not groups:
        return None
    ages = np.array([picture.at - group.at for group in groups])
    boats = np.array([group.boats for group in groups])
    companions = _companions(boats, first_report.not_yet(ages)) * _afloat(ages)
    ages, whole = _ages()
    silent = first_report.not_yet(ages)
    beside = whole * _silent_groups(silent) * silent * _afloat(ages)
    return float(companions.sum() + groups_an_hour(groups, picture.at, first_report) / hours * beside.sum())


def launch_prior(picture: Picture, first_report: FirstReport = FIRST_REPORT) -> tuple[Launch, ...]:
    """Where and when the boats left that nobody may have reported: beside the night's own, and from any known beach.

    `boats` of a launch is how many left, reported or not, that times the chance of no report gives those expected.
    """
    groups, at = launch_groups(picture), picture.at
    if not groups:
        return ()
    launches = []
    for group in groups:
        boats = float(_left_beside(np.array([group.boats]), first_report.not_yet(np.array([at - group.at])))[0])
        for place, chance in group.places:
            span = Span(earliest=group.at, latest=group.at)
            spread = math.hypot(group.at_std, TOGETHER_TIME)
            launches.append(Launch(place=place, at=span, at_std=spread, place_std=TOGETHER_PLACE, boats=boats * chance))
    ages, whole = _ages()
    each = groups_an_hour(groups, at, first_report) / hours * whole * _silent_groups(first_report.not_yet(ages))
    beaches = known_beaches()
    for age, boats in zip(ages.tolist(), each.tolist(), strict=True):
        span = Span(earliest=at - age - whole / 2, latest=at - age + whole / 2)
        launches += [Launch(place=p, at=span, at_std=0.0, boats=boats / len(beaches)) for p in beaches]
    return tuple(launches)


def launch_groups(picture: Picture) -> tuple[Group, ...]:
    """The boats of the picture by when and where they are thought to have left, in order of time."""
    by_name = {report.name: report for report in picture.reports}
    left = (_left(boat, [by_name[name] for name in boat.boat.reports]) for boat in picture.boats)
    groups: list[list[_Left]] = []
    for one in sorted((one for one in left if one is not None), key=lambda one: one.at):
        with_her = next((g for g in groups if one.at - g[-1].at < ONE_GROUP and _near(g[-1], one)), None)
        if with_her is None:
            groups.append([one])
        else:
            with_her.append(one)
    return tuple(_group(members) for members in groups)


def groups_an_hour(groups: Sequence[Group], at: Instant, first_report: FirstReport = FIRST_REPORT) -> Quantity:
    """Groups that leave in an hour of late: those reported, against how many of those that leave are reported by now.

    Old ones are forgotten with a mean of `FORGETS`; before the night tells it is the rate of `BOATS_KNOWN`.
    """
    heard = sum(group.any_real * math.exp(-max(at - group.at, 0.0) / FORGETS) for group in groups)
    ages, whole = _ages()
    silent = first_report.not_yet(ages)
    none = silent / TOGETHER / (1 - (1 - 1 / TOGETHER) * silent)
    watched = whole * float(np.exp(-ages / FORGETS) @ (1 - none))
    return (BOATS_KNOWN / TOGETHER + heard) / (BOATS_IN + watched) * hours


@cache
def known_beaches() -> tuple[Position, ...]:
    """Beaches that boats are known, or near those they are known, to leave from: of the packaged table of places."""
    return tuple(
        place.position
        for place in load_places()
        if place.kind == "beach" and _WEST < place.position.lon < _EAST and place.position.lat > _SOUTH
    )


def _ages() -> tuple[FloatArray, Seconds]:
    """Middles of the bins of age that integrals are summed over, and their width."""
    return np.arange(_BIN / 2, LOOKS_BACK, _BIN), _BIN


def _companions(boats: FloatArray, silent: FloatArray) -> FloatArray:
    """Boats not reported of groups of which `boats` are: the geometric law of sizes after that was seen of it."""
    return _left_beside(boats, silent) * silent


def _left_beside(boats: FloatArray, silent: FloatArray) -> FloatArray:
    more = 1 - 1 / TOGETHER
    return np.asarray((boats + 1) * more / (1 - more * silent))


def _silent_groups(silent: FloatArray) -> FloatArray:
    """Boats a group has on the mean where nobody reported any of it, times that chance, over the chance of one."""
    return np.asarray(1 / TOGETHER / (1 - (1 - 1 / TOGETHER) * silent) ** 2)


def _afloat(ages: FloatArray) -> FloatArray:
    """Share of boats that have not crossed after so many seconds, by the speeds of boats/propulsion.py."""
    law = NormalDist(math.log(SMALL_BOAT.speed_median), SMALL_BOAT.speed_spread)
    return np.array([law.cdf(math.log(CROSSING / max(age, 1.0))) for age in np.atleast_1d(ages).tolist()])


def _left(boat: BoatPicture, told: Sequence[Report]) -> _Left | None:
    """When and from where a boat left, by a departure that was seen, else by its first position, else first contact."""
    placed = [r for r in told if r.where and r.is_about_a_boat]
    seen = next((r for r in placed if r.kind == "departure"), None)
    real = boat.boat.existence
    if seen is not None:
        (where, _) = _reading(seen)
        return _Left(seen.event.middle, seen.event.length / 2, real, ((where, 1.0),))
    if not placed:
        first = min(told, key=lambda r: r.event.middle).event.middle
        even = 1 / len(known_beaches())
        return _Left(first - UNPLACED, UNPLACED / 2, real, tuple((place, even) for place in known_beaches()))
    first_fix = min(placed, key=lambda r: (r.event.middle, r.name))
    where, _ = _reading(first_fix)
    beaches = known_beaches()
    lat, lon = np.array([[p.lat, p.lon] for p in beaches]).T
    off = distance(np.full(lat.size, where.lat), np.full(lon.size, where.lon), lat, lon)
    chance = np.exp(-(off - off.min()) / NEAR_A_BEACH)
    chance /= chance.sum()
    age = min(max(float(off.min()) / SMALL_BOAT.speed_median, SOONEST), LOOKS_BACK)
    kept = tuple((p, float(c)) for p, c in zip(beaches, chance, strict=True) if c > 0.02)
    return _Left(first_fix.event.middle - age, age / 2, real, kept)


def _reading(report: Report) -> tuple[Position, Fraction]:
    best = max(report.where, key=lambda reading: reading.probability)
    return spot(best.place).centre, best.probability


def _near(one: _Left, other: _Left) -> bool:
    """Whether two boats may have left from one beach: their likeliest beaches lie near."""
    a, b = (max(left.places, key=lambda pair: pair[1])[0] for left in (one, other))
    return float(distance(a.lat, a.lon, b.lat, b.lon)) < NEAR_A_BEACH


def _group(members: Sequence[_Left]) -> Group:
    real = np.array([one.real for one in members])
    weights = np.maximum(real, 1e-9) / np.maximum(real, 1e-9).sum()
    first = max(members, key=lambda one: (-one.at_std, one.real))  # the surest of them knows best
    return Group(
        at=float(weights @ np.array([one.at for one in members])),
        at_std=first.at_std,
        boats=float(real.sum()),
        any_real=float(1 - np.prod(1 - real)),
        places=first.places,
    )
