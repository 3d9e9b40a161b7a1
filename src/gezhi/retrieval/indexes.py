"""The indexes beside the file of record: bringing them up to it, and opening them only where they are whole.

The record names every index file with its length and checksum (the manifest). Files that do not match it - missing,
cut short, garbled, from another version, from another state of the record - are never read: they are built again.
So they need no fsync, and no file of theirs is ever changed under a reader.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from numpy.lib.format import open_memmap

from gezhi.core.names import resolve
from gezhi.retrieval import VECTOR_INDEXES
from gezhi.retrieval.keyword import KeywordIndex
from gezhi.retrieval.options import RetrievalOptions
from gezhi.retrieval.vectors import DEAD, Ids, Rows, StoredRows, VectorIndex

# Folding follows the Unicode tables, the files follow tantivy: another version of either means building again.
FORMAT = f"1 tantivy {tantivy.__version__} unicode {unicodedata.unidata_version}"
_MOST_DEAD = 0.2
"""Share of dead rows in an approximate index from which it is built anew."""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Part:
    """One index on disk."""

    kind: str
    folder: str
    files: Mapping[str, list[int]]
    """Name to [length, CRC-32]."""

    def is_whole(self, base: Path) -> bool:
        """Whether all files are there with their checksums. Reading them also warms the system's cache."""
        return all(_checksum(base / self.folder / name) == sums for name, sums in self.files.items())


@dataclass(frozen=True, slots=True)
class Manifest:
    """The indexes of one publication."""

    keyword: Part | None = None
    vectors: Mapping[str, Part] = field(default_factory=dict)
    """By name of the embedder."""

    @classmethod
    def read(cls, packed: str) -> Manifest:
        """As `packed` wrote it; empty where another version did."""
        plain = json.loads(packed)
        if plain.get("format") != FORMAT:
            return cls()
        return cls(Part(**plain["keyword"]), {name: Part(**part) for name, part in plain["vectors"].items()})

    def packed(self) -> str:
        """As JSON."""
        return json.dumps({"format": FORMAT, **asdict(self)})

    def parts(self) -> list[Part]:
        """All parts."""
        return [part for part in (self.keyword, *self.vectors.values()) if part]


@dataclass(frozen=True, slots=True)
class View:
    """The indexes as one reader sees them."""

    publication: int
    keyword: KeywordIndex
    vectors: VectorIndex | None
    """None: no chunk has a vector of this embedder."""


def publish(db: sqlite3.Connection, base: Path, options: RetrievalOptions) -> None:
    """Bring all indexes in `base` up to the record and make them the published ones. The caller holds the lock."""
    changed, number, packed = db.execute("SELECT changed, publication, manifest FROM state").fetchone()
    old = Manifest.read(packed)
    if not changed and old.keyword and all(part.is_whole(base) for part in old.parts()):
        return
    number += 1
    keyword = _publish_keyword(db, base, number, _usable(old.keyword, base))
    vectors = {}
    for embedder, name, dim in db.execute("SELECT id, name, dim FROM embedders").fetchall():
        part = _publish_vectors(db, base, (embedder, dim, number), _usable(old.vectors.get(name), base), options)
        if part:
            vectors[name] = part
    new = Manifest(keyword, vectors)
    db.execute("UPDATE state SET changed = 0, publication = ?, manifest = ?", (number, new.packed()))
    _sweep(base, {part.folder for part in new.parts()})


def load(base: Path, packed: str, publication: int, embedder: str) -> View | None:
    """The published indexes, or None where they are not whole."""
    manifest = Manifest.read(packed)
    part = manifest.vectors.get(embedder)
    if not manifest.keyword or not all(p.is_whole(base) for p in (manifest.keyword, part) if p):
        return None
    try:
        keyword = KeywordIndex(base / manifest.keyword.folder)
        vectors = _load_vectors(base, part) if part else None
    except (OSError, ValueError, RuntimeError):
        # A writer has replaced the files since they were checked: the caller reads the new manifest and comes again.
        return None
    return View(publication, keyword, vectors)


def in_memory(db: sqlite3.Connection, embedder: str, options: RetrievalOptions, publication: int) -> View:
    """Indexes over the record that touch no disk: for a reader that can neither use nor repair those that are there."""
    keyword = KeywordIndex(None)
    _bring_up(db, keyword)
    found = db.execute("SELECT id, dim FROM embedders WHERE name = ?", (embedder,)).fetchone()
    if not found:
        return View(publication, keyword, None)
    ids = _embedded(db, found[0])
    vectors = np.empty((len(ids), found[1]), np.float32)
    _fill(db, found[0], ids, vectors)
    rows = StoredRows(ids, vectors)
    return View(publication, keyword, _maker(_kind(len(ids), options)).build(rows, None) if len(ids) else None)


def _publish_keyword(db: sqlite3.Connection, base: Path, number: int, old: Part | None) -> Part:
    name = old.folder if old else f"keyword-{number}"
    if not old:
        _fresh(base / name)
    _bring_up(db, KeywordIndex(base / name))
    return Part("tantivy", name, _sums(base / name))


def _bring_up(db: sqlite3.Connection, index: KeywordIndex) -> None:
    wanted, have = _ids(db.execute("SELECT id FROM chunks")), index.ids()
    gone, new = np.setdiff1d(have, wanted), np.setdiff1d(wanted, have)
    if len(gone) or len(new):
        index.update(gone.tolist(), _texts(db, new))


def _publish_vectors(
    db: sqlite3.Connection, base: Path, target: tuple[int, int, int], old: Part | None, options: RetrievalOptions
) -> Part | None:
    embedder, dim, number = target
    wanted = _embedded(db, embedder)
    if not len(wanted):
        return None
    before = StoredRows.load(base / old.folder) if old else StoredRows.none(dim)
    kind = _kind(len(wanted), options)
    if old and old.kind == kind and np.array_equal(before.living, wanted):
        return old
    kept = np.where(np.isin(before.ids, wanted), before.ids, DEAD)
    # Rows of a graph cannot be taken out: they stay, dead, until there are too many of them.
    extend = bool(old and kind == "hnsw" == old.kind and (kept == DEAD).sum() <= _MOST_DEAD * len(kept))
    places = np.arange(len(kept)) if extend else np.flatnonzero(kept != DEAD)
    new = np.setdiff1d(wanted, kept)
    name = f"vectors-{embedder}-{number}"
    folder = _fresh(base / name)
    _write_rows(db, embedder, folder, (before, kept, places), new)
    rows = StoredRows.load(folder)
    maker = _maker(kind)
    maker.build(rows, maker.load(base / old.folder, rows) if old and extend else None).save(folder)
    return Part(kind, name, _sums(folder))


def _write_rows(
    db: sqlite3.Connection, embedder: int, folder: Path, old: tuple[StoredRows, Ids, Ids], new: Ids
) -> None:
    before, kept, places = old
    np.save(folder / "ids.npy", np.concatenate([kept[places], new]))
    shape = (len(places) + len(new), before.vectors.shape[1])
    vectors = open_memmap(folder / "vectors.npy", mode="w+", dtype=np.float32, shape=shape)
    for start in range(0, len(places), _BATCH):
        batch = places[start : start + _BATCH]
        vectors[start : start + len(batch)] = before.vectors[batch]
    _fill(db, embedder, new, vectors[len(places) :])
    vectors.flush()


def _load_vectors(base: Path, part: Part) -> VectorIndex:
    rows = StoredRows.load(base / part.folder)
    return _maker(part.kind).load(base / part.folder, rows)


def _kind(size: int, options: RetrievalOptions) -> str:
    if options.vectors != "auto":
        return options.vectors
    return "exact" if size <= options.exact_limit else "hnsw"


def _maker(kind: str) -> type[VectorIndex]:
    maker: type[VectorIndex] = resolve("vector index", kind, VECTOR_INDEXES)
    return maker


def _embedded(db: sqlite3.Connection, embedder: int) -> Ids:
    sql = "SELECT chunks.id FROM vectors CROSS JOIN chunks USING (digest) WHERE embedder = ?"
    return np.sort(_ids(db.execute(sql, (embedder,))))


def _texts(db: sqlite3.Connection, ids: Ids) -> Iterator[tuple[int, str]]:
    for rows in _in_batches(db, "SELECT id, context || char(10) || text FROM chunks WHERE id IN {ids}", ids):
        yield from rows


def _fill(db: sqlite3.Connection, embedder: int, ids: Ids, vectors: Rows) -> None:
    sql = (
        "SELECT chunks.id, vector FROM chunks JOIN vectors ON vectors.digest = chunks.digest"
        f" WHERE chunks.id IN {{ids}} AND embedder = {embedder} ORDER BY chunks.id"
    )
    start = 0
    for rows in _in_batches(db, sql, ids):
        block = b"".join(row[1] for row in rows)
        vectors[start : start + len(rows)] = np.frombuffer(block, np.float32).reshape(len(rows), -1)
        start += len(rows)


def _in_batches(db: sqlite3.Connection, sql: str, ids: Ids) -> Iterator[list[Any]]:
    for start in range(0, len(ids), _BATCH):
        wanted = json.dumps(ids[start : start + _BATCH].tolist())
        yield db.execute(sql.format(ids="(SELECT value FROM json_each(?))"), (wanted,)).fetchall()


def _ids(rows: sqlite3.Cursor) -> Ids:
    return np.fromiter((row[0] for row in rows), np.int64)


def _usable(part: Part | None, base: Path) -> Part | None:
    return part if part and part.is_whole(base) else None


def _fresh(folder: Path) -> Path:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    return folder


def _sums(folder: Path) -> dict[str, list[int]]:
    names = sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))
    return {name: sums for name in names if (sums := _checksum(folder / name))}


def _checksum(path: Path) -> list[int] | None:
    try:
        with path.open("rb") as file:
            size, total = 0, 0
            while block := file.read(1 << 20):
                size, total = size + len(block), zlib.crc32(block, total)
    except FileNotFoundError:
        return None
    return [size, total]


def _sweep(base: Path, used: set[str]) -> None:
    for path in base.iterdir():
        if path.name.startswith(("keyword-", "vectors-")) and path.name not in used:
            shutil.rmtree(path, ignore_errors=True)
