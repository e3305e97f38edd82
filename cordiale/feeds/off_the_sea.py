"""A position far from every sea that the packaged chart knows is kept as it was given, and doubted aloud.

E typed as W puts a boat of the strait on the Wiltshire downs: no field of the report is wrong, and nothing can be moved
there. Who typed it learns it while the caller is still on the line.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from cordiale.belief.reading import spot
from cordiale.earth.errors import CordialeError
from cordiale.earth.position import Position
from cordiale.earth.units import NM, Metres
from cordiale.feeds.line import FeedLine
from cordiale.sea.coast import distance_to_land, load_coast

INLAND: Final[Metres] = 3 * NM  # judgement: a beach is named after the town behind it
FLAG: Final = "off_the_sea"


def doubted(line: FeedLine) -> FeedLine:
    """The line, with the flag `off_the_sea` and a problem where no reading of its position lies at sea or near it.

    Positions of our own craft are left alone: they have bases.
    """
    report = line.report
    centres = [spot(reading.place).centre for reading in report.where]
    if not centres or report.kind == "asset_position" or any(_at_sea(place) for place in centres):
        return line
    best = max(zip(report.where, centres, strict=True), key=lambda pair: pair[0].probability)[1]
    mirrored = Position(lat=best.lat, lon=-best.lon)
    if _at_sea(mirrored):
        problem = CordialeError("feeds.off_the_sea_mirrored", position=str(best), mirrored=str(mirrored))
    else:
        problem = CordialeError("feeds.off_the_sea", position=str(best), inland_nm=INLAND / NM)
    return replace(line, report=replace(report, flags=(*report.flags, FLAG)), problems=(*line.problems, problem))


def _at_sea(place: Position) -> bool:
    """Whether a place lies in the sea of the chart or at most `INLAND` behind its shore; outside it does not."""
    distance = distance_to_land(load_coast(), np.array([place.lat]), np.array([place.lon]))
    return bool(distance[0] >= -INLAND)  # NaN outside
