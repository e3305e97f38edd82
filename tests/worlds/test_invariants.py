"""What must hold of one node at all times: the invariants that docs/record.md lists and no other test names."""

import random
from dataclasses import replace

import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import hours, minutes
from cordiale.record.arrivals import Arrival, append_reports, correct_report
from cordiale.record.claims import mark_of
from cordiale.record.closing import Closing, Identity, closing_entry
from cordiale.record.events import Entry
from cordiale.record.known import known_at
from cordiale.record.log import append, events, open_record
from cordiale.record.picture import picture
from tests.rooms.association.small_night import START, persons, still_sea, told, two_boats

SEA = still_sea()
NIGHT = (*two_boats(), told("r-0012", 52, kind="radar_plot", east_km=40.0), told("r-0013", 53, summary="not a word"))
END = START + 60 * minutes


def kept(path, arrivals):
    """The events of a record to which these reports came, in this order and these groups, some of them twice."""
    with open_record(path, node="dover") as record:
        for group in arrivals:
            append_reports(record, [Arrival(report=report) for report in group], recorded_at=END, by="feed")
        return events(record)


def shown(written, at=END):
    known = known_at(written)
    return picture(known.reports, SEA, at=at, seed=1, count=300, closings=known.closings)


def test_any_order_of_arrival_gives_the_same_picture(tmp_path):
    """I3, I4: five shuffles, in commits of any size, a third of the reports sent twice: one digest."""
    expected = shown(kept(tmp_path / "in-order.db", [NIGHT])).digest
    for seed in range(5):
        chance = random.Random(seed)
        sent = [*NIGHT, *chance.sample(NIGHT, len(NIGHT) // 3)]
        chance.shuffle(sent)
        groups = []
        while sent:
            size = chance.randint(1, 4)
            groups.append(sent[:size])
            sent = sent[size:]
        assert shown(kept(tmp_path / f"{seed}.db", groups)).digest == expected, seed


def test_no_report_vanishes(tmp_path):
    """I6: at every ten minutes each report received by then has one disposition, and is listed where it belongs."""
    written = kept(tmp_path / "night.db", [NIGHT])
    for minute in range(0, 70, 10):
        at = START + minute * minutes
        seen = shown(written, at)
        received = {r.name for r in NIGHT if r.received <= at}
        fates = [d.report for d in seen.association.dispositions]
        assert sorted(fates) == sorted(received) and {r.name for r in seen.reports} == received
        of_boats = [name for boat in seen.boats for name in boat.boat.reports]
        assert len(of_boats) == len(set(of_boats))
        loose = {d.report for d in seen.without_a_boat()}
        no_boat = {d.report for d in seen.association.dispositions if d.fate == "not_about_a_boat"}
        assert loose | no_boat | set(of_boats) == received
        assert not loose & set(of_boats) and not no_boat & set(of_boats) and not loose & no_boat


def test_a_corrected_report_is_one_report(tmp_path):
    """I5, I6: corrected, relayed, sent again and sent under its name by another: still each once, none under two."""
    path = tmp_path / "night.db"
    with open_record(path, node="dover") as record:
        append_reports(record, [Arrival(report=r) for r in (*NIGHT, *NIGHT)], recorded_at=END, by="feed")
        correct_report(record, replace(NIGHT[0], persons=persons(34)), recorded_at=END, by="watch_officer")
        other = replace(NIGHT[1], persons=persons(99))
        append_reports(record, [Arrival(report=other)], recorded_at=END, by="feed")
        written = events(record)
    names = [report.name for report in known_at(written).reports]
    assert sorted(names) == sorted([*(r.name for r in NIGHT), f"r-0002~{mark_of(other)}"])
    assert len({event.id for event in written}) == len(written)


def test_no_boat_leaves_the_active_list_without_a_decision_that_cites_evidence(tmp_path):
    """I7: recovered, landed, silent for two days: active. Closed without evidence of identity: refused, and if such a
    line stands in the record all the same, it closes nobody.
    """
    path = tmp_path / "night.db"
    ends = (
        told("r-0014", 55, east_km=0.4, kind="landing", persons=persons(40)),
        told("r-0015", 56, kind="decision", summary="all boats are accounted for"),
    )
    written = kept(path, [NIGHT, ends])
    for later in (0.0, 3 * hours, 12 * hours, 60 * hours):
        assert {boat.standing for boat in shown(written, END + later).boats} == {"active"}
    boat = next(b for b in shown(written).boats if "r-0008" in b.boat.reports)
    closing = Closing(
        boat=boat.name,
        reports=boat.boat.reports,
        endings=("r-0008",),
        evidence=(Identity(kind="ring_test", report="r-0008"),),
        at=END,
        by="watch_officer",
        probability_of_another=0.01,
    )
    for bare in (replace(closing, evidence=()), replace(closing, endings=())):
        with pytest.raises(CordialeError, match="cites no"):
            closing_entry(bare)
    body = {**closing_entry(closing).body, "evidence": []}
    forged = Entry(type="boat.closed", body=body, at=END, received=END, by="watch_officer")
    with open_record(path) as record:
        append(record, forged, recorded_at=END)
        assert shown(events(record)).boat(boat.name).standing == "active"
        append(record, closing_entry(closing), recorded_at=END)
        assert shown(events(record)).boat(boat.name).standing == "closed"
