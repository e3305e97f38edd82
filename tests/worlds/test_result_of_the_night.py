"""`cordiale result --stop` at 05:55Z on 24 November 2021: the command line does not let the search end (oracle A5)."""

import json
from collections import Counter

import pytest

from cordiale.desk.cli import main
from tests.worlds import night


@pytest.fixture(scope="module")
def boat():
    """The boat that most contacts of the lost boat were given to."""
    shown = night.picture_at("05:55Z")
    given = Counter(shown.association.of(n).boat for n in night.contacts_of_the_boat())
    return given.most_common(1)[0][0]


def test_the_search_must_not_end_at_five_to_six(boat, capsys):
    """Exit code 1, more than five survivors expected now and at sunrise, the sun up at 07:24Z, craft to come."""
    stop = ["result", night.NAME, "--at", "05:55Z", "--stop", "--boat", boat, "--water", "12-14", "--json"]
    assert main(stop) == 1
    said = capsys.readouterr().out
    verdict = json.loads(said[said.index("{") :])
    assert not verdict["passes"] and verdict["survivors"] > 5 and verdict["survivors_at_sunrise"] > 5
    assert verdict["sunrise"].startswith("2021-11-24T07:2") and not verdict["daylight"]
    assert {"survivors", "survivors_dawn", "residual", "not_searched"} <= {one["key"] for one in verdict["blocks"]}
    assert verdict["craft"] and "must not end" in verdict["text"]
