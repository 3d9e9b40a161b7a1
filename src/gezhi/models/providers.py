"""Services that speak the OpenAI protocol: their addresses, keys and peculiarities. A new one is a new entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Fields = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Where a service stands, and what is peculiar to it."""

    base_url: str = ""
    key_env: str = ""
    example: str = ""
    """A model it has, for messages."""
    limit: str = "max_tokens"
    """What it calls the most tokens of a reply."""
    thinking: Mapping[str, Fields] = field(default_factory=dict)
    """Fields of the request that turn thinking `on` and `off`."""


PROVIDERS = {
    "openai": Provider(
        base_url="https://api.openai.com/v1",
        key_env="OPENAI_API_KEY",
        example="gpt-5",
        limit="max_completion_tokens",
        thinking={"on": {"reasoning_effort": "medium"}, "off": {"reasoning_effort": "none"}},
    ),
    "dashscope": Provider(
        base_url="https://dashscope.aliyuncs.com/compatible-mode/v1",
        key_env="DASHSCOPE_API_KEY",
        example="qwen-plus",
        thinking={"on": {"enable_thinking": True}, "off": {"enable_thinking": False}},
    ),
    "deepseek": Provider(
        base_url="https://api.deepseek.com",
        key_env="DEEPSEEK_API_KEY",
        example="deepseek-v4-flash",
        thinking={"on": {"thinking": {"type": "enabled"}}, "off": {"thinking": {"type": "disabled"}}},
    ),
}
OWN = Provider(
    thinking={
        "on": {"chat_template_kwargs": {"enable_thinking": True}},
        "off": {"chat_template_kwargs": {"enable_thinking": False}},
    }
)
"""`openai:` at an address of one's own: vLLM, SGLang and llama.cpp hand these arguments to the model's template."""
