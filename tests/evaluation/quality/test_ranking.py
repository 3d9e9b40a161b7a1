"""Scores of a ranking, against values worked out by hand from trec_eval's definitions."""

from __future__ import annotations

import math

import pytest

from gezhi.evaluation.quality.ranking import hit, ndcg, recall_at_k, reciprocal_rank

RANKED = ["a", "b", "c", "d"]


def test_recall() -> None:
    assert recall_at_k(RANKED, {"b", "d", "x"}, 2) == pytest.approx(1 / 3)
    assert recall_at_k(RANKED, {"b", "d", "x"}, 10) == pytest.approx(2 / 3)
    assert recall_at_k(RANKED, [], 3) is None


def test_hit() -> None:
    assert hit(RANKED, {"c"}, 2) == 0.0
    assert hit(RANKED, {"c"}, 3) == 1.0
    assert hit(RANKED, (), 3) is None


def test_reciprocal_rank() -> None:
    assert reciprocal_rank(RANKED, {"c", "d"}) == pytest.approx(1 / 3)
    assert reciprocal_rank(RANKED, {"x"}) == 0.0
    assert reciprocal_rank(RANKED, ()) is None


def test_ndcg() -> None:
    gains = {"a": 1.0, "c": 3.0, "x": 2.0}
    found = 1 / math.log2(2) + 3 / math.log2(4)
    ideal = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(RANKED, gains) == pytest.approx(found / ideal)
    assert ndcg(RANKED, gains, k=1) == pytest.approx(1 / 3)
    assert ndcg(["c", "x", "a"], gains) == pytest.approx(1.0)
    assert ndcg(RANKED, {"a": 0.0}) is None
