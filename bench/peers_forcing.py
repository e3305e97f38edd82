"""The current of bench/peers.py as a lon/lat file and as a ROMS file of three levels.

An M2 ellipse of 1.0 by 0.4 m/s with 20 % of change over 60 km, hourly for 26 h, 300 x 200 points about 1 km apart, no
land: every peer reads the same numbers in the form it needs, and its land is no part of the race.
"""

import math
from pathlib import Path

import netCDF4
import numpy as np

WEST, SOUTH, LON_STEP, LAT_STEP, COLUMNS, ROWS = -2.0, 49.5, 0.0142, 0.009, 300, 200
FRAMES = 27
BEGIN = "2026-01-01 00:00:00"
MIDDLE = (SOUTH + LAT_STEP * ROWS / 2, WEST + LON_STEP * COLUMNS / 2)
M2 = 2 * math.pi / (12.4206012 * 3600)
LEVELS = 3


def current(hour: float, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eastward and northward current (m/s) at metres from the south-west corner."""
    phase = M2 * hour * 3600
    shape = 1 + 0.2 * np.sin(2 * math.pi * x / 60e3) * np.cos(2 * math.pi * y / 60e3)
    return 1.0 * math.cos(phase) * shape, 0.4 * math.sin(phase) * shape


def axes() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Longitudes, latitudes, and metres along both, of the points."""
    lon, lat = WEST + LON_STEP * np.arange(COLUMNS), SOUTH + LAT_STEP * np.arange(ROWS)
    x = (lon - WEST) * 111_320 * math.cos(math.radians(MIDDLE[0]))
    return lon, lat, x, (lat - SOUTH) * 111_320


def _axis(file: netCDF4.Dataset, name: str, values: np.ndarray, **about: str) -> None:
    file.createDimension(name, values.size)
    axis = file.createVariable(name, "f8", (name,))
    axis.setncatts(about)
    axis[:] = values


def write_lon_lat(path: Path) -> None:
    """Longitude and latitude of one dimension each, CF names."""
    lon, lat, x, y = axes()
    with netCDF4.Dataset(path, "w") as file:
        file.Conventions = "CF-1.8"
        _axis(file, "time", np.arange(FRAMES) * 3600.0, units=f"seconds since {BEGIN}", standard_name="time", axis="T")
        _axis(file, "lat", lat, units="degrees_north", standard_name="latitude", axis="Y")
        _axis(file, "lon", lon, units="degrees_east", standard_name="longitude", axis="X")
        fields = []
        for name, standard in (("uo", "eastward_sea_water_velocity"), ("vo", "northward_sea_water_velocity")):
            field = file.createVariable(name, "f4", ("time", "lat", "lon"))
            field.units, field.standard_name = "m s-1", standard
            fields.append(field)
        for hour in range(FRAMES):
            for field, part in zip(fields, current(hour, x[np.newaxis, :], y[:, np.newaxis]), strict=True):
                field[hour] = part


def write_roms(path: Path) -> None:
    """ROMS names, staggered velocities, three equal levels, no angle, 100 m of water everywhere."""
    lon, lat, x, y = axes()
    grid_lon, grid_lat = np.meshgrid(lon, lat)
    sizes = {"xi_rho": COLUMNS, "eta_rho": ROWS, "xi_u": COLUMNS - 1, "eta_u": ROWS, "xi_v": COLUMNS, "eta_v": ROWS - 1}
    with netCDF4.Dataset(path, "w") as file:
        for name, size in {**sizes, "xi_psi": COLUMNS - 1, "eta_psi": ROWS - 1, "s_w": LEVELS + 1}.items():
            file.createDimension(name, size)
        _axis(file, "ocean_time", np.arange(FRAMES) * 3600.0, units=f"seconds since {BEGIN}")
        _axis(file, "s_rho", -1 + (np.arange(LEVELS) + 0.5) / LEVELS)
        scalars = {"hc": 10.0, "Vtransform": 2, "Vstretching": 4, "theta_s": 1.0, "theta_b": 0.1}
        for name, value in scalars.items():
            file.createVariable(name, "f8" if isinstance(value, float) else "i4", ())[...] = value
        file.createVariable("Cs_r", "f8", ("s_rho",))[:] = -1 + (np.arange(LEVELS) + 0.5) / LEVELS
        file.createVariable("Cs_w", "f8", ("s_w",))[:] = -1 + np.arange(LEVELS + 1) / LEVELS
        file.createVariable("s_w", "f8", ("s_w",))[:] = -1 + np.arange(LEVELS + 1) / LEVELS
        spacing = 1 / (x[1] - x[0]), 1 / (y[1] - y[0])
        for name, value in {"h": 100.0, "mask_rho": 1.0, "angle": 0.0, "pm": spacing[0], "pn": spacing[1]}.items():
            file.createVariable(name, "f8", ("eta_rho", "xi_rho"))[:] = value
        rho, mid = slice(None), slice(None, -1)
        for point, rows, columns in (("rho", rho, rho), ("u", rho, mid), ("v", mid, rho), ("psi", mid, mid)):
            where = (f"eta_{point}", f"xi_{point}")
            shift = 0.5 if columns is mid else 0.0, 0.5 if rows is mid else 0.0
            file.createVariable(f"lon_{point}", "f8", where)[:] = grid_lon[rows, columns] + shift[0] * LON_STEP
            file.createVariable(f"lat_{point}", "f8", where)[:] = grid_lat[rows, columns] + shift[1] * LAT_STEP
            if point != "rho":
                file.createVariable(f"mask_{point}", "f8", where)[:] = 1.0
        u = file.createVariable("u", "f4", ("ocean_time", "s_rho", "eta_u", "xi_u"))
        v = file.createVariable("v", "f4", ("ocean_time", "s_rho", "eta_v", "xi_v"))
        w = file.createVariable("w", "f4", ("ocean_time", "s_w", "eta_rho", "xi_rho"))
        zeta = file.createVariable("zeta", "f4", ("ocean_time", "eta_rho", "xi_rho"))
        between_x, between_y = (x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2
        for hour in range(FRAMES):
            u[hour] = np.broadcast_to(current(hour, between_x[np.newaxis, :], y[:, np.newaxis])[0], u.shape[1:])
            v[hour] = np.broadcast_to(current(hour, x[np.newaxis, :], between_y[:, np.newaxis])[1], v.shape[1:])
            w[hour], zeta[hour] = 0.0, 0.0


def starts(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Latitudes and longitudes of the particles: a normal cloud of 3 km about the middle."""
    z = np.random.default_rng(0).standard_normal((2, count)) * 3000
    return MIDDLE[0] + z[1] / 111_320, MIDDLE[1] + z[0] / (111_320 * math.cos(math.radians(MIDDLE[0])))
