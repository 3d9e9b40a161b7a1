"""An embedder for any sentence-transformers ONNX export in a folder; the built-in model is one too.

Each thread works on batches of its own instead of all on one: nothing waits or spins, and a batch stays in the cache
of its core. Leaves out fetching: see `hub`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from gezhi.core.errors import ModelError
from gezhi.core.system import usable_cores
from gezhi.models.batches import embedded
from gezhi.models.embedding import EmbedOptions
from gezhi.models.export import WANTED, Export, described, named_folder
from gezhi.models.hub import model_folder
from gezhi.models.network import WHOLE, Network
from gezhi.models.pooling import pooled

if TYPE_CHECKING:
    from gezhi.core.protocols import Vectors

TOKENS = 512
"""Most tokens of a batch, padding included, unless one text alone has more: so their activations fit into the cache."""


def from_folder(options: EmbedOptions) -> OnnxEmbedder:
    """The export in the folder that `options.model` names. Raises NotFound, ModelError."""
    return OnnxEmbedder(described(options, named_folder(options)), options)


def from_hub(options: EmbedOptions) -> OnnxEmbedder:
    """The export that a hub has, from its cache if it is there. Raises ModelError."""
    return OnnxEmbedder(described(options, model_folder(options.scheme, options.target, files=WANTED)), options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What the network reads instead of text."""

    encode: Callable[[str], Sequence[int]]
    """Indices for a text, the special ones at its ends included, cut to what the model reads."""
    padding: int = 0
    """Fills up the shorter texts of a batch."""


class OnnxEmbedder:
    """A loaded export. May be used by several threads at once.

    Args:
        tokens: A tokenizer that goes before the export's own.

    Raises:
        ModelError: The graph or the tokenizer cannot be loaded, or is not a text encoder's.
    """

    def __init__(self, export: Export, options: EmbedOptions, tokens: Tokens | None = None) -> None:
        self._export = export
        self._network = Network(export.graph)
        self._tokens = tokens or _tokens(export)
        self._batch, self._threads = self._network.batch or options.batch, options.threads or usable_cores()
        self._workers = ThreadPoolExecutor(self._threads, "embed")
        self.name = export.name
        self.dim = self._embed("", ["1"]).shape[1]

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim); zeros for a blank text. What is too long is cut at the end."""
        return embedded(texts, self.dim, partial(self._embed, self._export.query_prompt))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim); zeros for a blank text. What is too long is cut at the end."""
        return embedded(texts, self.dim, partial(self._embed, self._export.passage_prompt))

    def _embed(self, prompt: str, texts: Sequence[str]) -> Vectors:
        encoded = (self._tokens.encode(prompt + text) for text in texts)
        tokens = [np.array(ids or [self._tokens.padding], np.int64) for ids in encoded]
        batches = list(self._batches([len(ids) for ids in tokens]))
        compute = partial(self._vectors, tokens, self._skipped(prompt))
        # One batch (every question) is computed here and now: waking a thread costs more than it saves.
        results = self._workers.map(compute, batches) if min(len(batches), self._threads) > 1 else map(compute, batches)
        parts = list(results)
        vectors = np.empty((len(texts), parts[0].shape[1]), np.float32)
        vectors[np.concatenate(batches)] = np.concatenate(parts)
        return vectors

    def _batches(self, lengths: Sequence[int]) -> Iterator[list[int]]:
        """Rows of like length together, longest first, so that no thread begins a long batch last."""
        batch: list[int] = []
        for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
            longest = lengths[batch[0]] if batch else 0
            full = len(batch) == self._batch or (len(batch) + 1) * longest > TOKENS
            if batch and (full or (lengths[row] < longest and not self._network.masks)):
                yield batch
                batch = []
            batch.append(row)
        yield batch

    def _vectors(self, tokens: Sequence[NDArray[np.int64]], skipped: int, batch: list[int]) -> NDArray[np.float32]:
        longest = len(tokens[batch[0]])
        ids = np.full((len(batch), longest), self._tokens.padding, np.int64)
        mask = np.zeros_like(ids)
        for place, row in enumerate(batch):
            ids[place, : len(tokens[row])] = tokens[row]
            mask[place, : len(tokens[row])] = 1
        hidden = self._network.run(ids, mask)
        if self._network.output == WHOLE:
            return hidden
        counted = mask.copy()
        counted[:, :skipped] = 0
        # Where nothing is left but the prompt (a text of control characters), that is what is pooled.
        counted = np.where(counted.any(axis=1, keepdims=True), counted, mask)
        return pooled(hidden, counted.astype(np.float32), self._export.poolings)

    def _skipped(self, prompt: str) -> int:
        """Tokens at the front that are not pooled: the prompt's, and the special ones before it."""
        if self._export.prompt_pooled or not prompt:
            return 0
        alone, ends = list(self._tokens.encode(prompt)), list(self._tokens.encode(""))
        while alone and ends and alone[-1] == ends[-1]:
            alone.pop()
            ends.pop()
        return len(alone)


def _tokens(export: Export) -> Tokens:
    try:
        tokenizer = Tokenizer.from_file(str(export.tokenizer))
    except Exception as error:  # tokenizers raises no narrower class
        raise ModelError("models.export_broken", path=export.tokenizer, reason=error) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(export.longest)
    padding = tokenizer.token_to_id(export.padding) if export.padding else None
    return Tokens(encode=lambda text: tokenizer.encode(text).ids, padding=padding or 0)
