"""The cache of a field: one uncompressed float32 file, written whole or not at all, mapped into memory when opened.

The caller gives the folder. The name of a file holds a digest of what it was made from, so that another forecast or
another window makes another file; a file that is cut short or damaged is made again.
"""

import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import BoolArray, FloatArray, Seconds
from cordiale.sea.grid import GriddedField, Lattice, TileArray

_MAGIC: Final = b"cordiale tile 2\n"
_PAGE: Final = 4096  # bytes: the values begin on a page, as memory maps like it
_LOOK: Final = 1 << 16  # bytes of each end of a source file that enter its digest, beside its size and its time
_TRAILER: Final = 8


class BadTile(CordialeError):
    """A cache that is missing, cut short, damaged or of another make."""


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Plan:
    """What a field will be before its values are read; in the words of `GriddedField`."""

    quantity: str
    lattice: Lattice
    instants: FloatArray
    covered: BoolArray
    coastal: bool
    longest_step: Seconds
    source: str


def field_in_memory(plan: Plan, slabs: Iterator[TileArray]) -> GriddedField:
    """The field with its values in memory, stretch by stretch of time."""
    tile = np.empty((plan.instants.size, plan.lattice.rows, plan.lattice.columns, 4), dtype=np.float32)
    done = 0
    for slab in slabs:
        tile[done : done + len(slab)] = slab
        done += len(slab)
    return _field(plan, tile, None)


def write_tile(path: Path, plan: Plan, slabs: Iterator[TileArray]) -> None:
    """Write a cache; it takes its name only when it is complete. Never more than one stretch is in memory."""
    header = {
        "quantity": plan.quantity,
        "lattice": asdict(plan.lattice),
        "times": plan.instants.size,
        "coastal": plan.coastal,
        "longest_step": plan.longest_step,
        "source": plan.source,
    }
    text = _MAGIC + json.dumps(header, sort_keys=True).encode() + b"\n"
    head = b"".join(
        _padded(part) for part in (text, plan.instants.astype("<f8").tobytes(), plan.covered.astype("u1").tobytes())
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(head)
            check = zlib.crc32(head)
            for slab in slabs:
                raw = np.ascontiguousarray(slab, dtype="<f4").reshape(-1).view(np.uint8).data
                file.write(raw)
                check = zlib.crc32(raw, check)
            file.write(check.to_bytes(_TRAILER, "little"))
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def open_tile(path: str | Path) -> GriddedField:
    """The field of a cache, its values mapped read-only from the file. Raises BadTile where it is not whole."""
    try:
        with Path(path).open("rb") as file:
            plan, begin = _header(file)
            shape = (plan.instants.size, plan.lattice.rows, plan.lattice.columns, 4)
            length = int(np.prod(shape)) * 4
            if os.fstat(file.fileno()).st_size != begin + length + _TRAILER:
                raise BadTile("sea.bad_tile", path=path)
            tile = np.memmap(file, dtype="<f4", mode="r", offset=begin, shape=shape)
            file.seek(0)
            check = zlib.crc32(file.read(begin))
            check = zlib.crc32(tile.reshape(-1).view(np.uint8).data, check)
            file.seek(begin + length)
            if int.from_bytes(file.read(_TRAILER), "little") != check:
                raise BadTile("sea.bad_tile", path=path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadTile("sea.bad_tile", path=path) from error
    return _field(plan, tile, str(path))


def digest_of(paths: tuple[Path, ...], *arguments: Any) -> str:
    """A digest of files and arguments: of each file its name, size, time of change and both ends; not all of it."""
    found = hashlib.sha256(repr((_MAGIC, *arguments)).encode())
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            state = file.stat()
            found.update(repr((str(file), state.st_size, state.st_mtime_ns)).encode())
            if file is path or file.name.endswith(".json") or file.name.startswith(".z"):
                found.update(_ends(file, state.st_size))
    return found.hexdigest()[:24]


def _ends(file: Path, size: int) -> bytes:
    with file.open("rb") as stream:
        first = stream.read(_LOOK)
        stream.seek(max(size - _LOOK, 0))
        return first + stream.read(_LOOK)


def _padded(part: bytes) -> bytes:
    return part + b"\0" * (-len(part) % _PAGE)


def _header(file: Any) -> tuple[Plan, int]:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise ValueError("another make")
    line = file.readline()
    header = json.loads(line)
    lattice = Lattice(**header["lattice"])
    begin = _whole(len(_MAGIC) + len(line))
    file.seek(begin)
    instants = np.frombuffer(file.read(8 * header["times"]), dtype="<f8")
    begin += _whole(8 * header["times"])
    file.seek(begin)
    cells = lattice.rows * lattice.columns
    covered = np.frombuffer(file.read(cells), dtype="u1").reshape(lattice.rows, lattice.columns).astype(bool)
    plan = Plan(
        quantity=header["quantity"],
        lattice=lattice,
        instants=instants,
        covered=covered,
        coastal=header["coastal"],
        longest_step=header["longest_step"],
        source=header["source"],
    )
    return plan, begin + _whole(cells)


def _whole(length: int) -> int:
    return length + -length % _PAGE


def _field(plan: Plan, tile: TileArray, path: str | None) -> GriddedField:
    return GriddedField(
        quantity=plan.quantity,
        lattice=plan.lattice,
        instants=plan.instants,
        tile=tile,
        covered=plan.covered,
        coastal=plan.coastal,
        longest_step=plan.longest_step,
        source=plan.source,
        reopen=None if path is None else (open_tile, (path,)),
    )
