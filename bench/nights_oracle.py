"""Ceilings of a generated night: oracles that know the truth of every boat, and only not which one a report is about.

`track_oracle` knows every track, the noise and how often and when people call: what place and time can tell at best.
`oracle` also knows every phone, who is aboard, how a boat looks and how people talk: no method that sees only the
reports can be better on average.
"""

import math

import numpy as np

from cordiale.belief.reading import log_likelihood_of_place
from cordiale.belief.report import Between, Fix, Report
from cordiale.earth.geodesy import distance
from cordiale.earth.units import km, minutes
from tests.worlds.generate import Night, TrueBoat
from tests.worlds.generate_places import RAYLEIGH
from tests.worlds.generate_recipe import Recipe
from tests.worlds.generate_told import SAID_STATE, URGENT

WATERS = 3000 * km**2  # over which what is of no boat lies evenly, as the generator strews it, to the order
NEVER = -14.0  # one in a million: the generator hardly does it
CALLS = {"distress_call", "position_pin", "missed_call", "relay"}
OF_AN_END = {"recovery", "landing", "return"}


def track_oracle(night: Night) -> dict[str, str]:
    """The grouping by true tracks, noise and times alone; relays that are written down go with what they pass on."""
    return oracle(night, words=False)


def oracle(night: Night, *, words: bool = True) -> dict[str, str]:
    """The grouping of a night by its true tracks: a boat's name, or a label of its own for what is of no boat."""
    boats = list(night.truth.boats.values())
    reports = night.about_boats
    total = np.stack([log_likelihoods(night.recipe, boat, reports, words=words) for boat in boats], axis=1)
    none = np.array([_of_none(night.recipe, r) for r in reports])
    best = total.argmax(axis=1)
    given = {
        r.name: boats[k].name if row[k] > other else f"none/{r.name}"
        for r, k, row, other in zip(reports, best, total, none, strict=True)
    }
    for report in reports:  # in order of receipt: what a relay passes on mostly came before
        given[report.name] = (
            given[_origin(report, {r.name: r for r in reports})] if report.relay_of else given[report.name]
        )
    return given


def _origin(report: Report, known: dict[str, Report]) -> str:
    while report.relay_of is not None and report.relay_of in known:
        report = known[report.relay_of]
    return report.name


def log_likelihoods(recipe: Recipe, boat: TrueBoat, reports: tuple[Report, ...], *, words: bool = True) -> np.ndarray:
    """Log likelihood (m-2 s-1 where there is a place) of each report, were it about this boat."""
    said = [_what(recipe, boat, r) if words else 0.0 for r in reports]
    return np.array([_when(recipe, boat, r) + _where(recipe, boat, r) for r in reports]) + np.array(said)


def _instants(report: Report) -> np.ndarray:
    """Instants that stand for the event."""
    count = 1 + 2 * min(int(report.event.length / (4 * minutes)), 4)
    return (
        np.linspace(report.event.earliest, report.event.latest, count) if count > 1 else np.array([report.event.middle])
    )


def _when(recipe: Recipe, boat: TrueBoat, report: Report) -> float:
    """How often such a thing is told of her at that time, per second."""
    at, way = report.event.middle, boat.craft.way
    afloat = max(boat.craft.last - way.start, 600.0)
    if report.kind in OF_AN_END:
        ends = any(e.kind == report.kind and abs(e.at - at) < 2 * minutes for e in boat.ended)
        return 0.0 if ends else NEVER
    if report.kind == "departure":
        return math.log(1 / 600) if -120 < at - way.start < 600 else NEVER
    if not way.start - 300 <= at <= max(way.end, boat.craft.last) + 300:
        return NEVER - 10
    if report.kind == "radar_plot":
        return math.log(max(recipe.radar_plots, 0.01) / afloat)
    if report.kind == "find":
        return math.log(1 / 36000) if boat.fate == "lost" else NEVER
    phase = way.phase_at(at)
    urgent = recipe.trouble if phase == "adrift" else URGENT.get(phase, 0.0)
    share = 0.16 if report.kind == "sighting" else 0.8
    if report.kind in CALLS and boat.craft.mute:
        return NEVER
    shadowed = report.kind == "sighting" and boat.craft.escort and boat.craft.escort[0] <= at <= boat.craft.escort[1]
    more = 1 / recipe.escort_every if shadowed else 0.0
    return math.log(share * recipe.contacts_mean * max(urgent, 0.02) / (2 * afloat) + more)


def _where(recipe: Recipe, boat: TrueBoat, report: Report) -> float:
    """Log density of what was said of the place, given where she was; 0 where nothing was."""
    if not report.where:
        return 0.0
    places = np.array([boat.at(t) for t in _instants(report)])
    if math.isinf(recipe.tail) or not all(isinstance(r.place, Fix) for r in report.where):
        seen = np.exp(log_likelihood_of_place(report.where, places[:, 0], places[:, 1])).mean()
    else:
        seen = float(np.mean([_student(recipe, report, lat, lon) for lat, lon in places]))
    wrong = recipe.misread if report.channel == "phone" and report.kind in {"position_pin", "relay"} else 1e-4
    return math.log((1 - wrong) * float(seen) + wrong / WATERS)


def _student(recipe: Recipe, report: Report, lat: float, lon: float) -> float:
    """The density of Student's law in the plane."""
    total = 0.0
    for reading in report.where:
        std = reading.place.within / RAYLEIGH
        away = float(distance(lat, lon, reading.place.position.lat, reading.place.position.lon))
        square = away**2 / (recipe.tail * std**2)
        total += reading.probability * (1 + square) ** (-(recipe.tail + 2) / 2) / (2 * math.pi * std**2)
    return total


def _what(recipe: Recipe, boat: TrueBoat, report: Report) -> float:
    """Log likelihood of what was said of phone, people, colour, length and engine."""
    at, looks = report.event.middle, report.boat
    total = 0.0
    if report.caller is not None:
        total += math.log(1 / len(boat.phones)) if report.caller in boat.phones else NEVER
    if report.persons is not None and report.kind != "find":
        total += _persons(recipe, boat, report, at)
    if looks.colour is not None:
        right = 0.98 if report.kind in OF_AN_END else recipe.colour_right
        others = max(len(recipe.colours) - 1, 1)
        total += math.log(right if looks.colour == boat.colour else (1 - right) / others)
    if looks.length_m is not None:
        total += _normal(_middle(looks.length_m) - boat.length, math.hypot(recipe.length_error, 0.3))
    phase = boat.craft.way.phase_at(at)
    if looks.engine is not None:
        running = phase in {"under_way", "coasting"}
        total += math.log(0.97 if (looks.engine == "running") == running else 0.03)
    if looks.state is not None:
        total += math.log(0.9 if looks.state == SAID_STATE.get(phase) else 0.02)
    return total


def _persons(recipe: Recipe, boat: TrueBoat, report: Report, at: float) -> float:
    if report.kind in OF_AN_END:
        ended = [e.persons for e in boat.ended if e.kind == report.kind and abs(e.at - at) < 2 * minutes]
        return 0.0 if ended and abs(ended[0] - _middle(report.persons)) <= 1 else NEVER
    outside = report.kind in {"sighting", "departure"}
    error = recipe.persons_error[1] if outside else recipe.persons_error[0]
    if report.kind == "relay":
        error = math.hypot(error, 0.6 * recipe.relay_persons)
    return _normal(_middle(report.persons) - boat.persons(at), math.hypot(error, 0.3))


def _middle(between: Between) -> float:
    return (between.least + between.most) / 2


def _normal(away: float, std: float) -> float:
    return -0.5 * (away / std) ** 2 - math.log(std)


def _of_none(recipe: Recipe, report: Report) -> float:
    """Log likelihood of a report of no boat: clutter and other craft."""
    many = {"radar_plot": recipe.clutter, "sighting": recipe.other_craft}.get(report.kind, 0.0)
    if many <= 0 or report.persons is not None or report.caller is not None:
        return -math.inf
    if report.kind == "sighting" and (report.asset != "passing ship" or report.boat.colour or report.boat.length_m):
        return -math.inf
    return math.log(many / (0.8 * recipe.lasts) / WATERS)
