"""`cordiale close`: the guard at the command line."""

import json

import pytest

from cordiale.desk.cli import main
from cordiale.earth.instants import iso
from cordiale.earth.units import minutes
from cordiale.record.arrivals import Arrival, append_reports
from cordiale.record.log import events, open_record
from tests.rooms.association.small_night import START
from tests.rooms.record.test_closure import NORTH, OFF_NORTH, SOUTH, night


@pytest.fixture
def record_path(tmp_path):
    """A record of the night with two boats, its reports under the names they came with."""
    path = tmp_path / "night.db"
    with open_record(path, node="dover") as record:
        reports = night()
        append_reports(
            record, [Arrival(report=r) for r in reports], recorded_at=max(r.received for r in reports), by="feed"
        )
    return path


def test_asking_writes_nothing(record_path, capsys):
    """Without --by the verdict is printed and the record stays as it was."""
    assert main(["close", str(record_path), NORTH, "--on", OFF_NORTH, "--evidence", f"ring_test:{OFF_NORTH}"]) == 0
    assert "may be closed" in capsys.readouterr().out
    with open_record(record_path, read_only=True) as record:
        assert {e.type for e in events(record)} == {"report.received"}


def test_a_closing_is_kept_shown_and_taken_back(record_path, capsys):
    """Closed, listed as closed by a replay, and active again after its withdrawal."""
    cited = ["--on", OFF_NORTH, "--evidence", f"ring_test:{OFF_NORTH}"]
    assert main(["close", str(record_path), NORTH, *cited, "--by", "watch_officer"]) == 0
    assert "is closed" in capsys.readouterr().out
    assert main(["replay", str(record_path), "--json", "--at", "2030-01-01 00:00Z"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {b["boat"]: b["standing"] for b in shown["boats"]} == {NORTH: "closed", SOUTH: "active"}
    assert main(["close", str(record_path), NORTH, "--withdraw", "--reason", "wrong people", "--by", "duty"]) == 0
    assert "taken back" in capsys.readouterr().out
    assert main(["close", str(record_path), NORTH, "--withdraw", "--reason", "again", "--by", "duty"]) == 2
    assert "no closing" in capsys.readouterr().err


def shown(record_path, capsys):
    main(["replay", str(record_path), "--json", "--at", "2030-01-01 00:00Z"])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", [NORTH, "B-0005", "r-0004", "dover/6", None])
def test_a_closing_is_taken_back_by_any_name_of_the_boat(record_path, capsys, name):
    """The name she was closed under, that of another of her reports, the id: the picture is the one before. Of a report
    or a boat that no closing covers it is refused, and those that stand are named.
    """
    before = shown(record_path, capsys)
    cited = ["--on", OFF_NORTH, "--evidence", f"ring_test:{OFF_NORTH}"]
    assert main(["close", str(record_path), NORTH, *cited, "--by", "watch_officer"]) == 0
    why = ["--reason", "wrong people", "--by", "duty_manager"]
    if name in {None, "r-0004"}:
        assert main(["close", str(record_path), "--withdraw", name or SOUTH, *why]) == 2
        assert f"{NORTH} (dover/6)" in capsys.readouterr().err
        return
    assert main(["close", str(record_path), "--withdraw", name, *why]) == 0
    assert f"dover/6 of {NORTH} is taken back" in capsys.readouterr().out
    again = shown(record_path, capsys)
    assert again["digest"] == before["digest"]
    assert {b["standing"] for b in again["boats"]} == {"active"}
    with open_record(record_path, read_only=True) as record:
        assert events(record)[-1].body == {"decision": "dover/6", "reason": "wrong people"}


def test_a_closing_is_not_taken_back_without_a_reason_or_a_name(record_path, capsys):
    """Each is refused with what to do; nothing is written."""
    cited = ["--on", OFF_NORTH, "--evidence", f"ring_test:{OFF_NORTH}"]
    assert main(["close", str(record_path), NORTH, *cited, "--by", "watch_officer"]) == 0
    for arguments, said in ((["--withdraw", NORTH], "no reason"), (["--withdraw"], "was named"), ([], "was named")):
        capsys.readouterr()
        assert main(["close", str(record_path), *arguments]) == 2
        assert said in capsys.readouterr().err
    assert main(["close", "2021-11-24", "--withdraw", NORTH, "--reason", "x"]) == 2
    with open_record(record_path, read_only=True) as record:
        assert len(events(record)) == 6


def test_the_guard_refuses_and_says_why(record_path, capsys):
    """The southern boat on the northern people: 1 when asked, 2 and nothing written when insisted on by one role."""
    cited = ["--on", OFF_NORTH, "--evidence", f"survivors_word:{OFF_NORTH}"]
    assert main(["close", str(record_path), SOUTH, *cited, "--json"]) == 1
    verdict = json.loads(capsys.readouterr().out)
    assert not verdict["passes"] and {"missing", "another"} <= {b["key"] for b in verdict["blocks"]}
    assert main(["close", str(record_path), SOUTH, *cited, "--by", "watch_officer"]) == 2
    assert "13 people are missing" in capsys.readouterr().err
    two = ["--by", "watch_officer", "--second", "duty_manager", "--reason", "no craft can stay"]
    assert main(["close", str(record_path), SOUTH, *cited, *two]) == 0
    assert "stay on the picture" in capsys.readouterr().out


def test_what_was_not_yet_known_cannot_be_cited(record_path, capsys):
    """A recovery of 01:40 cannot be cited at 01:30."""
    cited = ["--on", OFF_NORTH, "--evidence", f"ring_test:{OFF_NORTH}"]
    assert main(["close", str(record_path), NORTH, *cited, "--at", iso(START + 30 * minutes)]) == 2
    assert f"no report {OFF_NORTH}" in capsys.readouterr().err
