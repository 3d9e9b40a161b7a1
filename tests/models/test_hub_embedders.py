"""The Hugging Face client reads its addresses when it is imported, so each of these runs in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gezhi.models import EmbedOptions, embedder
from models.hub_server import hub_server
from models.tiny_export import save_tiny_export

PROGRAM = """
import sys
from gezhi.core.errors import GezhiError
from gezhi.models import EmbedOptions, embedder, embedder_state

options = EmbedOptions(model=sys.argv[1], threads=1)
try:
    print(embedder_state(options).name)
    model = embedder(options)
    print(model.name)
    print(model.embed_queries(["ab"]).tolist())
    print(embedder_state(options).name)
except GezhiError as error:
    print(error.key, error)
"""


def told(folder: Path, url: str, model: str = "hf:org/tiny", **more: str) -> list[str]:
    settings = {"HF_ENDPOINT": url, "HF_HOME": str(folder / "hf"), "GEZHI_HOME": str(folder / "home"), **more}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, model],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_fetched_once_and_used_without_a_network(tmp_path: Path) -> None:
    local = save_tiny_export(tmp_path / "tiny")
    with hub_server(local) as hub:
        before, name, vectors, after = told(tmp_path, hub.url)
        assert any("resolve" in request for request in hub.requests)
        hub.requests.clear()
        again = told(tmp_path, hub.url)
        assert hub.requests == []
    assert before == "hf:org/tiny"
    assert name.startswith("hf:org/tiny#")
    assert vectors == str(embedder(EmbedOptions(model=f"onnx:{local}")).embed_queries(["ab"]).tolist())
    assert again == [after, name, vectors, after] == [name, name, vectors, name]


def test_a_model_that_is_not_there_and_a_hub_that_is_not(tmp_path: Path) -> None:
    with hub_server(save_tiny_export(tmp_path / "tiny")) as hub:
        missing = told(tmp_path, hub.url, "hf:org/other")
        offline = told(tmp_path, hub.url, HF_HUB_OFFLINE="1")
    unreachable = told(tmp_path, "http://127.0.0.1:1")
    for lines in (missing, offline, unreachable):
        assert lines[1].startswith("models.not_fetched the model hf:org/")
