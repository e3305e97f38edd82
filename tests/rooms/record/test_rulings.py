"""Rulings of people on which report is about which boat, as the record keeps them and the association takes them."""

import pytest

from cordiale.association.constraints import NO_CONSTRAINTS, Constraints
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import minutes
from cordiale.record.closing import withdrawal_entry
from cordiale.record.known import known_at
from cordiale.record.log import append, events
from cordiale.record.picture import PictureMemory, picture
from cordiale.record.rulings import (
    confirming_entry,
    constraints_of,
    dividing_entry,
    forbidding_entry,
    held_apart,
    link_entry,
    rulings_of,
)
from tests.rooms.association.small_night import START, still_sea, two_boats

SEA = still_sea()
ROLE = {"reason": "the same voice", "by": "watch_officer"}


def at(minute):
    return START + minute * minutes


def written(record, *entries):
    """Each entry in a commit of its own, at the time it was decided."""
    return [append(record, entry, recorded_at=entry.received) for entry in entries]


def test_the_four_rulings_are_kept_with_role_reason_and_time(record):
    """A link, a separation, a confirmation and a division are read back as they were decided."""
    written(
        record,
        link_entry("r-2", "r-1", at=at(1), **ROLE),
        forbidding_entry("r-1", "r-3", at=at(2), **ROLE),
        confirming_entry("r-4", "r-5", at=at(3), **ROLE),
        dividing_entry("B-6", ["r-6"], ["r-7", "r-8"], at=at(4), **ROLE),
    )
    rulings = rulings_of(events(record))
    assert [(r.kind, r.before, r.after) for r in rulings] == [
        ("linked", ("r-2",), ("r-1",)),
        ("forbidden", ("r-1",), ("r-3",)),
        ("confirmed", ("r-4",), ("r-5",)),
        ("divided", ("r-6",), ("r-7", "r-8")),
    ]
    assert {(r.reason, r.by) for r in rulings} == {("the same voice", "watch_officer")}
    assert [r.at for r in rulings] == [at(1), at(2), at(3), at(4)]
    assert [r.event for r in rulings] == ["dover/1", "dover/2", "dover/3", "dover/4"] and rulings[3].boat == "B-6"
    assert constraints_of(events(record)) == Constraints(
        links=(("r-1", "r-2"),),
        never=(("r-1", "r-3"),),
        confirmed=(("r-4", "r-5"),),
        splits=((("r-6",), ("r-7", "r-8")),),
    )


def test_a_ruling_taken_back_stood_until_then(record):
    """Decided at 01:10, withdrawn at 01:20: none at 01:05, there at 01:15, none at 01:25; both lines stay."""
    (kept,) = written(record, link_entry("r-1", "r-2", at=at(10), **ROLE))
    written(record, withdrawal_entry(kept.id, reason="another phone", at=at(20), by="watch_officer"))
    link = Constraints(links=(("r-1", "r-2"),))
    stood = [constraints_of(events(record), at=at(minute)) for minute in (5, 15, 25)]
    assert stood == [NO_CONSTRAINTS, link, NO_CONSTRAINTS]
    assert [known_at(events(record), at(minute)).constraints for minute in (5, 15, 25)] == stood
    assert constraints_of(events(record)) == NO_CONSTRAINTS and len(events(record)) == 2


def test_the_order_of_writing_decides_nothing(record):
    """Two links in either order, each report named first or last, are the same constraints."""
    one = written(record, link_entry("a", "b", at=at(1), **ROLE), link_entry("d", "c", at=at(2), **ROLE))
    other = [one[1], one[0]]
    assert constraints_of(one) == constraints_of(other) == Constraints(links=(("a", "b"), ("c", "d")))


def test_what_is_no_ruling_is_refused():
    """A report with itself, no reason, an empty part, a report in both parts."""
    with pytest.raises(CordialeError, match="r-1 cannot be linked with itself"):
        link_entry("r-1", "r-1", at=at(1), **ROLE)
    with pytest.raises(CordialeError, match="no reason was given"):
        forbidding_entry("r-1", "r-2", at=at(1), by="desk", reason=" ")
    for before, after in (([], ["r-1"]), (["r-1"], []), (["r-1", "r-2"], ["r-2"])):
        with pytest.raises(CordialeError, match="cannot be divided"):
            dividing_entry("B-1", before, after, at=at(1), **ROLE)


def test_a_link_through_others_against_a_separation_is_found(record):
    """a is linked with b, c with d, and b is never d: a link of a and c would break that ruling, one of a and e not."""
    written(
        record,
        link_entry("a", "b", at=at(1), **ROLE),
        confirming_entry("d", "c", at=at(2), **ROLE),
        forbidding_entry("d", "b", at=at(3), **ROLE),
        dividing_entry("B", ["x"], ["y", "z"], at=at(4), **ROLE),
    )
    rulings = rulings_of(events(record))
    found = held_apart(rulings, "c", "a")
    assert found is not None and found.event == "dover/3"
    assert held_apart(rulings, "a", "e") is None and held_apart(rulings, "y", "z") is None
    divided = held_apart(rulings, "z", "x")
    assert divided is not None and divided.kind == "divided"


@pytest.mark.parametrize(
    "ruling",
    [
        link_entry("r-0001", "r-0002", at=at(51), **ROLE),
        forbidding_entry("r-0001", "r-0003", at=at(51), **ROLE),
        dividing_entry("B-0001", ["r-0001", "r-0003"], ["r-0004", "r-0006"], at=at(51), **ROLE),
    ],
    ids=["linked", "forbidden", "divided"],
)
def test_withdrawing_a_ruling_gives_the_earlier_picture_again(record, ruling):
    """I8: the ruling changes the digest, its withdrawal gives the old one to the last digit, memory or none."""

    def shown(minute, memory):
        known = known_at(events(record), at(minute))
        return picture(
            two_boats(), SEA, at=at(60), seed=1, count=300, constraints=known.constraints, memory=memory
        ).digest

    memory = PictureMemory()
    before = shown(50, memory)
    (kept,) = written(record, ruling)
    during = shown(52, memory)
    written(record, withdrawal_entry(kept.id, reason="it was wrong", at=at(55), by="watch_officer"))
    assert during != before
    assert shown(56, memory) == shown(56, PictureMemory()) == before
    assert shown(52, PictureMemory()) == during  # what stood then still stands in the replay


def test_a_confirmed_link_holds_the_reports_together(record):
    """Two calls of one boat, confirmed: they are given to one boat."""
    written(record, confirming_entry("r-0001", "r-0011", at=at(51), **ROLE))
    known = known_at(events(record))
    seen = picture(two_boats(), SEA, at=at(60), seed=1, count=300, constraints=known.constraints)
    assert seen.association.of("r-0011").boat == seen.association.of("r-0001").boat == "B-0001"
    assert seen.constraints == known.constraints
