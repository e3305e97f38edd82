"""Write the atlas: 16-bit harmonic constants of the known cells, and the provenance record beside it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from .grid import Grid, spread_to_beach

FRINGE_CELLS = 5
TITLE = "Harmonic constants of the tide of the Dover Strait: level and current of the top metres"
LICENCE = "GPL-3.0-or-later, as the resourcecode mesh it is made from; gauges CC BY 4.0 (TICON-4)"
ATTRIBUTION = (
    "Tide gauges: TICON-4, Hart-Davis, Dettmering and Seitz (2025), SEANOE, doi 10.17882/109129, CC BY 4.0. "
    "Mesh and depth: Resourcecode, Ifremer, GPL-3.0-or-later."
)


def write(
    path: Path,
    grid: Grid,
    names: tuple[str, ...],
    constants: np.ndarray,
    sea: np.ndarray,
    minor: dict[str, tuple[str, complex]],
    std: tuple[float, float],
    source: str,
) -> None:
    """Store constants (3, constituents, rows, columns): level m, eastward and northward m/s; sea is the model's water.

    minor maps a small constituent to its parent and to the complex ratio of their constants.
    """
    filled, known = spread_to_beach(constants, sea, FRINGE_CELLS)
    cells = np.flatnonzero(known.ravel()).astype(np.int32)
    values = filled.reshape(3, len(names), -1)[:, :, cells]
    largest = np.maximum(np.abs(values.real), np.abs(values.imag)).max(axis=2)
    scale = np.maximum(largest / 32000.0, 1e-9).astype(np.float32)
    numbers = np.round(np.stack([values.real, values.imag]) / scale[None, :, :, None]).astype(np.int16)
    np.savez(
        path,
        shape=np.array([grid.rows, grid.columns]),
        constituents=np.array(names),
        grid=np.array([grid.south, grid.west, grid.lat_step, grid.lon_step]),
        cells=cells,
        sea=sea.ravel()[cells],
        constants=numbers,
        scale=scale,
        minor=np.array(list(minor)),
        parents=np.array([parent for parent, _ in minor.values()]),
        ratios=np.array([ratio for _, ratio in minor.values()]),
        std=np.array(std),
        source=np.array(source),
    )


def sha256(path: Path) -> str:
    """Checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_provenance(
    path: Path, wheel: Path, wheel_version: str, archive: Path, database_version: str, notes: str
) -> None:
    """The record beside the atlas: what it was made from, by what command, and its checksum."""
    text = f'''title = "{TITLE}"
licence = "{LICENCE}"
attribution = "{ATTRIBUTION}"
command = "python tools/build_tide.py"
made_by = "tools/build_tide.py"
sha256 = "{sha256(path)}"
notes = "{notes}"

[[sources]]
package = "resourcecode"
version = "{wheel_version}"
licence = "GPL-3.0-or-later"
sha256 = "{sha256(wheel)}"

[[sources]]
package = "@neaps/tide-database"
version = "{database_version}"
licence = "MIT; the TICON-4 records used here CC BY 4.0"
sha256 = "{sha256(archive)}"
'''
    path.with_name(path.name + ".provenance.toml").write_text(text, encoding="utf-8")
