from __future__ import annotations

import io
import json
import xml.etree.ElementTree as Xml
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., tuple[int, str, str]]
Json = Callable[..., Any]
QUESTIONS = Path(__file__).parents[2] / "examples" / "questions.jsonl"


@pytest.fixture
def exam(tmp_path: Path) -> Path:
    """Half of the handbook's questions, of those that need no scanned page: of enough documents to show something."""
    lines = [line for line in QUESTIONS.read_text(encoding="utf-8").splitlines() if "扫描" not in line]
    path = tmp_path / "exam.jsonl"
    path.write_text("\n".join(lines[::2]) + "\n", encoding="utf-8")
    return path


def test_from_a_run_to_a_verdict_and_a_gate(
    indexed: Path, exam: Path, gezhi: Command, gezhi_json: Json, tmp_path: Path
) -> None:
    taken = gezhi_json("exam", "run", exam, "--name", "as it is")
    assert taken["items"] > 20
    assert taken["scores"][0]["name"] == "correct"
    assert taken["scores"][0]["interval"]["mean"] > 0.7
    assert "<html" in Path(taken["report"]).read_text(encoding="utf-8")
    code, out, _ = gezhi("exam", "run", exam, "--name", "strict", "--set", "answer.refuse_below=1.0")
    assert code == 0
    assert "correct" in out
    names = [run["name"] for run in gezhi_json("exam", "list")]
    assert names == ["strict", "as it is"]
    compared = gezhi_json("exam", "compare", "as it is", "strict", "--scorer", "correct")
    assert compared["changes"][0]["verdict"] == "worse"
    code, out, _ = gezhi("exam", "gate", "--baseline", "as it is", "--candidate", "strict")
    assert code == 3
    code, out, _ = gezhi("exam", "gate", "--baseline", "as it is", "--candidate", "as it is", "--lang", "zh")
    assert code == 4
    assert "无法判定" in out
    gate = gezhi_json("exam", "gate", "--baseline", "as it is", "--candidate", "strict", "--force", "tonight")
    assert gate["forced"]
    assert Xml.parse(gate["junit"]).getroot().tag in ("testsuite", "testsuites")


def test_drafts_are_reviewed_before_they_decide(
    indexed: Path, gezhi: Command, gezhi_json: Json, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "draft.jsonl"
    drafted = gezhi_json("exam", "make", "--size", "5", "--out", path)
    assert drafted["items"] == 5
    assert 0 < drafted["overlap"] <= 1
    assert gezhi("exam", "make", "--out", path)[0] == 2
    run = gezhi_json("exam", "run", path)["run"]
    code, _, err = gezhi("exam", "gate", "--baseline", run, "--candidate", run)
    assert (code, "gezhi exam review" in err) == (2, True)
    monkeypatch.setattr("sys.stdin", io.StringIO("\nn\nq\n"))
    assert gezhi_json("exam", "review", path) == {"exam": str(path), "kept": 4, "left": 3, "reviewed": False}
    monkeypatch.setattr("sys.stdin", io.StringIO("e\nWhat else?\nthat\n\n\n"))
    assert gezhi_json("exam", "review", path) == {"exam": str(path), "kept": 4, "left": 0, "reviewed": True}
    assert "What else?" in path.read_text(encoding="utf-8")
    assert gezhi("exam", "run", path, "--retrieval-only")[0] == 0


def test_texts_that_an_exam_brings_along_are_searched(gezhi_json: Json, tmp_path: Path) -> None:
    paragraphs = [
        {"context": f"{n}号楼建于{1990 + n}年，共{n}层。", "qas": [
            {"id": f"{n}", "question": f"{n}号楼建于哪年？", "answers": [{"text": f"{1990 + n}年", "answer_start": 4}]}
        ]}
        for n in range(1, 9)
    ]  # fmt: skip
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"version": "1", "data": [{"title": "楼", "paragraphs": paragraphs}]}), encoding="utf-8")
    taken = gezhi_json("exam", "run", path, "--retrieval-only")
    assert {score["name"]: score["interval"]["mean"] for score in taken["scores"]}["recall@8"] == 1.0
    space = tmp_path / "space.toml"
    space.write_text("[retrieval]\nk = [1, 2]\n", encoding="utf-8")
    code = gezhi_json("exam", "compare", taken["run"], taken["run"])
    assert code["changes"][0]["verdict"] == "not_shown"


def test_power_is_told_before_the_run(gezhi: Command, gezhi_json: Json) -> None:
    few, many = (gezhi_json("exam", "power", "--items", count) for count in ("50", "500"))
    assert few["items_needed"] == many["items_needed"]
    assert few["power"] < 0.8 < many["power"]
    assert few["minimal_detectable_drop"] > many["minimal_detectable_drop"]
    assert "80 %" in gezhi("exam", "power")[1]
    assert gezhi("exam", "power", "--base-rate", "1.5")[0] == 2


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"id": "1", "question": "a?"', "line 1"),
        ('{"id": "1"}', "question"),
        ('{"id": "1", "question": "a?", "unanswerable": true, "answers": ["x"]}', "unanswerable"),
        ('{"id": "1", "question": "a?"}\n{"id": "1", "question": "b?"}', "1"),
    ],
)
def test_broken_exams_name_the_place(line: str, says: str, gezhi: Command, tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    code, _, err = gezhi("exam", "run", path)
    assert code in (1, 2)
    assert says in err
    assert path.name in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["run", "nosuch.jsonl"], 1, "nosuch.jsonl"),
        (["run", str(QUESTIONS), "--scorer", "f2"], 2, "f1"),
        (["compare", "a", "b"], 1, "a"),
        (["compare", "a.toml", "b"], 2, "--exam"),
        (["search", str(QUESTIONS), "--space", "none.toml"], 2, "none.toml"),
        (["search", str(QUESTIONS), "--space", "none.toml", "--budget", "1"], 2, "at least 2"),
        (["make", "--size", "0"], 2, "positive"),
        (["frobnicate"], 2, "frobnicate"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    arguments: list[str], code: int, says: str, gezhi: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    got, _, err = gezhi("exam", *arguments)
    assert says in err
    assert "Traceback" not in err
    assert got == code
