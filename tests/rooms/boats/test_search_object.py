"""Search objects as mixtures of leeway classes."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.boats.search_object import search_object, search_objects
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
