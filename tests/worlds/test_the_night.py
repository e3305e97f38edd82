"""The night of 24 November 2021, as it would have stood on the board."""

import hashlib
import tomllib
from collections import Counter

import pytest

from cordiale.association.associate import associate
from cordiale.association.disposition import probability_about_any
from cordiale.earth.instants import iso, utc
from cordiale.feeds.nights import night_notice, open_night
from cordiale.record.closing import Identity
from cordiale.record.closure import judge_closing
from cordiale.record.names import renamed
from cordiale.record.picture import picture
from cordiale.record.watch_lines import watch_lines
from cordiale.record.watch_list import watch_list
from cordiale.views.picture_text import picture_text
from cordiale.words import say
from tests.worlds import night


def main_boat(shown):
    """The boat that most contacts of the lost boat were given to."""
    given = Counter(shown.association.of(n).boat for n in night.contacts_of_the_boat())
    return given.most_common(1)[0][0]


def test_the_boat_is_not_taken_for_one_of_the_three_recovered():
    """A1: at 06:00 the probability that any of the three recoveries is about the boat stays under one half."""
    shown = night.picture_at("06:00Z")
    assert probability_about_any(shown.association, night.recoveries_of_the_three(), main_boat(shown)) < 0.5


def test_closing_the_boat_on_any_of_the_three_is_refused():
    """A1: at 06:00, whatever one piece of evidence somebody believes to have, and with the reasons in words."""
    shown = night.picture_at("06:00Z")
    received = {r.name for r in shown.reports}
    for recovery in night.recoveries_of_the_three():
        assert recovery in received
        plain = judge_closing(shown, main_boat(shown), endings=[recovery], evidence=[])
        assert {"another", "no_evidence"} <= {block.key for block in plain.blocks}
        believed = [Identity(kind="survivors_word", report=recovery)]
        verdict = judge_closing(shown, main_boat(shown), endings=[recovery], evidence=believed)
        assert not verdict.passes
        assert verdict.account.unaccounted.most > 0
        assert "of another boat" in verdict.text() and "autre embarcation" in verdict.text("fr")


def test_the_watch_list_names_the_calls_nobody_took():
    """At 03:25 the last call of the boat, to a mobile telephone that nobody answered, is an alarm of that boat."""
    shown = night.picture_at("03:25Z")
    missed = [alarm for alarm in watch_list(shown) if alarm.cause == "unanswered_call"]
    assert main_boat(shown) in {alarm.boat for alarm in missed}


@pytest.mark.parametrize("clock", ["03:25Z", "06:00Z", "12:50Z"])
def test_the_boat_keeps_her_name_and_stands_first_on_the_watch_list(clock):
    """Named after her first call, whatever departure or position is joined to her; swamped, and nobody is sent."""
    shown = night.picture_at(clock)
    assert main_boat(shown) == "B-0029"
    first, *_ = watch_lines(shown, watch_list(shown))
    assert first.boat is not None and first.boat.name == "B-0029"


def test_the_boat_is_not_taken_for_one_of_the_three_when_the_night_is_over():
    """A1, at 12:50 too: none of the three recoveries is given to the boat, and nobody is counted as taken off her."""
    shown = night.picture_at("12:50Z")
    boat = main_boat(shown)
    assert not {shown.association.of(n).boat for n in night.recoveries_of_the_three()} & {boat}
    assert shown.boat(boat).recovered.most == 0


def test_its_people_are_not_accounted_for():
    """A1: at 06:00 the boat stands on the picture, nobody taken off, its people within 27 to 40."""
    shown = night.picture_at("06:00Z")
    boat = shown.boat(main_boat(shown))
    assert boat.recovered.most == 0
    assert boat.persons is not None and 27 <= boat.persons.least <= boat.persons.most <= 40
    assert shown.ledger.unaccounted.least >= 27
    assert len(shown.ledger.accounts) > shown.ledger.boats_ended


def test_all_its_contacts_are_one_boat():
    """A2: at 06:00 its calls, positions, relays and unanswered calls stand together: 18 calls to the French services,
    2 to the British, 6 positions, 3 relays, 2 unanswered calls.
    """
    shown = night.picture_at("06:00Z")
    names = night.contacts_of_the_boat()
    assert len(names) == 18 + 2 + 6 + 3 + 2
    assert {shown.association.of(n).boat for n in names} == {main_boat(shown)}


def test_the_three_recovered_boats_stay_apart():
    """A2: no two of the three recoveries are given to one boat."""
    shown = night.picture_at("06:00Z")
    given = [shown.association.of(n).boat or n for n in night.recoveries_of_the_three()]
    assert len(set(given)) == 3


def test_the_decision_of_0550_is_shown_and_changes_nothing():
    """With and without the decision line the boats are the same; it stands in the log."""
    shown = night.picture_at("06:00Z")
    assert any(r.kind == "decision" for r in shown.log)
    without = [r for r in shown.reports if r.kind != "decision"]
    assert renamed(associate(without, night.sea(), seed=1), without).boats == shown.association.boats


def test_a_replay_shows_only_what_was_received_by_then():
    """A7: at 02:10 nothing received later is on the picture, not even what happened before."""
    shown = night.picture_at("02:10Z")
    assert all(r.received <= utc("2021-11-24 02:10") for r in shown.reports)
    late = [r for r in night.reports() if r.event.latest < shown.at < r.received]
    assert late  # there are such reports in this night
    assert not {r.name for r in late} & {r.name for r in shown.reports}
    assert not any("02:27" in line for line in picture_text(shown).splitlines())


def test_the_order_of_arrival_does_not_change_the_digest():
    """The same set from either end has the same digest; without a memory too."""
    shown = night.picture_at("01:30Z")
    again = picture(reversed(night.reports()), night.sea(), at=shown.at, seed=1, count=1000)
    assert again.digest == shown.digest


def test_precision_stays_high_and_the_bar_of_recall_is_known():
    """On the whole night joined reports are right in nine cases of ten; recall is lower (docs/the-night.md).

    The bars stand 0.05 below what was measured (precision 0.92 to 1.00, recall 0.71 to 0.80 over seeds and times); the
    aim of F1 0.9 is not reached, 0.94 would be the ceiling.
    """
    shown = night.picture_at("06:00Z")
    given = {d.report: d.boat or d.report for d in shown.association.dispositions}
    truth = {n: boat for n, boat in night.boat_of().items() if n in given}
    precision, recall, _ = night.b_cubed(truth, given)
    assert precision > 0.88 and recall > 0.66


def test_every_line_says_whether_it_is_real():
    """Each line is REAL with a source, or SYNTHETIC; and none of them could not be read."""
    lines = open_night(night.NAME)
    assert len(lines) > 150
    for line in lines:
        assert line.report.mark.kind in {"REAL", "SYNTHETIC"}
        assert line.report.mark.source
        assert not line.problems, [str(p) for p in line.problems]
        assert set(line.report.flags) <= {"position_ambiguous"}


def test_real_times_are_not_invented_silently():
    """The moments that stand in the sources: two positions a minute apart, 01:28, 02:01, and the find at 12:49."""
    real = [r for r in night.reports() if r.mark.kind == "REAL" and "event" not in r.mark.synthetic_parts]
    moments = {iso(r.event.earliest)[11:16] for r in real}
    assert {"00:48", "01:05", "01:06", "01:28", "01:30", "02:01", "03:11", "12:49"} <= moments


def test_the_last_position_has_an_interval():
    """The sources give no time for it: it lies between 02:20 and 03:10."""
    last = next(r for r in night.reports() if "51°09.045'N" in r.summary)
    assert (iso(last.event.earliest)[11:16], iso(last.event.latest)[11:16]) == ("02:20", "03:10")


def test_no_person_is_named_and_nobody_is_quoted():
    """Summaries hold no quotation marks; disputed answers read the same everywhere."""
    summaries = [r.summary for r in night.reports()]
    assert not any(mark in s for s in summaries for mark in '"“”«»')
    assert any("No answer recorded in the sources" in s for s in summaries)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_notice_is_sober_and_says_what_is_invented(language):
    """It stands in both languages and names the dead first."""
    notice = night_notice(night.NAME, language)
    assert "27" in notice["text"].split("\n")[0] + notice["text"][:80]
    assert say("console.mark.SYNTHETIC", language) in notice["text"] and notice["title"]


def test_the_feed_is_the_one_its_record_describes():
    """The checksum beside the feed is the feed's, and every real line's source is written down."""
    folder = night.Path(__file__).parents[2] / "cordiale" / "nights" / night.NAME
    record = tomllib.loads((folder / "feed.jsonl.provenance.toml").read_text(encoding="utf-8"))
    assert record["sha256"] == hashlib.sha256((folder / "feed.jsonl").read_bytes()).hexdigest()
