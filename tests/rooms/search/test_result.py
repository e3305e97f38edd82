"""A search that found nothing, with its real track: what it lowers, what it leaves, and what it is worth."""

import math
from dataclasses import replace

import numpy as np
import pytest

from cordiale.belief.report import Area
from cordiale.boats.life import DEBRIS
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import NM, knots, minutes
from cordiale.search.result import WORTHLESS, hazard_of_search, time_outside
from cordiale.search.result_update import found_nothing, likelihood_of_nothing
from cordiale.sensors.leg import miss
from tests.rooms.search.searches_flown import BEGIN, SEEN, a_cloud, a_ladder, a_round_cloud, a_track, at

WIDTH = 0.5 * NM


def test_an_empty_search_lowers_the_probability_where_it_looked_and_nowhere_else():
    """An empty search lowers the probability where it looked; ten miles away nothing is lost, and that share rises."""
    ways = a_cloud([0.0, 300.0, 20_000.0], [0.0, 200.0, 0.0])
    result = found_nothing(ways, [a_ladder()])
    assert np.all(result.missed[-1][:2] < 0.5) and result.missed[-1][2] > 0.99
    assert np.all(result.after[:2] < ways.weight[:2]) and result.after[2] > ways.weight[2]
    assert result.after.sum() == pytest.approx(1.0, abs=1e-12)


def test_one_long_leg_has_the_hazard_of_an_endless_one():
    """A leg of 200 km past still particles at 400 m and 1,500 m has the hazard W2 / (4 pi x2) of an endless leg."""
    ways = a_cloud([0.0, 0.0], [400.0, 1500.0], hours_long=12.0)
    hazard = hazard_of_search(ways, a_track([(-100_000, 0), (100_000, 0)]))
    expected = WIDTH**2 / (4 * math.pi * np.array([400.0, 1500.0]) ** 2)
    assert hazard == pytest.approx(expected, rel=0.02)  # the plane bends a line of 200 km by some metres


def test_the_hazard_is_the_sum_of_glimpses():
    """Along a bent track past a drifting particle the hazard is the integral of V W2 / (8 pi r3), by small steps."""
    drift = (0.6, -0.9)
    ways = a_cloud([900.0], [700.0], drift=drift)
    search = a_track([(-3000, 0), (2000, 500), (1500, 3000), (-1000, 1000)])
    when = np.linspace(search.begin, search.end, 200_001)
    lat, lon = np.interp(when, search.at, search.lat), np.interp(when, search.at, search.lon)
    boat_lat, boat_lon = at(900.0 + drift[0] * (when - BEGIN), 700.0 + drift[1] * (when - BEGIN))
    east = (lon - boat_lon) * math.cos(math.radians(51.0)) * 111_412.0 * (1 + 1 / 298.3 * math.sin(0.8901) ** 2)
    north = (lat - boat_lat) * 111_240.0
    rate = search.speed * WIDTH**2 / (8 * math.pi * np.hypot(east, north) ** 3)
    step = when[1] - when[0]
    assert hazard_of_search(ways, search)[0] == pytest.approx(float(rate.sum() * step), rel=0.02)  # scale of a degree


def test_a_particle_is_looked_at_where_it_drifted_to():
    """A search of the place where a boat was two hours ago lowers nothing; of the place she drifted to it does."""
    ways = a_cloud([0.0], [0.0], drift=(1.5, 0.0))  # 10.8 km east by 04:00
    late = BEGIN + 115 * minutes
    behind, ahead = (found_nothing(ways, [a_ladder(east=x, begin=late)]).pos for x in (0.0, 12_000.0))
    assert behind < 0.02 and ahead > 0.4


def test_a_search_broken_off_counts_as_far_as_it_went():
    """Of a track cut short, what was not flown lowers nothing: the hazard is that of the pieces done."""
    ways = a_round_cloud()
    whole = a_ladder()
    half = replace(whole, at=whole.at[:6], lat=whole.lat[:6], lon=whole.lon[:6], broken_off=True)
    rest = replace(whole, name="s-0002", at=whole.at[5:], lat=whole.lat[5:], lon=whole.lon[5:])
    parts = hazard_of_search(ways, half) + hazard_of_search(ways, rest)
    assert parts == pytest.approx(hazard_of_search(ways, whole), rel=1e-9)
    assert found_nothing(ways, [half]).pos < found_nothing(ways, [whole]).pos
    assert "broken off" in str(found_nothing(ways, [half]))


def test_where_nobody_looked_on_the_way_nothing_is_lowered():
    """Pieces marked as a transit without lookout count for nothing, and neither does what is not to be seen."""
    ways = a_round_cloud()
    blind = replace(a_ladder(), searching=np.zeros(11, dtype=bool))
    assert found_nothing(ways, [blind]).pos == 0.0
    unseen = replace(ways, phase=np.full_like(ways.phase, DEBRIS))
    assert np.all(hazard_of_search(unseen, a_ladder()) == 0.0)


def test_no_pod_is_above_its_ceiling_in_the_update():
    """A hundred passes right over a particle leave it 5 % of its weight for each search, never less; the published law
    has no such ceiling.
    """
    ways = a_cloud([0.0], [0.0])
    over = a_track([(-4000, 0), (4000, 0)] * 4)
    assert found_nothing(ways, [over]).missed[-1][0] == pytest.approx(WORTHLESS, rel=1e-6)
    again = [replace(over, name=f"s-{k}") for k in range(3)]
    assert found_nothing(ways, again).missed[-1][0] == pytest.approx(WORTHLESS**3, rel=1e-6)
    assert found_nothing(ways, [over], ceiling=False).pos > 0.999999
    assert found_nothing(ways, [replace(over, doubt=0.4)]).pos == pytest.approx(0.6, rel=1e-6)


@pytest.mark.parametrize("alike", [0.2, 1.0, 2.0, 11.6, 1000.0])
def test_likeness_of_looks_is_the_gamma_mixture(alike):
    """Without a ceiling the likelihood of nothing is (1 + n / kappa) ** -kappa of the summed hazards, to 1e-5."""
    hazards = np.array([[0.0, 0.1, 2.0, 40.0], [0.3, 0.0, 5.0, 100.0]])
    ours = likelihood_of_nothing(hazards, [0.0, 0.0], alike)
    assert ours[1:] == pytest.approx(np.array([miss(hazards[0], alike), miss(hazards.sum(axis=0), alike)]), abs=1e-5)


def test_a_second_look_at_the_same_place_adds_less_where_looks_are_alike():
    """Two equal searches of one place: looks that what hides the boat spoils alike add less the second time."""
    ways = a_cloud([0.0], [200.0])
    first, second = a_ladder(), a_ladder(name="s-0002", begin=BEGIN + 90 * minutes)
    free = found_nothing(ways, [first, second]).missed[:, 0]
    bound = found_nothing(ways, [replace(first, alike=0.5), second]).missed[:, 0]
    assert bound[2] / bound[1] > 1.3 * free[2] / free[1]


def test_cumulative_pos_by_search_asset_and_area_adds_up():
    """Shares of the first probability add up by search, by craft and by areas that cover all; POS alone do not."""
    ways = a_round_cloud(2000)
    searches = [
        a_ladder(asset="valiant"),
        a_ladder(name="s-0002", asset="r163", begin=BEGIN + 60 * minutes, bearing=1.0, speed=70 * knots),
        a_ladder(name="s-0003", asset="valiant", begin=BEGIN + 100 * minutes, east=2000.0),
    ]
    result = found_nothing(ways, searches)
    assert sum(result.gains) == pytest.approx(result.pos, abs=1e-12)
    assert sum(result.by_asset().values()) == pytest.approx(result.pos, abs=1e-12)
    assert sum(result.alone) > result.pos + 0.1
    lat, lon = at(np.array([-99_000.0, 0.0, 99_000.0]), np.array([-99_000.0, 0.0, 99_000.0]))
    halves = {
        "west": Area(corners=_box(lat[0], lat[2], lon[0], lon[1])),
        "east": Area(corners=_box(lat[0], lat[2], lon[1], lon[2])),
    }
    found = result.by_area(halves)
    assert sum(one.pos for one in found.values()) == pytest.approx(result.pos, abs=1e-9)
    assert sum(one.poc_now for one in found.values()) == pytest.approx(1.0, abs=1e-9)
    assert all(0 < one.pod < 1 for one in found.values())


def test_the_order_of_searches_decides_nothing():
    """Evidence from the same searches in another order gives the same belief, looks being alike or not."""
    ways = a_round_cloud()
    searches = [replace(a_ladder(name=f"s-{k}", east=800.0 * k), alike=2.0) for k in range(3)]
    one, other = found_nothing(ways, searches), found_nothing(ways, searches[::-1])
    assert other.after == pytest.approx(one.after, rel=1e-12)


def test_a_boat_that_certainly_is_out_there_still_is():
    """POS lowers the residual, not the certainty that a known boat is out there; a doubtful 0.6 falls by Bayes."""
    sure = found_nothing(a_round_cloud(), [a_ladder()])
    assert sure.exists == pytest.approx(1.0, abs=1e-12) and sure.residual == pytest.approx(1 - sure.pos)
    perhaps = found_nothing(a_round_cloud(total=0.6), [a_ladder()])
    missed = 0.6 * (1 - perhaps.pos)
    assert perhaps.exists == pytest.approx(missed / (0.4 + missed), rel=1e-9)


def test_boats_nobody_has_reported_are_thinned_and_not_made_to_sum_up():
    """The intensity of 2.5 boats nobody reported falls where one looked and stays elsewhere, as a Poisson law does."""
    ways = a_round_cloud(total=2.5, unreported=True)
    result = found_nothing(ways, [a_ladder()])
    assert result.after == pytest.approx(ways.weight * result.missed[-1], rel=1e-12)
    assert result.exists == pytest.approx(2.5 * (1 - result.pos), rel=1e-9)
    assert "2.50 boats" in str(result) and "embarcations" in result.rows("fr")[0]


def test_what_lies_outside_the_time_of_the_cloud_is_said():
    """A search that began before the cloud does counts from there on, and the minutes that do not count are told."""
    ways = a_round_cloud()
    early = a_ladder(begin=BEGIN - 20 * minutes)
    assert time_outside(ways, early) == pytest.approx(20 * minutes, rel=1e-6)
    assert "20 min" in str(found_nothing(ways, [early]))
    assert found_nothing(ways, [early]).pos < found_nothing(ways, [a_ladder(begin=BEGIN)]).pos


def test_a_craft_that_stays_where_it_is_sees_what_is_near_it():
    """A helicopter that hovers for ten minutes 500 m from a boat at rest has the hazard V T W2 / (8 pi r3)."""
    ways = a_cloud([500.0], [0.0])
    lat, lon = at(np.zeros(2), np.zeros(2))
    hover = replace(a_track([(0, 0), (1, 0)]), at=np.array([BEGIN, BEGIN + 600.0]), lat=lat, lon=lon, speed=30.0)
    expected = 30.0 * 600.0 * WIDTH**2 / (8 * math.pi * 500.0**3)
    assert hazard_of_search(ways, hover)[0] == pytest.approx(expected, rel=0.01)  # lengths of the plane


@pytest.mark.parametrize(
    "wrong",
    [
        lambda s: replace(s, at=s.at[::-1]),
        lambda s: replace(s, lat=s.lat[:-1]),
        lambda s: replace(s, lon=np.where(s.lon > 0, np.nan, s.lon)),
        lambda s: replace(s, widths={"piw": -1.0}),
        lambda s: replace(s, doubt=1.5),
        lambda s: replace(s, alike=0.0),
        lambda s: replace(s, searching=np.ones(3, dtype=bool)),
    ],
)
def test_a_search_that_cannot_be_is_refused(wrong):
    """Times that run back, missing or endless positions, negative widths and doubts above 1 raise with a hint."""
    with pytest.raises(CordialeError, match="hint:"):
        wrong(a_ladder())


def test_a_search_counts_once():
    """The same search given twice is refused, and so is a boat more likely than 1."""
    with pytest.raises(CordialeError, match="twice"):
        found_nothing(a_round_cloud(), [a_ladder(), a_ladder()])
    with pytest.raises(CordialeError, match="at most 1"):
        a_round_cloud(total=2.0)
    assert SEEN["channel_inflatable"] == WIDTH


def _box(south, north, west, east):
    return tuple(
        Position(lat=float(a), lon=float(b)) for a, b in ((south, west), (south, east), (north, east), (north, west))
    )
