from __future__ import annotations

from pathlib import Path

import pytest

from gezhi.core.errors import BadOptions
from gezhi.core.options import to_mapping
from gezhi.knowledge import Pipeline, load_pipeline


def test_defaults() -> None:
    assert load_pipeline() == Pipeline()


def test_command_line_beats_file_beats_default(tmp_path: Path) -> None:
    file = tmp_path / "gezhi.toml"
    file.write_text('[retrieval]\nk = 5\n[chat]\nmodel = "ollama:qwen3:4b"\n')
    pipeline = load_pipeline(file, ["retrieval.k=7", "answer.max_sentences=2"])
    assert pipeline.retrieval.k == 7
    assert pipeline.chat.model == "ollama:qwen3:4b"
    assert pipeline.answer.max_sentences == 2
    assert load_pipeline(file).retrieval.k == 5


def test_the_file_in_this_folder_goes_before_the_one_in_the_data_folder(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_home / "gezhi.toml").write_text("[retrieval]\nk = 3\n")
    monkeypatch.chdir(tmp_path)
    assert load_pipeline().retrieval.k == 3
    (tmp_path / "gezhi.toml").write_text("[retrieval]\nk = 4\n")
    assert load_pipeline().retrieval.k == 4


def test_an_unknown_key_names_the_file_and_the_nearest(tmp_path: Path) -> None:
    file = tmp_path / "gezhi.toml"
    file.write_text("[split]\nsise = 300\n")
    with pytest.raises(BadOptions, match=r"gezhi\.toml.*Did you mean 'size'"):
        load_pipeline(file)


def test_the_recipe_changes_with_reading_and_splitting_only() -> None:
    recipe = Pipeline().recipe()
    assert load_pipeline(sets=["split.size=300"]).recipe() != recipe
    assert load_pipeline(sets=["read.ocr=off"]).recipe() != recipe or not _has_ocr()
    assert load_pipeline(sets=["retrieval.k=3", "chat.model=fake:x"]).recipe() == recipe


def test_a_pipeline_goes_through_plain_values() -> None:
    pipeline = load_pipeline(sets=["retrieval.k=9", "read.archive.depth=2"])
    values = to_mapping(pipeline)
    assert values["retrieval"]["k"] == 9
    assert values["read"]["archive"]["depth"] == 2


def _has_ocr() -> bool:
    from gezhi.core.extras import have

    return have("rapidocr")
