"""The stop test: when a search may not end, and what it says."""

import math
from dataclasses import replace

import numpy as np
import pytest

from cordiale.boats.survival import survival_curve
from cordiale.boats.survival_count import expected_survivors
from cordiale.boats.survival_table import Immersion
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours
from cordiale.search.stop import NextCraft, Thresholds, judge_stop, still_out

NOW = utc("2021-11-24 05:55")
STRAIT = Position(lat=51.1, lon=1.7)
PEOPLE = survival_curve(Immersion(place="in_water", persons=(33, 40)), (12.0, 13.0))


def out(**more):
    """Some 33 to 40 people in the water since about a quarter past three."""
    known = {"curve": PEOPLE, "entered": utc("2021-11-24 03:12"), "entered_by": utc("2021-11-24 03:33"), "pos": 0.3}
    return still_out("B-0001", **(known | more))


def test_it_refuses_while_survivors_are_expected():
    """People in 12 to 13 degrees for 2.5 hours: more than five are expected alive, and the search must not end."""
    verdict = judge_stop([out()], at=NOW, where=STRAIT)
    assert not verdict.passes and verdict.expected > 5
    assert {key for key, _ in verdict.blocks} >= {"survivors", "survivors_dawn", "residual"}


def test_pos_multiplies_nobodys_life():
    """A boat that certainly was out there still is: a POS of 0.9 leaves as many survivors expected as one of 0."""
    alive = expected_survivors(PEOPLE, (NOW - utc("2021-11-24 03:33"), NOW - utc("2021-11-24 03:12"))).expected
    for pos in (0.0, 0.9):
        assert judge_stop([out(pos=pos)], at=NOW, where=STRAIT).expected == pytest.approx(alive, rel=1e-12)


def test_a_boat_that_may_be_safe_counts_by_bayes():
    """Out there with 0.6, POS 0.75: residual 0.15, still out there 0.15 / 0.55."""
    one = out(was_there=0.6, pos=0.75)
    assert one.residual == pytest.approx(0.15) and one.exists == pytest.approx(0.15 / 0.55)


def test_the_dawn_is_in_the_verdict():
    """Sunrise in the strait on 24 November is at 07:26 or 07:27; fewer live then than now, and both are said."""
    verdict = judge_stop([out()], at=NOW, where=STRAIT)
    assert abs(verdict.sunrise - utc("2021-11-24 07:26")) < 120  # s: the printed minute, and the place
    assert 0 < verdict.expected_dawn < verdict.expected and not verdict.daylight
    assert "07:2" in verdict.text() and "lever du soleil" in verdict.text("fr")


def test_it_passes_when_both_are_below_their_thresholds():
    """After 90 hours in the water and a POS of 0.97 the search may end: and that ends tasks, not the boat."""
    late = NOW + 90 * hours
    verdict = judge_stop([out(pos=0.97)], at=late, where=STRAIT)
    assert verdict.passes and verdict.blocks == ()
    assert "may end" in str(verdict) and "not the boat" in str(verdict)
    assert not judge_stop([out(pos=0.9)], at=late, where=STRAIT).passes
    assert judge_stop([out(pos=0.9)], at=late, where=STRAIT, thresholds=Thresholds(residual=0.2)).passes


def test_several_boats_count_together():
    """Expected survivors of several boats add up: each below the threshold, together above it, is a refusal."""
    late = NOW + 12 * hours
    each = out(pos=0.99).expected(late)
    limits = Thresholds(survivors=1.5 * each, residual=0.05)
    assert judge_stop([out(pos=0.99)], at=late, where=STRAIT, thresholds=limits).passes
    assert not judge_stop([out(pos=0.99), out(pos=0.99)], at=late, where=STRAIT, thresholds=limits).passes


def test_people_whose_boat_may_still_float_count_as_alive():
    """Where the entry may still lie ahead more are expected alive than after one in the past, and no end is named."""
    assert out(entered_by=None).expected(NOW) > out().expected(NOW)
    assert math.isinf(out(entered_by=None).last_time) and math.isfinite(out().last_time)


def test_a_boat_nobody_searched_for_is_named():
    """What no search with a track has looked for blocks by name, however long ago."""
    verdict = judge_stop([out(searched=False, pos=0.0)], at=NOW + 90 * hours, where=STRAIT)
    assert ("not_searched", (("name", "B-0001"),)) in verdict.blocks


def test_craft_that_can_still_come_are_listed_in_order():
    """The next craft stand in order of the time at which they can be there; none known is said too."""
    craft = [NextCraft(name="R163", on_scene=NOW + 2 * hours), NextCraft(name="Flamant", on_scene=NOW + hours)]
    text = judge_stop([out()], at=NOW, where=STRAIT, craft=craft).text()
    assert "Flamant 06:55Z, R163 07:55Z" in text
    assert "ask for one" in judge_stop([out()], at=NOW, where=STRAIT).text()


def test_by_day_the_verdict_says_until_when():
    """At noon it says until when there is daylight."""
    verdict = judge_stop([out()], at=utc("2021-11-24 12:00"), where=STRAIT)
    assert verdict.daylight and "Daylight until 15:" in verdict.text()


def test_what_cannot_be_is_refused():
    """No boat at all, probabilities above 1, entries backwards and thresholds below 0 raise with a hint."""
    with pytest.raises(CordialeError, match="without a boat"):
        judge_stop([], at=NOW, where=STRAIT)
    for wrong in ({"pos": 1.2}, {"was_there": -0.1}, {"entered_by": utc("2021-11-24 01:00")}):
        with pytest.raises(CordialeError, match="hint:"):
            out(**wrong)
    with pytest.raises(CordialeError, match="hint:"):
        Thresholds(survivors=-1.0)
    with pytest.raises(CordialeError, match="hint:"):
        replace(out(), exists=float("nan"))


def test_every_expected_number_has_its_band():
    """Between which numbers survivors lie in 8 of 10 cases is said of each boat and of all, now and at sunrise."""
    verdict = judge_stop([out(), out(was_there=0.3, pos=0.5)], at=NOW, where=STRAIT)
    for (low, high), expected in ((verdict.likely, verdict.expected), (verdict.likely_dawn, verdict.expected_dawn)):
        assert low < expected < high
    assert verdict.likely_dawn[1] <= verdict.likely[1]
    assert verdict.boats[1].likely(NOW)[0] == 0 < verdict.boats[0].likely(NOW)[0]
    for language, words in (("en", "in 8 of 10 cases"), ("fr", "dans 8 cas sur 10")):
        assert verdict.text(language).count(words) == 6  # two blocks, two boats now and at sunrise
    mean = sum(one.to_be_found(NOW).mean(axis=0) @ np.arange(one.to_be_found(NOW).shape[1]) for one in verdict.boats)
    assert mean == pytest.approx(verdict.expected, rel=1e-9)


def test_the_number_of_boats_nobody_has_reported_is_part_of_the_band():
    """2.5 boats are to be expected: none is possible, five are, and the mean is 2.5 times that of one."""
    one = out()
    several = replace(one, exists=2.5, residual=2.5, unreported=True)
    chances = several.to_be_found(NOW).mean(axis=0)
    assert chances[0] > math.exp(-2.5) * 0.99
    assert chances @ np.arange(chances.size) == pytest.approx(2.5 * one.expected(NOW), rel=1e-6)
    assert several.likely(NOW)[1] > 2 * one.likely(NOW)[1]
