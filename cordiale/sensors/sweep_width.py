"""The sweep width of a sensor for a search object in given conditions: a mean, a bracket, and why.

    W = W0(object, platform, height, visibility) x speed x weather x light x fatigue x flotation

Published factors are steps and stay as published. Where the class of the object is uncertain (an inflatable of 7 to
12 m lies on both sides of the 10 m at which the weather class changes) the answer is a mixture with a wide bracket.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from cordiale.earth.units import NM, FloatArray, Fraction, Metres, Probability, Quantity, km
from cordiale.sensors.lateral_range import InverseCube, LateralRangeCurve, scaled, swept, two_figures
from cordiale.sensors.pod import Curve, pod
from cordiale.sensors.sensor import AIRCRAFT, Conditions, Instrument, Lookout, Sensor
from cordiale.sensors.tables import FEET, ObjectClass, Tables, packaged_tables
from cordiale.words import Language, catalogue, say

TEN_PERCENT: Final = 1.2815515655446004  # standard normal quantile of 90 %
FOG: Final[Metres] = 1 * km  # visibility below 1 km, WMO
_LEAST: Final[Metres] = 0.05 * NM  # a printed 0 means less than half of the last digit
_FLOTATION_UP_TO: Final[Metres] = 500 * FEET
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)


@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """One step of the reckoning: what it is (an entry under `sensors.factor`), its value, its figures, its source."""

    name: str
    value: Fraction
    source: str
    detail: str = ""

    def text(self, language: Language = "en") -> str:
        """What a coordinator would say of it, with its source."""
        said = say(f"sensors.factor.{self.name}", language, detail=self.detail)
        key = "sensors.factor_line" if self.source else "sensors.factor_line_plain"
        return say(key, language, value=self.value, what=said, source=self.source)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One of the widths it may be: a weight, and a lognormal law by its mean (m) and the spread of its logarithm."""

    weight: Probability
    mean: Metres
    spread_ln: Quantity


@dataclass(frozen=True, kw_only=True, slots=True)
class SweepWidth:
    """A sweep width with its doubt, and the rows it was reckoned from (m, not corrected).

    The weights of its parts sum to 1; `curve` has the mean width, None if that is 0.
    """

    sensor: str
    object_class: str
    uncorrected: Metres
    rows: tuple[tuple[str, Metres], ...]
    parts: tuple[Part, ...]
    factors: tuple[Factor, ...]
    sources: tuple[str, ...]
    curve: LateralRangeCurve | None

    @property
    def mean(self) -> Metres:
        """The mean sweep width (m): the uncorrected one times all factors."""
        return sum(part.weight * part.mean for part in self.parts)

    @property
    def low(self) -> Metres:
        """The width (m) that it exceeds in 9 of 10 cases."""
        return self.quantile(0.1)

    @property
    def high(self) -> Metres:
        """The width (m) that it exceeds in 1 of 10 cases."""
        return self.quantile(0.9)

    @property
    def ideal(self) -> bool:
        """Whether the manuals allow the ideal POD curve: no factor is below 1."""
        return self.mean > 0 and all(factor.value >= 1 for factor in self.factors)

    def quantile(self, probability: Probability) -> Metres:
        """The width (m) below which it lies with this probability, from 0 to 1 without the ends."""
        seen = [p for p in self.parts if p.mean > 0 and p.weight > 0]
        if not seen or probability <= sum(p.weight for p in self.parts if p not in seen):
            return 0.0
        medians = [math.log(p.mean) - p.spread_ln**2 / 2 for p in seen]
        reach = [8 * p.spread_ln + 1e-9 for p in seen]
        low = min(m - r for m, r in zip(medians, reach, strict=True))
        high = max(m + r for m, r in zip(medians, reach, strict=True))
        none = sum(p.weight for p in self.parts if p not in seen)
        for _ in range(80):
            middle = (low + high) / 2
            below = none + sum(p.weight * _below(middle, m, p.spread_ln) for p, m in zip(seen, medians, strict=True))
            low, high = (middle, high) if below < probability else (low, middle)
        return math.exp(high)

    def nodes(self) -> tuple[FloatArray, FloatArray]:
        """Widths (m) and their weights that stand for all it may be, by Gauss and Hermite: 9 for each part."""
        widths = [p.mean * np.exp(p.spread_ln * _NODES - p.spread_ln**2 / 2) for p in self.parts]
        weights = [p.weight * _WEIGHTS / _WEIGHTS.sum() for p in self.parts]
        return np.concatenate(widths), np.concatenate(weights)

    def why(self, language: Language = "en") -> str:
        """The whole reckoning, line by line, each with its source."""
        named = f"sensors.object.{self.object_class}"
        head = say(
            "sensors.uncorrected",
            language,
            object=say(named, language) if named in catalogue(language) else self.object_class,
            sensor=say(f"sensors.sensor.{self.sensor}", language),
            width_nm=self.uncorrected / NM,
            rows=", ".join(f"{name} {width / NM:.2f}" for name, width in self.rows),
            source="; ".join(self.sources),
        )
        tail = say("sensors.total", language, mean_nm=self.mean / NM, low_nm=self.low / NM, high_nm=self.high / NM)
        return "\n".join([*([head] if self.sources else []), *(factor.text(language) for factor in self.factors), tail])

    def __str__(self) -> str:
        return say("sensors.total", "en", mean_nm=self.mean / NM, low_nm=self.low / NM, high_nm=self.high / NM)


def sweep_width(
    sensor: Sensor, search_object_class: str | ObjectClass, conditions: Conditions, tables: Tables | None = None
) -> SweepWidth:
    """The sweep width of a sensor for a class of search object: mean, 10 to 90 % bracket and every factor with source.

    The class is a key of `object_classes.csv` (`channel_inflatable`, `piw`, `raft4`, `power33`, ...), or one made by
    `channel_inflatable(...)`. A width of 0 means that it cannot be counted on to see anything: above the clouds, a
    camera by night, a radar in a sea for which nobody has stated figures.
    """
    known = tables or packaged_tables()
    what = known.object_class(search_object_class) if isinstance(search_object_class, str) else search_object_class
    if isinstance(sensor, Lookout):
        return _by_eye(sensor, what, conditions, known)
    return _by_instrument(sensor, what, conditions, known)


def channel_inflatable(*, length: tuple[Metres, Metres] = (7.0, 12.0), tables: Tables | None = None) -> ObjectClass:
    """The class of a Channel inflatable whose length (m) lies in an interval, all lengths in it equally likely.

    Below 10 m she is small for the weather (factor 0.25 above 25 kn), from 10 m she is not (0.9 by IAMSAR, 0.5 by
    NatSAR; half each). How many people are in her changes nothing here: no table tells of it.
    """
    packaged = (tables or packaged_tables()).object_class("channel_inflatable")
    least, most = length
    small = 1.0 if most <= 10 else max(10 - least, 0.0) / (most - least) if most > least else 0.0
    rest = (1 - small) / 2
    return ObjectClass(
        key=packaged.key,
        rows=packaged.rows,
        bridge=packaged.bridge,
        weather=(("small", small), ("other", rest), ("other_natsar", rest)),
        sources=packaged.sources,
    )


def expected_pod(sweep: SweepWidth, spacing: Metres, curve: Curve | None = None) -> Probability:
    """POD of parallel tracks at `spacing` (m), mean over all that the width may be: less than the POD of its mean.

    On the ideal or the normal curve; None: the one that the manuals allow.
    """
    widths, weights = sweep.nodes()
    return float(weights @ pod(widths / spacing, curve or ("ideal" if sweep.ideal else "normal")))


def best_height(
    lookout: Lookout, search_object_class: str | ObjectClass, conditions: Conditions, tables: Tables | None = None
) -> Metres | None:
    """The tabulated height of an aircraft with the widest sweep below the cloud base; the lowest of equals, else None.

    None: there is no tabulated height below the clouds (300 ft is the lowest), or nothing can be seen from any.
    """
    known = tables or packaged_tables()
    what = known.object_class(search_object_class) if isinstance(search_object_class, str) else search_object_class
    best, best_width = None, 0.0
    for height in known.widths[what.rows[0][0], lookout.platform].heights:
        at = Lookout(
            platform=lookout.platform, height=float(height), speed=lookout.speed,
            fatigued=lookout.fatigued, infrared=lookout.infrared,
        )  # fmt: skip
        width = sweep_width(at, what, conditions, known).mean
        if width > best_width * (1 + 1e-9):
            best, best_width = float(height), width
    return best


def _by_eye(lookout: Lookout, what: ObjectClass, conditions: Conditions, tables: Tables) -> SweepWidth:
    bridge = lookout.platform == "bridge"
    rows = what.bridge if bridge else what.rows
    found = [(name, scale, tables.widths[name, lookout.platform]) for name, scale in rows]
    plain = [scale * table.at(lookout.height, conditions.visibility) for _, scale, table in found]
    speeds = [_speed(name, lookout, tables) for name, _, _ in found]
    one_row = tables.factors["one_row"]
    uncorrected, _ = _bracket(plain, one_row.spread_ln)
    base, spread = _bracket([w * f for w, f in zip(plain, speeds, strict=True)], one_row.spread_ln)
    factors = []
    if lookout.platform in AIRCRAFT and lookout.speed is not None:
        ratio = base / uncorrected if uncorrected > 0 else float(np.mean(speeds))
        factors.append(Factor(name="speed", value=ratio, source=tables.speed_source))
    bands = [(weight, *_weather(name, conditions, tables)) for name, weight in what.weather if weight > 0]
    detail = " + ".join(f"{weight:.2g} x {value:.2g} ({name})" for weight, value, name, _ in bands)
    factors.append(
        Factor(
            name="weather",
            value=sum(weight * value for weight, value, _, _ in bands),
            source="; ".join(dict.fromkeys(source for *_, source in bands)),
            detail=detail,
        )
    )
    others, more = _light_and_crew(lookout, what, conditions, tables)
    factors += others
    spread = math.sqrt(spread**2 + more)
    product = math.prod(factor.value for factor in others)
    most = 2 * conditions.visibility
    parts = tuple(
        Part(weight=weight, mean=min(base * value * product, most), spread_ln=spread) for weight, value, _, _ in bands
    )
    mean = sum(part.weight * part.mean for part in parts)
    reckoned = uncorrected * math.prod(factor.value for factor in factors)
    if mean < reckoned * (1 - 1e-9):
        factors.append(Factor(name="visibility", value=mean / reckoned, source=""))
    return SweepWidth(
        sensor=lookout.name,
        object_class=what.key,
        uncorrected=uncorrected,
        rows=tuple((name, width) for (name, *_), width in zip(found, plain, strict=True)),
        parts=parts,
        factors=tuple(factors),
        sources=tuple(dict.fromkeys([*(table.source for *_, table in found), *what.sources[:1]])),
        curve=InverseCube(mean) if mean > 0 else None,
    )


def _by_instrument(tool: Instrument, what: ObjectClass, conditions: Conditions, tables: Tables) -> SweepWidth:
    figures = tool.figures_for(what.key, conditions.sea_height)
    if figures is None:
        nothing = Factor(name="no_figures", value=0.0, source="", detail=f"{conditions.sea_height:.1f} m")
        return SweepWidth(
            sensor=tool.name, object_class=what.key, uncorrected=0.0, rows=(),
            parts=(Part(weight=1.0, mean=0.0, spread_ln=0.0),), factors=(nothing,), sources=(), curve=None,
        )  # fmt: skip
    curve = two_figures(range_90=figures.range_90, range_50=figures.range_50)
    width = swept(curve)
    factors = []
    if tool.kind == "camera" and conditions.light != "day":
        twilight = tables.factors["twilight"]
        factors.append(
            Factor(name="camera_dark", value=0.0, source="")
            if conditions.dark
            else Factor(name="twilight", value=twilight.value, source=twilight.source)
        )
    above = tool.height is not None and conditions.cloud_base is not None and tool.height >= conditions.cloud_base
    if tool.kind != "radar" and above:
        factors.append(Factor(name="cloud", value=0.0, source=""))
    held = tool.kind == "camera" or (tool.kind == "infrared" and conditions.visibility < FOG)
    so_far = width * math.prod(factor.value for factor in factors)
    if held and so_far > 2 * conditions.visibility:
        factors.append(Factor(name="visibility", value=2 * conditions.visibility / so_far, source=""))
    product = math.prod(factor.value for factor in factors)
    return SweepWidth(
        sensor=tool.name,
        object_class=what.key,
        uncorrected=width,
        rows=((tool.kind, width),),
        parts=(Part(weight=1.0, mean=width * product, spread_ln=figures.spread_ln),),
        factors=tuple(factors),
        sources=(figures.source,),
        curve=scaled(curve, product) if product > 0 else None,
    )


def _bracket(widths: list[Metres], one_row: Quantity) -> tuple[Metres, Quantity]:
    """Mean and spread of the lognormal law whose 10 and 90 % are the least and the most of the rows."""
    low, high = min(widths), max(widths)
    if high - low <= 1e-9 * high:
        return high, one_row if high > 0 else 0.0
    low = max(low, min(_LEAST, high / 2))
    spread = math.log(high / low) / (2 * TEN_PERCENT)
    return math.sqrt(low * high) * math.exp(spread**2 / 2), spread


def _speed(name: str, lookout: Lookout, tables: Tables) -> Fraction:
    row = tables.speeds.get((name, lookout.platform))
    if lookout.speed is None or row is None:
        return 1.0
    return float(np.interp(lookout.speed, [speed for speed, _ in row], [factor for _, factor in row]))


def _weather(name: str, conditions: Conditions, tables: Tables) -> tuple[Fraction, str, str]:
    """Factor, class and source of the band that holds both the wind and the sea; limits belong to the middle one."""
    sea = 0.0 if conditions.sea is None else conditions.sea
    first, *rest = sorted(tables.weather[name], key=lambda band: band.wind_up_to)
    if conditions.wind < first.wind_up_to and sea < first.sea_up_to:
        return first.factor, name, first.source
    band = next(
        (b for b in rest if conditions.wind <= b.wind_up_to and sea <= b.sea_up_to), rest[-1] if rest else first
    )
    return band.factor, name, band.source


def _light_and_crew(
    lookout: Lookout, what: ObjectClass, conditions: Conditions, tables: Tables
) -> tuple[list[Factor], Quantity]:
    """Light, clouds, fatigue and flotation, and the sum of the squares of their spreads."""
    names = []
    if conditions.dark:
        names.append("night_infrared" if lookout.infrared else "night")
    elif conditions.light != "day":
        names.append("twilight")
    aircraft = lookout.platform in AIRCRAFT
    if what.flotation and aircraft and lookout.height <= _FLOTATION_UP_TO * (1 + 1e-9):
        names.append("flotation")
    if lookout.fatigued:
        names.append("fatigue")
    chosen = [(name, tables.factors[name]) for name in names]
    factors = [Factor(name=name, value=item.value, source=item.source) for name, item in chosen]
    if aircraft and conditions.cloud_base is not None and lookout.height >= conditions.cloud_base:
        factors.append(Factor(name="cloud", value=0.0, source=""))
    return factors, sum(item.spread_ln**2 for _, item in chosen)


def _below(logarithm: Quantity, median: Quantity, spread: Quantity) -> Probability:
    if spread <= 0:
        return 1.0 if logarithm >= median else 0.0
    return 0.5 * (1 + math.erf((logarithm - median) / (spread * math.sqrt(2))))
