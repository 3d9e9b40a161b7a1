from __future__ import annotations

import pytest

from gezhi.core.errors import BadOptions, MissingKey, UnknownName
from gezhi.models import ChatOptions, chat_model


def test_a_name_has_a_scheme_and_a_target() -> None:
    options = ChatOptions(model="ollama:qwen3:4b")
    assert (options.scheme, options.target) == ("ollama", "qwen3:4b")
    assert ChatOptions().model == ""


@pytest.mark.parametrize("model", ["qwen3", "ollama:", ":x"])
def test_a_name_without_a_scheme(model: str) -> None:
    with pytest.raises(BadOptions, match="ollama:qwen3:4b"):
        ChatOptions(model=model)


@pytest.mark.parametrize(
    ("name", "value"),
    [("timeout", 0.0), ("timeout", -1.0), ("retries", -1), ("retries", 11), ("threads", -1), ("context_length", 63)],
)
def test_ranges(name: str, value: float) -> None:
    with pytest.raises(BadOptions, match=name):
        ChatOptions(**{name: value})  # type: ignore[arg-type]


def test_no_model_is_chosen_silently() -> None:
    with pytest.raises(BadOptions, match="gezhi doctor"):
        chat_model(ChatOptions())


@pytest.mark.parametrize(("model", "nearest"), [("opnai:x", "openai"), ("olama:x", "ollama"), ("guff:x", "gguf")])
def test_an_unknown_scheme(model: str, nearest: str) -> None:
    with pytest.raises(UnknownName, match=f"'{nearest}'") as caught:
        chat_model(ChatOptions(model=model))
    assert "deepseek" in str(caught.value)


@pytest.mark.parametrize(
    ("options", "variable"),
    [
        (ChatOptions(model="openai:gpt-5"), "OPENAI_API_KEY"),
        (ChatOptions(model="dashscope:qwen-plus"), "DASHSCOPE_API_KEY"),
        (ChatOptions(model="deepseek:deepseek-v4-flash"), "DEEPSEEK_API_KEY"),
        (ChatOptions(model="openai:x", base_url="http://127.0.0.1:9/v1", key_env="MY_KEY"), "MY_KEY"),
        (ChatOptions(model="ollama:x", key_env="MY_KEY"), "MY_KEY"),
    ],
)
def test_a_missing_key(options: ChatOptions, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, " \n")
    with pytest.raises(MissingKey, match=f"export {variable}="):
        chat_model(options)
