"""Beside OpenDrift Leeway: same table, parity on its own test data, speed, and the cases of docs/opendrift.md.

Run: python bench/opendrift.py PYTHON DATA [WORK] [table parity speed cases spit]

PYTHON is a Python that has OpenDrift (another process: it is never imported here), DATA the folder
tests/test_data/16Nov2015_NorKyst_z_surface of its source distribution, WORK a folder for forcing and results.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np

from cordiale.belief.belief import Belief
from cordiale.belief.drift import drift
from cordiale.belief.report import Fix
from cordiale.belief.scenario import first_belief
from cordiale.boats.leeway import LeewayClass, Line, leeway_class, leeway_table
from cordiale.boats.search_object import SearchObject
from cordiale.earth.chance import Stream
from cordiale.earth.geodesy import destination, displacement, distance
from cordiale.earth.instants import utc
from cordiale.earth.position import Position
from cordiale.earth.units import FloatArray, days, hours, km
from cordiale.sea.analytic import Spit, UniformCurrent, analytic_sea
from cordiale.sea.environment import Environment
from cordiale.sea.grid import GriddedField, Lattice
from cordiale.sea.wind import ConstantWind

PEER = Path(__file__).with_name("opendrift_peer.py")
AT = utc("2015-11-16 06:00")
PLACE = Position(lat=60.2, lon=3.7)
COUNT = 2000
PARTS = ("table", "parity", "speed", "cases", "spit")


class Peer:
    """OpenDrift in a process of its own, working through files in one folder."""

    def __init__(self, python: str, data: Path, work: Path) -> None:
        self.python, self.data, self.work = python, data, work
        self.forcing = work / "forcing.nc"
        if not self.forcing.exists():
            self.call("regrid", str(data), str(self.forcing))

    def call(self, *arguments: str) -> float:
        """Wall seconds of one call."""
        begin = time.perf_counter()
        done = subprocess.run([self.python, str(PEER), *arguments], check=False, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        return time.perf_counter() - begin

    def run(self, cases: list[dict[str, Any]]) -> tuple[list[Any], float]:
        """The positions of each case, and the wall seconds of the process."""
        for number, case in enumerate(cases):
            places = self.work / f"places{number}.npz"
            np.savez(places, **case.pop("places"))
            case.update(places=str(places), out=str(self.work / f"out{number}.npz"))
        (self.work / "cases.json").write_text(json.dumps(cases))
        wall = self.call("run", str(self.work / "cases.json"))
        return [dict(np.load(case["out"])) for case in cases], wall


def forcing(path: Path) -> tuple[GriddedField, GriddedField]:
    """Current and wind of the file that both read."""
    with netCDF4.Dataset(path) as data:
        lat, lon = data["lat"][:].filled(), data["lon"][:].filled()
        lattice = Lattice(
            south=lat[0],
            west=lon[0],
            lat_step=(lat[-1] - lat[0]) / (lat.size - 1),
            lon_step=(lon[-1] - lon[0]) / (lon.size - 1),
            rows=lat.size,
            columns=lon.size,
        )
        fields = []
        for kind in ("sea_water_velocity", "wind"):
            east, north = (np.ma.filled(data[f"{d}_{kind}"][:], np.nan) for d in ("x", "y"))
            known = np.isfinite(east)
            tile = np.zeros((*east.shape, 4), dtype=np.float32)
            tile[..., 0], tile[..., 1], tile[..., 2] = np.nan_to_num(east), np.nan_to_num(north), known
            fields.append(
                GriddedField(
                    quantity=kind,
                    lattice=lattice,
                    instants=data["time"][:].filled(),
                    tile=tile,
                    covered=np.full(known.shape[1:], True),
                    coastal=True,
                    longest_step=2 * hours,
                    source=path.name,
                )
            )
    return fields[0], fields[1]


def cloud(what: SearchObject, count: int, *, place: Position = PLACE, within: float = 5 * km, seed: int = 1) -> Belief:
    """Objects adrift around a place."""
    chance = Stream.of_seed(seed).child("beside OpenDrift")
    fix = Fix(position=place, within=within)
    return first_belief(fix, at=AT, stream=chance, count=count, search_for=what, under_way=0.0)


def one_class(key: str) -> SearchObject:
    """A search object of one leeway class."""
    return SearchObject(key=key, name=key, classes=(leeway_class(key),), weights=(1.0,), source="bench")


def of_slopes(downwind: FloatArray, crosswind: FloatArray) -> SearchObject:
    """Objects with these slopes, the same on both sides and without residual: jibes and laws of chance play no part."""
    still = {"offset": 0.0, "residual_std": 0.0}
    classes = tuple(
        LeewayClass(
            key=str(n),
            name=str(n),
            downwind=Line(slope=a, **still),
            right=Line(slope=c, **still),
            left=Line(slope=c, **still),
            source="bench",
        )
        for n, (a, c) in enumerate(zip(downwind, crosswind, strict=True))
    )
    weights = (1 / downwind.size,) * downwind.size
    return SearchObject(key="parity", name="parity", classes=classes, weights=weights, source="bench")


def at_their_places(belief: Belief) -> dict[str, FloatArray]:
    """Where the other side seeds."""
    return {"lon": belief.lon, "lat": belief.lat}


def table(peer: Peer) -> None:
    """Number by number: the coefficients of both."""
    out = peer.work / "table.json"
    peer.call("table", str(out))
    theirs = json.loads(out.read_text())
    same = 0
    for item in leeway_table().values():
        lines = (item.downwind, item.right, item.left)
        ours = [x for line in lines for x in (100 * line.slope, 100 * line.offset, 100 * line.residual_std)]
        name, *numbers = theirs[str(item.entry)]
        same += name == item.published and bool(np.allclose(ours, numbers, atol=1e-9))
    print(f"table: {same} of {len(theirs)} rows have the same name and the same nine numbers")


def parity(peer: Peer) -> None:
    """Same slopes, same places, no chance: how far apart after 24 h."""
    rng = np.random.default_rng(2)
    kinds = 64
    downwind, crosswind = (
        np.abs(0.037 + 0.12 / 20 * rng.standard_normal(kinds)),
        0.0198 * np.where(np.arange(kinds) % 2, 1, -1),
    )
    before = cloud(of_slopes(downwind, crosswind), COUNT)
    places = at_their_places(before)
    places["downwind_slope"] = 100 * downwind[before.leeway_class]
    places["crosswind_slope"] = -100 * crosswind[before.leeway_class]  # its right is our left
    for name in ("downwind_offset", "crosswind_offset", "downwind_eps", "crosswind_eps"):
        places[name] = np.zeros(COUNT)
    common = {"at": AT, "lasts": 24 * hours, "object": 26, "jibes": 0.0, "forcing": str(peer.forcing)}
    steps = (600, 60)
    asked = [{**common, "step": step, "places": dict(places)} for step in steps]
    asked.append({**common, "step": 600, "places": dict(places), "config": {"drift:advection_scheme": "runge-kutta4"}})
    asked.append({**common, "step": 600, "places": dict(places), "backwards_from": str(peer.work / "out0.npz")})
    (*theirs, fourth, back), _ = peer.run(asked)
    current, wind = forcing(peer.forcing)
    ends = {}
    for scheme, step in (("euler", 600), ("euler", 60), ("midpoint", 600), ("midpoint", 60), ("runge_kutta", 600)):
        # Our Euler step takes the wind of its middle, theirs that of its begin: ours reads the file half a step later.
        late = replace(wind, instants=wind.instants + step / 2) if scheme == "euler" else wind
        sea = analytic_sea(current, wind=late)
        ends[f"ours {scheme} {step} s"] = drift(before, sea, until=AT + 24 * hours, step=step, scheme=scheme)
    way = distance(before.lat, before.lon, theirs[0]["lat"][:, -1], theirs[0]["lon"][:, -1])
    alike = np.array_equal(fourth["lat"], theirs[0]["lat"], equal_nan=True)
    print(f"parity: {COUNT} objects, 24 h, mean way {way.mean() / km:.1f} km; metres apart at the end")
    print(f"  OpenDrift with runge-kutta4: {'bit for bit the same' if alike else 'other'} paths as with euler")
    returned = distance(before.lat, before.lon, back["lat"][:, -1], back["lon"][:, -1])
    print(f"  OpenDrift there and back again: median {np.median(returned):.0f} m from the start")
    for step, their in zip(steps, theirs, strict=True):
        for name, after in ends.items():
            apart = distance(after.lat, after.lon, their["lat"][:, -1], their["lon"][:, -1])
            middle, most = np.percentile(apart, (50, 99))
            print(f"  OpenDrift {step:3d} s | {name:20s} median {middle:7.2f} p99 {most:7.2f} max {apart.max():7.2f}")


def speed(peer: Peer) -> None:
    """Particle-steps a second of one core on the same forcing; start-up; memory of the processes."""
    count, steps = 50_000, 144
    before = cloud(one_class("skiff_runabout"), count, place=Position(lat=59.95, lon=3.4))
    case = {"at": AT, "lasts": 24 * hours, "step": 600, "object": 44, "forcing": str(peer.forcing)}
    small = {**case, "places": at_their_places(before.only(np.arange(1000)))}
    theirs, wall = peer.run([{**case, "places": at_their_places(before)}])
    one = theirs[0]
    _, small_wall = peer.run([small])
    current, wind = forcing(peer.forcing)
    quiet, noisy = (
        analytic_sea(current, wind=wind),
        analytic_sea(current, wind=wind, current_std=0.1, wind_std=2.0, residual_std=0.05),
    )
    rates = {"OpenDrift, no uncertainty": count * steps / one["run"][0]}
    for name, sea, scheme in (
        ("ours, Euler", quiet, "euler"),
        ("ours, midpoint", quiet, "midpoint"),
        ("ours, midpoint, all errors", noisy, "midpoint"),
    ):
        drift(before.only(np.arange(500)), sea, until=AT + 1 * hours, scheme=scheme)
        cpu = time.process_time()
        drift(before, sea, until=AT + 24 * hours, scheme=scheme)
        rates[name] = count * steps / (time.process_time() - cpu)
    print(f"speed: {count} objects x {steps} steps, CPU seconds of one process, the file in memory before")
    for name, rate in rates.items():
        ratio = rate / rates["OpenDrift, no uncertainty"]
        print(f"  {name:28s} {rate / 1e6:7.2f} M particle-steps/s {ratio:6.1f} x")
    print(f"  process of OpenDrift: {wall:.1f} s, import {one['imported'][1]:.1f} s, peak {one['peak_mb']:.0f} MB")
    print(f"  process of OpenDrift with 1,000 objects: {small_wall:.1f} s; peak of this process: {our_peak():.0f} MB")


def our_peak() -> float:
    """Peak memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cases(peer: Peer) -> None:
    """Side by side in uniform winds: sides, jibes, calm, upwind, steps, chance, spit, schemes."""
    count = 2000
    begin = {key: cloud(one_class(key), count, within=10.0) for key in ENTRY}
    asked = {name: their_case(peer, begin[key], key, hours_, wind, **more) for name, key, hours_, wind, more in CASES}
    answers, _ = peer.run(list(asked.values()))
    theirs = dict(zip(asked, answers, strict=True))
    print("cases: mean and standard deviation, cm/s or m; theirs | ours")
    for name, key, last, wind, _ in CASES:
        if wind is None:
            continue
        before = begin[key]
        sea = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0), wind=ConstantWind(eastward=0.0, northward=wind))
        after = drift(before, sea, until=AT + last)
        their = theirs[name]
        east, north = displacement(before.lat, before.lon, their["lat"][:, -1], their["lon"][:, -1])
        our_east, our_north = displacement(before.lat, before.lon, after.lat, after.lon)
        sides = their["orientation"][:, 0]
        print(f"  {name} ({key}, {last / hours:.0f} h, wind {wind:.0f} m/s to north)")
        if last > 1 * days:
            late_day(their, before, sea, last)
        for side, which, our in (("right", sides == 0, before.side > 0), ("left", sides == 1, before.side < 0)):
            their_mean, our_mean = east[which].mean() / last * 100, our_east[our].mean() / last * 100
            print(f"    {side:5s} crosswind {their_mean:6.1f} | {our_mean:6.1f} cm/s to the right")
        downwind = [x / last * 100 for x in (north, our_north)]
        print("    downwind " + " | ".join(f"{x.mean():.1f} +- {x.std():.1f} cm/s" for x in downwind))
        print("    upwind " + " | ".join(f"{100 * (x < -1e-3).mean():.0f} %" for x in downwind))
    steps(theirs, begin["datum_buoy"])
    chance(theirs, begin["raft_no_ballast"])


def late_day(their: Any, before: Belief, sea: Environment, last: float) -> None:
    """Crosswind speed of those that began on the right, in the last day, when each has jibed often."""
    late = drift(before, sea, until=AT + last - 1 * days)
    end = drift(late, sea, until=AT + last)
    ours, _ = displacement(late.lat, late.lon, end.lat, end.lon)
    theirs, _ = displacement(their["lat"][:, -5], their["lon"][:, -5], their["lat"][:, -1], their["lon"][:, -1])
    right = theirs[their["orientation"][:, 0] == 0].mean(), ours[before.side > 0].mean()
    print("    last day, began on the right: " + " | ".join(f"{100 * x / days:.1f} cm/s to the right" for x in right))


def steps(theirs: dict[str, Any], before: Belief) -> None:
    """Spread by an error of the current of 0.1 m/s after 24 h, with short and long steps."""
    sea = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0), current_std=0.1)
    for step in (60, 600):
        their = theirs[f"step {step}"]
        _, north = displacement(before.lat, before.lon, their["lat"][:, -1], their["lon"][:, -1])
        after = drift(before, sea, until=AT + 24 * hours, step=step)
        _, ours = displacement(before.lat, before.lon, after.lat, after.lon)
        print(f"  current wrong by 0.1 m/s, 24 h, step {step:3d} s: spread {north.std():5.0f} | {ours.std():5.0f} m")


def chance(theirs: dict[str, Any], before: Belief) -> None:
    """The first thousand of two thousand objects, alone and in company."""
    whole, part = theirs["in company"], theirs["alone"]
    same = (whole["lat"][:1000, -1] == part["lat"][:, -1]).mean()
    sea = analytic_sea(UniformCurrent(eastward=0.0, northward=0.0), current_std=0.1)
    first = np.arange(1000)
    together = drift(before, sea, until=AT + 3 * hours).lat[first]
    ours = (together == drift(before.only(first), sea, until=AT + 3 * hours).lat).mean()
    print(f"  same path in other company: {100 * same:.0f} | {100 * ours:.0f} % of the objects")


ENTRY = {"piw_survival_suit": 4, "refugee_raft": 76, "kayak": 41, "piw_unknown": 1, "raft_no_ballast": 26,
         "datum_buoy": 67}  # fmt: skip
NOISE = {"drift:current_uncertainty": 0.1}
CASES: tuple[tuple[str, str, float, float | None, dict[str, Any]], ...] = (
    ("sides", "piw_survival_suit", 1 * hours, 10.0, {"jibes": 0.0}),
    ("jibes", "refugee_raft", 96 * hours, 10.0, {"every": 6 * hours}),
    ("calm", "kayak", 24 * hours, 0.0, {}),
    ("upwind 1", "piw_unknown", 3 * hours, 5.0, {}),
    ("upwind 2", "raft_no_ballast", 3 * hours, 2.0, {}),
    ("published", "piw_unknown", 3 * hours, 10.0, {}),
    ("step 60", "datum_buoy", 24 * hours, None, {"step": 60, "config": NOISE}),
    ("step 600", "datum_buoy", 24 * hours, None, {"config": NOISE}),
    ("in company", "raft_no_ballast", 3 * hours, None, {"config": NOISE}),
    ("alone", "raft_no_ballast", 3 * hours, None, {"config": NOISE, "first": 1000}),
)


def spit(peer: Peer) -> None:
    """A stream of 2 m/s across a spit 300 m wide, 500 m away, in steps of 10 min."""
    _, edges = destination(PLACE.lat, PLACE.lon, np.array([500.0, 800.0]), np.zeros(2))
    mask = peer.work / "spit.nc"
    with netCDF4.Dataset(mask, "w") as data:
        lat, lon = PLACE.lat + 0.001 * np.arange(-20, 21), PLACE.lon + 0.0002 * np.arange(-100, 1000)
        for name, values in (("lat", lat), ("lon", lon)):
            data.createDimension(name, values.size)
            axis = data.createVariable(name, "f8", (name,))
            axis.standard_name, axis.units = (
                ("latitude", "degrees_north") if name == "lat" else ("longitude", "degrees_east")
            )
            axis[:] = values
        field = data.createVariable("land", "f4", ("lat", "lon"))
        field.standard_name, field.units = "land_binary_mask", "1"
        field[:] = np.broadcast_to((lon > edges[0]) & (lon < edges[1]), (lat.size, lon.size))
    before = cloud(one_class("datum_buoy"), 500, within=10.0)
    case = their_case(peer, before, "datum_buoy", 1 * hours, None, every=600, forcing=str(mask), coast=True)
    case["config"]["environment:constant:x_sea_water_velocity"] = 2.0
    (their,), _ = peer.run([case])
    crossed = np.nanmax(their["lon"], axis=1) > edges[1]
    shore = Spit(west=float(edges[0]), east=float(edges[1]))
    after = drift(before, analytic_sea(UniformCurrent(eastward=2.0, northward=0.0), coast=shore), until=AT + 1 * hours)
    print(f"spit: beyond it {100 * crossed.mean():.0f} | {100 * (after.lon > edges[1]).mean():.0f} % of the objects")


def their_case(peer: Peer, before: Belief, key: str, last: float, wind: float | None, **more: Any) -> dict[str, Any]:
    """A case of a uniform wind to north and still water."""
    first = before.only(np.arange(more.pop("first", len(before))))
    config = {
        "environment:constant:x_wind": 0.0,
        "environment:constant:y_wind": wind or 0.0,
        "environment:constant:x_sea_water_velocity": 0.0,
        "environment:constant:y_sea_water_velocity": 0.0,
        **more.pop("config", {}),
    }
    case = {"at": AT, "lasts": last, "step": 600, "object": ENTRY[key], "config": config, **more}
    return {**case, "places": at_their_places(first)}


def main(arguments: list[str]) -> None:
    """Those parts that are named, or all."""
    python, data, *rest = arguments
    wanted = [part for part in rest if part in PARTS] or list(PARTS)
    folders = [part for part in rest if part not in PARTS]
    with tempfile.TemporaryDirectory() as scratch:
        peer = Peer(python, Path(data), Path(folders[0] if folders else scratch))
        for part in wanted:
            globals()[part](peer)


if __name__ == "__main__":
    main(sys.argv[1:])
