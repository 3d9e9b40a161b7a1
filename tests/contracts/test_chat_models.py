"""What every chat model keeps to, whatever runs it. Servers are stood in for by one on loopback with their protocol."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gezhi.core.protocols import ChatModel
from gezhi.core.types import Message, Reply, Sampling
from gezhi.models import CHAT_MODELS, ChatOptions, chat_model
from models.gemma import gemma
from models.servers import TEXT, chat_server
from models.tiny_qwen import QUESTION, save_tiny_qwen

ASKED = [Message("user", QUESTION)]
BRIEF = Sampling(max_tokens=12, seed=1)

Makers = dict[str, Callable[[str], ChatModel]]


@pytest.fixture(scope="module")
def stack() -> Iterator[ExitStack]:
    with ExitStack() as held:
        yield held


@pytest.fixture(scope="module")
def made(stack: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], ChatModel]]:
    """Makes the model of a row, once."""
    models: dict[str, ChatModel] = {}

    def served(scheme: str) -> ChatModel:
        server = stack.enter_context(chat_server())
        url = server.url if scheme == "ollama" else f"{server.url}/v1"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("STAND_IN_API_KEY", "k")
            return chat_model(ChatOptions(model=f"{scheme}:qwen-plus", base_url=url, key_env="STAND_IN_API_KEY"))

    def local(scheme: str) -> ChatModel:
        folder: Path = tmp_path_factory.mktemp("tiny")
        return chat_model(ChatOptions(model=f"{scheme}:{save_tiny_qwen(folder)}", threads=1, thinking="off"))

    makers: Makers = {
        "fake": lambda scheme: chat_model(ChatOptions(model=f"{scheme}:{TEXT}")),
        "gguf": lambda scheme: gemma(),
        "hf": local,
        "modelscope": local,
    }

    def make(scheme: str) -> ChatModel:
        if scheme not in models:
            models[scheme] = makers.get(scheme, served)(scheme)
        return models[scheme]

    yield make
    models.clear()


MARKS = {"gguf": pytest.mark.xdist_group("gguf"), "hf": pytest.mark.torch, "modelscope": pytest.mark.torch}


@pytest.fixture(params=[pytest.param(row, marks=MARKS.get(row, ())) for row in CHAT_MODELS])
def model(request: pytest.FixtureRequest, made: Callable[[str], ChatModel]) -> ChatModel:
    return made(request.param)


def test_it_is_a_chat_model(model: ChatModel) -> None:
    assert isinstance(model, ChatModel)
    assert model.name.partition(":")[0] in CHAT_MODELS
    assert model.context_length >= 128


def test_a_reply(model: ChatModel) -> None:
    reply = model.reply(ASKED, BRIEF)
    assert reply.text.strip()
    assert reply.finish_reason in {"stop", "length"}
    assert reply.usage.prompt_tokens >= 1
    assert 1 <= reply.usage.completion_tokens <= 12


def test_the_stream_is_the_reply(model: ChatModel) -> None:
    deltas = list(model.stream(ASKED, BRIEF))
    text = "".join(delta.text for delta in deltas)
    reasoning = "".join(delta.reasoning for delta in deltas)
    last = deltas[-1]
    assert [delta for delta in deltas if delta.finish_reason or delta.usage] == [last]
    assert last.finish_reason
    assert last.usage
    assert Reply(text=text, reasoning=reasoning, finish_reason=last.finish_reason, usage=last.usage) == model.reply(
        ASKED, BRIEF
    )


def test_it_streams(model: ChatModel) -> None:
    assert len([delta for delta in model.stream(ASKED, BRIEF) if delta.text]) > 3


def test_most_tokens(model: ChatModel) -> None:
    reply = model.reply(ASKED, Sampling(max_tokens=4))
    assert reply.finish_reason == "length"
    assert reply.usage.completion_tokens <= 4


def test_a_stop_text_ends_the_reply_and_is_not_in_it(model: ChatModel) -> None:
    whole = model.reply(ASKED, BRIEF).text
    stop = whole[len(whole) // 2 :][:2]
    reply = model.reply(ASKED, Sampling(max_tokens=12, seed=1, stop=("不会出现", stop)))
    assert reply.text == whole[: whole.index(stop)]
    assert reply.finish_reason == "stop"


def test_tokens_are_counted(model: ChatModel) -> None:
    assert model.count_tokens("") == 0
    for text in ("保修期为24个月。", "The warranty lasts 24 months.", "🙂", "\n"):
        assert 1 <= model.count_tokens(text) <= 4 * len(text.encode())
    assert model.count_tokens("保修期 months " * 20) >= 10 * model.count_tokens("保修期 months ")


def test_any_text_may_be_asked(model: ChatModel) -> None:
    strange = "🙂𠮷é\u2028\x07<|im_end|><think>"
    assert model.reply([Message("system", strange), Message("user", strange)], BRIEF).text


def test_a_conversation(model: ChatModel) -> None:
    turns = [*ASKED, Message("assistant", "24个月。"), Message("user", "整机呢？")]
    assert model.reply(turns, BRIEF).text.strip()


def test_leaving_a_stream_leaves_a_working_model(model: ChatModel) -> None:
    stream = model.stream(ASKED, BRIEF)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert model.reply(ASKED, BRIEF).text.strip()


def test_several_threads_at_once(model: ChatModel) -> None:
    replies: list[Reply] = []
    threads = [threading.Thread(target=lambda: replies.append(model.reply(ASKED, BRIEF))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 4
    assert all(reply.text.strip() and reply.usage.completion_tokens <= 12 for reply in replies)
