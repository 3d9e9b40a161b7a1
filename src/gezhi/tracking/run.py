"""One run, open for writing or for reading: numbers over steps, results item by item, files, and how it ended."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from gezhi.core.errors import BadOptions, RecordsError
from gezhi.core.system import replace_durably
from gezhi.core.unicode import well_formed
from gezhi.tracking.database import to_text, translated

if TYPE_CHECKING:
    from gezhi.tracking.record import Record
    from gezhi.tracking.runs import Runs

_FILE_NAME = re.compile(r"(?!\.)[^/\\\0]{1,120}")


class Run:
    """Made by `Runs.start`, `resume` (both may write, and hold the run until it is finished) and `find` (reads).

    As a context manager it ends as done, as interrupted (Ctrl-C) or as failed (any other error).
    """

    def __init__(self, runs: Runs, id: str, number: int, held: ExitStack | None) -> None:
        self.id = id
        """Such as `20261122-201512-a7k3`: sorts by time."""
        self.folder = runs.folder / id
        """Its files."""
        self._runs = runs
        self._number = number
        self._held = held

    @property
    def record(self) -> Record:
        """Its facts as they are now."""
        return self._runs.record(self.id)

    def log(self, step: int, **numbers: float) -> None:
        """Note numbers at a step; the same name and step again replaces the number.

        Raises:
            BadOptions: One is NaN or infinite.
        """
        for name, value in numbers.items():
            if not math.isfinite(value):
                raise BadOptions("tracking.not_finite", name=name, value=value, step=step)
        rows = [(self._number, well_formed(name), step, value) for name, value in numbers.items()]
        with self._runs.database.writing() as connection:
            self._must_hold()
            connection.executemany("INSERT OR REPLACE INTO numbers VALUES (?, ?, ?, ?)", rows)

    def numbers(self) -> dict[str, list[tuple[int, float]]]:
        """Name to (step, number), by step."""
        found: dict[str, list[tuple[int, float]]] = {}
        query = "SELECT name, step, value FROM numbers WHERE run = ? ORDER BY name, step"
        with self._runs.database.reading() as connection:
            for name, step, value in connection.execute(query, (self._number,)):
                found.setdefault(name, []).append((step, value))
        return found

    def item(self, key: str, record: Mapping[str, Any]) -> None:
        """Keep what came of one item: durable when this returns. The same key again replaces it: no item twice."""
        self.add_items({key: record})

    def add_items(self, records: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep many items at the price of one: all are durable when this returns, or none is there."""
        rows = [(self._number, well_formed(key), to_text(record, f"item {key}")) for key, record in records.items()]
        with self._runs.database.writing() as connection:
            self._must_hold()
            connection.executemany(
                "INSERT INTO items(run, key, record) VALUES (?, ?, ?) "
                "ON CONFLICT (run, key) DO UPDATE SET record = excluded.record",
                rows,
            )

    def items(self) -> dict[str, dict[str, Any]]:
        """Key to record, in the order in which the keys first came."""
        query = "SELECT key, record FROM items WHERE run = ? ORDER BY number"
        with self._runs.database.reading() as connection:
            return {key: json.loads(record) for key, record in connection.execute(query, (self._number,))}

    def save(self, name: str, data: bytes) -> Path:
        """Keep a file beside the run; the same name again replaces it, whole. Returns where it stands.

        Raises:
            BadOptions: `name` is no plain file name.
        """
        if not _FILE_NAME.fullmatch(name):
            raise BadOptions("tracking.file_name", name=name)
        self._must_hold()
        temporary, target = self.folder / f".{os.getpid()}-{name}"[:200], self.folder / name
        with translated(target):
            try:
                temporary.write_bytes(data)
                replace_durably(temporary, target)
            finally:
                temporary.unlink(missing_ok=True)
        return target

    def files(self) -> dict[str, Path]:
        """Name to path of what was saved."""
        if not self.folder.is_dir():
            return {}
        return {path.name: path for path in sorted(self.folder.iterdir()) if not path.name.startswith(".")}

    def summary(self, numbers: Mapping[str, Any]) -> None:
        """Keep the figures that lists and comparisons show, in place of those kept before."""
        self._update("summary", to_text(numbers, "summary"))

    def finish(self, state: Literal["done", "failed", "interrupted"] = "done") -> None:
        """Say how it ended; nothing can be written after that, unless it is resumed."""
        now = datetime.now(UTC).timestamp()
        with self._runs.database.writing() as connection:
            self._must_hold()
            connection.execute("UPDATE runs SET state = ?, finished = ? WHERE number = ?", (state, now, self._number))
        self._let_go()

    def __enter__(self) -> Run:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._held is None:
            return
        try:
            if kind is None:
                self.finish()
            else:
                self.finish("failed" if issubclass(kind, Exception) else "interrupted")
        finally:
            self._let_go()

    def _update(self, column: str, value: object) -> None:
        with self._runs.database.writing() as connection:
            self._must_hold()
            connection.execute(f"UPDATE runs SET {column} = ? WHERE number = ?", (value, self._number))

    def _must_hold(self) -> None:
        if self._held is None:
            raise RecordsError("tracking.not_open", id=self.id)

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None
