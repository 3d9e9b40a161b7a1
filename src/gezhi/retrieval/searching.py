"""One search: keyword and vector leg, filtered before their best are taken, fused, then read from the record.

Whatever the indexes say, a passage is read from the record before it is returned: what is gone there is never shown.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gezhi.core.errors import BadOptions, CollectionDamaged
from gezhi.core.names import resolve
from gezhi.core.protocols import Embedder
from gezhi.core.types import Passage
from gezhi.retrieval import FUSIONS
from gezhi.retrieval.filters import Filter, compile_sql, parse, prepare
from gezhi.retrieval.fusion import Leg, keyword_trust
from gezhi.retrieval.indexes import View
from gezhi.retrieval.languages import LEAST, enough, level, nearest
from gezhi.retrieval.options import RetrievalOptions
from gezhi.retrieval.records import chunk_of, content_hash
from gezhi.retrieval.store import NAME, Store
from gezhi.retrieval.vectors import Ids, Rows, Scores, best

_MOST = 1000
_PASSAGES = (
    "SELECT chunks.id, key, documents.id, documents.source, chunks.text, start, stop, context, page, metas.meta"
    " FROM chunks JOIN documents ON documents.number = chunks.document JOIN metas ON metas.id = chunks.meta"
    " WHERE chunks.id IN (SELECT value FROM json_each(?))"
)


@dataclass(frozen=True, slots=True)
class _Ask:
    question: str
    vector: Rows
    k: int
    allowed: Ids | None
    """Chunks that pass the filter, ascending; None: all."""


class HybridRetriever:
    """Searches one collection. May be called from many threads."""

    def __init__(
        self, store: Store, view: Callable[[str], View], embedder: Embedder, options: RetrievalOptions
    ) -> None:
        self._store = store
        self._view = view
        self._embedder = embedder
        self._options = options
        self._fuse: Callable[[Sequence[Leg]], tuple[Ids, Scores]] = resolve("fusion", options.fusion, FUSIONS)

    def search(self, question: str, k: int | None = None, where: str | None = None) -> list[Passage]:
        """At most `k` passages (None: as the options say), best first; none for an empty question.

        Args:
            where: A filter such as `source:*.pdf AND year>=2024`; see `gezhi.retrieval.filters`.

        Raises:
            BadFilter: `where` cannot be read.
            BadOptions: `k` is out of range.
            CollectionDamaged: The record itself is broken.
        """
        k = self._options.k if k is None else k
        if not 1 <= k <= _MOST:
            raise BadOptions("retrieval.range", name="k", low=1, high=_MOST, value=k)
        tree = parse(where) if where and where.strip() else None
        if not question.strip():
            return []
        vector = self._embedder.embed_queries([question])[0]
        # First the indexes, then the state of the record: so nothing in them can be newer than what is read.
        view = self._view(self._embedder.name)
        with self._store.reading() as db:
            allowed = _allowed(db, tree) if tree else None
            return self._search(db, view, _Ask(question, vector, k, allowed))

    def _search(self, db: sqlite3.Connection, view: View, ask: _Ask) -> list[Passage]:
        depth = max(ask.k, self._options.depth)
        while True:
            legs = self._legs(view, ask, depth)
            passages = self._read(db, legs, ask.k)
            # Chunks removed since the last publication leave gaps: look deeper rather than return too few.
            if len(passages) == ask.k or all(len(leg.ids) < depth for leg in legs):
                return passages
            depth *= 4

    def _legs(self, view: View, ask: _Ask, depth: int) -> list[Leg]:
        weight = self._options.keyword_weight
        ids, scores, reach = view.keyword.search(ask.question, depth, ask.allowed)
        trust = keyword_trust(float(scores[0]), reach) if len(scores) else 0.0
        return [
            Leg(ids, scores, weight, trust, told={"keyword": scores}),
            _nearest(view, ask, depth, self._options, 1 - weight),
        ]

    def _read(self, db: sqlite3.Connection, legs: list[Leg], k: int) -> list[Passage]:
        ids, scores = self._fuse(legs)
        told = {
            name: dict(zip(leg.ids.tolist(), values.tolist(), strict=True))
            for leg in legs
            for name, values in leg.told.items()
        }
        passages: list[Passage] = []
        for start in range(0, len(ids), k):
            batch = ids[start : start + k].tolist()
            rows = {row[0]: row for row in db.execute(_PASSAGES, (json.dumps(batch),))}
            for number, score in zip(batch, scores[start : start + k].tolist(), strict=True):
                if number in rows:
                    found_by = {name: found[number] for name, found in told.items() if number in found}
                    passages.append(self._passage(rows[number], score, found_by))
            if len(passages) >= k:
                break
        return passages[:k]

    def _passage(self, row: Sequence[object], score: float, found_by: dict[str, float]) -> Passage:
        chunk = chunk_of(row[2:])
        if row[1][:12] != content_hash(chunk.context, chunk.text):  # type: ignore[index]
            raise CollectionDamaged("retrieval.checksum", path=self._store.folder / NAME, source=chunk.source)
        return Passage(chunk=chunk, score=score, found_by=found_by)


def _allowed(db: sqlite3.Connection, tree: Filter) -> Ids:
    prepare(db)
    sql, values = compile_sql(tree)
    rows = db.execute(f"SELECT id FROM chunks WHERE {sql}", values)
    return np.sort(np.fromiter((row[0] for row in rows), np.int64))


def _nearest(view: View, ask: _Ask, depth: int, options: RetrievalOptions, weight: float) -> Leg:
    if view.vectors is None:
        return Leg(np.empty(0, np.int64), np.empty(0, np.float32), weight)
    languages, most = view.languages, options.exact_limit
    if ask.allowed is not None:
        # Filter first, then exact: a graph searched under a narrow filter loses most of what it should find.
        languages = enough(tuple(np.intersect1d(ids, ask.allowed) for ids in languages))
        most = len(view.vectors.rows)
    if len(languages) > 1:
        ids, cosines, above = nearest(view.vectors, ask.vector, depth, languages, most)
        return Leg(ids, above, weight, told={"dense": cosines, "dense_above": above})
    rows = view.vectors.rows
    if ask.allowed is None:
        searched, (ids, cosines) = rows.living, view.vectors.search(ask.vector, depth)
    else:
        searched, among = rows.among(ask.vector, ask.allowed)
        ids, cosines = best(searched, among, depth)
    told = {"dense": cosines}
    if len(searched) >= LEAST:
        told["dense_above"] = cosines - level(rows, ask.vector, searched)
    return Leg(ids, cosines, weight, told=told)
