"""What searches did, for the terminal: who searched when, then boat by boat what was gained and what is left."""

import textwrap
from collections.abc import Mapping, Sequence

from cordiale.earth.instants import date_and_zulu, zulu
from cordiale.record.picture import Picture
from cordiale.record.searches import Suspension, suspension_of
from cordiale.record.searches_told import BoatSearched
from cordiale.search.result import Flown
from cordiale.search.stop import StopVerdict
from cordiale.views.picture_text import COLUMNS
from cordiale.words import Language, catalogue, say


def searches_text(
    picture: Picture,
    searches: Sequence[Flown],
    told: Sequence[BoatSearched],
    language: Language = "en",
    *,
    events: Mapping[str, str] | None = None,
    suspensions: Sequence[Suspension] = (),
    notice: str | None = None,
) -> str:
    """The searches known by the instant of a picture and what they did to each boat.

    `events` names the event of each search, with which it can be withdrawn.
    """
    lines = [*([notice.strip(), ""] if notice else [])]
    lines += [say("record.searched.title", language, at=date_and_zulu(picture.at), count=len(searches))]
    lines.append(say("picture.decision_aid", language))
    lines += [f"  {search_line(one, language)} [{(events or {}).get(one.name, one.name)}]" for one in searches]
    for one in told:
        if one.was_looked_for:
            lines += ["", *boat_lines(one, language)]
            lines += [f"  {line}" for line in _suspended(picture, one, suspensions, language)]
    missed = [one for one in told if not one.was_looked_for]
    if missed:
        lines += ["", say("record.searched.nobody", language)]
        lines += [f"  {unsearched_line(one, language)}" for one in missed]
        for one in missed:
            lines += [f"  {line}" for line in _suspended(picture, one, suspensions, language)]
    return "\n".join(row for line in lines for part in line.split("\n") for row in _wrapped(part)) + "\n"


def search_line(search: Flown, language: Language = "en") -> str:
    """Who searched from when to when, to the end or not, and with what."""
    key = "record.searched.broken_off" if search.broken_off else "record.searched.completed"
    line = say(
        key, language, name=search.name, asset=search.asset, begin=zulu(search.begin), end=zulu(search.end),
        fixes=search.at.size,
    )  # fmt: skip
    if not search.instruments:
        return line
    names = ", ".join(say(f"sensors.sensor.{name}", language) for name in search.instruments)
    return f"{line}, {say('record.searched.instruments', language, names=names)}"


def boat_lines(one: BoatSearched, language: Language = "en") -> list[str]:
    """One boat that was looked for: the whole, by craft, by area, by object, survivors."""
    result = one.result
    if result is None:
        return [unsearched_line(one, language)]
    lines = [result.rows(language)[0]]
    for asset, gain in result.by_asset().items():
        lines.append(f"  {say('record.searched.by_asset', language, asset=asset, percent=100 * gain)}")
    for name, area in one.areas.items():
        values = {"before": 100 * area.poc_before, "pos": 100 * area.pos, "now": 100 * area.poc_now}
        lines.append(f"  {say('record.searched.by_area', language, name=name, **values, pod=100 * area.pod)}")
    for name, kind in one.objects.items():
        values = {"before": 100 * kind.before, "pos": 100 * kind.pos, "now": 100 * kind.now}
        lines.append(f"  {say('record.searched.by_object', language, name=object_name(name, language), **values)}")
    lines += [f"  {row}" for row in result.rows(language)[1:]]
    return [*lines, f"  {survivors_line(one, language)}"]


def unsearched_line(one: BoatSearched, language: Language = "en") -> str:
    """A boat that no search looked for since her last word."""
    told = survivors_line(one, language)
    if one.verdict is not None:
        low, high = one.verdict.likely
        told = say("record.searched.expected", language, expected=one.verdict.expected, low=low, high=high)
    return say("record.searched.line", language, name=one.boat, told=told)


def survivors_line(one: BoatSearched, language: Language = "en") -> str:
    """How many survivors are expected, now and at sunrise, and whether the search for her may end."""
    verdict = one.verdict
    if verdict is None:
        return say("record.searched.accounted", language)
    key = "passes" if verdict.passes else "refused"
    return say(
        f"record.searched.{key}",
        language,
        expected=verdict.expected,
        low=verdict.likely[0],
        high=verdict.likely[1],
        dawn=verdict.expected_dawn,
        dawn_low=verdict.likely_dawn[0],
        dawn_high=verdict.likely_dawn[1],
        sunrise="-" if verdict.sunrise != verdict.sunrise else zulu(verdict.sunrise),
    )


def stop_text(verdict: StopVerdict, language: Language = "en") -> str:
    """The verdict on one boat in full; on several, what stands against all of them and one line for each."""
    rows = verdict.text(language).split("\n")
    if len(verdict.boats) < 2:
        return "\n".join(row for line in rows for row in _wrapped(line))
    lines = [rows[0]]
    for key, values in verdict.blocks:
        if key in ("survivors", "survivors_dawn"):
            lines.append(f"- {say(f'search.stop.block.{key}', language, **dict(values))}")
    for one in sorted(verdict.boats, key=lambda each: -each.expected(verdict.at)):
        key = "record.searched.stop_boat" if one.searched else "record.searched.stop_unsearched"
        low, high = one.likely(verdict.at)
        figures = {"now": one.expected(verdict.at), "low": low, "high": high, "residual": 100 * one.residual}
        lines.append(f"  {say(key, language, name=one.name, **figures)}")
    lines += [*rows[-2:], say("record.searched.stop_by_name", language)]
    return "\n".join(row for line in lines for row in _wrapped(line))


def object_name(key: str, language: Language = "en") -> str:
    """What a class of search object is called."""
    named = f"sensors.object.{key}"
    return say(named, language) if named in catalogue(language) else key


def _suspended(picture: Picture, one: BoatSearched, suspensions: Sequence[Suspension], language: Language) -> list[str]:
    """That two roles ended the search for her, where no contact has come since."""
    ended = suspension_of(picture, one.boat, suspensions)
    if ended is None:
        return []
    values = {"at": date_and_zulu(ended.at), "by": ended.by, "second": ended.second, "reason": ended.reason}
    return [say("record.searched.suspended", language, **values, survivors=float(ended.survivors))]


def _wrapped(line: str) -> list[str]:
    indent = len(line) - len(line.lstrip()) + 4
    return textwrap.wrap(line, COLUMNS, subsequent_indent=" " * indent, break_on_hyphens=False) or [""]
