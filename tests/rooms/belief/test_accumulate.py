"""Maps summed up while a belief drifts."""

import numpy as np
import pytest

from cordiale.belief.accumulate import Tally
from cordiale.belief.drift import drift
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import hours, km
from cordiale.sea.environment import the_strait
from cordiale.sea.tide import Window

from .clouds import NIGHT, cloud

BOX = Window(south=50.4, north=51.6, west=0.6, east=2.6)


def test_every_hour_holds_all_probability_and_its_regions_hold_their_share():
    """Six hours: seven maps that sum to 1 with what is outside; 90 % in cells of 1 km, growing as the cloud spreads."""
    before = cloud(count=4000, within=1 * km, position=Position(lat=51.0, lon=1.5), what="drifter")
    tally = Tally.over(BOX, cell=1 * km)
    after = drift(before, the_strait(), until=NIGHT + 6 * hours, observe=tally.observe)
    assert tally.instants == [NIGHT + k * hours for k in range(7)]
    for held, outside in zip(tally.maps, tally.outside, strict=True):
        assert held.sum() + outside == pytest.approx(1, abs=1e-12)
    regions = tally.regions(0.9)
    assert all(0.9 <= region.holds < 0.93 or len(region.cells) < 20 for region in regions)
    assert regions[-1].area > 3 * regions[0].area
    inside = np.isin(
        np.floor((after.lat - tally.south) / tally.lat_step).astype(int) * tally.columns
        + np.floor((after.lon - tally.west) / tally.lon_step).astype(int),
        regions[-1].cells,
    )
    assert inside.mean() == pytest.approx(regions[-1].holds, abs=1e-9)


def test_what_leaves_the_grid_is_counted_and_a_cell_of_no_size_is_refused():
    """A cloud outside the box is all outside."""
    tally = Tally.over(Window(south=50.0, north=50.1, west=0.0, east=0.1))
    tally.observe(cloud(count=10))
    assert tally.outside == [1.0]
    assert tally.region(0, 0.9).area == 0
    with pytest.raises(CordialeError, match="0 m"):
        Tally.over(BOX, cell=0.0)
