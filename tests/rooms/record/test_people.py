"""The people not accounted for carry the doubt about the boats: a piece of a boat adds nobody, and nobody is lost."""

import math
import random

import pytest

from cordiale.association.disposition import Alternative, Association, Boat, BoatCount, Disposition
from cordiale.record.ledger import ledger_of
from cordiale.record.people import with_people
from tests.rooms.association.small_night import persons, told

SAID = math.sqrt(40**2 * 5**2 / (40**2 + 5**2))  # one number said, of 5 persons' error, beside the law of all boats


def judged(boats, law, existence, loose=()):
    """Boats with their reports and how probably each is one of her own; the law of their number; reports of no boat."""
    reports = [*(r for rs in boats.values() for r in rs), *loose]
    given = {r.name: name for name, rs in boats.items() for r in rs}
    one = (Alternative(boat=None, probability=1.0),)
    dispositions = tuple(
        Disposition(report=r.name, fate="assigned", boat=given[r.name], probability=1.0)
        if r.name in given
        else Disposition(report=r.name, fate="unassigned", boat=None, probability=0.0, alternatives=one)
        for r in reports
    )
    found = tuple(
        Boat(
            name=name,
            first_report=rs[0].name,
            reports=tuple(r.name for r in rs),
            chain=(),
            existence=existence[name],
        )
        for name, rs in boats.items()
    )
    return Association(dispositions=dispositions, boats=found, seed=1, count=BoatCount(law=law)), reports


def counted(boats, law, existence, loose=()):
    association, reports = judged(boats, law, existence, loose)
    return with_people(ledger_of(association, reports), association, reports)


A = [told("a", 0, persons=persons(33)), told("a2", 3)]
B = [told("b", 1, persons=persons(33)), told("b2", 4)]
PIECE = [told("p", 2, persons=persons(33))]


def test_without_a_law_of_the_number_of_boats_nothing_changes():
    """An association as a test makes it: the ledger stays to the last digit."""
    association, reports = judged({"A": A}, (1.0,), {"A": 1.0})
    ledger = ledger_of(association, reports)
    assert with_people(ledger, association, reports) == ledger


def test_two_sure_boats_have_the_people_that_were_said():
    """33 and 33, each said once with an error of 5: 66, and nine in ten within 1.645 standard errors of both."""
    people = counted({"A": A, "B": B}, (0.0, 0.0, 1.0), {"A": 1.0, "B": 1.0}).unaccounted
    half = 1.645 * SAID * math.sqrt(2)
    assert people.least == pytest.approx(66 - half, abs=1) and people.most == pytest.approx(66 + half, abs=1)


def test_a_piece_of_a_described_boat_adds_nobody_twice():
    """Three groups of 33, one of them almost surely a piece of another, two boats in all: 66 and not 99."""
    existence = {"A": 0.99, "B": 0.99, "P": 0.02}
    groups = {"A": A, "B": B, "P": PIECE}
    association, reports = judged(groups, (0.0, 0.0, 1.0, 0.0), existence)
    plain = ledger_of(association, reports).unaccounted
    people = counted(groups, (0.0, 0.0, 1.0, 0.0), existence).unaccounted
    assert plain == persons(99) and people.least < 66 < people.most < 99
    three = counted(groups, (0.0, 0.0, 0.0, 1.0), existence).unaccounted
    assert three.least > people.least and three.most > 99  # were it known that there are three, all are counted


def test_people_taken_off_a_piece_were_taken_off_the_other():
    """Two boats of 33; twenty taken off a group that is a piece of one of them: about 46 are left, and not 66."""
    piece = [told("p", 60, kind="recovery", persons=persons(20))]
    boats = {"A": A, "B": B, "P": piece}
    people = counted(boats, (0.0, 0.0, 1.0, 0.0), {"A": 0.999, "B": 0.999, "P": 0.001}).unaccounted
    assert people.least < 46 < people.most < 66


def test_unknown_persons_are_never_nobody():
    """A sure boat of which nobody said a number: 17 to 50, whatever else is counted."""
    unsaid = [told("u", 0), told("u2", 5)]
    people = counted({"U": unsaid}, (0.0, 1.0), {"U": 1.0}).unaccounted
    assert people.least == pytest.approx(17, abs=1) and people.most == pytest.approx(50, abs=1)


def test_the_least_is_never_below_the_people_of_one_boat():
    """A group that is a boat of her own with one in ten only: whoever she is, her 60 people are somebody's."""
    sixty = [told("s", 0, persons=persons(60))]
    people = counted({"A": A, "S": sixty}, (0.0, 1.0, 0.0), {"A": 0.9, "S": 0.1}).unaccounted
    assert people.least >= 60
    taken = told("r", 30, kind="recovery", persons=persons(40))
    fewer = counted({"A": A, "S": sixty}, (0.0, 1.0, 0.0), {"A": 0.9, "S": 0.1}, [taken]).unaccounted
    assert fewer.least >= 20  # unless the forty taken off of no boat known were hers


def test_a_call_of_no_boat_may_be_one_more():
    """A loose call beside a sure boat widens the interval upwards and never lowers its least by much."""
    alone = counted({"A": A}, (0.0, 1.0), {"A": 1.0}).unaccounted
    both = counted({"A": A}, (0.0, 0.5, 0.5), {"A": 1.0}, [told("x", 2, caller="z")]).unaccounted
    assert both.most > alone.most + 20 and both.least >= alone.least - 2


def test_the_order_of_the_reports_changes_nothing():
    """The same set in another order has the same interval, to the last digit; people are conserved."""
    boats = {"A": A, "B": B, "P": PIECE}
    association, reports = judged(boats, (0.0, 0.1, 0.6, 0.3), {"A": 0.9, "B": 0.8, "P": 0.4})
    first = with_people(ledger_of(association, reports), association, reports)
    random.Random(1).shuffle(reports)
    again = with_people(ledger_of(association, reports), association, reports)
    assert first == again
    assert first.aboard.least == first.unaccounted.least + first.ended.least
