"""A forecast as CF NetCDF: trajectories and probability map."""

import netCDF4
import numpy as np
import pytest

from cordiale.belief.region import containment_region
from cordiale.boats.life import PHASES
from cordiale.earth.errors import CordialeError
from cordiale.earth.units import hours
from cordiale.views import drift_netcdf
from cordiale.views.drift_netcdf import STATUS, ProbabilityMapFile, TrajectoryFile

from .small_drift import BEGIN, COUNT, HOURS, hourly, sea


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """Both files of the small forecast."""
    folder = tmp_path_factory.mktemp("drift")
    tracks = TrajectoryFile(folder / "tracks.nc", hourly()[0][0], sea(), seed=1)
    chart = ProbabilityMapFile(folder / "map.nc", sea(), name="inflatable", seed=1)
    for belief, regions, _ in hourly():
        tracks.add(belief)
        chart.add(belief, regions)
    assert not list(folder.glob("*.nc")), "a file bears its name before it is whole"
    tracks.close()
    chart.close()
    assert sorted(p.name for p in folder.iterdir()) == ["map.nc", "tracks.nc"]
    return folder


@pytest.fixture
def tracks(paths):
    """The file of trajectories."""
    with netCDF4.Dataset(paths / "tracks.nc") as dataset:
        yield dataset


@pytest.fixture
def chart(paths):
    """The file of the map."""
    with netCDF4.Dataset(paths / "map.nc") as dataset:
        yield dataset


def test_the_trajectories_are_a_cf_discrete_sampling_geometry(tracks):
    """Feature type, role, standard names and units are those of the conventions."""
    assert tracks.featureType == "trajectory" and tracks.Conventions.startswith("CF-1.11")
    assert tracks["trajectory"].cf_role == "trajectory_id"
    assert (tracks["lat"].standard_name, tracks["lat"].units) == ("latitude", "degrees_north")
    assert (tracks["lon"].standard_name, tracks["lon"].units) == ("longitude", "degrees_east")
    assert tracks["time"].standard_name == "time" and tracks["time"].units.startswith("seconds since 1970-01-01")
    for name in ("status", "phase"):
        assert tracks[name].dimensions == ("trajectory", "time")
        assert tracks[name].coordinates == "lat lon"
        assert len(tracks[name].flag_values) == len(tracks[name].flag_meanings.split())
    assert "cordiale" in tracks.source and "m/s" in tracks.source


def test_positions_come_back_to_a_tenth_of_a_metre(tracks):
    """Packing to 1e-6 degree loses at most 5e-7 of one."""
    for k, (belief, _, _) in enumerate(hourly()):
        assert np.abs(tracks["lat"][:, k] - belief.lat).max() <= 5.01e-7
        assert np.abs(tracks["lon"][:, k] - belief.lon).max() <= 5.01e-7
    assert tracks["time"][:].tolist() == [BEGIN + h * hours for h in range(1, HOURS + 1)]
    assert tracks["weight"][:].sum() == pytest.approx(1)
    assert tracks["trajectory"][:].tolist() == list(range(COUNT))


def test_flags_say_who_lies_ashore_and_what_has_become_of_her(tracks):
    """Status and phase are those of the beliefs."""
    ashore = STATUS.index("ashore")
    for k, (belief, _, _) in enumerate(hourly()):
        assert ((tracks["status"][:, k] == ashore) == belief.stranded).all()
        assert (tracks["phase"][:, k] == belief.phase).all()
    assert tracks["phase"].flag_meanings.split() == list(PHASES)
    assert (tracks["status"][:, -1] == ashore).any(), "nobody ashore: the test shows nothing"


def test_the_density_times_the_area_of_the_cells_sums_to_one(chart):
    """Every hour holds the whole probability; digits are kept to 1e-4."""
    mass = (chart["probability_density"][:] * chart["cell_area"][:]).sum(axis=(1, 2))
    assert np.abs(mass - 1).max() < 2e-4


def test_the_line_of_ninety_percent_encloses_the_ninety_percent_region(chart):
    """Same area to the width of a cell, and the particles are inside as often."""
    lat, lon = chart["lat"][:], chart["lon"][:]
    for k, (belief, regions, _) in enumerate(hourly()):
        inside = chart["containment"][k] <= 0.9
        area = float((chart["cell_area"][:] * inside).sum())
        assert chart["region_area"][k, 1] == pytest.approx(regions[1].area)
        if k >= 2:  # the first hours are a few dozen cells
            assert area == pytest.approx(regions[1].area, rel=0.06)
            row = np.abs(lat[:, np.newaxis] - belief.lat).argmin(axis=0)
            column = np.abs(lon[:, np.newaxis] - belief.lon).argmin(axis=0)
            assert belief.weight @ inside[row, column] == pytest.approx(0.9, abs=0.03)


def test_the_grid_says_its_bounds_its_mapping_and_how_values_were_made(chart):
    """Cells touch each other, units and cell methods are given, the peak is where the region is densest."""
    for name in ("lat", "lon"):
        edges = chart[chart[name].bounds][:]
        assert np.abs(edges[1:, 0] - edges[:-1, 1]).max() < 1e-12  # degrees
        assert np.abs(chart[name][:] - edges.mean(axis=1)).max() < 1e-12
    assert chart["probability_density"].units == "m-2"
    assert chart["probability_density"].cell_methods == "area: mean time: point"
    assert chart[chart["probability_density"].grid_mapping].grid_mapping_name == "latitude_longitude"
    row, column = np.unravel_index(int(chart["probability_density"][-1].argmax()), chart["cell_area"].shape)
    densest = containment_region(hourly()[-1][0], 0.9).densest
    assert abs(chart["lat"][row] - densest.lat) < 0.01 and abs(chart["lon"][column] - densest.lon) < 0.01
    assert chart["probability_ashore"][:].tolist() == [b.fraction_ashore for b, _, _ in hourly()]


def test_a_map_without_a_moment_leaves_no_file(tmp_path):
    """An error that says so, and nothing half written."""
    empty = ProbabilityMapFile(tmp_path / "map.nc", sea(), name="nothing", seed=1)
    with pytest.raises(CordialeError, match="no moment"):
        empty.close()
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_named(tmp_path):
    """The message shows the path."""
    with pytest.raises(CordialeError, match="nowhere"):
        ProbabilityMapFile(tmp_path / "nowhere" / "map.nc", sea(), name="nothing", seed=1)


def test_without_the_package_the_extra_is_named(tmp_path, monkeypatch):
    """Who has no netCDF4 reads what to install."""
    monkeypatch.setattr(drift_netcdf, "netCDF4", None)
    with pytest.raises(CordialeError, match=r"cordiale\[cf\]"):
        TrajectoryFile(tmp_path / "t.nc", hourly()[0][0], sea(), seed=1)
