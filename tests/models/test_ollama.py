from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from gezhi.core.errors import ModelError, ModelRefused, ModelTimeout, ModelUnreachable
from gezhi.core.types import Message, Reply, Sampling, Usage
from gezhi.models import ChatOptions, chat_model
from gezhi.models.chat import DEFAULT_CONTEXT
from gezhi.models.ollama import ollama_url
from models.servers import TEXT, Answer, ChatServer, chat_server, cut, hang, refuse, stream

ASKED = [Message("user", "保修期多久？")]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running


def model(server: ChatServer, name: str = "ollama:qwen3:4b", **options: Any) -> Any:
    return chat_model(ChatOptions(model=name, base_url=server.url, **{"timeout": 5.0, **options}))


def test_what_is_sent(server: ChatServer) -> None:
    sampling = Sampling(temperature=0.3, top_p=0.9, max_tokens=7, seed=5, stop=("\n",))
    model(server, context_length=2048).reply(ASKED, sampling)
    assert server.chats() == [
        {
            "model": "qwen3:4b",
            "messages": [{"role": "user", "content": "保修期多久？"}],
            "options": {
                "temperature": 0.3,
                "top_p": 0.9,
                "num_predict": 7,
                "num_ctx": 2048,
                "seed": 5,
                "stop": ["\n"],
            },
            "stream": True,
        }
    ]


@pytest.mark.parametrize(("thinking", "think"), [("on", True), ("off", False), ("auto", None)])
def test_thinking_is_wished_for(server: ChatServer, thinking: str, think: bool | None) -> None:
    model(server, thinking=thinking).reply(ASKED, Sampling())
    assert server.chats()[0].get("think") is think


def test_thoughts_are_kept_apart() -> None:
    for scripted in (Reply(text="24个月", reasoning="查表"), "<think>查表</think>\n24个月"):
        with chat_server(scripted) as server:
            reply = model(server).reply(ASKED, Sampling())
        assert (reply.text, reply.reasoning) == ("24个月", "查表")


def test_usage(server: ChatServer) -> None:
    reply = model(server).reply(ASKED, Sampling())
    assert reply.usage == Usage(prompt_tokens=6, completion_tokens=server.model.count_tokens(TEXT))
    server.script.append(stream(b'{"message":{"content":"24"},"done":true}\n'))
    assert model(server).reply(ASKED, Sampling()).usage.estimated


@pytest.mark.parametrize(
    ("shown", "length"),
    [
        ({"model_info": {"qwen3.context_length": 40960}}, DEFAULT_CONTEXT),
        ({"model_info": {"llama.context_length": 2048}}, 2048),
        ({"model_info": {"a.context_length": 2048}, "parameters": 'stop "x"\nnum_ctx    16384'}, 16384),
        ({}, DEFAULT_CONTEXT),
        ([], DEFAULT_CONTEXT),
    ],
)
def test_the_context_is_always_sent(server: ChatServer, shown: Any, length: int) -> None:
    server.paths["/api/show"] = shown
    made = model(server)
    assert made.context_length == length
    made.reply(ASKED, Sampling())
    assert server.chats()[0]["options"]["num_ctx"] == length


@pytest.mark.parametrize(("name", "near"), [("qwen3:4", "qwen3:4b"), ("qwen-pluss", "qwen-plus")])
def test_a_model_that_was_not_pulled(server: ChatServer, name: str, near: str) -> None:
    server.paths["/api/show"] = refuse(404, "not found")
    with pytest.raises(ModelRefused, match=rf"Did you mean '{near}'\? Type:  ollama pull {name};"):
        model(server, f"ollama:{name}").reply(ASKED, Sampling())
    with pytest.raises(ModelRefused, match="ollama pull"):
        model(server, f"ollama:{name}", context_length=512).reply(ASKED, Sampling())


def test_no_ollama() -> None:
    with chat_server() as server:
        pass
    with pytest.raises(ModelUnreachable, match="ollama serve"):
        model(server, retries=0).reply(ASKED, Sampling())


@pytest.mark.parametrize(
    ("script", "kind", "words"),
    [
        (stream(b'{"error":"model requires more memory"}\n'), ModelRefused, "more memory"),
        (stream(b'{"message":{"content":"x"},"done":false}\n'), ModelUnreachable, "cut"),
        (cut(b'{"message":{"content":"x"},"done":false}\n'), ModelUnreachable, "cut"),
        (hang(b'{"message":{"content":"x"},"done":false}\n'), ModelTimeout, "timeout"),
        (stream(b"<html>"), ModelRefused, "format"),
        (stream(b"[1]\n"), ModelRefused, "format"),
        (stream(b'{"done":true}\n'), ModelRefused, "empty"),
        (refuse(400, '"x" does not support thinking'), ModelRefused, "thinking"),
    ],
)
def test_failures(server: ChatServer, script: Answer, kind: type[ModelError], words: str) -> None:
    server.script.append(script)
    with pytest.raises(kind, match=words):
        model(server, timeout=0.3, retries=0).reply(ASKED, Sampling())


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("[::]:80", "http://[::1]:80"),
        (":1234", "http://127.0.0.1:1234"),
        ("box", "http://box:11434"),
        ("box:99", "http://box:99"),
        ("[fe80::1]", "http://[fe80::1]:11434"),
        ("http://box", "http://box:80"),
        ("https://box/ollama/", "https://box:443/ollama"),
        ("http://box:5/", "http://box:5"),
    ],
)
def test_the_hosts_address(host: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", host)
    assert ollama_url() == url


def test_ollama_is_found_by_its_variable(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", server.url.removeprefix("http://"))
    assert chat_model(ChatOptions(model="ollama:qwen3:4b")).reply(ASKED, Sampling()).text == TEXT
