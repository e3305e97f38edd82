"""A boat aground: the level she came to lie at, and the tide that floats her again."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.belief.ashore import FLOATS_OFF, floated_off
from cordiale.belief.drift import drift
from cordiale.boats.life import BEACHED
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.position import Position
from cordiale.earth.units import hours, minutes
from cordiale.sea.environment import the_strait
from cordiale.sea.tide import load_tide, tidal_level
from cordiale.sea.wind import ConstantWind

from .clouds import NIGHT, cloud

ONSHORE = ConstantWind(eastward=8.0, northward=-8.0)
OFF_CALAIS = Position(lat=50.975, lon=1.80)


def driven_ashore(engine="compiled"):
    """Drifters (no life) that a north-westerly sets on the beach west of Calais."""
    before = cloud(count=400, within=600.0, position=OFF_CALAIS, what="rigid_boat")
    before = replace(before, search_object=replace(before.search_object, life=search_object("drifter").life))
    sea = the_strait(ONSHORE, wind_std=0.5)
    return before, sea, engine


@pytest.mark.parametrize("engine", ["compiled", "numpy"])
def test_who_strands_keeps_the_level_of_the_sea(engine):
    """Every particle aground knows a level that the tide there had during the drift; one afloat knows none."""
    before, sea, _ = driven_ashore()
    after = drift(before, replace(sea, refloat=False), until=NIGHT + 3 * hours, engine=engine)
    assert after.fraction_ashore > 0.1
    assert np.isnan(after.lies_at[~after.stranded]).all()
    lies = after.lies_at[after.stranded]
    times = NIGHT + np.arange(0, 3 * hours + 1, 600)
    levels = tidal_level(load_tide(), times, OFF_CALAIS.lat, OFF_CALAIS.lon)
    assert np.isfinite(lies).all()
    assert lies.min() > levels.min() - 0.3 and lies.max() < levels.max() + 0.3  # m along a few km of coast


def test_the_rising_tide_floats_her_off_and_the_falling_does_not():
    """Half of those who lie 0.2 m under the tide or more float in a half hour; those above it, or unknown, stay."""
    sea = the_strait()
    lat, lon = np.full(1000, 50.972), np.full(1000, 1.80)
    level = float(tidal_level(load_tide(), NIGHT, 50.972, 1.80))
    ids, stream = np.arange(1000), Stream.of_seed(2)
    for lies_at, share in ((level - 0.3, FLOATS_OFF), (level - 0.1, 0.0), (level + 1.0, 0.0), (np.nan, 0.0)):
        which, new_lat, new_lon = floated_off(sea, NIGHT, stream, ids, np.full(1000, lies_at), (lat, lon))
        assert which.size / 1000 == pytest.approx(share, abs=0.06)
        assert not which.size or (sea.coast.distance(new_lat, new_lon) > 0).all()
    without = replace(sea, refloat=False)
    assert floated_off(without, NIGHT, stream, ids, np.full(1000, level - 1), (lat, lon))[0].size == 0


@pytest.mark.parametrize("engine", ["compiled", "numpy"])
def test_a_boat_that_grounded_at_low_water_is_gone_at_high_water(engine):
    """With refloating fewer lie ashore after the flood than without, and it depends on nobody else."""
    before, sea, _ = driven_ashore()
    aground = drift(before, sea, until=NIGHT + 1 * hours, engine=engine)
    times = NIGHT + np.arange(0, 14 * hours, 1800)
    low = times[np.argmin(tidal_level(load_tide(), times, OFF_CALAIS.lat, OFF_CALAIS.lon))]
    lying = replace(
        aground,
        at=low,
        stranded=np.ones(400, dtype=bool),
        lies_at=tidal_level(load_tide(), low, aground.lat, aground.lon),
    )
    offshore = replace(the_strait(ConstantWind(eastward=-6.0, northward=6.0), wind_std=0.0))
    stays, floats = (
        drift(lying, replace(offshore, refloat=f), until=low + 6 * hours, engine=engine) for f in (False, True)
    )
    assert stays.fraction_ashore == pytest.approx(1)
    assert floats.fraction_ashore < 0.5
    some = np.arange(0, 400, 9)
    alone = drift(lying.only(some), offshore, until=low + 6 * hours, engine=engine)
    assert np.array_equal(alone.lat, floats.lat[some])


@pytest.mark.parametrize("engine", ["compiled", "numpy"])
def test_a_landed_boat_lies_through_any_tide(engine):
    """Phase beached: not moved, not floated off, though the sea rises over her."""
    before, sea, _ = driven_ashore()
    landed = replace(before, phase=np.full(400, BEACHED), stranded=np.ones(400, dtype=bool), lies_at=np.full(400, -5.0))
    after = drift(landed, sea, until=NIGHT + 90 * minutes, engine=engine)
    assert np.array_equal(after.lat, landed.lat)
    assert after.stranded.all()
