from __future__ import annotations

from typing import Any

import pytest

from gezhi.core.errors import MissingKey, ModelError, ModelRefused, ModelUnreachable
from gezhi.core.protocols import LogProbs
from gezhi.models import ChatOptions, logprobs
from models.echo_server import EchoServer, echo_server, logprob, tokens


def _model(server: EchoServer) -> LogProbs:
    return logprobs(ChatOptions(model="openai:base", base_url=server.url, retries=0))


def _expected(prompt: str, continuation: str) -> list[float]:
    whole = tokens(prompt + continuation)
    return [logprob(whole[:i], whole[i]) for i in range(len(tokens(prompt)), len(whole))]


def test_the_continuation_alone_is_scored() -> None:
    with echo_server() as server:
        model = _model(server)
        for prompt, text in [("The capital is", " Paris, Paris"), ("首都是", "北京。")]:
            assert model.score(prompt, text) == pytest.approx(_expected(prompt, text))


def test_a_token_over_the_border_is_the_continuations() -> None:
    with echo_server() as server:
        # "Par" and "is" are one token together.
        assert _model(server).score("It is Par", "is") == pytest.approx([logprob(["It", " is"], " Paris")])


def test_a_text_by_itself_stands_behind_a_line_end() -> None:
    with echo_server() as server:
        model = _model(server)
        assert model.start == "\n"
        assert model.score("", "保修") == pytest.approx(_expected("\n", "保修"))


def test_a_start_mark_of_the_server_is_not_scored() -> None:
    with echo_server(mark=True) as server:
        assert len(_model(server).score("", "保修")) == 2


def test_the_same_prompt_is_asked_once() -> None:
    with echo_server() as server:
        model = _model(server)
        for choice in ("甲", "乙", "丙"):
            model.score("选择：", choice)
        assert [body["prompt"] for body in server.bodies] == ["选择：", "选择：甲", "选择：乙", "选择：丙"]
        assert all(body["echo"] and body["logprobs"] for body in server.bodies)


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ({"echoes": False}, "echo is ignored"),
        ({"gives": False}, "no token_logprobs"),
        ({"holes": True}, "null"),
        ({"status": 400, "reason": "Only no echo is supported"}, "Only no echo is supported"),
        ({"status": 404, "reason": "This is a chat model"}, "This is a chat model"),
    ],
)
def test_a_server_that_gives_none_is_a_clear_no(kind: dict[str, Any], says: str) -> None:
    with echo_server(**kind) as server, pytest.raises(ModelError, match=says) as caught:
        _model(server).score("甲", "乙")
    assert "gguf:PATH" in str(caught.value)


def test_other_failures_stay_what_they_are() -> None:
    with echo_server(status=500, reason="out of memory") as server, pytest.raises(ModelRefused, match="out of memory"):
        _model(server).score("甲", "乙")
    with pytest.raises(ModelUnreachable):
        _model(EchoServer(url="http://127.0.0.1:9/v1")).score("甲", "乙")


def test_a_key_that_was_named_must_be_there() -> None:
    with pytest.raises(MissingKey, match="NO_SUCH_API_KEY"):
        logprobs(ChatOptions(model="openai:base", base_url="http://127.0.0.1:9/v1", key_env="NO_SUCH_API_KEY"))
