"""Who answers for each boat of a picture and who is sent to her, through every change of the grouping.

A duty goes with the boat that keeps most of the callers it was given about (`record.follow`). Another piece of what was
thought one boat has nothing of it: that it once was meant is said there, because somebody may still rely on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cordiale.record.duties import Duties, Taken, Task
from cordiale.record.picture import BoatPicture, Picture


@dataclass(frozen=True, kw_only=True, slots=True)
class Parted:
    """A duty that was given when two boats were thought one, and goes with the other now."""

    duty: Taken | Task
    now: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """The centre that answers for a boat, the tasks of the craft on their way to her or with her, and what she lost."""

    taken: Taken | None = None
    tasks: tuple[Task, ...] = ()
    parted: tuple[Parted, ...] = ()

    @property
    def owner(self) -> str | None:
        """The centre that answers for her: the last that took her."""
        return None if self.taken is None else self.taken.owner

    @property
    def assets(self) -> tuple[str, ...]:
        """The craft on their way to her or with her."""
        return tuple(task.asset for task in self.tasks)


@dataclass(frozen=True, kw_only=True, slots=True)
class OnDuty:
    """`of` holds every boat of the picture; `astray` the tasks that go on though none of their reports is about a boat
    any more.
    """

    of: Mapping[str, Who]
    astray: tuple[Task, ...] = ()


def on_duty(picture: Picture, duties: Duties | None) -> OnDuty:
    """Owners and tasks as they stand at the instant of a picture."""
    goes_with, known = picture.follower(), duties or Duties()
    taken = [(one, goes_with(one.about)) for one in known.taken if one.at <= picture.at]
    tasks = [
        (one, goes_with(one.about))
        for one in known.tasks
        if one.at <= picture.at and (one.ended is None or one.ended > picture.at)
    ]
    return OnDuty(
        of={boat.name: _who(boat, taken, tasks) for boat in picture.boats},
        astray=tuple(task for task, name in tasks if name is None),
    )


def _who(boat: BoatPicture, taken: Sequence[tuple[Taken, str | None]], tasks: Sequence[tuple[Task, str | None]]) -> Who:
    """The duties of one boat: what went with another counts as lost only where she has nothing of its kind."""
    own = [one for one, name in taken if name == boat.name]
    sent = tuple(task for task, name in tasks if name == boat.name)
    meant = [(one, name) for one, name in taken if name and not set(one.about).isdisjoint(boat.boat.reports)][-1:]
    lost = [] if own else [Parted(duty=one, now=name) for one, name in meant]
    if not sent:
        lost += [
            Parted(duty=task, now=name)
            for task, name in tasks
            if name and not set(task.about).isdisjoint(boat.boat.reports)
        ]
    return Who(taken=own[-1] if own else None, tasks=sent, parted=tuple(lost))
