"""Speed, memory, size and start-up beside OpenDrift, Parcels, LADiM and OceanTracker, in one run on one current.

Run: python bench/peers.py OUT.json cordiale=PYTHON OpenDrift=PYTHON Parcels=PYTHON LADiM=PYTHON OceanTracker=PYTHON;
who is left out is left out of the table. Every run is a process of its own (bench/peers_run.py), 24 h in steps of
10 min, hourly positions to a file, one thread, 10,000 and 100,000 particles, medians of three after one run that warms
caches. CPU seconds are of the whole process; the rate is that of the particles between 10,000 and 100,000, so that
start-up does not count.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from peers_forcing import starts, write_lon_lat, write_roms

COUNTS, RUNS, STEPS = (10_000, 100_000), 3, 144
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
LONGEST = 900  # wall seconds for one run


def run(python: str, model: str, folder: Path, count: int) -> dict[str, float]:
    """Figures of one run; a failure raises with the end of what it said."""
    np.save(folder / "start.npy", np.array(starts(count)))
    script = Path(__file__).with_name("peers_run.py")
    done = subprocess.run(
        [python, str(script), model, str(folder), str(count)],
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
        env={**os.environ, **ONE_THREAD},
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"import_wall"')]
    if done.returncode or not lines:
        raise RuntimeError((done.stderr or done.stdout)[-300:])
    return dict(json.loads(lines[-1]))


def size_of(python: str) -> tuple[int, float]:
    """Number of installed distributions beside pip and setuptools, and their bytes on disk in MB."""
    code = "import site, json; print(site.getsitepackages()[0])"
    where = Path(subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip())
    names = [path.name for path in where.glob("*.dist-info") if not path.name.startswith(("pip-", "setuptools-"))]
    skipped = ("pip", "setuptools", "pkg_resources", "_distutils_hack")
    total = sum(
        path.stat().st_size
        for path in where.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and path.relative_to(where).parts[0] not in skipped
    )
    return len(names), total / 1e6


def measured(python: str, model: str, folder: Path) -> list[dict[str, float]]:
    """Medians for each count, after one run that warms caches."""
    run(python, model, folder, COUNTS[0])
    medians = []
    for count in COUNTS:
        runs = [run(python, model, folder, count) for _ in range(RUNS)]
        medians.append({key: statistics.median(one[key] for one in runs) for key in runs[0]})
    return medians


def line(model: str, medians: list[dict[str, float]], size: tuple[int, float] | None) -> str:
    """One row of the table."""
    few, many = medians
    rate = (COUNTS[1] - COUNTS[0]) * STEPS / max(many["done_cpu"] - few["done_cpu"], 1e-3) / 1e6
    installed = f"{size[0]} packages {size[1]:.0f} MB" if size else ""
    return (
        f"{model:22s} import {few['import_cpu']:6.2f} s  10k {few['done_cpu']:7.2f} s  100k {many['done_cpu']:7.2f} s"
        f" CPU ({many['done_wall']:7.2f} wall)  {rate:7.2f} M steps/s  peak {many['peak_mb']:6.0f} MB  {installed}"
    )


def main(target: str, *peers: str) -> None:
    """Ours, then each peer that is named; what could not be run is said with its error."""
    pythons = dict(text.split("=", 1) for text in peers)
    models = {**pythons, "cordiale, all errors": pythons["cordiale"]} if "cordiale" in pythons else pythons
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_lon_lat(folder / "lonlat.nc")
        write_roms(folder / "roms.nc")
        for model, python in models.items():
            try:
                medians = measured(python, model, folder)
            except (RuntimeError, subprocess.SubprocessError) as error:
                print(f"{model:22s} could not be run: {error}")
                continue
            size = size_of(python) if model in pythons else None
            found[model] = {"medians": medians, "size": size}
            print(line(model, medians, size), flush=True)
    Path(target).write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
