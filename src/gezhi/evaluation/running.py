"""Runs an exam: each item is answered, scored and recorded before the next; what is recorded is not asked again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from gezhi.core.errors import GezhiError
from gezhi.core.types import Progress
from gezhi.evaluation.exam import Exam, Item, Outcome, Scorer, Solver
from gezhi.evaluation.report.values import Score


def run_exam(
    exam: Exam,
    solver: Solver,
    scorers: Sequence[Scorer],
    *,
    record: Callable[[Outcome], None] = lambda outcome: None,
    done: Mapping[str, Outcome] | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> list[Outcome]:
    """Outcomes in the order of the items.

    Args:
        record: Called with each new outcome before the next item is asked.
        done: Outcomes of an earlier, interrupted run of the same exam, by item.
    """
    outcomes: list[Outcome] = []
    for number, item in enumerate(exam.items):
        progress("exam", number, len(exam.items))
        outcome = (done or {}).get(item.id)
        if outcome is None:
            outcome = _outcome(item, solver, scorers)
            record(outcome)
        outcomes.append(outcome)
    progress("exam", len(exam.items), len(exam.items))
    return outcomes


class Named(Protocol):
    """A scorer, or a score that is known already."""

    @property
    def name(self) -> str:
        """As in `Outcome.scores`."""
        ...

    @property
    def higher_is_better(self) -> bool:
        """Which direction is better."""
        ...


def summaries(exam: Exam, outcomes: Sequence[Outcome], scorers: Sequence[Named]) -> list[Score]:
    """Each scorer over all items, with a 95 % interval; items of one document are counted together."""
    groups = clusters(exam)
    return [_summary(scorer, values_of(outcomes, scorer.name), groups) for scorer in scorers]


def by_tag(exam: Exam, outcomes: Sequence[Outcome], scorers: Sequence[Named]) -> dict[str, list[Score]]:
    """The same for the items of each tag."""
    of_item = {outcome.item: outcome for outcome in outcomes}
    tags = dict.fromkeys(tag for item in exam.items for tag in item.tags)
    parts = {tag: replace(exam, items=tuple(item for item in exam.items if tag in item.tags)) for tag in tags}
    return {tag: summaries(part, [of_item[item.id] for item in part.items], scorers) for tag, part in parts.items()}


def values_of(outcomes: Sequence[Outcome], scorer: str) -> list[float | None]:
    """The scores of one scorer, in the order of the outcomes."""
    return [outcome.scores.get(scorer) for outcome in outcomes]


def clusters(exam: Exam) -> list[str]:
    """For each item what it is clustered by: its document, or itself."""
    return [item.document or f"\0{item.id}" for item in exam.items]


def _outcome(item: Item, solver: Solver, scorers: Sequence[Scorer]) -> Outcome:
    began = time.perf_counter()
    try:
        answer = solver(item.question, item.history) if item.history else solver(item.question)
    except GezhiError as error:
        return Outcome(item=item.id, answer=None, error=str(error), seconds=time.perf_counter() - began)
    seconds = time.perf_counter() - began
    return Outcome(
        item=item.id, answer=answer, scores={scorer.name: scorer(item, answer) for scorer in scorers}, seconds=seconds
    )


def _summary(scorer: Named, values: Sequence[float | None], groups: Sequence[str]) -> Score:
    from gezhi.evaluation.statistics import clustered_mean

    pairs = [(value, group) for value, group in zip(values, groups, strict=True) if value is not None]
    return Score(
        name=scorer.name,
        interval=clustered_mean([value for value, _ in pairs], [group for _, group in pairs]) if pairs else None,
        missing=len(values) - len(pairs),
        higher_is_better=scorer.higher_is_better,
    )
