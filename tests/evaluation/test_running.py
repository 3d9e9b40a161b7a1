from __future__ import annotations

from collections.abc import Sequence

import pytest

from gezhi.core.errors import ModelTimeout
from gezhi.core.types import Answer, Message
from gezhi.evaluation.exam import Exam, Item, Outcome
from gezhi.evaluation.quality import scorer
from gezhi.evaluation.running import by_tag, clusters, run_exam, summaries

EXAM = Exam(
    name="e",
    items=(
        Item(id="1", question="一？", answers=("甲",), tags=("easy",), document="d"),
        Item(id="2", question="二？", answers=("乙",), tags=("hard",), document="d"),
        Item(id="3", question="它呢？", answers=("丙",), history=(Message("user", "三？"),)),
    ),
)
SCORERS = [scorer("em"), scorer("recall@8")]


def solver(question: str, history: Sequence[Message] = ()) -> Answer:
    if question == "二？":
        raise ModelTimeout("models.timeout", url="http://x", seconds=1)
    text = "丙" if history else "甲"
    return Answer(id=question, question=question, text=text, route="extractive")


def test_each_item_is_recorded_before_the_next_is_asked() -> None:
    seen: list[str] = []

    def watching(question: str, history: Sequence[Message] = ()) -> Answer:
        seen.append(f"asked {question}")
        return solver(question, history)

    outcomes = run_exam(EXAM, watching, SCORERS, record=lambda outcome: seen.append(f"kept {outcome.item}"))
    assert seen == ["asked 一？", "kept 1", "asked 二？", "kept 2", "asked 它呢？", "kept 3"]
    assert [outcome.scores.get("em") for outcome in outcomes] == [1.0, None, 1.0]
    assert outcomes[1].answer is None
    assert outcomes[1].error


def test_what_is_recorded_is_not_asked_again() -> None:
    kept = Outcome(item="1", answer=None, error="then")
    asked: list[str] = []

    def counting(question: str, history: Sequence[Message] = ()) -> Answer:
        asked.append(question)
        return solver(question, history)

    assert run_exam(EXAM, counting, SCORERS, done={"1": kept})[0] is kept
    assert asked == ["二？", "它呢？"]


def test_what_could_not_be_measured_is_counted_and_no_zero() -> None:
    outcomes = run_exam(EXAM, solver, SCORERS)
    em, recall = summaries(EXAM, outcomes, SCORERS)
    assert em.interval is not None
    assert (em.interval.mean, em.interval.n, em.missing) == (1.0, 2, 1)
    assert recall.interval is None
    assert recall.missing == 3


def test_tags_are_summed_apart() -> None:
    found = by_tag(EXAM, run_exam(EXAM, solver, SCORERS), SCORERS)
    assert set(found) == {"easy", "hard"}
    assert found["hard"][0].interval is None


def test_items_without_a_document_are_clusters_of_their_own() -> None:
    assert len(set(clusters(EXAM))) == 2


def test_a_mistake_of_the_solver_is_not_hidden() -> None:
    def broken(question: str, history: Sequence[Message] = ()) -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_exam(EXAM, broken, SCORERS)
