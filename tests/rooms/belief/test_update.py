"""Reports as evidence: Bayes with a floor on both sides."""

import math

import numpy as np
import pytest

from cordiale.belief.belief import under_way
from cordiale.belief.report import Area, RangeBearing
from cordiale.belief.update import CLOUD_WRONG, REPORT_WRONG, SEA_AREA, log_evidence, update
from cordiale.earth.geodesy import destination, distance
from cordiale.earth.position import Position
from cordiale.earth.units import NM, hours, minutes
from cordiale.sea.analytic import UniformCurrent, analytic_sea

from .clouds import NIGHT, cloud, fix, report, spread

FLOOR = math.log(1 / SEA_AREA * (REPORT_WRONG + (1 - REPORT_WRONG) * CLOUD_WRONG))


def square(lat: float, lon: float, half: float) -> Area:
    """A square area of 2 half metres a side."""
    corners = []
    for east, north in ((-half, -half), (half, -half), (half, half), (-half, half)):
        y, x = destination(lat, lon, east, north)
        corners.append(Position(lat=float(y), lon=float(x)))
    return Area(corners=tuple(corners))


def test_no_evidence_changes_nothing():
    """A report without a position and without a word about the engine leaves the belief as it is."""
    belief = cloud(count=50)
    assert update(belief, report()) is belief
    assert log_evidence(belief, report()) == 0


@pytest.mark.parametrize("offset", [0.0, 1000.0, 2000.0])
def test_the_evidence_of_a_fix_is_the_normal_density_of_both_errors_together(offset):
    """Two normal laws: the density of their difference, in 1/m2; smoothing widens the cloud by some per cent."""
    belief = cloud(within=2447.75, count=5000)  # 1000 m of standard deviation
    lat, lon = destination(51.0, 1.5, offset, 0.0)
    evidence = math.exp(log_evidence(belief, report(fix(float(lat), float(lon), 1223.9))))
    variance = 1000.0**2 + 500.0**2
    assert evidence == pytest.approx(math.exp(-(offset**2) / (2 * variance)) / (2 * math.pi * variance), rel=0.10)


def test_the_evidence_of_a_sharp_fix_is_the_density_of_the_cloud():
    """A pin of 20 m in a cloud of 1 km: no particle need lie under it."""
    belief = cloud(within=2447.75, count=5000)
    evidence = math.exp(log_evidence(belief, report(fix(51.0, 1.5, 20.0))))
    assert evidence == pytest.approx(1 / (2 * math.pi * 1000.0**2), rel=0.12)


@pytest.mark.parametrize("half", [50.0, 500.0, 20_000.0])
def test_the_evidence_of_an_area_is_the_mean_density_of_the_cloud_in_it(half):
    """Narrower or wider than the cloud: probability inside over the area."""
    belief = cloud(within=2447.75, count=5000)
    inside = math.erf(half / 1000.0 / math.sqrt(2)) ** 2
    evidence = math.exp(log_evidence(belief, report(square(51.0, 1.5, half))))
    assert evidence == pytest.approx(inside / (2 * half) ** 2, rel=0.10)


def test_the_evidence_of_a_range_and_bearing_agrees_with_a_fix_of_the_same_spread():
    """20 NM off with 1 % and 0.573 degrees is round: as good as a fix of 370 m standard deviation.

    Both against the closed form to 0.08: one is sampled from the adaptive density, the other summed over equal kernels.
    """
    lat, lon = destination(51.0, 1.5, -20 * NM, 0.0)
    origin = Position(lat=float(lat), lon=float(lon))
    place = RangeBearing(origin=origin, range=20 * NM, range_std=0.2 * NM, bearing=90.0, bearing_std=0.573)
    belief = cloud(within=2447.75, count=5000)
    same = report(fix(51.0, 1.5, 370.4 * 2.44775))
    exact = -math.log(2 * math.pi * (1000.0**2 + 370.4**2))
    assert log_evidence(belief, report(place)) == pytest.approx(exact, abs=0.08)
    assert log_evidence(belief, same) == pytest.approx(exact, abs=0.08)


def test_the_evidence_of_exclusive_readings_is_their_mean():
    """One reading in the cloud, one far away: half the evidence of the first."""
    belief = cloud(within=2447.75, count=3000)
    alone = log_evidence(belief, report(fix(51.0, 1.5)))
    either = log_evidence(belief, report(fix(51.0, 1.5), fix(51.6, 2.6)))
    assert either == pytest.approx(alone - math.log(2), abs=1e-3)


def test_the_evidence_of_a_report_far_away_ends_at_the_floor():
    """Never minus infinity: cloud or report may be wrong."""
    assert log_evidence(cloud(), report(fix(50.3, 0.4))) == pytest.approx(FLOOR, abs=1e-6)


def test_a_span_of_time_is_evidence_along_the_way():
    """A pin of unknown time: particles have met it at some instant within the span, and the belief ends at its end."""
    sea = analytic_sea(UniformCurrent(eastward=1.0, northward=0.0))
    belief = cloud(within=500.0, count=3000)
    lat, lon = destination(51.0, 1.5, 3600.0, 0.0)
    half_way = fix(float(lat), float(lon), 300.0)
    spanned = report(half_way, at=NIGHT, until=NIGHT + 2 * hours)
    assert log_evidence(belief, spanned, sea) > log_evidence(belief, spanned) + 5
    after = update(belief, spanned, sea)
    assert after.at == NIGHT + 2 * hours
    gone = (after.lon[after.weight > after.weight.max() / 10] - 1.5) * 70_160
    assert gone.mean() == pytest.approx(7200, abs=150)  # m: two hours from the start, wherever the pin was dropped


def test_places_from_the_report_alone_drift_to_the_end_of_its_span_too():
    """Two hours of a span, a cloud far away: what the report alone says has drifted as long as the rest."""
    sea = analytic_sea(UniformCurrent(eastward=1.0, northward=0.0))
    after = update(cloud(within=500.0), report(fix(51.3, 1.9, 300.0), until=NIGHT + 2 * hours, state="adrift"), sea)
    fresh = (after.lat > 51.25) & (after.lon > 1.85)
    drifted = (after.lon[fresh] - 1.9) * 69_740  # m
    assert drifted.min() > -400
    assert drifted.max() > 6500
    assert np.average(drifted) == pytest.approx(3600, abs=600)


def test_a_broad_report_weights_the_particles_and_keeps_them():
    """When the cloud covers the report well, positions stay and only weights change."""
    belief = cloud(within=2000.0)
    after = update(belief, report(fix(51.005, 1.505, 4000.0)))
    assert np.array_equal(after.lat, belief.lat)
    assert np.array_equal(after.ids, belief.ids)
    assert after.weight.sum() == pytest.approx(1)


def test_a_sharp_fix_gives_the_normal_posterior():
    """A cloud of 1 km and a pin of 50 m standard deviation at its rim: the pin, with nearly the pin's spread."""
    belief = cloud(within=2447.75, count=4000)
    lat, lon = destination(51.0, 1.5, 1500.0, 0.0)
    after = update(belief, report(fix(float(lat), float(lon), 122.4)))
    near = distance(lat, lon, after.lat, after.lon) < 300
    assert after.weight[near].sum() > 0.99
    main = after.only(near)
    assert spread(main)[0] == pytest.approx(50, rel=0.15)  # m
    assert spread(main)[1] == pytest.approx(50, rel=0.15)
    assert len(after) == len(belief)
    assert len(set(after.ids.tolist())) == len(after)


def test_a_small_area_fills_with_the_cloud():
    """A square of 400 m in a cloud of 2 km: inside it, evenly."""
    belief = cloud(within=4900.0, count=4000)
    after = update(belief, report(square(51.0, 1.5, 200.0)))
    near = distance(51.0, 1.5, after.lat, after.lon) < 290
    main = after.only(near)
    assert after.weight[near].sum() > 0.98
    assert spread(main)[0] == pytest.approx(400 / math.sqrt(12), rel=0.12)


def test_a_wrong_report_cannot_delete_the_truth():
    """A pin 40 km away: part of the belief stays, and a second report at the old place brings it all back."""
    belief = cloud(within=1000.0, count=3000)
    misled = update(belief, report(fix(51.3, 1.9, 100.0), name="wrong"))
    stays = distance(51.0, 1.5, misled.lat, misled.lon) < 3000
    assert stays.sum() >= 0.02 * 3000
    assert 0.3 < misled.weight[stays].sum() < 0.7  # both errors are equally likely
    healed = update(misled, report(fix(51.0, 1.5, 400.0), name="right"))
    home = distance(51.0, 1.5, healed.lat, healed.lon) < 1000
    assert healed.weight[home].sum() > 0.95


def test_a_cloud_that_was_wrong_gives_way_to_two_reports_that_agree():
    """The boat is not where the cloud is: the second pin at the new place settles it."""
    once = update(cloud(within=1000.0), report(fix(51.3, 1.9, 400.0), name="a"))
    twice = update(once, report(fix(51.3, 1.9, 400.0), name="b"))
    assert twice.weight[distance(51.3, 1.9, twice.lat, twice.lon) < 1000].sum() > 0.95


def test_attributes_follow_the_evidence():
    """A pin ahead of the cloud makes boats under way more likely than boats adrift."""
    still = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0))
    belief = cloud(within=300.0, count=6000, under_way=0.5, what="inflatable")
    lat, lon = destination(51.0, 1.5, -4500.0, 2500.0)
    after = update(belief, report(fix(float(lat), float(lon), 500.0), at=NIGHT + 1 * hours), still)
    assert after.weight[after.way_speed > 0].sum() > 0.9


def test_a_report_that_the_engine_has_stopped_stops_her():
    """Adrift: no particle of the changed cloud makes way any more."""
    belief = cloud(count=500, under_way=1.0)
    assert not under_way(update(belief, report(state="adrift"))).any()
    assert not under_way(update(belief, report(engine="stopped"))).any()


def test_a_report_that_she_is_under_way_starts_those_adrift_with_some_doubt():
    """95 % of the adrift particles make way from now on."""
    after = update(cloud(count=2000), report(engine="running"))
    assert under_way(after).mean() == pytest.approx(0.95, abs=0.02)


def test_an_update_moves_the_belief_to_the_report_first_when_given_a_sea():
    """The evidence counts at its own time."""
    sea = analytic_sea(UniformCurrent(eastward=1.0, northward=0.0))
    after = update(cloud(within=1000.0), report(fix(51.0, 1.5, 8000.0), at=NIGHT + 30 * minutes), sea)
    assert after.at == NIGHT + 30 * minutes
