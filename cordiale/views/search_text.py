"""The search action plan as a message in six parts, as the manuals order it: what happened, areas, execution,
coordination, communications, reports; behind them what it rests on. Plain text of at most 78 columns.

Source of the parts: IAMSAR Manual volume II, 5.13 and appendix L (names alone).
"""

import textwrap
from typing import Final

from cordiale.earth.instants import date_and_zulu, zulu
from cordiale.earth.units import knots
from cordiale.views.search_brief import SearchBrief, SortieTold
from cordiale.views.search_words import (
    boat_line,
    day_group,
    figures_line,
    height_words,
    objective_name,
    pattern_name,
    sentences,
    spaced_words,
    waypoint_name,
)
from cordiale.words import Language, say

COLUMNS: Final = 78
MOST_WAYPOINTS: Final = 24  # judgement: more are for the plotter, not to be read out


def search_text(brief: SearchBrief, language: Language = "en") -> str:
    """The whole plan; every sortie with its corners and waypoints, of very many the first and the last."""
    lines = [
        say("views.search.title", language, title=brief.title),
        say("views.search.made", language, at=day_group(brief.made_at)),
        say("desk.decision_aid", language),
        *brief.told_notices(language),
    ]
    parts = (
        ("situation", _situation(brief, language)),
        ("areas", [line for sortie in brief.sorties for line in area_lines(brief, sortie, language)]),
        ("execution", [line for sortie in brief.sorties for line in _execution(brief, sortie, language)]),
        ("coordination", _coordination(brief, language)),
        ("communications", [brief.communications or say("views.search.not_stated", language)]),
        ("reports", [say("views.search.report_back", language)]),
        *((("assumptions", list(brief.told_assumptions(language))),) if brief.assumptions else ()),
    )
    for number, (key, told) in enumerate(parts, start=1):
        lines += ["", f"{number}. {say(f'views.search.part.{key}', language).upper()}"]
        lines += told or [say("views.search.nothing", language)]
    return "\n".join(row for line in lines for row in _wrapped(line)) + "\n"


def _situation(brief: SearchBrief, language: Language) -> list[str]:
    lines = [brief.situation] if brief.situation else []
    lines += [boat_line(boat, language) for boat in brief.boats]
    weather = brief.weather or say("views.search.not_stated", language)
    return [*lines, say("views.search.weather", language, weather=weather)]


def area_lines(brief: SearchBrief, sortie: SortieTold, language: Language = "en") -> list[str]:
    """Name of the area, its corners and when they hold."""
    name = area_name(brief, sortie)
    if not sortie.corners or sortie.corners_at is None:
        return [say("views.search.area_unbounded", language, area=name, asset=sortie.asset)]
    head = say(
        "views.search.area_corners", language, area=name, asset=sortie.asset, at=date_and_zulu(sortie.corners_at)
    )
    return [head, *(f"   {corner.on_chart(decimals=2)}" for corner in sortie.corners)]


def _execution(brief: SearchBrief, sortie: SortieTold, language: Language) -> list[str]:
    lines = [
        say(
            "views.search.execution",
            language,
            area=area_name(brief, sortie),
            asset=sortie.asset,
            pattern=pattern_name(sortie.pattern, language),
            height=height_words(sortie.height, language),
            spaced=spaced_words(sortie, language),
            speed_kn=sortie.speed / knots,
        )
    ]
    if sortie.bearing is not None:
        lines.append("   " + say("views.search.first_leg", language, bearing=f"{sortie.bearing % 360:03.0f}"))
    if sortie.creep is not None:
        lines.append("   " + say("views.search.creep", language, bearing=f"{sortie.creep % 360:03.0f}"))
    last = len(sortie.waypoints) - 1
    for number, waypoint in enumerate(sortie.waypoints):
        if last > MOST_WAYPOINTS and MOST_WAYPOINTS - 1 <= number < last:
            continue
        if number == last > MOST_WAYPOINTS:
            lines.append("   " + say("views.search.more_waypoints", language, count=last - MOST_WAYPOINTS + 1))
        name = waypoint_name(sortie, number)
        lines.append(f"   {name:<4}{zulu(waypoint.at)}  {waypoint.place.on_chart(decimals=2)}")
    return lines


def _coordination(brief: SearchBrief, language: Language) -> list[str]:
    lines = [
        say("views.search.smc", language, smc=brief.coordinator or say("views.search.not_stated", language)),
        say("views.search.period", language, begin=date_and_zulu(brief.begin), end=date_and_zulu(brief.end)),
    ]
    for sortie in brief.sorties:
        told = say(
            "views.search.on_scene",
            language,
            asset=sortie.asset,
            leaves=zulu(sortie.leaves),
            arrives=zulu(sortie.arrives),
            ends=zulu(sortie.ends),
        )
        parts = [told]
        if sortie.coverage is not None:
            parts.append(say("views.search.coverage", language, coverage=sortie.coverage))
        if sortie.loss is not None:
            parts.append(say("views.search.loss", language, percent=100 * sortie.loss))
        lines.append(sentences(parts))
    if brief.figures is not None:
        objective = objective_name(brief.figures.objective, language)
        lines.append(say("views.search.objective_line", language, objective=objective))
    return [*lines, figures_line(brief.figures, language)]


def area_name(brief: SearchBrief, sortie: SortieTold) -> str:
    """A to Z, then A2 to Z2, in the order of the sorties."""
    number = next(n for n, one in enumerate(brief.sorties) if one is sortie)
    again, letter = divmod(number, 26)
    return chr(ord("A") + letter) + (str(again + 1) if again else "")


def _wrapped(line: str) -> list[str]:
    """Lines of at most 78 columns; what goes on hangs by three more."""
    indent = " " * (len(line) - len(line.lstrip()) + 3)
    rows: list[str] = []
    for paragraph in line.split("\n"):
        rows += textwrap.wrap(paragraph, COLUMNS, subsequent_indent=indent, break_on_hyphens=False) or [""]
    return rows
