"""Search objects as mixtures of leeway classes."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.boats.life import ADRIFT, IN_THE_WATER, PHASES, SWAMPED, UNDER_WAY
from cordiale.boats.search_object import loaded, mean_downwind, search_object, search_objects
from cordiale.earth.errors import CordialeError


def test_the_default_of_the_strait_is_a_labelled_mixture():
    """No published class is an overloaded inflatable: several classes, and the source says judgement."""
    inflatable = search_object("inflatable")
    assert len(inflatable.classes) >= 4
    assert "judgement" in inflatable.source
    assert next(iter(search_objects())) == "inflatable"


def test_weights_of_every_search_object_sum_to_one():
    """A mixture is a probability."""
    for item in search_objects().values():
        assert sum(item.weights) == pytest.approx(1, abs=1e-12)
        assert item.source


def test_classes_are_drawn_by_their_weights():
    """Even numbers between 0 and 1 fall on the classes in proportion."""
    inflatable = search_object("inflatable")
    drawn = inflatable.draw_class((np.arange(10_000) + 0.5) / 10_000)
    shares = np.bincount(drawn, minlength=len(inflatable.classes)) / 10_000
    assert shares == pytest.approx(inflatable.weights, abs=1e-4)


def test_weights_that_do_not_sum_to_one_are_refused():
    """The message shows the sum."""
    with pytest.raises(CordialeError, match="kayak"):
        replace(search_object("kayak"), weights=(0.9,))


def test_an_unknown_search_object_is_refused_with_the_known_ones():
    """The message lists what there is."""
    with pytest.raises(CordialeError, match=r"submarine[\s\S]*person_in_water"):
        search_object("submarine")


def test_every_phase_of_every_search_object_is_a_mixture():
    """Weights in each phase sum to 1; a boat under way drifts as one adrift does."""
    for item in search_objects().values():
        for phase in range(len(PHASES)):
            assert sum(item.weights_in(phase)) == pytest.approx(1, abs=1e-12)
        assert item.weights_in(UNDER_WAY) == item.weights


def test_classes_are_drawn_by_the_weights_of_each_phase():
    """Particles of several phases at once: each phase has the shares of its own mixture."""
    what = search_object("small_boat_people")
    even = np.tile((np.arange(5000) + 0.5) / 5000, 2)
    phase = np.repeat([ADRIFT, IN_THE_WATER], 5000)
    drawn = what.draw_class(even, phase)
    for k in (ADRIFT, IN_THE_WATER):
        shares = np.bincount(drawn[phase == k], minlength=len(what.classes)) / 5000
        assert shares == pytest.approx(what.weights_in(k), abs=4e-4)


def test_a_class_without_weight_is_never_drawn():
    """Not even by the last number below 1."""
    what = search_object("small_boat")
    last = what.draw_class(np.array([np.nextafter(1.0, 0.0)]))[0]
    assert what.weights[last] > 0


def test_what_is_no_boat_makes_no_way():
    """A body, debris and people in the water are never under way; the boats are."""
    assert not any(search_object(key).has(UNDER_WAY) for key in ("body", "debris", "people_in_water"))
    assert all(search_object(key).has(UNDER_WAY) for key in ("inflatable", "small_boat", "taxi_boat"))
    assert search_object("people_in_water").first_phase == IN_THE_WATER


def test_more_people_drift_slower_and_no_coefficient_is_changed():
    """20 to 100 persons: the mean leeway falls with each load, from published lines only, weights still a mixture."""
    boat = search_object("small_boat")
    loads = [loaded(boat, persons, 8.0) for persons in (20, 33, 45, 60, 100)]
    speeds = [mean_downwind(load) for load in loads]
    assert speeds == sorted(speeds, reverse=True)
    assert speeds[2] == pytest.approx(mean_downwind(boat), rel=1e-6)
    assert all(load.classes == boat.classes for load in loads)
    assert loads[0].weights_in(SWAMPED) == boat.weights_in(SWAMPED)


def test_a_load_that_is_no_small_boats_is_refused():
    """The message shows the load."""
    with pytest.raises(CordialeError, match="500 persons in 8 m"):
        loaded(search_object("small_boat"), 500, 8.0)


def test_a_single_class_cannot_be_tilted():
    """A kayak is a kayak with any load."""
    assert loaded(search_object("kayak"), 2, 4.0) == search_object("kayak")
