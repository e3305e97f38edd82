"""Clouds that did not drift, as wide as a forecast."""

import math

import numpy as np
import pytest

from cordiale.belief.region import containment_region
from cordiale.belief.undrifted import undrifted
from cordiale.earth.geodesy import destination
from cordiale.earth.position import Position

from .clouds import MID_STRAIT as START
from .clouds import cloud

RADIUS_95 = math.sqrt(-2 * math.log(0.05))  # of a round normal cloud, in standard deviations


def test_at_the_middle_of_a_normal_cloud_the_undrifted_one_is_as_dense_as_the_cloud():
    """A cloud that has only widened about its start equals its undrifted twin: 1 / (2 pi s2) at the middle."""
    spread = 2000.0
    region = containment_region(cloud(within=RADIUS_95 * spread, count=20_000), 0.9)
    found = undrifted(region, start=START, place=START)
    assert found.normal == pytest.approx(1 / (2 * math.pi * spread**2), rel=0.06)  # the area is right to 5 %


def test_the_even_cloud_ends_at_its_rim_and_the_normal_one_does_not():
    """Inside its radius the disc has one density, outside none."""
    region = containment_region(cloud(within=2500.0, count=5_000), 0.9)
    radius = math.sqrt(region.area / math.pi)
    near, far = (destination(START.lat, START.lon, 0.0, part * radius) for part in (0.99, 1.01))
    inside = undrifted(region, start=START, place=Position(lat=float(near[0]), lon=float(near[1])))
    outside = undrifted(region, start=START, place=Position(lat=float(far[0]), lon=float(far[1])))
    assert inside.even == pytest.approx(0.9 / region.area)
    assert outside.even == 0.0
    assert 0 < outside.normal < inside.normal
    assert np.isfinite(outside.normal)
