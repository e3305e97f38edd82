"""What a group of messages weighs as one boat: the compiled kernel, its twin, and what they should say."""

import numpy as np
import pytest

from cordiale.association import twin
from cordiale.association.attributes import COLOURS, log_factors, statement
from cordiale.association.attributes import LENGTH as LENGTHS
from cordiale.association.attributes import PERSONS as NUMBERS
from cordiale.association.gate import TOP_SPEED, needed_speed
from cordiale.association.kernel import evidence
from cordiale.association.law import CALLER, COLOUR, IMPOSSIBLE, LENGTH, MEAN_GAP, PERSONS, POSITION, SILENCE, WATERS
from cordiale.association.message import messages
from cordiale.association.paths import Paths
from cordiale.association.tables import tables_of
from cordiale.earth.chance import Stream
from cordiale.earth.units import knots
from cordiale.sea.analytic import UniformCurrent, analytic_sea
from tests.rooms.association.small_night import persons, said, still_sea, told

STREAM = analytic_sea(UniformCurrent(eastward=0.5, northward=-0.2), current_std=0.15, wind_std=2.0)


def tables(reports, sea=STREAM):
    """The tables of some reports."""
    return tables_of(messages(reports), sea, Paths(), MEAN_GAP)


def parts(reports, sea=STREAM):
    """The parts of the evidence of all reports as one boat."""
    return evidence(tables(reports, sea), np.arange(len(reports)), np.array([0, len(reports)]))[0]


def wandering(count):
    """Reports of a boat here and there, with all that may be said of one."""
    u = Stream.of_seed(3).child("wandering").uniforms(np.arange(count), 0)
    v = Stream.of_seed(3).child("wandering").uniforms(np.arange(count), 1)
    made = []
    for k, ((a, b), (c, d)) in enumerate(zip(u.tolist(), v.tolist(), strict=True)):
        place = {} if k % 4 == 2 else {"east_km": 3 * b, "north_km": 2 * c, "within": 200 + 900 * d}
        colour = ("black", "grey", "blue")[int(3 * a)] if k % 5 else None
        number = persons(20 + int(20 * d)) if k % 2 else None
        phone = f"p{int(3 * b)}" if k % 3 else None
        boat = said(colour=colour)
        made.append(told(f"r-{k:04d}", 25 * k + 20 * a, caller=phone, persons=number, boat=boat, **place))
    return made


def test_the_kernel_says_what_its_twin_says():
    """Positions and silences of twelve reports agree to 1e-4 (the kernel's exponential is right to 3e-7 a time)."""
    reports = wandering(12)
    table = tables(reports)
    found = parts(reports)
    assert found[POSITION] == pytest.approx(twin.position(table, tuple(range(12))), abs=1e-4)
    assert found[SILENCE] == pytest.approx(twin.silence(table, tuple(range(12))), abs=1e-4)


def test_the_kernel_weighs_words_as_the_attributes_do():
    """Persons, length, colour and phone, each beside what was said before it: the same sums, to 1e-4; by judgement
    alone, before the night tells how its boats differ.
    """
    reports = wandering(12)
    table = tables(reports)._replace(
        persons_error=np.array([statement(NUMBERS, r.persons)[1] for r in reports]),
        of_persons=np.array([NUMBERS.mean, NUMBERS.between_boats**2]),
        of_length=np.array([LENGTHS.mean, LENGTHS.between_boats**2]),
        colours=np.array(list(COLOURS.values())),
    )
    sums = dict.fromkeys(("persons", "length", "colour", "caller"), 0.0)
    for k, report in enumerate(reports):
        for reason in log_factors(report, reports[:k]):
            sums[reason.key.removesuffix("_against").removesuffix("_new")] += reason.log_bayes_factor
    found = evidence(table, np.arange(12), np.array([0, 12]))[0]
    for about, part in (("persons", PERSONS), ("length", LENGTH), ("colour", COLOUR), ("caller", CALLER)):
        assert found[part] == pytest.approx(sums[about], abs=1e-4), about


def test_the_density_over_the_sea_sums_to_one():
    """An hour later the boat is somewhere: the density integrates to 1 within 3 %; 2 % are strewn further than that."""
    grid = [(x, y) for x in range(-60, 61, 4) for y in range(-60, 61, 4)]
    first = told("a", 0, east_km=0.0)
    later = [told(f"r-{k:04d}", 60, east_km=x, north_km=y, within=9790.0) for k, (x, y) in enumerate(grid)]
    table = tables([first, *later], still_sea())
    members = np.stack([np.zeros(len(later), dtype=np.int64), np.arange(1, len(later) + 1)], axis=1).ravel()
    value = evidence(table, members, np.arange(0, members.size + 1, 2))[:, POSITION]
    density = np.exp(value[np.abs(value - IMPOSSIBLE) > 1e-9]) / WATERS
    assert 0.97 < density.sum() * 4000.0**2 < 1.01


def test_a_boat_under_way_is_expected_towards_the_other_shore():
    """An hour later a boat making way is more likely 7 km to the north-west than to the south-east."""
    first = told("a", 0, east_km=0.0, boat=said(engine="running"))
    ahead = parts([first, told("b", 60, east_km=-5.0, north_km=5.0)], still_sea())
    astern = parts([first, told("b", 60, east_km=5.0, north_km=-5.0)], still_sea())
    assert ahead[POSITION] > astern[POSITION] + 0.5


def test_a_boat_adrift_goes_with_the_stream():
    """Engine stopped, an hour later: two kilometres down the stream rather than up."""
    first = told("a", 0, east_km=0.0, boat=said(engine="stopped"))
    down = parts([first, told("b", 60, east_km=1.8, north_km=-0.7)])
    up = parts([first, told("b", 60, east_km=-1.8, north_km=0.7)])
    assert down[POSITION] > up[POSITION] + 2


def test_impossible_speeds_count_as_never():
    """30 km in half an hour is 32 kn: refused, whatever else is said; what comes later is weighed beside the first."""
    reports = [told("a", 0, east_km=0.0), told("b", 30, east_km=30.0)]
    pair = messages(reports)
    assert needed_speed(*pair) > TOP_SPEED
    assert 28 < needed_speed(*pair) / knots < 33  # two minutes of slack and 200 m of error lower it from 32.4 kn
    assert parts(reports)[POSITION] == pytest.approx(IMPOSSIBLE)
    later = (
        parts([*reports, told("c", 40, east_km=0.5)])[POSITION]
        - parts([reports[0], told("c", 40, east_km=0.5)])[POSITION]
    )
    assert later == pytest.approx(IMPOSSIBLE, abs=1e-6)


def test_messages_without_a_position_say_nothing_of_place():
    """They are weighed by what they say and when."""
    found = parts([told("a", 0, east_km=0.0), told("b", 5)])
    assert found[POSITION] == 0 and found[SILENCE] != 0


def test_a_path_prolonged_is_the_path():
    """Paths kept from an earlier set and carried on give the same tables to the last bit."""
    reports = wandering(12)
    paths = Paths()
    tables_of(messages(reports[:5]), STREAM, paths, MEAN_GAP)
    kept, fresh = tables_of(messages(reports), STREAM, paths, MEAN_GAP), tables(reports)
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(kept, fresh, strict=True))
