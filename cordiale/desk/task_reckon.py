"""The response worked out at the desk: with what is known of the weather, progress on stderr, and a key that ends it
early with what it has.
"""

import argparse
from dataclasses import dataclass, replace
from typing import Final

from cordiale.desk.progress import Interruption, Progress
from cordiale.desk.replays import Replayed, picture_at
from cordiale.desk.seeing import Seeing
from cordiale.earth.units import Fraction
from cordiale.record.duties import Duties
from cordiale.record.in_distress import boats_in_distress
from cordiale.record.picture import Picture, PictureMemory
from cordiale.record.response_now import ResponseNow, craft_of, pairs_of, respond
from cordiale.response.assignment import Plan
from cordiale.response.situation import Situation
from cordiale.words import Language, say

COUNT: Final = 1000  # particles of each cloud: times of arrival need no more
_LISTS: Final[Fraction] = 0.5  # of the time, about: the rest are the orders


@dataclass(frozen=True, kw_only=True, slots=True)
class Reckoning:
    """How a response is worked out: the options, what was stated of the weather, where progress is told."""

    options: argparse.Namespace
    language: Language
    stated: Seeing
    progress: Progress
    interruption: Interruption

    def at(self, seen: Picture, duties: Duties, *, before: Plan | None = None) -> ResponseNow:
        """The response at the instant of a picture; Ctrl-C ends it with what there is."""
        given = {report: boat.name for boat in seen.boats for report in (*boat.boat.reports, boat.name)}
        named = [given[name] for name in self.options.boat if name in given]
        boats, passed = boats_in_distress(seen, duties, named=named, all_of_them=self.options.all_of_them)
        craft = craft_of(seen, self.options.without)
        pairs, unread = pairs_of(seen, boats, craft, self.stated.means_at(seen), heed=self.listing)
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
