from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto

from gezhi.core.errors import ModelError
from gezhi.models.network import Network
from models.tiny_export import WIDTH, hidden, ids, save_graph

IDS = np.array([ids("ab c")])
ONES = np.ones_like(IDS)


def network(folder: Path, **settings: Any) -> Network:
    save_graph(folder / "model.onnx", **settings)
    return Network(folder / "model.onnx")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"inputs": ("input_ids",)},
        {"inputs": ("input_ids", "attention_mask", "token_type_ids", "position_ids")},
        {"kind": TensorProto.INT32},
        {"output": "token_embeddings"},
    ],
)
def test_graphs_of_different_exporters(tmp_path: Path, settings: dict[str, Any]) -> None:
    assert network(tmp_path, **settings).run(IDS, ONES)[0] == pytest.approx(hidden("ab c"), abs=1e-5)


def test_half_precision_comes_out_as_float32(tmp_path: Path) -> None:
    given = network(tmp_path, precision=TensorProto.FLOAT16).run(IDS, ONES)
    assert given.dtype == np.float32
    assert given[0] == pytest.approx(hidden("ab c"), abs=5e-3)


def test_what_is_pooled_already_goes_first(tmp_path: Path) -> None:
    whole = network(tmp_path, output="sentence_embedding")
    assert whole.output == "sentence_embedding"
    assert whole.run(IDS, ONES).shape == (1, WIDTH)


def test_only_a_graph_with_a_mask_takes_texts_of_different_lengths(tmp_path: Path) -> None:
    assert network(tmp_path).masks
    assert not network(tmp_path, inputs=("input_ids",)).masks


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"inputs": ("input_ids", "pixel_values")}, "pixel_values"),
        ({"kind": TensorProto.FLOAT, "inputs": ("attention_mask", "input_ids")}, "cannot be read|attention_mask"),
        ({"output": "logits"}, "gives logits"),
    ],
)
def test_graphs_of_something_else(tmp_path: Path, settings: dict[str, Any], named: str) -> None:
    with pytest.raises(ModelError, match=named):
        network(tmp_path, **settings)


@pytest.mark.parametrize("content", [b"", b"not a graph", bytes(1000)])
def test_files_that_are_no_graph(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read"):
        Network(tmp_path / "model.onnx")
