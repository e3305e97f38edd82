"""Survival in the water against published numbers, and against the one night one factor was fitted to."""

import math
from dataclasses import replace

import numpy as np
import pytest

from cordiale.boats.survival import alive_probability, survival_curve
from cordiale.boats.survival_count import expected_survivors
from cordiale.boats.survival_horizon import last_reasonable_time
from cordiale.boats.survival_published import (
    golden,
    hayward,
    published_curves,
    published_points,
    survey_median,
    xu_giesbrecht,
)
from cordiale.boats.survival_table import Immersion, survival_table
from cordiale.earth.units import hours, minutes

# Water in C; hours: survey median without buoyancy aid, Golden with lifejacket, Hayward 1975, Xu and Giesbrecht 2018.
TABLE = """
5   3.6  1.0  2.20   5.3
8   4.7  1.6  2.59   8.9
10  5.7  2.0  2.95  11.9
11  6.2  2.8  3.17  13.5
12  6.8  3.6  3.43  15.3
13  7.5  4.4  3.75  17.2
14  8.2  5.2  4.13  19.1
15  9.0  6.0  4.61  21.2
16  9.9  6.8  5.23  23.4
18 11.8  8.4  7.19  28.2
"""
ROWS = [tuple(float(x) for x in line.split()) for line in TABLE.split("\n") if line]
# The night of 24 November 2021: 33 people, 8 of them children, lifejackets reported as stuffed with cotton.
NIGHT = Immersion(
    place="in_water", lifejacket="ineffective", panic=True, clothing="normal", injured=False, children=8 / 33,
    persons=(33, 33),
)  # fmt: skip
DAWN, FOUND = 4.2 * hours, 9.8 * hours


def law(median_h: float, sigma: float):
    """The curve of people whose median time (h) and spread are known exactly and of whom nobody dies early."""
    factor = median_h / 3.6 * math.exp(-0.0916 * (12.5 - 5))
    table = survival_table().with_factor("state", "in_water", multiplier=factor, spread=0.0, source="a test")
    person = replace(table.parameters["person_spread"], value=sigma, low=sigma, high=sigma)
    early = replace(table.parameters["early_death"], low=0.0, high=0.0)
    table = replace(table, parameters={**table.parameters, "person_spread": person, "early_death": early})
    who = Immersion(
        place="in_water", lifejacket="none", panic=False, sudden=False, clothing="normal", injured=False, children=0
    )
    return survival_curve(who, 12.5, table=table)


@pytest.mark.parametrize(("water", "survey", "clothed", "held", "longest"), ROWS)
def test_the_four_curves_give_their_published_values(water, survey, clothed, held, longest):
    """UKNIIS 2006, Golden 1996 in TP 13822, Hayward 1975, Xu and Giesbrecht 2018 at ten temperatures."""
    assert survey_median(water) / hours == pytest.approx(survey, abs=0.06)  # h: rounding of the table
    assert golden(water) / hours == pytest.approx(clothed, abs=1e-9)  # h: straight lines
    assert hayward(water) / hours == pytest.approx(held, abs=0.006)  # h: rounding
    assert xu_giesbrecht(water) / hours == pytest.approx(longest, abs=0.06)  # h: rounding


@pytest.mark.parametrize(("water", "median"), [(5, 3.6), (10, 5.7), (15, 9.0)])
def test_the_estimator_with_factor_one_has_the_median_of_the_survey(water, median):
    """UKNIIS 2006 table 4: half of those without a buoyancy aid live 3.6, 5.7 and 9.0 h at 5, 10 and 15 C."""
    table = survival_table().with_factor("state", "in_water", multiplier=1.0, spread=0.0, source="UKNIIS 2006")
    early = replace(table.parameters["early_death"], low=0.0, high=0.0)
    table = replace(table, parameters={**table.parameters, "early_death": early})
    who = Immersion(
        place="in_water", lifejacket="none", panic=False, sudden=False, clothing="normal", injured=False, children=0
    )
    alive = alive_probability(survival_curve(who, float(water), table=table), np.array([median]) * hours)
    assert alive == pytest.approx(0.5, abs=0.005)  # 1: the fit misses 5.7 h by 0.2 %


@pytest.mark.parametrize(("water", "minutes_"), [(0, 106.7), (20, 700.7)])
def test_hayward_at_the_ends_of_its_range(water, minutes_):
    """15 + 7.2 / (0.0785 - 0.0034 T) min: 107 min at 0 C, 11.7 h at 20 C, and silent near its singularity at 23.1 C."""
    assert hayward(water) / minutes == pytest.approx(minutes_, abs=0.05)  # min: rounding
    assert math.isnan(hayward(20.1))
    assert math.isnan(hayward(23.1))
    assert math.isnan(hayward(-0.1))


@pytest.mark.parametrize(
    ("curve", "water", "shortest", "longest"),
    [
        ("guidance", 2, 0.5, 1.5),
        ("guidance", 7, 1, 3),
        ("guidance", 12.5, 1, 6),
        ("guidance", 18, 2, 40),
        ("guidance", 24, 3, math.inf),
        ("guidance_exhaustion", 12.5, 1, 2),
        ("guidance_exhaustion", 24, 3, 12),
        ("fm_21_76", 18, 12, 12),
        ("fm_21_76", 12, 6, 6),
        ("fm_21_76", 7, 1, 1),
        ("ukniis_lifejacket", 12, 24, math.inf),
        ("imo_lifejacket", 10, 0.8, 0.8),
        ("imo_suit_insulated", 0, 6, 6),
        ("imo_suit_insulated", 10, 12, math.inf),
    ],
)
def test_published_tables_stand_beside_ours(curve, water, shortest, longest):
    """Guidance table, FM 21-76, IMO and the lifejackets of the survey, as published."""
    row = next(point for point in published_curves(water) if point.curve == curve)
    assert row.shortest / hours == pytest.approx(shortest)
    assert row.longest / hours == pytest.approx(longest)
    assert row.source


def test_the_sources_disagree_by_more_than_a_factor_of_two():
    """At 13 C a lifejacket wearer lives 4.4 h (Golden), more than 24 h (UKNIIS), 3.75 h (Hayward): never one number."""
    found = {point.curve: point.shortest / hours for point in published_curves(13.0)}
    assert found["ukniis_lifejacket"] / found["golden_1996"] > 5
    assert len(found) >= 8


def test_every_published_row_has_a_source():
    """Single facts, each with the place it comes from."""
    assert all(len(point.source) > 10 and point.shortest <= point.longest for point in published_points())


@pytest.mark.parametrize(
    ("alive", "dawn", "sigma", "median", "two", "six"),
    [(8, 0.24, 0.99, 2.1, 0.52, 0.15), (10, 0.30, 0.81, 2.8, 0.66, 0.17), (15, 0.45, 0.59, 4.0, 0.88, 0.24)],
)
def test_lognormal_laws_through_dawn_and_the_find(alive, dawn, sigma, median, two, six):
    """Through S at dawn (03:12 to 07:26) and S(9.8 h) = 2/33: the tabled laws worked out again, our curve on them."""
    z = _quantile(1 - alive / 33), _quantile(1 - 2 / 33)
    sunrise = 4 + 14 / 60
    spread = math.log(9.8 / sunrise) / (z[1] - z[0])
    middle = sunrise * math.exp(-spread * z[0])
    assert alive / 33 == pytest.approx(dawn, abs=0.006)
    assert spread == pytest.approx(sigma, abs=0.011)  # 1: rounding of the table
    assert middle == pytest.approx(median, abs=0.06)  # h: rounding
    curve = law(middle, spread)
    s = alive_probability(curve, np.array([2.0, sunrise, 6.0, 9.8]) * hours)
    assert s == pytest.approx([two, alive / 33, six, 2 / 33], abs=0.011)  # 1: rounding of the table


def _quantile(p: float) -> float:
    """Standard normal quantile by bisection of the error function."""
    low, high = -6.0, 6.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if 0.5 * math.erfc(-middle / math.sqrt(2)) < p else (low, middle)
    return low


def test_24_november_is_a_fit_check_and_no_validation():
    """The factor of people in panic was fitted to this night: 8 to 15 alive at dawn, 2 found alive. No validation."""
    curve = survival_curve(NIGHT, (12.0, 13.0))
    dawn, found = expected_survivors(curve, DAWN), expected_survivors(curve, FOUND)
    assert 8 <= dawn.expected <= 15
    assert dawn.low <= 8
    assert dawn.high >= 15
    assert 1 <= found.expected <= 4
    assert found.low <= 2 <= found.high
    majority = expected_survivors(curve, 12 * minutes)
    assert majority.low > 16  # Tipton: the majority alive at 03:24
    assert expected_survivors(curve, 2.6 * hours).expected > 5  # 05:50, when the search was to end


def test_the_search_of_24_november_could_not_be_ended_by_survival():
    """At 05:55 (2.7 h), at dawn and at the find (9.8 h) the last reasonable time lay ahead, whatever the water."""
    for water in (11.0, 12.5, 14.0):
        assert last_reasonable_time(survival_curve(NIGHT, water)).time > FOUND


@pytest.mark.parametrize("multiplier", [0.05, 2.2])
def test_43_hours_on_a_hull_were_survived(multiplier):
    """Gulf of Mexico 2009: 43 h with a lifejacket on a capsized hull in 17.2 C; Xu and Giesbrecht alone say 26 h."""
    table = survival_table().with_factor(
        "state", "holding_on_lifejacket", multiplier=multiplier, spread=0.1, source="a test"
    )
    who = Immersion(place="holding_on", lifejacket="effective", persons=(4, 4), children=0)
    assert xu_giesbrecht(17.2) < 27 * hours
    assert last_reasonable_time(survival_curve(who, 17.2, table=table)).time > 46 * hours


def test_ten_hours_in_17_degrees_were_survived_by_two_of_three():
    """Catamaran off Bermuda, 2007: two of three alive after 10 h in 63 F, the third dead after 7 h; inside our band."""
    who = Immersion(place="in_water", panic=False, persons=(3, 3), children=0)
    alive = expected_survivors(survival_curve(who, 17.2), 10 * hours)
    assert alive.low <= 2 <= alive.high


def test_curled_up_with_a_lifejacket_in_nine_degrees():
    """US Coast Pilot: 4 h in 48 F in the huddle or curled up, from 500 immersions: inside our band of medians."""
    who = Immersion(
        place="in_water", lifejacket="effective", sudden=False, clothing="normal", injured=False, children=0
    )
    low, _, high = survival_curve(who, 8.9).band(4 * hours)
    assert low < 0.55
    assert high > 0.5
