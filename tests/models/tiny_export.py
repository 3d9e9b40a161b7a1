"""A sentence-transformers ONNX export small enough to reckon by hand: one character a token, seeded vectors.

The network adds to each token's vector the mean over its text, so that a wrong mask or padding shows in every vector.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper, save
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors

WIDTH = 8
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
LETTERS = [*"abcdefghijklmnopqrstuvwxyz0123456789 :", *"产品保修期两年的是"]
TABLE: NDArray[np.float32] = np.random.default_rng(5).standard_normal((len(SPECIAL) + len(LETTERS), WIDTH), np.float32)


def save_tiny_export(folder: Path, **changes: Any) -> Path:
    """Write an export; `changes` are contents of files by name (None: leave the file out), and `graph` settings."""
    (folder / "onnx").mkdir(parents=True)
    (folder / "1_Pooling").mkdir()
    save_graph(folder / "onnx" / "model.onnx", **changes.pop("graph", {}))
    tokenizer().save(str(folder / "tokenizer.json"))
    for name, content in {**FILES, **changes}.items():
        if content is None:
            (folder / name).unlink(missing_ok=True)
        else:
            (folder / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return folder


def module(kind: str, path: str = "") -> dict[str, str]:
    """A line of modules.json."""
    return {"type": f"sentence_transformers.models.{kind}", "path": path}


FILES: dict[str, Any] = {
    "modules.json": [module("Transformer"), module("Pooling", "1_Pooling"), module("Normalize", "2_Normalize")],
    "1_Pooling/config.json": {"word_embedding_dimension": WIDTH, "pooling_mode_mean_tokens": True},
    "config_sentence_transformers.json": {"prompts": {"query": "q: ", "document": "d: "}},
    "sentence_bert_config.json": {"max_seq_length": 32},
    "tokenizer_config.json": {"pad_token": "[PAD]"},
}


def tokenizer() -> Tokenizer:
    """[CLS], the characters, [SEP]."""
    made = Tokenizer(models.WordLevel({token: index for index, token in enumerate(SPECIAL + LETTERS)}, "[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return made


def ids(text: str) -> list[int]:
    """What the tokenizer makes of a text, uncut."""
    known = SPECIAL + LETTERS
    return [2, *(known.index(letter) if letter in known else 1 for letter in text), 3]


def hidden(text: str) -> NDArray[np.float32]:
    """What the network makes of a text, reckoned without it: shape (length, WIDTH)."""
    rows: NDArray[np.float32] = TABLE[ids(text)]
    summed: NDArray[np.float32] = rows + rows.mean(axis=0)
    return summed


def save_graph(
    path: Path,
    *,
    inputs: tuple[str, ...] = ("input_ids", "attention_mask"),
    kind: int = TensorProto.INT64,
    output: str = "last_hidden_state",
    precision: int = TensorProto.FLOAT,
) -> None:
    """Write the graph. For `sentence_embedding` it gives the mean over the text, doubled."""
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["rows"])]
    if "attention_mask" in inputs:
        nodes += [
            helper.make_node("Cast", ["attention_mask"], ["ones"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["ones", "last"], ["mask"]),
            helper.make_node("Mul", ["rows", "mask"], ["kept"]),
            helper.make_node("ReduceSum", ["kept", "middle"], ["sum"], keepdims=1),
            helper.make_node("ReduceSum", ["mask", "middle"], ["count"], keepdims=1),
            helper.make_node("Div", ["sum", "count"], ["mean"]),
        ]
    else:
        nodes.append(helper.make_node("ReduceMean", ["rows", "middle"], ["mean"], keepdims=1))
    whole = output == "sentence_embedding"
    nodes.append(helper.make_node("Add", ["mean" if whole else "rows", "mean"], ["added"]))
    nodes += [helper.make_node("Squeeze", ["added", "middle"], ["flat"])] if whole else []
    nodes.append(helper.make_node("Cast", ["flat" if whole else "added"], [output], to=precision))
    constants = {"table": TABLE, "last": np.array([-1]), "middle": np.array([1])}
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, kind, ["batch", "length"]) for name in inputs],
        [helper.make_tensor_value_info(output, precision, None)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    save(helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 21)]), path)
