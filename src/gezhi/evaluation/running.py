"""Runs an exam: each item is answered, scored and recorded before the next; what is recorded is not asked again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gezhi.core.errors import GezhiError
from gezhi.core.types import Progress
from gezhi.evaluation.exam import Exam, Item, Outcome, Scorer, Solver


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One scorer over all items."""

    scorer: str
    mean: float | None
    """None where no item could be measured."""
    low: float | None
    high: float | None
    """95 % interval; items of one document counted together."""
    measured: int
    not_measured: int
    """Items it does not apply to, and those that failed."""
    higher_is_better: bool


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


def summaries(exam: Exam, outcomes: Sequence[Outcome], scorers: Sequence[Scorer]) -> list[Summary]:
    """A row for each scorer."""
    return [_summary(exam, outcomes, scorer) for scorer in scorers]


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


def _summary(exam: Exam, outcomes: Sequence[Outcome], scorer: Scorer) -> Summary:
    from gezhi.evaluation.statistics import clustered_mean

    pairs = [
        (value, cluster)
        for value, cluster in zip(values_of(outcomes, scorer.name), clusters(exam), strict=True)
        if value is not None
    ]
    found = clustered_mean([value for value, _ in pairs], [cluster for _, cluster in pairs]) if pairs else None
    return Summary(
        scorer=scorer.name,
        mean=found.mean if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        measured=len(pairs),
        not_measured=len(outcomes) - len(pairs),
        higher_is_better=scorer.higher_is_better,
    )
