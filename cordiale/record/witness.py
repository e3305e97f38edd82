"""The head of the chain, written down elsewhere; and the walk that finds what is broken.

A chain cut at its end is still a chain, so after every commit the number and hash of the last event go, fsynced, to a
second file: the witness. Put it on another disk (`open_record(witness_path=...)`); beside the record it shows a cut
tail, but not one cut by somebody who cuts both.
"""

import os
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cordiale.earth.errors import CordialeError
from cordiale.record.events import BEFORE_THE_FIRST, chained, event_of, search_columns
from cordiale.record.schema import BROKEN, SCHEMA, Record, aloud
from cordiale.words import Language, say

_LINE = re.compile(rb"(\d+) ([0-9a-f]{64})")
_AT_MOST = 20


class WitnessBehind(CordialeError):
    """The events are kept, but the witness could not be told; `values["seq"]` is the last of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flaw:
    """Something wrong with a record: which word of `record.flaw` says it, at which event, with which values."""

    key: str
    seq: int | None = None
    reason: str = ""

    def text(self, language: Language = "en") -> str:
        """What is wrong, in one sentence."""
        return say(f"record.flaw.{self.key}", language, seq=self.seq or "-", reason=self.reason)

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the walk along the chain found."""

    events: int
    head: str
    flaws: tuple[Flaw, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every event is there, unchanged and in order, as far as record and witness can tell."""
        return not self.flaws

    @property
    def first_bad(self) -> int | None:
        """The number of the first event that is wrong or missing."""
        return min((flaw.seq for flaw in self.flaws if flaw.seq is not None), default=None)

    def text(self, language: Language = "en") -> str:
        """The verdict in words, one line a flaw."""
        key = "record.whole" if self.is_whole else "record.broken"
        lines = [say(key, language, events=self.events, head=self.head[:12])]
        return "\n".join([*lines, *(flaw.text(language) for flaw in self.flaws)])

    def __str__(self) -> str:
        return self.text()


def tell(path: Path, seq: int, own_hash: str) -> None:
    """Append the head `seq hash` to the witness and force it to the disk.

    Raises
    ------
    WitnessBehind
        The witness cannot be written. The event itself is committed and kept.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            size = os.fstat(handle).st_size
            torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
            line = b"\n" * torn + f"{seq} {own_hash}\n".encode()
            if os.write(handle, line) != len(line):
                raise OSError("short write")
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise WitnessBehind("record.witness", path=str(path), seq=seq, reason=str(error)) from error


def witnessed(path: Path) -> dict[int, str]:
    """Every head the witness has heard of, `{seq: hash}`; a line torn by a crash is passed by."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CordialeError("record.witness_unreadable", path=str(path), reason=str(error)) from error
    heads = (found for line in lines if (found := _LINE.fullmatch(line)))
    return {int(head[1]): head[2].decode() for head in heads}


def verify(record: Record) -> Verdict:
    """Walk the whole chain: every hash, every number, the triggers, SQLite's own check, and the witness.

    The flaws name the event they are at; `first_bad` is the first. Nothing is repaired.
    """
    heads = witnessed(record.witness)  # before the snapshot below: what the witness knows is then in it
    with record.lock, aloud(record.path, record.patience):
        record.connection.execute("BEGIN")
        try:
            hashes, flaws = _walk(record)
            flaws += _schema_flaws(record.connection) + _page_flaws(record.connection)
        finally:
            if record.connection.in_transaction:
                record.connection.execute("ROLLBACK")
    flaws += _witness_flaws(hashes, heads)
    head = hashes[max(hashes)] if hashes else BEFORE_THE_FIRST
    return Verdict(events=len(hashes), head=head, flaws=tuple(flaws[:_AT_MOST]))


_STORED = (
    "SELECT seq, CAST(hash AS BLOB), CAST(prev AS BLOB), CAST(type AS BLOB), received_us, "
    "CAST(subject AS BLOB), CAST(line AS BLOB), CAST(content AS BLOB) FROM event ORDER BY seq"
)


def _walk(record: Record) -> tuple[dict[int, str], list[Flaw]]:
    hashes: dict[int, str] = {}
    flaws: list[Flaw] = []
    prev, expected = BEFORE_THE_FIRST, 1
    try:
        for row in record.connection.execute(_STORED):
            seq, own_hash = row[0], (row[1] or b"").decode("ascii", "backslashreplace")
            if seq != expected:
                flaws.append(Flaw(key="gap", seq=expected, reason=str(seq)))
            flaws.extend(_event_flaws(row, own_hash, prev, record.node))
            hashes[seq] = own_hash
            prev, expected = own_hash, seq + 1
    except BROKEN as error:
        flaws.append(Flaw(key="unreadable", seq=expected, reason=str(error)))
    return hashes, flaws


def _event_flaws(row: Any, own_hash: str, prev: str, node: str) -> Iterator[Flaw]:
    seq, _, *columns, content = row
    if chained(prev, content or b"") != own_hash:
        yield Flaw(key="hash", seq=seq)
        return
    try:
        event = event_of(content, own_hash)
        stored = tuple(text.encode() if isinstance(text, str) else text for text in search_columns(event))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        yield Flaw(key="unreadable", seq=seq, reason=str(error))
        return
    if event.prev != prev or event.seq != seq or event.node != node:
        yield Flaw(key="place", seq=seq)
    if tuple(columns) != stored:
        yield Flaw(key="columns", seq=seq)


def _schema_flaws(connection: sqlite3.Connection) -> list[Flaw]:
    try:
        stored = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
        found = {name: sql for name, sql in stored if not name.startswith("sqlite_")}
    except BROKEN as error:
        return [Flaw(key="page", reason=str(error))]
    return [Flaw(key="schema", reason=n) for n in sorted(SCHEMA.keys() | found.keys()) if SCHEMA.get(n) != found.get(n)]


def _page_flaws(connection: sqlite3.Connection) -> list[Flaw]:
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
    except BROKEN as error:
        found = [str(error)]
    return [] if found == ["ok"] else [Flaw(key="page", reason=reason.replace("\n", " ")) for reason in found]


def _witness_flaws(hashes: dict[int, str], heads: dict[int, str]) -> list[Flaw]:
    if hashes and not heads:
        return [Flaw(key="no_witness")]
    last = max(hashes, default=0)
    flaws = [Flaw(key="fork", seq=seq) for seq, own in sorted(heads.items()) if seq in hashes and hashes[seq] != own]
    if heads and max(heads) > last:
        flaws.append(Flaw(key="tail", seq=last + 1, reason=str(max(heads))))
    return flaws
