"""Several attempts at one item: pass@k and majority@k, both without bias from the order of the attempts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from math import comb

from gezhi.evaluation.statistics.samples import at_least, between


def pass_at_k(attempts: int, right: int, k: int) -> float:
    """Chance that at least one of `k` attempts is right, from `attempts` of which `right` were (Chen et al. 2021).

    Raises:
        BadOptions: `k` above `attempts` or below 1, `right` not 0 to `attempts`.
    """
    at_least("attempts", attempts, 1)
    between("right", right, 0, attempts)
    between("k", k, 1, attempts)
    return 1 - comb(attempts - right, k) / comb(attempts, k)


def majority_at_k(answers: Sequence[Hashable], right: Hashable, k: int) -> float:
    """Chance that `right` wins a vote among `k` of the answers (self-consistency, Wang et al. 2022).

    Differs from the usual way of drawing subsets: all of them are counted, exactly. A tie is won by lot.

    Raises:
        BadOptions: `k` above the number of answers or below 1.
    """
    between("k", k, 1, max(len(answers), 1))
    at_least("answers", len(answers), 1)
    counts = Counter(answers)
    ours = counts.pop(right, 0)
    won = 0.0
    for votes in range(1, min(ours, k) + 1):
        ways = comb(ours, votes)
        for tied, others in _ways(list(counts.values()), k - votes, votes).items():
            won += ways * others / (1 + tied)
    return won / comb(len(answers), k)


def _ways(counts: Sequence[int], drawn: int, most: int) -> dict[int, int]:
    """Ways to draw `drawn` answers, none more than `most` times, by how many of them come up exactly so often."""
    states = {(0, 0): 1}
    for count in counts:
        following: dict[tuple[int, int], int] = {}
        for (size, tied), ways in states.items():
            for taken in range(min(count, most, drawn - size) + 1):
                state = size + taken, tied + (taken == most)
                following[state] = following.get(state, 0) + ways * comb(count, taken)
        states = following
    return {tied: ways for (size, tied), ways in states.items() if size == drawn}
