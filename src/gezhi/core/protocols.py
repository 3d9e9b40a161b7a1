"""What a backend must offer. One to three methods each; plain classes satisfy them without inheriting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from gezhi.core.types import Delta, Message, Passage, Reply, Sampling

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[np.float32]


@runtime_checkable
class ChatModel(Protocol):
    """A model that continues a conversation."""

    name: str
    context_length: int
    """Tokens that prompt and reply may have together."""

    def reply(self, messages: Sequence[Message], sampling: Sampling) -> Reply:
        """Whole reply. Raises ModelError."""
        ...

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        """The reply as it is made. Raises ModelError, also after the first pieces."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` in the model's own vocabulary, or an estimate that is never too low."""
        ...


@runtime_checkable
class LogProbs(Protocol):
    """A language model that says how likely a text is."""

    name: str
    start: str
    """What stands before a text that has no prompt: the model's own mark of beginnings or ends, or a line end."""

    def score(self, prompt: str, continuation: str) -> Sequence[float]:
        """Natural logarithms of the probabilities of the continuation's tokens, each given all text before it.

        A token counts as the continuation's from the first that covers a character of it. Raises ModelError.
        """
        ...


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into unit vectors; questions and passages may be treated differently."""

    name: str
    """Identifies the vectors: model, precision, pooling. Vectors of embedders with one name may be mixed."""
    dim: int

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """float32 unit vectors, shape (len(texts), dim)."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """float32 unit vectors, shape (len(texts), dim)."""
        ...


@runtime_checkable
class Retriever(Protocol):
    """Finds passages for a question."""

    def search(self, question: str, k: int, where: str | None = None) -> list[Passage]:
        """At most `k` passages, best first; `where` is a filter such as `source:*.pdf AND year>=2024`."""
        ...
