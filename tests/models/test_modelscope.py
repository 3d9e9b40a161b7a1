from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gezhi.core.errors import ModelError
from gezhi.core.paths import models_folder
from gezhi.models import EmbedOptions, embedder, embedder_state
from gezhi.models.hub import model_folder
from gezhi.models.modelscope import cached, fetched
from models.hub_server import HubServer, hub_server
from models.tiny_export import save_tiny_export

ALL = ["*"]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A hub, and a data folder that shares nothing with other tests."""
    monkeypatch.setenv("GEZHI_HOME", str(tmp_path / "home"))
    with hub_server(save_tiny_export(tmp_path / "tiny")) as server:
        monkeypatch.setenv("MODELSCOPE_ENDPOINT", server.url)
        yield server


def test_what_was_fetched_is_used_without_a_network(hub: HubServer) -> None:
    folder = fetched("org/tiny", ALL)
    got = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert got == {file.relative_to(hub.folder): file.read_bytes() for file in hub.files()}
    hub.requests.clear()
    assert fetched("org/tiny", ["*"]) == cached("org/tiny", ALL) == folder
    assert hub.requests == []


def test_only_what_is_wanted_is_fetched(hub: HubServer) -> None:
    folder = fetched("org/tiny", ["1_Pooling/*"])
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["config.json"]
    assert cached("org/tiny", ALL) is None
    assert (fetched("org/tiny", ALL) / "modules.json").is_file()
    # What was there was not fetched twice.
    assert sum("1_Pooling" in request for request in hub.requests) == 1


def test_an_embedder_by_its_name(hub: HubServer) -> None:
    options = EmbedOptions(model="modelscope:org/tiny", threads=1)
    assert "its first use fetches" in embedder_state(options).note
    model = embedder(options)
    assert model.name.startswith("modelscope:org/tiny#")
    assert embedder_state(options).name == model.name
    local = embedder(EmbedOptions(model=f"onnx:{hub.folder}", threads=1))
    assert (model.embed_queries(["ab"]) == local.embed_queries(["ab"])).all()


def test_a_file_that_arrives_damaged_is_not_kept(hub: HubServer) -> None:
    hub.damaged = "onnx/model.onnx"
    with pytest.raises(ModelError, match=r"cannot be fetched \(onnx/model.onnx: SHA-256\)"):
        model_folder("modelscope", "org/tiny", files=ALL)
    assert not (models_folder() / "modelscope" / "org" / "tiny" / "onnx" / "model.onnx").exists()
    hub.damaged = ""
    assert (model_folder("modelscope", "org/tiny", files=ALL) / "onnx" / "model.onnx").is_file()


def test_a_lost_file_is_fetched_again(hub: HubServer) -> None:
    folder = fetched("org/tiny", ALL)
    (folder / "modules.json").unlink()
    assert cached("org/tiny", ALL) is None
    assert (fetched("org/tiny", ALL) / "modules.json").is_file()


def test_a_server_cannot_choose_where_files_are_written(hub: HubServer, tmp_path: Path) -> None:
    hub.outside = True
    fetched("org/tiny", ALL)
    assert not list(tmp_path.rglob("stolen.json"))


@pytest.mark.parametrize("target", ["org/other", "tiny", "a/b/c", "../x", "org/.."])
def test_models_that_are_not_there(hub: HubServer, target: str) -> None:
    with pytest.raises(ModelError, match=r"cannot be fetched|there is no model folder"):
        model_folder("modelscope", target, files=ALL)


def test_patterns_that_nothing_matches(hub: HubServer) -> None:
    with pytest.raises(ModelError, match=r"cannot be fetched \(\*\.gguf\)"):
        model_folder("modelscope", "org/tiny", files=["*.gguf"])


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "not an address", "http://[broken"])
def test_no_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str) -> None:
    monkeypatch.setenv("GEZHI_HOME", str(tmp_path))
    monkeypatch.setenv("MODELSCOPE_ENDPOINT", address)
    with pytest.raises(ModelError, match="cannot be fetched"):
        model_folder("modelscope", "org/tiny", files=ALL)
