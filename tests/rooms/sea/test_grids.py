"""Fields on every kind of grid become the same field: exact where the field is linear, true east and north."""

import math

import netCDF4
import numpy as np
import pytest

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import hours
from cordiale.sea import projection
from cordiale.sea.cf import open_current
from cordiale.sea.tide import Window
from tests.rooms.sea.cf_files import (
    CURRENT,
    START,
    WINDOW,
    check,
    coordinate,
    east_of,
    north_of,
    sphere_stereographic,
    time_axis,
    vectors,
    write_projected,
    write_regular,
    write_triangles,
)

SINGLE = 3e-7  # m/s: single precision of 1 m/s
BENT = 2e-4  # m/s: a straight line along a projection is not quite one along the lattice (cells of 5 km)
EVEN = np.arange(0.0, 3.01, 0.1)
LINES = {
    "as usual": {},
    "latitudes falling": {"lat": np.arange(50.0, 52.01, 0.1)[::-1]},
    "longitudes 0 to 360 across Greenwich": {"lon": np.arange(0.0, 360.0, 0.5)},
    "lines at uneven distances": {
        "lat": 50 + 2 * np.linspace(0, 1, 30) ** 1.3,
        "lon": 3 * np.linspace(0, 1, 40) ** 0.8,
    },
    "in cm/s": {"units": "cm/s", "factor": 0.01},
    "of several depths the surface": {"depth": [0.0, 5.0, 20.0]},
    "depths from the bottom up": {"depth": [20.0, 5.0, 0.0]},
    "names along the grid on lines of latitude": {"names": ("sea_water_x_velocity", "sea_water_y_velocity")},
    "surface names": {"names": ("surface_eastward_sea_water_velocity", "surface_northward_sea_water_velocity")},
    "a zone in the time": {"time_units": "hours since 2021-11-24 01:00:00 +01:00"},
}


@pytest.mark.parametrize("name", list(LINES))
def test_a_current_on_lines_is_read_whatever_their_habits(tmp_path, name):
    """Direction, distance, depth, unit and zone of real files all give the same vectors."""
    check(open_current(write_regular(tmp_path / "current.nc", **LINES[name]), window=WINDOW), SINGLE)


def test_land_is_unknown_and_slows_nothing(tmp_path):
    """Beside the coast the stream is that of the wet corners; where all corners are land it is 0, and not refused."""
    path = write_regular(tmp_path / "current.nc", land=lambda lat, lon: lat + 0 * lon > 51.05)
    field = open_current(path, window=WINDOW)
    lat, lon = np.array([51.04, 51.0, 51.3]), np.array([1.5, 1.5, 1.5])
    east, north = field.velocity(START, lat, lon)
    assert east[0] == pytest.approx(east_of(0, 51.0, 1.5), abs=SINGLE)  # the wet corners alone, not half of them
    assert east[1] == pytest.approx(east_of(0, 51.0, 1.5), abs=SINGLE)
    assert (east[2], north[2]) == (0.0, 0.0)
    assert field.flow(START, WINDOW)(lat, lon)[0] == pytest.approx(east, abs=SINGLE)


def test_only_what_is_needed_of_a_window_is_kept(tmp_path):
    """A window takes the lines around it and no more."""
    field = open_current(
        write_regular(tmp_path / "current.nc"), window=Window(south=50.95, north=51.15, west=1, east=2)
    )
    assert field.tile.shape[1:] == (4, 11, 4)


POLAR = {
    "grid_mapping_name": "polar_stereographic",
    "latitude_of_projection_origin": 90.0,
    "straight_vertical_longitude_from_pole": 20.0,
    "standard_parallel": 60.0,
    "false_easting": 0.0,
    "false_northing": 0.0,
    "earth_radius": 6.371e6,
}
METRES_X, METRES_Y = np.arange(-1.7e6, -1.2e6, 5e3), np.arange(-4.35e6, -3.9e6, 5e3)


@pytest.mark.parametrize(
    "settings",
    [{}, {"auxiliary": True}, {"flip": True}, {"flip": True, "auxiliary": True}],
    ids=["projection alone", "with latitudes", "x falling", "both"],
)
def test_polar_stereographic_vectors_turn_to_true_east(tmp_path, settings):
    """The grid's angle is the longitude from its straight meridian, here some 19 degrees: it must be undone."""
    project, angle = sphere_stereographic(20.0)
    path = write_projected(tmp_path / "p.nc", project, angle, POLAR, METRES_X, METRES_Y, **settings)
    check(open_current(path, window=WINDOW), BENT)


def test_kilometres_of_a_projection_are_kilometres(tmp_path):
    """The unit of x and y is read."""
    project, angle = sphere_stereographic(20.0)

    def in_km(x, y):
        return project(x * 1e3, y * 1e3)

    path = write_projected(tmp_path / "p.nc", in_km, angle, POLAR, METRES_X / 1e3, METRES_Y / 1e3, units="km")
    check(open_current(path, window=WINDOW), BENT)


def test_lambert_conformal_vectors_turn_to_true_east(tmp_path):
    """With one standard parallel the angle is sin(parallel) times the longitude from the middle (Snyder 15-4)."""
    parallel, middle, radius = math.radians(48.0), 12.0, 6.371e6
    n = math.sin(parallel)
    f = math.cos(parallel) * math.tan(math.pi / 4 + parallel / 2) ** n / n

    def project(x, y):
        rho_0 = radius * f / math.tan(math.pi / 4 + parallel / 2) ** n
        rho, theta = np.hypot(x, rho_0 - y), np.arctan2(x, rho_0 - y)
        return np.degrees(2 * np.arctan((radius * f / rho) ** (1 / n)) - math.pi / 2), middle + np.degrees(theta) / n

    attributes = {
        "grid_mapping_name": "lambert_conformal_conic",
        "standard_parallel": 48.0,
        "latitude_of_projection_origin": 48.0,
        "longitude_of_central_meridian": 12.0,
        "earth_radius": radius,
    }
    x, y = np.arange(-8.6e5, -6.2e5, 5e3), np.arange(2.6e5, 5.2e5, 5e3)
    path = write_projected(tmp_path / "l.nc", project, lambda lat, lon: n * np.radians(lon - middle), attributes, x, y)
    check(open_current(path, window=WINDOW), BENT)


def test_transverse_mercator_vectors_turn_to_true_east(tmp_path):
    """The angle is atan(tan(longitude from the middle) sin(latitude)) on a sphere (Snyder, section 8)."""
    radius, middle = 6.371e6, -6.0

    def project(x, y):
        d = y / radius
        lat = np.degrees(np.arcsin(np.sin(d) / np.cosh(x / radius)))
        return lat, middle + np.degrees(np.arctan2(np.sinh(x / radius), np.cos(d)))

    attributes = {
        "grid_mapping_name": "transverse_mercator",
        "latitude_of_projection_origin": 0.0,
        "longitude_of_central_meridian": middle,
        "scale_factor_at_central_meridian": 1.0,
        "false_easting": 0.0,
        "false_northing": 0.0,
        "earth_radius": radius,
    }

    def angle(lat, lon):
        return np.arctan(np.tan(np.radians(lon - middle)) * np.sin(np.radians(lat)))

    x, y = np.arange(4.2e5, 6.2e5, 5e3), np.arange(5.58e6, 5.8e6, 5e3)
    check(open_current(write_projected(tmp_path / "t.nc", project, angle, attributes, x, y), window=WINDOW), BENT)


def test_a_rotated_pole_needs_no_package(tmp_path, monkeypatch):
    """Places and directions of a grid with a moved pole, against rotations of vectors in space."""
    monkeypatch.setattr(projection, "CAN_UNPROJECT", False)
    pole_lat, pole_lon = math.radians(38.0), math.radians(190.0)
    north = np.array(
        [math.cos(pole_lat) * math.cos(pole_lon), math.cos(pole_lat) * math.sin(pole_lon), math.sin(pole_lat)]
    )
    behind = np.array(
        [math.sin(pole_lat) * math.cos(pole_lon), math.sin(pole_lat) * math.sin(pole_lon), -math.cos(pole_lat)]
    )
    axes = np.stack([-behind, np.cross(north, -behind), north])  # the grid's 0 E, 90 E and north pole in space

    def in_space(x, y):
        a, b = np.radians(x)[..., None], np.radians(y)[..., None]
        return np.cos(b) * np.cos(a) * axes[0] + np.cos(b) * np.sin(a) * axes[1] + np.sin(b) * axes[2]

    def project(x, y):
        point = in_space(x, y)
        return np.degrees(np.arcsin(point[..., 2])), np.degrees(np.arctan2(point[..., 1], point[..., 0]))

    x, y = np.arange(-7.0, -3.6, 0.05), np.arange(-2.2, 0.6, 0.05)
    attributes = {
        "grid_mapping_name": "rotated_latitude_longitude",
        "grid_north_pole_latitude": 38.0,
        "grid_north_pole_longitude": 190.0,
    }

    def angle(lat, lon):
        here_x, here_y = np.meshgrid(x, y)
        step = in_space(here_x + 1e-5, here_y) - in_space(here_x - 1e-5, here_y)
        a, b = np.radians(lon), np.radians(lat)
        east = np.stack([-np.sin(a), np.cos(a), 0 * a], axis=-1)
        north_here = np.stack([-np.sin(b) * np.cos(a), -np.sin(b) * np.sin(a), np.cos(b)], axis=-1)
        return -np.arctan2((step * north_here).sum(axis=-1), (step * east).sum(axis=-1))

    path = write_projected(tmp_path / "r.nc", project, angle, attributes, x, y)
    check(open_current(path, window=WINDOW), BENT)


def write_bent(path):
    """A curvilinear grid with bent rows, two-dimensional latitudes and longitudes, and true east and north."""
    j, i = np.meshgrid(np.linspace(-0.2, 1.2, 60), np.linspace(-0.2, 1.2, 70), indexing="ij")
    lat, lon = 50.2 + 1.5 * j + 0.15 * np.sin(3 * i), 0.3 + 2.4 * i - 0.2 * np.cos(2 * j)
    with netCDF4.Dataset(path, "w") as data:
        hour = time_axis(data)
        data.createDimension("nj", 60)
        data.createDimension("ni", 70)
        coordinate(data, "nav_lat", ("nj", "ni"), lat, "latitude", "degrees_north")
        coordinate(data, "nav_lon", ("nj", "ni"), lon + 360, "longitude", "degrees_east")
        t = hour[:, None, None]
        vectors(data, ("time", "nj", "ni"), (east_of(t, lat, lon), north_of(t, lat, lon)), CURRENT)
    return path


def test_a_curvilinear_grid_is_laid_on_a_lattice_exactly(tmp_path):
    """Bilinear in its own cells, a linear field stays what it is."""
    check(open_current(write_bent(tmp_path / "bent.nc"), window=WINDOW), 1e-6)  # m/s: single precision


def test_outside_a_bent_grid_nothing_is_known(tmp_path):
    """A place inside the box of the lattice but outside the grid itself is refused, not extrapolated."""
    field = open_current(write_bent(tmp_path / "bent.nc"), window=Window(south=49.0, north=52.5, west=-1, east=4))
    assert not field.covered.all()
    row, column = (int(k[0]) for k in np.nonzero(~field.covered))
    lat, lon = field.lattice.lat[[row]], field.lattice.lon[[column]]
    with pytest.raises(CordialeError, match="is not known"):
        field.velocity(START, lat, lon)


MESHES = {
    "nodes of triangles": {},
    "faces of triangles": {"at": "face"},
    "nodes of quadrangles": {"quads": True},
    "counted from one": {"start_index": 1},
}


@pytest.mark.parametrize("name", list(MESHES))
def test_a_mesh_of_triangles_is_laid_on_a_lattice(tmp_path, name):
    """Barycentric in triangles, exact for a linear field; faces through the mean at their nodes."""
    field = open_current(write_triangles(tmp_path / "mesh.nc", **MESHES[name]), window=WINDOW)
    check(field, 1e-6 if "face" not in name else 0.01)  # m/s: faces: the mean of unlike triangles around a node


def test_a_finer_lattice_loses_less_of_a_curved_field(tmp_path):
    """Twice the lines, clearly less error of bringing a wavy field to the lattice."""
    project, _ = sphere_stereographic(20.0)
    path = tmp_path / "wavy.nc"
    with netCDF4.Dataset(path, "w") as data:
        time_axis(data)
        data.createDimension("x", METRES_X.size)
        data.createDimension("y", METRES_Y.size)
        x, y = np.meshgrid(METRES_X, METRES_Y)
        lat, lon = project(x, y)
        coordinate(data, "lat", ("y", "x"), lat, "latitude", "degrees_north")
        coordinate(data, "lon", ("y", "x"), lon, "longitude", "degrees_east")
        wave = np.sin(x / 8e3) * np.sin(y / 8e3) + 0 * np.zeros((5, 1, 1))
        vectors(data, ("time", "y", "x"), (wave, wave), CURRENT)
    chosen = (slice(2, -2, 3), slice(2, -2, 3))
    at_nodes = np.sin(x / 8e3)[chosen] * np.sin(y / 8e3)[chosen]
    errors = []
    for refine in (1, 2, 4):
        field = open_current(path, window=WINDOW, refine=refine)
        inside = field.covers(START, lat[chosen].ravel(), lon[chosen].ravel())
        east, _ = field.velocity(START + hours, lat[chosen].ravel()[inside], lon[chosen].ravel()[inside])
        errors.append(float(np.sqrt(np.mean((east - at_nodes.ravel()[inside]) ** 2))))
    assert errors[1] < 0.6 * errors[0]
    assert errors[2] < 0.7 * errors[1]


def test_a_projection_without_pyproj_names_the_extra(tmp_path, monkeypatch):
    """What to install stands in the message."""
    monkeypatch.setattr(projection, "CAN_UNPROJECT", False)
    project, angle = sphere_stereographic(20.0)
    path = write_projected(tmp_path / "p.nc", project, angle, POLAR, METRES_X, METRES_Y)
    with pytest.raises(CordialeError, match=r"polar_stereographic[\s\S]*cordiale\[grids\]"):
        open_current(path, window=WINDOW)
