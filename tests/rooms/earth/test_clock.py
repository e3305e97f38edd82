"""Times in every form people send, against the small hours of 24 November 2021."""

import pytest

from cordiale.earth.clock import ABOUT, read_instant
from cordiale.earth.errors import InvalidInstant
from cordiale.earth.instants import iso, utc

AT = utc("2021-11-24 02:30")

MOMENTS = [
    ("02:24Z", "UTC"),
    ("0224Z", "UTC"),
    ("02:24 UTC", "UTC"),
    ("02:24 GMT", "Europe/Paris"),
    ("2h24 TU", "Europe/Paris"),
    ("03:24 heure locale", "Europe/Paris"),
    ("03:24 (heure locale)", "Europe/Paris"),
    ("3h24", "Europe/Paris"),
    ("03h24 locale", "Europe/Paris"),
    ("0324 local", "Europe/Paris"),
    ("à 3 h 24", "Europe/Paris"),
    ("02:24 local time", "Europe/London"),
    ("2:24 am", "Europe/London"),
    ("02.24", "Europe/London"),
    ("0224 hrs", "UTC"),
    ("03:24 BST", "UTC"),
    ("03:24 CET", "UTC"),
    ("04:24 CEST", "UTC"),
    ("04h24 heure d'été", "Europe/Paris"),
    ("03h24 heure d’hiver", "Europe/Paris"),
    ("03:24+01:00", "UTC"),
    ("03:24 UTC+1", "UTC"),
    ("2021-11-24T02:24:00Z", "UTC"),
    ("2021-11-24T03:24+01:00", "Europe/London"),
    ("2021-11-24T03:24:00+0100", "UTC"),
    ("2021-11-23T23:24:00-03:00", "UTC"),
    ("20211124T0224Z", "UTC"),
    ("2021-11-24 02:24", "UTC"),
    ("240224Z NOV 21", "UTC"),
    ("240224ZNOV21", "UTC"),
    ("240324A NOV 2021", "UTC"),
    ("240224Z", "UTC"),
    ("24/11/2021 03:24 (Paris)", "UTC"),
    ("24/11 03h24", "Europe/Paris"),
    ("24.11.2021 03.24", "Europe/Paris"),
    ("24 novembre 2021 à 3h24", "Europe/Paris"),
    ("mercredi 24 novembre 2021 à 3h24", "Europe/Paris"),
    ("Wednesday 24 November 02:24", "UTC"),
    ("Nov 24 02:24Z", "UTC"),
    ("24th Nov 2021 02:24", "UTC"),
    ("02:24Z 24 Nov", "UTC"),
    ("02:24 uk time", "Europe/Paris"),
    ("3h24 heure de Paris", "UTC"),
]


@pytest.mark.parametrize(("text", "zone"), MOMENTS)
def test_every_writing_of_one_moment_is_read_as_that_moment(text, zone):
    """Zulu, local with a named zone, offsets, date-time groups, French and English."""
    reading = read_instant(text, reference=AT, zone=zone)
    assert [iso(i) for i in reading.instants] == ["2021-11-24T02:24:00Z"]
    assert reading.as_given == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("23:50Z", "2021-11-23T23:50:00Z"), ("14:00Z", "2021-11-24T14:00:00Z"), ("15:00Z", "2021-11-23T15:00:00Z")],
)
def test_a_clock_time_falls_on_the_day_nearest_the_reference(text, expected):
    """Half past two knows that ten to midnight was yesterday."""
    reading = read_instant(text, reference=AT)
    assert iso(reading.span.earliest) == expected
    assert "day_assumed" in reading.flags


def test_a_day_without_month_or_year_is_the_nearest_one():
    """A date-time group often lacks its month; 31 means the last 31st and not 1 December."""
    assert iso(read_instant("312350Z", reference=utc("2021-11-01 00:10")).span.earliest) == "2021-10-31T23:50:00Z"
    assert iso(read_instant("31/12 23:50Z", reference=utc("2022-01-01 00:10")).span.earliest) == "2021-12-31T23:50:00Z"


@pytest.mark.parametrize(
    "text",
    ["02:20-03:10Z", "02:20Z - 03:10Z", "02:20 to 03:10Z", "entre 3h20 et 4h10 heure de Paris",
     "2021-11-24T02:20Z/2021-11-24T03:10Z", "24/11/2021 02:20-03:10Z", "02:20-03:10", "de 3h20 à 4h10 CET"],
)  # fmt: skip
def test_an_interval_is_a_span_and_no_offset(text):
    """The last position of the night has no time: it was sent between 02:20 and 03:10."""
    span = read_instant(text, reference=AT).span
    assert (iso(span.earliest), iso(span.latest)) == ("2021-11-24T02:20:00Z", "2021-11-24T03:10:00Z")


def test_an_interval_may_pass_midnight():
    """From 23:40 to 00:20 is forty minutes."""
    span = read_instant("23:40-00:20Z", reference=AT).span
    assert (iso(span.earliest), span.length) == ("2021-11-23T23:40:00Z", 2400.0)


def test_about_and_ago_are_spans():
    """`Vers 3 h` is ten minutes either way, `ten minutes ago` a quarter of it either way."""
    about = read_instant("vers 3h25", reference=AT, zone="Europe/Paris")
    assert (iso(about.span.middle), about.span.length) == ("2021-11-24T02:25:00Z", 2 * ABOUT)
    ago = read_instant("il y a 10 minutes", reference=AT)
    assert (iso(ago.span.middle), ago.span.length) == ("2021-11-24T02:20:00Z", 300.0)
    assert read_instant("now", reference=AT).instants == (AT,)


def test_the_hour_that_happens_twice_gives_both_instants():
    """When the clocks go back, 02:30 in Paris is 00:30Z or 01:30Z; nobody can know which."""
    reading = read_instant("02:30 heure locale", reference=utc("2021-10-31 01:00"), zone="Europe/Paris")
    assert [iso(i) for i in reading.instants] == ["2021-10-31T00:30:00Z", "2021-10-31T01:30:00Z"]
    assert "clock_fold" in reading.flags
    named = read_instant("02:30 CET", reference=utc("2021-10-31 01:00"), zone="Europe/Paris")
    assert [iso(i) for i in named.instants] == ["2021-10-31T01:30:00Z"]


def test_the_hour_that_does_not_exist_gives_both_offsets():
    """When the clocks go forward, 01:30 in London is a watch that was or was not changed."""
    reading = read_instant("01:30 local time", reference=utc("2021-03-28 01:00"), zone="Europe/London")
    assert [iso(i) for i in reading.instants] == ["2021-03-28T00:30:00Z", "2021-03-28T01:30:00Z"]
    assert "clock_gap" in reading.flags


def test_what_was_given_is_kept_with_its_zone():
    """The record keeps the words and the zone beside the instant."""
    reading = read_instant("3h24", reference=AT, zone="Europe/Paris")
    assert (reading.as_given, reading.zone) == ("3h24", "Europe/Paris")
    assert "zone_assumed" in reading.flags


@pytest.mark.parametrize(
    ("text", "zone", "key"),
    [
        ("hello", "UTC", "earth.instant"),
        ("", "UTC", "earth.instant"),
        ("3", "UTC", "earth.instant"),
        ("2021-11-24", "UTC", "earth.instant"),
        ("25:61", "UTC", "earth.clock"),
        ("31/02/2021 03:00", "UTC", "earth.clock"),
        ("11/24/2021 02:24", "UTC", "earth.clock"),
        ("15:24 pm", "UTC", "earth.clock"),
        ("03:24 heure locale", "UTC", "earth.local_zone"),
        ("02:24", "Mars/Base", "earth.zone"),
        ("02:24", "../etc", "earth.zone"),
    ],
)
def test_what_is_no_time_is_refused_with_the_value_and_a_hint(text, zone, key):
    """Not on a clock, not in the calendar, local to nowhere: each has its own problem and hint."""
    with pytest.raises(InvalidInstant) as caught:
        read_instant(text, reference=AT, zone=zone)
    assert caught.value.key == key
    assert (zone if key == "earth.zone" else text) in caught.value.problem("fr")
