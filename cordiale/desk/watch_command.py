"""`cordiale watch`: the watch list, and who answers for which boat, who is sent to it, what was answered and seen."""

import argparse
import json
from pathlib import Path

from cordiale.desk.forecast_options import describe_wind
from cordiale.desk.options import now
from cordiale.desk.replays import picture_at, reports_to_replay
from cordiale.desk.task_write import DutyWish, duty_lines, keep_lines
from cordiale.earth.units import Instant
from cordiale.record.dormant import dormant_boats
from cordiale.record.doubts import doubts_about
from cordiale.record.duties import Duties
from cordiale.record.end_of_watch import end_of_watch
from cordiale.record.picture import Picture
from cordiale.record.watch_lines import watch_lines
from cordiale.record.watch_list import watch_list
from cordiale.views.end_of_watch_text import end_of_watch_json, end_of_watch_text
from cordiale.views.picture_json import alarm_json
from cordiale.views.watch_text import alarms_text, watch_text
from cordiale.words import Language, say


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The arguments of `cordiale watch`."""
    add = parser.add_argument
    add("source", help=say("desk.replay.source", language))
    add("--at", metavar="03:25Z", help=say("desk.replay.at", language))
    add("--all", dest="all_of_them", action="store_true", help=say("desk.watch.all", language))
    add("--each", action="store_true", help=say("desk.watch.each", language))
    add("--take", metavar="BOAT", help=say("desk.watch.take", language))
    add("--send", metavar="BOAT", help=say("desk.watch.send", language))
    add("--end", metavar="dover/12", help=say("desk.watch.end", language))
    add("--answered", metavar="r-0108", help=say("desk.watch.answered", language))
    add("--seen", metavar="ALARM", help=say("desk.watch.seen", language))
    add("--saying", default="", metavar="TEXT", help=say("desk.watch.saying", language))
    add("--end-of-watch", action="store_true", help=say("desk.watch.end_of_watch", language))
    add("--by", default="desk", help=say("desk.record.by", language))
    add("--seed", type=int, default=1, help=say("desk.option.seed", language))
    add("--json", action="store_true", help=say("desk.option.json", language))
    describe_wind(parser, language)


def run(options: argparse.Namespace, language: Language) -> int:
    """Write a duty down, or print the list; 1 when an alarm stands."""
    replayed = reports_to_replay(options.source, language, now=now())
    if options.at is None:
        options.at = replayed.present(now())
    seen, known = picture_at(replayed, options)
    wish = _wish(options, now())
    if wish is not None:
        return _keep(options, wish, seen, replayed.known().duties, language)
    if options.end_of_watch:
        end = end_of_watch(seen, known)
        document = end_of_watch_json(end, language)
        print(json.dumps(document, ensure_ascii=False) if options.json else end_of_watch_text(end, language))
        return 0
    alarms = watch_list(seen, known.duties, known.closings, all_of_them=options.all_of_them)
    if options.json:
        print(json.dumps([alarm_json(alarm, language) for alarm in alarms], ensure_ascii=False, indent=1))
    elif options.each:
        print(say("desk.watch.count", language, count=len(alarms), name=replayed.name))
        print(alarms_text(alarms, language))
    else:
        dormant = dormant_boats(seen, known.duties)
        lines = watch_lines(seen, alarms, known.duties, dormant)
        print(watch_text(lines, doubts_about(seen, known.rulings), dormant, language, name=replayed.name))
    return 1 if alarms else 0


def _wish(options: argparse.Namespace, at: Instant) -> DutyWish | None:
    """What was asked to be written down, if anything, as `cordiale task` writes it too."""
    said = options.saying
    if options.take:
        return DutyWish(verb="take", what=options.take, who=said, by=options.by, at=at)
    if options.send:
        return DutyWish(verb="give", what=options.send, who=said, by=options.by, at=at)
    if options.end:
        return DutyWish(verb="end", what=options.end, saying=said, by=options.by, at=at)
    if options.answered:
        return DutyWish(verb="answered", what=options.answered, saying=said, by=options.by, at=at)
    return DutyWish(verb="seen", what=options.seen, by=options.by, at=at) if options.seen else None


def _keep(options: argparse.Namespace, wish: DutyWish, seen: Picture, duties: Duties, language: Language) -> int:
    lines = duty_lines(wish, seen, duties)
    for event in keep_lines(Path(options.source), lines, recorded_at=wish.at, by=wish.by):
        print(say("desk.watch.kept", language, type=event.type, event=event.id))
    return 0
