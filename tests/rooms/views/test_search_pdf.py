"""The briefing: a tagged PDF with its chart, the same bytes for the same brief; and the brief of a real plan."""

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import bearing, distance
from cordiale.earth.units import hours, km, knots
from cordiale.search.patterns import ladder, laid_out
from cordiale.search.plan import Budget, plan_search
from cordiale.search.plan_track import Placing
from cordiale.views import search_pdf as module
from cordiale.views.search_brief import BoatSought, Persons, boat_sought
from cordiale.views.search_from_plan import brief_of, sortie_told
from cordiale.views.search_geojson import search_geojson
from cordiale.views.search_map import WIDE, search_map
from cordiale.views.search_pdf import briefing_words, search_pdf, shown
from cordiale.views.search_text import search_text
from tests.rooms.search.seas_to_search import a_cloud, a_craft

from .small_drift import hourly
from .small_search import BEGIN, brief

SVG = "{http://www.w3.org/2000/svg}"


@cache
def plan():
    """Two craft look for two boats; few moves."""
    clouds = [a_cloud(600, seed=3), a_cloud(600, seed=4, name="Delta", east=9000.0)]
    craft = [a_craft("R163"), a_craft("Risban", lat=51.1, lon=1.3, speed=18 * knots, height=0.0)]
    return plan_search(clouds, craft, chance=Stream.of_seed(5), objective="lives", budget=Budget(((600, 40),), 2))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_briefing_is_a_tagged_pdf_with_its_language_and_the_same_bytes_each_time(language):
    """The compiler accepts it as PDF/UA-1: title, language, words for the chart; time comes from the brief alone."""
    made = search_pdf(brief(), language)
    assert made.startswith(b"%PDF-1.7") and made == search_pdf(brief(), language)
    assert b"/StructTreeRoot" in made and f"/Lang({language})".encode() in made
    assert b"pdfuaid" in made and b"2021-11-24T03:50:00" in made
    assert len(re.findall(rb"/Type ?/Page\b", made)) == 2
    assert len(made) < 400_000  # bytes: it goes out over a ship's link


def test_every_word_of_the_briefing_is_rendered_in_its_language():
    """Figures, boats, sorties and waypoints stand in both; French numbers have a comma."""
    en, fr = briefing_words(brief(), "en"), briefing_words(brief(), "fr")
    assert en.keys() == fr.keys()
    assert ["Probability of success", "47 %"] in en["figures"] and fr["figures"][1][1] == "21,4 personnes"
    assert en["boats"]["rows"][0][1:] == [
        "30 to 40 persons",
        "51°03.18'N 001°33.78'E, 02:01Z",
        "22.0 / 88.0 km2",
        "61 %",
    ]
    assert fr["boats"]["rows"][1][2] == "aucune position connue"
    assert all(len(row) == len(part["heads"]) for part in (en["boats"], en["sorties"]) for row in part["rows"])
    assert len(en["tracks"][0]["rows"]) == len(brief().sorties[0].waypoints)
    assert briefing_words(brief(figures=None), "en")["figures"] == []


def test_without_its_package_the_briefing_says_which_extra_to_install(monkeypatch):
    """The error names the extra."""
    monkeypatch.setattr(module, "typst", None)
    with pytest.raises(CordialeError, match=r"cordiale\[briefing\]"):
        search_pdf(brief())


@pytest.mark.parametrize(
    "odd",
    ["测试", "🚤", "قارب کوچک", "a\x00b\x07", "a\ud800", "#import $x$ *a* @b \\ `d`", "Е́лена", "a\nb\tc"],
    ids=["chinese", "emoji", "persian", "control", "surrogate", "markup", "combining", "lines"],
)
def test_no_name_keeps_a_briefing_from_being_written(odd):
    """What no font has stands by its number; markup stays text; letters of the people in the boats are shown."""
    boat = replace(brief().boats[0], name=odd)
    made = search_pdf(brief(title=odd, situation=odd, boats=(boat,)))
    assert made.startswith(b"%PDF")
    assert shown("R163 测 é\n°") == "R163 [U+6D4B] é °"


def test_every_character_that_is_said_to_be_shown_is_in_the_fonts():
    """The compiler takes them all in one document."""
    everything = [chr(k) for k in range(0x20, 0x3000) if shown(chr(k)) == chr(k)]
    assert len(everything) > 1000
    assert search_pdf(brief(situation=" ".join(everything))).startswith(b"%PDF")


def test_a_brief_without_boats_or_sorties_still_makes_a_page():
    """Nothing to search with yet: the page says so and does not fail."""
    assert search_pdf(brief(boats=(), sorties=(), figures=None)).startswith(b"%PDF")


def test_a_belief_gives_its_areas_to_the_brief():
    """The 90 and the 50 % area of a moment of the drift, the larger first, with their size and time."""
    belief, _, moment = hourly()[2]
    boat = boat_sought(belief, moment, persons=Persons(least=5), pos=0.5)
    assert [held.probability for held in boat.held] == [0.9, 0.5]
    assert boat.held[0].area > boat.held[1].area > 0 and boat.held_at == moment.at
    features = search_geojson(brief(boats=(boat,)))["features"]
    assert [f["properties"]["area_km2"] for f in features[:2]] == [round(h.area / km**2, 3) for h in boat.held]


def test_the_chart_draws_every_track_inside_its_frame_and_in_its_place():
    """All waypoints lie on the chart; north is up; a nautical mile is as long along a meridian as on the scale."""
    root = ET.parse(io.StringIO(search_map(brief()))).getroot()
    high = float(root.get("height"))
    assert root.find(SVG + "title").text.startswith("Map of the search areas")
    tracks = [p.get("d") for p in root.findall(SVG + "path") if p.get("stroke-linejoin") == "round"]
    assert len(tracks) == 2
    for drawn, sortie in zip(tracks, brief().sorties, strict=True):
        points = np.array([[float(v) for v in pair.split(",")] for pair in drawn[1:].replace(" L", " ").split()])
        assert len(points) == len(sortie.waypoints)
        assert (points > 0).all() and (points < [WIDE, high]).all()
        first, second = (w.place for w in sortie.waypoints[:2])
        east, south = points[1] - points[0]
        drawn_to = np.degrees(np.arctan2(east, -south)) % 360
        assert drawn_to == pytest.approx(float(bearing(first.lat, first.lon, second.lat, second.lon)) % 360, abs=0.5)
    words = [node.text for node in root.iter(SVG + "text")]
    assert any(word.startswith("R163 PS") for word in words) and any(word.endswith("NM") for word in words)


def test_the_chart_shows_the_coast_where_there_is_some():
    """The small chart of the strait always has land on it."""
    root = ET.fromstring(search_map(brief()))
    land = [p for p in root.iter(SVG + "path") if p.get("fill-rule") == "evenodd" and p.get("stroke") == "#8a8371"]
    assert len(land) >= 2


def test_a_plan_becomes_a_brief_with_every_number_it_has():
    """Times, waypoints, POS and survivors are those of the plan; a boat nobody told stands with its persons unknown."""
    made = plan()
    told = brief_of(made, title="TEST", made_at=BEGIN, boats=[BoatSought(name="Delta", persons=Persons(least=20))])
    assert {boat.name: boat.pos for boat in told.boats} == made.pos_of
    assert {boat.name: boat.persons.least for boat in told.boats} == {"Charlie": None, "Delta": 20}
    assert (told.figures.pos, told.figures.survivors, told.figures.gap) == (made.pos, made.survivors, made.gap)
    assert told.begin == made.begin and told.end - told.begin == pytest.approx(4 * hours)
    by_name = {sortie.searcher.name: sortie for sortie in made.sorties}
    for sortie in told.sorties:
        mine = by_name[sortie.asset]
        assert [w.at for w in sortie.waypoints] == mine.at.tolist()
        assert len(sortie.corners) == 4 and sortie.loss == mine.loss_pos
        a, b, c, _ = sortie.corners
        sides = [float(distance(p.lat, p.lon, q.lat, q.lon)) for p, q in ((a, b), (b, c))]
        assert sides == pytest.approx([mine.width, mine.length], rel=2e-3)  # the plane against the ellipsoid


@pytest.mark.parametrize("legs", [3, 4])
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("reversed_", [False, True])
def test_the_first_leg_and_the_creep_that_are_told_are_those_that_are_flown(legs, mirrored, reversed_):
    """For either side and either end of a ladder, the way that is laid out goes where the words say."""
    placing = Placing(
        frame=0, east=0.0, north=0.0, bearing=35.0, spacing=500.0, legs=legs, mirrored=mirrored, reversed_=reversed_
    )
    told = sortie_told(replace(plan().sorties[0], placing=placing))
    way = laid_out(ladder(4000.0, legs, 500.0), bearing=35.0, mirrored=mirrored, reversed_=reversed_)
    first, across = way[1] - way[0], way[2] - way[1]
    for step, said in ((first, told.bearing), (across, told.creep)):
        assert np.degrees(np.arctan2(*step)) % 360 == pytest.approx(said, abs=1e-6)  # degrees


def test_a_plan_can_be_told_in_every_form():
    """Text, GeoJSON and briefing of a plan; what the plan warns of is in each."""
    told = brief_of(plan(), title="TEST", made_at=BEGIN, synthetic=True)
    text = search_text(told, "fr")
    assert "EXERCICE" in text and "R163" in text
    assert search_geojson(told)["expected_survivors"] == pytest.approx(plan().survivors, abs=0.005)  # printed to 0.01
    assert search_pdf(told).startswith(b"%PDF")
