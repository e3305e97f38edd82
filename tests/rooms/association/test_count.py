"""How many boats: what a lone report, small groups and echoes of a radar say of their number."""

import numpy as np
import pytest

from cordiale.association.associate import associate
from cordiale.association.count import OWN, OWN_UP_TO, own_boat
from cordiale.earth.units import hours, minutes
from tests.rooms.association.small_night import still_sea, told


def test_a_lone_call_is_one_boat():
    """There is nothing it could be a piece of: one boat, certainly, and she exists."""
    found = associate([told("r-0001", 0, east_km=0.0)], still_sea(), seed=1)
    assert found.count.law[1] > 0.95
    assert found.boats[0].existence > 0.95


def test_a_small_group_beside_many_may_be_a_piece_of_another():
    """The more messages a group has the surer it is a boat of its own; beside nobody each is."""
    beside_many = [own_boat(size, 40, 8 * hours) for size in (1, 2, 4, 8, 20)]
    assert beside_many == sorted(beside_many)
    assert beside_many[0] < 0.5 < beside_many[2] < beside_many[-1] < 1
    assert own_boat(1, 40, 10 * minutes) > 0.9  # little can have been told of her yet
    assert all(own_boat(size, 0, 8 * hours) == pytest.approx(1.0) for size in (1, 5, 30))


def test_the_kinds_of_night_are_shared_out_wholly():
    """Shares sum to 1, and each kind of night says something of every size."""
    assert sum(share for share, _ in OWN) == pytest.approx(1.0)
    assert all(len(chances) == len(OWN_UP_TO) + 1 and list(chances) == sorted(chances) for _, chances in OWN)


def test_laws_are_laws_and_those_afloat_are_fewer():
    """Both laws sum to 1; with one boat landed fewer are afloat than were told of."""
    reports = [told(f"r-{k:04d}", 3 * k, east_km=20.0 * k) for k in range(3)]
    reports.append(told("r-0009", 30, kind="landing", east_km=60.0))
    count = associate(reports, still_sea(), seed=1).count
    assert sum(count.law) == pytest.approx(1.0) and sum(count.afloat) == pytest.approx(1.0)
    mean, afloat = (float(np.arange(len(law)) @ np.array(law)) for law in (count.law, count.afloat))
    assert afloat < mean <= 4
    assert count.boats.least <= round(mean) <= count.boats.most
