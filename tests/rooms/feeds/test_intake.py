"""The form a call taker fills in."""

import pytest

from cordiale.belief.report import Between
from cordiale.earth.instants import iso, utc
from cordiale.feeds.intake import report_from_form
from cordiale.feeds.phones import mmsi_hash

NOW = utc("2021-11-24 02:30")
KEY = b"0123456789abcdef0123456789abcdef"
FORM = {
    "position": "51 08.5N 001 44.5E",
    "time": "03h24 heure locale",
    "persons": "une trentaine",
    "colour": "noir",
    "engine": "moteur en panne",
    "state": "prend l'eau",
    "phone": "06 12 34 56 78",
    "relays": "SAMU > CROSS",
    "words": "on coule, rappelez le 06.12.34.56.78 vite",
}


def taken(centre="CROSS Gris-Nez", key=KEY, **fields):
    form = {name: value for name, value in {**FORM, **fields}.items() if value is not None}
    return report_from_form(form, now=NOW, centre=centre, key=key)


def test_a_call_in_french_becomes_a_report():
    """Position, local time, a round number of people, what is said of the boat, who passed it on."""
    line = taken()
    report = line.report
    assert report.flags == ()
    assert (report.kind, iso(report.received), iso(report.event.latest)) == (
        "distress_call",
        "2021-11-24T02:30:00Z",
        "2021-11-24T02:24:00Z",
    )
    assert str(report.where[0].place.position) == "51°08.5'N 001°44.5'E"
    assert report.where[0].place.within == 500.0  # read out over the telephone
    assert report.persons == Between(least=25, most=35)
    assert (report.boat.colour, report.boat.engine, report.boat.state) == ("black", "stopped", "taking_water")
    assert report.relays == ("SAMU", "CROSS")
    assert line.text == "on coule, rappelez le [caller] vite"
    assert line.as_given["event_zone"] == "Europe/Paris"


@pytest.mark.parametrize(
    "written",
    ["06 12 34 56 78", "+33 6 12 34 56 78", "0033612345678", "+33 (0)6 12 34 56 78", "06.12.34.56.78", "33612345678"],
)
def test_the_callers_number_never_leaves_the_form(written):
    """However it is written it becomes one hash, and stands in no field, no error, no printing."""
    line = taken(
        phone=written,
        words=f"rappelez {written} ou 06-12-34-56-78",
        summary=f"number {written}",
        position=f"call {written}",
        time=f"{written}h",
        note=f"again {written}",
        persons=f"{written} people",
    )
    assert line.report.caller == taken().report.caller
    everything = "".join(
        [repr(line), repr(line.report), str(line.text), repr(line.extra), repr(line.as_given), line.sha256]
        + [problem.text(language) + repr(problem.values) for problem in line.problems for language in ("en", "fr")]
    )
    digits = "".join(c for c in everything if c.isdigit())
    assert "612345678" not in digits
    assert "12 34 56 78" not in everything


def test_without_a_key_the_number_is_dropped_and_the_report_says_so():
    """No key, no hash; the rest of the call is kept."""
    line = taken(key=None)
    assert line.report.caller is None
    assert "caller_unreadable" in line.report.flags
    assert [p.key for p in line.problems] == ["feeds.key"]
    assert len(line.report.where) == 1


def test_two_telephones_have_two_hashes_and_two_nodes_have_two_hashes_of_one():
    """The hash tells calls of one telephone, on one node only."""
    assert taken().report.caller != taken(phone="+44 7700 900123").report.caller
    assert taken().report.caller != taken(key=b"another key of the other node").report.caller
    assert taken(phone="07700 900123").report.caller == taken(phone="+44 7700 900123").report.caller


def test_what_cannot_be_read_is_a_problem_beside_a_report():
    """The call taker sees the problem and the hint; the report is there already, with its words."""
    line = taken(position="51 61N 001 20E", time="25:61", persons="lots", state="sad")
    assert line.report.where == ()
    assert set(line.report.flags) == {
        "position_unreadable", "event_unreadable", "persons_unreadable", "state_unreadable"
    }  # fmt: skip
    assert [p.key for p in line.problems] == ["earth.clock", "earth.minutes", "feeds.count", "feeds.word"]
    assert line.as_given["position"] == "51 61N 001 20E"
    assert line.text is not None


def test_a_call_without_a_time_is_about_just_now():
    """The last quarter of an hour, flagged as assumed."""
    line = taken(time=None)
    assert (iso(line.report.event.earliest), line.report.event.latest) == ("2021-11-24T02:15:00Z", NOW)
    assert "event_assumed_just_now" in line.report.flags


def test_the_same_local_time_is_another_instant_on_the_other_side():
    """03:24 is 02:24Z at Gris-Nez and 03:24Z at Dover."""
    british = taken(centre="HM Coastguard Dover", time="03:24 local time")
    assert iso(british.report.event.latest) == "2021-11-24T03:24:00Z"
    assert "in_future" in british.report.flags


def test_range_and_bearing_from_a_packaged_place():
    """`3 nautiques dans le 045 de Gris-Nez` needs no table of the caller's."""
    (reading,) = taken(position="3 nautiques dans le 045 de Gris-Nez").report.where
    assert (reading.place.range, reading.place.bearing) == (5556.0, 45.0)


def test_an_empty_form_is_still_a_report():
    """A call that broke off before anything was said is a sign of life."""
    line = report_from_form({}, now=NOW, centre="CROSS Gris-Nez", key=KEY)
    assert (line.report.kind, line.report.where, line.report.caller) == ("distress_call", (), None)


def test_unknown_fields_go_on_and_personal_ones_do_not():
    """The form has no field for a name, and whoever sends one loses it with a flag."""
    line = taken(surname="Dupont", cell="208-01")
    assert line.extra == {"cell": "208-01"}
    assert "personal_field_removed" in line.report.flags
    assert "Dupont" not in repr(line.problems) + "".join(map(str, line.problems))


def test_an_mmsi_typed_with_an_ais_plot_is_hashed_and_with_anything_else_is_dropped():
    """What the call taker typed is in nothing that comes out; the plot has the hash a feed would give it."""
    plot = taken(kind="ais_plot", mmsi="235 099 999", phone=None, channel="ais")
    assert plot.report.caller == mmsi_hash(235099999, KEY) and plot.report.kind == "ais_plot"
    call = taken(mmsi="235099999", phone=None)
    assert call.report.caller is None and "field_ignored" in call.report.flags
    for line in (plot, call):
        assert "235099999" not in repr(line).replace(" ", "")
