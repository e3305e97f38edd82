"""Which report is about which boat, on an invented hour."""

from dataclasses import replace

import pytest

from cordiale.association.associate import MERGE_RECOVERY, Memory, associate
from cordiale.association.constraints import Constraints
from cordiale.association.disposition import probability_about_any
from tests.rooms.association.small_night import persons, said, still_sea, told, two_boats


@pytest.fixture(scope="module")
def sea():
    """A still sea."""
    return still_sea()


@pytest.fixture(scope="module")
def answer(sea):
    """Two boats, associated."""
    return associate(two_boats(), sea, seed=1)


def test_every_report_has_one_disposition(answer):
    """Assigned, unassigned, unplaced or not about a boat: none vanishes."""
    assert sorted(d.report for d in answer.dispositions) == sorted(r.name for r in two_boats())


def test_contacts_of_a_boat_stand_together_and_two_boats_apart(answer):
    """Two boats 20 km apart stay two; a call without a position goes where its phone was heard."""
    assert {answer.of(n).boat for n in ("r-0001", "r-0003", "r-0004", "r-0010")} == {"B-0001"}
    assert {answer.of(n).boat for n in ("r-0002", "r-0005", "r-0008")} == {"B-0002"}


def test_a_relay_goes_with_what_it_passes_on(answer):
    """A relayed call is not a second call; its reason says so."""
    disposition = answer.of("r-0006")
    assert disposition.boat == "B-0001"
    assert disposition.reasons[0].key == "relay"
    assert "r-0006" not in answer.boat("B-0001").chain


def test_orders_and_decisions_are_never_evidence(answer, sea):
    """Without the task and the decision everything else stays as it was."""
    without = associate([r for r in two_boats() if r.is_about_a_boat], sea, seed=1)
    kept = tuple(d for d in answer.dispositions if d.fate != "not_about_a_boat")
    assert without.dispositions == kept
    assert without.boats == answer.boats


def test_the_order_of_arrival_does_not_matter(answer, sea):
    """The same set gives the same answer, from either end."""
    assert associate(reversed(two_boats()), sea, seed=1) == answer


def test_a_recovery_ends_no_boat(answer, sea):
    """After people were taken off a boat, its phone is still heard on it."""
    later = told("r-0012", 60, caller="b1")
    again = associate([*two_boats(), later], sea, seed=1)
    assert again.of("r-0012").boat == "B-0002"


def test_a_call_without_any_clue_is_given_to_nobody(answer):
    """Thirty people somewhere: it stays in the list for a person to look at."""
    assert answer.of("r-0011").boat is None
    assert answer.of("r-0011").fate in {"unplaced", "unassigned"}


def test_a_known_phone_does_not_excuse_an_impossible_speed(sea):
    """The same phone 40 km away after ten minutes is another boat, or a pin misread: never the same boat there."""
    reports = [told("r-0001", 0, east_km=0.0, caller="a"), told("r-0002", 5, east_km=0.1, caller="a"),
               told("r-0003", 15, east_km=40.0, caller="a")]  # fmt: skip
    answer = associate(reports, sea, seed=1)
    assert answer.of("r-0003").boat != answer.of("r-0001").boat
    refusal = answer.of("r-0003").reasons[0]
    assert refusal.key == "impossible_speed"
    assert dict(refusal.values)["speed_kn"] > 15  # 40 km in ten to twelve minutes is over 100 kn


def test_a_boat_keeps_its_name_when_a_late_report_of_an_earlier_hour_arrives(answer, sea):
    """The name comes from the report received first, not from the event that came first."""
    late = told("r-0099", -20, east_km=-1.0, caller="a1", late=100)
    again = associate([*two_boats(), late], sea, seed=1)
    assert again.of("r-0099").boat == "B-0001"
    assert again.boat("B-0001").reports[0] == "r-0099"


def test_probabilities_are_shares_of_one(answer):
    """The boat given and the alternatives together are 1, to the 0.1 % below which alternatives are not listed."""
    for disposition in answer.dispositions:
        if disposition.boat:
            total = disposition.share + sum(a.share for a in disposition.alternatives)
            assert total == pytest.approx(1, abs=0.01)  # at most ten alternatives of under 0.1 % are left out


def test_a_recovery_of_another_boat_is_not_laid_to_the_boat_in_distress(answer):
    """Twenty people taken off 20 km away are not the thirty-three."""
    assert probability_about_any(answer, ("r-0008",), "B-0001") < 0.05


def test_a_memory_changes_nothing_but_time(answer, sea):
    """The second answer from one memory is the first."""
    memory = Memory()
    assert associate(two_boats(), sea, seed=1, memory=memory) == answer
    assert associate(two_boats(), sea, seed=1, memory=memory) == answer


def test_a_phone_passed_on_is_strong_but_not_certain(sea):
    """Two boats far apart that both answer at one phone stay two boats where their positions say so."""
    near = [told(f"r-{k:04d}", 10 * k, east_km=0.0, caller="p") for k in (1, 2, 3)]
    far = [told(f"r-{k:04d}", 10 * k - 5, east_km=30.0, caller=c) for k, c in ((11, "q"), (12, "p"), (13, "q"))]
    reports = [replace(r, received=r.event.latest) for r in (*near, *far)]
    answer = associate(reports, sea, seed=1)
    assert answer.of("r-0012").boat == answer.of("r-0011").boat != answer.of("r-0001").boat


def test_nothing_gives_nothing(sea):
    """An empty set has no boats."""
    answer = associate([], sea, seed=1)
    assert answer.dispositions == () and answer.boats == ()


def test_reasons_read_in_both_languages(answer):
    """Every reason renders; French does not repeat the English."""
    for reason in answer.of("r-0008").reasons:
        assert reason.text("en") and reason.text("en") != reason.text("fr")


def test_conflicts_come_first(sea):
    """What speaks against the boat a report was given to stands before what speaks for it."""
    reports = [told("r-0001", 0, east_km=0.0, caller="a", persons=persons(12), boat=said(colour="white")),
               told("r-0002", 5, east_km=0.1, caller="a", persons=persons(45), boat=said(colour="black"))]  # fmt: skip
    factors = [r.log_bayes_factor for r in associate(reports, sea, seed=1).of("r-0002").reasons]
    negative = [f < 0 for f in factors]
    assert negative == sorted(negative, reverse=True) and any(negative)


def test_a_find_founds_no_boat(sea):
    """Fifteen bodies hours later: no boat of their own, and a person is asked to look."""
    find = told("r-0020", 600, east_km=6.0, kind="find", persons=persons(15))
    found = associate([*two_boats(), find], sea, seed=1).of("r-0020")
    assert found.boat is None or found.boat in {"B-0001", "B-0002"}
    assert found.fate == ("unassigned" if found.boat is None else "assigned")
    assert sum(a.share for a in found.alternatives) + (found.share if found.boat else 0) > 0.99
    alone = associate([find], sea, seed=1)
    assert alone.boats == () and alone.of("r-0020").fate == "unassigned"


def test_weights_kept_from_other_sets_change_nothing(sea):
    """Each beginning of the hour with one memory, forward and backward, is to the last bit the answer without one."""
    ordered = sorted(two_boats(), key=lambda r: r.received)
    memory = Memory()
    counts = [3, 6, 8, len(ordered), 7, 5, 4, 9]
    for count in counts:
        assert associate(ordered[:count], sea, seed=1, memory=memory) == associate(ordered[:count], sea, seed=1)
    assert memory.paths_under(sea).kept


def test_what_a_person_decided_holds_and_can_be_withdrawn(sea, answer):
    """Linked reports stand together, separated ones apart; without the decision everything is as it was."""
    linked = associate(two_boats(), sea, seed=1, constraints=Constraints(links=(("r-0011", "r-0002"),)))
    assert linked.of("r-0011").boat == linked.of("r-0002").boat
    assert linked.of("r-0011").probability == 1
    apart = Constraints(never=(("r-0004", "r-0001"),), splits=((("r-0002",), ("r-0005", "r-0008")),))
    parted = associate(two_boats(), sea, seed=1, constraints=apart)
    assert parted.of("r-0004").boat != parted.of("r-0001").boat
    assert parted.of("r-0002").boat not in {parted.of("r-0005").boat, parted.of("r-0008").boat}
    assert associate(two_boats(), sea, seed=1, constraints=Constraints()) == answer


def test_a_person_may_link_what_no_boat_could_have_done(sea):
    """A pin misread by a degree: the odds say never, a person knows better."""
    reports = [told("r-0001", 0, east_km=0.0), told("r-0002", 5, east_km=0.1), told("r-0003", 15, east_km=40.0)]
    decided = Constraints(confirmed=(("r-0003", "r-0002"),))
    answer = associate(reports, sea, seed=1, constraints=decided)
    assert answer.of("r-0003").boat == answer.of("r-0002").boat


def test_a_link_that_contradicts_a_separation_is_refused_by_name(sea):
    """The false merge is the lethal error: apart holds, and the link is listed."""
    both = Constraints(links=(("r-0001", "r-0002"),), never=(("r-0002", "r-0001"),))
    answer = associate(two_boats(), sea, seed=1, constraints=both)
    assert answer.refused == (("r-0001", "r-0002"),)
    assert answer.of("r-0001").boat != answer.of("r-0002").boat


def test_the_waterfall_adds_up_to_the_odds_of_the_group(sea, answer):
    """Prior, position, silence and words together are the log odds that the probability comes from."""
    disposition = answer.of("r-0010")
    total = sum(r.log_bayes_factor for r in disposition.reasons)
    assert {"prior", "silence", "caller"} <= {r.key for r in disposition.reasons}
    assert total > 5 and disposition.probability > 0.98


def test_a_recovery_stands_with_a_boat_only_with_better_odds(sea):
    """In any small night the probability stated for a recovery that was given to others is 0.8 or more."""
    for shift in range(0, 9, 2):
        moved = told("r-0008", 40, east_km=20.0 + shift, kind="recovery", persons=persons(20 + 3 * shift))
        rest = [r for r in two_boats() if r.name != "r-0008"]
        found = associate([*rest, moved], sea, seed=1).of("r-0008")
        assert found.fate != "assigned" or found.probability >= MERGE_RECOVERY


def test_the_number_of_boats_is_a_law(answer):
    """Probabilities of 0, 1, 2 boats and so on sum to one; two boats are within its middle nine tenths."""
    assert sum(answer.count.law) == pytest.approx(1)
    assert answer.count.boats.least <= 2 <= answer.count.boats.most
    assert answer.count.boats_afloat.least <= 1 <= answer.count.boats_afloat.most


def test_one_scan_shows_a_boat_once(sea):
    """Two plots of one radar at one instant are of two boats, however near; a person may say otherwise."""
    plots = [told(f"r-002{k}", 30, east_km=7.0 + 0.07 * k, kind="radar_plot") for k in range(2)]
    beside = [told(f"r-003{k}", 25 + k, east_km=7.0, caller="a1") for k in range(3)]
    found = associate([*plots, *beside], sea, seed=1)
    assert found.of("r-0020").boat != found.of("r-0021").boat
    linked = associate([*plots, *beside], sea, seed=1, constraints=Constraints(links=(("r-0020", "r-0021"),)))
    assert linked.of("r-0020").boat == linked.of("r-0021").boat
    assert not linked.refused
