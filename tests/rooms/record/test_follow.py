"""Decisions go with the boat that keeps most of what they were taken about."""

import random

import pytest

from cordiale.association.constraints import Constraints
from cordiale.association.disposition import Association, Boat
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import minutes
from cordiale.record.closing import Closing, Identity
from cordiale.record.closure import boat_of
from cordiale.record.duties import duties_of, taken_entry, task_entry
from cordiale.record.events import content_of, event_of
from cordiale.record.follow import follower
from cordiale.record.names import called, contacts_in, renamed
from cordiale.record.picture import picture
from cordiale.record.searches import Suspension, suspension_of
from cordiale.record.upcast import lifted
from cordiale.record.watch_list import watch_list
from cordiale.record.who import on_duty
from tests.rooms.association.small_night import START, persons, still_sea, told

SEA = still_sea()
# One boat as it was thought: a departure seen from the shore, two sightings by ships, two calls.
THEN = ("r-0001", "r-0002", "r-0003", "r-0004", "r-0005")
CALLS = frozenset({"r-0003", "r-0005"})


def boat(*reports):
    return Boat(name=f"B-{reports[0]}", first_report=reports[0], reports=tuple(reports), chain=())


@pytest.mark.parametrize(
    ("pieces", "chosen"),
    [
        ([THEN], "r-0001"),
        ([("r-0001", "r-0002", "r-0004"), ("r-0003", "r-0005")], "r-0003"),  # the callers, though fewer reports
        ([("r-0001", "r-0003"), ("r-0002", "r-0004", "r-0005")], "r-0002"),  # as many calls: more reports
        ([("r-0004", "r-0005"), ("r-0002", "r-0003")], "r-0002"),  # as many of both: the earliest
        ([("r-0009",), ("r-0001",)], "r-0001"),  # all that is left of her
        ([("r-0009",)], None),
    ],
)
def test_a_decision_goes_with_the_callers_then_with_most_reports_then_with_the_earliest(pieces, chosen):
    """Whatever the order in which the boats are listed."""
    boats = [boat(*piece) for piece in pieces]
    for seed in range(5):
        random.Random(seed).shuffle(boats)
        assert follower(boats, CALLS)(THEN) == (None if chosen is None else f"B-{chosen}")


def night():
    """A departure seen at 01:00, calls of one phone from 01:20 on, all within a kilometre; SOUTH, 20 km away."""
    return [
        told("r-0001", 0, east_km=0.0, kind="departure", persons=persons(33)),
        told("r-0002", 20, east_km=0.2, caller="a1", persons=persons(33)),
        told("r-0003", 26, east_km=0.3, caller="a1"),
        told("r-0004", 30, east_km=0.3, caller="a1"),
        told("r-0005", 31, east_km=20.0, caller="b1"),
    ]


def seen(constraints=None, **more):
    given = {} if constraints is None else {"constraints": constraints}
    return picture(night(), SEA, at=START + 60 * minutes, seed=1, count=100, **given, **more)


JOINED = Constraints(links=(("r-0001", "r-0002"), ("r-0002", "r-0003"), ("r-0003", "r-0004")))
APART = Constraints(never=(("r-0001", "r-0002"),), links=(("r-0002", "r-0003"), ("r-0003", "r-0004")))


def test_a_boat_is_named_after_her_first_call_whether_or_not_a_departure_is_joined_to_her():
    """The lost boat is B-0002 with the departure and without it; B-0001 is the departure only where that is alone."""
    one, two = seen(JOINED), seen(APART)
    assert {b.name for b in one.boats} == {"B-0002", "B-0005"}
    assert {b.name for b in two.boats} == {"B-0001", "B-0002", "B-0005"}
    assert one.boat("B-0002").boat.first_report == "r-0002"
    assert {d.boat for d in one.association.dispositions} == {"B-0002", "B-0005"}


def test_one_strange_contact_among_many_does_not_name_a_boat():
    """A position of a phone never heard again, received first, beside four calls of one phone; beside two it names."""
    strange = told("r-0009", 10, east_km=0.1, caller="z9")
    for calls, name in ((4, "B-0020"), (3, "B-0009"), (2, "B-0009")):
        hers = [told(f"r-002{k}", 20 + k, east_km=0.2, caller="a1") for k in range(calls)]
        boats = [boat("r-0009", *(r.name for r in hers))]
        (shown,) = renamed(Association(dispositions=(), boats=tuple(boats), seed=1), [*hers, strange]).boats
        assert shown.name == name and shown.first_report == name.replace("B", "r")


def test_every_report_names_her_boat_and_a_name_of_its_own_goes_first():
    """B-0001 and r-0004 find the boat with the calls; apart, B-0001 is the departure."""
    one, two = seen(JOINED), seen(APART)
    for name in ("B-0001", "r-0001", "B-0003", "r-0004", "B-0002"):
        assert boat_of(one, name).name == "B-0002"
    assert boat_of(two, "B-0001").name == "B-0001" and boat_of(two, "B-0004").name == "B-0002"
    assert called("B-9999", one.association.boats, one.reports) is None
    with pytest.raises(CordialeError, match="B-9999"):
        boat_of(one, "B-9999")


def test_a_relay_counts_as_what_it_passes_on():
    """A relayed sighting is no contact, a relayed call is, and so is a relay of what nobody has."""
    reports = [
        told("r-0001", 0, kind="sighting"),
        told("r-0002", 1, kind="relay", relay_of="r-0001"),
        told("r-0003", 2),
        told("r-0004", 3, kind="relay", relay_of="r-0003"),
        told("r-0005", 4, kind="relay"),
    ]
    assert contacts_in(reports) == {"r-0003", "r-0004", "r-0005"}


def test_a_closing_closes_one_piece_of_a_boat_that_comes_apart():
    """Closed as one boat; when the departure turns out to be another's, that one is open, the callers' stays closed."""
    closing = Closing(
        boat="B-0002",
        reports=("r-0001", "r-0002", "r-0003", "r-0004"),
        endings=("r-0004",),
        evidence=(Identity(kind="ring_test", report="r-0004"),),
        at=START + 40 * minutes,
        by="watch_officer",
        probability_of_another=0.02,
    )
    assert seen(JOINED, closings=[closing]).boat("B-0002").standing == "closed"
    apart = seen(APART, closings=[closing])
    assert apart.boat("B-0002").standing == "closed" and apart.boat("B-0001").standing == "active"
    (alarm,) = (one for one in watch_list(apart, closings=[closing]) if one.cause == "open_again")
    assert alarm.boat == "B-0001" and "B-0002" in alarm.text() and "B-0002" in alarm.text("fr")


def test_a_search_that_was_ended_goes_on_for_a_piece_that_comes_apart():
    """Ended for the boat as she was thought: it stays ended for the callers, and not for the departure."""
    ended = Suspension(
        boat="B-0002",
        reports=("r-0001", "r-0002", "r-0003", "r-0004"),
        second="smc",
        reason="searched to the stop",
        override=False,
        survivors=0.1,
        residual=0.05,
        at=START + 50 * minutes,
        by="watch_officer",
    )
    assert suspension_of(seen(JOINED), "B-0002", [ended]) == ended
    assert suspension_of(seen(APART), "B-0002", [ended]) == ended
    assert suspension_of(seen(APART), "B-0001", [ended]) is None


def duties(*, about=None, later=()):
    """Dover takes the boat as it was thought, and sends Valiant; as the record writes it."""
    whole = about or seen(JOINED).boat("B-0002").boat
    at = START + 40 * minutes
    lines = [taken_entry(whole, owner="dover", at=at, by="desk"), task_entry(whole, asset="Valiant", at=at, by="desk")]
    return duties_of([as_event(line, number) for number, line in enumerate([*lines, *later], start=1)])


def as_event(entry, number):
    """The line as it comes back from a record."""
    content = content_of(entry, node="dover", seq=number, prev="0" * 64, recorded_at=entry.at)
    return lifted(event_of(content, "0" * 64))


def test_owner_and_task_stay_with_the_callers_when_a_group_comes_apart():
    """Taken and sent as one boat: the callers keep both, and at the departure the watch list says what was meant."""
    known = duties()
    assert known.taken[0].boat == "B-0002" and known.tasks[0].reports == ("r-0001", "r-0002", "r-0003", "r-0004")
    apart = seen(APART)
    watch = on_duty(apart, known)
    assert watch.of["B-0002"].owner == "dover" and watch.of["B-0002"].assets == ("Valiant",)
    assert watch.of["B-0001"].owner is None and not watch.of["B-0001"].tasks
    assert [one.now for one in watch.of["B-0001"].parted] == ["B-0002", "B-0002"]
    (alarm,) = (one for one in watch_list(apart, known) if one.cause == "came_apart")
    assert alarm.boat == "B-0001" and "dover, Valiant" in alarm.text() and "B-0002" in alarm.text("fr")
    causes = {one.cause for one in watch_list(apart, known) if one.boat == "B-0001"}
    assert {"no_owner", "no_task"} <= causes  # she has none of her own
    assert not on_duty(seen(JOINED), known).of["B-0002"].parted


def test_a_piece_with_an_owner_of_its_own_says_no_more():
    """Once the departure is taken by somebody herself, only the craft is still in doubt."""
    alone = seen(APART).boat("B-0001").boat
    own = taken_entry(alone, owner="gris_nez", at=START + 50 * minutes, by="desk")
    who = on_duty(seen(APART), duties(later=[own])).of["B-0001"]
    assert who.owner == "gris_nez" and [one.duty.asset for one in who.parted] == ["Valiant"]
    assert on_duty(seen(JOINED), duties(later=[own])).of["B-0002"].owner == "gris_nez"  # the last that took her


def test_a_line_that_names_one_report_is_still_read():
    """As lines were written before: the duty goes with that report, and names no boat."""
    known = duties(about="r-0001")
    assert known.taken[0].about == ("r-0001",) and known.taken[0].boat == ""
    assert on_duty(seen(APART), known).of["B-0001"].owner == "dover"
    assert on_duty(seen(APART), known).of["B-0002"].owner is None


def test_a_craft_whose_boat_is_gone_is_an_alarm():
    """A task about a report that is about no boat on the picture any more."""
    known = duties(about="r-0077")
    watch = on_duty(seen(APART), known)
    assert [task.asset for task in watch.astray] == ["Valiant"]
    (alarm,) = (one for one in watch_list(seen(APART), known) if one.cause == "task_astray")
    assert alarm.boat is None and "Valiant" in alarm.text() and "r-0077" in alarm.text()
