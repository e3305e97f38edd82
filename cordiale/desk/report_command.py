"""`cordiale report`: add one report, or all reports of a feed, to your own record."""

import argparse
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from cordiale.belief.report import KINDS
from cordiale.desk.damage import announce
from cordiale.desk.options import now
from cordiale.earth.instants import date_and_zulu, iso
from cordiale.earth.units import Instant
from cordiale.feeds.intake import report_from_form
from cordiale.feeds.jsonl import read_feed
from cordiale.feeds.line import FeedLine
from cordiale.feeds.off_the_sea import doubted
from cordiale.record.arrivals import Arrival, append_reports
from cordiale.record.events import Event
from cordiale.record.keys import node_key
from cordiale.record.log import open_record
from cordiale.record.salvage import read_aloud
from cordiale.record.schema import Record
from cordiale.sea.places import place_positions
from cordiale.words import Language, say

GROUP = 200  # lines of a feed written in one commit
FORM = (
    "position", "within", "time", "zone", "persons", "channel", "centre", "colour", "length", "engine", "state",
    "tubes", "phone", "mmsi", "relay-of", "relays", "asset", "summary", "words",
)  # fmt: skip
DESK = "desk"


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The actions of `cordiale report` and their arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar=say("desk.record.action", language))
    add = actions.add_parser("add", help=say("desk.report.add", language), description=say("desk.report.add", language))
    add.add_argument("record", help=say("desk.report.record", language))
    add.add_argument("--kind", default="distress_call", choices=KINDS, help=say("desk.report.kind", language))
    for name in FORM:
        add.add_argument(f"--{name}", help=say(f"desk.report.{name.replace('-', '_')}", language))
    read = actions.add_parser(
        "read", help=say("desk.report.read", language), description=say("desk.report.read", language)
    )
    read.add_argument("feed", help=say("desk.report.feed", language))
    read.add_argument("record", help=say("desk.report.record", language))
    read.add_argument("--centre", default="unknown", help=say("desk.report.centre", language))
    for action in (add, read):
        action.add_argument("--by", default=DESK, help=say("desk.record.by", language))
        action.add_argument("--json", action="store_true", help=say("desk.option.json", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Keep what was told and say how it was read; 1 when some of it could not be read or the record is damaged."""
    with open_record(Path(options.record)) as record:
        lines = _typed(options, record) if options.action == "add" else _fed(options, record)
        odd = 0
        for group in iter(lambda: list(islice(lines, GROUP)), []):
            at = now()
            for line, event in zip(group, _kept(record, group, at, options.by), strict=True):
                odd += bool(line.problems)
                _tell(line, event, options, language)
        broken = announce(options.record, read_aloud(record).flaws, language)  # after the report is kept and said
    return 1 if odd or broken else 0


def _typed(options: argparse.Namespace, record: Record) -> Iterator[FeedLine]:
    form = {name: getattr(options, name.replace("-", "_")) for name in FORM}
    filled = {name.replace("-", "_"): text for name, text in form.items() if text}
    if "within" in filled:
        filled["within_m"] = filled.pop("within")
    filled["kind"] = options.kind
    yield doubted(report_from_form(filled, now=now(), centre=options.centre or record.node, key=node_key(record)))


def _fed(options: argparse.Namespace, record: Record) -> Iterator[FeedLine]:
    lines = read_feed(
        Path(options.feed), now=now(), key=node_key(record), places=place_positions(), centre=options.centre
    )
    return map(doubted, lines)


def _kept(record: Record, lines: list[FeedLine], at: Instant, by: str) -> tuple[Event, ...]:
    arrivals = [arrival_of(line) for line in lines]
    return append_reports(record, arrivals, recorded_at=at, by=by)


def arrival_of(line: FeedLine) -> Arrival:
    """A line of a feed as the record takes it: the report, its original words, and how it came in."""
    origin: dict[str, Any] = {
        "sha256": line.sha256,
        "digest_of": line.digest_of,
        "line": line.number,
        "length": line.length,
        "problems": [problem.text() for problem in line.problems],
    }
    if line.as_given:
        origin["as_given"] = dict(line.as_given)
    if line.extra:
        origin["extra"] = dict(line.extra)
    return Arrival(report=line.as_claimed, text=line.text, origin=origin)


def _tell(line: FeedLine, event: Event, options: argparse.Namespace, language: Language) -> None:
    report = line.report
    if options.json:
        row = {
            "report": event.subject,
            "event": event.id,
            "received": iso(event.received),
            "kind": report.kind,
            "placed": bool(report.where),
            "flags": list(report.flags),
            "problems": [{"problem": p.problem(language), "hint": p.hint(language)} for p in line.problems],
        }
        print(json.dumps(row, ensure_ascii=False))
        return
    place = say("desk.report.placed" if report.where else "desk.report.unplaced", language)
    print(say("desk.report.kept", language, report=event.subject, event=event.id,
              received=date_and_zulu(event.received), place=place))  # fmt: skip
    for problem in line.problems:
        print(f"  {problem.problem(language)}\n  hint: {problem.hint(language)}")
