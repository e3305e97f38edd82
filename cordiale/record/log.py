"""The log: append, and read again up to any instant. Nothing in it is ever changed or taken away."""

import math
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Instant, Seconds
from cordiale.record.events import BEFORE_THE_FIRST, Entry, Event, chained, content_of, event_of, search_columns, spelt
from cordiale.record.keys import destroy_keys
from cordiale.record.schema import BROKEN, Record, aloud, connect
from cordiale.record.upcast import lifted
from cordiale.record.witness import tell

__all__ = [
    "Record",
    "append",
    "append_many",
    "events",
    "events_about",
    "find",
    "head",
    "insert",
    "open_record",
    "writing",
]

_NODE = "local"
_STEP_MS = 3  # SQLite waits 1 + 2 ms, then we ask again


def open_record(
    path: Path | str,
    *,
    node: str | None = None,
    key_path: Path | str | None = None,
    witness_path: Path | str | None = None,
    patience: Seconds = 10.0,
    read_only: bool = False,
    draw: Callable[[int], bytes] = secrets.token_bytes,
) -> Record:
    """The record at `path`, made if there is none; close it, or use it in a `with`.

    Parameters
    ----------
    path : Path or str
        The SQLite file; `-wal` and `-shm` appear beside it.
    node : str, optional
        Whose record it is; an existing record knows it, a new one is `local` unless told.
    key_path, witness_path : Path or str, optional
        The key file and the witness; beside the record as `.keys` and `.witness` unless told. Another disk is better.
    patience : Seconds
        How long to wait for another process that is writing.
    read_only : bool
        Refuse to write, and do not make a file.
    draw : callable
        Where secret bytes come from, `draw(count)`.

    Raises
    ------
    CordialeError
        No such folder, not a record, a newer format, another node's record, not readable.
    """
    file = Path(path)
    connection = connect(file, patience=patience, read_only=read_only)
    owner = _owner(connection)
    if owner and node and owner != node:
        connection.close()
        raise CordialeError("record.node", path=str(file), node=owner, given=node)
    record = Record(
        path=file,
        node=owner or node or _NODE,
        keys=Path(key_path) if key_path else file.with_name(f"{file.name}.keys"),
        witness=Path(witness_path) if witness_path else file.with_name(f"{file.name}.witness"),
        connection=connection,
        patience=patience,
        draw=draw,
    )
    if not read_only:
        _finish_erasures(record)
    return record


def append(record: Record, entry: Entry, *, recorded_at: Instant) -> Event:
    """Write one event down. When this returns it is on the disk, and the witness has heard of it.

    Raises
    ------
    CordialeError
        Disk full, read-only, locked by another process too long, already there: nothing was written.
    WitnessBehind
        The event is kept, but the witness could not be told.
    """
    return append_many(record, [entry], recorded_at=recorded_at)[0]


def append_many(record: Record, entries: Sequence[Entry], *, recorded_at: Instant) -> tuple[Event, ...]:
    """Write several events down in one commit: all of them or, on an error, none."""
    with writing(record):
        return tuple(insert(record, entry, recorded_at=recorded_at) for entry in entries)


def events(record: Record, *, until_received: Instant | None = None, after_seq: int = 0) -> tuple[Event, ...]:
    """The events in order of writing, each in the current layout.

    Parameters
    ----------
    until_received : Instant, optional
        Only what had been received by then: the record as known at that instant.
    after_seq : int
        Only what was written after that number; a live view asks again with the last number it saw.
    """
    last = 2**63 - 1 if until_received is None or until_received == math.inf else round(until_received * 1e6)
    query = "SELECT content, hash, seq FROM event WHERE seq > ? AND received_us <= ? ORDER BY seq"
    with record.lock, aloud(record.path, record.patience):
        rows = record.connection.execute(query, (after_seq, last)).fetchall()
    return tuple(_read(seen) for seen in rows)


def events_about(record: Record, name: str) -> tuple[Event, ...]:
    """Every event about one report, in order of writing."""
    query = "SELECT content, hash, seq FROM event WHERE subject = ? ORDER BY seq"
    with record.lock, aloud(record.path, record.patience):
        rows = record.connection.execute(query, (spelt(name),)).fetchall()
    return tuple(_read(seen) for seen in rows)


def head(record: Record) -> tuple[int, str]:
    """Number and hash of the last event; `(0, "00...0")` when there is none. Cheap: a live view polls it."""
    with record.lock, aloud(record.path, record.patience):
        return _head(record.connection)


@contextmanager
def writing(record: Record) -> Iterator[None]:
    """One commit: what `insert` adds inside is written whole or not at all; then the witness is told."""
    with record.lock:
        with aloud(record.path, record.patience):
            _take_turn(record)
            before, _ = _head(record.connection)
        try:
            yield
            with aloud(record.path, record.patience):
                after = _head(record.connection)
                record.connection.execute("COMMIT")
        except BaseException:
            if record.connection.in_transaction:
                record.connection.execute("ROLLBACK")
            raise
        if after[0] > before:
            tell(record.witness, *after)


def insert(record: Record, entry: Entry, *, recorded_at: Instant) -> Event:
    """Add an event inside `writing`, after the last one."""
    with aloud(record.path, record.patience):
        last, prev = _head(record.connection)
        seq = last + 1
        _check_reasons(entry, record.node, last)
        content = content_of(entry, node=record.node, seq=seq, prev=prev, recorded_at=recorded_at)
        event = event_of(content, chained(prev, content))
        record.connection.execute(
            "INSERT INTO event (seq, hash, prev, type, received_us, subject, line, content) VALUES (?,?,?,?,?,?,?,?)",
            (seq, event.hash, *search_columns(event), content.decode()),
        )
    return event


def find(record: Record, *, name: str | None = None, line: str | None = None) -> Event | None:
    """The `report.received` of that name, or of that input line."""
    where = "subject = ? AND type = 'report.received'" if line is None else "line = ?"
    value = line if line is not None else spelt(name or "")
    with record.lock, aloud(record.path, record.patience):
        row = record.connection.execute(f"SELECT content, hash, seq FROM event WHERE {where}", (value,)).fetchone()
    return None if row is None else _read(row)


def _take_turn(record: Record) -> None:
    """Begin to write, waiting in steps of milliseconds while another process does.

    SQLite's own wait grows to 100 ms a step, which is long enough for a busy feed to commit again and again before a
    watch officer's report gets its turn.
    """
    record.connection.execute(f"PRAGMA busy_timeout = {_STEP_MS}")
    try:
        for left in range(math.ceil(record.patience * 1000 / _STEP_MS), -1, -1):
            try:
                record.connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if left == 0 or error.sqlite_errorname != "SQLITE_BUSY":
                    raise
    finally:
        record.connection.execute(f"PRAGMA busy_timeout = {math.ceil(record.patience * 1000)}")


def _owner(connection: sqlite3.Connection) -> str | None:
    """The node of the first event; None when there is none or it is broken, which is for `verify` to say."""
    try:
        row = connection.execute("SELECT content, hash FROM event WHERE seq = 1").fetchone()
        return None if row is None else event_of(*row).node
    except (*BROKEN, ValueError, KeyError, TypeError):
        return None


def _finish_erasures(record: Record) -> None:
    """Destroy the keys of texts whose erasure was written down just before a crash."""
    try:
        erased = record.connection.execute("SELECT subject FROM event WHERE type = 'text.erased'").fetchall()
    except BROKEN:
        return  # a broken record must still open, so that `verify` can name what is broken
    if erased and record.keys.exists():
        destroy_keys(record, [subject for (subject,) in erased])


def _head(connection: sqlite3.Connection) -> tuple[int, str]:
    row = connection.execute("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    return (0, BEFORE_THE_FIRST) if row is None else (row[0], row[1])


def _read(row: tuple[str, str, int]) -> Event:
    try:
        event = event_of(row[0], row[1])
    except (ValueError, KeyError, TypeError) as error:
        raise CordialeError("record.unreadable_event", seq=row[2], reason=str(error)) from error
    return lifted(event)


def _check_reasons(entry: Entry, node: str, last: int) -> None:
    """A reason that names this node must name an event that is there."""
    for reason in entry.because:
        owner, _, number = reason.rpartition("/")
        if not owner or not number.isdecimal() or (owner == node and not 1 <= int(number) <= last):
            raise CordialeError("record.because", id=reason, last=f"{node}/{last}")
