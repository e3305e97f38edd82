"""Astronomical arguments: shapes, names and the algebra of shallow-water constituents."""

import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.sea.astronomy import CONSTITUENTS, arguments, nodal_factors, phasors

NIGHT = utc("2021-11-24")


def test_one_instant_and_many_give_the_same_phasors():
    """A vector of instants gives, column by column, what each instant gives alone, to rounding."""
    names = tuple(CONSTITUENTS)
    at = NIGHT + 3600.0 * np.arange(5)
    together = phasors(names, at)
    assert together.shape == (len(names), 5)
    for k in range(5):
        assert np.allclose(phasors(names, float(at[k])), together[:, k], atol=1e-9)


@pytest.mark.parametrize(
    ("child", "parents"),
    [
        ("M4", {"M2": 2}),
        ("MS4", {"M2": 1, "S2": 1}),
        ("MN4", {"M2": 1, "N2": 1}),
        ("M6", {"M2": 3}),
        ("2MS6", {"M2": 2, "S2": 1}),
        ("MU2", {"M2": 2, "S2": -1}),
        ("2SM2", {"S2": 2, "M2": -1}),
        ("MSF", {"S2": 1, "M2": -1}),
    ],
)
def test_a_shallow_water_constituent_adds_the_arguments_of_its_parents(child, parents):
    """V of a compound tide is the sum of its parents' V, whole turns apart, to 1e-9 turns."""
    total = sum(count * arguments((name,), NIGHT)[0] for name, count in parents.items())
    turns = (arguments((child,), NIGHT)[0] - total) / (2 * np.pi)
    assert abs(turns - round(turns)) < 1e-9


def test_the_sun_alone_has_no_nodal_factor():
    """S2, T2 and P1 come from the Sun; the Moon's orbit does not change them."""
    assert np.array_equal(nodal_factors(("S2", "T2", "P1", "Z0"), NIGHT), np.ones(4))


def test_an_unknown_constituent_is_named_with_the_known_ones():
    """A typing slip is answered with the value and what to write instead."""
    with pytest.raises(CordialeError, match=r"'M3'.*\n\nhint: use one of: Z0, MSF"):
        phasors(("M2", "M3"), NIGHT)
