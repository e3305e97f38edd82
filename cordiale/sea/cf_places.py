"""Where the values of a field lie: latitudes and longitudes of the nodes of its grid, found as CF and UGRID say.

Projections are undone by pyproj (`cordiale.sea.projection`) unless the file has latitudes and longitudes itself. A
rotated pole needs no package.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Degrees, FloatArray, Quantity, degrees, km
from cordiale.sea.cf_axes import PLAIN_DEGREES, Axes, called
from cordiale.sea.regrid import IndexArray, Weights
from cordiale.sea.store import Store, Variable, loaded


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Nodes:
    """Latitudes and longitudes of the nodes, longitudes turned near the window.

    Lines: lat (rows,), lon (columns,). Curvilinear: both (y, x). Triangles: both (nodes,), and `triangles` (n, 3);
    `spread` takes weights on nodes to weights on faces where the values are at the faces, `points` counts them.
    `swapped`: the variable has x before y. Signs: which way the grid's axes point along the indices.
    """

    shape: Literal["lines", "curvilinear", "triangles"]
    lat: FloatArray
    lon: FloatArray
    swapped: bool = False
    x_sign: Quantity = 1.0
    y_sign: Quantity = 1.0
    triangles: IndexArray | None = None
    spread: Callable[[Weights], Weights] | None = None
    points: int = 0


def nodes_of(store: Store, variable: Variable, axes: Axes, middle: Degrees) -> Nodes:
    """The nodes of a variable; `middle` is the longitude near which longitudes shall lie."""
    places = tuple(d for d, role in zip(variable.dimensions, axes.roles, strict=True) if role == "place")
    if len(places) == 1:
        return _triangles(store, variable, places[0], middle)
    own = {kind: _line(store, places, kind) for kind in ("latitude", "longitude")}
    if _is_rotated(store, variable):  # lines merely called so are those of the turned grid
        own = {kind: line if line is None or not called(line) else None for kind, line in own.items()}
    if own["latitude"] is not None and own["longitude"] is not None:
        lat, lon = steady(own["latitude"]), steady(own["longitude"])
        swapped = own["latitude"].dimensions[0] == places[1]
        return Nodes(shape="lines", lat=lat, lon=_near(lon, middle), swapped=swapped)
    flat = {kind: _flat(store, variable, places, kind) for kind in ("latitude", "longitude")}
    x, y = _line(store, places, "x"), _line(store, places, "y")
    swapped = x is not None and x.dimensions[0] == places[0]
    if flat["latitude"] is not None and flat["longitude"] is not None:
        lat, lon = _yx(flat["latitude"], places, swapped), _yx(flat["longitude"], places, swapped)
    else:
        lat, lon = _unprojected(store, variable, x, y)
    if min(lat.shape) < 2:
        narrow = places[int(np.argmin(lat.T.shape if swapped else lat.shape))]
        raise CordialeError("sea.cf_one_line", variable=narrow, path=store.path, count=min(lat.shape))
    signs = [-1.0 if line is not None and _falls(steady(line)) else 1.0 for line in (x, y)]
    return Nodes(
        shape="curvilinear", lat=lat, lon=_near(lon, middle), swapped=swapped, x_sign=signs[0], y_sign=signs[1]
    )


def _falls(values: FloatArray) -> bool:
    return bool(values[-1] < values[0])


def _near(lon: FloatArray, middle: Degrees) -> FloatArray:
    return np.asarray(np.mod(lon - middle + 180, 360) - 180 + middle)


def steady(variable: Variable) -> FloatArray:
    """The values of a coordinate, which must rise or fall all along and have no gaps."""
    values = np.atleast_1d(variable.read())
    steps = np.diff(values)
    if values.size < 2:
        raise CordialeError("sea.cf_one_line", variable=variable.name, path=variable.path, count=values.size)
    if not np.isfinite(values).all() or not (np.all(steps > 0) or np.all(steps < 0)):
        raise CordialeError("sea.cf_coordinate", variable=variable.name, path=variable.path)
    return values


def _kind(variable: Variable) -> str:
    """latitude, longitude, x, y or nothing: what a coordinate is, by its standard name, else by its units."""
    name, units = variable.text("standard_name"), variable.text("units").lower()
    if name in ("latitude", "longitude"):
        return name
    known = {
        "projection_x_coordinate": "x",
        "projection_y_coordinate": "y",
        "grid_longitude": "x",
        "grid_latitude": "y",
    }
    if name:
        return known.get(name, "")
    if units in ("degrees_north", "degree_north", "degree_n", "degrees_n"):
        return "latitude"
    if units in ("degrees_east", "degree_east", "degree_e", "degrees_e"):
        return "longitude"
    return called(variable) if units in PLAIN_DEGREES else ""


def _line(store: Store, places: tuple[str, ...], kind: str) -> Variable | None:
    return next((v for v in store.variables.values() if len(v.dimensions) == 1 and v.dimensions[0] in places
                 and _kind(v) == kind), None)  # fmt: skip


def _flat(store: Store, variable: Variable, places: tuple[str, ...], kind: str) -> Variable | None:
    """The two-dimensional latitude or longitude of a variable; its own `coordinates` come first."""
    named = variable.text("coordinates").split()
    found = [v for v in store.variables.values() if set(v.dimensions) == set(places) and _kind(v) == kind]
    return next((v for v in found if v.name in named), found[0] if found else None)


def _yx(variable: Variable, places: tuple[str, ...], swapped: bool) -> FloatArray:
    values = _finite(variable.read())
    values = values if variable.dimensions == places else values.T
    return values.T if swapped else values


def _finite(values: FloatArray) -> FloatArray:
    return np.where(np.isfinite(values), values, np.nan)


def _unprojected(store: Store, variable: Variable, x: Variable | None, y: Variable | None) -> tuple[FloatArray, ...]:
    mapping = _mapping(store, variable)
    if x is None or y is None or mapping is None:
        _refuse_bare_coordinate(store, variable)
        shape = ", ".join(f"{d} {n}" for d, n in zip(variable.dimensions, variable.shape, strict=True))
        raise CordialeError("sea.cf_axes", variable=variable.name, path=store.path, dimensions=shape)
    east, north = np.meshgrid(steady(x), steady(y))
    if _is_rotated(store, variable):
        return _unrotated(mapping, east, north)
    scale = km if x.text("units") in ("km", "kilometre", "kilometer") else 1.0
    return tuple(loaded("projection").unproject(mapping, east * scale, north * scale))


def _refuse_bare_coordinate(store: Store, variable: Variable) -> None:
    """Refuse a coordinate that is called a latitude or a longitude but whose unit does not say so."""
    for one in store.variables.values():
        if called(one) and not _kind(one) and set(one.dimensions) <= set(variable.dimensions):
            unit = "degrees_north" if called(one) == "latitude" else "degrees_east"
            raise CordialeError(
                "sea.cf_bare_coordinate", variable=one.name, path=store.path, units=one.text("units"), wanted=unit
            )


def _mapping(store: Store, variable: Variable) -> Variable | None:
    return store.variables.get(variable.text("grid_mapping").split(":")[0].strip())


def _is_rotated(store: Store, variable: Variable) -> bool:
    mapping = _mapping(store, variable)
    return mapping is not None and mapping.text("grid_mapping_name") == "rotated_latitude_longitude"


def _unrotated(mapping: Variable, grid_lon: FloatArray, grid_lat: FloatArray) -> tuple[FloatArray, ...]:
    """Latitude and longitude of places given in a grid whose north pole has been moved; spherical trigonometry."""
    pole_lat = float(mapping.attributes["grid_north_pole_latitude"]) * degrees
    pole_lon = float(mapping.attributes["grid_north_pole_longitude"])
    turn = float(mapping.attributes.get("north_pole_grid_longitude", 0.0))
    a, b = (grid_lon - turn) * degrees, grid_lat * degrees
    sine = np.sin(b) * math.sin(pole_lat) + np.cos(b) * math.cos(pole_lat) * np.cos(a)
    lat = np.arcsin(np.clip(sine, -1.0, 1.0)) / degrees
    across = -np.cos(b) * np.sin(a)
    along = np.sin(b) * math.cos(pole_lat) - np.cos(b) * math.sin(pole_lat) * np.cos(a)
    return lat, pole_lon + np.arctan2(across, along) / degrees


def _triangles(store: Store, variable: Variable, place: str, middle: Degrees) -> Nodes:
    """The mesh of a variable at its nodes or at its faces; faces of four nodes are cut in two."""
    mesh = store.variables.get(variable.text("mesh"))
    at = variable.text("location")
    faces = None if mesh is None else store.variables.get(mesh.text("face_node_connectivity"))
    names = [] if mesh is None else mesh.text("node_coordinates").split()
    found = {_kind(store.variables[n]): store.variables[n] for n in names if n in store.variables}
    if mesh is None or faces is None or at not in ("node", "face") or not {"latitude", "longitude"} <= found.keys():
        raise CordialeError("sea.cf_mesh", variable=variable.name, path=store.path, dimension=place)
    lat, lon = _finite(found["latitude"].read()), _near(_finite(found["longitude"].read()), middle)
    table = faces.read()
    if table.shape[0] in (3, 4) and table.shape[1] not in (3, 4):
        table = table.T
    table = table - float(faces.attributes.get("start_index", 0))
    whole = np.isfinite(table)
    triangles = table[whole[:, :3].all(axis=1), :3].astype(np.intp)
    if table.shape[1] == 4:
        four = table[whole.all(axis=1)].astype(np.intp)
        triangles = np.concatenate([triangles, four[:, [0, 2, 3]]])
    spread = _from_faces(table, lat.size) if at == "face" else None
    points = variable.shape[variable.dimensions.index(place)]
    return Nodes(shape="triangles", lat=lat, lon=lon, triangles=triangles, spread=spread, points=points)


def _from_faces(table: FloatArray, nodes: int) -> Callable[[Weights], Weights]:
    """Weights on nodes as weights on faces: a node has the mean of the faces around it."""
    face, column = np.nonzero(np.isfinite(table))
    node = table[face, column].astype(np.intp)
    order = np.argsort(node, kind="stable")
    node, face = node[order], face[order]
    count = np.bincount(node, minlength=nodes)
    first = np.concatenate([[0], np.cumsum(count)[:-1]])

    def spread(weights: Weights) -> Weights:
        around = int(count.max())
        corners, shares = [], []
        for corner, weight in zip(weights.corners, weights.weights, strict=True):
            for k in range(around):
                has = k < count[corner]
                corners.append(np.where(has, face[np.minimum(first[corner] + k, face.size - 1)], 0))
                shares.append(np.where(has, weight / np.maximum(count[corner], 1), 0.0))
        return Weights(corners=np.array(corners), weights=np.array(shares), inside=weights.inside)

    return spread
