"""The audit log: who did what to what, when. Each entry carries the hash of the one before it.

`verify` finds any entry that was changed, deleted, inserted or moved. Whoever may write the file, and makes all that
follows fit again, is found only by a `Head` that was noted elsewhere (printed, mailed, kept on another machine).
"""

from __future__ import annotations

import getpass
import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from gezhi.core.errors import RecordsDamaged
from gezhi.core.paths import audit_folder
from gezhi.core.unicode import well_formed
from gezhi.tracking.database import Database, to_text

_APPLICATION = 0x677A6175  # "gzau"
_VERSION = 1
_START = "0" * 64
_SCHEMA = """
CREATE TABLE entries(
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, subject TEXT NOT NULL,
    details TEXT NOT NULL, before TEXT, after TEXT, previous TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE INDEX entries_by_subject ON entries(subject, number);
CREATE TABLE head(id INTEGER PRIMARY KEY CHECK (id = 1), entries INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
INSERT INTO head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
CREATE TRIGGER entries_are_fixed BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
"""
_COLUMNS = "number, at, who, what, subject, details, before, after, previous, hash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act."""

    number: int
    """From 1, without gaps."""
    at: str
    """UTC, ISO 8601 with microseconds."""
    who: str
    """`user@machine`, unless the caller knows better: the principal of an API key."""
    what: str
    """`force`, `approve`, `index`, `forget`, `key` ..."""
    subject: str
    """On what it was done: a path, a collection, `prompt:3`."""
    details: Mapping[str, Any]
    before: str | None
    """Hash of the subject before the act; None where there was none."""
    after: str | None
    previous: str
    """Hash of the entry before; 64 zeros for the first."""
    hash: str
    """SHA-256 of all the fields above as a JSON list, hexadecimal."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far the log had come: noted elsewhere, it proves what stood before it."""

    entries: int
    hash: str


class Audit:
    """`audit.db` in a folder. Any number of processes may append at once."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "audit.db", schema=_SCHEMA, version=_VERSION, application=_APPLICATION)

    @classmethod
    def open(cls, folder: Path | None = None) -> Audit:
        """Open the log in `folder`, else in the data folder; it is begun where there is none.

        Raises:
            RecordsDamaged, RecordsTooNew, RecordsError, DiskFull: It cannot be used.
        """
        return cls(folder or audit_folder())

    def append(
        self,
        what: str,
        subject: str,
        details: Mapping[str, Any] | None = None,
        *,
        before: str | None = None,
        after: str | None = None,
        who: str | None = None,
    ) -> Entry:
        """Write an entry; it is on the disk when this returns.

        Args:
            before: Hash of the subject before the act, `after` of it behind the act, where it has any.
            who: None: the user of this process.
        """
        fields = (
            well_formed(who or _user()),
            well_formed(what),
            well_formed(subject),
            to_text(details or {}, "details"),
        )
        with self.database.writing() as connection:
            count, previous = connection.execute("SELECT entries, hash FROM head").fetchone()
            at = datetime.now(UTC).isoformat(timespec="microseconds")
            hashed = (count + 1, at, *fields, before, after, previous)
            row = (*hashed, _hash(hashed))
            connection.execute(f"INSERT INTO entries({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            connection.execute("UPDATE head SET entries = ?, hash = ?", (row[0], row[-1]))
        return _entry(row)

    def entries(self, *, subject: str | None = None, limit: int | None = None) -> Iterator[Entry]:
        """The entries, the latest first; of one subject only where it is given."""
        where, values = ("WHERE subject = ? ", [subject]) if subject is not None else ("", [])
        query = f"SELECT {_COLUMNS} FROM entries {where}ORDER BY number DESC LIMIT ?"
        with self.database.reading() as connection:
            yield from map(_entry, connection.execute(query, (*values, -1 if limit is None else limit)))

    def head(self) -> Head:
        """How far the log has come, to be noted elsewhere."""
        with self.database.reading() as connection:
            return Head(*connection.execute("SELECT entries, hash FROM head").fetchone())

    def verify(self, noted: Head | None = None) -> int:
        """Read the whole log and check it, against a head noted earlier where one is given.

        Returns:
            The number of entries.

        Raises:
            RecordsDamaged: Names the first entry that is not what was written, or says that the end is missing.
        """
        path, count, previous, seen = self.database.path, 0, _START, noted is None or noted == Head(0, _START)
        with self.database.reading() as connection:
            # One transaction: an entry appended meanwhile must not be missing from the head that is read.
            connection.execute("BEGIN")
            try:
                for row in connection.execute(f"SELECT {_COLUMNS} FROM entries ORDER BY number"):
                    count += 1
                    if row[0] != count or row[8] != previous or row[9] != _hash(row[:9]):
                        raise RecordsDamaged("tracking.audit_changed", path=path, number=count)
                    previous = row[9]
                    seen = seen or noted == Head(count, previous)
                expected = Head(*connection.execute("SELECT entries, hash FROM head").fetchone())
            finally:
                connection.execute("ROLLBACK")
        if expected != Head(count, previous):
            raise RecordsDamaged("tracking.audit_cut", path=path, expected=expected.entries, found=count)
        if not seen and noted is not None:
            raise RecordsDamaged("tracking.audit_cut", path=path, expected=f"≥ {noted.entries}", found=count)
        return count

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def __enter__(self) -> Audit:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _hash(fields: tuple[Any, ...]) -> str:
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()


def _entry(row: tuple[Any, ...]) -> Entry:
    return Entry(
        number=row[0], at=row[1], who=row[2], what=row[3], subject=row[4], details=json.loads(row[5]), before=row[6],
        after=row[7], previous=row[8], hash=row[9],
    )  # fmt: skip


def _user() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "?"  # a container may run as a number that has no name
    return f"{user}@{platform.node()}"
