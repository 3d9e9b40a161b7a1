"""Scores of single answers and rankings. Imports nothing that it measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gezhi.core.catalogue import say
from gezhi.core.errors import BadOptions
from gezhi.core.names import resolve
from gezhi.core.protocols import Embedder
from gezhi.core.types import Answer
from gezhi.evaluation.exam import Item, Scorer
from gezhi.evaluation.quality.text import TEXT_SCORERS, text_scorer

__all__ = ["SCORERS", "Measure", "scorer"]

SCORERS = {
    "recall": "gezhi.evaluation.quality.retrieval:recall",
    "precision": "gezhi.evaluation.quality.retrieval:precision",
    "hit": "gezhi.evaluation.quality.retrieval:hit",
    "mrr": "gezhi.evaluation.quality.retrieval:reciprocal_rank",
    "map": "gezhi.evaluation.quality.retrieval:average_precision",
    "ndcg": "gezhi.evaluation.quality.retrieval:ndcg",
    "correct": "gezhi.evaluation.quality.answers:correct",
    "refused_right": "gezhi.evaluation.quality.answers:refused_right",
    "citation_precision": "gezhi.evaluation.quality.answers:citation_precision",
    "citation_recall": "gezhi.evaluation.quality.answers:citation_recall",
    "support": "gezhi.evaluation.quality.answers:support",
    "grounded": "gezhi.evaluation.quality.groundedness:of_answer",
}
RANKED = ("recall", "precision", "hit", "mrr", "map", "ndcg")
"""Those that look at the first passages: `recall@8`. Without a number: at all of them."""


@dataclass(slots=True)
class Measure:
    """A scorer made of a function."""

    name: str
    function: Callable[..., float | None]
    arguments: tuple[Any, ...] = ()
    """Given behind item and answer."""
    higher_is_better: bool = True

    def __call__(self, item: Item, answer: Answer) -> float | None:
        """The function's number."""
        return self.function(item, answer, *self.arguments)


def scorer(name: str, embedder: Embedder | None = None) -> Scorer:
    """The scorer of a name: `f1`, `recall@8` ...

    Args:
        name: One of SCORERS, with @ and a number those of RANKED; or one of the TEXT_SCORERS.
        embedder: For `grounded`, which without one looks at words and values only.

    Raises:
        UnknownName: Lists the names, and the nearest one.
        BadOptions: The number behind @ is none, or does not belong there.
    """
    base, cut, number = name.partition("@")
    function = resolve(say("exams.scorer"), base, {**SCORERS, **TEXT_SCORERS})
    made = Measure(name, function)
    if base in RANKED:
        return replace(made, arguments=(_rank(name, number) if cut else None,))
    if cut:
        raise BadOptions("exams.no_rank", name=name, base=base)
    if base in TEXT_SCORERS:
        return text_scorer(name)
    return replace(made, arguments=(embedder,)) if base == "grounded" else made


def _rank(name: str, number: str) -> int:
    if not (number.isascii() and number.isdecimal() and int(number) > 0):
        raise BadOptions("exams.rank", name=name)
    return int(number)
