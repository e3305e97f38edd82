"""Probability map, regions and the digest."""

import math

import numpy as np
import pytest

from cordiale.belief.belief import Belief
from cordiale.belief.plane import from_plane, to_plane
from cordiale.belief.region import containment_region, digest, probability_map
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import distance
from cordiale.earth.position import Position

from .clouds import MID_STRAIT, cloud


def ring_area(ring: np.ndarray) -> float:
    """Square metres inside a ring of (lat, lon)."""
    x, y = to_plane(ring[:, 0], ring[:, 1])
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def test_the_map_sums_to_one_and_has_no_empty_cells():
    """Probability of containment over all cells is the whole probability."""
    chart = probability_map(cloud(within=4000.0))
    assert chart.mass.sum() == pytest.approx(1, abs=1e-12)
    assert chart.mass.min() > 0


def test_cells_lie_where_their_particles_are():
    """Every particle is inside the corners of a cell of the map, and cells are 500 m wide."""
    belief = cloud(count=50, within=4000.0)
    lat, lon = probability_map(belief).corners()
    for k in range(len(belief)):
        inside = (
            (lat.min(axis=1) <= belief.lat[k])
            & (belief.lat[k] <= lat.max(axis=1))
            & (lon.min(axis=1) <= belief.lon[k])
            & (belief.lon[k] <= lon.max(axis=1))
        )
        assert inside.any()
    width = distance(lat[:, 0], lon[:, 0], lat[:, 1], lon[:, 1])
    assert width == pytest.approx(np.full(width.shape, 500.0), rel=1e-3)


def test_the_grid_does_not_move_with_the_cloud():
    """Two clouds share the cells where they overlap: the grid is anchored at 51 N 1.5 E."""
    here = probability_map(cloud(within=2000.0))
    there = probability_map(cloud(within=2000.0, position=Position(lat=51.01, lon=1.52), seed=2))
    assert set(zip(here.row.tolist(), here.column.tolist(), strict=True)) & set(
        zip(there.row.tolist(), there.column.tolist(), strict=True)
    )


def test_the_plane_can_be_left_again():
    """Degrees to plane and back to a millimetre, over the whole strait."""
    lat, lon = np.meshgrid(np.linspace(50, 52, 9), np.linspace(0, 3, 7))
    back_lat, back_lon = from_plane(*to_plane(lat, lon))
    assert distance(lat, lon, back_lat, back_lon).max() < 1e-3  # m


def test_the_digest_is_the_same_for_the_same_cloud_and_differs_for_another():
    """Equal seeds give equal digests; a moved particle's worth of mass changes it."""
    one, same, other = (digest(probability_map(cloud(seed=s))) for s in (1, 1, 2))
    assert one == same
    assert one != other


def test_the_digest_forgives_a_nanometre_and_the_order_of_the_particles():
    """Two machines may differ in the last bits and in the order of their sums."""
    belief = cloud(count=4000)
    shuffled = belief.only(np.random.default_rng(1).permutation(4000))
    moved = _shifted(shuffled, 1e-14)
    assert digest(probability_map(belief)) == digest(probability_map(moved))


def _shifted(belief: Belief, degrees: float) -> Belief:
    belief.lat.setflags(write=True)
    belief.lat[:] = belief.lat + degrees
    return belief


def test_regions_nest_and_hold_their_share_of_the_particles():
    """50 % lies inside 90 %, and each holds its share of the cloud."""
    belief = cloud(within=3000.0, count=5000)
    half, most = containment_region(belief, 0.5), containment_region(belief, 0.9)
    assert half.area < most.area
    assert half.holds(belief.lat, belief.lon).mean() == pytest.approx(0.5, abs=0.001)
    assert most.holds(belief.lat, belief.lon).mean() == pytest.approx(0.9, abs=0.001)


def test_the_rings_enclose_the_area():
    """The contour drawn is the region counted: areas agree to 2 %."""
    region = containment_region(cloud(within=3000.0, count=5000), 0.9)
    assert sum(ring_area(ring) for ring in region.rings) == pytest.approx(region.area, rel=0.02)


def test_the_centre_and_the_densest_place_of_a_round_cloud_are_its_fix():
    """Mean and mode of a circular cloud lie near the fix."""
    region = containment_region(cloud(within=1000.0, count=5000), 0.9)
    assert (
        distance(region.centre.lat, region.centre.lon, MID_STRAIT.lat, MID_STRAIT.lon) < 20
    )  # m: 400 / sqrt(5000) x 3
    assert distance(region.densest.lat, region.densest.lon, MID_STRAIT.lat, MID_STRAIT.lon) < 250  # m: the top is flat


def test_a_region_says_what_a_coordinator_would_say():
    """Time, share, area, centre."""
    region = containment_region(cloud(within=1000.0, count=5000), 0.9)
    assert str(region).startswith("0200Z: 90 % within 2.")
    assert math.isclose(region.area / 1e6, 2 * math.pi * (1 / 2.4477) ** 2 * math.log(10), rel_tol=0.06)


def test_a_certain_region_is_refused():
    """A region of probability 1 would be the whole sea."""
    with pytest.raises(CordialeError, match="is 1"):
        containment_region(cloud(count=10), 1.0)
