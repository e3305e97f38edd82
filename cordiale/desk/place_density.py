"""How probable one place is in a forecast, beside clouds of the same area that did not drift."""

from dataclasses import dataclass

import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.density import density_at
from cordiale.belief.region import Region
from cordiale.belief.undrifted import undrifted
from cordiale.earth.geodesy import distance
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Metres, PerSquareMetre, Probability, SquareMetres

NEAR = 2 * NM


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceDensity:
    """The density of a forecast at a place (1/m2), whether its region holds it, and what undrifted clouds would say.

    `undrifted_normal` and `undrifted_even`: the density at the place of a round normal cloud, and of an even disc,
    about the start, whose region of the same probability has the same area. `nearest`: to the nearest particle (m).
    """

    place: Position
    density: PerSquareMetre
    within_region: bool
    near: Probability
    nearest: Metres
    area: SquareMetres
    undrifted_normal: PerSquareMetre
    undrifted_even: PerSquareMetre


def density_at_place(belief: Belief, region: Region, start: Position, place: Position) -> PlaceDensity:
    """What a forecast says of one place, against no drift at all from the start."""
    lat, lon = np.array([place.lat]), np.array([place.lon])
    still = undrifted(region, start=start, place=place)
    away = distance(belief.lat, belief.lon, place.lat, place.lon)
    return PlaceDensity(
        place=place,
        density=float(density_at(region.density, lat, lon)[0]),
        within_region=bool(region.holds(lat, lon)[0]),
        near=float(belief.weight[away <= NEAR].sum()),
        nearest=float(np.min(away)),
        area=float(region.area),
        undrifted_normal=still.normal,
        undrifted_even=still.even,
    )
