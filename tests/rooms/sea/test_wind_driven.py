"""The current that the wind drives: a share of it, to the right, added to another current."""

import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.sea.cf import open_current, open_wind
from cordiale.sea.patch import Patch
from cordiale.sea.wind import ConstantWind
from cordiale.sea.wind_driven import with_wind
from tests.rooms.sea.cf_files import START, WINDOW, east_of, north_of, write_regular

AT = (np.array([50.7, 51.2]), np.array([1.0, 2.1]))


def test_a_share_of_the_wind_is_added_to_its_right(tmp_path):
    """10 m/s to the north, 3 %, 90 degrees to the right: 0.3 m/s to the east, in velocity and in the patch."""
    current = open_current(write_regular(tmp_path / "c.nc"), window=WINDOW)
    both = with_wind(current, ConstantWind(eastward=0.0, northward=10.0), share=0.03, turn=90.0)
    for east, north in (both.velocity(START, *AT), both.flow(START, WINDOW)(*AT)):
        assert east == pytest.approx(east_of(0, *AT) + 0.3, abs=1e-6)
        assert north == pytest.approx(north_of(0, *AT), abs=1e-6)
    assert isinstance(both.flow(START, WINDOW), Patch)
    assert "judgement" in both.source


def test_a_wind_from_a_file_drives_place_by_place(tmp_path):
    """Without a turn the sum is the current and the share of the wind there."""
    current = open_current(write_regular(tmp_path / "c.nc"), window=WINDOW)
    wind = open_wind(write_regular(tmp_path / "w.nc", names=("eastward_wind", "northward_wind")), window=WINDOW)
    both = with_wind(current, wind, share=0.1, turn=0.0)
    for east, north in (both.velocity(START, *AT), both.flow(START, WINDOW)(*AT)):
        assert east == pytest.approx(1.1 * east_of(0, *AT), abs=1e-6)
        assert north == pytest.approx(1.1 * north_of(0, *AT), abs=1e-6)


def test_shares_and_turns_beyond_reason_are_refused(tmp_path):
    """Per cent given as a whole number, and a turn backwards."""
    current = open_current(write_regular(tmp_path / "c.nc"), window=WINDOW)
    calm = ConstantWind(eastward=0.0, northward=0.0)
    with pytest.raises(CordialeError, match="is 3 and must lie"):
        with_wind(current, calm, share=3)
    with pytest.raises(CordialeError, match="180"):
        with_wind(current, calm, turn=180.0)
