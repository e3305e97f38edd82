"""How well wind and visibility are known, and instruments by measured curves or by geometry."""

import csv
import math
import re
from importlib.resources import files

import numpy as np
import pytest

from cordiale.earth.units import NM, knots
from cordiale.sensors.lateral_range import Logistic, Tabulated, swept
from cordiale.sensors.sensor import Conditions, Lookout, camera_figures, stated_curve
from cordiale.sensors.sweep_width import sweep_width
from cordiale.sensors.tables import FEET

HELICOPTER = Lookout(platform="helicopter", height=500 * FEET)


def in_wind(speed, std=0.0, **more):
    """5 NM visibility, a wind of so many knots with its standard deviation."""
    return Conditions(visibility=5 * NM, wind=speed * knots, wind_std=std * knots, **more)


def test_a_doubtful_wind_mixes_the_bands_of_the_weather():
    """25 kn give or take 5: half of it 0.25, 0.4772 of it 0.5 and 0.0228 of it 1.0, for a raft."""
    seen = sweep_width(HELICOPTER, "raft4", in_wind(25, 5))
    assert [part.weight for part in seen.parts] == pytest.approx([0.02275, 0.47725, 0.5], abs=1e-5)
    assert seen.factors[0].value == pytest.approx(0.02275 * 1 + 0.47725 * 0.5 + 0.5 * 0.25, abs=1e-5)
    sure = sweep_width(HELICOPTER, "raft4", in_wind(25))
    assert seen.high - seen.low > 1.5 * (sure.high - sure.low)


def test_a_doubtful_wind_makes_the_step_a_slope():
    """Between 20 and 30 kn the mean falls without a jump, and with no doubt it is the published step."""
    means = [sweep_width(HELICOPTER, "raft4", in_wind(w, 3)).mean for w in np.arange(20.0, 30.1, 0.5)]
    assert all(a > b for a, b in zip(means, means[1:], strict=False))
    assert max(a / b for a, b in zip(means, means[1:], strict=False)) < 1.1
    before, after = (sweep_width(HELICOPTER, "raft4", in_wind(w)).mean for w in (24.9, 25.1))
    assert before / after == pytest.approx(2.0)


def test_a_known_sea_is_the_least_that_a_doubtful_wind_can_be():
    """A sea of 4 ft excludes the first band, one above 5 ft the first two, whatever the wind."""
    middle = sweep_width(HELICOPTER, "raft4", in_wind(15, 4, sea=4 * FEET))
    assert [part.weight for part in middle.parts] == pytest.approx([0.99379, 0.00621], abs=1e-5)
    assert middle.factors[0].value == pytest.approx(0.99379 * 0.5 + 0.00621 * 0.25, abs=1e-5)
    high = sweep_width(HELICOPTER, "raft4", in_wind(15, 4, sea=6 * FEET))
    assert high.factors[0].value == pytest.approx(0.25)


def test_a_doubtful_visibility_widens_the_bracket_and_leaves_the_mean():
    """A factor of two in fog is nearly a factor of two in the width; in clear air it hardly matters."""
    spread = math.log(2)
    for miles, most, least in ((0.3, 0.75, 0.6), (25.0, 0.25, 0.0)):
        known, doubtful = (
            sweep_width(HELICOPTER, "raft4", Conditions(visibility=miles * NM, wind=0.0, visibility_spread_ln=s))
            for s in (0.0, spread)
        )
        assert doubtful.mean == known.mean
        assert (
            least < doubtful.parts[0].spread_ln < most
        )  # fog: 0.71 with that of the row; clear: little more than 0.15
        assert doubtful.high / doubtful.low > known.high / known.low


def test_a_measured_curve_is_a_sensor():
    """A tabulated lateral range curve has its own area as sweep width, whatever its shape."""
    curve = Tabulated((0.0, 400.0, 1200.0), (0.95, 0.9, 0.0))
    trial = stated_curve("infrared", curve, source="trial off Dover")
    seen = sweep_width(trial, "channel_inflatable", in_wind(10))
    assert seen.mean == pytest.approx(swept(curve)) == pytest.approx(2 * (400 * 0.925 + 800 * 0.45))
    assert seen.curve == curve
    assert "trial off Dover" in seen.why()


def test_the_packaged_figures_of_cameras_are_those_of_geometry():
    """Each row says its pixels, field of view and length: the two ranges follow to a hundredth of a mile."""
    with (files("cordiale.sensors") / "data" / "instruments.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] != "radar"]
    assert len(rows) == 8
    for row in rows:
        pixels, field, across = re.search(
            r"(\d+) px over (\d+) degrees, 2 px across ([\d.]+) m", row["source"]
        ).groups()
        figures = camera_figures(field_of_view=float(field), pixels=int(pixels), across=float(across), source="test")
        assert isinstance(figures.curve, Logistic)
        assert figures.curve.level / figures.curve.fall / NM == pytest.approx(float(row["range_50_nm"]), abs=0.006)
        assert float(row["range_90_nm"]) == pytest.approx(float(row["range_50_nm"]) / 1.75, abs=0.01)
