"""`cordiale result`: a search as it really went, what it did to every boat, and whether the search may end."""

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from cordiale.assets.catalogue import load_catalogue
from cordiale.desk.forecast_options import choose_wind, describe_wind
from cordiale.desk.options import now, read_speed, read_time
from cordiale.desk.progress import Progress
from cordiale.desk.replays import Replayed, is_record, picture_at, reports_to_replay
from cordiale.desk.result_check import check_track
from cordiale.desk.result_seen import describe_seen, seen_by
from cordiale.desk.result_stop import stop_now
from cordiale.desk.result_track import read_track
from cordiale.desk.seeing import Seeing, seeing_stated, told
from cordiale.desk.task_write import boat_meant
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import iso, zulu
from cordiale.earth.units import Instant, minutes
from cordiale.record.events import Entry, Event
from cordiale.record.log import append, open_record
from cordiale.record.picture import Picture, PictureMemory
from cordiale.record.searches import COMPLETED, INTERRUPTED, search_entry, searches_of, suspensions_of
from cordiale.record.searches_told import BoatSearched, boats_searched, next_search_name
from cordiale.sea.environment import the_strait
from cordiale.search.result import WORTHLESS, Flown
from cordiale.views.searches_json import result_json
from cordiale.views.searches_text import searches_text
from cordiale.words import Language, say

COUNT: Final = 2000  # particles of each cloud
DESK: Final = "desk"


@dataclass(frozen=True, kw_only=True)
class Told:
    """A search that was told of: as it goes into the record, what is odd about it, what its sweep widths rest on."""

    search: Flown
    entry: Entry
    odd: tuple[str, ...]
    asides: tuple[str, ...]


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The arguments of `cordiale result`."""
    add = parser.add_argument
    add("source", help=say("desk.replay.source", language))
    add("--at", metavar="05:55Z", help=say("desk.task.at", language))
    add("--boat", action="append", default=[], metavar="BOAT", help=say("desk.result.boat", language))
    add("--track", metavar="FILE", help=say("desk.result.track", language))
    add("--asset", metavar="CRAFT", help=say("desk.result.asset", language))
    add("--name", metavar="s-0001", help=say("desk.result.name", language))
    add("--task", metavar="dover/12", help=say("desk.result.task", language))
    add("--broken-off", action="store_true", help=say("desk.result.broken_off", language))
    add("--reason", default="", metavar="TEXT", help=say("desk.result.reason", language))
    describe_seen(parser, language)
    add("--sure", action="store_true", help=say("desk.result.sure", language))
    add("--when", metavar="05:10Z", help=say("desk.result.when", language))
    add("--dry-run", action="store_true", help=say("desk.result.dry_run", language))
    add("--stop", action="store_true", help=say("desk.result.stop", language))
    add("--by", help=say("desk.result.by", language))
    add("--second", default="", help=say("desk.close.second", language))
    add("--seed", type=int, default=1, help=say("desk.option.seed", language))
    add("--json", action="store_true", help=say("desk.option.json", language))
    describe_wind(parser, language)


def run(options: argparse.Namespace, language: Language) -> int:
    """Keep a search, or show what searches did, or test whether the search may end; 1 while it must not."""
    stated = seeing_stated(options, "result")
    water = stated.water
    _check(options)
    replayed = reports_to_replay(options.source, language, now=now())
    told = None if options.track is None else _told(options, replayed, stated, language)
    written = None
    if told is not None:
        for line in (*told.odd, *told.asides):
            print(line, file=sys.stderr)
        written = _kept(options, told, replayed, language)
        if written is not None:
            replayed = reports_to_replay(options.source, language, now=now())
    options.at = _instant(options, replayed, told)
    progress = Progress(sys.stderr, language)
    progress.begin(key="desk.task.working")
    try:
        memory = PictureMemory()
        seen, _ = picture_at(replayed, options, count=COUNT, memory=memory)
        searches = searches_of(replayed.written, at=seen.at)
        if written is not None and told is not None and told.entry.received > seen.at:
            values = {"name": told.search.name, "learnt": zulu(told.entry.received), "at": zulu(seen.at)}
            print(say("desk.result.later", language, **values), file=sys.stderr)
        if told is not None and written is None:
            searches = (*searches, told.search)
        boats = [boat_meant(seen, name).name for name in options.boat]
        if options.stop:
            return stop_now(options, seen, replayed, searches, boats=boats, stated=stated, memory=memory,
                            language=language)  # fmt: skip
        progress.show(0.5, say("desk.result.weighing", language))
        found = boats_searched(seen, searches, boats=boats or None, water=water, memory=memory)
    finally:
        progress.end()
    _print(options, seen, replayed, searches, found, written, language)
    return 1 if told is not None and told.odd else 0


def _check(options: argparse.Namespace) -> None:
    """Refuse what does not go together before any work is done."""
    if options.track is not None and not (options.asset or "").strip():
        raise CordialeError("desk.result_asset")
    if options.track is None and any((options.asset, options.broken_off, options.width, options.task, options.name)):
        raise CordialeError("desk.result_no_file")
    if options.track is not None and options.stop:
        raise CordialeError("desk.result_both")
    if options.doubt is not None and not 0 <= options.doubt <= 1:
        raise CordialeError("desk.probability", what="--doubt", value=options.doubt)


def _told(options: argparse.Namespace, replayed: Replayed, stated: Seeing, language: Language) -> Told:
    """The search of `--track` with everything that was said of it; what is wrong with it is an error."""
    first, last = replayed.span
    live = replayed.in_use(now())
    fixes = read_track(Path(options.track), reference=now() if live else (first + last) / 2)
    if options.when is not None:
        learnt = read_time(options.when, reference=fixes[-1].at)
    else:  # of a night that is over, the end of what is known of it
        learnt = now() if live else min(max(replayed.end, fixes[-1].at), now())
    asset = load_catalogue().named(options.asset)
    name = options.asset.strip() if asset is None else asset.name
    environment = the_strait(choose_wind(options, first, last))
    checked = check_track(fixes, asset, name, environment, at=learnt, sure=options.sure)
    seen = seen_by(asset, checked.fixes, environment, options, stated)
    known = searches_of(replayed.written)
    used = [event.body["search"] for event in replayed.written if event.type in (COMPLETED, INTERRUPTED)]
    search = Flown(
        name=options.name or next_search_name(known, used),
        asset=name,
        at=np.array([fix.at for fix in checked.fixes]),
        lat=np.array([fix.position.lat for fix in checked.fixes]),
        lon=np.array([fix.position.lon for fix in checked.fixes]),
        searching=np.array([fix.looking for fix in checked.fixes[:-1]], dtype=np.bool_),
        widths=seen.widths,
        speed=None if options.speed is None else read_speed(options.speed),
        alike=seen.alike,
        doubt=WORTHLESS if options.doubt is None else options.doubt,
        broken_off=options.broken_off,
        instruments=tuple(sorted(stated.instruments)),
    )
    _refuse_twice(search, known, used)
    task = None if options.task is None else _task(options.task, replayed)
    entry = search_entry(search, at=max(learnt, search.end), by=options.by or DESK, reason=options.reason, task=task)
    odd = tuple(f"{one.problem(language)}; {one.hint(language)}" for one in checked.warnings)
    asides = [told(key, values, language) for key, values in seen.told]
    if any(search.widths.values()):
        asides.append(told("desk.result.widths", {"widths": dict(search.widths)}, language))
    return Told(search=search, entry=entry, odd=odd, asides=tuple(asides))


def _refuse_twice(search: Flown, known: Sequence[Flown], used: Sequence[str]) -> None:
    """An empty search counted twice would lower the probability twice."""
    if search.name in used:
        raise CordialeError("desk.result_name", name=search.name)
    for one in known:
        same = one.asset == search.asset and one.begin < search.end and search.begin < one.end
        if same:
            span = f"{zulu(one.begin)}-{zulu(one.end)}"
            raise CordialeError("desk.result_twice", name=one.name, asset=one.asset, span=span)


def _task(task: str, replayed: Replayed) -> str:
    tasks = [one.event for one in replayed.known().duties.tasks]
    if task not in tasks:
        raise CordialeError("desk.task_unknown", task=task, known=", ".join(tasks) or "-")
    return task


def _kept(options: argparse.Namespace, told: Told, replayed: Replayed, language: Language) -> Event | None:
    """Write the search down at once; nothing of a replay or on `--dry-run`, and that is said."""
    path = Path(options.source)
    if options.dry_run or not is_record(path):
        print(say("desk.result.not_kept", language, name=told.search.name), file=sys.stderr)
        return None
    with open_record(path) as record:
        event = append(record, told.entry, recorded_at=now())
    if not options.json:
        print(say("desk.result.kept", language, name=told.search.name, asset=told.search.asset, event=event.id),
              flush=True)  # fmt: skip
    return event


def _instant(options: argparse.Namespace, replayed: Replayed, told: Told | None) -> str | None:
    """The instant asked for; of a record in use now, else the end of what is known, the search among it."""
    if options.at is not None:
        return str(options.at)
    present = replayed.present(now())
    if present is not None:
        return present
    ends: list[Instant] = [replayed.end] if told is None else [replayed.end, told.entry.received, told.search.end]
    return iso(math.ceil(max(ends) / minutes) * minutes)


def _print(
    options: argparse.Namespace,
    seen: Picture,
    replayed: Replayed,
    searches: Sequence[Flown],
    found: Sequence[BoatSearched],
    written: Event | None,
    language: Language,
) -> None:
    lines = [event for event in replayed.written if event.type in (COMPLETED, INTERRUPTED)]
    events = {event.body["search"]: event.id for event in lines}
    known = [event for event in replayed.written if event.received <= seen.at]
    more: dict[str, Any] = {"events": events, "suspensions": suspensions_of(known)}
    if options.json:
        document = result_json(seen, searches, found, language, **more)
        document["kept"] = None if written is None else written.id
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        print(searches_text(seen, searches, found, language, notice=replayed.notice, **more), end="")
