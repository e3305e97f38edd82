"""What our leeway does where the published lines say nothing: calm, light airs, upwind."""

import numpy as np
import pytest

from cordiale.boats.leeway import (
    CALM,
    TRIALS_UP_TO,
    coefficients,
    leeway,
    leeway_class,
    leeway_table,
    wind_at_ten_metres,
)
from cordiale.earth.errors import CordialeError

COUNT = 50_000


def drawn(key: str, wind_east, wind_north, side=None, count=COUNT):
    """Leeway of many objects of a class, half of them on each side."""
    rng = np.random.default_rng(11)
    sides = np.where(np.arange(count) % 2 == 0, 1, -1) if side is None else np.full(count, side)
    lines = coefficients((leeway_class(key),), np.zeros(count, dtype=np.int64), sides)
    z = rng.standard_normal((2, count))
    return leeway(lines, sides, z[0], z[1], np.broadcast_to(wind_east, count), np.broadcast_to(wind_north, count))


def test_a_calm_moves_nobody():
    """Without wind there is no leeway, in whatever direction the arithmetic would like to point it."""
    for key in leeway_table():
        east, north = drawn(key, 0.0, 0.0, count=1000)
        assert np.all(east == 0), key
        assert np.all(north == 0), key


@pytest.mark.parametrize("key", ["piw_deceased", "kayak", "refugee_raft"])
def test_light_airs_from_all_round_prefer_no_direction(key):
    """Winds of 0.5 m/s from every side move a class with an offset nowhere on average."""
    angle = np.linspace(0, 2 * np.pi, COUNT, endpoint=False)
    east, north = drawn(key, 0.5 * np.cos(angle), 0.5 * np.sin(angle))
    typical = np.hypot(east, north).mean()
    assert abs(east.mean()) < 0.01 * typical  # of the typical speed: sampling error of 50,000
    assert abs(north.mean()) < 0.01 * typical


@pytest.mark.parametrize("wind", [0.5, 2.0, 5.0, 10.0, 20.0, 35.0])
def test_nobody_drifts_upwind(wind):
    """The residual never turns the downwind drift round, in any wind, in any class."""
    for key in leeway_table():
        _, north = drawn(key, 0.0, wind, count=4000)
        assert north.min() >= 0, key


def test_above_the_winds_of_the_trials_the_lines_go_on():
    """No kink and no limit at 20 m/s: mean and residual grow in proportion."""
    _, at_limit = drawn("skiff_swamped", 0.0, TRIALS_UP_TO)
    _, above = drawn("skiff_swamped", 0.0, 1.5 * TRIALS_UP_TO)
    assert above.mean() == pytest.approx(1.5 * at_limit.mean(), rel=2e-3)  # sampling error of 50,000
    assert above.std() == pytest.approx(at_limit.std() * 2.0 / 1.5, rel=2e-2)


def test_a_wind_of_an_impossible_height_is_refused():
    """A height of 0 m, or of a balloon, is shown and the range said."""
    for height in (0.0, 400.0, float("nan")):
        with pytest.raises(CordialeError, match="between 2 and 100 m"):
            wind_at_ten_metres(5.0, height=height)


def test_leeway_changes_without_a_jump_at_the_end_of_the_calm():
    """The fade of the offset meets the published line at 3 m/s."""
    _, below = drawn("kayak", 0.0, CALM - 1e-6)
    _, above = drawn("kayak", 0.0, CALM + 1e-6)
    assert np.abs(above - below).max() < 1e-6  # m/s


def test_leeway_turns_with_the_wind():
    """The same objects in a wind turned by 90 degrees have the same leeway turned by 90 degrees."""
    east, north = drawn("piw_survival_suit", 0.0, 8.0, side=1)
    turned_east, turned_north = drawn("piw_survival_suit", 8.0, 0.0, side=1)
    assert np.allclose(turned_east, north)
    assert np.allclose(turned_north, -east)


def test_an_object_that_jibes_for_ever_keeps_no_crosswind_drift():
    """The residual is mirrored with the side, so that both sides of a symmetric class cancel particle by particle."""
    right, _ = drawn("refugee_raft", 0.0, 8.0, side=1)
    left, _ = drawn("refugee_raft", 0.0, 8.0, side=-1)
    assert np.abs(right + left).max() < 1e-12  # m/s, rounding


def test_the_datum_buoy_has_no_leeway():
    """A buoy without windage goes where the water goes."""
    east, north = drawn("datum_buoy", 3.0, 15.0)
    assert np.all(east == 0)
    assert np.all(north == 0)


def test_an_unknown_class_is_refused_with_the_known_ones():
    """The message shows the key and what could have been meant."""
    with pytest.raises(CordialeError, match=r"dinghy[\s\S]*skiff_swamped"):
        leeway_class("dinghy")
