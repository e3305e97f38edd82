"""The leeway table and the leeway of an object against the published figures."""

import csv
from collections import Counter
from importlib.resources import files

import numpy as np
import pytest

from cordiale.boats.leeway import JIBES, coefficients, leeway, leeway_class, leeway_table, wind_at_ten_metres
from cordiale.earth.units import hours, km

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
    "raft_deep_ballast": 32.7,
    "raft_shallow_ballast": 26.8,
    "skiff_aluminium": 38.57,
    "sailboat": 45.0,
    "container_20ft": 16.46,
    "oil_drum": 10.16,
}
# Nodes and weights of Gauss and Hermite: means over a standard normal residual without any draw.
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(80)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
EVERY = list(leeway_table())


def northerly_drift(key: str, side: int, wind: float) -> tuple[np.ndarray, np.ndarray]:
    """Crosswind (east, to the right) and downwind (north) leeway at the nodes of the residual, wind towards north."""
    sides = np.full(NODES.size, side)
    lines = coefficients((leeway_class(key),), np.zeros(NODES.size, dtype=np.int64), sides)
    return leeway(lines, sides, NODES, NODES, np.zeros(NODES.size), np.full(NODES.size, wind))


def mean_and_std(values: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation over the residual."""
    mean = float(WEIGHTS @ values)
    return mean, float(np.sqrt(WEIGHTS @ (values - mean) ** 2))


@pytest.mark.parametrize(("key", "cm_per_s"), AT_TEN.items())
def test_mean_downwind_leeway_at_ten_metres_a_second_is_the_published_line(key, cm_per_s):
    """The line a W + b gives the tabled speed at 10 m/s, without the rounding of any code."""
    line = leeway_class(key).downwind
    assert 100 * (line.slope * 10 + line.offset) == pytest.approx(cm_per_s, abs=0.011)  # cm/s, rounding of the table


@pytest.mark.parametrize("key", EVERY)
@pytest.mark.parametrize("side", [1, -1])
def test_residuals_at_ten_metres_a_second_have_the_published_standard_deviation(key, side):
    """S_yx downwind and crosswind at 10 m/s and means on the published lines, for every class and both sides."""
    item = leeway_class(key)
    across = item.right if side > 0 else item.left
    east, north = northerly_drift(key, side, 10.0)
    mean, std = mean_and_std(north)
    assert mean == pytest.approx(item.downwind.slope * 10 + item.downwind.offset, abs=1e-9)  # m/s, rounding
    assert std == pytest.approx(item.downwind.residual_std, rel=1e-4)  # the quadrature of the widest law
    mean, std = mean_and_std(east)
    assert mean == pytest.approx(across.slope * 10 + across.offset, abs=1e-9)
    assert std == pytest.approx(across.residual_std, abs=1e-9)


def test_the_residual_grows_with_the_wind_as_in_breivik_and_allen():
    """Half of it on the offset and half on the slope: 3/4 of S_yx at 5 m/s, 3/2 at 20 m/s."""
    for wind, part in ((5.0, 0.75), (20.0, 1.5)):
        east, north = northerly_drift("skiff_runabout", 1, wind)
        assert mean_and_std(north)[1] == pytest.approx(part * 0.022, rel=1e-6)  # m/s
        assert mean_and_std(east)[1] == pytest.approx(part * 0.022, rel=1e-6)


def test_the_right_side_of_an_asymmetric_class_drifts_to_the_right_of_downwind():
    """Survival suit: right line 1.36 % - 3.30 cm/s, left line -0.13 % - 2.65 cm/s; at 10 m/s +10.3 and -3.95 cm/s."""
    right, _ = northerly_drift("piw_survival_suit", 1, 10.0)
    left, _ = northerly_drift("piw_survival_suit", -1, 10.0)
    assert 100 * mean_and_std(right)[0] == pytest.approx(10.3, abs=1e-6)  # cm/s, rounding
    assert 100 * mean_and_std(left)[0] == pytest.approx(-3.95, abs=1e-6)


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
    assert mean_and_std(north)[0] * 24 * hours / km == pytest.approx(20.65, abs=0.01)  # km a day; 23.9 cm/s


def test_four_in_a_hundred_jibe_in_an_hour():
    """Breivik and Allen 2008: 4 % an hour."""
    assert 1 - np.exp(-JIBES * hours) == pytest.approx(0.04)


def test_every_row_of_the_table_names_its_source_and_entry():
    """A number without a source is a bug; a report by name, and the entry of the list."""
    with (files("cordiale.boats") / "data" / "leeway.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    reports = ("CG-D-", "ADA457525", "Breivik et al. 2011")
    for number, row in enumerate(rows, start=1):
        assert f"as entry {number} of " in row["source"]
        assert any(report in row["source"] for report in reports)


def test_all_85_classes_are_there_with_the_counts_of_the_published_list():
    """85 entries in four levels; 26 differ right from left, 37 have crosswind and 40 downwind offsets."""
    classes = list(leeway_table().values())
    assert [item.entry for item in classes] == list(range(1, 86))
    assert len({item.published for item in classes}) == 85
    assert {item.level for item in classes} == {0, 1, 2, 3}
    mirrored = [
        (x.right.slope, x.right.offset, x.right.residual_std) == (-x.left.slope, -x.left.offset, x.left.residual_std)
        for x in classes
    ]
    assert mirrored.count(False) == 26
    assert sum(x.right.offset != 0 or x.left.offset != 0 for x in classes) == 37
    assert sum(x.downwind.offset != 0 for x in classes) == 40


def test_the_families_of_the_published_list_have_their_numbers():
    """Published names by family: 6 persons in water, 13 + 6 + 5 life rafts, 4 skiffs, 9 sailing boats, and so on."""
    families = Counter(x.published.rstrip("0123456789b").rstrip("-") for x in leeway_table().values())
    assert families["PIW"] == 6
    assert [families[f"LIFE-RAFT-{ballast}"] for ballast in ("DB", "SB", "NB")] == [13, 6, 5]
    assert [families[name] for name in ("OVATEK-CRAFT", "PERSON-POWERED-VESSEL", "SKIFF")] == [6, 3, 4]
    assert [families[name] for name in ("FISHING-VESSEL", "SAILBOAT", "BAIT-BOX")] == [6, 9, 3]
    assert [families[name] for name in ("CONTAINER", "REFUGEE-RAFT", "MED-WASTE")] == [2, 2, 7]


def test_only_the_submarine_escape_raft_has_a_left_line_that_rises_with_the_wind():
    """Entry 24 holds the free regressions of Turner 2006, +0.1 % on the left; the row says so, and so does entry 25."""
    assert [key for key, item in leeway_table().items() if item.left.slope > 0] == ["raft_seie"]
    left, _ = northerly_drift("raft_seie", -1, 10.0)
    assert mean_and_std(left)[0] == pytest.approx(-0.052, abs=1e-9)  # m/s: to the left all the same, 0.1 % x 10 - 6.2
    assert "free regressions" in leeway_class("raft_seie").note
    assert "free regressions" in leeway_class("raft_seie_drogue").note


def test_swamping_takes_leeway_to_the_published_fraction_by_class():
    """Deep ballast 0.88 (capsized) and 0.99 of 3.52 %; shallow ballast 1.68 of 2.68 %; skiffs 1.65 of 3.15 %."""
    parts = {
        ("raft_deep_capsized", "raft_deep_ballast"): 0.250,
        ("raft_deep_swamped", "raft_deep_ballast"): 0.281,
        ("raft_shallow_capsized", "raft_shallow_ballast"): 0.627,
        ("skiff_swamped", "skiff_runabout"): 0.524,
    }
    for (after, before), part in parts.items():
        ratio = leeway_class(after).downwind.slope / leeway_class(before).downwind.slope
        assert ratio == pytest.approx(part, abs=5e-4)  # rounding of the table


def test_the_wind_of_a_mast_is_brought_down_to_ten_metres():
    """Power law with exponent 0.11 (Hsu, Meindl and Gilhousen 1994): 10 m/s at 40 m are 8.59 at 10 m, at 3 m 11.42."""
    assert wind_at_ten_metres(10.0, height=10.0) == 10.0
    assert wind_at_ten_metres(10.0, height=40.0) == pytest.approx(8.586, abs=1e-3)  # m/s
    assert wind_at_ten_metres(10.0, height=3.0) == pytest.approx(11.416, abs=1e-3)
