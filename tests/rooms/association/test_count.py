"""How many boats: what a lone report, small groups and echoes of a radar say of their number."""

import numpy as np
import pytest

from cordiale.association.associate import associate
from cordiale.association.count import NIGHTS, OWN, OWN_UP_TO, TOLD, own_boat
from cordiale.earth.units import hours, minutes
from tests.rooms.association.small_night import still_sea, told


def test_a_lone_call_is_one_boat():
    """There is nothing it could be a piece of: one boat, certainly, and she exists."""
    found = associate([told("r-0001", 0, east_km=0.0)], still_sea(), seed=1)
    assert found.count.law[1] > 0.95
    assert found.boats[0].existence > 0.95


def of(kind, messages):
    """So many reports of one kind."""
    return [told(f"r-{k:04d}", 3 * k, kind=kind, east_km=0.0) for k in range(messages)]


@pytest.mark.parametrize("kind", ["sighting", "recovery", "distress_call"])
def test_a_small_group_beside_many_may_be_a_piece_of_another(kind):
    """The more messages a group has the surer it is a boat of its own; beside nobody each is."""
    beside_many = [own_boat(of(kind, size), 40, 8 * hours) for size in (1, 2, 4, 8, 20)]
    assert beside_many == sorted(beside_many)
    assert beside_many[0] < beside_many[-1] < 1
    assert own_boat(of(kind, 1), 40, 10 * minutes) > 0.9  # little can have been told of her yet
    assert all(own_boat(of(kind, size), 0, 8 * hours) == pytest.approx(1.0) for size in (1, 5, 30))


def test_who_told_of_a_small_group_tells_whether_it_is_a_boat():
    """Of a boat that was seen and never called the recovery is often all that is known; an echo is mostly a piece."""
    seen, called, recovered = (
        own_boat(of(kind, 1), 24, 8 * hours) for kind in ("sighting", "distress_call", "recovery")
    )
    assert seen < called < recovered
    assert own_boat([*of("sighting", 2), *of("distress_call", 1)], 24, 8 * hours) > own_boat(
        of("sighting", 3), 24, 8 * hours
    )


def test_the_more_groups_there_are_the_likelier_one_is_a_piece():
    """Doubt grows with the number of groups that it may be a piece of."""
    of_a_call = [own_boat(of("distress_call", 2), others, 8 * hours) for others in (0, 1, 5, 20, 80)]
    assert of_a_call == sorted(of_a_call, reverse=True)
    assert of_a_call[0] == pytest.approx(1.0) and of_a_call[-1] < 0.3


def test_the_kinds_of_night_are_shared_out_wholly():
    """Shares sum to 1, and every size and way of being heard of has a chance."""
    assert sum(share for share, _ in NIGHTS) == pytest.approx(1.0)
    assert OWN.shape == (len(OWN_UP_TO) + 1, TOLD + 1) and (OWN > 0).all() and (OWN < 1).all()
    assert (np.diff(OWN, axis=0) >= 0).all()


def test_laws_are_laws_and_those_afloat_are_fewer():
    """Both laws sum to 1; with one boat landed fewer are afloat than were told of."""
    reports = [told(f"r-{k:04d}", 3 * k, east_km=20.0 * k) for k in range(3)]
    reports.append(told("r-0009", 30, kind="landing", east_km=60.0))
    count = associate(reports, still_sea(), seed=1).count
    assert sum(count.law) == pytest.approx(1.0) and sum(count.afloat) == pytest.approx(1.0)
    mean, afloat = (float(np.arange(len(law)) @ np.array(law)) for law in (count.law, count.afloat))
    assert afloat < mean <= 4
    assert count.boats.least <= round(mean) <= count.boats.most
