"""Which embedder, and how to reach it: the options of every backend, and the way from a name to an embedder."""

from __future__ import annotations

from dataclasses import dataclass

from gezhi.core.catalogue import say
from gezhi.core.names import resolve
from gezhi.core.protocols import Embedder
from gezhi.models.naming import Named, check_ranges

EMBEDDERS = {
    "e5-small": "gezhi.models.e5_small:e5_small",
    "onnx": "gezhi.models.onnx_embedder:from_folder",
    "hf": "gezhi.models.onnx_embedder:from_hub",
    "modelscope": "gezhi.models.onnx_embedder:from_hub",
    "openai": "gezhi.models.openai_embedder:OpenAIEmbedder",
    "dashscope": "gezhi.models.openai_embedder:OpenAIEmbedder",
}
"""Scheme of a model's name to `module:attribute`, which is called with the EmbedOptions."""


@dataclass(frozen=True, kw_only=True)
class EmbedOptions(Named):
    """The model that turns texts into vectors."""

    model: str = "e5-small"
    """`e5-small` (built in, offline), or `scheme:name`: `onnx:FOLDER` with a sentence-transformers ONNX export,
    `hf:ORG/NAME`, `modelscope:ORG/NAME`, `openai:MODEL`, `dashscope:MODEL`."""
    batch: int = 16
    """Most texts that a model or a service is given at once. Vectors do not depend on it."""
    threads: int = 0
    """Threads of a local model. 0: one a usable core."""
    query_prompt: str | None = None
    """Set before questions. Not given: what the model's own files say, and nothing for a service."""
    passage_prompt: str | None = None
    """Set before passages. Not given: what the model's own files say, and nothing for a service."""
    base_url: str = ""
    """Address of a service, such as `http://localhost:8000/v1`. Empty: the provider's own."""
    key_env: str = ""
    """Name of the environment variable that holds the key. Empty: the provider's usual one, and none for `openai:` at
    a `base_url` of your own."""
    dimensions: int = 0
    """Length of the vectors that a service is asked for. 0: the model's own."""
    timeout: float = 60.0
    """Seconds to wait for a service."""
    retries: int = 4
    """How often a failed request is repeated."""

    def __post_init__(self) -> None:
        check_ranges(
            self, batch=(1, 4096), threads=(0, 1024), dimensions=(0, 65536), timeout=(0.001, 86400), retries=(0, 10)
        )


def embedder(options: EmbedOptions) -> Embedder:
    """The embedder that `options.model` names. Local weights are loaded, and converted or fetched first if need be.

    A blank text (empty, or nothing but white space) gets the zero vector from every backend: it is similar to nothing.
    A text longer than the model reads is cut at its end.

    Raises:
        UnknownName: An unknown scheme; the nearest is offered.
        MissingKey: The provider wants a key and its variable is not set.
        ModelError, NotFound: The weights are missing, incomplete or damaged.
    """
    backend = resolve(say("models.kind_embedder"), options.scheme, EMBEDDERS)
    made: Embedder = backend(options)
    return made
