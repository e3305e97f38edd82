"""Files of analytic currents and winds on every kind of grid, written for the tests of the readers."""

import math

import netCDF4
import numpy as np

from cordiale.earth.instants import utc
from cordiale.earth.units import hours
from cordiale.sea.tide import Window

START = utc("2021-11-24 00:00")
WINDOW = Window(south=50.4, north=51.6, west=0.6, east=2.4)
CURRENT = ("eastward_sea_water_velocity", "northward_sea_water_velocity")
GRID_CURRENT = ("sea_water_x_velocity", "sea_water_y_velocity")


def east_of(t, lat, lon):
    """Eastward part, linear in time (h) and place, so that every interpolation is exact."""
    return 0.3 + 0.05 * t + 0.4 * (lat - 51) - 0.3 * (lon - 1.5)


def north_of(t, lat, lon):
    """Northward part."""
    return -0.4 + 0.03 * t - 0.2 * (lat - 51) + 0.25 * (lon - 1.5)


def check(field, tolerance, places=None, hour=(0.0, 1.7, 3.25)):
    """The field read is the linear one, at nodes and between them, and in the patch of an instant."""
    lat, lon = places or (np.array([50.63, 51.11, 51.4]), np.array([0.83, 1.77, 2.2]))
    t = np.resize(np.array(hour), lat.shape)
    east, north = field.velocity(START + t * hours, lat, lon)
    assert np.abs(east - east_of(t, lat, lon)).max() < tolerance
    assert np.abs(north - north_of(t, lat, lon)).max() < tolerance
    box = Window(south=lat.min(), north=lat.max(), west=lon.min(), east=lon.max())
    flow = field.flow(START + 1.5 * hours, box)
    assert hasattr(flow, "values"), "the drift wants a Patch"
    east, north = flow(lat, lon)
    assert np.abs(east - east_of(1.5, lat, lon)).max() < tolerance
    assert np.abs(north - north_of(1.5, lat, lon)).max() < tolerance


def time_axis(data, steps=5, units="hours since 2021-11-24 00:00:00", values=None, name="time", calendar="standard"):
    """A coordinate of time, hourly from midnight unless given."""
    values = np.arange(steps, dtype=float) if values is None else np.asarray(values, dtype=float)
    data.createDimension(name, len(values))
    time = data.createVariable(name, "f8", (name,))
    time.standard_name, time.units, time.calendar = "time", units, calendar
    time[:] = values
    return values


def coordinate(data, name, dims, values, standard, units, **attributes):
    """A coordinate variable with its attributes."""
    variable = data.createVariable(name, "f8", dims)
    variable[:] = values
    variable.units = units
    if standard:
        variable.standard_name = standard
    variable.setncatts(attributes)
    return variable


def vectors(data, dims, fields, names=CURRENT, units="m s-1", **attributes):
    """The two components as variables `u` and `v`; masked values are missing."""
    for name, standard, values in zip(("u", "v"), names, fields, strict=True):
        variable = data.createVariable(name, "f8", dims, fill_value=-9999.0)
        variable.units = units
        if standard:
            variable.standard_name = standard
        variable.setncatts(attributes)
        variable[:] = values


def write_regular(
    path, *, lat=None, lon=None, hour=None, land=None, names=CURRENT, units="m s-1", factor=1.0, add=0.0, depth=None,
    members=0, time_units="hours since 2021-11-24 00:00:00", calendar="standard",
):  # fmt: skip
    """A file on lines of latitude and longitude; `depth` and `members` add dimensions, `add` is added to the east."""
    lat = np.arange(50.0, 52.01, 0.1) if lat is None else lat
    lon = np.arange(0.0, 3.01, 0.1) if lon is None else lon
    with netCDF4.Dataset(path, "w") as data:
        data.title = "test current"
        hour = time_axis(data, units=time_units, values=hour, calendar=calendar)
        since = 0.0 if hour.size and hour.max() < 1e4 else START / hours
        for name, values, unit in (("latitude", lat, "degrees_north"), ("longitude", lon, "degrees_east")):
            data.createDimension(name, len(values))
            coordinate(data, name, (name,), values, name, unit)
        dims, shape = ["time", "latitude", "longitude"], [len(hour), len(lat), len(lon)]
        near = np.mod(np.asarray(lon) + 180, 360) - 180
        t, y, x = np.meshgrid(np.asarray(hour) - since, lat, near, indexing="ij")
        fields = [np.ma.array(east_of(t, y, x) + add) / factor, np.ma.array(north_of(t, y, x)) / factor]
        if land is not None:
            for field in fields:
                field[:, land(y, x)[0]] = np.ma.masked
        if depth is not None:
            data.createDimension("depth", len(depth))
            coordinate(data, "depth", ("depth",), depth, "depth", "m", positive="down")
            dims.insert(1, "depth")
            weaker = np.exp(-np.asarray(depth) / 10)[None, :, None, None]
            fields = [field[:, None] * weaker for field in fields]
            shape.insert(1, len(depth))
        if members:
            data.createDimension("realization", members)
            coordinate(data, "realization", ("realization",), np.arange(members), "realization", "1")
            dims.insert(1, "realization")
            fields = [np.ma.stack([field + k for k in range(members)], axis=1) for field in fields]
        vectors(data, tuple(dims), fields, names, units)
    return path


def write_projected(path, project, angle, attributes, x, y, *, auxiliary=False, units="m", flip=False):
    """A file on the projection `project(x, y) -> lat, lon` whose grid is turned by `angle(lat, lon)` radians.

    With the angle g the grid's x component is E cos g - N sin g, its y component E sin g + N cos g.
    """
    x, y = (x[::-1], y) if flip else (x, y)
    with netCDF4.Dataset(path, "w") as data:
        hour = time_axis(data)
        rotated = attributes["grid_mapping_name"] == "rotated_latitude_longitude"
        for name, values in (("x", x), ("y", y)):
            standard = (
                {"x": "grid_longitude", "y": "grid_latitude"}[name] if rotated else f"projection_{name}_coordinate"
            )
            data.createDimension(name, len(values))
            coordinate(data, name, (name,), values, standard, "degrees" if rotated else units)
        mapping = data.createVariable("crs", "i4")
        mapping.setncatts(attributes)
        lat, lon = project(*np.meshgrid(x, y))
        if auxiliary:
            coordinate(data, "lat", ("y", "x"), lat, "latitude", "degrees_north")
            coordinate(data, "lon", ("y", "x"), np.mod(lon, 360), "longitude", "degrees_east")
        t = hour[:, None, None]
        east, north, g = east_of(t, lat, lon), north_of(t, lat, lon), angle(lat, lon)
        along = (east * np.cos(g) - north * np.sin(g), east * np.sin(g) + north * np.cos(g))
        vectors(data, ("time", "y", "x"), along, GRID_CURRENT, grid_mapping="crs", coordinates="lat lon")
    return path


def write_triangles(path, at="node", step=0.06, quads=False, start_index=0):
    """A UGRID mesh of triangles (or quadrangles) on shaken points, with values at its nodes or faces."""
    rows, columns = int(2 / step), int(3 / step)
    lat, lon = np.meshgrid(50 + step * np.arange(rows), step * np.arange(columns), indexing="ij")
    inner = np.zeros(lat.shape)
    inner[1:-1, 1:-1] = 0.0 if at == "face" else 0.2 * step
    lat, lon = lat + inner * np.sin(7 * lon + 5 * lat), lon + inner * np.cos(9 * lon - 4 * lat)
    number = np.arange(rows * columns).reshape(rows, columns)
    corners = [number[:-1, :-1], number[:-1, 1:], number[1:, 1:], number[1:, :-1]]
    a, b, c, d = (corner.ravel() for corner in corners)
    faces = (
        np.stack([a, b, c, d], axis=1) if quads else np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    )
    lat, lon = lat.ravel(), lon.ravel()
    with netCDF4.Dataset(path, "w") as data:
        hour = time_axis(data)
        data.createDimension("node", lat.size)
        data.createDimension("face", len(faces))
        data.createDimension("corner", faces.shape[1])
        coordinate(data, "node_lat", ("node",), lat, "latitude", "degrees_north")
        coordinate(data, "node_lon", ("node",), lon, "longitude", "degrees_east")
        table = data.createVariable("faces", "i4", ("face", "corner"))
        table.start_index = start_index
        table[:] = faces + start_index
        mesh = data.createVariable("mesh", "i4")
        mesh.cf_role, mesh.topology_dimension = "mesh_topology", 2
        mesh.node_coordinates, mesh.face_node_connectivity = "node_lon node_lat", "faces"
        y, x = (lat, lon) if at == "node" else (lat[faces].mean(axis=1), lon[faces].mean(axis=1))
        t = hour[:, None]
        vectors(data, ("time", at), (east_of(t, y, x), north_of(t, y, x)), mesh="mesh", location=at)
    return path


def sphere_stereographic(lon_0, radius=6.371e6, lat_ts=60.0):
    """Inverse polar stereographic of a sphere and the angle of its grid; Snyder (1987), equations 21-5 to 21-15."""
    scale = radius * (1 + math.sin(math.radians(lat_ts)))

    def project(x, y):
        return 90 - 2 * np.degrees(np.arctan(np.hypot(x, y) / scale)), lon_0 + np.degrees(np.arctan2(x, -y))

    def angle(lat, lon):
        return np.radians(lon - lon_0)

    return project, angle
