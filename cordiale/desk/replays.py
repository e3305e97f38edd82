"""What can be replayed, by its name: a packaged night, a feed file, or a record."""

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cordiale.belief.report import Report
from cordiale.desk.damage import announce
from cordiale.desk.forecast_options import choose_wind
from cordiale.desk.options import read_time
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import iso
from cordiale.earth.units import Instant, Seconds, minutes
from cordiale.feeds.jsonl import read_feed
from cordiale.feeds.line import FeedLine
from cordiale.feeds.nights import night_notice, open_night, packaged_nights
from cordiale.record.events import Event
from cordiale.record.known import Known, known_at
from cordiale.record.log import open_record
from cordiale.record.picture import LONGEST_AGO, Picture, PictureMemory, picture
from cordiale.record.rulings import Ruling
from cordiale.record.salvage import read_aloud
from cordiale.record.searches import picture_searched, searches_of
from cordiale.record.witness import Flaw
from cordiale.sea.environment import the_strait
from cordiale.sea.places import place_positions
from cordiale.words import Language

AHEAD: Final[Seconds] = 5 * minutes  # judgement: clocks of senders differ
_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """The reports of a night, a feed or a record, and what could not be read in them.

    `reports` are all of them as they stand at the end; `written` the events of a record, empty for a night or a feed;
    `flaws` what is wrong with that record.
    """

    name: str
    reports: tuple[Report, ...]
    notice: str | None = None
    written: tuple[Event, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    problems: tuple[tuple[int, tuple[CordialeError, ...]], ...] = ()

    @property
    def span(self) -> tuple[Instant, Instant]:
        """The first and the last receipt of a report."""
        received = [report.received for report in self.reports]
        return min(received), max(received)

    @property
    def end(self) -> Instant:
        """The last receipt of a report or, of a record, of a decision, but for those taken days after the night."""
        last = self.span[1]
        return max([last, *(event.received for event in self.written if event.received <= last + LONGEST_AGO)])

    def in_use(self, present: Instant) -> bool:
        """Whether it is a record that is being written: something came in within the last two days.

        The clock of a sender may be minutes ahead of ours: what has just come in does not end the use of a record.
        """
        return bool(self.written) and -AHEAD <= present - self.end <= LONGEST_AGO

    def present(self, clock: Instant) -> str | None:
        """Now, of a record in use, for its clocks run while nothing comes in; None of any other, and of a night."""
        return iso(max(math.floor(clock), self.end)) if self.in_use(clock) else None

    def known(self, at: Instant | None = None) -> Known:
        """The reports and decisions that stood at an instant; of a night or a feed, its reports."""
        return known_at(self.written, at) if self.written else Known(reports=self.reports)


def is_record(path: Path) -> bool:
    """Whether a file is an SQLite file, as records are and feeds are not."""
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def notice_of(night: str, language: Language) -> str:
    """The notice to be read before the replay of a packaged night."""
    said = night_notice(night, language)
    return f"{said['title']}\n\n{said['text'].strip()}"


def reports_to_replay(source: str, language: Language, *, now: Instant) -> Replayed:
    """The reports of a packaged night (by its date), a record or a feed file (by its path).

    A record that is not whole is announced on stderr; what can be read of it is replayed.

    Raises
    ------
    CordialeError
        No night and no file of that name, an empty feed or record, a record that cannot be read.
    """
    path = Path(source)
    if source in packaged_nights():
        return _of_lines(source, open_night(source), notice_of(source, language), now)
    if is_record(path):
        with open_record(path, read_only=True) as record:
            read = read_aloud(record)
        announce(source, read.flaws, language)
        reports = known_at(read.events).reports
        if not reports:
            raise CordialeError("desk.empty", name=source)
        return Replayed(name=path.name, reports=reports, written=read.events, flaws=read.flaws)
    if not path.exists():
        raise CordialeError("desk.nothing_to_replay", name=source, nights=", ".join(packaged_nights()))
    return _of_lines(path.name, tuple(read_feed(path, now=now, places=place_positions())), None, now)


def picture_at(
    replayed: Replayed,
    options: argparse.Namespace,
    *,
    count: int = 5000,
    rulings: Sequence[Ruling] | None = None,
    memory: PictureMemory | None = None,
) -> tuple[Picture, Known]:
    """The picture that `--at`, `--wind` and `--seed` ask for, and what was known then; at the end without an instant.

    Its clouds are thinned by the searches that the record holds by then.

    Parameters
    ----------
    options : Namespace
        With `at`, `seed` and those of `forecast_options.describe_wind`.
    count : int
        Particles of each boat's cloud.
    rulings : sequence of Ruling, optional
        In place of those that stood: what the picture would be.
    memory : PictureMemory, optional
        Of an earlier picture with the same wind.
    """
    first, last = replayed.span
    at = replayed.end if options.at is None else read_time(options.at, reference=(first + last) / 2)
    known = replayed.known(at)
    if rulings is not None:
        known = replace(known, rulings=tuple(rulings))
    searches = searches_of(replayed.written, at=at)
    seen = picture(
        known.reports,
        the_strait(choose_wind(options, first, last)),
        at=at,
        seed=options.seed,
        count=count,
        closings=known.closings,
        constraints=known.constraints,
        searches=searches,
        memory=memory,
    )
    return picture_searched(seen, searches, memory=memory), known


def _of_lines(name: str, lines: Sequence[FeedLine], notice: str | None, now: Instant) -> Replayed:
    problems = tuple((line.number, line.problems) for line in lines if line.problems)
    reports = _in_file_order([line.report for line in lines], now)
    return Replayed(name=name, reports=reports, notice=notice, problems=problems)


def _in_file_order(reports: Sequence[Report], now: Instant) -> tuple[Report, ...]:
    """The reports of a feed; one whose receipt is unreadable or lies in the future counts with the line before it.

    What it claims stays in its flags and problems. Were it believed, no picture of the past would show the report.
    """
    last = min((r.received for r in reports if r.received < now), default=now)
    kept = []
    for report in reports:
        last = report.received if report.received < now else last
        kept.append(replace(report, received=last))
    return tuple(kept)
