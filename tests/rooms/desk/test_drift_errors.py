"""How wrong the current of a file is taken to be on the command line: not as wrong as the tide, nor in its rhythm."""

import argparse

import pytest

from cordiale.desk.drift_sea import describe_sea, environment_of
from cordiale.earth.instants import Span
from cordiale.earth.position import Position
from cordiale.earth.units import hours
from cordiale.sea.environment import NO_ERROR, TIDAL_ERROR_PERIOD
from tests.rooms.sea.cf_files import START, write_regular

SPAN = Span(earliest=START, latest=START + 4 * hours)
AT = Position(lat=51.0, lon=1.5)


def sea(*options):
    """The environment of options of the command line."""
    parser = argparse.ArgumentParser()
    describe_sea(parser, "en")
    return environment_of(parser.parse_args(list(options)), AT, SPAN)


def test_a_current_from_a_file_does_not_err_with_the_tide(tmp_path):
    """0.15 m/s for 12 h, a judgement, without a period and with nothing beside it; the packaged tide has both."""
    assert sea().current_error.period == TIDAL_ERROR_PERIOD
    assert sea().residual_error.std > 0
    scale = sea("--current-file", str(write_regular(tmp_path / "c.nc")))
    error = scale.current_error
    assert (error.std, error.time_scale, error.period, error.source) == (0.15, 12 * hours, None, "judgement")
    assert scale.residual_error == NO_ERROR
    assert "(error 0.15 m/s, judgement; left out 0.00 m/s, none)" in str(scale)


def test_a_stated_error_of_a_file_is_as_stated(tmp_path):
    """Its time is 12 h unless stated too, and it has no period either."""
    path = str(write_regular(tmp_path / "c.nc"))
    error = sea("--current-file", path, "--current-error", "0.2m/s").current_error
    assert (error.std, error.time_scale, error.period) == (pytest.approx(0.2), 12 * hours, None)
    error = sea("--current-file", path, "--current-error", "0.2m/s 6h").current_error
    assert (error.time_scale, error.source) == (6 * hours, "as stated (--current-error)")
