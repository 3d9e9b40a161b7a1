from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from gezhi.language.tokens import tokens
from gezhi.retrieval.bm25 import Ids, KeywordIndex

TEXTS = {
    1: "产品X1的保修期是两年。",
    2: "产品X2的保修期是三年，不含滤芯。",
    4: "The warranty of product X1 lasts two years.",
    9: "退货须保留包装。",
}


def ids(*numbers: int) -> Ids:
    return np.array(numbers, np.int64)


def plain_bm25(question: str) -> dict[int, float]:
    """Robertson's formula, k1 1.2, b .75, without tantivy's one-byte rounding of lengths (these are all below 40)."""
    terms = {number: Counter(tokens(text)) for number, text in TEXTS.items()}
    average = sum(counts.total() for counts in terms.values()) / len(terms)
    scores: dict[int, float] = {}
    for term, times in Counter(tokens(question)).items():
        df = sum(term in counts for counts in terms.values())
        idf = math.log(1 + (len(terms) - df + 0.5) / (df + 0.5))
        for number, counts in terms.items():
            if term in counts:
                length = 1.2 * (1 - 0.75 + 0.75 * counts.total() / average)
                scores[number] = scores.get(number, 0) + times * idf * counts[term] * 2.2 / (counts[term] + length)
    return scores


@pytest.fixture
def index() -> KeywordIndex:
    index = KeywordIndex(None)
    index.update(ids(), TEXTS.items())
    return index


@pytest.mark.parametrize("question", ["保修期", "产品X1的保修期是两年吗", "保修保修", "warranty years", "包装 product"])
def test_scores_are_those_of_the_formula(index: KeywordIndex, question: str) -> None:
    found, scores, _ = index.search(question, 10)
    assert dict(zip(found.tolist(), scores.tolist(), strict=True)) == pytest.approx(plain_bm25(question), rel=1e-3)


def test_reach_is_the_weight_of_all_terms(index: KeywordIndex) -> None:
    rarest = math.log(1 + (4 + 0.5) / 0.5)
    assert index.search("zebra", 10)[2] == pytest.approx(rarest)
    assert index.search("zebra zebra", 10)[2] == pytest.approx(2 * rarest)
    assert index.search("，。", 10)[2] == 0


def test_function_words_are_no_search_terms_but_count_for_the_reach(index: KeywordIndex) -> None:
    found, _, reach = index.search("what is the warranty", 10)
    assert found.tolist() == [4]
    assert reach > 2 * index.search("warranty", 10)[2]


def test_taking_out_and_putting_in(index: KeywordIndex) -> None:
    index.update(ids(1, 4), [(10, "保修期另行规定。")])
    assert sorted(index.ids().tolist()) == [2, 9, 10]
    assert sorted(index.search("保修期", 10)[0].tolist()) == [2, 9, 10]
    assert index.search("保修期", 1)[0].tolist() == [10]


def test_only_the_allowed_are_found(index: KeywordIndex) -> None:
    assert index.search("产品保修期", 10, ids(2, 4, 7))[0].tolist() == [2]
    assert index.search("产品保修期", 10, ids())[0].tolist() == []


def test_another_reader_of_the_folder_sees_a_commit_when_it_reloads(tmp_path: Path) -> None:
    writing = KeywordIndex(tmp_path)
    writing.update(ids(), TEXTS.items())
    reading = KeywordIndex(tmp_path)
    writing.update(ids(1), [])
    assert len(reading) == 4
    reading.reload()
    assert len(reading) == 3
