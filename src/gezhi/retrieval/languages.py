"""Vector search that is fair to languages, where a collection holds Chinese and other texts side by side.

A multilingual embedder puts every text of a language nearer to a question in that language than nearly every text in
another one: among Chinese and English texts an English question finds almost no Chinese answer, however good. So each
language is searched apart, and its cosines are compared with what this question gets from that language by chance: two
standard deviations above the mean. (The idea of CSLS, Conneau et al. 2018, who use the mean of the ten nearest; a
level reckoned from all texts does not fall where a language has few. Figures are in docs/decisions/0034.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gezhi.retrieval.vectors import Ids, Rows, Scores, StoredRows, VectorIndex, best

LEAST = 8
"""Texts of a language, so that it has a level: among fewer, chance is not told from an answer."""
_SAMPLE = 512
"""Texts of a language from which its level is reckoned."""
_DEVIATIONS = 2.0
_DEEPER = 16
"""Times the depth searched for a language that is too large to be compared whole."""


def groups(living: Ids, chinese: Ids) -> tuple[Ids, ...]:
    """Ids of Chinese chunks, and of all others; nothing where all chunks, but for a few, are of one kind."""
    is_chinese = np.isin(living, chinese, assume_unique=True)
    return enough((living[is_chinese], living[~is_chinese]))


def enough(languages: tuple[Ids, ...]) -> tuple[Ids, ...]:
    """The languages, or nothing where one has too few texts to have a level."""
    return languages if all(len(ids) >= LEAST for ids in languages) else ()


def nearest(
    index: VectorIndex, vector: Rows, limit: int, languages: Sequence[Ids], most: int
) -> tuple[Ids, Scores, Scores]:
    """The nearest chunks of each language, at most `limit` of each, ordered by how far they stand above its level.

    Args:
        index: Over all chunks.
        vector: Of the question, shape (dim,).
        languages: Ids by language, ascending.
        most: Chunks of a language up to which the question is compared with each of them.

    Returns:
        Ids, best first; their cosines; what they are ordered by (a cosine less a level, mostly -0.1 to 0.1).
    """
    # All at once, unless a filter leaves few of them
    whole = max(map(len, languages)) <= most and sum(map(len, languages)) * 4 > len(index.rows)
    every = index.rows.vectors @ vector if whole else None
    found: list[tuple[Ids, Scores, Scores]] = []
    for ids in languages:
        if len(ids) <= most:
            mine, cosines = best(*index.rows.among(vector, ids, every), limit)
        else:
            wide, scores = index.search(vector, limit * _DEEPER)
            inside = np.isin(wide, ids, assume_unique=True)
            mine, cosines = wide[inside][:limit], scores[inside][:limit]
        found.append((mine, cosines, cosines - level(index.rows, vector, ids, every)))
    ids, cosines, above = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((ids, -above))
    return ids[order], cosines[order], above[order]


def level(rows: StoredRows, vector: Rows, ids: Ids, every: Scores | None = None) -> np.float32:
    """The cosine that a text of this language may well have by chance.

    Args:
        every: The cosines of all rows, where they are known.
    """
    sample = ids[np.linspace(0, len(ids) - 1, min(_SAMPLE, len(ids))).astype(np.int64)]
    _, cosines = rows.among(vector, sample, every)
    # Without the best one: among few texts the answer itself would raise the level it is measured by.
    chance = np.sort(cosines)[:-1]
    return np.float32(chance.mean() + _DEVIATIONS * chance.std())
