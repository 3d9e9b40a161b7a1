"""Which embedder, and how to reach it: the options of every backend, and the way from a name to an embedder."""

from __future__ import annotations

from dataclasses import dataclass

from gezhi.core.catalogue import say
from gezhi.core.errors import BadOptions
from gezhi.core.names import resolve
from gezhi.core.protocols import Embedder

EMBEDDERS = {
    "e5-small": "gezhi.models.e5_small:e5_small",
    "onnx": "gezhi.models.onnx_embedder:from_folder",
}
"""Scheme of a model's name to `module:attribute`, which is called with the EmbedOptions."""


@dataclass(frozen=True, kw_only=True)
class EmbedOptions:
    """The model that turns texts into vectors."""

    model: str = "e5-small"
    """`e5-small` (built in, offline), or `scheme:name`: `onnx:FOLDER` with a sentence-transformers ONNX export,
    `hf:ORG/NAME`, `modelscope:ORG/NAME`, `openai:MODEL`."""
    batch: int = 16
    """Most texts that the model is given at once. Vectors do not depend on it."""
    threads: int = 0
    """Threads of a local model. 0: one a usable core."""

    def __post_init__(self) -> None:
        for name, least, most in (("batch", 1, 4096), ("threads", 0, 1024)):
            value = getattr(self, name)
            if not least <= value <= most:
                raise BadOptions("models.out_of_range", name=name, value=value, least=least, most=most)

    @property
    def scheme(self) -> str:
        """The part of `model` before the first colon: a key of EMBEDDERS."""
        return self.model.partition(":")[0]

    @property
    def target(self) -> str:
        """The part of `model` behind the first colon."""
        return self.model.partition(":")[2]


def embedder(options: EmbedOptions) -> Embedder:
    """The embedder that `options.model` names. Local weights are loaded, and converted first where that is needed.

    A blank text (empty, or nothing but white space) gets the zero vector from every backend: it is similar to nothing.

    Raises:
        UnknownName: An unknown scheme; the nearest is offered.
        ModelError: The weights are missing, incomplete or damaged.
    """
    backend = resolve(say("models.kind_embedder"), options.scheme, EMBEDDERS)
    made: Embedder = backend(options)
    return made
