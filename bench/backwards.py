"""Drift backwards: does the region hold the true origin as often as it says, and do two seeds agree?

Run: python bench/backwards.py. About two minutes. Origins are drawn from the prior, finds made by the forward drift
with another seed; so the rows say that inference and forward model agree, and not that the sea errs as we assume.
"""

import sys
import time
from dataclasses import dataclass, replace

import numpy as np

from cordiale.belief.backwards import Find, Origin, OriginBelief, origin_of, origin_region
from cordiale.belief.backwards_find import as_found
from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.report import Area, Fix
from cordiale.belief.scenario import first_belief
from cordiale.boats.search_object import search_object
from cordiale.earth.chance import Stream
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import destination
from cordiale.earth.instants import Span, utc
from cordiale.earth.position import Position
from cordiale.earth.units import hours, km, minutes
from cordiale.sea.analytic import Spit, TidalEllipse, analytic_sea
from cordiale.sea.environment import Environment, the_strait
from cordiale.sea.wind import ConstantWind

AT = utc("2021-11-24 12:00")
WITHIN = 600.0  # of each find, metres with 95 %
STEP = 30 * minutes  # an even tide needs no shorter one
SOMEWHERE = Fix(position=Position(lat=51.0, lon=1.5), within=WITHIN)
WHEN = Span(earliest=AT - 11 * hours, latest=AT - 5 * hours)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One kind of case: the sea, the prior, what was found how long after the first find, ashore or not."""

    name: str
    sea: Environment
    origin: Origin
    found: tuple[tuple[str, float], ...]
    cases: int
    count: int
    ashore: bool = False


def box(south: float, west: float, north: float, east: float) -> Area:
    """A rectangle of sea."""
    corners = ((south, west), (south, east), (north, east), (north, west))
    return Area(corners=tuple(Position(lat=lat, lon=lon) for lat, lon in corners))


def tidal_sea(coast: Spit | None = None, eastward: float = 3.0) -> Environment:
    """An even tide, 5 m/s of wind, errors as large as on the packaged strait."""
    return analytic_sea(
        TidalEllipse(major=1.2, axis=40.0, minor=0.1, strongest=AT),
        wind=ConstantWind(eastward=eastward, northward=4.0, source="bench"),
        coast=coast,
        current_std=0.15,
        wind_std=2.0,
        residual_std=0.08,
        time_scale=6 * hours,
    )


def trials(scale: float) -> tuple[Trial, ...]:
    """The kinds of cases; `scale` makes fewer of each."""
    wide = Origin(where=box(50.8, 1.1, 51.3, 1.9), when=WHEN)
    spot = Fix(position=Position(lat=51.0, lon=1.5), within=12 * km)
    beach = Spit(west=1.9, east=2.1)
    strait = the_strait(ConstantWind(eastward=2.0, northward=3.0, source="bench"))
    one, two = (("debris", 0.0),), (("debris", 0.0), ("body", 1.5 * hours))
    sea = tidal_sea()

    def cases(number: int) -> int:
        return max(round(number * scale), 1)

    return (
        Trial(name="even tide, box, one find", sea=sea, origin=wide, found=one, cases=cases(300), count=500),
        Trial(
            name="even tide, normal prior, one find",
            sea=sea,
            origin=Origin(where=spot, when=WHEN),
            found=one,
            cases=cases(100),
            count=800,
        ),
        Trial(name="even tide, box, two finds", sea=sea, origin=wide, found=two, cases=cases(60), count=1500),
        Trial(
            name="even tide, began under way",
            sea=sea,
            origin=Origin(where=spot, when=WHEN, under_way=0.7),
            found=one,
            cases=cases(60),
            count=3000,
        ),
        Trial(
            name="even tide, found ashore",
            sea=tidal_sea(beach, 7.0),
            origin=Origin(where=box(50.9, 1.6, 51.1, 1.88), when=WHEN),
            found=one,
            cases=cases(60),
            count=3000,
            ashore=True,
        ),
        Trial(name="packaged strait, one find", sea=strait, origin=wide, found=one, cases=cases(60), count=500),
    )


def truth_of(trial: Trial, case: int) -> tuple[Belief, tuple[Find, ...]] | None:
    """An origin from the prior and what is found of it; None where it does not come to be found so."""
    stream = Stream.of_seed(10_000 + case).child(trial.name)
    start = first_belief(
        trial.origin.readings,
        at=trial.origin.when,
        stream=stream,
        count=1,
        search_for=search_object(trial.found[0][0]),
        under_way=trial.origin.under_way,
        propulsion=trial.origin.propulsion,
        coast=trial.sea.coast,
    )
    finds: list[Find] = []
    for number, (key, later) in enumerate(trial.found):
        kind = Find(where=SOMEWHERE, at=AT + later, search_for=search_object(key), ashore=trial.ashore)
        end = drift(as_found(start, kind, number), trial.sea, until=kind.at, step=STEP)
        if bool(end.stranded[0]) != trial.ashore:
            return None
        error = WITHIN / 2.4477 * stream.child("error").normals(np.zeros(1, dtype=np.int64), int(later))[0]
        lat, lon = destination(end.lat, end.lon, error[:1], error[1:])
        place = Fix(position=Position(lat=float(lat[0]), lon=float(lon[0])), within=WITHIN)
        finds.append(replace(kind, where=place))
    return start, tuple(finds)


def asked(trial: Trial, finds: tuple[Find, ...], seed: int) -> OriginBelief | None:
    """The answer, or None where it is refused."""
    try:
        return origin_of(finds, trial.origin, trial.sea, stream=Stream.of_seed(seed), count=trial.count, step=STEP)
    except CordialeError:
        return None


def row(trial: Trial) -> str:
    """How often the regions and spans held the truth, over the cases of a trial."""
    held: list[tuple[float, ...]] = []
    refused = exact = case = 0
    apart = []
    began = time.process_time()
    while len(held) + refused < trial.cases and case < 40 * trial.cases:
        case += 1
        made = truth_of(trial, case)
        if made is None:
            continue
        truth, finds = made
        answer = asked(trial, finds, case)
        if answer is None:
            refused += 1
            continue
        exact += answer.exact
        half, most = origin_region(answer, 0.5), origin_region(answer, 0.9)
        inside = [float(r.holds(truth.lat, truth.lon)[0]) for r in (half, most)]
        spans = [s.earliest <= truth.start[0] <= s.latest for s in (answer.times(0.5), answer.times(0.9))]
        held.append((*inside, *map(float, spans), half.area / km**2, most.area / km**2, answer.effective))
        if case % 10 == 1 and (again := asked(trial, finds, 77_000 + case)) is not None:
            overlap = float(again.cloud.weight @ most.holds(again.cloud.lat, again.cloud.lon))
            apart.append(abs(overlap - 0.9))
    figures = np.mean(held, axis=0)
    return (
        f"{trial.name:34s} {len(held):4d} cases, {refused} refused, {exact} exact: "
        f"place {figures[0] * 100:3.0f} / {figures[1] * 100:3.0f} %, "
        f"time {figures[2] * 100:3.0f} / {figures[3] * 100:3.0f} %, "
        f"{figures[4]:.0f} / {figures[5]:.0f} km2, effective {figures[6]:.0f} of {trial.count}, "
        f"another seed's mass in the 90 % region off by {np.mean(apart) * 100:.1f} points, "
        f"{time.process_time() - began:.0f} s"
    )


def main() -> None:
    """All trials, or fewer cases with an argument such as 0.1."""
    for trial in trials(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0):
        print(row(trial), flush=True)


if __name__ == "__main__":
    main()
