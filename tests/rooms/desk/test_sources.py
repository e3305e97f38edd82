"""What a desk serves: a replay is fixed, one's own record grows, and neither loses what cannot be read."""

import asyncio
import json

import pytest

from cordiale.desk.board import Board
from cordiale.desk.report_command import arrival_of
from cordiale.desk.ruling import RulingForm
from cordiale.desk.sources import Artist, Replay, record_source, times_of
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.earth.units import minutes
from cordiale.feeds.intake import report_from_form
from cordiale.record.arrivals import append_reports
from cordiale.record.known import known_at
from cordiale.record.log import events, open_record
from cordiale.sea.environment import the_strait
from cordiale.words import LANGUAGES

NOW = utc("2021-11-24 02:05Z")
CALL = {"position": "51 08.5N 001 44.5E", "time": "02:01Z", "persons": "33", "state": "taking_water", "words": "help"}


@pytest.fixture
def strait():
    """The packaged sea; the wind does not matter here."""
    return the_strait()


@pytest.fixture
def watch(tmp_path, strait):
    """One's own record, new."""
    source = record_source(tmp_path / "watch.db", strait)
    yield source
    source.record.close()


def test_a_typed_report_is_on_the_next_picture(watch):
    """From the form to a boat round the position given, in both languages, through the board's own thread."""
    board = Board(watch, clock=lambda: NOW + 20)
    empty = asyncio.run(board.picture(None))
    assert json.loads(empty.texts["en"])["boats"] == []
    kept = watch.add(CALL, NOW + 0.918713)
    assert (kept["flags"], kept["problems"]) == ([], [])
    seen = asyncio.run(board.picture(None))
    board.close()
    for language in LANGUAGES:
        (boat,) = json.loads(seen.texts[language])["boats"]
        assert boat["last_fix"]["on_chart"] == "51°08.5'N 001°44.5'E"
        assert boat["persons"] == {"least": 33, "most": 33}
        assert seen.clouds[boat["boat"]].shape == (5000, 2)
    assert json.loads(seen.geojson)["features"]


def test_what_cannot_be_read_is_kept_and_said_in_both_languages(watch):
    """An unreadable position becomes a report without one, with the problem and a hint."""
    kept = watch.add({**CALL, "position": "51 61.0N 001 44.5E"}, NOW)
    assert kept["flags"] == ["position_unreadable"]
    for language in LANGUAGES:
        assert "61" in kept["problems"][0][language]["problem"]
        assert kept["problems"][0][language]["hint"]
    assert watch.head() == 1


def test_the_number_typed_leaves_only_a_hash(watch, tmp_path):
    """Neither the answer nor any file of the record holds the caller's number."""
    kept = watch.add({**CALL, "phone": "+33 6 12 34 56 78", "words": "rappeler au 06 12 34 56 78"}, NOW)
    assert "12345678" not in json.dumps(kept).replace(" ", "")
    for file in tmp_path.iterdir():
        assert b"12345678" not in file.read_bytes().replace(b" ", b""), file.name


def test_another_process_writes_and_the_desk_sees_it(watch, tmp_path):
    """The head moves when the record is written elsewhere, and the slider's marks with it."""
    assert (watch.head(), watch.times().received) == (0, ())
    with open_record(tmp_path / "watch.db") as other:
        line = report_from_form(CALL, now=NOW, centre="dover", key=None)
        append_reports(other, [arrival_of(line)], recorded_at=NOW, by="feed")
    assert (watch.head(), watch.times().received) == (1, (NOW,))


def test_a_replay_is_read_only_and_carries_its_notice(strait):
    """The notice stands on every picture of a night, and nothing can be added to it."""
    notices = {"en": "People died.", "fr": "Des personnes sont mortes."}
    artist = Artist(environment=strait, night="a night", notices=notices)
    replay = Replay("a night", [report_from_form(CALL, now=NOW, centre="dover", key=None).report], artist)
    before_all = json.loads(replay.draw(NOW - 60).texts["fr"])
    assert (before_all["notice"], before_all["night"], before_all["boats"]) == (notices["fr"], "a night", [])
    with pytest.raises(CordialeError, match="replay"):
        replay.add(CALL, NOW)
    with pytest.raises(CordialeError, match="test holds no report"):
        Replay("test", [], artist)


def test_a_replay_is_in_order_of_receipt(strait):
    """Whatever the order of the lines."""
    lines = [report_from_form(CALL, now=NOW + minutes, centre="dover", key=None).report for minutes in (600, 0, 300)]
    replay = Replay("test", lines, Artist(environment=strait))
    assert replay.times().received == (NOW, NOW + 300, NOW + 600)
    assert times_of([]).received == ()


def test_a_ruling_is_on_the_next_picture_and_gone_when_taken_back(watch, strait):
    """Kept with its number, refused for an unknown report; at an earlier minute it still stands."""
    for number, text in enumerate(("help", "help again")):
        watch.add({**CALL, "words": text}, NOW + number)
    one, other = (report.name for report in known_at(events(watch.record)).reports)
    pair = {"report": one, "other": other, "because": "two voices", "by": "watch_officer"}
    kept = watch.rule(RulingForm(kind="never", **pair), NOW + 10)
    assert kept == {"event": "local/3"}

    def ruled(at):
        return [r["event"] for r in json.loads(watch.draw(at).texts["en"])["rulings"]]

    assert ruled(NOW + 20) == ["local/3"]
    with pytest.raises(CordialeError, match="held apart by the ruling local/3"):
        watch.rule(RulingForm(kind="link", **pair), NOW + 20)
    with pytest.raises(CordialeError, match="no report or boat r-nothing"):
        watch.rule(RulingForm(kind="link", **{**pair, "other": "r-nothing"}), NOW + 20)
    watch.rule(RulingForm(kind="withdraw", event="local/3", because="one voice", by="duty"), NOW + 30)
    assert (ruled(NOW + 20), ruled(NOW + 40)) == (["local/3"], [])
    replay = Replay("night", known_at(events(watch.record)).reports, Artist(environment=strait))
    with pytest.raises(CordialeError, match="replay"):
        replay.rule(RulingForm(kind="link", **pair), NOW)
    with pytest.raises(CordialeError, match="forget is no ruling"):
        RulingForm(kind="forget")


def test_alarms_of_age_fire_at_the_desk_while_nothing_comes_in(watch):
    """The live board follows the clock: a call nobody took and an old fix stand on the next minute's picture."""
    clock = [NOW + 30]
    board = Board(watch, clock=lambda: clock[0])
    watch.add(CALL, NOW)
    watch.add({"kind": "missed_call", "time": "02:04Z", "phone": "06 12 34 56 78"}, NOW)
    head = watch.head()

    def causes():
        shown = json.loads(asyncio.run(board.picture(None)).texts["en"])
        return {alarm["cause"] for alarm in shown["watch_list"]}

    assert not {"unanswered_call", "old_fix"} & causes()
    clock[0] = NOW + 3 * minutes
    assert {"unanswered_call", "old_fix"} & causes() == {"unanswered_call"}
    clock[0] = NOW + 61 * minutes
    assert {"unanswered_call", "old_fix"} <= causes()
    assert watch.head() == head
