"""What does not fit, beyond what people get wrong at night."""

import math

import pytest

from cordiale.association.associate import associate
from cordiale.association.attributes import Estimate
from cordiale.association.disposition import Alternative, Association, Boat, Disposition
from cordiale.earth.units import minutes
from cordiale.record.conflicts import conflicts_of, people_aboard, probability_left
from cordiale.record.ledger import account_of
from tests.rooms.association.small_night import persons, said, still_sea, told

NOBODY_ELSE = Association(dispositions=(), boats=(), seed=1)
OFF = told("r-0100", 60, east_km=1.0, kind="recovery", persons=persons(20), boat=said(colour="black"))


def of(own, *, others=(), cited=(OFF,), association=NOBODY_ELSE):
    account = account_of("B-0001", [*own, *cited])
    return conflicts_of("B-0001", association, own, others, cited, account)


def keys(*args, **given):
    return [c.reason.key for c in of(*args, **given)]


def calls(number, east_km=1.0, **given):
    """So many positions sent in an hour from one place."""
    return [told(f"r-{k:04d}", 5 * k, east_km=east_km, **given) for k in range(1, number + 1)]


def test_what_agrees_is_no_conflict():
    """Her place, her number, her colour."""
    assert keys(calls(4, persons=persons(20), boat=said(colour="black"))) == []


@pytest.mark.parametrize(("minute", "conflict"), [(65, []), (69, []), (72, ["time"]), (200, ["time"])])
def test_people_call_while_they_are_taken_off(minute, conflict):
    """A call within ten minutes is one of those being taken off; later it is somebody still at sea."""
    later = told("r-0050", minute, kind="missed_call", caller="a1")
    assert keys([*calls(3, caller="a1"), later]) == conflict


def test_one_position_astray_among_many_is_an_error_and_one_of_two_a_conflict():
    """One position in fifty is wrong altogether: one of five happens by chance in 10 %, one of two in 4 %."""
    astray = told("r-0009", 50, east_km=80.0)
    assert keys([*calls(4), astray]) == []
    assert keys([*calls(1), astray]) == ["impossible_speed"]
    assert keys([*calls(3, east_km=80.0), astray]) == ["impossible_speed"]


def test_a_number_said_once_is_wrong_by_a_few_and_people_missing_are_missing():
    """Of 24 said once twenty are everybody; of 30 or 40 some are still aboard."""
    assert keys(calls(1, persons=persons(24))) == []
    assert keys(calls(1, persons=persons(30))) == ["missing"]
    assert keys(calls(4, persons=persons(40)))[0] == "missing"


def test_more_taken_off_than_three_standard_errors_allow():
    """Three calls say ten: twenty are 3.4 standard errors more; one call alone may be wrong by as much."""
    assert "overdrawn" in keys(calls(4, persons=persons(8)))
    assert "overdrawn" not in keys(calls(1, persons=persons(8)))


def test_those_taken_off_before_are_counted():
    """52 of 91 were taken off, then 39 (12 August 2025): nobody is missing; without the first recovery many are."""
    call = told("r-0001", 5, east_km=1.0, persons=persons(91))
    first = told("r-0002", 20, east_km=1.0, kind="recovery", persons=persons(52))
    later = told("r-0003", 40, east_km=1.0, persons=persons(39))
    last = told("r-0004", 60, east_km=1.0, kind="recovery", persons=persons(39))
    assert "missing" not in keys([call, first, later], cited=(last,))
    assert "missing" in keys([call], cited=(last,))
    assert math.isclose(
        people_aboard([call, first, later], (last,)).mean, 88, abs_tol=4
    )  # persons: drawn towards the mean


def test_a_relay_is_no_second_statement_and_a_crew_is_no_number():
    """The same call passed on says nothing more; one aboard is the crew of a boat that loads later."""
    call = told("r-0001", 5, east_km=1.0, persons=persons(40))
    relay = told("r-0002", 5, late=9, kind="relay", relay_of="r-0001", persons=persons(40))
    crew = told("r-0003", 1, east_km=1.0, persons=persons(1))
    assert people_aboard([call, relay, crew], ()) == people_aboard([call], ())


def test_statements_that_scatter_leave_more_doubt():
    """Twenty and forty said: less sure than thirty said twice."""
    apart = [told("r-1", 5, east_km=1.0, persons=persons(20)), told("r-2", 9, east_km=1.0, persons=persons(40))]
    assert people_aboard(apart, ()).variance > 2 * people_aboard(calls(2, persons=persons(30)), ()).variance


def test_the_probability_that_some_were_left_follows_from_the_numbers():
    """Everybody of twenty: below one in twenty-five; twelve of twenty: above nine in ten; a number unknown: unchanged
    to a factor of two.
    """
    sure = Estimate(20.0, 1.0)
    assert probability_left(sure, 20) < 0.04
    assert probability_left(sure, 12) > 0.9
    assert 0.06 < probability_left(Estimate(30.0, 1e4), 30) < 0.24


@pytest.mark.parametrize(("hers", "number", "conflict"), [(0.2, 20, []), (0.5, 27, ["caller_after"]), (0.02, 27, [])])
def test_her_phone_heard_elsewhere_afterwards(hers, number, conflict):
    """A phone of hers calls after the recovery and was given to another boat: a conflict where it may be hers and
    the numbers leave room for people still aboard.
    """
    own = calls(2, caller="a1", persons=persons(number))
    call = told("r-0060", 90, east_km=30.0, caller="a1")
    given = Disposition(
        report="r-0060", fate="assigned", boat="B-0007", probability=1 - hers,
        alternatives=(Alternative(boat="B-0001", probability=hers),),
    )  # fmt: skip
    boats = (Boat(name="B-0007", first_report="r-0060", reports=("r-0060",), chain=()),)
    association = Association(dispositions=(given,), boats=boats, seed=1)
    found = [k for k in keys(own, others=[call], association=association) if k in {"caller_after", "time"}]
    assert found == conflict


def test_colour_and_length_are_named_and_may_be_outweighed():
    """White said twice of a black boat: a conflict, but one colour in five is said wrong."""
    (colour,) = of(calls(2, boat=said(colour="white")))
    assert colour.reason.key == "colour_against" and colour.outweighed


def test_without_an_ending_there_is_nothing_to_compare():
    """No ending cited: no conflict, whatever was said."""
    assert keys(calls(3, persons=persons(20)), cited=()) == []


def test_the_room_takes_what_the_association_gives():
    """A call of her phone after the recovery, given to no boat: asked of a real association, nothing is missed."""
    own = calls(3, caller="a1", persons=persons(20))
    late = told("r-0050", 120, caller="a1")
    found = associate([*own, OFF, late], still_sea(), seed=1)
    boat = found.of("r-0001").boat
    given = [late] if found.of("r-0050").boat == boat else []
    account = account_of(str(boat), [*own, *given, OFF])
    others = [] if given else [late]
    conflicts = conflicts_of(str(boat), found, [*own, *given], others, [OFF], account)
    assert {c.about for c in conflicts} == {"time"}
    assert late.event.earliest > OFF.event.latest + 10 * minutes
