from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from gezhi.evaluation.quality.text.overlap import f_measure, longest_common, longest_stretch, ngrams

SHORT = st.text("abc", max_size=7)


def _subsequences(text: str) -> set[str]:
    return {"".join(chosen) for n in range(len(text) + 1) for chosen in combinations(text, n)}


@given(SHORT, SHORT)
def test_the_longest_common_subsequence(a: str, b: str) -> None:
    assert longest_common(a, b) == max(map(len, _subsequences(a) & _subsequences(b)))


@given(SHORT, SHORT)
def test_the_longest_common_stretch(a: str, b: str) -> None:
    stretches = {a[i:j] for i in range(len(a) + 1) for j in range(i, len(a) + 1)}
    assert longest_stretch(a, b) == max(len(stretch) for stretch in stretches if stretch in b)


def test_ngrams_and_f() -> None:
    assert ngrams("abcd", 2) == [("a", "b"), ("b", "c"), ("c", "d")]
    assert ngrams("a", 2) == []
    assert f_measure(0, 0, 0) == 0.0
    assert f_measure(1, 2, 4) == 2 / 6
