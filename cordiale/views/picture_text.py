"""The picture for the terminal: the notice first, then one line a boat, most pressing first, within 100 columns."""

import textwrap

from cordiale.association.disposition import Disposition
from cordiale.belief.report import Between, Mark, Report
from cordiale.belief.unreported import number_of
from cordiale.earth.instants import date_and_zulu, zulu
from cordiale.earth.units import NM, Seconds, hours, km, minutes
from cordiale.record.doubts import doubts_about
from cordiale.record.picture import GRAVITY, BoatPicture, Picture
from cordiale.record.unreported import expected_unreported
from cordiale.words import Language, catalogue, say

COLUMNS = 100


def picture_text(picture: Picture, language: Language = "en", *, notice: str | None = None) -> str:
    """The picture as text; every time is UTC with Z, every line says whether it is real or synthetic."""
    lines: list[str] = []
    if notice:
        lines += [*_wrapped(notice.strip()), ""]
    lines += [say("picture.title", language, at=date_and_zulu(picture.at)), say("picture.decision_aid", language), ""]
    lines += _wrapped(say("picture.boats", language, count=len(picture.boats)))
    width = min(max([9, *(len(boat.name) for boat in picture.boats)]), 19)
    lines += ["", _heading(language, width)]
    lines += [_boat_line(boat, language, width) for boat in sorted(picture.boats, key=_urgency)]
    lines += ["", *_wrapped(_unaccounted(picture, language)), *_unreported(picture, language)]
    lines += _doubts(picture, language)
    lines += _loose(picture, language)
    lines += _log(picture, language)
    lines += _sources(picture, language)
    return "\n".join(lines) + "\n"


def _urgency(boat: BoatPicture) -> tuple[int, float, str]:
    """The gravest state first, a boat of which nothing is said before one known to be under way; then the oldest
    fix.
    """
    rank = GRAVITY.index(boat.state) if boat.state != "unknown" else GRAVITY.index("adrift") + 0.5
    return int(2 * rank) if boat.standing == "active" else 99, -(boat.last_fix.age if boat.last_fix else 1e9), boat.name


def _heading(language: Language, width: int) -> str:
    boat, fix, age, persons, half, ninety, centre, state, mark, reports = say("picture.columns", language).split("|")
    columns = f"{boat:<{width}} {fix:<13} {age:>5}  {persons:>5} {half:>6} {ninety:>6} {'NM2':>6} {centre:<20}"
    return f"{columns} {state:<{21 - width}} {mark:<3} {reports:>2}"


def _boat_line(boat: BoatPicture, language: Language, width: int) -> str:
    fix = boat.last_fix
    areas = [region.area for region in boat.regions]
    unknown = boat.state == "unknown"
    said = say("picture.unknown_state" if unknown else f"console.state.{boat.state}", language)
    if boat.standing != "active":
        said = say(f"picture.standing.{boat.standing}", language)
    mark = "+".join(m[0] for m in boat.marks)
    centre = str(boat.cloud.centre) if boat.cloud else say("picture.no_position", language)
    return (
        f"{boat.name[:width]:<{width}} {str(fix.event) if fix else '-':<13} {_age(fix.age) if fix else '-':>5}"
        f"{'*' if boat.is_stale else ' '} {_persons(boat.persons, language):>5} {_area(areas, 0, km * km):>6}"
        f" {_area(areas, 1, km * km):>6} {_area(areas, 1, NM * NM):>6} {centre:<20} {said[: 21 - width]:<{21 - width}}"
        f" {mark:<3} {len(boat.boat.reports):>2}"
    )


def _area(areas: list[float], which: int, unit: float) -> str:
    return f"{areas[which] / unit:.1f}" if areas else "-"


def _persons(persons: Between | None, language: Language) -> str:
    return say("picture.unknown", language) if persons is None else str(persons)


def _age(age: Seconds) -> str:
    return f"{int(age // hours)}h{int(age % hours // minutes):02d}"


def _unaccounted(picture: Picture, language: Language) -> str:
    ledger = picture.ledger
    return say(
        "picture.unaccounted",
        language,
        least=ledger.unaccounted.least,
        most=ledger.unaccounted.most,
        boats=str(ledger.boats),
        ended=str(ledger.ended),
        unidentified=str(ledger.of_unidentified_boats),
    )


def _doubts(picture: Picture, language: Language) -> list[str]:
    """What is doubtful about the grouping as a whole, with what to do; nothing where it is settled."""
    doubts = doubts_about(picture)
    return [line for one in doubts for line in _wrapped(f"{one.text(language)} {one.to_do(language)}", hanging=4)]


def _unreported(picture: Picture, language: Language) -> list[str]:
    """Boats nobody has reported; nothing where there is no boat to judge from."""
    expected = expected_unreported(picture)
    if expected is None:
        return []
    number = number_of(expected)
    return _wrapped(say("picture.unreported", language, expected=expected, least=number.least, most=number.most))


def _loose(picture: Picture, language: Language) -> list[str]:
    loose = picture.without_a_boat()
    if not loose:
        return []
    by_name = {r.name: r for r in picture.reports}
    lines = ["", say("picture.loose", language, count=len(loose))]
    return lines + [line for d in loose for line in _loose_lines(by_name[d.report], d, language)]


def _loose_lines(report: Report, disposition: Disposition, language: Language) -> list[str]:
    text = _told("picture.loose_line", report, language, report=report.name)
    best = next((a for a in disposition.alternatives if a.boat), None)
    if best:
        text += " " + say("picture.loose_best", language, boat=best.boat, percent=100 * best.probability)
    return _wrapped(text, hanging=8)


def _log(picture: Picture, language: Language) -> list[str]:
    lines: list[str] = []
    if picture.log:
        lines += ["", say("picture.log", language)]
        lines += [line for r in picture.log for line in _wrapped(_told("picture.log_line", r, language), hanging=8)]
    if picture.assets:
        lines += ["", say("picture.assets", language)]
    for report in picture.assets:
        where = report.where[0].place
        position = getattr(where, "position", None) or say("picture.no_position", language)
        lines.append(
            say(
                "picture.asset_line",
                language,
                asset=report.asset,
                position=position,
                time=str(report.event),
                mark=_mark(report.mark, language),
            )
        )
    return lines


def _told(key: str, told: Report, language: Language, **values: object) -> str:
    mark = _mark(told.mark, language)
    kind = say(f"console.kind.{told.kind}", language)
    return say(key, language, time=zulu(told.event.earliest), kind=kind, summary=told.summary, mark=mark, **values)


def _mark(mark: Mark, language: Language) -> str:
    """Where a line comes from, and what of a real one was invented."""
    said = say(f"console.mark.{mark.kind}", language)
    if not mark.synthetic_parts or mark.kind != "REAL":
        return said
    known = catalogue(language)
    parts = [str(known.get(f"console.part.{part}", part)) for part in mark.synthetic_parts]
    synthetic = say("console.mark.SYNTHETIC", language)
    return say("picture.real_in_part", language, real=said, synthetic=synthetic, parts=", ".join(parts))


def _sources(picture: Picture, language: Language) -> list[str]:
    current, wind = picture.environment.current.source, picture.environment.wind.source
    footer = say("picture.footer", language, seed=picture.seed, digest=picture.digest, reports=len(picture.reports))
    return ["", *_wrapped(say("picture.sources", language, current=current, wind=wind)), footer]


def _wrapped(text: str, hanging: int = 0) -> list[str]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += textwrap.wrap(paragraph, COLUMNS, subsequent_indent=" " * hanging) or [""]
    return lines
