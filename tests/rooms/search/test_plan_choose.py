"""Whom to send of many."""

from dataclasses import replace

import pytest

from cordiale.earth.units import hours
from cordiale.search.plan_choose import worth_sending
from tests.rooms.search.seas_to_search import a_cloud, a_craft, a_fleet


def test_craft_that_add_nothing_stay_where_they_are():
    """Twenty more of the same: some go, most would add less than one part in a hundred, and each says how much."""
    fleet = [replace(a_craft(), name=f"helicopter {n}") for n in range(12)]
    chosen = worth_sending([a_cloud(1500, along=1500.0, across=800.0)], fleet, alike=2.0, least=0.02)
    assert 2 <= len(chosen.sent) < 12
    assert len(chosen.sent) + len(chosen.kept) == 12
    assert all(share < 0.02 for _, share in chosen.kept)


def test_two_go_at_least_and_enough_to_take_everybody():
    """One of them finds a boat whose place is known; a second goes in case, and a third to have room for all."""
    boat = a_cloud(500, along=1500.0, across=1500.0, persons=50.0)
    fleet = [
        a_craft("first", on_scene=2 * hours, capacity=20),
        a_craft("second", on_scene=2 * hours, capacity=20, wider=0.9),
        a_craft("third", lat=51.1, lon=1.3, speed=9.0, height=0.0, on_scene=2 * hours, capacity=20, wider=0.8),
        a_craft("fourth", lat=51.1, lon=1.3, speed=9.0, height=0.0, on_scene=2 * hours, capacity=20, wider=0.7),
    ]
    assert len(worth_sending([boat], fleet).sent) == 3
    roomy = [replace(one, capacity=100) for one in fleet]
    assert len(worth_sending([boat], roomy).sent) == 2


def test_it_is_the_greedy_choice():
    """The first one sent is the one that alone adds most."""
    boat, fleet = a_cloud(1500), a_fleet()
    alone = {one.name: worth_sending([boat], [one]).sent for one in fleet}
    assert all(len(sent) == 1 for sent in alone.values())
    chosen = worth_sending([boat], fleet)
    assert chosen.sent[0].name == "helicopter"


@pytest.mark.parametrize("objective", ["pos", "time", "lives"])
def test_a_craft_that_sees_nothing_is_never_sent(objective):
    """Not even as the second."""
    blind = replace(a_craft("blind"), widths={})
    chosen = worth_sending([a_cloud(500)], [a_craft(), blind], objective=objective)
    assert [one.name for one in chosen.sent] == ["helicopter"]


def test_a_choice_that_is_broken_off_sends_two():
    """Whoever presses the key has a plan with the two that add most."""
    fleet = [replace(one, capacity=5) for one in a_fleet()]
    chosen = worth_sending([a_cloud(800)], fleet, cancel=lambda: True)
    assert len(chosen.sent) == 2
    assert len(chosen.sent) + len(chosen.kept) == len(fleet)
