"""The response for the terminal: alarms, then the orders, then who is nearest to each boat, within 100 columns."""

import math
import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby

from cordiale.earth.instants import date_and_zulu, zulu
from cordiale.earth.units import NM, Metres
from cordiale.record.in_distress import Means
from cordiale.record.picture import BoatPicture
from cordiale.record.response_now import Asked, ResponseNow, left_out_sentence
from cordiale.response.assignment import Plan
from cordiale.response.explain import boat_sentences, order_sentences, plan_sentence
from cordiale.response.handover import Responsibility
from cordiale.response.rescue import Rescue
from cordiale.views.picture_text import COLUMNS
from cordiale.words import Language, say


def response_text(
    now: ResponseNow,
    means: Means,
    language: Language = "en",
    *,
    only: Iterable[str] = (),
    first: int = 3,
    before: Plan | None = None,
    notice: str | None = None,
) -> str:
    """The whole as text.

    Parameters
    ----------
    only : names of boats
        Whose whole list is shown; without one, the `first` craft of each boat in distress.
    before : Plan, optional
        The plan of an earlier instant, against which the changes are told.
    """
    blocks = [
        [*([notice.strip(), ""] if notice else []), *_head(now, language)],
        _alarms(now, language),
        _orders(now, language, before),
        *_lists(now, language, tuple(only), first),
        _requests(now, language),
        _owners(now, language),
        _passed_over(now, language),
        [_assumed(now, means, language), *judged_sentences(now, language)],
    ]
    lines = [line for block in blocks if block for line in [*block, ""]]
    return "\n".join(row for line in lines[:-1] for part in line.split("\n") for row in _wrapped(part)) + "\n"


def assumed_sentence(means: Means, language: Language = "en") -> str:
    """What was taken for the sea, the visibility and the water, and what counts besides eyes."""
    weather, water = means.weather, means.water
    seen = (
        say("response.assumed.far", language)
        if math.isinf(weather.visibility)
        else say("response.assumed.visibility", language, visibility_nm=weather.visibility / NM)
    )
    if water is None:
        cold = say("response.assumed.season", language)
    else:
        low, high = water if isinstance(water, tuple) else (water, water)
        cold = say("response.assumed.water", language, low=low, high=high)
    eyes = [say("response.assumed.eyes", language)]
    eyes += [say(f"sensors.sensor.{name}", language) for name in sorted(means.instruments)]
    said = say(
        "response.assumed.all", language, wave_m=weather.wave_height, seen=seen, water=cold, eyes=", ".join(eyes)
    )
    if not means.unsaid:
        return said
    unsaid = ", ".join(say(f"response.assumed.unsaid_{what}", language) for what in means.unsaid)
    return f"{said} {say('response.assumed.nobody_said', language, what=unsaid)}"


def judged_sentences(now: ResponseNow, language: Language = "en") -> list[str]:
    """What the search of each boat rests on that nobody measured, with its figure: by instrument and search object."""
    craft = {} if now.now is None else {one.asset.name: one.asset.craft.key for one in now.now.assets}
    found: dict[tuple[str, str, Metres], list[str]] = {}
    for boat in now.boats():
        widths = boat.search.widths or {}
        for name, key in craft.items():
            if key in boat.search.judged:
                row = found.setdefault((boat.search.judged[key], boat.search.looked_for, round(widths[key])), [])
                if name not in row:
                    row.append(name)
    return [
        say(
            "response.assumed.judged",
            language,
            sensor=say(f"sensors.sensor.{instrument}", language),
            object=say(f"sensors.object.{what}", language),
            width_nm=width / NM,
            names=", ".join(names),
        )
        for (instrument, what, width), names in sorted(found.items())
    ]


def asked_sentence(one: Asked, language: Language = "en") -> str:
    """One request: who, for whom, since when, and where it stands."""
    request = one.request
    return say(
        f"response.asked.{one.state}",
        language,
        id=request.id,
        asset=request.asset,
        boat=request.boat or say("response.no_boat", language),
        asked=zulu(request.at),
        due=zulu(request.due),
        reason=one.reason or "-",
    )


def _head(now: ResponseNow, language: Language) -> list[str]:
    boats = 0 if now.now is None else len(now.now.boats)
    craft = 0 if now.now is None else len(now.now.assets)
    title = say("response.title", language, at=date_and_zulu(now.picture.at), boats=boats, craft=craft)
    lines = [title, say("picture.decision_aid", language)]
    if not now.complete:
        left = ", ".join(now.unread) or say("response.none", language)
        lines.append(say("response.broken_off", language, boats=left))
    return lines


def _alarms(now: ResponseNow, language: Language) -> list[str]:
    lines = []
    for silence in now.silences():
        lines += [f"! {silence.sentence(language)} [{silence.request.id}]", f"    {silence.to_do(language)}"]
    lines += [f"! {one.sentence(language)} [{_offer(one)}]" for one in now.calls.responsibilities if one.alarm]
    return [say("response.heading.alarms", language, count=sum(line.startswith("!") for line in lines)), *lines]


def _orders(now: ResponseNow, language: Language, before: Plan | None) -> list[str]:
    plan = now.plan
    if plan is None:
        return [say("response.nobody_to_send", language)]
    lines = [say("response.heading.orders", language), plan_sentence(plan, language)]
    lines += [f"  {line}" for line in order_sentences(plan, language)]
    lines += [f"  {left_out_sentence(one, language)}" for one in now.left_out]
    changes = now.changes(language, before=before)
    if before is not None:
        heading = say("response.heading.changes_since", language, at=zulu(before.situation.at))
        lines += ["", heading, *(f"  {line}" for line in changes or [say("response.no_change", language)])]
    elif now.standing is not None and any(now.standing.routes):
        heading = say("response.heading.changes", language)
        lines += ["", heading, *(f"  {line}" for line in changes or [say("response.no_change", language)])]
    return [*lines, "", say("response.heading.boats", language), *(f"  {s}" for s in boat_sentences(plan, language))]


def _lists(now: ResponseNow, language: Language, only: Sequence[str], first: int) -> list[list[str]]:
    if now.now is None:
        return []
    shown = [boat.name for boat in now.now.boats if not only or boat.name in only]
    return [_list(now, now.picture.boat(name), language, first=None if only else first) for name in shown]


def _list(now: ResponseNow, boat: BoatPicture, language: Language, *, first: int | None) -> list[str]:
    listed = now.ranking(boat.name)
    able = [one for one in listed if one.hindrance is None]
    distress = next(one for one in now.boats() if one.name == boat.name)
    state = "picture.unknown_state" if boat.state == "unknown" else f"console.state.{boat.state}"
    cloud = boat.cloud
    lines = [
        say(
            "response.heading.list",
            language,
            boat=boat.name,
            state=say(state, language),
            expected=distress.expected,
            where="-" if cloud is None else str(cloud.centre),
            count=len(able),
        )
    ]
    states = {(one.request.asset, one.request.boat): one.state for one in now.calls.asked()}
    for place, one in enumerate(able[:first], 1):
        state_now = states.get((one.availability.asset.name, boat.name))
        mark = "" if state_now is None else f" [{say(f'response.state.{state_now}', language)}]"
        lines.append(f"  {place:2d} {one.sentence(language)}{mark}")
    lines += _cannot([one for one in listed if one.hindrance is not None], language, whole=first is None)
    return lines


def _cannot(listed: Sequence[Rescue], language: Language, *, whole: bool) -> list[str]:
    """Craft that cannot go: one sentence each, or for each reason the craft it keeps."""
    if whole:
        return [f"   - {one.sentence(language)}" for one in listed]
    lines = []
    for why, held in groupby(sorted(listed, key=lambda one: str(one.hindrance)), key=lambda one: one.hindrance):
        names = ", ".join(one.availability.asset.name for one in held)
        reason = say(f"response.hindrance.{why}", language)
        lines.append(f"   - {say('response.kept', language, assets=names, why=reason)}")
    return lines


def _requests(now: ResponseNow, language: Language) -> list[str]:
    asked = now.calls.asked()
    if not asked:
        return []
    return [say("response.heading.requests", language), *(f"  {asked_sentence(one, language)}" for one in asked)]


def _owners(now: ResponseNow, language: Language) -> list[str]:
    lines = [f"  {one.sentence(language)}" for one in now.calls.responsibilities if not one.alarm]
    return [say("response.heading.owners", language), *lines] if lines else []


def _passed_over(now: ResponseNow, language: Language) -> list[str]:
    lines = [f"  {say(f'response.passed.{one.why}', language, boat=one.boat)}" for one in now.passed_over]
    return [say("response.heading.passed", language), *lines] if lines else []


def _assumed(now: ResponseNow, means: Means, language: Language) -> str:
    return f"{assumed_sentence(means, language)} {say('response.unverified', language)}"


def _offer(one: Responsibility) -> str:
    return "-" if one.offer is None else one.offer.id


def _wrapped(line: str) -> list[str]:
    indent = len(line) - len(line.lstrip()) + 4
    return textwrap.wrap(line, COLUMNS, subsequent_indent=" " * indent, break_on_hyphens=False) or [""]
