"""Survival times as published, side by side, so that whoever plans a search sees how much the sources disagree."""

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from cordiale.boats.survival_table import Water
from cordiale.earth.units import Celsius, Seconds, hours, minutes

HAYWARD_WATER: Final = (0.0, 20.0)  # C; singular at 0.0785 / 0.0034 = 23.1 C
XU_GIESBRECHT_WATER: Final = (0.0, 20.0)  # C; the data set is of water below 20 C


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedTime:
    """One published survival time between two bounds (infinite: no upper bound given), and what it means."""

    curve: str
    water: tuple[Celsius, Celsius]
    shortest: Seconds
    longest: Seconds
    statistic: str  # median, range, expected, maximum, hypothermia, survived, died
    source: str


@cache
def published_points() -> tuple[PublishedTime, ...]:
    """Every packaged row of the published tables and of single cases."""
    with (files("cordiale.boats") / "data" / "survival_published.csv").open(encoding="utf-8") as file:
        return tuple(
            PublishedTime(
                curve=row["curve"],
                water=(float(row["water_low_c"]), float(row["water_high_c"])),
                shortest=float(row["hours_low"]) * hours,
                longest=float(row["hours_high"]) * hours,
                statistic=row["statistic"],
                source=row["source"],
            )
            for row in csv.DictReader(file)
        )


def hayward(water: Celsius) -> Seconds:
    """Survival time in s, lifejacket and light clothing, holding still; NaN outside 0 to 20 C.

    t = 15 min + 7.2 min / (0.0785 - 0.0034 T). Source: Hayward, Eckerson and Collis 1975.
    """
    if not HAYWARD_WATER[0] <= water <= HAYWARD_WATER[1]:
        return math.nan
    return (15 + 7.2 / (0.0785 - 0.0034 * water)) * minutes


def xu_giesbrecht(water: Celsius) -> Seconds:
    """The longest survival times in s of 122 documented immersions; held at its ends outside 0 to 20 C.

    t = (0.0547 T^2 + 0.5048 T + 1.3604) h. Source: Xu and Giesbrecht 2018, J. Thermal Biology; formula second-hand.
    """
    low, high = XU_GIESBRECHT_WATER
    inside = min(max(water, low), high)
    return (0.0547 * inside * inside + 0.5048 * inside + 1.3604) * hours


def golden(water: Celsius) -> Seconds:
    """Median in s of clothed men with lifejackets, straight lines through 1, 2, 6 h at 5, 10, 15 C.

    From 15 to 18 C the last line goes on; NaN outside 5 to 18 C. Source: Golden 1996 in TP 13822 (2003).
    """
    if not 5 <= water <= 18:
        return math.nan
    return (1 + 0.2 * (water - 5) if water < 10 else 2 + 0.8 * (water - 10)) * hours


def survey_median(water: Celsius) -> Seconds:
    """Median in s, buoyancy not worn: 3.6 h exp(0.0916 (T - 5)). Source: UKNIIS 2006 at 5, 10 and 15 C, fitted."""
    return 3.6 * math.exp(0.0916 * (water - 5)) * hours


def published_curves(water: Celsius) -> tuple[PublishedTime, ...]:
    """What every source says about water of this temperature (C), shortest first; sources that are silent are left out.

    Formulas within their range, tables where the water lies within a row; a single temperature holds within 0.5 C.
    """
    Water(water, water)
    inside = XU_GIESBRECHT_WATER[0] <= water <= XU_GIESBRECHT_WATER[1]
    formulas = (
        ("hayward_1975", hayward(water), "expected", "Hayward, Eckerson and Collis 1975: lifejacket, holding still"),
        ("golden_1996", golden(water), "median", "Golden 1996 in TP 13822, straight lines: clothed, lifejacket"),
        ("ukniis_2006", survey_median(water), "median", "UKNIIS 2006, log-linear fit: buoyancy not worn"),
        ("xu_giesbrecht_2018", xu_giesbrecht(water), "maximum", "Xu and Giesbrecht 2018, formula second-hand"),
    )
    found = [
        PublishedTime(curve=name, water=(water, water), shortest=time, longest=time, statistic=statistic, source=source)
        for name, time, statistic, source in formulas
        if not math.isnan(time) and inside
    ]
    found += [point for point in published_points() if point.curve not in {"golden", "ukniis"} and _holds(point, water)]
    return tuple(sorted(found, key=lambda point: (point.shortest, point.longest)))


def _holds(point: PublishedTime, water: Celsius) -> bool:
    low, high = point.water
    if point.curve == "ukniis_lifejacket":
        return low == min((5.0, 10.0, 15.0), key=lambda tabled: abs(tabled - water)) and 2.5 <= water <= 17.5
    if low == high:
        return abs(water - low) <= 0.5
    return low <= water < high
