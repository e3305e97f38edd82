"""The list for the end of the watch, for the terminal, and as JSON."""

import textwrap
from typing import Any

from cordiale.association.disposition import duration
from cordiale.belief.reading import spot
from cordiale.belief.report import Report
from cordiale.earth.instants import date_and_zulu, iso, zulu
from cordiale.earth.units import minutes
from cordiale.record.end_of_watch import GROUPS, EndOfWatch, Line
from cordiale.record.names import aloud
from cordiale.views.picture_text import COLUMNS
from cordiale.words import Language, say


def end_of_watch_text(end: EndOfWatch, language: Language = "en") -> str:
    """One line a boat, in groups; what is unanswered and what was ruled below."""
    lines = [say("record.end.title", language, at=date_and_zulu(end.at)), say("picture.decision_aid", language)]
    for name in GROUPS:
        group = end.group(name)
        if group:
            lines += ["", say(f"record.end.{name}", language, count=len(group))]
            lines += [text for line in group for text in _boat(line, end, language)]
    for key, reports in (("loose", end.loose), ("unidentified", end.unidentified)):
        if reports:
            lines += ["", say(f"record.end.{key}", language, count=len(reports))]
            lines += [_report(report, language) for report in reports]
    if end.unanswered:
        lines += ["", say("record.end.unanswered", language, count=len(end.unanswered))]
        lines += [f"  {alarm.text(language)}" for alarm in end.unanswered]
    if end.rulings:
        lines += ["", say("record.end.rulings", language, count=len(end.rulings))]
        lines += [f"  {_ruling(end, number, language)}" for number in range(len(end.rulings))]
    return "\n".join(row for line in lines for row in textwrap.wrap(line, COLUMNS, subsequent_indent="      ") or [""])


def end_of_watch_json(end: EndOfWatch, language: Language = "en") -> dict[str, Any]:
    """The same as JSON values."""
    return {
        "at": iso(end.at),
        "boats": [
            {
                "group": line.group,
                "boat": line.boat.name,
                "state": None if line.boat.state == "unknown" else line.boat.state,
                "owner": line.owner,
                "assets": list(line.assets),
                "last_contact": iso(line.boat.last_contact),
                "unaccounted": {"least": line.account.unaccounted.least, "most": line.account.unaccounted.most},
                "dormant_because": line.dormant.text(language) if line.dormant else None,
            }
            for line in end.lines
        ],
        "loose": [report.name for report in end.loose],
        "unidentified": [report.name for report in end.unidentified],
        "unanswered": [alarm.id for alarm in end.unanswered],
        "rulings": [ruling.event for ruling in end.rulings],
    }


def _boat(line: Line, end: EndOfWatch, language: Language) -> list[str]:
    boat, fix = line.boat, line.boat.last_fix
    unknown = boat.state == "unknown"
    state = say("picture.unknown_state" if unknown else f"console.state.{boat.state}", language)
    place = say("picture.no_position", language) if fix is None else f"{fix.position} {fix.event}"
    silence = duration(round(max(end.at - boat.last_contact, 0.0) / minutes), language)
    nobody = say("record.end.nobody", language)
    said = say(
        "record.end.boat", language, boat=boat.name, spoken=aloud(boat.name), state=state, place=place, silence=silence,
        unaccounted=str(line.account.unaccounted), owner=line.owner or nobody,
        assets=", ".join(line.assets) or nobody,
    )  # fmt: skip
    why = []
    if line.dormant:
        why.append(f"    {line.dormant.text(language)}")
    if boat.closing:
        who = ", ".join(part for part in (boat.closing.by, boat.closing.second) if part)
        cited = ", ".join(f"{piece.kind}:{piece.report}" for piece in boat.closing.evidence) or "-"
        why.append("    " + say("record.end.by", language, by=who, at=zulu(boat.closing.at), cited=cited,
                                event=boat.closing.event or "-"))  # fmt: skip
    return [f"  {said}", *why]


def _report(report: Report, language: Language) -> str:
    best = max(report.where, key=lambda reading: reading.probability) if report.where else None
    place = say("picture.no_position", language) if best is None else str(spot(best.place).centre)
    persons = say("picture.unknown", language) if report.persons is None else str(report.persons)
    kind = say(f"console.kind.{report.kind}", language)
    said = say("record.end.report", language, report=report.name, time=str(report.event), kind=kind, place=place,
               persons=persons, summary=report.summary or "-")  # fmt: skip
    return f"  {said}"


def _ruling(end: EndOfWatch, number: int, language: Language) -> str:
    ruling = end.rulings[number]
    kind = say(f"console.ruled.{ruling.kind}", language)
    reports = f"{', '.join(ruling.before)} / {', '.join(ruling.after)}"
    return say("record.end.ruling", language, event=ruling.event, kind=kind, reports=reports, reason=ruling.reason,
               by=ruling.by)  # fmt: skip
