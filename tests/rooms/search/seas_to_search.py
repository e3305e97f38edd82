"""Clouds and craft for the tests of the search plan, drawn from named streams: nothing here is a measurement."""

import math

import numpy as np

from cordiale.boats.life import ADRIFT, IN_THE_WATER, SWAMPED
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import destination
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM, hours, knots, minutes
from cordiale.search.plan_sought import Searcher, Sought, alive_along
from cordiale.search.ways import Ways

BEGIN = utc("2021-11-24 02:00")
WIDTHS = {
    "channel_inflatable": 0.6 * NM,
    "swamped_inflatable": 0.4 * NM,
    "piw": 0.1 * NM,
    "piw_lifejacket": 0.2 * NM,
}


def a_cloud(
    count=2000,
    *,
    seed=1,
    name="Charlie",
    east=0.0,
    north=0.0,
    along=5000.0,
    across=2500.0,
    shear=0.1,
    last=4 * hours,
    boats=1.0,
    persons=30.0,
    swamps=6 * hours,
    still=False,
):
    """A cloud that a tidal stream carries and that spreads; some boats swamp, and their people are in the water."""
    chance = Stream.of_seed(seed).child(name)
    ids = np.arange(count)
    place, speed = chance.normals(ids, 0), chance.normals(ids, 1)
    knots_of_time = np.linspace(0.0, last, round(last / (20 * minutes)) + 1)[:, None]
    stream = 0.0 if still else 7000 * np.sin(2 * math.pi * knots_of_time / 44700)
    x = east + 0.8 * along * place[:, 0] - 0.6 * across * place[:, 1] + shear * speed[:, 0] * knots_of_time + stream
    y = north + 0.6 * along * place[:, 0] + 0.8 * across * place[:, 1] + shear * speed[:, 1] * knots_of_time
    lat, lon = destination(51.0, 1.5, x, y)
    swamped = -swamps * np.log(chance.uniforms(ids, 2)[:, 0])
    phase = np.where(knots_of_time > swamped, SWAMPED, ADRIFT)
    phase = np.where(knots_of_time > swamped + 1 * hours, IN_THE_WATER, phase).astype(np.int8)
    times = BEGIN + knots_of_time[:, 0]
    weight = np.full(count, boats / count)
    ways = Ways(name=name, times=times, lat=lat, lon=lon, weight=weight, phase=phase, unreported=boats > 1)
    return Sought(ways=ways, persons=persons, alive=alive_along(times, phase, water=12.0))


def a_craft(name="helicopter", *, lat=50.95, lon=1.2, speed=70 * knots, on_scene=1.5 * hours, height=150.0, **more):
    """One craft; widths as in `WIDTHS` times `wider`."""
    wider = more.pop("wider", 1.0)
    return Searcher(
        name=name,
        base=Position(lat=lat, lon=lon),
        ready=BEGIN + more.pop("ready", 15 * minutes),
        speed=speed,
        on_scene=on_scene,
        widths={key: width * wider for key, width in WIDTHS.items()},
        height=height,
        **more,
    )


def a_fleet():
    """A helicopter, a drone and two lifeboats."""
    return [
        a_craft(heights=(300.0,)),
        a_craft("drone", lat=50.9, lon=1.7, speed=55 * knots, on_scene=2 * hours, height=120.0, heights=(450.0,)),
        a_craft("lifeboat W", lat=51.1, lon=1.3, speed=18 * knots, on_scene=3 * hours, height=0.0, capacity=60),
        a_craft("lifeboat E", lat=50.97, lon=1.85, speed=18 * knots, on_scene=3 * hours, height=0.0, capacity=60),
    ]
