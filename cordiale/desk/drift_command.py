"""`cordiale drift`: where one object drifts, from a position or from a report of a feed."""

import argparse
import sys
from collections.abc import Callable

from cordiale.belief.belief import Belief
from cordiale.belief.beyond import beyond_told
from cordiale.belief.drift import SCHEMES, drift
from cordiale.belief.region import Region
from cordiale.boats.search_object import search_objects
from cordiale.desk.drift_files import DriftFiles, check_files, describe_files
from cordiale.desk.drift_people import are_in_water, curve_of, describe_people, survivors_told
from cordiale.desk.drift_print import place_text, print_json, print_text, say_aside
from cordiale.desk.drift_sea import cautions, describe_sea, environment_of
from cordiale.desk.drift_start import Start, belief_of, every_so_often, moments_of, on_land, start_of
from cordiale.desk.forecast_options import check_cloud, describe_cloud
from cordiale.desk.options import position_of, read_duration, read_wind, wind_is_a_range
from cordiale.desk.place_density import density_at_place
from cordiale.desk.progress import Interruption, Progress, interruptible
from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import Span, zulu
from cordiale.earth.units import Fraction, Instant, knots
from cordiale.sea.environment import Environment, TidalCurrent
from cordiale.views.drift_forecast import FEWEST, DriftForecast, Moment, moment_of
from cordiale.views.drift_words import early_end, object_name, told_span
from cordiale.words import Language, say

GRAVE = (
    "desk.few_particles",
    "desk.drift_on_land",
    "desk.drift_left_atlas",
    "belief.held_at_edge",
)  # the answer deserves attention: exit code 1
INTERRUPTED = 130
MOST_THREADS = 256
_FEW: Fraction = 0.005


def describe(parser: argparse.ArgumentParser, language: Language) -> None:
    """The arguments of `cordiale drift`."""
    add = parser.add_argument
    add("position", nargs="?", help=say("desk.drift.position", language))
    add("--report", metavar="FEED[:NAME]", help=say("desk.drift.report", language))
    add("--at", metavar="TIME", help=say("desk.drift.at", language))
    add("--within", default="50m", metavar="50m", help=say("desk.drift.within", language))
    add("--until", metavar="TIME", help=say("desk.drift.until", language))
    add("--for", dest="lasting", metavar="6h", help=say("desk.drift.lasting", language))
    add("--every", metavar="1h", help=say("desk.drift.every", language))
    add("--object", dest="search_for", default="inflatable", choices=[*search_objects(), "list"],
        help=say("desk.drift.object", language))  # fmt: skip
    add("--under-way", type=float, metavar="P", help=say("desk.drift.under_way", language))
    describe_sea(parser, language)
    describe_people(parser, language)
    add("--density-at", metavar="POSITION", help=say("desk.drift.density_at", language))
    add("--step", default="10m", metavar="10m", help=say("desk.drift.step", language))
    add("--scheme", default="midpoint", choices=[*SCHEMES, "rk4"], help=say("desk.drift.scheme", language))
    add("--threads", type=int, default=1, metavar="N", help=say("desk.drift.threads", language))
    describe_cloud(parser, language)
    describe_files(parser, language)
    add("--quiet", action="store_true", help=say("desk.drift.quiet", language))


def run(options: argparse.Namespace, language: Language) -> int:
    """Forecast, write the files that were asked for, and print."""
    if options.search_for == "list":
        print("\n".join(_objects(language)))
        return 0
    check_cloud(options)
    if options.under_way is not None and not 0 <= options.under_way <= 1:
        raise CordialeError("desk.probability", what="--under-way", value=options.under_way)
    if not 1 <= options.threads <= MOST_THREADS:
        raise CordialeError("desk.threads", threads=options.threads, most=MOST_THREADS)
    asked_place = None if options.density_at is None else position_of(options.density_at)
    curve = curve_of(options)
    check_files(options)
    start = start_of(options)
    _tell_day(options, start, language)
    moments = moments_of(options, start.span.latest)
    environment = environment_of(options, start.middle, Span(earliest=start.span.earliest, latest=moments[-1]))
    belief = belief_of(start, options, environment)
    warnings = [
        *on_land(belief, start, environment.coast),
        *cautions(environment, start.middle, start.span.latest, moments[-1]),
        *_asked(options),
    ]
    say_aside(warnings, language)
    files = DriftFiles(options, belief, environment)
    try:
        with interruptible() as interruption:
            run_so_far = _Run(options, language, start, environment, files, interruption)
            last, regions = run_so_far.to(belief, moments)
        gone = _left(last, environment)
        forecast = run_so_far.forecast(belief.name, (*warnings, *gone))
        written, fault = _written(files, forecast, language)
    except BaseException:
        files.abandon()
        raise
    place = None if asked_place is None else density_at_place(last, regions[1], start.middle, asked_place)
    alive = [] if curve is None else survivors_told(curve, forecast, in_water=are_in_water(belief))
    told = [] if place is None else [place_text(place, forecast.moments[-1], language)]
    told += [say(key, language, **values) for key, values in alive]
    if options.json:
        print_json(forecast, place, alive, written)
    else:
        print_text(forecast, language, told, written)
    say_aside(gone, language)
    if fault is not None:
        raise fault
    if forecast.ends_early:
        print(early_end(forecast, language), file=sys.stderr)
        return INTERRUPTED
    return 1 if any(w.key in GRAVE for w in forecast.warnings) else 0


def _written(files: DriftFiles, forecast: DriftForecast, language: Language) -> tuple[list[str], CordialeError | None]:
    """What was written; where a file failed at last, why, for the answer is still to be printed."""
    try:
        return files.finish(forecast, language), None
    except CordialeError as fault:
        files.abandon()
        return [], fault


def _asked(options: argparse.Namespace) -> list[CordialeError]:
    """A word about a cloud of too few particles to measure, and about a wind of which the middle was taken."""
    told = []
    if options.particles < FEWEST:
        told.append(CordialeError("desk.few_particles", particles=options.particles, fewest=FEWEST))
    if options.wind is not None and wind_is_a_range(options.wind):
        speed = read_wind(options.wind)[1]
        told.append(CordialeError("desk.wind_middle", text=options.wind, speed_kn=speed / knots))
    return told


def _tell_day(options: argparse.Namespace, start: Start, language: Language) -> None:
    """Which day was taken, where the time of the start named none."""
    if start.day_assumed:
        at = told_span(start.span)
        print(say("desk.drift.day_taken", language, option="--at", text=options.at, at=at), file=sys.stderr)


class _Run:
    """One forecast on its way: what moves it, where it is written, and the moments so far."""

    def __init__(
        self,
        options: argparse.Namespace,
        language: Language,
        start: Start,
        environment: Environment,
        files: DriftFiles,
        interruption: Interruption,
    ) -> None:
        self._options, self._start, self._environment = options, start, environment
        self._files, self._interruption = files, interruption
        self._progress = None if options.quiet else Progress(sys.stderr, language)
        self._moments: list[Moment] = []

    def to(self, belief: Belief, moments: list[Instant]) -> tuple[Belief, tuple[Region, ...]]:
        """Drift to each moment in turn; Ctrl-C makes the instant it comes at the last one."""
        begin = belief.at
        kept = set(self._files.instants(moments, self._start.span.latest, every_so_often))
        regions: tuple[Region, ...] = ()
        if self._progress is not None:
            self._progress.begin()
        try:
            for moment in sorted({*moments, *kept}):
                belief = drift(
                    belief,
                    self._environment,
                    until=moment,
                    step=read_duration(self._options.step),
                    scheme="runge_kutta" if self._options.scheme == "rk4" else self._options.scheme,
                    threads=self._options.threads,
                    progress=self._shown(begin, belief.at, moment, moments[-1]),
                    cancel=self._interruption.asked,
                )
                ends = self._interruption.asked() and belief.at < moments[-1]
                if moment in kept or ends:
                    self._files.seen(belief)
                if moment in moments or ends:
                    regions = self._tell(belief)
                if ends:
                    break
        finally:
            if self._progress is not None:
                self._progress.end()
        return belief, regions

    def forecast(self, name: str, warnings: tuple[CordialeError, ...]) -> DriftForecast:
        """What there is of it now."""
        return DriftForecast(
            start=self._start.middle,
            begin=self._start.span,
            name=name,
            particles=self._options.particles,
            seed=self._options.seed,
            environment=self._environment,
            moments=tuple(self._moments),
            warnings=warnings,
            ends_early=self._interruption.asked(),
        )

    def _tell(self, belief: Belief) -> tuple[Region, ...]:
        before = self._moments[-1] if self._moments else None
        start = self._start
        moment, regions = moment_of(belief, self._environment, start.middle, start.span.latest, before)
        self._moments.append(moment)
        self._files.told(belief, regions)
        return regions

    def _shown(self, begin: Instant, at: Instant, until: Instant, end: Instant) -> Callable[[Fraction], None] | None:
        if self._progress is None:
            return None
        progress = self._progress

        def show(part: Fraction) -> None:
            now = at + part * (until - at)
            progress.show((now - begin) / max(end - begin, 1.0), zulu(now))

        return show


def _left(belief: Belief, environment: Environment) -> list[CordialeError]:
    """A word about particles beyond the tidal atlas or a file: they drift with what is there at its edge."""
    current = environment.current
    if not isinstance(current, TidalCurrent):
        return beyond_told(belief, environment, _FEW)
    gone = float(belief.weight @ ~current.covers(belief.lat, belief.lon))
    left = [CordialeError("desk.drift_left_atlas", percent=100 * gone)] if gone >= _FEW else []
    return [*left, *beyond_told(belief, environment, _FEW)]


def _objects(language: Language) -> list[str]:
    """Every search object with what it is, for `--object list`."""
    return [
        f"{key:20s} {what.name if language == 'en' else object_name(str(what), language)}"
        for key, what in search_objects().items()
    ]
