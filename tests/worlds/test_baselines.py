"""The methods to compare with do what they say: the oracle is a ceiling, a list of rows follows its rule."""

import pytest

from bench.nights_baselines import nearest
from bench.nights_oracle import oracle
from cordiale.belief.report import Fix, Reading, Report
from cordiale.earth.geodesy import destination
from cordiale.earth.instants import Span, utc
from cordiale.earth.position import Position
from cordiale.earth.units import km, minutes
from tests.worlds.generate import generate_night
from tests.worlds.generate_recipe import ELSEWHERE, STRAIT, sized
from tests.worlds.scores import b_cubed

START = utc("2021-11-24 01:00")


def told(name, minute, east=None, *, caller=None, relay_of=None):
    """A report `minute` minutes after the start, `east` metres along a parallel, or without a place."""
    at = START + minute * minutes
    where = ()
    if east is not None:
        lat, lon = (float(x) for x in destination(51.0, 1.5, east, 0.0))
        where = (Reading(place=Fix(position=Position(lat=lat, lon=lon), within=100.0)),)
    return Report(
        name=name, kind="distress_call", received=at, event=Span(earliest=at, latest=at), channel="phone", centre="x",
        where=where, caller=caller, relay_of=relay_of,
    )  # fmt: skip


def test_a_spreadsheet_joins_what_is_near_in_space_and_time():
    """2 km away ten minutes later is the same row; 20 km away, or two hours later, is another."""
    given = nearest([told("a", 0, 0.0), told("b", 10, 2 * km), told("c", 11, 20 * km), told("d", 140, 2 * km)])
    assert given["a"] == given["b"]
    assert len({given["a"], given["c"], given["d"]}) == 3


def test_a_spreadsheet_knows_phones_and_relays():
    """A phone heard before goes to its row from any distance, unless phones are not looked at; a relay to its own."""
    reports = [told("a", 0, 0.0, caller="p"), told("b", 30, 30 * km, caller="p"), told("c", 31, relay_of="a")]
    with_phones, without = nearest(reports), nearest(reports, phones=False)
    assert with_phones["a"] == with_phones["b"] == with_phones["c"]
    assert without["a"] == without["c"] != without["b"]


@pytest.mark.parametrize("recipe", [STRAIT, ELSEWHERE], ids=lambda r: r.name)
def test_the_oracle_is_a_ceiling(recipe):
    """With eight boats it is nearly always right, and far better than the nearest row."""
    night = generate_night(sized(recipe, boats=8), 4)
    about = {r.name for r in night.about_boats}
    truth = {n: b for n, b in night.truth.boat_of().items() if n in about}
    best = b_cubed(truth, oracle(night)).f1
    assert best > 0.93
    assert best > b_cubed(truth, nearest(night.about_boats)).f1 + 0.1
