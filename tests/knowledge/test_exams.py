from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import gezhi
from gezhi.core.errors import BadOptions, NotFound
from gezhi.core.types import Answer
from gezhi.evaluation.exam import Exam, Item, Relevant
from gezhi.knowledge import Knowledge, gating
from gezhi.knowledge.exam_report import changes, write_comparison, write_gate, write_report
from gezhi.knowledge.exam_texts import documents_of, indexed
from gezhi.knowledge.exams import ExamOptions, compare, default_scorers, read, take
from gezhi.knowledge.pipeline import Pipeline
from gezhi.knowledge.tuning import SearchOptions, configured, read_space, search, to_file
from gezhi.models.fake import FakeChat
from gezhi.tracking import Audit, Runs

TEXTS = {f"{n}.md": f"{n}号会议室位于第{n}层，可容纳{n * 3 + 4}人，预订电话是{n}号分机。" for n in range(2, 14)}
EXAM = Exam(
    name="rooms",
    items=tuple(
        Item(
            id=source,
            question=f"{source.removesuffix('.md')}号会议室可容纳多少人？",
            answers=(f"{int(source.removesuffix('.md')) * 3 + 4}人",),
            relevant=(Relevant(source=source),),
            document=source,
        )
        for source in TEXTS
    ),
    texts=TEXTS,
)
OPTIONS = ExamOptions(scorers=("correct", "recall@3"))


@pytest.fixture
def runs() -> Iterator[Runs]:
    with Runs.open() as runs:
        yield runs


@pytest.fixture
def kb() -> Iterator[Knowledge]:
    with indexed(documents_of(EXAM), Pipeline()) as kb:
        yield kb


def test_a_run_is_read_back_as_it_was_taken(kb: Knowledge, runs: Runs, tmp_path: Path) -> None:
    taken = take(EXAM, kb, OPTIONS, runs)
    again = read(runs, taken.record.id)
    assert (again.outcomes, again.scores, again.tags) == (taken.outcomes, taken.scores, taken.tags)
    assert again.exam.items == EXAM.items
    interval = taken.scores[1].interval
    assert interval is not None
    assert interval.mean == 1.0
    page = write_report(taken, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "rooms" in page
    assert "5号会议室可容纳多少人" in page


def test_an_interrupted_run_is_taken_up_and_no_item_is_asked_twice(kb: Knowledge, runs: Runs) -> None:
    asked: list[str] = []

    class Stopping(Knowledge):
        stop_at = 5

        def ask(self, question: str, *arguments: object) -> Answer:
            if len(asked) == self.stop_at:
                raise KeyboardInterrupt
            asked.append(question)
            return super().ask(question)

    stopping = Stopping(kb.folder, kb.pipeline)
    with pytest.raises(KeyboardInterrupt):
        take(EXAM, stopping, OPTIONS, runs)
    first = runs.list("exam")[0]
    assert first.state == "interrupted"
    stopping.stop_at = -1
    taken = take(EXAM, stopping, OPTIONS, runs)
    stopping.close()
    assert taken.record.id == first.id
    assert sorted(asked) == sorted(item.question for item in EXAM.items)


def test_the_same_work_is_not_done_again_when_told_so(kb: Knowledge, runs: Runs) -> None:
    first = take(EXAM, kb, OPTIONS, runs)
    assert take(EXAM, kb, OPTIONS, runs, again=False).record.id == first.record.id
    assert take(EXAM, kb, OPTIONS, runs).record.id != first.record.id


def test_runs_of_different_exams_are_not_compared(kb: Knowledge, runs: Runs) -> None:
    a = take(EXAM, kb, OPTIONS, runs)
    b = take(replace(EXAM, items=EXAM.items[1:]), kb, OPTIONS, runs)
    with pytest.raises(BadOptions, match=r"different exams"):
        compare(a, b)


def test_a_worse_setting_is_seen_and_stopped(kb: Knowledge, runs: Runs, tmp_path: Path) -> None:
    good = take(EXAM, kb, OPTIONS, runs)
    strict = configured(kb.pipeline, (("answer.refuse_below", 1.0),))
    with Knowledge(kb.folder, strict) as other:
        bad = take(EXAM, other, OPTIONS, runs)
    found = compare(good, bad)
    assert found["correct"].verdict == "worse"
    assert found["recall@3"].verdict == "not_shown"
    page = write_comparison(good, bad, changes(good, bad, found), tmp_path / "c.html").read_text(encoding="utf-8")
    assert "refuse_below" in page
    gate = gating.gate(good, bad, 0.02)
    assert gate.result == "regression"
    gating.record(gate, bad, 0.02, runs)
    assert runs.approval("pipeline", gating.version(bad)) is None
    assert "rooms" in write_gate(gate, tmp_path / "g.html").read_text(encoding="utf-8")
    with Audit.open() as audit:
        gating.force(bad, "the demo is tonight", runs, audit)
        audit.verify()
    approval = runs.approval("pipeline", gating.version(bad))
    assert approval is not None
    assert approval.reason == "the demo is tonight"


def test_a_pass_approves_what_was_examined(kb: Knowledge, runs: Runs) -> None:
    a, b = take(EXAM, kb, OPTIONS, runs), take(EXAM, kb, OPTIONS, runs)
    gate = gating.gate(a, b, 0.5)
    assert gate.result == "pass"
    run = gating.record(gate, b, 0.5, runs)
    approval = runs.approval("pipeline", gating.version(b))
    assert approval is not None
    assert approval.run == run.id


def test_too_few_items_pass_nothing(kb: Knowledge, runs: Runs) -> None:
    few = replace(EXAM, items=EXAM.items[:3])
    a, b = take(few, kb, OPTIONS, runs), take(few, kb, OPTIONS, runs)
    assert gating.gate(a, b, 0.02).result == "inconclusive"


def test_a_draft_decides_nothing(kb: Knowledge, runs: Runs) -> None:
    draft = take(replace(EXAM, reviewed=False), kb, OPTIONS, runs)
    with pytest.raises(BadOptions, match="gezhi exam review"):
        gating.gate(draft, draft, 0.02)


def test_documents_that_are_not_indexed(kb: Knowledge, runs: Runs) -> None:
    gone = replace(EXAM.items[0], relevant=(Relevant(source="gone.md"),))
    with pytest.raises(BadOptions, match=r"gone\.md"):
        take(replace(EXAM, items=(gone,)), kb, OPTIONS, runs)


def test_an_exam_without_any_reference(kb: Knowledge, runs: Runs) -> None:
    bare = replace(EXAM, items=(Item(id="1", question="？？"),))
    with pytest.raises(BadOptions, match="nothing can be measured"):
        take(bare, kb, ExamOptions(), runs)


def test_a_judge_is_the_chat_model(kb: Knowledge, runs: Runs) -> None:
    judged = ExamOptions(scorers=("judge:correctness",))
    with pytest.raises(BadOptions, match=r"chat\.model"):
        take(EXAM, kb, judged, runs)
    few = replace(EXAM, items=EXAM.items[:2])
    prose = ["I like it.", "I do like it."]
    script = ["2号会议室可容纳10人[1]。", *prose, "3号会议室可容纳13人[1]。", *prose]
    with Knowledge(kb.folder, kb.pipeline, model=FakeChat(script)) as other:
        taken = take(few, other, judged, runs)
    assert taken.scores[0].interval is None, "what a judge could not say is no number"
    assert taken.scores[0].missing == 2


def test_what_is_no_exam_run(runs: Runs) -> None:
    with pytest.raises(NotFound):
        read(runs, "nosuch")


def test_scorers_follow_what_is_known() -> None:
    known = default_scorers(EXAM, 8)
    assert known[0] == "correct"
    assert "recall@8" in known
    assert "refused_right" not in known
    refusing = replace(EXAM, items=(Item(id="1", question="?", unanswerable=True),))
    assert default_scorers(refusing, 8) == ["refused_right"]


def test_search_tries_all_and_proves_the_winner(runs: Runs, tmp_path: Path) -> None:
    space: dict[str, list[Any]] = {"retrieval.k": [1, 3], "answer.refuse_below": [0.0, 1.0]}
    strict = configured(Pipeline(), (("answer.refuse_below", 1.0),))
    options = SearchOptions(metric="correct", budget=8)
    found = search(EXAM, documents_of(EXAM), strict, space, options, runs)
    assert len(found.tried) == 5
    assert dict(found.winner)["answer.refuse_below"] == 0.0
    assert found.held_out is not None
    assert found.held_out.difference is not None
    assert found.held_out.difference > 0
    count = len(runs.list("exam"))
    assert search(EXAM, documents_of(EXAM), strict, space, options, runs) == found
    assert len(runs.list("exam")) == count, "a second search of the same space computes nothing"
    file = tmp_path / "best.toml"
    file.write_text(to_file(found, {"retrieval": {"depth": 40}}), encoding="utf-8")
    best = gezhi.open("x", config=file).pipeline
    assert (best.answer.refuse_below, best.retrieval.depth) == (0.0, 40)


def test_a_large_space_stays_within_the_budget(runs: Runs) -> None:
    space = {"retrieval.k": [1, 2, 3, 4, 5], "retrieval.depth": [10, 20, 40, 80]}
    found = search(
        EXAM, documents_of(EXAM), Pipeline(), space, SearchOptions(metric="mrr", budget=5, retrieval_only=True), runs
    )
    assert len(found.tried) == 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[retrieval]\nkk = [1]", "Did you mean 'k'"),
        ("[retrieval]\nk = 4", "list of values"),
        ("[retrieval]\nk = [0]", "'k'"),
        ("", "no options to try"),
    ],
)
def test_bad_spaces(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "space.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadOptions, match=says):
        read_space(path, Pipeline())
