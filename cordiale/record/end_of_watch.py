"""The list for the end of the watch: every boat that the next one takes over, in groups, and what is still open.

Nothing on it is decided by it. The groups are those a watch officer goes through: boats to look for, those whose task
was ended against the guard, those that may be ashore unseen, those closed, and reports that were given to no boat.
"""

from dataclasses import dataclass
from typing import Final, Literal

from cordiale.belief.report import ENDINGS, Report
from cordiale.earth.units import Instant
from cordiale.record.dormant import Dormant, dormant_boats
from cordiale.record.known import Known
from cordiale.record.ledger import Account
from cordiale.record.picture import GRAVITY, BoatPicture, Picture
from cordiale.record.rulings import Ruling
from cordiale.record.watch_list import Alarm, watch_list
from cordiale.record.who import on_duty

GroupName = Literal["open", "task_ended", "dormant", "closed"]
GROUPS: Final[tuple[GroupName, ...]] = ("open", "task_ended", "dormant", "closed")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Line:
    """One boat with its people, who answers for it, who is with it, and, of a dormant one, why."""

    group: GroupName
    boat: BoatPicture
    account: Account
    owner: str | None
    assets: tuple[str, ...]
    dormant: Dormant | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EndOfWatch:
    """What is handed over.

    Each boat of the picture stands on one line, the most pressing first within its group. `loose` are calls and other
    reports given to no boat, `unidentified` recoveries, landings and returns given to none; `unanswered` calls and
    requests nobody has answered; `rulings` what people decided about reports.
    """

    at: Instant
    lines: tuple[Line, ...]
    loose: tuple[Report, ...]
    unidentified: tuple[Report, ...]
    unanswered: tuple[Alarm, ...]
    rulings: tuple[Ruling, ...]

    def group(self, name: GroupName) -> tuple[Line, ...]:
        """The lines of one group, in order."""
        return tuple(line for line in self.lines if line.group == name)


def end_of_watch(picture: Picture, known: Known) -> EndOfWatch:
    """The list for whoever takes over at the instant of the picture."""
    dormant = {one.boat: one for one in dormant_boats(picture, known.duties)}
    watch = on_duty(picture, known.duties)
    accounts = {account.boat: account for account in picture.ledger.accounts}
    lines = [
        Line(
            group=_group(boat, dormant),
            boat=boat,
            account=accounts[boat.name],
            owner=watch.of[boat.name].owner,
            assets=watch.of[boat.name].assets,
            dormant=dormant.get(boat.name),
        )
        for boat in picture.boats
    ]
    alarms = watch_list(picture, known.duties, known.closings, all_of_them=True)
    names = {d.report for d in picture.without_a_boat()}
    loose = tuple(r for r in picture.reports if r.name in names)
    return EndOfWatch(
        at=picture.at,
        lines=tuple(sorted(lines, key=_pressing)),
        loose=tuple(r for r in loose if r.kind not in ENDINGS),
        unidentified=tuple(r for r in loose if r.kind in ENDINGS),
        unanswered=tuple(a for a in alarms if a.cause in {"unanswered_call", "request_unanswered"}),
        rulings=known.rulings,
    )


def _group(boat: BoatPicture, dormant: dict[str, Dormant]) -> GroupName:
    if boat.standing != "active":
        return boat.standing
    return "dormant" if boat.name in dormant else "open"


def _pressing(line: Line) -> tuple[int, float, float, str]:
    """The group, then the gravest state (one of which nothing is said before one under way), then the oldest fix."""
    state = line.boat.state
    rank = GRAVITY.index("adrift") + 0.5 if state == "unknown" else float(GRAVITY.index(state))
    age = line.boat.last_fix.age if line.boat.last_fix else 1e9
    return GROUPS.index(line.group), rank, -age, line.boat.name
