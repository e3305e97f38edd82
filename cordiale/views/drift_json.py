"""A forecast as the document `cordiale.drift/1` (docs/command-line.md says what every field means)."""

from typing import Any

from cordiale.earth.instants import iso
from cordiale.earth.position import Position
from cordiale.sea.environment import Environment
from cordiale.views.drift_forecast import DriftForecast, Moment, Outline, Shift
from cordiale.views.drift_words import moment_sentence
from cordiale.words import say

Row = dict[str, Any]


def drift_json(forecast: DriftForecast) -> Row:
    """The whole document; numbers are rounded to what they are worth."""
    return {
        "format": "cordiale.drift/1",
        "decision_aid": say("desk.decision_aid", "en"),
        "start": {**_place(forecast.start), "at": iso(forecast.begin.latest)},
        "object": forecast.name,
        "particles": forecast.particles,
        "seed": forecast.seed,
        "ends_early": forecast.ends_early,
        "warnings": [{"key": w.key, "problem": w.problem(), "hint": w.hint()} for w in forecast.warnings],
        "sources": sources(forecast.environment),
        "forecast": [_row(moment) for moment in forecast.moments],
    }


def sources(environment: Environment) -> Row:
    """Where current, wind and coast come from, and the standard error of each component."""
    return {
        "current": environment.current.source,
        "current_std_m_s": environment.current_error.std,
        "current_error_time_s": environment.current_error.time_scale,
        "residual_current_std_m_s": environment.residual_error.std,
        "wind": environment.wind.source,
        "wind_std_m_s": environment.wind_error.std,
        "wind_error_time_s": environment.wind_error.time_scale,
        "coast": environment.coast.source if environment.coast else None,
    }


def _row(moment: Moment) -> Row:
    return {
        "at": iso(moment.at),
        "sentence": moment_sentence(moment, "en"),
        "sentence_fr": moment_sentence(moment, "fr"),
        "centre": _place(moment.centre),
        "moved_m": round(moment.from_start.metres, 1),
        "moved_to_deg_true": round(moment.from_start.towards, 1),
        "motion": _motion(moment.shift),
        "ashore": round(moment.ashore, 4),
        "ashore_near": [{"place": place.name, "probability": round(p, 4)} for place, p in moment.shores if p >= 5e-5],
        "phases": {name: round(p, 4) for name, p in moment.phases},
        "digest": moment.digest,
        "areas": [_area(outline) for outline in moment.outlines],
    }


def _motion(shift: Shift) -> Row:
    return {
        "since": iso(shift.since),
        "moved_m": round(shift.metres, 1),
        "to_deg_true": round(shift.towards, 1),
        "speed_m_s": round(shift.speed, 3),
    }


def _place(position: Position) -> Row:
    return {"lat": position.lat, "lon": position.lon, "on_chart": str(position)}


def _area(outline: Outline) -> Row:
    return {
        "containment": outline.probability,
        "area_m2": None if outline.area is None else round(float(outline.area), 1),
        "densest": {"lat": outline.densest.lat, "lon": outline.densest.lon},
        "rings": [[[round(float(a), 6), round(float(b), 6)] for a, b in ring] for ring in outline.rings],
    }
