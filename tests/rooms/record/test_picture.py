"""The picture as known at an instant, on an invented hour."""

from dataclasses import replace

import pytest

from cordiale.belief.report import Between
from cordiale.earth.units import hours, minutes
from cordiale.record.ledger import UNKNOWN_PERSONS
from cordiale.record.picture import PictureMemory, gravest, picture
from tests.rooms.association.small_night import START, persons, said, still_sea, told, two_boats

SEA = still_sea()


def shown(minute=60.0, reports=None, **given):
    """The picture so many minutes past one."""
    return picture(reports or two_boats(), SEA, at=START + minute * minutes, seed=1, count=500, **given)


@pytest.fixture(scope="module")
def hour():
    """The picture at two o'clock."""
    return shown()


def test_what_was_received_later_is_not_there():
    """A relay of 01:20 that came at 01:29 is missing at 01:25, though it tells of 01:20."""
    assert "r-0006" not in {r.name for r in shown(25).reports}
    assert "r-0006" in {r.name for r in shown(30).reports}


def test_a_boat_whose_people_were_taken_off_stays(hour):
    """Twenty people were taken off; the boat is still there, with its cloud and its count."""
    boat = hour.boat("B-0002")
    assert boat.recovered == Between(least=20, most=20)
    assert boat.cloud is not None and len(boat.regions) == 2


def test_the_gravest_state_said_stays():
    """Somebody said swamped, somebody later saw it make way: it stays swamped."""
    reports = [told("a", 0, boat=said(state="swamped")), told("b", 30, boat=said(state="under_way", engine="running"))]
    assert gravest(reports) == "swamped"
    assert gravest([told("a", 0, boat=said(engine="stopped"))]) == "adrift"
    assert gravest([told("a", 0)]) == "unknown"


def test_unknown_persons_count_with_a_prior():
    """A boat of which nobody said a number adds 17 to 50 people, never 0."""
    one = shown(20, [told("r-0001", 0, east_km=0.0, caller="a"), told("r-0002", 5, east_km=0.1, caller="a")])
    assert one.ledger.unaccounted == UNKNOWN_PERSONS


def test_the_people_of_the_other_boat_are_not_accounted_for(hour):
    """Twenty of the twenty were taken off, none of the 33 to 40; a call of 30 people that fits both may be a third."""
    assert [a.unaccounted for a in hour.ledger.accounts] == [Between(least=33, most=40), Between(least=0, most=0)]
    people = hour.ledger.unaccounted
    assert people.least >= 33 and 40 + 20 < people.most < 40 + 50
    assert hour.ledger.boats_ended == 1


def test_a_recovery_of_no_known_boat_counts_and_closes_nobody():
    """Ten people taken off 60 km away: counted as of an unidentified boat, or as a boat of its own."""
    far = told("r-0020", 55, east_km=60.0, kind="recovery", persons=persons(10))
    found = shown(60, [*two_boats(), far]).ledger
    assert found.ended.most + found.of_unidentified_boats.most == 30
    assert found.unaccounted.most >= 40


def test_a_boat_grows_stale_with_words(hour):
    """A fresh boat is not stale; four hours later it is, and says why."""
    assert not hour.boat("B-0001").is_stale
    later = shown(300).boat("B-0001")
    assert {r.key for r in later.stale_because} == {"old_fix", "silent"}


def test_the_fix_ages_from_its_event_and_not_from_its_receipt(hour):
    """The last position of 01:20 is 40 minutes old at two, though a relay of it came at 01:29."""
    fix = hour.boat("B-0001").last_fix
    assert fix is not None and fix.age == 40 * minutes


def test_equal_sets_have_equal_digests(hour):
    """Order of arrival, memory or none: one digest. One report more: another."""
    memory = PictureMemory()
    assert shown(reports=tuple(reversed(two_boats())), memory=memory).digest == hour.digest
    assert shown(memory=memory).digest == hour.digest
    assert shown(reports=(*two_boats(), told("r-0030", 50, east_km=0.5, caller="a1"))).digest != hour.digest


def test_a_picture_after_another_is_the_picture_alone():
    """Replaying minute by minute with one memory gives what a single picture gives."""
    memory = PictureMemory()
    for minute in (10, 35, 60, 95):
        last = shown(minute, memory=memory)
    assert last.digest == shown(95).digest


def test_pictures_in_any_order_with_one_memory_are_the_pictures_alone():
    """The slider goes forward and back over late reports and half hours: dispositions and digests stay the same."""
    memory = PictureMemory()
    for minute in (60, 12, 45, 28, 160, 26, 61):
        one, alone = shown(minute, memory=memory), shown(minute)
        assert one.digest == alone.digest
        assert one.association == alone.association


def test_a_boat_without_a_position_is_on_the_picture():
    """Two calls of one phone without a position are a boat that nobody can place, and it says so."""
    boat = shown(30, [told("r-0001", 0, caller="a", persons=persons(30)), told("r-0002", 5, caller="a")]).boats[0]
    assert boat.cloud is None and boat.last_fix is None
    assert {r.key for r in boat.stale_because} == {"no_position"}


def test_a_report_from_the_future_is_kept():
    """An event after the picture's instant does not break it: the age of the fix is 0."""
    odd = replace(told("r-0001", 120, east_km=0.0), received=START, flags=("received_in_future",))
    boat = picture([odd], SEA, at=START + 1 * hours, seed=1, count=100).boats[0]
    assert boat.last_fix is not None and boat.last_fix.age == 0


def test_no_reports_no_boats():
    """Before the first report the picture is empty and well."""
    empty = picture([], SEA, at=START, seed=1)
    assert empty.boats == () and empty.ledger.unaccounted.most == 0 and len(empty.digest) == 16
