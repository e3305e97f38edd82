"""A copy to put away, and the way back. Neither ever overwrites what the other does not hold.

A backup holds no keys unless it is asked to: without them its original texts cannot be read, so an erased text cannot
come back from it. With them, an erasure reaches the copy only when the copy's key file is destroyed or erased too.
"""

import os
import sqlite3
from pathlib import Path

from cordiale.earth.errors import CordialeError
from cordiale.record.events import BEFORE_THE_FIRST
from cordiale.record.log import head, open_record, writing
from cordiale.record.schema import Record, aloud, connect, fsync_folder
from cordiale.record.witness import Verdict, tell, verify


def backup(record: Record, target: Path | str, *, with_keys: bool) -> Verdict:
    """Copy a record, while it is in use, to a new file with its own witness, and verify the copy.

    Parameters
    ----------
    target : Path or str
        A file that does not exist yet.
    with_keys : bool
        Whether the key file is copied too, as `.keys` beside the copy. Said each time, because it decides whether a
        text erased later can still be read from this copy.

    Raises
    ------
    CordialeError
        The target exists, cannot be written, or the copy is not whole; then no target is left behind.
    """
    file = Path(target)
    _must_be_free(file, _beside(file, "witness"), *([_beside(file, "keys")] if with_keys else []))
    if not file.parent.is_dir():
        raise CordialeError("record.no_folder", path=str(file), folder=str(file.parent))
    draft = file.with_name(f"{file.name}.part")
    _copy(record.connection, draft, record)
    try:
        verdict = _verdict_of(draft)
        seq, own_hash = _head_of(draft)
        if seq:
            tell(_beside(file, "witness"), seq, own_hash)
        if with_keys and record.keys.exists():
            _copy_keys(record.keys, _beside(file, "keys"))
        _put_in_place(draft, file)
    except BaseException:
        _forget(draft)
        _beside(file, "witness").unlink(missing_ok=True)
        _beside(file, "keys").unlink(missing_ok=True)
        raise
    return verdict


def restore(source: Path | str, target: Path | str) -> Verdict:
    """Put a backup back, after verifying it, and verify what stands then.

    A record that stands at `target` keeps every event it has and gets those it lacks. A witness and a key file that
    stand there stay too: the witness goes on to say what the backup lacks, and a key destroyed there stays destroyed.
    Without a key file there, the backup's own, if it has one, is copied, but for texts its record says were erased.

    Raises
    ------
    CordialeError
        The backup is not whole; the target is longer, another record, or damaged (move it away by hand first).
    """
    backed, file = Path(source), Path(target)
    with open_record(backed, read_only=True) as copy:
        verdict = verify(copy)
        if not verdict.is_whole:
            raise CordialeError("record.not_whole", path=str(backed), problem=str(verdict.flaws[0]))
        if file.exists():
            _must_be_contained(file, copy)
            _add_what_lacks(file, copy)
        else:
            _must_be_free(file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm"))
            draft = file.with_name(f"{file.name}.part")
            _copy(copy.connection, draft, copy)
            _put_in_place(draft, file)
    if not _beside(file, "keys").exists() and _beside(backed, "keys").exists():
        _copy_keys(_beside(backed, "keys"), _beside(file, "keys"))
    with open_record(file) as restored:  # opening finishes the erasures that the copied keys had not seen
        if not restored.witness.exists() and verdict.events:
            tell(restored.witness, *head(restored))
        return verify(restored)


def _must_be_free(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            raise CordialeError("record.exists", path=str(path))


def _must_be_contained(file: Path, copy: Record) -> None:
    """Refuse a backup that does not hold all of the record that stands there; its last event tells."""
    seq, own_hash = _head_of(file)
    if seq > head(copy)[0]:
        raise CordialeError("record.longer", path=str(file), there=seq, source=str(copy.path), here=head(copy)[0])
    with aloud(copy.path):
        row = copy.connection.execute("SELECT hash FROM event WHERE seq = ?", (seq,)).fetchone()
    if seq and row[0] != own_hash:
        raise CordialeError("record.another", path=str(file), source=str(copy.path), seq=seq)


def _add_what_lacks(file: Path, copy: Record) -> None:
    columns = "seq, hash, prev, type, received_us, subject, line, content"
    with open_record(file) as standing, writing(standing), aloud(file):
        query = f"SELECT {columns} FROM event WHERE seq > ? ORDER BY seq"
        rows = copy.connection.execute(query, (_head_of(file)[0],)).fetchall()
        standing.connection.executemany(f"INSERT INTO event ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _copy(origin: sqlite3.Connection, draft: Path, record: Record) -> None:
    _forget(draft)
    with record.lock, aloud(draft, record.patience):
        into = sqlite3.connect(draft)
        try:
            origin.backup(into)
            # One file, nothing beside it: a copy is to be carried away.
            into.execute("PRAGMA journal_mode = DELETE")
        finally:
            into.close()


def _verdict_of(draft: Path) -> Verdict:
    """Verify a copy that has no witness yet; the head it would have is its own."""
    seq, own_hash = _head_of(draft)
    witness = _beside(draft, "witness")
    try:
        if seq:
            tell(witness, seq, own_hash)
        with open_record(draft, read_only=True) as copy:
            verdict = verify(copy)
    finally:
        witness.unlink(missing_ok=True)
    if not verdict.is_whole:
        _forget(draft)
        raise CordialeError("record.not_whole", path=str(draft), problem=str(verdict.flaws[0]))
    return verdict


def _head_of(file: Path) -> tuple[int, str]:
    connection = connect(file, patience=1.0, read_only=True)
    try:
        with aloud(file):
            row = connection.execute("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    finally:
        connection.close()
    return (0, BEFORE_THE_FIRST) if row is None else (row[0], row[1])


def _copy_keys(origin_path: Path, target: Path) -> None:
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
    with aloud(target):
        origin, into = sqlite3.connect(origin_path), sqlite3.connect(target)
        try:
            origin.backup(into)
        finally:
            into.close()
            origin.close()


def _put_in_place(draft: Path, file: Path) -> None:
    handle = os.open(draft, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    draft.replace(file)
    fsync_folder(file.parent)


def _forget(draft: Path) -> None:
    for tail in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + tail).unlink(missing_ok=True)


def _beside(file: Path, what: str) -> Path:
    return file.with_name(f"{file.name}.{what}")
