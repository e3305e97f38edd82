"""The tide of the strait: level and current of the top metres from harmonic constants on a regular grid.

The constants are ours: a shallow-water model of the eastern Channel and the southern North Sea fitted to tide gauges,
made by `tools/build_tide.py` and described in docs/sea-tide.md. Outside the atlas a single position raises, positions
in arrays get NaN.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import BoolArray, Degrees, FloatArray, Instant, Metres, MetresPerSecond
from cordiale.sea.astronomy import phasors

ConstantArray = NDArray[np.complex64]


class OutsideTide(CordialeError):
    """A position where the tidal atlas knows nothing: on land, or beyond its edges."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TideAtlas:
    """Harmonic constants A exp(-ig) of level (m) and eastward and northward surface current (m/s) on a regular grid.

    `constants` has shape (3, constituents, lat, lon): level, eastward, northward; zero where `known` is false. `known`
    also covers a fringe of about 4 km of land, filled from the nearest sea, so that a boat at the beach has a current;
    `sea` is the model's own water. `minor` holds small constituents as (name, parent, complex ratio to the parent's
    constants). `level_std` and `current_std` (each component) are standard errors, derived in docs/sea-tide.md.
    """

    constituents: tuple[str, ...]
    minor: tuple[tuple[str, str, complex], ...]
    south: Degrees
    west: Degrees
    lat_step: Degrees
    lon_step: Degrees
    constants: ConstantArray
    known: BoolArray
    sea: BoolArray
    level_std: Metres
    current_std: MetresPerSecond
    source: str

    @property
    def north(self) -> Degrees:
        """Latitude of the northernmost grid line."""
        return self.south + self.lat_step * (len(self.known) - 1)

    @property
    def east(self) -> Degrees:
        """Longitude of the easternmost grid line."""
        return self.west + self.lon_step * (len(self.known[0]) - 1)

    @property
    def area(self) -> str:
        """The box of the atlas in words of a chart: `50.10-51.80 N, 0.10-3.30 E`."""
        return f"{self.south:.2f}-{self.north:.2f} N, {self.west:.2f}-{self.east:.2f} E"

    def __reduce_ex__(self, protocol: Any) -> Any:
        """The packaged atlas travels to another process as its name: each process reads its own once."""
        return (load_tide, ()) if self is load_tide() else object.__reduce_ex__(self, protocol)

    def __str__(self) -> str:
        return f"tidal atlas {self.area}: {' '.join(self.constituents)}; {self.source}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A box of sea in degrees, all four sides included."""

    south: Degrees
    north: Degrees
    west: Degrees
    east: Degrees


@cache
def load_tide() -> TideAtlas:
    """The packaged atlas of the Dover Strait. The same object every time; a second call costs nothing."""
    with np.load(str(files("cordiale.sea") / "data" / "tide.npz")) as stored:
        rows, columns = (int(n) for n in stored["shape"])
        cells, scale = stored["cells"], stored["scale"]
        constants = np.zeros((*scale.shape, rows * columns), dtype=np.complex64)
        for part, numbers in zip((constants.real, constants.imag), stored["constants"], strict=True):
            part[:, :, cells] = numbers * scale[:, :, None]
        known = np.zeros((2, rows * columns), dtype=np.bool_)
        known[0, cells] = True
        known[1, cells] = stored["sea"]
        south, west, lat_step, lon_step = (float(x) for x in stored["grid"])
        level_std, current_std = (float(x) for x in stored["std"])
        return TideAtlas(
            constituents=tuple(str(name) for name in stored["constituents"]),
            minor=tuple(
                (str(child), str(parent), complex(ratio))
                for child, parent, ratio in zip(stored["minor"], stored["parents"], stored["ratios"], strict=True)
            ),
            south=south,
            west=west,
            lat_step=lat_step,
            lon_step=lon_step,
            constants=constants.reshape(*scale.shape, rows, columns),
            known=known[0].reshape(rows, columns),
            sea=known[1].reshape(rows, columns),
            level_std=level_std,
            current_std=current_std,
            source=str(stored["source"]),
        )


def tidal_level(
    atlas: TideAtlas, at: Instant | FloatArray, lat: Degrees | FloatArray, lon: Degrees | FloatArray
) -> FloatArray:
    """Height of the tide above mean sea level in metres, without surge.

    `at`, `lat`, `lon` broadcast to one shape, which the answer has. A scalar position outside the atlas raises
    OutsideTide; positions in arrays give NaN there. Valid 1900-2100.
    """
    level: FloatArray = _synthesis(atlas, at, lat, lon, slice(0, 1))[0]
    return level


def tidal_current(
    atlas: TideAtlas, at: Instant | FloatArray, lat: Degrees | FloatArray, lon: Degrees | FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Eastward and northward tidal current of the top metres in m/s.

    `at`, `lat`, `lon` broadcast to one shape, which the answer has. A scalar position outside the atlas raises
    OutsideTide; positions in arrays give NaN there, and the caller decides. Valid 1900-2100.
    """
    both = _synthesis(atlas, at, lat, lon, slice(1, 3))
    return both[0], both[1]


def tidal_phasors(
    constituents: tuple[str, ...], minor: tuple[tuple[str, str, complex], ...], at: Instant | FloatArray
) -> NDArray[np.complex128]:
    """The phasor of each stored constituent with its minor ones folded in, shape (constituents, ...)."""
    count = len(constituents)
    every = phasors(constituents + tuple(child for child, _, _ in minor), at)
    folded = every[:count].copy()
    for (_, parent, ratio), phasor in zip(minor, every[count:], strict=True):
        folded[constituents.index(parent)] += ratio * phasor
    return folded


def _phasors(
    constituents: tuple[str, ...], minor: tuple[tuple[str, str, complex], ...], at: Instant | FloatArray
) -> NDArray[np.complex128]:
    """`tidal_phasors`, those of a single instant made once."""
    if np.ndim(at) > 0:
        return tidal_phasors(constituents, minor, at)
    return _phasors_of_instant(constituents, minor, float(at))


_phasors_of_instant = lru_cache(maxsize=256)(tidal_phasors)


def window_around(lat: FloatArray, lon: FloatArray, margin: Degrees = 0.05) -> Window:
    """The box of the finite positions of a cloud, widened by a margin in degrees."""
    return Window(
        south=float(np.nanmin(lat)) - margin,
        north=float(np.nanmax(lat)) + margin,
        west=float(np.nanmin(lon)) - margin,
        east=float(np.nanmax(lon)) + margin,
    )


def _synthesis(
    atlas: TideAtlas, at: Instant | FloatArray, lat: Degrees | FloatArray, lon: Degrees | FloatArray, parts: slice
) -> FloatArray:
    single = np.ndim(lat) == 0 and np.ndim(lon) == 0
    where_lat, where_lon = np.broadcast_arrays(np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64))
    constants = _constants_at(atlas, where_lat.ravel(), where_lon.ravel(), parts)
    if single and np.isnan(constants.real).any():
        raise OutsideTide("sea.outside_tide", position=Position(lat=float(lat), lon=float(lon)), area=atlas.area)
    constants = constants.reshape(*constants.shape[:2], *where_lat.shape)
    turned = _phasors(atlas.constituents, atlas.minor, at)
    if single:
        constants = constants.reshape(*constants.shape[:2], *(1 for _ in range(turned.ndim - 1)))
    elif turned.ndim == 1:
        turned = turned.reshape(-1, *(1 for _ in range(where_lat.ndim)))
    return np.asarray((constants * turned).real.sum(axis=1))


def _constants_at(atlas: TideAtlas, lat: FloatArray, lon: FloatArray, parts: slice) -> NDArray[np.complex128]:
    rows, columns = atlas.known.shape
    corners, weights, inside = _corners(
        (lat - atlas.south) / atlas.lat_step, (lon - atlas.west) / atlas.lon_step, rows, columns
    )
    known = atlas.known.ravel()[corners] * weights
    share = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        known = known / np.where(inside & (share > 0), share, np.nan)
    chosen = atlas.constants[parts]
    flat = chosen.reshape(*chosen.shape[:2], -1)
    return np.asarray(np.einsum("kn,pckn->pcn", known, flat[:, :, corners]))


def _corners(
    row: FloatArray, column: FloatArray, rows: int, columns: int
) -> tuple[NDArray[np.intp], FloatArray, BoolArray]:
    """Flat numbers and bilinear weights (4, n) of the corners around fractional rows and columns, and who is inside."""
    inside = (row >= 0) & (row <= rows - 1) & (column >= 0) & (column <= columns - 1)
    row, column = np.where(inside, row, 0.0), np.where(inside, column, 0.0)
    i = np.minimum(row.astype(np.intp), rows - 2)
    j = np.minimum(column.astype(np.intp), columns - 2)
    up, right = row - i, column - j
    first = i * columns + j
    corners = np.stack([first, first + 1, first + columns, first + columns + 1])
    weights = np.stack([(1 - up) * (1 - right), (1 - up) * right, up * (1 - right), up * right])
    return corners, weights, inside
