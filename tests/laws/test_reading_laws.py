"""What is written can be read back, and nothing that people or machines send breaks the reader."""

import json
import math
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cordiale.earth.chart import read_position
from cordiale.earth.clock import read_instant
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import displacement
from cordiale.earth.instants import iso, utc
from cordiale.earth.position import Position
from cordiale.feeds.intake import FIELDS, report_from_form
from cordiale.feeds.jsonl import read_feed
from cordiale.feeds.line import FeedLine

NOW = utc("2021-11-24 06:00")
PLACES = {"Cap Gris-Nez": Position(lat=50.87, lon=1.583), "Calais": Position(lat=50.97, lon=1.85)}
latitudes = st.floats(49.001, 52.999)
longitudes = st.floats(-1.999, 4.999)
pieces = st.sampled_from(
    ["51", "08.5", "1", "44", "N", "E", "O", "°", "'", '"', ",", ".", "-", "/", " ", "NM", "km", "from", "de", "Calais",
     "045", "nord", "Z", ":", "h", "24", "11", "2021", "nov", "BST", "heure", "locale", "https://", "?q=", "@", "geo:",
     "!3d", "61", "95", "NaN", "+", "à", "to", "ago", "vers", "\x00", "∞", "٣", "²"]
)  # fmt: skip
snippets = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=14).map("".join), st.lists(pieces).map(" ".join))
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), snippets),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)),
    max_leaves=4,
)
field_names = st.sampled_from(
    ["report", "kind", "received", "event", "event_from", "event_until", "zone", "channel", "centre", "where",
     "position", "persons", "boat", "caller", "caller_phone", "relay_of", "relays", "asset", "summary", "text", "mark"]
)  # fmt: skip
inner_names = st.sampled_from(
    ["lat", "lon", "within_m", "containment", "text", "polygon", "from", "until", "range_m", "bearing_deg_true",
     "readings", "probability", "least", "most", "colour", "length_m", "engine", "state", "kind", "source"]
)  # fmt: skip
field_values = st.one_of(json_values, st.dictionaries(inner_names, json_values, max_size=4))


def minutes_apart(a: Position, b: Position) -> float:
    """The larger of the differences in latitude and in longitude, in minutes of arc."""
    return 60 * max(abs(a.lat - b.lat), abs(a.lon - b.lon))


@given(lat=st.floats(-89.99, 89.99), lon=st.floats(-179.99, 179.99))
def test_a_printed_position_reads_back(lat, lon):
    """`str` prints a tenth of a minute: what is read back lies within half of it, except where sides look swapped."""
    position = Position(lat=lat, lon=lon)
    try:
        back = Position.parse(str(position))
    except CordialeError as error:
        assert error.key == "earth.swapped"
        return
    assert minutes_apart(position, back) <= 0.05 + 1e-9


@given(lat=latitudes, lon=longitudes, comma=st.booleans(), west=st.sampled_from("WO"))
@example(lat=51.0, lon=-0.00001, comma=True, west="O")
def test_every_writing_of_a_home_position_reads_back(lat, lon, comma, west):
    """Five decimals, minutes with three, seconds with two, points or commas: within what the digits leave open."""
    side = "E" if lon >= 0 else west
    y, x = abs(lat), abs(lon)
    y_minutes, x_minutes = round(y * 60, 3), round(x * 60, 3)
    y_seconds, x_seconds = round(y * 3600, 2), round(x * 3600, 2)
    writings = {
        f"{lat:.5f}; {lon:.5f}": 6e-4,  # minutes of arc: 1e-5 degree is 6e-4'
        f"{y:.5f}N {x:.5f}{side}": 6e-4,
        f"{y_minutes // 60:.0f}°{y_minutes % 60:06.3f}'N {x_minutes // 60:03.0f}°{x_minutes % 60:06.3f}'{side}": 1e-3,
        f"{y_minutes // 60:.0f}-{y_minutes % 60:06.3f}N {x_minutes // 60:03.0f}-{x_minutes % 60:06.3f}{side}": 1e-3,
        f"{y_minutes // 60:.0f}{y_minutes % 60:06.3f}N {x_minutes // 60:03.0f}{x_minutes % 60:06.3f}{side}": 1e-3,
        f"{y_seconds // 3600:.0f}°{y_seconds % 3600 // 60:02.0f}'{y_seconds % 60:05.2f}\"N "
        f"{x_seconds // 3600:.0f}°{x_seconds % 3600 // 60:02.0f}'{x_seconds % 60:05.2f}\"{side}": 1e-3,
    }
    for writing, tolerance in writings.items():
        text = writing.replace(".", ",") if comma else writing
        best = read_position(text)[0].place
        assert minutes_apart(Position(lat=lat, lon=lon), best) <= tolerance, text


@given(lat=latitudes, lon=longitudes)
def test_the_readings_of_one_text_share_out_one(lat, lon):
    """Ambiguous or not, probabilities sum to 1 and fall from the first reading on."""
    for text in (f"{lat:.3f} {lon:.3f}", f"{int(lat)} {int(lat * 60) % 60:02d} 30 {int(abs(lon))} {5:02d} 15"):
        shares = [reading.probability for reading in read_position(text)]
        assert math.isclose(sum(shares), 1)
        assert shares == sorted(shares, reverse=True)


@given(away=st.integers(1, 400).map(lambda n: n / 10), bearing=st.integers(0, 359), french=st.booleans())
def test_a_range_and_bearing_reads_back(away, bearing, french):
    """What is said in either language comes back as metres and degrees true."""
    text = f"{away} NM {bearing:03d} from Cap Gris-Nez"
    if french:
        text = f"{away} nautiques dans le {bearing:03d} du cap Gris-Nez".replace(".", ",")
    (reading,) = read_position(text, places=PLACES)
    assert math.isclose(reading.place.range, away * 1852)
    assert reading.place.bearing == bearing


@given(at=st.integers(int(utc("2020-01-01")), int(utc("2030-01-01"))))
def test_a_printed_instant_reads_back(at):
    """ISO with Z, a date-time group, and clock alone within half a day of the reference."""
    assert read_instant(iso(at), reference=NOW).instants == (at,)
    minute = at - at % 60
    stamp = iso(minute)
    months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    group = f"{stamp[8:10]}{stamp[11:13]}{stamp[14:16]}Z {months[int(stamp[5:7]) - 1]} {stamp[2:4]}"
    assert read_instant(group, reference=NOW).instants == (minute,)
    assert read_instant(f"{stamp[11:16]}Z", reference=minute + 43_000).instants == (minute,)
    assert read_instant(f"{stamp[11:16]}Z", reference=minute - 43_000).instants == (minute,)


@given(
    at=st.integers(int(utc("2020-01-01")), int(utc("2030-01-01"))),
    zone=st.sampled_from(["Europe/Paris", "Europe/London"]),
)
def test_a_local_time_holds_the_instant_it_was(at, zone):
    """Whatever the season, the instant that the wall clock showed is among those that are kept."""
    minute = at - at % 60
    local = datetime.fromtimestamp(minute, ZoneInfo(zone)).strftime("%H:%M")
    assert minute in read_instant(f"{local} local time", reference=minute + 600, zone=zone).instants


@settings(max_examples=200)
@given(text=snippets)
def test_any_text_is_a_position_or_a_problem(text):
    """Never another exception; what is read is on Earth and shares out 1."""
    try:
        readings = read_position(text, places=PLACES)
    except CordialeError as error:
        assert error.text("en")
        assert error.text("fr")
        return
    assert math.isclose(sum(reading.probability for reading in readings), 1)


@settings(max_examples=200)
@given(text=snippets, zone=st.sampled_from(["UTC", "Europe/Paris", "Europe/London"]))
@example(text="240201+99", zone="UTC")
@example(text="02:01 gmt+99:99", zone="UTC")
def test_any_text_is_a_time_or_a_problem(text, zone):
    """Never another exception; what is read lies between 1970 and 2096."""
    try:
        reading = read_instant(text, reference=NOW, zone=zone)
    except CordialeError as error:
        assert error.text("en")
        assert error.text("fr")
        return
    assert reading.span.earliest <= min(reading.instants) <= max(reading.instants) <= reading.span.latest


def checked(line: FeedLine) -> None:
    """A line that the record can write: finite, nameable, printable in both languages."""
    report = line.report
    assert report.name
    assert math.isfinite(report.received)
    report.name.encode()
    report.summary.encode()
    json.dumps(line.extra, allow_nan=False).encode()
    for problem in line.problems:
        assert problem.text("en")
        assert problem.text("fr")


@settings(max_examples=200)
@given(
    octets=st.binary(min_size=1, max_size=300).filter(lambda b: b.strip() and b[:2] not in (b"\xff\xfe", b"\xfe\xff"))
)
def test_any_bytes_are_feed_lines(octets):
    """Whatever comes over the wire becomes a report; none is lost and nothing is raised."""
    if not octets.replace(b"\xef\xbb\xbf", b"").strip():
        return
    lines = list(read_feed([octets], now=NOW, key=b"k" * 16))
    assert lines
    for line in lines:
        checked(line)


@settings(max_examples=150, deadline=None)
@given(fields=st.dictionaries(field_names, field_values, max_size=6))
def test_any_fields_are_a_report(fields):
    """Every field may hold anything: it is read or flagged, and the others stand."""
    (line,) = read_feed([json.dumps(fields)], now=NOW, key=b"k" * 16)
    assert "unreadable_line" not in line.report.flags
    checked(line)


@settings(deadline=None)
@given(form=st.dictionaries(st.sampled_from(FIELDS), snippets, max_size=8))
def test_any_form_is_a_report(form):
    """A call taker cannot type anything that loses the call."""
    checked(report_from_form(form, now=NOW, centre="CROSS Gris-Nez", key=b"k" * 16))


@given(lat=latitudes, lon=longitudes)
def test_a_reported_position_is_where_it_was_written(lat, lon):
    """From the feed to the report no metre is lost."""
    (line,) = read_feed([json.dumps({"kind": "find", "position": {"lat": lat, "lon": lon}})], now=NOW)
    place = line.report.where[0].place.position
    assert math.hypot(*displacement(lat, lon, place.lat, place.lon)) == 0
