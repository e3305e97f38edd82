"""The stop test at the desk: it refuses while somebody may be alive or unseen; two roles with a reason end tasks."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cordiale.desk.options import now
from cordiale.desk.replays import Replayed, is_record
from cordiale.desk.seeing import Seeing
from cordiale.earth.errors import CordialeError
from cordiale.record.in_distress import boats_in_distress
from cordiale.record.log import append_many, open_record
from cordiale.record.picture import Picture, PictureMemory
from cordiale.record.response_now import craft_of, pairs_of
from cordiale.record.searches_stop import decide_stop, stop_test
from cordiale.search.result import Flown
from cordiale.search.stop import NextCraft
from cordiale.views.searches_json import stop_json
from cordiale.views.searches_text import stop_text
from cordiale.words import Language, say

NEXT: Final = 5  # craft that are named


def stop_now(
    options: argparse.Namespace,
    seen: Picture,
    replayed: Replayed,
    searches: Sequence[Flown],
    *,
    boats: Sequence[str],
    stated: Seeing,
    memory: PictureMemory,
    language: Language,
) -> int:
    """Print the verdict on these boats, or on all with people not accounted for; write the decision with `--by`.

    1 while the test refuses and nothing was decided.
    """
    craft = next_craft(seen, stated, boats)
    verdict = stop_test(seen, boats=boats or None, searches=searches, craft=craft, water=stated.water, memory=memory)
    document = stop_json(verdict, language)
    if options.by is None:
        print(json.dumps(document, ensure_ascii=False, indent=1) if options.json else stop_text(verdict, language))
        return 0 if verdict.passes else 1
    path = Path(options.source)
    if not is_record(path):
        raise CordialeError("desk.close_replay", source=options.source)
    at = max(now(), seen.at)
    duties = replayed.known().duties
    lines = decide_stop(verdict, seen, duties, at=at, by=options.by, second=options.second, reason=options.reason)
    with open_record(path) as record:
        events = append_many(record, lines, recorded_at=now())
    if options.json:
        document["decided"] = [{"event": event.id, "type": event.type} for event in events]
        print(json.dumps(document, ensure_ascii=False, indent=1))
        return 0
    print(stop_text(verdict, language))
    for event in events:
        print(say("desk.task.kept", language, type=event.type, event=event.id, about=event.subject or "-"))
    print(say("desk.result.stays", language))
    return 0


def next_craft(seen: Picture, stated: Seeing, boats: Sequence[str]) -> tuple[NextCraft, ...]:
    """The craft that could be soonest with the most pressing of these boats."""
    wanted = [one for one in boats_in_distress(seen, None, named=boats)[0] if not boats or one.name in boats]
    now_there, _ = pairs_of(seen, wanted[:1], craft_of(seen), stated.means_at(seen))
    if now_there is None:
        return ()
    able = [row[0] for row in now_there.rescues if row[0].hindrance in (None, "rescues_nobody", "unfound")]
    soonest = sorted(able, key=lambda one: one.arrives)[:NEXT]
    return tuple(NextCraft(name=one.availability.asset.name, on_scene=one.arrives) for one in soonest)
