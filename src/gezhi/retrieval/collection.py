"""A collection: a folder with the file of record, indexes beside it, and the originals of what was indexed.

Opening it loads neither an index nor a model; that happens with the first search.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from gezhi.core.errors import CollectionError, NotFound
from gezhi.core.protocols import Embedder, Retriever
from gezhi.core.system import exclusive
from gezhi.core.types import Chunk, Document
from gezhi.retrieval.options import RetrievalOptions
from gezhi.retrieval.records import FileRecord, Statistics, chunk_of, document_of
from gezhi.retrieval.store import Store, translated

if TYPE_CHECKING:
    from gezhi.retrieval.indexes import View
    from gezhi.retrieval.writer import Writer

_log = logging.getLogger(__name__)

_DOCUMENT = "SELECT id, source, title, text, meta, blocks, notes FROM documents"
_LOCK = "writing.lock"
_LOOK_AGAIN = 1.0
"""Seconds between two tries of a reader to publish what a writer that died has left."""
_PAUSE = 0.05
_PATIENCE = 2.0
"""Seconds a reader waits for a writer that is replacing the index files."""


class Collection:
    """Open one with `Collection.open`; close it, or use it in a `with` block."""

    def __init__(self, folder: Path, options: RetrievalOptions, *, create: bool) -> None:
        self.folder = folder
        self.options = options
        self._store = Store(folder, create=create)
        self._views: dict[str, View] = {}
        self._opening = Lock()
        self._look_again = 0.0

    @classmethod
    def open(cls, folder: Path, options: RetrievalOptions | None = None, *, create: bool = True) -> Self:
        """The collection in `folder`.

        Raises:
            NotFound: There is none, with `create=False`.
            CollectionDamaged: The file of record cannot be read.
            CollectionTooNew: A newer version wrote it.
        """
        return cls(folder, options or RetrievalOptions(), create=create)

    def seen_by(self, principal: str | None, embedder: Embedder) -> Retriever:
        """What `principal` may search: the only door to passages.

        There are no access rules yet: everyone sees everything, and None is the person at the keyboard.
        """
        from gezhi.retrieval.searching import HybridRetriever

        return HybridRetriever(self._store, self._view, embedder, self.options)

    @contextmanager
    def write(self, wait: float | None = None) -> Iterator[Writer]:
        """Be the one writer.

        Args:
            wait: Seconds to wait for another writer; None: as the options say.

        Raises:
            CollectionLocked: Another process is writing; names its pid.
        """
        from gezhi.retrieval.writer import Writer

        with ExitStack() as stack:
            with translated(self.folder):
                wait = self.options.lock_wait if wait is None else wait
                stack.enter_context(exclusive(self.folder / _LOCK, wait))
                writer = Writer(self._store, self.options)
            stack.callback(writer.close)
            yield writer

    def files(self) -> dict[str, FileRecord]:
        """All files on record, by source."""
        with self._store.reading() as db:
            ids: dict[int, list[str]] = {}
            for file, name in db.execute("SELECT file, id FROM documents ORDER BY file, position"):
                ids.setdefault(file, []).append(name)
            rows = db.execute("SELECT id, source, sha256, size, mtime_ns, recipe, notes FROM files ORDER BY source")
            return {
                row[1]: FileRecord(source=row[1], sha256=row[2], size=row[3], mtime_ns=row[4], recipe=row[5],
                                   documents=tuple(ids.get(row[0], ())), notes=tuple(json.loads(row[6])))
                for row in rows
            }  # fmt: skip

    def original(self, source: str) -> Path | None:
        """The collection's copy of a file; None where none was kept. Raises NotFound."""
        with self._store.reading() as db:
            row = db.execute("SELECT original FROM files WHERE source = ?", (source,)).fetchone()
        if not row:
            raise NotFound("retrieval.no_file", source=source)
        return self.folder / "originals" / row[0] if row[0] else None

    def document(self, document_id: str) -> Document:
        """A document with its text and blocks. Raises NotFound."""
        with self._store.reading() as db:
            row = db.execute(f"{_DOCUMENT} WHERE id = ?", (document_id,)).fetchone()
        if not row:
            raise NotFound("retrieval.no_document", id=document_id)
        return document_of(row)

    def documents(self) -> Iterator[Document]:
        """All documents, file by file."""
        with self._store.reading() as db:
            yield from map(document_of, db.execute(f"{_DOCUMENT} ORDER BY file, position"))

    def chunks(self, document_id: str | None = None) -> Iterator[Chunk]:
        """The chunks of a document, or of all, in reading order."""
        sql = (
            "SELECT documents.id, documents.source, chunks.text, start, stop, context, page, metas.meta"
            " FROM chunks JOIN documents ON documents.number = chunks.document JOIN metas ON metas.id = chunks.meta"
            " WHERE ?1 IS NULL OR documents.id = ?1 ORDER BY file, position, start, chunks.id"
        )
        with self._store.reading() as db:
            yield from map(chunk_of, db.execute(sql, (document_id,)))

    def is_empty(self) -> bool:
        """Whether there is nothing to find."""
        with self._store.reading() as db:
            return db.execute("SELECT 1 FROM chunks LIMIT 1").fetchone() is None

    def has_vectors_of(self, embedder: str) -> bool:
        """Whether any chunk has a vector of the embedder with this name; without, only keywords find something."""
        sql = "SELECT 1 FROM vectors WHERE embedder = (SELECT id FROM embedders WHERE name = ?) LIMIT 1"
        with self._store.reading() as db:
            return db.execute(sql, (embedder,)).fetchone() is not None

    def statistics(self) -> Statistics:
        """How much there is."""
        with self._store.reading() as db:
            counts = [
                db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("files", "documents", "chunks")
            ]
            found = "SELECT count(*) FROM vectors CROSS JOIN chunks USING (digest) WHERE embedder = embedders.id"
            silent = "SELECT count(*) FROM chunks WHERE digest = x''"
            embedded = db.execute(f"SELECT name, ({found}) + ({silent}) FROM embedders")
            changed = db.execute("SELECT changed FROM state").fetchone()[0]
            return Statistics(files=counts[0], documents=counts[1], chunks=counts[2], embedded=dict(embedded),
                              bytes=_size(self.folder), published=not changed)  # fmt: skip

    def close(self) -> None:
        """Close all files."""
        self._views.clear()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _view(self, embedder: str) -> View:
        with self._store.reading() as db:
            changed, publication = db.execute("SELECT changed, publication FROM state").fetchone()
        view = self._views.get(embedder)
        if view and self._is_current(view, changed, publication):
            return view
        with self._opening:
            # Another thread may have been first
            view = self._views.get(embedder)
            if not view or not self._is_current(view, changed, publication):
                view = self._views[embedder] = self._open_view(embedder)
        return view

    def _is_current(self, view: View, changed: int, publication: int) -> bool:
        return view.publication >= publication and not (changed and time.monotonic() > self._look_again)

    def _open_view(self, embedder: str) -> View:
        from gezhi.retrieval.indexes import in_memory, load

        deadline = time.monotonic() + _PATIENCE
        while True:
            with self._store.reading() as db:
                state = db.execute("SELECT changed, publication, manifest FROM state").fetchone()
                changed, publication, manifest = state
                view = load(db, self.folder, publication, manifest, embedder)
                if not view and time.monotonic() > deadline:
                    return in_memory(db, publication, embedder, self.options)
            published = (changed or not view) and self._publish()
            if view and not published:
                return view
            if not published:
                time.sleep(_PAUSE)

    def _publish(self) -> bool:
        # A writer that died between writing and publishing left the indexes behind the record. If this reader may
        # write, and nobody else does, it finishes that work; if not, it goes on with what is there.
        self._look_again = time.monotonic() + _LOOK_AGAIN
        try:
            with self.write(wait=0) as writer:
                writer.publish()
        except CollectionError as error:
            _log.info("cannot publish now: %s", error)
            return False
        return True


def _size(folder: Path) -> int:
    # A writer may replace index files while they are counted.
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.stat().st_size if path.is_file() else 0
    return total
