"""Generated nights: the same seed gives the same night, and what is told fits what was so."""

import math
import random
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from cordiale.belief.reading import log_likelihood_of_place
from cordiale.belief.report import Area, Fix, RangeBearing
from cordiale.earth.geodesy import distance
from cordiale.earth.units import hours, km, knots, minutes
from tests.worlds.generate import generate_night
from tests.worlds.generate_look_alike import NEAR, RECOVERED, SIMILAR, look_alike_night
from tests.worlds.generate_places import misread
from tests.worlds.generate_recipe import ELSEWHERE, STRAIT, Recipe, sized

CONTACTS = {"distress_call", "position_pin", "missed_call"}
SEEDS = (1, 2, 3)


@cache
def night(seed, recipe=STRAIT):
    return generate_night(recipe, seed)


@cache
def look_alike(seed):
    return look_alike_night(seed)


def away(report, place):
    """Standard deviations from a true place to the nearest reading; 0 inside an area."""
    best = math.inf
    for reading in report.where:
        if isinstance(reading.place, Fix):
            at = reading.place.position
            best = min(best, float(distance(at.lat, at.lon, *place)) / reading.place.position_std)
        elif isinstance(reading.place, Area):
            inside = np.isfinite(log_likelihood_of_place((reading,), np.array([place[0]]), np.array([place[1]])))
            best = 0.0 if inside[0] else best
        elif isinstance(reading.place, RangeBearing):
            origin = reading.place.origin
            off = abs(float(distance(origin.lat, origin.lon, *place)) - reading.place.range) / reading.place.range_std
            best = min(best, off)
    return best


def about_one(seed, recipe=STRAIT):
    """Reports that are about one boat, with it."""
    made = night(seed, recipe)
    for report in made.about_boats:
        names = made.truth.about[report.name]
        if len(names) == 1:
            yield made, report, made.truth.boats[names[0]]


def test_the_same_seed_gives_the_same_night():
    """Reports, truth and wind are equal report for report; another seed gives another night."""
    one, two = generate_night(STRAIT, 7), generate_night(STRAIT, 7)
    assert one.reports == two.reports
    assert one.truth.about == two.truth.about and one.truth.identity == two.truth.identity
    assert one.truth.boats == two.truth.boats and one.wind == two.wind
    assert generate_night(STRAIT, 8).reports != one.reports


@pytest.mark.parametrize("recipe", [STRAIT, ELSEWHERE], ids=lambda r: r.name)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_report_has_its_truth_and_its_order(seed, recipe):
    """Names are unique and in order of receipt, nothing is received before it ends, every report is in the truth."""
    made = night(seed, recipe)
    names = [r.name for r in made.reports]
    assert names == sorted(names) and len(set(names)) == len(names)
    assert [r.received for r in made.reports] == sorted(r.received for r in made.reports)
    assert set(made.truth.about) == set(made.truth.moment) == set(names)
    for report in made.reports:
        assert report.received >= report.event.latest - 1
        assert report.event.earliest - 1 <= made.truth.moment[report.name] <= report.event.latest + 1
        assert all(b in made.truth.boats for b in made.truth.about[report.name])


@pytest.mark.parametrize("seed", SEEDS)
def test_positions_lie_within_their_errors_but_for_those_misread(seed):
    """Within five standard deviations of where the boat was, and those misread far from it."""
    count = 0
    for made, report, boat in about_one(seed):
        if not report.where:
            continue
        count += 1
        off = away(report, boat.at(made.truth.moment[report.name]))
        assert (off > 5) == (report.name in made.truth.misread), (report.name, off)
    assert count > 80


def test_errors_are_as_large_as_said():
    """Of the positions of normal nights 95 % lie within the stated distance; with a heavy tail clearly fewer."""
    share = {}
    for recipe in (STRAIT, ELSEWHERE):
        inside = []
        for seed in SEEDS:
            for made, report, boat in about_one(seed, recipe):
                fixes = [r for r in report.where if isinstance(r.place, Fix)]
                if len(fixes) == 1 and report.channel == "whatsapp":
                    at, true = fixes[0].place.position, boat.at(made.truth.moment[report.name])
                    inside.append(float(distance(at.lat, at.lon, *true)) <= fixes[0].place.within)
        share[recipe.name] = sum(inside) / len(inside)
    assert share["strait"] == pytest.approx(0.95, abs=0.06)  # three standard errors of some 120 pins
    assert share["elsewhere"] < 0.90


@pytest.mark.parametrize("recipe", [STRAIT, ELSEWHERE], ids=lambda r: r.name)
@pytest.mark.parametrize("seed", SEEDS)
def test_at_most_half_of_the_contacts_of_a_boat_share_a_phone(seed, recipe):
    """Of calls, pins and missed calls of a boat, those on a phone heard twice on her are at most the part promised."""
    made = night(seed, recipe)
    used = 0
    for boat in made.truth.boats:
        callers = [r.caller for r in made.reports if made.truth.about[r.name] == (boat,) and r.kind in CONTACTS]
        twice = [c for c in callers if c is not None and callers.count(c) > 1]
        sightings = sum(
            r.kind == "sighting" and r.asset == "passing ship" and made.truth.about[r.name] == (boat,)
            for r in made.reports
        )
        assert len(twice) <= recipe.sharing * (len(callers) + sightings)
        used += len(set(callers) - {None}) > 1
    assert used  # some boat is heard on several phones


def test_some_phones_are_heard_on_two_boats():
    """Phones are passed on: over a few nights some caller is true of two boats, and only few are."""
    both = callers = 0
    for seed in SEEDS:
        made = night(seed, replace(STRAIT, passed_on=0.3))
        heard = {}
        for report in made.reports:
            if report.caller:
                heard.setdefault(report.caller, set()).update(made.truth.about[report.name])
        callers += len(heard)
        both += sum(len(boats) > 1 for boats in heard.values())
    assert 0 < both < callers / 3


@pytest.mark.parametrize("recipe", [STRAIT, ELSEWHERE], ids=lambda r: r.name)
@pytest.mark.parametrize("seed", SEEDS)
def test_people_are_conserved(seed, recipe):
    """Everybody aboard has ended somewhere or is left, through partial evacuations; and the count never rises again."""
    for boat in night(seed, recipe).truth.boats.values():
        assert boat.left >= 0
        assert boat.aboard == boat.left + sum(e.persons for e in boat.ended)
        if boat.fate in {"landed", "returned"}:
            assert boat.left == 0
        if boat.ended and not boat.taxi:
            moments = [boat.track[0][0], *(e.at + 1 for e in boat.ended)]
            counts = [boat.persons(m) for m in moments]
            assert counts == sorted(counts, reverse=True) and counts[-1] == boat.left


def test_some_boats_are_partly_evacuated_and_go_on():
    """A recovery of some, then a later end of the others; what ships count in between is fewer."""
    recipe = replace(STRAIT, partial=1.0)
    twice = [b for s in SEEDS for b in night(s, recipe).truth.boats.values() if len(b.ended) > 1]
    assert twice
    for boat in twice:
        first, *_, last = sorted(boat.ended, key=lambda e: e.at)
        assert last.at - first.at > 5 * minutes
        assert boat.persons(first.at + 60) == boat.aboard - first.persons


@pytest.mark.parametrize("seed", SEEDS)
def test_relays_point_to_reports_that_exist_and_say_the_same_boat(seed):
    """Linked or not, a relay passes on a report about the same boat that was heard before; and some are not linked."""
    made = night(seed, ELSEWHERE)
    by_name = {r.name: r for r in made.reports}
    relays = [r for r in made.reports if r.kind == "relay"]
    assert relays and any(r.relay_of is None for r in relays) and any(r.relay_of for r in relays)
    for relay in relays:
        origin = made.truth.passes_on[relay.name]
        assert relay.relay_of in {None, origin}
        assert made.truth.about[relay.name] == made.truth.about[origin]
        assert relay.received > by_name[origin].event.latest
        assert relay.relays and relay.caller is None


def test_late_reports_of_the_partner_come_up_to_three_hours_late():
    """Some reports of the other centre come half an hour to three hours after the others would."""
    late = []
    for seed in SEEDS:
        made = night(seed, replace(STRAIT, late=0.5, relay=0.0, departure_seen=0.0))
        late += [r.received - r.event.latest for r in made.about_boats if r.centre == "CROSS Gris-Nez"]
    assert max(late) > 2 * hours
    assert max(late) < 3.6 * hours  # three hours after a receipt that took up to half an hour
    assert sum(x > 0.5 * hours for x in late) > 10


def test_every_life_is_lived():
    """Over six nights boats run along the coast, load, fail, restart, swamp, sink and beach, and end in every way."""
    phases, fates, kinds, restarted = set(), set(), set(), 0
    for seed in range(1, 7):
        made = night(seed, sized(STRAIT, boats=60))
        for boat in made.truth.boats.values():
            seen = [p for *_, p in boat.track]
            phases |= set(seen)
            fates.add(boat.fate)
            restarted += any(a == "adrift" and b == "under_way" for a, b in zip(seen, seen[1:], strict=False))
        kinds |= {r.kind for r in made.reports}
    assert phases >= {"coasting", "loading", "under_way", "adrift", "swamped", "in_the_water", "beached"}
    assert fates == {"recovered", "landed", "returned", "lost", "at_sea"}
    assert kinds >= {
        *CONTACTS,
        "relay",
        "departure",
        "sighting",
        "radar_plot",
        "recovery",
        "landing",
        "return",
        "find",
        "task",
    }
    assert restarted


def test_no_boat_outruns_its_recipe():
    """From five minutes to five minutes nobody makes more than her engine and the stream together."""
    for boat in night(1).truth.boats.values():
        for (t0, lat0, lon0, _), (t1, lat1, lon1, _) in zip(boat.track, boat.track[1:], strict=False):
            assert float(distance(lat0, lon0, lat1, lon1)) / (t1 - t0) < STRAIT.speed[1] + 5 * knots


def test_boats_are_afloat_from_launch_to_end():
    """Nobody is at sea before the first launch; each boat is while she is under way, and not once all have ended."""
    made = night(2)
    assert made.truth.afloat(made.begins) == ()
    for name, boat in made.truth.boats.items():
        under_way = [t for t, *_, phase in boat.track if phase == "under_way"]
        if under_way:
            assert name in made.truth.afloat(under_way[len(under_way) // 2])
        if boat.ended and not boat.left:
            assert name not in made.truth.afloat(boat.ended[-1].at + 20 * minutes)


def test_launches_are_clumped():
    """Boats of one group leave within the hour and within 3 km of each other."""
    made = night(1, sized(STRAIT, boats=60))
    groups = {}
    for boat in made.truth.boats.values():
        groups.setdefault(boat.group, []).append(boat.track[0])
    several = [g for g in groups.values() if len(g) > 1]
    assert len(several) > 5
    for launches in several:
        assert max(x[0] for x in launches) - min(x[0] for x in launches) < 1.5 * hours
        lat, lon = launches[0][1:3]
        assert all(float(distance(lat, lon, x[1], x[2])) < 3 * km for x in launches)


def test_a_night_of_sixty_boats_has_two_thousand_reports():
    """The design load: 60 boats and 2,000 reports, never more."""
    made = generate_night(sized(STRAIT, boats=60, reports=2000), 3)
    assert len(made.truth.boats) == 60
    assert 1800 <= len(made.reports) <= 2000


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_look_alike_night_has_one_lost_boat_and_three_recovered_near_her(seed):
    """Contacts stop; three boats of about as many people are recovered near, later; nobody of hers is."""
    made = look_alike(seed)
    lost = made.truth.boats[made.lost]
    assert lost.fate == "lost" and not lost.ended and lost.left == lost.aboard
    own = [r for r in made.reports if made.truth.about[r.name] == (made.lost,) and r.kind != "find"]
    assert sum(r.kind in CONTACTS for r in own) >= 8
    assert not any(r.kind in {"recovery", "landing", "return"} for r in own)
    place = lost.at(lost.craft.way.first("in_the_water"))
    for name, after in zip(made.near, RECOVERED, strict=True):
        boat = made.truth.boats[name]
        assert boat.fate == "recovered" and abs(boat.aboard - lost.aboard) <= SIMILAR
        (ended,) = boat.ended
        assert float(distance(*boat.at(ended.at), *place)) < NEAR + 2 * km
        assert ended.at - lost.craft.way.first("in_the_water") == pytest.approx(after + 10 * minutes, abs=11 * minutes)


def test_two_digits_change_places():
    """A misread position is a whole number of minutes away, in latitude or in longitude and not in both."""
    chance = random.Random(1)
    for _ in range(50):
        lat, lon = misread(chance, (51 + 8.5 / 60, 1 + 44.5 / 60))
        moved = [round((lat - 51) * 60 - 8.5, 6), round((lon - 1) * 60 - 44.5, 6)]
        assert sum(m != 0 for m in moved) == 1
        assert all(m == round(m) for m in moved) and 51 <= lat < 52 and 1 <= lon < 2


def test_every_parameter_is_on_the_page():
    """The page of generated nights lists every field of the recipe."""
    page = (Path(__file__).parents[2] / "docs" / "generated-nights.md").read_text(encoding="utf-8")
    missing = [f.name for f in fields(Recipe) if f"`{f.name}`" not in page]
    assert not missing


def test_ais_is_there_only_where_a_recipe_asks_for_it():
    """With it every other report stays what it was but for its number; plots of one identity are of one craft."""
    plain, more = night(3), night(3, replace(STRAIT, ais_craft=4.0, ais_carried=0.2))
    assert not [r for r in plain.reports if r.kind == "ais_plot"]

    def without_number(reports):
        return [replace(r, name="", relay_of=None) for r in reports if r.kind != "ais_plot"]

    assert without_number(more.reports) == without_number(plain.reports)
    plots = [r for r in more.reports if r.kind == "ais_plot"]
    about = {}
    for plot in plots:
        about.setdefault(plot.caller, set()).add(more.truth.about[plot.name])
    assert all(len(one) == 1 for one in about.values())
    carried = [one for one in about.values() if one != {()}]
    assert carried and len(carried) < len(about) < len(plots)
