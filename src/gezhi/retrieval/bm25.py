"""BM25 over folded characters, character pairs and words, in tantivy. Holds ids and terms only, no text."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from gezhi.language.tokens import query_tokens, tokens

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]

_ANALYZER = "spaces"
_HEAP = 32_000_000
"""Bytes the writer collects before it starts a segment on disk: bounds memory, tantivy wants at least 15 MB."""
_TERM_SET_LIMIT = 2_000
"""Up to so many allowed ids they become part of the query; above, enough hits pass the filter afterwards."""
_MOST_TERMS = 512
"""Different terms of a question that are searched for: bounds the time a pasted page takes."""


class KeywordIndex:
    """An index in `folder`, or in memory where that is None.

    Raises:
        ValueError, OSError: By tantivy, where the folder does not hold an index it can read.
    """

    def __init__(self, folder: Path | None) -> None:
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, str(folder) if folder else None)
        self._index.register_tokenizer(_ANALYZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        # By default each index starts a thread that watches its files; here readers are told by the record.
        self._index.config_reader("manual")
        self._searcher = self._index.searcher()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def ids(self) -> Ids:
        """All ids in the index."""
        return self._run(tantivy.Query.all_query(), max(1, len(self)))[0]

    def update(self, removed: Ids, added: Iterable[tuple[int, str]]) -> None:
        """Take the ids `removed` out, put (id, text) in; one atomic commit."""
        writer = self._index.writer(_HEAP, 1)
        for start in range(0, len(removed), _TERM_SET_LIMIT):
            # Not delete_documents_by_term: given an int it looks for a signed one, and deletes nothing.
            batch = removed[start : start + _TERM_SET_LIMIT].tolist()
            writer.delete_documents_by_query(tantivy.Query.term_set_query(self._schema, "id", batch))
        for number, text in added:
            document = tantivy.Document()
            document.add_unsigned("id", number)
            document.add_text("terms", " ".join(tokens(text)))
            writer.add_document(document)
        writer.commit()
        # Merging goes on in the background and changes files: they must be final before they are listed.
        writer.wait_merging_threads()
        self.reload()

    def reload(self) -> None:
        """See the last commit, whoever made it."""
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, question: str, limit: int, allowed: Ids | None = None) -> tuple[Ids, Scores, float]:
        """Search for any of the terms of a question.

        Args:
            allowed: Ids that may be found, ascending; None: all.

        Returns:
            The `limit` best ids, best first; their BM25 scores; and the reach of the question: the score of a passage
            of average length with each of its terms once. Terms that no passage has count in it as the rarest.
        """
        terms = _counted(query_tokens(question))
        if not terms or not len(self) or (allowed is not None and not len(allowed)):
            return np.empty(0, np.int64), np.empty(0, np.float32), 0.0
        # With its function words: among Chinese texts they are rare, and tell that the question is in another language.
        reach = self._reach(_counted(tokens(question)))
        query = self._query(terms)
        if allowed is None:
            return *self._run(query, limit), reach
        if len(allowed) <= _TERM_SET_LIMIT:
            within = tantivy.Query.term_set_query(self._schema, "id", allowed.tolist())
            must = tantivy.Occur.Must
            both = [(must, query), (must, tantivy.Query.const_score_query(within, 0.0))]
            return *self._run(tantivy.Query.boolean_query(both), limit), reach
        return *self._filtered(query, limit, allowed), reach

    def _filtered(self, query: tantivy.Query, limit: int, allowed: Ids) -> tuple[Ids, Scores]:
        wanted = limit * max(2, 2 * len(self) // len(allowed))
        while True:
            ids, scores = self._run(query, wanted)
            places = np.minimum(np.searchsorted(allowed, ids), len(allowed) - 1)
            passed = allowed[places] == ids
            if passed.sum() >= limit or len(ids) < wanted:
                return ids[passed][:limit], scores[passed][:limit]
            wanted *= 4

    def _query(self, terms: Counter[str]) -> tantivy.Query:
        should = tantivy.Occur.Should
        parts = []
        for term, count in terms.items():
            part = tantivy.Query.term_query(self._schema, "terms", term, "freq")
            parts.append((should, part if count == 1 else tantivy.Query.boost_query(part, float(count))))
        return tantivy.Query.boolean_query(parts)

    def _reach(self, terms: Counter[str]) -> float:
        total = len(self)
        # Until segments are merged, tantivy counts documents that were deleted.
        found = ((min(total, self._searcher.doc_freq("terms", term)), count) for term, count in terms.items())
        return sum(count * math.log1p((total - df + 0.5) / (df + 0.5)) for df, count in found)

    def _run(self, query: tantivy.Query, limit: int) -> tuple[Ids, Scores]:
        searcher = self._searcher
        hits = searcher.search(query, limit, count=False).hits
        if not hits:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        ids = np.array(searcher.fast_field_values("id", [address for _, address in hits]), np.int64)
        scores = np.array([score for score, _ in hits], np.float32)
        order = np.lexsort((ids, -scores))
        return ids[order], scores[order]


def _counted(terms: list[str]) -> Counter[str]:
    return Counter(dict(Counter(terms).most_common(_MOST_TERMS)))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)
    builder.add_text_field("terms", tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()
