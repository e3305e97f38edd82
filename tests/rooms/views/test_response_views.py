"""The response as JSON is documented to the key."""

import re
from pathlib import Path

import pytest

from cordiale.earth.units import NM, minutes
from cordiale.record.duties import Duties, Offered, Task
from cordiale.record.in_distress import Means, boats_in_distress
from cordiale.record.response_now import craft_of, pairs_of, respond
from cordiale.response.rescue import Weather
from cordiale.views.response_json import response_json
from cordiale.views.response_text import response_text
from cordiale.words import LANGUAGES
from tests.rooms.association.small_night import START, told
from tests.rooms.record.test_closure import SOUTH, seen

DOCUMENT = Path(__file__).parents[3] / "docs" / "response-json.md"
MEANS = Means(weather=Weather(wave_height=0.5, visibility=1 * NM), water=(12.0, 14.0))


@pytest.fixture(scope="module")
def now():
    """At 01:38: a request of 01:21 that nobody answered, a boat offered at 01:22, and a craft sent to the other."""
    request = told("r-0050", 21, late=0, kind="request", asset="FS Flamant", relay_of="r-0001")
    shown = seen(request, minute=38)
    offered = Offered(anchor="r-0001", owner="test", to="HM Coastguard Dover", at=START + 22 * minutes, event="dover/8")
    sent = Task(anchor="r-0002", asset="RNLI Dover", at=START + 28 * minutes, event="dover/9")
    duties = Duties(offers=(offered,), tasks=(sent,))
    boats, _ = boats_in_distress(shown, duties)
    pairs, unread = pairs_of(shown, boats, craft_of(shown), MEANS)
    assert unread == ()
    return respond(shown, duties, pairs, legs=1)


def keys_of(value):
    """Every key of a document."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_every_key_is_documented(now):
    """docs/response-json.md names each key that the program writes."""
    words = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]*)`", DOCUMENT.read_text(encoding="utf-8")))))
    document = response_json(now, MEANS)
    assert keys_of(document) - words == set()
    assert document["alarms"] and document["requests"] and document["orders"]["left_out"]


def test_the_order_that_stands_is_kept_and_the_silent_craft_is_not_counted_on(now):
    """The lifeboat goes on to the boat it was sent to; the ship that says nothing gets no order at all."""
    north = next(boat.name for boat in now.boats() if boat.name != SOUTH)
    assert now.plan.route_of("rnli_dover")[0] == north
    assert now.plan.route_of("flamant") == ()
    assert now.plan.least <= now.plan.lost + 1e-9


def test_the_text_has_its_alarms_on_top_in_both_languages(now):
    """The silent ship and the handover nobody accepted stand before everything else."""
    for language in LANGUAGES:
        lines = response_text(now, MEANS, language).splitlines()
        alarms = [number for number, line in enumerate(lines) if line.startswith("! ")]
        assert len(alarms) == 2 and max(alarms) < 12, lines
        assert max(map(len, lines)) <= 100 and "{" not in "".join(lines)
