"""GGUF weights run inside this process by llama.cpp (xllamacpp): a file, or the name of an installed model package.

The engine is llama.cpp's own server on a loopback port of its choosing, locked with a random key: so replies stream,
several run in one batch, and closing a stream stops the work, by the same protocol as every other server.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import xllamacpp

from gezhi.core.errors import ModelError, ModelRefused, ModelTimeout
from gezhi.core.system import usable_cores
from gezhi.core.types import Delta, Message, Reply, Sampling
from gezhi.models.chat import DEFAULT_CONTEXT, ChatOptions
from gezhi.models.completions import Completions
from gezhi.models.gguf_header import GgufHeader, read_header
from gezhi.models.gguf_packages import weights
from gezhi.models.http import Address, Service
from gezhi.models.replies import finished, joined
from gezhi.models.tokens import PER_MESSAGE, estimate_usage

log = logging.getLogger(__name__)

SLOTS = 4
"""Replies that are made in one batch; they share the context, further ones wait."""
TEMPLATES = {
    "gemma": "{%- set ns = namespace(system='') -%}{%- for m in messages -%}{%- if m.role == 'system' -%}"
    "{%- set ns.system = m.content + '\\n\\n' -%}{%- else -%}"
    "{{- '<start_of_turn>' + ('model' if m.role == 'assistant' else 'user') + '\\n' + ns.system + m.content -}}"
    "{{- '<end_of_turn>\\n' -}}{%- set ns.system = '' -%}{%- endif -%}{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<start_of_turn>model\\n' -}}{%- endif -%}"
}
"""Family to the chat template for files that bring none: the engine would use ChatML, whose marks Gemma lacks."""


class Gguf:
    """A loaded GGUF model. May be used by several threads at once.

    Raises:
        UnknownName: No package of that name is installed.
        ModelError: The file is missing, broken, or does not fit into memory.
    """

    def __init__(self, options: ChatOptions) -> None:
        path = weights(options.target)
        header = read_header(path)
        self.name = options.model
        self.context_length = options.context_length or min(header.context_length or DEFAULT_CONTEXT, DEFAULT_CONTEXT)
        key = secrets.token_urlsafe()
        self._engine = _engine(path, header, _params(options, self.context_length, key))
        url = self._engine.listening_address
        self._service = Service(Address(base_url=url, key=key, timeout=options.timeout, retries=options.retries))
        extras = (
            {}
            if options.thinking == "auto"
            else {"chat_template_kwargs": {"enable_thinking": options.thinking == "on"}}
        )
        self._completions = Completions(self._service, path.name, extras=extras)
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


def _params(options: ChatOptions, context_length: int, key: str) -> xllamacpp.CommonParams:
    params = xllamacpp.CommonParams()
    params.n_ctx, params.n_parallel, params.kv_unified = context_length, SLOTS, True
    # More threads than free cores spin against each other: two on one busy core made a sixth of the tokens of one.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = options.threads or usable_cores()
    params.api_keys = [key]
    params.ui, params.warmup, params.verbosity = False, False, 0
    return params


def _engine(path: Path, header: GgufHeader, params: xllamacpp.CommonParams) -> xllamacpp.Server:
    params.model.path = str(path)
    if not header.chat_template:
        family = next((name for name in TEMPLATES if header.architecture.startswith(name)), "")
        params.chat_template = TEMPLATES.get(family, "")
        log.warning("%s brings no chat template: it may be a base model; %s is used", path.name, family or "ChatML")
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelError("models.gguf_not_loaded", path=path, reason=error) from error


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
