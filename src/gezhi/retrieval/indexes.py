"""The indexes beside the file of record: bringing them up to it, opening them, and doing without their files."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from gezhi.core.names import resolve
from gezhi.retrieval import VECTOR_INDEXES
from gezhi.retrieval.bm25 import KeywordIndex
from gezhi.retrieval.languages import groups
from gezhi.retrieval.manifest import Manifest, Part
from gezhi.retrieval.options import RetrievalOptions
from gezhi.retrieval.vectors import DEAD, Ids, Rows, StoredRows, VectorIndex, write_rows

_MOST_DEAD = 0.2
"""Share of entries taken out from which an index is built anew: their traces slow it, and weigh in its statistics."""
_BATCH = 500
_NONE = np.empty(0, np.int64)
_LONGEST = 1.05
"""Squared length of a vector on record: 1, rounded."""


@dataclass(frozen=True, slots=True)
class View:
    """The indexes as one reader sees them."""

    publication: int
    keyword: KeywordIndex
    vectors: VectorIndex | None
    """None: no chunk has a vector of this embedder."""
    languages: tuple[Ids, ...] = ()
    """Ids of the chunks with a vector by language, where there is more than one."""


def publish(db: sqlite3.Connection, base: Path, options: RetrievalOptions) -> None:
    """Bring all indexes in `base` up to the record and make them the published ones. The caller holds the lock."""
    changed, number, packed = db.execute("SELECT changed, publication, manifest FROM state").fetchone()
    old = Manifest.unpack(packed)
    whole = [part for part in old.parts() if part.is_whole(base)]
    if not changed and old.keyword and len(whole) == len(old.parts()):
        return
    number += 1
    keyword = _publish_keyword(db, base, number, old.keyword if old.keyword in whole else None)
    vectors = {}
    for embedder, name in db.execute("SELECT id, name FROM embedders").fetchall():
        before = old.vectors.get(name)
        target = f"vectors-{embedder}-{number}"
        part = _publish_vectors(db, base, embedder, target, before if before in whole else None, options)
        if part:
            vectors[name] = part
    new = Manifest(keyword, vectors)
    db.execute("UPDATE state SET changed = 0, publication = ?, manifest = ?", (number, new.pack()))
    new.sweep(base)


def load(db: sqlite3.Connection, base: Path, publication: int, packed: str, embedder: str) -> View | None:
    """The published indexes, or None where they are not whole."""
    manifest = Manifest.unpack(packed)
    part = manifest.vectors.get(embedder)
    if not manifest.keyword or not all(p.is_whole(base) for p in (manifest.keyword, part) if p):
        return None
    try:
        keyword = KeywordIndex(base / manifest.keyword.folder)
        vectors = _load_vectors(base, part) if part else None
    except (OSError, ValueError, RuntimeError):
        # A writer has replaced the files since they were checked: the caller reads the new manifest and comes again.
        return None
    return View(publication, keyword, vectors, _languages(db, vectors.rows) if vectors else ())


def in_memory(db: sqlite3.Connection, publication: int, embedder: str, options: RetrievalOptions) -> View:
    """Indexes over the record that touch no disk: for a reader that can neither use nor repair those that are there."""
    keyword = KeywordIndex(None)
    keyword.update(_NONE, _texts(db, _ids(db.execute("SELECT id FROM chunks"))))
    found = db.execute("SELECT id, dim FROM embedders WHERE name = ?", (embedder,)).fetchone()
    ids = _embedded(db, found[0]) if found else _NONE
    if not len(ids):
        return View(publication, keyword, None)
    rows = StoredRows(ids, np.concatenate(list(_vectors(db, found[0], ids))))
    index = _maker(_kind(len(ids), options)).build(rows, None)
    return View(publication, keyword, index, _languages(db, rows))


def _publish_keyword(db: sqlite3.Connection, base: Path, number: int, old: Part | None) -> Part:
    # What a chunk says never changes under its id, so the ids alone tell what the index lacks.
    wanted = _ids(db.execute("SELECT id FROM chunks"))
    if old:
        index = KeywordIndex(base / old.folder)
        gone = np.setdiff1d(index.ids(), wanted)
        dead = old.dead + len(gone)
        if dead <= _MOST_DEAD * len(wanted):
            new = np.setdiff1d(wanted, index.ids())
            if len(gone) or len(new):
                index.update(gone, _texts(db, new))
            return Part.over("tantivy", base, old.folder, dead)
    name = f"keyword-{number}"
    KeywordIndex(_fresh(base / name)).update(_NONE, _texts(db, wanted))
    return Part.over("tantivy", base, name)


def _publish_vectors(
    db: sqlite3.Connection, base: Path, embedder: int, target: str, old: Part | None, options: RetrievalOptions
) -> Part | None:
    wanted = _embedded(db, embedder)
    if not len(wanted):
        return None
    kind = _kind(len(wanted), options)
    before = StoredRows.load(base / old.folder) if old else None
    if old and before and old.kind == kind and np.array_equal(before.living, wanted):
        return old
    kept = before.without(wanted) if before else _NONE
    # Rows of a graph cannot be taken out: they stay, dead, until there are too many of them.
    extends = bool(old and old.kind == kind == "hnsw" and (kept == DEAD).sum() <= _MOST_DEAD * len(kept))
    places = np.arange(len(kept)) if extends else np.flatnonzero(kept != DEAD)
    new = np.setdiff1d(wanted, kept)
    folder = _fresh(base / target)
    survivors = before.blocks(places) if before else iter(())
    write_rows(folder, np.concatenate([kept[places], new]), chain(survivors, _vectors(db, embedder, new)))
    rows, maker = StoredRows.load(folder), _maker(kind)
    maker.build(rows, maker.load(base / old.folder, rows) if old and extends else None).save(folder)
    return Part.over(kind, base, target)


def _load_vectors(base: Path, part: Part) -> VectorIndex:
    return _maker(part.kind).load(base / part.folder, StoredRows.load(base / part.folder))


def _maker(kind: str) -> type[VectorIndex]:
    maker: type[VectorIndex] = resolve("vector index", kind, VECTOR_INDEXES)
    return maker


def _kind(size: int, options: RetrievalOptions) -> str:
    if options.vectors != "auto":
        return options.vectors
    return "exact" if size <= options.exact_limit else "sq8" if size <= options.scan_limit else "hnsw"


def _embedded(db: sqlite3.Connection, embedder: int) -> Ids:
    sql = "SELECT chunks.id FROM vectors CROSS JOIN chunks USING (digest) WHERE embedder = ?"
    return np.sort(_ids(db.execute(sql, (embedder,))))


def _languages(db: sqlite3.Connection, rows: StoredRows) -> tuple[Ids, ...]:
    return groups(rows.living, _ids(db.execute("SELECT id FROM chunks WHERE chinese")))


def _texts(db: sqlite3.Connection, ids: Ids) -> Iterator[tuple[int, str]]:
    for rows in _batches(db, "SELECT id, context || char(10) || text FROM chunks WHERE id IN {ids}", ids):
        yield from rows


def _vectors(db: sqlite3.Connection, embedder: int, ids: Ids) -> Iterator[Rows]:
    sql = (
        "SELECT vector FROM chunks JOIN vectors USING (digest)"
        f" WHERE chunks.id IN {{ids}} AND embedder = {embedder} ORDER BY chunks.id"
    )
    for rows in _batches(db, sql, ids):
        block = np.frombuffer(b"".join(row[0] for row in rows), np.float32).reshape(len(rows), -1)
        # Written as unit vectors; one that is longer, or not a number, would stand first in every search.
        if not (np.einsum("ij,ij->i", block, block) < _LONGEST).all():
            raise sqlite3.DatabaseError("a vector is not what was written")
        yield block


def _batches(db: sqlite3.Connection, sql: str, ids: Ids) -> Iterator[list[Any]]:
    for start in range(0, len(ids), _BATCH):
        wanted = json.dumps(ids[start : start + _BATCH].tolist())
        yield db.execute(sql.format(ids="(SELECT value FROM json_each(?))"), (wanted,)).fetchall()


def _ids(rows: sqlite3.Cursor) -> Ids:
    return np.fromiter((row[0] for row in rows), np.int64)


def _fresh(folder: Path) -> Path:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    return folder
