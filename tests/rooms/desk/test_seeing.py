"""What there is to see by: plan, task and result read it with one parser and hold one rule where nobody said."""

import argparse

import pytest

from cordiale.desk.cli import main
from cordiale.desk.seeing import FAR, Seeing, describe_seeing, seeing_stated
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import NM, knots
from cordiale.sea.environment import Environment, the_strait
from cordiale.sea.wind import ConstantWind
from cordiale.search.sight import UNASKED
from tests.rooms.desk.test_close_command import record_path
from tests.rooms.record.test_closure import seen

__all__ = ["record_path"]  # a fixture
AT, THERE = utc("2021-11-24 03:25"), Position(lat=51.1, lon=1.7)


def stated(*words, use="plan"):
    """The options of a command line, read."""
    parser = argparse.ArgumentParser()
    describe_seeing(parser, "en", use)
    return seeing_stated(parser.parse_args(words), use)


def windy(speed) -> Environment:
    """The strait with one wind."""
    return the_strait(ConstantWind.blowing(speed, from_direction=225.0))


def test_where_nobody_said_it_is_five_miles_and_the_waves_of_the_wind():
    """The same for looking ahead and for looking back: 5 NM, waves as the weather table pairs them with the wind, and a
    strait that is never flat.
    """
    for use in ("plan", "result"):
        calm, rough = (stated(use=use).conditions_at(windy(speed * knots), AT, THERE) for speed in (0, 25))
        assert calm.visibility == FAR == 5 * NM
        assert calm.sea_height == 0.3
        assert rough.sea_height == pytest.approx(1.524)  # m: 5 ft with 25 kn
        assert calm.cloud_base is None and calm.light == "night"


def test_a_response_reckons_with_the_same_sea_as_a_plan():
    """Waves and visibility of the orders are those of the plan at the same instant, stated or not."""
    shown = seen(minute=38)
    for said in (Seeing(), stated("--waves", "1.2m", "--visibility", "1NM", "--cloud-base", "200m")):
        means = said.means_at(shown)
        conditions = said.conditions_at(shown.environment, shown.at, shown.boats[0].cloud.centre)
        assert means.weather.visibility == conditions.visibility
        assert means.weather.wave_height == pytest.approx(conditions.sea_height, abs=0.05)  # m: the wind varies
        assert (means.cloud_base, means.instruments) == (said.cloud_base, said.instruments)


def test_instruments_are_named_in_words_of_both_languages():
    """With commas or blanks, all or none; unasked those of the rule, and it is known that nobody named any."""
    assert stated("--instruments", "radar,infrared").instruments == {"radar", "infrared"}
    assert stated("--instruments", "Radar infrared").instruments == {"radar", "infrared"}
    assert stated("--instruments", "tous").instruments == stated("--instruments", "all").instruments
    assert stated("--instruments", "aucun").instruments == frozenset() == stated(use="result").instruments
    assert stated().instruments == UNASKED["plan"] and not stated().named and stated("--instruments", "none").named
    with pytest.raises(CordialeError, match="sonar"):
        stated("--instruments", "sonar")


@pytest.mark.parametrize("command", ["plan", "task", "result"])
@pytest.mark.parametrize(
    ("option", "value"), [("--waves", "high"), ("--visibility", "5"), ("--instruments", "sonar"), ("--water", "cold")]
)
def test_every_command_refuses_alike_what_cannot_be_read(record_path, capsys, command, option, value):
    """Exit code 2, the value and what to write, in all three."""
    assert main([command, str(record_path), option, value]) == 2
    said = capsys.readouterr().err
    assert value in said and "hint: " in said


@pytest.mark.parametrize("command", ["plan", "task", "result"])
def test_every_command_has_the_same_options(command, capsys):
    """Help names them all."""
    with pytest.raises(SystemExit):
        main([command, "--help"])
    said = capsys.readouterr().out
    assert all(f"--{name}" in said for name in ("visibility", "cloud-base", "waves", "water", "instruments"))
