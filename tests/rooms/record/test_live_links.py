"""What arrived since the last picture, at once, and where the picture then says otherwise."""

import json

import pytest

from cordiale.association.constraints import Constraints
from cordiale.earth.units import minutes
from cordiale.record.live_links import LiveMemory, live_links
from cordiale.record.picture import PictureMemory, picture
from cordiale.views.live_json import live_json
from cordiale.words import LANGUAGES
from tests.rooms.association.small_night import START, persons, still_sea, told, two_boats

AT = START + 60 * minutes


@pytest.fixture(scope="module")
def sea():
    """A still sea."""
    return still_sea()


@pytest.fixture
def drawn(sea):
    """The memory of a picture of two boats."""
    pictures = PictureMemory()
    picture(two_boats(), sea, at=AT, count=200, memory=pictures)
    return pictures


def test_nothing_is_said_before_the_first_picture(sea):
    """Without an association to start from there is no live answer, and no error."""
    seen = live_links(two_boats(), sea, at=AT, pictures=PictureMemory(), memory=LiveMemory())
    assert (seen.reports, seen.links.rankings) == ((), ())


def test_only_what_the_last_association_did_not_know_is_ranked(sea, drawn):
    """A pin beside the first boat and an order: the pin is ranked; what is received later waits."""
    new = [told("r-0021", 50, east_km=0.5, caller="a1"), told("r-0022", 51, kind="task")]
    late = told("r-0023", 52, east_km=0.5, late=100)
    seen = live_links([*two_boats(), *new, late], sea, at=AT, pictures=drawn, memory=LiveMemory())
    assert [r.name for r in seen.reports] == ["r-0021"]
    assert seen.links.of("r-0021").boat == "B-0001"
    assert seen.parted == ()


def test_what_the_picture_overrules_is_told_once_it_is_there(sea, drawn):
    """Shown about the first boat; a person keeps it apart; the picture with it says so."""
    memory = LiveMemory()
    everything = [*two_boats(), told("r-0021", 50, east_km=0.5, caller="a1")]
    live_links(everything, sea, at=AT, pictures=drawn, memory=memory)
    apart = Constraints(never=tuple(("r-0021", f"r-{k:04d}") for k in (1, 3, 4, 10)))
    picture(everything, sea, at=AT, count=200, constraints=apart, memory=drawn)
    seen = live_links(everything, sea, at=AT, constraints=apart, pictures=drawn, memory=memory)
    assert seen.reports == ()
    assert [d.report for d in seen.parted] == ["r-0021"]
    hours_later = live_links(everything, sea, at=AT + 120 * minutes, pictures=drawn, memory=memory)
    assert hours_later.parted == ()


def test_the_names_are_those_of_the_picture(sea):
    """Reports named after a hash: the boat is called as on the picture, in letters that can be said."""
    pictures = PictureMemory()
    first = [told(f"r-{k:012x}", k, east_km=0.1 * k, caller="a1") for k in range(3)]
    (boat,) = picture(first, sea, at=AT, count=200, memory=pictures).boats
    new = told("r-0000000000ff", 20, east_km=0.4, caller="a1")
    seen = live_links([*first, new], sea, at=AT, pictures=pictures, memory=LiveMemory())
    assert boat.name != "B-000000000000"
    assert seen.links.of(new.name).boat == boat.name


def test_the_view_reads_like_the_picture_and_is_marked_provisional(sea, drawn):
    """Every report carries what a report of the picture carries; both languages; no number that JSON cannot hold."""
    new = [told("r-0021", 50, east_km=0.5, caller="a1"), told("r-0022", 52, persons=persons(30))]
    seen = live_links([*two_boats(), *new], sea, at=AT, pictures=drawn, memory=LiveMemory())
    bodies = {language: live_json(seen, language=language) for language in LANGUAGES}
    json.dumps(bodies, allow_nan=False)
    given, loose = bodies["en"]["reports"]
    assert set(given) - set(loose) <= {"lat", "lon", "on_chart"}
    assert bodies["en"]["provisional"] and given["provisional"] and bodies["en"]["note"] != bodies["fr"]["note"]
    assert (given["boat"], given["disposition"]) == ("B-0001", "assigned") and given["reasons"][0]["text"]
    assert given["no_boat"] == 0 and 0 <= loose["new_boat"] <= 1
