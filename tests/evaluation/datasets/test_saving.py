from __future__ import annotations

from pathlib import Path

from gezhi.core.types import Message
from gezhi.evaluation.datasets import load, save
from gezhi.evaluation.exam import Exam, Item, Relevant

EXAM = Exam(
    name="一份 draft",
    items=(
        Item(
            id="1", question="问\n题？", answers=("a", "b"), tags=("t",), document="", history=(Message("user", "先"),),
            relevant=(Relevant(source="x", start=1, end=3, quote="文字", grade=2.0), Relevant(source="y")),
        ),
        Item(id="2", question="?", unanswerable=True),
    ),
    texts={"x": "正文\u2028。", "y": "z"},
    reviewed=False,
)  # fmt: skip


def test_all_of_an_exam_comes_back(tmp_path: Path) -> None:
    save(EXAM, tmp_path / "new" / "exam.jsonl")
    assert load(tmp_path / "new" / "exam.jsonl") == EXAM
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["exam.jsonl"]


def test_a_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "exam.jsonl"
    path.write_text("old", encoding="utf-8")
    save(EXAM, path)
    assert load(path).sha256 == EXAM.sha256
