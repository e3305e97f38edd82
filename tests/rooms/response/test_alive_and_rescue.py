"""How long people live if nobody comes, and the list of time to rescue."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.assets.availability import at_sea, at_station
from cordiale.assets.catalogue import load_catalogue
from cordiale.belief.drift import drift
from cordiale.belief.report import Between, Fix
from cordiale.belief.scenario import first_belief
from cordiale.boats.life import ADRIFT, NO_LIFE, SWAMPED
from cordiale.boats.search_object import search_object
from cordiale.boats.survival import alive_probability, survival_curve
from cordiale.boats.survival_table import Immersion
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import NM, hours, knots, minutes
from cordiale.response.alive import alive_curve, phases_of_state
from cordiale.response.distress import Search, distress_of, persons_of
from cordiale.response.rescue import Weather, rank, rescue_by
from cordiale.sea.analytic import UniformCurrent, analytic_sea
from cordiale.sea.wind import ConstantWind
from tests.rooms.response.cases import NOW, boat, still_cloud

CALM = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0))


def test_people_in_the_water_live_by_the_survival_curve():
    """Nothing is added to it: those in the water now follow it to the minute, counted from when they went in."""
    curve = alive_curve({"in_the_water": 1.0}, at=NOW, water=(11, 14), wind=3.0)
    published = survival_curve(Immersion(place="in_water"), (11, 14))
    hours_after = np.array([0.0, 1.0, 3.0, 6.0]) * hours
    assert curve.probability(NOW + hours_after) == pytest.approx(alive_probability(published, hours_after), abs=1e-9)
    later = alive_curve({"in_the_water": 1.0}, at=NOW, water=(11, 14), wind=3.0, in_water_for=1 * hours)
    given = alive_probability(published, hours_after + 1 * hours) / alive_probability(published, np.array([1 * hours]))
    assert later.probability(NOW + hours_after) == pytest.approx(given, abs=1e-9)


def test_a_boat_that_never_fails_loses_nobody_and_one_that_does_loses_them_later():
    """Without a life she floats for ever; with one, adrift is better than swamped, and that than in the water."""
    forever = alive_curve({"adrift": 1.0}, at=NOW, water=12.0, wind=3.0, life=NO_LIFE)
    assert np.all(forever.alive == 1.0) and np.all(forever.in_water == 0.0)
    after = [
        float(alive_curve({phase: 1.0}, at=NOW, water=12.0, wind=3.0).probability(NOW + 4 * hours))
        for phase in ("beached", "under_way", "adrift", "swamped", "in_the_water")
    ]
    assert after[0] == 1.0
    assert np.all(np.diff(after) < 0)


def test_the_share_in_the_water_is_that_of_exponential_stages():
    """From swamped 1 - exp(-m t); from adrift, swamping at a and capsizing at c first, by the closed form."""
    curve = alive_curve({"swamped": 1.0}, at=NOW, water=12.0, wind=5.0)
    leaving = 1 / (1.6 * hours) + 1 / (4.8 * hours)  # the two rows of life.csv in the reference wind
    after = 2 * hours
    assert float(curve.share_in_water(NOW + after)) == pytest.approx(1 - np.exp(-leaving * after), abs=1e-6)
    a, m = 1 / (12 * hours), leaving
    c = 1 / (150 * hours) + 1 / (450 * hours)
    both = 1 - np.exp(-(a + c) * after)
    still_swamped = a * (np.exp(-(a + c) * after) - np.exp(-m * after)) / (m - a - c)
    adrift = alive_curve({"adrift": 1.0}, at=NOW, water=12.0, wind=5.0)
    wet = float(adrift.share_in_water(NOW + after))
    assert wet == pytest.approx(both - still_swamped, abs=1e-3)  # a grid of minutes


def test_more_wind_swamps_her_sooner():
    """The hazard of the boat is that of her life in the wind that blows."""
    light, strong = (alive_curve({"adrift": 1.0}, at=NOW, water=12.0, wind=w) for w in (2.0, 10.0))
    assert float(strong.probability(NOW + 3 * hours)) < float(light.probability(NOW + 3 * hours)) - 0.05


def test_the_curve_never_rises_and_stays_at_its_end():
    """Whoever is dead stays dead; beyond the horizon nothing is claimed."""
    curve = alive_curve(phases_of_state("taking_water"), at=NOW, water=None, wind=3.0, horizon=6 * hours)
    assert np.all(np.diff(curve.alive) <= 0)
    assert float(curve.probability(NOW + 20 * hours)) == curve.alive[-1]
    with pytest.raises(CordialeError, match="sum to 1"):
        alive_curve({"adrift": 0.5}, at=NOW, water=12.0, wind=3.0)


def test_persons_are_an_interval_with_all_numbers_alike_or_the_prior_never_none():
    """33 to 40, or nobody said: median 60 by the table, and never 0."""
    counts, chances = persons_of(Between(least=33, most=40))
    assert counts.tolist() == list(range(33, 41)) and chances == pytest.approx(1 / 8)
    assert persons_of(Between(least=0, most=0))[0].tolist() == [1.0]
    counts, chances = persons_of(None)
    assert counts.min() == 1
    assert counts[np.searchsorted(np.cumsum(chances), 0.5)] == pytest.approx(60, abs=3)  # cut off at 230 people


def test_a_belief_makes_a_distress_with_its_phases_and_its_cloud():
    """Half of the particles adrift and half swamped: the curve lies between those of the two."""
    belief = first_belief(
        Fix(position=Position(lat=51.1, lon=1.6), within=300.0),
        at=NOW,
        stream=Stream.of_seed(2),
        search_for=search_object("inflatable"),
        count=400,
        under_way=0.0,
    )
    swamped = replace(belief, phase=np.where(belief.ids % 2, SWAMPED, ADRIFT))
    later = drift(swamped, CALM, until=NOW + 1 * hours)
    made = distress_of([swamped, later], persons=None, water=12.0, wind=3.0, name="Charlie")
    assert made.name == "Charlie" and made.expected > 50
    between = [
        float(alive_curve({phase: 1.0}, at=NOW, water=12.0, wind=3.0).probability(NOW + 3 * hours))
        for phase in ("swamped", "adrift")
    ]
    assert float(made.curve.probability(NOW + 3 * hours)) == pytest.approx(sum(between) / 2, abs=1e-6)


def listed(*names: str, **where: float):
    """Assets at sea at one place."""
    here = Position(lat=where.get("lat", 51.1), lon=where.get("lon", 1.4))
    return [at_sea(load_catalogue().named(name), NOW, here) for name in names]


def test_readiness_passage_search_setting_up_and_each_person_add_up():
    """One asset, one exact boat: every part of the time is seen again in the end of it."""
    one = boat("one", 30, 4.0, search=Search(time=12 * minutes))
    dover = at_station(load_catalogue().named("RNLI Dover"), NOW)
    came = rescue_by(dover, one, CALM, at=NOW)
    assert came.leaves == NOW + 15 * minutes
    assert came.found - came.arrives == pytest.approx(12 * minutes)
    craft = dover.asset.craft
    assert came.last - came.found == pytest.approx(craft.setup + 30 * craft.embark)
    assert came.takes_all and came.taken == pytest.approx(30)
    assert came.waits == pytest.approx((came.first + came.last) / 2 - NOW)


def test_a_sweep_width_makes_the_search_longer_the_wider_the_cloud():
    """Mean effort 6 pi s^2: 500 m of width at 15 kn over a spread of 1 km is about 80 min."""
    wide = boat("one", 30, 4.0, cloud=still_cloud(std_m=1000.0), search=Search(widths={"any": 500.0}))
    came = rescue_by(listed("flamant")[0], wide, CALM, at=NOW)
    spread = wide.cloud.widest(came.arrives)
    assert came.found - came.arrives == pytest.approx(6 * np.pi * spread**2 / (500 * 15 * knots), rel=1e-6)


def test_the_nearest_is_not_the_first_if_it_has_no_room():
    """A helicopter is there in minutes and takes 16 of 40; the ship that takes all comes before it on the list."""
    forty = boat("one", 40, 4.0, search=Search(time=0.0))
    order = rank(listed("r163", "flamant"), forty, CALM, at=NOW)
    assert [one.availability.asset.key for one in order] == ["flamant", "r163"]
    first = rank(listed("r163", "flamant"), forty, CALM, at=NOW, by="first")
    assert [one.availability.asset.key for one in first] == ["r163", "flamant"]
    assert order[1].taken == pytest.approx(16) and not order[1].takes_all


def test_survivors_aboard_put_a_ship_back():
    """With two places left she is no rescue for forty."""
    forty = boat("one", 40, 4.0, search=Search(time=0.0))
    here = Position(lat=51.1, lon=1.5)
    full = at_sea(load_catalogue().named("valiant"), NOW, here, aboard=98)
    far = at_sea(load_catalogue().named("flamant"), NOW, Position(lat=51.1, lon=1.2))
    assert rank([full, far], forty, CALM, at=NOW)[0].availability.asset.key == "flamant"


def test_who_cannot_go_says_why_and_stands_last():
    """Full, sea, wind, visibility, shallow water, endurance, finds only: each with its word in both languages."""
    forty = boat("one", 40, 4.0, search=Search(time=0.0))
    here = Position(lat=51.1, lon=1.5)
    names = load_catalogue()
    windy = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0), wind=ConstantWind(eastward=30.0, northward=0.0))
    cases = [
        (at_sea(names.named("valiant"), NOW, here, aboard=100), forty, CALM, Weather(), "full"),
        (at_sea(names.named("RNLI Walmer"), NOW, here), forty, CALM, Weather(wave_height=2.0), "sea"),
        (at_sea(names.named("dragon 62"), NOW, here), forty, windy, Weather(), "wind"),
        (at_sea(names.named("dragon 62"), NOW, here), forty, CALM, Weather(visibility=500.0), "visibility"),
        (at_sea(names.named("flamant"), NOW, here), replace(forty, depth=3.0), CALM, Weather(), "draught"),
        (at_sea(names.named("r163"), NOW, here, out_for=3.9 * hours), forty, CALM, Weather(), "endurance"),
        (at_sea(names.named("AR5"), NOW, here), forty, CALM, Weather(), "rescues_nobody"),
    ]
    for asset, distress, sea, weather, why in cases:
        came = rescue_by(asset, distress, sea, at=NOW, weather=weather)
        assert came.hindrance == why
        assert came.taken == 0
        for language in ("en", "fr"):
            assert asset.asset.name in came.sentence(language)
    able = at_sea(names.named("flamant"), NOW, Position(lat=50.8, lon=1.4))
    order = rank([cases[0][0], able], forty, CALM, at=NOW)
    assert [one.hindrance for one in order] == [None, "full"]


def test_a_daylight_craft_stays_in_by_night():
    """What goes by day only is not sent at 02:27Z."""
    asset = load_catalogue().named("r163")
    by_day = replace(asset, craft=replace(asset.craft, night=False))
    one = boat("one", 10, 4.0, search=Search(time=0.0))
    assert rescue_by(at_sea(by_day, NOW, Position(lat=51.1, lon=1.5)), one, CALM, at=NOW).hindrance == "daylight"


def test_endurance_limits_how_many_a_helicopter_takes():
    """With 20 minutes left over the boat it winches up only as many as it has time for."""
    one = boat("one", 40, 4.0, search=Search(time=0.0))
    near = Position(lat=51.1, lon=1.55)
    fresh = rescue_by(at_sea(load_catalogue().named("r163"), NOW, near), one, CALM, at=NOW)
    tired = rescue_by(at_sea(load_catalogue().named("r163"), NOW, near, out_for=3.3 * hours), one, CALM, at=NOW)
    assert fresh.room == 16
    assert 0 < tired.room < 12


def test_the_sentence_says_when_and_with_whom_in_both_languages():
    """One line each, with the time it is there and the time all are aboard."""
    came = rescue_by(listed("flamant")[0], boat("Charlie", 30, 4.0), CALM, at=NOW)
    for language in ("en", "fr"):
        text = came.sentence(language)
        assert "FS Flamant" in text and "Charlie" in text and "Z" in text
    assert str(came) == came.sentence("en") != came.sentence("fr")


def test_a_search_is_stated_once():
    """Widths and a time together contradict each other."""
    with pytest.raises(CordialeError):
        Search(widths={"any": 1 * NM}, time=600.0)
    with pytest.raises(CordialeError):
        Search(time=-1.0)


def test_a_search_longer_than_the_endurance_leaves_a_part_of_the_people():
    """A lifeboat that must go home before the mean search is over still finds her in some of the cases; one that must
    leave before the first of them finds nobody, and says so.
    """
    wide = boat("one", 30, 8.0, cloud=still_cloud(std_m=1500.0), search=Search(widths={"any": 500.0}))
    asset, here = load_catalogue().named("RNLI Dover"), Position(lat=51.1, lon=1.4)
    full, part, late = (
        rescue_by(at_sea(asset, NOW, here, out_for=used * hours), wide, CALM, at=NOW) for used in (0.0, 7.5, 9.2)
    )
    assert full.hindrance is None and part.hindrance is None
    assert 0.15 * 30 < part.taken < full.taken and part.last <= part.until < full.until
    assert part.found < part.until and part.waits > full.waits and part.lost > full.lost
    assert late.hindrance == "unfound" and late.taken == 0 and np.isfinite(late.arrives)
    for language in ("en", "fr"):
        assert "RNLI Dover" in late.sentence(language)
