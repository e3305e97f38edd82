"""The briefing of a search as a PDF of A4 pages: figures and chart, boats and sorties, waypoints; tagged, PDF/UA-1.

This is the one place that imports typst (the extra `cordiale[briefing]`); it carries its compiler and fonts, asks no
network and no system font, and writes the same bytes for the same brief. The layout is in `search_briefing.typ`.
"""

import json
import re
import unicodedata
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import date_and_zulu, zulu
from cordiale.earth.units import NM, km, knots
from cordiale.views.search_brief import BoatSought, SearchBrief, SortieTold
from cordiale.views.search_map import legend, map_shape, map_words, search_map
from cordiale.views.search_text import area_lines, area_name
from cordiale.views.search_words import FOOT, named, objective_name, pattern_name, route_name, waypoint_name
from cordiale.words import Language, say

try:
    import typst
except ImportError:  # the extra is not installed; the briefing says so
    typst = None  # type: ignore[assignment]

# Characters that the fonts of Typst 0.15 were seen to have; the compiler refuses a PDF/UA-1 with any other one.
_UNSHOWN: Final = re.compile(
    "[^ -~\xa0-\xac\xae-\u024f\u0384-\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ff\u0400-\u0482\u048a-\u04ff"
    "\u05d0-\u05ea\u0621-\u063a\u0640-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc"
    "\u2010-\u2027\u2030-\u203f\u2190-\u2199\u2200-\u226f\ufffd]"
)


def search_pdf(brief: SearchBrief, language: Language = "en") -> bytes:
    """The briefing; raises `views.no_briefing` without the extra.

    A picture without words for those who cannot see it, or a heading out of order, is refused by the compiler itself.
    """
    if typst is None:
        raise CordialeError("views.no_briefing")
    template = files(__package__).joinpath("search_briefing.typ").read_bytes()
    made: Any = typst.compile(
        template,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={
            "told": json.dumps(_shown_in(briefing_words(brief, language)), ensure_ascii=False, allow_nan=False),
            "map": shown(search_map(brief, language)),
        },
        pdf_standards=["ua-1"],
        timestamp=round(brief.made_at),
    )
    return bytes(made)


def shown(text: str) -> str:
    """A text in characters that the fonts have; every other one by its number, [U+6D4B]: it can still be looked up.

    Latin, Greek, Cyrillic, Hebrew, the letters of Arabic and Persian, punctuation, arrows, mathematics.
    """
    composed = unicodedata.normalize("NFC", " ".join(re.split(r"[\t\r\n]+", text)))
    return _UNSHOWN.sub(lambda found: f"[U+{ord(found[0]):04X}]", composed)


def _shown_in(value: Any) -> Any:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, dict):
        return {key: _shown_in(one) for key, one in value.items()}
    return [_shown_in(one) for one in value] if isinstance(value, list) else value


def briefing_words(brief: SearchBrief, language: Language = "en") -> dict[str, Any]:
    """All that stands in the briefing, as JSON values, rendered in one language."""

    def pdf(key: str, **values: object) -> str:
        return say(f"views.search.pdf.{key}", language, **values)

    unstated = say("views.search.not_stated", language)
    made = datetime.fromtimestamp(brief.made_at, UTC)
    weather = say("views.search.weather", language, weather=brief.weather or unstated)
    return {
        "language": language,
        "title": pdf("title", title=brief.title),
        "header": brief.title,
        "author": brief.coordinator or "cordiale",
        "made": [made.year, made.month, made.day, made.hour, made.minute],
        "made_text": date_and_zulu(brief.made_at),
        "period": say("views.search.period", language, begin=date_and_zulu(brief.begin), end=date_and_zulu(brief.end)),
        "coordinator": say("views.search.smc", language, smc=brief.coordinator or unstated),
        "decision_aid": say("desk.decision_aid", language),
        "notices": list(brief.told_notices(language)),
        "figures": _figures(brief, language),
        "map_shape": map_shape(brief),
        "map_words": map_words(brief, language),
        "legend": [list(row) for row in legend(brief, language)],
        "situation": [*([brief.situation] if brief.situation else []), weather],
        "communications": brief.communications or unstated,
        "reports": say("views.search.report_back", language),
        "assumptions": list(brief.told_assumptions(language)),
        "times_utc": say("views.search.times_utc", language),
        "words": {
            "sought": pdf("sought"),
            "sorties": pdf("sorties"),
            "waypoints": pdf("waypoints"),
            **{
                key: say(f"views.search.part.{key}", language)
                for key in ("situation", "communications", "reports", "assumptions")
            },
        },
        "boats": {
            "heads": [pdf("boat"), pdf("persons"), pdf("last_known"), pdf("areas"), "POS"],
            "rows": [_boat(boat, language) for boat in brief.boats],
        },
        "sorties": {
            "heads": [pdf(key) for key in ("asset", "pattern", "leaves", "arrives", "ends", "spacing", "speed")]
            + [pdf("height"), pdf("loss")],
            "rows": [_sortie(brief, sortie, language) for sortie in brief.sorties],
        },
        "tracks": [_track(brief, sortie, language) for sortie in brief.sorties],
    }


def _figures(brief: SearchBrief, language: Language) -> list[list[str]]:
    told = brief.figures
    if told is None:
        return []

    def pdf(key: str, **values: object) -> str:
        return say(f"views.search.pdf.{key}", language, **values)

    figures = [
        [pdf("pos"), pdf("percent_value", percent=100 * told.pos)],
        [pdf("survivors"), pdf("lives_value", survivors=told.survivors)],
    ]
    gap = say("views.search.no_bound", language) if told.gap is None else pdf("percent_value", percent=100 * told.gap)
    return [*figures, [f"{pdf('gap')} ({objective_name(told.objective, language)})", gap]]


def _boat(boat: BoatSought, language: Language) -> list[str]:
    unknown = say("views.search.last_known_unknown", language)
    where = unknown if boat.last_known is None else boat.last_known.on_chart(decimals=2)
    if boat.last_known is not None and boat.last_known_at is not None:
        where += f", {zulu(boat.last_known_at)}"
    sizes = {round(held.probability, 2): held.area for held in boat.held}
    areas = "-"
    if {0.5, 0.9} <= sizes.keys():
        half, most = sizes[0.5] / km**2, sizes[0.9] / km**2
        areas = say("views.search.pdf.areas_value", language, half_km2=half, most_km2=most)
    pos = "-" if boat.pos is None else say("views.search.pdf.percent_value", language, percent=100 * boat.pos)
    return [named(boat), boat.persons.text(language), where, areas, pos]


def _sortie(brief: SearchBrief, sortie: SortieTold, language: Language) -> list[str]:
    def pdf(key: str, **values: object) -> str:
        return say(f"views.search.pdf.{key}", language, **values)

    return [
        f"{area_name(brief, sortie)} {sortie.asset}",
        pattern_name(sortie.pattern, language),
        zulu(sortie.leaves),
        zulu(sortie.arrives),
        zulu(sortie.ends),
        pdf("two_decimals", value=sortie.spacing / NM),
        pdf("whole", value=sortie.speed / knots),
        pdf("height_value", height_ft=sortie.height / FOOT, height_m=sortie.height) if sortie.flies else "-",
        "-" if sortie.loss is None else pdf("percent_fine", percent=100 * sortie.loss),
    ]


def _track(brief: SearchBrief, sortie: SortieTold, language: Language) -> dict[str, Any]:
    return {
        "name": f"{area_name(brief, sortie)} {route_name(sortie)}",
        "corners": [row.strip() for row in area_lines(brief, sortie, language)],
        "heads": [
            f"{area_name(brief, sortie)} - {say('views.search.pdf.point', language)}",
            say("views.search.pdf.time", language),
            say("views.search.pdf.position", language),
        ],
        "rows": [
            [waypoint_name(sortie, number), zulu(waypoint.at), waypoint.place.on_chart(decimals=2)]
            for number, waypoint in enumerate(sortie.waypoints)
        ],
    }
