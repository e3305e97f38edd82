"""What counts of what a craft sees with: one rule for a plan, for orders and for an empty search."""

from dataclasses import replace

import pytest

from cordiale.assets.catalogue import load_catalogue
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import NM, knots
from cordiale.search.sight import INSTRUMENTS, UNASKED, instruments_counted, sight_of
from cordiale.sensors.sensor import Conditions
from cordiale.sensors.tables import packaged_tables

DARK = Conditions(visibility=5 * NM, wind=3.0, light="night")
CRAFT = load_catalogue().craft


@pytest.mark.parametrize("craft", CRAFT.values(), ids=CRAFT)
def test_no_instrument_counts_for_an_empty_search_unless_it_is_named(craft):
    """Eyes alone, for every craft of the catalogue; what it carries beside them is told."""
    sight = sight_of(craft, DARK, instruments=instruments_counted(None, "result"))
    assert set(sight.looks_with.values()) <= {"eyes"} and sight.judged == ()
    assert sight.widths == sight.by_eye
    assert ("radar" in sight.not_counted) == ("radar" in craft.sensors)


@pytest.mark.parametrize("craft", CRAFT.values(), ids=CRAFT)
def test_a_plan_counts_what_follows_from_geometry_and_no_radar_unless_it_is_named(craft):
    """More instruments never narrow the strip; radar is among them only when somebody names it."""
    eyes, unasked, everything = (
        sight_of(craft, DARK, instruments=counted) for counted in ((), UNASKED["plan"], INSTRUMENTS)
    )
    assert "radar" not in unasked.looks_with.values()
    if not craft.flies:  # aircraft choose their height by what they see with
        assert all(eyes.widths[k] <= unasked.widths[k] <= everything.widths[k] for k in eyes.widths)
    assert eyes.widths["channel_inflatable"] <= unasked.widths["channel_inflatable"]
    assert unasked.widths["channel_inflatable"] <= everything.widths["channel_inflatable"]
    assert everything.not_counted == ()


def test_a_helicopter_sees_people_in_the_water_by_its_infrared_and_that_is_told():
    """By night its eyes see next to nothing of them: the width, with its figure, is that of a judged instrument."""
    sight = sight_of(CRAFT["helicopter_aw189"], DARK, look_for="piw")
    assert sight.looks_with["piw"] == "infrared" and sight.judged == ("infrared",)
    assert sight.judged_widths("infrared")["piw"] == sight.widths["piw"] > sight.by_eye["piw"]
    assert sight.judged_widths("radar") == {}


def test_figures_of_ones_own_are_not_marked_as_judged():
    """A table whose source is a trial widens the strip as well, and nothing is told of it as a judgement."""
    tables = packaged_tables()
    kind, figures = tables.instruments["ship_radar"]
    own = tuple(replace(one, source="trial of the crew, 2026") for one in figures)
    mine = replace(tables, instruments={**tables.instruments, "ship_radar": (kind, own)})
    packaged, tried = (sight_of(CRAFT["patrol_54"], DARK, instruments=("radar",), tables=one) for one in (tables, mine))
    assert packaged.widths == tried.widths
    assert packaged.judged == ("radar",) and tried.judged == ()


def test_an_aircraft_flies_at_one_height_for_all_it_looks_for():
    """All widths are those of the height that was flown, or of the one best for what is looked for."""
    craft = CRAFT["helicopter_ec145"]
    best = sight_of(craft, replace(DARK, light="day"), look_for="piw")
    same = sight_of(craft, replace(DARK, light="day"), height=best.height, speed=70 * knots)
    assert same.height == best.height and same.widths == pytest.approx(best.widths)


def test_an_instrument_nobody_knows_is_refused():
    """With those that are known; nobody having named any is not the same as none having been named."""
    with pytest.raises(CordialeError, match="hint: name radar, infrared, camera"):
        instruments_counted(["sonar"], "plan")
    assert instruments_counted([], "plan") == frozenset() != instruments_counted(None, "plan")
