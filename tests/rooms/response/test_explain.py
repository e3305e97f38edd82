"""A plan in sentences, and what a new one changes."""

import numpy as np

from cordiale.assets.availability import at_sea
from cordiale.assets.catalogue import load_catalogue
from cordiale.earth.position import Position
from cordiale.response.assignment import Plan, assign
from cordiale.response.explain import boat_sentences, change_sentences, order_sentences, plan_sentence
from cordiale.response.situation import situation
from cordiale.sea.analytic import UniformCurrent, analytic_sea
from tests.rooms.response.cases import NOW, boat, still_cloud

CALM = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0))


def plan_of(*names: str, before: Plan | None = None, lon: float = 1.5) -> Plan:
    """Two boats and some assets at one place."""
    here = Position(lat=51.1, lon=lon)
    assets = [at_sea(load_catalogue().named(name), NOW, here) for name in names]
    boats = [boat("Charlie", 40, 2.0), boat("Lima", 20, 4.0, cloud=still_cloud(51.2, 1.7))]
    return assign(situation(assets, boats, CALM, at=NOW), legs=1, before=before)


def test_each_order_each_boat_and_the_whole_have_one_sentence():
    """Who is sent where, there when, with room for how many, and what it saves; in both languages."""
    plan = plan_of("flamant", "valiant", "r163")
    for language in ("en", "fr"):
        orders = order_sentences(plan, language)
        assert len(orders) == 3
        assert any("FS Flamant" in one and "Charlie" in one for one in orders) or any("Lima" in one for one in orders)
        assert len(boat_sentences(plan, language)) == 2
        assert "60" in plan_sentence(plan, language)
    assert order_sentences(plan, "en") != order_sentences(plan, "fr")


def test_a_boat_nobody_is_sent_to_is_said_aloud():
    """One craft for two boats: the other one heads the list."""
    plan = plan_of("flamant")
    left = ({"Charlie", "Lima"} - set(plan.route_of("flamant"))).pop()
    nobody = [one for one in boat_sentences(plan) if "NOBODY IS SENT" in one]
    assert len(nobody) == 1 and left in nobody[0]


def test_who_stays_is_named():
    """A full ship gets no order, and the list says so."""
    here = Position(lat=51.1, lon=1.5)
    full = at_sea(load_catalogue().named("valiant"), NOW, here, aboard=100)
    plan = assign(situation([full], [boat("Charlie", 40, 2.0)], CALM, at=NOW))
    assert "HMC Valiant" in order_sentences(plan)[-1]
    assert plan.routes == ((),)


def test_a_new_plan_says_what_it_changes_and_nothing_else():
    """The asset that joined, the one that was released; the same plan again changes nothing."""
    one, both = plan_of("flamant"), plan_of("flamant", "valiant")
    assert change_sentences(one, one) == ()
    lines = change_sentences(one, both)
    assert any("HMC Valiant" in line for line in lines)
    assert np.isclose(both.lost, plan_of("flamant", "valiant", before=both).lost)
    for language in ("en", "fr"):
        assert len(change_sentences(both, one, language)) <= 2
