"""A file of gridded data, whatever its format: variables with names, dimensions, attributes and a way to read a part.

NetCDF (`cordiale.sea.cf`), Zarr and GRIB are opened into this one noun; everything that reads fields reads it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray

Index = slice | int


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Variable:
    """One variable of a file. `fetch` gives a part of it, unpacked, as float64 with NaN where a value is missing.

    An infinite value is not a missing one: it stays, for whoever reads it to refuse.
    """

    name: str
    dimensions: tuple[str, ...]
    shape: tuple[int, ...]
    attributes: Mapping[str, Any]
    fetch: Callable[[tuple[Index, ...]], FloatArray]
    path: str

    def text(self, attribute: str) -> str:
        """An attribute as text, empty where there is none."""
        return str(self.attributes.get(attribute, "")).strip()

    def read(self, index: tuple[Index, ...] | None = None) -> FloatArray:
        """A part of the values, or all; a file that breaks off there is refused by name and variable."""
        try:
            return self.fetch(index if index is not None else (slice(None),) * len(self.shape))
        except (OSError, RuntimeError, IndexError, ValueError, EOFError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise CordialeError("sea.cf_read", variable=self.name, path=self.path, reason=reason) from error


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Store:
    """An open file; `close` lets it go."""

    path: str
    title: str
    variables: Mapping[str, Variable]
    close: Callable[[], None] = field(default=lambda: None)

    def named(self, name: str) -> list[Variable]:
        """The variables that carry a standard name."""
        return [v for v in self.variables.values() if v.dimensions and v.text("standard_name") == name]

    def sizes(self) -> dict[str, int]:
        """Length of every dimension."""
        return {d: n for v in self.variables.values() for d, n in zip(v.dimensions, v.shape, strict=True)}


def loaded(module: Literal["zarr_store", "grib", "projection"]) -> Any:
    """A module of this room that stands on an optional package, loaded when a file first asks for it.

    Together their packages take about a second to load, which nobody shall wait for who has NetCDF on lines.
    """
    return import_module(f"cordiale.sea.{module}")


def is_zarr(path: Path) -> bool:
    """A folder with the marks of Zarr, or one whose name says so."""
    marks = (".zgroup", ".zmetadata", "zarr.json")
    return path.suffix == ".zarr" or path.name.endswith(".zarr.zip") or any((path / m).is_file() for m in marks)


def is_grib(path: Path) -> bool:
    """A file that begins with GRIB."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"GRIB"


def unpacked(raw: Any, attributes: Mapping[str, Any]) -> FloatArray:
    """Values of a packed array as float64: missing values NaN, then scale factor and offset (CF 2.5.1 and 8.1)."""
    values = np.asarray(raw)
    bad = np.zeros(values.shape, dtype=bool)
    for name in ("_FillValue", "missing_value"):
        for missing in np.atleast_1d(attributes.get(name, [])):
            bad |= values == missing
    found = values.astype(np.float64)
    if "valid_range" in attributes:
        low, high = (float(limit) for limit in attributes["valid_range"])
        bad |= (found < low) | (found > high)
    found = found * float(attributes.get("scale_factor", 1.0)) + float(attributes.get("add_offset", 0.0))
    return np.where(bad, np.nan, found)
