"""How long a classic NetCDF file must be: the library reads what was cut off as zeros, without a word.

Source: The NetCDF Classic Format Specification (Unidata), sections on the header and on CDF-1, CDF-2 and CDF-5.
"""

import math
from pathlib import Path
from typing import BinaryIO, Final

_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}  # bytes of each nc_type


def missing_bytes(path: Path) -> int:
    """How many bytes a classic NetCDF file lacks; 0 for a whole one and for any other format."""
    with path.open("rb") as file:
        magic = file.read(4)
        if magic[:3] != b"CDF" or magic[3] not in (1, 2, 5):
            return 0
        try:
            needed = _needed(file, magic[3])
        except (EOFError, KeyError, IndexError):
            return 1  # the header itself is cut short
    return max(needed - path.stat().st_size, 0)


def _needed(file: BinaryIO, version: int) -> int:
    count = 8 if version == 5 else 4
    records = _number(file, count)
    lengths: list[int] = []
    for _ in range(_list(file, count)):
        _skip_text(file, count)
        lengths.append(_number(file, count))
    _attributes(file, count)
    last, per_record, record_end = 0, 0, 0
    for _ in range(_list(file, count)):
        _skip_text(file, count)
        shape = [lengths[_number(file, count)] for _ in range(_number(file, count))]
        _attributes(file, count)
        size = _SIZES[_number(file, 4)]
        _number(file, count)  # vsize cannot be trusted for large variables
        begin = _number(file, 4 if version == 1 else 8)
        if shape and shape[0] == 0:
            length = math.prod(shape[1:]) * size
            per_record += length + -length % 4
            record_end = max(record_end, begin + length)
        else:
            last = max(last, begin + math.prod(shape) * size)
    if per_record and 0 < records < 2 ** (8 * count) - 1:
        last = max(last, record_end + (records - 1) * per_record)
    return last


def _number(file: BinaryIO, size: int) -> int:
    raw = file.read(size)
    if len(raw) < size:
        raise EOFError
    return int.from_bytes(raw, "big")


def _list(file: BinaryIO, count: int) -> int:
    _number(file, 4)  # the tag, zero for an absent list
    return _number(file, count)


def _skip_text(file: BinaryIO, count: int) -> None:
    length = _number(file, count)
    file.seek(length + -length % 4, 1)


def _attributes(file: BinaryIO, count: int) -> None:
    for _ in range(_list(file, count)):
        _skip_text(file, count)
        size = _SIZES[_number(file, 4)]
        length = _number(file, count) * size
        file.seek(length + -length % 4, 1)
