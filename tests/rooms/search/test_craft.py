"""From an asset of the catalogue to a searcher: what it can do, how long, what it sees, what nobody has verified."""

import math
from dataclasses import replace

import pytest

from cordiale.assets.availability import at_sea, at_station
from cordiale.assets.catalogue import load_catalogue
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM, hours, knots, minutes
from cordiale.search.craft import LEAST_ON_SCENE, craft_for_search
from cordiale.search.sight import SEARCH_SPEED
from cordiale.sensors.sensor import Conditions, Lookout
from cordiale.sensors.sweep_width import sweep_width

NIGHT = utc("2021-11-24 03:25")
DARK = Conditions(visibility=5 * NM, wind=3.0, light="night")
THERE = (Position(lat=51.02, lon=1.60),)
ASSETS = {asset.key: asset for asset in load_catalogue().assets}


def an_hour(availability, place, leaving):
    """A way of an hour, wherever it leads."""
    return 1 * hours


def made(key, conditions=DARK, *, way=an_hour, availability=None, **more):
    """An asset at its station, or where it is said to be, as a searcher."""
    here = availability or at_station(ASSETS[key], NIGHT)
    return craft_for_search(here, conditions, places=THERE, at=NIGHT, way=way, **more)


def test_a_helicopter_is_ready_after_its_night_readiness_and_searches_what_its_fuel_leaves():
    """45 min in the dark; 4 h of fuel less two hours of way, 0.85 of it on scene; room for sixteen."""
    searcher = made("r163").searcher
    assert searcher.ready == NIGHT + 45 * minutes
    assert searcher.on_scene == pytest.approx(0.85 * 2 * hours)
    assert searcher.speed == SEARCH_SPEED["helicopter"]
    assert searcher.transit_speed == 150 * knots
    assert searcher.capacity == 16


def test_the_way_back_is_to_its_station_and_not_to_where_it_is():
    """A helicopter overhead has its way home still before it."""

    def way(availability, place, leaving):
        return 0.0 if availability.at_sea else 1 * hours

    overhead = at_sea(ASSETS["r163"], NIGHT, THERE[0], out_for=1 * hours)
    searcher = made("r163", way=way, availability=overhead).searcher
    assert searcher.ready == NIGHT
    assert searcher.on_scene == pytest.approx(0.85 * 2 * hours)


def test_without_fuel_a_way_or_eyes_it_cannot_search_and_says_why():
    """Ten minutes left, no way known, fog below the limit, a gale, and a sensor that does not count."""
    tired = at_sea(ASSETS["r163"], NIGHT, THERE[0], out_for=4 * hours - LEAST_ON_SCENE)
    assert made("r163", availability=tired, way=lambda *_: 0.0).hindrance == "endurance"
    assert made("rnli_dover", way=lambda *_: math.inf).hindrance == "no_way"
    assert made("dragon_62", replace(DARK, visibility=1000.0)).hindrance == "visibility"
    assert made("r163", replace(DARK, wind=62 * knots)).hindrance == "wind"
    assert made("rnli_walmer", replace(DARK, sea=2.0)).hindrance == "sea"
    seen = made("drone_lydd", look_for="piw", instruments=("camera",))
    assert seen.hindrance == "blind"
    assert "RNLI Dover" in made("rnli_dover", way=lambda *_: math.inf).why_not("fr")


def test_a_lifeboat_sees_by_the_table_and_by_night_less():
    """Eyes alone count where no instrument does; the width is the table's, and that of the day is wider."""
    night, day = (made("rnli_dover", replace(DARK, light=light), instruments=()).searcher for light in ("night", "day"))
    lookout = Lookout(platform="boat")
    assert night.widths["channel_inflatable"] == pytest.approx(sweep_width(lookout, "channel_inflatable", DARK).mean)
    assert night.widths["piw"] < day.widths["piw"]


def test_radar_is_a_guess_and_is_told_as_one():
    """The packaged figures of radar are judgements: they count when it is named, and what they widened is told."""
    named, unasked = (made("flamant", **more).sight for more in ({"instruments": ("radar",)}, {}))
    assert named.looks_with["channel_inflatable"] == "radar" and named.judged == ("radar",)
    assert unasked.looks_with["channel_inflatable"] == "eyes" and unasked.judged == ()
    assert unasked.not_counted == ("radar",)


def test_aircraft_fly_below_the_clouds_at_heights_at_which_the_width_holds():
    """Of the tabulated heights those below the base; others only where the width is nearly that of the best."""
    free, low = (made("r163", replace(DARK, cloud_base=base)).searcher for base in (None, 200.0))
    assert max(low.height, *low.heights) < 200.0 < max(free.height, *free.heights)
    eyes = made("dragon_62", replace(DARK, light="day"))
    seen = {
        height: sweep_width(
            Lookout(platform="helicopter", height=height, speed=SEARCH_SPEED["helicopter"]),
            "channel_inflatable",
            replace(DARK, light="day"),
        ).mean
        for height in (eyes.searcher.height, *eyes.searcher.heights)
    }
    assert all(width >= 0.95 * seen[eyes.searcher.height] for width in seen.values())


def test_every_figure_that_nobody_verified_is_named():
    """Of the columns that were used: the readiness of a craft at sea is not among them."""
    ashore = made("flamant")
    out = made("flamant", availability=at_sea(ASSETS["flamant"], NIGHT, THERE[0]))
    assert {"night_min", "crew_hours", "survivors", "sensors", "station"} <= set(ashore.unverified)
    assert "night_min" not in out.unverified
    assert "crew_hours" in out.unverified
    assert "setup_min" not in ashore.unverified


def test_time_on_scene_is_that_at_the_furthest_boat_that_leaves_any():
    """Two boats, one beyond its reach: it can still search for the other, and as long as that one lets it."""

    def way(availability, place, leaving):
        return 1 * hours if place.lon < 1.7 else 3 * hours

    near, far = Position(lat=51.0, lon=1.5), Position(lat=51.1, lon=2.4)
    there = at_station(ASSETS["r163"], NIGHT)
    both = craft_for_search(there, DARK, places=(near, far), at=NIGHT, way=way)
    assert both.searcher.on_scene == pytest.approx(0.85 * 2 * hours)
