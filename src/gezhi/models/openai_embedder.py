"""Embedders behind an OpenAI-compatible address: hosted ones, and servers of your own (vLLM, Ollama, TEI ...)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from gezhi.core.errors import ModelRefused
from gezhi.models.batches import embedded
from gezhi.models.embedding import EmbedOptions
from gezhi.models.service import service

if TYPE_CHECKING:
    from gezhi.core.protocols import Vectors

AT_ONCE = 4
"""Requests under way at the same time."""
MOST = {"dashscope": 10}
"""Texts a request may have, by provider, where that is fewer than people set."""
UNPROCESSABLE = {400, 422}


class OpenAIEmbedder:
    """A model of a provider, or of a server at `base_url`. Nothing is asked before the first text.

    The key of `openai:` goes to OpenAI only: another address gets a key only if `key_env` names one.

    Raises:
        MissingKey: The provider, or the `key_env` that was named, wants a key that is not set.
        BadOptions: `base_url` is not an address.
    """

    def __init__(self, options: EmbedOptions) -> None:
        self.name = name_of(options)
        self._options = options
        self._service = service(options)
        self._coding = "base64"
        self._workers = ThreadPoolExecutor(AT_ONCE, "embed")

    @cached_property
    def dim(self) -> int:
        """The option, else the length of a vector: then the service is asked once. Raises ModelError."""
        return self._options.dimensions or self._request(["1"]).shape[1]

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim); zeros for a blank text. Raises ModelError."""
        return embedded(texts, self.dim, partial(self._embed, self._options.query_prompt or ""))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dim); zeros for a blank text. Raises ModelError."""
        return embedded(texts, self.dim, partial(self._embed, self._options.passage_prompt or ""))

    def _embed(self, prompt: str, texts: Sequence[str]) -> Vectors:
        size = min(self._options.batch, MOST.get(self._options.scheme, self._options.batch))
        batches = [[prompt + text for text in texts[at : at + size]] for at in range(0, len(texts), size)]
        vectors = np.concatenate(list(self._workers.map(self._request, batches)))
        if vectors.shape[1] != self.dim:
            raise self._strange(f"{vectors.shape[1]} dimensions, not {self.dim}")
        return vectors

    def _request(self, texts: list[str]) -> Vectors:
        """Base64 is a quarter of the bytes; a server that does not know it is asked for numbers, from then on."""
        coding = self._coding
        try:
            reply = self._post(texts, coding)
        except ModelRefused as error:
            if coding == "float" or error.values.get("status") not in UNPROCESSABLE:
                raise
            reply = self._post(texts, "float")
            self._coding = "float"
        return self._vectors(reply, len(texts))

    def _post(self, texts: list[str], coding: str) -> Any:
        sized = {"dimensions": self._options.dimensions} if self._options.dimensions else {}
        body = {"model": self._options.target, "input": texts, "encoding_format": coding, **sized}
        return self._service.post("/embeddings", body)

    def _vectors(self, reply: Any, count: int) -> Vectors:
        try:
            items = sorted(reply["data"], key=lambda item: int(item["index"]))
            vectors = np.stack([_vector(item["embedding"]) for item in items])
        except (TypeError, KeyError, ValueError) as error:
            raise self._strange(f"{type(error).__name__}: {error}") from error
        if [item["index"] for item in items] != list(range(count)):
            raise self._strange(f"{len(items)} != {count}")
        if vectors.ndim != 2 or not np.isfinite(vectors).all():
            raise self._strange("NaN")
        return vectors

    def _strange(self, reason: str) -> ModelRefused:
        return ModelRefused("models.not_json", url=self._service.address.base_url, status=200, reason=reason)


def name_of(options: EmbedOptions) -> str:
    """Of the embedder: all that its vectors depend on, as far as it can be known here."""
    settings = (options.dimensions, options.query_prompt or "", options.passage_prompt or "")
    return options.model if settings == (0, "", "") else f"{options.model}{settings!r}"


def _vector(value: Any) -> Vectors:
    if isinstance(value, str):
        return np.frombuffer(base64.b64decode(value, validate=True), "<f4")
    return np.asarray(value, np.float32)
