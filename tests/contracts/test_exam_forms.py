"""Every form of exam file: one small exam written in it, read the same way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gezhi.core.errors import ExamError
from gezhi.evaluation.datasets import FORMS, load, save

TEXT = "保修期为24个月，自发票开具之日起计算。"
WRITTEN = {
    "jsonl": json.dumps({"id": "q1", "question": "保修期多久？", "answers": ["24个月"],
                         "source": "a.md", "quote": TEXT}),
    "csv": f"id,question,answers,source,quote\nq1,保修期多久？,24个月,a.md,{TEXT}\n",
    "squad": json.dumps({"data": [{"title": "t", "paragraphs": [{"context": TEXT, "qas": [
        {"id": "q1", "question": "保修期多久？", "answers": [{"text": "24个月", "answer_start": 4}]}]}]}]}),
    "rgb": json.dumps({"id": "q1", "query": "保修期多久？", "answer": ["24个月"],
                       "positive": [TEXT], "negative": ["无关"]}),
}  # fmt: skip
TWICE = {
    "jsonl": WRITTEN["jsonl"] + "\n" + WRITTEN["jsonl"],
    "csv": WRITTEN["csv"] + WRITTEN["csv"].splitlines()[1],
    "squad": json.dumps({"data": json.loads(WRITTEN["squad"])["data"] * 2}),
    "rgb": WRITTEN["rgb"] + "\n" + WRITTEN["rgb"],
}


def _file(folder: Path, form: str, text: str) -> Path:
    path = folder / ("exam.csv" if form == "csv" else "exam.json")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_form_is_recognised_and_read(form: str, tmp_path: Path) -> None:
    path = _file(tmp_path, form, WRITTEN[form])
    exam = load(path)
    assert exam == load(path, form)
    (item,) = exam.items
    assert (item.id, item.question, item.answers, item.unanswerable) == ("q1", "保修期多久？", ("24个月",), False)
    assert item.relevant
    assert item.document
    assert all(place.source in exam.texts for place in item.relevant) or not exam.texts


def test_what_was_read_can_be_saved_in_our_own_form(form: str, tmp_path: Path) -> None:
    exam = load(_file(tmp_path, form, WRITTEN[form]))
    save(exam, tmp_path / "own.jsonl")
    again = load(tmp_path / "own.jsonl")
    assert again == exam
    assert again.sha256 == exam.sha256


def test_an_id_that_comes_twice_is_an_error_that_says_where(form: str, tmp_path: Path) -> None:
    with pytest.raises(ExamError) as caught:
        load(_file(tmp_path, form, TWICE[form]))
    assert caught.value.key == "exams.twice"
    assert caught.value.values["where"] != caught.value.values["first"]


def test_an_id_is_needed(form: str, tmp_path: Path) -> None:
    nameless = WRITTEN[form].replace('"q1"', '""').replace("\nq1,", "\n,")
    with pytest.raises(ExamError) as caught:
        load(_file(tmp_path, form, nameless))
    assert caught.value.key == "exams.missing"
    assert caught.value.values["field"] == "id"


def test_nothing_in_it_is_an_error(form: str, tmp_path: Path) -> None:
    empty = {"squad": '{"data": []}', "csv": "id,question\n"}.get(form, "\n")
    with pytest.raises(ExamError) as caught:
        load(_file(tmp_path, form, empty))
    assert caught.value.key == "exams.no_items"
