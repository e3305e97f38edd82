"""`cordiale watch`: the list, and what is decided about it."""

import json

from cordiale.desk import watch_command
from cordiale.desk.cli import main
from cordiale.earth.units import hours, minutes
from cordiale.record.arrivals import Arrival, append_reports
from cordiale.record.duties import offered_entry, taken_entry
from cordiale.record.log import append, events, open_record
from tests.rooms.association.small_night import START, told
from tests.rooms.desk.test_close_command import record_path
from tests.rooms.record.test_closure import NORTH, OFF_NORTH, SOUTH

__all__ = ["record_path"]  # a fixture


def listed(record_path, capsys, *more):
    main(["watch", str(record_path), "--json", *more])
    return {alarm["id"] for alarm in json.loads(capsys.readouterr().out)}


def test_a_boat_is_taken_and_an_alarm_seen(record_path, capsys):
    """Without an owner it is an alarm; taken by Dover, it is none; a seen alarm shows only with --all."""
    assert {"no_owner r-0001", "no_task r-0001"} <= listed(record_path, capsys)
    assert main(["watch", str(record_path), "--take", SOUTH, "--saying", "dover", "--by", "watch_officer"]) == 0
    assert main(["watch", str(record_path), "--seen", "no_task r-0001"]) == 0
    capsys.readouterr()
    present = ("--at", "2030-01-01 00:00Z")
    assert not {"no_owner r-0001", "no_task r-0001"} & listed(record_path, capsys, *present)
    assert "no_task r-0001" in listed(record_path, capsys, "--all", *present)
    with open_record(record_path, read_only=True) as record:
        assert {"boat.taken", "alarm.acknowledged"} <= {event.type for event in events(record)}


def test_the_list_prints_what_to_do(record_path, capsys):
    """In French, with exit code 1 while an alarm stands; a task needs the name of a craft."""
    assert main(["--lang", "fr", "watch", str(record_path)]) == 1
    said = capsys.readouterr().out
    assert "aucun centre n'a déclaré en répondre" in " ".join(said.split()) and " 1. B-" in said
    assert max(len(line) for line in said.splitlines()) <= 100
    assert main(["watch", str(record_path), "--each"]) == 1
    assert "[no_owner r-0001]" in capsys.readouterr().out
    assert main(["watch", str(record_path), "--send", SOUTH]) == 2
    assert "nothing was said for asset" in capsys.readouterr().err
    assert main(["watch", str(record_path), "--answered", "r-0001", "--saying", "yes"]) == 2
    assert "nothing was asked or offered under 'r-0001'" in capsys.readouterr().err


def test_the_end_of_the_watch_is_handed_over(record_path, capsys):
    """Each boat in its group with her people and who answers, in both languages, and as JSON; exit code 0."""
    cited = ["--on", OFF_NORTH, "--evidence", f"ring_test:{OFF_NORTH}"]
    assert main(["close", str(record_path), NORTH, *cited, "--by", "watch_officer"]) == 0
    main(["never", str(record_path), "r-0001", "r-0002", "--by", "smc-dover", "--because", "two colours"])
    capsys.readouterr()
    listed = ["watch", str(record_path), "--end-of-watch", "--at", "2030-01-01 00:00Z"]
    assert main(listed) == 0
    said = capsys.readouterr().out
    assert "Boats to look for: 1" in said and "Closed on evidence of identity: 1" in said
    assert f"{SOUTH} (0 0 0 1)" in said and "answers: NOBODY" in " ".join(said.split())
    assert f"ring_test:{OFF_NORTH}" in said and "two colours; smc-dover" in said
    assert max(len(line) for line in said.splitlines()) <= 100
    assert main(["--lang", "fr", *listed]) == 0
    assert "Embarcations à rechercher : 1" in capsys.readouterr().out
    assert main([*listed, "--json"]) == 0
    end = json.loads(capsys.readouterr().out)
    assert {b["boat"]: b["group"] for b in end["boats"]} == {SOUTH: "open", NORTH: "closed"}
    assert len(end["rulings"]) == 1


def test_clocks_run_while_nothing_comes_in(record_path, capsys, monkeypatch):
    """A call nobody took, a request, a boat offered to the other side and a fix grow old without one more report; three
    days later, of a record nobody writes any more, the list is that of its end, and --at is honoured always.
    """
    last = START + 41 * minutes
    more = [
        told("r-0030", 40, kind="missed_call", caller="a1"),
        told("r-0031", 40, kind="request", summary="A helicopter, please."),
    ]
    with open_record(record_path) as record:
        append_reports(record, [Arrival(report=r) for r in more], recorded_at=last, by="feed")
        for entry in (
            taken_entry("r-0001", owner="dover", at=last, by="desk"),
            offered_entry("r-0001", owner="dover", to="gris-nez", at=last, by="desk"),
        ):
            append(record, entry, recorded_at=last)
        written = len(events(record))

    def causes(later, *arguments):
        monkeypatch.setattr(watch_command, "now", lambda: last + later)
        return {alarm.split()[0] for alarm in listed(record_path, capsys, *arguments)}

    growing = {"unanswered_call", "request_unanswered", "handover_unanswered", "old_fix"}
    assert not growing & causes(0.5)
    assert growing & causes(3 * minutes) == {"unanswered_call"}
    assert growing & causes(11 * minutes) == growing - {"old_fix"}
    assert growing & causes(62 * minutes) == growing
    assert not growing & causes(72 * hours)
    assert growing & causes(72 * hours, "--at", "2021-11-24 01:52:30Z") == growing - {"old_fix"}
    with open_record(record_path, read_only=True) as record:
        assert len(events(record)) == written
