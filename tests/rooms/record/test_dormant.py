"""Boats that may have landed unseen are a group for the display, and no boat that called is ever in it."""

from dataclasses import dataclass

import numpy as np
import pytest

from cordiale.earth.units import NM, hours, km, minutes
from cordiale.record.dormant import LONG, NEAR, dormant_boats
from cordiale.record.duties import Duties, Task
from cordiale.record.end_of_watch import end_of_watch
from cordiale.record.known import Known
from cordiale.record.picture import picture
from cordiale.record.watch_list import watch_list
from cordiale.sea.analytic import UniformCurrent, analytic_sea
from cordiale.views.end_of_watch_text import end_of_watch_text
from tests.rooms.association.small_night import START, persons, said, told


@dataclass(frozen=True)
class StraightShore:
    """Land west of 1.45 E, where the reports of these tests are told from 1.5 E on (3.5 km)."""

    source: str = "a straight shore"

    def distance(self, lat, lon):
        """Metres to it along the parallel of 51 N."""
        return (np.asarray(lon) - 1.45) * 111_320.0 * np.cos(np.radians(51.0))

    def landfall(self, lat0, lon0, lat1, lon1):
        """No step of these tests reaches it."""
        return np.full(np.broadcast(lat0, lon0, lat1, lon1).shape, np.inf)


SEA = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0), coast=StraightShore(), current_std=0.15, wind_std=2.0)
SEEN = told("r-0001", 0, east_km=0.5, kind="sighting", persons=persons(30), boat=said(state="under_way"))


def seen(*more, later=LONG + 1 * minutes, first=SEEN):
    reports = (first, *more)
    last = max(r.event.latest for r in reports)
    return picture(reports, SEA, at=last + later, seed=1, count=300)


def dormant(shown, duties=None):
    return [one.boat for one in dormant_boats(shown, duties)]


def test_a_boat_seen_under_way_near_the_shore_and_silent_for_long_is_dormant():
    """Seen 2.2 NM off, nothing for six hours: in the group, with the reasons in both languages."""
    shown = seen()
    (one,) = dormant_boats(shown)
    assert one.boat == "B-0001"
    assert one.text().startswith("nothing heard for 6 h 01; last seen 2.2 NM from a shore; ")
    assert one.text().endswith("; nobody aboard ever called or sent a position")
    assert one.text("fr").startswith("aucune nouvelle depuis 6 h 01")
    assert dormant(seen(later=LONG - 1 * minutes)) == []


def test_dormant_is_no_closure():
    """She stands as active, with her cloud and her thirty people not accounted for; her alarms go on."""
    shown = seen()
    boat = shown.boat("B-0001")
    assert boat.standing == "active" and boat.cloud is not None
    assert shown.ledger.unaccounted.most >= 30
    assert {"no_owner", "no_task", "old_fix"} <= {alarm.cause for alarm in watch_list(shown)}


@pytest.mark.parametrize(
    "heard",
    [
        told("r-0002", 3, kind="distress_call", caller="a1", east_km=0.5),
        told("r-0002", 3, kind="position_pin", caller="a1", east_km=0.5),
        told("r-0002", 3, kind="relay", east_km=0.5),
        told("r-0002", 3, kind="sighting", east_km=0.5, boat=said(state="taking_water")),
        told("r-0002", 3, kind="sighting", east_km=0.5, boat=said(engine="stopped")),
    ],
    ids=["call", "pin", "relay", "taking water", "engine stopped"],
)
def test_who_called_or_was_seen_in_need_is_never_dormant(heard):
    """However long ago: a day of silence lowers nothing."""
    for later in (LONG, 24 * hours):
        shown = seen(heard, later=later)
        with_it = [b for b in shown.boats if "r-0002" in b.boat.reports]
        assert with_it and not {b.name for b in with_it} & set(dormant(shown))


def test_far_from_every_shore_or_with_a_craft_or_without_a_coast_nobody_is_dormant():
    """Seen 12 NM off; with a cutter sent to her; on a sea whose coast is not known."""
    far = told("r-0001", 0, east_km=20.0, kind="sighting", boat=said(state="under_way"))
    assert 20 * km > NEAR and dormant(seen(first=far)) == []
    duties = Duties(tasks=(Task(anchor="r-0001", asset="cutter", at=START),))
    assert dormant(seen(), duties) == []
    ended = Duties(tasks=(Task(anchor="r-0001", asset="cutter", at=START, ended=START + 1 * hours),))
    assert dormant(seen(), ended) == ["B-0001"]
    open_sea = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0), current_std=0.15)
    shown = picture([SEEN], open_sea, at=START + LONG + 1 * hours, seed=1, count=300)
    assert dormant(shown) == []
    assert NEAR == 3 * NM


def test_one_more_report_wakes_her():
    """Seen again seven hours later by a ferry: no longer dormant."""
    again = told("r-0002", 7 * 60, kind="sighting", east_km=0.6, boat=said(state="under_way"))
    shown = seen(again, later=10 * minutes)
    assert "r-0002" in {name for b in shown.boats for name in b.boat.reports}
    assert all(b.name not in dormant(shown) for b in shown.boats if "r-0002" in b.boat.reports)


def test_the_list_for_the_end_of_the_watch_holds_every_boat_once():
    """Open ones first; the dormant one with its reasons; calls nobody took; who answers for whom."""
    missed = told("r-0003", 400, kind="missed_call", caller="b1")
    call = told("r-0002", 395, kind="distress_call", caller="b1", east_km=30.0, boat=said(state="taking_water"))
    shown = seen(call, missed, later=10 * minutes)
    end = end_of_watch(shown, Known(reports=shown.reports))
    assert sorted(line.boat.name for line in end.lines) == sorted(b.name for b in shown.boats)
    assert [line.boat.name for line in end.group("open")] == ["B-0002"]
    (asleep,) = end.group("dormant")
    assert asleep.boat.name == "B-0001" and asleep.dormant is not None and asleep.owner is None
    assert [alarm.id for alarm in end.unanswered] == ["unanswered_call r-0003"]


def test_the_list_for_the_end_of_the_watch_loses_no_report():
    """A call that nobody could place, one far away and people landed of no known boat: all are handed over."""
    lost = (
        told("r-0002", 3, persons=persons(33), summary="water in the boat"),
        told("r-0003", 4, kind="distress_call", east_km=-230.0, persons=persons(20)),
        told("r-0004", 5, kind="landing", persons=persons(10)),
    )
    shown = seen(*lost, later=10 * minutes)
    end = end_of_watch(shown, Known(reports=shown.reports))
    of_boats = {name for line in end.lines for name in line.boat.boat.reports}
    handed = of_boats | {r.name for r in (*end.loose, *end.unidentified)}
    assert handed == {r.name for r in shown.reports}
    assert "r-0002" in {r.name for r in end.loose}
    for text in (end_of_watch_text(end), end_of_watch_text(end, "fr")):
        assert all(report.name in text for report in (*end.loose, *end.unidentified))
