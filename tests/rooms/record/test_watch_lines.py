"""The watch list as it is read: one line a boat, the boats in danger of life first, no alarm lost; and what is doubtful
about the grouping.
"""

import random
from dataclasses import replace

import pytest

from cordiale.association.constraints import Constraints
from cordiale.association.disposition import Alternative
from cordiale.earth.units import minutes
from cordiale.record.aliases import also_called
from cordiale.record.dormant import Dormant
from cordiale.record.doubts import doubts_about, least_settled
from cordiale.record.duties import Duties, Task
from cordiale.record.known import Known
from cordiale.record.picture import picture
from cordiale.record.rulings import Ruling
from cordiale.record.watch_lines import watch_lines
from cordiale.record.watch_list import CAUSES, watch_list
from cordiale.views.picture_json import doubt_json
from cordiale.words import LANGUAGES
from tests.rooms.association.small_night import START, persons, said, still_sea, told

SEA = still_sea()
SWAMPED, ADRIFT, SAILS, TAKEN_OFF = "B-0002", "B-0003", "B-0001", "B-0004"


def four(*more):
    """A boat seen under way, one swamped that called, one adrift that called, one whose people were taken off."""
    return [
        told("r-0001", 0, east_km=0.0, kind="sighting", persons=persons(60), boat=said(engine="running")),
        told("r-0002", 10, east_km=30.0, caller="b1", persons=persons(20), boat=said(state="swamped")),
        told("r-0003", 12, east_km=60.0, caller="c1", persons=persons(40), boat=said(state="adrift")),
        told("r-0004", 14, east_km=90.0, caller="d1", persons=persons(33), boat=said(state="swamped")),
        told("r-0005", 20, east_km=90.1, caller="d1", persons=persons(33)),
        told("r-0006", 40, east_km=90.1, kind="recovery", persons=persons(33)),
        *more,
    ]


ONE_BOAT = Constraints(links=(("r-0004", "r-0005"), ("r-0005", "r-0006")))


def shown(*more, minute=50.0):
    return picture(four(*more), SEA, at=START + minute * minutes, seed=1, count=100, constraints=ONE_BOAT)


def lines(board, duties=None, dormant=()):
    alarms = list(watch_list(board, duties))
    random.Random(1).shuffle(alarms)
    return watch_lines(board, alarms, duties, dormant)


def test_each_boat_stands_once_and_no_alarm_is_lost():
    """Whatever the order of the alarms: the lines hold each of them once."""
    board = shown(told("r-0050", 20, kind="request", summary="a vessel is asked for"))
    found = lines(board)
    ids = [alarm.id for line in found for alarm in line.alarms]
    assert sorted(ids) == sorted(alarm.id for alarm in watch_list(board)) and len(ids) == len(set(ids))
    boats = [line.boat.name for line in found if line.boat]
    assert len(boats) == len(set(boats)) == len(board.boats)
    assert [line.alarms[0].cause for line in found if line.boat is None] == ["request_unanswered"]


def test_the_order_is_that_of_danger_to_life():
    """Swamped, adrift, seen under way; last the one whose people were all taken off, though she was swamped."""
    found = lines(shown())
    assert [line.boat.name for line in found] == [SWAMPED, ADRIFT, SAILS, TAKEN_OFF]
    assert found[-1].alarms[0].cause == "not_closed" and "33" in found[-1].alarms[0].text()
    asleep = lines(shown(), dormant=[Dormant(boat=SAILS, because=())])
    assert asleep[-1].boat.name == SAILS


def test_whom_nobody_is_sent_to_stands_before_her_equal():
    """Two boats adrift: the smaller one stands first once a craft is on its way to the greater."""
    other = told("r-0007", 13, east_km=120.0, caller="e1", persons=persons(10), boat=said(state="adrift"))
    names = [line.boat.name for line in lines(shown(other)) if line.boat]
    assert names.index(ADRIFT) < names.index("B-0007")
    sent = Duties(tasks=(Task(anchor="r-0003", asset="Valiant", at=START + 20 * minutes),))
    names = [line.boat.name for line in lines(shown(other), sent) if line.boat]
    assert names.index(SWAMPED) < names.index("B-0007") < names.index(ADRIFT)


def test_a_boat_that_calls_after_her_people_were_taken_off_is_not_done_with():
    """A call twenty minutes after the recovery: she stands where swamped boats stand."""
    late = told("r-0008", 70, east_km=90.2, caller="d1", persons=persons(33))
    constraints = replace(ONE_BOAT, links=(*ONE_BOAT.links, ("r-0006", "r-0008")))
    board = picture(four(late), SEA, at=START + 75 * minutes, seed=1, count=100, constraints=constraints)
    assert not any(alarm.cause == "not_closed" for alarm in watch_list(board))
    assert {line.boat.name for line in lines(board)[:2]} == {SWAMPED, TAKEN_OFF}


def test_every_line_says_who_she_is_in_both_languages():
    """State, people and silence; nothing unfilled. Every cause has its place within a line."""
    for line in lines(shown()):
        for language in LANGUAGES:
            head = line.head(language)
            assert line.boat.name in head and line.unaccounted in head and "{" not in head
    assert {alarm.cause for line in lines(shown()) for alarm in line.alarms} <= set(CAUSES)


def test_two_samplings_that_differ_by_more_than_half_are_a_doubt():
    """0.4 is usual and is not said; 0.7 is, with what to do."""
    board = shown()
    for differ, count in ((0.4, 0), (0.7, 1)):
        unsettled = replace(board, association=replace(board.association, disagreement=differ))
        doubts = doubts_about(unsettled)
        assert [doubt.key for doubt in doubts] == ["unsettled"] * count
        assert all(
            "70 %" in doubt.text(language) and doubt.to_do(language) for doubt in doubts for language in LANGUAGES
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_that_is_not_followed_names_the_ruling_that_holds(language):
    """A link and a separation of the same two reports, from two records: the separation holds, and both are named."""
    pair = {"before": ("r-0002",), "after": ("r-0003",), "reason": "x", "at": START, "by": "desk"}
    rulings = (Ruling(kind="linked", event="dover/7", **pair), Ruling(kind="forbidden", event="gris/3", **pair))
    board = shown()
    board = replace(board, association=replace(board.association, refused=(("r-0002", "r-0003"),)))
    (doubt,) = doubts_about(board, rulings)
    assert doubt.reports == ("r-0002", "r-0003")
    assert all(word in doubt.text(language) for word in ("r-0002", "r-0003", "dover/7", "gris/3"))
    (bare,) = doubts_about(board)
    assert "(-)" in bare.text(language) and bare.to_do(language)


def test_names_that_decisions_have_for_a_boat_are_kept():
    """Sent when she was called B-0009, and written down about one report alone: both names lead to her."""
    tasks = (
        Task(anchor="r-0002", asset="Valiant", at=START, boat="B-0009", reports=("r-0002",)),
        Task(anchor="r-0005", asset="Flamant", at=START),
        Task(anchor="r-0003", asset="Flamant", at=START),
    )
    board = shown()
    called = also_called(board, Known(reports=board.reports, duties=Duties(tasks=tasks)))
    assert called == {SAILS: (), SWAMPED: ("B-0009",), ADRIFT: (), TAKEN_OFF: ("B-0005",)}


def test_the_boats_that_are_least_settled_are_named():
    """Reports that may be another boat's count for both; surer boats are not named, nor those of less than half."""
    board = shown()
    given = board.association

    def with_doubt(share):
        """The reports of the boat whose people were taken off may be the swamped one's with this probability."""
        dispositions = tuple(
            replace(
                d, probability=1 - share, exclusive=None, alternatives=(Alternative(boat=SWAMPED, probability=share),)
            )
            if d.boat == TAKEN_OFF
            else replace(d, probability=1.0, exclusive=None, alternatives=())
            for d in given.dispositions
        )
        return replace(board, association=replace(given, dispositions=dispositions, disagreement=0.7))

    assert len(given.boat(TAKEN_OFF).reports) == 3
    expected = [(SWAMPED, pytest.approx(1.2)), (TAKEN_OFF, pytest.approx(1.2))]
    assert [*least_settled(with_doubt(0.4).association)] == expected
    (doubt,) = doubts_about(with_doubt(0.4))
    assert doubt.key == "unsettled" and doubt.boats == (SWAMPED, TAKEN_OFF)
    for language in LANGUAGES:
        assert f"{SWAMPED} (1.2), {TAKEN_OFF} (1.2)" in doubt.text(language) and doubt.to_do(language)
        assert doubt_json(doubt, language)["boats"] == [SWAMPED, TAKEN_OFF]
    (doubt,) = doubts_about(with_doubt(0.1))
    assert doubt.boats == () and "70 %" in doubt.text()
