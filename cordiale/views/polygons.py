"""Outlines of a region as GeoJSON (RFC 7946: longitude first, holes within the outline that holds them)."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from cordiale.belief.region import Ring

_FINE: Final = 5  # decimals of a degree; 1e-5 is a metre


def multi_polygon(rings: Sequence[Ring]) -> dict[str, Any]:
    """Closed rings of (lat, lon), outlines anticlockwise and holes clockwise, as one MultiPolygon."""
    outlines = [ring for ring in rings if _turn(ring) > 0]
    holes = [ring for ring in rings if _turn(ring) <= 0]
    polygons = [[_coordinates(outline)] for outline in outlines]
    for hole in holes:
        home = next((k for k, outline in enumerate(outlines) if _inside(hole[0], outline)), None)
        if home is not None:
            polygons[home].append(_coordinates(hole))
    return {"type": "MultiPolygon", "coordinates": polygons}


def _coordinates(ring: Ring) -> list[list[float]]:
    places: list[list[float]] = np.round(ring[:, ::-1], _FINE).tolist()
    places[-1] = places[0]
    return places


def _turn(ring: Ring) -> float:
    """Twice the area in square degrees, positive for an outline (anticlockwise)."""
    lat, lon = ring[:, 0], ring[:, 1]
    return float(np.sum(lon[:-1] * lat[1:] - lon[1:] * lat[:-1]))


def _inside(place: Ring, ring: Ring) -> bool:
    lat, lon = ring[:, 0], ring[:, 1]
    spans = (lat[:-1] > place[0]) != (lat[1:] > place[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = lon[:-1] + (place[0] - lat[:-1]) / (lat[1:] - lat[:-1]) * (lon[1:] - lon[:-1])
    return bool(np.sum(spans & (place[1] < crossing)) % 2)
