"""The manual chain: datum, error, areas and POS step by step, and what it refuses."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from cordiale.boats.leeway import leeway_class
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import bearing, distance
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM, hours, knots
from cordiale.search.manual import (
    ManualDrift,
    SearchCraft,
    after_empty_search,
    explain,
    line_plan,
    manual_plan,
)
from cordiale.search.manual_factor import PER_SIGMA, contained_by_divergence, contained_by_line, optimal_search_factor

LKP = Position(lat=51.1417, lon=1.7417)
DRIFT = ManualDrift(
    position=LKP,
    at=utc("2021-11-24 02:01"),
    until=utc("2021-11-24 05:01"),
    leeway=leeway_class("piw_unknown"),
    initial_error=0.5 * NM,
)
HELICOPTER = SearchCraft(name="helicopter", sweep_width=0.5 * NM, speed=70 * knots, endurance=1.0 * hours)
LIFEBOAT = SearchCraft(name="lifeboat", sweep_width=0.4 * NM, speed=15 * knots, endurance=4.0 * hours)
# Wide apart: an object with strong crosswind lines in a gale for a day.
FAR = replace(
    DRIFT, leeway=leeway_class("sailboat"), until=DRIFT.at + 24 * hours, wind_east=20.0,
    current_error=0.05, leeway_error=0.05, wind_drift_error=0.05,
)  # fmt: skip


def test_the_current_alone_carries_the_datum():
    """One knot towards the east for three hours: 3 NM on 090, one datum, no leeway in a calm."""
    plan = manual_plan(replace(DRIFT, current_east=1 * knots), (HELICOPTER,))
    (datum,) = plan.datums
    assert float(distance(LKP.lat, LKP.lon, datum.lat, datum.lon)) / NM == pytest.approx(3.0, abs=1e-3)  # NM, ellipsoid
    assert float(bearing(LKP.lat, LKP.lon, datum.lat, datum.lon)) == pytest.approx(90.0, abs=0.05)
    assert plan.apart == 0


def test_the_datums_lie_downwind_by_the_published_lines_to_either_side():
    """10 m/s towards the north for an hour: 0.096 m/s down, 0.054 m/s across, left to the west, right to the east."""
    hour = replace(DRIFT, until=DRIFT.at + hours, wind_north=10.0)
    left, right = manual_plan(hour, (HELICOPTER,)).datums
    for datum, side in ((left, -1), (right, 1)):
        east = float(distance(datum.lat, LKP.lon, datum.lat, datum.lon)) * (1 if datum.lon > LKP.lon else -1)
        north = float(distance(LKP.lat, datum.lon, datum.lat, datum.lon))
        assert east == pytest.approx(side * 0.054 * 3600, rel=1e-3)  # m, piw_unknown: 0.54 % of wind
        assert north == pytest.approx(0.096 * 3600, rel=1e-3)  # m, 0.96 %


def test_errors_add_as_squares():
    """DVe of three times 0.3 kn is 0.52 kn; after 3 h De = 1.56 NM; with X 0.5 and Y 0.1 NM E is 1.64 NM."""
    plan = manual_plan(DRIFT, (HELICOPTER,))
    de = 0.3 * math.sqrt(3) * 3
    assert plan.error / NM == pytest.approx(math.sqrt(0.5**2 + de**2 + 0.1**2), rel=1e-9)
    assert round(plan.error / NM, 2) == 1.64


def test_the_chain_of_a_single_datum_is_consistent():
    """Z, Zr, fs, R, A, C, S, POC, POD and POS follow from each other, for two craft together."""
    plan = manual_plan(DRIFT, (HELICOPTER, LIFEBOAT))
    effort = 0.85 * (0.5 * 70 * 1 + 0.4 * 15 * 4) * NM**2
    assert plan.relative_effort == pytest.approx(effort / plan.error**2)
    best = optimal_search_factor(plan.relative_effort, "normal")
    assert plan.radius == pytest.approx(best.factor * plan.error)
    assert plan.areas == pytest.approx((4 * plan.radius**2,))
    assert plan.best.coverage == pytest.approx(effort / plan.areas[0])
    assert plan.best.coverage == pytest.approx(best.coverage)
    assert plan.pos == pytest.approx(best.pos)
    assert plan.best.pod == pytest.approx(1 - math.exp(-plan.best.coverage))
    for craft, (name, spacing) in zip((HELICOPTER, LIFEBOAT), plan.spacings, strict=True):
        assert name == craft.name
        assert spacing == pytest.approx(craft.sweep_width / plan.best.coverage)


def test_near_datums_share_one_rectangle_and_far_ones_have_a_square_each():
    """Separation ratio below 4: A = 4 R^2 + 2 R DD. From 4: two squares with half of the effort each."""
    near = manual_plan(replace(DRIFT, wind_north=10.0), (HELICOPTER,))
    assert 0 < near.apart / near.error < 4
    assert near.areas == pytest.approx((4 * near.radius**2 + 2 * near.radius * near.apart,))
    far = manual_plan(FAR, (HELICOPTER, LIFEBOAT))
    assert far.apart / far.error >= 4
    assert len(far.areas) == 2
    assert far.relative_effort == pytest.approx(sum(c.effort for c in (HELICOPTER, LIFEBOAT)) / 2 / far.error**2)
    assert far.best.coverage == pytest.approx(optimal_search_factor(far.relative_effort, "normal").coverage)
    assert str(far).startswith("two areas")
    assert str(near).startswith("one area")


def test_containment_of_two_datums_and_of_a_line_is_that_of_draws():
    """200,000 draws about two datums, and along a line, land in the rectangle as often as the formulas say."""
    chance = np.random.default_rng(1)
    error, apart, radius, count = 1000.0, 2500.0, 1300.0, 200_000
    across = chance.normal(0, error / PER_SIGMA, count)
    for centre, told, beyond in (
        (chance.integers(0, 2, count) * apart, contained_by_divergence(radius, error, apart), radius),
        (chance.random(count) * apart, contained_by_line(radius, error, apart + 2 * error), error),
    ):
        along = centre + chance.normal(0, error / PER_SIGMA, count)
        inside = (np.abs(across) <= radius) & (along >= -beyond) & (along <= apart + beyond)
        assert inside.mean() == pytest.approx(told, abs=4 * math.sqrt(0.25 / count))  # four standard errors


def test_a_datum_line_has_its_length_with_an_error_at_each_end():
    """L = DD + 2 E, A = 2 R L, C = Z / A."""
    end = Position(lat=51.1417, lon=2.0)
    plan = line_plan((LKP, end), 1.5 * NM, (HELICOPTER, LIFEBOAT), curve="ideal")
    length = float(distance(LKP.lat, LKP.lon, end.lat, end.lon)) + 3 * NM
    assert plan.areas == pytest.approx((2 * plan.radius * length,))
    effort = HELICOPTER.effort + LIFEBOAT.effort
    assert plan.best.coverage == pytest.approx(effort / plan.areas[0])
    assert 0 < plan.pos < plan.poc < 1


def test_an_empty_search_lowers_the_chance_of_its_area():
    """POC 0.6 searched with POD 0.5: 0.3 of 0.7 is left there; searched for certain: nothing."""
    assert after_empty_search(0.6, 0.5) == pytest.approx(0.3 / 0.7)
    assert after_empty_search(0.6, 1.0) == 0
    assert after_empty_search(1.0, 1.0) == 0
    assert after_empty_search(0.6, 0.0) == pytest.approx(0.6)


def test_the_chain_is_explained_step_by_step_in_both_languages():
    """Every symbol in the order of the manual, with its value; the same numbers in both, a decimal comma in French."""
    plan = manual_plan(replace(DRIFT, wind_north=10.0), (HELICOPTER, LIFEBOAT))
    english, french = explain(plan), explain(plan, "fr")
    symbols = [line.split(" ")[0] for line in english.splitlines()]
    datum, error = "LKP t TWC LW D1 D2".split(), "DVe De X Y E DD SR".split()
    assert symbols == [*datum, *error, *"Z1 Z2 Z Zr fs R A1 C S1 S2 POC POD POS".split()]
    assert "total probable error" in english
    assert "erreur totale probable" in french
    assert f"E = sqrt(X^2 + De^2 + Y^2) = {plan.error / NM:.2f} NM" in english
    digits = [re.findall(r"[0-9]+", text.replace(",", ".").replace("0.85", "")) for text in (english, french)]
    assert digits[0] == digits[1]
    assert "1,64 NM" in french
    far = explain(manual_plan(FAR, (HELICOPTER,)), "fr")
    assert "deux zones" in far
    assert "A2 = 4 R^2" in far


@pytest.mark.parametrize(
    "make",
    [
        lambda: replace(DRIFT, until=DRIFT.at - 1),
        lambda: replace(DRIFT, initial_error=-1.0),
        lambda: replace(DRIFT, current_error=math.nan),
        lambda: SearchCraft(name="x", sweep_width=0.0, speed=1.0, endurance=1.0),
        lambda: manual_plan(DRIFT, ()),
        lambda: manual_plan(replace(DRIFT, until=DRIFT.at, initial_error=0.0, searcher_error=0.0), (HELICOPTER,)),
        lambda: line_plan((LKP, LKP), 0.0, (HELICOPTER,)),
        lambda: after_empty_search(1.2, 0.5),
        lambda: optimal_search_factor(0.0, "ideal"),
        lambda: optimal_search_factor(math.nan, "ideal"),
    ],
)
def test_impossible_input_is_refused_with_a_hint(make):
    """Each error says what to do."""
    with pytest.raises(CordialeError, match="hint: "):
        make()
