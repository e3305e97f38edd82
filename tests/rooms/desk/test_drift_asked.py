"""`cordiale drift`: what is typed is read as people write it, and a refusal names its bounds."""

import json

import pytest

from cordiale.desk.cli import main

RUN = ["drift", "51 08.5N 001 44.5E", *"--at 2021-11-24T02:01Z --for 1h --every 1h --particles 200 --quiet".split()]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--threads", "1000000"), "from 1 to 256"),
        (("--persons", "1-100000"), "from 1 to 10000"),
        (("--persons", "0"), "from 1 to 10000"),
        (("--persons", "a few"), "a few"),
        (("--persons", "5", "--water-temperature", "55F"), "(F - 32) / 1.8"),
        (("--wind", ""), "cannot read the wind ''"),
        (("--wind", "", "--wind-file", "w.nc"), "--wind-file"),
        (("--every", "1s"), "3600 lines; the most is 2000"),
    ],
)
def test_what_cannot_be_is_refused_with_its_bound(capsys, more, said):
    """Before any work, with 2."""
    assert main([*RUN, *more]) == 2
    assert said in capsys.readouterr().err


def test_people_are_counted_in_words(capsys):
    """As a report is read: une trentaine is 25 to 35; degrees may have their C."""
    assert main([*RUN, "--persons", "une trentaine", "--water-temperature", "12 °C"]) == 0
    assert "of 25 to 35 people" in capsys.readouterr().out


def test_a_place_far_outside_the_cloud_is_said_to_be_far(capsys):
    """How far the nearest particle is, instead of a row of zeros; near the cloud the densities are told."""
    assert main([*RUN, "--density-at", "50 30N 001 00E"]) == 0
    assert "far outside the cloud; the nearest particle is 4" in capsys.readouterr().out
    assert main([*RUN, "--density-at", "51 09N 001 45E"]) == 0
    assert "undrifted cloud" in capsys.readouterr().out


def test_the_middle_of_a_range_of_wind_is_said(capsys):
    """On stderr and in the document; an ordinary wind says nothing."""
    assert main([*RUN, "--wind", "SW 10-14kn", "--json"]) == 0
    said = capsys.readouterr()
    assert [w["key"] for w in json.loads(said.out)["warnings"]] == ["desk.wind_middle"]
    assert "its middle is taken: 12 kn" in said.err
