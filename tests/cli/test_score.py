from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gezhi.cli.score import MEANINGS
from gezhi.evaluation.quality.text import TEXT_METRICS, text_metric
from models.gemma import gemma_file

Command = Callable[..., tuple[int, str, str]]
Json = Callable[..., Any]
pytestmark = pytest.mark.xdist_group("gguf")
TEXTS = "产品X1的保修期为24个月。\nThe cat sat on the mat.\n"
REFERENCES = "X1产品保修期是24个月。\nA cat sat on a mat.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("hyp.txt").write_text(TEXTS, encoding="utf-8")
    Path("ref.txt").write_text(REFERENCES, encoding="utf-8")
    Path("short.txt").write_text("一行\n", encoding="utf-8")
    Path("empty.txt").write_text("", encoding="utf-8")
    Path("broken.jsonl").write_text('{"text": "a"}\n{"text": "b"\n', encoding="utf-8")
    Path("a.jsonl").write_text('{"said": "24个月", "answers": ["两年", "24 个月"]}\n', encoding="utf-8")
    return tmp_path


def test_all_metrics(folder: Path, gezhi_json: Json) -> None:
    scores = {score["name"]: score for score in gezhi_json("score", "all", "hyp.txt", "ref.txt")}
    assert set(scores) == set(MEANINGS) - {"perplexity", "bits-per-byte"}
    for name in TEXT_METRICS:
        metric = text_metric(name)
        for score in metric(TEXTS.splitlines(), [[one] for one in REFERENCES.splitlines()]):
            assert scores[score.name]["value"] == score.value
            assert scores[score.name]["signature"] == score.signature


def test_without_references_those_that_need_none(folder: Path, gezhi_json: Json) -> None:
    names = {score["name"] for score in gezhi_json("score", "all", "hyp.txt")}
    assert {"distinct-1", "self-bleu", "repetition-4", "length-tokens"} <= names
    assert not {"bleu", "em", "length-ratio"} & names


def test_what_is_printed(folder: Path, gezhi: Command) -> None:
    code, out, _ = gezhi("score", "rouge", "hyp.txt", "ref.txt")
    assert code == 0
    assert re.search(r"^rouge-1 +0\.\d{4} +tokens shared", out, re.MULTILINE)
    assert "rouge-1, rouge-2, rouge-l  nrefs:1|lang:en+zh|" in out
    code, out, _ = gezhi("score", "bleu", "hyp.txt", "ref.txt", "--lang", "zh")
    assert code == 0
    assert re.search(r"^bleu +\d+\.\d\d +与参考共有的", out, re.MULTILINE)


def test_what_could_not_be_measured_is_said(folder: Path, gezhi: Command) -> None:
    assert "not measured" in gezhi("score", "self-bleu", "short.txt")[1]


def test_fields_of_json_lines(folder: Path, gezhi_json: Json) -> None:
    arguments = ["score", "em", "a.jsonl", "a.jsonl", "--field", "said", "--ref-field", "answers"]
    (score,) = gezhi_json(*arguments)
    assert score["value"] == 1.0
    assert score["signature"].startswith("nrefs:2|")


def test_options(folder: Path, gezhi_json: Json) -> None:
    told = gezhi_json("score", "bleu", "hyp.txt", "ref.txt", "--tokenize", "char")
    assert "tok:char|" in told[0]["signature"]
    stemmed, *_ = gezhi_json("score", "rouge", "hyp.txt", "ref.txt", "--stem", "--lang-of-text", "en")
    assert "lang:en|counts:clipped|tok:rouge-score-porter|" in stemmed["signature"]


def test_perplexity_by_a_file(folder: Path, gezhi_json: Json) -> None:
    common = ["--model", f"gguf:{gemma_file()}", "--set", "chat.threads=1", "--set", "chat.context_length=128"]
    perplexity, bits = gezhi_json("score", "ppl", "hyp.txt", *common)
    assert perplexity["value"] > 1
    assert 0 < bits["value"] < 8
    assert "start:<bos>" in bits["signature"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["meteo", "hyp.txt", "ref.txt"], 2, "Did you mean 'meteor'?"),
        (["bleu"], 2, "gezhi score bleu answers.txt"),
        (["bleu", "hyp.txt"], 2, "compares with references"),
        (["distinct", "hyp.txt", "ref.txt"], 2, "compares with nothing"),
        (["bleu", "hyp.txt", "short.txt"], 2, "short.txt has 1 texts and hyp.txt has 2"),
        (["bleu", "none.txt", "ref.txt"], 1, "there is no file none.txt"),
        (["bleu", "empty.txt", "ref.txt"], 1, "empty.txt holds no text"),
        (["distinct", "broken.jsonl"], 1, "broken.jsonl, line 2, column 13"),
        (["distinct", "a.jsonl", "--field", "sad"], 1, "Did you mean 'said'?"),
        (["f1", "hyp.txt", "ref.txt", "--tokenize", "zh"], 2, "f1 has no way to cut texts called 'zh'"),
        (["ppl", "hyp.txt"], 2, "--model gguf:"),
        (["ppl", "hyp.txt", "--model", "ollama:qwen3"], 1, "no log-probabilities"),
        (["ppl", "hyp.txt", "--model", "gguf:none.gguf"], 1, "none.gguf"),
        (["ppl", "hyp.txt", "--model", "opnai:x"], 2, "Did you mean 'openai'?"),
        (["ppl", "hyp.txt", "ref.txt", "--model", "gguf:none.gguf"], 2, "compares with nothing"),
    ],
)
def test_one_sentence_and_the_right_code(
    arguments: list[str], code: int, says: str, folder: Path, gezhi: Command
) -> None:
    got, out, err = gezhi("score", *arguments)
    assert (got, out) == (code, "")
    assert says in err
    assert len(err.strip().splitlines()) == 1
    _, _, err_zh = gezhi("score", *arguments, "--lang", "zh")
    assert re.search(r"[\u4e00-\u9fff]", err_zh)
