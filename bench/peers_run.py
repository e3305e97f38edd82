"""One run of one model for bench/peers.py, under that model's own Python: 24 h by 10 min, hourly positions to a file.

python peers_run.py MODEL FOLDER COUNT; FOLDER holds lonlat.nc, roms.nc and start.npy (latitudes, longitudes). The last
line printed is JSON: seconds (wall, CPU) until the model is imported and until all is done, and the peak of memory.
"""

import json
import resource
import sys
import time
from pathlib import Path

WALL, HERE = time.perf_counter(), Path(sys.path.pop(0))  # the folder of this file, where opendrift.py is not OpenDrift
MARKS: dict[str, float] = {}


def mark(name: str) -> None:
    """Wall seconds since this file began and CPU seconds since the process did."""
    MARKS[f"{name}_wall"], MARKS[f"{name}_cpu"] = time.perf_counter() - WALL, time.process_time()


def opendrift(folder: Path, count: int) -> None:
    """Leeway, raft without ballast (26), 5 m/s of wind, Euler (it has no other), no land."""
    import logging
    from datetime import datetime, timedelta

    import numpy as np
    from opendrift.models.leeway import Leeway
    from opendrift.readers import reader_netCDF_CF_generic

    mark("import")
    model = Leeway(loglevel=logging.CRITICAL)
    model.set_config("general:use_auto_landmask", False)
    model.set_config("environment:constant:land_binary_mask", 0)
    model.set_config("environment:constant:x_wind", 5.0)
    model.set_config("environment:constant:y_wind", 0.0)
    model.add_reader(reader_netCDF_CF_generic.Reader(str(folder / "lonlat.nc")))
    lat, lon = np.load(folder / "start.npy")
    model.seed_elements(lon=lon, lat=lat, radius=0, number=count, time=datetime(2026, 1, 1), object_type=26)
    model.run(duration=timedelta(hours=24), time_step=600, time_step_output=3600, outfile=str(folder / "opendrift.nc"))


def parcels(folder: Path, count: int) -> None:
    """Current only, its own second-order kernel."""
    import numpy as np
    import parcels as model
    import xarray as xr

    mark("import")
    data = xr.open_dataset(folder / "lonlat.nc")
    fields = {"U": data["uo"], "V": data["vo"]}
    fieldset = model.FieldSet.from_sgrid_conventions(
        model.convert.copernicusmarine_to_sgrid(fields=fields), mesh="spherical"
    )
    lat, lon = np.load(folder / "start.npy")
    particles = model.ParticleSet(fieldset, x=lon, y=lat, t=np.repeat(data["time"].values[:1], count))
    particles.execute(
        model.kernels.AdvectionRK2,
        runtime=np.timedelta64(24, "h"),
        dt=np.timedelta64(10, "m"),
        output_file=model.ParticleFile(str(folder / "parcels.parquet"), outputdt=np.timedelta64(1, "h"), mode="w"),
    )


def ladim(folder: Path, count: int) -> None:
    """Current only, RK2, ROMS file, positions and nothing else written."""
    import ladim
    import numpy as np
    import pandas as pd

    mark("import")
    lat, lon = np.load(folder / "start.npy")
    pd.DataFrame({"release_time": "2026-01-01T00:00:00", "lon": lon, "lat": lat, "Z": 1.0}).to_csv(
        folder / "ladim.rls", sep="\t", index=False, header=False
    )
    module = {"module": "ladim.gridforce.ROMS", "input_file": str(folder / "roms.nc")}
    ladim.main(
        {
            "time_control": {"start_time": "2026-01-01 00:00:00", "stop_time": "2026-01-02 00:00:00"},
            "files": {"particle_release_file": str(folder / "ladim.rls"), "output_file": str(folder / "ladim.nc")},
            "gridforce": module,
            "particle_release": {"variables": ["release_time", "lon", "lat", "Z"], "release_time": "time"},
            "output_variables": {
                "outper": [1, "h"],
                "particle": ["release_time"],
                "instance": ["pid", "lon", "lat"],
                "release_time": {"ncformat": "f8", "units": "seconds since reference_time"},
                "pid": {"ncformat": "i4"},
                "lon": {"ncformat": "f4"},
                "lat": {"ncformat": "f4"},
            },
            "numerics": {"dt": [600, "s"], "advection": "RK2", "diffusion": 0},
        }
    )


def oceantracker(folder: Path, count: int) -> None:
    """Current only, second order, ROMS reader (its quadrangles become triangles), one thread."""
    import numpy as np
    from oceantracker import main as model

    mark("import")
    lat, lon = np.load(folder / "start.npy")
    places = np.stack([lon, lat], axis=1)
    model.run(
        {
            "root_output_dir": str(folder),
            "output_file_base": "oceantracker",
            "processors": 1,
            "time_step": 600.0,
            "screen_output_time_interval": 86400.0,
            "reader": {"input_dir": str(folder), "file_mask": "roms.nc"},
            "solver": {"RK_order": 2},
            "tracks_writer": {"update_interval": 3600.0},
            "release_groups": [
                {
                    "name": "cloud",
                    "class_name": "PointRelease",
                    "points": places,
                    "pulse_size": 1,
                    "release_interval": 0,
                }
            ],
            "use_A_Z_profile": False,
            "use_dispersion": False,
            "use_resuspension": False,
        }
    )


def cordiale(folder: Path, count: int, *, noise: bool = False) -> None:
    """Leeway of the raft without ballast, 5 m/s of wind, midpoint, jibes; `noise`: with all errors drawn."""
    from dataclasses import replace

    import netCDF4
    import numpy as np

    from cordiale.belief.drift import drift
    from cordiale.belief.report import Fix
    from cordiale.belief.scenario import first_belief
    from cordiale.boats.search_object import search_object
    from cordiale.earth.chance import Stream
    from cordiale.earth.instants import utc
    from cordiale.earth.position import Position
    from cordiale.sea.analytic import analytic_sea
    from cordiale.sea.cf import open_current
    from cordiale.sea.wind import ConstantWind

    mark("import")
    lat, lon = np.load(folder / "start.npy")
    begin = utc("2026-01-01 00:00")
    errors = {"current_std": 0.15, "residual_std": 0.08, "wind_std": 2.0, "period": 12.42 * 3600} if noise else {}
    sea = analytic_sea(open_current(folder / "lonlat.nc"), wind=ConstantWind(eastward=5.0, northward=0.0), **errors)
    fix = Fix(position=Position(lat=float(lat[0]), lon=float(lon[0])), within=100.0)
    belief = first_belief(
        fix, at=begin, stream=Stream.of_seed(1).child("peers"), count=count, search_for=search_object("life_raft")
    )
    belief = replace(belief, lat=lat, lon=lon)
    with netCDF4.Dataset(folder / "cordiale.nc", "w") as file:
        file.createDimension("particle", count)
        file.createDimension("time", None)
        fields = [file.createVariable(name, "f4", ("time", "particle")) for name in ("lat", "lon")]

        def keep(now: object) -> None:
            hour = file.dimensions["time"].size
            fields[0][hour], fields[1][hour] = now.lat, now.lon

        drift(belief, sea, until=begin + 24 * 3600.0, observe=keep)


def noisy(folder: Path, count: int) -> None:
    """The same with errors of current, wind and what is left out."""
    cordiale(folder, count, noise=True)


MODELS = {
    "cordiale": cordiale,
    "cordiale, all errors": noisy,
    "OpenDrift": opendrift,
    "Parcels": parcels,
    "LADiM": ladim,
    "OceanTracker": oceantracker,
}

if __name__ == "__main__":
    MODELS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    mark("done")
    MARKS["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(MARKS))
