"""The store of runs: started, found again, listed, resumed, deleted; and which versions passed a gate."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from gezhi.core.errors import CollectionLocked, NotApproved, RecordsError
from gezhi.core.paths import runs_folder
from gezhi.core.system import exclusive
from gezhi.core.unicode import well_formed
from gezhi.tracking.database import Database, to_text, translated
from gezhi.tracking.finding import COLUMNS, find, new_id, to_record
from gezhi.tracking.record import Approval, Record, State, fingerprint, machine
from gezhi.tracking.run import Run

if TYPE_CHECKING:
    from gezhi.tracking.audit import Audit

_APPLICATION = 0x677A7275  # "gzru"
_VERSION = 1
_LOCK = ".running"
"""Held by the process that writes the run; the system drops it however that process ends."""
_SCHEMA = """
CREATE TABLE runs(
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL,
    state TEXT NOT NULL, started REAL NOT NULL, finished REAL, subject_name TEXT NOT NULL, subject_sha256 TEXT NOT NULL,
    subject TEXT NOT NULL, options TEXT NOT NULL, versions TEXT NOT NULL, machine TEXT NOT NULL, seed INTEGER NOT NULL,
    tags TEXT NOT NULL, summary TEXT NOT NULL, fingerprint TEXT NOT NULL, attempts INTEGER NOT NULL) STRICT;
CREATE INDEX runs_by_kind ON runs(kind, number);
CREATE INDEX runs_by_name ON runs(name, number);
CREATE INDEX runs_by_subject ON runs(subject_name, number);
CREATE INDEX runs_by_hash ON runs(subject_sha256, number);
CREATE INDEX runs_by_fingerprint ON runs(fingerprint, number);
CREATE INDEX runs_running ON runs(number) WHERE state = 'running';
CREATE TABLE items(
    number INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE, key TEXT NOT NULL,
    record TEXT NOT NULL, UNIQUE(run, key)) STRICT;
CREATE TABLE numbers(
    run INTEGER NOT NULL REFERENCES runs(number) ON DELETE CASCADE, name TEXT NOT NULL, step INTEGER NOT NULL,
    value REAL NOT NULL, PRIMARY KEY(run, name, step)) STRICT, WITHOUT ROWID;
CREATE TABLE approvals(
    what TEXT NOT NULL, version TEXT NOT NULL, run INTEGER REFERENCES runs(number), reason TEXT NOT NULL,
    at REAL NOT NULL, PRIMARY KEY(what, version)) STRICT, WITHOUT ROWID;
CREATE INDEX approvals_by_run ON approvals(run);
"""


class Runs:
    """All runs on record: `runs.db` in a folder, with a folder beside it for the files of each run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Database(folder / "runs.db", schema=_SCHEMA, version=_VERSION, application=_APPLICATION)

    @classmethod
    def open(cls, folder: Path | None = None) -> Runs:
        """Open the store in `folder`, else in the data folder; it is made where there is none.

        Raises:
            RecordsDamaged, RecordsTooNew, RecordsError, DiskFull: It cannot be used.
        """
        return cls(folder or runs_folder())

    def start(
        self,
        kind: str,
        name: str,
        *,
        options: Mapping[str, Any],
        versions: Mapping[str, Any],
        seed: int,
        subject: Mapping[str, Any],
        tags: Sequence[str] = (),
    ) -> Run:
        """Begin a run; it is on record when this returns.

        Args:
            kind: `exam`, `gate`, `search` ...
            name: As people call it; need not be unique.
            options: All that was chosen: the pipeline and what the command was given.
            versions: Of what is measured: gezhi, embedder, chat model, prompt, collection ...
            subject: What it is about; its `name` and `sha256` can be asked for in `list`.
        """
        work = fingerprint(kind, subject=subject, options=options, versions=versions, seed=seed)
        columns = {"subject": subject, "options": options, "versions": versions, "machine": machine()}
        texts = [to_text(value, what) for what, value in columns.items()]
        about = [well_formed(str(subject.get(field, ""))) for field in ("name", "sha256")]
        with self.database.writing() as connection:
            id_ = new_id(connection)
            held = self._hold(id_)
            now = datetime.now(UTC).timestamp()
            values = (id_, well_formed(kind), well_formed(name), "running", now, None, *about, *texts, seed,
                      to_text(list(tags), "tags"), "{}", work, 1)  # fmt: skip
            marks = ", ".join("?" * len(values))
            number = connection.execute(f"INSERT INTO runs VALUES (NULL, {marks})", values).lastrowid
        assert number is not None  # just inserted
        return Run(self, id_, number, held)

    def find(self, text: str, kind: str | None = None) -> Run:
        """The run of that id, that beginning of an id, or the latest of that name; `last` and `last~1` count back.

        Args:
            kind: Names and `last` mean runs of this kind only.

        Raises:
            NotFound: None, or several; the nearest are offered.
        """
        self._note_the_dead()
        with self.database.reading() as connection:
            number, id_ = find(connection, text, kind)
        return Run(self, id_, number, None)

    def record(self, text: str) -> Record:
        """The facts of a run that `find` finds."""
        self._note_the_dead()
        with self.database.reading() as connection:
            number, _ = find(connection, text)
            return to_record(connection.execute(f"SELECT {COLUMNS} FROM runs WHERE number = ?", (number,)).fetchone())

    def list(
        self,
        kind: str | None = None,
        subject: str | None = None,
        *,
        name: str | None = None,
        state: State | None = None,
        limit: int | None = None,
    ) -> list[Record]:
        """Runs, the latest first. No file is read for them.

        Args:
            subject: The `name` or the `sha256` of what they are about.
        """
        self._note_the_dead()
        conditions = {"kind = ?": kind, "name = ?": name, "state = ?": state}
        where = [condition for condition, value in conditions.items() if value is not None]
        values: list[Any] = [value for value in conditions.values() if value is not None]
        if subject is not None:
            where.append("(subject_name = ? OR subject_sha256 = ?)")
            values += [well_formed(subject)] * 2
        query = (
            f"SELECT {COLUMNS} FROM runs {'WHERE ' if where else ''}{' AND '.join(where)} ORDER BY number DESC LIMIT ?"
        )
        with self.database.reading() as connection:
            rows = connection.execute(query, (*values, -1 if limit is None else limit)).fetchall()
            return [to_record(row) for row in rows]

    def resume(self, text: str) -> Run:
        """Go on with a run that was interrupted or failed: the same run, with the items it already has.

        Raises:
            RecordsError: It is running somewhere, or done.
        """
        id_ = self.find(text).id
        query = (
            "UPDATE runs SET state = 'running', finished = NULL, machine = ?, attempts = attempts + 1 "
            "WHERE id = ? AND state <> 'done' RETURNING number"
        )
        with ExitStack() as held:
            held.enter_context(self._hold(id_))
            with self.database.writing() as connection:
                row = connection.execute(query, (to_text(machine(), "machine"), id_)).fetchone()
                if row is None:
                    raise RecordsError("tracking.is_done", id=id_)
            return Run(self, id_, row[0], held.pop_all())

    def resumable(self, kind: str, work: str) -> Record | None:
        """The latest run of that kind and `fingerprint` that was interrupted or failed, if any: `resume` takes it."""
        self._note_the_dead()
        query = (
            f"SELECT {COLUMNS} FROM runs WHERE fingerprint = ? AND kind = ? AND state IN ('interrupted', 'failed') "
            "ORDER BY number DESC LIMIT 1"
        )
        with self.database.reading() as connection:
            row = connection.execute(query, (work, kind)).fetchone()
            return to_record(row) if row else None

    def delete(self, text: str) -> None:
        """Remove a run with its items, numbers and files.

        Raises:
            RecordsError: It is running, or a version in force rests on it.
        """
        id_ = self.find(text).id
        with self._hold(id_), self.database.writing() as connection:
            number = connection.execute("SELECT number FROM runs WHERE id = ?", (id_,)).fetchone()[0]
            rests = connection.execute("SELECT what, version FROM approvals WHERE run = ?", (number,)).fetchone()
            if rests:
                raise RecordsError("tracking.approves", id=id_, what=rests[0], version=rests[1])
            connection.execute("DELETE FROM runs WHERE number = ?", (number,))
        with translated(self.folder / id_):
            shutil.rmtree(self.folder / id_)

    def approve(self, what: str, version: str, run: str) -> Approval:
        """Let a version of `what` (`index`, `prompt`, `model`) be in force, since the gate run `run` passed.

        Raises:
            RecordsError: That run is not done.
        """
        passed = self.record(run)
        if passed.state != "done":
            raise RecordsError("tracking.not_passed", id=passed.id, state=passed.state)
        return self._approve(what, version, passed.id, "")

    def force(self, what: str, version: str, reason: str, audit: Audit) -> Approval:
        """Let a version be in force without a gate run: a person's word, which stands in the audit log first.

        Raises:
            RecordsError: `reason` is empty.
        """
        if not reason.strip():
            raise RecordsError("tracking.no_reason", what=what, version=version)
        audit.append("force", f"{what}:{version}", {"reason": reason})
        return self._approve(what, version, None, well_formed(reason))

    def approval(self, what: str, version: str) -> Approval | None:
        """Why that version may be in force; None: nothing stands behind it."""
        query = (
            "SELECT runs.id, reason, at FROM approvals LEFT JOIN runs ON runs.number = approvals.run "
            "WHERE what = ? AND version = ?"
        )
        with self.database.reading() as connection:
            row = connection.execute(query, (what, version)).fetchone()
        if row is None:
            return None
        return Approval(what=what, version=version, run=row[0], reason=row[1], at=datetime.fromtimestamp(row[2], UTC))

    def require(self, what: str, version: str) -> Approval:
        """As `approval`, for the moment before a version comes into force.

        Raises:
            NotApproved: Nothing stands behind it.
        """
        found = self.approval(what, version)
        if found is None:
            raise NotApproved("tracking.not_approved", what=what, version=version)
        return found

    def close(self) -> None:
        """Close the store; runs that are open can be written no more."""
        self.database.close()

    def __enter__(self) -> Runs:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _approve(self, what: str, version: str, run: str | None, reason: str) -> Approval:
        query = "INSERT OR REPLACE INTO approvals VALUES (?, ?, (SELECT number FROM runs WHERE id = ?), ?, ?)"
        with self.database.writing() as connection:
            connection.execute(query, (what, version, run, reason, time.time()))
        return self.require(what, version)

    def _hold(self, id_: str) -> ExitStack:
        """Take the run for this process alone."""
        lock = self.folder / id_ / _LOCK
        held = ExitStack()
        with translated(lock):
            lock.parent.mkdir(exist_ok=True)
            try:
                held.enter_context(exclusive(lock, wait=0))
            except CollectionLocked as error:
                raise RecordsError("tracking.is_running", id=id_, pid=error.values["pid"]) from error
        return held

    def _note_the_dead(self) -> None:
        """Runs of processes that are gone become interrupted, whoever looks first."""
        with self.database.reading() as connection:
            running = [id_ for (id_,) in connection.execute("SELECT id FROM runs WHERE state = 'running'")]
        dead = [id_ for id_ in running if self._is_free(id_)]
        if dead:
            self._mark_interrupted(dead)

    def _is_free(self, id_: str) -> bool:
        try:
            self._hold(id_).close()
        except RecordsError as error:
            if error.key != "tracking.is_running":
                raise
            return False
        return True

    def _mark_interrupted(self, ids: Iterable[str]) -> None:
        with self.database.writing() as connection:
            query = "UPDATE runs SET state = 'interrupted' WHERE id = ? AND state = 'running'"
            connection.executemany(query, [(id_,) for id_ in ids])
