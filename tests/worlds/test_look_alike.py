"""Nights like that of 24 November 2021: the lost boat is closed on none of the three recovered near her."""

import pytest

from bench.nights_closings import (
    NO_EVIDENCE,
    boat_of_most,
    false_closings,
    near_recoveries,
    seen,
    with_a_phone_passed_on,
)
from cordiale.record.closure import MOST_FOR_ANOTHER, identity_evidence
from tests.worlds.generate_look_alike import look_alike_night

SEEDS = (1, 2)  # as many as run within a minute; `python -m bench.nights_closings --nights 200` is the long run


@pytest.fixture(scope="module", params=SEEDS)
def night(request):
    """A look-alike night with two boats beside the four."""
    return look_alike_night(request.param, others=2)


@pytest.fixture(scope="module")
def shown(night):
    """The picture when everything had come in."""
    return seen(night)


def test_the_lost_boat_is_closed_on_none_of_the_three(night, shown):
    """Without evidence, as on that night, it is refused, as probably another's and for want of evidence; one wrong
    piece of any kind does not close her either.
    """
    judged = list(false_closings(night, shown))
    assert len(judged) == 3 * (1 + len(identity_evidence()))
    for kind, verdict in judged:
        keys = {block.key for block in verdict.blocks}
        assert not verdict.passes, (kind, verdict.text())
        assert verdict.probability_of_another > MOST_FOR_ANOTHER
        assert ({"no_evidence", "another"} if kind == NO_EVIDENCE else {"another"}) <= keys


def test_the_lost_boat_stays_on_the_picture_with_her_people(night, shown):
    """Nobody is counted as taken off her, and she is active."""
    boat = shown.boat(boat_of_most(night, shown, night.lost))
    assert boat.standing == "active" and boat.recovered.most == 0
    assert not {name for name, _ in near_recoveries(night)} & set(boat.boat.reports)


def test_a_phone_heard_on_both_can_be_made():
    """The bench's night with a phone passed on differs in one caller and in the line of the log that tells of it."""
    night = look_alike_night(SEEDS[0], others=2)
    changed = with_a_phone_passed_on(night)
    assert changed is not None and len(changed.reports) == len(night.reports) + 1
    assert sum(a != b for a, b in zip(night.reports, changed.reports, strict=False)) == 1
