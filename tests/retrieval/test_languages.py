from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gezhi.retrieval import Collection
from gezhi.retrieval.exact import ExactIndex
from gezhi.retrieval.languages import groups, nearest
from gezhi.retrieval.vectors import Rows, StoredRows
from retrieval.parts import HashedTerms, put_all

DIM = 64


def vectors(count: int, offset: int, rng: np.random.Generator) -> Rows:
    """Unit vectors that share a strong component, as the texts of one language do."""
    rows = rng.normal(size=(count, DIM)).astype(np.float32)
    rows[:, offset] += 12
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.fixture
def rows() -> StoredRows:
    rng = np.random.default_rng(7)
    return StoredRows(np.arange(230), np.concatenate([vectors(200, 0, rng), vectors(30, 1, rng)]))


def question_like(rows: StoredRows, row: int, language: int) -> Rows:
    """Nearer to every text of `language` than to its answer in the other one."""
    vector = rows.vectors[row].copy()
    vector[0], vector[1] = 0, 0
    vector *= 1.2
    vector[language] = 1
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


@pytest.mark.parametrize(("row", "asked_in"), [(17, 0), (17, 1), (210, 0), (210, 1)])
def test_the_answer_is_found_in_either_language(rows: StoredRows, row: int, asked_in: int) -> None:
    index, question = ExactIndex.build(rows, None), question_like(rows, row, asked_in)
    chinese = np.arange(200)
    ids, cosines, above = nearest(index, question, 10, groups(rows.living, chinese), 1000)
    assert row in ids[:2]
    plain, _ = index.search(question, 10)
    other_language = (row < 200) != (asked_in == 0)
    assert (row not in plain) == other_language
    assert np.allclose(cosines, rows.vectors[ids] @ question, atol=1e-6)
    assert (np.diff(above) <= 0).all()


def test_a_language_too_large_to_compare_whole_is_searched_deeper(rows: StoredRows) -> None:
    index, question = ExactIndex.build(rows, None), question_like(rows, 17, 1)
    whole = nearest(index, question, 10, groups(rows.living, np.arange(200)), 1000)
    deeper = nearest(index, question, 10, groups(rows.living, np.arange(200)), 50)
    assert set(whole[0][:5]) == set(deeper[0][:5])


def test_texts_of_one_language_are_no_groups(rows: StoredRows) -> None:
    assert groups(rows.living, np.arange(230)) == ()
    assert groups(rows.living, np.empty(0, np.int64)) == ()
    assert groups(rows.living, np.arange(7)) == ()
    assert [len(group) for group in groups(rows.living, np.arange(8))] == [8, 222]


def test_a_collection_in_two_languages_under_a_filter(tmp_path: Path) -> None:
    embedder = HashedTerms()
    chinese = ["产品X1的保修期是两年。", *(f"办公室第{number}层在九点开门。" for number in range(8))]
    english = ["The warranty of X1.", *(f"Office hours of floor {number}." for number in range(8))]
    texts = {"/zh.md": chinese, "/en.md": english}
    with Collection.open(tmp_path / "c") as collection:
        put_all(collection, embedder, texts)
        retriever = collection.seen_by(None, embedder)
        assert {Path(p.chunk.source).name for p in retriever.search("X1 warranty", 4)} == {"zh.md", "en.md"}
        only = retriever.search("X1 warranty", 4, "source:*.md AND NOT source:*en.md")
        assert {Path(p.chunk.source).name for p in only} == {"zh.md"}
        assert all(-1 <= p.found_by["dense"] <= 1 for p in retriever.search("X1", 4))
