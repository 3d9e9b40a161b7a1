"""Which chat model, and how to reach it: the options of every backend, and the way from a name to a model."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

from gezhi.core.catalogue import say
from gezhi.core.errors import BadOptions, MissingKey
from gezhi.core.extras import need
from gezhi.core.names import resolve
from gezhi.core.protocols import ChatModel
from gezhi.models.naming import Named, check_ranges

CHAT_MODELS = {
    "openai": "gezhi.models.openai_compatible:OpenAICompatible",
    "dashscope": "gezhi.models.openai_compatible:OpenAICompatible",
    "deepseek": "gezhi.models.openai_compatible:OpenAICompatible",
    "ollama": "gezhi.models.ollama:Ollama",
    "gguf": "gezhi.models.gguf:Gguf",
    "hf": "gezhi.models.hugging_face:HuggingFace",
    "modelscope": "gezhi.models.hugging_face:HuggingFace",
    "fake": "gezhi.models.fake:fake_chat",
}
"""Scheme of a model's name to `module:attribute`, which is called with the ChatOptions."""
ENGINES = {"gguf": ("xllamacpp", "local"), "hf": ("transformers", "torch"), "modelscope": ("transformers", "torch")}
"""Scheme to the module it needs and the extra that installs it."""
DEFAULT_CONTEXT = 8192
"""Tokens of context where neither the options nor the model nor its server say: every current model has them."""


@dataclass(frozen=True, kw_only=True)
class ChatOptions(Named):
    """The chat model that writes answers."""

    model: str = ""
    """`scheme:name`, such as `ollama:qwen3:4b`, `dashscope:qwen-plus`, `openai:gpt-5`, `gguf:PATH`, `hf:ORG/NAME`.
    Empty: no model; answers are extracted verbatim from the sources."""
    base_url: str = ""
    """Address of the service, such as `http://localhost:8000/v1`. Empty: the provider's own."""
    key_env: str = ""
    """Name of the environment variable that holds the key. Empty: the provider's usual one, and none for `openai:` at
    a `base_url` of your own."""
    timeout: float = 60.0
    """Seconds to wait for the first piece of a reply, and between pieces."""
    retries: int = 2
    """How often a failed request is repeated, as long as nothing of its reply has been shown."""
    threads: int = 0
    """Threads of a local engine. 0: one a usable core."""
    context_length: int = 0
    """Tokens that prompt and reply may have together. 0: what a server of your own says; 8192, or less for a smaller
    model, where the weights run on this machine (memory grows with it); 8192 for a hosted model."""
    thinking: Literal["auto", "on", "off"] = "auto"
    """Whether a reasoning model thinks before it replies; auto leaves it to the model."""

    def __post_init__(self) -> None:
        if self.model and not all(self.model.partition(":")):
            raise BadOptions("models.no_scheme", model=self.model, known=", ".join(f"{name}:" for name in CHAT_MODELS))
        context = (64 if self.context_length > 0 else 0, 100_000_000)
        check_ranges(self, timeout=(0.001, 86400), retries=(0, 10), threads=(0, 1024), context_length=context)


def chat_model(options: ChatOptions) -> ChatModel:
    """The model that `options.model` names. Local weights are loaded; services are not asked before the first reply.

    Raises:
        UnknownName: An unknown scheme, or an unknown installed package; the nearest is offered.
        MissingKey: The provider wants a key and its variable is not set.
        MissingExtra: The engine is not installed.
        BadOptions: `options.model` is empty: callers ask only where one is configured.
    """
    if not options.model:
        raise BadOptions("models.none_configured")
    if options.scheme in ENGINES:
        module, extra = ENGINES[options.scheme]
        need(module, extra=extra)
    backend = resolve(say("models.kind_chat"), options.scheme, CHAT_MODELS)
    model: ChatModel = backend(options)
    return model


def key_from(variable: str, *, wanted_by: str = "") -> str:
    """The key in the environment variable, without surrounding blanks.

    Args:
        wanted_by: The service, where nothing works without a key: then MissingKey is raised if there is none.
    """
    key = os.environ.get(variable, "").strip() if variable else ""
    if wanted_by and not key:
        raise MissingKey("models.key_not_set", key_env=variable, service=wanted_by)
    return key
