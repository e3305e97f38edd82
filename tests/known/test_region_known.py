"""The region estimator against the circular normal law: the region of p has the area 2 pi s2 ln(1/(1-p))."""

import math

import numpy as np
import pytest

from cordiale.belief.density import density_at, density_of, highest_density
from cordiale.earth.geodesy import destination
from cordiale.earth.units import km

COUNT = 5000
SEEDS = range(12)
FRESH = 20_000


def normal_cloud(std: float, seed: int, count: int = COUNT):
    """Positions of a circular normal cloud about mid-strait."""
    z = np.random.default_rng(seed).standard_normal((2, count)) * std
    return destination(51.0, 1.5, z[0], z[1])


@pytest.mark.parametrize("probability", [0.5, 0.9])
@pytest.mark.parametrize("std", [300.0, 1000.0, 3000.0, 8000.0])
def test_areas_of_a_normal_cloud_are_right_from_300_metres_to_8_kilometres(std, probability):
    """Each of twelve clouds within 6 % of the closed form (sampling error 2 %), their mean within 2.5 %."""
    truth = 2 * math.pi * std**2 * math.log(1 / (1 - probability))
    ratios = []
    for seed in SEEDS:
        lat, lon = normal_cloud(std, seed)
        ratios.append(highest_density(density_of(lat, lon, np.full(COUNT, 1 / COUNT)), probability).area / truth)
    assert max(abs(np.array(ratios) - 1)) < 0.06
    assert np.mean(ratios) == pytest.approx(1, abs=0.025)


@pytest.mark.parametrize("probability", [0.5, 0.9])
@pytest.mark.parametrize("std", [300.0, 8000.0])
def test_regions_hold_fresh_draws_as_often_as_they_say(std, probability):
    """New draws from the same law, unseen by the estimator, fall inside with the probability stated, to 1 %."""
    held = []
    for seed in SEEDS:
        density = density_of(*normal_cloud(std, seed), np.full(COUNT, 1 / COUNT))
        limit = highest_density(density, probability).limit
        held.append(float((density_at(density, *normal_cloud(std, seed + 1000, FRESH)) >= limit).mean()))
    assert np.mean(held) == pytest.approx(probability, abs=0.01)


def test_two_clouds_far_apart_are_not_smeared_into_one():
    """Exclusive readings 20 km apart: the area is that of two small clouds, not of the sea between them."""
    lat, lon = normal_cloud(300.0, 1)
    lon = lon + np.where(np.arange(COUNT) % 2 == 0, 0.0, 0.285)
    area = highest_density(density_of(lat, lon, np.full(COUNT, 1 / COUNT)), 0.9).area
    assert area == pytest.approx(2 * 2 * math.pi * 300.0**2 * math.log(10), rel=0.08)


def test_a_thin_bent_cloud_keeps_its_shape():
    """An arc of 20 km, 300 m of standard deviation across: 90 % lie within 1.645 standard deviations of the line."""
    rng = np.random.default_rng(4)
    angle = rng.uniform(0, 2.5, COUNT)
    radius = 8 * km + 300.0 * rng.standard_normal(COUNT)
    lat, lon = destination(51.0, 1.5, radius * np.cos(angle), radius * np.sin(angle))
    area = highest_density(density_of(lat, lon, np.full(COUNT, 1 / COUNT)), 0.9).area
    assert area == pytest.approx(2.5 * 8 * km * 2 * 1.645 * 300.0, rel=0.12)


def test_weights_count_and_not_the_number_of_particles():
    """A cloud of half the particles with double weight gives the area of the weighted law."""
    lat, lon = normal_cloud(2000.0, 7, 20_000)
    east, north = (lon - 1.5) * 70_200, (lat - 51.0) * 111_250
    weight = np.exp(-(east**2 + north**2) / (2 * 2000.0**2))  # normal law x normal law: half the variance
    weight /= weight.sum()
    area = highest_density(density_of(lat, lon, weight), 0.9).area
    assert area == pytest.approx(2 * math.pi * 2000.0**2 / 2 * math.log(10), rel=0.05)
