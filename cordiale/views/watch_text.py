"""The watch list for the terminal: one line a boat, the first five with all that is wrong and what to do."""

import textwrap
from collections.abc import Sequence
from typing import Final

from cordiale.record.dormant import Dormant
from cordiale.record.doubts import Doubt
from cordiale.record.watch_lines import WatchLine
from cordiale.record.watch_list import Alarm
from cordiale.views.picture_text import COLUMNS
from cordiale.words import Language, say

IN_FULL: Final = 5  # lines; of those below only the gravest cause says what to do


def watch_text(
    lines: Sequence[WatchLine],
    doubts: Sequence[Doubt],
    dormant: Sequence[Dormant],
    language: Language = "en",
    *,
    name: str = "-",
) -> str:
    """The list of a night or record of this name, wrapped to a terminal; every alarm is in it."""
    alarms = sum(len(line.alarms) for line in lines)
    rows = [say("desk.watch.lines", language, lines=len(lines), alarms=alarms, name=name)]
    rows += [f"! {one.text(language)} {one.to_do(language)}" for one in doubts]
    for number, line in enumerate(lines, 1):
        rows += _line(number, line, language)
    if dormant:
        rows.append(say("desk.watch.dormant", language, count=len(dormant)))
        rows += [f"    {one.boat}: {one.text(language)}" for one in dormant]
    rows += [say("desk.watch.each_hint", language), say("desk.decision_aid", language)]
    return "\n".join(part for row in rows for part in _wrapped(row))


def alarms_text(alarms: Sequence[Alarm], language: Language = "en") -> str:
    """Each alarm by itself with its id, to acknowledge it."""
    return "\n".join(f"{alarm.text(language)}\n    {alarm.to_do(language)}   [{alarm.id}]" for alarm in alarms)


def _line(number: int, line: WatchLine, language: Language) -> list[str]:
    first, *others = line.alarms
    head = line.head(language)
    rows = [f"{number:2d}. {head or first.text(language)}"]
    rows.append(f"    - {first.text(language)}: {first.to_do(language)}" if head else f"    {first.to_do(language)}")
    if number <= IN_FULL:
        rows += [f"    - {alarm.text(language)}: {alarm.to_do(language)}" for alarm in others]
    elif others:
        causes = (say(f"console.cause.{alarm.cause}", language) for alarm in others)
        rows.append("    " + say("desk.watch.also", language, causes="; ".join(dict.fromkeys(causes))))
    return rows


def _wrapped(row: str) -> list[str]:
    hanging = " " * (6 if row.startswith("    - ") else 4)
    return textwrap.wrap(row, COLUMNS, subsequent_indent=hanging, break_on_hyphens=False) or [""]
