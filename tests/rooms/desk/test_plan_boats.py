"""As how much of a boat each boat of the picture is sought."""

import pytest

from cordiale.association.associate import associate
from cordiale.association.disposition import Boat
from cordiale.desk.plan_boats import sought_as
from tests.rooms.association.small_night import still_sea, told


def test_a_piece_of_another_boat_is_sought_as_half_a_boat():
    """People may be there either way; what may be nothing at all counts less, and nothing is left out altogether."""
    counted = [
        sought_as(Boat(name="B-1", first_report="r-1", reports=("r-1",), chain=(), existence=own, somebody=somebody))
        for own, somebody in ((1.0, 1.0), (0.04, 1.0), (0.01, 0.3), (0.0, 0.0))
    ]
    assert counted == pytest.approx([1.0, 0.52, 0.155, 0.001])


def test_a_lone_sighting_among_many_boats_is_still_sought():
    """Among thirty others a sighting hours old is mostly a piece of one of them; no search passes it over."""
    others = [told(f"r-{k:04d}", 3 * k, east_km=12.0 * k) for k in range(30)]
    found = associate([told("r-0100", 0, kind="sighting", east_km=-30.0), *others], still_sea(), seed=1)
    (lone,) = [boat for boat in found.boats if "r-0100" in boat.reports]
    assert lone.existence < 0.6 < lone.somebody
    assert sought_as(lone) > 0.4
