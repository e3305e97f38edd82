"""GRIB files (editions 1 and 2): the messages of a file as variables over time.

This is the one place that imports eccodes (extra `cordiale[grib]`).
"""

from pathlib import Path

from cordiale.earth.errors import CordialeError
from cordiale.sea.store import Store

try:
    import eccodes
except (ImportError, RuntimeError):  # the extra is not installed, or its library is not found; a GRIB file says so
    eccodes = None


def is_grib(path: Path) -> bool:
    """A file that begins with GRIB."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"GRIB"


def open_grib(path: Path) -> Store:
    """The messages of a file as a `Store`."""
    raise CordialeError("sea.no_grib", path=path)
