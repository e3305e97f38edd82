"""How well one position follows from another."""

import numpy as np

from cordiale.association.gate import TOP_SPEED, needed_speed
from cordiale.association.kinematics import transitions
from cordiale.association.message import messages
from cordiale.earth.units import knots
from tests.rooms.association.small_night import still_sea, told


def test_the_density_over_the_sea_sums_to_one():
    """Adrift or under way, an hour later the boat is somewhere: the density integrates to 1 within 5 %.

    The lattice of 4 km undersamples nothing here: each position has an error of 4 km (95 % within 9.8 km).
    """
    grid = [(x, y) for x in range(-40, 41, 4) for y in range(-40, 41, 4)]
    later = [told(f"r-{k:04d}", 60, east_km=x, north_km=y, within=9790.0) for k, (x, y) in enumerate(grid)]
    found = transitions(messages([told("a", 0, east_km=0.0), *later]), still_sea())
    cell = 4000.0**2
    # 2 % of each law is spread over all that can be reached, partly beyond the lattice; the speed gate cuts the fastest
    assert 0.95 < found.adrift[0, 1:].sum() * cell < 1.02
    assert 0.93 < found.under_way[0, 1:].sum() * cell < 1.02


def test_a_boat_under_way_is_expected_towards_the_other_shore():
    """An hour later a boat making way is more likely 7 km to the north-west than to the south-east."""
    found = transitions(
        messages(
            [
                told("a", 0, east_km=0.0),
                told("b", 60, east_km=-5.0, north_km=5.0),
                told("c", 60, east_km=5.0, north_km=-5.0),
            ]
        ),
        still_sea(),
    )
    assert found.under_way[0, 1] > 10 * found.under_way[0, 2]
    assert found.adrift[0, 1] < found.under_way[0, 1]


def test_impossible_speeds_have_no_density():
    """30 km in half an hour is 32 kn: refused, whatever else is said."""
    pair = messages([told("a", 0, east_km=0.0), told("b", 30, east_km=30.0)])
    assert needed_speed(*pair) > TOP_SPEED
    assert 28 < needed_speed(*pair) / knots < 33  # two minutes of slack and 200 m of error lower it from 32.4 kn
    assert transitions(pair, still_sea()).adrift[0, 1] == 0


def test_messages_without_a_position_have_no_density():
    """They are weighed by what they say alone."""
    found = transitions(messages([told("a", 0, east_km=0.0), told("b", 5)]), still_sea())
    assert not np.any(found.adrift)
