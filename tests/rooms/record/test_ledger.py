"""The ledger: people and boats are conserved, with intervals."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cordiale.association.disposition import Alternative, Association, Boat, Disposition
from cordiale.belief.report import Between, Report
from cordiale.record.ledger import UNKNOWN_PERSONS, account_of, ledger_of, persons_said, recovered_from
from tests.rooms.association.small_night import persons, said, told

NOBODY = Between(least=0, most=0)


def judged(
    boats: dict[str, list[Report]], loose: list[Report] = (), alone: float = 1.0
) -> tuple[Association, list[Report]]:
    """An association as given: boats with their reports, and reports of no boat, alone with this probability."""
    given = [
        Disposition(report=r.name, fate="assigned", boat=name, probability=1.0)
        for name, rs in boats.items()
        for r in rs
    ]
    nobodys = [
        Disposition(
            report=r.name,
            fate="unassigned",
            boat=None,
            probability=1 - alone,
            alternatives=(Alternative(boat="B-x", probability=1 - alone), Alternative(boat=None, probability=alone)),
        )
        for r in loose
    ]
    found = tuple(
        Boat(name=name, first_report=rs[0].name, reports=tuple(r.name for r in rs), chain=())
        for name, rs in boats.items()
    )
    association = Association(dispositions=(*given, *nobodys), boats=found, seed=1)
    return association, [*(r for rs in boats.values() for r in rs), *loose]


def test_persons_are_what_statements_agree_on_or_all_they_span():
    """30-36 and 33 agree on 33; 33 and 40 contradict each other: 33-40. What was found or taken off counts no one
    aboard.
    """
    assert persons_said([told("a", 0, persons=persons(30, 36)), told("b", 1, persons=persons(33))]) == persons(33)
    assert persons_said([told("a", 0, persons=persons(33)), told("b", 1, persons=persons(40))]) == persons(33, 40)
    found = told("c", 2, east_km=0.0, kind="find", persons=persons(15))
    assert persons_said([told("a", 0, persons=persons(33)), found]) == persons(33)
    assert persons_said([found]) == persons(15)
    assert persons_said([told("a", 0)]) is None


def test_a_recovery_without_a_number_is_not_nobody():
    """People were taken off, nobody said how many: at least one."""
    taken = recovered_from([told("a", 0, east_km=0.0, kind="recovery")])
    assert taken == Between(least=1, most=UNKNOWN_PERSONS.most)


def test_people_counted_after_a_part_was_taken_off_are_those_left():
    """91 aboard; 52 taken off; later 39 are counted: 91 were aboard, and 39 are not accounted for."""
    night = [
        told("a", 0, persons=persons(91)),
        told("b", 60, east_km=0.0, kind="recovery", persons=persons(52)),
        told("c", 90, persons=persons(39)),
    ]
    account = account_of("B-a", night)
    assert account.aboard == persons(91) and account.unaccounted == persons(39) and not account.overdrawn
    later = account_of("B-a", [*night, told("d", 200, east_km=0.0, kind="landing", persons=persons(39))])
    assert later.landed == persons(39) and later.unaccounted == NOBODY


def test_more_people_ended_than_were_aboard_is_a_conflict():
    """Forty people taken off a boat of which everybody said 33: a person should look."""
    account = account_of(
        "B-a", [told("a", 0, persons=persons(33)), told("b", 60, east_km=0.0, kind="recovery", persons=persons(40))]
    )
    assert account.overdrawn and account.unaccounted == NOBODY


def test_the_dead_are_shown_and_not_subtracted():
    """Fifteen bodies are found: they may be reported twice, and lower nobody's number."""
    account = account_of(
        "B-a", [told("a", 0, persons=persons(33)), told("b", 600, east_km=0.0, kind="find", persons=persons(15))]
    )
    assert account.found == persons(15) and account.unaccounted == persons(33)


def test_people_of_an_unidentified_boat_lower_only_the_least():
    """Two boats of 33, 40 people taken off of no boat known: 26 to 66 are not accounted for."""
    boats = {"B-a": [told("a", 0, persons=persons(33))], "B-b": [told("b", 0, persons=persons(33))]}
    taken = told("c", 60, east_km=0.0, kind="recovery", persons=persons(40))
    ledger = ledger_of(*judged(boats, [taken]))
    assert ledger.of_unidentified_boats == persons(40)
    assert ledger.unaccounted == persons(26, 66)
    assert all(a.unaccounted == persons(33) for a in ledger.accounts)


def test_a_call_that_is_given_to_no_boat_is_not_nobody():
    """One distress call without a position, and no boat at all: one boat, 17 to 50 people."""
    ledger = ledger_of(*judged({}, [told("a", 0, caller="x", boat=said(state="swamped"))]))
    assert ledger.boats == persons(1)
    assert ledger.unaccounted == UNKNOWN_PERSONS


def test_three_calls_of_one_phone_are_one_contact_and_its_relay_none_more():
    """Three calls of one phone and a relay of one of them that nobody could place are one boat at most."""
    calls = [told(f"c{i}", i, caller="x") for i in range(3)]
    relay = told("relay", 5, kind="relay", relay_of="c0")
    ledger = ledger_of(*judged({}, [*calls, relay], alone=0.5))
    assert ledger.contacts_without_a_boat == 1
    assert ledger.boats == persons(0, 1)


def test_contacts_that_are_probably_of_known_boats_widen_the_count():
    """Twenty unplaced phones, one in ten each of a boat nobody else reported: none to four more boats."""
    boats = {"B-a": [told("a", 0, persons=persons(33))]}
    loose = [told(f"c{i}", i, caller=f"phone {i}") for i in range(20)]
    ledger = ledger_of(*judged(boats, loose, alone=0.1))
    assert ledger.boats == persons(1, 5)  # binomial(20, 0.1): P(<= 4) = 0.957, P(<= 3) = 0.867; P(0) = 0.12 > 0.05
    assert ledger.unaccounted == persons(33, 33 + 4 * 50)


@given(st.lists(st.tuples(st.integers(1, 80), st.integers(0, 30), st.integers(0, 80)), min_size=1, max_size=6))
def test_people_are_conserved(rows):
    """Aboard = ended + unaccounted, for exact numbers that are not overdrawn, by boat and in total."""
    boats = {}
    for number, (aboard, off, landed) in enumerate(rows):
        reports = [told(f"{number}", 0, persons=persons(aboard))]
        reports += [told(f"{number}-r", 60, east_km=0.0, kind="recovery", persons=persons(min(off, aboard)))]
        rest = min(landed, aboard - min(off, aboard))
        reports += [told(f"{number}-l", 90, east_km=0.0, kind="landing", persons=persons(rest))]
        boats[f"B-{number}"] = reports
    ledger = ledger_of(*judged(boats))
    assert np.isclose(ledger.aboard.least, ledger.ended.least + ledger.unaccounted.least)
    assert all(a.aboard.least == a.ended.least + a.unaccounted.least for a in ledger.accounts)
