"""Writing a collection: one writer at a time, every call on the disk when it returns.

What is written can be searched once `publish` has brought the indexes up to it; what is removed is gone at once.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from gezhi.core.errors import BadOptions, NotFound
from gezhi.core.protocols import Embedder
from gezhi.core.system import replace_durably
from gezhi.core.types import Chunk, Document, Progress
from gezhi.language.tokens import is_chinese
from gezhi.retrieval.options import RetrievalOptions
from gezhi.retrieval.records import Change, FileRecord, chunk_keys, pack_blocks, pack_json, text_digest
from gezhi.retrieval.store import Store, translated

_CHANGED = "UPDATE state SET changed = 1"
"""The indexes are behind: until they are published, a reader that finds no writer brings them up itself."""
_LACKING = """SELECT min(id) FROM chunks WHERE id > ? AND digest != x''
    AND NOT EXISTS (SELECT 1 FROM vectors WHERE embedder = ? AND vectors.digest = chunks.digest)
    GROUP BY digest ORDER BY length(context) + length(text)"""


class Writer:
    """The one writer of a collection; got from `Collection.write`."""

    def __init__(self, store: Store, options: RetrievalOptions) -> None:
        self._store = store
        self._options = options
        self._db = store.connect()
        self._complete: dict[int, int] = {}

    def put(
        self, record: FileRecord, pieces: Sequence[tuple[Document, Sequence[Chunk]]], original: Path | None = None
    ) -> Change:
        """Record a file with what was read from it, in place of what was there under its source.

        Chunks that say what they said before keep their ids. On the disk when it returns.

        Args:
            original: The file itself, copied into the collection if `keep_originals` is set.

        Raises:
            DiskFull: Nothing of this call is recorded, everything before it is.
        """
        kept = self._keep(record, original)
        pieces = _told_apart(pieces)
        record = replace(record, documents=tuple(document.id for document, _ in pieces))
        with self._transaction() as db:
            file = _put_file(db, record, kept)
            change = _drop_documents(db, file, record.documents)
            for position, (document, chunks) in enumerate(pieces):
                done = _put_document(db, file, position, document, chunks)
                change = Change(added=change.added + done.added, removed=change.removed + done.removed,
                                kept=change.kept + done.kept)  # fmt: skip
            if change.added or change.removed:
                db.execute(_CHANGED)
        return change

    def forget(self, source: str) -> Change:
        """Take a file and all that was read from it out. Raises NotFound."""
        with self._transaction() as db:
            row = db.execute("SELECT id FROM files WHERE source = ?", (source,)).fetchone()
            if not row:
                raise NotFound("retrieval.no_file", source=source)
            removed = _count(db, row[0])
            db.execute("DELETE FROM files WHERE id = ?", row)
            db.execute(_CHANGED)
        return Change(removed=removed)

    def rename(self, old_source: str, record: FileRecord) -> Change:
        """Give a file another source, everything read from it unchanged. Raises NotFound."""
        with self._transaction() as db:
            row = db.execute("SELECT id FROM files WHERE source = ?", (old_source,)).fetchone()
            if not row:
                raise NotFound("retrieval.no_file", source=old_source)
            removed = 0
            taken = db.execute("SELECT id FROM files WHERE source = ? AND id != ?", (record.source, row[0])).fetchone()
            if taken:
                removed = _count(db, taken[0])
                db.execute("DELETE FROM files WHERE id = ?", taken)
                db.execute(_CHANGED)
            db.execute(
                "UPDATE files SET source = ?, sha256 = ?, size = ?, mtime_ns = ?, recipe = ? WHERE id = ?",
                (record.source, record.sha256, record.size, record.mtime_ns, record.recipe, row[0]),
            )
            # A member of an archive is called archive/member
            db.execute(
                "UPDATE documents SET source = ? || substr(source, ?) WHERE file = ? AND substr(source, 1, ?) = ?",
                (record.source, len(old_source) + 1, row[0], len(old_source), old_source),
            )
            return Change(removed=removed, kept=_count(db, row[0]))

    def waiting(self, embedder: Embedder) -> int:
        """Texts that have no vector of this embedder yet."""
        with translated(self._store.folder):
            return len(self._lacking(self._embedder(embedder)))

    def embed(self, embedder: Embedder, progress: Progress = lambda *_: None, batch: int = 64) -> int:
        """Give every chunk a vector; each batch is on the disk before the next is computed.

        Args:
            progress: Called with the stage `embed` after each batch.
            batch: Texts embedded and committed together.

        Returns:
            Number of texts embedded. Equal texts count once, texts embedded before not at all.

        Raises:
            BadOptions: The vectors on record under this embedder's name have another length.
            ModelError: By the embedder; the batches before are on record.
        """
        with translated(self._store.folder):
            number = self._embedder(embedder)
            lacking = self._lacking(number)
        for start in range(0, len(lacking), batch):
            ids = lacking[start : start + batch]
            self._embed_batch(embedder, number, ids)
            progress("embed", start + len(ids), len(lacking))
        return len(lacking)

    def publish(self) -> None:
        """Bring the keyword and vector indexes up to the record; readers see the new ones from their next search."""
        from gezhi.retrieval.indexes import publish

        with translated(self._store.folder):
            # Vectors of texts that are gone have served a renamed file by now
            if self._db.execute("SELECT changed FROM state").fetchone()[0]:
                self._db.execute("DELETE FROM vectors WHERE digest NOT IN (SELECT digest FROM chunks)")
            publish(self._db, self._store.folder, self._options)
            self._drop_originals()

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with translated(self._store.folder):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                # SQLite has rolled back by itself when the disk was full
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _embedder(self, embedder: Embedder) -> int:
        row = self._db.execute("SELECT id, dim FROM embedders WHERE name = ?", (embedder.name,)).fetchone()
        if row and row[1] != embedder.dim:
            raise BadOptions("retrieval.dim", name=embedder.name, dim=embedder.dim, known=row[1])
        if row:
            return int(row[0])
        sql = "INSERT INTO embedders(name, dim) VALUES (?, ?) RETURNING id"
        return int(self._db.execute(sql, (embedder.name, embedder.dim)).fetchone()[0])

    def _lacking(self, embedder: int) -> list[int]:
        # By length: a batch costs what its longest text costs.
        # Ids only grow, and this is the only writer: chunks seen with a vector need not be looked at again.
        after = self._complete.get(embedder, 0)
        newest = self._db.execute("SELECT max(id) FROM chunks").fetchone()[0] or 0
        lacking = [row[0] for row in self._db.execute(_LACKING, (after, embedder))]
        self._complete[embedder] = min(lacking, default=newest + 1) - 1
        return lacking

    def _embed_batch(self, embedder: Embedder, number: int, ids: list[int]) -> None:
        import numpy as np

        sql = "SELECT digest, context, text FROM chunks WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._db.execute(sql, (json.dumps(ids),)).fetchall()
        vectors = embedder.embed_passages([f"{context}\n{text}" if context else text for _, context, text in rows])
        packed = [(number, row[0], np.ascontiguousarray(vector, np.float32).tobytes())
                  for row, vector in zip(rows, vectors, strict=True)]  # fmt: skip
        with self._transaction() as db:
            db.executemany("INSERT INTO vectors(embedder, digest, vector) VALUES (?, ?, ?)", packed)
            db.execute(_CHANGED)

    def _keep(self, record: FileRecord, original: Path | None) -> str | None:
        if not original or not self._options.keep_originals or not original.is_file():
            return None
        name = record.sha256 + original.suffix.lower()
        target = self._store.folder / "originals" / name
        if not target.exists():
            with translated(self._store.folder):
                target.parent.mkdir(exist_ok=True)
                temporary = target.with_suffix(".part")
                shutil.copyfile(original, temporary)
                replace_durably(temporary, target)
        return name

    def _drop_originals(self) -> None:
        folder = self._store.folder / "originals"
        used = {row[0] for row in self._db.execute("SELECT original FROM files")}
        for path in folder.iterdir() if folder.is_dir() else []:
            if path.name not in used:
                path.unlink()


def _told_apart(pieces: Sequence[tuple[Document, Sequence[Chunk]]]) -> list[tuple[Document, Sequence[Chunk]]]:
    # A broken archive may hold two members of one name: the second must not take the place of the first.
    seen: dict[str, int] = {}
    apart: list[tuple[Document, Sequence[Chunk]]] = []
    for document, chunks in pieces:
        number = seen[document.id] = seen.get(document.id, 0) + 1
        name = document.id if number == 1 else f"{document.id}-{number}"
        apart.append((replace(document, id=name), chunks))
    return apart


def _put_file(db: sqlite3.Connection, record: FileRecord, original: str | None) -> int:
    sql = """INSERT INTO files(source, sha256, size, mtime_ns, recipe, notes, original) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT(source) DO UPDATE SET sha256 = excluded.sha256, size = excluded.size, mtime_ns = excluded.mtime_ns,
        recipe = excluded.recipe, notes = excluded.notes, original = excluded.original RETURNING id"""
    values = (
        record.source,
        record.sha256,
        record.size,
        record.mtime_ns,
        record.recipe,
        pack_json(record.notes),
        original,
    )
    return int(db.execute(sql, values).fetchone()[0])


def _drop_documents(db: sqlite3.Connection, file: int, but: Sequence[str]) -> Change:
    gone = "file = ? AND id NOT IN (SELECT value FROM json_each(?))"
    values = (file, json.dumps(but))
    sql = f"SELECT count(*) FROM chunks WHERE document IN (SELECT number FROM documents WHERE {gone})"
    removed = db.execute(sql, values).fetchone()[0]
    db.execute(f"DELETE FROM documents WHERE {gone}", values)
    return Change(removed=removed)


def _put_document(
    db: sqlite3.Connection, file: int, position: int, document: Document, chunks: Sequence[Chunk]
) -> Change:
    sql = """INSERT INTO documents(file, id, position, source, title, text, meta, blocks, notes)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(file, id) DO UPDATE SET position = excluded.position,
        source = excluded.source, title = excluded.title, text = excluded.text, meta = excluded.meta,
        blocks = excluded.blocks, notes = excluded.notes RETURNING number"""
    values = (file, document.id, position, document.source, document.title, document.text,
              pack_json(dict(document.meta)), pack_blocks(document.blocks), pack_json(document.notes))  # fmt: skip
    number = int(db.execute(sql, values).fetchone()[0])
    return _put_chunks(db, number, chunks)


def _put_chunks(db: sqlite3.Connection, document: int, chunks: Sequence[Chunk]) -> Change:
    old = dict(db.execute("SELECT key, id FROM chunks WHERE document = ?", (document,)))
    metas = _put_metas(db, document, chunks)
    added: list[tuple[Any, ...]] = []
    moved: list[tuple[Any, ...]] = []
    for key, chunk, meta in zip(chunk_keys(chunks), chunks, metas, strict=True):
        known = old.pop(key, None)
        if known is None:
            added.append((document, key, text_digest(chunk.embedded_text), chunk.start, chunk.end, chunk.page,
                          chunk.context, chunk.text, meta, is_chinese(chunk.embedded_text)))  # fmt: skip
        else:
            moved.append((chunk.start, chunk.end, chunk.page, meta, known))
    db.executemany("DELETE FROM chunks WHERE id = ?", [(number,) for number in old.values()])
    db.executemany("UPDATE chunks SET start = ?, stop = ?, page = ?, meta = ? WHERE id = ?", moved)
    db.executemany(
        "INSERT INTO chunks(document, key, digest, start, stop, page, context, text, meta, chinese)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        added,
    )
    unused = "DELETE FROM metas WHERE document = ? AND id NOT IN (SELECT meta FROM chunks WHERE document = ?)"
    db.execute(unused, (document, document))
    return Change(added=len(added), removed=len(old), kept=len(moved))


def _put_metas(db: sqlite3.Connection, document: int, chunks: Sequence[Chunk]) -> list[int]:
    packed = [pack_json(dict(chunk.meta)) for chunk in chunks]
    db.executemany("INSERT OR IGNORE INTO metas(document, meta) VALUES (?, ?)", [(document, m) for m in set(packed)])
    ids = dict(db.execute("SELECT meta, id FROM metas WHERE document = ?", (document,)))
    return [ids[meta] for meta in packed]


def _count(db: sqlite3.Connection, file: int) -> int:
    sql = "SELECT count(*) FROM chunks WHERE document IN (SELECT number FROM documents WHERE file = ?)"
    return int(db.execute(sql, (file,)).fetchone()[0])
