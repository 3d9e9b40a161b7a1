from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from gezhi.core.errors import ModelError, ModelRefused, ModelTimeout
from gezhi.core.types import Message, Sampling
from gezhi.models import ChatOptions, chat_model
from gezhi.models.tokens import estimate_tokens
from models.gemma import gemma, gemma_file

pytestmark = pytest.mark.xdist_group("gguf")
ASKED = [Message("system", "Answer briefly."), Message("user", "Count: one, two, three,")]


@pytest.fixture
def model() -> Any:
    return gemma()


def test_a_file_without_a_template_gets_that_of_its_family(model: Any) -> None:
    turns = [
        {"role": "system", "content": "S"},
        {"role": "user", "content": "U"},
        {"role": "assistant", "content": "A"},
        {"role": "user", "content": "V"},
    ]
    prompt = model._service.post("/apply-template", {"messages": turns})["prompt"]
    turn = "<start_of_turn>{}\n{}<end_of_turn>\n".format
    assert prompt == turn("user", "S\n\nU") + turn("model", "A") + turn("user", "V") + "<start_of_turn>model\n"


def test_tokens_are_counted_exactly(model: Any) -> None:
    assert model.count_tokens("") == 0
    assert model.count_tokens("hello") == 1
    assert model.count_tokens("保修期是多久？") == 6
    assert model.count_tokens("<start_of_turn>") == 1


@pytest.mark.parametrize(
    "text",
    [
        "产品X1的保修期为二十四个月，自签收之日起计算；人为损坏、进水不在保修范围内。",
        "產品的保固期為兩年，電池及充電器另計。",
        "Employees are entitled to fifteen days of paid leave after 12 months of service.",
        "发票号 20240315-0087，金额 12,800.50 元；tel. +86 (10) 6552-9988",
        "# 标题\n\n- item one\n- 第二项\n\n| 项目 | 数量 |\n",
    ],
)
def test_the_estimate_for_others_is_not_too_low_for_this_one(model: Any, text: str) -> None:
    assert estimate_tokens(text) >= model.count_tokens(text)


def test_usage_is_the_engines(model: Any) -> None:
    usage = model.reply(ASKED, Sampling(max_tokens=5)).usage
    assert usage.completion_tokens == 5
    assert not usage.estimated
    counted = sum(model.count_tokens(message.content) for message in ASKED)
    assert counted < usage.prompt_tokens <= counted + 8 * len(ASKED)


def test_replies_that_do_not_fit_together_take_turns(model: Any) -> None:
    # Each takes about 60 of the 128 tokens: without turns the engine refuses the third and the fourth.
    failures: list[ModelError] = []

    def ask(number: int) -> None:
        try:
            model.reply([Message("user", f"Story {number}. " * 4)], Sampling(max_tokens=30))
        except ModelError as error:
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_a_prompt_beyond_the_context(model: Any) -> None:
    with pytest.raises(ModelRefused, match="takes 128"):
        model.reply([Message("user", "word " * 300)], Sampling())


def test_leaving_a_stream_stops_the_work(model: Any) -> None:
    stream = model.stream(ASKED, Sampling(max_tokens=80))
    next(stream)
    stream.close()
    for _ in range(100):
        if not any(slot["is_processing"] for slot in model._service.get("/slots")):
            break
        threading.Event().wait(0.05)
    else:
        pytest.fail("the engine still works for nobody")


def test_the_engine_is_locked(model: Any) -> None:
    answer = httpx.post(f"{model._service.address.base_url}/tokenize", json={"content": "x"}, trust_env=False)
    assert answer.status_code == 401


def test_one_that_waits_too_long_is_told(model: Any) -> None:
    impatient = chat_model(ChatOptions(model=f"gguf:{gemma_file()}", threads=1, context_length=64, timeout=0.5))
    held = impatient.stream(ASKED, Sampling(max_tokens=60))
    next(held)
    with pytest.raises(ModelTimeout, match="busy"):
        impatient.reply(ASKED, Sampling(max_tokens=60))
    held.close()  # type: ignore[attr-defined]
    assert impatient.reply(ASKED, Sampling(max_tokens=2)).text


def test_a_file_with_a_header_alone(tmp_path: Path) -> None:
    path = tmp_path / "cut.gguf"
    with gemma_file().open("rb") as whole:
        path.write_bytes(whole.read(12_000_000))
    with pytest.raises(ModelError, match="cannot load"):
        chat_model(ChatOptions(model=f"gguf:{path}", threads=1))


@pytest.mark.parametrize("target", ["./none.gguf", "/no/where"])
def test_no_such_file(target: str) -> None:
    with pytest.raises(ModelError, match="there is no model file"):
        chat_model(ChatOptions(model=f"gguf:{target}"))
