"""Lateral range curves, POD and sweep widths against published and closed-form figures."""

import csv
import math
from importlib.resources import files

import numpy as np
import pytest

from cordiale.earth.units import NM, km, knots
from cordiale.sensors.lateral_range import (
    DefiniteRange,
    InverseCube,
    Logistic,
    MBeta,
    parallel_pod,
    swept,
    two_figures,
)
from cordiale.sensors.pod import coverage_for, pod_danish, pod_definite, pod_inverse_cube, pod_random
from cordiale.sensors.sensor import Conditions, Lookout, camera_figures, camera_swath, packaged_instrument
from cordiale.sensors.sweep_width import channel_inflatable, sweep_width
from cordiale.sensors.tables import FEET, packaged_tables

# POD by coverage: definite range, inverse cube, exponential, Danish fit; four decimals. C = 1 has the standard 0.79 of
# the ideal and 0.63 of the normal curve.
PODS = """
0.1 0.1000 0.0997 0.0952 0.0617
0.2 0.2000 0.1979 0.1813 0.1547
0.25 0.2500 0.2460 0.2212 0.2053
0.3 0.3000 0.2931 0.2592 0.2566
0.4 0.4000 0.3839 0.3297 0.3583
0.5 0.5000 0.4691 0.3935 0.4546
0.6 0.6000 0.5479 0.4512 0.5428
0.7 0.7000 0.6197 0.5034 0.6213
0.75 0.7500 0.6528 0.5276 0.6568
0.8 0.8000 0.6840 0.5507 0.6899
0.9 0.9000 0.7407 0.5934 0.7486
1.0 1.0000 0.7899 0.6321 0.7981
1.1 1.0000 0.8320 0.6671 0.8393
1.2 1.0000 0.8674 0.6988 0.8732
1.25 1.0000 0.8828 0.7135 0.8877
1.3 1.0000 0.8968 0.7275 0.9008
1.4 1.0000 0.9207 0.7534 0.9229
1.5 1.0000 0.9399 0.7769 0.9405
1.6 1.0000 0.9551 0.7981 0.9545
1.7 1.0000 0.9669 0.8173 0.9654
1.8 1.0000 0.9759 0.8347 0.9738
1.9 1.0000 0.9827 0.8504 0.9804
2.0 1.0000 0.9878 0.8647 0.9853
"""

# Uncorrected widths in NM at 1, 3, 5, 10, 15, 20 and 30 NM, COMDTINST M16130.2F; object, platform, height in ft.
WIDTHS = """
piw fixed_wing 500 0 0.1 0.1 0.1 0.1 0.1 0.1
piw fixed_wing 1500 0 0 0 0 0 0.1 0.1
raft4 fixed_wing 300 0.4 0.9 1.3 1.7 2 2.2 2.2
raft10 fixed_wing 1000 0.4 1.3 1.8 2.6 3 3.3 3.3
raft25 fixed_wing 1500 0.4 1.6 2.4 3.6 4.3 4.8 5.6
raft25 fixed_wing 3000 0.1 1.5 2.4 3.7 4.5 5.1 5.8
power15 fixed_wing 500 0.4 0.9 1.2 1.5 1.7 1.8 1.8
power20 fixed_wing 1500 0.4 1.7 2.5 3.7 4.5 5.1 5.1
power33 fixed_wing 1000 0.5 2.2 3.4 5.4 6.8 7.8 9.3
piw helicopter 1500 0 0 0 0.1 0.1 0.1 0.1
raft4 helicopter 500 0.5 1.2 1.6 2.2 2.6 2.8 2.8
raft10 helicopter 300 0.6 1.5 2.1 3 3.6 3.9 3.9
raft25 helicopter 500 0.6 1.9 2.7 4.1 5 5.6 6.4
power15 helicopter 500 0.5 1.2 1.5 1.9 2.2 2.3 2.3
power20 helicopter 500 0.7 2 2.9 4.3 5.2 5.8 5.8
power33 helicopter 500 0.8 2.5 3.9 6.2 7.8 9 10.7
piw boat 8 0.2 0.2 0.3 0.3 0.3 0.3 0.3
piw boat 14 0.3 0.4 0.5 0.5 0.5 0.5 0.5
raft4 boat 14 1 2.2 3 4 4.6 5 5
raft10 boat 8 0.8 2 2.8 4 4.8 5.3 5.3
raft25 boat 14 1.2 3.1 4.3 6.4 7.8 8.7 8.7
power20 boat 8 0.8 1.5 2.2 3.3 4 4.5 4.5
power33 boat 14 1.1 2.5 3.8 6.1 7.7 8.8 8.8
"""

# Another print of the same base data: table 4-7 of SAR Denmark, small vessels (eye at 8 ft), at 1, 3, 5, 10, 15, 20 NM.
DENMARK = """
piw 0.2 0.2 0.3 0.3 0.3 0.3
raft1 0.7 1.3 1.7 2.3 2.6 2.7
raft4 0.7 1.7 2.2 3.1 3.5 3.9
raft6 0.8 1.9 2.6 3.6 4.3 4.7
raft8 0.8 2.0 2.7 3.8 4.4 4.9
raft10 0.8 2.0 2.8 4.0 4.8 5.3
raft15 0.9 2.2 3.0 4.3 5.1 5.7
raft20 0.9 2.3 3.3 4.9 5.8 6.5
raft25 0.9 2.4 3.5 5.2 6.3 7.0
power15 0.4 0.8 1.1 1.5 1.6 1.8
power20 0.8 1.5 2.2 3.3 4.0 4.5
power33 0.8 1.9 2.9 4.7 5.9 6.8
power53 0.9 2.4 3.9 7.0 9.3 11.1
"""

# NatSAR 2023 table D-5:5, NM at 5, 10, 20, 30 and 40 km from the bridge of a merchant ship.
BRIDGE = """
piw 0.4 0.5 0.6 0.7 0.7
raft4 2.3 3.2 4.2 4.9 5.5
raft25 2.7 4.2 5.2 6.5 7.5
boat_lt7m 2.0 2.9 4.3 5.2 5.8
boat_lt12m 2.8 4.5 7.6 9.4 11.6
"""


def lines(text: str) -> list[list[str]]:
    """The words of each line of a table above."""
    return [line.split() for line in text.strip().splitlines()]


FINE = Conditions(visibility=5 * NM, wind=5 * knots)
HELICOPTER = Lookout(platform="helicopter", height=500 * FEET)


@pytest.mark.parametrize("row", lines(PODS), ids=lambda row: row[0])
def test_pod_by_coverage_has_the_printed_digits(row):
    """Four laws at 23 coverages, to the fourth decimal."""
    c, definite, cube, random, danish = (float(word) for word in row)
    for law, printed in (
        (pod_definite, definite),
        (pod_inverse_cube, cube),
        (pod_random, random),
        (pod_danish, danish),
    ):
        assert round(float(law(c)), 4) == printed


def test_the_closed_forms_have_six_digits():
    """Inverse cube 0.469116, 0.789909, 0.987811 and exponential 0.393469, 0.632121, 0.864665 at C = 0.5, 1 and 2."""
    assert pod_inverse_cube(np.array([0.5, 1, 2])) == pytest.approx([0.469116, 0.789909, 0.987811], abs=5e-7)
    assert pod_random(np.array([0.5, 1, 2])) == pytest.approx([0.393469, 0.632121, 0.864665], abs=5e-7)


@pytest.mark.parametrize("coverage", [0.25, 0.5, 1.0, 2.0])
def test_parallel_tracks_by_integration_give_the_published_curve(coverage):
    """The inverse-cube curve, integrated over endless tracks, is erf(C sqrt(pi) / 2); definite range is min(1, C)."""
    spacing = 2000.0 / coverage
    assert parallel_pod(InverseCube(2000.0), spacing) == pytest.approx(
        math.erf(coverage * math.sqrt(math.pi) / 2), abs=1e-9
    )
    assert parallel_pod(DefiniteRange(2000.0), spacing) == pytest.approx(min(1.0, coverage), abs=1e-12)


def test_sweep_width_by_integration_is_the_closed_form():
    """Logistic level 2, fall 1 /NM: 2 ln(1 + e^2) = 4.253856 NM; M-beta 2 M beta; inverse cube its own W."""
    assert swept(Logistic(2.0, 1 / NM)) / NM == pytest.approx(4.253856, abs=5e-7)  # NM
    assert swept(MBeta(600.0, 0.7)) == pytest.approx(840.0, rel=1e-12)
    assert swept(InverseCube(1234.0)) == pytest.approx(1234.0, rel=1e-9)
    assert swept(DefiniteRange(1234.0)) == pytest.approx(1234.0, rel=1e-12)


def test_m_beta_tracks_overlap_as_in_the_closed_form():
    """Up to S = 2 M the POD is beta 2 M / S; closer, the mean of 1 - (1 - beta)^k over the overlaps."""
    curve = MBeta(600.0, 0.7)
    assert parallel_pod(curve, 3000.0) == pytest.approx(0.28, abs=1e-12)
    assert parallel_pod(curve, 1000.0) == pytest.approx(0.8 * 0.7 + 0.2 * (1 - 0.3**2), abs=1e-12)
    assert parallel_pod(curve, 600.0) == pytest.approx(1 - 0.3**2, abs=1e-12)


@pytest.mark.parametrize("row", lines(WIDTHS), ids="-".join)
def test_uncorrected_widths_have_the_printed_digits(row):
    """A published row comes out of the whole reckoning unchanged in fine weather by day."""
    name, platform, height, *widths = row
    for visibility, width in zip((1, 3, 5, 10, 15, 20, 30), widths, strict=True):
        seen = sweep_width(
            Lookout(platform=platform, height=float(height) * FEET),
            name,
            Conditions(visibility=visibility * NM, wind=5 * knots),
        )
        assert seen.mean / NM == pytest.approx(float(width), abs=1e-9)  # NM


@pytest.mark.parametrize("row", lines(DENMARK), ids=lambda row: row[0])
def test_the_danish_table_has_the_same_widths_from_small_vessels(row):
    """A second print, read independently: 78 values from an eye height of 8 ft."""
    table = packaged_tables().widths[row[0], "boat"]
    for visibility, width in zip((1, 3, 5, 10, 15, 20), row[1:], strict=True):
        assert table.at(8 * FEET, visibility * NM) / NM == pytest.approx(float(width), abs=1e-9)  # NM


def test_the_australian_table_has_the_same_widths_for_a_raft_of_six():
    """NatSAR 2023, aeroplane at 500 ft, re-binned to 2, 5, 10, 20, 30 and 40 km: the columns 1 to 20 NM of ours."""
    table = packaged_tables().widths["raft6", "fixed_wing"]
    widths = [table.at(500 * FEET, v * NM) / NM for v in (1, 3, 5, 10, 15, 20)]
    assert widths == pytest.approx([0.4, 1.1, 1.5, 2.2, 2.5, 2.8], abs=1e-9)  # NM


@pytest.mark.parametrize("row", lines(BRIDGE), ids=lambda row: row[0])
def test_widths_from_the_bridge_have_the_printed_digits(row):
    """The table of merchant ships, visibility in km."""
    table = packaged_tables().widths[row[0], "bridge"]
    for visibility, width in zip((5, 10, 20, 30, 40), row[1:], strict=True):
        assert table.at(0.0, visibility * km) / NM == pytest.approx(float(width), abs=1e-9)  # NM


def test_every_row_of_every_table_has_a_source_and_the_table_is_whole():
    """25 objects from 8 + 8 heights and 2 eye heights; nothing without a source."""
    folder = files("cordiale.sensors") / "data"
    for path in (p for p in folder.iterdir() if p.name.endswith(".csv")):
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert all(row["source"].strip() for row in rows), path.name
    widths = packaged_tables().widths
    assert len({name for name, platform in widths if platform != "bridge"}) == 25
    assert sum(len(t.heights) for (_, platform), t in widths.items() if platform != "bridge") == 450


def test_rafts_and_boats_below_ten_metres_lose_three_quarters_above_25_knots():
    """A published planner gives them 0.9 of other objects, a sweep 3.6 times too wide; the tables say 0.25."""
    strong = Conditions(visibility=5 * NM, wind=26 * knots)
    small = ("piw", "raft1", "raft4", "raft6", "raft8", "raft10", "raft15", "raft20", "raft25", "power15", "power20")
    for name in (*small, "sail15", "sail20", "sail25"):
        fine, rough = sweep_width(HELICOPTER, name, FINE), sweep_width(HELICOPTER, name, strong)
        assert rough.mean == pytest.approx(0.25 * fine.mean)
    for name in ("power33", "power53", "sail30", "ship120"):
        fine, rough = sweep_width(HELICOPTER, name, FINE), sweep_width(HELICOPTER, name, strong)
        assert rough.mean == pytest.approx(0.9 * fine.mean)
    assert round(0.9 / 0.25, 6) == 3.6


def test_an_inflatable_of_unknown_length_is_on_both_sides_of_the_ten_metres():
    """7 to 12 m: 3 of 5 small; above 25 kn she has 0.25 or 0.9 or 0.5, never one number, and a bracket over all."""
    strong = Conditions(visibility=5 * NM, wind=26 * knots)
    unknown = sweep_width(HELICOPTER, "channel_inflatable", strong)
    small = sweep_width(HELICOPTER, channel_inflatable(length=(7.0, 9.0)), strong)
    large = sweep_width(HELICOPTER, channel_inflatable(length=(11.0, 12.0)), strong)
    assert small.mean < unknown.mean < large.mean
    assert unknown.low < 1.1 * small.low
    assert unknown.high > 0.85 * large.high
    assert unknown.mean == pytest.approx(0.6 * small.mean + 0.4 * large.mean)
    assert [part.weight for part in unknown.parts] == pytest.approx([0.6, 0.2, 0.2])


def test_the_bracket_of_an_inflatable_is_that_of_raft_and_motor_boats():
    """From a helicopter at 500 ft, 5 NM visibility: 2.7 (raft of 25) to 3.9 NM (boat of 33 ft) as 10 and 90 %."""
    seen = sweep_width(HELICOPTER, "channel_inflatable", FINE)
    assert seen.low / NM == pytest.approx(2.7, abs=1e-6)  # NM
    assert seen.high / NM == pytest.approx(3.9, abs=1e-6)
    assert seen.quantile(0.5) / NM == pytest.approx(math.sqrt(2.7 * 3.9), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "platform", "speed", "factor"),
    [
        ("piw", "fixed_wing", 150, 1.2),
        ("piw", "helicopter", 60, 1.5),
        ("piw", "helicopter", 140, 0.7),
        ("raft4", "helicopter", 60, 1.3),
        ("raft25", "helicopter", 60, 1.2),
        ("power20", "fixed_wing", 210, 0.9),
        ("power33", "helicopter", 60, 1.1),
        ("power33", "helicopter", 120, 0.9),
        ("power53", "fixed_wing", 150, 1.1),
    ],
)
def test_speed_factors_are_the_published_ones(name, platform, speed, factor):
    """By object and aircraft, COMDTINST M16130.2F; 10 NM visibility at 300 ft, so that no width is 0."""
    clear = Conditions(visibility=10 * NM, wind=5 * knots)
    still = sweep_width(Lookout(platform=platform, height=300 * FEET), name, clear)
    fast = sweep_width(Lookout(platform=platform, height=300 * FEET, speed=speed * knots), name, clear)
    assert fast.mean / still.mean == pytest.approx(factor)


def test_night_fatigue_and_flotation_have_their_published_factors():
    """22 of 64 m by night, 68 with infrared; 0.9 fatigued; 4 in a flotation device up to 500 ft."""
    night = Conditions(visibility=5 * NM, wind=5 * knots, light="night")
    by_day = sweep_width(HELICOPTER, "raft4", FINE).mean
    assert sweep_width(HELICOPTER, "raft4", night).mean / by_day == pytest.approx(0.34)
    assert round(22 / 64, 2) == 0.34  # the metres of the trial
    aided = Lookout(platform="helicopter", height=500 * FEET, infrared=True)
    assert sweep_width(aided, "raft4", night).mean / by_day == pytest.approx(1.06)
    tired = Lookout(platform="helicopter", height=500 * FEET, fatigued=True)
    assert sweep_width(tired, "raft4", FINE).mean / by_day == pytest.approx(0.9)
    assert sweep_width(HELICOPTER, "piw_lifejacket", FINE).mean / NM == pytest.approx(0.4)
    higher = Lookout(platform="helicopter", height=750 * FEET)
    assert sweep_width(higher, "piw_lifejacket", FINE).mean / NM == pytest.approx(0.1)


def test_a_radar_with_two_figures_is_a_logistic_curve():
    """90 % at 5 NM, 50 % at 8: W = (2 / fall) ln(1 + e^level) = 16.0 NM; the rule of JP 3-50, twice the sure range,
    gives 10, inside the bracket.
    """
    curve = two_figures(range_90=5 * NM, range_50=8 * NM)
    assert curve.at(np.array([5 * NM, 8 * NM])) == pytest.approx([0.9, 0.5])
    assert swept(curve) / NM == pytest.approx(16.0078, abs=1e-4)  # NM
    seen = sweep_width(packaged_instrument("airborne_radar"), "channel_inflatable", FINE)
    assert seen.mean == pytest.approx(swept(curve))
    assert seen.low < 10 * NM < seen.high


def test_a_camera_straight_down_has_the_swath_of_its_field_of_view():
    """500 m up, 30 degrees, 1920 pixels: 268 m, 0.14 m a pixel; a 10 m boat has 71 pixels."""
    swath, pixel = camera_swath(height=500.0, field_of_view=30.0, pixels=1920)
    assert round(swath) == 268
    assert round(pixel, 2) == 0.14
    assert int(10 / pixel) == 71
    curve = camera_figures(field_of_view=30.0, pixels=1920, across=2.0, source="judgement").curve
    assert isinstance(curve, Logistic)
    half = curve.level / curve.fall
    assert half * math.radians(30) / 1920 == pytest.approx(1.0)  # m: two pixels across 2 m


def test_a_pod_of_79_percent_needs_coverage_one_on_the_ideal_curve():
    """The planning point of the lifeboats: 79 % at a spacing of one sweep width."""
    assert coverage_for(0.789909, "ideal") == pytest.approx(1.0, abs=1e-5)
    assert coverage_for(0.632121, "normal") == pytest.approx(1.0, abs=1e-5)
