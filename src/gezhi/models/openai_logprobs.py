"""Log-probabilities of texts from a server that echoes the prompt of `/completions` with them: vLLM, SGLang.

OpenAI's own models of today, Ollama and llama.cpp's server do not; a server that ignores `echo` is found out by the
text that it sends back.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gezhi.core.errors import ModelError, ModelRefused
from gezhi.models.chat import ChatOptions
from gezhi.models.events import table
from gezhi.models.logprobs import shared_start
from gezhi.models.service import service

_NOT_TAKEN = frozenset({400, 404, 405, 422, 501})


class OpenAILogProbs:
    """A model of a server of one's own. May be used by several threads at once.

    Raises:
        MissingKey: The `key_env` that was named is not set.
        BadOptions: `base_url` is not an address.
    """

    start = "\n"
    """Servers do not say whether they set a start mark, and the very first token has no log-probability."""

    def __init__(self, options: ChatOptions) -> None:
        self.name = options.model
        self._model = options.target
        self._service = service(options)
        # Several continuations of one prompt come one after another, as choices do.
        self._prompt = lru_cache(maxsize=16)(lambda prompt: self._echoed(prompt)[0])

    def score(self, prompt: str, continuation: str) -> tuple[float, ...]:
        """See LogProbs; the server tokenises. Raises ModelError: also where the server gives no log-probabilities."""
        if not continuation:
            return ()
        before = self._prompt(prompt or self.start)
        tokens, values = self._echoed((prompt or self.start) + continuation)
        scored = values[shared_start(before, tokens) :]
        if not all(isinstance(value, int | float) for value in scored):
            raise self._no_echo("token_logprobs: null")
        return tuple(map(float, scored))

    def _echoed(self, text: str) -> tuple[list[Any], list[Any]]:
        """Tokens of `text` and their log-probabilities, that of the first None."""
        # Not all servers take 0 tokens; the one that is made is cut off again.
        body = {"model": self._model, "prompt": text, "max_tokens": 1, "temperature": 0, "echo": True, "logprobs": 1}
        try:
            answer = table(self._service.post("/completions", body))
        except ModelRefused as refusal:
            if refusal.values.get("status") in _NOT_TAKEN:
                raise self._no_echo(str(refusal.values.get("reason", ""))) from refusal
            raise
        choices = answer.get("choices")
        choice = table(choices[0]) if isinstance(choices, list) and choices else {}
        told = table(choice.get("logprobs"))
        tokens, values = told.get("tokens"), told.get("token_logprobs")
        if not isinstance(tokens, list) or not isinstance(values, list) or len(tokens) != len(values):
            raise self._no_echo("no token_logprobs")
        if not str(choice.get("text", "")).startswith(text):
            raise self._no_echo("echo is ignored")
        made = table(answer.get("usage")).get("completion_tokens", 1)
        return tokens[: len(tokens) - made], values[: len(values) - made]

    def _no_echo(self, reason: str) -> ModelError:
        url = self._service.address.base_url
        return ModelError("models.no_echo", url=url, model=self._model, reason=reason)
