"""The key file beside a record: the one thing that forgets.

It holds a key for each original text, and the node's secret under which telephone numbers are hashed. It is a SQLite
file of its own, readable by its owner alone, with `secure_delete`; a destroyed key is overwritten, in the file and in
its journal. What a disk's own electronics keep of overwritten blocks is beyond it: keep it on an encrypted volume.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from cordiale.earth.errors import CordialeError
from cordiale.record.schema import Record, aloud, fsync_folder

KEY_BYTES = 32
_GOING, _GONE = b"\xff" * KEY_BYTES, bytes(KEY_BYTES)
_TABLES = (
    "CREATE TABLE IF NOT EXISTS text_key (report TEXT PRIMARY KEY, key BLOB NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS node_secret (one INTEGER PRIMARY KEY CHECK (one = 1), secret BLOB NOT NULL) STRICT",
)


def keep_keys(record: Record, keys: Mapping[str, bytes]) -> None:
    """Keep the keys of new texts, `{report name as spelt: key}`, on the disk before their events are committed.

    A key whose event never came (the disk was full) is replaced; one that was destroyed stays destroyed.
    """
    with _key_file(record) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO text_key VALUES (?, ?) ON CONFLICT DO UPDATE SET key = excluded.key WHERE key NOT IN (?, ?)",
            [(name, key, _GOING, _GONE) for name, key in keys.items()],
        )
        connection.execute("COMMIT")


def text_key(record: Record, name: str) -> bytes | None:
    """The key of a report's text, or None when it was destroyed.

    Raises
    ------
    CordialeError
        There is no key file, or it never held this key: the text cannot be read here.
    """
    if not record.keys.exists():
        raise CordialeError("record.no_keys", path=str(record.keys))
    with _key_file(record) as connection:
        row = connection.execute("SELECT key FROM text_key WHERE report = ?", (name,)).fetchone()
    if row is None:
        raise CordialeError("record.no_key", path=str(record.keys), name=name)
    return None if row[0] in {_GOING, _GONE} else bytes(row[0])


def destroy_keys(record: Record, names: Sequence[str]) -> None:
    """Overwrite the keys of these reports' texts, in the key file and in what its journal remembers of them.

    A key is going until the journal is clean, then gone: the next opening finishes what a crash interrupts.
    """
    with _key_file(record) as connection:
        gone = {row[0] for row in connection.execute("SELECT report FROM text_key WHERE key = ?", (_GONE,))}
        if left := [name for name in names if name not in gone]:
            _set_keys(connection, left, _GOING)
            # The journal holds pages as they were before, of this commit and of earlier ones. While nobody else may
            # write, it is only memory: overwrite it.
            connection.execute("BEGIN IMMEDIATE")
            _overwrite(record.keys.with_name(f"{record.keys.name}-journal"))
            connection.execute("ROLLBACK")
            _set_keys(connection, left, _GONE)


def node_key(record: Record) -> bytes:
    """The node's secret, 32 bytes, under which callers' numbers are hashed; drawn at first use."""
    with _key_file(record) as connection:
        row = connection.execute("SELECT secret FROM node_secret").fetchone()
        if row is None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT OR IGNORE INTO node_secret VALUES (1, ?)", (record.draw(KEY_BYTES),))
            connection.execute("COMMIT")
            row = connection.execute("SELECT secret FROM node_secret").fetchone()
    return bytes(row[0])


@contextmanager
def _key_file(record: Record) -> Iterator[sqlite3.Connection]:
    path = record.keys
    with aloud(path, record.patience):
        if not path.exists():
            _make(path)
        connection = sqlite3.connect(path, timeout=record.patience, isolation_level=None, check_same_thread=False)
        try:
            # PERSIST keeps one journal in one place, where `destroy_keys` can overwrite it.
            connection.execute("PRAGMA journal_mode = PERSIST")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            for table in _TABLES:
                connection.execute(table)
            yield connection
        finally:
            connection.close()


def _make(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        fsync_folder(path.parent)
    except OSError as error:
        raise CordialeError("record.disk", path=str(path), reason=str(error)) from error


def _set_keys(connection: sqlite3.Connection, names: Sequence[str], key: bytes) -> None:
    statement = "INSERT INTO text_key VALUES (?, ?) ON CONFLICT DO UPDATE SET key = excluded.key"
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(statement, [(name, key) for name in names])
    connection.execute("COMMIT")


def _overwrite(journal: Path) -> None:
    try:
        handle = os.open(journal, os.O_WRONLY)
        try:
            os.pwrite(handle, bytes(os.fstat(handle).st_size), 0)
            os.fsync(handle)
        finally:
            os.close(handle)
    except FileNotFoundError:
        return
    except OSError as error:
        raise CordialeError("record.disk", path=str(journal), reason=str(error)) from error
