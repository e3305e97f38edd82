"""The closure guard: no boat is closed on another one's people, and true closings pass."""

import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import minutes
from cordiale.record.closing import Identity, closing_entry, closings_of, standing_of, withdrawal_entry
from cordiale.record.closure import decide_closing, identity_evidence, judge_closing
from cordiale.record.log import append, events, open_record
from cordiale.record.picture import picture
from tests.rooms.association.small_night import START, persons, said, still_sea, told

SEA = still_sea()
SOUTH, NORTH = "B-0001", "B-0002"
OFF_NORTH = "r-0008"


def night(*more):
    """Two boats 20 km apart, each with a phone of her own; the northern one's twenty people are taken off."""
    return (
        told("r-0001", 0, east_km=0.0, caller="a1", persons=persons(33), boat=said(colour="grey")),
        told("r-0002", 5, east_km=20.0, caller="b1", persons=persons(20), boat=said(colour="black")),
        told("r-0004", 20, east_km=0.3, caller="a1"),
        told("r-0005", 25, east_km=20.2, caller="b1", boat=said(colour="black")),
        told(OFF_NORTH, 40, east_km=20.1, kind="recovery", persons=persons(20), boat=said(colour="black")),
        *more,
    )


def seen(*more, minute=60.0, closings=()):
    return picture(night(*more), SEA, at=START + minute * minutes, seed=1, count=300, closings=closings)


def evidence(*kinds, report=OFF_NORTH):
    return [Identity(kind=kind, report=report) for kind in kinds]


@pytest.fixture(scope="module")
def hour():
    return seen()


def keys(verdict):
    return [block.key for block in verdict.blocks]


@pytest.mark.parametrize("kind", ["ring_test", "hull_mark", "survivors_word", "photograph", "continuous_escort"])
def test_a_true_closing_with_one_piece_of_evidence_passes(hour, kind):
    """Her own twenty people, her colour, her place: any one piece of positive evidence closes the northern boat."""
    verdict = judge_closing(hour, NORTH, endings=[OFF_NORTH], evidence=evidence(kind))
    assert verdict.passes, verdict.text()
    assert verdict.alive is None and verdict.horizon is None  # all twenty were taken off
    assert verdict.probability_of_another < 0.1


def test_without_positive_evidence_nothing_is_closed(hour):
    """Right place, right number, right colour: that is no evidence of identity."""
    assert keys(judge_closing(hour, NORTH, endings=[OFF_NORTH], evidence=[])) == ["no_evidence"]
    assert "no_ending" in keys(judge_closing(hour, NORTH, endings=[], evidence=evidence("ring_test")))


def test_the_other_boat_is_not_closed_on_those_people(hour):
    """33 people called from 20 km away; twenty were taken off here: refused, with every reason in words."""
    verdict = judge_closing(hour, SOUTH, endings=[OFF_NORTH], evidence=evidence("survivors_word"))
    assert not verdict.passes
    assert {"missing", "another"} <= set(keys(verdict))
    assert "13 people are missing" in verdict.text()
    assert "another boat" in verdict.text()
    assert "13 personnes manquent" in verdict.text("fr")
    assert verdict.alive is not None and verdict.alive.persons == (13, 13)
    assert verdict.alive.low >= 1 and verdict.horizon is not None and verdict.horizon.in_water > 24 * 3600
    assert verdict.alive.sentence("fr") in verdict.text("fr")


def test_a_call_after_the_recovery_forbids_the_closing():
    """Her phone calls half an hour after those people were taken off: nothing answers that."""
    late = seen(told("r-0010", 75, caller="b1", east_km=20.3), minute=90)
    verdict = judge_closing(late, NORTH, endings=[OFF_NORTH], evidence=evidence(*identity_evidence()))
    assert keys(verdict)[0] == "time"
    assert "35 min after" in verdict.text()


def test_a_mistaken_colour_is_outweighed_by_evidence_and_named():
    """White was said where the people were taken off: refused without evidence; with it answered, and told."""
    white = told("r-0011", 41, east_km=20.1, kind="recovery", persons=persons(20), boat=said(colour="white"))
    shown = picture(
        [*(r for r in night() if r.name != OFF_NORTH), white], SEA, at=START + 60 * minutes, seed=1, count=300
    )
    plain = judge_closing(shown, NORTH, endings=["r-0011"], evidence=[])
    marked = judge_closing(shown, NORTH, endings=["r-0011"], evidence=evidence("ring_test", report="r-0011"))
    assert "colour_against" in keys(plain)
    assert marked.passes, marked.text()
    assert [a.key for a in marked.answered] == ["colour_against"] and "answered by the evidence" in marked.text()


def test_a_phone_that_was_passed_on_is_no_evidence():
    """A phone of hers that another boat called with rings there too; one never heard on her says nothing."""
    rings = [told(f"r-002{k}", 50 + k, kind="decision", caller=phone) for k, phone in enumerate(("b1", "a1", "c1"))]
    shared = told("r-0030", 30, east_km=0.4, caller="b1", persons=persons(33), boat=said(colour="grey"))
    plain, passed_on = seen(*rings), seen(*rings, shared)
    assert passed_on.association.of("r-0030").boat == SOUTH

    def another(shown, ring):
        cited = evidence("ring_test", report=ring)
        return judge_closing(shown, SOUTH, endings=[OFF_NORTH], evidence=cited).probability_of_another

    unknown = another(plain, "r-0022")
    assert another(plain, "r-0021") < unknown  # her own phone
    assert another(plain, "r-0020") == unknown == pytest.approx(63 / 64)  # another's, and nobody's
    assert another(passed_on, "r-0020") == unknown  # heard on both: rings as probably here as there


@pytest.mark.parametrize("kind", list(identity_evidence()))
def test_no_single_piece_closes_a_boat_on_people_who_are_most_probably_of_another(hour, kind):
    """One piece of evidence in fifty is another boat's: against 63 to 1 no single one is enough."""
    verdict = judge_closing(hour, SOUTH, endings=[OFF_NORTH], evidence=evidence(kind))
    assert verdict.probability_of_another > 0.1 and "another" in keys(verdict)


def test_people_missing_are_answered_by_no_evidence(hour):
    """Ten of twenty taken off: no evidence of identity makes the other ten safe."""
    ten = told("r-0012", 41, east_km=20.1, kind="recovery", persons=persons(10), boat=said(colour="black"))
    shown = picture(
        [*(r for r in night() if r.name != OFF_NORTH), ten], SEA, at=START + 60 * minutes, seed=1, count=300
    )
    verdict = judge_closing(shown, NORTH, endings=["r-0012"], evidence=evidence(*identity_evidence(), report="r-0012"))
    assert keys(verdict) == ["missing"]


def test_an_override_needs_two_roles_and_a_reason_and_ends_only_the_task(hour):
    """One role alone, the same role twice, or no reason: refused. Two roles end the task; the boat stays."""
    verdict = judge_closing(hour, SOUTH, endings=[OFF_NORTH], evidence=evidence("survivors_word"))
    for second, reason in (("", "fog"), ("watch_officer", "fog"), ("duty_manager", " ")):
        with pytest.raises(CordialeError, match="is refused"):
            decide_closing(verdict, at=START + 61 * minutes, by="watch_officer", second=second, reason=reason)
    closing = decide_closing(
        verdict, at=START + 61 * minutes, by="watch_officer", second="duty_manager", reason="no craft can stay"
    )
    assert closing.override and set(closing.blocks) == set(keys(verdict))
    after = seen(minute=70, closings=[closing])
    boat = after.boat(SOUTH)
    assert boat.standing == "task_ended" and boat.cloud is not None
    assert after.ledger.unaccounted.least >= 33 - 20


def test_a_closed_boat_keeps_its_place_and_one_more_contact_opens_it_again(hour):
    """Closed at 02:01: still on the picture at 02:10, and active again after her phone calls at 02:15."""
    verdict = judge_closing(hour, NORTH, endings=[OFF_NORTH], evidence=evidence("ring_test"))
    closing = decide_closing(verdict, at=START + 61 * minutes, by="watch_officer")
    assert seen(minute=60, closings=[closing]).boat(NORTH).standing == "active"  # not yet decided
    after = seen(minute=70, closings=[closing])
    assert after.boat(NORTH).standing == "closed" and after.boat(SOUTH).standing == "active"
    again = seen(told("r-0010", 75, caller="b1", east_km=20.3), minute=80, closings=[closing])
    assert again.boat(NORTH).standing == "active"


def test_the_record_keeps_a_closing_and_its_withdrawal(tmp_path, hour):
    """Written down, read back, taken back; both events stay."""
    verdict = judge_closing(hour, NORTH, endings=[OFF_NORTH], evidence=evidence("ring_test"))
    closing = decide_closing(verdict, at=START + 61 * minutes, by="watch_officer")
    with open_record(tmp_path / "night.db", node="dover") as record:
        event = append(record, closing_entry(closing), recorded_at=START + 61 * minutes)
        (kept,) = closings_of(events(record))
        assert kept.event == event.id and kept.reports == closing.reports and kept.evidence == closing.evidence
        assert standing_of(hour.boat(NORTH).boat.reports, [kept])[0] == "closed"
        with pytest.raises(CordialeError, match="no reason"):
            withdrawal_entry(event.id, reason=" ", at=START + 62 * minutes, by="watch_officer")
        back = withdrawal_entry(event.id, reason="another boat's people", at=START + 62 * minutes, by="watch_officer")
        append(record, back, recorded_at=START + 62 * minutes)
        assert closings_of(events(record)) == ()
        assert [e.type for e in events(record)] == ["boat.closed", "decision.retracted"]


@pytest.mark.parametrize(
    ("boat", "endings", "pieces", "words"),
    [
        ("B-9", [OFF_NORTH], evidence("ring_test"), "no boat B-9"),
        (NORTH, ["r-0999"], evidence("ring_test"), "no report r-0999"),
        (NORTH, ["r-0002"], evidence("ring_test"), "ends nothing"),
        (NORTH, [OFF_NORTH], evidence("rumour"), "rumour is not positive evidence"),
        (NORTH, [OFF_NORTH], evidence("ring_test", report="r-0999"), "no report r-0999"),
    ],
)
def test_what_is_not_there_is_named(hour, boat, endings, pieces, words):
    """Unknown boats, reports and kinds are refused by name."""
    with pytest.raises(CordialeError, match=words):
        judge_closing(hour, boat, endings=endings, evidence=pieces)


def test_every_piece_of_evidence_speaks_for_identity_and_has_a_source():
    """It is at least ten times as probable for the same boat as for another; each row says what it leans on."""
    for weight in identity_evidence().values():
        assert weight.if_same / weight.if_other >= 10 and weight.source
    with pytest.raises(CordialeError, match="ring_test:r-0123"):
        Identity.parse("ring_test")
