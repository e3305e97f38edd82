"""Zarr stores (versions 2 and 3) in a folder or a zip file, as xarray and the met-ocean services write them.

This is the one place that imports zarr (extra `cordiale[zarr]`). Packing and missing values follow CF 8.1 and 2.5.1.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray
from cordiale.sea.store import Index, Store, Variable, unpacked

try:
    import zarr
except ImportError:  # the extra is not installed; a Zarr store says so
    zarr = None  # type: ignore[assignment, unused-ignore]


def open_zarr(path: Path) -> Store:
    """A Zarr store as a `Store`; refused where it cannot be opened."""
    if zarr is None:
        raise CordialeError("sea.no_zarr", path=path)
    try:
        group = zarr.open_group(str(path), mode="r")
        arrays = dict(group.arrays())
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CordialeError("sea.cf_open", path=path, reason=reason) from error
    variables = {name: _variable(name, array, str(path)) for name, array in sorted(arrays.items())}
    return Store(path=str(path), title=str(dict(group.attrs).get("title", "")), variables=variables)


def _variable(name: str, array: Any, path: str) -> Variable:
    attributes = dict(array.attrs)
    fill = array.fill_value
    dimensions = attributes.get("_ARRAY_DIMENSIONS") or getattr(array.metadata, "dimension_names", None)
    if dimensions is None:
        dimensions = [f"{name}_{k}" for k in range(len(array.shape))]
    if array.metadata.zarr_format == 2 and fill is not None and list(dimensions) != [name]:
        attributes.setdefault("_FillValue", fill)  # a coordinate has no missing values, whatever fills its chunks
    return Variable(
        name=name,
        dimensions=tuple(str(d) for d in dimensions),
        shape=tuple(array.shape),
        attributes=attributes,
        fetch=_fetch(array, attributes),
        path=path,
    )


def _fetch(array: Any, attributes: dict[str, Any]) -> Callable[[tuple[Index, ...]], FloatArray]:
    def fetch(index: tuple[Index, ...]) -> FloatArray:
        return unpacked(np.asarray(array[index] if index else array[...]), attributes)

    return fetch
