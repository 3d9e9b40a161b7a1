from __future__ import annotations

import pytest

from gezhi.core.errors import ModelError, UnknownName
from gezhi.models import ChatOptions, logprobs
from gezhi.models.logprobs import shared_start


@pytest.mark.parametrize("model", ["ollama:qwen3:4b", "dashscope:qwen-plus", "deepseek:deepseek-v4-flash", "fake:x"])
def test_a_service_that_gives_none_is_a_clear_no(model: str) -> None:
    with pytest.raises(ModelError, match="no log-probabilities") as caught:
        logprobs(ChatOptions(model=model))
    assert "gguf:" in str(caught.value)


def test_an_unknown_scheme_offers_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'gguf'"):
        logprobs(ChatOptions(model="ggfu:x"))


@pytest.mark.parametrize(
    ("prompt", "whole", "shared"),
    [("ab", "abc", 2), ("", "abc", 0), ("abx", "abcd", 2), ("ab", "ab", 2), ("abc", "a", 1)],
)
def test_what_the_prompt_and_the_whole_share(prompt: str, whole: str, shared: int) -> None:
    assert shared_start(prompt, whole) == shared
