"""When an asset is ready, and what is left of it."""

from dataclasses import replace

import pytest

from cordiale.assets.availability import at_sea, at_station, readiness
from cordiale.assets.catalogue import load_catalogue
from cordiale.assets.craft import speed_in
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours, minutes

HERE = Position(lat=51.1, lon=1.6)


def test_a_helicopter_takes_45_minutes_by_night_and_15_by_day():
    """The published criteria, by the sun at its base: sunrise was about 07:26Z on 24 November 2021."""
    helicopter = load_catalogue().named("R163")
    assert readiness(helicopter, utc("2021-11-24 02:27")) == 45 * minutes
    assert readiness(helicopter, utc("2021-11-24 07:15")) == 45 * minutes
    assert readiness(helicopter, utc("2021-11-24 07:40")) == 15 * minutes


def test_at_sea_it_is_ready_at_once_and_in_harbour_after_its_readiness():
    """What is out need not be manned."""
    now = utc("2021-11-24 02:27")
    flamant = load_catalogue().named("flamant")
    assert at_sea(flamant, now, HERE).ready == now
    assert at_station(flamant, now).ready == now + 60 * minutes
    assert at_station(flamant, now, ready=now + 10 * minutes).ready == now + 10 * minutes
    assert at_station(flamant, now, ready=now - 10 * minutes).ready == now


def test_survivors_aboard_take_room():
    """98 of 100 places were taken on the way back that morning."""
    now = utc("2021-11-24 05:40")
    valiant = load_catalogue().named("valiant")
    assert at_sea(valiant, now, HERE, aboard=98).room == 2
    assert at_sea(valiant, now, HERE, aboard=120).room == 0
    with pytest.raises(CordialeError, match="-1"):
        at_sea(valiant, now, HERE, aboard=-1)


def test_time_out_is_off_its_endurance():
    """Fuel or the crew's hours, whichever ends first."""
    now = utc("2021-11-24 05:40")
    helicopter, cutter = (load_catalogue().named(name) for name in ("r163", "valiant"))
    assert at_sea(helicopter, now, HERE, out_for=1 * hours).endurance_left == 3 * hours
    assert at_sea(cutter, now, HERE).endurance_left == 24 * hours  # the crew's hours, not the fuel for 146 h
    assert at_sea(helicopter, now, HERE, out_for=9 * hours).endurance_left == 0
    with pytest.raises(CordialeError):
        at_sea(helicopter, now, HERE, out_for=-1.0)


def test_waves_slow_a_ship_and_stop_her_at_her_limit_but_not_an_aircraft():
    """Full speed up to 0.5 m, 40 % at the limit, none beyond."""
    catalogue = load_catalogue()
    boat, helicopter = catalogue.craft["inshore_atlantic_85"], catalogue.craft["helicopter_aw189"]
    assert speed_in(boat, 0.5) == boat.top
    assert speed_in(boat, boat.sea_limit) == pytest.approx(0.4 * boat.top)
    assert speed_in(boat, 1.0) == pytest.approx(0.7 * boat.top)
    assert speed_in(boat, boat.sea_limit + 0.1) == 0.0
    assert speed_in(helicopter, 9.0) == helicopter.top


def test_a_craft_without_speed_is_refused():
    """It would never arrive, and no list would say why."""
    craft = load_catalogue().craft["cutter_42"]
    with pytest.raises(CordialeError, match="top"):
        replace(craft, top=0.0)
    with pytest.raises(CordialeError, match="embark"):
        replace(craft, embark=0.0)
