"""A report on the wire and back."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from cordiale.belief.report import Fix, RangeBearing, Reading
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.record.arrivals import append_report, correct_report
from cordiale.record.bodies import report_body, report_of, reports_of
from cordiale.record.events import EVENT_TYPES, canonical
from cordiale.record.log import events
from tests.rooms.record.any_report import reports
from tests.rooms.record.examples import NIGHT, NOW, PLAIN, numbered


@settings(max_examples=100, deadline=None)
@given(reports())
def test_every_report_survives_the_wire(report):
    """Written as canonical JSON and read back, a report is the same to the last bit."""
    body = report_body(report)
    kind = EVENT_TYPES["report.received"]
    assert set(kind.required) <= set(body) <= {*kind.required, *kind.optional}
    again = report_of(json.loads(canonical(body)))
    assert again == report
    assert canonical(report_body(again)) == canonical(body)


def test_wire_fields_end_in_their_unit():
    """Metres, degrees true and UTC can be read off the field names and values."""
    place = RangeBearing(
        origin=Position(lat=50.87, lon=1.58), range=18520.0, range_std=900.0, bearing=45.0, bearing_std=5.0
    )
    fix = Fix(position=Position(lat=51.0, lon=1.5), within=50.0)
    where = (Reading(place=fix, probability=0.5), Reading(place=place, probability=0.5))
    body = report_body(replace(PLAIN, where=where, received=NIGHT + 0.25))
    assert body["received"] == "2021-11-24T02:00:00.250000Z"
    assert body["where"][0] == {"probability": 0.5, "lat": 51.0, "lon": 1.5, "within_m": 50.0, "containment": 0.95}
    assert body["where"][1] == {
        "probability": 0.5,
        "from": {"lat": 50.87, "lon": 1.58},
        "range_m": 18520.0,
        "range_std_m": 900.0,
        "bearing_deg_true": 45.0,
        "bearing_std_deg": 5.0,
    }
    assert body["boat"]["length_m"] == {"least": 8.0, "most": 10.0}


def test_what_is_unknown_is_left_out():
    """No field stands for nothing."""
    body = report_body(replace(PLAIN, persons=None, where=(), summary=""))
    assert not {"persons", "where", "summary", "caller", "relay_of", "relays", "asset", "flags"} & set(body)


def test_a_body_that_is_no_report_is_named():
    """The error says which report and which field."""
    body = report_body(PLAIN)
    del body["channel"]
    with pytest.raises(CordialeError, match=r"'r-0001' is not a report: KeyError: 'channel'"):
        report_of(body)
    with pytest.raises(CordialeError, match="not a report"):
        report_of({**report_body(PLAIN), "where": [{"probability": 1.0}]})


def test_a_correction_stands_from_when_it_was_written(record):
    """The first version stays and is what a replay of an earlier instant shows."""
    append_report(record, numbered(1), recorded_at=NIGHT + 60, by="intake")
    append_report(record, numbered(2), recorded_at=NIGHT + 120, by="intake")
    better = replace(numbered(1), persons=None, summary="read again")
    event = correct_report(record, better, recorded_at=NOW, by="watch_officer")
    assert event.because == ("dover/1",)
    assert reports_of(events(record)) == (better, numbered(2))
    assert reports_of(events(record, until_received=NOW - 1)) == (numbered(1), numbered(2))
    assert report_of(events(record)[0].body) == numbered(1)


def test_only_a_report_that_is_there_can_be_corrected(record):
    """A correction of nothing is refused with the name."""
    with pytest.raises(CordialeError, match="r-0001"):
        correct_report(record, PLAIN, recorded_at=NOW, by="watch_officer")
