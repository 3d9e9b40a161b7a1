"""Judges as scorers of an exam: `judge:correctness`, `judge:PATH` of a rubric file."""

from __future__ import annotations

from gezhi.core.protocols import ChatModel
from gezhi.core.types import Answer
from gezhi.evaluation.exam import Item
from gezhi.evaluation.quality.judges.asking import Failure, JudgeOptions, Tally
from gezhi.evaluation.quality.judges.grading import Case, Judge
from gezhi.evaluation.quality.judges.rubric import read_rubric


class JudgeScorer:
    """A Scorer. `judge.tally` says how many verdicts failed: those items score None.

    Refusals are settled without asking: where the item is unanswerable, a refusal scores 1. For correctness, an answer
    to an unanswerable question, or a refusal of an answerable one, scores 0; other rubrics (tone, style ...) do not
    apply to a refusal of an answerable question (None).
    """

    higher_is_better = True

    def __init__(self, name: str, judge: Judge) -> None:
        self.name, self.judge = name, judge
        self._correctness = judge.rubric.name == "correctness"

    @property
    def tally(self) -> Tally:
        """Of its judge."""
        return self.judge.tally

    def __call__(self, item: Item, answer: Answer) -> float | None:
        """0 to 1; None where there is no usable verdict, or nothing to judge by."""
        if answer.refused:
            return 1.0 if item.unanswerable else 0.0 if self._correctness else None
        if self._correctness and item.unanswerable:
            return 0.0
        if self._correctness and not item.answers:
            return None
        documents = () if self._correctness else tuple(passage.chunk.text for passage in answer.passages)
        case = Case(question=item.question, answer=answer.text, references=item.answers, documents=documents)
        grade = self.judge.grade(case)
        return None if isinstance(grade, Failure) else grade.score


def judge_scorer(name: str, model: ChatModel, options: JudgeOptions | None = None) -> JudgeScorer:
    """The scorer that `judge:correctness` or `judge:RUBRIC.toml` names.

    Raises:
        BadOptions: No such rubric, or a broken one.
    """
    return JudgeScorer(name, Judge(model, read_rubric(name.removeprefix("judge:")), options))
