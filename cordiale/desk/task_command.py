"""`cordiale task`: who goes where, who was asked and has not answered, who answers for whom; and writing it down."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from cordiale.assets.catalogue import load_catalogue
from cordiale.desk.forecast_options import describe_wind
from cordiale.desk.options import now, read_duration, read_time
from cordiale.desk.progress import Progress, interruptible
from cordiale.desk.replays import Replayed, is_record, picture_at, reports_to_replay
from cordiale.desk.seeing import describe_seeing, seeing_stated
from cordiale.desk.task_escort import escort_of, escort_text
from cordiale.desk.task_reckon import COUNT, Reckoning
from cordiale.desk.task_write import DutyLines, DutyWish, Verb, boat_meant, craft_meant, duty_lines, keep_lines
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import iso
from cordiale.record.duties import Duties, duties_of
from cordiale.record.events import Event
from cordiale.record.in_distress import boats_in_distress
from cordiale.record.log import events, open_record
from cordiale.record.picture import Picture, PictureMemory
from cordiale.record.response_now import ResponseNow, craft_of, pairs_of
from cordiale.response.explain import plan_sentence
from cordiale.views.response_json import response_json
from cordiale.views.response_text import asked_sentence, response_text
from cordiale.words import Language, say

INTERRUPTED: Final = 130
VERBS: Final[tuple[tuple[Verb, tuple[str, ...]], ...]] = (
    ("ask", ("BOAT", "CRAFT")),
    ("give", ("BOAT", "CRAFT")),
    ("accept", ("ID",)),
    ("refuse", ("ID",)),
    ("end", ("TASK",)),
    ("offer", ("BOAT", "CENTRE")),
    ("take", ("BOAT", "CENTRE")),
)


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The arguments of `cordiale task`."""
    add = parser.add_argument
    add("source", help=say("desk.replay.source", language))
    add("--at", metavar="02:27Z", help=say("desk.task.at", language))
    add("--boat", action="append", default=[], metavar="BOAT", help=say("desk.task.boat", language))
    add("--first", type=int, default=3, metavar="N", help=say("desk.task.first", language))
    add("--all", dest="all_of_them", action="store_true", help=say("desk.task.all", language))
    add("--before", metavar="02:27Z", help=say("desk.task.before", language))
    add("--legs", type=int, choices=(1, 2), default=2, help=say("desk.task.legs", language))
    add("--without", action="append", default=[], metavar="CRAFT", help=say("desk.task.without", language))
    add("--escort", metavar="BOAT", help=say("desk.task.escort", language))
    add("--for", dest="lasting", default="4h", metavar="4h", help=say("desk.task.lasting", language))
    writing = parser.add_argument_group(say("desk.task.writing", language)).add_mutually_exclusive_group()
    for verb, what in VERBS:
        writing.add_argument(f"--{verb}", nargs=len(what), metavar=what, help=say(f"desk.task.{verb}", language))
    add("--reason", default="", metavar="TEXT", help=say("desk.task.reason", language))
    add("--when", metavar="02:30Z", help=say("desk.task.when", language))
    add("--channel", default="phone", help=say("desk.task.channel", language))
    add("--by", default="desk", help=say("desk.record.by", language))
    add("--quick", action="store_true", help=say("desk.task.quick", language))
    describe_seeing(parser, language, "plan")
    add("--seed", type=int, default=1, help=say("desk.option.seed", language))
    add("--json", action="store_true", help=say("desk.option.json", language))
    describe_wind(parser, language)


def run(options: argparse.Namespace, language: Language) -> int:
    """Show the response, or write one duty down and say what it changes; 1 while an alarm stands."""
    stated, lasting = seeing_stated(options, "plan"), read_duration(options.lasting)
    _check(options)
    replayed = reports_to_replay(options.source, language, now=now())
    wish = _wish(options, replayed)
    if wish is not None and not is_record(Path(options.source)):
        raise CordialeError("desk.close_replay", source=options.source)
    options.at = _instant(options, replayed)
    progress = Progress(sys.stderr, language)
    progress.begin(key="desk.task.working")
    try:
        memory = PictureMemory()
        seen, known = picture_at(replayed, options, count=COUNT, memory=memory)
        only = [boat_meant(seen, name).name for name in options.boat]
        if wish is not None:
            kept = _kept(options, wish, duty_lines(wish, seen, replayed.known().duties), language)
        with interruptible() as interruption:
            reckoning = Reckoning(
                options=options, language=language, stated=stated, progress=progress, interruption=interruption
            )
            if wish is not None:
                return _changed(reckoning, kept, seen, known.duties)
            if options.escort:
                means, absent = stated.means_at(seen), tuple(options.without)
                relay = escort_of(seen, boat_meant(seen, options.escort), means, lasting=lasting, absent=absent)
                print(escort_text(relay, language, as_json=options.json))
                return 1 if relay.gaps else 0
            before = reckoning.before(replayed, memory)
            told = reckoning.at(seen, known.duties, before=before)
    finally:
        progress.end()
    if options.json:
        document = response_json(told, stated.means_at(seen), language, before=before)
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        shown = {"only": only, "first": options.first, "before": before, "notice": replayed.notice}
        print(response_text(told, stated.means_at(seen), language, **shown), end="")
    return _ends(told)


def _ends(told: ResponseNow) -> int:
    """130 where it was broken off, 1 while an alarm stands."""
    if not told.complete:
        return INTERRUPTED
    return 1 if told.silences() or any(one.alarm for one in told.calls.responsibilities) else 0


def _check(options: argparse.Namespace) -> None:
    """Refuse what makes no sense before any work is done."""
    if options.first < 1:
        raise CordialeError("desk.task_first", first=options.first)
    catalogue = load_catalogue()
    for name in options.without:
        if catalogue.named(name) is None:
            raise CordialeError("desk.task_craft", name=name)


def _wish(options: argparse.Namespace, replayed: Replayed) -> DutyWish | None:
    """What is to be written down, if anything."""
    for verb, _ in VERBS:
        given = getattr(options, verb)
        if given:
            first, last = replayed.span
            when = now() if options.when is None else read_time(options.when, reference=(first + last) / 2)
            if when > now():
                raise CordialeError("desk.task_when", text=options.when)
            who = given[1] if len(given) > 1 else ""
            return DutyWish(verb=verb, what=given[0], who=who, saying=options.reason, by=options.by,
                            at=when, channel=options.channel)  # fmt: skip
    return None


def _instant(options: argparse.Namespace, replayed: Replayed) -> str | None:
    """The instant asked for; of a record that is being written, now: clocks run while nothing comes in."""
    if options.at is not None or options.when is not None:
        return str(options.at or options.when)
    return replayed.present(now())


def _kept(
    options: argparse.Namespace, wish: DutyWish, lines: DutyLines, language: Language
) -> tuple[DutyLines, tuple[Event, ...]]:
    """Write it down, at once and before anything is worked out, and say so."""
    kept = keep_lines(Path(options.source), lines, recorded_at=now(), by=wish.by)
    for event in kept if not options.json else ():
        name = lines.request.name if lines.request is not None else event.subject or "-"
        print(say("desk.task.kept", language, type=event.type, event=event.id, about=name), flush=True)
    if wish.verb in ("ask", "give") and load_catalogue().named(craft_meant(wish.who)) is None:
        print(say("desk.task.no_such_craft", language, craft=wish.who), file=sys.stderr)
    return lines, kept


def _changed(reckoning: Reckoning, kept: tuple[DutyLines, tuple[Event, ...]], seen: Picture, before: Duties) -> int:
    """What the line that was written changes: the orders before and after it."""
    options, language = reckoning.options, reckoning.language
    lines, written = kept
    document: dict[str, Any] = {
        "events": [{"event": e.id, "type": e.type, "subject": e.subject, "at": iso(e.at)} for e in written],
        "request": None if lines.request is None else lines.request.name,
    }
    if options.quick:
        if options.json:
            print(json.dumps(document, ensure_ascii=False))
        return 0
    with open_record(Path(options.source), read_only=True) as record:
        duties = duties_of(e for e in events(record) if e.received <= seen.at)
    boats, passed = boats_in_distress(seen, duties, all_of_them=options.all_of_them)
    means = reckoning.stated.means_at(seen)
    pairs, unread = pairs_of(seen, boats, craft_of(seen, options.without), means, heed=reckoning.listing)
    was = reckoning.orders(seen, before, pairs)
    if lines.request is not None and lines.request.received <= seen.at:
        seen = replace(seen, reports=(*seen.reports, lines.request), log=(*seen.log, lines.request))
    told = reckoning.orders(seen, duties, pairs, before=was.plan)
    told = replace(told, passed_over=passed, unread=unread, complete=told.complete and not unread)
    changes = told.changes(language, before=was.plan)
    if options.json:
        document |= {"changes": list(changes), "response": response_json(told, means, language)}
        print(json.dumps(document, ensure_ascii=False, indent=1))
        return _ends(told)
    _tell(told, changes, lines, language)
    return _ends(told)


def _tell(told: ResponseNow, changes: tuple[str, ...], lines: DutyLines, language: Language) -> None:
    """What follows from the line, in a few sentences."""
    for one in told.calls.asked():
        if lines.request is not None and one.request.id == lines.request.name:
            print(asked_sentence(one, language))
    if told.plan is None:
        return
    print(say("response.heading.changes_now", language))
    for line in changes or (say("response.no_change", language),):
        print(f"  {line}")
    print(plan_sentence(told.plan, language))
