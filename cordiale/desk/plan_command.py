"""`cordiale plan`: who searches where for the boats of a picture, what that is worth, and what no plan exceeds."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from cordiale.desk.forecast_options import describe_wind
from cordiale.desk.options import now, read_time_after
from cordiale.desk.plan_boats import BoatsChosen, boats_chosen, clouds_until
from cordiale.desk.plan_craft import (
    assumptions,
    by_eye_alone,
    check_craft,
    craft_available,
    craft_ready,
    describe_craft,
)
from cordiale.desk.plan_files import check_plan_files, describe_files, write_plan_files
from cordiale.desk.plan_print import Planned, plan_json, plan_text, standing_of
from cordiale.desk.progress import Interruption, Progress, interruptible
from cordiale.desk.replays import Replayed, picture_at, reports_to_replay
from cordiale.desk.seeing import Seeing, told, weather_told
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import zulu
from cordiale.earth.units import Fraction, Instant, Quantity, hours, minutes
from cordiale.record.picture import BoatPicture, Picture
from cordiale.record.searches import searches_of
from cordiale.sea.light import light
from cordiale.search.plan import AGAIN, FULL, QUICK, Budget, plan_search
from cordiale.search.plan_band import found_alive, likely_alive
from cordiale.search.plan_choose import worth_sending
from cordiale.search.plan_result import Standing
from cordiale.search.plan_sought import Searcher, Sought
from cordiale.search.result import Flown
from cordiale.views.search_brief import BoatSought, Persons, SearchBrief, held_of
from cordiale.views.search_from_plan import brief_of
from cordiale.words import Language, say

INTERRUPTED: Final = 130
MOST_HOURS: Final = 24
MOST_MOVES: Final = 1_000_000
# Parts of the work after the picture at which each stage begins, about.
_CLOUDS, _CRAFT, _CHOICE, _PLAN = 0.0, 0.2, 0.3, 0.4


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The arguments of `cordiale plan`."""
    add = parser.add_argument
    add("source", help=say("desk.replay.source", language))
    add("--at", metavar="03:25Z", help=say("desk.task.at", language))
    add("--boat", action="append", default=[], metavar="B-0029", help=say("desk.plan.boats", language))
    add("--all", dest="all_of_them", action="store_true", help=say("desk.plan.all", language))
    add("--unreported", action="store_true", help=say("desk.plan.unreported", language))
    span = parser.add_mutually_exclusive_group()
    span.add_argument("--until", metavar="08:00Z", help=say("desk.plan.until", language))
    span.add_argument("--hours", type=float, default=6.0, metavar="6", help=say("desk.plan.hours", language))
    add("--objective", choices=("pos", "time", "lives"), default="lives", help=say("desk.plan.objective", language))
    describe_craft(parser, language)
    add("--start", metavar="plan.json", help=say("desk.plan.start", language))
    add("--quick", action="store_true", help=say("desk.plan.quick", language))
    add("--moves", type=int, metavar="N", help=say("desk.plan.moves", language))
    add("--particles", type=int, default=5000, metavar="N", help=say("desk.drift.particles", language))
    add("--seed", type=int, default=1, metavar="N", help=say("desk.option.seed", language))
    add("--json", action="store_true", help=say("desk.option.json", language))
    add("--quiet", action="store_true", help=say("desk.drift.quiet", language))
    describe_wind(parser, language)
    describe_files(parser, language)


def run(options: argparse.Namespace, language: Language) -> int:
    """Plan, write the files that were asked for, and print; 130 with the best plan so far where it was broken off."""
    stated = check_craft(options)
    start = _start(options)
    _check_numbers(options)
    check_plan_files(options)
    replayed = reports_to_replay(options.source, language, now=now())
    options.at = _instant(options, replayed)
    if not options.quiet:
        print(say("desk.plan.picture", language), file=sys.stderr, flush=True)
    seen, known = picture_at(replayed, options, count=options.particles)
    chosen = boats_chosen(seen, known.duties, named=options.boat, all_of_them=options.all_of_them)
    until = _deadline(options, seen.at)
    searches = searches_of(replayed.written, at=seen.at)
    with interruptible() as interruption:
        planning = _Planning(options, language, seen, chosen, stated, searches, interruption)
        try:
            made = planning.until(until, start)
        finally:
            planning.end()
    brief = _brief(made, options, replayed, language)
    written, fault = _written(options, brief, language)
    if options.json:
        json.dump(plan_json(made, brief, written), sys.stdout, ensure_ascii=False, allow_nan=False, indent=1)
        print()
    else:
        print(plan_text(made, brief, language))
        for name in written:
            print(say("desk.drift.written", language, path=name))
    if fault is not None:
        raise fault
    if not made.plan.complete:
        print(say("desk.plan.broken_off", language), file=sys.stderr)
        return INTERRUPTED
    return 1 if made.plan.conflicts else 0


class _Planning:
    """One plan on its way: what it is made from, how far it has come, and the key that ends it early."""

    def __init__(
        self,
        options: argparse.Namespace,
        language: Language,
        seen: Picture,
        chosen: BoatsChosen,
        stated: Seeing,
        searches: Sequence[Flown],
        interruption: Interruption,
    ) -> None:
        self._options, self._language, self._seen = options, language, seen
        self._chosen, self._stated, self._searches, self._interruption = chosen, stated, searches, interruption
        self._progress = None if options.quiet else Progress(sys.stderr, language)

    def until(self, until: Instant, start: list[Standing]) -> Planned:
        """The plan for the hours until an instant."""
        options, seen = self._options, self._seen
        there = craft_available(seen, options)
        boats = self._chosen.boats
        clouds = clouds_until(
            seen,
            boats,
            until,
            water=self._stated.water,
            searches=self._searches,
            unreported=say("desk.plan.unreported_name", self._language) if options.unreported else None,
            progress=lambda number: self._show(_CLOUDS + (_CRAFT - _CLOUDS) * number / len(boats), "clouds"),
        )
        self._show(_CRAFT, "craft")
        where = next(boat.cloud.centre for boat in boats if boat.cloud is not None)
        craft = craft_ready(seen, there, clouds, self._stated, until)
        able = [one.searcher for one in craft if one.searcher is not None]
        if not able:
            raise CordialeError("desk.plan_no_craft", why="; ".join(one.why_not() for one in craft) or "-")
        alike = min((one.alike for one in craft if one.searcher and one.alike is not None), default=None)
        sent, kept = self._sent(clouds, able, alike, {one.searcher for one in start})
        with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as executor:
            plan = plan_search(
                clouds,
                sent,
                chance=Stream.of_seed(options.seed).child("plan"),
                objective=options.objective,
                alike=alike,
                budget=_budget(options),
                start=start,
                executor=executor,
                progress=self._planned,
                cancel=self._interruption.asked,
            )
        chances = found_alive(plan, clouds, alike=alike)
        going = {one.name for one in sent}
        used = [one for one in craft if one.name in going]
        assumed = assumptions(self._stated, used)
        return Planned(
            seen=seen,
            chosen=self._chosen,
            clouds=tuple(clouds),
            craft=tuple(craft),
            kept=tuple(kept),
            plan=plan,
            by_eye=by_eye_alone(plan, clouds, used, alike),
            likely=None if chances is None else likely_alive(chances),
            assumed=(*_light_changes(seen.at, until, where.lat, where.lon), *assumed),
            weather=weather_told(self._stated.conditions_at(seen.environment, seen.at, where), seen.at, self._stated),
            seed=options.seed,
        )

    def end(self) -> None:
        """Take the progress away."""
        if self._progress is not None:
            self._progress.end()

    def _sent(
        self, clouds: list[Sought], able: list[Searcher], alike: Fraction | None, standing: set[str]
    ) -> tuple[list[Searcher], list[tuple[Searcher, Fraction]]]:
        """Who goes: all that were named, else those worth sending and those that an earlier plan has out."""
        if self._options.asset:
            return able, []
        chosen = worth_sending(
            clouds,
            able,
            objective=self._options.objective,
            alike=alike,
            progress=lambda part: self._show(_CHOICE + (_PLAN - _CHOICE) * part, "choice"),
            cancel=self._interruption.asked,
        )
        sent = [*chosen.sent, *(one for one, _ in chosen.kept if one.name in standing)]
        if not sent:
            raise CordialeError("desk.plan_no_use", names=", ".join(one.name for one in able))
        names = {one.name for one in sent}
        return sent, [(one, share) for one, share in chosen.kept if one.name not in names]

    def _planned(self, part: Fraction, _worth: Quantity) -> None:
        self._show(_PLAN + (1 - _PLAN) * part, "plan")

    def _show(self, part: Fraction, doing: str) -> None:
        if self._progress is not None:
            self._progress.show(part, say(f"desk.plan.doing.{doing}", self._language))


def _instant(options: argparse.Namespace, replayed: Replayed) -> str | None:
    """The instant asked for; of a record that is being written, now: nobody can set out before."""
    return replayed.present(now()) if options.at is None else str(options.at)


def _start(options: argparse.Namespace) -> list[Standing]:
    """The sorties of an earlier plan, if one was named."""
    if options.start is None:
        return []
    try:
        return standing_of(json.loads(Path(options.start).read_text(encoding="utf-8")))
    except OSError as error:
        raise CordialeError("desk.plan_start", path=options.start, reason=error.strerror or "?") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CordialeError("desk.plan_start", path=options.start, reason=f"{type(error).__name__} {error}") from error


def _check_numbers(options: argparse.Namespace) -> None:
    """Refuse numbers that make no plan."""
    if not 0.25 <= options.hours <= MOST_HOURS:
        raise CordialeError("desk.plan_hours", hours=options.hours, most=MOST_HOURS)
    if options.moves is not None and not 0 <= options.moves <= MOST_MOVES:
        raise CordialeError("desk.plan_moves", moves=options.moves, most=MOST_MOVES)
    if not 100 <= options.particles <= 1_000_000:
        raise CordialeError("desk.particles", particles=options.particles)


def _deadline(options: argparse.Namespace, at: Instant) -> Instant:
    if options.until is None:
        return at + float(options.hours) * hours
    until = read_time_after(options.until, at)
    if not 15 * minutes <= until - at <= MOST_HOURS * hours:
        raise CordialeError("desk.plan_hours", hours=(until - at) / hours, most=MOST_HOURS)
    return until


def _budget(options: argparse.Namespace) -> Budget:
    """How many moves: the usual, fewer from an earlier plan, none, or so many as were asked for."""
    if options.quick:
        return AGAIN if options.start else QUICK
    usual = replace(FULL, stages=AGAIN.stages) if options.start else FULL
    if options.moves is None:
        return usual
    total = sum(many for _, many in usual.stages)
    return replace(usual, stages=tuple((size, round(options.moves * many / total)) for size, many in usual.stages))


def _light_changes(begin: Instant, end: Instant, lat: float, lon: float) -> list[tuple[str, dict[str, Any]]]:
    """When it becomes light or dark for a lookout within the plan: the sweep widths are those of its middle."""
    steps = [begin + k * 5 * minutes for k in range(int((end - begin) // (5 * minutes)) + 1)]
    bright = [light(at, lat=lat, lon=lon).twilight in ("day", "civil") for at in steps]
    return [
        ("desk.plan.light_comes" if after else "desk.plan.light_goes", {"at": zulu(at)})
        for at, before, after in zip(steps[1:], bright[:-1], bright[1:], strict=True)
        if before != after
    ]


def _brief(made: Planned, options: argparse.Namespace, replayed: Replayed, language: Language) -> SearchBrief:
    """The plan as it goes out."""
    marks = {mark for boat in made.chosen.boats for mark in boat.marks}
    replay = ("desk.plan.replay", {"name": replayed.name})
    notices = [replay] if replayed.notice is not None else []
    return brief_of(
        made.plan,
        title=options.title or f"{replayed.name} {zulu(made.seen.at)}",
        made_at=made.seen.at,
        boats=[_boat(made.seen, name) for name in (one.name for one in made.chosen.boats)],
        coordinator=options.centre,
        situation=" ".join(_said(boat, language) for boat in made.chosen.boats),
        weather=told(*made.weather, language),
        notices=[(told(key, values, "en"), told(key, values, "fr")) for key, values in notices],
        assumptions=[(told(key, values, "en"), told(key, values, "fr")) for key, values in made.assumed],
        synthetic=marks == {"SYNTHETIC"} and not notices,
    )


def _said(boat: BoatPicture, language: Language) -> str:
    what = "picture.unknown_state" if boat.state == "unknown" else f"console.state.{boat.state}"
    at = zulu(boat.last_contact)
    return say("desk.plan.situation", language, name=boat.name, state=say(what, language), at=at)


def _boat(seen: Picture, name: str) -> BoatSought:
    boat = seen.boat(name)
    left = next(account.unaccounted for account in seen.ledger.accounts if account.boat == name)
    persons = Persons(least=round(left.least), most=round(left.most)) if boat.persons is not None else Persons()
    fix = boat.last_fix
    return BoatSought(
        name=name,
        persons=persons,
        last_known=None if fix is None else fix.position,
        last_known_at=None if fix is None else fix.event.middle,
        held_at=seen.at,
        held=tuple(held_of(region) for region in sorted(boat.regions, key=lambda one: -one.probability)),
    )


def _written(
    options: argparse.Namespace, brief: SearchBrief, language: Language
) -> tuple[list[str], CordialeError | None]:
    """What was written; where a file failed at last, why, for the plan is still to be printed."""
    try:
        return write_plan_files(options, brief, language), None
    except CordialeError as fault:
        return [], fault
