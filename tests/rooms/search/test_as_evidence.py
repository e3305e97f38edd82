"""Searches handed down to the association."""

import numpy as np

from cordiale.association.searched import WORTHLESS
from cordiale.search.as_evidence import BOAT, as_evidence
from cordiale.search.result import WORTHLESS as FLOOR
from cordiale.search.result import Flown
from cordiale.sensors.tables import packaged_tables


def flown(**widths):
    """A search of three fixes, on the second leg of which nobody looked."""
    return Flown(
        name="first",
        asset="cutter",
        at=np.array([0.0, 600.0, 1200.0]),
        lat=np.array([51.0, 51.1, 51.0]),
        lon=np.array([1.5, 1.5, 1.6]),
        widths=widths,
        searching=np.array([True, False]),
    )


def test_a_search_goes_down_with_its_track_and_the_width_for_a_boat():
    """Fixes, legs and width as they are, the doubt not below the floor that both rooms share."""
    (told,) = as_evidence([flown(**{BOAT: 2000.0, "piw": 100.0})])
    assert (told.at, told.lat, told.width) == ((0.0, 600.0, 1200.0), (51.0, 51.1, 51.0), 2000.0)
    assert told.looked == (True, False)
    assert told.doubt == FLOOR == WORTHLESS
    assert BOAT in packaged_tables().phases.values()


def test_a_search_for_people_in_the_water_says_nothing_of_boats():
    """Without a sweep width for a boat it is left out."""
    assert as_evidence([flown(piw=100.0)]) == ()
