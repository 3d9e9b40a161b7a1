"""Chat models of an Ollama server, through its own protocol, which tells thoughts, counts and context apart.

The context length is always sent: left to itself, Ollama cuts longer prompts silently at its own default.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlsplit

from gezhi.core.errors import ModelError, ModelRefused, ModelUnreachable
from gezhi.core.names import hint
from gezhi.core.types import Delta, Message, Reply, Sampling, Usage
from gezhi.models.chat import DEFAULT_CONTEXT, ChatOptions, key_from
from gezhi.models.events import number, table
from gezhi.models.http import Address, Service
from gezhi.models.replies import finished, joined
from gezhi.models.tokens import estimate_tokens, estimate_usage

PORT = 11434


class Ollama:
    """A model that an Ollama server has pulled. Raises BadOptions for an address that is none."""

    def __init__(self, options: ChatOptions) -> None:
        self.name = options.model
        self._options = options
        self._model = options.target
        self._service = Service(
            Address(
                base_url=options.base_url.rstrip("/") or ollama_url(),
                key=key_from(options.key_env, wanted_by="Ollama" if options.key_env else ""),
                key_env=options.key_env,
                timeout=options.timeout,
                retries=options.retries,
            )
        )

    @cached_property
    def context_length(self) -> int:
        """The option, else `num_ctx` of the model's own file, else 8192 or less for a smaller model.

        Asks the server once. Raises ModelError.
        """
        if self._options.context_length:
            return self._options.context_length
        shown = self.shown()
        chosen = re.search(r"^num_ctx\s+(\d+)", str(shown.get("parameters") or ""), re.MULTILINE)
        if chosen:
            return int(chosen[1])
        lengths = [v for k, v in table(shown.get("model_info")).items() if k.endswith(".context_length")]
        return min([DEFAULT_CONTEXT, *(length for length in lengths if isinstance(length, int))])

    def reply(self, messages: Sequence[Message], sampling: Sampling) -> Reply:
        """The whole reply. Raises ModelError."""
        return joined(self.stream(messages, sampling), model=self.name)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        """The reply as it is made; closing the iterator closes the connection. Raises ModelError."""
        estimate = partial(estimate_usage, messages)
        return finished(self._pieces(messages, sampling), model=self.name, estimate=estimate)

    def count_tokens(self, text: str) -> int:
        """An estimate, never too low for usual Chinese and English text."""
        return estimate_tokens(text)

    def shown(self) -> dict[str, Any]:
        """What the server says of the model: `model_info`, `parameters`, `license` ... Raises ModelError."""
        try:
            told = self._service.post("/api/show", {"model": self._model})
        except ModelError as error:
            raise self._explained(error) from error
        return table(told)

    def _pieces(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        body = self._body(messages, sampling)
        try:
            with closing(self._service.post_lines("/api/chat", body)) as lines:
                for line in lines:
                    delta = _delta(line, self._service.address.base_url)
                    yield delta
                    if delta.finish_reason:
                        return
        except ModelError as error:
            raise self._explained(error) from error
        raise ModelUnreachable("models.cut", url=self._service.address.base_url, reason="no done")

    def _body(self, messages: Sequence[Message], sampling: Sampling) -> dict[str, Any]:
        options: dict[str, Any] = {
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "num_predict": sampling.max_tokens,
            "num_ctx": self.context_length,
        }
        if sampling.seed is not None:
            options["seed"] = sampling.seed
        if sampling.stop:
            options["stop"] = list(sampling.stop)
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "options": options,
            "stream": True,
        }
        return body if self._options.thinking == "auto" else {**body, "think": self._options.thinking == "on"}

    def _explained(self, error: ModelError) -> ModelError:
        """What to type to Ollama: start it, or pull the model."""
        url = self._service.address.base_url
        if error.key == "models.unreachable":
            return ModelUnreachable("models.ollama_down", url=url, reason=error.values["reason"])
        if not (isinstance(error, ModelRefused) and error.values.get("status") == 404):
            return error
        known = pulled(self._service)
        values = {**error.values, "model": self._model, "hint": hint(self._model, known)}
        return ModelRefused("models.ollama_missing", **values, known=", ".join(known) or "-")


def ollama_url() -> str:
    """Where Ollama listens: `OLLAMA_HOST` as Ollama reads it (`host`, `:port`, `host:port`, a URL), else its port.

    A server that listens on all addresses (0.0.0.0, [::]) is asked on this machine.
    """
    named = os.environ.get("OLLAMA_HOST", "").strip()
    parts = urlsplit(named if "://" in named else f"http://{named}")
    host, default = parts.hostname or "127.0.0.1", PORT
    if "://" in named:
        default = {"http": 80, "https": 443}.get(parts.scheme, PORT)
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"{parts.scheme}://{host}:{parts.port or default}{parts.path.rstrip('/')}"


def pulled(service: Service) -> list[str]:
    """Names of the models that the server has. Raises ModelError."""
    models = table(service.get("/api/tags")).get("models")
    return [str(table(model).get("name")) for model in models] if isinstance(models, list) else []


def _delta(line: Any, url: str) -> Delta:
    message = table(table(line).get("message"))
    if not message and not table(line).get("done"):
        raise ModelRefused("models.not_json", url=url, status=200, reason=str(line)[:200])
    prompt, completion = number(line.get("prompt_eval_count")), number(line.get("eval_count"))
    return Delta(
        text=str(message.get("content") or ""),
        reasoning=str(message.get("thinking") or ""),
        finish_reason=str(line.get("done_reason") or "stop") if line.get("done") else None,
        usage=Usage(prompt_tokens=prompt, completion_tokens=completion) if completion else None,
    )
