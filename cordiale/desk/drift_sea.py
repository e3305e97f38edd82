"""The sea of a forecast as the command line gives it: wind, current, and how wrong each may be."""

import argparse
from dataclasses import replace
from typing import Final

import numpy as np

from cordiale.desk.forecast_options import choose_wind, describe_wind
from cordiale.desk.options import read_duration, read_speed
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import metres_per_degree
from cordiale.earth.instants import Span
from cordiale.earth.position import Position
from cordiale.earth.units import Instant, Metres, MetresPerSecond, Seconds, hours, km
from cordiale.sea.cf import open_current
from cordiale.sea.cf_doubt import doubt_of
from cordiale.sea.environment import (
    NO_ERROR,
    RESIDUAL_TIME,
    WIND_ERROR_TIME,
    Environment,
    ErrorScale,
    MappedShore,
    TidalCurrent,
    the_strait,
)
from cordiale.sea.grid import GriddedField
from cordiale.sea.tide import Window
from cordiale.words import Language, say

FASTEST: Final[MetresPerSecond] = 2.5  # judgement: how fast a forecast may leave the window that is read of a file
LONGEST: Final[Seconds] = 72 * hours  # judgement: no error of ours was held against anything that drifted for longer
NARROWEST: Final[Metres] = 60 * km
# Judgement, per component: errors of shelf models against drifters and radar are of the order of 0.1-0.2 m/s.
FILE_CURRENT_STD: Final[MetresPerSecond] = 0.15


def describe_sea(parser: argparse.ArgumentParser, language: Language) -> None:
    """The options that name wind and current and their errors."""
    describe_wind(parser, language)
    add = parser.add_argument
    add(
        "--current-file", "--current", action="append", metavar="FILE.nc", help=say("desk.drift.current_file", language)
    )
    add("--current-error", metavar="'0.2m/s 12h'", help=say("desk.drift.current_error", language))
    add("--wind-error", metavar="'4kn 6h'", help=say("desk.drift.wind_error", language))


def environment_of(options: argparse.Namespace, start: Position, span: Span) -> Environment:
    """Current, wind and coast of a forecast from `start` over `span`, with the errors that the user stated."""
    window = window_of(start, span)
    environment = the_strait(choose_wind(options, span.earliest, span.latest, window=window))
    coast = environment.coast
    if isinstance(coast, MappedShore) and not bool(coast.coast.covers(start.lat, start.lon)):
        environment = replace(environment, coast=None)
    if options.current_file:
        environment = replace(
            environment,
            current=open_current(options.current_file, window=window, span=span),
            current_error=ErrorScale(std=FILE_CURRENT_STD, time_scale=RESIDUAL_TIME, source="judgement"),
            residual_error=NO_ERROR,
        )
        if not _in_the_atlas(environment, start):
            environment = replace(environment, tide=None)
    if options.current_error:
        stated = read_error(options.current_error, environment.current_error, "--current-error")
        environment = replace(environment, current_error=stated, residual_error=NO_ERROR)
    if options.wind_error:
        stated = read_error(options.wind_error, environment.wind_error, "--wind-error")
        environment = replace(environment, wind_error=stated)
    return environment


def read_error(text: str, usual: ErrorScale, option: str) -> ErrorScale:
    """`0.2m/s` or `0.2m/s 12h`: the standard error of each component, and the time over which it forgets itself."""
    speed, _, time = text.strip().partition(" ")
    std = read_speed(speed)
    usual_time = WIND_ERROR_TIME if option == "--wind-error" else RESIDUAL_TIME
    time_scale = read_duration(time) if time.strip() else (usual.time_scale if usual.period is None else usual_time)
    return ErrorScale(std=std, time_scale=time_scale, source=f"as stated ({option})", length=usual.length)


def cautions(environment: Environment, start: Position, begin: Instant, end: Instant) -> list[CordialeError]:
    """What deserves a word before the run: a long horizon, no wind, a field in doubt, no coast."""
    found = []
    if end - begin > LONGEST:
        found.append(CordialeError("desk.drift_long", hours=(end - begin) / hours, most=LONGEST / hours))
    if environment.wind.source.startswith("no wind given"):
        found.append(CordialeError("desk.drift_no_wind", std=environment.wind_error.std))
    for field in (environment.wind, environment.current):
        doubt = doubt_of(field) if isinstance(field, GriddedField) else None
        found += [] if doubt is None else [doubt]
    if environment.coast is None:
        found.append(CordialeError("desk.drift_no_coast", place=str(start)))
    return found


def window_of(start: Position, span: Span) -> Window:
    """The part of the sea that a forecast may reach."""
    reach = max(NARROWEST, FASTEST * span.length)
    per_lat, per_lon = (float(m) for m in metres_per_degree(start.lat))
    north, east = min(reach / per_lat, 10.0), min(reach / per_lon, 20.0)
    return Window(
        south=max(start.lat - north, -89.0),
        north=min(start.lat + north, 89.0),
        west=start.lon - east,
        east=start.lon + east,
    )


def _in_the_atlas(environment: Environment, start: Position) -> bool:
    at = (np.array([start.lat]), np.array([start.lon]))
    return environment.tide is not None and bool(TidalCurrent(atlas=environment.tide).covers(*at)[0])
