"""Currents and winds as cordiale and as OpenDrift read them from the same files, at a thousand places and times.

    python bench/forcing.py FOLDER PYTHON

FOLDER holds the files of OpenDrift's source distribution (tests/test_data/16Nov2015_NorKyst_z_surface); PYTHON is the
interpreter of an environment with OpenDrift, which is only ever run as a process of its own.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from cordiale.earth.instants import utc
from cordiale.sea.cf import open_current, open_wind
from cordiale.sea.tide import Window

BEGIN = "2015-11-16"
FILES = {
    "current": ("norkyst800_subset_16Nov2015.nc", "x_sea_water_velocity", "y_sea_water_velocity"),
    "wind": ("arome_subset_16Nov2015.nc", "x_wind", "y_wind"),
}
PEER = """
import json, sys
from datetime import datetime, timedelta
import numpy as np, pyproj
from opendrift.readers import reader_netCDF_CF_generic
asked = json.load(open(sys.argv[1]))
lat, lon, minute = (np.array(asked[k]) for k in ("lat", "lon", "minute"))
found = {}
for what, (name, x, y) in asked["files"].items():
    reader = reader_netCDF_CF_generic.Reader(asked["folder"] + "/" + name)
    reader.buffer = 400
    both = np.full((2, lat.size), np.nan)
    for m in np.unique(minute):
        k = minute == m
        values, _ = reader.get_variables_interpolated(
            [x, y], time=datetime(2015, 11, 16) + timedelta(minutes=int(m)), lon=lon[k], lat=lat[k],
            z=np.zeros(k.sum()), rotate_to_proj=pyproj.Proj("+proj=latlong"))
        both[0, k], both[1, k] = (np.ma.filled(values[n].astype(float), np.nan) for n in (x, y))
    found[what] = np.where(np.isfinite(both), both, 1e30).tolist()
json.dump(found, open(sys.argv[2], "w"))
"""


def main(folder: str, python: str) -> None:
    """Ask both for the same places and print how far apart the answers are."""
    draw = np.random.default_rng(7)
    asked = {
        "folder": folder,
        "files": FILES,
        "lat": draw.uniform(59.7, 61.4, 1000).tolist(),
        "lon": draw.uniform(3.2, 6.2, 1000).tolist(),
        "minute": draw.choice(np.arange(10, 66 * 60, 97), 1000).tolist(),
    }
    with tempfile.TemporaryDirectory() as place:
        question, answer = Path(place, "asked.json"), Path(place, "found.json")
        question.write_text(json.dumps(asked), encoding="utf-8")
        subprocess.run([python, "-c", PEER, str(question), str(answer)], check=True, capture_output=True)
        theirs = json.loads(answer.read_text(encoding="utf-8"))
    window = Window(south=58.5, north=62.5, west=2.0, east=7.5)
    at = utc(BEGIN) + 60.0 * np.array(asked["minute"])
    lat, lon = np.array(asked["lat"]), np.array(asked["lon"])
    for refine in (1, 2, 3):
        for what, opener in (("current", open_current), ("wind", open_wind)):
            begun = time.perf_counter()
            with tempfile.TemporaryDirectory() as cache:
                field = opener(Path(folder, FILES[what][0]), window=window, refine=refine, cache=cache)
                seconds = time.perf_counter() - begun
                east, north, known, covered = field._found(at, lat, lon)
            compare(what, refine, (east, north, known, covered), np.array(theirs[what]), seconds)


def compare(what: str, refine: int, ours: tuple[np.ndarray, ...], theirs: np.ndarray, seconds: float) -> None:
    """One row of the table: away from the coast, where all corners are sea in both."""
    east, north, known, covered = ours
    sea = covered & (known > 0.9999) & (theirs[0] < 1e29)
    off = np.hypot(east[sea] - theirs[0][sea], north[sea] - theirs[1][sea])
    mine, other = east[sea] + 1j * north[sea], theirs[0][sea] + 1j * theirs[1][sea]
    turn = np.degrees(np.angle(np.sum(mine * np.conj(other))))
    p95, p99 = np.percentile(off, [95, 99])
    print(
        f"{what:8} refine {refine}: {sea.sum()} places, rms {np.sqrt(np.mean(np.abs(other) ** 2)):.3f} m/s, off by "
        f"median {np.median(off):.4f}, mean {off.mean():.4f}, p95 {p95:.4f}, p99 {p99:.4f}, max {off.max():.3f} m/s, "
        f"turned {turn:+.3f} deg; opened and cached in {seconds:.1f} s"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
