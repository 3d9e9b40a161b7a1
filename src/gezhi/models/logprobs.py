"""Which models say how likely a text is, and the way from a name to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from gezhi.core.catalogue import say
from gezhi.core.errors import ModelError
from gezhi.core.extras import need
from gezhi.core.names import resolve
from gezhi.core.protocols import LogProbs
from gezhi.models.chat import CHAT_MODELS, ENGINES, ChatOptions

LOGPROBS = {
    "gguf": "gezhi.models.gguf_logprobs:GgufLogProbs",
    "hf": "gezhi.models.hugging_face_logprobs:HuggingFaceLogProbs",
    "modelscope": "gezhi.models.hugging_face_logprobs:HuggingFaceLogProbs",
    "openai": "gezhi.models.openai_logprobs:OpenAILogProbs",
}
"""Scheme of a model's name to `module:attribute`, which is called with the ChatOptions."""

T = TypeVar("T")


def logprobs(options: ChatOptions) -> LogProbs:
    """The model that `options.model` names. Local weights are loaded; services are not asked before the first text.

    Raises:
        ModelError: A service that gives replies but no log-probabilities of texts.
        UnknownName: An unknown scheme, or an unknown installed package; the nearest is offered.
        MissingExtra: The engine is not installed.
        MissingKey: The service wants a key and its variable is not set.
    """
    scheme = options.scheme
    if scheme in CHAT_MODELS and scheme not in LOGPROBS:
        raise ModelError("models.no_logprobs", model=options.model, known=", ".join(f"{name}:" for name in LOGPROBS))
    if scheme in ENGINES:
        module, extra = ENGINES[scheme]
        need(module, extra=extra)
    model: LogProbs = resolve(say("models.kind_logprobs"), scheme, LOGPROBS)(options)
    return model


def shared_start(prompt: Sequence[T], whole: Sequence[T]) -> int:
    """Tokens at the start of `whole`, prompt and continuation together, that are the prompt's alone.

    A token that covers the end of the one and the start of the other differs from the prompt's last, and is the
    continuation's.
    """
    pairs = zip(prompt, whole, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(prompt), len(whole)))
