"""llama.cpp's own server inside this process (xllamacpp), on a loopback port of its choosing, locked with a random key.

So replies stream, several run in one batch, and closing a stream stops the work, by the same protocol as other servers.
"""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

import xllamacpp

from gezhi.core.errors import ModelError
from gezhi.core.system import usable_cores
from gezhi.models.chat import DEFAULT_CONTEXT, ChatOptions
from gezhi.models.gguf_header import GgufHeader, read_header
from gezhi.models.gguf_packages import weights
from gezhi.models.http import Address, Service

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


class GgufEngine:
    """A loaded GGUF model, which `service` reaches. It ends when the object is gone.

    Raises:
        UnknownName: No package of that name is installed.
        ModelError: The file is missing, broken, or does not fit into memory.
    """

    def __init__(self, options: ChatOptions) -> None:
        self.path = weights(options.target)
        header = read_header(self.path)
        self.context_length = options.context_length or min(header.context_length or DEFAULT_CONTEXT, DEFAULT_CONTEXT)
        key = secrets.token_urlsafe()
        self._server = _server(self.path, header, _params(options, self.context_length, key))
        url = self._server.listening_address
        self.service = Service(Address(base_url=url, key=key, timeout=options.timeout, retries=options.retries))


def _params(options: ChatOptions, context_length: int, key: str) -> xllamacpp.CommonParams:
    params = xllamacpp.CommonParams()
    params.n_ctx, params.n_parallel, params.kv_unified = context_length, SLOTS, True
    # More threads than free cores spin against each other: two on one busy core made a sixth of the tokens of one.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = options.threads or usable_cores()
    params.api_keys = [key]
    params.ui, params.warmup, params.verbosity = False, False, 0
    return params


def _server(path: Path, header: GgufHeader, params: xllamacpp.CommonParams) -> xllamacpp.Server:
    params.model.path = str(path)
    if not header.chat_template:
        family = next((name for name in TEMPLATES if header.architecture.startswith(name)), "")
        params.chat_template = TEMPLATES.get(family, "")
        log.warning("%s brings no chat template: it may be a base model; %s is used", path.name, family or "ChatML")
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelError("models.gguf_not_loaded", path=path, reason=error) from error
