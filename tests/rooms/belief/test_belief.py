"""A belief: what it says and how its particles are taken apart and put together."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.belief.belief import joined, under_way
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc

from .clouds import cloud


def test_a_belief_says_what_a_coordinator_would_say():
    """Time, object, 95 % area, centre: `0430Z inflatable: 95 % within 5.0 km2 around 50 59.4N 001 34.2E`."""
    belief = cloud(at=utc("2021-11-24 04:30"), what="inflatable", count=5000, within=1262.0)
    assert str(belief).startswith("0430Z inflatable: 95 % within ")
    assert str(belief).endswith(" km2 around 51 00.0N 001 30.0E")
    area = float(str(belief).split("within ")[1].split(" ")[0])
    assert area == pytest.approx(5.0, abs=0.3)  # km2: pi x 1.262^2


def test_a_belief_speaks_french():
    """The same sentence from the French catalogue, with a decimal comma."""
    text = cloud(count=200).sentence("fr")
    assert "95 % dans" in text
    assert "," in text.split("km2")[0]


def test_some_of_the_particles_are_a_belief_of_their_own():
    """Weights sum to 1 again and everything a particle carries goes with it."""
    belief = cloud(count=100, what="inflatable")
    some = belief.only(belief.side > 0)
    assert some.weight.sum() == pytest.approx(1)
    assert np.array_equal(some.ids, belief.ids[belief.side > 0])
    assert some.current_error.shape == (len(some), 2)


def test_parts_put_together_are_the_whole():
    """Taking apart and joining keeps every particle once."""
    belief = cloud(count=100)
    whole = joined(belief.only(belief.side > 0), belief.only(belief.side < 0))
    assert sorted(whole.ids.tolist()) == belief.ids.tolist()
    assert whole.weight.sum() == pytest.approx(1)


def test_a_belief_without_particles_is_refused():
    """A boat never ends because its particles ran out."""
    belief = cloud(count=10)
    with pytest.raises(CordialeError, match="no particles"):
        belief.only(np.zeros(10, dtype=np.bool_))


def test_effective_count_falls_with_uneven_weights():
    """Equal weights count fully; one heavy particle counts as one."""
    belief = cloud(count=100)
    assert belief.effective_count == pytest.approx(100)
    belief.weight[:] = 1e-9
    belief.weight[0] = 1.0
    assert belief.effective_count == pytest.approx(1, abs=1e-3)


def test_who_makes_way_has_speed_and_an_engine_that_still_runs():
    """Adrift, stopped and stranded particles make no way."""
    belief = cloud(count=50, under_way=1.0)
    assert under_way(belief).all()
    belief.engine_stops[:] = belief.at
    assert not under_way(belief).any()


def test_a_cloud_astride_the_date_line_has_its_middle_there():
    """Half at 179.9 east, half at 179.9 west, or written as 180.1: the middle is 180, not Greenwich."""
    belief = cloud(count=10)
    for east in (-179.9, 180.1):
        lon = np.where(np.arange(10) < 5, 179.9, east)
        assert abs(abs(replace(belief, lon=lon).centre.lon) - 180.0) < 1e-9
