"""Laws of reports that came under one name: whichever came first, what is reckoned is the same."""

import json
from dataclasses import replace
from functools import cache
from itertools import permutations

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from cordiale.association.constraints import Constraints
from cordiale.earth.units import minutes
from cordiale.feeds.jsonl import read_feed
from cordiale.record.arrivals import Arrival, append_reports
from cordiale.record.bodies import reports_of
from cordiale.record.claims import claimed_name, mark_of, reckoned_names, report_under, with_relays
from cordiale.record.doubts import doubts_about
from cordiale.record.known import known_at
from cordiale.record.live_links import LiveMemory, live_links
from cordiale.record.log import events
from cordiale.record.picture import PictureMemory, picture
from cordiale.record.witness import verify
from tests.laws.test_record_laws import a_record, in_portions
from tests.rooms.association.small_night import START, persons, still_sea, told, two_boats

SEA = still_sea()
END = START + 60 * minutes
LATE = END + 1
# Another centre counts from one too: its reports have names that are taken, one of them is a relay of such a name.
OTHERS = (
    told("r-0001", 3, east_km=10.0, persons=persons(50), caller="c1"),
    told("r-0004", 22, east_km=10.2, caller="c1"),
    told("r-0002", 30, kind="relay", relay_of="r-0001", persons=persons(55)),
    told("r-0001", 3, east_km=-9.0, persons=persons(8)),
)
NIGHT = (*two_boats(), *OTHERS)


def shown(reports, **given):
    return picture(reports, SEA, at=END, seed=1, count=300, **given)


def kept(arrivals, cuts=()):
    """The reports of a record to which these came, in this order."""
    with a_record() as record:
        for portion in in_portions(list(arrivals), list(cuts)):
            append_reports(record, portion, recorded_at=LATE, by="feed")
        assert verify(record).is_whole
        return known_at(events(record)).reports


@cache
def in_order():
    """The picture of the night as it was told."""
    return shown(kept(Arrival(report=r) for r in NIGHT))


def without_names(reports):
    """What the reports say under the names that are reckoned with."""
    known = with_relays(reports)
    names = reckoned_names(known)
    plain = (report_under(replace(r, flags=()), names) for r in known)
    return sorted(plain, key=lambda r: r.name)


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.permutations([*NIGHT, *OTHERS]), st.lists(st.integers(0, 100), max_size=3))
def test_any_order_of_arrival_gives_one_digest_though_names_are_shared(arrivals, cuts):
    """I4: shuffled, in portions, some twice: the same boats of the same reports, the same digest, nothing lost."""
    expected = in_order()
    seen = shown(kept((Arrival(report=r) for r in arrivals), cuts))
    assert len(seen.reports) == len(NIGHT)
    assert seen.digest == expected.digest

    def parts(one):
        names = reckoned_names(one.reports)
        return {frozenset(names.get(n, n) for n in boat.boat.reports) for boat in one.boats}

    assert parts(seen) == parts(expected)
    assert [d.key for d in doubts_about(seen)].count("shared_name") == 3


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(NIGHT), st.sampled_from([None, "we sink", "on coule"])), min_size=1, max_size=8
    ).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told)))
)
@example(([(NIGHT[i], None) for i in (0, 1, -2, -1)], [(NIGHT[i], None) for i in (1, -2, -1, 0)]))
def test_words_make_no_difference_to_the_set_of_reports(orders):
    """With words, without, with others, in any order: the same number of reports, and they say the same."""
    one, other = (kept(Arrival(report=r, text=text) for r, text in order) for order in orders)
    assert without_names(one) == without_names(other)


def test_a_feed_read_in_another_order_gives_one_digest():
    """I4 without a record: the names that a feed gives where its lines share one are reckoned with alike."""
    place = {"lat": 51.0, "lon": 1.5, "within_m": 50}
    lines = [
        {"report": "r-1", "event": "01:00Z", "position": place, "persons": 30},
        {"report": "r-1", "event": "01:02Z", "position": {**place, "lat": 51.2}, "persons": 12},
        {"report": "r-2", "event": "01:10Z", "position": {**place, "lat": 51.01}, "caller": "ab" * 32},
        {"report": "r-1", "event": "01:12Z", "position": {**place, "lat": 51.21}},
    ]
    texts = [json.dumps({"kind": "position_pin", "received": "2021-11-24T01:30:00Z", **line}) for line in lines]
    digests = set()
    for order in list(permutations([*texts, texts[0]]))[::17]:
        reports = [line.report for line in read_feed(list(order), now=END)]
        assert len({r.name for r in reports}) == 5
        digests.add(shown(reports).digest)
    assert len(digests) == 1


def test_a_ruling_on_a_shared_name_holds_for_the_report_it_was_made_on():
    """A link made on the first r-0001 binds that report and not the other of its name, whatever it is reckoned as."""
    reports = kept(Arrival(report=r) for r in NIGHT)
    apart = Constraints(never=(("r-0001", "r-0003"),), links=(("r-0001", "r-0005"),))
    seen = shown(reports, constraints=apart)
    assert seen.association.of("r-0001").boat == seen.association.of("r-0005").boat
    assert seen.association.of("r-0001").boat != seen.association.of("r-0003").boat
    assert {d.report for d in seen.association.dispositions} == {r.name for r in reports}
    assert all(set(b.boat.reports) <= {r.name for r in reports} for b in seen.boats)


def test_a_relay_of_a_shared_name_is_of_the_report_received_first():
    """The relay stands with the earlier of the two, also where that one came last and has the marked name."""
    early, late = told("r-1", 0, east_km=0.0), told("r-1", 5, east_km=15.0, late=20)
    relay = told("r-2", 9, kind="relay", relay_of="r-1", persons=persons(9))
    for order in permutations((early, late, relay)):
        seen = shown(kept(Arrival(report=r) for r in order))
        (boat,) = (b for b in seen.boats if "r-2" in b.boat.reports)
        origin = next(r for r in seen.reports if r.name != "r-2" and r.name in boat.boat.reports)
        assert origin.received == early.received


@pytest.mark.parametrize("first", [0, 1])
def test_the_live_layer_goes_on_where_a_name_is_shared(first):
    """A report whose name is taken is ranked at once, from the association of those before it."""
    memory, pictures = LiveMemory(), PictureMemory()
    known = kept(Arrival(report=r) for r in (*two_boats(), *OTHERS[:first]))
    shown(known, memory=pictures)
    reports = kept(Arrival(report=r) for r in (*two_boats(), *OTHERS[: first + 1]))
    found = live_links(reports, SEA, at=END, pictures=pictures, memory=memory)
    name = f"{OTHERS[first].name}~{mark_of(OTHERS[first])}"
    assert [r.name for r in found.reports] == [one.report for one in found.links.rankings] == [name]


def test_names_are_taken_apart_as_they_were_put_together():
    """Whatever name a report came with, the one it was given says so; a name that only looks marked is its own."""
    for name in ("r-1", "r-1~2", "a~b", "r~12345678", "~", "r\n1"):
        with a_record() as record:
            two = [told(name, 0), told(name, 5)]
            append_reports(record, [Arrival(report=r) for r in two], recorded_at=LATE, by="feed")
            reports = reports_of(events(record))
        assert [claimed_name(r) for r in reports] == [name, name], name
    assert claimed_name(told("r-1~12345678", 0)) == "r-1~12345678"
