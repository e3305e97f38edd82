"""A forecast as CF NetCDF: the trajectories of the particles, and the probability map, an instant at a time.

Both follow CF 1.11. Trajectories are a discrete sampling geometry (`featureType = "trajectory"`): all particles share
their instants, so the coordinate `time` is the observation dimension, as OpenDrift writes it and TrajAn reads it.
Positions are packed to 1e-6 degree (0.1 m). The map is a regular grid of latitude and longitude with the
probability density, and for each cell the probability of the smallest region that holds it.

Files are made beside their name and take it when they are closed: what bears the name is whole.

Source: CF Metadata Conventions 1.11, sections 3.5 (flags), 5.6 (grid mappings), 7 (cells), 8.1 (packing), 9 and
appendix H.4 (trajectories).
"""

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cordiale.belief.belief import Belief
from cordiale.belief.density import Density, density_at
from cordiale.belief.plane import from_plane
from cordiale.belief.region import Region
from cordiale.boats.life import PHASES
from cordiale.earth.errors import CordialeError
from cordiale.earth.geodesy import metres_per_degree
from cordiale.earth.units import Degrees, FloatArray, Instant, IntArray, Probability
from cordiale.sea.environment import Environment
from cordiale.views.drift_forecast import containment_of, has_area
from cordiale.words import say

try:
    import netCDF4
except ImportError:  # the extra is not installed; the files say so when they are opened
    netCDF4 = None  # type: ignore[assignment]

STATUS: Final = ("afloat", "ashore", "not_yet_adrift")
CELL: Final[tuple[Degrees, Degrees]] = (0.0025, 0.004)  # of the map, north and east: 278 m by 280 m at 51 N
_PACKED: Final[Degrees] = 1e-6
_NO_POSITION: Final = -(2**31) + 1
_WORTH: Final = 1e-6  # of the peak: a cell with less is left empty
_MOST_PARTS: Final = 64


class TrajectoryFile:
    """The file of trajectories, open for writing: one `add` for each instant, then `close`."""

    def __init__(self, path: str | Path, belief: Belief, environment: Environment, *, seed: int) -> None:
        self._file = _Unfinished(path)
        data = self._file.dataset
        count = len(belief)
        data.createDimension("trajectory", count)
        data.createDimension("time", None)
        _head(data, environment, f"Drift of {belief.name}: trajectories of {count} particles", seed)
        data.featureType = "trajectory"
        data.search_object = belief.name
        _whole(data, "trajectory", "i4", belief.ids, cf_role="trajectory_id", long_name="number of the particle")
        _whole(data, "weight", "f8", belief.weight, long_name="probability of the particle; all sum to 1", units="1")
        classes = [c.key for c in belief.search_object.classes]
        _whole(
            data, "leeway_class", "i1", belief.leeway_class, long_name="leeway class of the particle at the start",
            flag_values=np.arange(len(classes), dtype=np.int8), flag_meanings=" ".join(classes),
        )  # fmt: skip
        _time(data)
        chunks = (min(count, 65_536), 1)
        for name, standard, units in (("lat", "latitude", "degrees_north"), ("lon", "longitude", "degrees_east")):
            variable = data.createVariable(
                name, "i4", ("trajectory", "time"), zlib=True, complevel=1, chunksizes=chunks, fill_value=_NO_POSITION
            )
            variable.setncatts({"standard_name": standard, "long_name": standard, "units": units,
                                "scale_factor": _PACKED, "add_offset": 0.0})  # fmt: skip
            variable.set_auto_maskandscale(False)
        _flags(data, "status", "whether the particle floats", STATUS, chunks)
        _flags(data, "phase", "what has become of the boat", PHASES, chunks)

    def add(self, belief: Belief) -> None:
        """One more instant, later than the one before; particles and their order are those of the first belief."""
        data = self._file.dataset
        row = data.dimensions["time"].size
        data["time"][row] = belief.at
        for name, places in (("lat", belief.lat), ("lon", belief.lon)):
            data[name][:, row] = np.round(places / _PACKED).astype(np.int32)
        status = np.where(belief.stranded, 1, np.where(belief.start > belief.at, 2, 0))
        data["status"][:, row] = status.astype(np.int8)
        data["phase"][:, row] = belief.phase.astype(np.int8)

    def close(self) -> None:
        """End the file; now it bears its name."""
        self._file.close()

    def drop(self) -> None:
        """Leave nothing behind."""
        self._file.drop()


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """What the map of one instant holds: cells counted from the equator and Greenwich, density, containment."""

    at: Instant
    row: IntArray
    column: IntArray
    density: NDArray[np.float32]
    containment: NDArray[np.float32]
    ashore: Probability
    areas: tuple[float, ...]


class ProbabilityMapFile:
    """The file of the probability map: one `add` for each instant, then `close`, which writes them one by one.

    The cells that hold the boat are kept until then, for only the last instant knows how far the map reaches.
    """

    def __init__(self, path: str | Path, environment: Environment, *, name: str, seed: int) -> None:
        self._file = _Unfinished(path)
        self._path = path
        self._instants: list[_Cells] = []
        self._containments: tuple[Probability, ...] = ()
        _head(self._file.dataset, environment, f"Drift of {name}: probability map", seed)

    def add(self, belief: Belief, regions: tuple[Region, ...]) -> None:
        """One more instant; the regions are of this belief, and their density is what is mapped."""
        self._containments = tuple(r.probability for r in regions)
        measured = has_area(belief)
        row, column, values = _on_cells(regions[0].density)
        held = containment_of(regions[0].density, values)
        self._instants.append(
            _Cells(
                belief.at, row, column, values.astype(np.float32), held.astype(np.float32),
                belief.fraction_ashore, tuple(r.area if measured else math.nan for r in regions),
            )
        )  # fmt: skip

    def close(self) -> None:
        """Write all instants and end the file; now it bears its name."""
        if not self._instants:
            self._file.drop()
            raise CordialeError("views.no_moments", path=self._path)
        first_row, rows = _reach([c.row for c in self._instants])
        first_column, columns = _reach([c.column for c in self._instants])
        self._grid(first_row, rows, first_column, columns)
        data = self._file.dataset
        for k, cells in enumerate(self._instants):
            place = (cells.row - first_row, cells.column - first_column)
            layer = np.zeros((rows, columns), dtype=np.float32)
            layer[place] = cells.density
            data["probability_density"][k] = layer
            layer = np.ones((rows, columns), dtype=np.float32)
            layer[place] = cells.containment
            data["containment"][k] = layer
        data["time"][:] = [c.at for c in self._instants]
        data["probability_ashore"][:] = [c.ashore for c in self._instants]
        data["region_area"][:] = np.array([c.areas for c in self._instants])
        self._file.close()

    def drop(self) -> None:
        """Leave nothing behind."""
        self._file.drop()

    def _grid(self, first_row: int, rows: int, first_column: int, columns: int) -> None:
        data = self._file.dataset
        data.createDimension("time", len(self._instants))
        data.createDimension("region", len(self._containments))
        data.createDimension("bounds", 2)
        _time(data)
        for name, standard, units, first, size, step in (
            ("lat", "latitude", "degrees_north", first_row, rows, CELL[0]),
            ("lon", "longitude", "degrees_east", first_column, columns, CELL[1]),
        ):
            data.createDimension(name, size)
            edges = (first + np.arange(size + 1)) * step
            _axis(data, name, (edges[:-1] + edges[1:]) / 2, np.stack([edges[:-1], edges[1:]], axis=1),
                  standard_name=standard, long_name=standard, units=units, axis="YX"[name == "lon"])  # fmt: skip
        crs = data.createVariable("crs", "i4")
        crs.setncatts({"grid_mapping_name": "latitude_longitude", "long_name": "WGS 84", "semi_major_axis": 6378137.0,
                       "inverse_flattening": 298.257223563, "longitude_of_prime_meridian": 0.0})  # fmt: skip
        area = np.broadcast_to(_cell_area(first_row + np.arange(rows))[:, np.newaxis], (rows, columns))
        _whole(data, "cell_area", "f4", area, ("lat", "lon"), standard_name="cell_area", units="m2",
               long_name="area of the cell")  # fmt: skip
        _layer(data, "probability_density", "m-2", "probability density of the position; times cell_area it sums to 1")
        _layer(data, "containment", "1", "probability of the smallest region with the cell in it; 0.9: 90 % line")
        _whole(data, "region_probability", "f8", np.array(self._containments), ("region",), units="1",
               long_name="probability that a region holds the boat")  # fmt: skip
        for name, dimensions, units, told in (
            ("region_area", ("time", "region"), "m2", "area of the smallest region that holds the boat"),
            ("probability_ashore", ("time",), "1", "probability that the boat lies ashore"),
        ):
            data.createVariable(name, "f8", dimensions).setncatts(
                {"units": units, "long_name": told, "cell_methods": "time: point"}
            )
        data["region_area"].coordinates = "region_probability"


class _Unfinished:
    """A NetCDF file under another name until it is whole."""

    def __init__(self, path: str | Path) -> None:
        if netCDF4 is None:
            raise CordialeError("views.no_netcdf", path=path)
        self.path = Path(path)
        self.part = self.path.with_name(f".{self.path.name}.part")
        try:
            self.dataset: Any = netCDF4.Dataset(str(self.part), "w", format="NETCDF4")
        except OSError as error:
            raise CordialeError("views.cannot_write", path=path, reason=error.strerror or str(error)) from error

    def close(self) -> None:
        try:
            self.dataset.close()
            os.replace(self.part, self.path)
        except OSError as error:
            self.drop()
            raise CordialeError("views.cannot_write", path=self.path, reason=error.strerror or str(error)) from error

    def drop(self) -> None:
        if self.dataset.isopen():
            self.dataset.close()
        self.part.unlink(missing_ok=True)


def _head(data: Any, environment: Environment, title: str, seed: int) -> None:
    data.setncatts(
        {
            "Conventions": "CF-1.11, ACDD-1.3",
            "title": title,
            "institution": "unknown",
            "source": f"cordiale drift; {environment}",
            "references": "docs/drift.md",
            "seed": np.int64(seed),
            "comment": say("desk.decision_aid", "en"),
        }
    )


def _time(data: Any) -> None:
    variable = data.createVariable("time", "f8", ("time",))
    variable.setncatts({"standard_name": "time", "long_name": "time", "units": "seconds since 1970-01-01 00:00:00",
                        "calendar": "standard", "axis": "T"})  # fmt: skip


def _whole(
    data: Any, name: str, kind: str, values: NDArray[Any], dimensions: tuple[str, ...] = ("trajectory",), **about: Any
) -> None:
    variable = data.createVariable(name, kind, dimensions, zlib=True, complevel=1)
    variable.setncatts(about)
    variable[:] = values


def _axis(data: Any, name: str, middles: FloatArray, edges: FloatArray, **about: Any) -> None:
    _whole(data, name, "f8", middles, (name,), bounds=f"{name}_bounds", **about)
    _whole(data, f"{name}_bounds", "f8", edges, (name, "bounds"))


def _flags(data: Any, name: str, told: str, meanings: tuple[str, ...], chunks: tuple[int, int]) -> None:
    variable = data.createVariable(
        name, "i1", ("trajectory", "time"), zlib=True, complevel=1, chunksizes=chunks, fill_value=np.int8(-1)
    )
    variable.setncatts({"long_name": told, "coordinates": "lat lon", "flag_meanings": " ".join(meanings),
                        "flag_values": np.arange(len(meanings), dtype=np.int8)})  # fmt: skip


def _layer(data: Any, name: str, units: str, told: str) -> None:
    variable = data.createVariable(
        name, "f4", ("time", "lat", "lon"), zlib=True, complevel=4,
        chunksizes=(1, data.dimensions["lat"].size, data.dimensions["lon"].size), significant_digits=4,
    )  # fmt: skip
    variable.setncatts({"units": units, "long_name": told, "grid_mapping": "crs", "cell_measures": "area: cell_area",
                        "cell_methods": "area: mean time: point" if units == "m-2" else "time: point"})  # fmt: skip


def _reach(lines: list[IntArray]) -> tuple[int, int]:
    first = min(int(line.min()) for line in lines)
    return first, max(int(line.max()) for line in lines) - first + 1


def _on_cells(density: Density) -> tuple[IntArray, IntArray, FloatArray]:
    """Rows, columns and mean densities of the cells that hold any probability worth a map.

    The density leaves out the thousandth that lies thinnest; the cells sum to 1. A cell is the mean of the density at
    evenly spread points in it, no further apart than its own grid.
    """
    rows, columns = _box(density)
    north, east = metres_per_degree(np.array(rows[0] * CELL[0]))
    parts = [min(_MOST_PARTS, max(1, round(float(m * step) / density.cell + 0.5)))
             for m, step in ((north, CELL[0]), (east, CELL[1]))]  # fmt: skip
    lat = (np.arange(rows[0], rows[1], 1 / parts[0]) + 0.5 / parts[0]) * CELL[0]
    lon = (np.arange(columns[0], columns[1], 1 / parts[1]) + 0.5 / parts[1]) * CELL[1]
    fine = density_at(density, *np.meshgrid(lat, lon, indexing="ij"))
    mean = fine.reshape(rows[1] - rows[0], parts[0], columns[1] - columns[0], parts[1]).mean(axis=(1, 3))
    row, column = np.nonzero(mean > mean.max() * _WORTH)
    values = mean[row, column]
    row, column = row + rows[0], column + columns[0]
    return row, column, values / float(np.sum(values * _cell_area(row)))


def _cell_area(row: IntArray) -> FloatArray:
    north, east = metres_per_degree(np.asarray((row + 0.5) * CELL[0], dtype=np.float64))
    return np.asarray(CELL[0] * north * CELL[1] * east)


def _box(density: Density) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and end of the rows and columns of the map that cover the grid of a density."""
    size = density.values.shape
    x = density.west + np.array([0, size[1], size[1], 0, size[1] / 2]) * density.cell
    y = density.south + np.array([0, 0, size[0], size[0], size[0] / 2]) * density.cell
    lat, lon = from_plane(x, y)
    return (
        (math.floor(lat.min() / CELL[0]), math.floor(lat.max() / CELL[0]) + 1),
        (math.floor(lon.min() / CELL[1]), math.floor(lon.max() / CELL[1]) + 1),
    )
