"""Survival in the water: what a caller can say, how many may be alive, and clear errors."""

import math
import time
from dataclasses import replace

import numpy as np
import pytest

from cordiale.boats.survival import KNOTS, LEVELS, alive_probability, survival_curve
from cordiale.boats.survival_count import expected_survivors, number_alive, survival_words, survivor_table
from cordiale.boats.survival_horizon import last_reasonable_time
from cordiale.boats.survival_published import xu_giesbrecht
from cordiale.boats.survival_table import Immersion, survival_table
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import hours, minutes
from cordiale.words import LANGUAGES, say

ALONE = Immersion(
    place="in_water", lifejacket="none", panic=False, sudden=False, clothing="normal", injured=False, children=0,
    persons=(1, 1),
)  # fmt: skip
RNG_TIMES = np.random.default_rng(3).uniform(0, 60 * hours, 10_000)


def exact_table(multiplier=0.8):
    """A table in which nothing is uncertain but the early deaths, which are 0 to 5 %."""
    table = survival_table().with_factor("state", "in_water", multiplier=multiplier, spread=0.0, source="a test")
    person = replace(table.parameters["person_spread"], low=0.7, high=0.7)
    early = replace(table.parameters["early_death"], low=0.0, high=0.0)
    return replace(table, parameters={**table.parameters, "person_spread": person, "early_death": early})


@pytest.mark.parametrize("water", [8.0, 12.5, 18.0])
def test_with_nothing_uncertain_the_curve_is_the_formula(water):
    """S(t) = 1 - Phi((ln t - ln(m t50)) / sigma), worked out here with the error function."""
    curve = survival_curve(ALONE, water, table=exact_table())
    times = np.array([0.5, 1, 2, 4, 8, 16, 32]) * hours
    median = 0.8 * 3.6 * math.exp(0.0916 * (water - 5)) * hours
    formula = [0.5 * math.erfc(math.log(t / median) / 0.7 / math.sqrt(2)) for t in times]
    assert alive_probability(curve, times) == pytest.approx(formula, abs=5e-4)  # 1: interpolation between knots
    for band in curve.band(times):
        assert band == pytest.approx(formula, abs=5e-4)  # 1: the same


def test_early_deaths_fall_within_the_first_ten_minutes():
    """Everybody is alive at entry; after ten minutes the share that dies early is gone."""
    table = exact_table(multiplier=50.0)  # nobody dies of cold within the hour
    early = replace(table.parameters["early_death_sudden"], low=0.2, high=0.2)
    table = replace(table, parameters={**table.parameters, "early_death_sudden": early})
    curve = survival_curve(replace(ALONE, sudden=True), 12.0, table=table)
    alive = alive_probability(curve, np.array([0, 5, 10, 30]) * minutes)
    assert alive == pytest.approx([1.0, 0.9, 0.8, 0.8], abs=1e-3)  # 1: interpolation between knots


def test_an_uncertain_share_of_early_deaths_widens_the_band_around_its_middle():
    """Between 0 and 40 % die early: 20 % on average, the band from 10 to 30 % (two equally likely values)."""
    table = exact_table(multiplier=50.0)  # nobody dies of cold within the hour
    early = replace(table.parameters["early_death"], low=0.0, high=0.4)
    curve = survival_curve(ALONE, 12.0, table=replace(table, parameters={**table.parameters, "early_death": early}))
    low, _, high = curve.band(20 * minutes)
    assert alive_probability(curve, np.array([20 * minutes])) == pytest.approx([0.8], abs=1e-3)  # 1: interpolation
    assert (low, high) == (pytest.approx(0.7, abs=1e-3), pytest.approx(0.9, abs=1e-3))  # 1: interpolation


def test_uncertain_water_widens_the_band_as_its_variance_says():
    """Water between 9 and 15 C, all alike: ln(time) has 0.0916 times 6 C over the root of 12 more spread."""
    low, median, high = survival_curve(ALONE, (9.0, 15.0), table=exact_table()).band(5 * hours)
    spread = 0.0916 * 6 / math.sqrt(12)
    for band, z in ((low, -1.2816), (median, 0.0), (high, 1.2816)):
        middle = 0.8 * math.exp(spread * z) * 3.6 * math.exp(0.0916 * 7)
        assert band == pytest.approx(0.5 * math.erfc(math.log(5 / middle) / 0.7 / math.sqrt(2)), abs=5e-4)  # 1: knots


def test_the_band_is_the_ten_and_ninety_per_cent_points_of_the_factor():
    """With only the factor uncertain the 10 % point of S is S of its 10 % point."""
    table = exact_table().with_factor("state", "in_water", multiplier=0.8, spread=0.35, source="a test")
    low, median, high = survival_curve(ALONE, 12.0, table=table).band(np.array([4.0, 8.0]) * hours)
    for band, z in ((low, -1.2816), (median, 0.0), (high, 1.2816)):
        middle = 0.8 * math.exp(0.35 * z) * 3.6 * math.exp(0.0916 * 7)
        formula = [0.5 * math.erfc(math.log(t / middle) / 0.7 / math.sqrt(2)) for t in (4, 8)]
        assert band == pytest.approx(formula, abs=5e-4)  # 1: interpolation between knots


def test_nothing_known_gives_a_wide_band_and_no_error():
    """An empty answer to every question is an answer: the band spans most of what any answer would give."""
    curve = survival_curve(Immersion())
    low, median, high = curve.band(6 * hours)
    assert low < 0.15
    assert high > 0.85
    assert low < median < high
    assert expected_survivors(curve, 6 * hours).low >= 1


def test_the_planning_cap_bounds_the_tail_and_nothing_else():
    """The 99th percentile is held to Xu and Giesbrecht 2018; the curve is never raised; lifejackets are not capped."""
    free, held = survival_curve(ALONE, 12.0), survival_curve(ALONE, 12.0, planning=True)
    limit = xu_giesbrecht(12.0)
    assert alive_probability(free, np.array([limit]))[0] > 0.05
    assert alive_probability(held, np.array([limit]))[0] <= 0.01 + 1e-9  # 1: rounding
    assert np.all(held.mean <= free.mean + 1e-12)
    assert np.all(np.diff(held.mean) <= 1e-12)
    aided = replace(ALONE, lifejacket="effective")
    assert np.array_equal(survival_curve(aided, 12.0).mean, survival_curve(aided, 12.0, planning=True).mean)


def test_no_cap_shortens_a_horizon():
    """The last reasonable time is the same whether the curve is a planning curve or not."""
    for who in (ALONE, Immersion(), replace(ALONE, lifejacket="effective")):
        horizons = [last_reasonable_time(survival_curve(who, 12.0, planning=capped)) for capped in (False, True)]
        assert horizons[0] == horizons[1]


def test_a_small_factor_cannot_bring_the_horizon_below_the_longest_source():
    """Somebody who believes in very short times still gets the curve of the longest documented immersions, and 75 h."""
    table = survival_table()
    for state in ("in_water", "in_water_lifejacket", "holding_on"):
        table = table.with_factor("state", state, multiplier=0.05, spread=0.1, source="a pessimist")
    short = last_reasonable_time(survival_curve(ALONE, 12.0, table=table))
    assert short.time == xu_giesbrecht(12.0)
    assert short.rule == "xu_giesbrecht"
    aided = last_reasonable_time(survival_curve(replace(ALONE, lifejacket="effective"), 12.0, table=table))
    assert aided.time == 75 * hours
    assert aided.documented == 75 * hours


def test_a_lifejacket_takes_the_horizon_beyond_twenty_four_hours_whatever_the_table_says():
    """Half of the wearers live beyond 24 h: without any documented time in the table that alone rules."""
    table = survival_table().with_factor("state", "in_water_lifejacket", multiplier=0.05, spread=0.1, source="a test")
    row = replace(table.factors["state", "in_water_lifejacket"], longest=math.nan)
    table = replace(table, factors={**table.factors, ("state", "in_water_lifejacket"): row})
    horizon = last_reasonable_time(survival_curve(replace(ALONE, lifejacket="effective"), 8.0, table=table))
    assert horizon.time == 24 * hours
    assert horizon.rule == "survey_lifejacket"


def test_people_out_of_the_water_have_no_horizon():
    """Cold alone rules nobody out who is not in the water, in both languages."""
    horizon = last_reasonable_time(survival_curve([ALONE, Immersion(place="out_of_water")], 12.0))
    assert math.isinf(horizon.time)
    assert "no time" in horizon.sentence("en")
    assert "aucun délai" in horizon.sentence("fr")


def test_a_horizon_says_its_rule_and_what_is_documented():
    """The sentence gives the time, why, and the longest documented time."""
    text = str(last_reasonable_time(survival_curve(ALONE, 12.0)))
    assert "cannot be ruled out before" in text
    assert "upper band" in text
    assert "15 h" in text  # Xu and Giesbrecht at 12 C: 15.3 h


def test_the_number_alive_is_a_probability_with_the_right_mean():
    """The distribution sums to 1; its mean is persons times the probability of being alive."""
    curve = survival_curve(replace(ALONE, persons=(20, 40)), 12.0)
    chances = number_alive(curve, 4 * hours)
    assert chances.sum() == pytest.approx(1, abs=1e-12)
    assert chances.min() >= 0
    assert chances.size == 41
    mean = 30 * alive_probability(curve, np.array([4 * hours]))[0]
    assert chances @ np.arange(41) == pytest.approx(mean, rel=0.01)  # 20 levels stand for the whole law


def test_two_groups_add_up():
    """Ten in the water and five in the flooded boat: expected numbers add, and the total is never above fifteen."""
    ten = replace(ALONE, persons=(10, 10))
    five = replace(ALONE, place="flooded_boat", persons=(5, 5))
    alive = [expected_survivors(survival_curve(who, 12.0), 5 * hours).expected for who in (ten, five, (ten, five))]
    assert alive[2] == pytest.approx(alive[0] + alive[1], abs=1e-6)
    both = expected_survivors(survival_curve((ten, five), 12.0), 5 * hours)
    assert both.persons == (15, 15)
    assert 0 <= both.low <= both.median <= both.high <= 15


def test_persons_unknown_are_never_nobody():
    """The prior of persons starts at 1, and two groups of unknown size share one boat."""
    one = survival_curve(Immersion())
    two = survival_curve([Immersion(place="in_water"), Immersion(place="flooded_boat")])
    for curve in (one, two):
        assert all(group.counts[0] >= 1 for group in curve.groups)
    totals = [sum(group.expected for group in curve.groups) for curve in (one, two)]
    assert totals[1] == pytest.approx(totals[0], rel=0.05)  # persons: truncation at 230 differs
    assert number_alive(one, 0.0)[0] == pytest.approx(0, abs=1e-6)


def test_an_interval_of_entry_lies_between_its_ends():
    """Nobody knows when they fell in: the expected number lies between those of the two ends."""
    curve = survival_curve(replace(ALONE, persons=(30, 30)), 12.0)
    early, late, either = (expected_survivors(curve, t) for t in (2 * hours, 5 * hours, (2 * hours, 5 * hours)))
    assert late.expected < either.expected < early.expected
    assert late.low <= either.low
    assert either.high <= early.high


def test_ten_thousand_times_are_answered_in_a_millisecond():
    """Search plans ask often: an interpolation, here with a margin of five for a busy machine."""
    curve = survival_curve(ALONE, 12.0)
    best = math.inf
    for _ in range(5):
        start = time.perf_counter()
        alive = alive_probability(curve, RNG_TIMES)
        best = min(best, time.perf_counter() - start)
    assert alive.shape == (10_000,)
    assert best < 5e-3  # s


def test_the_same_question_gives_the_same_answer():
    """Nothing is drawn by chance."""
    first, second = (survival_curve(Immersion(persons=(3, 9)), (10.0, 14.0)) for _ in range(2))
    assert np.array_equal(first.levels, second.levels)
    assert np.array_equal(number_alive(first, 4 * hours), number_alive(second, 4 * hours))


def test_a_curve_prints_a_band_and_no_single_number():
    """Every percentage of the sentence is one end of a band; outside 8 to 18 C it says so."""
    text = str(survival_curve(ALONE, 12.0))
    assert "80 % band" in text
    assert text.count(" to ") == 4
    assert "extrapolated" not in text
    assert "extrapolated" in str(survival_curve(ALONE, 4.0))
    assert "à 80 %" in survival_curve(ALONE, (11.0, 13.0)).sentence("fr")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("persons", [(33, 33), (30, 40), None])
@pytest.mark.parametrize("since", [4 * hours, (3 * hours, 5 * hours)])
def test_every_sentence_for_a_coordinator_can_be_said(language, persons, since):
    """Keys and values fit the catalogue of both languages, for every kind of interval."""
    curve = survival_curve(Immersion(place="in_water", persons=persons), 20.0)
    said = [say(key, language, **values) for key, values in survival_words(curve, since)]
    assert len(said) == 3
    assert all(sentence and "{" not in sentence for sentence in said)
    assert str(expected_survivors(curve, since))


def test_a_table_in_hours_goes_down():
    """One row an hour, each number of alive between its bounds."""
    rows = survivor_table(survival_curve(replace(ALONE, persons=(9, 9)), 12.0), [h * hours for h in range(0, 13, 3)])
    assert [row["hours"] for row in rows] == [0, 3, 6, 9, 12]
    assert rows[0]["expected"] == pytest.approx(9, abs=1e-6)
    for row in rows:
        assert row["alive_low"] <= row["alive_median"] <= row["alive_high"]
        assert row["low"] - 1 <= row["expected"] <= row["high"] + 1


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (lambda: survival_curve(ALONE, 54.0), "12.2 C"),
        (lambda: survival_curve(ALONE, -5.0), "-5.0 C"),
        (lambda: survival_curve(ALONE, math.inf), "inf C"),
        (lambda: survival_curve(ALONE, math.nan), "nan C"),
        (lambda: survival_curve(ALONE, (14.0, 12.0)), "14.0 to 12.0 C"),
        (lambda: survival_curve([], 12.0), "0 given"),
        (lambda: alive_probability(survival_curve(ALONE, 12.0), np.array([1.0, -3600.0])), "-3600 s"),
        (lambda: alive_probability(survival_curve(ALONE, 12.0), np.array([1.0, math.nan])), "nan s"),
        (lambda: expected_survivors(survival_curve(ALONE, 12.0), (7200.0, 3600.0)), "2.0 to 1.0 h"),
        (lambda: expected_survivors(survival_curve(ALONE, 12.0), math.inf), "inf s"),
        (lambda: Immersion(place="in_the_sea"), "in_the_sea"),
        (lambda: Immersion(lifejacket="red"), "red"),
        (lambda: Immersion(clothing="wet"), "wet"),
        (lambda: Immersion(children=8), "8"),
        (lambda: Immersion(children=math.nan), "nan"),
        (lambda: Immersion(persons=(0, 5)), "0 to 5"),
        (lambda: Immersion(persons=(9, 5)), "9 to 5"),
        (lambda: survival_table().with_factor("state", "dry", multiplier=1, spread=0, source="x"), "state dry"),
        (lambda: survival_table().with_factor("person", "child", multiplier=0, spread=0, source="x"), "factor 0"),
        (lambda: survival_table().with_factor("person", "child", multiplier=1, spread=0, source=" "), "no source"),
        (lambda: survival_table([{"kind": "person", "key": "adult", "multiplier": "1", "spread_ln": "0",
                                  "longest_h": "", "source": "x"}]), "state in_water"),
        (lambda: survival_table(unknown=[{"fact": "panic", "value": "yes", "weight": "0.7"}]), "0.7"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_its_value(make, shown):
    """The message shows what was given and says what to do, in both languages."""
    with pytest.raises(CordialeError) as caught:
        make()
    assert shown in str(caught.value)
    assert "hint:" in str(caught.value)
    assert caught.value.text("fr")


def test_fahrenheit_is_recognised():
    """54 is no water temperature in C; the hint reads it as Fahrenheit."""
    with pytest.raises(CordialeError, match=r"it is 12\.2 C"):
        survival_curve(ALONE, 54.0)


def test_every_row_of_the_tables_has_a_source_and_judgements_say_so():
    """Nothing is without a source; what is neither published nor fitted to the one night says judgement."""
    table = survival_table()
    for (kind, key), factor in table.factors.items():
        assert len(factor.source) > 5, f"{kind} {key}"
        published = ("UKNIIS", "JP 3-50", "fitted to")
        assert "judgement" in factor.source or any(name in factor.source for name in published), f"{kind} {key}"
    assert all(len(row.source) > 5 for row in table.parameters.values())


def test_knots_and_levels_are_in_order():
    """Time starts at entry and rises; the equally likely levels have the mean one half."""
    assert KNOTS[0] == 0
    assert np.all(np.diff(KNOTS) > 0)
    assert np.mean(LEVELS[3:]) == pytest.approx(0.5, abs=1e-12)
