"""What token sequences share: n-grams, the longest common subsequence and stretch, and F1 from counts."""

from __future__ import annotations

from collections.abc import Sequence


def ngrams(tokens: Sequence[str], n: int) -> list[tuple[str, ...]]:
    """All of length `n`, in order."""
    return [tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)]


def f_measure(shared: int, said: int, wanted: int) -> float:
    """F1 of precision `shared / said` and recall `shared / wanted`; 0 where nothing is shared."""
    return 2 * shared / (said + wanted) if shared else 0.0


def longest_common(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence, in time len(a) * len(b) and memory len(b)."""
    row = [0] * (len(b) + 1)
    for token in a:
        above_left = 0
        for j, other in enumerate(b, 1):
            above = row[j]
            row[j] = above_left + 1 if token == other else max(above, row[j - 1])
            above_left = above
    return row[-1]


def longest_stretch(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest stretch of tokens that stands in both, unbroken."""
    longest, row = 0, [0] * (len(b) + 1)
    for token in a:
        above_left = 0
        for j, other in enumerate(b, 1):
            above_left, row[j] = row[j], above_left + 1 if token == other else 0
            longest = max(longest, row[j])
    return longest
