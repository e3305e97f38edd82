"""How many boats nobody has reported, and from where they left: by closed forms, on small pictures and whole nights."""

from types import SimpleNamespace

import numpy as np
import pytest

from cordiale.association.disposition import Boat
from cordiale.belief.unreported import FirstReport, number_of, unreported
from cordiale.earth.units import hours, minutes
from cordiale.record.picture import picture
from cordiale.record.unreported import (
    TOGETHER,
    _companions,
    _silent_groups,
    expected_unreported,
    groups_an_hour,
    known_beaches,
    launch_groups,
    launch_prior,
    unreported_of,
)
from cordiale.sea.environment import the_strait
from cordiale.views.picture_json import picture_json
from cordiale.views.picture_text import picture_text
from tests.rooms.association.small_night import START, still_sea, told, two_boats
from tests.worlds.generate import ELSEWHERE, STRAIT, generate_night


def sizes():
    """The geometric law of the sizes of groups, 1 to 400."""
    n = np.arange(1, 401)
    return n, (1 - 1 / TOGETHER) ** (n - 1) / TOGETHER


def as_true(night, at):
    """The picture of a generated night whose association makes no mistake."""
    known = tuple(r for r in night.reports if r.received <= at)
    about = {}
    for report in known:
        boats = night.truth.about[report.name]
        if len(boats) == 1 and report.is_about_a_boat:
            about.setdefault(boats[0], []).append(report.name)
    boats = [
        SimpleNamespace(boat=Boat(name=name, first_report=told[0], reports=tuple(told), chain=()))
        for name, told in about.items()
    ]
    return SimpleNamespace(reports=known, boats=boats, at=at)


def each_a_boat(reports, at):
    """A picture in which every report is of a boat of its own, whatever an association would say."""
    boats = [SimpleNamespace(boat=Boat(name=r.name, first_report=r.name, reports=(r.name,), chain=())) for r in reports]
    return SimpleNamespace(reports=tuple(reports), boats=boats, at=at)


def not_reported(night, at):
    """How many boats are truly afloat of which no report was received."""
    known = {boat for r in night.reports if r.received <= at for boat in night.truth.about[r.name]}
    return len(set(night.truth.afloat(at)) - known)


@pytest.mark.parametrize("silent", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("seen", [1, 3])
def test_companions_are_the_mean_of_the_law_of_sizes_after_some_were_seen(silent, seen):
    """Of a group of which some were reported the others, summed over all sizes by Bayes (to 1e-6)."""
    n, prior = sizes()
    n, prior = n[n >= seen], prior[n >= seen]
    ways = np.array([float(np.prod([(size - k) / (k + 1) for k in range(seen)])) for size in n])
    posterior = prior * ways * (1 - silent) ** seen * silent ** (n - seen)
    mean = float((n - seen) @ posterior / posterior.sum())
    assert _companions(np.array([float(seen)]), np.array([silent]))[0] == pytest.approx(mean, rel=1e-6)


def test_boats_of_groups_that_nobody_reported():
    """Size times the chance that all of it are silent, summed over the sizes (to 1e-6)."""
    n, prior = sizes()
    for silent in (0.2, 0.7):
        mean = float((n * silent**n) @ prior)
        assert float(_silent_groups(np.array([silent]))[0]) * silent == pytest.approx(mean, rel=1e-6)


def test_where_nobody_was_reported_nothing_is_said():
    """A night without a boat says nothing of whether anybody sails: no number, no cloud, no line, null."""
    empty = picture([], still_sea(), at=START)
    assert expected_unreported(empty) is None
    assert unreported_of(empty) is None
    assert launch_prior(empty) == ()
    assert picture_json(empty)["unreported"] is None
    assert "nobody has reported" not in picture_text(empty)


def test_boats_seen_to_leave_together_are_one_group():
    """Two departures ten minutes and a kilometre apart are one group; one of four hours later is another."""
    seen = [
        told("r-0001", 0, east_km=40.0, kind="departure"),
        told("r-0002", 10, east_km=41.0, kind="departure"),
        told("r-0003", 240, east_km=40.0, kind="departure"),
    ]
    groups = launch_groups(each_a_boat(seen, START + 5 * hours))
    assert [len(group.places) for group in groups] == [1, 1]
    assert [group.boats for group in groups] == [2.0, 1.0]


def test_more_launches_of_late_mean_more_boats_that_nobody_reported():
    """Five departures within the last hour say more than the same five hours ago; hours later all have been seen."""
    seen = [told(f"r-000{k}", 10 * k, east_km=40.0 - 8 * k, kind="departure") for k in range(5)]
    numbers = [expected_unreported(each_a_boat(seen, START + h * hours)) for h in (1, 4, 9)]
    assert numbers[0] > numbers[1] > numbers[2] > 0
    assert numbers[2] < 1.5


def test_the_rate_before_the_night_tells_is_three_boats_an_hour():
    """Without any group of late and nothing watched long enough it is the prior's; groups raise it."""
    known = launch_groups(picture(two_boats(), still_sea(), at=START + 60 * minutes, count=50))
    unheard = FirstReport(silent=1.0, seen=1e6 * hours)
    assert groups_an_hour((), START, unheard) * TOGETHER == pytest.approx(3.0, rel=1e-3)
    assert groups_an_hour(known, START + 60 * minutes) > groups_an_hour((), START + 60 * minutes)


def test_known_beaches_lie_between_fort_mahon_and_de_panne():
    """Some twenty-five, all on the eastern shore."""
    beaches = known_beaches()
    assert 20 <= len(beaches) <= 30
    assert all(1.5 < place.lon < 2.6 and 50.3 < place.lat < 51.2 for place in beaches)


def test_the_number_by_closed_form_is_that_of_the_cloud_that_sailed():
    """The launches carried by tide, engine and shore leave as many boats as the formula, to a fifth."""
    sea = the_strait()
    seen = [told(f"r-000{k}", 30 * k, east_km=41.0 - 5 * k, kind="departure") for k in range(4)]
    shown = picture(seen, sea, at=START + 4 * hours, count=50)
    sailed = unreported(launch_prior(shown), sea, shown.at, seed=1, count=300).expected
    assert sailed == pytest.approx(expected_unreported(shown), rel=0.2)
    found = unreported_of(shown, count=300)
    assert found.weights.sum() == pytest.approx(expected_unreported(shown), rel=1e-9)


def test_the_number_is_on_the_picture_in_words_and_json():
    """One line in both languages, and three numbers that agree with it."""
    shown = picture(two_boats(), still_sea(), at=START + 60 * minutes, count=50)
    number = picture_json(shown)["unreported"]
    assert number["expected"] == pytest.approx(expected_unreported(shown), abs=0.01)
    assert number["least"] <= number["expected"] <= number["most"]
    assert f"about {number['expected']:.0f} afloat ({number['least']} to {number['most']})" in picture_text(shown)
    assert "personne n'a signalées" in picture_text(shown, "fr")


@pytest.mark.parametrize("recipe", [STRAIT, ELSEWHERE], ids=lambda recipe: recipe.name)
def test_as_many_as_stated_are_truly_unreported_on_generated_nights(recipe):
    """At 01:00 and 03:00 of four nights: the means agree within 3.4 boats, most intervals hold the truth.

    One night's difference has a standard deviation of 3.4 boats (twenty nights): two standard errors of four nights.
    """
    true, stated, held = [], [], []
    for seed in range(101, 105):
        night = generate_night(recipe, seed=seed)
        for after in (6 * hours, 8 * hours):
            at = night.begins + after
            true.append(not_reported(night, at))
            stated.append(expected_unreported(as_true(night, at)))
            number = number_of(stated[-1])
            held.append(number.least <= true[-1] <= number.most)
    assert np.mean(stated) == pytest.approx(np.mean(true), abs=3.4)
    assert np.mean(held) >= 0.7
