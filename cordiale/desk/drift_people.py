"""How many may be alive, beside a forecast: only when the number of persons is given, and never one number alone."""

import argparse
import math
import re
from typing import Final

from cordiale.belief.belief import Belief
from cordiale.boats.life import IN_LIFEJACKETS, IN_THE_WATER, PHASES
from cordiale.boats.survival import SurvivalCurve, survival_curve
from cordiale.boats.survival_count import survival_words
from cordiale.boats.survival_table import Immersion, Lifejacket
from cordiale.desk.options import read_range
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Instant, Quantity
from cordiale.feeds.counts import read_between
from cordiale.views.drift_forecast import DriftForecast
from cordiale.words import Language, say

_LIFEJACKETS: dict[str, Lifejacket] = {"none": "none", "worn": "effective", "useless": "ineffective"}
_MOST_PERSONS: Final = 10_000
Told = list[tuple[str, dict[str, object]]]


def describe_people(parser: argparse.ArgumentParser, language: Language) -> None:
    """The options about people in the water."""
    add = parser.add_argument
    add("--persons", metavar="33|30-40", help=say("desk.drift.persons", language))
    add("--lifejackets", choices=list(_LIFEJACKETS), help=say("desk.drift.lifejackets", language))
    add("--water-temperature", metavar="12|11-13", help=say("desk.drift.water_temperature", language))


def curve_of(options: argparse.Namespace) -> SurvivalCurve | None:
    """The survival of the people that `--persons` counts, in the water that was stated; None without a number."""
    if options.persons is None:
        if options.water_temperature is not None or options.lifejackets is not None:
            raise CordialeError("desk.drift_persons")
        return None
    if options.search_for == "body":
        raise CordialeError("desk.drift_bodies", persons=options.persons)
    water = None if options.water_temperature is None else _temperature(options.water_temperature)
    who = Immersion(
        persons=_persons(options.persons),
        lifejacket=None if options.lifejackets is None else _LIFEJACKETS[options.lifejackets],
    )
    return survival_curve(who, water)


def _persons(text: str) -> tuple[int, int]:
    """`33`, `30-40` or `une trentaine`, as a report gives it."""
    if re.fullmatch(r"[\s\d–-]+", text):
        least, most = read_range(text)
    else:
        interval = read_between(text)
        least, most = math.floor(interval.least), math.ceil(interval.most)
    if not 1 <= least <= most <= _MOST_PERSONS:
        raise CordialeError("desk.persons", text=text, most=_MOST_PERSONS)
    return int(least), int(most)


def _temperature(text: str) -> tuple[Quantity, Quantity]:
    """`12`, `11-13`, `12 °C`: degrees Celsius."""
    try:
        return read_range(re.sub(r"\s*°?\s*[cC]\s*$", "", text))
    except CordialeError:
        raise CordialeError("desk.water_temperature", text=text) from None


def survivors_told(curve: SurvivalCurve, forecast: DriftForecast, *, in_water: bool) -> Told:
    """Keys and values of what is said at the end of a forecast; in the water since its start, or supposed to be."""
    since = _since(forecast, forecast.moments[-1].at)
    told: Told = [] if in_water else [("desk.drift.if_in_water", {})]
    return told + [(key, dict(values)) for key, values in survival_words(curve, since)]


def are_in_water(belief: Belief) -> bool:
    """Whether the search object is people in the water from the start."""
    return PHASES[belief.search_object.first_phase] in (PHASES[IN_THE_WATER], PHASES[IN_LIFEJACKETS])


def _since(forecast: DriftForecast, at: Instant) -> tuple[float, float]:
    return at - forecast.begin.latest, at - forecast.begin.earliest
