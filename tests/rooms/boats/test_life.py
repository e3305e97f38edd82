"""The life of a small boat as data: rates, wind, what cannot be."""

import math

import numpy as np
import pytest

from cordiale.boats.life import (
    ADRIFT,
    BEACHED,
    DEBRIS,
    IN_LIFEJACKETS,
    IN_THE_WATER,
    NO_LIFE,
    PHASES,
    STANDARD_LIFE,
    SWAMPED,
    TOWED,
    UNDER_WAY,
    Transition,
    effective_lifejackets,
    life_cycle,
    life_cycles,
    rate,
    with_mean,
)
from cordiale.boats.propulsion import SMALL_BOAT
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import hours


def way(life, before, after):
    """The transition of a life between two phases."""
    return next(t for t in life.transitions if (t.before, t.after) == (before, after))


def test_every_transition_has_a_source_or_says_judgement():
    """A number without a source is a bug."""
    for life in life_cycles().values():
        assert life.transitions
        assert all("judgement" in t.source or "MAIB" in t.source for t in life.transitions)


def test_the_engine_fails_as_soon_in_her_life_as_in_the_prior_of_her_way():
    """One figure in two places: the life restarts engines that last as long as the first did."""
    for life in life_cycles().values():
        assert life.mean(UNDER_WAY, ADRIFT) == pytest.approx(SMALL_BOAT.time_to_failure)


def test_nothing_comes_after_debris_and_no_boat_tows_itself():
    """Debris is the end; a tow begins and ends by a report alone."""
    for life in life_cycles().values():
        assert life.out_of(DEBRIS) == ()
        assert all(TOWED not in (t.before, t.after) for t in life.transitions)
    with pytest.raises(CordialeError, match="debris"):
        Transition(before=DEBRIS, after=ADRIFT, mean=1 * hours, source="judgement")


def test_people_never_become_debris_and_a_hull_never_swims():
    """Each life follows what it is named for."""
    assert all(t.after != DEBRIS for t in life_cycle("people").transitions)
    assert all(t.after not in (IN_THE_WATER, IN_LIFEJACKETS) for t in life_cycle("hull").transitions)


def test_a_stronger_wind_swamps_sooner_and_the_engine_does_not_care():
    """Twice the rate for each 3 m/s, the mean of the table at 5 m/s, and no more beyond 25 m/s."""
    swamps = way(STANDARD_LIFE, ADRIFT, SWAMPED)
    at = rate(swamps, np.array([2.0, 5.0, 8.0, 25.0, 40.0]))
    assert at[1] == pytest.approx(1 / swamps.mean)
    assert at[2] / at[1] == pytest.approx(2)
    assert at[0] / at[1] == pytest.approx(0.5)
    assert at[4] == at[3]
    engine = way(STANDARD_LIFE, ADRIFT, UNDER_WAY)
    assert len(set(rate(engine, np.array([0.0, 20.0])))) == 1


def test_one_in_four_lifejackets_works():
    """The judged share, as the rates out of the swamped boat say it."""
    assert effective_lifejackets(STANDARD_LIFE) == pytest.approx(0.25)
    assert effective_lifejackets(NO_LIFE) == 0


def test_a_user_replaces_a_mean_time_and_says_whose_it_is():
    """The packaged life stays as it is; a way that does not exist cannot be replaced."""
    mine = with_mean(STANDARD_LIFE, ADRIFT, SWAMPED, 3 * hours, "duty officer, tonight")
    assert mine.mean(ADRIFT, SWAMPED) == 3 * hours
    assert way(mine, ADRIFT, SWAMPED).source == "duty officer, tonight"
    assert STANDARD_LIFE.mean(ADRIFT, SWAMPED) != 3 * hours
    with pytest.raises(CordialeError, match="no way from debris"):
        with_mean(STANDARD_LIFE, DEBRIS, ADRIFT, 1 * hours, "nobody")


@pytest.mark.parametrize("wrong", [{"mean": 0.0}, {"mean": math.nan}, {"doubles_per": -1.0}, {"within": 0.0}])
def test_a_mean_time_or_a_dependence_that_is_not_positive_is_refused(wrong):
    """The message names the value."""
    with pytest.raises(CordialeError, match="greater than 0"):
        Transition(**{"before": ADRIFT, "after": SWAMPED, "mean": 1 * hours, "source": "judgement", **wrong})


def test_an_unknown_life_is_refused_with_the_known_ones():
    """The message lists what there is."""
    with pytest.raises(CordialeError, match=r"cat[\s\S]*people"):
        life_cycle("cat")
    assert life_cycle("none") is NO_LIFE


def test_the_phases_have_one_name_each():
    """The numbers of the phases are places in the list of names."""
    assert len(set(PHASES)) == len(PHASES) == 9
    assert PHASES[BEACHED] == "beached"
