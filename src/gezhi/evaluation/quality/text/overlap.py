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
    """Length of the longest common subsequence, a row of its table as the bits of one number (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for i, token in enumerate(a):
        places[token] = places.get(token, 0) | 1 << i
    every = (1 << len(a)) - 1
    row = every
    for token in b:
        met = row & places.get(token, 0)
        row = ((row + met) | (row - met)) & every
    return len(a) - row.bit_count()


def longest_stretch(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest stretch of tokens that stands in both, unbroken.

    Where one of n tokens does, one of n - 1 does: the length is found by halving.
    """
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        shared = not set(ngrams(a, middle)).isdisjoint(ngrams(b, middle))
        low, high = (middle, high) if shared else (low, middle - 1)
    return low
