"""Names of boats that can be said over the radio."""

import hashlib
import random
import re

import pytest

from cordiale.earth.units import minutes
from cordiale.record.names import LETTERS, aloud, spoken_names
from cordiale.record.picture import picture
from tests.rooms.association.small_night import START, persons, still_sea, told


def hashed(number):
    """The name that the desk gives a report without one."""
    return f"r-{hashlib.sha256(str(number).encode()).hexdigest()[:12]}"


@pytest.fixture(scope="module")
def many():
    """Three thousand reports, one each twelve seconds: more than the worst night."""
    return [told(hashed(number), number / 5, late=0) for number in range(3000)]


def test_a_name_is_two_letters_and_two_digits_and_unique(many):
    """Of 3,000 reports all names differ; where two letters were taken a third follows, in fewer than one of twenty."""
    names = spoken_names(many)
    assert len(set(names.values())) == len(many)
    short = [name for name in names.values() if re.fullmatch(rf"B-[{LETTERS}]{{2}}\d\d", name)]
    assert all(re.fullmatch(rf"B-[{LETTERS}]{{2,4}}\d\d", name) for name in names.values())
    assert len(many) * 0.95 < len(short) < len(many)


def test_no_later_report_changes_a_name_and_the_order_of_arrival_decides_nothing(many):
    """The names of the first thousand are those they have among all, in any order."""
    among_all = spoken_names(random.Random(1).sample(many, len(many)))
    assert spoken_names(many[:1000]) == {r.name: among_all[r.name] for r in many[:1000]}


def test_a_taken_name_goes_to_the_report_received_first(many):
    """Two whose letters and digits agree: the earlier keeps the short one, whichever is written down first."""
    names = spoken_names(many)
    late = next(r for r in reversed(many) if len(names[r.name]) == len("B-KLM42"))
    early = next(r for r in many if names[r.name] == f"B-{names[late.name][2:4]}{names[late.name][-2:]}")
    assert early.received < late.received
    assert spoken_names([late, early]) == {r.name: names[r.name] for r in (early, late)}
    assert spoken_names([late]) == {late.name: names[early.name]}


def test_numbered_reports_keep_their_numbers():
    """r-0012 is no hash, nor is a name somebody typed."""
    named = [told("r-0012", 0), told("pêche", 1), told("r-97f6e52a3983~2", 2), told("r-97f6e52a398", 3)]
    assert spoken_names(named) == {}
    taken = spoken_names([told(hashed(1), 0)])[hashed(1)].removeprefix("B-")
    both = spoken_names([told(hashed(1), 0), told(f"r-{taken}", 1)])
    assert both[hashed(1)] != f"B-{taken}", "a feed that names its report so has the name"


def test_a_picture_says_the_names_everywhere():
    """Boats, dispositions, alternatives, reasons and the ledger name the boats alike."""
    renamed = [
        told(hashed("x"), 0.0, east_km=0.0, caller="a1", persons=persons(33)),
        told(hashed("y"), 5, east_km=20.0, caller="b1", persons=persons(20)),
        told(hashed("z"), 20, east_km=0.3, caller="a1"),
        told(hashed("u"), 50, persons=persons(30)),
    ]
    seen = picture(renamed, still_sea(), at=START + 60 * minutes, seed=1, count=100)
    spoken = spoken_names(renamed)
    boats = {boat.name for boat in seen.boats}
    assert boats == {spoken[hashed("x")], spoken[hashed("y")]}
    for disposition in seen.association.dispositions:
        mentioned = {disposition.boat, *(a.boat for a in disposition.alternatives)}
        mentioned |= {value for r in disposition.reasons for key, value in r.values if key == "boat"}
        assert mentioned - {None} <= boats
    assert {account.boat for account in seen.ledger.accounts} == boats
    assert seen.association.of(hashed("z")).boat == spoken[hashed("x")]


def test_a_name_is_said_letter_by_letter_and_digit_by_digit():
    """In the radiotelephony alphabet, the same in both languages."""
    assert aloud("B-XW07") == "X-ray Whiskey 0 7"
    assert aloud("B-0012") == "0 0 1 2"
