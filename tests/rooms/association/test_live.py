"""A new report at once, beside what the batch says when it has it too."""

import math

import numpy as np
import pytest

from cordiale.association import associate as associate_module
from cordiale.association.associate import Memory, batch
from cordiale.association.constraints import NO_CONSTRAINTS, Constraints
from cordiale.association.live import differences, live, nearest
from cordiale.association.live_night import night_of
from cordiale.association.live_placing import placements
from cordiale.association.paths import Paths
from cordiale.association.weights import real
from tests.known.test_association_exact import groupings, log_weight, unsure_hour
from tests.rooms.association.small_night import persons, said, still_sea, told, two_boats

APART = Constraints(never=tuple(("r-0021", f"r-{k:04d}") for k in (1, 3, 4, 10)))


@pytest.fixture(scope="module")
def sea():
    """A still sea."""
    return still_sea()


@pytest.fixture(scope="module")
def last(sea):
    """Two boats, associated."""
    return batch(two_boats(), sea, seed=1)


def pin(name="r-0021", minute=50, **given):
    """A position beside the first boat."""
    return told(name, minute, **{"east_km": 0.5, "caller": "a1", **given})


def whole(ranking):
    """All explanations of a ranking."""
    return sum(rank.probability for rank in ranking.ranks) + ranking.new_boat + ranking.no_boat


def test_a_new_report_shows_the_boat_it_is_about_and_why(last, sea):
    """A pin of a known phone, where that boat was: first rank, with its reasons, and marked provisional."""
    found = live(last, [pin()], sea)
    ranking = found.of("r-0021")
    assert found.provisional and ranking.provisional
    assert (ranking.boat, ranking.fate) == ("B-0001", "assigned")
    assert ranking.ranks[0].boat == "B-0001" and ranking.ranks[0].probability > 0.95 and ranking.ranks[0].on_board
    assert {"prior", "position", "caller", "silence"} <= {r.key for r in ranking.ranks[0].reasons}


def test_the_order_of_arrival_does_not_matter(last, sea):
    """Seven new reports, from either end: the same answer, and no report is missing."""
    new = [pin(), pin("r-0022", 52, caller=None), told("r-0023", 12, caller="b1", late=40), told("r-0024", 53)]
    new += [told("r-0025", 54, east_km=20.4), told("r-0026", 55, kind="task"), told("r-0027", 55, east_km=60.0)]
    one, other = live(last, new, sea), live(last, list(reversed(new)), sea)
    assert one == other
    assert {ranking.report for ranking in one.rankings} == {r.name for r in new}
    assert one.of("r-0026").fate == "not_about_a_boat"
    assert all(whole(ranking) == pytest.approx(1, abs=0.01) for ranking in one.rankings)


@pytest.mark.parametrize(("hour", "old"), [(1, 6), (2, 6), (3, 7)])
def test_the_placements_are_the_sum_over_all_ways(hour, old, sea):
    """Two new messages, or one, beside every grouping of the old ones: within 0.02 of the sum over all groupings of
    eight of which the old ones keep theirs.

    The old groupings stand 2,000 times in all, as often as they are probable: rounding that is 0.01 at the most; the
    rest are the placements dropped, a thousandth as likely as the best.
    """
    reports = unsure_hour(hour)
    known = batch(reports[:old], sea, seed=1)
    night = night_of(known, reports[old:], sea, constraints=NO_CONSTRAINTS, paths=Paths(), groupings=1)
    every = list(groupings(old))
    exact_old = np.array([old_weight(night.weights, g) for g in every])
    rows = np.repeat(np.arange(len(every)), np.round(2000 * exact_old / exact_old.sum()).astype(int))
    labels = np.full((rows.size, 8), -1)
    for row, k in enumerate(rows):
        for label, group in enumerate(every[k]):
            labels[row, list(group)] = label
    placed, counts = placements(type(night)(**{f: getattr(night, f) for f in night.__slots__} | {"labels": labels}))
    found = np.zeros((8 - old, old))
    for row, units in enumerate(placed):
        for u, placement in enumerate(units):
            found[u] += counts[row, u] * np.array([placement.beside.get(g, 0.0) for g in labels[row, :old]])
    assert np.abs(found - exact_beside(night.weights, old)).max() < 0.02


def old_weight(weights, grouping):
    """The weight of a grouping of the messages that the batch knew, under the weights of the whole night."""
    return math.exp(log_weight(weights, grouping) + 20)


def exact_beside(weights, old):
    """P(new message with each old one), summed over all groupings of eight."""
    every = list(groupings(8))
    shares = np.exp(np.array([log_weight(weights, g) for g in every]) + 20)
    beside = np.zeros((8 - old, old))
    for share, grouping in zip(shares / shares.sum(), every, strict=True):
        for group in grouping:
            for u in range(old, 8):
                if u in group:
                    beside[u - old, [i for i in group if i < old]] += share
    return beside


@pytest.mark.parametrize("new", [
    [pin()], [told("r-0021", 12, caller="b1", late=40)], [told("r-0021", 48, east_km=9.0, within=1500.0)],
    [told("r-0021", 50, east_km=40.0)], [told("r-0021", 52)],
    [pin(caller=None), told("r-0022", 47, east_km=20.0, persons=persons(20))],
], ids=["pin", "late call", "between", "far away", "no clue", "two"])  # fmt: skip
def test_on_a_small_night_it_says_what_the_batch_says(last, sea, new):
    """Within 0.1 of the batch that has the reports too: nothing to list for the display."""
    found = live(last, new, sea)
    after = batch([*two_boats(), *new], sea, seed=1).association
    assert differences(found, after) == ()
    assert all(found.of(r.name).boat in (after.of(r.name).boat, None) for r in new)


def test_a_late_report_takes_its_place_in_time(last, sea):
    """Received after everything, true before the second pin: to the boat that was there then, not where it is now."""
    late = told("r-0021", 12, east_km=0.15, late=120)
    assert live(last, [late], sea).of("r-0021").boat == "B-0001"
    assert live(last, [late], sea).of("r-0021").ranks[0].probability > 0.9


def test_a_call_without_any_clue_is_given_to_nobody(last, sea):
    """Thirty people somewhere: ranked, but for a person to look at."""
    ranking = live(last, [told("r-0021", 52, persons=persons(30))], sea).of("r-0021")
    assert ranking.boat is None and ranking.fate in {"unplaced", "unassigned"}


def test_a_relay_of_a_known_report_takes_its_boat_and_weighs_nothing(last, sea):
    """It says so, and what arrives beside it is placed as if the relay had not been made."""
    relay = told("r-0021", 20, east_km=0.3, late=35, kind="relay", relay_of="r-0004")
    alone, both = live(last, [pin("r-0022", 51)], sea), live(last, [relay, pin("r-0022", 51)], sea)
    ranking = both.of("r-0021")
    assert ranking.boat == "B-0001" and ranking.reasons[0].key == "relay"
    assert ranking.probability_of("B-0001") == last.association.of("r-0004").share
    assert both.of("r-0022") == alone.of("r-0022")


def test_a_relay_that_brings_the_first_position_is_placed_by_it(last, sea):
    """The call without a clue, passed on with a position beside the second boat: no longer unplaced."""
    relay = told("r-0021", 50, east_km=20.1, late=5, kind="relay", relay_of="r-0011", persons=persons(20))
    ranking = live(last, [relay], sea).of("r-0021")
    assert ranking.ranks[0].boat == "B-0002"
    assert ranking.ranks[0].probability > 0.3  # a recovery of twenty stands between: the batch is as unsure
    assert ranking.reasons[0].key == "relay"


def test_an_original_that_arrives_after_its_relay_is_one_contact_with_it(sea):
    """The relay stood for itself; with the original both are one message about the boat."""
    relay = told("r-0020", 30, east_km=0.2, kind="relay", relay_of="r-0021", late=2)
    last = batch([*two_boats(), relay], sea, seed=1)
    original = told("r-0021", 30, east_km=0.2, caller="a1", late=20)
    found = live(last, [original], sea).of("r-0021")
    assert found.boat == "B-0001"
    assert "relay" not in {r.key for r in found.reasons}


def test_what_a_person_keeps_apart_is_kept_apart(last, sea):
    """Never with the boat's first report, nor with any of a split: what is left is a new boat."""
    ranking = live(last, [pin()], sea, constraints=APART).of("r-0021")
    assert ranking.probability_of("B-0001") == 0
    assert ranking.elsewhere > 0.9 and ranking.fate == "new"
    assert live(last, [pin()], sea).of("r-0021").probability_of("B-0001") > 0.9


def test_what_a_person_links_stands_together(last, sea):
    """A link to the other boat, against all evidence; a link that contradicts a separation is listed instead."""
    link = Constraints(links=(("r-0021", "r-0002"),))
    ranking = live(last, [pin()], sea, constraints=link).of("r-0021")
    assert ranking.boat == "B-0002" and ranking.probability_of("B-0002") == pytest.approx(1)
    both = Constraints(links=(("r-0021", "r-0002"),), never=(("r-0021", "r-0002"),))
    refused = live(last, [pin()], sea, constraints=both)
    assert refused.refused == (("r-0002", "r-0021"),)
    assert refused.of("r-0021").probability_of("B-0002") < 0.1


def test_linked_new_reports_move_as_one(last, sea):
    """A call without a clue, linked to a pin beside the boat: both about the boat."""
    link = Constraints(links=(("r-0021", "r-0022"),))
    found = live(last, [pin(), told("r-0022", 52)], sea, constraints=link)
    assert found.of("r-0022").boat == "B-0001" == found.of("r-0021").boat


def plots(count, minute, east_km=0.5, apart=0.3):
    """Plots of one radar at one instant."""
    return [told(f"r-{100 + k:04d}", minute, east_km=east_km, north_km=apart * k, kind="radar_plot", late=0.1)
            for k in range(count)]  # fmt: skip


def test_plots_of_one_scan_are_of_different_boats(last, sea):
    """Two echoes beside one boat at one instant: she makes one of them; two turns later she may make the other."""
    found = live(last, plots(2, 50), sea)
    assert sum(r.probability_of("B-0001") for r in found.rankings) <= 1 + 1e-9
    one = plots(2, 50)[0]
    later = told("r-0101", 52, east_km=0.5, north_km=0.3, kind="radar_plot", late=0.1)
    apart = live(last, [one, later], sea)
    assert sum(r.probability_of("B-0001") for r in apart.rankings) > 1.2


def test_a_large_scan_is_weighed_at_once(sea):
    """Eleven boats 6 km apart and a plot beside each: every plot to its boat, by propagation."""
    boats = [told(f"r-{k:04d}", k, east_km=6.0 * k, caller=f"p{k}", within=300.0) for k in range(11)]
    boats += [told(f"r-{20 + k:04d}", 20 + k, east_km=6.0 * k, caller=f"p{k}", within=300.0) for k in range(11)]
    last = batch(boats, sea, seed=1)
    scan = [told(f"r-{100 + k:04d}", 33, east_km=6.0 * k + 0.2, kind="radar_plot", within=300.0) for k in range(11)]
    found = live(last, scan, sea)
    for boat in last.association.boats:
        assert sum(r.probability_of(boat.name) for r in found.rankings) <= 1.01
    right = [
        ranking.ranks[0].boat == last.association.of(f"r-{k:04d}").boat for k, ranking in enumerate(found.rankings)
    ]
    assert all(right)


def test_what_somebody_aboard_says_is_never_of_no_boat(last, sea):
    """A call far from everything is a new boat; an echo there may be nothing."""
    call = live(last, [told("r-0021", 50, east_km=45.0, kind="distress_call")], sea).of("r-0021")
    echo = live(last, [told("r-0021", 50, east_km=45.0, kind="radar_plot")], sea).of("r-0021")
    assert (call.no_boat, call.fate) == (0.0, "new") and call.elsewhere > 0.9
    assert echo.no_boat > 0.02 and echo.elsewhere > 0.9


def test_people_taken_off_need_better_odds(last, sea):
    """Recoveries ever further from the boat: ranked first at 0.5 to 0.8 and not given to it, above that given."""
    rankings = []
    for k in range(12):
        off = told("r-0021", 55, east_km=0.5 + 0.2 * k, kind="recovery", persons=persons(30))
        rankings.append(live(last, [off], sea).of("r-0021"))
    first = [(r.ranks[0].boat, r.ranks[0].probability, r.boat) for r in rankings if r.ranks]
    unsure = [given for boat, p, given in first if boat == "B-0001" and 0.5 < p < 0.79]
    assert unsure and set(unsure) == {None}
    assert {given for boat, p, given in first if p > 0.81} == {"B-0001"}


def test_two_new_reports_of_one_new_boat_find_each_other(last, sea):
    """The same phone, far from everything: both of a new boat, though the second has no position."""
    found = live(last, [told("r-0021", 50, east_km=45.0, caller="c1"), told("r-0022", 53, caller="c1")], sea)
    assert found.of("r-0022").elsewhere > 0.9
    alone = live(last, [told("r-0022", 53, caller="c1")], sea).of("r-0022")
    assert alone.elsewhere < found.of("r-0022").elsewhere - 0.1


def test_the_differences_are_by_boats_and_not_by_their_names(last, sea):
    """A person keeps the new report apart: the batch follows, the earlier live answer is listed; a new name is none."""
    found = live(last, [pin()], sea)
    after = batch([*two_boats(), pin()], sea, seed=1, constraints=APART).association
    (difference,) = differences(found, after)
    assert difference.report == "r-0021" and abs(difference.live - difference.batch) > 0.9
    assert differences(found, after, over=1.0) == ()
    renamed = told("r-0000", 0.5, east_km=0.0, caller="a1", late=0.01)
    later = batch([*two_boats(), renamed, pin()], sea, seed=1).association
    assert later.of("r-0021").boat == "B-0000"
    assert differences(found, later) == ()


def test_nothing_new_is_an_empty_answer_and_a_first_report_a_new_boat(last, sea):
    """What the batch knew is left out; before any batch the first position is a boat."""
    assert live(last, two_boats(), sea).rankings == ()
    first = live(batch([], sea, seed=1), [pin(), told("r-0022", 51, boat=said(colour="black"))], sea)
    assert first.of("r-0021").fate == "new" and first.of("r-0021").ranks == ()
    assert first.of("r-0022").fate == "unplaced"


def test_the_stated_law_holds_for_an_echo_alone(sea):
    """With one old boat out of reach an echo is of a new boat by the batch's own odds of being real."""
    last = batch([told("r-0001", 0, east_km=0.0, caller="a"), told("r-0002", 5, east_km=0.1, caller="a")], sea, seed=1)
    echo = told("r-0003", 6, east_km=60.0, kind="radar_plot")
    night = night_of(last, [echo], sea, constraints=NO_CONSTRAINTS, paths=Paths(), groupings=4)
    ranking = live(last, [echo], sea).of("r-0003")
    share = ranking.new_boat / (ranking.new_boat + ranking.no_boat)
    assert share == pytest.approx(real(night.weights, 2, 1), abs=1e-6)


def test_a_ranking_reads_like_a_disposition(last, sea):
    """What the display shows of a batch it can show of a live answer: boat, probabilities that sum to 1, reasons."""
    new = [
        pin(),
        told("r-0022", 55, east_km=60.0),
        told("r-0023", 56, persons=persons(30)),
        told("r-0024", 57, kind="task"),
    ]
    found = live(last, new, sea)
    given, first, loose, order = (found.of(r.name).disposition for r in new)
    assert (given.boat, given.fate) == ("B-0001", "assigned")
    assert given.probability + sum(a.probability for a in given.alternatives) == pytest.approx(1, abs=0.01)
    assert given.reasons == found.of("r-0021").ranks[0].reasons
    assert first.fate == "new" and first.boat is None and first.probability > 0.9
    assert loose.boat is None and loose.probability == max(a.probability for a in loose.alternatives if a.boat)
    assert order.fate == "not_about_a_boat" and order.alternatives == ()


def test_the_batch_to_start_from_is_the_largest_that_knows_nothing_else(last, sea):
    """A picture of an earlier moment, or of a moment to come, is no ground to stand on."""
    earlier = batch(two_boats()[:4], sea, seed=1)
    later = batch([*two_boats(), pin()], sea, seed=1)
    names = {r.name for r in two_boats()}
    assert nearest([earlier, last, later], names) is last
    assert nearest([later, earlier], names) is earlier
    assert nearest([later], names) is None


def test_answers_kept_are_bounded(sea, monkeypatch):
    """The newest answer is always kept; the oldest go first."""
    monkeypatch.setattr(associate_module, "KEPT", 10)
    memory = Memory()
    for count in (4, 5, 6):
        batch(two_boats()[:count], sea, seed=1, memory=memory)
    assert [len(reports) for reports, *_ in memory.kept] == [6]
    batch(two_boats()[:3], sea, seed=1, memory=memory)
    assert [len(reports) for reports, *_ in memory.kept] == [6, 3]
