"""What a coordinator would say of a moment of a forecast."""

from dataclasses import replace

import pytest

from cordiale.earth.position import Position
from cordiale.earth.units import NM, hours, knots
from cordiale.sea.places import find_place, load_places
from cordiale.views.drift_forecast import nearest_place, stream_of
from cordiale.views.drift_words import compass, landmark, moment_sentence, object_name, of_place

from .small_drift import BEGIN, forecast, hourly


def test_the_sentence_says_where_how_large_moving_where_and_ashore_where():
    """Area, position, landmark, way since the hour before, and the stretch of coast with its share."""
    belief, regions, moment = hourly()[-1]
    told = moment_sentence(moment)
    assert told.startswith(f"08:00Z inflatable: 90 % within {regions[1].area / 1e6:.1f} km2")
    assert str(belief.centre) in told
    assert "Since 07:00Z" in told and " kn" in told
    assert f"Ashore {100 * belief.fraction_ashore:.0f} %: near " in told


def test_french_says_the_same_in_french():
    """Decimal commas, French compass points and the French names of places."""
    told = moment_sentence(forecast().moments[-1], "fr")
    assert "pneumatique" in told and "Depuis 07:00Z" in told and " nd)" in told
    assert "À la côte" in told
    assert ".0 km2" not in told


def test_the_speed_is_the_way_of_the_middle_by_the_time_between_two_moments():
    """A mile in an hour is a knot."""
    for moment in forecast().moments:
        assert moment.shift.speed == pytest.approx(moment.shift.metres / hours)
    assert forecast().moments[0].shift.since == BEGIN
    assert 0 < forecast().moments[0].shift.speed < 5 * knots


def test_a_cloud_that_stays_is_said_to_stay():
    """No direction is told for a middle that did not move."""
    moment = forecast().moments[0]
    still = replace(moment, shift=replace(moment.shift, metres=10.0, speed=10.0 / hours))
    assert "hardly moved" in moment_sentence(still)


def test_shares_of_the_shores_sum_to_the_share_ashore():
    """Every particle ashore is told with one place of the coast, and none that floats."""
    for belief, _, moment in hourly():
        assert sum(share for _, share in moment.shores) == pytest.approx(belief.fraction_ashore)
        assert sum(share for _, share in moment.phases) == pytest.approx(1, abs=0.05)  # shares below half a percent


def test_a_landmark_is_a_bearing_from_the_place():
    """A mile north of Calais is north of Calais; beside it she is at Calais."""
    calais = find_place("Calais").position
    north = Position(lat=calais.lat + NM / 111_250, lon=calais.lon)
    assert landmark(north) == "1.0 NM N of Calais"
    assert landmark(calais) == "at Calais"
    assert landmark(north, "fr") == "à 1,0 NM dans le N de Calais"
    assert nearest_place(north)[0].name == "Calais"


def test_far_from_every_known_place_no_landmark_is_told():
    """Five hundred miles off Zeebrugge is nowhere in particular."""
    far = replace(forecast().moments[0], centre=Position(lat=60.0, lon=4.5))
    assert "around 60°00.0'N 004°30.0'E. Since" in moment_sentence(far)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Ambleteuse", "d'Ambleteuse"),
        ("Le Portel", "du Portel"),
        ("Cap Gris-Nez", "du Cap Gris-Nez"),
        ("Goodwin Sands", "des Bancs de Goodwin"),
        ("Bassurelle buoy", "de la Bouée Bassurelle"),
        ("Dover", "de Douvres"),
        ("Marck beach", "des Hemmes de Marck"),
    ],
)
def test_french_joins_of_and_the_name(name, told):
    """De, d', du, de la or des, as a Frenchman says it."""
    assert of_place(find_place(name), "fr") == told


def test_every_place_can_be_named_in_both_languages():
    """No name breaks the sentence."""
    for place in load_places():
        assert place.called("en") in of_place(place, "en")
        assert of_place(place, "fr").startswith(("de ", "d'", "du ", "des "))


@pytest.mark.parametrize(
    ("towards", "point"), [(0, "N"), (11, "N"), (12, "NNE"), (225, "SW"), (349, "N"), (359.9, "N")]
)
def test_the_compass_has_sixteen_points(towards, point):
    """The nearest point, north again past 348.75."""
    assert compass(towards) == point


def test_the_stream_of_a_moment_is_the_current_at_its_middle():
    """Speed and direction of the tide there."""
    speed, towards = stream_of(forecast().moments[0])
    assert 0 < speed < 2.5
    assert 0 <= towards < 360


def test_an_object_nobody_translated_keeps_its_name():
    """A name of the user's own is said as it is."""
    assert object_name("inflatable", "fr") == "pneumatique"
    assert object_name("boat of Tuesday", "fr") == "boat of Tuesday"


def test_the_shading_and_the_dots_ashore_are_those_of_the_belief():
    """Nodes of the coarse picture within the 90 % region have at most 0.9; the dots are places of particles ashore."""
    for belief, regions, moment in hourly():
        shade = moment.shade
        inside = regions[1].holds(shade.lat.astype(float), shade.lon.astype(float))
        assert ((shade.containment <= 0.9) == inside).mean() > 0.98  # the nodes on the line itself are rounded
        assert shade.containment.min() < 0.1
        ashore = set(zip(belief.lat[belief.stranded].tolist(), belief.lon[belief.stranded].tolist(), strict=True))
        assert {tuple(place) for place in moment.aground.tolist()} <= ashore
        assert bool(len(moment.aground)) == bool(ashore)
