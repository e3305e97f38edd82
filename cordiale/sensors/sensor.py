"""Who or what looks, and in what conditions: lookouts with their eyes, instruments with two figures of their operator.

A lookout has the published tables; a radar, a camera or an infrared imager has what its operator states: the range at
which it detects this kind of object in 90 of 100 passes, and in 50. Where no operator has said anything the packaged
figures are judgements, and say so.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Degrees, Metres, MetresPerSecond, Quantity, degrees, knots
from cordiale.sea.light import TWILIGHTS, Twilight
from cordiale.sensors.lateral_range import LateralRangeCurve, two_figures
from cordiale.sensors.tables import FEET, Figures, Kind, Tables, packaged_tables

Platform = Literal["fixed_wing", "helicopter", "boat", "bridge"]
PLATFORMS: Final = ("fixed_wing", "helicopter", "boat", "bridge")
AIRCRAFT: Final = ("fixed_wing", "helicopter")
# The pairs of wind and sea that the weather table takes for equal, prolonged to a calm and in proportion beyond.
_PAIRS: Final = ((0.0, 0.0), (15 * knots, 3 * FEET), (25 * knots, 5 * FEET))


@dataclass(frozen=True, kw_only=True, slots=True)
class Conditions:
    """What there is to see by.

    Parameters
    ----------
    visibility : Metres
        Meteorological visibility; a best guess, since no table works without one.
    wind : MetresPerSecond
        Speed at 10 m.
    wind_std, visibility_spread_ln : MetresPerSecond, Quantity
        How well both are known: standard deviations, of the visibility in its logarithm (0.7: a factor of 2). With 0
        the weather factor is a step at 15 and 25 kn, and so is the bracket.
    sea : Metres, optional
        Wave height; None: as the weather table pairs it with the wind (3 ft with 15 kn, 5 ft with 25).
    light : Twilight
        As `cordiale.sea.light.light(...).twilight` says.
    cloud_base : Metres, optional
        Above the sea; None: nobody has said, and no aircraft is held to be above it.
    """

    visibility: Metres
    wind: MetresPerSecond
    sea: Metres | None = None
    light: Twilight = "day"
    cloud_base: Metres | None = None
    wind_std: MetresPerSecond = 0.0
    visibility_spread_ln: Quantity = 0.0

    def __post_init__(self) -> None:
        for name in ("visibility", "wind", "sea", "cloud_base", "wind_std", "visibility_spread_ln"):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value >= 0):
                raise CordialeError("sensors.condition", name=name, value=value)
        if self.light not in TWILIGHTS:
            raise CordialeError("sensors.light", value=self.light, known=", ".join(TWILIGHTS))

    @property
    def sea_height(self) -> Metres:
        """The wave height given, else the one that the weather table pairs with the wind."""
        if self.sea is not None:
            return self.sea
        (_, _), (wind_3, sea_3), (wind_5, sea_5) = _PAIRS
        if self.wind <= wind_3:
            return sea_3 * self.wind / wind_3
        return sea_3 + (sea_5 - sea_3) * (self.wind - wind_3) / (wind_5 - wind_3)

    @property
    def dark(self) -> bool:
        """Night for a lookout: the Sun is more than 6 degrees down (judgement: nautical twilight is night)."""
        return self.light not in ("day", "civil")


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookout:
    """People who look out by eye.

    Parameters
    ----------
    platform : str
        `fixed_wing`, `helicopter`, `boat` or `bridge` (of a ship).
    height : Metres
        Of an aircraft above the sea; of the eye in a boat (the tables hold 8 and 14 ft); not used on a bridge.
    speed : MetresPerSecond, optional
        Of an aircraft while it searches; None: no correction for it.
    fatigued : bool
        The crew is markedly fatigued.
    infrared : bool
        They have an infrared imager and use it by night.
    """

    platform: Platform
    height: Metres = 14 * FEET
    speed: MetresPerSecond | None = None
    fatigued: bool = False
    infrared: bool = False

    def __post_init__(self) -> None:
        if self.platform not in PLATFORMS:
            raise CordialeError("sensors.platform", value=self.platform, known=", ".join(PLATFORMS))
        least, most = (15.0, 6000.0) if self.platform in AIRCRAFT else (0.5, 60.0)
        if not least <= self.height <= most:
            raise CordialeError("sensors.height", value=self.height, least=least, most=most)
        if self.speed is not None and not 0 < self.speed < 400:
            raise CordialeError("sensors.speed", value=self.speed)

    @property
    def name(self) -> str:
        """Its entry under `sensors.sensor` in the word catalogues."""
        return self.platform


@dataclass(frozen=True, kw_only=True, slots=True)
class Instrument:
    """A radar, a camera (by day) or an infrared imager, with the figures of its operator for objects and seas.

    `height` (m above the sea) tells whether it is above the clouds; None: it is not.
    """

    kind: Kind
    figures: tuple[Figures, ...]
    height: Metres | None = None

    @property
    def name(self) -> str:
        """Its entry under `sensors.sensor` in the word catalogues."""
        return self.kind

    def figures_for(self, object_class: str, sea: Metres) -> Figures | None:
        """The figures for this object in this sea; None where nobody has stated any."""
        own = [f for f in self.figures if f.object_class == object_class]
        mine = own or [f for f in self.figures if f.object_class == "any"]
        enough = sorted((f for f in mine if sea <= f.sea_up_to), key=lambda f: f.sea_up_to)
        return enough[0] if enough else None


Sensor = Lookout | Instrument


def packaged_instrument(key: str, *, height: Metres | None = None, tables: Tables | None = None) -> Instrument:
    """An instrument of the table: figures that are judgements, until its operator states his own."""
    known = (tables or packaged_tables()).instruments
    if key not in known:
        raise CordialeError("sensors.instrument", name=key, known=", ".join(known))
    kind, figures = known[key]
    return Instrument(kind=kind, figures=figures, height=height)


def stated_instrument(
    kind: Kind,
    *,
    range_90: Metres,
    range_50: Metres,
    source: str,
    sea_up_to: Metres = math.inf,
    height: Metres | None = None,
) -> Instrument:
    """An instrument by two figures (m) of its operator, for the object and the sea at hand; `source` says who."""
    return stated_curve(
        kind, two_figures(range_90=range_90, range_50=range_50), source=source, sea_up_to=sea_up_to, height=height
    )


def stated_curve(
    kind: Kind,
    curve: LateralRangeCurve,
    *,
    source: str,
    sea_up_to: Metres = math.inf,
    height: Metres | None = None,
) -> Instrument:
    """An instrument whose whole lateral range curve was measured, for the object and the sea at hand."""
    figures = Figures(curve=curve, source=source, sea_up_to=sea_up_to)
    return Instrument(kind=kind, figures=(figures,), height=height)


def camera_figures(
    *, field_of_view: Degrees, pixels: int, across: Metres, source: str, object_class: str = "any"
) -> Figures:
    """Two figures by geometry alone: 2 pixels across the object for one half, 1.75 times as many for 90 %.

    A pixel at range R is R field_of_view / pixels wide. Johnson's criteria for detection; air, contrast and waves are
    left out, and the crew is taken to sweep the camera over the whole width: an upper value, to be tried.
    """
    if not (0 < field_of_view < 120 and pixels > 0 and across > 0):
        raise CordialeError("sensors.camera", field=field_of_view, pixels=pixels, across_m=across)
    half: Metres = across / (2 * (field_of_view * degrees / pixels))
    curve = two_figures(range_90=half / 1.75, range_50=half)
    return Figures(curve=curve, source=source, object_class=object_class, spread_ln=0.5)  # spread: judgement


def camera_swath(*, height: Metres, field_of_view: Degrees, pixels: int) -> tuple[Metres, Metres]:
    """Straight down: width of the strip seen, 2 h tan(field / 2), and of the sea under one pixel (m)."""
    if not (height > 0 and 0 < field_of_view < 120 and pixels > 0):
        raise CordialeError("sensors.camera", field=field_of_view, pixels=pixels, across_m=height)
    swath: Metres = 2 * height * math.tan(field_of_view * degrees / 2)
    return swath, swath / pixels
