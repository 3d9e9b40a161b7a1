"""pass@k and majority@k against all subsets."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gezhi.core.errors import BadOptions
from gezhi.evaluation.statistics import majority_at_k, pass_at_k


@settings(max_examples=60)
@given(st.integers(1, 9), st.integers(0, 9), st.integers(1, 9))
def test_pass_counts_the_subsets_with_a_right_one(attempts: int, right: int, k: int) -> None:
    right, k = min(right, attempts), min(k, attempts)
    subsets = list(combinations([i < right for i in range(attempts)], k))
    assert pass_at_k(attempts, right, k) == pytest.approx(sum(map(any, subsets)) / len(subsets))


def test_pass_as_the_paper_writes_it() -> None:
    # 1 - (1 - c/n)(1 - c/(n-1)) ... of Chen et al. (2021), figure 3, for n = 200, c = 20, k = 10.
    expected = 1.0
    for i in range(181, 201):
        expected *= 1 - 10 / i
    assert pass_at_k(200, 20, 10) == pytest.approx(1 - expected)
    assert pass_at_k(10, 3, 1) == pytest.approx(0.3)


@settings(max_examples=60)
@given(st.text("abcd", min_size=1, max_size=8), st.integers(1, 8))
def test_majority_counts_the_votes_of_all_subsets(answers: str, k: int) -> None:
    k = min(k, len(answers))
    subsets = list(combinations(answers, k))
    won = 0.0
    for subset in subsets:
        votes = Counter(subset)
        first = [answer for answer, count in votes.items() if count == max(votes.values())]
        won += ("a" in first) / len(first)
    assert majority_at_k(answers, "a", k) == pytest.approx(won / len(subsets))


def test_a_vote_of_one_is_the_share_and_of_all_the_winner() -> None:
    assert majority_at_k(["4", "4", "5"], "4", 1) == pytest.approx(2 / 3)
    assert majority_at_k(["4", "4", "5"], "4", 3) == 1.0
    assert majority_at_k(["4", "5"], "4", 2) == 0.5
    assert majority_at_k(["4", "5"], "6", 2) == 0.0


def test_what_cannot_be_is_refused() -> None:
    for attempts, right, k in ((0, 0, 1), (3, 4, 1), (3, 1, 4), (3, 1, 0), (3, -1, 1)):
        with pytest.raises(BadOptions):
            pass_at_k(attempts, right, k)
    for answers, k in (([], 1), (["a"], 2), (["a"], 0)):
        with pytest.raises(BadOptions):
            majority_at_k(answers, "a", k)
