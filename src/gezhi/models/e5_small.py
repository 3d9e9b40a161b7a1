"""The built-in embedder: multilingual-e5-small from the data folder, run like any other export."""

from __future__ import annotations

from gezhi.models.e5_files import name_of, ready_export
from gezhi.models.embedding import EmbedOptions
from gezhi.models.export import described
from gezhi.models.onnx_embedder import OnnxEmbedder


def e5_small(options: EmbedOptions) -> OnnxEmbedder:
    """The built-in model, converted first where that has not been done. Raises ModelError."""
    return OnnxEmbedder(described(options, ready_export(), name_of(options)), options)
