"""Leeway: how the wind moves a drifting object through the water, as published for the classes of the US Coast Guard.

Downwind speed and crosswind speed are straight lines in the wind at 10 m with a residual; crosswind there is one line
for objects that drift to the right of downwind and one for those that drift to the left. Ours differs from the usual
codes in four ways, told in docs/opendrift.md: right means right; the offset fades below 3 m/s so that a calm moves
nobody; the downwind residual is drawn so that nobody drifts upwind; a jibe changes the whole set of coefficients.

Source: Allen and Plourde, Review of leeway, CG-D-08-99 (1999); Allen, Leeway divergence, CG-D-05-05 (2005); Breivik and
Allen, J. Mar. Sys. 69, 99-113 (2008) for the residual halves on slope and offset and for the 4 % jibes an hour.
"""

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray, Fraction, IntArray, Metres, MetresPerSecond, PerSecond, hours, percent

CALM: Final[MetresPerSecond] = 3.0  # judgement: the trials behind the table hold hardly any wind below Beaufort 3
JIBES: Final[PerSecond] = -math.log(1 - 0.04) / hours  # 4 % in the first hour, Breivik and Allen 2008
TRIALS_UP_TO: Final[MetresPerSecond] = 20.0  # judgement: hardly any trial had more; beyond, the lines are prolonged
PUBLISHED_AT: Final[MetresPerSecond] = 10.0  # the wind at which the residual has exactly the published S_yx
# Exponent of the wind profile over open water, near-neutral air: Hsu, Meindl and Gilhousen, J. Appl. Meteor. 33,
# 757-765 (1994), 0.11 +- 0.03.
SEA_PROFILE: Final = 0.11
_CM_S: Final[MetresPerSecond] = 0.01


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One regression of leeway on wind: slope (1), offset and residual standard deviation S_yx (m/s)."""

    slope: Fraction  # metres per second of leeway per metre per second of wind
    offset: MetresPerSecond
    residual_std: MetresPerSecond


@dataclass(frozen=True, kw_only=True, slots=True)
class LeewayClass:
    """A published class. `right` and `left` are crosswind speeds, positive to the right of downwind on both.

    `entry` and `published` are its number and name in the list of the US Coast Guard, `level` its depth there: 0 for a
    main class, whose values are means over those below it, to 3. `note` is what one should know of its numbers.
    """

    key: str
    name: str
    downwind: Line
    right: Line
    left: Line
    source: str
    entry: int | None = None
    published: str = ""
    level: int = 0
    note: str = ""

    def __str__(self) -> str:
        return self.name


@cache
def leeway_table() -> dict[str, LeewayClass]:
    """All 85 published classes by key, in the order of the list of the US Coast Guard."""
    with (files("cordiale.boats") / "data" / "leeway.csv").open(encoding="utf-8") as file:
        return {
            row["key"]: LeewayClass(
                key=row["key"],
                name=row["name"],
                downwind=_line(row, "downwind"),
                right=_line(row, "right"),
                left=_line(row, "left"),
                source=row["source"],
                entry=int(row["entry"]),
                published=row["published"],
                level=int(row["level"]),
                note=row["note"],
            )
            for row in csv.DictReader(file)
        }


def leeway_class(key: str) -> LeewayClass:
    """The class of this key; an unknown key raises and lists the known ones."""
    if key not in leeway_table():
        raise CordialeError("boats.leeway_class", name=key, known=", ".join(leeway_table()))
    return leeway_table()[key]


@dataclass(frozen=True, eq=False, slots=True)
class Coefficients:
    """Leeway lines of many particles, each array of shape (n,), for the side each of them is on."""

    downwind: FloatArray  # shape (3, n): slope (1), offset (m/s), residual standard deviation (m/s)
    crosswind: FloatArray


def coefficients(classes: tuple[LeewayClass, ...], which: IntArray, side: IntArray) -> Coefficients:
    """The lines for particles of class `which` (index in `classes`) on `side` (+1 right, -1 left of downwind).

    Slope, offset and S_yx all come from the line of the side, so a jibe changes the whole set.
    """
    down = np.array([[x.downwind.slope, x.downwind.offset, x.downwind.residual_std] for x in classes])
    right = np.array([[x.right.slope, x.right.offset, x.right.residual_std] for x in classes])
    left = np.array([[x.left.slope, x.left.offset, x.left.residual_std] for x in classes])
    crosswind = np.where((side > 0)[:, np.newaxis], right[which], left[which])
    return Coefficients(downwind=down[which].T, crosswind=crosswind.T)


def leeway(
    lines: Coefficients,
    side: IntArray,
    downwind_residual: FloatArray,
    crosswind_residual: FloatArray,
    wind_east: FloatArray,
    wind_north: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Eastward and northward leeway in m/s of particles in a wind (m/s towards east and north, at 10 m).

    With the wind speed W, the fade f = min(1, W / 3 m/s) and the standard normal residuals z of each particle:

    - downwind: mean m = a W + b f, standard deviation s = S (f / 2 + W / 20), drawn from the lognormal law with that
      mean and standard deviation at the particle's quantile z. At 10 m/s s is the published S_yx. Never upwind.
    - crosswind, positive to the right: a W + b f + z S (f / 2 + W / 20) on the right side; on the left side the left
      line with the residual mirrored, so that a particle that jibes for ever has no crosswind drift left.

    Every term is 0 in a calm, where no direction is preferred. Shape of all arguments (n,). The trials behind the
    lines hold winds up to about 20 m/s; above, mean and residual keep growing in proportion, which is an extrapolation
    (a capsize in such a wind is a change of class, and not made here).
    """
    speed = np.sqrt(wind_east * wind_east + wind_north * wind_north)
    fade = np.minimum(speed / CALM, 1.0)
    spread = fade / 2 + speed / (2 * PUBLISHED_AT)
    slope, offset, residual_std = lines.downwind
    mean = np.maximum(slope * speed + offset * fade, 0.0)
    downwind = _lognormal(mean, residual_std * spread, downwind_residual)
    slope, offset, residual_std = lines.crosswind
    crosswind = slope * speed + offset * fade + side * crosswind_residual * residual_std * spread
    over_speed = 1.0 / np.maximum(speed, 1e-9)
    along, across = downwind * over_speed, crosswind * over_speed
    return along * wind_east + across * wind_north, along * wind_north - across * wind_east


def wind_at_ten_metres(wind: MetresPerSecond, *, height: Metres) -> MetresPerSecond:
    """The wind speed at 10 m, the height of all leeway lines, of one measured at another height over the open sea.

    wind (10 m / height) ^ 0.11, for air as warm as the sea: from a mast at 40 m times 0.86, from a rail at 3 m times
    1.14. The exponent is 0.11 +- 0.03 (Hsu and others 1994), more over cold water in spring. Heights of 2 to 100 m.
    """
    if not (math.isfinite(height) and 2 <= height <= 100):
        raise CordialeError("boats.wind_height", height=height)
    return wind * math.pow(10.0 / height, SEA_PROFILE)


def _lognormal(mean: FloatArray, std: FloatArray, z: FloatArray) -> FloatArray:
    """The quantile z (in standard normal units) of the lognormal law of given mean and standard deviation."""
    ratio = std / np.maximum(mean, 1e-12)
    variance = np.where(mean > 0, np.log1p(ratio * ratio), 0.0)
    return np.asarray(mean * np.exp(np.sqrt(variance) * z - variance / 2))


def _line(row: dict[str, str], side: str) -> Line:
    return Line(
        slope=float(row[f"{side}_slope_pct"]) * percent,
        offset=float(row[f"{side}_offset_cm_s"]) * _CM_S,
        residual_std=float(row[f"{side}_syx_cm_s"]) * _CM_S,
    )
