"""Latitudes and longitudes of places on a projection, by its CF grid mapping.

This is the one place that imports pyproj (extra `cordiale[grids]`). Latitudes and longitudes of a sphere are taken as
they are, as every atmosphere and ocean model that uses one means them: no shift from the sphere to the ellipsoid.
"""

import sys
from typing import Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import FloatArray
from cordiale.sea.store import Variable

_TOO_LATE: Final = "eccodes" in sys.modules and "pyproj" not in sys.modules
if not _TOO_LATE:  # the PROJ of eccodes is loaded, and loading that of pyproj would now end the process
    try:
        import pyproj
    except ImportError:  # the extra is not installed; a file that needs it says so
        pyproj = None  # type: ignore[assignment, unused-ignore]
CAN_UNPROJECT: bool = not _TOO_LATE and pyproj is not None


def unproject(mapping: Variable, east: FloatArray, north: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Latitude and longitude (degrees) of `east` and `north` (m) on the grid mapping; NaN beyond its reach."""
    if _TOO_LATE:
        raise CordialeError("sea.pyproj_too_late", path=mapping.path)
    if not CAN_UNPROJECT:
        raise CordialeError("sea.no_pyproj", path=mapping.path, mapping=mapping.text("grid_mapping_name"))
    attributes = dict(mapping.attributes)
    written = next((str(attributes[k]) for k in ("proj4", "proj4_string", "crs_wkt") if attributes.get(k)), None)
    try:
        crs = pyproj.CRS.from_user_input(written) if written else pyproj.CRS.from_cf(attributes)
        lon, lat = pyproj.Proj(crs)(east, north, inverse=True)
    except (pyproj.exceptions.ProjError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise CordialeError("sea.cf_projection", variable=mapping.name, path=mapping.path, reason=reason) from error
    return np.where(np.isfinite(lat), lat, np.nan), np.where(np.isfinite(lon), lon, np.nan)
