"""An embedder for any sentence-transformers ONNX export in a folder; the built-in model is one too.

Each thread works on batches of its own instead of all on one: nothing waits or spins, and a batch stays in the cache
of its core. Leaves out fetching: see `hub`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
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


class OnnxEmbedder:
    """A loaded export. May be used by several threads at once. Raises ModelError where it cannot be loaded."""

    def __init__(self, export: Export, options: EmbedOptions) -> None:
        self._export = export
        self._network = Network(export.graph)
        self._tokenizer = _tokenizer(export)
        self._padding = self._tokenizer.token_to_id(export.padding) or 0 if export.padding else 0
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
        tokens = [np.array(self._tokenizer.encode(prompt + text).ids, np.int64) for text in texts]
        skipped = 0 if self._export.prompt_pooled else self._prompt_tokens(prompt)
        batches = list(self._batches([len(ids) for ids in tokens]))
        compute = partial(self._vectors, tokens, skipped)
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
        ids = np.full((len(batch), longest), self._padding, np.int64)
        mask = np.zeros_like(ids)
        for place, row in enumerate(batch):
            ids[place, : len(tokens[row])] = tokens[row]
            mask[place, : len(tokens[row])] = 1
        hidden = self._network.run(ids, mask)
        if self._network.output == WHOLE:
            return hidden
        mask[:, :skipped] = 0
        return pooled(hidden, mask.astype(np.float32), self._export.poolings)

    def _prompt_tokens(self, prompt: str) -> int:
        """Tokens before the text: those of the prompt and the special ones in front of it."""
        return sum(1 for word in self._tokenizer.encode(prompt).special_tokens_mask if not word) + 1 if prompt else 0


def _tokenizer(export: Export) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(export.tokenizer))
    except Exception as error:
        raise ModelError("models.export_broken", path=export.tokenizer, reason=error) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(export.longest)
    return tokenizer
