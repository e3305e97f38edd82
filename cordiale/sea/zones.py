"""Whose waters these are, and the lines drawn on the sea: territorial seas, search-and-rescue regions, traffic lanes.

Territorial waters are OpenStreetMap's, cut by tools/build_zones.py (ODbL 1.0). The other lines are vertices typed to
0.1' (185 m) with their source, none of them verified against the publication that defines it: every `Line` carries
`verified` and `source`, and views must show it. A line is only a layer on the picture: no search ends at one.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from cordiale.earth.units import BoolArray, Degrees, FloatArray
from cordiale.sea.tables import DATA, chart_angle, table

Names = NDArray[np.str_]
Kind = Literal["territorial", "search_region", "traffic"]

_CHUNK = 2048  # points looked at together, so that memory stays small
_REGIONS_BOX = (49.4, -2.895, 52.29, 3.7)
_INLAND_FR_BE = [(50.7, 2.9), (50.4, 3.7)]  # closes the regions over land, where nobody asks


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line on the sea.

    Parameters
    ----------
    key : str
        What it is; `say("sea.line." + key)` is its name.
    kind : "territorial", "search_region" or "traffic"
    lat, lon : Degrees, shape (n,)
        Vertices in order, joined by straight lines in latitude and longitude.
    verified : bool
        True when compared with the publication that defines it. None is yet.
    source : str
        Where the vertices were read.
    """

    key: str
    kind: Kind
    lat: FloatArray
    lon: FloatArray
    verified: bool
    source: str

    @property
    def name_key(self) -> str:
        """The entry of the word catalogues that names this line."""
        return f"sea.line.{self.key}"

    @property
    def coordinates(self) -> list[list[Degrees]]:
        """(lon, lat) pairs, as GeoJSON wants them."""
        return [[float(lon), float(lat)] for lat, lon in zip(self.lat, self.lon, strict=True)]


@cache
def lines() -> tuple[Line, ...]:
    """Every line on the sea: territorial limits and the median line, search regions, the traffic separation scheme."""
    source = f"{_zones()['attribution']}, November 2017; not compared with the agreements"
    mapped = [
        Line(key, "territorial", *_lat_lon(piece), False, source)
        for key, pieces in _zones()["lines"].items()
        for piece in pieces
    ]
    return tuple(mapped + _typed_lines())


@overload
def waters(*, lat: Degrees, lon: Degrees) -> str:
    """For one position."""


@overload
def waters(*, lat: FloatArray, lon: FloatArray) -> Names:
    """For arrays of positions."""


def waters(*, lat: Degrees | FloatArray, lon: Degrees | FloatArray) -> str | Names:
    """Whose territorial waters: "GB", "FR", "BE", "NL", or "none" beyond 12 nautical miles.

    Within 8 km of the shore land counts with its country; further inland, outside 49.7-52.3 N 0.7 W-3.7 E and for
    NaN the answer is "none". A text for one position, an array of texts for arrays. Accurate to 50 m where the
    boundaries are mapped rightly.
    """
    return _named(_waters(), lat, lon)


@overload
def search_region(*, lat: Degrees, lon: Degrees) -> str:
    """For one position."""


@overload
def search_region(*, lat: FloatArray, lon: FloatArray) -> Names:
    """For arrays of positions."""


def search_region(*, lat: Degrees | FloatArray, lon: Degrees | FloatArray) -> str | Names:
    """Whose search-and-rescue region: "UK", "FR", "BE" or "NL"; "none" outside 49.4-52.3 N 2.9 W-3.7 E.

    The boundary is typed to 0.1' and not verified: within 0.3 nautical miles of it the answer may be wrong.
    """
    return _named(_regions(), lat, lon)


def inside(ring: FloatArray, *, lat: FloatArray, lon: FloatArray) -> BoolArray:
    """True for points inside a ring of (lon, lat), closed or not: even-odd rule, straight edges in degrees."""
    start, end = ring, np.roll(ring, -1, axis=0)
    result = np.zeros(lat.shape, dtype=bool)
    for first in range(0, len(lat), _CHUNK):
        part = slice(first, first + _CHUNK)
        y, x = lat[part, np.newaxis], lon[part, np.newaxis]
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = start[:, 0] + (y - start[:, 1]) / (end[:, 1] - start[:, 1]) * (end[:, 0] - start[:, 0])
        passes = ((start[:, 1] <= y) != (end[:, 1] <= y)) & (x < crossing)
        result[part] = passes.sum(axis=1) % 2 == 1
    return result


def _named(areas: dict[str, list[FloatArray]], lat: Degrees | FloatArray, lon: Degrees | FloatArray) -> str | Names:
    lats, lons = np.broadcast_arrays(np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64))
    flat_lat, flat_lon = lats.ravel(), lons.ravel()
    names = np.full(flat_lat.size, "none")
    for name, rings in areas.items():
        within = np.zeros(flat_lat.size, dtype=bool)
        for ring in rings:  # a ring inside another one is a hole
            (west, south), (east, north) = ring.min(axis=0), ring.max(axis=0)
            near = (flat_lat >= south) & (flat_lat <= north) & (flat_lon >= west) & (flat_lon <= east)
            within[near] ^= inside(ring, lat=flat_lat[near], lon=flat_lon[near])
        names[within] = name
    return str(names[0]) if lats.ndim == 0 else names.reshape(lats.shape)


@cache
def _zones() -> dict[str, dict[str, list[list[list[float]]]]]:
    content: dict[str, dict[str, list[list[list[float]]]]] = json.loads(
        (DATA / "zones.json").read_text(encoding="utf-8")
    )
    return content


@cache
def _waters() -> dict[str, list[FloatArray]]:
    return {
        name: [np.array(ring) for polygon in polygons for ring in polygon]
        for name, polygons in _zones()["waters"].items()
    }


@cache
def _typed_lines() -> list[Line]:
    rows = table("zones_lines.csv")
    found = []
    for key in dict.fromkeys(row["line"] for row in rows):
        mine = sorted((row for row in rows if row["line"] == key), key=lambda row: int(row["order"]))
        lat = np.array([chart_angle(row["latitude"]) for row in mine])
        lon = np.array([chart_angle(row["longitude"]) for row in mine])
        kind: Kind = "traffic" if mine[0]["kind"] == "traffic" else "search_region"
        found.append(Line(key, kind, lat, lon, all(row["verified"] == "yes" for row in mine), mine[0]["source"]))
    return found


@cache
def _regions() -> dict[str, list[FloatArray]]:
    """The four search regions as rings, from the lines they share and the edges of the box."""
    south, west, north, east = _REGIONS_BOX
    edge = {line.key: list(zip(line.lat, line.lon, strict=True)) for line in _typed_lines()}
    gb_fr, fr_be = edge["search_region_gb_fr"], edge["search_region_fr_be"]
    gb_be, gb_nl, be_nl = (edge[f"search_region_{pair}"] for pair in ("gb_be", "gb_nl", "be_nl"))
    dutch_coast = (be_nl[-1][0], east)
    return {
        "UK": [_ring([*gb_fr, *gb_be, *gb_nl, (north, gb_nl[-1][1]), (north, west)])],
        "FR": [_ring([*gb_fr, *fr_be, *_INLAND_FR_BE, (south, east), (south, west)])],
        "BE": [_ring([*gb_be, *be_nl, dutch_coast, *reversed(_INLAND_FR_BE), *reversed(fr_be)])],
        "NL": [_ring([*be_nl, dutch_coast, (north, east), (north, gb_nl[-1][1]), *reversed(gb_nl)])],
    }


def _ring(corners: Iterable[tuple[float, float]]) -> FloatArray:
    return np.array([(lon, lat) for lat, lon in corners], dtype=np.float64)


def _lat_lon(pairs: list[list[float]]) -> tuple[FloatArray, FloatArray]:
    lon, lat = np.array(pairs, dtype=np.float64).T
    return lat, lon
