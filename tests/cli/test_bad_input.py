"""Each mistake gets one clear sentence that says what to type next, and the right exit code."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., tuple[int, str, str]]
Json = Callable[..., Any]
pytestmark = pytest.mark.xdist_group("cli")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["index", "nowhere"], 1, "nowhere"),
        (["index"], 2, "gezhi index ./documents"),
        (["index", "empty"], 1, "nothing to read"),
        (["idnex", "x"], 2, "Did you mean 'index'?"),
        (["ask", "a", "--colection", "b"], 2, "Did you mean '--collection'?"),
        (["ask", "a", "--collection", "../b"], 2, "../b"),
        (["ask", "a", "--collection", "nosuch"], 2, "gezhi index FOLDER --collection nosuch"),
        (["ask", ""], 2, "question has no words"),
        (["ask", "？！\ufffd"], 2, "question has no words"),
        (["ask"], 2, "question"),
        (["ask", "?" * 100_000], 2, "100000"),
        (["ask", "a", "--set", "retrieval.kk=8"], 2, "Did you mean 'k'?"),
        (["ask", "a", "--set", "retrieval.k=0"], 2, "'k'"),
        (["ask", "a", "--set", "retrieval.k=many"], 2, "int"),
        (["ask", "a", "--set", "k"], 2, "name=value"),
        (["ask", "a", "--set", "embed.query_prompt=\udcff"], 2, "'query_prompt' must be UTF-8"),
        (["ask", "a", "--collection", "\udcff"], 2, "cannot name a collection"),
        (["ask", "a", "--config", "\udcff.toml"], 2, "no configuration file"),
        (["index", "\udcff"], 1, "there is no \\xff"),
        (["forget", "\udcff"], 1, "has no \\xff"),
        (["ask", "a", "--config", "none.toml"], 2, "none.toml"),
        (["ask", "a", "--config", "broken.toml"], 2, "broken.toml"),
        (["ask", "a", "--config", "typo.toml"], 2, "Did you mean 'retrieval'?"),
        (["ask", "a", "--set", "chat.model=opnai:gpt-5"], 2, "Did you mean 'openai'?"),
        (["ask", "a", "--set", "embed.model=e6-small"], 2, "Did you mean 'e5-small'?"),
        (["ask", "a", "--lang", "fr"], 2, "fr"),
        (["search", "a", "-k", "x"], 2, "x"),
        (["search", "a", "-k", "-1"], 2, "-1"),
        (["search", "a", "--where", "source:"], 2, "source"),
        (["search", "a", "--where", "year >> 3"], 2, "year"),
        (["forget", "nothing.md"], 1, "gezhi status --files"),
    ],
)
def test_one_sentence_and_the_right_code(
    arguments: list[str], code: int, says: str, gezhi: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("broken.toml").write_text("[retrieval\nk = 8")
    Path("typo.toml").write_text("[retreival]\nk = 8")
    got, out, err = gezhi(*arguments)
    assert got == code
    assert out == ""
    assert says in err
    assert err.startswith("Error: ")
    assert len(err.strip().splitlines()) == 1
    got_zh, _, err_zh = gezhi(*arguments, *(() if "--lang" in arguments else ("--lang", "zh")))
    assert got_zh == code
    assert err_zh != err or "--lang" in arguments


def test_json_errors_are_json(gezhi: Command) -> None:
    code, out, err = gezhi("index", "nowhere", "--json")
    assert code == 1
    assert err == ""
    error = json.loads(out)["error"]
    assert (error["type"], error["exit_code"]) == ("NotFound", 1)
    assert "nowhere" in error["message"]


@pytest.mark.parametrize(
    ("sets", "says"),
    [
        (["chat.model=openai:gpt-5"], "OPENAI_API_KEY"),
        (["chat.model=gguf:/no/such.gguf"], "/no/such.gguf"),
    ],
)
def test_a_model_that_cannot_be_used_says_why(indexed: Path, sets: list[str], says: str, gezhi: Command) -> None:
    code, out, err = gezhi("ask", "产品X1的保修期是多久？", *(word for s in sets for word in ("--set", s)))
    assert says in out + err
    assert code in (0, 1)


def test_an_unreachable_server_falls_back_and_says_so(
    indexed: Path, gezhi_json: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    sets = ["chat.model=openai:m", "chat.base_url=http://127.0.0.1:9/v1", "chat.retries=0"]
    answer = gezhi_json("ask", "产品X1的保修期是多久？", *(word for s in sets for word in ("--set", s)))
    assert answer["route"] == "fallback"
    assert "24个月" in answer["text"]
    assert any("127.0.0.1:9" in note for note in answer["notes"])


def test_unreadable_files_do_not_stop_the_others(gezhi_json: Json, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "good.md").write_text("产品X1的保修期是24个月。")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 8)
    os.mkfifo(folder / "pipe.txt")
    (folder / "dangling.md").symlink_to(folder / "nowhere.md")
    report = gezhi_json("index", folder)
    assert report["files"]["added"] == 1
    assert {Path(failure["file"]).name for failure in report["failed"]} == {
        "empty.txt", "noise.bin", "pipe.txt", "dangling.md",
    }  # fmt: skip
    assert all(failure["reason"] for failure in report["failed"])


def test_a_file_that_breaks_keeps_its_last_good_text(gezhi_json: Json, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    handbook = Path(__file__).parents[2] / "examples" / "handbook" / "产品手册.pdf"
    file.write_bytes(handbook.read_bytes())
    assert gezhi_json("index", file)["files"]["added"] == 1
    file.write_bytes(handbook.read_bytes()[:2000])
    assert gezhi_json("index", file)["files"]["failed"] == 1
    assert gezhi_json("search", "保修期")


def test_names_that_are_no_utf8(gezhi_json: Json, tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/\xb2\xfa\xc6\xb7.txt")
    try:
        Path(name).write_text("产品X1的保修期是24个月。")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert gezhi_json("index", tmp_path)["files"]["added"] == 1
    assert gezhi_json("index", tmp_path)["files"]["unchanged"] == 1
    assert "24个月" in gezhi_json("ask", "产品X1的保修期是多久？")["text"]
    assert len(gezhi_json("search", "保修期", "--where", "source:*/\udcb2*")) == 1
    assert gezhi_json("search", "保修期", "--where", "source:*/\udcb3*") == []
    assert len(gezhi_json("forget", name)["forgotten"]) == 1


@pytest.mark.parametrize("name", ["ask", "search"])
def test_questions_that_are_no_utf8(indexed: Path, name: str) -> None:
    # A process of its own: only there do arguments arrive as the shell sends them.
    command = [os.fsencode(Path(sys.executable).with_name("gezhi")), name.encode()]
    done = subprocess.run([*command, "产品X1的保修期".encode() + b"\xff", b"--json"], capture_output=True, check=True)
    assert json.loads(done.stdout)
    for question in (b"\xff", "保修期".encode("gbk")):
        done = subprocess.run([*command, question], capture_output=True, check=False)
        assert done.returncode == (2 if name == "ask" else 0)
        assert b"Traceback" not in done.stderr


def test_json_where_the_output_cannot_hold_it(indexed: Path) -> None:
    command = [str(Path(sys.executable).with_name("gezhi")), "search", "保修期 🙂", "--json"]
    done = subprocess.run(command, env={**os.environ, "PYTHONIOENCODING": "latin-1"}, capture_output=True, check=True)
    assert any("保修期" in passage["chunk"]["text"] for passage in json.loads(done.stdout.decode("ascii")))


def test_a_collection_of_a_newer_version(indexed: Path, gezhi: Command) -> None:
    with sqlite3.connect(indexed / "collections" / "default" / "collection.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    code, _, err = gezhi("ask", "保修期")
    assert code == 1
    assert "newer" in err


def test_a_damaged_record_says_what_to_do(indexed: Path, gezhi: Command) -> None:
    record = indexed / "collections" / "default" / "collection.db"
    record.write_bytes(b"not a database" * 500)
    code, _, err = gezhi("ask", "保修期")
    assert code == 1
    assert "gezhi index" in err or "gezhi doctor" in err


def test_indexes_that_are_gone_are_made_again(indexed: Path, gezhi_json: Json) -> None:
    folder = indexed / "collections" / "default"
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and not path.name.startswith("collection.db") and "originals" not in path.parts:
            path.unlink()
    assert "24个月" in gezhi_json("ask", "产品X1的保修期是多久？")["text"]
