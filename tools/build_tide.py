"""Make the packaged tidal atlas of the strait: harmonic constants of level and surface current on a 0.9 km grid.

    python3 -m venv ../tide-env && ../tide-env/bin/pip install -r tools/requirements-tide.txt
    ../tide-env/bin/python tools/build_tide.py [--work FOLDER] [--drag 0.0027] [--choose]

Needs node and npm (for the gauge database) and about 15 minutes of one core. Writes cordiale/sea/data/tide.npz and its
provenance record. --choose prints the leave-one-out errors over the drag coefficients instead. Method and figures:
docs/sea-tide.md.
"""

from __future__ import annotations

import argparse
import pickle
import subprocess
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from tide_model import atlas, basin, fit, gauges, linear, mesh, report
from tide_model.grid import Grid

DATA = Path(__file__).resolve().parent.parent / "cordiale" / "sea" / "data"
DATABASE = "0.10.20260924"
BOX = (-0.75, 49.25, 4.3, 52.0)  # west, south, east, north of the model
LAT_STEP, LON_STEP = 0.008, 0.0125  # 890 m by 873 m at 51 N
FINE = Grid(50.1 - 106 * LAT_STEP, 0.1 - 66 * LON_STEP, LAT_STEP, LON_STEP, 339, 399)
COARSE = Grid(49.256, -0.72, 2 * LAT_STEP, 2 * LON_STEP, 169, 199)
OUT_ROWS, OUT_COLUMNS = slice(106, 106 + 213), slice(66, 66 + 249)  # 50.100-51.796 N, 0.100-3.200 E
DRAG = 0.0027  # chosen by --choose
LEAST_DEPTH = 4.0
# m2/s. Above half the squared speed times the time step, or ripples grow; at 30 eddies of one cell ate the tide.
VISCOSITY_COARSE, VISCOSITY_FINE = 100.0, 80.0
KNOTS, SMOOTH, RIDGE = 5, 0.1, 0.02
SURFACE_FACTOR = 1.07  # Soulsby (1997), Dynamics of Marine Sands, eq. 28b: upper half of the depth over the depth mean
DAYS = (2.5, 29.53)
CURRENT_STD = 0.15
KEPT = ("M2", "S2", "N2", "K2", "O1", "K1", "MU2", "L2", "2SM2", "M4", "MS4", "MN4", "M6", "2MS6", "Z0")
INFERRED = {"K2": "S2"}  # on the grid; small ones are folded in at prediction
MINOR = {"NU2": "N2", "2N2": "N2", "T2": "S2", "LAMBDA2": "L2", "P1": "K1", "Q1": "O1"}


def main() -> None:
    options = arguments()
    work = Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    known = gauges.read(gauges.export(work, DATABASE))
    parts = linear.elements(mesh.cut(package_data(), BOX, least_depth=3.0, datum_shift=0.0))
    edge = fit.boundary(parts, KNOTS, SMOOTH, RIDGE)
    guess = fit.first_guess(parts, edge, known, drag=0.003)
    coarse = basin.basin(parts.mesh, COARSE, LEAST_DEPTH)
    if options.choose:
        choose(guess, edge, coarse, known)
        return
    unknowns = solve(guess, edge, coarse, known, options.drag, VISCOSITY_COARSE, guess.unknowns, 3)[1]
    fine = basin.basin(parts.mesh, FINE, LEAST_DEPTH)
    constants, unknowns = solve(guess, edge, fine, known, options.drag, VISCOSITY_FINE, unknowns, 2)
    with (work / "fine.pickle").open("wb") as kept:
        pickle.dump((fine, constants, unknowns), kept)
    write(fine, constants, known, work)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", default=str(Path(tempfile.gettempdir()) / "tide-work"), help="folder for downloads")
    parser.add_argument("--drag", type=float, default=DRAG, help="bottom drag coefficient")
    parser.add_argument("--choose", action="store_true", help="print leave-one-out errors over drag coefficients")
    return parser.parse_args()


def package_data() -> Path:
    """Folder of the packaged grid, found without importing the package."""
    return Path(find_spec("resourcecode").origin).parent / "data"


def solve(guess, edge, where, known, drag, viscosity, unknowns, rounds):
    """Assimilate on one grid and print what came of it."""
    field = np.full(where.sea.shape, drag)
    out = fit.assimilate(guess, edge, where, known, field, viscosity, unknowns, rounds, DAYS)
    print(f"drag {drag}, viscosity {viscosity} m2/s, cells {where.grid.lat_step} by {where.grid.lon_step} degrees")
    print(report.gauge_table(out[0], where, known, guess, edge, out[1]))
    print(report.place_table(out[0], where, SURFACE_FACTOR), flush=True)
    return out


def choose(guess, edge, where, known) -> None:
    """Leave-one-out errors on the coarse grid for a row of drag coefficients."""
    unknowns = guess.unknowns
    for drag in (0.0021, 0.0024, 0.0027, 0.0030, 0.0033):
        unknowns = solve(guess, edge, where, known, drag, VISCOSITY_COARSE, unknowns, 3)[1]


def write(where, constants, known, work: Path) -> None:
    """The atlas and its provenance record."""
    rows = {name: 1 + k for k, name in enumerate(fit.ANALYSED)}
    level, east, north = [], [], []
    for name in KEPT:
        factor = fit.TURNED.get(name, 1.0)
        if name in INFERRED:
            factor = gauges.ratio(known, name, INFERRED[name])[0]
        row = constants[0 if name == "Z0" else rows[INFERRED.get(name, name)]][:, OUT_ROWS, OUT_COLUMNS] * factor
        level.append(row[0] * (name != "Z0"))
        east.append(row[1] * SURFACE_FACTOR)
        north.append(row[2] * SURFACE_FACTOR)
    part = Grid(
        FINE.lat[OUT_ROWS.start],
        FINE.lon[OUT_COLUMNS.start],
        LAT_STEP,
        LON_STEP,
        OUT_ROWS.stop - OUT_ROWS.start,
        OUT_COLUMNS.stop - OUT_COLUMNS.start,
    )
    minor = {child: (parent, gauges.ratio(known, child, parent)[0]) for child, parent in MINOR.items()}
    level_std = report.level_error(constants, where, known, INFERRED | MINOR)
    out = DATA / "tide.npz"
    source = "cordiale shallow-water model on Resourcecode depths, fitted to 20 TICON-4 gauges (CC BY 4.0)"
    atlas.write(
        out,
        part,
        KEPT,
        np.array([level, east, north]),
        where.sea[OUT_ROWS, OUT_COLUMNS],
        minor,
        (level_std, CURRENT_STD),
        source,
    )
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            str(work),
            f"resourcecode=={version('resourcecode')}",
        ],
        check=True,
    )
    subprocess.run(["npm", "pack", "--silent", f"@neaps/tide-database@{DATABASE}"], check=True, cwd=work)
    atlas.write_provenance(
        out,
        next(work.glob("resourcecode-*.whl")),
        version("resourcecode"),
        next(work.glob("neaps-tide-database-*.tgz")),
        DATABASE,
        report.provenance_notes(constants, where, known, level_std),
    )
    print(f"{out}: {out.stat().st_size / 1e6:.1f} MB, level_std {level_std:.3f} m")


if __name__ == "__main__":
    main()
