"""`cordiale task`: who goes where, who has not answered, who answers for whom; and what is written down."""

import json
from contextlib import contextmanager

import pytest

from cordiale.desk.cli import main
from cordiale.desk.progress import Interruption
from cordiale.record.log import events, open_record
from cordiale.record.witness import verify
from tests.rooms.desk.test_close_command import record_path
from tests.rooms.record.test_closure import NORTH, SOUTH

__all__ = ["record_path"]  # a fixture

FLAMANT = "FS Flamant"


def task(path, capsys, *more):
    """The exit code and the document of one call."""
    code = main(["task", str(path), "--json", *more])
    said = capsys.readouterr()
    assert code in (0, 1), said.err
    return code, json.loads(said.out)


def types(path):
    with open_record(path, read_only=True) as record:
        return [event.type for event in events(record) if event.type != "report.received"]


def test_every_craft_stands_on_the_list_with_a_time_or_a_reason(record_path, capsys):
    """Both boats with all craft of both flags, those that can go first; orders with their bound; nobody asked yet."""
    code, now = task(record_path, capsys, "--at", "01:30Z", "--legs", "1")
    assert code == 0 and now["format"] == "cordiale.response/1" and now["complete"]
    assert {boat["boat"] for boat in now["boats"]} == {SOUTH, NORTH}
    for boat in now["boats"]:
        hindered = [one["hindrance"] is not None for one in boat["ranking"]]
        assert hindered == sorted(hindered) and {one["flag"] for one in boat["ranking"]} == {"GB", "FR"}
        assert all(one["text"] for one in boat["ranking"])
        waits = [one["wait_s"] for one in boat["ranking"] if one["hindrance"] is None]
        assert waits == sorted(waits) and len(waits) > 10
    orders = now["orders"]
    assert orders["least"] <= orders["lost"] + 1e-3 and orders["sent"]
    assert now["requests"] == now["alarms"] == []
    assert {one["boat"]: one["owner"] for one in now["responsible"]} == {SOUTH: "test", NORTH: "test"}


def test_a_request_has_a_clock_and_silence_is_an_alarm(record_path, capsys):
    """Asked at 01:50: waiting at 01:59, an alarm at 02:00, not counted on; accepted at 02:01, and so it is sent."""
    code, kept = task(record_path, capsys, "--ask", SOUTH, "flamant", "--when", "01:50Z", "--quick")
    assert code == 0 and kept["request"] == "q-0001"
    _, at_59 = task(record_path, capsys, "--at", "01:59Z", "--legs", "1")
    (asked,) = at_59["requests"]
    assert (asked["asset"], asked["boat"], asked["state"]) == (FLAMANT, SOUTH, "waiting")
    code, at_00 = task(record_path, capsys, "--at", "02:00Z", "--legs", "1")
    assert code == 1 and at_00["requests"][0]["state"] == "no_answer"
    assert at_00["alarms"][0]["asset"] == FLAMANT and at_00["alarms"][0]["place"]
    assert FLAMANT not in [one["asset"] for one in at_00["orders"]["sent"]]
    assert [one["asset"] for one in at_00["orders"]["left_out"]] == [FLAMANT]
    code, kept = task(record_path, capsys, "--accept", "q-0001", "--when", "02:01Z", "--legs", "1")
    assert [event["type"] for event in kept["events"]] == ["request.answered", "task.given"]
    assert kept["response"]["requests"][0]["state"] == "accepted" and kept["response"]["alarms"] == []
    assert any(FLAMANT in change for change in kept["changes"])


def test_who_refuses_goes_to_the_other_boat(record_path, capsys):
    """A refusal needs a reason and keeps it; the craft is left out for that boat and no other, and the task can end."""
    task(record_path, capsys, "--ask", SOUTH, "flamant", "--when", "01:30Z", "--quick")
    assert main(["task", str(record_path), "--refuse", "q-0001", "--when", "01:31Z"]) == 2
    assert "without a reason" in capsys.readouterr().err or types(record_path) == []
    task(record_path, capsys, "--refuse", "q-0001", "--reason", "under tow", "--when", "01:31Z", "--quick")
    _, now = task(record_path, capsys, "--at", "01:35Z", "--legs", "1")
    assert (now["requests"][0]["state"], now["requests"][0]["reason"]) == ("refused", "under tow")
    assert [(one["asset"], one["boat"]) for one in now["orders"]["left_out"]] == [(FLAMANT, SOUTH)]
    _, kept = task(record_path, capsys, "--give", NORTH, "flamant", "--when", "01:36Z", "--quick")
    event = kept["events"][0]["event"]
    task(record_path, capsys, "--end", event, "--reason", "relieved", "--when", "01:40Z", "--quick")
    assert types(record_path) == ["request.answered", "task.given", "task.ended"]
    assert main(["task", str(record_path), "--end", event, "--reason", "again", "--when", "01:41Z"]) == 2
    assert f"no task '{event}'" in capsys.readouterr().err


def test_an_offered_boat_stays_with_who_offered_until_she_is_accepted(record_path, capsys):
    """Offered at 01:20: the offerer answers for her, ten minutes later loudly; accepted, the other one does."""
    _, kept = task(record_path, capsys, "--offer", SOUTH, "gris-nez", "--when", "01:20Z", "--quick")
    offer = kept["events"][0]["event"]

    def hers(at):
        code, now = task(record_path, capsys, "--at", at, "--legs", "1")
        return code, next(one for one in now["responsible"] if one["boat"] == SOUTH)

    code, one = hers("01:25Z")
    assert code == 0 and (one["owner"], one["handover"]) == ("test", "offered")
    code, one = hers("01:31Z")
    assert code == 1 and (one["owner"], one["handover"], one["to"]) == ("test", "overdue", "CROSS Gris-Nez")
    assert main(["watch", str(record_path), "--at", "01:31Z", "--json"]) == 1
    causes = [alarm["cause"] for alarm in json.loads(capsys.readouterr().out)]
    assert causes.count("handover_unanswered") == 1
    task(record_path, capsys, "--accept", offer, "--when", "01:33Z", "--quick")
    code, one = hers("01:35Z")
    assert code == 0 and (one["owner"], one["handover"]) == ("CROSS Gris-Nez", "accepted")
    assert main(["task", str(record_path), "--offer", SOUTH, "gris-nez", "--when", "01:36Z"]) == 2
    assert "to itself" in capsys.readouterr().err


def test_a_refused_offer_is_told_with_its_reason(record_path, capsys):
    """The other centre says no: the offerer answers for her, and the alarm says why."""
    _, kept = task(record_path, capsys, "--offer", NORTH, "CROSS Gris-Nez", "--when", "01:20Z", "--quick")
    offer = kept["events"][0]["event"]
    task(record_path, capsys, "--refuse", offer, "--reason", "in British waters", "--when", "01:22Z", "--quick")
    _, now = task(record_path, capsys, "--at", "01:25Z", "--legs", "1")
    hers = next(one for one in now["responsible"] if one["boat"] == NORTH)
    assert hers["alarm"] and "in British waters" in hers["text"] and hers["owner"] == "test"


def test_watch_and_task_write_the_same_lines(record_path, capsys):
    """One way to say it: a craft sent with either command is the same line."""
    assert main(["watch", str(record_path), "--send", SOUTH, "--saying", "flamant", "--by", "watch_officer"]) == 0
    assert main(["task", str(record_path), "--give", SOUTH, "flamant", "--by", "watch_officer", "--quick"]) == 0
    with open_record(record_path, read_only=True) as record:
        one, other = (event.body for event in events(record) if event.type == "task.given")
    assert one == other and one["asset"] == FLAMANT


def test_it_is_told_in_both_languages_within_a_hundred_columns(record_path, capsys):
    """Alarms stand on top, then orders, lists, requests and owners; the whole list of one boat on demand."""
    task(record_path, capsys, "--ask", SOUTH, "flamant", "--when", "01:30Z", "--quick")
    for language, words in (
        ("en", ("ALARMS: 1", "ORDERS", "NEAREST to", "has not answered the request of 01:30Z", "WHO ANSWERS")),
        ("fr", ("ALARMES : 1", "ORDRES", "AU PLUS PRÈS de", "n'a pas répondu", "QUI EN RÉPOND")),
    ):
        arguments = ["task", str(record_path), "--at", "01:45Z", "--boat", "r-0001", "--legs", "1", "--lang", language]
        assert main(arguments) == 1
        said = capsys.readouterr().out
        for word in words:
            assert word in said, said
        assert max(map(len, said.splitlines())) <= 100 and f"{SOUTH} (" in said and f"{NORTH} (" not in said
        assert "{" not in said


def test_an_escort_relay_names_the_watches_or_the_gap(record_path, capsys):
    """Two hours with a boat: each watch begins before the one before it ends, and what is not covered is said."""
    code, relay = task(record_path, capsys, "--at", "01:30Z", "--escort", SOUTH, "--for", "6h")
    assert code == 1 and relay["alone"][0]["from"] == "2021-11-24T01:30:00Z"  # nobody is there at once
    ends = [(watch["from"], watch["until"]) for watch in relay["watches"]]
    assert ends and all(later[0] < earlier[1] for earlier, later in zip(ends, ends[1:], strict=False))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--accept", "q-0099"], "nothing was asked or offered under 'q-0099'"),
        (["--ask", SOUTH, " "], "nothing was said for asset"),
        (["--give", "B-9999", "flamant"], "no boat B-9999"),
        (["--give", SOUTH, "flamant", "--when", "2035-01-01 00:00Z"], "lies in the future"),
        (["--without", "Titanic"], "no craft 'Titanic'"),
        (["--waves", "high"], "cannot read"),
        (["--first", "0"], "shows nothing"),
    ],
)
def test_what_cannot_be_done_is_told_and_writes_nothing(record_path, capsys, arguments, told):
    """The value, what to do, exit code 2, and a record as it was."""
    before = types(record_path)
    assert main(["task", str(record_path), *arguments]) == 2
    said = capsys.readouterr().err
    assert told in said and "hint: " in said
    assert types(record_path) == before


def test_a_night_is_not_written_into(capsys):
    """A replay is asked, never told."""
    assert main(["task", "2021-11-24", "--give", "B-0001", "flamant"]) == 2
    assert "record" in capsys.readouterr().err


def test_ctrl_c_leaves_what_was_written_and_shows_what_there_is(record_path, capsys, monkeypatch):
    """Pressed while the lists are made: exit code 130, the boat that was reached, the other named; a duty is kept."""

    @contextmanager
    def pressed():
        interruption = Interruption()
        interruption.press()
        yield interruption

    monkeypatch.setattr("cordiale.desk.task_command.interruptible", pressed)
    assert main(["task", str(record_path), "--at", "01:30Z", "--json"]) == 130
    now = json.loads(capsys.readouterr().out)
    assert not now["complete"] and len(now["boats"]) == len(now["not_reached"]) == 1 and now["orders"]["sent"]
    assert main(["task", str(record_path), "--give", SOUTH, "flamant", "--when", "01:30Z"]) == 130
    assert types(record_path) == ["task.given"]
    with open_record(record_path, read_only=True) as record:
        assert verify(record).is_whole
