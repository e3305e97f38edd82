"""`cordiale task` on the night of 24 November 2021: what it says at the Mayday Relay and ten minutes later.

People died that night; nobody is judged here. The positions of the craft are those of the packaged feed.
"""

import json

import pytest

from cordiale.desk.cli import main
from tests.worlds import night

RELAY = "r-0103"
STATED = ("--visibility", "1NM", "--water", "12-14", "--without", "pluvier", "--without", "cormoran", "--legs", "1")


@pytest.fixture(scope="module")
def asked():
    """The documents at 02:27Z and at 02:37Z, with the exit codes."""
    capture = pytest.MonkeyPatch()
    found = {}
    for clock in ("02:27Z", "02:37Z"):
        lines: list[str] = []
        capture.setattr("builtins.print", lambda *words, kept=lines, **_: kept.append(" ".join(map(str, words))))
        code = main(["task", night.NAME, "--at", clock, "--boat", RELAY, "--json", *STATED])
        capture.undo()
        found[clock] = (code, json.loads("\n".join(line for line in lines if line.startswith("{"))))
    return found


def hers(document):
    """The list of the boat that the relay speaks of."""
    boat = next(one["boat"] for one in document["requests"] if one["request"].startswith(RELAY))
    return boat, next(one["ranking"] for one in document["boats"] if one["boat"] == boat)


def test_at_the_relay_flamant_stands_first(asked):
    """Oracle A4 at the command line: of 22 craft of both flags the French patrol vessel; Valiant second."""
    _, now = asked["02:27Z"]
    _, ranking = hers(now)
    assert [one["key"] for one in ranking[:2]] == ["flamant", "valiant"]
    assert len(ranking) == 22 and all(one["text"] for one in ranking)
    assert {one["state"] for one in now["requests"]} == {"waiting", "accepted"}  # Valiant is under orders already
    assert now["alarms"] == []


def test_ten_minutes_later_her_silence_is_an_alarm(asked):
    """Oracle A4: at 02:37Z the first alarm names Flamant, number 1 of the list; the orders do not count on her."""
    code, now = asked["02:37Z"]
    boat, ranking = hers(now)
    assert code == 1 and ranking[0]["key"] == "flamant"
    first = now["alarms"][0]
    assert (first["asset"], first["boat"], first["place"], first["age_s"]) == ("FS Flamant", boat, 1, 600)
    assert "flamant" not in [one["key"] for one in now["orders"]["sent"]]
    assert now["orders"]["left_out"][0]["asset"] == "FS Flamant"
    assert boat in [name for one in now["orders"]["sent"] for name in one["boats"]]


def test_the_french_centre_answers_for_her_until_somebody_accepts(asked):
    """The handover of the boat was never accepted in the sources: whoever offered her answers, and it is said."""
    code, now = asked["02:27Z"]
    boat, _ = hers(now)
    owner = next(one for one in now["responsible"] if one["boat"] == boat)
    assert code == 1 and owner["alarm"] and owner["owner"] == "CROSS Gris-Nez"
    assert owner["to"] == "HM Coastguard Dover" and "NOT ACCEPTED" in owner["text"]
