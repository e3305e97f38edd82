"""Boats nobody has reported: a Poisson intensity that the sea moves, the shore ends and an empty search thins."""

import math

import numpy as np
import pytest

from cordiale.belief.region import containment_region, probability_map
from cordiale.belief.unreported import (
    CLUSTERED,
    POD_MOST,
    FirstReport,
    Launch,
    after_empty_search,
    expected_map,
    number_of,
    unreported,
)
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import distance
from cordiale.earth.instants import Span, utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours, minutes
from cordiale.sea.environment import the_strait
from tests.rooms.association.small_night import still_sea

AT = utc("2021-11-24 02:00")
BEACH = Position(lat=51.02, lon=2.10)


def launch(before: float = 2 * hours, boats: float = 3.0, **given) -> Launch:
    """Boats off Loon-Plage, so long before `AT`."""
    moment = AT - before
    return Launch(place=BEACH, at=Span(earliest=moment, latest=moment), boats=boats, **given)


def some(**given):
    """Three boats that left two hours ago, in a still sea."""
    return unreported([launch()], still_sea(), AT, seed=1, count=400, **given)


def test_the_weights_sum_to_boats_times_the_chance_of_no_report():
    """Without a shore, three boats that left at one instant are expected as often as nobody has reported them."""
    left = unreported([launch(at_std=0.0)], still_sea(), AT, seed=1, count=400)
    stated = 3.0 * float(FirstReport().not_yet(np.array([2 * hours]))[0])
    assert left.expected == pytest.approx(stated, rel=1e-9)
    assert left.weights.sum() == pytest.approx(left.expected, rel=1e-9)


def test_half_of_the_boats_are_reported_after_an_hour():
    """The chance of no report is 1 before the launch, 0.5 (to 0.01) after an hour, and falls from then on."""
    ages = np.array([-600.0, 0.0, 1 * hours, 4 * hours, 12 * hours])
    silent = FirstReport().not_yet(ages)
    assert silent[:2].tolist() == [1.0, 1.0]
    assert silent[2] == pytest.approx(0.5, abs=0.01)
    assert (np.diff(silent[1:]) < 0).all()


def test_boats_sail_from_their_own_beach_at_their_own_time():
    """At 4 kn they are some 15 km off after two hours; those that left just now are still off the beach."""
    off = [
        np.median(distance(np.full(300, BEACH.lat), np.full(300, BEACH.lon), cloud.lat, cloud.lon))
        for cloud in (
            unreported([launch(before)], still_sea(), AT, seed=1, count=300).cloud
            for before in (2 * hours, 30 * minutes)
        )
    ]
    assert 10_000 < off[0] < 20_000  # 4 kn for 2 h is 14.8 km; engines fail, the sea turns them
    assert off[1] < 6_000


def test_who_leaves_later_is_not_afloat():
    """A launch after the instant counts nothing; half of one that straddles it does."""
    assert unreported([launch(-2 * hours)], still_sea(), AT, seed=1, count=100).cloud is None
    both = [launch(at_std=0.0), launch(-2 * hours, at_std=0.0)]
    alone = unreported(both[:1], still_sea(), AT, seed=1, count=400).expected
    assert unreported(both, still_sea(), AT, seed=1, count=400).expected == pytest.approx(alone, rel=0.01)


def test_boats_that_landed_leave_the_intensity():
    """Of three boats off Loon-Plage half have landed after twelve hours (43 NM to Dungeness), none at once."""
    sea = the_strait()
    report = FirstReport(silent=1.0, seen=1000 * hours)  # nobody ever reports anybody
    left = [
        unreported([launch(before)], sea, AT, seed=1, count=100, first_report=report).expected
        for before in (12 * hours, 30 * minutes)
    ]
    assert left[0] < 1.7
    assert left[1] > 2.9


def test_an_empty_search_lowers_the_intensity_where_one_looked_and_nowhere_else():
    """Half of what lies in the east is found: those weights halve, the others stay, and the number falls."""
    before = some()
    east = before.cloud.lon > np.median(before.cloud.lon)
    after = after_empty_search(before, np.where(east, 0.5, 0.0))
    assert np.allclose(after.weights[~east], before.weights[~east], rtol=1e-12, atol=0)
    assert np.allclose(after.weights[east], 0.5 * before.weights[east], rtol=1e-12, atol=0)
    assert after.expected == pytest.approx(before.expected - 0.5 * before.weights[east].sum(), rel=1e-9)
    assert after.chance_of_any < before.chance_of_any


def test_two_searches_thin_as_their_product_in_either_order():
    """Thinning is multiplication: the order of two empty searches does not matter."""
    before = some()
    one, other = np.linspace(0, 0.9, len(before.cloud)), np.linspace(0.5, 0.1, len(before.cloud))
    there = after_empty_search(after_empty_search(before, one), other).weights
    back = after_empty_search(after_empty_search(before, other), one).weights
    assert np.allclose(there, back, rtol=1e-12, atol=0)


def test_no_search_deletes_the_truth():
    """A POD of 1 everywhere leaves one part in a hundred."""
    before = some()
    after = after_empty_search(before, np.ones(len(before.cloud)))
    assert after.expected == pytest.approx((1 - POD_MOST) * before.expected, rel=1e-9)


def test_the_map_holds_expected_numbers_of_boats():
    """Its cells are those of the probability map, and they sum to the expected number."""
    boats = some(expected=4.2)
    chart = expected_map(boats)
    assert chart.mass.sum() == pytest.approx(4.2, rel=1e-9)
    assert chart.row.tolist() == probability_map(boats.cloud).row.tolist()
    assert containment_region(boats.cloud, 0.5).area > 0


def test_the_same_seed_gives_the_same_cloud():
    """Equal to the last bit for one seed, another cloud for another."""
    first, again = some(), some()
    other = unreported([launch()], still_sea(), AT, seed=2, count=400)
    assert (first.cloud.lat == again.cloud.lat).all()
    assert (first.cloud.lat != other.cloud.lat).any()


def test_the_interval_of_the_number_is_that_of_the_negative_binomial_law():
    """Tails of at most 5 % on each side, by the law summed another way; wider than Poisson's; none where none is."""
    mean = 4.0
    size, chance = mean / (CLUSTERED - 1), 1 / CLUSTERED
    law = [
        math.exp(math.lgamma(size + k) - math.lgamma(size) - math.lgamma(k + 1)) * chance**size * (1 - chance) ** k
        for k in range(200)
    ]
    number = number_of(mean)
    least, most = int(number.least), int(number.most)
    assert sum(law[:least]) <= 0.05 < sum(law[: least + 1])
    assert sum(law[most + 1 :]) <= 0.05 < sum(law[most:])
    assert most > 8  # the 95 % point of Poisson's law of mean 4
    assert number_of(0.0).most == 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: launch(boats=-1.0),
        lambda: launch(place_std=math.nan),
        lambda: FirstReport(silent=1.5),
        lambda: unreported([], still_sea(), AT, seed=1),
        lambda: unreported([launch()], still_sea(), AT, seed=1, count=0),
        lambda: unreported([launch()], still_sea(), AT, seed=1, expected=-2.0),
        lambda: after_empty_search(some(), np.zeros(3)),
        lambda: after_empty_search(some(), np.full(400, 1.2)),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_hint(wrong):
    """Every refusal says what was given and what to do."""
    with pytest.raises(CordialeError, match="hint:"):
        wrong()
