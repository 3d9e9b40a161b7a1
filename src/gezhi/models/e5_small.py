"""The built-in embedder: multilingual-e5-small from the data folder, an export like others but for its tokenizer."""

from __future__ import annotations

from gezhi.models.e5_files import name_of, ready_export
from gezhi.models.embedding import EmbedOptions
from gezhi.models.export import described
from gezhi.models.onnx_embedder import OnnxEmbedder, Tokens
from gezhi.models.unigram import load_unigram


def e5_small(options: EmbedOptions) -> OnnxEmbedder:
    """The built-in model, converted first where that has not been done. Raises ModelError."""
    folder = ready_export()
    export = described(options, folder, name_of(options))
    tokenizer = load_unigram(folder, longest=export.longest)
    return OnnxEmbedder(export, options, Tokens(encode=tokenizer.encode))
