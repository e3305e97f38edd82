"""What there is to see by: the options that plan, task and result share, and what holds where nobody said.

One parser and one rule. Visibility: 5 NM. Waves: as the weather table pairs them with the wind at the place, at least
0.3 m. Clouds: aircraft are below them. Water: as in the season. Instruments: `cordiale.search.sight`.
"""

import argparse
import math
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from cordiale.desk.options import read_distance, read_range
from cordiale.earth.instants import zulu
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Celsius, Instant, Metres, knots
from cordiale.record.in_distress import Means
from cordiale.record.picture import Picture
from cordiale.response.rescue import Weather
from cordiale.sea.environment import Environment
from cordiale.sea.light import light
from cordiale.search.sight import INSTRUMENTS, Sight, Use, instruments_counted
from cordiale.sensors.sensor import Conditions
from cordiale.words import Language, catalogue, say

FAR: Final[Metres] = 5 * NM  # judgement: a clear night of the strait, as far as one dares to count on unasked
SWELL: Final[Metres] = 0.3  # judgement: the strait is never flat, whatever the wind does
MIDDLE: Final = Position(lat=51.0, lon=1.5)  # of the strait: for the wind where no boat has a position
NONE: Final = ("none", "aucun")
ALL: Final = ("all", "tous")
Told = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Seeing:
    """What was stated of the visibility, the clouds, the waves and the water, None where nobody said; what counts.

    `instruments` are those that count; `named` tells whether somebody named them.
    """

    visibility: Metres | None = None
    cloud_base: Metres | None = None
    waves: Metres | None = None
    water: tuple[Celsius, Celsius] | None = None
    instruments: frozenset[str] = instruments_counted(None, "plan")
    named: bool = False

    def conditions_at(self, environment: Environment, at: Instant, where: Position) -> Conditions:
        """What there is to see by at an instant and a place."""
        east, north = environment.wind.velocity(at, np.array([where.lat]), np.array([where.lon]))
        found = Conditions(
            visibility=FAR if self.visibility is None else self.visibility,
            wind=math.hypot(float(east[0]), float(north[0])),
            sea=self.waves,
            light=light(at, lat=where.lat, lon=where.lon).twilight,
            cloud_base=self.cloud_base,
        )
        return found if self.waves is not None else replace(found, sea=max(found.sea_height, SWELL))

    @property
    def unsaid(self) -> tuple[str, ...]:
        """Which of visibility, waves and water nobody stated."""
        return tuple(what for what in ("visibility", "waves", "water") if getattr(self, what) is None)

    def means_at(self, seen: Picture) -> Means:
        """The same for a response: waves, where nobody said, by the wind at the middle of the boats of a picture."""
        conditions = self.conditions_at(seen.environment, seen.at, _middle(seen))
        return Means(
            weather=Weather(wave_height=conditions.sea_height, visibility=conditions.visibility),
            water=self.water,
            cloud_base=self.cloud_base,
            instruments=self.instruments,
            unsaid=self.unsaid,
        )


def describe_seeing(parser: argparse.ArgumentParser, language: Language, use: Use) -> None:
    """The options, alike in every command."""
    add = parser.add_argument
    add("--visibility", metavar="5NM", help=say("desk.seeing.visibility", language))
    add("--cloud-base", metavar="300m", help=say("desk.seeing.cloud_base", language))
    add("--waves", metavar="0.5m", help=say("desk.seeing.waves", language))
    add("--water", metavar="12-14", help=say("desk.seeing.water", language))
    add("--instruments", metavar="radar,infrared", help=say(f"desk.seeing.instruments_{use}", language))


def seeing_stated(options: argparse.Namespace, use: Use) -> Seeing:
    """What was stated; what cannot be read is refused before any work is done."""
    read = {
        what: None if getattr(options, what) is None else read_distance(getattr(options, what))
        for what in ("visibility", "cloud_base", "waves")
    }
    return Seeing(
        **read,
        water=None if options.water is None else read_range(options.water),
        instruments=instruments_counted(_named(options.instruments), use),
        named=options.instruments is not None,
    )


def weather_told(conditions: Conditions, at: Instant, stated: Seeing) -> tuple[str, dict[str, Any]]:
    """The weather that was reckoned with: key and values of a sentence."""
    unsaid = tuple(f"response.assumed.unsaid_{what}" for what in stated.unsaid if what != "water")
    return (
        "desk.seeing.weather_assumed" if unsaid else "desk.seeing.weather",
        {
            "unsaid": unsaid,
            "at": zulu(at),
            "visibility_nm": conditions.visibility / NM,
            "wind_kn": conditions.wind / knots,
            "waves_m": conditions.sea_height,
        },
    )


def judged_told(sights: dict[str, Sight]) -> Told:
    """What rests on judged figures of instruments, each with its figure: keys and values of sentences."""
    told: Told = []
    for name in sorted({name for sight in sights.values() for name in sight.judged}):
        same: dict[tuple[tuple[str, Metres], ...], list[str]] = {}
        for craft, sight in sights.items():
            if name in sight.judged:
                same.setdefault(tuple(sorted(sight.judged_widths(name).items())), []).append(craft)
        for widths, craft_names in same.items():
            values = {"sensor": f"sensors.sensor.{name}", "names": ", ".join(craft_names), "widths": dict(widths)}
            told.append(("desk.seeing.judged", values))
    return told


def not_counted_told(sights: dict[str, Sight]) -> Told:
    """Which instruments aboard do not count: a key and values of a sentence, or nothing."""
    by_name: dict[str, list[str]] = {}
    for craft, sight in sights.items():
        for name in sight.not_counted:
            by_name.setdefault(name, []).append(craft)
    return [
        ("desk.seeing.not_counted", {"sensor": f"sensors.sensor.{name}", "names": ", ".join(craft)})
        for name, craft in sorted(by_name.items())
    ]


def told(key: str, values: dict[str, Any], language: Language) -> str:
    """A sentence; values that are keys of the catalogue are said in the same language; lists and sweep widths too."""
    known, said = catalogue(language), dict(values)
    for name, one in values.items():
        if isinstance(one, dict):
            said[name] = widths_said(one, language)
        elif isinstance(one, tuple):
            said[name] = ", ".join(say(word, language) if word in known else word for word in one)
        elif isinstance(one, str) and one in known:
            said[name] = say(one, language)
    return say(key, language, **said)


def widths_said(widths: dict[str, Metres], language: Language) -> str:
    """Sweep widths by search object class, as a coordinator would say them."""
    return ", ".join(
        say("desk.seeing.width", language, object=say(f"sensors.object.{what}", language), width_nm=width / NM)
        for what, width in widths.items()
        if width > 0
    )


def _named(text: str | None) -> tuple[str, ...] | None:
    """`radar,infrared`, `none` or `all`; None where nobody said."""
    if text is None:
        return None
    words = tuple(word for word in text.lower().replace(",", " ").split() if word)
    if not words or (len(words) == 1 and words[0] in NONE):
        return ()
    return INSTRUMENTS if len(words) == 1 and words[0] in ALL else words


def _middle(seen: Picture) -> Position:
    places = [boat.cloud.centre for boat in seen.boats if boat.cloud is not None and boat.standing != "closed"]
    if not places:
        return MIDDLE
    return Position(lat=sum(one.lat for one in places) / len(places), lon=sum(one.lon for one in places) / len(places))
