"""The files of a forecast. Each writer is loaded only when its file is asked for: none costs a run without it."""

import argparse
import errno
import json
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from cordiale.belief.belief import Belief
from cordiale.belief.region import Region
from cordiale.desk.forecast_options import write_file
from cordiale.desk.options import read_duration
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Instant
from cordiale.sea.environment import Environment
from cordiale.views.drift_forecast import DriftForecast
from cordiale.words import Language, say

WRITERS: Final = {
    "netcdf": "cordiale.views.drift_netcdf",
    "png": "cordiale.views.drift_picture",
    "geojson": "cordiale.views.drift_geojson",
}
READ: Final = ("current_file", "wind_file")  # what a forecast reads is not written over
ASKED: Final = ("netcdf", "map", "png", "animation", "geojson")


def describe_files(parser: argparse.ArgumentParser, language: Language) -> None:
    """The options that name files."""
    add = parser.add_argument
    add("--netcdf", metavar="FILE.nc", help=say("desk.drift.netcdf", language))
    add("--trajectories", metavar="1h", help=say("desk.drift.trajectories", language))
    add("--map", metavar="FILE.nc", help=say("desk.drift.map", language))
    add("--png", metavar="FILE.png", help=say("desk.drift.png", language))
    add("--animation", metavar="FILE.gif", help=say("desk.drift.animation", language))


class DriftFiles:
    """The files that were asked for, open while the forecast runs."""

    def __init__(self, options: argparse.Namespace, belief: Belief, environment: Environment) -> None:
        self._options = options
        self._seen: list[Callable[[Belief], None]] = []
        self._told: list[Callable[[Belief, tuple[Region, ...]], None]] = []
        self._open: list[Any] = []
        self._drawing = _loaded("png") if options.png or options.animation else None
        if self._drawing is not None:
            self._drawing.require_matplotlib(options.png or options.animation)
        try:
            self._begin(options, belief, environment)
        except BaseException:
            self.abandon()
            raise

    def _begin(self, options: argparse.Namespace, belief: Belief, environment: Environment) -> None:
        if options.netcdf:
            file = _loaded("netcdf").TrajectoryFile(options.netcdf, belief, environment, seed=options.seed)
            self._open.append(file)
            self._seen.append(file.add)
            file.add(belief)
        if options.map:
            chart = _loaded("netcdf").ProbabilityMapFile(options.map, environment, name=belief.name, seed=options.seed)
            self._open.append(chart)
            self._told.append(chart.add)

    def instants(self, moments: list[Instant], begin: Instant, every: Callable[..., list[Instant]]) -> list[Instant]:
        """When the trajectories are kept: with the moments told, or as often as `--trajectories` says."""
        if not self._options.netcdf:
            return []
        if not self._options.trajectories:
            return moments
        return every(begin, moments[-1], read_duration(self._options.trajectories))

    def seen(self, belief: Belief) -> None:
        """One instant of the trajectories."""
        for write in self._seen:
            write(belief)

    def told(self, belief: Belief, regions: tuple[Region, ...]) -> None:
        """One moment of the forecast."""
        for write in self._told:
            write(belief, regions)

    def finish(self, forecast: DriftForecast, language: Language) -> list[str]:
        """End the open files, draw the pictures, and name what was written."""
        for file in self._open:
            file.close()
        if self._options.geojson:
            document = _loaded("geojson").drift_geojson(forecast)
            write_file(self._options.geojson, json.dumps(document, ensure_ascii=False, allow_nan=False))
        if self._options.png and self._drawing:
            self._drawing.drift_picture(forecast, self._options.png, language=language)
        if self._options.animation and self._drawing:
            self._drawing.drift_animation(forecast, self._options.animation, language=language)
        return [str(getattr(self._options, name)) for name in ASKED if getattr(self._options, name)]

    def abandon(self) -> None:
        """Leave nothing half written behind."""
        for file in self._open:
            file.drop()


def check_files(options: argparse.Namespace) -> None:
    """Refuse a file that cannot be written, or two of one name, before a long run and not after it."""
    taken = {}
    for name in READ:
        for path in getattr(options, name) or ():
            taken[os.path.realpath(path)] = f"--{name.replace('_', '-')}"
    for name in ASKED:
        path = getattr(options, name)
        if path is None:
            continue
        check_writable(path)
        whole = os.path.realpath(path)
        if whole in taken:
            raise CordialeError("desk.one_file_twice", first=taken[whole], second=f"--{name}", path=path)
        taken[whole] = f"--{name}"
    if options.png is not None and Path(options.png).suffix.lower() != ".png":
        raise CordialeError("desk.picture_suffix", path=options.png)
    if options.animation is not None and Path(options.animation).suffix.lower() not in (".gif", ".png", ".apng"):
        raise CordialeError("views.picture_suffix", path=options.animation)


def check_writable(path: str) -> None:
    """A folder that is there and may be written to, and in it no folder of this name and no file that is protected."""
    folder = Path(path).parent
    fault = 0
    if not path or not folder.is_dir():
        fault = errno.ENOENT
    elif Path(path).is_dir():
        fault = errno.EISDIR
    elif not os.access(path if Path(path).exists() else folder, os.W_OK):
        fault = errno.EACCES
    if fault:
        raise CordialeError("desk.cannot_write", path=path, reason=os.strerror(fault))


def _loaded(name: str) -> Any:
    return import_module(WRITERS[name])
