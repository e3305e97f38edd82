"""The other side of bench/opendrift.py: run by a Python that has OpenDrift, never by ours. It speaks by files only.

python opendrift_peer.py regrid DATA FORCING    current and wind of OpenDrift's test data on one grid of lon and lat
python opendrift_peer.py run CASES.json         each case to its own file of positions; OpenDrift is started once
python opendrift_peer.py table OUT.json         the leeway coefficients that OpenDrift uses
"""

import json
import resource
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.pop(0)  # the folder of this file, where opendrift.py is not OpenDrift
STARTED = time.process_time(), time.perf_counter()
CURRENT, WIND = "norkyst800_subset_16Nov2015.nc", "arome_subset_16Nov2015.nc"
GRID = {"south": 59.6, "west": 2.4, "lat_step": 0.006, "lon_step": 0.012, "rows": 260, "columns": 290}


def regrid(data: Path, target: Path) -> None:
    """Bilinear from the projected grids, components turned to east and north, missing values kept missing."""
    import netCDF4
    import pyproj
    from scipy.ndimage import map_coordinates

    lat = GRID["south"] + GRID["lat_step"] * np.arange(GRID["rows"])
    lon = GRID["west"] + GRID["lon_step"] * np.arange(GRID["columns"])
    grid_lon, grid_lat = np.meshgrid(lon, lat)
    with netCDF4.Dataset(target, "w") as out:
        for name, values, units in (("lat", lat, "degrees_north"), ("lon", lon, "degrees_east")):
            out.createDimension(name, values.size)
            axis = out.createVariable(name, "f8", (name,))
            axis.units, axis.standard_name = units, "latitude" if name == "lat" else "longitude"
            axis[:] = values
        out.Conventions = "CF-1.6"
        for file, names, kind in (
            (CURRENT, ("u", "v"), "sea_water_velocity"),
            (WIND, ("x_wind_10m", "y_wind_10m"), "wind"),
        ):
            with netCDF4.Dataset(data / file) as source:
                variable = source[names[0]]
                mapping = source[variable.grid_mapping].proj4
                x_name, y_name = variable.dimensions[-1], variable.dimensions[-2]
                x, y = source[x_name][:].astype(float), source[y_name][:].astype(float)
                to_grid = pyproj.Transformer.from_crs(
                    pyproj.CRS.from_proj4(mapping).geodetic_crs, mapping, always_xy=True
                )
                gx, gy = to_grid.transform(grid_lon, grid_lat)
                ahead_x, ahead_y = to_grid.transform(grid_lon, grid_lat + 1e-4)
                turn = np.arctan2(ahead_x - gx, ahead_y - gy)  # direction of north on the projection
                where = [(gy - y[0]) / (y[1] - y[0]), (gx - x[0]) / (x[1] - x[0])]
                if "time" not in out.dimensions:
                    out.createDimension("time", source["time"].size)
                    axis = out.createVariable("time", "f8", ("time",))
                    axis.units, axis.standard_name = "seconds since 1970-01-01 00:00:00", "time"
                    axis[:] = source["time"][:]
                fields = [
                    out.createVariable(f"{d}_{kind}", "f4", ("time", "lat", "lon"), fill_value=9.96921e36)
                    for d in ("x", "y")
                ]
                for field, standard in zip(fields, (f"eastward_{kind}", f"northward_{kind}"), strict=True):
                    field.standard_name, field.units = standard, "m s-1"
                for step in range(source["time"].size):
                    u, v = (
                        map_coordinates(
                            np.ma.filled(np.ma.squeeze(source[name][step]).astype(float), np.nan),
                            where, order=1, cval=np.nan,
                        )
                        for name in names
                    )  # fmt: skip
                    fields[0][step] = np.ma.masked_invalid(u * np.cos(turn) - v * np.sin(turn))
                    fields[1][step] = np.ma.masked_invalid(u * np.sin(turn) + v * np.cos(turn))


def run(cases: Path) -> None:
    """Every case of a file of cases; figures of the process go into the file of each."""
    from opendrift.models.leeway import Leeway
    from opendrift.readers.reader_netCDF_CF_generic import Reader

    imported = time.process_time() - STARTED[0], time.perf_counter() - STARTED[1]
    readers = {}
    for case in json.loads(cases.read_text()):
        model = Leeway(loglevel=50)
        if not case.get("coast"):
            model.set_config("environment:constant:land_binary_mask", 0)
        model.set_config("environment:constant:land_binary_mask", 0)
        for name, value in case.get("config", {}).items():
            model.set_config(name, value)
        if "forcing" in case:
            readers.setdefault(case["forcing"], None)
            model.add_reader(Reader(case["forcing"]))
        places = dict(np.load(case["places"]))
        if "backwards_from" in case:
            earlier = np.load(case["backwards_from"])
            places.update(lon=earlier["lon"][:, -1], lat=earlier["lat"][:, -1])
            case["at"] += case["lasts"]
        model.seed_elements(
            lon=places["lon"],
            lat=places["lat"],
            time=datetime(1970, 1, 1) + timedelta(seconds=case["at"]),
            object_type=case["object"],
            jibe_probability=case.get("jibes", 0.04),
        )
        for name in ("downwind_slope", "crosswind_slope", "downwind_offset", "crosswind_offset",
                     "downwind_eps", "crosswind_eps", "orientation"):  # fmt: skip
            if name in places:
                setattr(model.elements_scheduled, name, places[name])
        cpu, wall = time.process_time(), time.perf_counter()
        model.run(
            duration=timedelta(seconds=case["lasts"]),
            time_step=case["step"] * (-1 if "backwards_from" in case else 1),
            time_step_output=case.get("every", 3600),
            **({"outfile": case["outfile"]} if "outfile" in case else {}),
        )
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        result = model.result
        np.savez(
            case["out"],
            lon=result["lon"].values,
            lat=result["lat"].values,
            orientation=result["orientation"].values,
            run=np.array([cpu, wall]),
            imported=np.array(imported),
            peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        )


def table(out: Path) -> None:
    """Name and nine numbers of each entry."""
    from opendrift.models.leeway import Leeway

    columns = ("DWSLOPE", "DWOFFSET", "DWSTD", "CWRSLOPE", "CWROFFSET", "CWRSTD", "CWLSLOPE", "CWLOFFSET", "CWLSTD")
    rows = Leeway(loglevel=50).leewayprop
    out.write_text(json.dumps({n: [row["OBJKEY"], *(row[c] for c in columns)] for n, row in rows.items()}))


if __name__ == "__main__":
    {"regrid": regrid, "run": run, "table": table}[sys.argv[1]](*map(Path, sys.argv[2:]))
