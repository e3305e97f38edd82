"""Searches and what they did as JSON values: in `cordiale.result/1` (docs/result-json.md) and in the picture."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from cordiale.earth.instants import iso
from cordiale.earth.units import Instant
from cordiale.record.picture import Picture
from cordiale.record.searches import Suspension, suspension_of
from cordiale.record.searches_told import BoatSearched, SearchesTold
from cordiale.search.result import Flown
from cordiale.search.stop import StopVerdict
from cordiale.views.searches_text import boat_lines, search_line
from cordiale.words import Language, say

FORMAT: Final = "cordiale.result/1"
FIXES: Final = 600  # of a track that are sent: a chart shows no more


def result_json(
    picture: Picture,
    searches: Sequence[Flown],
    told: Sequence[BoatSearched],
    language: Language = "en",
    *,
    events: Mapping[str, str] | None = None,
    suspensions: Sequence[Suspension] = (),
) -> dict[str, Any]:
    """The searches known by the instant of a picture and what they did to each boat."""
    return {
        "format": FORMAT,
        "at": iso(picture.at),
        "decision_aid": say("picture.decision_aid", language),
        "searches": [search_json(one, language, event=(events or {}).get(one.name)) for one in searches],
        "boats": [boat_searched_json(picture, one, language, suspensions=suspensions) for one in told],
    }


def search_json(search: Flown, language: Language = "en", *, event: str | None = None) -> dict[str, Any]:
    """One search with its track."""
    kept = np.unique(np.linspace(0, search.at.size - 1, min(search.at.size, FIXES)).round().astype(np.int64))
    looked = np.append(search.looked, True)
    return {
        "search": search.name,
        "event": event,
        "asset": search.asset,
        "begin": iso(round(search.begin)),
        "end": iso(round(search.end)),
        "broken_off": search.broken_off,
        "instruments": list(search.instruments),
        "doubt": search.worthless,
        "widths_m": {name: round(width, 1) for name, width in search.widths.items()},
        "track": [
            [round(float(search.lat[k]), 5), round(float(search.lon[k]), 5), bool(looked[k])] for k in kept.tolist()
        ],
        "text": search_line(search, language),
    }


def boat_searched_json(
    picture: Picture, one: BoatSearched, language: Language = "en", *, suspensions: Sequence[Suspension] = ()
) -> dict[str, Any]:
    """What the searches did to one boat, who may be alive, and whether the search for her may end."""
    result, verdict = one.result, one.verdict
    ended = suspension_of(picture, one.boat, suspensions)
    return {
        "boat": one.boat,
        "looked_for": one.was_looked_for,
        "pos": None if result is None else round(result.pos, 4),
        "residual": None if result is None else round(result.residual, 4),
        "by_asset": {} if result is None else {name: round(gain, 4) for name, gain in result.by_asset().items()},
        "by_area": {
            name: {"before": round(area.poc_before, 4), "pos": round(area.pos, 4), "now": round(area.poc_now, 4)}
            for name, area in one.areas.items()
        },
        "by_object": {
            name: {"before": round(kind.before, 4), "pos": round(kind.pos, 4), "now": round(kind.now, 4)}
            for name, kind in one.objects.items()
        },
        "survivors": None if verdict is None else round(verdict.expected, 2),
        "survivors_band": None if verdict is None else list(verdict.likely),
        "survivors_at_sunrise": None if verdict is None else round(verdict.expected_dawn, 2),
        "survivors_at_sunrise_band": None if verdict is None else list(verdict.likely_dawn),
        "may_end": None if verdict is None else verdict.passes,
        "ended": None if ended is None else ended.event,
        "rows": boat_lines(one, language),
    }


def drawn_search_json(search: Flown, language: Language = "en") -> dict[str, Any]:
    """One search as a chart draws it."""
    told = search_json(search, language)
    return {name: told[name] for name in ("search", "asset", "begin", "end", "broken_off", "track", "text")}


def searched_json(picture: Picture, boat: str, told: SearchesTold, language: Language = "en") -> dict[str, Any] | None:
    """What the searches did to one boat, as its entry in the picture holds it; None where there was no search."""
    one = told.of(boat)
    if one is None:
        return None
    whole = boat_searched_json(picture, one, language, suspensions=told.suspensions)
    return {name: value for name, value in whole.items() if name not in ("boat", "by_asset", "by_area", "by_object")}


def stop_json(verdict: StopVerdict, language: Language = "en") -> dict[str, Any]:
    """The stop test: whether it passes, and what stands against it."""
    return {
        "at": iso(verdict.at),
        "passes": verdict.passes,
        "survivors": round(verdict.expected, 2),
        "survivors_band": list(verdict.likely),
        "survivors_at_sunrise": round(verdict.expected_dawn, 2),
        "survivors_at_sunrise_band": list(verdict.likely_dawn),
        "sunrise": _time(verdict.sunrise),
        "daylight": verdict.daylight,
        "blocks": [
            {"key": key, "text": say(f"search.stop.block.{key}", language, **dict(values))}
            for key, values in verdict.blocks
        ],
        "boats": [
            {"boat": one.name, "residual": round(one.residual, 4), "survivors": round(one.expected(verdict.at), 2),
             "survivors_band": list(one.likely(verdict.at)), "searched": one.searched}
            for one in verdict.boats
        ],
        "craft": [{"craft": one.name, "on_scene": iso(round(one.on_scene))} for one in verdict.craft],
        "text": verdict.text(language),
    }  # fmt: skip


def _time(when: Instant) -> str | None:
    return iso(round(when)) if math.isfinite(when) else None
