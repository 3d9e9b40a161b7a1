from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from gezhi.core.errors import ModelError, NotFound
from gezhi.models import EmbedOptions
from gezhi.models.export import Export, described, named_folder
from models.tiny_export import FILES, module, save_tiny_export


def export(folder: Path, changes: dict[str, Any] | None = None, **options: Any) -> Export:
    save_tiny_export(folder, **(changes or {}))
    return described(EmbedOptions(model=f"onnx:{folder}", **options), folder)


def test_what_a_usual_export_says(tmp_path: Path) -> None:
    found = export(tmp_path / "tiny")
    assert found.graph == tmp_path / "tiny" / "onnx" / "model.onnx"
    assert (found.poolings, found.query_prompt, found.passage_prompt) == (("mean",), "q: ", "d: ")
    assert (found.longest, found.padding, found.prompt_pooled) == (32, "[PAD]", True)


@pytest.mark.parametrize(
    ("config", "poolings"),
    [
        ({"pooling_mode": "cls"}, ("cls",)),
        ({"pooling_mode": ["lasttoken", "max"]}, ("lasttoken", "max")),
        ({"pooling_mode_lasttoken": True, "pooling_mode_mean_tokens": False}, ("lasttoken",)),
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True}, ("cls", "mean")),
    ],
)
def test_poolings_of_old_and_new_exports(tmp_path: Path, config: dict[str, Any], poolings: tuple[str, ...]) -> None:
    assert export(tmp_path / "tiny", {"1_Pooling/config.json": config}).poolings == poolings


@pytest.mark.parametrize("config", [{}, {"pooling_mode": "median"}, {"pooling_mode_mean_tokens": False}])
def test_a_pooling_that_is_not_said_or_not_known(tmp_path: Path, config: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="pooling_mode"):
        export(tmp_path / "tiny", {"1_Pooling/config.json": config})


@pytest.mark.parametrize("name", ["modules.json", "1_Pooling/config.json", "tokenizer.json", "onnx/model.onnx"])
def test_a_part_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match=f"{name}.* is missing"):
        export(tmp_path / "tiny", {name: None})


@pytest.mark.parametrize("name", [name for name in FILES if name != "tokenizer.json"])
def test_a_broken_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match=f"{Path(name).name} cannot be read"):
        export(tmp_path / "tiny", {name: '{"modules'})


def test_a_step_that_the_graph_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="the step Dense"):
        export(tmp_path / "tiny", {"modules.json": [*FILES["modules.json"], module("Dense", "3_Dense")]})


def test_an_export_without_pooling(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"modules.json: Pooling is missing"):
        export(tmp_path / "tiny", {"modules.json": [module("Transformer")]})


def test_vectors_whose_length_counts_are_refused(tmp_path: Path) -> None:
    said = {"prompts": {}, "similarity_fn_name": "dot"}
    plain = {"modules.json": FILES["modules.json"][:2]}
    with pytest.raises(ModelError, match="compares vectors by 'dot'"):
        export(tmp_path / "a", {**plain, "config_sentence_transformers.json": said})
    # Once they are scaled to one length, dot product and cosine are the same.
    assert export(tmp_path / "b", {"config_sentence_transformers.json": said}).query_prompt == ""


@pytest.mark.parametrize(
    ("said", "query", "passage"),
    [
        ({"prompts": {"query": "Q", "passage": "P"}}, "Q", "P"),
        ({"prompts": {"query": "Q", "passage": "P", "document": "D"}}, "Q", "D"),
        ({"prompts": {"query": "Q"}}, "Q", ""),
        ({"prompts": {}}, "", ""),
        ({"prompts": {"query": None, "document": None}}, "", ""),
        ({"prompts": {"sts": "S"}, "default_prompt_name": "sts"}, "S", "S"),
    ],
)
def test_prompts(tmp_path: Path, said: dict[str, Any], query: str, passage: str) -> None:
    found = export(tmp_path / "tiny", {"config_sentence_transformers.json": said})
    assert (found.query_prompt, found.passage_prompt) == (query, passage)


@pytest.mark.parametrize("said", [None, {"__version__": {"sentence_transformers": "2.0.0"}}])
def test_prompts_that_are_not_said_must_be_given(tmp_path: Path, said: Any) -> None:
    changes = {"config_sentence_transformers.json": said}
    with pytest.raises(ModelError, match=r"--set embed.query_prompt="):
        export(tmp_path / "a", changes)
    found = export(tmp_path / "b", changes, query_prompt="query: ", passage_prompt="")
    assert (found.query_prompt, found.passage_prompt) == ("query: ", "")


@pytest.mark.parametrize(
    ("changes", "longest"),
    [
        ({"tokenizer_config.json": {"model_max_length": 64}}, 32),
        ({"sentence_bert_config.json": None, "tokenizer_config.json": {"model_max_length": 64}}, 64),
        ({"sentence_bert_config.json": {"max_seq_length": None}, "tokenizer_config.json": {"model_max_length": 10**30},
          "config.json": {"max_position_embeddings": 128}}, 128),
    ],
)  # fmt: skip
def test_where_the_longest_text_is_said(tmp_path: Path, changes: dict[str, Any], longest: int) -> None:
    assert export(tmp_path / "tiny", changes).longest == longest


def test_a_length_that_nothing_says(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="max_seq_length is missing"):
        export(tmp_path / "tiny", {"sentence_bert_config.json": None})


@pytest.mark.parametrize("place", ["model.onnx", "onnx/model_quantized.onnx", "model_quantized.onnx"])
def test_places_of_the_graph(tmp_path: Path, place: str) -> None:
    folder = save_tiny_export(tmp_path / "tiny")
    (folder / "onnx" / "model.onnx").rename(folder / place)
    assert described(EmbedOptions(model=f"onnx:{folder}"), folder).graph == folder / place


def test_a_name_tells_models_apart_and_not_places(tmp_path: Path) -> None:
    first = export(tmp_path / "tiny").name
    assert first.startswith("onnx:tiny#")
    copied = shutil.copytree(tmp_path / "tiny", tmp_path / "elsewhere" / "tiny")
    assert described(EmbedOptions(model=f"onnx:{copied}"), copied).name == first
    with (copied / "onnx" / "model.onnx").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x7f")
    assert described(EmbedOptions(model=f"onnx:{copied}"), copied).name != first
    prompted = EmbedOptions(model=f"onnx:{tmp_path / 'tiny'}", query_prompt="other: ")
    assert described(prompted, tmp_path / "tiny").name != first


@pytest.mark.parametrize("model", ["onnx:", "onnx:/no/such/folder"])
def test_no_such_folder(model: str) -> None:
    with pytest.raises(NotFound, match="Write onnx:FOLDER"):
        named_folder(EmbedOptions(model=model))
