"""The manual chain of the search planner, step by step: datum, E, search factor, area, spacing, POC, POD, POS.

For the coordinator who wants to check a plan with pencil and chart, and for the night on which nothing else works. It
knows one object drifting in one mean current and wind; the belief knows more. Each step keeps its formula and its
value, and `explain` writes them out in English or French.

Source: the chain of IAMSAR volume II as read second-hand in NavSAR's and the Danish planner's code; the search factor
is our own optimum (`manual_factor`). Errors E, X, Y, De are 50 % radii, as there.
"""

import math
from dataclasses import dataclass, field
from typing import Final

from cordiale.boats.leeway import CALM, LeewayClass, Line
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import bearing, destination, distance
from cordiale.earth.instants import zulu
from cordiale.earth.position import Position
from cordiale.earth.units import (
    NM,
    Degrees,
    Fraction,
    Instant,
    Metres,
    MetresPerSecond,
    Probability,
    Quantity,
    Seconds,
    SquareMetres,
    hours,
    knots,
)
from cordiale.search.manual_factor import (
    SearchFactor,
    contained_by_divergence,
    contained_by_line,
    optimal_search_factor,
)
from cordiale.sensors.pod import Curve, pod
from cordiale.words import Language, say

ON_SCENE: Final[Fraction] = 0.85  # of the endurance on scene; the rest for turns and identification (NavSAR, ArcticWeb)
ONE_AREA_BELOW: Final[Fraction] = 4.0  # of the separation ratio
# Judgement: the customary probable error of the manuals' worksheets, 0.3 kn for each of the three; not compared with a
# licensed copy.
CUSTOMARY: Final[MetresPerSecond] = 0.3 * knots


@dataclass(frozen=True, kw_only=True, slots=True)
class ManualDrift:
    """What the planner knows: where and when last, the mean current and wind since, and how well each is known.

    Parameters
    ----------
    position, at, until : Position, Instant, Instant
        Last known position, its time, and the datum time.
    initial_error, searcher_error : Metres
        X and Y: 50 % radius of the position, and of the searcher's own navigation.
    current_east, current_north, wind_east, wind_north : MetresPerSecond
        Total water current and wind at 10 m, both as vectors *towards*.
    leeway : LeewayClass
        Its published lines, one to the right and one to the left of downwind.
    current_error, leeway_error, wind_drift_error : MetresPerSecond
        TWCe, LWe and ASWDVe: probable errors of the three velocities.
    """

    position: Position
    at: Instant
    until: Instant
    leeway: LeewayClass
    initial_error: Metres
    searcher_error: Metres = 0.1 * NM  # judgement: a satellite fix and the width of a craft's wandering
    current_east: MetresPerSecond = 0.0
    current_north: MetresPerSecond = 0.0
    wind_east: MetresPerSecond = 0.0
    wind_north: MetresPerSecond = 0.0
    current_error: MetresPerSecond = CUSTOMARY
    leeway_error: MetresPerSecond = CUSTOMARY
    wind_drift_error: MetresPerSecond = CUSTOMARY

    def __post_init__(self) -> None:
        if not self.until >= self.at:
            raise CordialeError("search.datum_time", elapsed_h=(self.until - self.at) / hours)
        for name in ("initial_error", "searcher_error", "current_error", "leeway_error", "wind_drift_error"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise CordialeError("search.manual_number", name=name, value=value)


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchCraft:
    """A craft that can search: its sweep width for this object, search speed and endurance on scene."""

    name: str
    sweep_width: Metres
    speed: MetresPerSecond
    endurance: Seconds

    def __post_init__(self) -> None:
        for name in ("sweep_width", "speed", "endurance"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise CordialeError("search.manual_number", name=name, value=value)

    @property
    def effort(self) -> SquareMetres:
        """Z = W V T, T being 0.85 of the endurance on scene."""
        return self.sweep_width * self.speed * ON_SCENE * self.endurance


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One line of the chain: symbol, formula, value in a unit (None: `text`), and what it is in `search.manual`."""

    name: str
    symbol: str
    formula: str = ""
    value: Quantity | None = None
    unit: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class ManualPlan:
    """Datums, error, factor, areas and POS of one search; `areas` have one half side R, one entry for each."""

    datums: tuple[Position, ...]
    error: Metres  # E
    apart: Metres  # DD, between the datums
    relative_effort: Fraction  # Zr
    best: SearchFactor
    curve: Curve
    radius: Metres  # R
    areas: tuple[SquareMetres, ...]
    poc: Probability
    spacings: tuple[tuple[str, Metres], ...]  # S = W / C of each craft
    steps: tuple[Step, ...] = field(repr=False)

    @property
    def pos(self) -> Probability:
        """Probability of success, POC x POD."""
        return self.poc * self.best.pod

    def __str__(self) -> str:
        return say(
            f"search.manual.summary_{'two' if len(self.areas) == 2 else 'one'}",
            "en",
            radius_nm=self.radius / NM,
            coverage=self.best.coverage,
            pos_percent=100 * self.pos,
        )


def manual_plan(drift: ManualDrift, craft: tuple[SearchCraft, ...], *, curve: Curve = "normal") -> ManualPlan:
    """The chain for an object that drifts to the right or to the left of downwind: one area, or two far apart.

    With SR = DD / E below 4 one rectangle holds both datums, 2 R by DD + 2 R; from 4 the effort is halved between two
    squares. `curve` is `ideal` only where no correction of the sweep width is below 1.
    """
    steps, datums = _datums(drift)
    drift_error, more = _drift_error(drift)
    error = math.hypot(drift.initial_error, drift_error, drift.searcher_error)
    if error <= 0:
        raise CordialeError("search.manual_number", name="error", value=error)
    apart = float(distance(datums[0].lat, datums[0].lon, datums[-1].lat, datums[-1].lon))
    ratio = apart / error
    two = ratio >= ONE_AREA_BELOW
    effort = _effort(craft)
    relative = effort / (error * error) / (2 if two else 1)
    best = optimal_search_factor(relative, curve)
    radius = best.factor * error
    area = 4 * radius * radius + (0.0 if two else 2 * radius * apart)
    areas = (area, area) if two else (area,)
    best = _held_to(best, effort / sum(areas), curve)
    poc = best.poc if two else contained_by_divergence(radius, error, apart)
    begin = [
        *steps,
        *more,
        Step(name="error", symbol="E", formula="sqrt(X^2 + De^2 + Y^2)", value=error / NM, unit="NM"),
        Step(name="apart", symbol="DD", value=apart / NM, unit="NM"),
        Step(name="two" if two else "one", symbol="SR", formula="DD / E", value=ratio),
    ]
    formulas = ("Z / (2 E^2)" if two else "Z / E^2", "4 R^2" if two or apart == 0 else "4 R^2 + 2 R DD")
    return _planned(
        begin, formulas, relative, datums=datums, error=error, apart=apart, best=best, curve=curve,
        areas=areas, poc=poc, craft=craft,
    )  # fmt: skip


def line_plan(
    ends: tuple[Position, Position], error: Metres, craft: tuple[SearchCraft, ...], *, curve: Curve = "normal"
) -> ManualPlan:
    """The chain for a datum line: somewhere between two positions, E to either side; L = DD + 2 E, A = 2 R L."""
    if not (math.isfinite(error) and error > 0):
        raise CordialeError("search.manual_number", name="error", value=error)
    apart = float(distance(ends[0].lat, ends[0].lon, ends[1].lat, ends[1].lon))
    length = apart + 2 * error
    relative = _effort(craft) / (error * length)
    best = optimal_search_factor(relative, curve, "line")
    radius = best.factor * error
    areas, poc = (2 * radius * length,), contained_by_line(radius, error, length)
    begin = [
        *(Step(name="end", symbol=f"D{n}", text=str(end)) for n, end in enumerate(ends, start=1)),
        Step(name="error", symbol="E", value=error / NM, unit="NM"),
        Step(name="length", symbol="L", formula="DD + 2 E", value=length / NM, unit="NM"),
    ]
    return _planned(
        begin, ("Z / (E L)", "2 R L"), relative, datums=ends, error=error, apart=apart, best=best, curve=curve,
        areas=areas, poc=poc, craft=craft,
    )  # fmt: skip


def after_empty_search(poc: Probability, seen: Probability) -> Probability:
    """POC of the same area after an empty search of it, the object nowhere else than before: the manual's update."""
    for name, value in (("POC", poc), ("POD", seen)):
        if not 0 <= value <= 1:
            raise CordialeError("search.manual_number", name=name, value=value)
    return poc * (1 - seen) / (1 - poc * seen) if poc * seen < 1 else 0.0


def explain(plan: ManualPlan, language: Language = "en") -> str:
    """The chain line by line: symbol, formula, value with its unit, and what it means."""
    lines = []
    for step in plan.steps:
        what = say(f"search.manual.{step.name}", language)
        value = step.text or say(f"search.manual.{_digits(step)}", language, value=step.value, unit=step.unit).strip()
        formula = f" = {step.formula}" if step.formula else ""
        lines.append(say("search.manual.line", language, left=f"{step.symbol}{formula}", value=value, what=what))
    return "\n".join(lines)


def _digits(step: Step) -> str:
    return "value_percent" if step.unit == "%" else "value"


def _line_at(line: Line, wind: MetresPerSecond) -> MetresPerSecond:
    return line.slope * wind + line.offset * min(wind / CALM, 1.0)


def _datums(drift: ManualDrift) -> tuple[list[Step], tuple[Position, ...]]:
    """Left and right datum by the published lines; one if they are the same."""
    elapsed = drift.until - drift.at
    wind = math.hypot(drift.wind_east, drift.wind_north)
    down = max(_line_at(drift.leeway.downwind, wind), 0.0)
    along = (drift.wind_east / wind, drift.wind_north / wind) if wind > 0 else (0.0, 0.0)
    datums = []
    for line in (drift.leeway.left, drift.leeway.right):
        across = _line_at(line, wind)
        east = drift.current_east + down * along[0] + across * along[1]
        north = drift.current_north + down * along[1] - across * along[0]
        lat, lon = destination(drift.position.lat, drift.position.lon, east * elapsed, north * elapsed)
        datums.append(Position(lat=float(lat), lon=float(lon)))
    same = float(distance(datums[0].lat, datums[0].lon, datums[1].lat, datums[1].lon)) < 1.0
    current = math.hypot(drift.current_east, drift.current_north)
    steps = [
        Step(name="position", symbol="LKP", text=f"{drift.position}, {zulu(drift.at)}"),
        Step(name="elapsed", symbol="t", value=elapsed / hours, unit="h"),
        Step(name="current", symbol="TWC", value=current / knots, unit="kn"),
        Step(name="leeway", symbol="LW", value=down / knots, unit="kn"),
    ]
    names = ("datum",) if same else ("datum_left", "datum_right")
    kept = datums[:1] if same else datums
    steps += [
        Step(name=name, symbol=f"D{n}", text=f"{datum}, {zulu(drift.until)}, {_from_to(drift.position, datum)}")
        for n, (name, datum) in enumerate(zip(names, kept, strict=True), start=1)
    ]
    return steps, tuple(kept)


def _from_to(start: Position, end: Position) -> str:
    away = float(distance(start.lat, start.lon, end.lat, end.lon))
    towards: Degrees = float(bearing(start.lat, start.lon, end.lat, end.lon))
    return f"{round(towards) % 360:03d} {away / NM:.1f} NM"


def _drift_error(drift: ManualDrift) -> tuple[Metres, list[Step]]:
    velocity = math.hypot(drift.wind_drift_error, drift.current_error, drift.leeway_error)
    error = velocity * (drift.until - drift.at)
    return error, [
        Step(
            name="velocity_error",
            symbol="DVe",
            formula="sqrt(ASWDVe^2 + TWCe^2 + LWe^2)",
            value=velocity / knots,
            unit="kn",
        ),
        Step(name="drift_error", symbol="De", formula="DVe t", value=error / NM, unit="NM"),
        Step(name="initial_error", symbol="X", value=drift.initial_error / NM, unit="NM"),
        Step(name="searcher_error", symbol="Y", value=drift.searcher_error / NM, unit="NM"),
    ]


def _effort(craft: tuple[SearchCraft, ...]) -> SquareMetres:
    if not craft:
        raise CordialeError("search.no_craft")
    return sum(one.effort for one in craft)


def _held_to(best: SearchFactor, coverage: Fraction, curve: Curve) -> SearchFactor:
    """The same factor with the coverage of the area that is really searched."""
    return SearchFactor(factor=best.factor, coverage=coverage, poc=best.poc, pod=float(pod(coverage, curve)))


def _effort_steps(craft: tuple[SearchCraft, ...]) -> list[Step]:
    each = [
        Step(
            name="effort",
            symbol=f"Z{n}",
            formula="W V T = "
            f"{one.sweep_width / NM:.2f} x {one.speed / knots:.0f} x {ON_SCENE * one.endurance / hours:.2f}",
            value=one.effort / NM**2,
            unit=f"NM2 ({one.name})",
        )
        for n, one in enumerate(craft, start=1)
    ]
    return [*each, Step(name="efforts", symbol="Z", value=_effort(craft) / NM**2, unit="NM2")]


def _planned(
    begin: list[Step],
    formulas: tuple[str, str],
    relative: Fraction,
    *,
    datums: tuple[Position, ...],
    error: Metres,
    apart: Metres,
    best: SearchFactor,
    curve: Curve,
    areas: tuple[SquareMetres, ...],
    poc: Probability,
    craft: tuple[SearchCraft, ...],
) -> ManualPlan:
    """The plan from its factor on: the steps so far, effort, relative effort and areas with their formulas, success."""
    radius = best.factor * error
    return ManualPlan(
        datums=datums,
        error=error,
        apart=apart,
        relative_effort=relative,
        best=best,
        curve=curve,
        radius=radius,
        areas=areas,
        poc=poc,
        spacings=tuple((one.name, one.sweep_width / best.coverage) for one in craft),
        steps=(
            *begin,
            *_effort_steps(craft),
            Step(name="relative", symbol="Zr", formula=formulas[0], value=relative),
            *_area_steps(best, radius, areas, formulas[1], curve),
            *_success_steps(poc, best, craft),
        ),
    )


def _area_steps(
    best: SearchFactor, radius: Metres, areas: tuple[SquareMetres, ...], formula: str, curve: Curve
) -> list[Step]:
    return [
        Step(name=f"factor_{curve}", symbol="fs", value=best.factor),
        Step(name="radius", symbol="R", formula="fs E", value=radius / NM, unit="NM"),
        *(
            Step(name="area", symbol=f"A{n}", formula=formula, value=area / NM**2, unit="NM2")
            for n, area in enumerate(areas, start=1)
        ),
        Step(name="coverage", symbol="C", formula="Z / A", value=best.coverage),
    ]


def _success_steps(poc: Probability, best: SearchFactor, craft: tuple[SearchCraft, ...]) -> list[Step]:
    spacings = [
        Step(
            name="spacing",
            symbol=f"S{n}",
            formula="W / C",
            value=one.sweep_width / best.coverage / NM,
            unit=f"NM ({one.name})",
        )
        for n, one in enumerate(craft, start=1)
    ]
    return [
        *spacings,
        Step(name="poc", symbol="POC", value=100 * poc, unit="%"),
        Step(name="pod", symbol="POD", value=100 * best.pod, unit="%"),
        Step(name="pos", symbol="POS", formula="POC x POD", value=100 * poc * best.pod, unit="%"),
    ]
