"""Perturbed worlds: the truth drifts in another world than the forecast assumes; coverage, areas and log scores.

Run: python bench/skill_worlds.py [groups] [a Python that has OpenDrift]. Forecasters: the program as it is; a round
normal cloud about the fix, as wide as the program's 90 % region or as wide as is best in hindsight; OpenDrift with its
defaults on the same current and wind, in a process of its own. Cases of one group share hour and wind, so that
OpenDrift runs once for all; a truth is one draw a case and world. An inflatable, adrift, anywhere in the strait.
"""

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import netCDF4
import numpy as np
from skill_cases import AFTER, ELSEWHERE, Case, log_score, random_case, regions, share_with_error, true_path
from skill_seas import WORLDS, WORLDS_UNDER_WAY, World

from cordiale.belief.density import density_at, density_of, highest_density
from cordiale.belief.drift import drift
from cordiale.earth.geodesy import distance
from cordiale.earth.instants import iso
from cordiale.earth.units import hours, km, minutes
from cordiale.sea.environment import the_strait
from cordiale.sea.tide import tidal_current

PARTICLES, EACH, UNDER_WAY_CASES = 3000, 12, 150
OPENDRIFT_COUNT = 1000
OPENDRIFT_CLASSES = {26: "OpenDrift, raft without ballast (26)", 27: "OpenDrift, raft, open, no drogue (27)"}
OURS, SAME, BEST = "cordiale", "undrifted, as wide as ours", "undrifted, best width in hindsight"
Row = tuple[str, str, float, float, float, float, float]  # world, forecaster, hours, 50 %, 90 %, area km2, score
Truth = tuple[str, float, float, float]  # world, hours, lat, lon


def groups(number: int) -> Iterator[tuple[Case, ...]]:
    """Groups of cases with one hour and one wind each."""
    for group in range(number):
        cases = [random_case(50_000 + EACH * group + k, adrift=True) for k in range(EACH)]
        yield tuple(replace(case, at=cases[0].at, wind=cases[0].wind) for case in cases)


def forecast(case: Case, worlds: dict[str, World]) -> tuple[list[Row], list[Truth]]:
    """Our rows and those of an undrifted cloud as wide, and the truths, of one case in all worlds."""
    sea = case.sea()
    belief = case.belief(PARTICLES, sea)
    made = {name: world(case, sea) for name, world in worlds.items()}
    truths = {name: true_path(truth, other) for name, (other, truth) in made.items()}
    rows: list[Row] = []
    places: list[Truth] = []
    fix = case.fix.position
    for step, later in enumerate(AFTER):
        belief = drift(belief, sea, until=case.at + later)
        half, most = regions(belief)
        for name, path in truths.items():
            truth = path[step]
            lat, lon = float(truth.lat[0]), float(truth.lon[0])
            held = [float(region.holds(truth.lat, truth.lon)[0]) for region in (half, most)]
            rows.append((name, OURS, later / hours, *held, most.area / km**2, log_score(most, lat, lon)))
            away = float(distance(fix.lat, fix.lon, lat, lon))
            rows.append((name, SAME, later / hours, *round_normal(away, most.area / (2 * math.pi * math.log(10)))))
            places.append((name, later / hours, lat, lon))
    return rows, places


def round_normal(away: float, variance: float) -> tuple[float, float, float, float]:
    """Held by 50 %, by 90 %, area of 90 % (km2), score of a round normal cloud, for a truth `away` from its centre."""
    inside = [float(away**2 <= -2 * variance * math.log(1 - p)) for p in (0.5, 0.9)]
    density = math.exp(-(away**2) / (2 * variance)) / (2 * math.pi * variance)
    score = math.log((0.99 * density + ELSEWHERE) * km**2)
    return inside[0], inside[1], 2 * math.pi * variance * math.log(10) / km**2, score


def best_widths(cases: list[Case], places: list[list[Truth]]) -> list[Row]:
    """The round normal cloud about the fix whose variance at each time is that of all truths."""
    away: dict[tuple[str, float], list[float]] = {}
    for case, truths in zip(cases, places, strict=True):
        fix = case.fix.position
        for name, later, lat, lon in truths:
            away.setdefault((name, later), []).append(float(distance(fix.lat, fix.lon, lat, lon)))
    return [
        (name, BEST, later, *round_normal(one, float(np.mean(np.square(found))) / 2))
        for (name, later), found in away.items()
        for one in found
    ]


def write_current(path: Path, at: float) -> None:
    """The tide of the whole atlas as a CF file, every quarter of an hour from an hour before to 13 h after."""
    atlas = the_strait().tide
    assert atlas is not None
    lat = np.arange(50.3, 51.75, 2 * atlas.lat_step)
    lon = np.arange(0.4, 3.0, 2 * atlas.lon_step)
    grid_lat, grid_lon = (part.ravel() for part in np.meshgrid(lat, lon, indexing="ij"))
    begin = math.floor(at / hours) * hours - hours
    instants = np.arange(begin, begin + 15 * hours, 15 * minutes)
    with netCDF4.Dataset(path, "w") as file:
        file.Conventions = "CF-1.8"
        for name, values, units in (
            ("time", instants, "seconds since 1970-01-01 00:00:00"),
            ("lat", lat, "degrees_north"),
            ("lon", lon, "degrees_east"),
        ):
            file.createDimension(name, values.size)
            axis = file.createVariable(name, "f8", (name,))
            axis.units, axis.standard_name = units, {"lat": "latitude", "lon": "longitude"}.get(name, name)
            axis[:] = values
        fields = []
        for name in ("eastward_sea_water_velocity", "northward_sea_water_velocity"):
            field = file.createVariable(name, "f4", ("time", "lat", "lon"), fill_value=9.96921e36)
            field.standard_name, field.units = name, "m s-1"
            fields.append(field)
        for step, instant in enumerate(instants):
            for field, part in zip(fields, tidal_current(atlas, float(instant), grid_lat, grid_lon), strict=True):
                field[step] = np.ma.masked_invalid(part.reshape(lat.size, lon.size))


def opendrift(python: str, grouped: list[tuple[Case, ...]], places: list[list[Truth]]) -> list[Row]:
    """Rows of OpenDrift for the same cases and truths; its regions by our estimator."""
    with tempfile.TemporaryDirectory() as folder:
        request, answer = Path(folder) / "request.json", Path(folder) / "answer.npz"
        asked = []
        for number, cases in enumerate(grouped):
            write_current(Path(folder) / f"{number}.nc", cases[0].at)
            asked.append(
                {
                    "current": str(Path(folder) / f"{number}.nc"),
                    "wind": [cases[0].wind.eastward, cases[0].wind.northward],
                    "at": iso(cases[0].at).removesuffix("Z"),
                    "fixes": [[case.fix.position.lat, case.fix.position.lon, case.fix.position_std] for case in cases],
                }
            )
        classes = list(OPENDRIFT_CLASSES)
        whole = {
            "groups": asked,
            "classes": classes,
            "count": OPENDRIFT_COUNT,
            "hours": [int(t / hours) for t in AFTER],
        }
        request.write_text(json.dumps(whole), encoding="utf-8")
        script = Path(__file__).with_name("peers_opendrift_twins.py")
        subprocess.run([python, str(script), str(request), str(answer)], check=True, capture_output=True)
        with np.load(answer) as found:
            clouds = dict(found)
    return [
        row
        for kind, name in OPENDRIFT_CLASSES.items()
        for number in range(len(grouped))
        for k in range(EACH)
        for row in judged(name, clouds[f"{number} {kind}"][k], places[EACH * number + k])
    ]


def judged(name: str, cloud: np.ndarray, truths: list[Truth]) -> Iterator[Row]:
    """Rows of one cloud of another forecaster (count, hours, 2) against the truths of its case."""
    weight = np.full(len(cloud), 1 / len(cloud))
    for step, later in enumerate(AFTER):
        density = density_of(cloud[:, step, 0], cloud[:, step, 1], weight)
        half, most = highest_density(density, 0.5), highest_density(density, 0.9)
        for world, hour, lat, lon in truths:
            if hour == later / hours:
                found = float(density_at(density, np.array([lat]), np.array([lon]))[0])
                score = math.log((0.99 * found + ELSEWHERE) * km**2)
                held = float(found >= half.limit), float(found >= most.limit)
                yield world, name, hour, *held, most.area / km**2, score


def table(rows: list[Row]) -> None:
    """One line for each world, time and forecaster."""
    order = [*WORLDS, *WORLDS_UNDER_WAY]
    for world, who, later in sorted({row[:3] for row in rows}, key=lambda key: (order.index(key[0]), key[2], key[1])):
        these = np.array([row[3:] for row in rows if row[:3] == (world, who, later)])
        half, most = share_with_error(these[:, 0]), share_with_error(these[:, 1])
        area, score = np.median(these[:, 2]), these[:, 3].mean()
        spread = these[:, 3].std() / math.sqrt(len(these))
        print(
            f"{world:34s} {later:3.0f} h {who:38s} {len(these):4d}  50 %: {half}  90 %: {most}  {area:7.1f} km2"
            f"  ln {score:6.2f} +- {spread:4.2f}"
        )


def main(number: int = 30, python: str | None = None) -> None:
    """All worlds, then the way of boats under way."""
    grouped = list(groups(number))
    cases = [case for group in grouped for case in group]
    rows: list[Row] = []
    places = []
    for case in cases:
        found, truths = forecast(case, WORLDS)
        rows += found
        places.append(truths)
    rows += best_widths(cases, places)
    if python:
        rows += opendrift(python, grouped, places)
    for case in (replace(random_case(70_000 + k, adrift=True), under_way=1.0) for k in range(UNDER_WAY_CASES)):
        rows += forecast(case, WORLDS_UNDER_WAY)[0]
    print(f"{len(cases)} cases, {PARTICLES} particles; areas of the 90 % region, medians; mean ln density in 1/km2")
    table(rows)


if __name__ == "__main__":
    main(*(int(text) if text.isdigit() else text for text in sys.argv[1:]))
