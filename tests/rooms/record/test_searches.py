"""Searches in the record: what is written is what was flown, withdrawn ones count for nothing, a stop ends tasks."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.boats.life import PHASES
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import destination
from cordiale.earth.units import NM, knots, minutes
from cordiale.record.closing import withdrawal_entry
from cordiale.record.duties import duties_of, task_entry
from cordiale.record.log import append_many, events
from cordiale.record.picture import picture
from cordiale.record.searches import (
    picture_searched,
    search_entry,
    searched,
    searches_of,
    suspension_of,
    suspensions_of,
)
from cordiale.record.searches_stop import decide_stop, stop_test
from cordiale.search.result import Flown
from tests.rooms.association.small_night import START, persons, said, still_sea, told

SEA = still_sea()
BOAT, FAR = "B-0001", "B-0002"
AT = START + 120 * minutes


def reports(*more):
    """Two boats 40 km apart on a still sea, heard of until half past one."""
    return (
        told("r-0001", 0, east_km=0.0, caller="a1", persons=persons(33, 40), boat=said(engine="stopped")),
        told("r-0002", 5, east_km=40.0, caller="b1", persons=persons(20), boat=said(engine="stopped")),
        told("r-0004", 20, east_km=0.3, caller="a1"),
        told("r-0005", 25, east_km=40.2, caller="b1"),
        *more,
    )


def written_down(record, lines):
    """Into the record, an hour after it all."""
    append_many(record, lines, recorded_at=AT + 60 * minutes)


def shown(*more, at=AT):
    return picture(reports(*more), SEA, at=at, seed=1, count=400)


@pytest.fixture(scope="module")
def now():
    return shown()


def flown(name="s-0001", *, begin=60, length=6000.0, west=True, **more):
    """Eleven tracks over the place of the first boat, by its real track; only the western half on demand."""
    points = []
    for k, north in enumerate(np.linspace(-2500, 2500, 11)):
        side = 1 if k % 2 else -1
        points += [(side * length / 2, north), (-side * length / 2, north)]
    xy = np.array(points)
    lat, lon = destination(51.0, 1.5, xy[:, 0], xy[:, 1])
    when = START + begin * minutes + np.append(0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))) / (60 * knots)
    known = {"asset": "r163", "widths": {"channel_inflatable": 0.5 * NM, "swamped_inflatable": 0.3 * NM}}
    return Flown(name=name, at=when, lat=lat, lon=lon, **(known | more))


def test_a_search_is_written_down_and_read_back(record):
    """Track, sweep widths, what was not looked at, likeness and doubt come back as they were told; so does a search
    that was broken off, with its reason in the record.
    """
    looking = np.arange(21) > 0
    told_of = flown(searching=looking, speed=60 * knots, alike=2.0, doubt=0.3, broken_off=True, instruments=("radar",))
    written_down(record, [search_entry(told_of, at=told_of.end, by="watch_officer", reason="fuel")])
    (back,) = searches_of(events(record))
    assert np.abs(back.at - told_of.at).max() < 1e-5  # s: the record keeps microseconds
    assert np.array_equal(back.lat, told_of.lat) and np.array_equal(back.lon, told_of.lon)
    assert np.array_equal(back.looked, looking) and back.widths == told_of.widths
    assert (back.speed, back.alike, back.doubt, back.broken_off) == (60 * knots, 2.0, 0.3, True)
    assert back.instruments == ("radar",)
    assert next(iter(events(record))).body["reason"] == "fuel"


def test_breaking_off_needs_a_reason():
    """A search that was broken off without a reason is refused."""
    with pytest.raises(CordialeError, match="fuel, weather"):
        search_entry(flown(broken_off=True), at=AT, by="watch_officer")


def test_a_withdrawn_search_counts_for_nothing(record):
    """Taken back, it is as if it had not been; a replay of an earlier instant still knows it."""
    written_down(record, [search_entry(flown(), at=AT, by="watch_officer")])
    wrong = next(iter(events(record))).id
    assert len(searches_of(events(record))) == 1 and searches_of(events(record), at=AT - 1) == ()
    written_down(record, [withdrawal_entry(wrong, reason="track of another craft", at=AT + 60, by="watch_officer")])
    assert searches_of(events(record)) == ()
    assert len(searches_of(events(record), at=AT + 30)) == 1


def test_every_boat_is_thinned_where_it_was_looked_for(now):
    """Searching where the first boat is thins her cloud, on the same particles, and leaves the far one as it was."""
    found = searched(now, [flown()])
    belief, result = found[BOAT]
    cloud = now.boat(BOAT).cloud
    assert result.pos > 0.3 and str(result).startswith(BOAT)
    assert np.array_equal(belief.lat, cloud.lat)
    assert belief.weight.sum() == pytest.approx(1.0, abs=1e-9)
    assert not np.allclose(belief.weight, cloud.weight)
    assert np.abs(found[FAR][0].weight - now.boat(FAR).cloud.weight).max() < 1e-6
    thinned = picture_searched(now, [flown()])
    assert thinned.boat(BOAT).regions[0].area != now.boat(BOAT).regions[0].area
    assert thinned.ledger == now.ledger and thinned.boat(BOAT).persons == now.boat(BOAT).persons


def test_a_search_is_weighed_by_what_the_people_have_become(now):
    """Said to be swamped, she is looked for as tubes and people in the water, who are seen from less far: the same
    tracks in vain lower less than of a boat afloat, on particles that lie where they lay.
    """
    widths = {
        "channel_inflatable": 0.5 * NM,
        "swamped_inflatable": 0.3 * NM,
        "piw": 0.05 * NM,
        "piw_lifejacket": 0.05 * NM,
    }
    swamped = shown(told("r-0006", 26, east_km=0.3, caller="a1", boat=said(state="swamped")))
    (_, afloat), (belief, under) = (searched(one, [flown(widths=widths)])[BOAT] for one in (now, swamped))
    assert swamped.boat(BOAT).state == "swamped"
    phases = {PHASES[k] for k in np.unique(under.ways.phase[-1])}
    assert phases <= {"swamped", "in_the_water", "in_lifejackets", "debris"} and "in_the_water" in phases
    assert under.pos < 0.8 * afloat.pos
    assert np.array_equal(belief.lat, swamped.boat(BOAT).cloud.lat)


def test_what_was_searched_before_the_last_word_is_not_counted(now):
    """A boat that called after the search is not where the search was empty: nothing is lowered."""
    early = flown(begin=1, length=1000.0)
    assert BOAT not in searched(now, [replace(early, at=early.at - 30 * minutes)])


def test_the_stop_test_of_a_picture(now):
    """It names the boats, refuses, and says that nobody searched for the far one."""
    verdict = stop_test(now, searches=[flown()])
    assert not verdict.passes and verdict.expected > 5
    assert [values for key, values in verdict.blocks if key == "not_searched"] == [(("name", FAR),)]
    one = stop_test(now, boats=[BOAT], searches=[flown()])
    assert one.boats[0].residual == pytest.approx(1 - searched(now, [flown()])[BOAT][1].pos)
    with pytest.raises(CordialeError):
        stop_test(now, boats=["B-9999"])


def test_an_override_ends_tasks_and_not_the_belief(record, now):
    """Two roles and a reason: the tasks of that boat end, those of others go on, and boat, people and cloud stay."""
    written_down(
        record,
        [
            task_entry("r-0001", asset="valiant", at=AT - 600, by="watch_officer"),
            task_entry("r-0002", asset="flamant", at=AT - 600, by="watch_officer"),
        ],
    )
    verdict = stop_test(now, boats=[BOAT])
    duties = duties_of(events(record))
    lines = decide_stop(
        verdict, now, duties, at=AT, by="watch_officer", second="duty_commander", reason="no craft left"
    )
    written_down(record, lines)
    after = duties_of(events(record))
    assert [task.asset for task in after.tasks if task.ended is None] == ["flamant"]
    (decision,) = suspensions_of(events(record))
    assert decision.override and decision.blocks and decision.survivors > 5 and len(decision.tasks) == 1
    again = shown()
    assert again.boat(BOAT).standing == "active" and again.digest == now.digest
    assert again.ledger.accounts[0].unaccounted == now.ledger.accounts[0].unaccounted


def test_a_new_contact_ends_the_ending(record, now):
    """The decision covers the reports known then; one more contact of that boat, and it covers her no longer."""
    verdict = stop_test(now, boats=[BOAT])
    duties = duties_of(events(record))
    written_down(record, decide_stop(verdict, now, duties, at=AT, by="a_role", second="b_role", reason="fog"))
    standing = suspensions_of(events(record))
    assert suspension_of(now, BOAT, standing) is not None
    later = shown(told("r-0009", 100, east_km=0.4, caller="a1"))
    assert suspension_of(later, BOAT, standing) is None
    taken_back = withdrawal_entry(standing[0].event, reason="a craft came free", at=AT + 60, by="a_role")
    written_down(record, [taken_back])
    assert suspensions_of(events(record)) == ()


@pytest.mark.parametrize(("second", "reason"), [("", "fog"), ("watch_officer", "fog"), ("duty_commander", " ")])
def test_one_person_cannot_end_a_search(now, second, reason):
    """One role alone, the same role twice, or no reason: refused, with what the test said."""
    with pytest.raises(CordialeError, match="must not end"):
        decide_stop(
            stop_test(now, boats=[BOAT]), now, duties_of([]), at=AT, by="watch_officer", second=second, reason=reason
        )


def test_an_empty_search_is_evidence_of_which_report_is_of_a_boat(record):
    """A lone echo where a search found nothing is less probably a boat, not one that called; taken back, as before."""
    echo = told("r-0006", 55, east_km=0.0, north_km=1.0, kind="radar_plot", within=200.0)
    west, before = flown(west=False), picture((echo, *reports()[1::2]), SEA, at=AT, seed=1, count=400)
    written_down(record, [search_entry(west, at=AT, by="watch_officer")])
    log = list(events(record))
    after = picture((echo, *reports()[1::2]), SEA, at=AT, seed=1, count=400, searches=searches_of(log))
    assert after.boat("B-0006").boat.existence < 0.9 * before.boat("B-0006").boat.existence
    assert after.boat(FAR).boat.existence == pytest.approx(before.boat(FAR).boat.existence, rel=0.05)
    written_down(record, [withdrawal_entry(log[0].id, reason="wrong track", at=AT, by="watch_officer")])
    again = picture((echo, *reports()[1::2]), SEA, at=AT, seed=1, count=400, searches=searches_of(events(record)))
    assert again.digest == before.digest
