"""Exams from files: our own form in full, and everything that is wrong with a file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gezhi.core.catalogue import speaking
from gezhi.core.errors import ExamError, NotFound
from gezhi.core.types import Message
from gezhi.evaluation.datasets import load
from gezhi.evaluation.exam import Relevant
from shared_data import shared

QUESTIONS = Path(__file__).parents[3] / "examples" / "questions.jsonl"


def _written(folder: Path, *lines: object, name: str = "exam.jsonl") -> Path:
    path = folder / name
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def test_the_questions_of_the_handbook() -> None:
    exam = load(QUESTIONS)
    assert (exam.name, len(exam.items), exam.reviewed, exam.texts) == ("questions", 57, True, {})
    assert sum(item.unanswerable for item in exam.items) == 11
    followed = next(item for item in exam.items if item.id == "q42")
    assert followed.history[0] == Message("user", "产品X1的保修期是多久？")
    assert followed.relevant == (Relevant(source="产品手册.pdf", quote="X1 Pro 的整机保修期为36个月"),)
    assert followed.document == "产品手册.pdf"


def test_the_whole_form(tmp_path: Path) -> None:
    values = {
        "id": 7, "question": "问？", "answer": "甲", "tags": ["a"], "document": "d",
        "relevant": [{"source": "x.md", "start": 0, "end": 4, "grade": 2}, {"source": "y.md", "quote": "引文"}],
    }  # fmt: skip
    header = {"gezhi_exam": 1, "name": "名", "reviewed": False}
    exam = load(_written(tmp_path, header, {"source": "x.md", "text": "正文"}, values))
    assert (exam.name, exam.reviewed, dict(exam.texts)) == ("名", False, {"x.md": "正文"})
    (item,) = exam.items
    assert (item.id, item.answers, item.document) == ("7", ("甲",), "d")
    assert item.relevant == (
        Relevant(source="x.md", start=0, end=4, grade=2.0),
        Relevant(source="y.md", quote="引文"),
    )


def test_a_list_of_items_and_a_mark_of_order_are_read(tmp_path: Path) -> None:
    path = tmp_path / "exam.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps([{"id": "a", "question": "b"}], indent=1).encode())
    assert [item.id for item in load(path).items] == ["a"]


def test_a_line_may_hold_other_line_ends(tmp_path: Path) -> None:
    assert load(_written(tmp_path, '{"id": "a", "question": "b\u2028c"}')).items[0].question == "b\u2028c"


GOOD = {"id": "a", "question": "b"}
BAD: list[tuple[object, str, dict[str, Any]]] = [
    ('{"id": "x" "question": "y"}', "exams.broken", {"line": 2, "column": 12}),
    ("{", "exams.broken", {"line": 2}),
    ("[1]", "exams.not_object", {"where": "exam.jsonl:2"}),
    ({"id": "x"}, "exams.missing", {"field": "question", "where": "exam.jsonl:2"}),
    ({"question": "x"}, "exams.missing", {"field": "id"}),
    ({"id": "x", "question": "  "}, "exams.missing", {"field": "question"}),
    ({"id": "x", "question": ["y"]}, "exams.not_text", {"field": "question"}),
    ({"id": "a", "question": "y"}, "exams.twice", {"first": "exam.jsonl:1", "id": "a"}),
    ({"id": "x", "question": "y", "answers": ["1"], "unanswerable": True}, "exams.answered", {"answer": "1"}),
    ({"id": "x", "question": "y", "answers": ["1"], "tags": ["unanswerable"]}, "exams.answered", {}),
    ({"id": "x", "question": "y", "unanswerable": "no"}, "exams.not_flag", {}),
    ({"id": "x", "question": "y", "answers": [{"text": "1"}]}, "exams.not_texts", {}),
    ({"id": "x", "question": "y", "relevant": ["a.md"]}, "exams.not_objects", {}),
    ({"id": "x", "question": "y", "relevant": [{"source": "a", "start": 3}]}, "exams.span", {}),
    ({"id": "x", "question": "y", "relevant": [{"source": "a", "start": 3, "end": 3}]}, "exams.span", {}),
    ({"id": "x", "question": "y", "relevant": [{"source": "a", "start": -1, "end": 3}]}, "exams.not_position", {}),
    ({"id": "x", "question": "y", "relevant": [{"source": "a", "grade": 0}]}, "exams.grade", {}),
    ({"id": "x", "question": "y", "history": [{"role": "boss", "content": "z"}]}, "exams.role", {"role": "boss"}),
    ({"gezhi_exam": 2}, "exams.newer", {"version": 2}),
]


@pytest.mark.parametrize(("line", "key", "values"), BAD)
def test_a_bad_line_says_where_and_what(tmp_path: Path, line: object, key: str, values: dict[str, Any]) -> None:
    with pytest.raises(ExamError) as caught:
        load(_written(tmp_path, GOOD, line))
    assert caught.value.key == key
    assert values.items() <= caught.value.values.items()
    for language in ("zh", "en"):
        with speaking(language):
            assert not re.search(r"\{\w|\{\{", str(caught.value))


def test_bad_files(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load(tmp_path / "none.jsonl")
    latin = tmp_path / "gb.jsonl"
    latin.write_bytes('{"id": "a", "question": "问"}'.encode("gb18030"))
    for path, key in (
        (latin, "exams.not_utf8"),
        (_written(tmp_path, "一些文字", name="a.txt"), "exams.unknown_form"),
        (_written(tmp_path, {"x": 1}, name="b.json"), "exams.unknown_form"),
        (_written(tmp_path, "", name="c.json"), "exams.no_items"),
        (_written(tmp_path, "a,b", "1,2", name="d.csv"), "exams.no_column"),
        (_written(tmp_path, "id,question", "1,2,3", name="e.csv"), "exams.too_many_cells"),
        (_written(tmp_path, "id,question", '1,"2', name="f.csv"), "exams.broken"),
        (_written(tmp_path, "id,question,unanswerable", "1,2,perhaps", name="g.csv"), "exams.not_flag"),
    ):
        with pytest.raises(ExamError) as caught:
            load(path)
        assert caught.value.key == key, path


def test_a_table(tmp_path: Path) -> None:
    lines = ("id;question;answers;unanswerable;tags", '1;"问；问";甲|乙;否;a|b', "2;无;;是;")
    first, second = load(_written(tmp_path, *lines, name="exam.csv")).items
    assert (first.answers, first.tags, first.unanswerable) == (("甲", "乙"), ("a", "b"), False)
    assert (second.answers, second.unanswerable) == ((), True)


def _squad(**question: object) -> dict[str, Any]:
    asked = {"id": "1", "question": "q", **question}
    return {"data": [{"paragraphs": [{"context": "甲乙丙丁", "qas": [asked]}]}]}


def test_squad_spans_and_what_has_no_answer(tmp_path: Path) -> None:
    right = _squad(answers=[{"text": "丙", "answer_start": 2}, {"text": "丙丁", "answer_start": 2}])
    (item,) = load(_written(tmp_path, right)).items
    assert item.relevant == (Relevant(source="exam/000-000.txt", start=2, end=3, quote="丙"),)
    assert (item.answers, item.document) == (("丙", "丙丁"), "exam/000")
    (moved,) = load(_written(tmp_path, _squad(answers=[{"text": "丙", "answer_start": 0}]))).items
    assert (moved.relevant[0].start, moved.relevant[0].end) == (2, 3)
    (none,) = load(_written(tmp_path, _squad(answers=[], is_impossible=True))).items
    assert none.unanswerable
    with pytest.raises(ExamError, match="1") as caught:
        load(_written(tmp_path, _squad(answers=[{"text": "丙", "answer_start": 2}], is_impossible=True)))
    assert caught.value.key == "exams.answered"


def test_rgb_answers_of_several_parts(tmp_path: Path) -> None:
    values = {"id": 3, "query": "q", "answer": [["a", "b"], ["c"]], "positive": [["p1"], ["p2"]], "negative": ["n"]}
    exam = load(_written(tmp_path, values))
    (item,) = exam.items
    assert item.answers == ("a；c", "b；c")
    assert [place.source for place in item.relevant] == ["exam/3/positive-0.txt", "exam/3/positive-1.txt"]
    assert dict(exam.texts) == {
        "exam/3/positive-0.txt": "p1", "exam/3/positive-1.txt": "p2", "exam/3/negative-0.txt": "n",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "items", "texts"), [("xquad.zh.json", 1190, 240), ("drcd_dev.json", 3524, 1000)])
def test_public_sets(name: str, items: int, texts: int) -> None:
    exam = load(shared(name))
    assert (len(exam.items), len(exam.texts)) == (items, texts)
    for item in exam.items:
        (place,) = item.relevant
        assert exam.texts[place.source][place.start : place.end] == place.quote == item.answers[0]
