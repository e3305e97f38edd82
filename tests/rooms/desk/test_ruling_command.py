"""`cordiale link`, `never`, `confirm`, `split` and `withdraw`."""

import inspect
import json
import re

import pytest

from cordiale.association.associate import associate
from cordiale.desk.cli import main
from cordiale.record.log import events, open_record
from cordiale.record.rulings import rulings_of
from tests.rooms.desk.test_close_command import record_path
from tests.rooms.record.test_closure import NORTH, OFF_NORTH, SOUTH

__all__ = ["record_path"]  # a fixture
SIGNED = ["--by", "watch_officer", "--because", "the same voice"]


def kept(path):
    with open_record(path, read_only=True) as record:
        return rulings_of(events(record))


@pytest.mark.parametrize(("command", "kind"), [("link", "linked"), ("never", "forbidden"), ("confirm", "confirmed")])
def test_a_pair_is_ruled_upon(record_path, capsys, command, kind):
    """Two reports by name; the line says under which number, so that it can be taken back."""
    assert main([command, str(record_path), "r-0001", "r-0004", *SIGNED]) == 0
    assert "Kept as dover/6: r-0001 and r-0004 are" in capsys.readouterr().out
    (ruling,) = kept(record_path)
    assert (ruling.kind, ruling.before, ruling.after) == (kind, ("r-0001",), ("r-0004",))
    assert (ruling.by, ruling.reason) == ("watch_officer", "the same voice")


def test_a_boat_stands_for_the_report_it_was_first_heard_of_in(record_path, capsys):
    """`never B-0001 B-0002` holds their first reports apart."""
    assert main(["never", str(record_path), SOUTH, NORTH, *SIGNED, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["body"]["other"] == "r-0002"
    assert [(r.before, r.after) for r in kept(record_path)] == [(("r-0001",), ("r-0002",))]


def test_any_name_of_a_boat_finds_her(record_path, capsys):
    """B-0004 is the southern boat by her second report, B-0005 the northern one."""
    assert main(["never", str(record_path), "B-0004", "B-0005", *SIGNED]) == 0
    assert [(r.before, r.after) for r in kept(record_path)] == [(("r-0001",), ("r-0002",))]
    assert main(["split", str(record_path), "B-0005", "--from", "r-0005", *SIGNED]) == 0
    assert kept(record_path)[-1].boat == NORTH


def test_a_boat_is_split_from_a_report_on(record_path, capsys):
    """The northern boat from its second call on: the recovery that came after goes with the second part."""
    assert main(["split", str(record_path), NORTH, "--from", "r-0005", *SIGNED]) == 0
    assert f"{NORTH} is two boats, the second from r-0005 on" in capsys.readouterr().out
    (ruling,) = kept(record_path)
    assert (ruling.boat, ruling.before, ruling.after) == (NORTH, ("r-0002",), ("r-0005", OFF_NORTH))
    assert main(["split", str(record_path), NORTH, "--from", "r-0002", *SIGNED]) == 2
    assert "that is not its first" in capsys.readouterr().err


def test_a_ruling_is_taken_back_once(record_path, capsys):
    """Withdrawn, it is gone; again, it is refused; what is no decision is refused with those that stand."""
    main(["link", str(record_path), "r-0001", "r-0004", *SIGNED])
    back = ["withdraw", str(record_path), "dover/6", "--by", "duty_manager", "--because", "another phone"]
    assert main(back) == 0
    assert "dover/6 is taken back" in capsys.readouterr().out
    assert kept(record_path) == ()
    assert main(back) == 2
    assert "dover/6 was taken back before" in capsys.readouterr().err
    main(["watch", str(record_path), "--take", SOUTH, "--saying", "dover"])
    assert main(["withdraw", str(record_path), "dover/1", *SIGNED]) == 2
    assert "dover/1 is no decision" in (said := capsys.readouterr().err) and "dover/8" in said
    assert main(["withdraw", str(record_path), "dover/8", *SIGNED]) == 0  # any decision: here an owner


def test_a_name_that_is_not_there_is_refused_with_those_like_it(record_path, capsys):
    """A slip of a digit: the report meant is named, in the language asked for, and nothing is written."""
    assert main(["link", str(record_path), "r-0001", "r-00044", *SIGNED]) == 2
    assert "did you mean r-0004" in capsys.readouterr().err
    assert main(["--lang", "fr", "split", str(record_path), "B-0003", "--from", "r-0002", *SIGNED]) == 2
    assert "vouliez-vous dire B-000" in capsys.readouterr().err
    assert main(["split", str(record_path), NORTH, "--from", "r-0001", *SIGNED]) == 2
    assert "no report or boat r-0001" in capsys.readouterr().err
    assert main(["link", "2021-11-24", "r-0001", "r-0002", *SIGNED]) == 2
    assert "a replay is not changed" in capsys.readouterr().err
    assert kept(record_path) == ()


def test_a_link_against_a_separation_is_refused_with_the_ruling(record_path, capsys):
    """Held apart by one watch officer, linked by another: the second is told by whom and how to take it back."""
    main(["never", str(record_path), "r-0001", "r-0002", "--by", "smc-dover", "--because", "two colours"])
    capsys.readouterr()
    assert main(["link", str(record_path), "r-0002", "r-0001", *SIGNED]) == 2
    said = capsys.readouterr().err
    assert "held apart by the ruling dover/6: two colours" in said and "cordiale withdraw" in said
    assert len(kept(record_path)) == 1


def test_no_reason_and_no_role_are_refused(record_path, capsys):
    """A name is no role; a blank is no reason."""
    pair = ["link", str(record_path), "r-0001", "r-0004"]
    assert main([*pair, "--by", "Jean Dupont", "--because", "x"]) == 2
    assert "is not a role" in capsys.readouterr().err
    assert main([*pair, "--by", "desk"]) == 2
    assert "no reason was given" in capsys.readouterr().err


def test_asking_says_what_would_change_and_writes_nothing(record_path, capsys):
    """A division of the northern boat and its withdrawal, asked first without a role, in words and as JSON."""
    split = ["split", str(record_path), NORTH, "--from", "r-0005"]
    assert main(split) == 0
    assert "Nothing was written" in capsys.readouterr().out
    assert main([*split, "--json"]) == 0
    asked = json.loads(capsys.readouterr().out)
    assert kept(record_path) == ()
    if "constraints" in inspect.signature(associate).parameters:
        assert asked["boats"] == [2, 3]
        assert {one["report"] for one in asked["moved"]} == {"r-0005", OFF_NORTH}
    main([*split, *SIGNED])
    capsys.readouterr()
    assert main(["withdraw", str(record_path), "dover/6"]) == 0
    assert "Nothing was written" in capsys.readouterr().out
    assert len(kept(record_path)) == 1


def test_the_beginning_of_a_hash_will_do(tmp_path, capsys):
    """Reports typed at the desk are named after their hash: six characters are enough, and the boat's name is short."""
    path = tmp_path / "watch.db"
    for words in ("engine stopped", "water in the boat"):
        main(["report", "add", str(path), "--position", "51 08.5N 001 44.5E", "--words", words, "--json"])
    names = [json.loads(line)["report"] for line in capsys.readouterr().out.splitlines()]
    assert main(["link", str(path), names[0][:7], names[1], *SIGNED]) == 0
    assert [(r.before, r.after) for r in kept(path)] == [((names[0],), (names[1],))]
    assert main(["link", str(path), "r-", names[1], *SIGNED]) == 2
    assert "no report or boat r-" in capsys.readouterr().err
    main(["replay", str(path), "--json", "--particles", "300"])
    boats = json.loads(capsys.readouterr().out)["boats"]
    assert all(re.fullmatch(r"B-[A-Z]{2}\d\d", boat["boat"]) and " " in boat["spoken"] for boat in boats) and boats
