from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gezhi.evaluation.quality.text import Score, TextOptions, text_metric
from gezhi.evaluation.quality.text.variety import longest_repeat


def _scores(name: str, texts: list[str], references: list[list[str]] | None = None) -> dict[str, Score]:
    return {score.name: score for score in text_metric(name)(texts, references or [])}


def test_distinct_is_over_all_texts() -> None:
    scores = _scores("distinct", ["甲乙甲乙", "甲乙"])
    assert scores["distinct-1"].value == pytest.approx(2 / 6)
    assert scores["distinct-2"].value == pytest.approx(2 / 4)
    assert scores["distinct-3"].value == 1.0
    assert scores["distinct-2"].counts == {"texts": 2, "different": 2, "ngrams": 4}


def test_english_is_counted_in_words() -> None:
    assert _scores("distinct", ["The cat and the cat"])["distinct-1"].value == pytest.approx(3 / 5)


def test_what_has_no_ngrams_is_not_measured() -> None:
    assert [score.value for score in _scores("distinct", ["", "。"]).values()] == [None, None, None]
    scores = _scores("repetition", ["甲乙丙"])
    assert scores["repetition-4"].value is None
    assert scores["longest-repeat"].value == 0


def test_repetition() -> None:
    scores = _scores("repetition", ["请稍后再试请稍后再试", "没有重复的话"])
    assert scores["repetition-4"].value == pytest.approx((2 / 7 + 0) / 2)
    assert scores["longest-repeat"].value == 5
    assert scores["longest-repeat"].counts["in_text"] == 1


@given(st.lists(st.sampled_from("ab"), max_size=24))
def test_the_longest_repeat_is_that_of_brute_force(tokens: list[str]) -> None:
    n = len(tokens)
    spans = [(i, j) for i in range(n) for j in range(i + 1, n + 1)]
    longest = max((j - i for i, j in spans if any(tokens[k : k + j - i] == tokens[i:j] for k in range(i + 1, n))),
                  default=0)  # fmt: skip
    assert longest_repeat(tokens) == longest


def test_length() -> None:
    scores = _scores("length", ["保修期24个月。", "two words"], [["保修期", "保修期为24个月"], ["one two three"]])
    assert scores["length-characters"].value == pytest.approx((8 + 9) / 2)
    assert scores["length-tokens"].value == pytest.approx((6 + 2) / 2)
    assert scores["length-ratio"].value == pytest.approx((6 + 2) / (7 + 3))
    assert "length-ratio" not in _scores("length", ["甲"])
    assert _scores("length", ["甲"], [[""]])["length-ratio"].value is None


def test_words_by_choice() -> None:
    metric = text_metric("length", TextOptions(tokenize="words"))
    _, tokens = metric(["北京大学"], [])
    assert tokens.value in (1, 2)
    assert "rjieba" in tokens.signature
