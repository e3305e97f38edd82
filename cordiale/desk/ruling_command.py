"""`cordiale link`, `never`, `confirm`, `split` and `withdraw`: what a person decides about which report is about which
boat, and taking any decision back.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

from cordiale.association.disposition import Boat
from cordiale.desk.forecast_options import describe_wind
from cordiale.desk.options import now
from cordiale.desk.replays import Replayed, is_record, picture_at, reports_to_replay
from cordiale.desk.ruling import RulingForm, found, ruling_entry, unknown_name
from cordiale.earth.errors import CordialeError
from cordiale.record.effect import effect_of
from cordiale.record.log import append, open_record
from cordiale.record.names import called
from cordiale.record.picture import Picture
from cordiale.record.rulings import ruling_of
from cordiale.words import Language, say

NAMED = {
    "link": ("report", "other"),
    "never": ("report", "other"),
    "confirm": ("report", "other"),
    "split": ("boat",),
    "withdraw": ("event",),
}


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The arguments of each of the five commands; which one it is stands at the end of the parser's name."""
    add, kind = parser.add_argument, parser.prog.split()[-1]
    add("record", help=say("desk.ruling.record", language))
    for name in NAMED[kind]:
        add(name, help=say(f"desk.ruling.{name}", language))
    if kind == "split":
        add("--from", dest="start", required=True, metavar="r-0123", help=say("desk.ruling.start", language))
    add("--by", help=say("desk.ruling.by", language))
    add("--because", default="", metavar="TEXT", help=say("desk.ruling.because", language))
    add("--at", metavar="03:25Z", help=say("desk.ruling.at", language))
    add("--seed", type=int, default=1, help=say("desk.option.seed", language))
    describe_wind(parser, language)
    add("--json", action="store_true", help=say("desk.option.json", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Without `--by` say what would change; with it write the ruling down and say under which number."""
    path = Path(options.record)
    if not is_record(path):
        raise CordialeError("desk.close_replay", source=options.record)
    replayed = reports_to_replay(options.record, language, now=now())
    form = _form(options, replayed)
    if options.by is None:
        return _ask(form, options, replayed, language)
    with open_record(path) as record:
        entry = ruling_entry(form, replayed.known(), replayed.written, at=now())
        event = append(record, entry, recorded_at=now())
    if options.json:
        print(json.dumps({"event": event.id, "type": event.type, "body": dict(event.body)}, ensure_ascii=False))
        return 0
    values = {"report": form.report, "other": form.other, "boat": form.boat, "taken_back": form.event}
    print(
        say(f"desk.ruling.kept.{form.kind}", language, event=event.id, start=getattr(options, "start", "-"), **values)
    )
    return 0


def _ask(form: RulingForm, options: argparse.Namespace, replayed: Replayed, language: Language) -> int:
    """Print what the ruling would change in the picture; nothing is written."""
    before, known = picture_at(replayed, options)
    entry = ruling_entry(replace(form, because=form.because or "?"), known, replayed.written, at=before.at)
    if form.kind == "withdraw":
        rulings = tuple(ruling for ruling in known.rulings if ruling.event != form.event)
    else:
        rulings = (*known.rulings, ruling_of(entry))
    after, _ = picture_at(replayed, options, rulings=rulings)
    effect = effect_of(before, after)
    if options.json:
        moved = [{"report": report, "before": was, "after": will} for report, was, will in effect.moved]
        document = {"boats": list(effect.boats), "moved": moved, "digests": list(effect.digests)}
        print(json.dumps(document, ensure_ascii=False))
    else:
        print(effect.text(language))
        print(say("desk.ruling.asked", language))
    return 0


def _form(options: argparse.Namespace, replayed: Replayed) -> RulingForm:
    asked = RulingForm(kind=options.command, because=options.because, by=options.by or "desk")
    if options.command == "withdraw":
        return replace(asked, event=options.event)
    if options.command == "split":
        boat, before, after = _parts(options, replayed)
        return replace(asked, boat=boat, before=before, after=after)
    report, other = options.report, options.other
    if any(name.startswith("B-") for name in (report, other)):  # only then: the picture costs seconds
        seen, _ = picture_at(replayed, options)
        report, other = (_first_report(seen, name) for name in (report, other))
    return replace(asked, report=report, other=other)


def _first_report(seen: Picture, name: str) -> str:
    """The report after which the boat that goes by this name is named; a report's own name as it is."""
    return _boat(seen, name).first_report if name.startswith("B-") else name


def _boat(seen: Picture, name: str) -> Boat:
    """The boat that goes by this name now; an unknown one raises with those spelt like it."""
    boats = seen.association.boats
    now = called(name, boats, seen.reports)
    if now is None:
        raise unknown_name(name, [boat.name for boat in boats])
    return next(boat for boat in boats if boat.name == now)


def _parts(options: argparse.Namespace, replayed: Replayed) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The boat, her reports before the one that begins another, and those from it on, in order of event."""
    seen, _ = picture_at(replayed, options)
    boat = _boat(seen, options.boat)
    cut = boat.reports.index(found(options.start, boat.reports))
    return boat.name, boat.reports[:cut], boat.reports[cut:]
