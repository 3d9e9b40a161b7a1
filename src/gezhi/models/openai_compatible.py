"""Chat models behind an OpenAI-compatible address: hosted ones, and servers of your own (vLLM, LM Studio ...)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from gezhi.core.errors import ModelRefused
from gezhi.core.types import Delta, Message, Reply, Sampling
from gezhi.models.chat import DEFAULT_CONTEXT, ChatOptions
from gezhi.models.completions import Completions, model_entries
from gezhi.models.events import number, table
from gezhi.models.replies import finished, joined
from gezhi.models.service import provider_of, service
from gezhi.models.thinking import Beginning
from gezhi.models.tokens import estimate_tokens, estimate_usage

_LENGTHS = ("max_model_len", "context_length", "context_window", "max_context_length", "n_ctx")


class OpenAICompatible:
    """A model of a provider, or of a server at `base_url`.

    The key of `openai:` goes to OpenAI only: another address gets a key only if `key_env` names one.

    Raises:
        MissingKey: The provider, or the `key_env` that was named, wants a key that is not set.
        BadOptions: `base_url` is not an address.
    """

    def __init__(self, options: ChatOptions) -> None:
        self.name = options.model
        self._options = options
        self._model = options.target
        self._hosted = not options.base_url
        self._service = service(options)
        provider = provider_of(options)
        extras = provider.thinking.get(options.thinking, {})
        self._completions = Completions(self._service, self._model, limit=provider.limit, extras=extras)

    @cached_property
    def context_length(self) -> int:
        """The option, else what a server of one's own says, else 8192. May ask the server: raises ModelError."""
        if self._options.context_length or self._hosted:
            return self._options.context_length or DEFAULT_CONTEXT
        try:
            entries = model_entries(self._service)
        except ModelRefused:
            return DEFAULT_CONTEXT
        return next((_length(entry) for entry in entries if entry.get("id") == self._model), 0) or DEFAULT_CONTEXT

    def reply(self, messages: Sequence[Message], sampling: Sampling) -> Reply:
        """The whole reply. Raises ModelError."""
        return joined(self.stream(messages, sampling), model=self.name)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        """The reply as it is made; closing the iterator closes the connection. Raises ModelError."""
        estimate = partial(estimate_usage, messages)
        begins: Beginning = "likely_thought" if self._options.thinking == "on" else "unknown"
        pieces = self._completions.pieces(messages, sampling)
        return finished(pieces, model=self.name, estimate=estimate, begins=begins)

    def count_tokens(self, text: str) -> int:
        """An estimate, never too low for usual Chinese and English text."""
        return estimate_tokens(text)


def _length(entry: Mapping[str, Any]) -> int:
    told = {**entry, **table(entry.get("meta"))}
    return next((length for name in _LENGTHS if (length := number(told.get(name)))), 0)
