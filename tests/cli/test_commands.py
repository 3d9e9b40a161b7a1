from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gezhi import __version__

Command = Callable[..., tuple[int, str, str]]
Json = Callable[..., Any]
QUESTION = "产品X1的保修期是多久？"
pytestmark = pytest.mark.xdist_group("cli")


def test_index_says_a_line_a_file_and_a_sum(gezhi: Command, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 保修\n\n产品X1的保修期是24个月。")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing more")
    code, out, _ = gezhi("index", tmp_path)
    assert code == 0
    assert any(line.startswith("added") and "a.md" in line for line in out.splitlines())
    assert any(line.startswith("failed") and "broken.pdf" in line for line in out.splitlines())
    assert out.splitlines()[-1].startswith("Done: added 1, failed 1.")


def test_index_json_and_the_life_of_a_file(gezhi_json: Json, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.md").write_text("# 保修\n\n产品X1的保修期是24个月。")
    (folder / "b.txt").write_text("Annual leave is 20 days.")
    first = gezhi_json("index", folder)
    assert first["files"] == {"added": 2, "changed": 0, "unchanged": 0, "removed": 0, "failed": 0}
    assert first["chunks_added"] == first["chunks_embedded"] == 2
    assert first["failed"] == []

    again = gezhi_json("index", folder)
    assert again["files"]["unchanged"] == 2
    assert (again["chunks_added"], again["chunks_embedded"], again["chunks_removed"]) == (0, 0, 0)

    (folder / "a.md").write_text("# 保修\n\n产品X1的保修期是36个月。")
    (folder / "b.txt").rename(folder / "c.txt")
    third = gezhi_json("index", folder)
    assert third["files"] == {"added": 1, "changed": 1, "unchanged": 0, "removed": 1, "failed": 0}
    assert third["chunks_embedded"] == 1  # the renamed file's vector was there
    found = gezhi_json("search", "保修期")
    assert not any("24个月" in passage["chunk"]["text"] for passage in found)
    assert {Path(p["chunk"]["source"]).name for p in found} <= {"a.md", "c.txt"}


def test_ask_shows_answer_and_citation(indexed: Path, gezhi: Command) -> None:
    code, out, _ = gezhi("ask", QUESTION)
    assert code == 0
    assert "24个月" in out
    assert "[1]" in out
    assert "产品手册.pdf p. " in out


def test_ask_in_chinese(indexed: Path, gezhi: Command) -> None:
    _, out, _ = gezhi("--lang", "zh", "ask", QUESTION)
    assert "产品手册.pdf 第" in out
    assert "摘自原文" in out


def test_ask_json_is_the_whole_answer_with_exact_spans(indexed: Path, gezhi_json: Json) -> None:
    answer = gezhi_json("ask", QUESTION)
    assert set(answer) >= {
        "text", "refused", "id", "route", "citations", "passages", "confidence", "usage", "timings", "versions",
    }  # fmt: skip
    assert answer["refused"] is None
    assert answer["route"] == "extractive"
    assert answer["versions"]["gezhi"] == __version__
    for citation in answer["citations"]:
        assert citation["supported"] is True
        assert answer["text"][citation["answer_start"] : citation["answer_end"]].strip()
        assert citation["source_end"] - citation["source_start"] == len(citation["quote"])
        assert citation["quote"] in answer["passages"][citation["passage"]]["chunk"]["text"]


def test_what_is_not_in_the_documents_is_refused(indexed: Path, gezhi: Command, gezhi_json: Json) -> None:
    answer = gezhi_json("ask", "产品X9的保修期是多久？")
    assert answer["refused"] == "nothing_relevant"
    assert answer["route"] == "refusal"
    assert answer["citations"] == []
    code, out, _ = gezhi("ask", "产品X9的保修期是多久？")
    assert code == 0
    assert "The nearest passages" in out


def test_an_empty_collection_says_what_to_type(gezhi: Command, gezhi_json: Json) -> None:
    assert gezhi_json("ask", QUESTION)["refused"] == "no_documents"
    code, out, _ = gezhi("ask", QUESTION)
    assert code == 0
    assert "gezhi index" in out


def test_words_without_quotes_are_one_question(indexed: Path, gezhi_json: Json) -> None:
    assert gezhi_json("ask", "How", "long", "is", "it?")["question"] == "How long is it?"


def test_search_and_filters(indexed: Path, gezhi: Command, gezhi_json: Json) -> None:
    everything = gezhi_json("search", "保修期", "-k", "20")
    assert len({passage["chunk"]["source"] for passage in everything}) > 1
    assert [p["score"] for p in everything] == sorted((p["score"] for p in everything), reverse=True)
    only = gezhi_json("search", "保修期", "--where", "source:*.pdf")
    assert only
    assert all(passage["chunk"]["source"].endswith(".pdf") for passage in only)
    code, out, _ = gezhi("search", "保修期", "--k", "2")
    assert code == 0
    assert "1. " in out
    assert "3. " not in out
    code, out, _ = gezhi("search", "保修期", "--where", "source:*.nothing")
    assert (code, out.strip()) == (0, "Nothing was found")


def test_status(indexed: Path, gezhi: Command, gezhi_json: Json) -> None:
    state = gezhi_json("status", "--files")
    assert state["status"]["files"] == len(state["file_records"]) == 10
    assert state["status"]["embedded"] == state["status"]["chunks"] > 20
    code, out, _ = gezhi("status", "--files")
    assert code == 0
    assert "公司概况.md" in out


def test_status_quality(indexed: Path, gezhi: Command, gezhi_json: Json) -> None:
    assert gezhi_json("status", "--quality")["quality"]
    code, out, _ = gezhi("status", "--quality", "--lang", "zh")
    assert code == 0
    assert "段落" in out


def test_forget(indexed: Path, documents: Path, gezhi: Command, gezhi_json: Json) -> None:
    code, out, _ = gezhi("forget", documents / "产品手册.pdf")
    assert code == 0
    assert "产品手册.pdf" in out
    assert not any(p["chunk"]["source"].endswith("产品手册.pdf") for p in gezhi_json("search", "保修期", "-k", "50"))
    code, _, err = gezhi("forget", "产品手册.pdf")
    assert code == 1
    assert "产品手册.pdf" in err
    assert gezhi_json("forget", documents)["forgotten"]
    assert gezhi_json("status")["status"]["chunks"] == 0


def test_chat_follows_up_and_survives_a_bad_question(
    indexed: Path, gezhi: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [QUESTION, "那 X1 Pro 呢？", "x" * 100_000, "/new", "", "/quit"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
    code, out, err = gezhi("chat", "--json")
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [answer["question"] for answer in answers] == lines[:2]
    assert "36个月" in answers[1]["text"]
    assert err.startswith("Error: ")


def test_doctor_says_what_is_there_and_what_to_type(indexed: Path, gezhi: Command, gezhi_json: Json) -> None:
    checks = {check["name"]: check for check in gezhi_json("doctor")["checks"]}
    assert checks["collection default"]["state"] == "ok"
    assert checks["chat model"]["state"] == "absent"
    assert "chat" in checks["chat model"]["fix"]
    code, out, _ = gezhi("doctor", "--lang", "zh")
    assert code == 0
    assert "对话模型" in out


def test_demo_answers_three_and_refuses_one(gezhi_json: Json) -> None:
    done = gezhi_json("demo")
    assert [answer["refused"] for answer in done["answers"]] == [None, None, None, "nothing_relevant"]
    assert "澄江路526号B座8层" in done["answers"][2]["text"]  # only the scanned page says it


def test_the_installed_command() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("gezhi"), "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == __version__


def test_live_answers_are_watched_and_examined_ones_are_not(gezhi_json: Json, indexed: Path) -> None:
    answer = gezhi_json("ask", "产品X1的保修期是多久？")
    assert answer["id"] in str(gezhi_json("watch", "thumb", "last", "up", "--reason", "对"))
    report = gezhi_json("watch", "report")
    assert report["total"]["answers"] == 1
