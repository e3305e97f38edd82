"""How far the boats of a grouping are from the true ones: GOSPA in its q-metric with rho 0.1, hour by hour.

Every method gets the same plain tracks: straight lines between the positions of a group, the last one held for an
hour, none after an ending. So the figure tells groupings apart and says nothing of drift.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from statistics import mean

from bench.nights_baselines import placed
from cordiale.earth.geodesy import displacement
from cordiale.earth.units import Instant, Metres, Seconds, hours, km
from tests.worlds.generate import Night
from tests.worlds.gospa import gospa

CUT_OFF: Metres = 10 * km
RHO = 0.1  # a missed boat costs nine times a false one
HELD: Seconds = 1 * hours
ENDS = {"recovery", "landing", "return"}
CENTRE = (51.0, 1.6)
Point = tuple[float, float]


def mean_gospa(night: Night, groups: Mapping[str, str]) -> float:
    """Mean over the full hours with a boat at sea, p = 2, in km; the cut-off of a missed boat is 9.5 km."""
    tracks = _tracks(night, groups)
    costs = []
    for k in range(1, int(night.recipe.lasts / hours)):
        at = night.begins + k * hours
        truth = [_plane(*night.truth.boats[name].at(at)) for name in night.truth.afloat(at)]
        if truth:
            given = [place for track in tracks if (place := _at(track, at)) is not None]
            costs.append(gospa(truth, given, c=CUT_OFF, p=2, rho=RHO).total / km)
    return mean(costs) if costs else 0.0


def _plane(lat: float, lon: float) -> Point:
    east, north = displacement(*CENTRE, lat, lon)
    return float(east), float(north)


def _tracks(night: Night, groups: Mapping[str, str]) -> list[list[tuple[Instant, Point, bool]]]:
    """For each group: instant, place, and whether it ends there, in order."""
    tracks = defaultdict(list)
    for report in night.about_boats:
        here = placed(report)
        if here is not None and report.kind != "find":
            label = groups.get(report.name, f"alone/{report.name}")
            tracks[label].append((report.event.middle, _plane(*here[:2]), report.kind in ENDS))
    return [sorted(t) for t in tracks.values()]


def _at(track: list[tuple[Instant, Point, bool]], at: Instant) -> Point | None:
    k = bisect_right([t for t, _, _ in track], at)
    if k == 0:
        return None
    t0, place, ended = track[k - 1]
    if k == len(track):
        return place if not ended and at - t0 <= HELD else None
    t1, other, _ = track[k]
    part = (at - t0) / (t1 - t0) if t1 > t0 else 0.0
    return place[0] + part * (other[0] - place[0]), place[1] + part * (other[1] - place[1])
