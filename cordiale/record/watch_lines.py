"""The watch list as a coordinator reads it: one line for each boat, by danger to life, with every cause under it.

An alarm is one thing that is wrong; a boat may have six at once. So each boat stands once, what is gravest of hers
first, and each thing that is of no known boat by itself. The order sorts a list: it lowers nobody's severity, and no
alarm is left out.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from cordiale.association.disposition import duration
from cordiale.earth.units import minutes
from cordiale.record.dormant import Dormant
from cordiale.record.duties import Duties
from cordiale.record.names import contacts_in
from cordiale.record.picture import GRAVITY, BoatPicture, BoatState, Picture
from cordiale.record.watch_list import Alarm, Cause
from cordiale.record.who import on_duty
from cordiale.words import Language, say

# What is wrong with one boat, the gravest first: that nobody comes, then that nobody hears, then the rest.
GRAVEST: Final[tuple[Cause, ...]] = (
    "contact_after_closing", "open_again", "not_closed", "no_task", "unanswered_call", "came_apart", "task_astray",
    "request_unanswered", "handover_unanswered", "no_position", "no_owner", "old_fix", "two_close", "overdrawn",
)  # fmt: skip
LIFE: Final[frozenset[BoatState]] = frozenset({"in_the_water", "swamped", "taking_water"})
DRIFTS: Final[frozenset[BoatState]] = frozenset({"adrift", "unknown"})
OPENED, IN_DANGER, CALLED, SEEN_ONLY, COUNTED, DORMANT = range(6)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class WatchLine:
    """One boat, or one thing of no known boat, and what is wrong, the gravest first; `unaccounted` are her people."""

    alarms: tuple[Alarm, ...]
    boat: BoatPicture | None = None
    unaccounted: str = ""

    def head(self, language: Language = "en") -> str:
        """Who she is and how she is; empty for what is of no known boat."""
        if self.boat is None:
            return ""
        age = self.alarms[0].since + self.alarms[0].age - self.boat.last_contact
        key = "picture.unknown_state" if self.boat.state == "unknown" else f"console.state.{self.boat.state}"
        return say(
            "record.line.boat",
            language,
            boat=self.boat.name,
            state=say(key, language),
            unaccounted=self.unaccounted,
            silence=duration(round(max(age, 0.0) / minutes), language),
        )


def watch_lines(
    picture: Picture, alarms: Sequence[Alarm], duties: Duties | None = None, dormant: Sequence[Dormant] = ()
) -> tuple[WatchLine, ...]:
    """The lines of a watch list, by danger to life.

    First a boat heard of after it was closed. Then boats whose people are in the water or soon will be, then those that
    called or drift and what is of no known boat, then boats others saw under way; then those of which perhaps everybody
    was taken off, last those that may be ashore unseen. Within each: those to whom nobody is sent, the gravest state,
    most people.
    """
    by_boat: dict[str, list[Alarm]] = {}
    for alarm in alarms:
        by_boat.setdefault(alarm.boat or alarm.id, []).append(alarm)
    shown = {boat.name: boat for boat in picture.boats}
    people = {account.boat: account.unaccounted for account in picture.ledger.accounts}
    watch, asleep = on_duty(picture, duties), {one.boat for one in dormant}
    contacts = contacts_in(picture.reports)
    ranked: list[tuple[tuple[float, ...], str, WatchLine]] = []
    for name, hers in by_boat.items():
        own = tuple(sorted(hers, key=lambda alarm: (GRAVEST.index(alarm.cause), alarm.since, alarm.id)))
        boat = shown.get(name)
        if boat is None:
            ranked.append(((CALLED, 0.0, _gravity("adrift"), 0.0), name, WatchLine(alarms=own)))
            continue
        group = DORMANT if name in asleep else _group(boat, own, contacts)
        key = (group, float(bool(watch.of[name].tasks)), _gravity(boat.state), -float(people[name].least))
        ranked.append((key, name, WatchLine(alarms=own, boat=boat, unaccounted=str(people[name]))))
    return tuple(line for _, _, line in sorted(ranked, key=lambda one: one[:2]))


def _group(boat: BoatPicture, alarms: Sequence[Alarm], contacts: Set[str]) -> int:
    causes = {alarm.cause for alarm in alarms}
    if causes & {"contact_after_closing", "open_again"}:
        return OPENED
    if "not_closed" in causes:
        return COUNTED
    if boat.state in LIFE:
        return IN_DANGER
    return CALLED if boat.state in DRIFTS or not contacts.isdisjoint(boat.boat.reports) else SEEN_ONLY


def _gravity(state: BoatState) -> float:
    """How grave a state is, 0 the gravest; one of which nothing is said stands before one under way."""
    return GRAVITY.index("adrift") + 0.5 if state == "unknown" else float(GRAVITY.index(state))
