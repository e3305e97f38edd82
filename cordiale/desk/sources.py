"""What a desk can serve: a packaged night, a feed file, or one's own record."""

import math
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cordiale.belief.report import Report
from cordiale.desk.board import CLOUD, MARK, Drawn, Times, drawn, encoded
from cordiale.desk.report_command import DESK, arrival_of
from cordiale.desk.ruling import RulingForm, ruling_entry
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Instant, Seconds
from cordiale.feeds.intake import report_from_form
from cordiale.feeds.off_the_sea import doubted
from cordiale.record.aliases import also_called
from cordiale.record.arrivals import append_reports
from cordiale.record.dormant import dormant_boats
from cordiale.record.keys import node_key
from cordiale.record.known import Known, known_at
from cordiale.record.live_links import LiveLinks, LiveMemory, live_links
from cordiale.record.log import append, events, head, open_record
from cordiale.record.picture import Picture, PictureMemory, picture
from cordiale.record.salvage import Salvage, read_aloud
from cordiale.record.schema import Record
from cordiale.record.searches import Suspension, searches_of, suspensions_of
from cordiale.record.searches_told import with_searches
from cordiale.record.watch_lines import watch_lines
from cordiale.record.watch_list import watch_list
from cordiale.record.witness import Flaw
from cordiale.sea.environment import Environment, the_strait
from cordiale.search.result import Flown
from cordiale.views.live_json import live_json
from cordiale.views.picture_geojson import picture_geojson
from cordiale.views.picture_json import picture_json, sample_of
from cordiale.words import LANGUAGES, Language

SEED: Final = 1
WALK: Final[Seconds] = 60.0  # between walks along the chain of a record at the desk: 0.3 s for 2,000 events


@dataclass(frozen=True, slots=True)
class Artist:
    """Computes and renders pictures, one at a time, remembering what successive pictures share."""

    environment: Environment
    seed: int = SEED
    night: str | None = None
    notices: Mapping[Language, str] = field(default_factory=dict)
    memory: PictureMemory = field(default_factory=PictureMemory)
    turn: threading.Lock = field(default_factory=threading.Lock)
    live_memory: LiveMemory = field(default_factory=LiveMemory)
    live_turn: threading.Lock = field(default_factory=threading.Lock)

    def draw(
        self,
        known: Known,
        at: Instant,
        flaws: Sequence[Flaw] = (),
        *,
        searches: Sequence[Flown] = (),
        suspensions: Sequence[Suspension] = (),
    ) -> Drawn:
        """The picture of these reports and decisions as known at `at`, thinned by searches, in both languages."""
        with self.turn:
            seen = picture(
                known.reports,
                self.environment,
                at=at,
                seed=self.seed,
                closings=known.closings,
                constraints=known.constraints,
                searches=searches,
                memory=self.memory,
            )
            seen, told = with_searches(seen, searches, suspensions, memory=self.memory)
        alarms = watch_list(seen, known.duties, known.closings)
        dormant = dormant_boats(seen, known.duties)
        lines = watch_lines(seen, alarms, known.duties, dormant)
        aliases = also_called(seen, known)
        texts = {
            language: picture_json(
                seen,
                language=language,
                night=self.night,
                notice=self.notices.get(language),
                alarms=alarms,
                rulings=known.rulings,
                flaws=flaws,
                dormant=dormant,
                searches=told,
                lines=lines,
                aliases=aliases,
            )
            for language in LANGUAGES
        }
        return drawn(at, texts, picture_geojson(seen), clouds_of(seen))

    def links(self, known: Known, at: Instant) -> Mapping[Language, bytes]:
        """What the reports since the last association may be about, in both languages; waits for no picture."""
        with self.live_turn:
            seen = live_links(
                known.reports,
                self.environment,
                at=at,
                constraints=known.constraints,
                pictures=self.memory,
                memory=self.live_memory,
            )
        return {language: encoded(live_json(seen, language=language)) for language in LANGUAGES}


def clouds_of(seen: Picture) -> dict[str, Any]:
    """Particles of each boat as (n, 2) latitude and longitude, drawn by weight so that every dot stands for as much."""
    return {b.name: sample_of(b.cloud, CLOUD) for b in seen.boats if b.cloud is not None}


class Replay:
    """A night or a feed: a fixed set of reports, read only."""

    writable = False

    def __init__(self, name: str, reports: Sequence[Report], artist: Artist) -> None:
        if not reports:
            raise CordialeError("desk.empty", name=name)
        self.name = name
        self.reports = tuple(sorted(reports, key=lambda report: report.received))
        self.artist = artist

    def head(self) -> int:
        """All reports are there from the beginning."""
        return len(self.reports)

    def times(self) -> Times:
        """From the first to the last receipt; a replay opens at its middle report, when most is still to be decided."""
        return times_of(self.reports)

    def draw(self, at: Instant) -> Drawn:
        """The picture as known at `at`."""
        return self.artist.draw(Known(reports=self.reports), at)

    def links(self, at: Instant) -> Mapping[Language, bytes]:
        """Nothing arrives in a replay."""
        nothing = LiveLinks(at=at)
        return {language: encoded(live_json(nothing, language=language)) for language in LANGUAGES}

    def add(self, form: Mapping[str, Any], received: Instant) -> Mapping[str, Any]:
        """Refused: what is replayed is not changed."""
        raise CordialeError("desk.read_only", name=self.name)

    def rule(self, form: RulingForm, at: Instant) -> Mapping[str, Any]:
        """Refused as well."""
        raise CordialeError("desk.read_only", name=self.name)


class Watch:
    """One's own record: it grows, here or by another process, and takes reports from the form."""

    writable = True

    def __init__(self, record: Record, artist: Artist) -> None:
        self.name = record.path.name
        self.record = record
        self.artist = artist
        self._head = 0
        self._whole = -math.inf  # when the chain was last found whole
        self._read: tuple[int, tuple[Report, ...]] = (-1, ())
        self._turn = threading.Lock()

    def head(self) -> int:
        """Number of the last event; while that cannot be read, the last one known, so that the desk goes on.

        What is the matter is said by the picture, or by its refusal.
        """
        with suppress(CordialeError):
            self._head = head(self.record)[0]
        return self._head

    def times(self) -> Times:
        """From the first receipt to the last; an empty record has no span yet."""
        return times_of(self._reports())

    def draw(self, at: Instant) -> Drawn:
        """The picture as known at `at`, by what was written down until now, and what is wrong with the record."""
        read = self._salvage(at)
        searches, ended = searches_of(read.events, at=at), suspensions_of(read.events)
        return self.artist.draw(known_at(read.events, at), at, read.flaws, searches=searches, suspensions=ended)

    def links(self, at: Instant) -> Mapping[Language, bytes]:
        """What the reports written down since the last association may be about."""
        return self.artist.links(known_at(read_aloud(self.record, until_received=at).events, at), at)

    def add(self, form: Mapping[str, Any], received: Instant) -> Mapping[str, Any]:
        """Keep what was typed; what could not be read is flagged, and said with a hint in both languages."""
        at = math.floor(received)  # a form is not quicker than a second, and a whole one is written without rounding
        line = doubted(report_from_form(form, now=at, centre=self.record.node, key=node_key(self.record)))
        (event,) = append_reports(self.record, [arrival_of(line)], recorded_at=at, by=DESK)
        problems = [
            {language: {"problem": p.problem(language), "hint": p.hint(language)} for language in LANGUAGES}
            for p in line.problems
        ]
        return {"report": event.subject, "event": event.id, "flags": list(line.report.flags), "problems": problems}

    def rule(self, form: RulingForm, at: Instant) -> Mapping[str, Any]:
        """Keep what a person decided about reports; from now on it stands."""
        decided = float(math.floor(at))
        written = events(self.record)
        entry = ruling_entry(form, known_at(written), written, at=decided)
        return {"event": append(self.record, entry, recorded_at=decided).id}

    def _salvage(self, at: Instant | None = None) -> Salvage:
        """The events; the chain is walked once a minute, and always where it was broken or cannot be read."""
        if time.monotonic() - self._whole < WALK:
            with suppress(CordialeError):
                return Salvage(events=events(self.record, until_received=at))
        begun = time.monotonic()
        read = read_aloud(self.record, until_received=at)
        self._whole = -math.inf if read.flaws else begun
        return read

    def _reports(self) -> tuple[Report, ...]:
        with self._turn:
            last = self.head()
            if last != self._read[0]:
                self._read = (last, known_at(self._salvage().events).reports)
            return self._read[1]


def times_of(reports: Sequence[Report]) -> Times:
    """The span of these reports by receipt."""
    received = tuple(sorted(report.received for report in reports))
    if not received:
        return Times(earliest=0.0, latest=0.0, received=(), opening=0.0)
    return Times(
        earliest=received[0],
        latest=received[-1],
        received=received,
        opening=received[len(received) // 2] // MARK * MARK,
    )


def record_source(path: Path, environment: Environment | None = None, *, seed: int = SEED) -> Watch:
    """One's own record; made if there is none."""
    return Watch(open_record(path), Artist(environment=environment or the_strait(), seed=seed))
