"""`cordiale record`: verify, list, back up and restore a record; read or erase the original text of a report."""

import argparse
import json

from cordiale.desk.options import now
from cordiale.earth.instants import date_and_zulu, iso
from cordiale.record.backup import backup, restore
from cordiale.record.erasure import erase_text, read_text
from cordiale.record.log import events, open_record
from cordiale.record.witness import Verdict, verify
from cordiale.words import Language, say


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The actions of `cordiale record` and their arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar=say("desk.record.action", language))
    for name, arguments in {
        "verify": ["record"],
        "list": ["record"],
        "backup": ["record", "target"],
        "restore": ["source", "record"],
        "text": ["record", "report"],
        "erase": ["record", "report"],
    }.items():
        action = actions.add_parser(name, help=say(f"desk.record.{name}", language))
        for argument in arguments:
            action.add_argument(argument, help=say(f"desk.record.argument.{argument}", language))
        if name in {"verify", "list"}:
            action.add_argument("--json", action="store_true", help=say("desk.option.json", language))
        if name == "backup":
            action.add_argument("--with-keys", action="store_true", help=say("desk.record.with_keys", language))
        if name == "erase":
            action.add_argument("--by", required=True, help=say("desk.record.by", language))
            action.add_argument("--reason", required=True, help=say("desk.record.reason", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Do one action; 1 when a record is not whole."""
    actions = {
        "verify": _verify,
        "list": _list,
        "backup": _backup,
        "restore": _restore,
        "text": _text,
        "erase": _erase,
    }
    return actions[options.action](options, language)


def _verify(options: argparse.Namespace, language: Language) -> int:
    with open_record(options.record, read_only=True) as record:
        verdict = verify(record)
    if options.json:
        flaws = [{"seq": flaw.seq, "text": flaw.text(language)} for flaw in verdict.flaws]
        print(json.dumps({"whole": verdict.is_whole, "events": verdict.events, "head": verdict.head, "flaws": flaws}))
    else:
        print(verdict.text(language))
    return 0 if verdict.is_whole else 1


def _list(options: argparse.Namespace, language: Language) -> int:
    with open_record(options.record, read_only=True) as record:
        for event in events(record):
            if options.json:
                row = {"id": event.id, "seq": event.seq, "type": event.type, "at": iso(event.at),
                       "received": iso(event.received), "recorded_at": iso(event.recorded_at), "by": event.by,
                       "subject": event.subject, "hash": event.hash}  # fmt: skip
                print(json.dumps(row, ensure_ascii=False))
            else:
                print(f"{event.seq:6d}  {date_and_zulu(event.received)}  {event.type:18s} {event.subject or ''}")
    return 0


def _backup(options: argparse.Namespace, language: Language) -> int:
    with open_record(options.record, read_only=True) as record:
        return _told(backup(record, options.target, with_keys=options.with_keys), language)


def _restore(options: argparse.Namespace, language: Language) -> int:
    return _told(restore(options.source, options.record), language)


def _told(verdict: Verdict, language: Language) -> int:
    print(verdict.text(language))
    return 0 if verdict.is_whole else 1


def _text(options: argparse.Namespace, language: Language) -> int:
    with open_record(options.record, read_only=True) as record:
        print(read_text(record, options.report) or say("desk.record.no_text", language))
    return 0


def _erase(options: argparse.Namespace, language: Language) -> int:
    with open_record(options.record) as record:
        event = erase_text(record, options.report, by=options.by, reason=options.reason, at=now())
    print(say("desk.record.erased", language, report=options.report, event=event.id))
    return 0
