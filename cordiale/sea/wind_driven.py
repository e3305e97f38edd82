"""A current with the part that the wind drives added: an option for a tide alone, not for a model that has it already.

The surface current due to the wind is a small share of it, turned a little to the right of it in the northern
hemisphere. Share and turn are judgements: textbooks give 2 to 4 % and 0 to 45 degrees; in shallow, strongly stirred
water such as the strait the turn is small.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Degrees, FloatArray, Fraction, Instant, degrees
from cordiale.sea.environment import Current, Wind
from cordiale.sea.patch import Patch
from cordiale.sea.tide import Window

Vector = tuple[FloatArray, FloatArray]
SHARE: Final[Fraction] = 0.025  # judgement, see above
TURN: Final[Degrees] = 10.0  # judgement: to the right of where the wind blows to


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class WindDriven:
    """A current plus a share of the wind, turned to the right; see `with_wind`."""

    current: Current
    wind: Wind
    share: Fraction
    turn: Degrees

    @property
    def source(self) -> str:
        """Where it comes from, in words."""
        driven = f"{100 * self.share:g} % of the wind, {self.turn:g} degrees to its right (judgement)"
        return f"{self.current.source}; plus {driven}: {self.wind.source}"

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward current in m/s."""
        east, north = self.current.velocity(at, lat, lon)
        more_east, more_north = self._driven(at, lat, lon)
        return east + more_east, north + more_north

    def flow(self, at: Instant, window: Window) -> Callable[[FloatArray, FloatArray], Vector]:
        """The field of one instant on a window: a `Patch` where the current itself gives one."""
        flow = self.current.flow(at, window)
        if not isinstance(flow, Patch):
            return lambda lat, lon: self._sum(flow, at, lat, lon)
        rows, columns, _ = flow.values.shape
        on_lat = flow.south + flow.lat_step * (flow.first_row + np.arange(rows))
        on_lon = flow.west + flow.lon_step * (flow.first_column + np.arange(columns))
        lat, lon = np.repeat(on_lat, columns), np.tile(on_lon, rows)
        around = Window(south=on_lat[0], north=on_lat[-1], west=on_lon[0], east=on_lon[-1])
        wind = self.wind.velocity(at, lat, lon) if self.wind.everywhere else self.wind.flow(at, around)(lat, lon)
        east, north = self._turned(wind)
        values = flow.values.copy()
        values[..., 0] += (east.reshape(rows, columns) * values[..., 2]).astype(np.float32)
        values[..., 1] += (north.reshape(rows, columns) * values[..., 2]).astype(np.float32)
        return replace(flow, values=values)

    def _sum(
        self, flow: Callable[[FloatArray, FloatArray], Vector], at: Instant, lat: FloatArray, lon: FloatArray
    ) -> Vector:
        east, north = flow(lat, lon)
        more_east, more_north = self._driven(at, lat, lon)
        return east + more_east, north + more_north

    def _driven(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        return self._turned(self.wind.velocity(at, lat, lon))

    def _turned(self, wind: Vector) -> Vector:
        east, north = wind
        cosine, sine = math.cos(self.turn * degrees), math.sin(self.turn * degrees)
        return self.share * (east * cosine + north * sine), self.share * (north * cosine - east * sine)


def with_wind(current: Current, wind: Wind, *, share: Fraction = SHARE, turn: Degrees = TURN) -> WindDriven:
    """A current plus the surface current that the wind drives: `share` of it, `turn` degrees to its right.

    Not for a current from a model that is itself driven by the wind. A share lies between 0 and 0.1.
    """
    if not 0 <= share <= 0.1:
        raise CordialeError("sea.wind_share", share=share)
    if not -90 <= turn <= 90:
        raise CordialeError("sea.wind_turn", turn=turn)
    return WindDriven(current=current, wind=wind, share=share, turn=turn)
