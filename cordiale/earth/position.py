"""Where: latitude and longitude in degrees on WGS 84, always given by keyword or parsed from chart notation."""

import math
from dataclasses import dataclass
from typing import Self

from cordiale.earth.coordinates import read_coordinates
from cordiale.earth.errors import InvalidPosition
from cordiale.earth.map_links import read_map_link
from cordiale.earth.units import Degrees
from cordiale.words import say


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """A point on WGS 84.

    Parameters
    ----------
    lat : Degrees
        North positive, -90 to 90.
    lon : Degrees
        East positive, -180 to 180.
    """

    lat: Degrees
    lon: Degrees

    def __post_init__(self) -> None:
        for name in ("lat", "lon"):
            value = getattr(self, name)
            if not math.isfinite(value):
                raise InvalidPosition("earth.not_finite", what=name, value=value)
        if not -90 <= self.lat <= 90:
            raise InvalidPosition("earth.latitude", lat=self.lat)
        if not -180 <= self.lon <= 180:
            raise InvalidPosition("earth.longitude", lon=self.lon)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The most plausible position that coordinates or a map link can mean; `earth.chart` keeps the others too.

        Raises `InvalidPosition` with the problem and a hint.

        >>> Position.parse("51-08.5N 001-44.5E") == Position.parse("5108.5N 00144.5E")
        True
        """
        best = read_map_link(text) or read_coordinates(text)[0]
        return cls(lat=best.lat, lon=best.lon)

    def __str__(self) -> str:
        """Degrees and decimal minutes, as on the chart: 51°08.5'N 001°44.5'E."""
        return self.on_chart(decimals=1)

    def on_chart(self, *, decimals: int = 1) -> str:
        """Degrees and decimal minutes with the given number of decimals of a minute (0.1' is 185 m)."""
        return f"{_chart(self.lat, 2, 'NS', decimals)} {_chart(self.lon, 3, 'EW', decimals)}"


def _chart(angle: Degrees, width: int, sides: str, decimals: int) -> str:
    whole, minutes_of_arc = divmod(round(abs(angle) * 60, decimals), 60)
    return say(
        "earth.angle",
        degrees=f"{int(whole):0{width}d}",
        minutes=f"{minutes_of_arc:0{3 + decimals if decimals else 2}.{decimals}f}",
        side=sides[angle < 0],
    )
