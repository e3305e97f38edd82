"""The sea as a drifting boat meets it: current, wind and land together, each with its source and its error.

`the_strait()` is the packaged Dover Strait. A `Current` or a `Shore` may as well be analytic (`cordiale.sea.analytic`)
or come from a file; drift asks nothing of them but what the protocols below say.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import (
    BoolArray,
    Degrees,
    FloatArray,
    Fraction,
    Instant,
    Metres,
    MetresPerSecond,
    Seconds,
    hours,
    minutes,
)
from cordiale.sea.coast import Coast, distance_to_land, landfall, load_coast
from cordiale.sea.light import Light, light
from cordiale.sea.patch import Patch
from cordiale.sea.tide import OutsideTide, TideAtlas, Window, load_tide, tidal_current, tidal_level
from cordiale.sea.tide_patch import tidal_patch
from cordiale.sea.wind import ConstantWind

Vector = tuple[FloatArray, FloatArray]
Flow = Callable[[FloatArray, FloatArray], Vector]

# The measured error of the atlas is a difference between two purely tidal atlases: it turns with the tide and all but
# cancels over a full one. Judgement: it forgets itself in one M2 period, as particles wander to where errors differ.
TIDAL_ERROR_PERIOD: Final[Seconds] = 12.4206 * hours
TIDAL_ERROR_TIME: Final[Seconds] = 12.4206 * hours
# Judgement, per component: what a tidal atlas leaves out. The net flow of the strait, 36,000 m3/s (Prandle 1993)
# through some 1.1 km2, is 0.03 m/s and varies from place to place; 2-3 % of a wind unknown by 2 m/s are 0.05 m/s.
RESIDUAL_STD: Final[MetresPerSecond] = 0.08
RESIDUAL_TIME: Final[Seconds] = 12 * hours
# Judgement, per component. A stated wind is one value for a strait 150 km long and many hours.
STATED_WIND_STD: Final[MetresPerSecond] = 2.0
# Judgement, per component. No wind was given; small boats are seen to leave in light winds (96 % of attempts with
# waves below 0.5 m, Border Force figure in MAIB reports), so it is hardly above 6 m/s.
UNKNOWN_WIND_STD: Final[MetresPerSecond] = 3.0
WIND_ERROR_TIME: Final[Seconds] = 6 * hours  # judgement: weather of the strait changes within a watch or two


SHORTEST_ERROR: Final[Seconds] = 30 * minutes  # the spacing of the draws
# Judgements, for errors shared in space: the tide of a strait 35 km wide errs alike over some of its width, what the
# atlas leaves out over less, and a forecast of the wind over a good part of the strait.
CURRENT_LENGTH: Final[Metres] = 15_000.0
RESIDUAL_LENGTH: Final[Metres] = 8_000.0
WIND_LENGTH: Final[Metres] = 60_000.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorScale:
    """How wrong a field is: standard deviation of each component, and the time over which the error forgets itself.

    The error is an Ornstein-Uhlenbeck process with the correlation exp(-t / time_scale) cos(2 pi t / period) in each
    component; without a period it does not turn. With a `length` particles of one world share it where they are close
    together, with the correlation exp(-d2 / 2 length2) at a distance d; without, each particle has its own.

    The drift draws errors at the round half hours, with straight lines between. A `time_scale` under `SHORTEST_ERROR`
    is refused: at that limit displacements come out 3.5 % too wide, at 1 h 0.7 %.
    """

    std: MetresPerSecond
    time_scale: Seconds
    source: str
    period: Seconds | None = None
    length: Metres | None = None

    def __post_init__(self) -> None:
        if not (np.isfinite(self.std) and self.std >= 0):
            raise CordialeError("sea.error_std", std=self.std)
        for span in (self.time_scale, self.period if self.period is not None else self.time_scale):
            if not (np.isfinite(span) and span > 0):
                raise CordialeError("sea.error_time", time_scale=span)
        if self.std > 0 and self.time_scale < SHORTEST_ERROR:
            raise CordialeError("sea.error_short", time_scale=self.time_scale, shortest_min=SHORTEST_ERROR / minutes)
        if self.length is not None and not (np.isfinite(self.length) and self.length > 0):
            raise CordialeError("sea.error_length", length=self.length)


NO_ERROR: Final = ErrorScale(std=0.0, time_scale=1 * hours, source="none")


def displacement_variance(scale: ErrorScale, time: Seconds | FloatArray) -> FloatArray:
    """Variance (m2, each component) of the displacement that an error makes in a time: the closed form, any shape.

    2 s2 Re(t/k - (1 - exp(-k t)) / k2) with k = 1 / time_scale - 2 pi i / period.
    """
    k = complex(1 / scale.time_scale, 0.0 if scale.period is None else -2 * math.pi / scale.period)
    t = np.asarray(time, dtype=np.float64)
    return np.asarray(2 * scale.std**2 * (t / k - (1 - np.exp(-k * t)) / k**2).real)


class Current(Protocol):
    """A current field: `velocity` at any times and places, `flow` for many places at one instant."""

    @property
    def source(self) -> str:
        """Where it comes from, in words."""
        ...

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward current in m/s."""
        ...

    def flow(self, at: Instant, window: Window) -> Flow:
        """The field of one instant on a window, to be looked up at many positions."""
        ...


class Wind(Protocol):
    """A wind field at 10 m, as the vector it blows to."""

    @property
    def everywhere(self) -> bool:
        """True for a wind that is the same at all places."""
        ...

    @property
    def source(self) -> str:
        """Where it comes from, in words."""
        ...

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward wind in m/s."""
        ...

    def flow(self, at: Instant, window: Window) -> Flow:
        """The field of one instant on a window, to be looked up at many positions."""
        ...


class Shore(Protocol):
    """Land, as a distance."""

    @property
    def source(self) -> str:
        """Where it comes from, in words."""
        ...

    def distance(self, lat: FloatArray, lon: FloatArray) -> FloatArray:
        """Metres to the nearest land, negative on land; NaN (unknown) counts as open sea."""
        ...

    def landfall(self, lat0: FloatArray, lon0: FloatArray, lat1: FloatArray, lon1: FloatArray) -> FloatArray:
        """The part of each straight step, 0 to 1, after which it first meets land; infinity where it meets none."""
        ...


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What moves a boat and what stops it, with the errors of each.

    `current_error` is that of the current as a field of its kind (a tidal atlas errs with the tide), `residual_error`
    what it leaves out (net flow, surge, wind-driven current). `tide` gives the level of the sea where there is an
    atlas; `coast` may be None: open sea everywhere.

    `wind_driven` is a surface current as a share of the wind, `wind_driven_angle` to the right of it, and `stokes` the
    drift of the waves as a share of the wind. Both are off unless given: the residual error stands for the one, and the
    published leeway holds the other. Off western France surface current and Stokes drift together are 1.0 to 1.8 % of
    the wind, 10 to 40 degrees to the right, of which 0.6 to 1.3 % are Stokes drift along it (Ardhuin et al., J. Phys.
    Oceanogr. 39, 2820-2838, 2009). `refloat` lets the tide lift a boat that went aground lower down.
    """

    current: Current
    wind: Wind
    coast: Shore | None
    current_error: ErrorScale
    wind_error: ErrorScale
    residual_error: ErrorScale = NO_ERROR
    tide: TideAtlas | None = None
    wind_driven: Fraction = 0.0
    wind_driven_angle: Degrees = 0.0
    stokes: Fraction = 0.0
    refloat: bool = True

    @property
    def driven_by_wind(self) -> tuple[Fraction, Fraction]:
        """What wind-driven current and Stokes drift add for each m/s of wind: downwind, and to the right of it."""
        angle = math.radians(self.wind_driven_angle)
        return self.wind_driven * math.cos(angle) + self.stokes, self.wind_driven * math.sin(angle)

    def __str__(self) -> str:
        coast = self.coast.source if self.coast else "none"
        return (
            f"current: {self.current.source} (error {self.current_error.std:.2f} m/s, {self.current_error.source}; "
            f"left out {self.residual_error.std:.2f} m/s, {self.residual_error.source}); "
            f"wind: {self.wind.source} (error {self.wind_error.std:.1f} m/s, {self.wind_error.source}); coast: {coast}"
        )


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class TidalCurrent:
    """The tidal stream of an atlas. Beyond its edges the stream at the edge is used; far inland there is none."""

    atlas: TideAtlas

    @property
    def source(self) -> str:
        """Where the atlas comes from."""
        return self.atlas.source

    def velocity(self, at: Instant | FloatArray, lat: FloatArray, lon: FloatArray) -> Vector:
        """Eastward and northward current in m/s, straight from the constituents."""
        atlas = self.atlas
        east, north = tidal_current(
            atlas,
            at,
            np.atleast_1d(np.clip(lat, atlas.south, atlas.north)),
            np.atleast_1d(np.clip(lon, atlas.west, atlas.east)),
        )
        return np.nan_to_num(east), np.nan_to_num(north)

    def covers(self, lat: FloatArray, lon: FloatArray) -> BoolArray:
        """True inside the box of the atlas."""
        atlas = self.atlas
        return np.asarray((lat >= atlas.south) & (lat <= atlas.north) & (lon >= atlas.west) & (lon <= atlas.east))

    def flow(self, at: Instant, window: Window) -> Patch:
        """The stream of one instant: the constituents are summed once for the window, then looked up bilinearly."""
        return tidal_patch(self.atlas, at, window)


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class MappedShore:
    """The packaged coast as a shore."""

    coast: Coast
    source: str = "OpenStreetMap land polygons, ODbL 1.0, as a distance field of about 100 m"

    def distance(self, lat: FloatArray, lon: FloatArray) -> FloatArray:
        """Metres to the nearest land, negative on land, NaN outside the field."""
        return distance_to_land(self.coast, lat, lon)

    def landfall(self, lat0: FloatArray, lon0: FloatArray, lat1: FloatArray, lon1: FloatArray) -> FloatArray:
        """The part of each straight step, 0 to 1, after which it first meets land; infinity where it meets none."""
        return landfall(self.coast, lat0, lon0, lat1, lon1)


def the_strait(
    wind: Wind | None = None,
    *,
    wind_std: MetresPerSecond | None = None,
    current_length: Metres | None = None,
    wind_length: Metres | None = None,
    residual_length: Metres | None = None,
) -> Environment:
    """The packaged Dover Strait: tide and coast as shipped, the wind as given.

    Without a wind it is taken as calm with an error of 3 m/s per component; a given wind has one of 2 m/s unless
    `wind_std` (m/s per component) says otherwise. All three wind figures are judgements and say so. With a length (m)
    an error is shared by particles of one world that are close together (`ErrorScale.length`); `CURRENT_LENGTH` and so
    on are what to take for it.
    """
    atlas = load_tide()
    if wind is None:
        wind = ConstantWind(eastward=0.0, northward=0.0, source="no wind given: calm assumed (judgement)")
        wind_std = UNKNOWN_WIND_STD if wind_std is None else wind_std
    judgement = "judgement" if wind_std is None else "judgement, or as stated"
    return Environment(
        current=TidalCurrent(atlas=atlas),
        wind=wind,
        coast=MappedShore(coast=load_coast()),
        current_error=ErrorScale(
            std=atlas.current_std,
            time_scale=TIDAL_ERROR_TIME,
            period=TIDAL_ERROR_PERIOD,
            length=current_length,
            source="judgement from a comparison of tidal atlases (docs/sea-tide.md); time scale: judgement",
        ),
        residual_error=ErrorScale(
            std=RESIDUAL_STD, time_scale=RESIDUAL_TIME, length=residual_length, source="judgement"
        ),
        wind_error=ErrorScale(
            std=STATED_WIND_STD if wind_std is None else wind_std,
            time_scale=WIND_ERROR_TIME,
            length=wind_length,
            source=judgement,
        ),
        tide=atlas,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Conditions:
    """The sea at one place and instant.

    `level` is in metres above mean sea level, None without a tide; current and wind are vectors to; `to_land` is the
    distance to the nearest land, None outside the mapped coast; `sources` are those of the current and of the wind.
    """

    at: Instant
    position: Position
    level: Metres | None
    current_east: MetresPerSecond
    current_north: MetresPerSecond
    wind_east: MetresPerSecond
    wind_north: MetresPerSecond
    to_land: Metres | None
    light: Light
    sources: tuple[str, ...]


def conditions(environment: Environment, at: Instant, position: Position) -> Conditions:
    """What the sea does at a place and an instant, with sources; where the tide is unknown it raises OutsideTide."""
    lat, lon = np.array([position.lat]), np.array([position.lon])
    level = None
    if environment.tide is not None:
        level = float(tidal_level(environment.tide, at, position.lat, position.lon))
    current = environment.current.velocity(at, lat, lon)
    wind = environment.wind.velocity(at, lat, lon)
    to_land = None
    if environment.coast is not None:
        metres_of_sea = float(environment.coast.distance(lat, lon)[0])
        to_land = metres_of_sea if np.isfinite(metres_of_sea) else None
    return Conditions(
        at=at,
        position=position,
        level=level,
        current_east=float(current[0][0]),
        current_north=float(current[1][0]),
        wind_east=float(wind[0][0]),
        wind_north=float(wind[1][0]),
        to_land=to_land,
        light=light(at, lat=position.lat, lon=position.lon),
        sources=(environment.current.source, environment.wind.source),
    )


def require_covered(environment: Environment, lat: FloatArray, lon: FloatArray) -> None:
    """Raise OutsideTide where not one position of a cloud lies inside the atlas; some outside are allowed."""
    current = environment.current
    if isinstance(current, TidalCurrent) and not current.covers(lat, lon).any():
        raise OutsideTide(
            "sea.outside_tide", position=Position(lat=float(lat[0]), lon=float(lon[0])), area=current.atlas.area
        )
