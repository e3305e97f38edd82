"""What a coordinator would say of a moment of a forecast: where, how large, moving where, ashore where, become what."""

from collections.abc import Sequence
from typing import Final

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, date_and_zulu, zulu
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Degrees, Instant, Metres, Probability, SquareMetres, days, km, knots
from cordiale.sea.environment import Environment
from cordiale.sea.places import Place
from cordiale.views.drift_forecast import DriftForecast, Moment, nearest_place, told_shores
from cordiale.words import Language, catalogue, say

_ARTICLES: Final = {
    "Le ": "of_le",
    "Les ": "of_les",
    "Cap ": "of_masculine",
    "Banc ": "of_masculine",
    "Bancs ": "of_plural",
    "Bateau-feu ": "of_masculine",
    "Bouée ": "of_feminine",
    "Baie ": "of_feminine",
    "Embouchure ": "of_elided",
}
_VOWELS: Final = "AEIOUYÂÀÉÈÊÎÔÛ"
_AT_THE_PLACE: Final[Metres] = 0.3 * NM
_IN_SIGHT: Final[Metres] = 25 * NM  # beyond it a landmark says nothing
_SMALLEST: Final = 0.05  # of a unit of area: what would be printed as 0.0
_STILL: Final = 0.05 * knots  # below it no direction is told


def moment_sentence(moment: Moment, language: Language = "en") -> str:
    """Area, middle and landmark; the way since the moment before; the shares ashore and where; the phases."""
    area = moment.outline(0.9)
    parts = [
        say(
            "views.drift.where" if area.area is not None else "views.drift.where_no_area",
            language,
            time=told_time(moment.at, moment),
            name=object_name(moment.name, language),
            percent=area.probability * 100,
            area_km2=area_words(area.area, km**2, language),
            area_nm2=area_words(area.area, NM**2, language),
            position=str(moment.centre),
            landmark=_by_landmark(moment.centre, language),
        ),
        _moving(moment, language),
        _ashore(moment, language),
        _phases(moment, language),
    ]
    return " ".join(part for part in parts if part)


def area_words(area: SquareMetres | None, unit: SquareMetres, language: Language = "en") -> str:
    """An area in units of `unit` to one decimal; `<0.1` where that would be nothing, `-` where there is none."""
    if area is None:
        return say("desk.drift.area_none", language)
    return say("desk.drift.area" if area >= _SMALLEST * unit else "desk.drift.area_small", language, area=area / unit)


def told_time(at: Instant, moment: Moment) -> str:
    """A time in the words of a moment: with its date as soon as the moment has left the day that the forecast began."""
    return date_and_zulu(at) if leaves_the_day(moment) else zulu(at)


def leaves_the_day(moment: Moment) -> bool:
    """Whether the moment lies on another day, UTC, than the begin of its forecast."""
    return moment.at // days != moment.from_start.since // days


def told_span(span: Span) -> str:
    """Date and time of a begin; of one that is not known to the minute, both ends."""
    first, last = date_and_zulu(span.earliest), date_and_zulu(span.latest)
    if first == last:
        return first
    return f"{first} - {zulu(span.latest) if first[:10] == last[:10] else last}"


def early_end(forecast: DriftForecast, language: Language = "en") -> str:
    """How far a forecast came that was interrupted."""
    last = forecast.moments[-1]
    return say("views.drift.ends_early", language, at=told_time(last.at, last))


def object_name(name: str, language: Language = "en") -> str:
    """The name of a packaged search object in the reader's language; any other name as it is given."""
    key = f"views.drift.object.{name.replace(' ', '_')}"
    return catalogue(language).get(key, name)


def landmark(position: Position, language: Language = "en") -> str:
    """How a position lies to the nearest named place: `6.1 NM NE of South Foreland`."""
    place, away, towards = nearest_place(position)
    if away < _AT_THE_PLACE:
        return say("views.drift.at_place", language, place=place.called(language))
    return say(
        "views.drift.off_place",
        language,
        away_nm=away / NM,
        compass=compass(towards, language),
        of_place=of_place(place, language),
    )


def _by_landmark(position: Position, language: Language) -> str:
    """The landmark behind a comma, or nothing where none is near."""
    return f", {landmark(position, language)}" if nearest_place(position)[1] < _IN_SIGHT else ""


def of_place(place: Place, language: Language = "en") -> str:
    """`of Calais`; in French `de Calais`, `d'Ambleteuse`, `du Portel`, `du cap Gris-Nez`."""
    name = place.called(language)
    for article, key in _ARTICLES.items():
        if name.startswith(article):
            return say(f"views.drift.{key}", language, place=name, bare=name.removeprefix(article))
    return say("views.drift.of_vowel" if name[0] in _VOWELS else "views.drift.of", language, place=name)


def compass(towards: Degrees, language: Language = "en") -> str:
    """The nearest of the sixteen points of the compass: `NNE`; in French with its article, `dans le NNE`."""
    points = say("views.drift.compass", language).split(";")
    return points[round(towards / 22.5) % 16]


def warning_lines(warnings: Sequence[CordialeError], language: Language = "en") -> list[str]:
    """Problems that did not stop a forecast, each with its hint behind the word for a warning."""
    return [say("views.drift.warning", language, problem=w.problem(language), hint=w.hint(language)) for w in warnings]


def source_line(environment: Environment, language: Language = "en") -> str:
    """Where current and wind come from, with their errors."""
    return say(
        "desk.drift.sources",
        language,
        current=environment.current.source,
        wind=environment.wind.source,
        current_std=environment.current_error.std,
        wind_std=environment.wind_error.std,
    )


def title(forecast: DriftForecast, language: Language = "en") -> str:
    """The head of a picture: what drifts, from where and when."""
    return say(
        "views.drift.title",
        language,
        name=object_name(forecast.name, language),
        start=str(forecast.start),
        begin=date_and_zulu(forecast.begin.latest),
    )


def shares(belief_shares: Sequence[tuple[str, Probability]], language: Language) -> str:
    """`adrift 80 %, swamped 15 %`."""
    return ", ".join(
        say("views.drift.share", language, what=say(f"belief.phase.{name}", language), percent=100 * share)
        for name, share in belief_shares
    )


def _moving(moment: Moment, language: Language) -> str:
    shift = moment.shift
    values = {"since": told_time(shift.since, moment), "moved_nm": shift.metres / NM, "speed_kn": shift.speed / knots}
    if shift.speed < _STILL:
        return say("views.drift.still", language, **values)
    return say("views.drift.moving", language, towards=shift.towards, **values)


def _ashore(moment: Moment, language: Language) -> str:
    if not moment.shores:
        return say("views.drift.none_ashore", language)
    told = told_shores(moment)
    where = ", ".join(
        say("views.drift.shore", language, place=place.called(language), percent=100 * share) for place, share in told
    )
    if told:
        return say("views.drift.ashore", language, percent=100 * moment.ashore, where=where)
    key = "views.drift.hardly_ashore" if moment.ashore >= 0.001 else "views.drift.barely_ashore"
    return say(key, language, percent=100 * moment.ashore)


def _phases(moment: Moment, language: Language) -> str:
    """Said only where something other than drifting is possible."""
    if len(moment.phases) < 2:
        return ""
    return say("views.drift.phases", language, shares=shares(moment.phases, language))
