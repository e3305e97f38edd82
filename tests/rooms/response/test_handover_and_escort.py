"""A boat always has an owner, and never more than a moment without an escort."""

from dataclasses import replace

import numpy as np
import pytest

from cordiale.assets.availability import at_sea
from cordiale.assets.catalogue import load_catalogue
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import hours, minutes
from cordiale.response.escort import Watch, alone, escort_relay, possible_watch
from cordiale.response.handover import Offer, responsible
from cordiale.response.requests import Reply
from cordiale.sea.analytic import UniformCurrent, analytic_sea
from tests.rooms.response.cases import NOW, still_cloud

FRANCE, ENGLAND = "CROSS Gris-Nez", "HM Coastguard Dover"
OFFER = Offer(id="h-1", boat="Charlie", by=FRANCE, to=ENGLAND, at=NOW)


def who(at: float, replies: list[Reply], offers: list[Offer] | None = None):
    """Who answers for Charlie some minutes after the offer."""
    given = offers if offers is not None else [OFFER]
    return responsible(
        "Charlie", first=FRANCE, since=NOW - 1 * hours, offers=given, replies=replies, at=NOW + at * minutes
    )


def test_until_the_other_accepts_the_offerer_answers_for_her():
    """Offered, overdue, refused: still hers; the alarm begins when the clock is over."""
    assert (who(-1, []).owner, who(-1, []).state) == (FRANCE, "none")
    assert (who(5, []).owner, who(5, []).state, who(5, []).alarm) == (FRANCE, "offered", False)
    assert (who(10, []).owner, who(10, []).state, who(10, []).alarm) == (FRANCE, "overdue", True)
    refused = [Reply(request="h-1", answer="refused", at=NOW + 3 * minutes, reason="in French waters")]
    late = who(30, refused)
    assert (late.owner, late.state, late.reason, late.alarm) == (FRANCE, "refused", "in French waters", True)


def test_with_the_acceptance_and_not_before_she_is_theirs():
    """Ownership changes at the instant of the answer, even where it comes late."""
    accepted = [Reply(request="h-1", answer="accepted", at=NOW + 14 * minutes)]
    assert who(13, accepted).owner == FRANCE
    assert who(14, accepted).owner == ENGLAND
    assert who(60, accepted).since == NOW + 14 * minutes


def test_she_may_come_back_and_an_old_answer_moves_nothing():
    """A second offer the other way; and whoever does not answer for her cannot give her away."""
    back = Offer(id="h-2", boat="Charlie", by=ENGLAND, to=FRANCE, at=NOW + 30 * minutes)
    replies = [
        Reply(request="h-1", answer="accepted", at=NOW + 5 * minutes),
        Reply(request="h-2", answer="accepted", at=NOW + 35 * minutes),
        Reply(request="h-1", answer="accepted", at=NOW + 50 * minutes),
    ]
    assert who(20, replies, [OFFER, back]).owner == ENGLAND
    assert who(60, replies, [OFFER, back]).owner == FRANCE
    stranger = Offer(id="h-3", boat="Charlie", by="Ostende", to=ENGLAND, at=NOW)
    given = [Reply(request="h-3", answer="accepted", at=NOW + 1 * minutes)]
    assert who(10, given, [stranger]).owner == FRANCE
    assert who(10, replies, [replace(OFFER, boat="Lima")]).owner == FRANCE


def test_both_centres_read_who_answers_for_her():
    """The sentence of each state, in both languages; a centre cannot offer her to itself."""
    for state in (who(-1, []), who(5, []), who(15, [])):
        for language in ("en", "fr"):
            assert FRANCE in state.sentence(language) and "Charlie" in state.sentence(language)
    with pytest.raises(CordialeError, match="itself"):
        replace(OFFER, to=FRANCE)


def watch(name: str, begins: float, ends: float) -> Watch:
    """A watch from so many hours to so many."""
    return Watch(asset=name, begins=NOW + begins * hours, ends=NOW + ends * hours)


def test_the_fewest_escorts_cover_the_time_and_overlap():
    """Of five, the three that are needed; each is there five minutes before the one before it goes."""
    possible = [watch("a", 0, 2), watch("b", 1, 3), watch("c", 1.5, 4), watch("d", 3.5, 5), watch("e", 3.8, 7)]
    relay = escort_relay("Charlie", possible, begins=NOW, ends=NOW + 6 * hours)
    assert [one.asset for one in relay.watches] == ["a", "c", "e"]
    assert relay.gaps == ()
    for one, following in zip(relay.watches, relay.watches[1:], strict=False):
        assert following.begins == one.ends - 5 * minutes


def test_where_nobody_can_be_there_the_gap_is_named():
    """From two to three hours nobody, and at the end nobody either."""
    relay = escort_relay("Charlie", [watch("a", 0, 2), watch("b", 3, 4)], begins=NOW, ends=NOW + 5 * hours)
    assert [(round((a - NOW) / hours, 2), round((b - NOW) / hours, 2)) for a, b in relay.gaps] == [(2, 3), (4, 5)]
    assert len(relay.sentences("en")) == len(relay.sentences("fr")) == 4
    assert "ALONE" in relay.sentences("en")[-1]


def test_a_relief_that_comes_at_the_last_moment_is_a_gap_of_nothing():
    """Both must be in sight of her: without the overlap the hand over is marked."""
    relay = escort_relay("Charlie", [watch("a", 0, 2), watch("b", 2, 4)], begins=NOW, ends=NOW + 4 * hours)
    assert [one.asset for one in relay.watches] == ["a", "b"]
    assert relay.gaps == ((NOW + 2 * hours, NOW + 2 * hours),)


def test_the_alarm_tells_beforehand_that_she_will_be_alone():
    """The escort of that night turned back at about 23:30Z and nobody had been told."""
    escorts = [watch("a", 0, 2), watch("b", 1.9, 3)]
    assert alone(escorts, NOW, notice=2 * hours) is None
    assert alone(escorts, NOW + 2.5 * hours, notice=1 * hours) == NOW + 3 * hours
    assert alone(escorts, NOW + 4 * hours, notice=0.0) == NOW + 4 * hours
    assert alone([], NOW, notice=0.0) == NOW


def test_a_watch_lasts_until_the_endurance_sends_the_craft_home():
    """A helicopter with an hour left is with her for less than that; one that cannot get there has none."""
    sea = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0))
    names, here = load_catalogue(), Position(lat=51.1, lon=1.5)
    short = possible_watch(at_sea(names.named("r163"), NOW, here, out_for=3 * hours), still_cloud(), sea)
    assert short is not None and 0 < short.ends - short.begins < 50 * minutes
    assert possible_watch(at_sea(names.named("r163"), NOW, here, out_for=4 * hours), still_cloud(), sea) is None
    ship = possible_watch(at_sea(names.named("flamant"), NOW, here), still_cloud(), sea)
    assert ship is not None and ship.ends - ship.begins > 20 * hours
    with pytest.raises(CordialeError):
        watch("a", 2, 1)


def test_the_greedy_relay_needs_no_more_watches_than_any_other():
    """Compared with every subset on 40 random cases: gaps as short, and as few watches where there is no gap."""
    chance = np.random.default_rng(5)
    for _ in range(40):
        begins = chance.uniform(-1, 4, 6)
        possible = [watch(str(k), b, b + chance.uniform(0.5, 3)) for k, b in enumerate(begins)]
        relay = escort_relay("x", possible, begins=NOW, ends=NOW + 5 * hours, overlap=0.0)
        fewest = min(
            (bin(m).count("1") for m in range(1 << 6) if covers([w for k, w in enumerate(possible) if m >> k & 1])),
            default=None,
        )
        if fewest is None:
            assert relay.gaps
        else:
            assert not relay.gaps and len(relay.watches) == fewest


def covers(watches: list[Watch]) -> bool:
    """Whether watches cover five hours from NOW."""
    reached = NOW
    for one in sorted(watches, key=lambda w: w.begins):
        if one.begins <= reached:
            reached = max(reached, one.ends)
    return reached >= NOW + 5 * hours
