"""Empty searches in the association: plots grow doubtful where somebody looked, statements never do."""

import math
from dataclasses import replace

import numpy as np
import pytest

from cordiale.association import twin
from cordiale.association.associate import Memory, associate, batch
from cordiale.association.grouping_twin import log_weight
from cordiale.association.kernel import evidence
from cordiale.association.law import CLUTTER, MEAN_GAP, POSITION, SEARCHED, SHARE_ANYHOW
from cordiale.association.message import messages
from cordiale.association.paths import Paths
from cordiale.association.searched import BOATS, GONE_AFTER, WORTHLESS, Searched, with_searches
from cordiale.association.tables import tables_of
from cordiale.association.weights import real
from cordiale.belief.report import Fix, Reading
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import destination
from cordiale.earth.position import Position
from cordiale.earth.units import hours, km, minutes
from tests.known.test_association_exact import groupings
from tests.rooms.association.small_night import START, persons, still_sea, told

SEA = still_sea()


def place(east_km, north_km=0.0):
    """A place east and north of 51 N 1.5 E."""
    lat, lon = destination(51.0, 1.5, east_km * 1000, north_km * 1000)
    return float(lat), float(lon)


def search(begin, end, *, east_km, width, north_km=(-4.0, 4.0), **given):
    """A straight run northwards past some place, from one minute after one to another."""
    ends = [place(east_km, north) for north in north_km]
    lat, lon = zip(*ends, strict=True)
    return Searched(at=(START + begin * minutes, START + end * minutes), lat=lat, lon=lon, width=width, **given)


def tables(reports, *searches):
    """The tables of some reports, and what these searches left unseen."""
    news, paths = messages(reports), Paths()
    return with_searches(tables_of(news, SEA, paths, MEAN_GAP), news, searches, SEA, paths)


def parts(table, group):
    """The parts of the evidence of a group."""
    return evidence(table, np.array(group), np.array([0, len(group)]))[0]


def plot(name, minute, east_km=0.0, **given):
    """A radar plot."""
    return told(name, minute, east_km=east_km, kind="radar_plot", **given)


def two_readings(name, minute, near, far, **given):
    """A call whose position is here or, misread, there."""
    made = told(name, minute, east_km=near, within=300.0, **given)
    lat, lon = place(far)
    other = Fix(position=Position(lat=lat, lon=lon), within=300.0)
    return replace(
        made, where=(Reading(place=made.where[0].place, probability=0.5), Reading(place=other, probability=0.5))
    )


EVERYWHERE = search(0.5, 9.5, east_km=1.0, width=500 * km)  # so good that nobody within sight is missed
ALL_SEEN = 1 - (1 - WORTHLESS) * math.exp(-10 * minutes / GONE_AFTER)  # by a search in the first ten minutes


def test_a_search_that_sees_everything_leaves_the_floor():
    """Ten minutes after a plot: 1 - 0.95 exp(-10 min / 6 h), that is 0.076, by hand; to 1e-9."""
    table = tables([plot("r-0001", 0)], EVERYWHERE)
    assert pytest.approx(ALL_SEEN, abs=1e-9) == np.exp(table.missed[0, :, -1]).mean()
    assert pytest.approx(0.0760, abs=5e-5) == ALL_SEEN


def test_a_pass_misses_as_the_inverse_cube_law_says():
    """A long run 6 km past a plot, with a sweep width of 8 km: exp(-W^2 / 4 pi x^2) = 0.868 by hand; 0.01 for the ten
    minutes in which the boats go on, the ends of the run, and 96 boats. Detections count less the doubt.
    """
    past = search(0.0, 10.0, east_km=6.0, width=8 * km, north_km=(-60.0, 60.0))
    left = math.exp(-64 / (4 * math.pi * 36))
    expected = 1 - (1 - WORTHLESS) * (1 - left) * math.exp(-10 * minutes / GONE_AFTER)
    missed = np.exp(tables([plot("r-0001", 0)], past).missed[0, :, -1])
    assert missed.mean() == pytest.approx(expected, abs=0.01)
    assert BOATS == 32


def test_a_plot_that_stands_alone_is_less_probably_a_boat():
    """rate x end x q against clutter: the odds of a lone plot fall by q, by hand, to 1e-9."""
    reports = [plot("r-0001", 0), told("r-0002", 30, east_km=30.0)]
    before, after = (batch(reports, SEA, seed=1, searches=s).samples.weights for s in ((), (EVERYWHERE,)))
    odds = [real(w, 0, 2) / (1 - real(w, 0, 2)) for w in (before, after)]
    told_by_search = float(np.exp(after.ends[0][0] - before.ends[0][0]))
    assert told_by_search == pytest.approx(ALL_SEEN, abs=1e-6)
    assert odds[1] / odds[0] == pytest.approx(told_by_search, rel=1e-9)
    assert after.clutter[0] == CLUTTER["radar_plot"]


def test_a_statement_is_never_lowered():
    """A call where a search saw everything: the association is, to the last bit, as without it. Nor do calls of one
    boat weigh less together: their part of the searches is nothing.
    """
    reports = [told("r-0001", 0, east_km=0.0, persons=persons(30))]
    assert associate(reports, SEA, seed=1, searches=[EVERYWHERE]) == associate(reports, SEA, seed=1)
    calls = [told(f"r-{k:04d}", 20 * k, east_km=0.5 * k) for k in range(4)]
    assert parts(tables(calls, EVERYWHERE), (0, 1, 2, 3))[SEARCHED] == 0.0


def test_two_plots_of_one_boat_were_missed_once_each_time():
    """Plots at 0 and 30 minutes with a search between that saw everything: the pair weighs log 0.076 less, by hand, to
    1e-5. After a call instead of the first plot nothing less: the call was missed with the plot and without it.
    """
    pair = [plot("r-0001", 0), plot("r-0002", 30)]
    assert parts(tables(pair, EVERYWHERE), (0, 1))[SEARCHED] == pytest.approx(math.log(ALL_SEEN), abs=1e-5)
    spoken = [told("r-0001", 0, east_km=0.0), plot("r-0002", 30)]
    assert parts(tables(spoken, EVERYWHERE), (0, 1))[SEARCHED] == pytest.approx(0.0, abs=1e-6)


def test_a_search_speaks_against_a_plot_that_puts_a_caller_where_it_looked():
    """A call, a plot 6 km on, then a search that sees all there: as one boat log of what is left after the plot over
    what is left after the call alone, both by hand from the boats let go, to 1e-5; a call there is not spoken against.
    """
    there = search(31, 39, east_km=6.0, width=4 * km, north_km=(-3.0, 3.0))
    pair = [told("r-0001", 0, east_km=0.0, within=300.0), plot("r-0002", 30, 6.0)]
    table = tables(pair, there)
    kinds = np.array([1 - table.way[0], table.way[0] * (1 - SHARE_ANYHOW), table.way[0] * SHARE_ANYHOW])
    alone = math.log(kinds @ np.exp(table.missed[0, :, -1]))
    found = parts(table, (0, 1))[SEARCHED]
    assert found == pytest.approx(twin.followed(table, (0, 1))[1] - alone, abs=1e-5)
    assert found < -1.0
    calls = [pair[0], told("r-0002", 30, east_km=6.0)]
    assert parts(tables(calls, there), (0, 1))[SEARCHED] == 0.0


def test_a_search_turns_to_the_other_reading():
    """A call read here or 20 km east, a search here that found nothing, a call an hour later there: log 2, about, for
    one boat; a call here is against it. Without the search both readings weigh alike.
    """
    here = search(2, 12, east_km=0.0, width=20 * km, north_km=(-3.0, 3.0))
    for second, sign in ((20.0, 1.0), (0.0, -1.0)):
        reports = [two_readings("r-0001", 0, 0.0, 20.0), told("r-0002", 30, east_km=second, within=300.0)]
        gain = parts(tables(reports, here), (0, 1))[POSITION] - parts(tables(reports), (0, 1))[POSITION]
        assert sign * gain > 0.3
        assert parts(tables(reports, here), (0, 1))[SEARCHED] == 0.0


@pytest.mark.parametrize("second", [("radar_plot", "sighting"), ("position_pin", "relay")])
def test_the_kernel_says_what_its_twin_says_of_searches(second):
    """Four plots with two readings each, or two of them calls, and two searches: both parts agree to 1e-4."""
    kinds = ("radar_plot", *second, "radar_plot")
    reports = [two_readings(f"r-{k:04d}", 25 * k, 0.5 * k, 6.0 + k, kind=kind) for k, kind in enumerate(kinds)]
    table = tables(reports, search(10, 20, east_km=0.5, width=3 * km), search(55, 70, east_km=7.0, width=2 * km))
    found = parts(table, (0, 1, 2, 3))
    assert found[POSITION] == pytest.approx(twin.position(table, (0, 1, 2, 3)), abs=1e-4)
    assert found[SEARCHED] == pytest.approx(twin.searched(table, (0, 1, 2, 3)), abs=1e-4)
    assert found[SEARCHED] < -0.1


def small_hour():
    """Two calls and three plots near one another, and two searches among them."""
    reports = [
        told("r-0000", 0, east_km=0.0, within=800.0),
        plot("r-0001", 12, 2.0, within=600.0),
        plot("r-0002", 25, 1.0, within=600.0),
        told("r-0003", 40, east_km=3.0, within=800.0),
        plot("r-0004", 55, 6.0, within=600.0),
    ]
    return reports, [search(14, 24, east_km=2.0, width=3 * km), search(60, 90, east_km=6.0, width=4 * km)]


def test_searched_groupings_are_sampled_as_often_as_they_weigh():
    """P(two messages about one boat) within 0.02 of the sum over all 52 groupings of five, with searches; and they
    change some of them by more than 0.02.
    """
    reports, searches = small_hour()
    found = {}
    for name, known in (("without", ()), ("with", searches)):
        samples = batch(reports, SEA, seed=1, searches=known).samples
        exact, every = np.zeros((5, 5)), list(groupings(5))
        logs = np.array([log_weight(samples.weights, grouping) for grouping in every])
        for share, grouping in zip(np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum(), every, strict=True):
            for group in grouping:
                exact[np.ix_(group, group)] += share
        assert np.abs(exact - samples.likely).max() < 0.02
        found[name] = exact
    assert np.abs(found["with"] - found["without"]).max() > 0.02


def test_searches_are_a_set_and_can_be_taken_back():
    """Any order and any repetition gives the same answer; taken back, it is, to the last bit, the one before."""
    reports, searches = small_hour()
    memory = Memory()
    before = associate(reports, SEA, seed=1, memory=memory)
    one = associate(reports, SEA, seed=1, searches=searches, memory=memory)
    other = associate(reports, SEA, seed=1, searches=[*reversed(searches), searches[0]])
    assert one == other != before
    assert associate(reports, SEA, seed=1, searches=[], memory=memory) == before
    assert associate(reports, SEA, seed=1) == before


def test_a_search_elsewhere_or_before_says_nothing():
    """A search 60 km off changes the odds of a plot by less than 1 in 1,000, one before it by nothing."""
    reports = [plot("r-0001", 60)]
    far = search(65, 75, east_km=60.0, width=1 * km)
    assert np.exp(tables(reports, far).missed[0, :, -1]) == pytest.approx(1.0, abs=1e-3)
    assert not tables(reports, search(10, 40, east_km=0.0, width=20 * km)).missed.any()


def test_a_search_without_sense_is_refused():
    """Fixes that do not rise in time, or a width below nothing, are named."""
    with pytest.raises(CordialeError, match="2 fixes"):
        Searched(at=(2.0, 1.0), lat=(51.0, 51.0), lon=(1.0, 1.0), width=100.0)
    assert 5.9 * hours < GONE_AFTER < 6.1 * hours
