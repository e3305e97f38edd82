"""What fields are called in CF files, and the units they come in.

Source: CF Standard Name Table 88 (names), CF Conventions 1.11 section 3.1 (units; UDUNITS spellings in use), and for
numbers of GRIB parameters the WMO and ECMWF tables (165 and 166: 10 m wind, 131 and 132 of other levels are not used).
"""

from dataclasses import dataclass
from typing import Final, Literal

from cordiale.earth.units import MetresPerSecond, Quantity, degrees, hours, km, knots

Turn = Literal["east_north", "grid", "from", "to"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two standard names that make a vector: components to east and north, along the grid, or speed and direction."""

    first: str
    second: str
    turn: Turn


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A vector quantity: the pairs of names it goes by, the most it can be, and whether it ends at a coast."""

    word: str
    pairs: tuple[Pair, ...]
    most: MetresPerSecond
    coastal: bool


def _pairs(turn: Turn, *names: str) -> tuple[Pair, ...]:
    return tuple(Pair(first=a, second=b, turn=turn) for a, b in (name.split(" ") for name in names))


CURRENT: Final = Kind(
    word="current",
    pairs=(
        *_pairs(
            "east_north",
            "surface_eastward_sea_water_velocity surface_northward_sea_water_velocity",
            "eastward_sea_water_velocity northward_sea_water_velocity",
            "barotropic_eastward_sea_water_velocity barotropic_northward_sea_water_velocity",
        ),
        *_pairs(
            "grid",
            "sea_water_x_velocity sea_water_y_velocity",
            "x_sea_water_velocity y_sea_water_velocity",
            "surface_sea_water_x_velocity surface_sea_water_y_velocity",
            "barotropic_sea_water_x_velocity barotropic_sea_water_y_velocity",
        ),
        *_pairs(
            "to", "sea_water_speed sea_water_velocity_to_direction", "sea_water_speed direction_of_sea_water_velocity"
        ),
        *_pairs("from", "sea_water_speed sea_water_velocity_from_direction"),
    ),
    most=10.0,
    coastal=True,
)
WIND: Final = Kind(
    word="wind",
    pairs=(
        *_pairs("east_north", "eastward_wind northward_wind"),
        *_pairs("grid", "x_wind y_wind"),
        *_pairs("from", "wind_speed wind_from_direction"),
        *_pairs("to", "wind_speed wind_to_direction"),
    ),
    most=100.0,
    coastal=False,
)
STOKES: Final = Kind(
    word="Stokes drift",
    pairs=(
        *_pairs(
            "east_north",
            "sea_surface_wave_stokes_drift_eastward_velocity sea_surface_wave_stokes_drift_northward_velocity",
        ),
        *_pairs("grid", "sea_surface_wave_stokes_drift_x_velocity sea_surface_wave_stokes_drift_y_velocity"),
        *_pairs("to", "sea_surface_wave_stokes_drift_speed sea_surface_wave_stokes_drift_to_direction"),
    ),
    most=5.0,
    coastal=True,
)
GRIB_PARAMETERS: Final[dict[int, str]] = {
    165: "eastward_wind",
    166: "northward_wind",
    167: "air_temperature",
    3020: "visibility_in_air",
    34: "sea_surface_temperature",
    140215: "sea_surface_wave_stokes_drift_eastward_velocity",
    140216: "sea_surface_wave_stokes_drift_northward_velocity",
    140229: "sea_surface_wave_significant_height",
    140232: "sea_surface_wave_mean_period",
    228023: "height_of_cloud_base",
    262140: "surface_eastward_sea_water_velocity",
    262139: "surface_northward_sea_water_velocity",
}
_METRES_PER_SECOND = (
    "m s-1",
    "m/s",
    "m s**-1",
    "m.s-1",
    "m s^-1",
    "ms-1",
    "meter second-1",
    "metre second-1",
    "m s^{-1}",
)
SPEEDS: Final[dict[str, Quantity]] = {
    **dict.fromkeys(_METRES_PER_SECOND, 1.0),
    **dict.fromkeys(("cm s-1", "cm/s"), 0.01),
    **dict.fromkeys(("knot", "knots", "kt", "kts", "kn"), knots),
    **dict.fromkeys(("km h-1", "km/h", "km hr-1"), km / hours),
}
ANGLES: Final[dict[str, Quantity]] = {
    **dict.fromkeys(("degree", "degrees", "degree_true", "degrees_true", "deg", "°"), degrees),
    **dict.fromkeys(("radian", "radians", "rad", "1"), 1.0),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Scalar:
    """A scalar quantity: unit spellings with factor and offset to ours, and the range outside which it cannot be."""

    units: dict[str, tuple[Quantity, Quantity]]
    least: Quantity
    most: Quantity
    coastal: bool


_LENGTHS: Final[dict[str, tuple[Quantity, Quantity]]] = {
    **dict.fromkeys(("m", "metre", "meter", "metres", "meters"), (1.0, 0.0)),
    **dict.fromkeys(("km", "kilometre", "kilometer"), (km, 0.0)),
    **dict.fromkeys(("ft", "feet", "foot"), (0.3048, 0.0)),
}
_WARMTH: Final[dict[str, tuple[Quantity, Quantity]]] = {
    **dict.fromkeys(("K", "kelvin", "degK"), (1.0, -273.15)),
    **dict.fromkeys(("degC", "degree_C", "degrees_C", "degree_Celsius", "celsius", "Celsius", "°C"), (1.0, 0.0)),
}
_PERIODS: Final[dict[str, tuple[Quantity, Quantity]]] = dict.fromkeys(("s", "second", "seconds", "sec"), (1.0, 0.0))
_SEA_WARMTH = Scalar(units=_WARMTH, least=-3.0, most=40.0, coastal=True)
_AIR_LENGTH = Scalar(units=_LENGTHS, least=0.0, most=500 * km, coastal=False)
_WAVE_PERIOD = Scalar(units=_PERIODS, least=0.0, most=60.0, coastal=True)
SCALARS: Final[dict[str, Scalar]] = {
    "visibility_in_air": _AIR_LENGTH,
    "cloud_base_altitude": _AIR_LENGTH,
    "height_of_cloud_base": _AIR_LENGTH,
    "sea_water_temperature": _SEA_WARMTH,
    "sea_water_potential_temperature": _SEA_WARMTH,
    "sea_surface_temperature": _SEA_WARMTH,
    "air_temperature": Scalar(units=_WARMTH, least=-70.0, most=60.0, coastal=False),
    "sea_surface_wave_significant_height": Scalar(units=_LENGTHS, least=0.0, most=40.0, coastal=True),
    "sea_surface_wave_mean_period": _WAVE_PERIOD,
    "sea_surface_wave_period_at_variance_spectral_density_maximum": _WAVE_PERIOD,
    "sea_surface_height_above_geoid": Scalar(units=_LENGTHS, least=-20.0, most=20.0, coastal=True),
}
LONG_NAMES: Final[dict[str, str]] = {
    "10 metre U wind component": "eastward_wind",
    "10 metre V wind component": "northward_wind",
    "Sea surface temperature": "sea_surface_temperature",
    "Significant height of combined wind waves and swell": "sea_surface_wave_significant_height",
    "Mean wave period": "sea_surface_wave_mean_period",
    "Cloud base height": "height_of_cloud_base",
}
