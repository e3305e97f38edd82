"""Reports as JSON Lines: what is read, and that nothing which can be a report is lost."""

import hashlib
import json

import pytest

from cordiale.belief.report import Area, Between, Fix, RangeBearing
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import iso, utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM
from cordiale.feeds.jsonl import read_feed
from cordiale.feeds.line import KEPT_OF_A_HUGE_LINE, UNKNOWN_EVENT
from cordiale.record.claims import mark_of

NOW = utc("2021-11-24 06:00")
KEY = b"0123456789abcdef0123456789abcdef"
LINE = {
    "report": "r-1", "kind": "position_pin", "received": "2021-11-24T02:03:00Z", "event": "02:01Z",
    "channel": "whatsapp", "centre": "HM Coastguard Dover", "position": {"lat": 51.1417, "lon": 1.7417},
}  # fmt: skip


def one(now=NOW, key=KEY, **fields):
    """The feed line of the example with these fields changed; None takes a field away."""
    given = {name: value for name, value in {**LINE, **fields}.items() if value is not None}
    (line,) = read_feed([json.dumps(given)], now=now, key=key)
    return line


def problem_keys(line):
    return [problem.key for problem in line.problems]


def test_a_plain_line_is_read_without_a_flag():
    """Name, times, place and the error of a telephone's own fix."""
    line = one()
    assert line.report.flags == ()
    assert line.report.name == "r-1"
    assert iso(line.report.event.earliest) == "2021-11-24T02:01:00Z"
    (reading,) = line.report.where
    assert reading.place == Fix(position=Position(lat=51.1417, lon=1.7417), within=50.0, containment=0.95)


def test_the_digest_is_that_of_the_line_whatever_ends_it():
    """LF, CRLF and no line end at all give one SHA-256, that of the bytes between."""
    octets = json.dumps(LINE).encode()
    digests = {next(read_feed([octets + end], now=NOW)).sha256 for end in (b"\n", b"\r\n", b"")}
    assert digests == {hashlib.sha256(octets).hexdigest()}


def test_a_report_without_a_name_is_named_after_its_digest():
    """The same line gets the same name on every machine."""
    line = one(report=None)
    assert line.report.name == f"r-{line.sha256[:12]}"


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        ({"lat": "51.1417", "lon": "1.7417"}, Fix(position=Position(lat=51.1417, lon=1.7417), within=50.0)),
        ({"lat": 51.1, "lon": 1.7, "within_m": 900, "containment": 0.5},
         Fix(position=Position(lat=51.1, lon=1.7), within=900.0, containment=0.5)),
        ([51.1, 1.7], Fix(position=Position(lat=51.1, lon=1.7), within=50.0)),
        ({"lat": "51°06.0'N", "lon": "001°42.0'E"}, Fix(position=Position(lat=51.1, lon=1.7), within=0.1 * NM)),
        ({"text": "https://maps.google.com/?q=51.1417,1.7417"},
         Fix(position=Position(lat=51.1417, lon=1.7417), within=50.0)),
        ({"polygon": [[51, 1], [51, 2], [50.5, 1.5], [51, 1]]},
         Area(corners=(Position(lat=51, lon=1), Position(lat=51, lon=2), Position(lat=50.5, lon=1.5)))),
        ({"from": {"lat": 50.87, "lon": 1.583}, "range_m": 5000, "bearing_deg_true": 45},
         RangeBearing(origin=Position(lat=50.87, lon=1.583), range=5000, range_std=1000, bearing=45, bearing_std=10)),
        ({"from": [50.87, 1.583], "range_m": 5000, "range_std_m": 10, "bearing_deg_true": 45, "bearing_std_deg": 2},
         RangeBearing(origin=Position(lat=50.87, lon=1.583), range=5000, range_std=10, bearing=45, bearing_std=2)),
    ],
)  # fmt: skip
def test_every_form_of_a_position_field(position, expected):
    """Numbers, text, pairs, polygons, range and bearing, with the sender's error or the default."""
    line = one(position=position)
    (reading,) = line.report.where
    assert reading.place == expected
    assert not line.problems


def test_a_place_is_named_from_the_packaged_places():
    """`10 NM 045 from Cap Gris-Nez` needs no more than the program."""
    line = one(position={"text": "10 NM 045 from Cap Gris-Nez"})
    (reading,) = line.report.where
    assert reading.place.range == 18520.0
    assert reading.place.range_std == pytest.approx(3704)


def test_exclusive_readings_keep_their_shares():
    """Two readings of one position sum to 1, by `where` or by `readings`; other sums are rescaled and flagged."""
    two = [{"lat": 51.0, "lon": 1.7, "probability": 0.6}, {"lat": 51.1, "lon": 1.7, "probability": 0.4}]
    for line in (one(position=None, where=two), one(position={"readings": two})):
        assert [r.probability for r in line.report.where] == pytest.approx([0.6, 0.4])
        assert line.report.flags == ("position_ambiguous",)
    odd = one(position={"readings": [{**two[0], "probability": 3}, {**two[1], "probability": 0.5}]})
    assert sum(r.probability for r in odd.report.where) == pytest.approx(1)
    assert {"probability_unreadable", "probabilities_rescaled"} & set(odd.report.flags)


def test_one_unreadable_reading_loses_no_other():
    """Of three exclusive readings one says 61 minutes: the other two stand."""
    line = one(position={"readings": [{"text": "51 61N 1 20E"}, {"lat": 51, "lon": 1.7}, {"lat": 51.1, "lon": 1.7}]})
    assert len(line.report.where) == 2
    assert "earth.minutes" in problem_keys(line)


@pytest.mark.parametrize(
    ("position", "key"),
    [
        ({"text": "51 61N 001 20E"}, "earth.minutes"),
        ({"lat": 95.2, "lon": 1.7}, "earth.latitude"),
        ({"lat": 51.2}, "feeds.position"),
        ({"lat": True, "lon": 1.7}, "feeds.number"),
        ({"lat": 1e308, "lon": 1.7}, "earth.latitude"),
        ({"polygon": [[51, 1], [51, 2]]}, "belief.corners"),
        ({"from": "Atlantis", "range_m": 5, "bearing_deg_true": 5}, "earth.position"),
        ({"from": [50, 1], "range_m": -5, "bearing_deg_true": 5}, "belief.range_bearing"),
        ({"text": "///filled.count.soap"}, "earth.three_words"),
        (7, "feeds.position"),
        ({"readings": [{"lat": 51, "lon": 1}] * 51}, "feeds.readings"),
    ],
)
def test_an_unreadable_position_is_an_unplaced_report_with_its_problem(position, key):
    """The report stays, with its words and times; the problem has the value and a hint; the position as given stays."""
    line = one(position=position, summary="taking water")
    assert line.report.where == ()
    assert line.report.summary == "taking water"
    assert "position_unreadable" in line.report.flags
    assert problem_keys(line) == [key]
    assert "hint: " in str(line.problems[0])


def test_swapped_coordinates_are_put_in_order_and_flagged():
    """Longitude first: the boat is not looked for off Somalia, and the flag says what was done."""
    for position in ({"lat": 1.7417, "lon": 51.1417}, {"text": "1.7417, 51.1417"}):
        line = one(position=position)
        assert line.report.where[0].place.position == Position(lat=51.1417, lon=1.7417)
        assert line.report.flags == ("position_swapped",)
        assert problem_keys(line) == ["earth.swapped"]


def test_not_a_number_is_unknown_and_flagged():
    """NaN and Infinity anywhere are dropped as unknown; the rest of the line holds."""
    text = json.dumps({**LINE, "persons": float("nan"), "position": {"lat": float("inf"), "lon": 1.7}})
    (line,) = read_feed([text, text.replace("Infinity", "1e999")][:1], now=NOW)
    assert line.report.persons is None
    assert line.report.where == ()
    assert {"not_a_number", "position_unreadable"} <= set(line.report.flags)
    assert "NaN" in str(line.problems[0])
    (huge,) = read_feed([json.dumps(LINE).replace("51.1417", "1e999")], now=NOW)
    assert "not_a_number" in huge.report.flags


def test_an_unreadable_time_is_an_unknown_time():
    """The event lies in the three hours before receipt, and the report says that it is not known."""
    line = one(event="half past the second ferry")
    assert line.report.event.latest == line.report.received
    assert line.report.event.length == UNKNOWN_EVENT
    assert line.report.flags == ("event_unreadable",)
    assert one(event=None).report.flags == ("event_missing",)


def test_local_times_are_read_in_the_zone_of_the_centre_and_kept_as_given():
    """03:24 local at Gris-Nez is 02:24Z; at Dover it is 03:24Z; the words and the zone are kept."""
    french = one(event="03:24 heure locale", centre="CROSS Gris-Nez")
    assert iso(french.report.event.earliest) == "2021-11-24T02:24:00Z"
    assert french.as_given == {"event": "03:24 heure locale", "event_zone": "Europe/Paris"}
    assert iso(one(event="03:24 local time").report.event.earliest) == "2021-11-24T03:24:00Z"
    assert iso(one(event="03:24 local", zone="Europe/Paris").report.event.earliest) == "2021-11-24T02:24:00Z"


@pytest.mark.parametrize(
    ("fields", "earliest", "latest"),
    [
        ({"event": {"from": "02:20Z", "until": "03:10Z"}}, "02:20", "03:10"),
        ({"event": None, "event_from": "02:20Z", "event_until": "03:10Z"}, "02:20", "03:10"),
        ({"event": "02:20-03:10Z"}, "02:20", "03:10"),
        ({"event": {"from": "03:10Z", "until": "02:20Z"}}, "02:20", "03:10"),
        ({"event": {"from": "02:20Z"}, "received": "2021-11-24T03:30:00Z"}, "02:20", "03:30"),
        ({"event": utc("2021-11-24 02:20")}, "02:20", "02:20"),
        ({"event": 1000 * utc("2021-11-24 02:20")}, "02:20", "02:20"),
    ],
)
def test_every_form_of_an_event_field(fields, earliest, latest):
    """An interval in three writings, an open end, ends that change places, seconds and milliseconds."""
    event = one(**fields).report.event
    assert (iso(event.earliest)[11:16], iso(event.latest)[11:16]) == (earliest, latest)


def test_a_report_from_the_future_is_kept_and_flagged():
    """A clock is wrong somewhere; the report is not."""
    line = one(received="2021-11-24T09:00:00Z", event="2021-11-24T08:59:00Z")
    assert line.report.flags == ("in_future",)
    assert iso(line.report.received) == "2021-11-24T09:00:00Z"
    assert "2021-11-24T06:00:00Z" in str(line.problems[0])


@pytest.mark.parametrize(
    "octets",
    [
        json.dumps(LINE).encode()[:150],
        b"{",
        b"[1, 2]",
        b'"words"',
        b"null",
        b"\x00\x01\x02",
        b"[" * 100_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b'{"persons": ' + b"9" * 5000 + b"}",
    ],
    ids=["truncated", "brace", "array", "text", "null", "binary", "bomb", "deep", "digits"],
)
def test_a_line_that_is_no_report_is_kept_as_one_without_a_place(octets):
    """Flagged, with its problem, its digest and its beginning; nothing is raised and the next line is read."""
    first, second = read_feed([octets, json.dumps(LINE)], now=NOW)
    assert "unreadable_line" in first.report.flags
    assert first.report.where == ()
    assert first.report.is_about_a_boat
    assert first.sha256 == hashlib.sha256(octets).hexdigest()
    assert first.text == octets.decode()[:KEPT_OF_A_HUGE_LINE]
    assert second.report.name == "r-1"
    assert second.number == 2


def test_a_truncated_line_keeps_what_its_beginning_says():
    """Kind, receipt and centre stood before the break: a replay by time received still shows it in its place."""
    (line,) = read_feed([json.dumps(LINE)[:150]], now=NOW)
    assert (line.report.kind, iso(line.report.received)) == ("position_pin", "2021-11-24T02:03:00Z")


def test_other_encodings_are_read_and_flagged():
    """A byte order mark is passed over; a Western European line keeps its accents; UTF-16 is refused as a file."""
    octets = json.dumps({**LINE, "summary": "été"}, ensure_ascii=False)
    (marked,) = read_feed([b"\xef\xbb\xbf" + octets.encode()], now=NOW)
    assert (marked.report.flags, marked.report.summary) == ((), "été")
    (western,) = read_feed([octets.encode("cp1252")], now=NOW)
    assert (western.report.flags, western.report.summary) == (("not_utf8",), "été")
    with pytest.raises(CordialeError, match="UTF-16"):
        list(read_feed([octets.encode("utf-16")], now=NOW))


def test_doubled_keys_names_and_lines_are_all_kept():
    """The last of two keys counts, the first goes on; one name twice is two reports; one line twice is one call."""
    (doubled,) = read_feed(['{"kind": "find", "persons": 3, "persons": 30}'], now=NOW)
    assert doubled.report.persons == Between(least=30, most=30)
    assert doubled.extra == {"persons (earlier)": 3}
    text = json.dumps(LINE)
    lines = list(read_feed([text, json.dumps({**LINE, "persons": 3}), text], now=NOW))
    again = f"r-1/again-2~{mark_of(lines[0].report)}"
    assert [line.report.name for line in lines] == ["r-1", f"r-1~{mark_of(lines[1].as_claimed)}", again]
    assert lines[1].as_claimed.name == "r-1" and lines[1].as_claimed.flags == ()
    assert lines[1].report.flags == ("duplicate_name",)
    assert lines[2].report.flags == ("duplicate_line",)
    assert lines[2].report.relay_of == "r-1"


def test_unknown_fields_are_passed_on_and_personal_ones_are_not():
    """A field of a newer format travels on; a name or a nationality leaves only a flag."""
    line = one(cell="208-01-7", boat={"colour": "noir", "valve": "grey"}, nationality="Xish", caller_name="Yves")
    assert line.extra == {"cell": "208-01-7", "boat.valve": "grey"}
    assert line.report.boat.colour == "black"
    assert line.report.flags == ("personal_field_removed",)
    assert "Xish" not in repr(line) + str(line.problems) + "".join(map(str, line.problems))
    assert "Yves" not in "".join(map(str, line.problems))
    named = one(report=None, name="Yves Martin")
    assert named.report.name.startswith("r-")
    assert named.report.flags == ("personal_field_removed",)
    assert one(report=None, name="r-77").report.name == "r-77"


def test_a_plain_number_becomes_a_keyed_hash_at_once():
    """Whatever field it comes in, only its HMAC stays; the digest of the line does not give it away either."""
    lines = [one(caller_phone="+33 6 12 34 56 78"), one(caller="0612345678"), one(phone="0033612345678")]
    assert len({line.report.caller for line in lines}) == 1
    for line in lines:
        everything = (
            repr(line) + repr(line.text) + repr(line.extra) + repr(line.as_given) + "".join(map(str, line.problems))
        )
        assert "12 34 56 78" not in everything
        assert "12345678" not in everything
        assert line.digest_of == "line_under_key"
    keyless = one(key=None, caller_phone="0612345678")
    assert (keyless.report.caller, keyless.digest_of) == (None, "other_fields")
    assert problem_keys(keyless) == ["feeds.key"]
    assert keyless.sha256 == one(key=None, caller_phone="0799999999").sha256


def test_a_hash_that_was_made_before_is_taken_over():
    """With and without `hmac:` before it."""
    digest = "ab" * 32
    assert one(caller=digest).report.caller == one(caller=f"hmac:{digest}").report.caller == digest
    assert one(caller=digest).digest_of == "line"


@pytest.mark.parametrize(
    ("fields", "flag"),
    [
        ({"persons": "lots"}, "persons_unreadable"),
        ({"persons": {"least": 40, "most": 30}}, "persons_unreadable"),
        ({"persons": -3}, "persons_unreadable"),
        ({"persons": True}, "persons_unreadable"),
        ({"boat": {"engine": "quantum"}}, "engine_unreadable"),
        ({"boat": {"state": "sad"}}, "state_unreadable"),
        ({"boat": {"length_m": "long"}}, "length_unreadable"),
        ({"boat": "black"}, "boat_unreadable"),
        ({"position": {"lat": 51, "lon": 1.7, "within_m": -5}}, "within_unreadable"),
        ({"position": {"lat": 51, "lon": 1.7, "within_m": 5, "containment": 7}}, "within_unreadable"),
        ({"kind": "rumour"}, "kind_unknown"),
        ({"kind": None}, "kind_unknown"),
        ({"received": "soon"}, "received_unreadable"),
        ({"received": None}, "received_missing"),
        ({"mark": {"kind": "FAKE"}}, "mark_unreadable"),
        ({"zone": "Mars/Base"}, "zone_unreadable"),
        ({"report": "\x07"}, "name_unreadable"),
        ({"caller_phone": "12"}, "caller_unreadable"),
        ({"format": "cordiale.report/9"}, "format_unknown"),
    ],
)
def test_one_bad_field_costs_that_field_and_nothing_else(fields, flag):
    """The flag says which; the position still stands."""
    line = one(**fields)
    assert flag in line.report.flags
    assert len(line.report.where) == 1


def test_the_mark_of_a_synthetic_line_is_kept():
    """What was invented says so on every view."""
    line = one(mark={"kind": "SYNTHETIC", "source": "invented", "synthetic_parts": ["time"]})
    assert (line.report.mark.kind, line.report.mark.synthetic_parts) == ("SYNTHETIC", ("time",))


def test_an_empty_feed_and_a_missing_file_are_clear_errors(tmp_path):
    """The error names the file and says what to do."""
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"\n\r\n  \n")
    with pytest.raises(CordialeError, match=r"empty\.jsonl"):
        list(read_feed(empty, now=NOW))
    with pytest.raises(CordialeError, match="cannot open"):
        list(read_feed(tmp_path / "none.jsonl", now=NOW))
    with pytest.raises(CordialeError, match="cannot open"):
        list(read_feed(str(tmp_path), now=NOW))


def test_the_original_words_are_handed_over_apart():
    """They go to the record under their own key, and no printing of the line shows them."""
    line = one(text="on prend l'eau")
    assert line.text == "on prend l'eau"
    assert "prend" not in repr(line)
    assert "prend" not in repr(line.report)


def test_an_mmsi_says_that_two_plots_are_of_one_craft_and_not_of_which():
    """The nine digits are hashed under the key at the door, stand nowhere, and are no telephone's; others lose them."""
    key = b"k" * 32
    plot = {"kind": "ais_plot", "channel": "ais", "position": {"lat": 51.1, "lon": 1.6}, "event": "02:00Z"}
    lines = [
        {**plot, "mmsi": 235099999},
        {**plot, "mmsi": "235 099 999", "event": "02:10Z"},
        {**plot, "mmsi": "23509999", "event": "02:20Z"},
        {**plot, "kind": "sighting", "mmsi": "235099999"},
        {**plot, "kind": "distress_call", "caller_phone": "+235099999"},
    ]
    first, second, short, seen, call = read_feed([json.dumps(one) for one in lines], now=NOW, key=key)
    assert first.report.kind == "ais_plot" and first.report.caller == second.report.caller is not None
    assert first.digest_of == "line_under_key" and first.report.where[0].place.within == 50.0
    assert (short.report.caller, short.report.flags) == (None, ("received_missing", "mmsi_unreadable"))
    assert "8 digits" in str(short.problems[0]) and "23509999" not in str(short.problems[0])
    assert seen.report.caller is None and "field_ignored" in seen.report.flags
    assert call.report.caller != first.report.caller
    for line in (first, second, short, seen):
        assert "23509999" not in repr(line) and "23509999" not in str(dict(line.extra))
    (keyless,) = read_feed([json.dumps(lines[0])], now=NOW)
    assert keyless.report.caller is None and "mmsi_unreadable" in keyless.report.flags
