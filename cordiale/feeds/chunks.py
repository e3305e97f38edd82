"""Lines of a file of any size in bounded memory: each with its length and hash, a huge one by its beginning only."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cordiale.earth.errors import CordialeError
from cordiale.feeds.line import KEPT_OF_A_HUGE_LINE, LONGEST_LINE

CHUNK = 1 << 20  # bytes read at once
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, kw_only=True, slots=True)
class RawLine:
    """The bytes of a line without its end; `beginning` is all of it when `whole`, else the first 64 kB."""

    number: int
    beginning: bytes
    length: int
    sha256: str
    whole: bool


def raw_lines(source: str | Path | Iterable[str | bytes]) -> Iterator[RawLine]:
    """The lines of a file (a path) or of an iterable of lines; blank ones are passed by.

    Raises `CordialeError`: no such file, nothing in it, or UTF-16.
    """
    chunks = _file_chunks(Path(source)) if isinstance(source, str | Path) else _line_chunks(source)
    seen = False
    for line in _cut(chunks):
        seen = True
        yield line
    if not seen:
        raise CordialeError("feeds.empty", source=_named(source))


def _cut(chunks: Iterable[bytes]) -> Iterator[RawLine]:
    number, pen, first = 1, _Pen(), True
    for chunk in chunks:
        if first:
            if chunk.startswith(_UTF16_MARKS):
                raise CordialeError("feeds.utf16", mark=chunk[:2].hex())
            chunk, first = chunk.removeprefix(_UTF8_MARK), False  # noqa: PLW2901
        start = 0
        while (end := chunk.find(b"\n", start)) >= 0:
            pen.write(chunk[start:end] if start or end < len(chunk) else chunk)
            if not pen.blank:
                yield pen.line(number)
            number, pen, start = number + 1, _Pen(), end + 1
        pen.write(chunk[start:])
    if not pen.blank:
        yield pen.line(number)


class _Pen:
    """Takes down one line: hashes all of it, keeps no more than is needed."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._kept = bytearray()
        self._length = 0
        self._return = False  # a carriage return that may end the line

    def write(self, part: bytes) -> None:
        if not part:
            return
        if self._return:
            self._take(b"\r")
        self._return = part.endswith(b"\r")
        self._take(part[:-1] if self._return else part)

    def _take(self, part: bytes) -> None:
        self._hash.update(part)
        self._length += len(part)
        room = LONGEST_LINE + 1 - len(self._kept)
        if room > 0:
            self._kept += part[:room]

    @property
    def blank(self) -> bool:
        return self._length <= LONGEST_LINE and not self._kept.strip()

    def line(self, number: int) -> RawLine:
        whole = self._length <= LONGEST_LINE
        kept = bytes(self._kept if whole else self._kept[:KEPT_OF_A_HUGE_LINE])
        return RawLine(
            number=number, beginning=kept, length=self._length, sha256=self._hash.hexdigest(), whole=whole
        )  # fmt: skip


def _file_chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        raise CordialeError("feeds.no_file", path=str(path), reason=error.strerror or "") from None
    except ValueError:  # a path with a null character
        raise CordialeError("feeds.no_file", path=repr(str(path)), reason="") from None


def _line_chunks(lines: Iterable[str | bytes]) -> Iterator[bytes]:
    for line in lines:
        octets = line.encode("utf-8", "surrogatepass") if isinstance(line, str) else bytes(line)
        yield octets if octets.endswith(b"\n") else octets + b"\n"


def _named(source: object) -> str:
    return str(source) if isinstance(source, str | Path) else "the lines"
