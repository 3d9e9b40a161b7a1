"""What every vector index and every fusion must do, whichever it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gezhi.core.names import resolve
from gezhi.retrieval import FUSIONS, VECTOR_INDEXES
from gezhi.retrieval.fusion import Leg
from gezhi.retrieval.vectors import DEAD, StoredRows, VectorIndex, write_rows

DIM = 32


def unit(vectors: Any) -> Any:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def vectors(count: int, seed: int = 0) -> Any:
    """Clustered like those of texts: about a hundred topics."""
    rng = np.random.default_rng(seed)
    topics = np.random.default_rng(99).standard_normal((100, DIM))
    return unit(topics[rng.integers(0, 100, count)] + 0.4 * rng.standard_normal((count, DIM)))


@pytest.fixture(params=VECTOR_INDEXES)
def maker(request: pytest.FixtureRequest) -> type[VectorIndex]:
    made: type[VectorIndex] = resolve("vector index", request.param, VECTOR_INDEXES)
    return made


def truth(rows: StoredRows, query: Any, limit: int) -> list[int]:
    scores = rows.vectors @ query
    order = np.lexsort((rows.ids, -scores))
    return [int(rows.ids[place]) for place in order if rows.ids[place] != DEAD][:limit]


def recall(index: VectorIndex, rows: StoredRows, queries: Any, limit: int) -> float:
    shares = []
    for query in queries:
        ids, _ = index.search(query, limit)
        shares.append(len(set(ids.tolist()) & set(truth(rows, query, limit))) / limit)
    return float(np.mean(shares))


def test_finds_nearly_all_of_the_nearest(maker: type[VectorIndex]) -> None:
    rows = StoredRows(np.arange(1, 4001), vectors(4000))
    assert recall(maker.build(rows, None), rows, vectors(50, seed=1), 10) >= 0.95


def test_scores_are_exact_cosines_and_fall(maker: type[VectorIndex]) -> None:
    rows = StoredRows(np.arange(1, 501), vectors(500))
    query = vectors(1, seed=2)[0]
    ids, scores = maker.build(rows, None).search(query, 20)
    assert len(set(ids.tolist())) == len(ids) == 20
    assert scores.dtype == np.float32
    assert scores == pytest.approx(rows.vectors[ids - 1] @ query, abs=1e-6)
    assert (np.diff(scores) <= 0).all()


def test_saved_and_loaded_it_finds_the_same(maker: type[VectorIndex], tmp_path: Path) -> None:
    write_rows(tmp_path, np.arange(1, 501), iter([vectors(300), vectors(200, seed=5)]))
    rows = StoredRows.load(tmp_path)
    index = maker.build(rows, None)
    index.save(tmp_path)
    again = maker.load(tmp_path, StoredRows.load(tmp_path))
    for query in vectors(10, seed=3):
        ids, scores = index.search(query, 10)
        same_ids, same_scores = again.search(query, 10)
        assert ids.tolist() == same_ids.tolist()
        assert scores == pytest.approx(same_scores)


def test_the_dead_are_never_found(maker: type[VectorIndex]) -> None:
    ids = np.arange(1, 2001)
    query = vectors(1, seed=4)[0]
    everything = vectors(2000)
    # The hundred nearest are gone: exactly those a graph would reach first
    ids[np.argsort(-(everything @ query))[:100]] = DEAD
    rows = StoredRows(ids, everything)
    found, _ = maker.build(rows, None).search(query, 20)
    assert len(found) == 20
    assert DEAD not in found
    assert len(set(found.tolist()) & set(truth(rows, query, 20))) >= 18


def test_rows_are_added_to_what_was_there(maker: type[VectorIndex], tmp_path: Path) -> None:
    everything = vectors(3000)
    old = maker.build(StoredRows(np.arange(1, 2001), everything[:2000]), None)
    old.save(tmp_path)
    rows = StoredRows(np.arange(1, 3001), everything)
    index = maker.build(rows, maker.load(tmp_path, rows))
    assert recall(index, rows, vectors(50, seed=6), 10) >= 0.95


@pytest.mark.parametrize("count", [1, 2, 7])
def test_fewer_rows_than_asked_for(maker: type[VectorIndex], count: int) -> None:
    rows = StoredRows(np.arange(1, count + 1), vectors(count))
    ids, _ = maker.build(rows, None).search(vectors(1, seed=7)[0], 10)
    assert sorted(ids.tolist()) == list(range(1, count + 1))


def test_equal_rows_are_all_found(maker: type[VectorIndex]) -> None:
    rows = StoredRows(np.arange(1, 21), np.repeat(vectors(1), 20, axis=0))
    ids, scores = maker.build(rows, None).search(rows.vectors[0], 20)
    assert ids.tolist() == list(range(1, 21))
    assert scores == pytest.approx(np.ones(20), abs=1e-5)


def test_nothing_living_nothing_found(maker: type[VectorIndex]) -> None:
    rows = StoredRows(np.full(5, DEAD), vectors(5))
    ids, scores = maker.build(rows, None).search(rows.vectors[0], 3)
    assert (len(ids), len(scores)) == (0, 0)


def leg(ids: list[int], scores: list[float], weight: float = 0.5, trust: float = 1.0) -> Leg:
    return Leg(np.array(ids, np.int64), np.array(scores, np.float32), weight, trust)


@pytest.fixture(params=FUSIONS)
def fuse(request: pytest.FixtureRequest) -> Any:
    return resolve("fusion", request.param, FUSIONS)


def test_every_id_is_there_once_and_scores_fall_from_1_to_0(fuse: Any) -> None:
    ids, scores = fuse([leg([3, 1, 2], [9.0, 4.0, 1.0]), leg([2, 4], [0.9, 0.7])])
    assert sorted(ids.tolist()) == [1, 2, 3, 4]
    assert (np.diff(scores) <= 0).all()
    assert 0 <= scores.min() <= scores.max() <= 1


def test_first_in_both_is_first_with_score_1(fuse: Any) -> None:
    ids, scores = fuse([leg([7, 1, 2], [9.0, 4.0, 1.0]), leg([7, 2, 1], [0.9, 0.8, 0.7])])
    assert ids[0] == 7
    assert scores[0] == pytest.approx(1.0)


def test_one_leg_alone_keeps_its_order(fuse: Any) -> None:
    for legs in ([leg([5, 3, 4], [3.0, 2.0, 1.0]), leg([], [])], [leg([], []), leg([5, 3, 4], [3.0, 2.0, 1.0])]):
        assert fuse(legs)[0].tolist() == [5, 3, 4]


def test_nothing_found_by_any(fuse: Any) -> None:
    ids, scores = fuse([leg([], []), leg([], [])])
    assert (len(ids), len(scores)) == (0, 0)


@pytest.mark.parametrize(("weight", "trust"), [(0.0, 1.0), (0.9, 0.0)])
def test_a_leg_without_weight_or_trust_changes_no_order(fuse: Any, weight: float, trust: float) -> None:
    ids, _ = fuse([leg([1, 2], [9.0, 1.0], weight, trust), leg([2, 3, 1], [0.9, 0.8, 0.7], 1 - weight)])
    assert [name for name in ids.tolist() if name in (2, 3)] == [2, 3]
    assert ids[0] == 2


def test_weights_decide_between_equals(fuse: Any) -> None:
    first, second = [1, 2, 3], [3, 2, 1]
    assert fuse([leg(first, [3, 2, 1], 0.8), leg(second, [3, 2, 1], 0.2)])[0][0] == 1
    assert fuse([leg(first, [3, 2, 1], 0.2), leg(second, [3, 2, 1], 0.8)])[0][0] == 3
