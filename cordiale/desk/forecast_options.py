"""What forecasts share on the command line: the wind, the cloud, and where the contours are written."""

import argparse
from pathlib import Path

from cordiale.desk.options import read_wind
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span
from cordiale.earth.units import Instant
from cordiale.sea.cf import STRAIT, open_wind
from cordiale.sea.environment import Wind
from cordiale.sea.tide import Window
from cordiale.sea.wind import ConstantWind, wind_of_the_night
from cordiale.words import Language, say


def describe_wind(parser: argparse.ArgumentParser, language: Language) -> None:
    """The two options that name a wind."""
    parser.add_argument("--wind", metavar="'SW 12kn'", help=say("desk.wind.stated", language))
    parser.add_argument("--wind-file", action="append", metavar="FILE.nc", help=say("desk.wind.file", language))


def choose_wind(options: argparse.Namespace, begin: Instant, end: Instant, *, window: Window = STRAIT) -> Wind | None:
    """The wind of `--wind-file` or `--wind`, else the packaged series where it covers the time, else none."""
    if options.wind is not None and options.wind_file:
        raise CordialeError("desk.two_winds")
    if options.wind_file:
        return open_wind(options.wind_file, window=window, span=Span(earliest=begin, latest=end))
    if options.wind is not None:
        blows_from, speed = read_wind(options.wind)
        return ConstantWind.blowing(speed, from_direction=blows_from)
    night = wind_of_the_night()
    return night if night.instants[0] <= begin and end <= night.instants[-1] else None


def describe_cloud(parser: argparse.ArgumentParser, language: Language) -> None:
    """Size and chance of a cloud, and what is written of it."""
    add = parser.add_argument
    add("--particles", type=int, default=5000, metavar="N", help=say("desk.drift.particles", language))
    add("--seed", type=int, default=1, metavar="N", help=say("desk.option.seed", language))
    add("--json", action="store_true", help=say("desk.option.json", language))
    add("--geojson", metavar="FILE", help=say("desk.drift.geojson", language))


def check_cloud(options: argparse.Namespace) -> None:
    """Refuse a number of particles that makes no cloud, before any work is done."""
    if not 1 <= options.particles <= 1_000_000:
        raise CordialeError("desk.particles", particles=options.particles)


def write_file(path: str, text: str) -> None:
    """Write a file, or say why not."""
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CordialeError("desk.cannot_write", path=path, reason=error.strerror or "?") from error
