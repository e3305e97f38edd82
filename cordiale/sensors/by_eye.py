"""The sweep width of people who look out, from the published tables."""

import math
from typing import Final

import numpy as np

from cordiale.earth.units import NM, Fraction, Metres, Probability, Quantity
from cordiale.sensors.lateral_range import InverseCube
from cordiale.sensors.reckoning import Factor, Part, SweepWidth
from cordiale.sensors.sensor import AIRCRAFT, Conditions, Lookout
from cordiale.sensors.tables import FEET, ObjectClass, Tables, WeatherBand

TEN_PERCENT: Final = 1.2815515655446004  # standard normal quantile of 90 %
_LEAST: Final[Metres] = 0.05 * NM  # a printed 0 means less than half of the last digit
_FLOTATION_UP_TO: Final[Metres] = 500 * FEET


def width_by_eye(lookout: Lookout, what: ObjectClass, conditions: Conditions, tables: Tables) -> SweepWidth:
    """The row or the bracket of rows of the object, times every factor; weather classes and bands are its parts."""
    plain, speeds = _rows(lookout, what, conditions.visibility, tables)
    one_row = tables.factors["one_row"].spread_ln
    uncorrected, _ = _bracket([width for _, width in plain], one_row)
    base, spread = _bracket([width * f for (_, width), f in zip(plain, speeds, strict=True)], one_row)
    factors = []
    if lookout.platform in AIRCRAFT and lookout.speed is not None:
        ratio = base / uncorrected if uncorrected > 0 else float(np.mean(speeds))
        factors.append(Factor(name="speed", value=ratio, source=tables.speed_source))
    bands = [
        (weight * share, band.factor)
        for name, weight in what.weather
        for share, band in _weather(tables.weather[name], conditions)
        if weight * share > 0
    ]
    factors.append(_weather_factor(what, conditions, tables))
    others, more = _light_and_crew(lookout, what, conditions, tables)
    factors += others
    spread = math.sqrt(spread**2 + more + _visibility_spread(lookout, what, conditions, tables) ** 2)
    product = math.prod(factor.value for factor in others)
    most = 2 * conditions.visibility
    parts = tuple(
        Part(weight=weight, mean=min(base * value * product, most), spread_ln=spread) for weight, value in bands
    )
    mean = sum(part.weight * part.mean for part in parts)
    reckoned = uncorrected * math.prod(factor.value for factor in factors)
    if mean < reckoned * (1 - 1e-9):
        factors.append(Factor(name="visibility", value=mean / reckoned, source=""))
    return SweepWidth(
        sensor=lookout.name,
        object_class=what.key,
        uncorrected=uncorrected,
        rows=tuple(plain),
        parts=parts,
        factors=tuple(factors),
        sources=tuple(dict.fromkeys([*_row_sources(lookout, what, tables), *what.sources[:1]])),
        curve=InverseCube(mean) if mean > 0 else None,
    )


def _named_rows(lookout: Lookout, what: ObjectClass) -> tuple[tuple[str, Fraction], ...]:
    return what.bridge if lookout.platform == "bridge" else what.rows


def _row_sources(lookout: Lookout, what: ObjectClass, tables: Tables) -> list[str]:
    return [tables.widths[name, lookout.platform].source for name, _ in _named_rows(lookout, what)]


def _rows(
    lookout: Lookout, what: ObjectClass, visibility: Metres, tables: Tables
) -> tuple[list[tuple[str, Metres]], list[Fraction]]:
    """Uncorrected width of each row of the class, and its factor for the speed of the aircraft."""
    rows = _named_rows(lookout, what)
    widths = [
        (name, scale * tables.widths[name, lookout.platform].at(lookout.height, visibility)) for name, scale in rows
    ]
    return widths, [_speed(name, lookout, tables) for name, _ in rows]


def _visibility_spread(lookout: Lookout, what: ObjectClass, conditions: Conditions, tables: Tables) -> Quantity:
    """What the doubt of the visibility does to the logarithm of the width, on a straight line between both ends."""
    if conditions.visibility_spread_ln == 0 or conditions.visibility == 0:
        return 0.0
    ends = []
    for sign in (-1, 1):
        visibility = conditions.visibility * math.exp(sign * conditions.visibility_spread_ln)
        plain, _ = _rows(lookout, what, visibility, tables)
        width, _ = _bracket([w for _, w in plain], 0.0)
        ends.append(width)
    low, high = ends
    return math.log(high / max(low, min(_LEAST, high))) / 2 if high > 0 else 0.0


def _weather(bands: tuple[WeatherBand, ...], conditions: Conditions) -> list[tuple[Probability, WeatherBand]]:
    """The bands with their chances: the worse of wind and sea counts, and limits belong to the middle band."""
    ordered = sorted(bands, key=lambda band: band.wind_up_to)
    sea = 0.0 if conditions.sea is None else conditions.sea
    by_sea = _band_of(sea, [band.sea_up_to for band in ordered])
    if conditions.wind_std == 0:
        by_wind = _band_of(conditions.wind, [band.wind_up_to for band in ordered])
        return [(1.0, ordered[max(by_wind, by_sea)])]
    below = [_normal((band.wind_up_to - conditions.wind) / conditions.wind_std) for band in ordered[:-1]] + [1.0]
    shares = [high - low for low, high in zip([0.0, *below], below, strict=False)]
    merged = [sum(shares[: by_sea + 1]), *shares[by_sea + 1 :]]
    return list(zip(merged, ordered[by_sea:], strict=True))


def _band_of(value: Quantity, limits: list[Quantity]) -> int:
    """The first band strictly below its limit, or a later one up to its limit; the last holds all others."""
    if value < limits[0]:
        return 0
    return next((n for n, limit in enumerate(limits) if n > 0 and value <= limit), len(limits) - 1)


def _normal(z: Quantity) -> Probability:
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def _weather_factor(what: ObjectClass, conditions: Conditions, tables: Tables) -> Factor:
    seen = [(w, name, _weather(tables.weather[name], conditions)) for name, w in what.weather if w > 0]
    values = [(w, name, sum(share * band.factor for share, band in bands)) for w, name, bands in seen]
    sources = dict.fromkeys(band.source for _, _, bands in seen for _, band in bands)
    return Factor(
        name="weather",
        value=sum(w * value for w, _, value in values),
        source="; ".join(sources),
        detail=" + ".join(f"{w:.2g} x {value:.2g} ({name})" for w, name, value in values),
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
