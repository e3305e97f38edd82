"""`cordiale origin`: what is printed, written and refused."""

import json

import pytest

from cordiale.desk.cli import main

FIND = "51 05.58N 001 43.41E @ 2021-11-24 12:49 @ body"
ASKED = ["origin", FIND, "--from", "2021-11-24 09:00", "--to", "2021-11-24 09:30", "--particles", "400"]


def test_it_says_where_and_when_it_began(capsys):
    """The sentence, both areas, how it was reckoned, the sources and that it is an aid."""
    assert main(ASKED) == 0
    told = capsys.readouterr().out
    assert "found at 2021-11-24 12:49Z: it began between 09:0" in told
    assert " 50 %: within" in told
    assert "each of the particles ends in the first find" in told
    assert "decision aid" in told


def test_the_document_and_the_outlines_agree(tmp_path, capsys):
    """`cordiale.origin/1` holds quantiles and areas; the GeoJSON has the larger area first."""
    path = tmp_path / "origin.geojson"
    assert main([*ASKED, "--json", "--geojson", str(path)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["format"] == "cordiale.origin/1"
    assert list(document["began"]) == ["0.05", "0.25", "0.50", "0.75", "0.95"]
    assert document["exact"] is True
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert [f["properties"]["containment"] for f in features] == [0.9, 0.5]
    assert features[0]["properties"]["area_km2"] == pytest.approx(document["areas"][1]["area_m2"] / 1e6, abs=0.001)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["origin", "51 05.58N 001 43.41E"], "cannot read the find"),
        (["origin", FIND, "--under-way", "2"], "--under-way"),
        ([*ASKED[:2], "--from", "2021-11-24 09:00", "--to", "2021-11-24 08:00"], "08:00"),
        (["origin", "50 52N 002 00E @ 2021-11-24 12:49", "--within", "1km"], "find 1 lies 13."),
        ([*ASKED, "--near", "51 00N 001 30E", "--radius", "100m"], "are needed for a claim"),
    ],
)
def test_what_cannot_be_is_refused(arguments, said, capsys):
    """The problem and what to do, in the reader's words, and 2."""
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
