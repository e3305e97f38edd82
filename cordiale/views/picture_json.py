"""The picture as JSON, `cordiale.picture/1`: documented in docs/picture-json.md, whose every key a test compares
with this.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from cordiale.association.disposition import Disposition, Reason
from cordiale.belief.belief import Belief
from cordiale.belief.reading import spot
from cordiale.belief.region import Region
from cordiale.belief.report import Between, Mark, Report
from cordiale.belief.unreported import number_of
from cordiale.earth.instants import iso
from cordiale.earth.position import Position
from cordiale.earth.units import FloatArray
from cordiale.record.dormant import Dormant
from cordiale.record.doubts import Doubt, doubts_about
from cordiale.record.names import aloud, names_of
from cordiale.record.picture import BoatPicture, Picture
from cordiale.record.rulings import Ruling
from cordiale.record.searches_told import NO_SEARCHES, SearchesTold
from cordiale.record.unreported import expected_unreported
from cordiale.record.watch_lines import WatchLine
from cordiale.record.watch_list import Alarm
from cordiale.record.witness import Flaw
from cordiale.sea.environment import Environment
from cordiale.views.searches_json import drawn_search_json, searched_json
from cordiale.words import Language, say

FORMAT: Final = "cordiale.picture/1"
SAMPLE: Final = 200  # particles of each boat, evenly by weight
_FINE: Final = 5  # decimals of a degree: about a metre


def picture_json(
    picture: Picture,
    *,
    language: Language = "en",
    night: str | None = None,
    notice: str | None = None,
    alarms: Sequence[Alarm] = (),
    rulings: Sequence[Ruling] = (),
    flaws: Sequence[Flaw] = (),
    dormant: Sequence[Dormant] = (),
    lines: Sequence[WatchLine] = (),
    aliases: Mapping[str, Sequence[str]] | None = None,
    searches: SearchesTold = NO_SEARCHES,
) -> dict[str, Any]:
    """The picture as JSON values.

    `night` names the packaged night or feed, `notice` is to be read before its replay, `alarms` is its watch list,
    `rulings` are what people decided about its reports, `flaws` what is wrong with the record it was made from,
    `dormant` the boats that may be ashore unseen, `lines` its watch list with one line a boat, `aliases` the other
    names that decisions have for each boat, `searches` what was searched and what that did to each boat.
    """
    names = names_of(picture.reports)
    by_name = {d.report: d for d in picture.association.dispositions}
    return {
        "format": FORMAT,
        "at": iso(picture.at),
        "night": night,
        "notice": notice,
        "decision_aid": say("picture.decision_aid", language),
        "seed": picture.seed,
        "digest": picture.digest,
        "environment": environment_json(picture.environment),
        "boats": [
            {
                **_boat(boat, language),
                "also_called": list((aliases or {}).get(boat.name, ())),
                "searched": searched_json(picture, boat.name, searches, language),
            }
            for boat in picture.boats
        ],
        "reports": [
            {**report_json(report, by_name[report.name], language), "would_name": names[report.name]}
            for report in picture.reports
        ],
        "assets": [_asset(report) for report in picture.assets],
        "searches": [drawn_search_json(search, language) for search in searches.searches],
        "log": [_log_line(report) for report in picture.log],
        "unaccounted": _unaccounted(picture),
        "unreported": _unreported(picture),
        "disagreement": round(picture.association.disagreement, 3),
        "doubts": [doubt_json(doubt, language) for doubt in doubts_about(picture, rulings)],
        "watch_list": [alarm_json(alarm, language) for alarm in alarms],
        "watch_lines": [watch_line_json(line, language) for line in lines],
        "dormant": [{"boat": one.boat, "text": one.text(language)} for one in dormant],
        "rulings": [ruling_json(ruling) for ruling in rulings],
        "record_flaws": [{"seq": flaw.seq, "text": flaw.text(language)} for flaw in flaws],
    }


def ruling_json(ruling: Ruling) -> dict[str, Any]:
    """What a person decided about reports, as JSON values."""
    return {
        "event": ruling.event,
        "kind": ruling.kind,
        "before": list(ruling.before),
        "after": list(ruling.after),
        "boat": ruling.boat,
        "reason": ruling.reason,
        "at": iso(ruling.at),
        "by": ruling.by,
    }


def alarm_json(alarm: Alarm, language: Language) -> dict[str, Any]:
    """One alarm of the watch list as JSON values."""
    return {
        "id": alarm.id,
        "cause": alarm.cause,
        "boat": alarm.boat,
        "since": iso(alarm.since),
        "text": alarm.text(language),
        "to_do": alarm.to_do(language),
    }


def watch_line_json(line: WatchLine, language: Language) -> dict[str, Any]:
    """One line of the watch list, by the ids of its alarms, the gravest first."""
    return {
        "boat": line.boat.name if line.boat else None,
        "text": line.head(language) or None,
        "alarms": [alarm.id for alarm in line.alarms],
    }


def doubt_json(doubt: Doubt, language: Language) -> dict[str, Any]:
    """One doubt about the grouping, with what to do."""
    return {
        "key": doubt.key,
        "reports": list(doubt.reports),
        "boats": list(doubt.boats),
        "text": doubt.text(language),
        "to_do": doubt.to_do(language),
    }


def environment_json(environment: Environment) -> dict[str, Any]:
    """Where current, wind and coast come from, and how wrong they are taken to be."""
    return {
        "current": {"source": environment.current.source, "error_std_m_s": environment.current_error.std},
        "wind": {"source": environment.wind.source, "error_std_m_s": environment.wind_error.std},
        "coast": {"source": environment.coast.source if environment.coast else None},
    }


def sample_of(cloud: Belief, count: int = SAMPLE) -> FloatArray:
    """Positions of some particles, evenly by weight and in order of their ids: shape (count, 2) as lat, lon."""
    steps = (np.arange(count) + 0.5) / count
    chosen = np.searchsorted(np.cumsum(cloud.weight), steps).clip(0, len(cloud) - 1)
    return np.stack([cloud.lat[chosen], cloud.lon[chosen]], axis=1)


def _boat(boat: BoatPicture, language: Language) -> dict[str, Any]:
    fix = boat.last_fix
    return {
        "boat": boat.name,
        "spoken": aloud(boat.name),
        "first_report": boat.boat.first_report,
        "persons": _between(boat.persons),
        "recovered": _between(boat.recovered),
        "last_fix": None if fix is None else {
            "report": fix.report,
            **_position(fix.position),
            "event_from": iso(fix.event.earliest),
            "event_until": iso(fix.event.latest),
            "age_s": round(fix.age),
        },
        "last_contact": iso(boat.last_contact),
        "centre": _position(boat.cloud.centre) if boat.cloud else None,
        "areas": [_area(region) for region in boat.regions],
        "state": None if boat.state == "unknown" else boat.state,
        "stale": boat.is_stale,
        "stale_because": [r.said(f"picture.stale.{r.key}", language) for r in boat.stale_because],
        "reports": list(boat.boat.reports),
        "probability_ashore": round(boat.probability_ashore, 4),
        "marks": list(boat.marks),
        "standing": boat.standing,
        "closed_by": boat.closing.event if boat.closing else None,
        "sample": np.round(sample_of(boat.cloud), _FINE).tolist() if boat.cloud else [],
    }  # fmt: skip


def _area(region: Region) -> dict[str, Any]:
    return {
        "containment": region.probability,
        "area_m2": round(region.area),
        "rings": [np.round(ring, _FINE).tolist() for ring in region.rings],
    }


def report_json(report: Report, disposition: Disposition, language: Language) -> dict[str, Any]:
    """A report and what became of it, as JSON values."""
    return {
        "report": report.name,
        "received": iso(report.received),
        "event_from": iso(report.event.earliest),
        "event_until": iso(report.event.latest),
        "channel": report.channel,
        "centre": report.centre,
        "kind": report.kind,
        "summary": report.summary,
        **_place(report),
        "persons": _between(report.persons),
        "relay_of": report.relay_of,
        "mark": _mark(report.mark),
        "flags": list(report.flags),
        "disposition": disposition.fate,
        "boat": disposition.boat,
        "probability": round(disposition.probability, 3),
        "alternatives": [{"boat": a.boat, "probability": round(a.probability, 3)} for a in disposition.alternatives],
        "reasons": [_reason(reason, language) for reason in disposition.reasons],
    }


def _reason(reason: Reason, language: Language) -> dict[str, Any]:
    factor = reason.log_bayes_factor
    return {
        "key": reason.key,
        "text": reason.text(language),
        "log_bayes_factor": round(factor, 2) if math.isfinite(factor) else None,
    }


def _place(report: Report) -> dict[str, Any]:
    if not report.where:
        return {}
    best = max(report.where, key=lambda reading: reading.probability)
    return _position(spot(best.place).centre)


def _asset(report: Report) -> dict[str, Any]:
    return {"asset": report.asset, **_place(report), "at": iso(report.event.latest), "mark": _mark(report.mark)}


def _log_line(report: Report) -> dict[str, Any]:
    return {
        "report": report.name,
        "at": iso(report.event.earliest),
        "kind": report.kind,
        "asset": report.asset,
        "summary": report.summary,
        "mark": _mark(report.mark),
    }


def _unaccounted(picture: Picture) -> dict[str, Any]:
    ledger = picture.ledger
    return {
        **_counts(ledger.unaccounted),
        "boats_reported": len(ledger.accounts),
        "boats": _counts(ledger.boats),
        "boats_with_recovery": ledger.boats_ended,
        "persons_reported": _counts(ledger.aboard),
        "persons_recovered": _counts(ledger.ended),
        "recovered_of_unidentified_boats": _counts(ledger.of_unidentified_boats),
        "contacts_without_a_boat": ledger.contacts_without_a_boat,
        "reports_without_a_boat": len(picture.without_a_boat()),
    }


def _unreported(picture: Picture) -> dict[str, Any] | None:
    """Boats afloat that nobody has reported; null where there is no boat to judge from."""
    expected = expected_unreported(picture)
    return None if expected is None else {"expected": round(expected, 2), **_counts(number_of(expected))}


def _mark(mark: Mark) -> dict[str, Any]:
    return {"kind": mark.kind, "source": mark.source, "synthetic_parts": list(mark.synthetic_parts)}


def _between(between: Between | None) -> dict[str, int] | None:
    return None if between is None else _counts(between)


def _counts(between: Between) -> dict[str, int]:
    return {"least": math.floor(between.least), "most": math.ceil(between.most)}


def _position(position: Position) -> dict[str, Any]:
    return {"lat": round(position.lat, 6), "lon": round(position.lon, 6), "on_chart": str(position)}
