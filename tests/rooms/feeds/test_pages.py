"""The pages on reports and on reading positions say what the program does."""

import re
from pathlib import Path

import pytest

from cordiale.belief.report import KINDS
from cordiale.earth.chart import read_position
from cordiale.earth.clock import read_instant
from cordiale.earth.instants import iso, utc
from cordiale.feeds.fields import KNOWN
from cordiale.feeds.jsonl import read_feed
from cordiale.feeds.line import FLAGS
from cordiale.feeds.where import WITHIN_BY_CHANNEL, WITHIN_BY_VOICE, default_within
from cordiale.sea.places import place_positions
from cordiale.words import catalogue

ROOT = Path(__file__).parents[3]
REPORTS = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
READING = (ROOT / "docs" / "reading-positions.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(.+?)` \| ([^`|]+?) \|$", READING, re.M)
TIMES = re.findall(r"^\| `(.+?)` \| (\S+) \| (\S+Z) \|$", READING, re.M)
AT = utc("2021-11-24 02:30")


def test_the_examples_are_reports_without_a_problem():
    """Whoever copies a line of the page has a feed that reads."""
    (block,) = re.findall(r"```jsonl\n(.+?)```", REPORTS, re.S)
    lines = list(read_feed(block.splitlines(), now=utc("2021-11-24 06:00")))
    assert len(lines) == 6
    for line in lines:
        assert not line.problems
        assert not line.extra
        assert line.report.where
        assert set(line.report.flags) <= {"position_ambiguous"}


def test_every_field_kind_and_flag_stands_on_the_page():
    """Nothing is read that the page does not tell, and the page tells of nothing else."""
    missing = {name for name in (*KNOWN, *KINDS, *FLAGS) if f"`{name}`" not in REPORTS}
    assert not missing
    told = set(re.findall(r"`([a-z_]+)`", REPORTS.split("## Flags")[1].split("## The digest")[0]))
    assert told - set(FLAGS) == set()


def test_every_flag_that_the_code_sets_is_listed_and_has_words():
    """A flag without words would show as code to a person."""
    code = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "cordiale" / "feeds").glob("*.py"))
    set_here = set(re.findall(r"(?:note|attempt)\(\s*\"([a-z0-9_]+)\"", code))
    assert len(set_here) > 30
    assert set_here <= set(FLAGS)
    for language in ("en", "fr"):
        assert {f"console.flag.{flag}" for flag in FLAGS} <= catalogue(language).keys()


def test_the_table_of_default_errors_is_the_one_in_the_code():
    """Each row of judgement on the page is the number that is used."""
    rows = dict(re.findall(r"^\| (`[^|]+?|everything[^|]+?) \| (\d+) \|$", REPORTS, re.M))
    told = {word: float(metres) for words, metres in rows.items() for word in re.findall(r"`(\w+)`", words)}
    assert {word: default_within(word, "sighting") for word in told} == told
    assert len(rows) == len(WITHIN_BY_CHANNEL) + 1
    assert float(next(m for words, m in rows.items() if words.startswith("everything"))) == WITHIN_BY_VOICE


@pytest.mark.parametrize(("written", "position"), [r for r in ROWS if "°" in r[1]])
def test_every_position_on_the_page_reads_as_it_says(written, position):
    """The table of writings is a table of tests."""
    assert str(read_position(written)[0].place) == position


@pytest.mark.parametrize(("written", "readings"), [r for r in ROWS if "0." in r[1]])
def test_every_ambiguity_on_the_page_has_the_shares_it_says(written, readings):
    """The judged probabilities are those of the code."""
    told = [float(share) for share in re.findall(r"(?:seconds|minutes|decimal) (0\.\d+)", readings)]
    assert [round(r.probability, 3) for r in read_position(written)] == told


@pytest.mark.parametrize(("written", "zone", "instant"), TIMES)
def test_every_time_on_the_page_reads_as_it_says(written, zone, instant):
    """So is the table of times."""
    assert [iso(at) for at in read_instant(written, reference=AT, zone=zone).instants] == [instant]


def test_every_range_and_bearing_on_the_page_reads():
    """From packaged places, in both languages."""
    paragraph = READING.split("Range and bearing from a place")[1].split("**Sides.**")[0]
    written = re.findall(r"`(.+?)`", paragraph)
    assert len(written) == 8
    for text in written:
        assert read_position(text, places=place_positions())


def test_the_tables_of_the_page_were_found():
    """An empty list of examples would pass every test above."""
    assert (len([r for r in ROWS if "°" in r[1]]), len([r for r in ROWS if "0." in r[1]]), len(TIMES)) == (14, 4, 10)
