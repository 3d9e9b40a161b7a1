"""From files to a collection that can be searched: read what changed, put it on record, embed, publish.

Everything reported is on record already, so a run that is killed goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path
from typing import Literal

from gezhi.core.errors import NotFound
from gezhi.core.protocols import Embedder
from gezhi.core.types import Progress
from gezhi.documents import ReadResult, read_files
from gezhi.documents.front import shown
from gezhi.documents.split import split
from gezhi.knowledge.pipeline import Pipeline
from gezhi.knowledge.sources import Sources
from gezhi.retrieval import Change, Collection, FileRecord, Writer

State = Literal["added", "changed", "unchanged", "removed", "failed"]

_EMBED_FROM = 512
"""Chunks that wait before a run stops to embed them: enough to sort by length, few enough to lose little."""
_RACY_NS = 2_000_000_000
"""A file changed so shortly before it was read may change again under the same time stamp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What became of one file."""

    file: str
    state: State
    chunks: int = 0
    """Chunks added."""
    reason: str = ""
    """Why it failed."""
    notes: tuple[str, ...] = ()
    """What a person should know about the reading: pages without text, sheets left out ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What an index run did."""

    files: Mapping[State, int]
    chunks_added: int
    chunks_embedded: int
    chunks_removed: int
    failed: tuple[Mapping[str, str], ...] = ()
    """`{"file": ..., "reason": ...}` each."""
    notes: tuple[Mapping[str, object], ...] = ()
    """`{"file": ..., "notes": [...]}` for files with something to know."""
    seconds: float = 0.0


@dataclass(slots=True)
class _Tally:
    files: dict[State, int] = field(
        default_factory=lambda: {"added": 0, "changed": 0, "unchanged": 0, "removed": 0, "failed": 0}
    )
    added: int = 0
    removed: int = 0
    embedded: int = 0
    reports: list[FileReport] = field(default_factory=list)

    def count(self, report: FileReport, change: Change | None = None) -> FileReport:
        self.files[report.state] += 1
        if change:
            self.added += change.added
            self.removed += change.removed
        if report.reason or report.notes:
            self.reports.append(report)
        return report


def ingest(
    collection: Collection,
    embedder: Embedder,
    pipeline: Pipeline,
    sources: Sources,
    *,
    on_file: Callable[[FileReport], None] = lambda report: None,
    progress: Progress = lambda stage, done, total: None,
) -> IndexReport:
    """Bring the collection up to the files on disk.

    Args:
        on_file: Called for each file once what it says is on record.
        progress: Called with the stages `read` (files) and `embed` (chunks).

    Raises:
        NotFound: There is nothing to read, and nothing was removed.
        CollectionLocked: Another process is writing.
        DiskFull: What was reported before is on record.
    """
    began = time.perf_counter()
    tally = _Tally()
    waiting = 0
    with collection.write() as writer:
        for report, change in _steps(collection, writer, pipeline, sources, progress):
            on_file(tally.count(report, change))
            waiting += change.added if change else 0
            if waiting >= _EMBED_FROM:
                tally.embedded += writer.embed(embedder, progress)
                waiting = 0
        if not any(tally.files.values()):
            raise NotFound("knowledge.empty_folder", path=", ".join(map(shown, sources.roots)))
        tally.embedded += writer.embed(embedder, progress)
        writer.publish()
    return IndexReport(
        files=tally.files,
        chunks_added=tally.added,
        chunks_embedded=tally.embedded,
        chunks_removed=tally.removed,
        failed=tuple({"file": r.file, "reason": r.reason} for r in tally.reports if r.state == "failed"),
        notes=tuple({"file": r.file, "notes": list(r.notes)} for r in tally.reports if r.notes),
        seconds=time.perf_counter() - began,
    )


def _steps(
    collection: Collection, writer: Writer, pipeline: Pipeline, sources: Sources, progress: Progress
) -> Iterator[tuple[FileReport, Change | None]]:
    recorded = collection.files()
    recipe = pipeline.recipe()
    found = {shown(path): path for path in sources.files}
    changed: list[str] = []
    done = 0
    for source, path in found.items():
        if _is_same(path, recorded.get(source), recipe):
            yield FileReport(file=source, state="unchanged"), None
            done += 1
            progress("read", done, len(found))
        else:
            changed.append(source)
    before: dict[str, FileRecord] = {}
    most = pipeline.read.max_mb * 1024 * 1024

    def identified() -> Iterator[Path]:
        for source in changed:
            before[source] = _record(found[source], recipe, most=most)
            yield found[source]

    for result in read_files(identified(), pipeline.read):
        source = shown(result.path)
        yield _put(writer, result, before[source], pipeline, known=source in recorded)
        done += 1
        progress("read", done, len(found))
    # Only now: the vectors of a file that was renamed are still there for its new name.
    for source in recorded:
        if source not in found and sources.cover(source) and not os.path.lexists(source):
            yield FileReport(file=source, state="removed"), writer.forget(source)


def _put(
    writer: Writer, result: ReadResult, record: FileRecord, pipeline: Pipeline, *, known: bool
) -> tuple[FileReport, Change | None]:
    if result.error:
        # What an earlier run read from this file stays: a half-written file must not take its last good text away.
        return FileReport(file=record.source, state="failed", reason=str(result.error)), None
    pieces = [(document, split(document, pipeline.split)) for document in result.documents]
    notes = tuple(note for document in result.documents for note in document.notes)
    change = writer.put(replace(record, notes=notes), pieces, result.path)
    state: State = "changed" if known else "added"
    return FileReport(file=record.source, state=state, chunks=change.added, notes=notes), change


def _is_same(path: Path, old: FileRecord | None, recipe: str) -> bool:
    if old is None or old.recipe != recipe or _size(path) != old.size:
        return False
    now = _record(path, recipe, old)
    return now.sha256 == old.sha256


def _record(path: Path, recipe: str, old: FileRecord | None = None, most: float = inf) -> FileRecord:
    """What identifies the file as it is now.

    Its bytes are not read where size and time are those of `old`, or where it has more than `most`: it is refused then.
    """
    try:
        state = path.stat()
        same = old is not None and (state.st_size, state.st_mtime_ns) == (old.size, old.mtime_ns)
        # Taken before the file is read: if it changes meanwhile, the next run sees a difference.
        digest = old.sha256 if old and same else "" if state.st_size > most else _digest(path)
    except OSError:
        return FileRecord(source=shown(path), sha256="", size=0, mtime_ns=0, recipe=recipe)
    racy = time.time_ns() - state.st_mtime_ns < _RACY_NS
    mtime = 0 if racy else state.st_mtime_ns
    return FileRecord(source=shown(path), sha256=digest, size=state.st_size, mtime_ns=mtime, recipe=recipe)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _digest(path: Path) -> str:
    if not path.is_file():
        return ""  # a pipe would block for ever; the reader says what it is
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
