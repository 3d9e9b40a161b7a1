"""GGUF weights run inside this process by llama.cpp (xllamacpp): a file, or the name of an installed model package."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from gezhi.core.errors import ModelRefused, ModelTimeout
from gezhi.core.types import Delta, Message, Reply, Sampling
from gezhi.models.chat import ChatOptions
from gezhi.models.completions import Completions
from gezhi.models.gguf_engine import GgufEngine
from gezhi.models.replies import finished, joined
from gezhi.models.tokens import PER_MESSAGE, estimate_usage


class Gguf:
    """A loaded GGUF model. May be used by several threads at once.

    Raises:
        UnknownName: No package of that name is installed.
        ModelError: The file is missing, broken, or does not fit into memory.
    """

    def __init__(self, options: ChatOptions) -> None:
        self.name = options.model
        self._engine = GgufEngine(options)
        self.context_length = self._engine.context_length
        self._service = self._engine.service
        extras = (
            {}
            if options.thinking == "auto"
            else {"chat_template_kwargs": {"enable_thinking": options.thinking == "on"}}
        )
        self._completions = Completions(self._service, self._engine.path.name, extras=extras)
        self._room = _Room(self.context_length, options.timeout)

    def reply(self, messages: Sequence[Message], sampling: Sampling) -> Reply:
        """The whole reply. Raises ModelError."""
        return joined(self.stream(messages, sampling), model=self.name)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        """The reply as it is made; closing the iterator stops the engine's work on it. Raises ModelError."""
        pieces = self._pieces(messages, sampling)
        return finished(pieces, model=self.name, estimate=partial(estimate_usage, messages))

    def count_tokens(self, text: str) -> int:
        """Exact, without marks that a chat template sets."""
        return len(self._service.post("/tokenize", {"content": text, "add_special": False})["tokens"])

    def _pieces(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        prompt = sum(PER_MESSAGE + self.count_tokens(message.content) for message in messages)
        if prompt >= self.context_length:
            raise ModelRefused("models.too_long", model=self.name, tokens=prompt, most=self.context_length)
        with self._room.taken(min(prompt + sampling.max_tokens, self.context_length)):
            yield from self._completions.pieces(messages, sampling)


class _Room:
    """The context that concurrent replies share: one that may not fit beside the others waits for its turn."""

    def __init__(self, tokens: int, patience: float) -> None:
        self._free, self._patience = tokens, patience
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, tokens: int) -> Iterator[None]:
        with self._changed:
            # Without a limit a thread that opens a second stream before the first is closed would wait for itself.
            if not self._changed.wait_for(lambda: self._free >= tokens, self._patience):
                raise ModelTimeout("models.engine_busy", seconds=self._patience)
            self._free -= tokens
        try:
            yield
        finally:
            with self._changed:
                self._free += tokens
                self._changed.notify_all()
