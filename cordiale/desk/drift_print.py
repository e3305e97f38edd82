"""What `cordiale drift` prints: the lines and the sentence, or the document; warnings go to stderr."""

import json
import sys
from typing import Any, Final

from cordiale.desk.drift_people import Told
from cordiale.desk.place_density import PlaceDensity
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import NM, Metres, km
from cordiale.views.drift_forecast import DriftForecast, Moment
from cordiale.views.drift_json import drift_json
from cordiale.views.drift_words import area_words, moment_sentence, source_line, told_span, told_time, warning_lines
from cordiale.words import Language, say

FAR: Final[Metres] = 10 * NM  # judgement: no smoothing of a cloud reaches so far


def print_json(forecast: DriftForecast, place: PlaceDensity | None, alive: Told, written: list[str]) -> None:
    """The document `cordiale.drift/1` with what was asked besides."""
    document = drift_json(forecast)
    if place is not None and forecast.moments[-1].outline(0.9).area is not None:
        document["place"] = _place_json(place)
    if alive:
        document["survivors"] = [{"sentence": say(key, "en", **values), **values} for key, values in alive]
    if written:
        document["files"] = written
    json.dump(document, sys.stdout, ensure_ascii=False, allow_nan=False, indent=1)
    print()


def print_text(forecast: DriftForecast, language: Language, more: list[str], written: list[str]) -> None:
    """The lines, what a coordinator would say, what was asked besides, the sources, the files and the notice."""
    print(say("desk.drift.head", language, start=str(forecast.start), at=told_span(forecast.begin)))
    end = forecast.moments[-1]
    for moment in forecast.moments:
        half, most = moment.outline(0.5), moment.outline(0.9)
        print(
            say(
                "desk.drift.row",
                language,
                time=told_time(moment.at, end),
                centre=str(moment.centre),
                moved_nm=moment.from_start.metres / NM,
                towards=moment.from_start.towards,
                half_km2=area_words(half.area, km**2, language),
                most_km2=area_words(most.area, km**2, language),
                most_nm2=area_words(most.area, NM**2, language),
                ashore=moment.ashore * 100,
            )
        )
    print()
    print(moment_sentence(end, language))
    for line in more:
        print(line)
    print(source_line(forecast.environment, language))
    for name in written:
        print(say("desk.drift.written", language, path=name))
    print(say("desk.decision_aid", language))


def say_aside(warnings: list[CordialeError], language: Language) -> None:
    """Warnings on stderr: aloud and before a long run, whatever is done with the answer."""
    for line in warning_lines(warnings, language):
        print(line, file=sys.stderr)


def _place_json(asked: PlaceDensity) -> dict[str, Any]:
    return {
        "lat": asked.place.lat,
        "lon": asked.place.lon,
        "on_chart": str(asked.place),
        "density_per_m2": asked.density,
        "within_90_percent": asked.within_region,
        "probability_within_2_nm": round(asked.near, 4),
        "nearest_particle_m": round(asked.nearest, 1),
        "undrifted_normal_per_m2": asked.undrifted_normal,
        "undrifted_even_per_m2": asked.undrifted_even,
    }


def place_text(asked: PlaceDensity, end: Moment, language: Language) -> str:
    """What the forecast says of one place."""
    if end.outline(0.9).area is None:
        return say("desk.drift.place_no_area", language, place=str(asked.place), time=told_time(end.at, end))
    if asked.near == 0 and asked.nearest > FAR:
        far = {"place": str(asked.place), "time": told_time(end.at, end), "nearest_nm": asked.nearest / NM}
        return say("desk.drift.place_far", language, **far)
    return say(
        "desk.drift.place_inside" if asked.within_region else "desk.drift.place_outside",
        language,
        place=str(asked.place),
        time=told_time(end.at, end),
        area_km2=asked.area / km**2,
        density_km2=asked.density * km**2,
        normal_km2=asked.undrifted_normal * km**2,
        even_km2=asked.undrifted_even * km**2,
        near=asked.near * 100,
    )
