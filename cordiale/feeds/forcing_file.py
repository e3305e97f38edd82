"""A fetched field as a file that `--wind-file` and `--current-file` read, and beside it where it came from.

The file is CF NetCDF; the slip beside it, `FILE.source.json`, holds service, orders (without keys), time of retrieval,
licence, attribution and checksum. The file takes its name when it is whole and has been read back.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.instants import iso
from cordiale.sea.cf import open_current, open_wind
from cordiale.sea.grid import GriddedField
from cordiale.sea.tide import Window

try:
    import netCDF4
except ImportError:  # the extra is not installed; writing says so
    netCDF4 = None  # type: ignore[assignment]

FORMAT: Final = "cordiale.forcing-source/1"
_NAMES: Final = {
    "wind": (("eastward_wind", "u10"), ("northward_wind", "v10")),
    "current": (("eastward_sea_water_velocity", "uo"), ("northward_sea_water_velocity", "vo")),
}
_SAME: Final = 1e-4  # m/s: what a value may lose on its way through float32 and back


def slip_of(path: str | Path) -> Path:
    """The path of the slip beside a file."""
    return Path(f"{path}.source.json")


def write_forcing(field: GriddedField, quantity: str, path: str | Path, slip: Mapping[str, Any]) -> dict[str, Any]:
    """Write a wind or a current with its slip; returns the slip as written, with what the file holds and its checksum.

    A file of that name is replaced only if a fetch made it: anything else is refused and stays as it is.
    """
    if netCDF4 is None:
        raise CordialeError("sea.no_netcdf", path=path)
    target = Path(path)
    if target.exists() and read_slip(target) is None:
        raise CordialeError("feeds.forcing_exists", path=target)
    part, part_slip = (target.with_name(f".{target.name}.{os.getpid()}.{word}") for word in ("part", "slip.part"))
    try:
        _write(field, quantity, part, slip)
        _read_back(field, quantity, part, target)
        whole = {
            "format": FORMAT,
            "file": target.name,
            "quantity": quantity,
            **slip,
            "holds": _holds(field),
            "bytes": part.stat().st_size,
            "sha256": hashlib.sha256(part.read_bytes()).hexdigest(),
        }
        part_slip.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        os.replace(part_slip, slip_of(target))
        os.replace(part, target)
    except OSError as error:
        raise CordialeError("feeds.forcing_write", path=target, reason=error.strerror or error) from error
    finally:
        part.unlink(missing_ok=True)
        part_slip.unlink(missing_ok=True)
    return whole


def read_slip(path: str | Path) -> dict[str, Any] | None:
    """The slip beside a file; None where there is none or it is not one of ours."""
    try:
        found = json.loads(slip_of(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("format") == FORMAT else None


def slip_fits(path: str | Path, slip: Mapping[str, Any]) -> bool:
    """True where the file is still the one that the slip was written for."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest() == slip.get("sha256")


def _holds(field: GriddedField) -> dict[str, Any]:
    box = field.lattice
    return {
        "south": round(box.south, 6),
        "north": round(box.north, 6),
        "west": round(box.west, 6),
        "east": round(box.east, 6),
        "rows": box.rows,
        "columns": box.columns,
        "first": iso(float(field.instants[0])),
        "last": iso(float(field.instants[-1])),
        "instants": int(field.instants.size),
    }


def _write(field: GriddedField, quantity: str, path: Path, slip: Mapping[str, Any]) -> None:
    known = np.asarray(field.tile[..., 2])
    with netCDF4.Dataset(str(path), "w", format="NETCDF4") as data:
        data.setncatts(
            {
                "Conventions": "CF-1.11",
                "title": str(slip.get("title", "")),
                "source": str(slip.get("service", "")),
                "license": str(slip.get("licence", "")),
                "acknowledgement": str(slip.get("attribution", "")),
                "history": f"{slip.get('retrieved', '')} fetched and put on one lattice by cordiale",
            }
        )
        for name, values, units in (
            ("time", field.instants, "seconds since 1970-01-01 00:00:00"),
            ("latitude", field.lattice.lat, "degrees_north"),
            ("longitude", field.lattice.lon, "degrees_east"),
        ):
            data.createDimension(name, len(values))
            line = data.createVariable(name, "f8", (name,))
            line.setncatts({"standard_name": name, "units": units})
            line[:] = values
        data["time"].calendar = "standard"
        for k, (standard, name) in enumerate(_NAMES[quantity]):
            variable = data.createVariable(
                name, "f4", ("time", "latitude", "longitude"), zlib=True, complevel=1, fill_value=np.float32(-32767)
            )
            variable.setncatts({"standard_name": standard, "units": "m s-1"})
            if quantity == "wind":
                variable.long_name = f"{standard} at 10 m"
            with np.errstate(invalid="ignore", divide="ignore"):
                variable[:] = np.ma.masked_where(known <= 0, field.tile[..., k] / known)


def _read_back(field: GriddedField, quantity: str, part: Path, target: Path) -> None:
    """What the reader finds in the file is the field: else it does not get its name."""
    box = field.lattice
    window = Window(south=box.south, north=box.north, west=box.west, east=box.east)
    found = (open_wind if quantity == "wind" else open_current)(part, window=window)
    same = found.tile.shape == field.tile.shape and np.array_equal(found.instants, field.instants)
    if not same or not np.allclose(found.tile, _whole(field), rtol=0, atol=_SAME):
        raise CordialeError("feeds.forcing_unlike", path=target)


def _whole(field: GriddedField) -> np.ndarray:
    """The tile of a field with whole shares: a place of the lattice that is known in part is known."""
    tile = np.array(field.tile)
    known = tile[..., 2:3]
    tile[..., :3] = np.where(known > 0, tile[..., :3] / np.where(known > 0, known, 1), 0)
    return tile
