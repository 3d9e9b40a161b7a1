from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, Literal

import pytest

from gezhi.core.errors import MissingKey, ModelError, ModelRefused, ModelTimeout, ModelUnreachable
from gezhi.core.types import Message, Reply, Sampling, Usage
from gezhi.models import ChatOptions, chat_model
from gezhi.models.chat import DEFAULT_CONTEXT
from models.servers import DONE, TEXT, Answer, ChatServer, chat_server, cut, event, hang, refuse, said, stream

ASKED = [Message("system", "简短。"), Message("user", "保修期多久？")]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


def model(server: ChatServer, name: str = "openai:qwen-plus", **options: Any) -> Any:
    return chat_model(ChatOptions(model=name, base_url=f"{server.url}/v1/", **{"timeout": 5.0, **options}))


def test_what_is_sent(server: ChatServer) -> None:
    model(server).reply(ASKED, Sampling(temperature=0.3, top_p=0.9, max_tokens=7, seed=5, stop=("\n",)))
    assert server.chats() == [
        {
            "model": "qwen-plus",
            "messages": [{"role": "system", "content": "简短。"}, {"role": "user", "content": "保修期多久？"}],
            "temperature": 0.3,
            "top_p": 0.9,
            "max_tokens": 7,
            "seed": 5,
            "stop": ["\n"],
            "stream": True,
            "stream_options": {"include_usage": True},
        }
    ]


def test_defaults_that_need_no_words_are_not_sent(server: ChatServer) -> None:
    model(server).reply(ASKED, Sampling())
    assert not {"top_p", "seed", "stop"} & set(server.chats()[0])


def test_thoughts_in_fields_and_in_text_are_kept_apart() -> None:
    for scripted in (Reply(text="24个月", reasoning="查表"), "<think>查表</think>\n24个月"):
        with chat_server(scripted) as server:
            reply = model(server).reply(ASKED, Sampling())
        assert (reply.text, reply.reasoning) == ("24个月", "查表")


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_both_names_of_the_field_for_thoughts(server: ChatServer, field: str) -> None:
    server.script.append(stream(said(**{field: "想", "content": None}), said(content="答", finish_reason="stop"), DONE))
    reply = model(server).reply(ASKED, Sampling())
    assert (reply.text, reply.reasoning) == ("答", "想")


def test_a_model_said_to_think_may_leave_out_the_opening_tag() -> None:
    with chat_server("查表\n</think>\n24个月") as server:
        reply = model(server, thinking="on").reply(ASKED, Sampling())
    assert (reply.text, reply.reasoning) == ("24个月", "查表\n")


@pytest.mark.parametrize(
    ("name", "thinking", "sent"),
    [
        ("openai:qwen-plus", "on", {"chat_template_kwargs": {"enable_thinking": True}}),
        ("openai:qwen-plus", "off", {"chat_template_kwargs": {"enable_thinking": False}}),
        ("dashscope:qwen-plus", "off", {"enable_thinking": False}),
        ("deepseek:qwen-plus", "on", {"thinking": {"type": "enabled"}}),
    ],
)
def test_each_provider_is_told_in_its_own_words(
    server: ChatServer, name: str, thinking: Literal["on", "off"], sent: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHSCOPE_API_KEY", "k")
    monkeypatch.setenv("DEEPSEEK_API_KEY", "k")
    model(server, name, thinking=thinking).reply(ASKED, Sampling())
    model(server, name).reply(ASKED, Sampling())
    first, second = server.chats()
    assert first == {**second, **sent}
    assert not set(sent) & set(second)


def test_the_key_of_openai_goes_nowhere_else(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    monkeypatch.setenv("MY_KEY", " sk-mine\n")
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-dash")
    for made in (model(server), model(server, key_env="MY_KEY"), model(server, "dashscope:qwen-plus")):
        made.reply(ASKED, Sampling())
    sent = [request.headers.get("authorization") for request in server.requests]
    assert sent == [None, "Bearer sk-mine", "Bearer sk-dash"]


@pytest.mark.parametrize("field", ["stream_options", "seed", "max_tokens", "temperature"])
def test_a_field_the_server_does_not_know_is_left_out_from_then_on(
    server: ChatServer, field: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.refuses = frozenset({field})
    caplog.set_level(logging.WARNING)
    made = model(server)
    for _ in range(2):
        assert made.reply(ASKED, Sampling(seed=1)).text == TEXT
    assert [field in body for body in server.chats()] == [True, False, False]
    assert field in caplog.text


def test_usage_is_estimated_where_the_server_does_not_count(server: ChatServer) -> None:
    server.refuses = frozenset({"stream_options"})
    usage = model(server).reply(ASKED, Sampling()).usage
    assert usage.estimated
    assert usage.completion_tokens >= 20


def test_usage_of_the_server(server: ChatServer) -> None:
    usage = model(server).reply(ASKED, Sampling()).usage
    assert usage == Usage(prompt_tokens=9, completion_tokens=server.model.count_tokens(TEXT))


def test_a_server_that_does_not_stream(server: ChatServer) -> None:
    whole = {
        "choices": [{"message": {"content": "24个月", "reasoning_content": "查"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 4, "completion_tokens": 2},
    }
    server.script.append(lambda handler: handler.send_json(200, whole))
    reply = model(server).reply(ASKED, Sampling())
    assert reply == Reply(text="24个月", reasoning="查", usage=Usage(prompt_tokens=4, completion_tokens=2))


def test_content_in_parts(server: ChatServer) -> None:
    parts = [{"type": "text", "text": "24"}, {"type": "image"}, {"type": "text", "text": "个月"}]
    server.script.append(stream(said(content=parts, finish_reason="stop"), DONE))
    assert model(server).reply(ASKED, Sampling()).text == "24个月"


@pytest.mark.parametrize("name", ["openai:qwen-plsu", "openai:qwen3-4b"])
def test_a_model_the_server_does_not_have(server: ChatServer, name: str) -> None:
    with pytest.raises(ModelRefused, match=r"Did you mean 'qwen.*It has: qwen-plus, qwen3:4b"):
        model(server, name).reply(ASKED, Sampling())


@pytest.mark.parametrize("listed", [refuse(500, "no list"), {"data": [{"id": "qwen-plus"}]}, {"data": "?"}, [1]])
def test_a_404_that_the_list_does_not_explain(server: ChatServer, listed: Any) -> None:
    server.paths["/v1/models"] = listed
    server.script.append(refuse(404, "no such path"))
    with pytest.raises(ModelRefused, match="404"):
        model(server, retries=0).reply(ASKED, Sampling())


@pytest.mark.parametrize(
    ("script", "kind", "words"),
    [
        (refuse(401, "who"), MissingKey, "key_env"),
        (refuse(400, "bad request"), ModelRefused, "bad request"),
        (refuse(500, "broken"), ModelRefused, "500: broken"),
        (stream(said(content="半句")), ModelUnreachable, "cut"),
        (cut(said(content="半句")), ModelUnreachable, "cut"),
        (hang(said(content="半句")), ModelTimeout, "timeout"),
        (hang(), ModelTimeout, "timeout"),
        (stream(said(content="半"), event({"error": {"message": "CUDA"}})), ModelRefused, "CUDA"),
        (stream(b"data: {nonsense\n\n"), ModelRefused, "format"),
        (stream(event(["?"])), ModelRefused, "format"),
        (stream(event({"choices": None})), ModelRefused, "format"),
        (stream(event({"choices": [None]})), ModelUnreachable, "cut"),
        (stream(said(finish_reason="stop"), DONE), ModelRefused, "empty"),
        (stream(said(reasoning="想"), said(finish_reason="length"), DONE), ModelRefused, "max_tokens"),
    ],
)
def test_failures(server: ChatServer, script: Answer, kind: type[ModelError], words: str) -> None:
    server.script.append(script)
    with pytest.raises(kind, match=words):
        model(server, timeout=0.3, retries=0).reply(ASKED, Sampling())


@pytest.mark.parametrize("script", [cut, hang])
def test_a_reply_that_has_ended_does_not_need_the_connection(server: ChatServer, script: Any) -> None:
    server.script.append(script(said(content="24个月"), said(finish_reason="stop")))
    assert model(server, timeout=0.3).reply(ASKED, Sampling()).text == "24个月"


def test_done_without_a_finish_reason_is_an_end(server: ChatServer) -> None:
    server.script.append(stream(said(content="24个月"), DONE))
    assert model(server).reply(ASKED, Sampling()).finish_reason == "stop"


@pytest.mark.parametrize(
    ("entry", "length"),
    [
        ({"max_model_len": 32768}, 32768),
        ({"context_length": 4096}, 4096),
        ({"meta": {"n_ctx": 2048}}, 2048),
        ({"meta": None, "context_window": None}, DEFAULT_CONTEXT),
    ],
)
def test_the_context_that_a_server_tells(server: ChatServer, entry: dict[str, Any], length: int) -> None:
    server.paths["/v1/models"] = {"data": [{"id": "other", "max_model_len": 1}, {"id": "qwen-plus", **entry}]}
    assert model(server).context_length == length
    assert model(server, context_length=1000).context_length == 1000


def test_the_context_without_a_list(server: ChatServer) -> None:
    del server.paths["/v1/models"]
    assert model(server).context_length == DEFAULT_CONTEXT


def test_a_hosted_provider_is_not_asked_for_the_context(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", "k")
    assert chat_model(ChatOptions(model="deepseek:deepseek-v4-flash")).context_length == DEFAULT_CONTEXT
