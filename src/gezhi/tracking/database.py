"""A SQLite file of records: opened or made, its version checked, its errors in plain words.

WAL with synchronous=FULL: what was committed is on the disk when the call returns, so it survives a killed process and,
where the disk keeps its promises, a lost power supply.
"""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any

from gezhi.core.errors import BadOptions, DiskFull, RecordsDamaged, RecordsError, RecordsTooNew
from gezhi.core.plain import plain
from gezhi.core.unicode import well_formed

_WAIT = 30.0
"""Seconds to wait for another writer; a transaction here takes milliseconds."""
_WAIT_QUICK = 1.0
"""Where a person waits as well."""
_FULL = {errno.ENOSPC, errno.EDQUOT}


class Database:
    """One connection, shared by the threads of this process; other processes have their own."""

    def __init__(self, path: Path, *, schema: str, version: int, application: int, quick: bool = False) -> None:
        """Open the file; where there is none, make it and its folder.

        Args:
            schema: Statements, each ending a line with `;`.
            version: Of the schema, kept in the file's user_version.
            application: The file's application_id: that of another program is refused.
            quick: Do not wait for the disk: the latest records may be lost with the power supply, though never with the
                process, and never those before them.

        Raises:
            RecordsDamaged, RecordsTooNew, RecordsError, DiskFull: The file cannot be used.
        """
        self.path = path
        self._lock = RLock()
        with translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            wait = _WAIT_QUICK if quick else _WAIT
            self._connection = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
            try:
                self._connection.execute("PRAGMA foreign_keys = ON")
                self._connection.execute(f"PRAGMA synchronous = {'NORMAL' if quick else 'FULL'}")
                self._check(schema, version, application)
            except BaseException:
                self._connection.close()
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection; each statement sees what is committed when it begins."""
        with self._lock, translated(self.path):
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that has the file to itself: all of it is durable when this ends, or nothing happened."""
        with self._lock, translated(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # A full disk may have ended the transaction already; its own error is the one to tell.
                with suppress(sqlite3.OperationalError):
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file; twice does no harm."""
        with self._lock:
            self._connection.close()

    def _check(self, schema: str, version: int, application: int) -> None:
        found = self._pragma("user_version")
        tables = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and self._pragma("application_id") != application:
            raise RecordsDamaged("tracking.not_ours", path=self.path)
        if found > version:
            raise RecordsTooNew("tracking.too_new", path=self.path, version=found, known=version)
        if found == version:
            return
        # Rows of a few kilobytes: in pages of 4096 bytes each would fill one, and lists would read twice as long.
        self._connection.execute("PRAGMA page_size = 16384")
        self._connection.execute("PRAGMA journal_mode = WAL")
        with self.writing() as connection:
            # Another process may have been first
            if self._pragma("user_version") == 0:
                for statement in schema.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {application}")
                connection.execute(f"PRAGMA user_version = {version}")

    def _pragma(self, name: str) -> int:
        return int(self._connection.execute(f"PRAGMA {name}").fetchone()[0])


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk report about `path` into errors a person can act on."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _meaning(error, path) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise RecordsDamaged("tracking.damaged", path=path, reason=error) from error
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull("tracking.disk_full", path=path) from error
        raise RecordsError("tracking.unusable", path=path, reason=error) from error


def to_text(value: Any, what: str) -> str:
    """The value as JSON with sorted keys, for a column or a hash.

    Raises:
        BadOptions: It holds what JSON cannot: NaN, infinity, an object of no plain type. `what` names it.
    """
    try:
        return well_formed(json.dumps(plain(value), ensure_ascii=False, sort_keys=True, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise BadOptions("tracking.not_json", what=what, reason=error) from error


def _meaning(error: sqlite3.DatabaseError, path: Path) -> Exception:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return DiskFull("tracking.disk_full", path=path)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return RecordsDamaged("tracking.damaged", path=path, reason=error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return RecordsError("tracking.busy", path=path)
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM):
        return RecordsError("tracking.unusable", path=path, reason=error)
    # A garbled schema or text: SQLite itself sees nothing wrong with them.
    if any(sign in str(error) for sign in ("no such table", "no such column", "Could not decode")):
        return RecordsDamaged("tracking.damaged", path=path, reason=error)
    return error
