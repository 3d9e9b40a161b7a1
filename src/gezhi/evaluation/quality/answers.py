"""Scores of what was answered, against references and gold places; never against the checker that wrote the answer.

`correct`, `refused_right`, `citation_precision`, `citation_recall` and `support` are scorers of one item; `refusals`
is about all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gezhi.core.types import Answer
from gezhi.evaluation.exam import Item
from gezhi.evaluation.quality.containing import says
from gezhi.evaluation.quality.places import is_at, of_citation
from gezhi.language.sentences import sentences


def correct(item: Item, answer: Answer) -> float | None:
    """1.0 if the answer says one of the references (`containing.says`), or rightly refuses; else 0.0.

    None where no reference is known. An answer that says more than it was asked is right: `f1` counts that.
    """
    refused = answer.refused is not None
    if item.unanswerable:
        return float(refused)
    if not item.answers:
        return None
    return float(not refused and any(says(answer.text, reference) for reference in item.answers))


def refused_right(item: Item, answer: Answer) -> float | None:
    """1.0 if it refused what cannot be answered, or did not refuse what can."""
    return float((answer.refused is not None) == item.unanswerable)


def citation_precision(item: Item, answer: Answer) -> float | None:
    """Share of the quotes that stand at a place the item names; None where it names none, or nothing is quoted."""
    quoted = {(c.source, c.source_start, c.source_end): c for c in answer.citations}.values()
    if not item.relevant or not quoted:
        return None
    return sum(any(is_at(of_citation(c), place) for place in item.relevant) for c in quoted) / len(quoted)


def citation_recall(item: Item, answer: Answer) -> float | None:
    """Share of the places that are quoted; 0.0 for a refusal. None where the item names no place."""
    if not item.relevant:
        return None
    quoted = [of_citation(citation) for citation in answer.citations]
    return sum(any(is_at(one, place) for one in quoted) for place in item.relevant) / len(item.relevant)


def support(item: Item, answer: Answer) -> float | None:
    """Share of the answer's sentences with a citation that was checked and found to support them.

    None for a refusal, and where citations were not checked.
    """
    if answer.refused is not None or any(citation.supported is None for citation in answer.citations):
        return None
    spans = sentences(answer.text)
    if not spans:
        return None
    held = [(c.answer_start, c.answer_end) for c in answer.citations if c.supported]
    return sum(any(a < end and start < b for a, b in held) for start, end in spans) / len(spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Refusing as the search for what cannot be answered."""

    precision: float | None
    """Share of the refusals that were right; None where nothing was refused."""
    recall: float | None
    """Share of what cannot be answered that was refused; None where everything can."""
    refused: int
    unanswerable: int
    right: int
    """Refused and unanswerable."""
    answered_share: float | None
    """Share of the answerable items that were answered: what refusing costs."""


def refusals(items: Sequence[Item], answers: Sequence[Answer]) -> Refusals:
    """Of items and their answers, in one order."""
    pairs = [(item.unanswerable, answer.refused is not None) for item, answer in zip(items, answers, strict=True)]
    refused = sum(said for _, said in pairs)
    impossible = sum(wanted for wanted, _ in pairs)
    right = sum(wanted and said for wanted, said in pairs)
    possible = len(pairs) - impossible
    return Refusals(
        precision=right / refused if refused else None,
        recall=right / impossible if impossible else None,
        refused=refused,
        unanswerable=impossible,
        right=right,
        answered_share=1 - (refused - right) / possible if possible else None,
    )
