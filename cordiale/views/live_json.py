"""What reports since the last picture may be about, as JSON: `cordiale.live/1`, shown beside the picture's reports."""

from typing import Any, Final

from cordiale.association.live import Difference
from cordiale.earth.instants import iso
from cordiale.record.live_links import LiveLinks
from cordiale.views.picture_json import report_json
from cordiale.words import Language, say

FORMAT: Final = "cordiale.live/1"


def live_json(seen: LiveLinks, *, language: Language = "en") -> dict[str, Any]:
    """JSON values, every one provisional; a report reads like one of the picture's."""
    return {
        "format": FORMAT,
        "at": iso(seen.at),
        "provisional": True,
        "note": say("picture.provisional", language),
        "reports": [_report(seen, k, language) for k in range(len(seen.reports))],
        "parted": [_parted(one, language) for one in seen.parted],
    }


def _report(seen: LiveLinks, k: int, language: Language) -> dict[str, Any]:
    report = seen.reports[k]
    ranking = seen.links.of(report.name)
    return {
        **report_json(report, ranking.disposition, language),
        "provisional": True,
        "new_boat": round(ranking.new_boat, 3),
        "no_boat": round(ranking.no_boat, 3),
    }


def _parted(one: Difference, language: Language) -> dict[str, Any]:
    key = "picture.parted" if one.boat else "picture.parted_new"
    text = say(key, language, report=one.report, boat=one.boat or "", before=100 * one.live, now=100 * one.batch)
    return {
        "report": one.report,
        "boat": one.boat,
        "live": round(one.live, 3),
        "batch": round(one.batch, 3),
        "text": text,
    }
