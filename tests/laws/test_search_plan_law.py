"""Laws of the search plan: no plan exceeds its bound, and the POS it states is what searches find."""

import math

import numpy as np
import pytest

from cordiale.boats.life import PHASES
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import displacement
from cordiale.earth.units import hours
from cordiale.search.bound import bound_of
from cordiale.search.plan import Budget, plan_search
from cordiale.search.plan_cloud import cloud_of_all
from cordiale.search.plan_moves import Board, improve, insert, settle
from cordiale.search.plan_track import Placing, ready_on
from cordiale.sensors.tables import packaged_tables
from tests.rooms.search.seas_to_search import WIDTHS, a_cloud, a_fleet

SCENES = 20
PLANS = 50  # random ones in each scene: 1,000 in all


def _scene(number):
    """A sea of one to three boats, tight or wide, and one to four craft."""
    u = Stream.of_seed(number).child("scene").uniforms(np.arange(6), 0)[:, 0]
    boats = [
        a_cloud(
            1200,
            seed=number,
            name=f"boat {k}",
            east=14000 * (u[k] - 0.5),
            north=14000 * (u[(k + 1) % 6] - 0.5),
            along=800 + 7000 * u[3],
            across=500 + 3000 * u[4],
            boats=1.0 if k < 2 else 0.3,
            last=3 * hours,
        )
        for k in range(1 + number % 3)
    ]
    fleet = a_fleet()[: 1 + number % 4]
    alike = (None, 0.6, 3.0)[number % 3]
    return boats, fleet, alike


def _random_placings(number, plan, ready, cloud):
    """Any centre within the clouds, bearing, spacing of 0.4 to 3 sweep widths, 1 to 12 legs, any shape."""
    chance = Stream.of_seed(1000 * number + plan).child("placings")
    u = np.hstack([chance.uniforms(np.arange(len(ready)), c) for c in range(5)])
    placings = []
    for one, draw in zip(ready, u, strict=True):
        particle = int(draw[0] * cloud.weight.size)
        frame = int(cloud.boat[particle])
        east, north = (float(a[5, particle] - cloud.mean[frame, 5, i]) for i, a in enumerate((cloud.x, cloud.y)))
        spacing = one.widest * (0.4 + 2.6 * draw[2])
        shape = ("ladder", "ladder", "square", "sector")[int(4 * draw[3])]
        legs = 1 + int(12 * draw[4]) if shape == "ladder" else 1 + int(3 * draw[4])
        pulled = draw[5]  # 0 at the mean of the boat, 1 at the particle
        placings.append(
            Placing(frame, east * pulled, north * pulled, 360 * draw[1], spacing, legs, shape, draw[6] < 0.5)
        )
    return placings


@pytest.mark.parametrize("number", range(SCENES))
def test_no_plan_exceeds_its_bounds(number):
    """50 random plans and an optimised one in each of 20 scenes stay below both bounds: 1,020 plans, no exception."""
    boats, fleet, alike = _scene(number)
    cloud = cloud_of_all(boats)
    ready = [ready_on(cloud, one) for one in fleet]
    objective = ("pos", "lives", "time")[number % 3]
    bounds = [bound_of(cloud, ready, objective, law, alike=alike, rounds=20).value for law in ("same", "rigorous")]
    board = Board(cloud, ready, objective, alike, 1e6, columns=cloud.times.size - 1)
    worths = []
    for plan in range(PLANS):
        settle(board, _random_placings(number, plan, ready, cloud))
        worths.append(board.value)
    settle(board, [None] * len(ready))
    insert(board, range(len(ready)))
    improve(board, 80, Stream.of_seed(number))
    worths.append(board.value)
    assert max(worths) > 0
    assert max(worths) <= min(bounds)


def _found(plan, boat, alike, chance, count=1000):
    """Which of many true boats, particles of the cloud, the sorties find: glimpse by glimpse, two seconds apart."""
    ids = np.arange(count)
    truth = (chance.child("which").uniforms(ids, 0)[:, 0] * boat.ways.weight.size).astype(int)
    table = packaged_tables().phases
    width = np.array([WIDTHS.get(table[name], 0.0) for name in PHASES])
    hazard = np.zeros(count)
    for sortie in plan.sorties:
        times = np.arange(sortie.arrives + 1.0, sortie.ends, 2.0)
        lat = np.interp(times, sortie.track_at, sortie.track_lat)
        lon = np.interp(times, sortie.track_at, sortie.track_lon)
        for when, here_lat, here_lon in zip(times, lat, lon, strict=True):
            k = int(boat.ways.between(np.array([when]))[0][0])
            there = [a[truth] for a in boat.ways.at(when)]
            east, north = displacement(here_lat, here_lon, *there)
            square = width[boat.ways.phase[k, truth]] ** 2
            hazard += 2.0 * square * sortie.searcher.speed / (8 * math.pi) / (east**2 + north**2 + 25.0) ** 1.5
    seen = chance.child("seen").uniforms(ids, 0)[:, 0]
    if alike is None:
        return seen < 1 - np.exp(-hazard)
    return seen < 1 - (1 + hazard / alike) ** -alike


@pytest.mark.parametrize("alike", [None, 1.0])
def test_the_pos_of_a_plan_is_what_searches_find(alike):
    """1,000 true boats searched for glimpse by glimpse along the waypoints given out: the share found is the POS.

    Tolerance: three standard errors of 1,000 draws, and 0.004 for glimpses 2 s apart near the closest approach.
    """
    boat = a_cloud(4000)
    plan = plan_search(
        [boat], a_fleet()[:2], chance=Stream.of_seed(8), alike=alike, budget=Budget(((1500, 150), (4000, 30)), 0)
    )
    found = _found(plan, boat, alike, Stream.of_seed(9)).mean()
    assert 0.2 < plan.pos < 0.95
    assert abs(found - plan.pos) <= 3 * math.sqrt(plan.pos * (1 - plan.pos) / 1000) + 0.004
