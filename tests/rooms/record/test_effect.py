"""What a ruling would change is told before it is made."""

from dataclasses import replace

from cordiale.belief.report import Between
from cordiale.earth.units import minutes
from cordiale.record.effect import Effect, effect_of
from cordiale.record.picture import picture
from tests.rooms.association.small_night import START, persons, still_sea, told, two_boats


def seen(reports):
    return picture(reports, still_sea(), at=START + 60 * minutes, seed=1, count=300)


def test_the_same_picture_is_no_effect():
    """Equal digests: nothing would change, in both languages."""
    effect = effect_of(seen(two_boats()), seen(two_boats()))
    assert effect.is_none and effect.moved == ()
    assert effect.text().startswith("Nothing would change") and effect.text("fr").startswith("Rien ne changerait")


def test_a_change_names_every_report_that_changes_boats():
    """Without the position that tied them together a call is given to nobody: named, with both boats counted."""
    before = seen(two_boats())
    plain = [replace(r, caller=None) if r.name == "r-0003" else r for r in two_boats()]
    effect = effect_of(before, seen(plain))
    assert not effect.is_none
    assert {report for report, _, _ in effect.moved} >= {"r-0003"}
    assert all(was != will for _, was, will in effect.moved)
    assert effect.boats[0] == len(before.boats)
    assert "r-0003: B-0001, then " in effect.text()


def test_the_sums_are_told_first():
    """Two boats become one, and so many people fewer are missing: that is what a false merge looks like."""
    effect = Effect(
        boats=(2, 1),
        unaccounted=(Between(least=33, most=53), Between(least=20, most=33)),
        moved=(("r-0002", "B-0002", "B-0001"), ("r-0009", None, "B-0001")),
        digests=("a", "b"),
    )
    first, *moved = effect.text().splitlines()
    assert first == "2 boats would become 1; people not accounted for: 33-53 would become 20-33."
    assert moved == ["  r-0002: B-0002, then B-0001", "  r-0009: no boat, then B-0001"]
    assert "aucune embarcation" in effect.text("fr")
    one = seen([told("r-0001", 0, east_km=0.0, caller="a1", persons=persons(33))])
    assert effect_of(one, one).unaccounted[0] == one.ledger.unaccounted
