"""The file of record: one SQLite database in WAL mode, its schema, its connections, its errors in plain words.

synchronous=FULL: a commit is on the disk when it returns, so what was acknowledged survives a killed process and,
where the disk keeps its promises, a lost power supply. It costs one fsync a file indexed, far below reading the file.
"""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from gezhi.core.errors import CollectionDamaged, CollectionError, CollectionLocked, CollectionTooNew, DiskFull, NotFound
from gezhi.retrieval.manifest import has_indexes

VERSION = 1
"""Of the schema, in the database's user_version."""
_APPLICATION = 0x67657A68  # "gezh"
NAME = "collection.db"
_FULL = {errno.ENOSPC, errno.EDQUOT}

_SCHEMA = """
CREATE TABLE files(
    id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL, recipe TEXT NOT NULL, notes TEXT NOT NULL, original TEXT) STRICT;
CREATE TABLE documents(
    number INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES files(id) ON DELETE CASCADE, id TEXT NOT NULL,
    position INTEGER NOT NULL, source TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, meta TEXT NOT NULL,
    blocks TEXT NOT NULL, notes TEXT NOT NULL, UNIQUE(file, id)) STRICT;
CREATE INDEX documents_by_id ON documents(id);
-- One row for all chunks of a document with the same meta: a filter on it is tested once for them all.
CREATE TABLE metas(
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents(number) ON DELETE CASCADE,
    meta TEXT NOT NULL, UNIQUE(document, meta)) STRICT;
-- AUTOINCREMENT: an id is never used again, so an index that is behind can never name another chunk by it.
CREATE TABLE chunks(
    id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents(number) ON DELETE CASCADE,
    key BLOB NOT NULL, digest BLOB NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, page INTEGER,
    context TEXT NOT NULL, text TEXT NOT NULL, meta INTEGER NOT NULL, chinese INTEGER NOT NULL,
    UNIQUE(document, key)) STRICT;
CREATE INDEX chunks_by_language ON chunks(chinese);
CREATE INDEX chunks_by_digest ON chunks(digest);
CREATE TABLE embedders(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, dim INTEGER NOT NULL) STRICT;
CREATE TABLE vectors(
    id INTEGER PRIMARY KEY, embedder INTEGER NOT NULL REFERENCES embedders(id), digest BLOB NOT NULL,
    vector BLOB NOT NULL, UNIQUE(embedder, digest)) STRICT;
CREATE TABLE state(
    id INTEGER PRIMARY KEY CHECK (id = 1), changed INTEGER NOT NULL, publication INTEGER NOT NULL,
    manifest TEXT NOT NULL) STRICT;
INSERT INTO state VALUES (1, 0, 0, '{}');
"""


class Store:
    """Connections to the database in `folder`. Readers are pooled, and never wait for the writer (WAL)."""

    def __init__(self, folder: Path, *, create: bool) -> None:
        self.folder = folder
        self._idle: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._closed = False
        with translated(folder):
            self._prepare(create)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of the caller's own; all it reads inside is one committed state."""
        with translated(self.folder):
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            connection = connection or self.connect(cache_kb=1024)
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")
                self._give_back(connection)

    def connect(self, cache_kb: int = 8192) -> sqlite3.Connection:
        """A new connection in autocommit mode; the caller closes it."""
        connection = sqlite3.connect(self.folder / NAME, timeout=10, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA cache_size = -{cache_kb}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    def close(self) -> None:
        """Close idle connections; those in use close when they are given back."""
        with self._lock:
            self._closed = True
            while self._idle:
                self._idle.pop().close()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)

    def _prepare(self, create: bool) -> None:
        path = self.folder / NAME
        if not path.exists() or path.stat().st_size == 0:
            self._refuse_to_hide_a_loss()
            if not create:
                raise NotFound("retrieval.no_collection", path=self.folder)
            self.folder.mkdir(parents=True, exist_ok=True)
        connection = self.connect()
        try:
            self._check_version(connection)
        finally:
            connection.close()

    def _refuse_to_hide_a_loss(self) -> None:
        # An empty database beside indexes or originals was not always empty: creating a new one would hide the loss.
        if has_indexes(self.folder):
            raise CollectionDamaged("retrieval.record_missing", path=self.folder / NAME)

    def _check_version(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise CollectionDamaged("retrieval.not_ours", path=self.folder / NAME)
        if version == VERSION:
            return
        if version > VERSION:
            raise CollectionTooNew("retrieval.too_new", path=self.folder, version=version, known=VERSION)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN EXCLUSIVE")
        # Another process may have been first
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            for statement in _SCHEMA.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Turn what SQLite and the disk report into errors a person can act on.

    Raises:
        DiskFull, CollectionDamaged, CollectionLocked, CollectionError.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _meaning(error, folder) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise CollectionDamaged("retrieval.damaged", path=folder / NAME, reason=error) from error
    except (RuntimeError, ValueError) as error:
        # How tantivy reports it
        if "No space left" not in str(error):
            raise
        raise DiskFull("retrieval.disk_full", path=folder) from error
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull("retrieval.disk_full", path=folder) from error
        raise CollectionError("retrieval.unusable", path=folder, reason=error) from error


def _meaning(error: sqlite3.DatabaseError, folder: Path) -> Exception:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return DiskFull("retrieval.disk_full", path=folder)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return CollectionDamaged("retrieval.damaged", path=folder / NAME, reason=error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return CollectionLocked("retrieval.busy", path=folder)
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM):
        return CollectionError("retrieval.unusable", path=folder, reason=error)
    # A garbled schema or text: SQLite itself sees nothing wrong with them.
    if any(sign in str(error) for sign in ("no such table", "no such column", "Could not decode")):
        return CollectionDamaged("retrieval.damaged", path=folder / NAME, reason=error)
    return error
