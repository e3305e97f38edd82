"""The record as a file: one append-only table in SQLite, its triggers, and every way a disk can say no.

A write-ahead log with `synchronous=FULL`: a commit returns when its bytes are on the disk. Several processes may
hold the same record; SQLite lets one of them write at a time.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from cordiale.earth.errors import CordialeError
from cordiale.earth.units import Seconds
from cordiale.record.events import BEFORE_THE_FIRST

APPLICATION = 0x636F7264  # "cord", so that `file` and this program know a record when they see one
FORMAT = 1
_OLDEST_SQLITE = (3, 37, 0)  # STRICT tables

_TABLE = """
CREATE TABLE event (
  seq INTEGER PRIMARY KEY,        -- 1, 2, 3, ... without a gap
  prev TEXT NOT NULL,             -- the hash of the event before
  hash TEXT NOT NULL,             -- sha256(prev + content), hex
  type TEXT NOT NULL,             -- these and prev repeat the content, for search; `verify` compares them
  received_us INTEGER NOT NULL,
  subject TEXT,
  line TEXT,
  content TEXT NOT NULL           -- canonical JSON of the event without its hash
) STRICT
"""
_INDEXES = {
    "event_one_report": "CREATE UNIQUE INDEX event_one_report ON event (subject) WHERE type = 'report.received'",
    "event_one_line": "CREATE UNIQUE INDEX event_one_line ON event (line) WHERE line IS NOT NULL",
    "event_by_subject": "CREATE INDEX event_by_subject ON event (subject, type)",
}
_TRIGGERS = {
    "event_never_changes": "CREATE TRIGGER event_never_changes BEFORE UPDATE ON event "
    "BEGIN SELECT RAISE(ABORT, 'the record is append-only: an event never changes'); END",
    "event_never_goes": "CREATE TRIGGER event_never_goes BEFORE DELETE ON event "
    "BEGIN SELECT RAISE(ABORT, 'the record is append-only: an event is never deleted'); END",
    # INSERT OR REPLACE deletes without asking the trigger above, so nothing may be inserted anywhere but at the end.
    "event_only_follows": "CREATE TRIGGER event_only_follows BEFORE INSERT ON event WHEN "
    "NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event) "
    f"OR NEW.prev IS NOT coalesce((SELECT hash FROM event ORDER BY seq DESC LIMIT 1), '{BEFORE_THE_FIRST}') "
    "OR EXISTS (SELECT 1 FROM event WHERE NEW.line IS NOT NULL AND line = NEW.line) "
    "OR (NEW.type = 'report.received' AND EXISTS "
    "(SELECT 1 FROM event WHERE subject = NEW.subject AND type = 'report.received')) "
    "BEGIN SELECT RAISE(ABORT, 'the record is append-only: an event follows the last one and repeats none'); END",
}
# What reading a damaged file may raise: SQLite says so, or its own message is no text any more.
BROKEN = (sqlite3.DatabaseError, UnicodeDecodeError)
SCHEMA = {"event": _TABLE.strip(), **_INDEXES, **_TRIGGERS}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Record:
    """A record that is open: its file, its node, and where its keys and its witness lie. Use it in a `with`."""

    path: Path
    node: str
    keys: Path
    witness: Path
    connection: sqlite3.Connection
    patience: Seconds
    draw: Callable[[int], bytes]
    lock: threading.RLock = field(default_factory=threading.RLock)

    def close(self) -> None:
        """Let the file go."""
        self.connection.close()

    def __enter__(self) -> "Record":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __str__(self) -> str:
        return f"{self.path} ({self.node})"


@contextmanager
def aloud(path: Path, patience: Seconds = 0.0) -> Iterator[None]:
    """Whatever SQLite or the disk refuses becomes an error that says what was not done and what to do."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise CordialeError("record.damaged", path=str(path), reason=str(error)) from error
    except sqlite3.Error as error:
        reason = str(error)
        code = getattr(error, "sqlite_errorname", None) or ""
        for start, key in _REFUSALS.items():
            if code.startswith(start):
                raise CordialeError(key, path=str(path), reason=reason, waited_s=patience) from error
        raise CordialeError("record.disk", path=str(path), reason=f"{code} {reason}".strip()) from error


_REFUSALS = {
    "SQLITE_FULL": "record.full",
    "SQLITE_READONLY": "record.read_only",
    "SQLITE_BUSY": "record.locked",
    "SQLITE_LOCKED": "record.locked",
    "SQLITE_CANTOPEN": "record.cannot_open",
    "SQLITE_NOTADB": "record.not_a_record",
    "SQLITE_CORRUPT": "record.damaged",
    "SQLITE_CONSTRAINT": "record.refused",
}


def connect(path: Path, *, patience: Seconds, read_only: bool = False) -> sqlite3.Connection:
    """A connection to the record at `path`, made if there is none, with the safe settings; refuses foreign files."""
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise CordialeError("record.sqlite", version=sqlite3.sqlite_version)
    if not path.parent.is_dir():
        raise CordialeError("record.no_folder", path=str(path), folder=str(path.parent))
    is_new = not path.exists()
    with aloud(path, patience):
        uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
        connection = sqlite3.connect(uri, uri=True, timeout=patience, isolation_level=None, check_same_thread=False)
        try:
            _settle(connection, path, read_only=read_only)
        except BaseException:
            connection.close()
            raise
    if is_new:
        fsync_folder(path.parent)
    return connection


def _settle(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA checkpoint_fullfsync = ON")
    connection.execute("PRAGMA synchronous = FULL")
    if not read_only and _is_empty(connection):
        _lay_down(connection)
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION:
        raise CordialeError("record.not_a_record", path=str(path), reason=f"application_id {application}")
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    if layout != FORMAT:
        raise CordialeError("record.newer_format", path=str(path), format=layout, known=FORMAT)
    if not read_only:
        connection.execute("PRAGMA journal_mode = WAL")


def _is_empty(connection: sqlite3.Connection) -> bool:
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    return bool(objects == 0 and application == 0)


def _lay_down(connection: sqlite3.Connection) -> None:
    """Make the table and its triggers, once, whichever of several processes comes first."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _is_empty(connection):
            for statement in SCHEMA.values():
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def fsync_folder(folder: Path) -> None:
    """Make sure that a file which was just made or renamed is still there after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
