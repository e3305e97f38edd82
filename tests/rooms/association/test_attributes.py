"""What was said about a boat, as log Bayes factors."""

import math

from cordiale.association.attributes import FLOOR, log_factors
from tests.rooms.association.small_night import persons, said, told


def factor(key, report, *others):
    """The factor of that key, or None."""
    return next((r.log_bayes_factor for r in log_factors(report, others) if r.key.startswith(key)), None)


def test_like_numbers_speak_for_and_unlike_numbers_against():
    """Thirty-three and forty may be one boat; twelve and fifty hardly."""
    first = told("r-1", 0, persons=persons(33))
    assert factor("persons", told("r-2", 5, persons=persons(33)), first) > 0
    assert -1 < factor("persons", told("r-3", 5, persons=persons(40)), first) < 0.5
    assert factor("persons", told("r-4", 5, persons=persons(12)), told("r-5", 0, persons=persons(50))) < -1.5


def test_no_single_word_can_delete_the_truth():
    """Every factor has a floor."""
    wrong = told("r-2", 5, persons=persons(1), boat=said(colour="white", engine="running"))
    sure = [told(f"r-1{k}", 0, persons=persons(60), boat=said(colour="black", engine="stopped")) for k in range(5)]
    assert all(r.log_bayes_factor >= FLOOR - 1e-9 for r in log_factors(wrong, sure))


def test_what_is_not_said_weighs_nothing():
    """A report without a description has no factors."""
    assert log_factors(told("r-2", 5), [told("r-1", 0, persons=persons(33), caller="a")]) == ()


def test_a_rare_colour_says_more_than_a_common_one():
    """White twice is stronger than black twice, since fewer boats are white."""
    white = factor("colour", told("r-2", 5, boat=said(colour="white")), told("r-1", 0, boat=said(colour="white")))
    black = factor("colour", told("r-2", 5, boat=said(colour="black")), told("r-1", 0, boat=said(colour="black")))
    assert white > black > 0


def test_a_known_phone_is_strong_and_does_not_weaken_with_the_phones_of_a_boat():
    """A boat is not split for having several phones."""
    one = factor("caller", told("r-9", 5, caller="a"), told("r-1", 0, caller="a"))
    three = factor("caller", told("r-9", 5, caller="a"), *(told(f"r-{p}", 0, caller=p) for p in "abc"))
    assert one == three and math.log(100) < one < math.log(10_000)


def test_the_number_of_those_found_is_not_a_number_aboard():
    """Fifteen found of thirty-three speak neither for nor against, whichever is told first."""
    find, call = told("r-2", 600, kind="find", persons=persons(15)), told("r-1", 0, persons=persons(33))
    assert log_factors(find, [call]) == () and log_factors(call, [find]) == ()
