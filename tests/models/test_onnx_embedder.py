from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gezhi.core.errors import ModelError
from gezhi.core.protocols import Embedder
from gezhi.models import EmbedOptions, embedder
from models.tiny_export import WIDTH, hidden, save_tiny_export

TEXTS = ["产品的保修期是两年", "a", "bcd efg", "保修", "warranty 24 months", "zz"]


def tiny(folder: Path, changes: dict[str, Any] | None = None, **options: Any) -> Embedder:
    save_tiny_export(folder, **(changes or {}))
    return embedder(EmbedOptions(model=f"onnx:{folder}", **{"threads": 1, **options}))


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled: NDArray[np.float32] = vector / np.linalg.norm(vector)
    return scaled


def pooling(mode: str, **more: Any) -> dict[str, Any]:
    return {"1_Pooling/config.json": {"pooling_mode": mode, **more}}


@pytest.mark.parametrize("batch", [1, 2, 16])
def test_prompts_pooling_and_length_one(tmp_path: Path, batch: int) -> None:
    model = tiny(tmp_path / "tiny", batch=batch)
    assert model.dim == WIDTH
    for embed, prompt in ((model.embed_queries, "q: "), (model.embed_passages, "d: ")):
        wanted = [unit(hidden(prompt + text).mean(axis=0)) for text in TEXTS]
        assert embed(TEXTS) == pytest.approx(np.array(wanted), abs=1e-5)


@pytest.mark.parametrize(("mode", "row"), [("cls", 0), ("lasttoken", -1)])
def test_poolings_of_one_token_are_not_led_astray_by_padding(tmp_path: Path, mode: str, row: int) -> None:
    found = tiny(tmp_path / "tiny", pooling(mode)).embed_passages(TEXTS)
    assert found == pytest.approx(np.array([unit(hidden("d: " + text)[row]) for text in TEXTS]), abs=1e-5)


def test_a_prompt_that_is_not_pooled(tmp_path: Path) -> None:
    found = tiny(tmp_path / "tiny", pooling("mean", include_prompt=False)).embed_passages(TEXTS)
    # Left out: [CLS] and the three characters of the prompt.
    assert found == pytest.approx(np.array([unit(hidden("d: " + text)[4:].mean(axis=0)) for text in TEXTS]), abs=1e-5)


def test_an_output_that_is_pooled_already(tmp_path: Path) -> None:
    found = tiny(tmp_path / "tiny", {"graph": {"output": "sentence_embedding"}}).embed_passages(TEXTS)
    wanted = [unit(hidden("d: " + text).mean(axis=0)) for text in TEXTS]
    assert found == pytest.approx(np.array(wanted), abs=1e-5)


def test_without_a_mask_only_texts_of_one_length_stand_together(tmp_path: Path) -> None:
    found = tiny(tmp_path / "tiny", {"graph": {"inputs": ("input_ids",)}}).embed_passages(TEXTS)
    wanted = [unit(hidden("d: " + text).mean(axis=0)) for text in TEXTS]
    assert found == pytest.approx(np.array(wanted), abs=1e-5)


def test_threads_change_nothing(tmp_path: Path) -> None:
    texts = [f"{number} {text}" for number in range(40) for text in TEXTS]
    alone = tiny(tmp_path / "a", batch=3).embed_passages(texts)
    together = tiny(tmp_path / "b", batch=3, threads=4).embed_passages(texts)
    assert (alone == together).all()


def test_what_is_too_long_is_cut_behind(tmp_path: Path) -> None:
    model = tiny(tmp_path / "tiny")
    longest = "a" * (32 - 2 - len("d: "))
    assert model.embed_passages([longest + "b" * 500]) == pytest.approx(model.embed_passages([longest]), abs=1e-6)
    assert model.embed_passages([longest[1:] + "b"]) != pytest.approx(model.embed_passages([longest]), abs=1e-3)


def test_a_graph_that_is_damaged(tmp_path: Path) -> None:
    folder = save_tiny_export(tmp_path / "tiny")
    (folder / "onnx" / "model.onnx").write_bytes(b"<html>")
    with pytest.raises(ModelError, match=r"model\.onnx cannot be read"):
        embedder(EmbedOptions(model=f"onnx:{folder}"))


@pytest.mark.parametrize("content", ["", "{}", json.dumps({"model": {"type": "Oracle"}})])
def test_a_tokenizer_that_is_damaged(tmp_path: Path, content: str) -> None:
    with pytest.raises(ModelError, match=r"tokenizer\.json cannot be read"):
        tiny(tmp_path / "tiny", {"tokenizer.json": content})
