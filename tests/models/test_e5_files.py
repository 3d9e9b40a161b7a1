from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gezhi.core.errors import ModelError
from gezhi.models import EmbedOptions
from gezhi.models.e5_files import FORMAT, MANIFEST, export_folder, intact, name_of, ready_export

Harm = Callable[[Path], object]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the converted model; the files are the same on the disk, so replace them, never write into them."""
    return shutil.copytree(ready_export(), tmp_path / "models" / "e5-small", copy_function=os.link)


@pytest.fixture
def lonely_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that shares nothing with other tests."""
    monkeypatch.setenv("GEZHI_HOME", str(tmp_path))
    return tmp_path


def replaced(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    replaced(path, bytes(content))


HARMS: dict[str, Harm] = {
    "a bit": lambda folder: flipped(folder / "onnx" / "model.onnx.data"),
    "cut short": lambda folder: replaced(folder / "pieces.json", b"["),
    "a file lost": lambda folder: (folder / "onnx" / "model.onnx").unlink(),
    "no manifest": lambda folder: (folder / MANIFEST).unlink(),
    "broken manifest": lambda folder: replaced(folder / MANIFEST, b"{"),
    "strange manifest": lambda folder: replaced(folder / MANIFEST, b"[]"),
    "older format": lambda folder: replaced(
        folder / MANIFEST, json.dumps({"format": FORMAT - 1, "sha256": {}}).encode()
    ),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_harm_is_noticed(copy: Path, harm: Harm) -> None:
    assert intact(copy)
    harm(copy)
    assert not intact(copy)


def test_what_is_damaged_is_made_again(copy: Path, lonely_home: Path) -> None:
    replaced(copy / "onnx" / "model.onnx.data", b"")
    left = copy.parent / "e5-small-left" / "export"
    left.mkdir(parents=True)
    assert export_folder() == copy
    assert ready_export() == copy
    assert intact(copy)
    assert sorted(path.name for path in copy.parent.iterdir()) == ["e5-small", "e5-small.lock"]


def test_what_is_whole_is_left_alone(copy: Path, lonely_home: Path) -> None:
    before = copy.stat().st_ino
    ready_export()
    assert copy.stat().st_ino == before
    assert [path.name for path in copy.parent.iterdir()] == ["e5-small"]


def test_two_processes_convert_once(lonely_home: Path) -> None:
    program = "from gezhi.models.e5_files import *; print(ready_export().stat().st_ino)"
    both = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = {process.communicate()[0] for process in both}
    assert [process.returncode for process in both] == [0, 0]
    assert len(told) == 1
    assert intact(export_folder())


def test_a_data_folder_that_cannot_be_written(lonely_home: Path) -> None:
    (lonely_home / "models").write_text("a file in its place")
    with pytest.raises(ModelError, match="name another place with GEZHI_HOME"):
        ready_export()


def test_the_name_is_known_without_the_files() -> None:
    assert name_of(EmbedOptions()) == f"e5-small@{FORMAT}"
    assert name_of(EmbedOptions(query_prompt="q")) != name_of(EmbedOptions())
