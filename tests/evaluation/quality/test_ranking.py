"""Scores of a ranking, against values worked out by hand from trec_eval's definitions, and against trec_eval."""

from __future__ import annotations

import math
import random

import pytest
from pytrec_eval import RelevanceEvaluator

from gezhi.evaluation.quality.ranking import (
    Counts,
    average_precision,
    counts,
    hit,
    ndcg,
    precision_at_k,
    recall_at_k,
    reciprocal_rank,
)

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


def test_precision_and_average_precision() -> None:
    assert precision_at_k(RANKED, {"a", "d"}, 4) == 0.5
    assert precision_at_k(RANKED, {"a", "d"}, 8) == 0.25
    assert average_precision(RANKED, {"a", "d", "x"}) == pytest.approx((1 + 2 / 4) / 3)
    assert average_precision(RANKED, {"a", "d"}, 3) == pytest.approx(1 / 2)
    assert precision_at_k(RANKED, (), 3) is average_precision(RANKED, ()) is None


def test_counts() -> None:
    assert counts(RANKED, {"b", "d", "x"}, 3) == Counts(relevant=3, retrieved=3, found=1)


def _cases() -> dict[str, tuple[list[str], dict[str, int]]]:
    draw = random.Random(8)
    ids = [f"d{number}" for number in range(30)]
    made = {}
    for number in range(200):
        ranked = draw.sample(ids, draw.randint(1, 20))
        relevant = draw.sample(ids, draw.randint(1, 9))
        made[str(number)] = ranked, {name: draw.randint(1, 3) for name in relevant}
    return made


def test_all_are_those_of_trec_eval() -> None:
    cases = _cases()
    run = {name: {one: 1.0 - rank / 100 for rank, one in enumerate(ranked)} for name, (ranked, _) in cases.items()}
    measures = {"recall", "P", "success", "recip_rank", "map", "map_cut", "ndcg", "ndcg_cut"}
    oracle = RelevanceEvaluator({name: gains for name, (_, gains) in cases.items()}, measures).evaluate(run)
    for name, (ranked, gains) in cases.items():
        wanted = oracle[name]
        assert average_precision(ranked, gains) == pytest.approx(wanted["map"], abs=1e-9)
        assert reciprocal_rank(ranked, gains) == pytest.approx(wanted["recip_rank"], abs=1e-9)
        assert ndcg(ranked, gains) == pytest.approx(wanted["ndcg"], abs=1e-9)
        for k in (5, 10):
            assert recall_at_k(ranked, gains, k) == pytest.approx(wanted[f"recall_{k}"], abs=1e-9)
            assert precision_at_k(ranked, gains, k) == pytest.approx(wanted[f"P_{k}"], abs=1e-9)
            assert hit(ranked, gains, k) == wanted[f"success_{k}"]
            assert average_precision(ranked, gains, k) == pytest.approx(wanted[f"map_cut_{k}"], abs=1e-9)
            assert ndcg(ranked, gains, k) == pytest.approx(wanted[f"ndcg_cut_{k}"], abs=1e-9)
