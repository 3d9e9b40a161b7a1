"""One search: keyword and vector leg, filtered before their best are taken, fused, then read from the record.

Whatever the indexes say, a passage is read from the record before it is returned: what is gone there is never shown.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence

import numpy as np

from gezhi.core.errors import BadOptions, CollectionDamaged
from gezhi.core.names import resolve
from gezhi.core.protocols import Embedder
from gezhi.core.types import Passage
from gezhi.retrieval import FUSIONS
from gezhi.retrieval.filters import compile_sql, parse, prepare
from gezhi.retrieval.fusion import Leg
from gezhi.retrieval.indexes import View
from gezhi.retrieval.options import RetrievalOptions
from gezhi.retrieval.records import chunk_of, content_hash
from gezhi.retrieval.store import NAME, Store
from gezhi.retrieval.vectors import Ids, Scores, best

_COLUMNS = "chunks.id, key, documents.id, documents.source, chunks.text, start, stop, context, page, metas.meta"
_PASSAGES = (
    f"SELECT {_COLUMNS} FROM chunks JOIN documents ON documents.number = chunks.document"
    " JOIN metas ON metas.id = chunks.meta WHERE chunks.id IN (SELECT value FROM json_each(?))"
)


class HybridRetriever:
    """Searches one collection. May be called from many threads."""

    def __init__(
        self, store: Store, view: Callable[[sqlite3.Connection, str], View], embedder: Embedder, options: RetrievalOptions
    ) -> None:
        self._store = store
        self._view = view
        self._embedder = embedder
        self._options = options
        self._fuse: Callable[[Sequence[Leg]], tuple[Ids, Scores]] = resolve("fusion", options.fusion, FUSIONS)

    def search(self, question: str, k: int | None = None, where: str | None = None) -> list[Passage]:
        """At most `k` passages (None: as the options say), best first.

        Args:
            where: A filter such as `source:*.pdf AND year>=2024`; see `gezhi.retrieval.filters`.

        Raises:
            BadFilter: `where` cannot be read.
            BadOptions: `k` is below 1.
            CollectionDamaged: The record itself is broken.
        """
        k = self._options.k if k is None else k
        if k < 1:
            raise BadOptions("retrieval.range", name="k", low=1, high=1000, value=k)
        tree = parse(where) if where and where.strip() else None
        vector = self._embedder.embed_queries([question])[0] if question.strip() else None
        with self._store.reading() as db:
            view = self._view(db, self._embedder.name)
            allowed = None
            if tree:
                prepare(db)
                sql, values = compile_sql(tree)
                found = db.execute(f"SELECT id FROM chunks WHERE {sql} ORDER BY id", values)
                allowed = np.fromiter((row[0] for row in found), np.int64)
            return self._passages(db, view, question, vector, k, allowed)

    def _passages(self, db, view, question, vector, k, allowed):  # type: ignore[no-untyped-def]
        depth = max(k, self._options.depth)
        while True:
            keyword_ids, keyword, possible = view.keyword.search(question, depth, allowed)
            dense_ids, dense = self._dense(view, vector, depth, allowed)
            legs = [
                Leg(keyword_ids, keyword, self._options.keyword_weight, _trust(keyword, possible)),
                Leg(dense_ids, dense, 1 - self._options.keyword_weight),
            ]
            ids, scores = self._fuse(legs)
            raw = {"keyword": dict(zip(keyword_ids.tolist(), keyword.tolist(), strict=True)),
                   "dense": dict(zip(dense_ids.tolist(), dense.tolist(), strict=True))}  # fmt: skip
            passages = self._read(db, ids, scores, raw, k)
            # Chunks removed since the last publication leave gaps: look deeper rather than return too few
            if len(passages) == k or max(len(keyword_ids), len(dense_ids)) < depth:
                return passages
            depth *= 4

    def _dense(self, view, vector, depth, allowed):  # type: ignore[no-untyped-def]
        if vector is None or view.vectors is None:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if allowed is None:
            return view.vectors.search(vector, depth)
        # Filter first, then exact: a graph searched under a narrow filter loses most of what it should find
        return best(*view.vectors.rows.among(vector, allowed), depth)

    def _read(self, db, ids, scores, raw, k):  # type: ignore[no-untyped-def]
        passages: list[Passage] = []
        for start in range(0, len(ids), 2 * k):
            batch = ids[start : start + 2 * k].tolist()
            rows = {row[0]: row for row in db.execute(_PASSAGES, (json.dumps(batch),))}
            for number, score in zip(batch, scores[start : start + 2 * k].tolist(), strict=True):
                if number in rows and len(passages) < k:
                    found_by = {leg: found[number] for leg, found in raw.items() if number in found}
                    chunk = chunk_of(rows[number][2:])
                    self._check(rows[number][1], chunk.context, chunk.text)
                    passages.append(Passage(chunk=chunk, score=score, found_by=found_by))
            if len(passages) == k:
                break
        return passages

    def _check(self, key: bytes, context: str, text: str) -> None:
        if key[:12] != content_hash(context, text):
            path = self._store.folder / NAME
            raise CollectionDamaged("retrieval.damaged", path=path, reason="a chunk differs from its checksum")


def _trust(scores: Scores, possible: float) -> float:
    return min(1.0, float(scores[0]) / possible) if len(scores) and possible > 0 else 0.0
