"""The watch list: what is wrong on the board, once each, with what to do."""

import pytest

from cordiale.association.constraints import Constraints
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import minutes
from cordiale.record.closing import Identity, withdrawal_entry
from cordiale.record.closure import decide_closing, judge_closing
from cordiale.record.duties import (
    Answered,
    Duties,
    Taken,
    Task,
    answer_entry,
    duties_of,
    seen_entry,
    taken_entry,
    task_ended_entry,
    task_entry,
)
from cordiale.record.log import append, events, open_record
from cordiale.record.picture import picture
from cordiale.record.watch_list import CAUSES, watch_list
from cordiale.record.who import on_duty
from cordiale.words import LANGUAGES
from tests.rooms.association.small_night import START, persons, still_sea, told
from tests.rooms.record.test_closure import NORTH, OFF_NORTH, SOUTH, night

SEA = still_sea()


def seen(*more, minute=50.0, closings=()):
    return picture(night(*more), SEA, at=START + minute * minutes, seed=1, count=300, closings=closings)


def ids(alarms, cause):
    return [alarm.id for alarm in alarms if alarm.cause == cause]


def test_a_boat_without_owner_and_task_is_named_until_it_has_both():
    """Two boats, nobody answers for them; Dover takes one and sends a craft: the other is left."""
    board = seen()
    assert ids(watch_list(board), "no_owner") == ["no_owner r-0001", "no_owner r-0002"]
    duties = Duties(
        taken=(Taken(anchor="r-0004", owner="dover", at=START + 30 * minutes),),
        tasks=(Task(anchor="r-0001", asset="Valiant", at=START + 31 * minutes),),
    )
    left = watch_list(board, duties)
    assert ids(left, "no_owner") == ["no_owner r-0002"] and ids(left, "no_task") == ["no_task r-0002"]
    who = on_duty(board, duties).of[SOUTH]
    assert who.owner == "dover"
    assert who.assets == ("Valiant",)


def test_a_duty_of_later_does_not_count_now():
    """What is decided at 02:00 did not stand at 01:50, and a task that ended leaves the boat without one."""
    duties = Duties(
        taken=(Taken(anchor="r-0001", owner="dover", at=START + 60 * minutes),),
        tasks=(Task(anchor="r-0001", asset="Valiant", at=START, ended=START + 40 * minutes),),
    )
    alarms = watch_list(seen(), duties)
    assert "no_owner r-0001" in ids(alarms, "no_owner") and "no_task r-0001" in ids(alarms, "no_task")


def test_a_missed_call_is_an_alarm_until_that_phone_is_heard_again():
    """Nobody took the call of 01:30; at 01:40 the phone sends a position."""
    missed = told("r-0020", 30, kind="missed_call", caller="a1")
    assert ids(watch_list(seen(missed, minute=35)), "unanswered_call") == ["unanswered_call r-0020"]
    again = told("r-0021", 40, caller="a1", east_km=0.4)
    assert ids(watch_list(seen(missed, again)), "unanswered_call") == []
    assert ids(watch_list(seen(missed, minute=31)), "unanswered_call") == []  # a minute: the caller may try again


def test_an_old_position_is_one_alarm_and_a_new_one_another():
    """After 61 minutes the last fix of 01:20 is old; a new fix that grows old is a new alarm."""
    assert ids(watch_list(seen(minute=79)), "old_fix") == []
    assert "old_fix r-0001 r-0004" in ids(watch_list(seen(minute=82)), "old_fix")
    later = told("r-0030", 100, caller="a1", east_km=0.5)
    assert "old_fix r-0001 r-0030" in ids(watch_list(seen(later, minute=170)), "old_fix")


def test_an_alarm_that_was_seen_is_silent_until_it_changes():
    """Acknowledged, it is gone; with --all it is there; a newer fix that grows old speaks again."""
    duties = Duties(seen=frozenset({"old_fix r-0001 r-0004"}))
    board = seen(minute=82)
    assert "old_fix r-0001 r-0004" not in ids(watch_list(board, duties), "old_fix")
    assert "old_fix r-0001 r-0004" in ids(watch_list(board, duties, all_of_them=True), "old_fix")
    later = told("r-0030", 100, caller="a1", east_km=0.5)
    assert "old_fix r-0001 r-0030" in ids(watch_list(seen(later, minute=170), duties), "old_fix")


def test_a_closed_boat_gives_no_alarm_until_it_is_heard_of_again():
    """Closed at 02:01, silent; her phone calls at 02:15: the gravest alarm of all."""
    board = seen(minute=60)
    verdict = judge_closing(board, NORTH, endings=[OFF_NORTH], evidence=[Identity(kind="ring_test", report=OFF_NORTH)])
    closing = decide_closing(verdict, at=START + 61 * minutes, by="watch_officer")
    quiet = watch_list(seen(minute=70, closings=[closing]), closings=[closing])
    assert not [alarm for alarm in quiet if alarm.boat == NORTH]
    again = seen(told("r-0040", 75, caller="b1", east_km=20.3), minute=80, closings=[closing])
    first, *_ = watch_list(again, closings=[closing])
    assert first.cause == "contact_after_closing" and first.boat == NORTH and "r-0040" in first.text()


def test_two_boats_side_by_side_are_named_once():
    """Two phones a kilometre apart with numbers that fit no single boat: one alarm for the pair."""
    reports = [
        told("r-0001", 0, east_km=0.0, caller="a1", persons=persons(60)),
        told("r-0002", 2, east_km=1.2, caller="b1", persons=persons(12)),
        told("r-0003", 10, east_km=0.1, caller="a1", persons=persons(60)),
        told("r-0004", 12, east_km=1.3, caller="b1", persons=persons(12)),
    ]
    board = picture(reports, SEA, at=START + 15 * minutes, seed=1, count=300)
    assert len(board.boats) == 2
    assert ids(watch_list(board), "two_close") == ["two_close r-0001 r-0002"]
    for ruled, silent in (
        (Constraints(never=(("r-0002", "r-0003"),)), True),
        (Constraints(splits=((("r-0001",), ("r-0002", "r-0004")),)), True),
        (Constraints(never=(("r-0001", "r-0009"),)), False),
    ):
        held = picture(reports, SEA, at=START + 15 * minutes, seed=1, count=300, constraints=ruled)
        assert (ids(watch_list(held), "two_close") == []) == silent  # a person holds them apart


def test_a_request_waits_ten_minutes_for_its_answer():
    """Nine minutes: silent. Eleven: an alarm. Answered: none."""
    request = told("r-0050", 30, kind="request", asset="Flamant", summary="a vessel is asked for")
    assert ids(watch_list(seen(request, minute=39)), "request_unanswered") == []
    late = watch_list(seen(request, minute=41))
    assert ids(late, "request_unanswered") == ["request_unanswered r-0050"]
    answered = Duties(answers=(Answered("r-0050", "refused: at sea elsewhere"),))
    assert ids(watch_list(seen(request, minute=41), answered), "request_unanswered") == []


def test_more_people_than_were_aboard_is_an_alarm():
    """Forty taken off a boat of twenty."""
    many = told("r-0060", 41, east_km=20.1, kind="recovery", persons=persons(40))
    board = picture([r for r in night(many) if r.name != OFF_NORTH], SEA, at=START + 50 * minutes, seed=1, count=300)
    overdrawn = [alarm for alarm in watch_list(board) if alarm.cause == "overdrawn"]
    given = board.association.of("r-0060").boat
    assert bool(overdrawn) == (given == NORTH)
    if overdrawn:
        assert "40" in overdrawn[0].text()


def test_every_cause_says_what_is_wrong_and_what_to_do_in_both_languages():
    """A missing word would fail at 03:00."""
    late = told("r-0050", 30, kind="request", summary="a vessel is asked for")
    missed = told("r-0020", 30, kind="missed_call", caller="a1")
    alarms = watch_list(seen(late, missed, minute=170))
    assert {alarm.cause for alarm in alarms} <= set(CAUSES) and len({alarm.id for alarm in alarms}) == len(alarms)
    for alarm in alarms:
        for language in LANGUAGES:
            assert alarm.text(language) and alarm.to_do(language)
            assert "{" not in alarm.text(language) + alarm.to_do(language)


def test_the_record_keeps_duties_and_what_is_taken_back_is_gone(tmp_path):
    """Taken, sent, ended, answered, seen; and the taking withdrawn."""
    at = START + 60 * minutes
    with open_record(tmp_path / "night.db", node="dover") as record:
        taken = append(record, taken_entry("r-0001", owner="dover", at=at, by="desk"), recorded_at=at)
        sent = append(record, task_entry("r-0001", asset="Valiant", at=at, by="desk"), recorded_at=at)
        append(record, task_ended_entry(sent.id, reason="relieved", at=at + 60, by="desk"), recorded_at=at + 60)
        append(record, answer_entry("r-0050", answer="accepted", at=at, by="desk"), recorded_at=at + 60)
        append(record, seen_entry("no_owner r-0002", at=at, by="desk"), recorded_at=at + 60)
        duties = duties_of(events(record))
        assert [t.owner for t in duties.taken] == ["dover"] and duties.tasks[0].ended == at + 60
        assert duties.answers == (Answered("r-0050", "accepted", at),) and duties.seen == {"no_owner r-0002"}
        back = withdrawal_entry(taken.id, reason="the other centre has her", at=at + 90, by="desk")
        append(record, back, recorded_at=at + 90)
        assert duties_of(events(record)).taken == ()
    with pytest.raises(CordialeError, match="nothing was said for owner"):
        taken_entry("r-0001", owner=" ", at=at, by="desk")
