"""The response worked out at the desk: with what is known of the weather, progress on stderr, and a key that ends it
early with what it has.
"""

import argparse
import math
from dataclasses import dataclass, replace
from typing import Final

from cordiale.desk.options import read_distance, read_range
from cordiale.desk.progress import Interruption, Progress
from cordiale.desk.replays import Replayed, picture_at
from cordiale.earth.units import Fraction
from cordiale.record.duties import Duties
from cordiale.record.in_distress import Means, boats_in_distress
from cordiale.record.picture import Picture, PictureMemory
from cordiale.record.response_now import ResponseNow, craft_of, pairs_of, respond
from cordiale.response.assignment import Plan
from cordiale.response.rescue import Weather
from cordiale.response.situation import Situation
from cordiale.words import Language, say

COUNT: Final = 1000  # particles of each cloud: times of arrival need no more
_LISTS: Final[Fraction] = 0.5  # of the time, about: the rest are the orders


def describe_means(parser: argparse.ArgumentParser, language: Language) -> None:
    """The options that tell of the sea, the visibility and the water."""
    add = parser.add_argument
    add("--waves", default="0.5m", metavar="0.5m", help=say("desk.task.waves", language))
    add("--visibility", metavar="1NM", help=say("desk.task.visibility", language))
    add("--water", metavar="12-14", help=say("desk.task.water", language))


def means_of(options: argparse.Namespace) -> Means:
    """The sea, the visibility and the water that were stated."""
    visibility = math.inf if options.visibility is None else read_distance(options.visibility)
    water = None if options.water is None else read_range(options.water)
    return Means(weather=Weather(wave_height=read_distance(options.waves), visibility=visibility), water=water)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reckoning:
    """How a response is worked out: the options of the command, the weather, and where progress is told."""

    options: argparse.Namespace
    language: Language
    means: Means
    progress: Progress
    interruption: Interruption

    def at(self, seen: Picture, duties: Duties, *, before: Plan | None = None) -> ResponseNow:
        """The response at the instant of a picture; Ctrl-C ends it with what there is."""
        given = {report: boat.name for boat in seen.boats for report in (*boat.boat.reports, boat.name)}
        named = [given[name] for name in self.options.boat if name in given]
        boats, passed = boats_in_distress(seen, duties, named=named, all_of_them=self.options.all_of_them)
        craft = craft_of(seen, self.options.without)
        pairs, unread = pairs_of(seen, boats, craft, self.means, heed=self.listing)
        told = self.orders(seen, duties, pairs, before=before)
        return replace(told, passed_over=passed, unread=unread, complete=told.complete and not unread)

    def orders(
        self, seen: Picture, duties: Duties, pairs: Situation | None, *, before: Plan | None = None
    ) -> ResponseNow:
        """The orders on lists that were made."""
        self.progress.show(_LISTS, say("desk.task.assigning", self.language))
        return respond(
            seen,
            duties,
            pairs,
            legs=self.options.legs,
            before=before,
            heed=lambda: not self.interruption.asked(),
        )

    def before(self, replayed: Replayed, memory: PictureMemory) -> Plan | None:
        """The plan of the earlier instant that `--before` names."""
        if self.options.before is None:
            return None
        then = argparse.Namespace(**{**vars(self.options), "at": self.options.before})
        seen, known = picture_at(replayed, then, count=COUNT, memory=memory)
        return self.at(seen, known.duties).plan

    def listing(self, part: Fraction) -> bool:
        """Tell how far the lists have come; False once Ctrl-C was pressed."""
        self.progress.show(_LISTS * part, say("desk.task.listing", self.language))
        return not self.interruption.asked()
