"""Do other people's readers open our files? Run where xarray and TrajAn are: python bench/read_back.py TRACKS.nc MAP.nc

Prints what they find, and ends with an error where something is missing. Neither is a dependency of the project.
"""

import sys

import trajan
import xarray


def tracks(path: str) -> None:
    """The trajectories through xarray and the `traj` accessor of TrajAn."""
    data = xarray.open_dataset(path)
    print(f"{path}: xarray {xarray.__version__}, TrajAn {trajan.__version__}")
    print(data.traj)
    assert data.traj.trajectory_dim == "trajectory" and data.traj.obs_dim == "time"
    assert data.sizes["time"] > 1 and data.time.dtype.kind == "M"
    assert float(abs(data.weight.sum() - 1)) < 1e-9
    speed = data.traj.speed()
    print(
        f"speed by TrajAn: median {float(speed.median()):.2f} m/s, longest path {float(data.traj.length().max()):.0f} m"
    )
    twice = data.traj.gridtime("30min")
    print(f"regridded to half hours: {dict(twice.sizes)}")
    meanings = data.status.attrs["flag_meanings"].split()
    last = data.status.isel(time=-1)
    print({name: int((last == k).sum()) for k, name in enumerate(meanings)})


def chart(path: str) -> None:
    """The probability map through xarray."""
    data = xarray.open_dataset(path)
    mass = (data.probability_density * data.cell_area).sum(("lat", "lon"))
    inside = data.containment <= 0.9
    areas = (data.cell_area * inside).sum(("lat", "lon")) / data.region_area.sel(region=1)
    print(f"{path}: {dict(data.sizes)}, mass {float(mass.min()):.5f} to {float(mass.max()):.5f}")
    print(f"area within the line 0.9 over the area of the 90 % region: {areas.values.round(3).tolist()}")
    assert float(abs(mass - 1).max()) < 1e-3
    peak = data.probability_density.isel(time=-1)
    where = peak.where(peak == peak.max(), drop=True)
    print(f"densest at the end: {float(where.lat[0]):.4f} N {float(where.lon[0]):.4f} E")


if __name__ == "__main__":
    tracks(sys.argv[1])
    chart(sys.argv[2])
