"""AIS plots of unknown craft: they may place a boat, they found none, and a craft has one identity."""

import pytest

from cordiale.association.associate import MERGE_RECOVERY, associate
from cordiale.association.constraints import Constraints
from cordiale.association.law import CLUTTER
from cordiale.belief.report import KINDS
from cordiale.record.ledger import ledger_of
from tests.rooms.association.small_night import still_sea, told, two_boats

SEA = still_sea()


def plot(name, minute, east_km, **given):
    """An AIS plot, good to 50 m."""
    return told(name, minute, east_km=east_km, kind="ais_plot", within=50.0, channel="ais", **given)


def placed(*more, **given):
    """The two boats of the small night, with these plots."""
    return associate((*two_boats(), *more), SEA, seed=1, **given)


def test_plots_of_another_craft_found_no_boat_and_count_nobody():
    """A fishing boat seen five times by one identity is no boat of the board: its plots are for a person to look at."""
    before = placed()
    plots = [plot(f"a-{k}", 5 + 10 * k, 60.0 + k, caller="f1" * 8) for k in range(5)]
    seen = placed(*plots)
    assert {b.name for b in seen.boats} == {b.name for b in before.boats}
    assert {seen.of(p.name).fate for p in plots} == {"unassigned"}
    reports = (*two_boats(), *plots)
    assert ledger_of(seen, reports).unaccounted == ledger_of(before, two_boats()).unaccounted


def test_a_plot_alone_is_nearly_always_of_another_craft():
    """A plot far from every boat is less probably of a small boat than an echo there."""
    assert CLUTTER["ais_plot"] > CLUTTER["radar_plot"] and "ais_plot" in KINDS
    seen = placed(plot("a-1", 30, 60.0))
    assert seen.of("a-1").fate == "unassigned"
    echo = placed(told("a-1", 30, east_km=60.0, kind="radar_plot", within=50.0))
    assert echo.of("a-1").fate == "new"


def test_a_plot_on_the_track_of_a_boat_is_hers_only_with_better_odds():
    """Where she must be, it is laid to her at 0.8 or more; where less is known it stays without a boat."""
    near = placed(plot("a-1", 22, 0.3), plot("a-2", 32, 0.35)).of("a-1")
    assert near.fate == "unassigned" or near.probability >= MERGE_RECOVERY
    ruled = placed(plot("a-1", 22, 0.3), constraints=Constraints(links=(("a-1", "r-0004"),)))
    assert ruled.of("a-1").boat == ruled.of("r-0004").boat is not None


def test_two_identities_are_two_craft():
    """However alike, plots of two identities never stand together; of one they may; a person may say otherwise."""
    one, other = plot("a-1", 22, 0.3, caller="f1" * 8), plot("a-2", 23, 0.3, caller="f2" * 8)
    linked = (("a-1", "r-0004"),)
    seen = placed(one, other, constraints=Constraints(links=linked))
    assert seen.of("a-1").boat is not None and seen.of("a-2").boat != seen.of("a-1").boat
    both = placed(one, other, constraints=Constraints(links=(*linked, ("a-1", "a-2"))))
    assert both.of("a-2").boat == both.of("a-1").boat is not None
    again = plot("a-2", 23, 0.3, caller="f1" * 8)
    same = placed(one, again, constraints=Constraints(links=linked))
    assert same.of("a-2").boat == same.of("a-1").boat
    assert "caller_of_ais" in {reason.key for reason in same.of("a-2").reasons}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_reasons_speak_of_ais_and_not_of_a_phone(language):
    """An AIS identity is no telephone."""
    one, again = plot("a-1", 22, 0.3, caller="f1" * 8), plot("a-2", 23, 0.3, caller="f1" * 8)
    seen = placed(one, again, constraints=Constraints(links=(("a-1", "r-0004"),)))
    (reason,) = (r for r in seen.of("a-2").reasons if r.key == "caller_of_ais")
    assert "AIS" in reason.text(language) and "a-1" in reason.text(language)
    assert "phon" not in reason.text(language)
