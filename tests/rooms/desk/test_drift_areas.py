"""`cordiale drift`: no area is printed that its particles cannot bear out."""

import json
from dataclasses import replace

import numpy as np
import pytest

from cordiale.desk.cli import main
from cordiale.earth.units import NM, km
from cordiale.views.drift_forecast import has_area
from cordiale.views.drift_words import area_words
from tests.rooms.views.small_drift import hourly

RUN = ["drift", "51 08.5N 001 44.5E", *"--at 2021-11-24T02:01Z --for 1h --every 1h --quiet".split()]


@pytest.mark.parametrize("count", ["1", "199"])
def test_few_particles_get_no_area_and_a_warning(capsys, count):
    """Dashes instead of areas, the warning aloud, and the exit code of an answer that deserves attention."""
    assert main([*RUN, "--particles", count, "--density-at", "51 12N 001 45E"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[1].count("- km2") == 2 and "0.0 km2" not in said.out
    assert "no area can be given" in said.out and "no density is given" in said.out
    assert f"--particles {count} is too few for an area" in said.err


def test_the_document_and_the_outlines_of_few_particles_have_no_area(capsys, tmp_path):
    """Null instead of square metres, no rings, no polygons; the chart is still drawn."""
    path, chart = tmp_path / "g.json", tmp_path / "p.png"
    assert main([*RUN, "--particles", "20", "--json", "--geojson", str(path), "--png", str(chart)]) == 1
    document = json.loads(capsys.readouterr().out)
    assert all(a["area_m2"] is None and a["rings"] == [] for a in document["forecast"][0]["areas"])
    assert {f["properties"]["what"] for f in json.loads(path.read_text())["features"]} == {"start", "centre", "track"}
    assert chart.stat().st_size > 10_000


def test_two_hundred_particles_are_enough(capsys):
    """The bound itself is allowed."""
    assert main([*RUN, "--particles", "200"]) == 0
    said = capsys.readouterr()
    assert "90 % within" in said.out and said.err == ""


def test_a_start_on_land_has_no_search_area_of_nothing(capsys):
    """It lies where it lies: less than a tenth of a square kilometre, never 0.0."""
    assert main(["drift", "50 50N 002 00E", *RUN[2:], "--particles", "300"]) == 1
    out = capsys.readouterr().out
    assert " 0.0 km2" not in out and "within <0.1 km2 (<0.1 NM2)" in out


def test_particles_in_one_place_and_one_heavy_particle_are_no_cloud():
    """Neither can be measured, however many there are."""
    belief = hourly()[0][0]
    assert has_area(belief)
    count = len(belief)
    assert not has_area(replace(belief, lat=np.full(count, 51.0), lon=np.full(count, 1.8)))
    weight = np.full(count, 0.1 / (count - 1))
    weight[0] = 0.9
    assert not has_area(replace(belief, weight=weight))


@pytest.mark.parametrize(
    ("area", "language", "told"),
    [(None, "en", "-"), (0.0, "en", "<0.1"), (0.0, "fr", "<0,1"), (0.05 * km**2, "en", "0.1"), (3e6, "fr", "3,0")],
)
def test_areas_in_words(area, language, told):
    """A number, less than the least that is printed, or a dash."""
    assert area_words(area, km**2, language) == told


def test_small_areas_are_judged_in_their_own_unit():
    """A tenth of a square kilometre is a thirtieth of a square mile."""
    assert (area_words(1e5, km**2), area_words(1e5, NM**2)) == ("0.1", "<0.1")
