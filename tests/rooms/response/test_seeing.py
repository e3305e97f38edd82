"""Sweep widths of the craft of the catalogue, by the sensors each one names."""

from dataclasses import replace

import pytest

from cordiale.assets.catalogue import load_catalogue
from cordiale.earth.units import NM, knots
from cordiale.response.distress import Search
from cordiale.response.seeing import search_of
from cordiale.search.sight import sensors_of
from cordiale.sensors.sensor import Conditions, Lookout
from cordiale.sensors.sweep_width import sweep_width
from cordiale.sensors.tables import packaged_tables

CLEAR = Conditions(visibility=10 * NM, wind=5 * knots)
FOGGY_NIGHT = Conditions(visibility=0.5 * NM, wind=5 * knots, light="night")
CRAFT = load_catalogue().craft


def test_a_craft_that_has_eyes_alone_sees_by_the_published_table():
    """A lookout on the bridge of a ship: the table's width and nothing else."""
    lookout = replace(CRAFT["patrol_54"], sensors=("eye",))
    width = search_of([lookout], CLEAR).widths["patrol_54"]
    assert width == pytest.approx(sweep_width(Lookout(platform="bridge"), "channel_inflatable", CLEAR).mean)
    assert width > 0.5 * NM


def test_every_class_of_the_catalogue_has_a_width_and_fog_takes_it_from_eyes():
    """Nobody sees more in fog by night; who has no sensor of the tables sees nothing."""
    clear, fog = (search_of(CRAFT.values(), conditions).widths for conditions in (CLEAR, FOGGY_NIGHT))
    assert set(clear) == set(CRAFT)
    assert all(fog[key] <= clear[key] + 1e-9 for key in CRAFT)
    blind = replace(CRAFT["patrol_54"], sensors=("searchlight",))
    assert search_of([blind], CLEAR).widths["patrol_54"] == 0.0


def test_aircraft_look_with_their_own_instruments():
    """A drone has a camera for eyes; a helicopter has its lookout, radar and infrared."""
    tables = packaged_tables()
    what = tables.object_class("channel_inflatable")
    drone = sensors_of(CRAFT["drone_ar5"], CLEAR, what, tables)
    assert {sensor.name for sensor in drone} == {"camera", "infrared", "radar"}
    helicopter = sensors_of(CRAFT["helicopter_aw189"], CLEAR, what, tables)
    assert {sensor.name for sensor in helicopter} == {"helicopter", "infrared", "radar"}


def test_a_width_of_the_class_goes_before_that_of_its_kind():
    """Stated by class, by kind, or for any."""
    search = Search(widths={"patrol_54": 100.0, "ship": 200.0, "any": 300.0})
    rates = [search.rate(CRAFT[key]) for key in ("patrol_54", "cutter_42", "lifeboat_severn")]
    assert rates == pytest.approx([100 * 15 * knots, 200 * 15 * knots, 300 * 15 * knots])
