"""`cordiale close`: ask the closure guard about a boat, and write the decision down in your own record."""

import argparse
import json
from pathlib import Path

from cordiale.desk.forecast_options import describe_wind
from cordiale.desk.options import now
from cordiale.desk.replays import Replayed, is_record, picture_at, reports_to_replay
from cordiale.earth.errors import CordialeError
from cordiale.record.closing import Closing, Identity, closing_entry, withdrawal_entry
from cordiale.record.closure import Verdict, decide_closing, identity_evidence, judge_closing
from cordiale.record.log import append, open_record
from cordiale.record.names import called, names_of
from cordiale.words import Language, say


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The arguments of `cordiale close`."""
    add = parser.add_argument
    add("source", help=say("desk.close.source", language))
    add("boat", nargs="?", help=say("desk.close.boat", language))
    add("--on", action="append", default=[], metavar="r-0123", help=say("desk.close.on", language))
    kinds = ", ".join(identity_evidence())
    add("--evidence", action="append", default=[], metavar="ring_test:r-0123",
        help=say("desk.close.evidence", language, kinds=kinds))  # fmt: skip
    add("--at", metavar="05:50Z", help=say("desk.replay.at", language))
    add("--by", help=say("desk.record.by", language))
    add("--second", default="", help=say("desk.close.second", language))
    add("--reason", default="", help=say("desk.close.reason", language))
    add("--withdraw", nargs="?", const="", metavar="B-0012", help=say("desk.close.withdraw", language))
    add("--seed", type=int, default=1, help=say("desk.option.seed", language))
    add("--json", action="store_true", help=say("desk.option.json", language))
    describe_wind(parser, language)


def run(options: argparse.Namespace, language: Language) -> int:
    """Print the verdict, and keep the decision where `--by` names a role; 1 when the guard refuses."""
    if options.withdraw is not None:
        return _withdraw(options, options.withdraw or options.boat or "", language)
    if not options.boat:
        raise CordialeError("desk.close_whom", source=options.source)
    replayed = reports_to_replay(options.source, language, now=now())
    verdict = _verdict(options, replayed)
    if options.json:
        print(json.dumps(_verdict_json(verdict, language), ensure_ascii=False))
    else:
        print(verdict.text(language))
    if options.by is None:
        return 0 if verdict.passes else 1
    path = Path(options.source)
    if not is_record(path):
        raise CordialeError("desk.close_replay", source=options.source)
    closing = decide_closing(verdict, at=now(), by=options.by, second=options.second, reason=options.reason)
    with open_record(path) as record:
        event = append(record, closing_entry(closing), recorded_at=now())
    if not options.json:
        key = "desk.close.task_ended" if closing.override else "desk.close.closed"
        print(say(key, language, boat=closing.boat, event=event.id))
    return 0


def _verdict(options: argparse.Namespace, replayed: Replayed) -> Verdict:
    seen, _ = picture_at(replayed, options)
    return judge_closing(
        seen, options.boat, endings=options.on, evidence=[Identity.parse(text) for text in options.evidence]
    )


def _withdraw(options: argparse.Namespace, name: str, language: Language) -> int:
    """Take back the closing that goes by this name, and say which it was; the newest of several."""
    path = Path(options.source)
    if not is_record(path):
        raise CordialeError("desk.close_replay", source=options.source)
    if not name:
        raise CordialeError("desk.close_whom", source=options.source)
    replayed = reports_to_replay(options.source, language, now=now())
    closing = _closing_meant(name, replayed, options)
    if closing is None:
        standing = ", ".join(f"{c.boat} ({c.event})" for c in replayed.known().closings[-5:])
        raise CordialeError("desk.nothing_to_withdraw", boat=name, source=options.source, known=standing or "-")
    entry = withdrawal_entry(closing.event, reason=options.reason, at=now(), by=options.by or "desk")
    with open_record(path) as record:
        append(record, entry, recorded_at=now())
    print(say("desk.close.withdrawn", language, event=closing.event, boat=closing.boat))
    return 0


def _closing_meant(name: str, replayed: Replayed, options: argparse.Namespace) -> Closing | None:
    """The closing of this id, or of a boat called so then or now, or that covers this report; None where none does."""
    closings = tuple(reversed(replayed.known().closings))
    said = next((c for c in closings if name in {c.boat, c.event}), None)
    if said is not None or not closings:
        return said
    names = names_of(replayed.reports)
    meant = {name, *(report for report, boat in names.items() if boat == name)}
    covered = [c for c in closings if not meant.isdisjoint(c.reports)]
    if not name.startswith("B-"):
        return covered[0] if covered else None
    seen, _ = picture_at(replayed, options)  # it costs seconds: only where the name is none that was decided under
    now_called, follows = called(name, seen.association.boats, seen.reports), seen.follower()
    return next((c for c in closings if now_called and follows(c.reports) == now_called), None)


def _verdict_json(verdict: Verdict, language: Language) -> dict[str, object]:
    return {
        "boat": verdict.boat,
        "passes": verdict.passes,
        "endings": list(verdict.endings),
        "probability_of_another": round(verdict.probability_of_another, 4),
        "unaccounted": {"least": verdict.account.unaccounted.least, "most": verdict.account.unaccounted.most},
        "blocks": [{"key": b.key, "text": b.said(f"record.closure.{b.key}", language)} for b in verdict.blocks],
        "answered": [{"key": b.key, "text": b.said(f"record.closure.{b.key}", language)} for b in verdict.answered],
    }
