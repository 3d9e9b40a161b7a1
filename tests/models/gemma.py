"""The one real model of the tests, loaded once a process: Gemma 3 270M by llama.cpp, on one thread."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gezhi.core.protocols import ChatModel
from gezhi.models import ChatOptions, chat_model
from gezhi.models.gguf_packages import weights


@cache
def gemma_file() -> Path:
    """The weights, in the models folder that all tests share."""
    return weights("gemma3-270m").resolve()


@cache
def gemma() -> ChatModel:
    """The loaded model; its context is short, so that several replies at once fill it."""
    return chat_model(ChatOptions(model=f"gguf:{gemma_file()}", threads=1, context_length=128))
