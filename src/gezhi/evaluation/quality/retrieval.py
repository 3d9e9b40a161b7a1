"""Scores of the passages that were found, in their order, against the places an item names.

None where an item names no place. Several passages of one place count once: the first finds it, later ones take a rank
and bring nothing. Places that one passage finds together are one thing to find, except for recall.
"""

from __future__ import annotations

from dataclasses import dataclass

from gezhi.core.types import Answer
from gezhi.evaluation.exam import Item
from gezhi.evaluation.quality import ranking
from gezhi.evaluation.quality.places import is_at, of_passage


@dataclass(frozen=True, slots=True)
class Ranked:
    """A list of passages as rankings are scored: ids without repetition, and what each is worth."""

    ids: tuple[str, ...]
    gains: dict[str, float]
    """Of all that should be found, whether it was or not."""
    places: tuple[frozenset[int], ...]
    """For each passage the places of the item that it is at."""


def ranked(item: Item, answer: Answer) -> Ranked:
    """The passages of an answer as a ranking of the item's places."""
    places = tuple(
        frozenset(number for number, place in enumerate(item.relevant) if is_at(of_passage(passage), place))
        for passage in answer.passages
    )
    seen: set[int] = set()
    ids: list[str] = []
    gains: dict[str, float] = {}
    for rank, at in enumerate(places):
        new = at - seen
        seen |= at
        ids.append(f"passage {rank}")
        if new:
            gains[ids[-1]] = sum(item.relevant[number].grade for number in new)
    gains |= {f"place {n}": place.grade for n, place in enumerate(item.relevant) if n not in seen}
    return Ranked(tuple(ids), gains, places)


def recall(item: Item, answer: Answer, k: int | None) -> float | None:
    """Share of the places that the first `k` passages are at."""
    if not item.relevant:
        return None
    return len(frozenset().union(*ranked(item, answer).places[:k])) / len(item.relevant)


def precision(item: Item, answer: Answer, k: int | None) -> float | None:
    """Share of the first `k` passages that are at a place, the same or another; over `k`, even if fewer are found."""
    if not item.relevant:
        return None
    first = ranked(item, answer).places[:k]
    return sum(map(bool, first)) / (k or len(first)) if first else 0.0


def hit(item: Item, answer: Answer, k: int | None) -> float | None:
    """1.0 if any of the first `k` passages is at a place."""
    found = ranked(item, answer)
    return ranking.hit(found.ids, found.gains, k or len(found.ids))


def reciprocal_rank(item: Item, answer: Answer, k: int | None) -> float | None:
    """1 / rank of the first passage at a place; its mean is MRR."""
    found = ranked(item, answer)
    return ranking.reciprocal_rank(found.ids[:k], found.gains)


def average_precision(item: Item, answer: Answer, k: int | None) -> float | None:
    """Mean over the places of the precision at the rank they are found; its mean is MAP."""
    found = ranked(item, answer)
    return ranking.average_precision(found.ids, found.gains, k)


def ndcg(item: Item, answer: Answer, k: int | None) -> float | None:
    """Discounted gain of the places by their grades, against the best order."""
    found = ranked(item, answer)
    return ranking.ndcg(found.ids, found.gains, k)
