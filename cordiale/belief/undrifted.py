"""What clouds that did not drift at all would say of a place: the least that a forecast has to beat."""

import math
from dataclasses import dataclass

from cordiale.belief.region import Region
from cordiale.earth.geodesy import distance
from cordiale.earth.position import Position
from cordiale.earth.units import PerSquareMetre


@dataclass(frozen=True, kw_only=True, slots=True)
class Undrifted:
    """Density at a place (1/m2) of two clouds about the start whose region has the area of the forecast's.

    `normal`: a round normal cloud; `even`: a disc of one density.
    """

    normal: PerSquareMetre
    even: PerSquareMetre


def undrifted(region: Region, *, start: Position, place: Position) -> Undrifted:
    """The density at `place` of clouds about `start` as wide as `region` is: same probability in the same area.

    A round normal cloud of variance s2 holds the probability p within the area A = -2 pi s2 ln(1 - p).
    """
    away = float(distance(start.lat, start.lon, place.lat, place.lon))
    variance = float(region.area) / (-2 * math.pi * math.log(1 - region.probability))
    radius = math.sqrt(float(region.area) / math.pi)
    return Undrifted(
        normal=math.exp(-away * away / (2 * variance)) / (2 * math.pi * variance),
        even=region.probability / float(region.area) if away <= radius else 0.0,
    )
