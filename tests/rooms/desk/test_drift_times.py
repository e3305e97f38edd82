"""`cordiale drift`: every time that is printed can be told from the same clock of another day."""

import json

import pytest

from cordiale.desk import options as desk_options
from cordiale.desk.cli import main
from cordiale.desk.options import is_without_a_date, read_time_after
from cordiale.earth.instants import Span, utc
from cordiale.views.drift_words import told_span

RUN = ["drift", "51 08.5N 001 44.5E", "--particles", "300", "--quiet", "--at"]


def lines(capsys, *more):
    """What is printed and what is said aside of a run that went well."""
    assert main([*RUN, *more]) == 0
    said = capsys.readouterr()
    return said.out.splitlines(), said.err


@pytest.mark.parametrize(("language", "head"), [("en", "at 2021-11-24 02:01Z:"), ("fr", "2021-11-24 02:01Z :")])
def test_the_head_says_when_it_starts(capsys, language, head):
    """Date and time; on the day of the start the lines need no date."""
    out, err = lines(capsys, "2021-11-24T02:01Z", "--for", "2h", "--every", "1h", "--language", language)
    assert out[0].endswith(head)
    assert [line[:7] for line in out[1:3]] == ["03:01Z ", "04:01Z "]
    assert err == ""


@pytest.mark.parametrize(("language", "since"), [("en", "Since"), ("fr", "Depuis")])
def test_a_forecast_that_leaves_its_day_has_a_date_in_every_line(capsys, language, since):
    """Also where it is told since when the cloud moved."""
    out, _ = lines(
        capsys, "2021-11-24T23:01Z", "--for", "2h", "--every", "30m", "--wind", "calm", "--language", language
    )
    assert [line[:17] for line in out[1:5]] == [
        "2021-11-24 23:31Z", "2021-11-25 00:01Z", "2021-11-25 00:31Z", "2021-11-25 01:01Z",
    ]  # fmt: skip
    assert out[6].startswith("2021-11-25 01:01Z ")
    assert f"{since} 2021-11-25 00:31Z" in out[6]


def test_the_day_that_nobody_named_is_said_aloud(capsys, monkeypatch):
    """The nearest to now, on stderr, with what was typed; the document and the head have it too."""
    monkeypatch.setattr(desk_options, "now", lambda: utc("2021-11-24 01:00"))
    out, err = lines(capsys, "23:30Z", "--for", "20m", "--wind", "calm")
    assert "--at 23:30Z has no date: 2021-11-23 23:30Z was taken" in err
    assert out[0].endswith("at 2021-11-23 23:30Z:")
    assert main([*RUN, "23:30Z", "--for", "20m", "--wind", "calm", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["start"]["at"] == "2021-11-23T23:30:00Z"


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("15:00Z", "2021-11-24 15:00"),  # 13 h after the start: 15:00Z of the day before is nearer
        ("02:00Z", "2021-11-25 02:00"),
        ("02:02Z", "2021-11-24 02:02"),
        ("2021-11-23 15:00Z", "2021-11-23 15:00"),
        ("2021-11-23", "2021-11-23 00:00"),
    ],
)
def test_a_bare_clock_ends_a_forecast_at_the_next_such_time(text, end):
    """A date that is given is never changed: before the start it is refused."""
    assert read_time_after(text, utc("2021-11-24 02:01")) == utc(end)


def test_an_end_before_the_start_with_its_date_is_refused(capsys):
    """And an end without one is the next such time."""
    out, _ = lines(capsys, "2021-11-24T02:01Z", "--until", "15:00Z")
    assert out[6].startswith("15:00Z ")
    assert main([*RUN, "2021-11-24T02:01Z", "--until", "2021-11-23T15:00Z"]) == 2
    assert "2021-11-23T15:00:00Z" in capsys.readouterr().err


def test_a_begin_that_is_not_known_to_the_minute_is_told_with_both_ends():
    """As of a report that says between two times; over midnight both have their date."""
    first = utc("2021-11-24 02:01")
    assert told_span(Span(earliest=first, latest=first)) == "2021-11-24 02:01Z"
    assert told_span(Span(earliest=first, latest=utc("2021-11-24 02:20"))) == "2021-11-24 02:01Z - 02:20Z"
    late = Span(earliest=utc("2021-11-23 23:50"), latest=utc("2021-11-24 00:10"))
    assert told_span(late) == "2021-11-23 23:50Z - 2021-11-24 00:10Z"


@pytest.mark.parametrize(
    ("text", "bare"), [("02:01Z", True), ("vers 03h24", True), ("2021-11-24", False), ("24/11 02:01Z", False)]
)
def test_a_clock_is_told_from_a_time_with_a_date(text, bare):
    """In whatever form it was typed."""
    assert is_without_a_date(text) is bare
