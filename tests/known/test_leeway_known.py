"""The leeway table and the leeway of an object against the published figures."""

import csv
from importlib.resources import files

import numpy as np
import pytest

from cordiale.boats.leeway import JIBES, coefficients, leeway, leeway_class, leeway_table
from cordiale.earth.units import hours, km

MANY = 200_000
# Mean downwind leeway in cm/s in a wind of 10 m/s, slope times 10 plus offset, as tabled for these entries of the list.
AT_TEN = {
    "piw_unknown": 9.6,
    "piw_vertical": 4.8,
    "piw_sitting": 12.02,
    "piw_survival_suit": 18.22,
    "piw_deceased": 21.37,
    "raft_no_ballast": 37.0,
    "raft_no_ballast_open": 63.31,
    "raft_no_ballast_open_drogue": 27.03,
    "raft_no_ballast_canopy": 33.9,
    "kayak": 22.72,
    "skiff_runabout": 31.5,
    "skiff_v_hull": 32.68,
    "skiff_swamped": 16.5,
    "sport_boat": 65.4,
    "refugee_raft": 23.9,
    "refugee_raft_sail": 60.83,
}


def northerly_drift(key: str, side: int, wind: float, count: int = MANY) -> tuple[np.ndarray, np.ndarray]:
    """Crosswind (east, to the right) and downwind (north) leeway of many objects in a wind towards north."""
    rng = np.random.default_rng(5)
    sides = np.full(count, side)
    lines = coefficients((leeway_class(key),), np.zeros(count, dtype=np.int64), sides)
    z = rng.standard_normal((2, count))
    return leeway(lines, sides, z[0], z[1], np.zeros(count), np.full(count, wind))


@pytest.mark.parametrize(("key", "cm_per_s"), AT_TEN.items())
def test_mean_downwind_leeway_at_ten_metres_a_second_is_the_published_line(key, cm_per_s):
    """The line a W + b gives the tabled speed at 10 m/s, without the rounding of any code."""
    line = leeway_class(key).downwind
    assert 100 * (line.slope * 10 + line.offset) == pytest.approx(cm_per_s, abs=0.011)  # cm/s, rounding of the table


@pytest.mark.parametrize("key", list(leeway_table()))
@pytest.mark.parametrize("side", [1, -1])
def test_residuals_at_ten_metres_a_second_have_the_published_standard_deviation(key, side):
    """S_yx downwind and crosswind at 10 m/s, for every class and both sides, with means on the published lines."""
    item = leeway_class(key)
    across = item.right if side > 0 else item.left
    east, north = northerly_drift(key, side, 10.0)
    heavy_tail = item.downwind.residual_std > item.downwind.slope * 10 + item.downwind.offset
    tolerance = 0.10 if heavy_tail else 0.02  # of S_yx: sampling error of 200,000 draws, larger for a skewed law
    assert north.std() == pytest.approx(item.downwind.residual_std, rel=tolerance)
    assert east.std() == pytest.approx(across.residual_std, rel=0.02)
    assert north.mean() == pytest.approx(item.downwind.slope * 10 + item.downwind.offset, abs=2e-3)  # m/s
    assert east.mean() == pytest.approx(across.slope * 10 + across.offset, abs=2e-3)  # m/s


def test_the_right_side_of_an_asymmetric_class_drifts_to_the_right_of_downwind():
    """Survival suit: right line 1.36 % - 3.30 cm/s, left line -0.13 % - 2.65 cm/s; at 10 m/s +10.3 and -3.95 cm/s."""
    right, _ = northerly_drift("piw_survival_suit", 1, 10.0)
    left, _ = northerly_drift("piw_survival_suit", -1, 10.0)
    assert 100 * right.mean() == pytest.approx(10.3, abs=0.05)  # cm/s, sampling error
    assert 100 * left.mean() == pytest.approx(-3.95, abs=0.05)


def test_a_jibe_changes_slope_offset_and_residual_of_the_v_hull_skiff():
    """Right 0.32 %, -2.93, 2.53; left -0.62 %, 1.03, 3.05: three numbers change, not only a sign."""
    item = leeway_class("skiff_v_hull")
    sides = np.array([1, -1])
    lines = coefficients((item,), np.zeros(2, dtype=np.int64), sides)
    assert lines.crosswind[:, 0] * 100 == pytest.approx([0.32, -2.93, 2.53])
    assert lines.crosswind[:, 1] * 100 == pytest.approx([-0.62, 1.03, 3.05])


def test_the_cuban_refugee_raft_drifts_about_twenty_kilometres_a_day_in_ten_metres_a_second():
    """The lower end of the published spread between stand-ins for a dinghy, 20 to 57 km a day."""
    _, north = northerly_drift("refugee_raft", 1, 10.0)
    assert north.mean() * 24 * hours / km == pytest.approx(20.65, abs=0.1)  # km a day; 23.9 cm/s


def test_four_in_a_hundred_jibe_in_an_hour():
    """Breivik and Allen 2008: 4 % an hour."""
    assert 1 - np.exp(-JIBES * hours) == pytest.approx(0.04)


def test_every_row_of_the_table_names_its_source_and_entry():
    """A number without a source is a bug."""
    with (files("cordiale.boats") / "data" / "leeway.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 16
    assert all("entry" in row["source"] and "CG-D" in row["source"] for row in rows)
